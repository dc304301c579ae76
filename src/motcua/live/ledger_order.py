"""The order of the ledger, said twice alike: for arrays of reasons, and for PostgreSQL.

Points are fractions; to put dossiers in order they are counted in whole parts of a millionth of a billionth of a point,
so that both sides add up the same whole numbers and agree on every tie.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motcua.live import losing_marks
from motcua.live.ledger import Mark, Narrowing

PARTS = 10**15
"""Parts of a point: the dearest dossier (100 points) stays within a 64-bit number."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How one mark weighs: what a dossier's reasons must have and must not have to lose it."""

    weight: int
    any_of: tuple[int, ...]
    """Of each of these sets of bits at least one."""
    none_of: int
    is_handled: bool
    """Whether dossiers carried into the period lose it too."""

    def loses(self, reasons: int) -> bool:
        """Tell whether a dossier received in the period loses the mark."""
        return all(reasons & bits for bits in self.any_of) and not reasons & self.none_of


def weighings(marks: Sequence[Mark], *, narrowing: Narrowing) -> tuple[Weighing, ...]:
    """Return how the wanted marks weigh."""
    found = []
    for mark in marks:
        if narrowing.indicator and mark.indicator.code != narrowing.indicator:
            continue
        any_of, none_of = [mark.lost_by.bits], mark.lost_by.outside
        lasting = mark.lost_by.bits & losing_marks.LASTING
        if narrowing.reason:
            any_of.append(mark.lost_by.bits & losing_marks.mask(narrowing.reason))
        if narrowing.repair == "yes":
            none_of |= lasting
        elif narrowing.repair:
            any_of.append(lasting)
        weight = round(mark.share * PARTS)
        found.append(Weighing(weight, tuple(any_of), none_of, mark.lost_by.is_handled))
    return tuple(found)


def weight(kind: tuple[int, bool, bool], *, weighings: Sequence[Weighing]) -> int:
    """Return what a dossier of the kind weighs: its reasons, whether late by the hour, whether carried."""
    reasons, is_late_open, is_carried = kind
    held = reasons | (losing_marks.LATE_OPEN if is_late_open else 0)
    return sum(one.weight for one in weighings if one.loses(held) and (one.is_handled or not is_carried))


def walk(stored: Sequence[int], *, weighings: Sequence[Weighing]) -> list[tuple[int, int]]:
    """Return (weight, reasons) of the sets of reasons that lose something in the period, the heaviest first."""
    reasons = np.array(stored, dtype=np.int64)
    total = np.zeros(len(reasons), dtype=np.int64)
    for one in weighings:
        lost = (reasons & one.none_of) == 0
        for bits in one.any_of:
            lost &= (reasons & bits) != 0
        total += np.where(lost, one.weight, 0)
    order = np.lexsort((reasons, -total))
    return [
        (weight, held) for weight, held in zip(total[order].tolist(), reasons[order].tolist(), strict=True) if weight
    ]


def sql(weighings: Sequence[Weighing]) -> str:
    """Return the weight as an expression over the columns ``reasons``, ``is_late_open`` and ``is_carried``."""
    held = f"(reasons | CASE WHEN is_late_open THEN {losing_marks.LATE_OPEN} ELSE 0 END)"
    cases = [
        "CASE WHEN "
        + " AND ".join(
            [f"{held} & {bits} <> 0" for bits in one.any_of]
            + ([f"{held} & {one.none_of} = 0"] if one.none_of else [])
            + ([] if one.is_handled else ["NOT is_carried"])
        )
        + f" THEN {one.weight}::bigint ELSE 0 END"
        for one in weighings
    ]
    return " + ".join(cases) or "0::bigint"
