"""Internal workflows from entries as offices write them: cells read, roles guessed, odd ones reported."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from motcua.kernel.errors import Problem, UserError
from motcua.kernel.text import fold, nfc
from motcua.workflow.definitions import Assignment, Join, Stage, Step, WorkflowDefinition

_NUMBER = re.compile(r"\s*(\d+)(?:\s*[.,]\s*(\d+))?\s*(ngày làm việc|ngày)?\s*")
_LIMIT = re.compile(r"\s*(?:không quá\s+)?(\d+)(?:[.,](\d+))?\s*ngày(?: làm việc)?", re.IGNORECASE)
_WHOLE = re.compile(r"\d+")
_UNCOUNTED = "không tính"
_UNNAMED_PAUSE = "Chờ hoàn thành việc không tính vào thời gian giải quyết"
_LEVELS = {"tinh": "province", "xa": "commune", "tỉnh": "province", "xã": "commune"}

# What a unit's name tells about the role that does the step; the first that fits wins. A guess for the editor to
# confirm, made from the words only, so it never gives anybody a right by itself.
_ROLE_WORDS = (
    ("van thu", "records_clerk"),
    ("lanh dao phong", "unit_head"),
    ("lanh dao", "leader"),
    ("lang dao", "leader"),
    ("chu tich", "leader"),
    ("trung tam phuc vu hanh chinh", "clerk"),
    ("bo phan mot cua", "clerk"),
    ("tiep nhan va tra ket qua", "clerk"),
    ("buu chinh", "postal_clerk"),
    ("co quan thue", "consulted_officer"),
    ("uy ban nhan dan", "leader"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Kind of area, and the columns that hold its times."""

    code: str
    step_column: str
    stage_column: str
    limit_column: str


ORDINARY = Variant(code="ordinary", step_column="thoi_gian", stage_column="thoi_gian", limit_column="thoi_han")
DIFFICULT = Variant(
    code="difficult",
    step_column="thoi_gian_kho_khan",
    stage_column="thoi_gian_kho_khan",
    limit_column="thoi_han_kho_khan",
)


