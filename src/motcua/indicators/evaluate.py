"""From data to points: measure, turn measures into counts as the rule set names them, score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

from motcua.deadlines import calendars, lawfiles
from motcua.facts import engine
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.facts.results import Measures
from motcua.facts.world import View
from motcua.indicators import score
from motcua.indicators.score import Count, RatedUnit, Scorecard
from motcua.ingest import dataset as opening
from motcua.kernel.time import Period
from motcua.lawbook import Lawbook, as_of
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet

UNKNOWN_LEVEL = "unit"
DEADLINE_RULE = "qd766"
NATIONAL_CALENDAR = "vn"
# Dossiers and petitions carried over are older than the period; a longer look back finds no open ones in practice.
YEARS_BEFORE = 5
YEARS_AHEAD = 5
"""How many years ahead of the day of measuring the longest limits end."""


@dataclass(frozen=True, slots=True)
class Data:
    """What is measured, and how far its log has come (None: files given directly)."""

    dataset: Dataset
    sources: tuple[str, ...]
    position: int | None
    chain: str | None
    observed_at: datetime | None
    scratch: object = None
    """Keeps converted files until the data is let go."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Kết quả chấm điểm một kỳ: everything needed to publish it and to compute it again."""

    rules: IndicatorSet
    period: Period
    on: datetime
    scorecard: Scorecard
    measures: Measures
    data: Data
    clock: FactClock | None = None
    """By what working days were counted; None where they were not."""
    view: View = View.THEN
    """Whether units are those of the time, or merged ones count with those that followed them."""


def open_data(paths: Sequence[Path]) -> Data:
    """Open a data directory, or any files the import knows.

    Raises:
        UserError: nothing is there, or a file is refused.
    """
    opened = opening.open(paths)
    return Data(
        dataset=Dataset.of_tables({name: table.paths for name, table in opened.tables.items()}),
        sources=tuple(str(path) for path in paths),
        position=opened.position,
        chain=opened.chain,
        observed_at=opened.observed_at,
        scratch=opened.scratch,
    )


def evaluate(
    data: Data,
    *,
    rules: IndicatorSet,
    period: Period,
    on: date | datetime,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> Evaluation:
    """Score every unit of the data for the period, as known at ``on``; see ``evaluate_each``."""
    return evaluate_each(data, rules=rules, periods=[period], on=on, clock=clock, view=view)[0]


def evaluate_each(
    data: Data,
    *,
    rules: IndicatorSet,
    periods: Sequence[Period],
    on: date | datetime,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> tuple[Evaluation, ...]:
    """Score every unit for each period; the data is read once.

    Without a ``clock`` the indicators that count working days are unknown.
    """
    options = fact_options(rules)
    return tuple(
        of_measures(measures, data=data, rules=rules, clock=clock, view=view)
        for measures in engine.measure_each(
            data.dataset, periods=periods, on=on, options=options, clock=clock, view=view
        )
    )


def clock_of(book: Lawbook, *, on: date) -> FactClock | None:
    """Return the clock by which the index counts working days, as the law files have it on the day.

    None where the law folder has no such clock: one with indicator sets only.
    """
    if not (book.root / "deadlines" / DEADLINE_RULE).is_dir():
        return None
    rule = as_of(lawfiles.rule_versions(book, DEADLINE_RULE), on)
    if rule is None:
        return None
    calendar = calendars.working_calendar(
        book, NATIONAL_CALENDAR, first=on.year - YEARS_BEFORE, last=on.year + YEARS_AHEAD
    )
    return FactClock(rule=rule, calendar=calendar)


def fact_options(rules: IndicatorSet) -> FactOptions:
    """Return how the rule set reads the facts."""
    return FactOptions.read(rules.facts, where=f"{rules.path} [facts]")


def of_measures(
    measures: Measures,
    *,
    data: Data,
    rules: IndicatorSet,
    clock: FactClock | None = None,
    view: View = View.THEN,
) -> Evaluation:
    """Score measures that were counted already."""
    card = score.score(rules=rules, units=units_of(measures), counts=counts_of(measures, rules=rules))
    return Evaluation(rules, measures.period, measures.on, card, measures, data, clock, view)


def units_of(measures: Measures) -> tuple[RatedUnit, ...]:
    """Return the measured units with their levels: the kind the data gives, else what the place in the tree says."""
    tree = measures.tree
    return tuple(
        RatedUnit(
            code=code,
            name=tree.name(code),
            level=tree.kind(code) or _level(code, parent=tree.parent(code)),
            parent=tree.parent(code),
        )
        for code in measures.units
    )


LeftOut = Mapping[str, Mapping[str, int]]
"""Per unit and indicator: how many that are counted as lost are left out, of the denominator too."""


def counts_of(
    measures: Measures, *, rules: IndicatorSet, left_out: LeftOut = MappingProxyType({})
) -> dict[str, dict[str, Count]]:
    """Return the counts of every unit and indicator.

    An indicator that units inherit is counted for units without a parent only: the law counts it for the province.
    """
    counts: dict[str, dict[str, Count]] = {}
    for place, code in enumerate(measures.units):
        is_root = measures.tree.parent(code) is None
        own = {
            indicator.code: _less(_count(indicator, measures, place), left_out.get(code, {}).get(indicator.code, 0))
            for indicator in rules.indicators
            if indicator.numerator is not None and (is_root or not indicator.inherit)
        }
        counts[code] = _with_factors(own, rules=rules)
    return counts


def _count(indicator: Indicator, measures: Measures, place: int) -> Count:
    numerator = measures.value(indicator.numerator, place) if indicator.numerator else None
    known = [value for name in indicator.denominator if (value := measures.value(name, place)) is not None]
    return Count(numerator, max(known, default=None))


def _less(count: Count, left_out: int) -> Count:
    """Take what is left out off the denominator; the numerator did not count it."""
    if not left_out or count.denominator is None:
        return count
    return Count(count.numerator, count.denominator - left_out, count.factor)


def _with_factors(own: Mapping[str, Count], *, rules: IndicatorSet) -> dict[str, Count]:
    """Multiply the ratios that the rule set multiplies; what no unit can have (0 of 0) multiplies by nothing."""
    found = dict(own)
    for indicator in rules.indicators:
        if indicator.times_ratio_of is not None and indicator.code in own:
            count, by = own[indicator.code], own.get(indicator.times_ratio_of)
            found[indicator.code] = Count(count.numerator, count.denominator, None if by is None else by.ratio)
    return found


def _level(code: str, *, parent: str | None) -> str:
    if parent is not None:
        return UNKNOWN_LEVEL
    return "ministry" if code.startswith("G") else "province"
