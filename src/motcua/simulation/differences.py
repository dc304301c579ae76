"""Two scorecards side by side: what changed, per unit, group and indicator."""

from dataclasses import dataclass
from fractions import Fraction

from motcua.indicators.score import Row, Scorecard, UnitScore

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One indicator before and after; None where a rule set does not have it."""

    code: str
    before: Row | None
    after: Row | None

    @property
    def change(self) -> Fraction:
        """Points gained (negative: lost); what is not scored counts 0."""
        return _points(self.after) - _points(self.before)


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """One group before and after; None where a rule set does not have it."""

    code: str
    before: Fraction | None
    after: Fraction | None

    @property
    def change(self) -> Fraction:
        """Points gained."""
        return (self.after or ZERO) - (self.before or ZERO)


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """One unit before and after; None where it was not measured."""

    code: str
    name: str
    before: UnitScore | None
    after: UnitScore | None

    @property
    def change(self) -> Fraction | None:
        """Points gained; None where the unit is on one side only."""
        return None if self.before is None or self.after is None else self.after.total - self.before.total

    @property
    def groups(self) -> tuple[GroupDifference, ...]:
        """Every group of either side, in the order of the rule sets."""
        before = {} if self.before is None else {group.code: group.points for group in self.before.groups}
        after = {} if self.after is None else {group.code: group.points for group in self.after.groups}
        return tuple(GroupDifference(code, before.get(code), after.get(code)) for code in dict.fromkeys(before | after))

    @property
    def rows(self) -> tuple[RowDifference, ...]:
        """Every indicator of either side, in the order of the rule sets."""
        before = {} if self.before is None else {row.code: row for row in self.before.rows}
        after = {} if self.after is None else {row.code: row for row in self.after.rows}
        return tuple(RowDifference(code, before.get(code), after.get(code)) for code in dict.fromkeys(before | after))


def between(before: Scorecard, after: Scorecard) -> tuple[UnitDifference, ...]:
    """Return every unit of either scorecard, those of ``before`` first."""
    old = {scored.unit.code: scored for scored in before.units}
    new = {scored.unit.code: scored for scored in after.units}
    return tuple(
        UnitDifference(code, (new.get(code) or old[code]).unit.name, old.get(code), new.get(code))
        for code in dict.fromkeys([*old, *new])
    )


def _points(row: Row | None) -> Fraction:
    return ZERO if row is None or row.points is None else row.points
