"""The projector killed a hundred times while 100,000 events arrive: nothing lost, nothing counted twice.

Two writers, three connections each, write to the same dossiers in transactions that commit out of order. The projector
is killed (SIGKILL) at moments spread evenly over the events, wherever it happens to be. In the end every event must be
counted once, every dossier must be what its log says, and folding the log from zero must give the same tables.
"""

import hashlib
import multiprocessing
import os
import random
import signal
import tempfile
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from motcua.kernel.time import VIETNAM, Period

SIZES = {"full": (100_000, 100), "small": (3_000, 10)}
"""Events and kills."""
WRITERS, THREADS = 2, 3
NOW = datetime(2026, 3, 31, 23, tzinfo=VIETNAM)
_CHOICES = (
    ("DossierTaken", {"assignee": "cb-1", "state": 4}),
    ("SupplementRequested", {"number": 1, "state": 5}),
    ("SupplementReceived", {"number": 1, "has_component_file": True, "state": 4}),
    ("FeeRecorded", {"amount": 50_000, "place": "portal"}),
    ("DossierResolved", {"has_file": True, "state": 9}),
    ("ResultHandedOver", {"state": 10}),
)


def run(*, size: str = "full") -> None:
    """Do it once and print what was found.

    Raises:
        SystemExit: something was lost, counted twice, or differs.
    """
    events, kills = SIZES[size]
    with tempfile.TemporaryDirectory(prefix="motcua-chaos-") as home:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_in_own_process, args=(home, events, kills))
        process.start()
        process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def _prepare(home: str) -> None:
    os.environ["MOTCUA_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.config.settings"
    import django

    django.setup()


def _in_own_process(home: str, events: int, kills: int) -> None:
    Path(home).mkdir(parents=True, exist_ok=True)
    _prepare(home)
    from django.core.management import call_command
    from django.db import connections

    from benchmarks import live_data

    call_command("migrate", verbosity=0)
    live_data.catalogue(NOW - timedelta(days=90))
    connections.close_all()
    context = multiprocessing.get_context("fork")
    killed, written = context.Value("i", 0), context.Value("i", 0)
    writers = [
        context.Process(target=_write, args=(number, events // WRITERS, kills, killed, written))
        for number in range(WRITERS)
    ]
    started = time.perf_counter()
    for writer in writers:
        writer.start()
    chance, at_work = random.Random(3), 0
    while killed.value < kills:
        projector = context.Process(target=_project_for_ever)
        projector.start()
        time.sleep(0.05 + chance.random() * 0.3)
        # The next share of the events is being written, so that kills are spread over all of them.
        while written.value < events * killed.value // kills and all(writer.is_alive() for writer in writers):
            time.sleep(0.005)
        assert projector.pid is not None
        os.kill(projector.pid, signal.SIGKILL)
        projector.join()
        at_work += written.value < events
        killed.value += 1
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0, "a writer failed"
    seconds = time.perf_counter() - started
    print(f"\n{kills} kills ({at_work} while events still arrived), {written.value:,} events in {seconds:.0f} s")
    _judge()


def _write(number: int, events: int, kills: int, killed: Any, written: Any) -> None:
    threads = [
        threading.Thread(target=_write_on_a_connection, args=(number * THREADS + one, share, kills, killed, written))
        for one, share in enumerate(_shares(events))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _shares(events: int) -> list[int]:
    return [events // THREADS + (one < events % THREADS) for one in range(THREADS)]


def _write_on_a_connection(number: int, events: int, kills: int, killed: Any, written: Any) -> None:
    from django.db import connection, transaction

    from motcua.eventlog import log

    chance, done = random.Random(number), 0
    whole = events * WRITERS * THREADS
    while done < events:
        # Not more than one kill ahead: the events last as long as the kills.
        while written.value > whole * (killed.value + 1) // kills and killed.value < kills:
            time.sleep(0.002)
        with transaction.atomic():
            # One dossier a transaction, of the same few thousand as the other writers': they wait for each other.
            code = f"H99-{chance.randrange(whole // 6):06d}"
            share = min(events - done, chance.randrange(1, 6))
            for kind, content in _lines(chance, share):
                moment = NOW - timedelta(minutes=chance.randrange(60 * 24 * 60))
                log.record(stream="dossier", subject=code, kind=kind, at=moment, by="cb", content=content)
            if chance.random() < 0.2:
                time.sleep(chance.random() * 0.03)  # others with later numbers commit meanwhile
        done += share
        with written.get_lock():
            written.value += share
    connection.close()


def _lines(chance: random.Random, count: int) -> list[tuple[str, dict[str, Any]]]:
    from benchmarks import live_data

    received = ("DossierReceived", live_data.received_content(chance.randrange(10_000), NOW - timedelta(days=30)))
    return [received if chance.random() < 0.3 else chance.choice(_CHOICES) for _ in range(count)]


def _project_for_ever() -> None:
    from motcua.live import projector, scoring

    options = scoring.options(now=NOW)
    while True:
        if not projector.project(options=options, at=NOW, limit=200):
            time.sleep(0.002)


def _judge() -> None:
    from django.db import connection

    from motcua.eventlog.models import LoggedEvent
    from motcua.live import models, projector, proof, scoring

    options, clock = scoring.options(now=NOW), scoring.clock(NOW.date())
    while projector.project(options=options, at=NOW):
        pass
    logged, counted = LoggedEvent.objects.count(), models.Progress.objects.get().events
    with connection.cursor() as database:
        database.execute("SELECT count(DISTINCT subject) FROM eventlog_loggedevent WHERE stream = 'dossier'")
        subjects = database.fetchone()[0]
        database.execute(
            "SELECT count(*) FROM (SELECT transaction, max(position) OVER (ORDER BY transaction, position) AS highest,"
            " position FROM eventlog_loggedevent) AS told WHERE position < highest"
        )
        out_of_order = database.fetchone()[0]
    rows = models.LiveDossier.objects.count()
    differences = [
        one
        for period in (Period.month(2026, 3), Period.month(2026, 2), Period.year(2026))
        for one in proof.prove_everything(period=period, now=NOW, options=options, clock=clock).differences
    ]
    kept = _digests()
    projector.rebuild(options=options, at=NOW)
    again = _digests()
    print(f"{out_of_order:,} events stand behind one with a higher number: their transactions committed out of order")
    print(f"events logged {logged:,}, counted {counted:,}: {logged - counted} lost, {max(0, counted - logged)} twice")
    print(f"dossiers in the log {subjects:,}, kept {rows:,}; differences found by the proof: {len(differences)}")
    print(f"tables after folding from zero: {'the same' if kept == again else 'OTHERS'} ({', '.join(sorted(kept))})")
    if logged != counted or subjects != rows or differences or kept != again:
        for one in differences[:10]:
            print(one)
        print([name for name in kept if kept[name] != again[name]])
        raise SystemExit(1)


_TABLES = {
    "live_liveday": "TRUE", "live_liveended": "TRUE", "live_livecarried": "TRUE", "live_liveshown": "TRUE",
    "live_livedossier": "TRUE", "live_livesubject": "TRUE",
    # A month from which all was taken back keeps an empty row, which folding from zero does not make.
    "live_livemonth": "dossiers <> 0",
}  # fmt: skip
"""The tables of the figures, and which of their rows count something."""


def _digests() -> dict[str, str]:
    """Return a digest of each table of the figures, without the number of the batch that changed a row."""
    from django.db import connection

    found = {}
    for table, condition in _TABLES.items():
        with connection.cursor() as database:
            database.execute(f"SELECT (to_jsonb(t) - 'shown_in')::text FROM {table} t WHERE {condition} ORDER BY 1")
            lines = "\n".join(line for (line,) in database.fetchall())
        found[table] = hashlib.sha256(lines.encode()).hexdigest()
    return found


if __name__ == "__main__":
    run()
