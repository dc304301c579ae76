"""Measures of any period and any unit at any moment, read from the live counters.

The figures of a period are those of ``facts.engine`` for a data set that holds what the projector has taken in. What
counters cannot hold (whether an open dossier is late depends on the moment) is read from the open dossiers themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from motcua.eventlog.log import Cursor
from motcua.facts import fold, procedures, profile, results, tallies
from motcua.facts.columns import FLAGS
from motcua.facts.dataset import Dataset
from motcua.facts.layout import Layout, day_number
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.facts.results import Measures
from motcua.facts.world import View
from motcua.kernel.time import VIETNAM, Period, local
from motcua.live import counters, ground, models, shown, told
from motcua.live.ground import Ground
from motcua.live.told import Coverage

Counts = NDArray[np.int64]

STALE_AFTER = timedelta(seconds=10)
"""An event that has waited longer raises the alarm; the promise is two seconds."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Tính đến: what the figures know, and whether they lag behind the desk."""

    cursor: Cursor
    events: int
    last_event_at: datetime | None
    waiting_since: datetime | None
    """When the oldest event not yet taken in was recorded; None when everything is in."""
    now: datetime
    fold: UUID | None = None
    batch: int = 0
    """Fold and batch (``models.Progress``) name the state of the figures: the same ones, the same figures."""

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
    holds_until: datetime | None
    """With no further event the figures of the same day stay these until then: the next due moment. None: for good."""
    coverage: Coverage | None = None
    """Who tells of the dossiers; None where the desk tells of all."""


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
    return Stamp(cursor, row.events, row.last_event_at, waiting[0] if waiting else None, now, row.fold, row.batch)


def known_until(at: Stamp) -> datetime:
    """Return the moment up to which the figures know things, as wall-clock time: now, or the last event if later."""
    return local(max(at.now, at.last_event_at) if at.last_event_at else at.now)


def read(
    *, period: Period, now: datetime, options: FactOptions, clock: FactClock | None, view: View = View.THEN
) -> Reading:
    """Return the measures of every unit in the period as they stand now, all from one state of the figures.

    Without a ``clock`` the measures that count working days are unknown. With ``View.CURRENT`` merged units are counted
    with those that have followed them.
    """
    is_alone = not connection.in_atomic_block
    with transaction.atomic():
        if is_alone:
            _one_snapshot()
        at = stamp(now=now)
        on = known_until(at)
        known = ground.now()
        with connection.cursor() as database:
            database.execute("SELECT DISTINCT unit_code FROM live_livemonth WHERE dossiers <> 0")
            seen = [code for (code,) in database.fetchall()]
        catalogue, layout = known.catalogue, known.layout(seen, view=view, on=on.date())
        calendar = clock.calendar if clock else None
        cut_off = min(period.last_day, on.date())
        values: dict[str, Counts] = {}
        if seen:
            values |= profile.measures(*_counted(layout, period=period, on=on))
        if catalogue.codes:
            found = None
            if seen:
                days = {"start": period.start, "end": cut_off + timedelta(days=1)}
                found = shown.read(layout, catalogue.codes, **days, fold=at.fold)
            start, end = day_number(period.start), day_number(cut_off) + 1
            values |= procedures.counts(catalogue, found, layout=layout, start=start, end=end, on=cut_off)
        if known.tables.has("decisions") and calendar:
            values |= tallies.of_decisions(
                known.decisions(on=on.date()), layout, period=period, on=on, options=options, calendar=calendar
            )
        notes: dict[str, tuple[str, ...]] = {}
        values |= tallies.of_reports(known.reports, layout, period=period, on=on.date(), notes=notes)
        if known.tables.has("petitions"):
            values |= tallies.of_petitions(
                known.petitions(on=on), layout, period=period, on=on, options=options, calendar=calendar
            )
        if known.has_units:
            values |= tallies.of_units(layout, day=cut_off)
        coverage = _coverage(known, layout, values, period=period, on=on)
        unknown = told.untold(told.BY_THE_DESK) if coverage is None else frozenset[str]()
        measures = results.assemble(values, unknown=unknown, layout=layout, period=period, on=on, notes=notes)
        if coverage is not None:
            measures = coverage.applied(measures, layout)
        return Reading(measures, layout, at, holds_until=_holds_until(period, on), coverage=coverage)


def _coverage(
    known: Ground, layout: Layout, values: Mapping[str, Counts], *, period: Period, on: datetime
) -> Coverage | None:
    """Return who tells of the dossiers received in the period; None where the desk tells of all."""
    if not known.imports:
        return None
    received = values.get(told.RECEIVED, np.zeros(len(layout.codes), dtype=np.int64))
    end = min(period.end, on.date() + timedelta(days=1))
    return told.coverage(layout, received, known.imports, start=min(period.start, end), end=end)


def _holds_until(period: Period, on: datetime) -> datetime | None:
    """Return the moment after which an open dossier makes another figure of it; None: none will."""
    cut_off = fold.cut_off(period=period, on=on).replace(tzinfo=VIETNAM)
    with connection.cursor() as database:
        database.execute("SELECT min(open_due_at) FROM live_livedossier WHERE open_due_at >= %s", [cut_off])
        found: datetime | None = database.fetchone()[0]
        return found


def _counted(layout: Layout, *, period: Period, on: datetime) -> tuple[Counts, Counts]:
    """Return (unit, counter) of the dossiers received in the period, and of those carried into it."""
    # Of a period that has not begun, only what would be carried into it is known.
    unknown_from = on.date() + timedelta(days=1)
    start, end = min(period.start, unknown_from), min(period.end, unknown_from)
    cut_off = fold.cut_off(period=period, on=on).replace(tzinfo=VIETNAM)
    return counters.of_period(layout, start=start, end=end, cut_off=cut_off)


def _one_snapshot() -> None:
    """Let every question see the same state: the projector may commit between two of them."""
    with connection.cursor() as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def catalogue_tables() -> Dataset:
    """Return what is told of units and procedures, as tables of the columnar format."""
    return ground.now().tables


def slices(layout: Layout, *, start: date, end: date) -> Iterable[tuple[int, date, date]]:
    """Return the days from ``start`` up to ``end`` by the tree (number of the era) under which they are counted."""
    for low, high in counters.spans(layout, start=start, end=end):
        yield layout.era_on(low), low, high


def evidence(start: date, end: date) -> Sequence[tuple[Any, ...]]:
    """Return unit, procedure and, for each kind of ``rollups.EVIDENCE``, a number above 0 if a dossier shows it."""
    return shown.rows(start, end)


def has(flags: int, name: str) -> bool:
    """Tell whether the flag is set."""
    return bool(flags >> FLAGS.index(name) & 1)
