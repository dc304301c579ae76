"""Every worked example of ``law/cases/deadlines`` comes out as written: due moment, state, and what the reasons say."""

from pathlib import Path

import pytest

import repository
from motcua import lawbook
from motcua.deadlines import worked

FILES = sorted((repository.ROOT / "law" / "cases" / "deadlines").glob("*.toml"))


@pytest.mark.law("91/2015/QH13", "Điều 147, Điều 148")
@pytest.mark.law("118/2025/NĐ-CP", "")
@pytest.mark.law("61/2018/NĐ-CP", "Điều 19")
@pytest.mark.law("45/2020/NĐ-CP", "Điều 11")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_examples_come_out_as_written(path: Path) -> None:
    assert worked.differences(path, lawbook.load()) == ()


def test_an_example_that_does_not_come_out_is_named(tmp_path: Path) -> None:
    original = next(path for path in FILES if path.stem == "tam-dung").read_text(encoding="utf-8")
    line = next(line for line in original.splitlines() if line.startswith("due_at"))
    changed = tmp_path / "sai.toml"
    changed.write_text(original.replace(line, "due_at = 2026-01-02T08:00:00", 1), encoding="utf-8")

    (fault,) = worked.differences(changed, lawbook.load())

    assert fault.startswith("ví dụ 1: hạn tính ra ")
    assert fault.endswith("ví dụ ghi 2026-01-02 08:00:00.")