@dataclass(frozen=True, slots=True)
class Import:
    """What a table gave: the workflows, the entries without steps, and what could not be read."""

    workflows: tuple[WorkflowDefinition, ...]
    without_steps: tuple[str, ...]
    problems: tuple[Problem, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles of all entries, those without steps included, by level and number (``province-17.1``)."""


# What offices write in the column «phân công»; anything else is told as a problem.
_ASSIGNMENTS = {
    "": Assignment.UNSAID,
    "don vi": Assignment.UNIT,
    "vai tro": Assignment.ROLE,
    "khoi luong": Assignment.LOAD,
    "it viec nhat": Assignment.LOAD,
    "thu cong": Assignment.HAND,
}


def working_days(text: str) -> Decimal | None:
    """Return the days a cell states (``0,5``, ``05``, ``04 ngày làm việc``); None where it is empty or is words."""
    found = _NUMBER.fullmatch(text or "")
    return Decimal(f"{found[1]}.{found[2] or 0}").normalize() + 0 if found else None


def limit_days(text: str) -> Decimal | None:
    """Return the days a limit states at its start (``25 ngày làm việc``); None where it states none."""
    found = _LIMIT.match(text or "")
    return Decimal(f"{found[1]}.{found[2] or 0}").normalize() + 0 if found else None


def role_of(unit: str) -> str:
    """Return the role that the unit's name suggests; ``case_officer`` where it suggests none."""
    words = fold(unit)
    return next((role for word, role in _ROLE_WORDS if words.startswith(word) or word in words), "case_officer")


def build(
    entries: Iterable[Mapping[str, Any]], *, name: str, decision: str = "", effective_from: date | None = None
) -> Import:
    """Build workflows from entries ``cap, tt, ten, thoi_han, tham_quyen, giai_doan[{ten, thoi_gian, buoc[]}]``.

    ``name`` is the file, for problems; ``decision`` and ``effective_from`` those of the approving decision. An entry
    with times for difficult areas gives two workflows, one a variant.

    Raises:
        UserError: an entry lacks a needed key.
    """
    workflows: list[WorkflowDefinition] = []
    without_steps: list[str] = []
    problems: list[Problem] = []
    titles: dict[str, str] = {}
    seen: dict[str, int] = {}
    for position, entry in enumerate(entries, 1):
        if missing := {"cap", "tt", "ten", "giai_doan"} - set(entry):
            raise UserError(
                f"Quy trình thứ {position} thiếu mục {', '.join(sorted(missing))}.",
                remedy="Hãy bổ sung rồi nhập lại.",
                where=name,
            )
        number = str(entry["tt"])
        level = _LEVELS.get(str(entry["cap"]).casefold(), str(entry["cap"]))
        code = f"{level}-{number}"
        titles.setdefault(code, nfc(entry["ten"]))
        # The decisions number a few cases twice; the second keeps the number and gets a letter in its code.
        seen[code] = seen.get(code, 0) + 1
        if seen[code] > 1:
            code += chr(ord("a") + seen[code] - 1)
        if not any(row.get("buoc") for stage in entry["giai_doan"] for row in stage["buoc"]):
            without_steps.append(code)
            continue
        for variant in (ORDINARY, DIFFICULT):
            if variant is DIFFICULT and not _has_times(entry, variant):
                continue
            stages, faults = _stages(entry, variant, where=f"{name}, {code}")
            problems += faults
            limit = nfc(str(entry.get(variant.limit_column) or ""))
            workflows.append(
                WorkflowDefinition(
                    code=f"{code}.{variant.code}",
                    number=number,
                    title=nfc(entry["ten"]),
                    level=level,
                    variant=variant.code,
                    limit_text=limit,
                    limit_working_days=limit_days(limit),
                    stages=stages,
                    authority=nfc(entry.get("tham_quyen") or ""),
                    cooperation=nfc(entry.get("phoi_hop") or ""),
                    decision=decision,
                    effective_from=effective_from,
                )
            )
    return Import(tuple(workflows), tuple(without_steps), tuple(problems), titles)


def _stages(entry: Mapping[str, Any], variant: Variant, *, where: str) -> tuple[tuple[Stage, ...], list[Problem]]:
    stages: list[Stage] = []
    problems: list[Problem] = []
    order = 0
    numbered: dict[int | None, int] = {}
    for stage in entry["giai_doan"]:
        steps = []
        rows = _steps_of(stage)
        for raw in rows:
            order += 1
            # Numbers may start again in each stage: the nearest step so numbered is meant.
            numbered[_whole(raw.get("buoc"))] = order
            stated = nfc(raw.get(variant.step_column) or "")
            days = working_days(stated)
            # The note may stand in either column; it holds for both kinds of area.
            note = nfc(raw.get(ORDINARY.step_column) or "")
            uncounted = next((text for text in (stated, note) if _UNCOUNTED in text.casefold()), "")
            if days is None and stated and not uncounted:
                problems.append(
                    Problem(
                        where=where,
                        what=f"{raw.get('buoc') or 'Bước không số'}: không hiểu thời gian «{stated}».",
                        remedy="Hãy ghi số ngày làm việc, ví dụ 0,5.",
                    )
                )
            assignment = _ASSIGNMENTS.get(fold(raw.get("phan_cong") or ""))
            if assignment is None:
                problems.append(
                    Problem(
                        where=where,
                        what=f"{raw.get('buoc') or 'Bước không số'}: không hiểu cách phân công «{raw['phan_cong']}».",
                        remedy="Hãy ghi: đơn vị, vai trò, khối lượng hoặc thủ công.",
                    )
                )
            steps.append(
                Step(
                    order=order,
                    name=nfc(raw.get("noi_dung") or raw.get("ghi_chu") or ""),
                    unit=nfc(raw["bo_phan"]).rstrip(";"),
                    role=nfc(raw.get("vai_tro") or "") or role_of(raw["bo_phan"]),
                    working_days=days,
                    uncounted_limit=uncounted,
                    parallel_group=nfc(raw.get("song_song") or ""),
                    join=Join.ANY if fold(raw.get("gop") or "") == fold("một ý kiến") else Join.ALL,
                    returns_to=_order_of(raw.get("tra_ve_buoc"), numbered),
                    assignment=assignment or Assignment.UNSAID,
                    cooperation=tuple(
                        part for part in (nfc(p) for p in (raw.get("phoi_hop") or "").split(";")) if part
                    ),
                )
            )
        notes = tuple(nfc(row["ghi_chu"]) for row in stage["buoc"] if row.get("ghi_chu") and row not in rows)
        stages.append(
            Stage(
                order=len(stages) + 1,
                name=nfc(stage.get("ten") or ""),
                steps=tuple(steps),
                working_days=working_days(nfc(stage.get(variant.stage_column) or "")),
                # A new stage begins when the applicant, or whoever was waited for, has come back with something.
                pause_before=nfc(stage.get("tam_dung_truoc") or "") or (_UNNAMED_PAUSE if stages else ""),
                notes=notes,
            )
        )
    return tuple(stages), problems


def _steps_of(stage: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Rows that are steps: the numbered ones, and those whose time does not count; the rest are notes or subtotals."""
    return [
        row
        for row in stage["buoc"]
        if row.get("buoc") or _UNCOUNTED in (row.get(ORDINARY.step_column) or "").casefold()
    ]


def _has_times(entry: Mapping[str, Any], variant: Variant) -> bool:
    return any(
        stage.get(variant.stage_column) or any(step.get(variant.step_column) for step in _steps_of(stage))
        for stage in entry["giai_doan"]
    )


def _order_of(cell: str | None, numbered: Mapping[int | None, int]) -> int | None:
    number = _whole(cell)
    return None if number is None else numbered.get(number, number)


def _whole(cell: str | None) -> int | None:
    found = _WHOLE.search(cell or "")
    return int(found[0]) if found else None
