"""Every worked example of ``law/cases/points`` comes out as published: each indicator, each group, the total."""

import tomllib
from pathlib import Path

import pytest

import repository
from motcua import lawbook
from motcua.indicators import worked

CASES = sorted((repository.ROOT / "law" / "cases" / "points").glob("*.toml"))


@pytest.mark.law("Điểm công bố trên Cổng DVCQG", "năm 2026, lấy ngày 10/10/2026")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_points_are_those_the_portal_published(path: Path) -> None:
    assert worked.differences(path, lawbook.load()) == ()


def test_a_published_figure_that_does_not_come_out_is_named(tmp_path: Path) -> None:
    original = next(path for path in CASES if path.stem.startswith("dong-nai")).read_text(encoding="utf-8")
    changed = tmp_path / "sai.toml"
    changed.write_text(
        original.replace("total    = 67.48", "total    = 67.49").replace("= 0.31", "= 0.32"), encoding="utf-8"
    )

    first, second = worked.differences(changed, lawbook.load())

    assert first == "PUBLISH_ON_TIME: tính ra 0,31, đã công bố 0,32."
    assert second == "tổng: tính ra 67,48, đã công bố 67,49."


def test_there_are_examples_of_every_kind_of_unit() -> None:
    levels = {tomllib.loads(path.read_text(encoding="utf-8"))["unit"]["level"] for path in CASES}
    assert levels == {"province", "department", "commune"}
