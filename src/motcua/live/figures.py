"""Measures of any period and any unit at any moment, read from the live counters.

The figures of a period are those of ``facts.engine`` for a data set that holds what the projector has taken in. What
counters cannot hold (whether an open dossier is late depends on the moment) is read from the open dossiers themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from motcua.eventlog.log import Cursor
from motcua.facts import counting, decisions, fold, procedures, profile, results, tallies
from motcua.facts.columns import COUNTED, FLAGS
from motcua.facts.dataset import Dataset
from motcua.facts.layout import Layout, day_number, era_of
from motcua.facts.measures import MEASURES
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.facts.results import Measures
from motcua.facts.units import UnitHistory
from motcua.facts.units import read as read_units
from motcua.kernel.time import VIETNAM, Period, local
from motcua.live import models, subjects
from motcua.live.projector import COUNTERS, EVIDENCE

Counts = NDArray[np.int64]

TOLD = frozenset({
    "channel", "result_required", "has_component_file", "has_result_file", "has_reused_component", "fee_bearing",
    "has_fee_data", "payment_place",
})  # fmt: skip
"""The columns of a dossier that the desk's events always tell; measures that need others are unknown."""

STALE_AFTER = timedelta(seconds=10)
"""An event that has waited longer raises the alarm; the promise is two seconds."""

_EPOCH = date(1970, 1, 1)
_BITS = np.arange(len(COUNTED))
_PLACE = {name: 1 + place for place, name in enumerate(COUNTED)}


