"""Measuring: a data set, a period and the moment of knowledge in, the measures of every unit out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from motcua.facts import listing, loading, procedures, results, tallies
from motcua.facts import profile as profiles
from motcua.facts.dataset import Dataset, known_until
from motcua.facts.layout import Layout, day_number
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.facts.profile import Profile
from motcua.facts.results import Measures
from motcua.facts.world import View, World
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period


def measure(
    dataset: Dataset,
    *,
    period: Period,
    on: date | datetime,
    options: FactOptions,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> Measures:
    """Return every measure of every unit in the period, as known on the day (the whole day) or at the moment ``on``.

    Without a clock the measures that count working days (decisions, petitions) are unknown, and dossiers without a due
    moment are not given one by the limit of their procedure.

    Raises:
        UserError: the tables cannot be measured; the message names what is wrong.
    """
    return measure_each(dataset, periods=[period], on=on, options=options, clock=clock, view=view)[0]


def measure_each(
    dataset: Dataset,
    *,
    periods: Sequence[Period],
    on: date | datetime,
    options: FactOptions,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> tuple[Measures, ...]:
    """Return the measures of each period, in one pass over the dossiers."""
    moment = known_until(on)
    world = World.of(dataset, on=moment, clock=clock, view=view)
    edges = sorted(
        {day_number(day) for period in periods for day in (period.start, period.end)} | {day_number(moment.date()) + 1}
    )
    codes = world.catalogue.codes
    shown, counted = None, None
    if world.dossiers is None:
        layout = world.layout(())
    else:
        parts = loading.load(world.dossiers, on=moment, options=options, wanted=["procedure_code"] if codes else [])
        showing = procedures.Showing(starts=world.layout(()).starts, codes=codes, edges=edges) if codes else None
        counted = Profile.of(_shown_by(parts, showing), layout=world.layout, on=moment, edges=edges)
        layout = counted.layout
        shown = showing.shown(layout) if showing else None
    return tuple(
        _measured(world, layout, counted, shown, period=period, options=options, clock=clock) for period in periods
    )


def profile(
    dataset: Dataset,
    *,
    on: date | datetime,
    options: FactOptions,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> Profile:
    """Return the dossiers counted by unit and day, from which any period follows within milliseconds.

    The profile holds for its own day of knowledge and for every earlier and later one: later, dossiers still open
    become late; earlier, those closed since were open.
    """
    moment = known_until(on)
    world = World.of(dataset, on=moment, clock=clock, view=view)
    parts = list(loading.load(_dossiers(world), on=moment, options=options, wanted=("closed_on",)))
    if not parts:
        raise UserError("Không có hồ sơ nào.", remedy="Hãy nạp hồ sơ đã tiếp nhận.", where="dossiers")
    first = min(int(part.received.min()) for part in parts)
    last = max(
        int(days[days != loading.NEVER].max(initial=first)) for part in parts for days in (part.received, part.ended)
    )
    return Profile.of(parts, layout=world.layout, on=moment, edges=range(first, last + 2), unknown=world.unknown)


def dossiers(
    dataset: Dataset,
    *,
    unit: str,
    period: Period,
    on: date | datetime,
    options: FactOptions,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> pl.DataFrame:
    """Return the facts of every dossier that the unit, or one below it, received or handled in the period.

    See ``listing.facts`` for the columns; ``listing.counted(measure)`` says which rows a measure counts.
    """
    moment = known_until(on)
    world = World.of(dataset, on=moment, clock=clock, view=view)
    frame, layout = _dossiers(world), world.layout(world.units_of_dossiers())
    return listing.facts(frame, layout=layout, unit=unit, period=period, on=moment, options=options)


def losing(
    dataset: Dataset,
    *,
    numerator: str,
    denominator: str,
    unit: str,
    period: Period,
    on: date | datetime,
    options: FactOptions,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> pl.DataFrame:
    """Return the dossiers that the denominator counts and the numerator does not, with their reasons.

    See ``listing.losing`` for the columns; to ask for several measures, take ``dossiers`` once and call that.
    """
    rows = dossiers(dataset, unit=unit, period=period, on=on, options=options, clock=clock, view=view)
    return listing.losing(rows, numerator=numerator, denominator=denominator, options=options)


def _shown_by(parts: Iterable[loading.Packed], showing: procedures.Showing | None) -> Iterator[loading.Packed]:
    """Pass the parts on, noting on the way what they show about procedures."""
    for part in parts:
        if showing:
            showing.add(part)
        yield part


def _dossiers(world: World) -> pl.LazyFrame:
    if world.dossiers is None:
        raise UserError("Không có bảng hồ sơ.", remedy="Hãy nạp hồ sơ trước.", where="dossiers")
    return world.dossiers


def _measured(
    world: World,
    layout: Layout,
    counted: Profile | None,
    shown: procedures.Shown | None,
    *,
    period: Period,
    options: FactOptions,
    clock: FactClock | None,
) -> Measures:
    on, calendar = world.on, clock.calendar if clock else None
    cut_off = min(period.last_day, on.date())
    values: dict[str, NDArray[np.int64]] = {}
    notes: dict[str, tuple[str, ...]] = {}
    if counted:
        values |= profiles.measures(*counted.counters(period=period, on=on.date()))
    if world.catalogue.codes:
        start, end = day_number(period.start), day_number(cut_off) + 1
        values |= procedures.counts(world.catalogue, shown, layout=layout, start=start, end=end, on=cut_off)
    if world.decisions is not None and calendar:
        values |= tallies.of_decisions(
            world.decisions, layout, period=period, on=on, options=options, calendar=calendar
        )
    if world.petitions is not None:
        values |= tallies.of_petitions(
            world.petitions, layout, period=period, on=on, options=options, calendar=calendar
        )
    values |= tallies.of_reports(world.reports, layout, period=period, on=on.date(), notes=notes)
    if world.units is not None:
        values |= tallies.of_units(layout, day=cut_off)
    return results.assemble(values, unknown=world.unknown, layout=layout, period=period, on=on, notes=notes)
