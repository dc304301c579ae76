"""Phân bố: how much of an indicator, a group or the whole the units of a tree reach, and in which class each falls.

Classes go from the best (0) to the worst (4); what is unknown has none. Pure: a scorecard in, classes out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from motcua.indicators.score import Basis, Row, Scorecard, UnitScore
from motcua.lawbook.indicator_sets import IndicatorSet

WHOLE = "TONG"
"""Stands for all 100 points where a group or an indicator could be named."""

CLASSES = 5


class Kind(StrEnum):
    """What a subject is."""

    WHOLE = "whole"
    GROUP = "group"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True)
class Subject:
    """Nội dung so sánh: all points, one group or one indicator; ``number`` as the law numbers it, else empty."""

    kind: Kind
    code: str
    number: str
    name: str
    maximum: Fraction
    group: str = ""

    @property
    def key(self) -> str:
        """Names it in an address; a group and an indicator may have the same code."""
        return f"nhom-{self.code}" if self.kind is Kind.GROUP else self.code


@dataclass(frozen=True, slots=True)
class Reached:
    """Kết quả của một đơn vị: points of the maximum; None where nothing is known or nothing was due to be scored."""

    unit: str
    name: str
    level: str
    points: Fraction | None
    maximum: Fraction
    founded: Fraction
    """Of how many of the maximum points the figures are known; nothing happened or nothing is told for the rest."""

    @property
    def share(self) -> Fraction | None:
        """The share of the maximum, in 0..1."""
        return None if self.points is None or not self.maximum else self.points / self.maximum

    @property
    def judged(self) -> Fraction | None:
        """The share where it says something of the unit: where at least half of the points rest on figures.

        A commune without a single dossier has 0 points by the law; it is not the worst of the province.
        """
        return self.share if self.founded * 2 >= self.maximum else None

    @property
    def lost(self) -> Fraction | None:
        """The points missing to the maximum."""
        return None if self.points is None else max(Fraction(0), self.maximum - self.points)


def subjects(rules: IndicatorSet) -> tuple[Subject, ...]:
    """Return the whole, then each group with its scored indicators after it."""
    found = [Subject(Kind.WHOLE, WHOLE, "", "Tổng điểm", Fraction(rules.max_points))]
    for group in rules.groups:
        found.append(Subject(Kind.GROUP, group.code, "", group.name_vi, Fraction(group.max_points), group.code))
        found += [
            Subject(Kind.INDICATOR, one.code, one.number, one.name_vi, Fraction(one.max_points), group.code)
            for one in rules.indicators_of(group.code)
            if one.is_scored
        ]
    return tuple(found)


def subject(rules: IndicatorSet, key: str) -> Subject | None:
    """Return the subject of that key, None where the rule set has none such."""
    return next((one for one in subjects(rules) if one.key == key), None)


def reached(card: Scorecard, wanted: Subject, *, units: Collection[str]) -> tuple[Reached, ...]:
    """Return what each of the units reaches, in the order of the scorecard."""
    return tuple(_of(one, wanted) for one in card.units if one.unit.code in units)


def by_grade(rules: IndicatorSet) -> tuple[Fraction, ...]:
    """Return the shares from which the classes 0 to 3 begin, where the rule set grades the whole (90, 80, 70, 50).

    The law grades totals only; the same shares serve groups and indicators, so that colours mean the same everywhere.
    """
    cuts = sorted({Fraction(grade.from_points) / Fraction(rules.max_points) for grade in rules.grades}, reverse=True)
    return tuple(cut for cut in cuts if cut > 0)[: CLASSES - 1]


def by_fifths(shares: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return the shares that part the units into five classes as equal as ties allow, the best first."""
    ordered = sorted(shares, reverse=True)
    if not ordered:
        return ()
    cuts = [ordered[max(0, -(-len(ordered) * n // CLASSES) - 1)] for n in range(1, CLASSES)]
    return tuple(sorted(set(cuts), reverse=True))


def class_of(share: Fraction, cuts: Sequence[Fraction]) -> int:
    """Return the class of a share: how many of the falling cuts it stays under."""
    return sum(share < cut for cut in cuts)


def _of(scored: UnitScore, wanted: Subject) -> Reached:
    rows = [row for row in scored.rows if row.basis is not Basis.INFORMATION and _is_of(row, wanted)]
    founded = sum((row.max_points for row in rows if row.basis in _FOUNDED), Fraction(0))
    return Reached(
        scored.unit.code, scored.unit.name, scored.unit.level, _points(scored, wanted), wanted.maximum, founded
    )


def _is_of(row: Row, wanted: Subject) -> bool:
    match wanted.kind:
        case Kind.WHOLE:
            return True
        case Kind.GROUP:
            return row.group == wanted.code
        case Kind.INDICATOR:
            return row.code == wanted.code


def _points(scored: UnitScore, wanted: Subject) -> Fraction | None:
    if wanted.kind is Kind.WHOLE:
        return scored.total
    if wanted.kind is Kind.GROUP:
        return None if wanted.code in scored.missing else scored.group(wanted.code).points
    row = scored.row(wanted.code)
    if row.points is None or row.basis in _UNKNOWN:
        return None
    # A ratio beyond the target may earn a row more than its maximum; a class has no place above full.
    return min(row.points, wanted.maximum)


_UNKNOWN = frozenset({Basis.UNKNOWN, Basis.ABSENT})
_FOUNDED = frozenset({Basis.COUNTED, Basis.INHERITED, Basis.NOT_APPLICABLE})
