"""Every worked example of ``law/cases/points`` comes out as published: each indicator, each group, the total."""

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from motcua import lawbook
from motcua.indicators import score
from motcua.indicators.score import Count, RatedUnit

CASES = sorted((Path(__file__).resolve().parents[2] / "law" / "cases" / "points").glob("*.toml"))


def _read(path: Path) -> dict:  # type: ignore[type-arg]
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def _scored(case: dict) -> score.UnitScore:  # type: ignore[type-arg]
    rules = lawbook.load().indicator_set(case["rules"], on=case["on"])
    unit = RatedUnit(code=case["unit"]["code"], name=case["unit"]["name"], level=case["unit"]["level"])
    counts = {row["code"]: Count(row.get("numerator"), row.get("denominator")) for row in case["indicator"]}
    return score.score(rules=rules, units=[unit], counts={unit.code: counts}).units[0]


@pytest.mark.law("Điểm công bố trên Cổng DVCQG", "năm 2026, lấy ngày 10/10/2026")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_points_are_those_the_portal_published(path: Path) -> None:
    case = _read(path)
    scored = _scored(case)

    points = {row.code: row.points for row in scored.rows}
    for row in case["indicator"]:
        if row.get("is_blank"):
            assert points[row["code"]] is None, row["code"]
        if "points" in row:
            assert points[row["code"]] == Fraction(row["points"]), row["code"]
    groups = {group.code: group.points for group in scored.groups}
    for group in case["group"]:
        assert groups[group["code"]] == Fraction(group["points"]), group["code"]
    if "total" in case:
        given = sum((Fraction(group["points"]) for group in case["given_group"]), Fraction(0))
        assert sum((groups[group["code"]] for group in case["group"]), given) == Fraction(case["total"])


def test_there_are_examples_of_every_kind_of_unit() -> None:
    assert {_read(path)["unit"]["level"] for path in CASES} == {"province", "department", "commune"}
