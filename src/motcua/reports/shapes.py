"""The documented JSON shapes (docs/dev/json-shapes.md): plain dictionaries, one version number a shape."""

from fractions import Fraction
from typing import Any

from motcua.indicators.score import Basis, GroupPoints, Row, Scorecard, UnitScore
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.reports import figures

POINTS = "motcua.points/1"
SCORE = "motcua.score/1"
# Parts of a group that is rounded as one are not rounded; six decimals carry them without noise.
DECIMALS_OF_PARTS = 6

Shape = dict[str, Any]


def rules(indicator_set: IndicatorSet) -> Shape:
    """Return which rule set was applied."""
    return {
        "set": indicator_set.set,
        "variant": indicator_set.variant,
        "effective_from": indicator_set.effective_from.isoformat(),
        "status": str(indicator_set.status),
        "law_hash": indicator_set.law_hash,
    }


def points(scorecard: Scorecard) -> Shape:
    """Return the answer of ``motcua points``."""
    return {
        "schema": POINTS,
        "rules": rules(scorecard.rules),
        "units": [unit(scored, rules=scorecard.rules) for scored in scorecard.units],
    }


def unit(scored: UnitScore, *, rules: IndicatorSet) -> Shape:
    """Return one unit's points: ``metrics``, ``groups``, ``total``, ``rank``."""
    whole = {group.code for group in rules.groups if group.round_as_one}
    decimals = rules.rounding.decimals
    return {
        "code": scored.unit.code,
        "name": scored.unit.name,
        "level": scored.unit.level,
        "metrics": [_row(row, decimals=DECIMALS_OF_PARTS if row.group in whole else decimals) for row in scored.rows],
        "groups": [_group(group, decimals=decimals) for group in scored.groups],
        "total": _number(scored.total, decimals=decimals),
        "max_points": _number(Fraction(rules.max_points), decimals=decimals),
        "grade": None if scored.grade is None else scored.grade.code,
        "rank": scored.rank,
        "rank_of": scored.rank_of,
        "missing": list(scored.missing),
    }


def _row(row: Row, *, decimals: int) -> Shape:
    shape: Shape = {
        "code": row.code,
        "group": row.group,
        "numerator": row.count.numerator,
        "denominator": row.count.denominator,
        "ratio": None if row.ratio is None else float(row.ratio),
        "points": None if row.points is None else _number(row.points, decimals=decimals),
        "max_points": _number(row.max_points, decimals=decimals),
        "basis": str(row.basis),
    }
    if row.inherited_from is not None:
        shape["inherited_from"] = row.inherited_from
    if row.basis is not Basis.INFORMATION:
        shape["lost"] = _number(row.lost, decimals=decimals)
    return shape


def _group(group: GroupPoints, *, decimals: int) -> Shape:
    return {
        "code": group.code,
        "points": _number(group.points, decimals=decimals),
        "max_points": _number(group.max_points, decimals=decimals),
    }


def _number(value: Fraction, *, decimals: int) -> float:
    return float(figures.rounded(value, decimals=decimals))
