"""Points lost, by arithmetic alone: how much, what one more would bring, and how many would win it all back."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from motcua.indicators import score
from motcua.indicators.score import ONE, ZERO, Basis, Count, Row, Scorecard, UnitScore
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet


@dataclass(frozen=True, slots=True)
class Loss:
    """Điểm mất của một đơn vị ở một chỉ số.

    ``unit`` loses the points, ``responsible`` can win them back: the unit above where the ratio is inherited.
    """

    unit: str
    responsible: str
    row: Row
    lost: Fraction
    """Maximum less the points given, after rounding as the law rounds."""
    missing: int | None
    """How many the denominator counts and the numerator does not; None where they are not known."""
    one_more: Fraction | None
    """What one more in the numerator adds before rounding, the cap included; None where nothing is counted."""
    to_fill: int | None
    """How many more reach the target exactly; None where the numerator alone cannot."""
    to_show_full: int | None
    """How many more until the rounded points are full: rounding forgives the last few."""

    @property
    def is_counted(self) -> bool:
        """Whether the points follow from a ratio, so that single dossiers or procedures carry the loss."""
        return self.row.basis in {Basis.COUNTED, Basis.INHERITED}


def of_unit(scored: UnitScore, *, rules: IndicatorSet) -> tuple[Loss, ...]:
    """Return the loss of every scored indicator of the unit, in the order of the rule set, losses of 0 included."""
    return tuple(
        _of_row(row, indicator, scored.unit.code, rules=rules)
        for row in scored.rows
        if row.basis is not Basis.INFORMATION and (indicator := rules.indicator(row.code)) is not None
    )


def largest(scorecard: Scorecard, *, unit: str) -> tuple[Loss, ...]:
    """Return what the unit loses, the largest loss first, without what is not lost."""
    found = of_unit(scorecard.of(unit), rules=scorecard.rules)
    return tuple(sorted((loss for loss in found if loss.lost), key=lambda loss: -loss.lost))


def by_unit(scorecard: Scorecard, *, indicator: str) -> Iterator[tuple[UnitScore, Loss]]:
    """Go through the loss of every unit at one indicator."""
    for scored in scorecard.units:
        for loss in of_unit(scored, rules=scorecard.rules):
            if loss.row.code == indicator:
                yield scored, loss


def gain(indicator: Indicator, count: Count, *, more: int) -> Fraction:
    """Return what ``more`` in the numerator add before rounding, caps included."""
    if count.numerator is None or count.ratio is None:
        return ZERO
    after = Count(count.numerator + more, count.denominator, count.factor).ratio
    return score.exact_points(indicator, after or ZERO) - score.exact_points(indicator, count.ratio)


def _of_row(row: Row, indicator: Indicator, unit: str, *, rules: IndicatorSet) -> Loss:
    group = rules.group(row.group)
    is_rounded = group is None or not group.round_as_one
    is_counted = row.basis in {Basis.COUNTED, Basis.INHERITED}
    half_a_step = Fraction(1, 2 * 10**rules.rounding.decimals) if is_rounded else ZERO
    count = row.count
    return Loss(
        unit=unit,
        responsible=row.inherited_from or unit,
        row=row,
        lost=row.lost,
        missing=_missing(count) if is_counted else None,
        one_more=gain(indicator, count, more=1) if is_counted else None,
        to_fill=_more_until(indicator, count, points=row.max_points) if is_counted else None,
        to_show_full=_more_until(indicator, count, points=row.max_points - half_a_step) if is_counted else None,
    )


def _missing(count: Count) -> int:
    return max(0, (count.denominator or 0) - (count.numerator or 0))


def _more_until(indicator: Indicator, count: Count, *, points: Fraction) -> int | None:
    """Return how many more in the numerator until the indicator gives so many points; None if all are not enough."""
    if count.numerator is None or not count.denominator or count.factor is None:
        return None
    if not indicator.max_points:
        return 0
    wanted = Fraction(indicator.scoring.full_at) * points / Fraction(indicator.max_points)
    if wanted > count.factor * ONE:
        return None
    return max(0, ceil(wanted / count.factor * count.denominator) - count.numerator) if count.factor else 0
