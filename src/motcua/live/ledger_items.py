"""What of a loss hangs on no dossier, one by one: procedures, services, decisions, petitions, communes.

The lists are those of ``indicators.items``; what dossiers show about procedures comes from the live evidence instead
of the dossiers themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from motcua.facts.world import View, World
from motcua.indicators import evaluate, items
from motcua.indicators.items import LossItem
from motcua.indicators.losses import Loss
from motcua.lawbook.indicator_sets import Indicator
from motcua.live import figures
from motcua.live.ledger import Mark
from motcua.live.rollups import EVIDENCE
from motcua.live.scoring import LiveScore
from motcua.live.told import SYNCED

_DOSSIERS = "dossiers."
_SHOWN: Mapping[str, pl.DataType] = {
    "unit_code": pl.String(),
    "procedure_code": pl.String(),
    **dict.fromkeys(
        ("is_received", "is_online", "is_synced", "has_fee_amount", "has_online_payment", "has_population_data"),
        pl.Boolean(),
    ),
}


@dataclass(frozen=True, slots=True)
class ItemLoss:
    """Điểm mất của một chỉ số không đếm hồ sơ, và từng mục đứng sau nó."""

    indicator: Indicator
    loss: Loss
    share: Fraction
    """What each item carries: the loss divided by their number, so that they add up to it."""
    items: tuple[LossItem, ...]
    unlisted: int
    """How many are counted as missing but not found one by one; each carries a share too."""


def listed(live: LiveScore, *, losses: tuple[Loss, ...]) -> tuple[ItemLoss, ...]:
    """Return each loss with its items; one that hangs on another indicator's ratio has none and stands as a whole."""
    if not losses:
        return ()
    stage = _Stage(live)
    found = []
    for loss in losses:
        indicator = live.evaluation.rules.indicator(loss.row.code)
        if indicator is None:
            continue
        lister = items.listers().get(indicator.numerator or "")
        named = tuple(lister(stage.scene(loss.responsible), indicator)) if lister else ()
        weight = max(sum(item.weight for item in named), loss.missing or 0, 1)
        unlisted = weight - sum(item.weight for item in named)
        found.append(ItemLoss(indicator, loss, loss.lost / weight, named, unlisted))
    return tuple(found)


def unlisted(live: LiveScore, *, unit: str, marks: Sequence[Mark]) -> tuple[tuple[str, int], ...]:
    """Return, by indicator, how many lost dossiers no list can name.

    Those that a national report counts and the data does not have, and, where only some sources say whether the portal
    has a dossier, those of which nobody says it: they are not counted as synchronised (``live.told``).
    """
    measures = live.evaluation.measures
    found = []
    for mark in marks:
        there = next((name for name in mark.indicator.denominator if name.startswith(_DOSSIERS)), None)
        known = measures.value(there, measures.units.index(unit)) if there else None
        if known is None:
            continue
        more = max((mark.loss.row.count.denominator or 0) - known, 0)
        if live.coverage is not None and mark.indicator.numerator == SYNCED:
            place = live.layout.codes.index(unit)
            more += int(live.coverage.received[place] - live.coverage.told(SYNCED)[place])
        if more:
            found.append((mark.indicator.code, more))
    return tuple(found)


class _Stage:
    """The tables read once, and the scene of each responsible unit."""

    def __init__(self, live: LiveScore) -> None:
        evaluation = live.evaluation
        self._live = live
        self._tables = figures.catalogue_tables()
        self._world = World.of(self._tables, on=evaluation.on, clock=evaluation.clock, view=View.THEN)
        self._procedures: Mapping[str, Mapping[str, Any]] = {
            str(row["procedure_code"]): row for row in self._tables.rows("procedures")
        }

    def scene(self, unit: str) -> items.Scene:
        """Return where the lists of the unit look."""
        evaluation = self._live.evaluation
        return items.Scene(
            world=self._world,
            layout=self._live.layout,
            unit=unit,
            period=evaluation.period,
            options=evaluate.fact_options(evaluation.rules),
            calendar=evaluation.clock.calendar if evaluation.clock else None,
            dossiers=self._shown(unit),
            procedures=self._procedures,
        )

    def _shown(self, unit: str) -> pl.DataFrame:
        """Return one row for each unit and procedure of which a dossier of the period shows something."""
        evaluation, layout = self._live.evaluation, self._live.layout
        start, end = evaluation.period.start, evaluation.period.end
        rows = []
        for era, low, high in figures.slices(layout, start=start, end=end):
            tree = layout.history.eras[era].tree
            below = set(tree.below(unit)) if unit in tree.places else set()
            for code, procedure, *numbers in figures.evidence(low, high):
                if layout.history.successors.get(code, code) in below:
                    shown = {kind: number > 0 for kind, number in zip(EVIDENCE, numbers, strict=True)}
                    rows.append({
                        "unit_code": code,
                        "procedure_code": procedure,
                        "is_received": True,
                        "is_online": shown["online"],
                        "is_synced": shown["fee"] or shown["population"],
                        "has_fee_amount": shown["fee"],
                        "has_online_payment": shown["paid"],
                        "has_population_data": shown["population"],
                    })  # fmt: skip
        return pl.DataFrame(rows, schema=_SHOWN)
