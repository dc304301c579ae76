"""Chấm điểm: counts in, points out. Pure and exact; knows the rule set and nothing of where the counts come from.

A row is the points of one indicator for one unit. Rows are rounded as the law says, groups add rounded rows, the total
adds groups; a group that the portal shows as one row is rounded once (docs/dev/json-shapes.md shows an example).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Never

from motcua.lawbook.indicator_sets import Award, Grade, Indicator, IndicatorGroup, IndicatorSet

ONE = Fraction(1)
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Count:
    """Tử số và mẫu số of one indicator; None is the source's null.

    ``factor`` multiplies the ratio (3.3 is multiplied by the ratio of 1.4); None where that ratio is unknown. Counts
    that carry the factor already have 1.
    """

    numerator: int | None
    denominator: int | None
    factor: Fraction | None = ONE

    @property
    def ratio(self) -> Fraction | None:
        """The ratio in 0..1; None where it is unknown or the denominator is 0. More than all counts as all."""
        if self.numerator is None or not self.denominator or self.factor is None:
            return None
        share = ONE if self.numerator >= self.denominator else Fraction(self.numerator, self.denominator)
        return share if self.factor is ONE else share * self.factor


_NOTHING = Count(None, None)


@dataclass(frozen=True, slots=True)
class RatedUnit:
    """Đơn vị được chấm: its code, name, level (``province``, ``department``, ``commune``…) and the unit above."""

    code: str
    name: str
    level: str
    parent: str | None = None


class Basis(StrEnum):
    """What the points of a row rest on."""

    COUNTED = "counted"
    INHERITED = "inherited"
    """The ratio of the unit above: the indicator is counted for the province only."""
    ZERO_DENOMINATOR = "zero_denominator"
    UNKNOWN = "unknown"
    """The source gives no number (the portal's null)."""
    NOT_APPLICABLE = "not_applicable"
    ABSENT = "absent"
    """Nothing at all was given for the whole group."""
    INFORMATION = "information"
    """Shown, not scored."""


@dataclass(frozen=True, slots=True)
class Row:
    """Điểm một chỉ số của một đơn vị.

    ``exact`` is what the rule gives before rounding; ``points`` what counts in the group (not rounded where the group
    is rounded as one). Both are None where the indicator is left out of the sum.
    """

    code: str
    group: str
    count: Count
    ratio: Fraction | None
    exact: Fraction | None
    points: Fraction | None
    max_points: Fraction
    basis: Basis
    inherited_from: str | None = None

    @property
    def lost(self) -> Fraction:
        """Points between the maximum and the points given; nothing is lost where no points are due to be given."""
        return max(ZERO, self.max_points - (self.points or ZERO))


@dataclass(frozen=True, slots=True)
class GroupPoints:
    """Điểm một nhóm chỉ số."""

    code: str
    points: Fraction
    max_points: Fraction


@dataclass(frozen=True, slots=True)
class UnitScore:
    """Bảng điểm của một đơn vị; ``rank`` is 1 for the best of ``rank_of`` units of the same level (1, 2, 2, 4)."""

    unit: RatedUnit
    rows: tuple[Row, ...]
    groups: tuple[GroupPoints, ...]
    total: Fraction
    grade: Grade | None
    rank: int
    rank_of: int
    missing: tuple[str, ...]
    """Groups for which nothing was given: they count 0 points."""

    def row(self, code: str) -> Row:
        """Return the row of the indicator.

        Raises:
            KeyError: the rule set has no such indicator.
        """
        return next((row for row in self.rows if row.code == code), None) or _no(code)

    def group(self, code: str) -> GroupPoints:
        """Return the points of the group.

        Raises:
            KeyError: the rule set has no such group.
        """
        return next((group for group in self.groups if group.code == code), None) or _no(code)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Bảng điểm: every unit under one rule set, in the order given."""

    rules: IndicatorSet
    units: tuple[UnitScore, ...]

    def of(self, code: str) -> UnitScore:
        """Return the score of the unit.

        Raises:
            KeyError: the unit was not scored.
        """
        return next((scored for scored in self.units if scored.unit.code == code), None) or _no(code)


def score(*, rules: IndicatorSet, units: Sequence[RatedUnit], counts: Mapping[str, Mapping[str, Count]]) -> Scorecard:
    """Score every unit.

    Args:
        rules: the indicator set in force.
        units: whom to score; ``parent`` names the unit whose ratio is inherited.
        counts: per unit and indicator code. An indicator without an entry is unknown; a group without any entry is
            missing and counts 0 points.
    """
    given = _Given.of(rules, counts, {unit.code: unit.parent for unit in units})
    drafts = [_draft(given, unit) for unit in units]
    totals: dict[str, list[Fraction]] = {}
    for draft in drafts:
        totals.setdefault(draft.unit.level, []).append(draft.total)
    ranks = {level: _competition_ranks(level_totals) for level, level_totals in totals.items()}
    return Scorecard(
        rules=rules,
        units=tuple(
            UnitScore(
                unit=draft.unit,
                rows=draft.rows,
                groups=draft.groups,
                total=draft.total,
                grade=_grade(rules, draft.total),
                rank=ranks[draft.unit.level][draft.total],
                rank_of=len(totals[draft.unit.level]),
                missing=draft.missing,
            )
            for draft in drafts
        ),
    )


def exact_points(indicator: Indicator, ratio: Fraction) -> Fraction:
    """Return the points a ratio gives before rounding: in proportion up to the target, and no more where capped."""
    maximum, target = _exact(indicator.max_points), _exact(indicator.scoring.full_at)
    if indicator.scoring.is_capped and ratio >= target:
        return maximum
    return maximum * ratio if target == 1 else maximum * ratio / target


@lru_cache(maxsize=512)
def _exact(number: Decimal) -> Fraction:
    """Return the number of a law file as a fraction: the same few are asked for in every row."""
    return Fraction(number)


def round_half_up(value: Fraction, *, decimals: int) -> Fraction:
    """Return the value rounded to the decimals, halves upwards; ``value`` is not negative."""
    scale = 10**decimals
    top = value.numerator * scale
    return Fraction((2 * top + value.denominator) // (2 * value.denominator), scale)


@dataclass(frozen=True, slots=True)
class _Draft:
    unit: RatedUnit
    rows: tuple[Row, ...]
    groups: tuple[GroupPoints, ...]
    total: Fraction
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """What every row is computed from."""

    rules: IndicatorSet
    counts: Mapping[str, Mapping[str, Count]]
    parents: Mapping[str, str | None]
    plan: tuple[tuple[IndicatorGroup, tuple[Indicator, ...]], ...]

    @classmethod
    def of(
        cls, rules: IndicatorSet, counts: Mapping[str, Mapping[str, Count]], parents: Mapping[str, str | None]
    ) -> "_Given":
        """Lay the rule set out by group."""
        plan = tuple((group, rules.indicators_of(group.code)) for group in rules.groups)
        return cls(rules, counts, parents, plan)

    def count(self, indicator: Indicator, unit: str) -> tuple[Count, str | None]:
        """Return the unit's count, or the one it inherits and from whom."""
        own = self.counts.get(unit, {}).get(indicator.code)
        if indicator.inherit and (own is None or own.ratio is None):
            for above in _above(unit, self.parents):
                theirs = self.counts.get(above, {}).get(indicator.code)
                if theirs is not None and theirs.ratio is not None:
                    return theirs, above
        return own or _NOTHING, None


def _draft(given: _Given, unit: RatedUnit) -> _Draft:
    rows: list[Row] = []
    groups: list[GroupPoints] = []
    missing: list[str] = []
    own = given.counts.get(unit.code, {})
    for group, indicators in given.plan:
        drawn = [_row(given, group, indicator, unit) for indicator in indicators]
        scored = [row for row in drawn if row.basis is not Basis.INFORMATION]
        if scored and all(row.basis is Basis.UNKNOWN and row.code not in own for row in scored):
            missing.append(group.code)
            drawn = [_absent(row) for row in drawn]
        rows += drawn
        groups.append(_group(given, group, drawn))
    return _Draft(unit, tuple(rows), tuple(groups), sum((group.points for group in groups), ZERO), tuple(missing))


def _row(given: _Given, group: IndicatorGroup, indicator: Indicator, unit: RatedUnit) -> Row:
    count, inherited_from = given.count(indicator, unit.code)
    exact, ratio, basis = _points(indicator, unit, count)
    if basis is Basis.COUNTED and inherited_from is not None:
        basis = Basis.INHERITED
    points = exact
    if exact is not None and not group.round_as_one:
        points = round_half_up(exact, decimals=given.rules.rounding.decimals)
    return Row(
        code=indicator.code,
        group=group.code,
        count=count,
        ratio=ratio,
        exact=exact,
        points=points,
        max_points=_exact(indicator.max_points),
        basis=basis,
        inherited_from=inherited_from,
    )


def _points(indicator: Indicator, unit: RatedUnit, count: Count) -> tuple[Fraction | None, Fraction | None, Basis]:
    """Return the points before rounding, the ratio shown, and what they rest on."""
    ratio = count.ratio
    if not indicator.is_scored:
        return None, ratio, Basis.INFORMATION
    if indicator.not_applicable is not None and unit.level in indicator.not_applicable.levels:
        return _award(indicator, indicator.not_applicable.points), None, Basis.NOT_APPLICABLE
    if ratio is not None:
        return exact_points(indicator, ratio), ratio, Basis.COUNTED
    if count.denominator == 0:
        undivided, basis = indicator.zero_denominator, Basis.ZERO_DENOMINATOR
    else:
        undivided, basis = indicator.null_value, Basis.UNKNOWN
    shown = None if undivided.ratio is None else Fraction(undivided.ratio)
    return _award(indicator, undivided.points), shown, basis


def _award(indicator: Indicator, award: Award) -> Fraction | None:
    if award is Award.NONE:
        return None
    return _exact(indicator.max_points) if award is Award.FULL else ZERO


def _absent(row: Row) -> Row:
    if row.basis is Basis.INFORMATION:
        return row
    return Row(row.code, row.group, row.count, None, None, None, row.max_points, Basis.ABSENT)


def _group(given: _Given, group: IndicatorGroup, rows: Sequence[Row]) -> GroupPoints:
    total = sum((row.points for row in rows if row.points is not None), ZERO)
    if group.round_as_one:
        total = round_half_up(total, decimals=given.rules.rounding.decimals)
    # A row without a cap of its own must not lift its group above what the group can give.
    maximum = _exact(group.max_points)
    return GroupPoints(group.code, min(total, maximum), maximum)


def _above(code: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    seen = {code}
    above = parents.get(code)
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = parents.get(above)


def _competition_ranks(totals: Sequence[Fraction]) -> dict[Fraction, int]:
    """Return the rank of every total: equal totals share the better rank, the next one counts all before it."""
    ranks: dict[Fraction, int] = {}
    for place, total in enumerate(sorted(totals, reverse=True), start=1):
        ranks.setdefault(total, place)
    return ranks


def _grade(rules: IndicatorSet, total: Fraction) -> Grade | None:
    reached = [grade for grade in rules.grades if total >= Fraction(grade.from_points)]
    return max(reached, key=lambda grade: grade.from_points) if reached else None


def _no(code: str) -> Never:
    raise KeyError(code)
