"""Worked examples of ``law/cases/deadlines``: what happened; due moment, state and reasons that must come out."""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from motcua.deadlines import calendars, cases, lawfiles
from motcua.lawbook.book import Lawbook

_CELLS = ("received_at", "limit", "unit", "counting", "pauses", "finished_at")


def differences(path: Path, book: Lawbook) -> tuple[str, ...]:
    """Return, in Vietnamese, where the clock's answers are not those of the examples; none where all agree.

    Raises:
        UserError: the examples name a rule or a calendar that is not there.
        KeyError: an example lacks a part.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        f"ví dụ {number}: {fault}"
        for number, example in enumerate(content["example"], 1)
        for fault in _differences(content, example, book)
    )


def _differences(content: dict[str, Any], example: dict[str, Any], book: Lawbook) -> Iterator[str]:
    row = [_text(example[cell]) if cell in example else "" for cell in _CELLS]
    answers, problems = cases.compute(
        [f"case_id,{','.join(_CELLS)}\n", f"x,{','.join(row)}\n"],
        where="x",
        versions=lawfiles.rule_versions(book, content["rule"]),
        calendar=lambda first, last: calendars.working_calendar(book, "vn", first=first, last=last),
        now=content["now"],
    )
    yield from (problem.what for problem in problems)
    for answer in answers:
        deadline = answer.deadline
        if deadline.due_at != example["due_at"]:
            yield f"hạn tính ra {deadline.due_at}, ví dụ ghi {example['due_at']}."
        if deadline.state.value != example.get("state", deadline.state.value):
            yield f"trạng thái tính ra {deadline.state.value}, ví dụ ghi {example['state']}."
        for said in example.get("says", ()):
            if not any(said in line for line in deadline.lines):
                yield f"giải thích không có «{said}»."


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
