"""Bộ chỉ số: groups, indicators, points and how points follow from a ratio, as one dated version says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from motcua.kernel.citation import Citation


class ScoringRule(StrEnum):
    """How points follow from the ratio."""

    LINEAR = "linear"
    """points = max_points · ratio / full_at, at most max_points where capped."""
    INFORMATION = "information"
    """Shown, never scored."""


class Award(StrEnum):
    """What an indicator earns that cannot be divided, or does not apply."""

    NONE = "none"
    """No points and no zero: shown as null, left out of the sum."""
    ZERO = "zero"
    FULL = "full"


class Status(StrEnum):
    """Whether a version is law or a proposal."""

    IN_FORCE = "in_force"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Scoring:
    """Cách quy điểm. ``full_at`` is the ratio, in (0, 1], from which the points are full."""

    rule: ScoringRule
    full_at: Decimal
    is_capped: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class Undivided:
    """What is awarded where there is nothing to divide; ``ratio`` is what the source shows then (None: nothing)."""

    points: Award
    ratio: Decimal | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Không áp dụng: the levels of units that an indicator does not apply to, and what they get for it."""

    levels: tuple[str, ...]
    points: Award
    citation: Citation


@dataclass(frozen=True, slots=True)
class Indicator:
    """Chỉ số thành phần.

    ``numerator`` is a measure; ``denominator`` holds one measure, or several of which the larger counts. Both are
    empty where no data to count them exists (``not_counted_vi`` says why): then only figures given from outside, or
    the award for a null value, can score it.
    """

    code: str
    number: str
    group: str
    name_vi: str
    max_points: Decimal
    scoring: Scoring
    numerator: str | None
    denominator: tuple[str, ...]
    times_ratio_of: str | None
    zero_denominator: Undivided
    null_value: Undivided
    inherit: bool
    not_applicable: NotApplicable | None
    citation: Citation
    points_citation: Citation
    inherit_citation: Citation
    remedy_vi: str
    not_counted_vi: str
    note_vi: str

    @property
    def is_scored(self) -> bool:
        """Whether the indicator can earn points."""
        return self.scoring.rule is not ScoringRule.INFORMATION

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure the indicator names."""
        return ((self.numerator,) if self.numerator else ()) + self.denominator


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """Nhóm chỉ số. ``round_as_one``: one row on the portal, its points added first and rounded once."""

    code: str
    number: str
    name_vi: str
    max_points: Decimal
    round_as_one: bool
    also_named: tuple[str, ...]
    citation: Citation
    round_citation: Citation
    note_vi: str


@dataclass(frozen=True, slots=True)
class Grade:
    """Xếp loại: the grade from so many points on."""

    code: str
    name_vi: str
    from_points: Decimal
    citation: Citation


class RoundingMode(StrEnum):
    """How points are rounded."""

    HALF_UP = "half_up"


@dataclass(frozen=True, slots=True)
class Rounding:
    """Làm tròn: each row to so many decimals, groups and total being sums of rounded rows."""

    decimals: int
    mode: RoundingMode
    citation: Citation


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """One version of one variant of a set, in the order of its file.

    ``facts`` says how the set reads dossiers, decisions and petitions (``motcua.facts.options``); ``law_hash`` is the
    sha256 of everything the file says.
    """

    set: str
    variant: str
    name_vi: str
    effective_from: date
    effective_to: date | None
    status: Status
    max_points: Decimal
    rounding: Rounding
    grades: tuple[Grade, ...]
    groups: tuple[IndicatorGroup, ...]
    indicators: tuple[Indicator, ...]
    facts: Mapping[str, bool | int | str]
    fact_citations: Mapping[str, Citation]
    citation: Citation
    note_vi: str
    path: Path
    law_hash: str

    @property
    def name(self) -> str:
        """What ``--rules`` calls it: ``qd766/portal``."""
        return f"{self.set}/{self.variant}" if self.variant else self.set

    @property
    def version(self) -> str:
        """The name that results carry: ``qd766/portal/2026-01-01``."""
        return f"{self.name}/{self.effective_from.isoformat()}"

    def indicator(self, code: str) -> Indicator | None:
        """Return the indicator of that code; None if the set has none."""
        return next((indicator for indicator in self.indicators if indicator.code == code), None)

    def group(self, code: str) -> IndicatorGroup | None:
        """Return the group of that code, or of a name the portal also uses for it; None if the set has none."""
        return next((group for group in self.groups if code == group.code or code in group.also_named), None)

    def indicators_of(self, group: str) -> tuple[Indicator, ...]:
        """Return the indicators of a group in order."""
        return tuple(indicator for indicator in self.indicators if indicator.group == group)

    def grade(self, points: Decimal) -> Grade | None:
        """Return the grade of so many points; None where the set has no grades."""
        reached = [grade for grade in self.grades if points >= grade.from_points]
        return max(reached, key=lambda grade: grade.from_points) if reached else None
