"""The live index in PostgreSQL with one year kept and with five: how fast it answers, and how soon an event shows.

Each size has a PostgreSQL of its own, as ``./run demo`` would start it. Its log is written by ``live_data``, the
figures are folded from it as ``motcua live rebuild`` does, and every question is asked as a page asks it, each score
counted anew. The rivals are plain SQL on a flat table of facts with indexes of its own; they answer less (what was
received: nothing carried over, no procedures, no points). On a busy machine compare processor time: mean milliseconds
of a call, the database's process included.
"""

import contextlib
import multiprocessing
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from motcua.kernel.time import VIETNAM, Period

SIZES = {"full": ((1_300_000, 1), (6_500_000, 5)), "small": ((20_000, 1), (100_000, 5))}
"""Dossiers and years: as many a year, so that what differs is the years kept."""
ASKED = 60
EVENTS_A_SECOND = 50
WRITERS = 2
SECONDS = {"full": 60.0, "small": 8.0}
AIMS = {
    "dashboard, current year": 150.0,
    "dashboard, current month": 150.0,
    "any period of any unit": 100.0,
    "first 50 losing, province": 100.0,
    "first 50 losing, any unit": 100.0,
}
_FLAT = """
CREATE UNLOGGED TABLE bench_fact AS SELECT code, unit_code, procedure_code, lower(days) AS received_on,
    upper(days) - 1 AS ended_on, open_due_at, flags & 8192 <> 0 AS is_late,
    {flags} FROM live_livedossier WHERE days IS NOT NULL;
CREATE INDEX ON bench_fact (received_on);
CREATE INDEX ON bench_fact (unit_code, received_on);
CREATE INDEX ON bench_fact (received_on, code) WHERE is_late;
"""


def run(*, size: str = "full", sizes: Sequence[tuple[int, int]] = (), home: Path | None = None) -> None:
    """Measure each size and print the tables; ``home`` keeps (and uses again) what was written."""
    found: dict[str, Mapping[str, Any]] = {}
    for dossiers, years in sizes or SIZES[size]:
        with contextlib.ExitStack() as stack:
            folder = home / f"{dossiers}-{years}" if home else None
            if folder is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="motcua-bench-")))
            found[f"{dossiers:,} / {years} y"] = _measure(dossiers, years, folder, seconds=SECONDS[size])
    _show(found)


def _measure(dossiers: int, years: int, home: Path, *, seconds: float) -> Mapping[str, Any]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_in_own_process, args=(dossiers, years, str(home), seconds, theirs))
    process.start()
    theirs.close()
    try:
        row: Mapping[str, Any] = ours.recv()
    except EOFError:
        raise SystemExit("the measurement failed; see above") from None
    process.join()
    return row


