"""Chứng minh: the live figures against an independent recomputation, to the last dossier."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from motcua.eventlog.log import Cursor
from motcua.facts import engine
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.kernel.time import Period, local
from motcua.live import bulk, contests, figures, imports_kept, models, proof_of_told, rollups, rows
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
    """Recompute the period from the log and compare; differences are kept as an incident."""
    with transaction.atomic():
        with connection.cursor() as database:
            database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reading = figures.read(period=period, now=now, options=options, clock=clock)
        data = bulk.dataset(until=reading.stamp.cursor)
        found = (
            *_of_measures(reading, data, options=options, clock=clock),
            *_of_months(period),
            *_of_dossiers(data, options=options),
            *_of_contests(reading.stamp.cursor),
        )
        proof = Proof(
            period=period,
            position=reading.stamp.cursor.position,
            events=reading.stamp.events,
            units=len(reading.measures.units),
            dossiers=data.frame("dossiers").height,
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


_COMPARED = (
    "unit_code", "procedure_code", "channel", "received_at", "due_at", "resolved_at", "returned_at", "refused_at",
    "stopped_at", "withdrawn_at", "officer_code", "result_required", "has_component_file", "has_reused_component",
    "has_result_file", "fee_bearing", "payment_place", "supplement_requests", "supplement_seconds",
    "supplement_waiting_since",
)  # fmt: skip
_COUNTS = {"supplement_requests", "supplement_seconds"}


def _of_dossiers(data: Dataset, *, options: FactOptions) -> tuple[Difference, ...]:
    """Compare each dossier's row, and what it is counted by with what its row says."""
    found: list[Difference] = []
    there = {row["dossier_code"]: row for row in data.rows("dossiers")}
    kept = models.LiveDossier.objects.exclude(days=None)
    for one in kept.iterator(chunk_size=5_000):
        other = there.pop(one.code, None)
        if other is None:
            found.append(Difference("", one.code, "hồ sơ", "có", "không"))
            continue
        row = rows.read(one.row)
        for name in _COMPARED:
            here, told = row.get(name), other[name]
            if name in _COUNTS:
                here, told = here or 0, told or 0
            if here != told:
                found.append(Difference("", one.code, name, str(here), str(told)))
        share = rows.share(other, options=options)
        counted = (one.unit_code, one.flags, _wall(one.open_due_at), one.officer_code, one.reasons)
        expected = (share.unit_code, share.flags, _wall(share.open_due_at), share.officer_code, share.reasons)
        if counted != expected:
            found.append(Difference("", one.code, "cách đếm", str(counted), str(expected)))
    found += [Difference("", code, "hồ sơ", "không", "có") for code in there]
    return tuple(found)


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


def _wall(moment: datetime | None) -> datetime | None:
    return local(moment) if moment else None
