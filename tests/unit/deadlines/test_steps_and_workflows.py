"""Internal workflows, step deadlines, stages, linked dossiers, local limits."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from motcua.deadlines import clock, lawfiles, limits, steps, workflows
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Counting, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.workflows import Area, Fault
from motcua.deadlines.working_time import WorkingCalendar
from motcua.lawbook import Lawbook


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def step(name: str | None, days: str, difficult: str = "") -> dict[str, Any]:
    return {"buoc": name, "noi_dung": "", "bo_phan": "Phòng A", "thoi_gian": days, "thoi_gian_kho_khan": difficult}


def stage(name: str | None, days: str, *its_steps: dict[str, Any], difficult: str = "") -> dict[str, Any]:
    return {"ten": name, "thoi_gian": days, "thoi_gian_kho_khan": difficult, "buoc": list(its_steps)}


def line(*stages: dict[str, Any], limit: str = "", difficult: str = "", number: str = "1") -> str:
    return json.dumps(
        {
            "cap": "xa",
            "tt": number,
            "ten": "Thủ tục A",
            "thoi_han": limit,
            "thoi_han_kho_khan": difficult,
            "giai_doan": list(stages),
        }
    )


def faults(*lines: str) -> list[tuple[Fault, int | None, str | None]]:
    _, problems = workflows.load(lines, where="w.jsonl")
    return [(one.fault, one.problem.row, one.problem.column) for one in problems]


GOOD = stage("Giai đoạn 1", "1,5", step("Bước 1", "0,5"), step("Bước 2", "01"), step("Bước 3", "0"))


def test_a_sound_workflow_has_no_fault() -> None:
    assert faults(line(GOOD, limit="1,5 ngày làm việc"), "") == []


TOO_SHORT = stage("Giai đoạn 1", "2", step("Bước 1", "1"))
WITH_A_POINT = stage("Giai đoạn 1", "", step("Bước 1", "0.25"))
STEP_1 = "Giai đoạn 1 Bước 1 thoi_gian"


@pytest.mark.parametrize(
    ("text", "fault", "column"),
    [
        (line(TOO_SHORT, limit="2 ngày"), Fault.STEPS_DO_NOT_ADD_UP, "Giai đoạn 1 thoi_gian"),
        (line(GOOD, limit="2 ngày làm việc"), Fault.STAGES_DO_NOT_ADD_UP, "thoi_han"),
        (line(stage(None, "", step("Bước 1", "1")), limit="2 ngày làm việc"), Fault.STAGES_DO_NOT_ADD_UP, "thoi_han"),
        (line(GOOD), Fault.MISSING_LIMIT, "thoi_han"),
        (line(limit="5 ngày", difficult="3 ngày"), Fault.DIFFICULT_SHORTER, "thoi_han_kho_khan"),
        (line(limit="Theo dự án được duyệt"), Fault.LIMIT_NOT_FIXED, "thoi_han"),
        (line(limit="năm ngày"), Fault.UNREADABLE_LIMIT, "thoi_han"),
        (line(WITH_A_POINT, limit="0,25 ngày"), Fault.POINT_FOR_COMMA, STEP_1),
        (line(stage("Giai đoạn 1", "", step("Bước 1", "")), limit=""), Fault.MISSING_LIMIT, STEP_1),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(text: str, fault: Fault, column: str) -> None:
    assert (fault, 1, column) in faults(text)


def test_a_number_used_twice_is_told() -> None:
    assert faults(line(limit="5 ngày"), line(limit="5 ngày")) == [(Fault.REPEATED_NUMBER, 2, "tt")]


def test_what_does_not_count_is_left_out_of_the_sum() -> None:
    outside = step(None, "30 ngày (không tính vào thời gian giải quyết TTHC)")
    numbered = step("Bước 4", "Không tính vào thời gian thực hiện thủ tục hành chính")

    assert faults(line(stage("Giai đoạn 1", "1", step("Bước 1", "1"), outside, numbered), limit="1 ngày")) == []


@pytest.mark.shared
def test_all_workflows_of_quang_ninh_load_and_the_one_mismatch_is_found(shared_data: Callable[[str], Path]) -> None:
    path = shared_data("quy-trinh-noi-bo-quang-ninh-2026/workflows.jsonl")
    with path.open(encoding="utf-8") as file:
        loaded, problems = workflows.load(file, where=path.name)

    stated = [one for flow in loaded for one in flow.stages if one.name]
    sums = [one.problem for one in problems if one.fault is Fault.STEPS_DO_NOT_ADD_UP]
    assert (len(loaded), sum(len(flow.steps) for flow in loaded), 2 * len(stated)) == (144, 1068, 230)
    assert [(one.column, loaded[(one.row or 0) - 1].number) for one in sums] == [
        ("Giai đoạn 2 thoi_gian_kho_khan", "30")
    ]
    assert "Công bố 13 ngày nhưng cộng các phần được 12,5 ngày (2 phần không có số đọc được)." in sums[0].what
    assert Counter(one.fault for one in problems) == {
        Fault.STEPS_DO_NOT_ADD_UP: 1,
        Fault.STAGES_DO_NOT_ADD_UP: 3,
        Fault.UNREADABLE_LIMIT: 3,
        Fault.POINT_FOR_COMMA: 4,
        Fault.MISSING_LIMIT: 2,
        Fault.REPEATED_NUMBER: 1,
        Fault.LIMIT_NOT_FIXED: 1,
        Fault.DIFFICULT_SHORTER: 1,
    }


@pytest.fixture
def land_stage() -> workflows.Stage:
    (flow,), _ = workflows.load(
        [
            line(
                stage(
                    "Giai đoạn 1",
                    "3",
                    step("Bước 1", "0,25", "0,5"),
                    step("Bước 2", "1,75", "4"),
                    step(None, "30 ngày (không tính vào thời gian giải quyết TTHC)"),
                    step("Bước 3", "1", "1"),
                    step("Bước 4", "0", "0"),
                    difficult="5,5",
                ),
                limit="3 ngày làm việc",
            )
        ],
        where="w",
    )
    return flow.stages[0]


def test_every_step_has_its_own_deadline(
    standard: DeadlineRule, vietnam: WorkingCalendar, land_stage: workflows.Stage
) -> None:
    found = steps.step_deadlines(
        rule=standard,
        calendar=vietnam,
        stage=land_stage,
        started_at=at("2026-03-02T08:00"),
        now=at("2026-03-02T09:00"),
        finished_at=[at("2026-03-02T09:30")],
    )

    assert [(one.name, str(one.days_until_end)) for one in found] == [
        ("Bước 1", "0.25"),
        ("Bước 2", "2.00"),
        ("Bước 3", "3.00"),
        ("Bước 4", "3.00"),
    ]
    assert [one.deadline.due_at if one.deadline else None for one in found] == [
        at("2026-03-02T10:00"),
        at("2026-03-03T17:00"),
        at("2026-03-04T17:00"),
        None,
    ]


def test_steps_in_a_difficult_area_have_the_longer_limits_and_pauses_move_them(
    standard: DeadlineRule, vietnam: WorkingCalendar, land_stage: workflows.Stage
) -> None:
    found = steps.step_deadlines(
        rule=standard,
        calendar=vietnam,
        stage=land_stage,
        started_at=at("2026-03-02T08:00"),
        now=at("2026-03-02T09:00"),
        area=Area.DIFFICULT,
        counting=Counting.WHOLE_DAYS,
        pauses=[Pause(at("2026-03-03T08:00"), at("2026-03-03T10:00"), "field_survey")],
    )

    assert found[0].deadline is not None
    assert found[0].deadline.due_at == at("2026-03-03T15:00")


def test_the_clock_stands_still_between_stages(standard: DeadlineRule, vietnam: WorkingCalendar) -> None:
    received = Happenings(at("2026-03-02T08:00"), Limit(Decimal(20), LimitUnit.WORKING_DAYS))

    def due(happenings: Happenings) -> datetime:
        return clock.compute(rule=standard, calendar=vietnam, happenings=happenings, now=at("2026-04-13T08:00")).due_at

    taxed = steps.paused_between_stages(
        received,
        ends=[at("2026-03-17T17:00")],
        starts=[at("2026-04-01T08:00")],
        ground="financial_duty",
        legal_basis="chuyển thuế",
    )
    waiting = steps.paused_between_stages(
        received, ends=[at("2026-03-17T17:00")], starts=[], ground="financial_duty", legal_basis="chuyển thuế"
    )

    assert due(received) == at("2026-03-30T17:00")
    assert due(taxed) == at("2026-04-13T17:00")
    assert waiting.pauses[0].end is None
    assert waiting.pauses[0].legal_basis == "chuyển thuế"
    with pytest.raises(ValueError, match="only after the one before"):
        steps.paused_between_stages(received, ends=[], starts=[at("2026-04-01T08:00")], ground="", legal_basis="")


@pytest.mark.law("61/2018/NĐ-CP", "Điều 18")
@pytest.mark.parametrize(
    ("rule", "received", "due"),
    [
        ("after-15h", "2026-03-02T10:00", "2026-03-02T17:00"),
        ("after-15h", "2026-03-02T15:01", "2026-03-03T17:00"),
        ("after-15h", "2026-03-06T16:00", "2026-03-09T17:00"),
        ("standard", "2026-03-02T16:00", "2026-03-02T17:00"),
        ("standard", "2026-03-07T16:00", "2026-03-09T17:00"),
    ],
)
def test_a_dossier_is_handed_over_the_same_day_unless_received_late(
    book: Lawbook, vietnam: WorkingCalendar, rule: str, received: str, due: str
) -> None:
    version = lawfiles.rule_versions(book, rule)[-1]

    assert steps.hand_over_due(rule=version, calendar=vietnam, received_at=at(received)) == at(due)


def test_each_leg_of_a_linked_dossier_has_its_own_clock(standard: DeadlineRule, vietnam: WorkingCalendar) -> None:
    def leg(agency: str, days: int, *pauses: Pause) -> steps.Leg:
        return steps.Leg(
            agency,
            standard,
            Happenings(at("2026-03-03T08:00"), Limit(Decimal(days), LimitUnit.WORKING_DAYS), pauses=pauses),
        )

    found = steps.linked(
        rule=standard,
        calendar=vietnam,
        whole=Happenings(at("2026-03-02T08:00"), Limit(Decimal(5), LimitUnit.WORKING_DAYS)),
        legs=[
            leg("Công an xã", 3),
            leg("BHXH", 3, Pause(at("2026-03-04T08:00"), at("2026-03-09T08:00"), "agency_opinion")),
        ],
        now=at("2026-03-05T08:00"),
    )

    assert found.whole.due_at == at("2026-03-09T17:00")
    assert [(agency, one.due_at) for agency, one in found.legs] == [
        ("Công an xã", at("2026-03-06T17:00")),
        ("BHXH", at("2026-03-11T17:00")),
    ]
    assert found.exceeding == ("BHXH",)


@pytest.mark.parametrize(
    ("local", "national", "is_longer", "says"),
    [
        ("5 working_days", "5 working_days", False, "không dài hơn"),
        ("6 working_days", "5 working_days", True, "với mọi ngày"),
        ("5 working_days", "7 calendar_days", True, "/"),
        ("5 calendar_days", "5 working_days", False, "không dài hơn"),
    ],
)
def test_a_local_limit_longer_than_the_national_one_is_flagged(  # noqa: PLR0917 - fixtures and parameters
    standard: DeadlineRule, vietnam: WorkingCalendar, local: str, national: str, is_longer: bool, says: str
) -> None:
    def limit(text: str) -> Limit:
        amount, unit = text.split()
        return Limit(Decimal(amount), LimitUnit(unit))

    found = limits.compare(local=limit(local), national=limit(national), rule=standard, calendar=vietnam, year=2026)

    assert found.is_longer is is_longer
    assert says in str(found)
    assert found.days == 249