def _prepare(home: str) -> None:
    os.environ["MOTCUA_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.config.settings"
    import django

    django.setup()


def _in_own_process(dossiers: int, years: int, home: str, seconds: float, answer: Any) -> None:
    Path(home).mkdir(parents=True, exist_ok=True)
    _prepare(home)
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    now = datetime.now(VIETNAM)
    row: dict[str, Any] = {}
    _fill(row, dossiers=dossiers, years=years, now=now)
    _rebuild(row, now=now)
    row |= _questions(now, years=years)
    row |= _rivals(now, years=years)
    row |= _proof(now)
    connection.close()
    row |= _latency(home, seconds=seconds)
    answer.send(row)


def _note(text: str) -> None:
    print(f"  {datetime.now(VIETNAM):%H:%M:%S} {text}", file=sys.stderr, flush=True)


def _fill(row: dict[str, Any], *, dossiers: int, years: int, now: datetime) -> None:
    from benchmarks import live_data
    from motcua.eventlog import models

    if not models.LoggedEvent.objects.exists():
        _note(f"writing the log of {dossiers:,} dossiers")
        started = time.perf_counter()
        live_data.fill(dossiers=dossiers, years=years, now=now)
        row["log written in s"] = time.perf_counter() - started
    row["events"] = models.LoggedEvent.objects.count()


def _rebuild(row: dict[str, Any], *, now: datetime) -> None:
    from django.db import connection

    from motcua.live import models, projector, scoring

    options = scoring.options(now=now)
    if not models.LiveDossier.objects.exists():
        _note("folding the log from zero")
        started, used = time.perf_counter(), _processor()
        events = projector.rebuild(options=options, at=now)
        seconds = time.perf_counter() - started
        row |= {"rebuild s": seconds, "rebuild events/s": events / seconds, "rebuild CPU s": _processor() - used}
        with connection.cursor() as database:
            database.execute("VACUUM ANALYZE")
    while projector.project(options=options, at=now):
        pass
    row["dossiers"] = models.LiveDossier.objects.count()


def _processor() -> float:
    """Return the processor seconds of this process; the database's own come on top."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _questions(now: datetime, *, years: int) -> dict[str, Any]:
    from benchmarks import live_data
    from motcua.live import ledger, ledger_rows, scoring
    from motcua.live.ledger_scene import Scene

    _note("asking")
    chance = random.Random(1)
    year, month = Period.year(now.year), Period.month(now.year, now.month)
    units = [live_data.PROVINCE, *live_data.DEPARTMENTS, *live_data.COMMUNES]

    def score(period: Period) -> Any:
        scoring.forget()
        return scoring.score(period=period, now=now)

    def any_unit(period: Period) -> None:
        score(period).evaluation.scorecard.of(chance.choice(units))

    live = score(year)

    def first(unit: str) -> None:
        marks = ledger.marks(live.evaluation.scorecard.of(unit), rules=live.evaluation.rules)
        scene = Scene.of(live.layout, unit=unit, period=year, on=live.evaluation.on)
        assert ledger_rows.page(scene, marks=marks).dossiers

    scoring.score(period=year, now=now)
    return {
        "dashboard, current year": _times(lambda: score(year)),
        "dashboard, current month": _times(lambda: score(month)),
        "dashboard, nothing new": _times(lambda: scoring.score(period=year, now=now)),
        "any period of any unit": _times(lambda: any_unit(_any_period(chance, now, years))),
        "first 50 losing, province": _times(lambda: first(live_data.PROVINCE)),
        "first 50 losing, any unit": _times(lambda: first(chance.choice(units[1:]))),
    }


def _any_period(chance: random.Random, now: datetime, years: int) -> Period:
    """Return a month, a quarter, a year or any days of the years kept."""
    first = now.date() - timedelta(days=365 * years)
    day = first + timedelta(days=chance.randrange(365 * years - 20))
    kind = chance.randrange(4)
    if kind == 0:
        return Period.month(day.year, day.month)
    if kind == 1:
        return Period.parse(f"{day.year}-Q{(day.month + 2) // 3}")
    if kind == 2:
        return Period.year(day.year)
    return Period(day, min(now.date(), day + timedelta(days=chance.randrange(1, 400))))


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of every call, and the mean processor milliseconds of one, the database's process included."""

    walls: Sequence[float]
    processor: float | None = None


def _times(ask: Callable[[], Any]) -> Times:
    """Ask again and again; the first calls, which read what is then kept in memory, are not counted."""
    found, used = [], 0.0
    for turn in range(ASKED + 5):
        if turn == 5:
            used = _processor() + _processor_of_database()
        started = time.perf_counter()
        ask()
        if turn >= 5:
            found.append(1000 * (time.perf_counter() - started))
    return Times(found, 1000 * (_processor() + _processor_of_database() - used) / ASKED)


def _processor_of_database() -> float:
    """Return the processor seconds of the process that answers this connection; 0 where it runs elsewhere."""
    from django.db import connection

    connection.ensure_connection()
    try:
        told = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    ticks = told.rpartition(")")[2].split()[11:13]
    return sum(int(one) for one in ticks) / os.sysconf("SC_CLK_TCK")


def _rivals(now: datetime, *, years: int) -> dict[str, Any]:
    from django.db import connection

    from benchmarks import live_data
    from motcua.facts.columns import COUNTED

    _note("asking the rivals")
    flags = ", ".join(f"flags >> {bit} & 1 = 1 AS {name}" for bit, name in enumerate(COUNTED) if name != "is_late")
    counts = ", ".join(f"count(*) FILTER (WHERE {name})" for name in COUNTED)
    chance = random.Random(1)
    begin = date(now.year, 1, 1)
    late_bit = COUNTED.index("is_late")
    with connection.cursor() as database:
        database.execute("DROP TABLE IF EXISTS bench_fact")
        for statement in _FLAT.replace("8192", str(1 << late_bit)).replace("{flags}", flags).split(";\n"):
            if statement.strip():
                database.execute(statement)
        database.execute("VACUUM ANALYZE bench_fact")

        def ask(sql: str, *values: Any) -> None:
            database.execute(sql, values)
            database.fetchall()

        def any_unit() -> None:
            period, unit = _any_period(chance, now, years), chance.choice(live_data.COMMUNES)
            ask(f"SELECT count(*), {counts} FROM bench_fact WHERE unit_code = %s AND received_on >= %s"
                " AND received_on < %s", unit, period.start, period.end)  # fmt: skip

        found = {
            "plain SQL: counts of all units, current year": _times(
                lambda: ask(
                    f"SELECT unit_code, count(*), {counts} FROM bench_fact WHERE received_on >= %s GROUP BY 1", begin
                )
            ),
            "plain SQL: counts of one commune, any period": _times(any_unit),
            "plain SQL: first 50 late of the province": _times(
                lambda: ask(
                    "SELECT code FROM bench_fact WHERE is_late AND received_on >= %s"
                    " ORDER BY received_on, code LIMIT 50",
                    begin,
                )
            ),
        }
        database.execute("DROP TABLE bench_fact")
    return found


def _proof(now: datetime) -> dict[str, Any]:
    from motcua.kernel.time import local_day
    from motcua.live import proof, scoring

    _note("proving a month")
    before = now.replace(day=1) - timedelta(days=1)
    started, used = time.perf_counter(), _processor()
    found = proof.prove(
        period=Period.month(before.year, before.month), now=now, options=scoring.options(now=now),
        clock=scoring.clock(local_day(now)),
    )  # fmt: skip
    assert not found.differences, found.differences[:3]
    seconds = time.perf_counter() - started
    return {"proof s": seconds, "proof CPU s": _processor() - used, "proof dossiers": found.dossiers}


def _latency(home: str, *, seconds: float) -> dict[str, Any]:
    """Let writers record events while the projector runs as it does beside the server, and somebody keeps looking."""
    _note(f"{EVENTS_A_SECOND} events a second for {seconds:.0f} s")
    context = multiprocessing.get_context("spawn")
    environment = os.environ | {"MOTCUA_HOME": home}
    projector = subprocess.Popen([sys.executable, "-m", "motcua", "live", "run"], env=environment)
    time.sleep(5)  # it starts; nothing is measured yet
    pipes, people = [], []
    tasks: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
        *((_write, (home, number, seconds)) for number in range(WRITERS)),
        (_watch, (home, seconds)),
    ]
    for target, arguments in tasks:
        ours, theirs = context.Pipe()
        person = context.Process(target=target, args=(*arguments, theirs))
        person.start()
        pipes.append(ours)
        people.append(person)
    told = [ours.recv() for ours in pipes]
    for person in people:
        person.join()
    projector.send_signal(signal.SIGTERM)
    projector.wait()
    written = [event for part in told[:-1] for event in part["events"]]
    seen, scores = told[-1]["seen"], told[-1]["scores"]
    waits = []
    for moment, transaction, position in written:
        shown = next((at for at, *cursor in seen if tuple(cursor) >= (transaction, position)), None)
        assert shown is not None, "an event never showed"
        waits.append(1000 * (shown - moment))
    return {
        "event to score": Times(waits),
        "events recorded/s": len(written) / seconds,
        "dashboard under load": Times(scores),
    }


