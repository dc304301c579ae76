"""Đơn vị đã sắp xếp: the same period seen with the units of the time, and with those that have followed them."""

from dataclasses import dataclass
from datetime import datetime

from motcua.facts.world import View
from motcua.indicators.score import UnitScore
from motcua.kernel.time import Period
from motcua.live import scoring
from motcua.live.scoring import LiveScore


@dataclass(frozen=True, slots=True)
class Merged:
    """A unit in both views: its own points of the time, those with its predecessors, and theirs."""

    code: str
    name: str
    then: UnitScore | None
    """As the units were; None where it did not exist in the period."""
    now: UnitScore | None
    """With the dossiers of its predecessors."""
    predecessors: tuple[UnitScore, ...]
    """Those that the period knows, as they were scored."""


def both(*, period: Period, now: datetime) -> tuple[LiveScore, LiveScore]:
    """Return the score of the period with the units of the time, and with those of today."""
    return scoring.score(period=period, now=now), scoring.score(period=period, now=now, view=View.CURRENT)


def below(unit: str, *, then: LiveScore, now: LiveScore) -> tuple[Merged, ...]:
    """Return the unit itself and those under it today that have followed others, in the order of the tree."""
    tree = now.evaluation.measures.tree
    if unit not in tree.places:
        return ()
    old = {one.unit.code: one for one in then.evaluation.scorecard.units}
    new = {one.unit.code: one for one in now.evaluation.scorecard.units}
    followed: dict[str, list[str]] = {}
    for code, successor in now.layout.history.successors.items():
        if code != successor:
            followed.setdefault(successor, []).append(code)
    return tuple(
        Merged(
            code=code,
            name=tree.name(code),
            then=old.get(code),
            now=new.get(code),
            predecessors=tuple(old[one] for one in sorted(followed[code]) if one in old),
        )
        for code in tree.below(unit)
        if code in followed
    )
