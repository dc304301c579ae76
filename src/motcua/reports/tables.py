"""Scorecards as flat tables: head first, then rows; for CSV files and workbooks."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from motcua.indicators.evaluate import Evaluation
from motcua.indicators.score import Scorecard
from motcua.reports import figures
from motcua.reports.shapes import DECIMALS_OF_PARTS

Cell = str | int | float | Decimal | None

ROW_HEAD = (
    "unit_code", "unit_name", "level", "group", "metric", "number", "name_vi", "numerator", "denominator",
    "ratio", "points", "max_points", "lost", "basis", "inherited_from",
)  # fmt: skip


def of_evaluations(evaluations: Iterable[Evaluation], *, unit: str | None = None) -> Iterator[tuple[Cell, ...]]:
    """Go through the rows of each period, the period first."""
    yield ("period", *ROW_HEAD)
    for evaluated in evaluations:
        yield from ((str(evaluated.period), *row) for row in _rows(evaluated.scorecard, unit))


def of_rows(scorecard: Scorecard) -> Iterator[tuple[Cell, ...]]:
    """Go through one line per unit and indicator, then per group, then the total; codes say which."""
    yield ROW_HEAD
    yield from _rows(scorecard, None)


def _rows(scorecard: Scorecard, only: str | None) -> Iterator[tuple[Cell, ...]]:
    rules = scorecard.rules
    decimals = rules.rounding.decimals
    for scored in scorecard.units:
        if only is not None and scored.unit.code != only:
            continue
        unit = (scored.unit.code, scored.unit.name, scored.unit.level)
        for row in scored.rows:
            indicator, group = rules.indicator(row.code), rules.group(row.group)
            places = DECIMALS_OF_PARTS if group is not None and group.round_as_one else decimals
            yield (
                *unit,
                row.group,
                row.code,
                indicator.number if indicator else "",
                indicator.name_vi if indicator else "",
                row.count.numerator,
                row.count.denominator,
                None if row.ratio is None else float(row.ratio),
                None if row.points is None else figures.rounded(row.points, decimals=places),
                figures.rounded(row.max_points, decimals=decimals),
                figures.rounded(row.lost, decimals=places),
                str(row.basis),
                row.inherited_from,
            )
        for points in scored.groups:
            group = rules.group(points.code)
            yield (
                *unit,
                points.code,
                points.code,
                group.number if group else "",
                group.name_vi if group else "",
                *(None,) * 3,
                figures.rounded(points.points, decimals=decimals),
                figures.rounded(points.max_points, decimals=decimals),
                figures.rounded(points.max_points - points.points, decimals=decimals),
                "group",
                None,
            )
        yield (
            *unit,
            None,
            "TOTAL",
            "",
            "Tổng điểm",
            *(None,) * 3,
            figures.rounded(scored.total, decimals=decimals),
            rules.max_points,
            figures.rounded(Fraction(rules.max_points) - scored.total, decimals=decimals),
            "total",
            None,
        )
