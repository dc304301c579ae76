"""Quy trình nội bộ: stages and steps of a procedure with their limits, read as given; faults are told, not repaired."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from motcua.kernel.errors import Problem
from motcua.kernel.text import fold, nfc


class Area(StrEnum):
    """Địa bàn: the ordinary limit, or the longer one of mountain, island and border communes."""

    ORDINARY = "ordinary"
    DIFFICULT = "difficult"


class Fault(StrEnum):
    """What can be wrong in a workflow."""

    STEPS_DO_NOT_ADD_UP = "steps_do_not_add_up"
    STAGES_DO_NOT_ADD_UP = "stages_do_not_add_up"
    UNREADABLE_LIMIT = "unreadable_limit"
    MISSING_LIMIT = "missing_limit"
    LIMIT_NOT_FIXED = "limit_not_fixed"
    REPEATED_NUMBER = "repeated_number"
    DIFFICULT_SHORTER = "difficult_shorter"
    POINT_FOR_COMMA = "point_for_comma"


@dataclass(frozen=True, slots=True)
class WorkflowProblem:
    """A fault of one workflow; the workflow is loaded all the same."""

    fault: Fault
    problem: Problem


@dataclass(frozen=True, slots=True)
class Step:
    """Bước: what is done, by which unit, within how many working days (None: not stated).

    ``is_counted`` is false where the document says that the time is not part of the procedure's limit.
    """

    name: str
    content: str
    unit: str
    days: Mapping[Area, Decimal | None]
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Stage:
    """Giai đoạn: steps in order; between two stages the clock stands still (the citizen's tax duty, most often)."""

    name: str
    days: Mapping[Area, Decimal | None]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Workflow:
    """Quy trình nội bộ of a procedure or of one of its cases (``number`` 17.1.2 is a case of 17)."""

    level: str
    number: str
    name: str
    limit: Mapping[Area, Decimal | None]
    counts_working_days: bool
    stages: tuple[Stage, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step that has a number, of all stages."""
        return tuple(step for stage in self.stages for step in stage.steps if step.name)


_COLUMNS = {Area.ORDINARY: "thoi_gian", Area.DIFFICULT: "thoi_gian_kho_khan"}
_LIMITS = {Area.ORDINARY: "thoi_han", Area.DIFFICULT: "thoi_han_kho_khan"}
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)(?: (ngày làm việc|ngày))?(?: ?\(.*\))?")


def load(lines: Iterable[str], *, where: str) -> tuple[list[Workflow], list[WorkflowProblem]]:
    """Read workflows, one JSON object a line, and every fault found in them.

    Raises:
        ValueError: a line is not a JSON object with the keys of a workflow.
    """
    workflows: list[Workflow] = []
    problems: list[WorkflowProblem] = []
    seen: dict[tuple[str, str], int] = {}
    for row, line in enumerate(lines, 1):
        if not line.strip():
            continue
        reader = _Reader(where, row)
        workflow = reader.workflow(json.loads(line))
        key = (workflow.level, workflow.number)
        if key in seen:
            reader.tell(
                Fault.REPEATED_NUMBER,
                f"Số thứ tự {workflow.number} (cấp {workflow.level}) đã dùng ở dòng {seen[key]}.",
                "Hãy đánh lại số thứ tự theo văn bản gốc.",
                "tt",
            )
        seen.setdefault(key, row)
        workflows.append(workflow)
        reader.check(workflow)
        problems += reader.problems
    return workflows, problems


class _Reader:
    """Reads one workflow and gathers its faults."""

    def __init__(self, where: str, row: int) -> None:
        self.where = where
        self.row = row
        self.problems: list[WorkflowProblem] = []

    def tell(self, fault: Fault, what: str, remedy: str, column: str) -> None:
        self.problems.append(WorkflowProblem(fault, Problem(self.where, what, remedy, self.row, column)))

    def workflow(self, given: Mapping[str, Any]) -> Workflow:
        stages = tuple(self.stage(stage) for stage in given["giai_doan"])
        limit = {area: self.days(given[column], column) for area, column in _LIMITS.items()}
        if stages and not given["thoi_han"]:
            self.tell(
                Fault.MISSING_LIMIT, "Quy trình có các bước nhưng không ghi thời hạn.", "Hãy ghi thời hạn.", "thoi_han"
            )
        return Workflow(
            given["cap"],
            given["tt"],
            nfc(given["ten"]),
            limit,
            "làm việc" in given["thoi_han"] or not given["thoi_han"],
            stages,
        )

    def stage(self, given: Mapping[str, Any]) -> Stage:
        name = given["ten"] or ""
        days = {area: self.days(given[column], f"{name} {column}".strip()) for area, column in _COLUMNS.items()}
        return Stage(name, days, tuple(self.step(step, name) for step in given["buoc"]))

    def step(self, given: Mapping[str, Any], stage: str) -> Step:
        name = given["buoc"] or ""
        is_counted = bool(name) and not any(
            "khong tinh vao" in fold(given[column] or "") for column in _COLUMNS.values()
        )
        column_of = {area: f"{stage} {name} {column}".strip() for area, column in _COLUMNS.items()}
        days = {
            area: self.days(given[column], column_of[area]) if is_counted else None for area, column in _COLUMNS.items()
        }
        if is_counted and days[Area.ORDINARY] is None and not (given["thoi_gian"] or "").strip():
            self.tell(
                Fault.MISSING_LIMIT,
                f"{stage} {name} không ghi thời gian.".strip(),
                "Hãy ghi thời gian của bước (0 nếu không tính).",
                column_of[Area.ORDINARY],
            )
        return Step(
            name,
            nfc(given.get("noi_dung") or given.get("ghi_chu") or ""),
            nfc(given["bo_phan"] or ""),
            days,
            is_counted,
        )

    def days(self, text: str | None, column: str) -> Decimal | None:
        """Return the number of days a cell states; None where it states none or cannot be read, which is told."""
        text = nfc(text or "")
        if not text:
            return None
        found = _AMOUNT.fullmatch(text)
        if found is None:
            fault = Fault.LIMIT_NOT_FIXED if text.startswith("Theo ") else Fault.UNREADABLE_LIMIT
            # «0, 25» may be a slip of the pen, but which number was meant is not ours to say.
            self.tell(
                fault, f"«{text}» không phải số ngày.", "Hãy ghi số ngày, ví dụ 0,5 hoặc 20 ngày làm việc.", column
            )
            return None
        if "." in found[1]:
            self.tell(
                Fault.POINT_FOR_COMMA,
                f"«{text}» dùng dấu chấm thập phân, đọc là {found[1].replace('.', ',')}.",
                "Hãy viết dấu phẩy, ví dụ 0,25.",
                column,
            )
        return Decimal(found[1].replace(",", "."))

    def check(self, workflow: Workflow) -> None:
        for area in Area:
            for stage in workflow.stages:
                stated = stage.days[area]
                if stated is not None:
                    self.add_up(
                        Fault.STEPS_DO_NOT_ADD_UP,
                        [step.days[area] for step in stage.steps if step.is_counted],
                        stated,
                        f"{stage.name} {_COLUMNS[area]}",
                    )
            limit = workflow.limit[area]
            parts = list(_parts(workflow.stages, area))
            if limit is not None and parts:
                self.add_up(Fault.STAGES_DO_NOT_ADD_UP, parts, limit, _LIMITS[area])
        ordinary, difficult = workflow.limit[Area.ORDINARY], workflow.limit[Area.DIFFICULT]
        if ordinary is not None and difficult is not None and difficult < ordinary:
            self.tell(
                Fault.DIFFICULT_SHORTER,
                f"Thời hạn vùng khó khăn ({difficult}) ngắn hơn thời hạn thường ({ordinary}).",
                "Hãy kiểm tra hai cột thời hạn.",
                "thoi_han_kho_khan",
            )

    def add_up(self, fault: Fault, parts: Sequence[Decimal | None], stated: Decimal, column: str) -> None:
        total = sum((part for part in parts if part is not None), Decimal(0))
        unread = sum(part is None for part in parts)
        if total != stated:
            missing = f" ({unread} phần không có số đọc được)" if unread else ""
            self.tell(
                fault,
                f"Công bố {_plain(stated)} ngày nhưng cộng các phần được {_plain(total)} ngày{missing}.",
                "Hãy sửa thời gian của phần sai hoặc của tổng.",
                column,
            )


def _parts(stages: Sequence[Stage], area: Area) -> Iterator[Decimal | None]:
    """Return the times that make up the whole limit: of the stages, or of the steps where a stage states none."""
    for stage in stages:
        if stage.days[area] is not None:
            yield stage.days[area]
        else:
            yield from (step.days[area] for step in stage.steps if step.is_counted)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}".replace(".", ",")
