"""Mất điểm ở đâu: each loss with the dossiers and other things behind it, their shares adding up to it exactly."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from motcua.facts import listing
from motcua.facts.reasons import REASONS, Reason
from motcua.facts.world import World
from motcua.indicators import items, losses
from motcua.indicators.evaluate import Evaluation, fact_options
from motcua.indicators.items import ItemKind, LossItem, Scene
from motcua.indicators.losses import Loss
from motcua.indicators.score import Basis
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet

DOSSIERS = "dossiers."

_NO_DATA: Mapping[Basis, tuple[str, str]] = {
    Basis.UNKNOWN: ("no_data", "Không có số liệu để tính"),
    Basis.ABSENT: ("no_data", "Không có số liệu nào của cả nhóm"),
    Basis.ZERO_DENOMINATOR: ("nothing_to_count", "Mẫu số bằng 0: không phát sinh trong kỳ"),
    Basis.NOT_APPLICABLE: ("not_applicable", "Không áp dụng cho cấp này"),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """Điểm mất của một chỉ số và mọi thứ đứng sau nó.

    ``share`` is what one weight of an item carries: the loss divided by all weights, so the items add up to the loss
    without remainder. ``dossiers`` are those counted by the denominator and not by the numerator (None: the indicator
    does not count dossiers, or nothing is lost).
    """

    indicator: Indicator
    loss: Loss
    share: Fraction
    dossiers: pl.DataFrame | None
    others: tuple[LossItem, ...]
    reasons: tuple[str, ...] = ()
    """The codes of the bits of ``reason_set`` in ``dossiers``."""

    @property
    def weight(self) -> int:
        """How many shares the loss is divided into."""
        return (0 if self.dossiers is None else self.dossiers.height) + sum(item.weight for item in self.others)

    def items(self, *, limit: int | None = None) -> Iterator[LossItem]:
        """Go through the items (the first ``limit`` of them): dossiers first, those that can be repaired before others.

        Within each kind they stand by unit and code.
        """
        taken = 0
        if self.dossiers is not None:
            first = self.dossiers
            order = (~pl.col("is_repairable"), pl.col("unit_code").cast(pl.String), pl.col("dossier_code"))
            if limit is not None and limit < first.height:
                # Choosing the first few costs a tenth of putting a million dossiers in order.
                first = first.bottom_k(limit, by=order)
            first = first.sort(*order)
            taken = first.height
            yield from (self._dossier(row) for row in first.iter_rows(named=True))
        yield from self.others if limit is None else self.others[: max(0, limit - taken)]

    def by_reason(self) -> tuple[tuple[Reason, int], ...]:
        """Return how many items have each reason, the most frequent first; one item may have several."""
        reasons: dict[str, Reason] = {}
        counts: Counter[str] = Counter()
        if self.dossiers is not None:
            for chosen, count in self.dossiers["reason_set"].value_counts().iter_rows():
                for one in self._reasons(chosen):
                    reasons[one.code] = one
                    counts[one.code] += count
        for item in self.others:
            for reason in item.reasons:
                reasons.setdefault(reason.code, reason)
                counts[reason.code] += item.weight
        return tuple((reasons[code], count) for code, count in counts.most_common())

    def by_unit(self) -> tuple[tuple[str, int], ...]:
        """Return how many shares lie with each unit, the most first."""
        counts: Counter[str] = Counter()
        if self.dossiers is not None:
            for code, count in self.dossiers["unit_code"].value_counts().iter_rows():
                counts[code or ""] += count
        for item in self.others:
            counts[item.unit_code] += item.weight
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def _reasons(self, chosen: int) -> tuple[Reason, ...]:
        return tuple(REASONS[code] for bit, code in enumerate(self.reasons) if chosen >> bit & 1)

    def _dossier(self, row: Mapping[str, Any]) -> LossItem:
        return LossItem(
            kind=ItemKind.DOSSIER,
            code=str(row["dossier_code"] or ""),
            unit_code=str(row["unit_code"] or ""),
            reasons=self._reasons(row["reason_set"]),
            procedure_code=_text(row["procedure_code"]),
            officer_code=_text(row["officer_code"]),
        )


def explain(evaluation: Evaluation, *, unit: str, indicators: Collection[str] | None = None) -> tuple[Explained, ...]:
    """Return every loss of the unit (of the indicators named, else all) with what stands behind it.

    Raises:
        KeyError: the unit was not scored.
    """
    rules = evaluation.rules
    stage = _Stage(evaluation)
    found = []
    for loss in losses.of_unit(evaluation.scorecard.of(unit), rules=rules):
        indicator = rules.indicator(loss.row.code)
        if indicator is not None and (indicators is None or loss.row.code in indicators):
            found.append(_explained(stage, indicator, loss, rules=rules))
    return tuple(found)


class _Stage:
    """The data read once, and the scene of every responsible unit made when first asked for."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.options = fact_options(evaluation.rules)
        clock = evaluation.clock
        self.world = World.of(evaluation.data.dataset, on=evaluation.on, clock=clock, view=evaluation.view)
        self.layout = self.world.layout(seen=self.world.units_of_dossiers())
        self.calendar = clock.calendar if clock else None
        self.procedures = {row["procedure_code"]: row for row in evaluation.data.dataset.rows("procedures")}
        self._scenes: dict[str, Scene] = {}

    def scene(self, unit: str) -> Scene:
        if unit not in self._scenes:
            dossiers = None
            if self.world.dossiers is not None:
                dossiers = listing.facts(
                    self.world.dossiers,
                    layout=self.layout,
                    unit=unit,
                    period=self.evaluation.period,
                    on=self.evaluation.on,
                    options=self.options,
                )
            self._scenes[unit] = Scene(
                world=self.world,
                layout=self.layout,
                unit=unit,
                period=self.evaluation.period,
                options=self.options,
                calendar=self.calendar,
                dossiers=dossiers,
                procedures=self.procedures,
            )
        return self._scenes[unit]


