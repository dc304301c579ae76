"""Sổ mất điểm: what every lost point hangs on, dossier by dossier, so that the shares add up to the loss exactly.

The loss of an indicator is shared equally among the dossiers that its denominator counts and its numerator misses.
Where a cap gives full points below all of them (``full_at``), fewer repaired dossiers than listed win the loss back:
``Mark`` says what one more brings and how many fill it. A dossier that loses at several indicators stands once, with
the sum. What hangs on no dossier (procedures, petitions, missing data, the rounding of a group) is accounted for by
``balance``, so that the whole list is the whole loss.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from motcua.indicators import losses
from motcua.indicators.losses import Loss
from motcua.indicators.score import ZERO, Basis, UnitScore
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet
from motcua.live import losing_marks
from motcua.live.losing_marks import LATE_OPEN, LostBy


@dataclass(frozen=True, slots=True)
class Mark:
    """Điểm bị trừ của một hồ sơ ở một chỉ số. ``share`` is what each dossier lost by the indicator carries."""

    indicator: Indicator
    lost_by: LostBy
    loss: Loss
    share: Fraction


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Bộ lọc of the marks; empty = all. What it leaves out neither lists a dossier nor adds to its sum."""

    indicator: str = ""
    reason: str = ""
    """Code of a reason."""
    repair: str = ""
    """``yes``: marks that an honest correction wins back; ``no``: the others."""

    def takes(self, mark: Mark, reasons: int) -> bool:
        """Tell whether a mark lost for these reasons is wanted."""
        if self.indicator and mark.indicator.code != self.indicator:
            return False
        if self.reason and not mark.lost_by.of(reasons) & losing_marks.mask(self.reason):
            return False
        return not self.repair or mark.lost_by.is_repairable(reasons) == (self.repair == "yes")


EVERYTHING = Narrowing()


@dataclass(frozen=True, slots=True)
class LosingKind:
    """Dossiers that lose the same marks for the same reasons, and so the same points each."""

    reasons: int
    """As the row keeps them, without the hour's."""
    is_late_open: bool
    """Open and past the due moment now."""
    is_carried: bool
    """Received before the period and carried into it."""
    marks: tuple[Mark, ...]
    points: Fraction

    @property
    def all_reasons(self) -> int:
        """The bits of every reason that holds now."""
        return self.reasons | (LATE_OPEN if self.is_late_open else 0)

    @property
    def is_repairable(self) -> bool:
        """Whether something of it can still be won back."""
        return any(mark.lost_by.is_repairable(self.all_reasons) for mark in self.marks)

    @property
    def key(self) -> tuple[int, bool, bool]:
        """What names the kind in an address."""
        return self.reasons, self.is_late_open, self.is_carried


@dataclass(frozen=True, slots=True)
class Balance:
    """Điểm mất của đơn vị, chia hết: ``dossiers + others + unknown + rounding`` is the whole loss."""

    lost: Fraction
    """Points of the set less the unit's total."""
    dossiers: Fraction
    """Carried by the dossiers of the ledger."""
    others: tuple[Loss, ...]
    """Losses that hang on procedures, services, decisions, petitions, reports, or on another indicator's ratio."""
    unknown: tuple[Loss, ...]
    """Losses for want of data, or because nothing occurred."""
    unlisted: Fraction
    """The share of losses by dossiers that hangs on dossiers no list can name (``ledger_items.unlisted``)."""
    rounding: Fraction
    """What rounding a group as one, or its own maximum, adds or takes."""

    @property
    def other_points(self) -> Fraction:
        """Points of ``others``."""
        return sum((loss.lost for loss in self.others), ZERO)

    @property
    def unknown_points(self) -> Fraction:
        """Points of ``unknown``."""
        return sum((loss.lost for loss in self.unknown), ZERO)


def marks(scored: UnitScore, *, rules: IndicatorSet) -> tuple[Mark, ...]:
    """Return what one dossier loses at each indicator where the unit loses points by single dossiers."""
    found = []
    for loss in losses.of_unit(scored, rules=rules):
        indicator = rules.indicator(loss.row.code)
        lost_by = losing_marks.of_indicator(indicator) if indicator else None
        if indicator and lost_by and loss.is_counted and loss.lost and loss.missing:
            found.append(Mark(indicator, lost_by, loss, loss.lost / loss.missing))
    return tuple(found)


def balance(scored: UnitScore, *, rules: IndicatorSet, unlisted: Iterable[tuple[str, int]] = ()) -> Balance:
    """Return the account of the unit's loss; ``unlisted`` are lost dossiers of an indicator that no list can name."""
    found = losses.of_unit(scored, rules=rules)
    by_dossier = {mark.indicator.code: mark for mark in marks(scored, rules=rules)}
    not_found = sum((by_dossier[code].share * number for code, number in unlisted if code in by_dossier), ZERO)
    rest = [loss for loss in found if loss.lost and loss.row.code not in by_dossier]
    whole = Fraction(rules.max_points) - scored.total
    return Balance(
        lost=whole,
        dossiers=sum((mark.loss.lost for mark in by_dossier.values()), ZERO) - not_found,
        others=tuple(loss for loss in rest if loss.row.basis in {Basis.COUNTED, Basis.INHERITED}),
        unknown=tuple(loss for loss in rest if loss.row.basis not in {Basis.COUNTED, Basis.INHERITED}),
        unlisted=not_found,
        rounding=whole - sum((loss.lost for loss in found), ZERO),
    )


def kind(key: tuple[int, bool, bool], *, marks: Sequence[Mark], narrowing: Narrowing = EVERYTHING) -> LosingKind | None:
    """Return what dossiers of the kind lose (reasons, open past the due moment, carried); None if nothing."""
    reasons, is_late_open, is_carried = key
    held = reasons | (LATE_OPEN if is_late_open else 0)
    lost = tuple(
        mark
        for mark in marks
        if mark.lost_by.loses(held) and (mark.lost_by.is_handled or not is_carried) and narrowing.takes(mark, held)
    )
    if not lost:
        return None
    return LosingKind(reasons, is_late_open, is_carried, lost, sum((mark.share for mark in lost), ZERO))
