"""Xếp hạng: who stands where among comparable units, and which of them cannot be told apart. Pure.

Ranks are competition ranks (1, 2, 2, 4) by the official points. A unit with too few dossiers is named without a rank.
The places a unit could hold follow from the bands: it is surely behind those whose whole band lies above its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from motcua.indicators import bands
from motcua.indicators.bands import Band
from motcua.indicators.score import UnitScore
from motcua.indicators.spread import Kind, Subject
from motcua.lawbook.indicator_sets import IndicatorSet


class Unranked(StrEnum):
    """Why a unit has no rank."""

    FEW = "few"
    """Too few dossiers (or petitions): one of them would decide."""
    UNKNOWN = "unknown"
    """Nothing is known of what is compared."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared of one unit: its points with their band, the maximum, and how many the comparison rests on."""

    code: str
    name: str
    level: str
    points: Fraction
    maximum: Fraction
    band: Band
    counted: int | None
    """The denominator; None where the ratio is over a stock, which has no minimum."""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """Thứ hạng của một đơn vị.

    ``best`` and ``worst`` are the places that chance leaves open; ``alike`` names the other ranked units whose bands
    overlap with its own.
    """

    candidate: Candidate
    rank: int | None
    best: int | None
    worst: int | None
    alike: tuple[str, ...]
    unranked: Unranked | None = None


def rank(candidates: Sequence[Candidate], *, minimum: int) -> tuple[Placed, ...]:
    """Return the candidates from the best to the worst, equals in the order given, those without a rank last."""
    reasons = {one.code: _unranked(one, minimum=minimum) for one in candidates}
    ranked = sorted((one for one in candidates if reasons[one.code] is None), key=lambda one: -one.points)
    found = []
    for one in ranked:
        others = [other for other in ranked if other.code != one.code]
        above = sum(other.band.low > one.band.high for other in others)
        alike = tuple(other.code for other in others if one.band.overlaps(other.band))
        place = 1 + sum(other.points > one.points for other in others)
        found.append(Placed(one, place, 1 + above, 1 + above + len(alike), alike))
    rest = [Placed(one, None, None, None, (), reasons[one.code]) for one in candidates if reasons[one.code] is not None]
    return (*found, *rest)


def _unranked(one: Candidate, *, minimum: int) -> Unranked | None:
    if not one.is_known:
        return Unranked.UNKNOWN
    return Unranked.FEW if one.counted is not None and one.counted < minimum else None


def candidate(scored: UnitScore, subject: Subject, *, rules: IndicatorSet, z: float) -> Candidate:
    """Return what is compared of a unit: all its points, one group, or one indicator."""
    if subject.kind is Kind.WHOLE:
        rows, points = scored.rows, scored.total
        is_known = len(scored.missing) < len(scored.groups)
    elif subject.kind is Kind.GROUP:
        rows, points = tuple(row for row in scored.rows if row.group == subject.code), scored.group(subject.code).points
        is_known = subject.code not in scored.missing
    else:
        row = scored.row(subject.code)
        rows, points = (row,), row.points or Fraction(0)
        is_known = row.points is not None
    return Candidate(
        code=scored.unit.code,
        name=scored.unit.name,
        level=scored.unit.level,
        points=points,
        maximum=subject.maximum,
        band=bands.of_rows(rows, rules=rules, points=points, maximum=subject.maximum, z=z),
        counted=_counted(scored, subject, rules=rules),
        is_known=is_known,
    )


def handled(scored: UnitScore) -> int:
    """Return how many dossiers the unit had to handle in the period: its size."""
    return next((row.count.denominator or 0 for row in scored.rows if row.code == SIZE), 0)


SIZE = "ON_TIME"
"""Its denominator counts the dossiers received and handled in the period, carried ones included (indicator 2.1)."""


def _counted(scored: UnitScore, subject: Subject, *, rules: IndicatorSet) -> int | None:
    """Return what the minimum is held against: the indicator's own denominator, else the dossiers handled."""
    if subject.kind is not Kind.INDICATOR:
        return handled(scored)
    indicator = rules.indicator(subject.code)
    if indicator is None or bands.counts(indicator) not in {bands.DOSSIERS, bands.PETITIONS}:
        return None
    return scored.row(subject.code).count.denominator or 0


def size_classes(sizes: Mapping[str, int], *, classes: int) -> dict[str, int]:
    """Part units by size into classes of about equal number, 0 the smallest; units of one size share a class."""
    ordered = sorted(sizes.items(), key=lambda one: one[1])
    first_of: dict[int, int] = {}
    for place, (_, size) in enumerate(ordered):
        first_of.setdefault(size, place * classes // len(ordered))
    return {code: first_of[size] for code, size in sizes.items()}
