"""Chứng minh: the live figures against an independent recomputation, to the last dossier."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from motcua.eventlog.log import Cursor
from motcua.facts import engine
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.kernel.time import Period
from motcua.live import bulk, contests, figures, imports_kept, models, proof_of_dossiers, proof_of_told, rollups
from motcua.live.figures import Reading


@dataclass(frozen=True, slots=True)
class Difference:
    """Sai lệch: where the two ways part. ``unit`` or ``dossier`` is empty where it is about the other."""

    unit: str
    dossier: str
    what: str
    live: str
    recomputed: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared, and every difference found."""

    period: Period
    position: int
    events: int
    units: int
    dossiers: int
    differences: tuple[Difference, ...]


def prove(*, period: Period, now: datetime, options: FactOptions, clock: FactClock | None) -> Proof:
    """Recompute the period from the log and compare; differences are kept as an incident.

    Of the log only the dossiers are read of which something happened in the period, or which the figures count in it,
    each with all its events: the cost is the period's, not that of the years kept. What the figures say of a dossier
    that nothing happened to in the period is held to the log by the proof of the months in which something did.
    """
    return _proved(period, now=now, options=options, clock=clock, choose=_of_the_period)


def prove_everything(*, period: Period, now: datetime, options: FactOptions, clock: FactClock | None) -> Proof:
    """Recompute the period from the whole log, and compare every dossier there is."""
    return _proved(period, now=now, options=options, clock=clock, choose=_all)


def _proved(
    period: Period,
    *,
    now: datetime,
    options: FactOptions,
    clock: FactClock | None,
    choose: Callable[[Period, Cursor], list[str] | None],
) -> Proof:
    with transaction.atomic():
        with connection.cursor() as database:
            # Nothing is written until the end: a transaction that has a number keeps the projector waiting.
            database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reading = figures.read(period=period, now=now, options=options, clock=clock)
        codes = choose(period, reading.stamp.cursor)
        data = bulk.dataset(until=reading.stamp.cursor, codes=codes)
        dossiers = data.frame("dossiers")
        found = (
            *_of_measures(reading, data, options=options, clock=clock),
            *_of_months(period),
            *(
                Difference("", code, what, live, recomputed)
                for code, what, live, recomputed in proof_of_dossiers.compare(dossiers, codes=codes, options=options)
            ),
            *_of_contests(reading.stamp.cursor),
        )
        proof = Proof(
            period=period,
            position=reading.stamp.cursor.position,
            events=reading.stamp.events,
            units=len(reading.measures.units),
            dossiers=dossiers.height,
            differences=found,
        )
    if found:
        models.Incident.objects.create(
            found_at=now,
            position=proof.position,
            period=str(period),
            differences=[
                {"unit": one.unit, "dossier": one.dossier, "what": one.what, "live": one.live, "log": one.recomputed}
                for one in found[:1000]
            ],
        )
    return proof


def _of_the_period(period: Period, until: Cursor) -> list[str]:
    """Return what happened in the period by the log, what the figures count in it, and a dossier of every unit."""
    with connection.cursor() as database:
        database.execute(
            "SELECT code FROM live_livedossier WHERE days && daterange(%s, %s)"
            " UNION ALL SELECT (SELECT code FROM live_livedossier d WHERE d.unit_code = u.unit_code"
            "  AND lower(d.days) = (SELECT max(lower(days)) FROM live_livedossier m WHERE m.unit_code = u.unit_code)"
            "  LIMIT 1) FROM (SELECT DISTINCT unit_code FROM live_livemonth WHERE dossiers <> 0) AS u",
            [period.start, period.end],
        )
        counted = {code for (code,) in database.fetchall() if code is not None}
    return sorted(counted | bulk.active(period=period, until=until))


def _all(_period: Period, _until: Cursor) -> None:
    """Leave nothing out."""


def _of_measures(
    reading: Reading, data: Dataset, *, options: FactOptions, clock: FactClock | None
) -> tuple[Difference, ...]:
    live = reading.measures
    recomputed = engine.measure(data, period=live.period, on=live.on, options=options, clock=clock)
    if reading.coverage is not None:
        recomputed = proof_of_told.applied(
            recomputed, data, reading, imports=imports_kept.latest(until=reading.stamp.cursor), options=options
        )
    places = {code: place for place, code in enumerate(recomputed.units)}
    found = [
        Difference(code, "", "đơn vị", "có" if code in live.units else "không", "có" if code in places else "không")
        for code in sorted(set(live.units) ^ set(recomputed.units))
    ]
    for place, code in enumerate(live.units):
        for measure in live.values if code in places else ():
            here, there = live.value(measure, place), recomputed.value(measure, places[code])
            if here != there:
                found.append(Difference(code, "", measure, str(here), str(there)))
    return tuple(found)


def _of_months(period: Period) -> tuple[Difference, ...]:
    """Compare what is counted by month, from which long periods are read, with what is counted by day."""
    return tuple(
        Difference(unit, "", f"bộ đếm tháng {month:%m/%Y}", str(by_month), str(by_day))
        for month, unit, by_month, by_day in rollups.unequal_months(start=period.start, end=period.end)
    )


def _of_contests(until: Cursor) -> tuple[Difference, ...]:
    """Compare the state of every contest with its last event."""
    kept = dict(models.LiveContest.objects.values_list("code", "state"))
    with connection.cursor() as database:
        database.execute(
            "SELECT DISTINCT ON (subject) subject, kind FROM eventlog_loggedevent"
            " WHERE stream = %s AND (transaction, position) <= (%s, %s) ORDER BY subject, version DESC",
            [contests.STREAM, until.transaction, until.position],
        )
        told = {code: contests.STATES[kind] for code, kind in database.fetchall()}
    return tuple(
        Difference("", "", f"kiến nghị {code}", kept.get(code, "không"), told.get(code, "không"))
        for code in sorted(kept.keys() | told.keys())
        if kept.get(code) != told.get(code)
    )
