"""Every worked example of ``law/cases/deadlines`` comes out as written: due moment, state, and what the reasons say."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from motcua import lawbook
from motcua.deadlines import calendars, cases, lawfiles

FILES = sorted((Path(__file__).resolve().parents[2] / "law" / "cases" / "deadlines").glob("*.toml"))
EXAMPLES = [
    pytest.param(content, example, id=f"{path.stem}-{number}")
    for path in FILES
    for content in [tomllib.loads(path.read_text(encoding="utf-8"))]
    for number, example in enumerate(content["example"], 1)
]
CELLS = ("received_at", "limit", "unit", "counting", "pauses", "finished_at")


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@pytest.mark.law("91/2015/QH13", "Điều 147, Điều 148")
@pytest.mark.law("118/2025/NĐ-CP", "")
@pytest.mark.law("61/2018/NĐ-CP", "Điều 19")
@pytest.mark.law("45/2020/NĐ-CP", "Điều 11")
@pytest.mark.parametrize(("content", "example"), EXAMPLES)
def test_the_example_comes_out_as_written(content: dict[str, Any], example: dict[str, Any]) -> None:
    book = lawbook.load()
    row = [_text(example[cell]) if cell in example else "" for cell in CELLS]

    answers, problems = cases.compute(
        [f"case_id,{','.join(CELLS)}\n", f"x,{','.join(row)}\n"],
        where="x",
        versions=lawfiles.rule_versions(book, content["rule"]),
        calendar=lambda first, last: calendars.working_calendar(book, "vn", first=first, last=last),
        now=content["now"],
    )

    assert problems == []
    (answer,) = answers
    assert answer.deadline.due_at == example["due_at"]
    assert answer.deadline.state.value == example.get("state", answer.deadline.state.value)
    for said in example.get("says", ()):
        assert any(said in line for line in answer.deadline.lines), answer.deadline.lines
