"""What the clock means: counting, pauses, states, and the reasons it gives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from motcua.deadlines import clock
from motcua.deadlines.errors import HappeningsError
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import ClockState, Deadline, Extension, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.working_time import OutsideCalendarError, WorkingCalendar

Compute = Callable[..., Deadline]
MakePause = Callable[..., Pause]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.law("91/2015/QH13", "Điều 147, Điều 148")
@pytest.mark.parametrize(
    ("received", "limit", "counting", "due"),
    [
        ("2026-02-11T16:00", "5 working_days", "whole_days", "2026-02-25T17:00"),
        ("2026-01-08T09:00", "2 working_days", "whole_days", "2026-01-10T17:00"),
        ("2026-01-10T10:00", "1 working_days", "whole_days", "2026-01-12T17:00"),
        ("2026-03-07T10:00", "1 working_days", "whole_days", "2026-03-09T17:00"),
        ("2026-03-02T23:59", "1 working_days", "whole_days", "2026-03-03T17:00"),
        ("2026-03-03T00:00", "1 working_days", "whole_days", "2026-03-04T17:00"),
        ("2026-03-02T08:00", "0.5 working_days", "whole_days", "2026-03-03T12:00"),
        ("2026-03-02T08:00", "0.25 working_days", "whole_days", "2026-03-03T10:00"),
        ("2026-03-02T08:00", "2.5 working_days", "whole_days", "2026-03-05T12:00"),
        ("2026-03-02T08:00", "0.5 working_days", "elapsed_hours", "2026-03-02T12:00"),
        ("2026-03-02T13:00", "0.5 working_days", "elapsed_hours", "2026-03-02T17:00"),
        ("2026-03-02T09:30:30", "1 working_days", "elapsed_hours", "2026-03-03T09:30:30"),
        ("2026-03-02T12:30", "8 working_hours", "elapsed_hours", "2026-03-03T12:00"),
        ("2026-03-02T12:30", "8 working_hours", "whole_days", "2026-03-03T12:00"),
        ("2026-02-01T16:30", "15 calendar_days", "whole_days", "2026-02-23T17:00"),
        ("2026-03-02T16:30", "3 calendar_days", "whole_days", "2026-03-05T17:00"),
        ("2026-03-02T16:30", "2.5 calendar_days", "whole_days", "2026-03-05T12:00"),
        ("2026-03-04T16:30", "2.5 calendar_days", "whole_days", "2026-03-09T17:00"),
        ("2026-03-02T16:30", "3 calendar_days", "elapsed_hours", "2026-03-05T16:30"),
        ("2026-03-02T16:30", "5 calendar_days", "elapsed_hours", "2026-03-09T17:00"),
        ("2026-03-02T16:30", "0.5 calendar_days", "elapsed_hours", "2026-03-03T04:30"),
        ("2026-03-02T16:30", "7 calendar_days", "elapsed_hours", "2026-03-09T17:00"),
        ("2026-03-02T18:30", "7 calendar_days", "elapsed_hours", "2026-03-09T18:30"),
        ("2026-03-03T16:30", "7 calendar_days", "elapsed_hours", "2026-03-10T16:30"),
        ("2026-03-31T09:00", "1 months", "whole_days", "2026-05-04T17:00"),
        ("2026-05-31T09:00", "1 months", "whole_days", "2026-06-30T17:00"),
        ("2026-05-31T09:00", "1 months", "elapsed_hours", "2026-06-30T09:00"),
        ("2024-01-31T09:00", "1 months", "elapsed_hours", "2024-02-29T09:00"),
        ("2025-12-15T09:00", "3 months", "whole_days", "2026-03-16T17:00"),
    ],
)
def test_a_limit_ends_when_the_law_says(compute: Compute, received: str, limit: str, counting: str, due: str) -> None:
    assert compute(received, limit, counting=counting).due_at == at(due)


def test_the_reasons_name_the_days_that_count_and_those_that_do_not(compute: Compute) -> None:
    deadline = compute("2026-02-11T16:00", "5 working_days", now="2026-02-24T10:00")

    counted = (
        "ngày 1-2 = thứ Năm 12/2 đến thứ Sáu 13/2; bỏ 14-22/2 (Giao thừa Tết Nguyên Đán, Tết Nguyên Đán, "
        "Mùng hai Tết Nguyên Đán, Mùng ba Tết Nguyên Đán, Mùng bốn Tết Nguyên Đán, nghỉ cuối tuần); "
        "ngày 3-5 = thứ Hai 23/2 đến thứ Tư 25/2"
    )
    assert deadline.lines[1:] == (
        "Tiếp nhận lúc 16:00 thứ Tư 11/2/2026, ngày tiếp nhận không tính; đồng hồ chạy từ 08:00 thứ Năm 12/2/2026",
        counted,
        "Hạn trả kết quả: 17:00 thứ Tư 25/2/2026.",
        "Tính đến 10:00 thứ Ba 24/2/2026: Trong hạn, còn 1 ngày 6 giờ làm việc.",
    )
    assert "quy tắc «Thời hạn giải quyết thủ tục hành chính» (standard/2025-07-01)" in deadline.lines[0]


def test_a_swapped_saturday_is_named_in_the_reasons(compute: Compute) -> None:
    first = compute("2026-01-08T09:00", "2 working_days")
    within = compute("2026-01-07T09:00", "3 working_days")

    assert "ngày 1-2 = thứ Sáu 9/1 đến thứ Bảy 10/1 (kể cả thứ Bảy 10/1 (Làm bù cho ngày 02/01/2026))" in first.lines
    assert any("kể cả thứ Bảy 10/1" in line for line in within.lines)
    alone = compute("2026-01-09T09:00", "1 working_days")
    assert "ngày 1 = thứ Bảy 10/1 (Làm bù cho ngày 02/01/2026)" in alone.lines


def test_a_very_long_count_names_the_holidays_and_not_every_weekend(compute: Compute) -> None:
    deadline = compute("2026-02-11T16:00", "100 working_days")

    counted = deadline.lines[2]
    assert counted.startswith("ngày 1 = thứ Năm 12/2/2026; ngày 100 = ")
    assert "bỏ các ngày nghỉ cuối tuần; bỏ 14-22/2 (Giao thừa" in counted
    assert "bỏ 28/2-1/3" not in counted


@pytest.mark.parametrize(
    ("now", "state", "minutes"),
    [
        ("2026-03-02T09:00", ClockState.WITHIN, 5 * 480 + 420),
        ("2026-03-06T17:00", ClockState.APPROACHING, 480),
        ("2026-03-09T16:59:30", ClockState.APPROACHING, 0),
        ("2026-03-09T17:00", ClockState.APPROACHING, 0),
        ("2026-03-09T17:01", ClockState.OVERDUE, 0),
        ("2026-03-10T08:00:01", ClockState.OVERDUE, -1),
        ("2026-03-10T09:00", ClockState.OVERDUE, -60),
    ],
)
def test_an_open_dossier_is_within_approaching_or_overdue(
    compute: Compute, now: str, state: ClockState, minutes: int
) -> None:
    deadline = compute("2026-03-02T08:00", "5 working_days", now=now)

    assert (deadline.state, deadline.remaining_working_minutes) == (state, minutes)


@pytest.mark.parametrize(
    ("finished", "state", "minutes"),
    [
        ("2026-03-06T10:00", ClockState.FINISHED_EARLY, 360 + 480),
        ("2026-03-09T08:00", ClockState.FINISHED_ON_TIME, 480),
        ("2026-03-09T17:00", ClockState.FINISHED_ON_TIME, 0),
        ("2026-03-09T17:30", ClockState.FINISHED_LATE, 0),
        ("2026-03-10T09:30", ClockState.FINISHED_LATE, -90),
    ],
)
def test_a_finished_dossier_is_early_on_time_or_late(
    compute: Compute, finished: str, state: ClockState, minutes: int
) -> None:
    deadline = compute("2026-03-02T08:00", "5 working_days", finished=finished, now="2026-11-01T00:00")

    assert (deadline.state, deadline.remaining_working_minutes) == (state, minutes)
    assert f": {state.name_vi}" in deadline.lines[-1]


def test_a_short_limit_is_approaching_only_in_its_second_half(compute: Compute) -> None:
    early = compute("2026-03-02T08:00", "4 working_hours", now="2026-03-02T09:59")
    late = compute("2026-03-02T08:00", "4 working_hours", now="2026-03-02T10:00")

    assert (early.state, late.state) == (ClockState.WITHIN, ClockState.APPROACHING)


def test_an_open_pause_is_taken_as_answered_now(compute: Compute, pause: MakePause) -> None:
    deadline = compute("2026-03-02T08:00", "5 working_days", pauses=[pause("2026-03-04T10:00")], now="2026-03-12T10:00")

    assert deadline.state is ClockState.PAUSED
    assert deadline.due_at == at("2026-03-17T17:00")
    assert deadline.remaining_working_minutes == 3 * 480 + 360
    assert any("chưa ghi lúc kết thúc, tính như kết thúc lúc 10:00 thứ Năm 12/3/2026" in one for one in deadline.lines)


def test_a_pause_still_to_come_and_not_answered_changes_nothing_yet(compute: Compute, pause: MakePause) -> None:
    deadline = compute("2026-03-02T08:00", "5 working_days", pauses=[pause("2026-03-06T10:00")], now="2026-03-04T10:00")

    assert (deadline.state, deadline.due_at) == (ClockState.WITHIN, at("2026-03-09T17:00"))


def test_a_pause_tells_its_legal_basis_evidence_and_who_recorded_it(compute: Compute) -> None:
    taxed = Pause(
        at("2026-03-03T08:00"),
        at("2026-03-03T10:00"),
        "financial_duty",
        legal_basis="Điều 1 Luật A",
        evidence="phiếu 12/PC",
        recorded_by="CB-07",
        recorded_at=at("2026-03-03T08:05"),
    )

    deadline = compute("2026-03-02T08:00", "5 working_days", pauses=[taxed])

    assert deadline.lines[3] == (
        "tạm dừng lần 1, chờ thực hiện nghĩa vụ tài chính (Điều 1 Luật A), từ 08:00 thứ Ba 3/3/2026 đến 10:00 thứ Ba "
        "3/3/2026, giấy tờ phiếu 12/PC, CB-07 ghi lúc 08:05 thứ Ba 3/3/2026: 2 giờ làm việc"
    )


def test_overlapping_pauses_count_once(compute: Compute, pause: MakePause) -> None:
    one = [pause("2026-03-04T08:00", "2026-03-06T08:00")]
    many = [*one, pause("2026-03-04T10:00", "2026-03-05T10:00"), pause("2026-03-05T08:00", "2026-03-06T09:00")]

    assert compute("2026-03-02T08:00", "5 working_days", pauses=one).due_at == at("2026-03-11T17:00")
    overlapping = compute("2026-03-02T08:00", "5 working_days", pauses=many)
    assert overlapping.due_at == at("2026-03-12T09:00")
    assert overlapping.marks == ("pause_overlapping",)


@pytest.mark.parametrize(
    ("begin", "end", "mark"),
    [
        ("2026-03-01T08:00", "2026-03-03T08:00", "pause_before_start"),
        ("2026-03-09T17:00", "2026-03-11T08:00", "pause_after_due"),
        ("2026-03-20T08:00", "2026-03-25T08:00", "pause_after_due"),
    ],
)
def test_a_pause_while_the_clock_does_not_run_changes_nothing(
    compute: Compute, pause: MakePause, begin: str, end: str, mark: str
) -> None:
    deadline = compute("2026-03-02T08:00", "5 working_days", pauses=[pause(begin, end)])

    assert (deadline.due_at, deadline.marks) == (at("2026-03-09T17:00"), (mark,))


def test_an_overdue_dossier_does_not_become_paused_by_a_late_pause(compute: Compute, pause: MakePause) -> None:
    deadline = compute("2026-03-02T08:00", "2 working_days", pauses=[pause("2026-03-06T08:00")], now="2026-03-06T10:00")

    assert (deadline.state, deadline.due_at) == (ClockState.OVERDUE, at("2026-03-04T17:00"))


def test_a_calendar_term_is_paused_by_the_wall_calendar(compute: Compute, pause: MakePause) -> None:
    over_the_weekend = pause("2026-03-06T12:00", "2026-03-08T14:00")

    deadline = compute("2026-03-02T08:00", "10 calendar_days", pauses=[over_the_weekend])

    # 10 days end on 12/3 at 17:00; two days and two hours more are 14/3 at 19:00, a Saturday.
    assert deadline.due_at == at("2026-03-16T17:00")
    assert any(line.endswith(": 2 ngày 2 giờ") for line in deadline.lines)
    assert any("là ngày nghỉ nên hạn chuyển" in line for line in deadline.lines)


def test_a_pause_on_the_day_of_receipt_does_not_stop_a_calendar_term(compute: Compute, pause: MakePause) -> None:
    on_receipt = pause("2026-03-02T10:00", "2026-03-02T16:00")

    deadline = compute("2026-03-02T09:00", "3 calendar_days", pauses=[on_receipt])

    assert (deadline.due_at, deadline.marks) == (at("2026-03-05T17:00"), ("pause_before_start",))


def test_a_dossier_may_end_at_the_moment_it_is_received(compute: Compute) -> None:
    deadline = compute("2026-03-02T09:00", "3 working_days", finished="2026-03-02T09:00")

    assert deadline.state is ClockState.FINISHED_EARLY


def test_under_decree_61_an_answered_supplement_restarts_the_limit(
    compute: Compute, pause: MakePause, decree_61: DeadlineRule
) -> None:
    asked = pause("2024-03-06T10:00", "2024-03-12T09:00", "supplement")

    deadline = compute("2024-03-04T08:00", "5 working_days", pauses=[asked], rule=decree_61)

    assert (deadline.started_at, deadline.due_at) == (at("2024-03-13T08:00"), at("2024-03-19T17:00"))
    assert deadline.marks == ("restarted",)
    assert any("tính lại từ đầu" in line for line in deadline.lines)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("2024-03-20T10:00", "2024-03-21T09:00"), ("2024-03-01T10:00", "2024-03-02T09:00")],
    ids=["after the limit", "before the start"],
)
def test_a_supplement_outside_the_running_clock_does_not_restart_it(
    compute: Compute, pause: MakePause, decree_61: DeadlineRule, begin: str, end: str
) -> None:
    deadline = compute("2024-03-04T08:00", "5 working_days", pauses=[pause(begin, end, "supplement")], rule=decree_61)

    assert deadline.due_at == at("2024-03-11T17:00")


def test_a_second_supplement_request_counts_but_is_marked(compute: Compute, pause: MakePause) -> None:
    asked = [
        pause("2026-03-04T08:00", "2026-03-04T10:00", "supplement"),
        pause("2026-03-05T08:00", "2026-03-05T10:00", "supplement"),
    ]

    deadline = compute("2026-03-02T08:00", "5 working_days", pauses=asked)

    assert (deadline.due_at, deadline.marks) == (at("2026-03-10T12:00"), ("repeated_supplement",))


def test_a_ground_that_the_rule_does_not_name_does_not_stop_its_clock(
    compute: Compute, pause: MakePause, standard: DeadlineRule
) -> None:
    strict = replace(standard, pausing={"supplement": standard.known_grounds["supplement"]})
    surveyed = pause("2026-03-04T08:00", "2026-03-06T08:00", "field_survey")

    deadline = compute("2026-03-02T08:00", "5 working_days", pauses=[surveyed], rule=strict, now="2026-03-05T08:00")

    assert deadline.due_at == at("2026-03-09T17:00")
    assert deadline.state is ClockState.WITHIN
    assert deadline.marks == ("pause_not_of_this_clock",)


@pytest.mark.law("61/2018/NĐ-CP", "Điều 18")
@pytest.mark.parametrize(
    ("received", "counting", "due"),
    [
        ("2026-03-02T15:00", "whole_days", "2026-03-03T17:00"),
        ("2026-03-02T15:01", "whole_days", "2026-03-04T17:00"),
        ("2026-03-02T14:00", "elapsed_hours", "2026-03-03T14:00"),
        ("2026-03-02T15:30", "elapsed_hours", "2026-03-03T17:00"),
        ("2026-03-07T15:30", "whole_days", "2026-03-09T17:00"),
    ],
)
def test_a_dossier_received_after_the_cut_off_counts_as_received_the_next_working_day(
    compute: Compute, standard: DeadlineRule, received: str, counting: str, due: str
) -> None:
    rule = replace(standard, receipt_cut_off=15 * 3600 * 1_000_000)

    assert compute(received, "1 working_days", counting=counting, rule=rule).due_at == at(due)


def test_a_year_without_an_announced_calendar_is_provisional_and_says_so(compute: Compute) -> None:
    announced = compute("2026-12-01T09:00", "5 working_days")
    computed = compute("2026-12-28T09:00", "5 working_days")

    assert not announced.is_provisional
    assert computed.is_provisional
    assert computed.lines[-1].startswith("Tạm tính: có năm chưa công bố lịch nghỉ")


def test_a_count_that_leaves_the_calendar_names_the_year(compute: Compute) -> None:
    with pytest.raises(OutsideCalendarError) as beyond:
        compute("2028-12-28T09:00", "2 working_days")
    with pytest.raises(OutsideCalendarError) as before:
        compute("2019-12-28T09:00", "5 working_days")

    assert (beyond.value.year, before.value.year) == (2029, 2019)


@pytest.mark.parametrize(
    ("changed", "column", "says"),
    [
        ({"limit": "0 working_days"}, "limit", "không phải là số dương"),
        ({"limit": "NaN working_days"}, "limit", "không phải là số dương"),
        ({"limit": "0.5 months"}, "limit", "không phải số tháng nguyên"),
        ({"limit": "0.1234567 working_days"}, "limit", "quá 6 chữ số thập phân"),
        ({"finished": "2026-03-01T08:00"}, "finished_at", "trước khi tiếp nhận"),
        ({"pauses": [Pause(at("2026-03-04T08:00"), at("2026-03-03T08:00"))]}, "pauses", "trước khi bắt đầu"),
        ({"pauses": [Pause(at("2026-03-04T08:00"), None, "nghỉ phép")]}, "pauses", "Không có căn cứ tạm dừng"),
    ],
)
def test_a_contradiction_names_the_column_and_the_remedy(
    compute: Compute, changed: dict[str, object], column: str, says: str
) -> None:
    with pytest.raises(HappeningsError, match=says) as refused:
        compute("2026-03-02T08:00", changed.pop("limit", "5 working_days"), **changed)

    assert refused.value.column == column
    assert refused.value.remedy


def _extended(standard: DeadlineRule, vietnam: WorkingCalendar, *extensions: Extension) -> Deadline:
    happenings = Happenings(
        at("2026-03-02T08:00"), Limit(Decimal(5), LimitUnit.WORKING_DAYS), extensions=tuple(extensions)
    )
    return clock.compute(rule=standard, calendar=vietnam, happenings=happenings, now=at("2026-03-09T08:00"))


def test_an_extension_with_an_apology_moves_the_due_moment(standard: DeadlineRule, vietnam: WorkingCalendar) -> None:
    deadline = _extended(standard, vietnam, Extension(Decimal(3), at("2026-03-06T08:00"), "12/XL-UBND", "chờ mưa tạnh"))

    assert deadline.due_at == at("2026-03-12T17:00")
    assert "gia hạn thêm 3 ngày làm việc theo văn bản xin lỗi 12/XL-UBND" in deadline.lines


@pytest.mark.parametrize(
    ("extensions", "says"),
    [
        ([("3", "1/XL"), ("1", "2/XL")], "quy tắc chỉ cho gia hạn 1 lần"),
        ([("3", " ")], "không có văn bản xin lỗi"),
        ([("6", "1/XL")], "dài hơn mức cho phép 5 ngày làm việc"),
    ],
)
def test_an_extension_is_granted_once_within_its_limit_and_with_an_apology(
    standard: DeadlineRule, vietnam: WorkingCalendar, extensions: list[tuple[str, str]], says: str
) -> None:
    given = [Extension(Decimal(amount), at("2026-03-06T08:00"), apology) for amount, apology in extensions]

    with pytest.raises(HappeningsError, match=says):
        _extended(standard, vietnam, *given)


def test_a_rule_without_extensions_says_so(standard: DeadlineRule, vietnam: WorkingCalendar) -> None:
    rule = replace(standard, extension=replace(standard.extension, times=0, citation=None))

    with pytest.raises(HappeningsError, match=r"quy tắc này không cho gia hạn\."):
        _extended(rule, vietnam, Extension(Decimal(1), at("2026-03-06T08:00"), "1/XL"))
