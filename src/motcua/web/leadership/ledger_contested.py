"""Both figures wherever points are shown: the official one, and the one without accepted contests where they differ."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.live import contested
from motcua.live.scoring import LiveScore
from motcua.reports import figures


@dataclass(frozen=True, slots=True)
class BothFigures:
    """Hai số của một đơn vị, as ``leadership/contested.html`` says them."""

    official: str
    without: str
    dossiers: int
    """How many dossiers, of the unit and all below, are left out of the second."""
    is_other: bool
    """Whether the two still differ after rounding."""


def by_unit(live: LiveScore) -> Mapping[str, BothFigures]:
    """Return both figures of every unit that has an accepted contest in the period; empty where there is none."""
    found = contested.score_without(live)
    if found is None:
        return {}
    shown = {}
    for scored in live.evaluation.scorecard.units:
        total = found.total(scored.unit.code)
        if total is not None:
            shown[scored.unit.code] = BothFigures(
                official=figures.number(scored.total, decimals=2),
                without=figures.number(total, decimals=2),
                dossiers=found.dossiers[scored.unit.code],
                is_other=total != scored.total,
            )
    return shown
