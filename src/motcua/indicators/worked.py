"""Worked examples of ``law/cases/points``: published numerators and denominators, and the points they must give."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from motcua.indicators import score
from motcua.indicators.score import Count, RatedUnit, UnitScore
from motcua.lawbook.book import Lawbook


def differences(path: Path, book: Lawbook) -> tuple[str, ...]:
    """Return, in Vietnamese, where the computed points are not those of the example; none where all agree.

    Raises:
        UserError: the example names a rule set that is not there.
        KeyError: the example lacks a part.
    """
    case = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return tuple(_differences(case, _scored(case, book)))


def _scored(case: dict[str, Any], book: Lawbook) -> UnitScore:
    rules = book.indicator_set(case["rules"], on=case["on"])
    unit = RatedUnit(code=case["unit"]["code"], name=case["unit"]["name"], level=case["unit"]["level"])
    counts = {row["code"]: Count(row.get("numerator"), row.get("denominator")) for row in case["indicator"]}
    return score.score(rules=rules, units=[unit], counts={unit.code: counts}).units[0]


def _differences(case: dict[str, Any], scored: UnitScore) -> Iterator[str]:
    points = {row.code: row.points for row in scored.rows}
    for row in case["indicator"]:
        if row.get("is_blank"):
            yield from _difference(row["code"], points[row["code"]], None)
        if "points" in row:
            yield from _difference(row["code"], points[row["code"]], row["points"])
    groups = {group.code: group.points for group in scored.groups}
    for group in case["group"]:
        yield from _difference(f"nhóm {group['code']}", groups[group["code"]], group["points"])
    if "total" in case:
        given = sum((Fraction(group["points"]) for group in case["given_group"]), Fraction(0))
        total = sum((groups[group["code"]] or Fraction(0) for group in case["group"]), given)
        yield from _difference("tổng", total, case["total"])


def _difference(name: str, found: Fraction | None, published: Decimal | int | None) -> Iterator[str]:
    wanted = None if published is None else Fraction(published)
    if found != wanted:
        yield f"{name}: tính ra {_number(found)}, đã công bố {_number(wanted)}."


def _number(points: Fraction | None) -> str:
    return "trống" if points is None else f"{float(points):.2f}".replace(".", ",")
