"""The JSON and CSV shapes of ``motcua explain``: losses with what stands behind them."""

from collections.abc import Iterator, Sequence
from typing import Any

from motcua.facts.reasons import Reason
from motcua.indicators.evaluate import Evaluation
from motcua.indicators.explain import Explained
from motcua.indicators.items import LossItem
from motcua.kernel.citation import Citation
from motcua.reports import score_shapes
from motcua.reports.tables import Cell

SCHEMA = "motcua.explain/1"
CSV_HEAD = (
    "unit_code", "indicator", "number", "kind", "code", "responsible_unit", "procedure_code", "officer_code",
    "reasons", "reasons_vi", "is_repairable", "weight", "lost",
)  # fmt: skip

Shape = dict[str, Any]


def explain(evaluation: Evaluation, found: Sequence[Explained], *, unit: str, limit: int | None) -> Shape:
    """Return the losses of a unit; ``limit`` bounds the items of each indicator (None: all)."""
    scored = evaluation.scorecard.of(unit)
    names = {each.unit.code: each.unit.name for each in evaluation.scorecard.units}
    return {
        "schema": SCHEMA,
        **score_shapes.head(evaluation),
        "period": str(evaluation.period),
        "unit": {"code": unit, "name": scored.unit.name, "level": scored.unit.level, "total": float(scored.total)},
        "losses": [_loss(each, names, limit) for each in found],
    }


def csv_rows(found: Sequence[Explained], *, limit: int | None) -> Iterator[tuple[Cell, ...]]:
    """Go through one line per item, head first."""
    yield CSV_HEAD
    for each in found:
        for item in each.items(limit=limit):
            yield (
                each.loss.unit,
                each.indicator.code,
                each.indicator.number,
                str(item.kind),
                item.code,
                item.unit_code,
                item.procedure_code,
                item.officer_code,
                " ".join(reason.code for reason in item.reasons),
                "; ".join(reason.text_vi for reason in item.reasons),
                "true" if item.is_repairable else "false",
                item.weight,
                float(item.weight * each.share),
            )


def citation(cited: Citation) -> Shape:
    """Return where something is said and how sure we are."""
    return {"document": cited.document, "where": cited.where, "certainty": str(cited.certainty)}


def _loss(each: Explained, names: dict[str, str], limit: int | None) -> Shape:
    loss = each.loss
    shown = list(each.items(limit=limit))
    return {
        "code": each.indicator.code,
        "number": each.indicator.number,
        "group": each.indicator.group,
        "lost": float(loss.lost),
        "max_points": float(loss.row.max_points),
        "basis": str(loss.row.basis),
        "responsible": loss.responsible,
        "missing": loss.missing,
        "one_more": None if loss.one_more is None else float(loss.one_more),
        "to_fill": loss.to_fill,
        "to_show_full": loss.to_show_full,
        "share": str(each.share),
        "remedy_vi": each.indicator.remedy_vi,
        "reasons": [_reason(reason) | {"count": count} for reason, count in each.by_reason()],
        "units": [
            {"code": code, "name": names.get(code, code), "count": count, "lost": float(count * each.share)}
            for code, count in each.by_unit()
        ],
        "items_total": each.weight,
        "items": [_item(item, each) for item in shown],
    }


def _reason(reason: Reason) -> Shape:
    return {
        "code": reason.code,
        "text_vi": reason.text_vi,
        "rule_vi": reason.rule_vi,
        "citation": citation(reason.citation),
        "is_repairable": reason.is_repairable,
    }


def _item(item: LossItem, each: Explained) -> Shape:
    return {
        "kind": str(item.kind),
        "code": item.code,
        "unit": item.unit_code,
        "procedure": item.procedure_code,
        "officer": item.officer_code,
        "reasons": [reason.code for reason in item.reasons],
        "is_repairable": item.is_repairable,
        "weight": item.weight,
        "lost": float(item.weight * each.share),
    }
