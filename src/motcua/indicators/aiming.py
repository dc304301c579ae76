"""Mục tiêu: whether a target is met, and what points meeting the targets would bring. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from motcua.indicators import score
from motcua.indicators.score import Basis, Row, UnitScore
from motcua.indicators.spread import WHOLE
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.lawbook.targets import Metric

_UNKNOWN = frozenset({Basis.UNKNOWN, Basis.ABSENT})


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be reached: a share in (0, 1], points, or a number that the numerator counts."""

    metric: Metric
    value: Decimal


def is_met(row: Row, aim: Aim) -> bool | None:
    """Tell whether an indicator reaches its target; None where its figure is not known."""
    reached: Fraction | int | None
    match aim.metric:
        case Metric.RATIO:
            reached = row.ratio
        case Metric.COUNT:
            reached = row.count.numerator
        case Metric.POINTS:
            reached = None if row.basis in _UNKNOWN else row.points
    return None if reached is None else reached >= Fraction(aim.value)


def points_at(row: Row, aim: Aim, *, rules: IndicatorSet) -> Fraction | None:
    """Return the points of an indicator that just reaches its target; None where a number has no ratio."""
    indicator = rules.indicator(row.code)
    if indicator is None or not indicator.is_scored:
        return None
    value = Fraction(aim.value)
    match aim.metric:
        case Metric.POINTS:
            return min(value, row.max_points)
        case Metric.RATIO:
            ratio = value
        case Metric.COUNT:
            if not row.count.denominator:
                return None
            ratio = min(Fraction(1), value / row.count.denominator)
    return min(score.exact_points(indicator, ratio), row.max_points)


def of_group(scored: UnitScore, group: str, aims: Mapping[str, Aim], *, rules: IndicatorSet) -> Fraction | None:
    """Return the target of a group in points; None where there is none.

    A target set for the group itself goes first. Else it is what the group has once each of its indicators with a
    target reaches it, the others staying as they are.
    """
    own = aims.get(f"nhom-{group}")
    maximum = scored.group(group).max_points
    if own is not None and own.metric is Metric.POINTS:
        return min(Fraction(own.value), maximum)
    points, has_target = scored.group(group).points, False
    for row in scored.rows:
        aim = aims.get(row.code) if row.group == group else None
        reached = points_at(row, aim, rules=rules) if aim is not None else None
        if reached is not None:
            has_target = True
            points += max(Fraction(0), reached - (row.points or 0))
    return min(points, maximum) if has_target else None


def of_total(scored: UnitScore, aims: Mapping[str, Aim], *, rules: IndicatorSet) -> Fraction | None:
    """Return the target of all points: the one set for the whole, else the groups' targets with the rest as it is."""
    own = aims.get(WHOLE)
    if own is not None and own.metric is Metric.POINTS:
        return Fraction(own.value)
    found = {group.code: of_group(scored, group.code, aims, rules=rules) for group in scored.groups}
    if all(target is None for target in found.values()):
        return None
    return sum((max(group.points, found[group.code] or Fraction(0)) for group in scored.groups), Fraction(0))