def _write(home: str, number: int, seconds: float, answer: Any) -> None:
    _prepare(home)
    from django.db import connection, transaction

    from benchmarks import live_data
    from motcua.eventlog import log

    events: list[tuple[float, int, int]] = []
    started, pace = time.time(), WRITERS / EVENTS_A_SECOND
    name = f"{int(started)}-{number}"
    while time.time() - started < seconds:
        due = started + len(events) * pace
        time.sleep(max(0.0, due - time.time()))
        now, place = datetime.now(VIETNAM), len(events)
        code = f"H99.{name}-{place // 3:06d}"
        kind, content = (
            ("DossierReceived", live_data.received_content(place, now)),
            ("DossierTaken", {"assignee": f"cb-{place % 40}", "state": 4}),
            ("DossierResolved", {"has_file": True, "state": 9}),
        )[place % 3]
        with transaction.atomic():
            position = log.record(stream="dossier", subject=code, kind=kind, at=now, by="cb", content=content)
            with connection.cursor() as database:
                database.execute("SELECT transaction FROM eventlog_loggedevent WHERE position = %s", [position])
                written = database.fetchone()[0]
        events.append((time.time(), written, position))
    connection.close()
    answer.send({"events": events})


def _watch(home: str, seconds: float, answer: Any) -> None:
    """Look at the score of the year again and again, and note what it knew and how long it took."""
    _prepare(home)
    from django.db import connection

    from motcua.live import scoring

    seen, scores, started = [], [], time.time()
    while time.time() - started < seconds + 15:
        now = datetime.now(VIETNAM)
        begin = time.perf_counter()
        found = scoring.score(period=Period.year(now.year), now=now)
        scores.append(1000 * (time.perf_counter() - begin))
        seen.append((time.time(), found.stamp.cursor.transaction, found.stamp.cursor.position))
        time.sleep(0.05)
    connection.close()
    answer.send({"seen": seen, "scores": scores[5:]})


def _show(found: Mapping[str, Mapping[str, Any]]) -> None:
    print(
        f"\nThe live index, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; milliseconds, p50 / p95 / p99"
    )
    print(f"{'':46}" + "".join(f"{name:>30}" for name in found) + f"{'aim p95':>10}")
    names = list(dict.fromkeys(name for row in found.values() for name in row))
    for name in names:
        cells = [_cell(row.get(name)) for row in found.values()]
        aim = f"{AIMS[name]:.0f}" if name in AIMS else {"event to score": "p99 2000", "proof s": "10"}.get(name, "")
        print(f"{name:46}" + "".join(f"{cell:>30}" for cell in cells) + f"{aim:>10}")


def _cell(value: Any) -> str:
    if value is None:
        return "kept from before"
    if isinstance(value, Times):
        cuts = statistics.quantiles(value.walls, n=100, method="inclusive")
        walls = " / ".join(f"{cuts[place]:,.{0 if cuts[place] >= 10 else 1}f}" for place in (49, 94, 98))
        return walls if value.processor is None else f"{walls} ({value.processor:.1f})"
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"
