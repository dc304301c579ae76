"""The JSON and CSV shapes of ``motcua compare`` and ``motcua simulate``: two scores side by side."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from motcua.indicators.evaluate import Evaluation
from motcua.indicators.score import Row
from motcua.reports import figures, score_shapes
from motcua.reports.tables import Cell
from motcua.simulation.differences import UnitDifference

COMPARE = "motcua.compare/1"
SIMULATE = "motcua.simulate/1"
CSV_HEAD = ("unit_code", "unit_name", "metric", "before", "after", "change", "ratio_before", "ratio_after")

Shape = dict[str, Any]


def compare(before: Evaluation, after: Evaluation, found: Sequence[UnitDifference]) -> Shape:
    """Return two evaluations and the difference of every unit."""
    return {"schema": COMPARE, **sides(before, after), "units": [unit(each) for each in found]}


def simulate(before: Evaluation, after: Evaluation, found: Sequence[UnitDifference], *, assumed: Shape) -> Shape:
    """Return what was assumed, and the score before and after."""
    return {"schema": SIMULATE, "assumed": assumed, **sides(before, after), "units": [unit(each) for each in found]}


def sides(before: Evaluation, after: Evaluation) -> Shape:
    """Return under what both sides were computed."""
    return {
        side: score_shapes.head(evaluation) | {"period": str(evaluation.period)}
        for side, evaluation in (("before", before), ("after", after))
    }


def unit(each: UnitDifference) -> Shape:
    """Return one unit's total, groups and indicators, before, after, and the change."""
    return {
        "code": each.code,
        "name": each.name,
        "total": _pair(
            None if each.before is None else each.before.total, None if each.after is None else each.after.total
        ),
        "rank": {
            "before": None if each.before is None else each.before.rank,
            "after": None if each.after is None else each.after.rank,
        },
        "groups": [{"code": group.code} | _pair(group.before, group.after) for group in each.groups],
        "metrics": [
            {"code": row.code}
            | _pair(_points(row.before), _points(row.after))
            | {"ratio": {"before": _ratio(row.before), "after": _ratio(row.after)}}
            for row in each.rows
        ],
    }


def csv_rows(found: Sequence[UnitDifference]) -> Iterator[tuple[Cell, ...]]:
    """Go through one line per unit and indicator, then per group, then the total; head first."""
    yield CSV_HEAD
    for each in found:
        for row in each.rows:
            yield (
                each.code,
                each.name,
                row.code,
                _number(_points(row.before)),
                _number(_points(row.after)),
                _number(row.change),
                _ratio(row.before),
                _ratio(row.after),
            )
        for group in each.groups:
            yield (
                each.code,
                each.name,
                group.code,
                _number(group.before),
                _number(group.after),
                _number(group.change),
                None,
                None,
            )
        yield (
            each.code,
            each.name,
            "TOTAL",
            _number(None if each.before is None else each.before.total),
            _number(None if each.after is None else each.after.total),
            _number(each.change),
            None,
            None,
        )


def _pair(before: Fraction | None, after: Fraction | None) -> Shape:
    change = None if before is None and after is None else (after or Fraction(0)) - (before or Fraction(0))
    return {"before": _number(before), "after": _number(after), "change": _number(change)}


def _points(row: Row | None) -> Fraction | None:
    return None if row is None else row.points


def _ratio(row: Row | None) -> float | None:
    return None if row is None or row.ratio is None else float(row.ratio)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(figures.rounded(value, decimals=6))