@dataclass(frozen=True, slots=True)
class Stamp:
    """Tính đến: what the figures know, and whether they lag behind the desk."""

    cursor: Cursor
    events: int
    last_event_at: datetime | None
    waiting_since: datetime | None
    """When the oldest event not yet taken in was recorded; None when everything is in."""
    now: datetime

    @property
    def is_stale(self) -> bool:
        """Whether something has waited too long: the projector stands still or cannot keep up."""
        return self.waiting_since is not None and self.now - self.waiting_since > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured, at which moment, on which event."""

    measures: Measures
    layout: Layout
    stamp: Stamp


def stamp(*, now: datetime) -> Stamp:
    """Return how far the figures have come."""
    row = models.Progress.objects.filter(number=1).first() or models.Progress()
    cursor = Cursor(row.transaction, row.position)
    with connection.cursor() as database:
        database.execute(
            "SELECT recorded_at FROM eventlog_loggedevent WHERE (transaction, position) > (%s, %s)"
            " ORDER BY transaction, position LIMIT 1",
            [cursor.transaction, cursor.position],
        )
        waiting = database.fetchone()
    return Stamp(cursor, row.events, row.last_event_at, waiting[0] if waiting else None, now)


def read(*, period: Period, now: datetime, options: FactOptions, clock: FactClock | None) -> Reading:
    """Return the measures of every unit in the period as they stand now, all from one state of the figures.

    Without a ``clock`` the measures that count working days are unknown.
    """
    is_alone = not connection.in_atomic_block
    with transaction.atomic():
        if is_alone:
            _one_snapshot()
        at = stamp(now=now)
        on = local(max(now, at.last_event_at) if at.last_event_at else now)
        tables = catalogue_tables()
        with connection.cursor() as database:
            database.execute("SELECT DISTINCT unit_code FROM live_liveday WHERE dossiers <> 0")
            seen = [code for (code,) in database.fetchall()]
        catalogue = procedures.Catalogue.of(
            tables.rows("procedures"), tables.frame("assignments"), tables.frame("services")
        )
        units = read_units(tables.rows("units"))
        layout = Layout.of(UnitHistory.of(units, seen={*seen, *catalogue.units}))
        calendar = clock.calendar if clock else None
        cut_off = min(period.last_day, on.date())
        values: dict[str, Counts] = {}
        if seen:
            values |= profile.measures(*_counters(layout, period=period, on=on))
        if catalogue.codes:
            start, end = day_number(period.start), day_number(cut_off) + 1
            shown = _shown(layout, catalogue.codes, start=start, end=end) if seen else None
            values |= procedures.counts(catalogue, shown, layout=layout, start=start, end=end, on=cut_off)
        if tables.has("decisions") and calendar:
            values |= tallies.of_decisions(
                decisions.read(tables.rows("decisions"), on=on.date()),
                layout, period=period, on=on, options=options, calendar=calendar,
            )  # fmt: skip
        notes: dict[str, tuple[str, ...]] = {}
        values |= tallies.of_reports({}, layout, period=period, on=on.date(), notes=notes)
        if units:
            values |= tallies.of_units(layout, day=cut_off)
        measures = results.assemble(values, unknown=_UNKNOWN, layout=layout, period=period, on=on, notes=notes)
        return Reading(measures, layout, at)


def _one_snapshot() -> None:
    """Let every question see the same state: the projector may commit between two of them."""
    with connection.cursor() as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


_kept: dict[tuple[str, int], Dataset] = {}
"""The last tables read of units and procedures: they change a few times a month and cost more than the counters."""


def catalogue_tables() -> Dataset:
    """Return what is told of units and procedures, as tables of the columnar format; read anew when it has changed."""
    position = models.Progress.objects.filter(number=1).values_list("catalogue_position", flat=True).first()
    key = (str(connection.settings_dict["NAME"]), position or 0)
    found = _kept.get(key)
    if found is None:
        rows = models.LiveSubject.objects.values_list("stream", "code", "told")
        found = Dataset.of_tables(dict(subjects.tables(rows)))
        _kept.clear()
        _kept[key] = found
    return found


_UNKNOWN = frozenset(
    name
    for name, measure in MEASURES.items()
    if measure.table != "units" and not all(set(need.split("|")) & TOLD for need in measure.needs)
)


def _counters(layout: Layout, *, period: Period, on: datetime) -> tuple[Counts, Counts]:
    """Return (unit, counter) of the dossiers received in the period, and of those carried into it."""
    unknown_from = on.date() + timedelta(days=1)
    start, end = min(period.start, unknown_from), min(period.end, unknown_from)
    places = {code: place for place, code in enumerate(layout.codes)}
    shape = (len(layout.starts), len(layout.codes), len(COUNTERS))
    received, carried = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for era, low, high in slices(layout, start=start, end=end):
        for unit, *numbers in _sums(low, high):
            received[era, places[unit]] = numbers
    _carry(carried, layout, places, start=start)
    _judge(received, carried, layout, places, period=period, start=start, end=end, on=on)
    return layout.roll_up(received), layout.roll_up(carried)


def slices(layout: Layout, *, start: date, end: date) -> Iterable[tuple[int, date, date]]:
    """Return the days from ``start`` up to ``end`` by the tree under which they are counted."""
    for era, begins in enumerate(layout.history.eras):
        following = layout.history.eras[era + 1].start if era + 1 < len(layout.history.eras) else None
        low = max(start, begins.start) if begins.start else start
        high = min(end, following) if following else end
        if low < high:
            yield era, low, high


def _sums(start: date, end: date) -> list[tuple[Any, ...]]:
    sums = ", ".join(f"sum({name})" for name in COUNTERS)
    with connection.cursor() as database:
        database.execute(
            f"SELECT unit_code, {sums} FROM live_liveday"  # noqa: S608 - columns of our own
            " WHERE day >= %s AND day < %s GROUP BY unit_code HAVING sum(dossiers) <> 0",
            [start, end],
        )
        found: list[tuple[Any, ...]] = database.fetchall()
        return found


def _carry(carried: Counts, layout: Layout, places: Mapping[str, int], *, start: date) -> None:
    """Count the dossiers received before the day and not ended before it: those whose days span its beginning."""
    with connection.cursor() as database:
        database.execute(
            "SELECT unit_code, lower(days), flags, count(*) FROM live_livedossier"
            " WHERE days @> daterange(%s, %s, '[]') GROUP BY 1, 2, 3",
            [start - timedelta(days=1), start],
        )
        found = database.fetchall()
    if not found:
        return
    days = np.array([day_number(day) for _, day, _, _ in found])
    for era, (unit, _, flags, number) in zip(era_of(days, layout.starts).tolist(), found, strict=True):
        cell = carried[era, places[unit]]
        cell[0] += number
        cell[1:] += number * ((flags >> _BITS) & 1)


def _judge(
    received: Counts,
    carried: Counts,
    layout: Layout,
    places: Mapping[str, int],
    *,
    period: Period,
    start: date,
    end: date,
    on: datetime,
) -> None:
    """Count the open dossiers whose due moment has passed at the cut-off as late."""
    cut_off = fold.cut_off(period=period, on=on).replace(tzinfo=VIETNAM)
    with connection.cursor() as database:
        database.execute(
            "SELECT unit_code, lower(days), flags, count(*) FROM live_livedossier"
            " WHERE open_due_at < %s AND lower(days) < %s GROUP BY 1, 2, 3",
            [cut_off, end],
        )
        found = database.fetchall()
    for unit, day, flags, number in found:
        counts = received if day >= start else carried
        era = int(era_of(np.array([day_number(day)]), layout.starts)[0])
        cell = counts[era, places[unit]]
        cell[_PLACE["is_late"]] += number
        cell[_PLACE["is_online_late"]] += number if has(flags, "is_online") else 0
        cell[_PLACE["is_unsatisfied"]] += 0 if has(flags, "is_complained") else number


def has(flags: int, name: str) -> bool:
    """Tell whether the flag is set."""
    return bool(flags >> FLAGS.index(name) & 1)


def _shown(layout: Layout, codes: Mapping[str, int], *, start: int, end: int) -> procedures.Shown:
    """Return what the dossiers of the period show about procedures."""
    edges = counting.Bins([start, max(end, start + 1), *layout.starts[1:]])
    shape = (len(edges), len(layout.codes), len(codes))
    shown = procedures.Shown(edges, {kind: np.zeros(shape, dtype=np.bool_) for kind in EVIDENCE})
    places = {code: place for place, code in enumerate(layout.codes)}
    first, last = _EPOCH + timedelta(days=start), _EPOCH + timedelta(days=end)
    for _, low, high in slices(layout, start=first, end=last):
        interval = int(shown.edges.of(np.array([day_number(low)]))[0])
        for unit, procedure, *numbers in evidence(low, high):
            if procedure in codes:
                for kind, number in zip(EVIDENCE, numbers, strict=True):
                    shown.by_kind[kind][interval, places[unit], codes[procedure]] = number > 0
    return shown


def evidence(start: date, end: date) -> Sequence[tuple[Any, ...]]:
    """Return unit, procedure and how many dossiers of the days show each kind of ``projector.EVIDENCE`` about it."""
    sums = ", ".join(f"sum({kind})" for kind in EVIDENCE)
    with connection.cursor() as database:
        database.execute(
            f"SELECT unit_code, procedure_code, {sums} FROM live_liveevidence"  # noqa: S608 - columns of our own
            " WHERE day >= %s AND day < %s GROUP BY 1, 2",
            [start, end],
        )
        found: list[tuple[Any, ...]] = database.fetchall()
        return found
