"""The projector killed again and again while two writers commit out of order: nothing lost, nothing counted twice."""

import multiprocessing
import os
import random
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

import world as the_world
from motcua.eventlog import log
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.time import Period
from motcua.live import figures, models, projector, proof, scoring
from world import BIRTH, BUILDING, COMMUNE, OTHER_COMMUNE, at

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 20
DOSSIERS = 300
NOW = "2026-03-31 23:00"
_FORK = multiprocessing.get_context("fork")


def _write(writer: int) -> None:
    """Write the lives of dossiers, several transactions open at a time, so that later numbers commit first."""
    connections.close_all()
    chance = random.Random(writer)
    begin = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    for number in range(DOSSIERS):
        moment = begin + timedelta(minutes=chance.randrange(20 * 24 * 60))
        with transaction.atomic():
            for kind, content in _life(chance, moment):
                moment += timedelta(hours=chance.randrange(1, 100))
                log.record(
                    stream="dossier", subject=f"H99-{writer}-{number}", kind=kind, at=moment, by="cb", content=content
                )
            time.sleep(chance.random() * 0.01)  # the other writer's later numbers are committed meanwhile
    connections.close_all()


def _life(chance: random.Random, moment: datetime) -> list[tuple[str, dict[str, object]]]:
    received: dict[str, object] = {
        "procedure": chance.choice((BIRTH, BUILDING)),
        "unit": chance.choice((COMMUNE, OTHER_COMMUNE)),
        "channel": chance.choice((1, 2, 3)),
        "due_at": (moment + timedelta(days=7)).isoformat(),
        "requires_result": True,
        "has_component_file": chance.random() < 0.5,
        "fee_dong": chance.choice((0, 50_000)),
        "state": 2,
    }
    life: list[tuple[str, dict[str, object]]] = [("DossierReceived", received)]
    if chance.random() < 0.3:
        life.append(("SupplementRequested", {"number": 1}))
        life.append(("SupplementReceived", {"number": 1, "has_component_file": True}))
    if chance.random() < 0.7:
        life.append(("DossierResolved", {"has_file": chance.random() < 0.8, "state": 9}))
    return life


def _project_for_ever() -> None:
    connections.close_all()
    while True:
        moment = at(NOW)
        if not projector.project(options=scoring.options(now=moment), at=moment, limit=40):
            time.sleep(0.005)


def test_a_projector_killed_twenty_times_loses_nothing_and_counts_nothing_twice() -> None:
    the_world.build()
    chance = random.Random(7)
    moment = at(NOW)
    options = scoring.options(now=moment)
    connections.close_all()
    writers = [_FORK.Process(target=_write, args=(number,)) for number in (1, 2)]
    for writer in writers:
        writer.start()
    progress_at_kill = []
    for _ in range(KILLS):
        connections.close_all()  # a connection shared with the child would end with it
        running = _FORK.Process(target=_project_for_ever)
        running.start()
        time.sleep(0.03 + chance.random() * 0.15)
        assert running.pid is not None
        os.kill(running.pid, signal.SIGKILL)
        running.join()
        progress_at_kill.append(projector.cursor().position)
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    while projector.project(options=options, at=moment):
        pass

    assert len(set(progress_at_kill)) > KILLS // 4  # it was killed at work, not before or after it
    assert models.Progress.objects.get().events == LoggedEvent.objects.count()
    assert models.LiveDossier.objects.count() == 2 * DOSSIERS
    for period in (Period.month(2026, 3), Period.year(2026)):
        clock = scoring.clock(moment.date())
        assert proof.prove(period=period, now=moment, options=options, clock=clock).differences == ()
        reading = figures.read(period=period, now=moment, options=options, clock=clock)
        assert reading.stamp.waiting_since is None
    with connection.cursor() as database:
        database.execute("SELECT sum(dossiers) FROM live_liveday")
        assert database.fetchone() == (2 * DOSSIERS,)
