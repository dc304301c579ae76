"""Dự báo cuối tháng: where the points of a month will end, from what came after the same point of the months before.

At the same number of working days before the end, each of the last months still gained so many dossiers of each kind
(and found some late). The mean of that is added to what is counted now, and the sum is scored by the same rules. How
far such a forecast is to be trusted is not assumed but measured: it is made for past months as they were known then,
and the band holds as many of these errors as it claims to (split conformal prediction).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from motcua.facts.results import Measures
from motcua.indicators import evaluate, score
from motcua.kernel.time import Period
from motcua.lawbook.indicator_sets import IndicatorSet

LOOK_BACK = 6
"""From how many months before the further course of a month is taken."""
CHECKED = 12
"""How many past months the forecast is checked against."""
FEWEST_BEFORE = 2
"""A check needs as many months before it: one alone says nothing of a mean."""
CONFIDENCE = Fraction(4, 5)
FEWEST_CHECKS = 4
"""With fewer past months no band of 80 % can be told from luck: (n + 1) · 0,8 must not exceed n."""

_DOSSIERS = "dossiers."

Known = Callable[[Period, date], Measures]
"""Gives the dossier measures of a period as they were known at the end of a day."""


@dataclass(frozen=True, slots=True)
class Check:
    """One past month: what would have been forecast at the same point, and what it came to."""

    period: Period
    forecast: Fraction
    actual: Fraction

    @property
    def error(self) -> Fraction:
        """Actual less forecast, in points."""
        return self.actual - self.forecast


@dataclass(frozen=True, slots=True)
class Forecast:
    """Điểm dự báo cuối kỳ của một đơn vị."""

    unit: str
    now: Fraction
    end: Fraction
    half_width: Fraction | None
    """The end lies within ``end`` ± this in four of five months; None where too few months are known to say."""
    points: Mapping[str, tuple[Fraction | None, Fraction | None]]
    """Per indicator: the points now and the points forecast (None where it is left out of the sum)."""
    checks: tuple[Check, ...]


def month_end(
    month: Measures,
    *,
    day: date,
    known: Known,
    first: date,
    rules: IndicatorSet,
    is_working: Callable[[date], bool],
) -> dict[str, Forecast]:
    """Return the forecast of every unit for the end of the month.

    Args:
        month: the measures of the month; those that count no dossiers are taken to stay as they are, and in the past
            months to have been the same.
        day: the last whole day whose dossiers are known; on the last day of the month nothing is left to come.
        known: the dossier measures of months as they were known on days.
        first: the first day from which dossiers are known; months that begin earlier are not used.
        rules: by which points are given, then and now: only so do the months compare.
        is_working: tells working days.
    """
    period = month.period
    now = replace(month, values={**month.values, **_like(known(period, day), month)})
    left = _working_days(day, period, is_working)
    history = [past for past in _months_before(period, LOOK_BACK + CHECKED) if past.start >= first]
    course = {past: _Course.of(past, left=left, known=known, like=now, is_working=is_working) for past in history}
    forecast = _scored(now, _continued(_values(now), [course[past] for past in history[-LOOK_BACK:]]), rules)
    current = _scored(now, _values(now), rules)
    checks: dict[str, list[Check]] = {unit: [] for unit in now.units}
    for place, past in list(enumerate(history))[-CHECKED:]:
        before = [course[one] for one in history[max(0, place - LOOK_BACK) : place]]
        if len(before) < FEWEST_BEFORE:
            continue
        foreseen = _scored(now, _continued(course[past].then, before), rules)
        came = _scored(now, course[past].end, rules)
        for unit in now.units:
            checks[unit].append(Check(past, foreseen[unit].total, came[unit].total))
    return {
        unit: Forecast(
            unit=unit,
            now=current[unit].total,
            end=forecast[unit].total,
            half_width=_half_width([check.error for check in checks[unit]]),
            points={
                row.code: (row.points, later.points)
                for row, later in zip(current[unit].rows, forecast[unit].rows, strict=True)
            },
            checks=tuple(checks[unit]),
        )
        for unit in now.units
    }


Values = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class _Course:
    """A past month: its dossier measures at the same point, and at its end, in the order of today's units."""

    then: Values
    end: Values

    @classmethod
    def of(
        cls, month: Period, *, left: int, known: Known, like: Measures, is_working: Callable[[date], bool]
    ) -> "_Course":
        then = known(month, _day_with(left, month, is_working))
        return cls(_like(then, like), _like(known(month, month.last_day), like))


def _values(measures: Measures) -> Values:
    return {name: values for name, values in measures.values.items() if name.startswith(_DOSSIERS)}


def _like(measures: Measures, like: Measures) -> Values:
    """Return the dossier measures in the order of today's units; a unit that was not there had nothing."""
    places = {code: place for place, code in enumerate(measures.units)}
    taken = np.array([places.get(code, -1) for code in like.units], dtype=np.intp)
    return {name: np.where(taken >= 0, values[taken], 0) for name, values in _values(measures).items()}


def _continued(values: Values, courses: Sequence[_Course]) -> Values:
    """Add to the values what the months on average still came to after the same point."""
    if not courses:
        return values
    found = {}
    for name, given in values.items():
        further = sum((course.end[name] - course.then[name] for course in courses), np.zeros_like(given))
        # Rounded half up, away from nothing: a tenth of a dossier is none.
        found[name] = np.maximum(0, given + np.floor_divide(2 * further + len(courses), 2 * len(courses)))
    return found


def _scored(now: Measures, values: Values, rules: IndicatorSet) -> dict[str, score.UnitScore]:
    measures = replace(now, values={**now.values, **values})
    counts = evaluate.counts_of(measures, rules=rules)
    card = score.score(rules=rules, units=evaluate.units_of(measures), counts=counts)
    return {scored.unit.code: scored for scored in card.units}


def _half_width(errors: Sequence[Fraction]) -> Fraction | None:
    """Return the smallest width that holds the wanted share of errors, one more being still to come."""
    rank = ceil(CONFIDENCE * (len(errors) + 1))
    if len(errors) < FEWEST_CHECKS or rank > len(errors):
        return None
    return sorted(abs(error) for error in errors)[rank - 1]


def _months_before(month: Period, number: int) -> list[Period]:
    """Return the months before, the oldest first."""
    found = [month]
    for _ in range(number):
        last = found[0].start - timedelta(days=1)
        found.insert(0, Period.month(last.year, last.month))
    return found[:-1]


def _working_days(day: date, month: Period, is_working: Callable[[date], bool]) -> int:
    """Return how many working days of the month come after the day."""
    return sum(is_working(one) for one in month if one > day)


def _day_with(left: int, month: Period, is_working: Callable[[date], bool]) -> date:
    """Return the last day after which at least so many working days of the month are left; else the day before it."""
    day = month.last_day
    while day >= month.start and _working_days(day, month, is_working) < left:
        day -= timedelta(days=1)
    return day