def _explained(stage: _Stage, indicator: Indicator, loss: Loss, *, rules: IndicatorSet) -> Explained:
    if not loss.lost:
        return Explained(indicator, loss, Fraction(0), None, ())
    if not loss.is_counted:
        code, text = _NO_DATA[loss.row.basis]
        why = items.reason(indicator, code=code, text_vi=text, is_repairable="no")
        return Explained(
            indicator, loss, loss.lost, None, (LossItem(ItemKind.DATA, indicator.code, loss.unit, (why,)),)
        )
    dossiers, others = _listed(stage, indicator, loss)
    listed = (0 if dossiers is None else dossiers.height) + sum(item.weight for item in others)
    rest = (loss.missing or 0) - listed
    if rest > 0:
        others = (*others, _rest(indicator, loss, rest))
    elif listed == 0:
        others = (_factor(indicator, loss, rules=rules),)
    weight = max(listed + max(rest, 0), 1)
    reasons = () if dossiers is None else listing.reasons_of(indicator.numerator or "", options=stage.options)
    return Explained(indicator, loss, loss.lost / weight, dossiers, others, reasons)


def _listed(stage: _Stage, indicator: Indicator, loss: Loss) -> tuple[pl.DataFrame | None, tuple[LossItem, ...]]:
    numerator = indicator.numerator or ""
    scene = stage.scene(loss.responsible)
    # Of several denominators only the one that counts dossiers can be listed; the rest is one item.
    denominator = next((name for name in indicator.denominator if name.startswith(DOSSIERS)), None)
    if numerator.startswith(DOSSIERS) and denominator is not None and scene.dossiers is not None:
        return listing.lost(scene.dossiers, numerator=numerator, denominator=denominator, options=stage.options), ()
    lister = items.listers().get(numerator)
    return None, tuple(lister(scene, indicator)) if lister else ()


def _rest(indicator: Indicator, loss: Loss, rest: int) -> LossItem:
    if len(indicator.denominator) > 1:
        why = items.reason(
            indicator,
            code="reported_not_found",
            text_vi="Có trong báo cáo trên Hệ thống báo cáo quốc gia, không thấy trong dữ liệu hồ sơ",
            is_repairable="yes",
        )
        return LossItem(ItemKind.REPORT, indicator.denominator[0], loss.responsible, (why,), weight=rest)
    why = items.reason(
        indicator, code="unlisted", text_vi="Đếm được nhưng không liệt kê được từng mục", is_repairable="no"
    )
    return LossItem(ItemKind.UNLISTED, indicator.code, loss.responsible, (why,), weight=rest)


def _factor(indicator: Indicator, loss: Loss, *, rules: IndicatorSet) -> LossItem:
    by = rules.indicator(indicator.times_ratio_of or "")
    name = f"{by.number} {by.name_vi}" if by else indicator.name_vi
    why = items.reason(indicator, code="factor", text_vi=f"Do nhân với: {name}", is_repairable="no")
    return LossItem(ItemKind.FACTOR, by.code if by else indicator.code, loss.responsible, (why,))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
