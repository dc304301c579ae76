"""Every clock bug found in other systems (helpdesks, workflow engines), each as a test of ours."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest

from motcua.deadlines import changes, clock, rulebook
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import ClockState, Counting, Deadline, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.working_time import CalendarData, WorkingCalendar, hours

Compute = Callable[..., Deadline]
MakePause = Callable[..., Pause]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_hold_time_is_added_as_working_time_and_not_to_the_moment_of_receipt(
    compute: Compute, pause: MakePause
) -> None:
    """frappe/helpdesk #2449; erpnext #47029, #47172, #47884, #49414, #51111."""
    over_the_weekend = pause("2026-03-06T16:00", "2026-03-09T09:00")

    deadline = compute("2026-03-02T08:00", "40 working_hours", pauses=[over_the_weekend])

    # Friday 16-17 and Monday 8-9 are two working hours; the weekend between them is none.
    assert deadline.due_at == at("2026-03-09T10:00")


def test_a_dossier_finished_while_paused_keeps_its_pause(compute: Compute, pause: MakePause) -> None:
    """frappe/helpdesk #3776: Paused -> Resolved in one save ignored the hold."""
    deadline = compute(
        "2026-03-02T08:00", "2 working_days", pauses=[pause("2026-03-03T08:00")], finished="2026-03-20T09:00"
    )

    assert deadline.state is ClockState.FINISHED_EARLY
    assert deadline.due_at == at("2026-03-24T09:00")


def test_a_moment_with_a_zone_is_read_on_the_vietnamese_clock(
    compute: Compute, standard: DeadlineRule, vietnam: WorkingCalendar
) -> None:
    """frappe/helpdesk #3776, erpnext #38745: deadlines sent without zone."""
    in_utc = Happenings(
        datetime(2026, 3, 1, 17, 30, tzinfo=UTC), Limit(Decimal(1), LimitUnit.WORKING_DAYS), Counting.WHOLE_DAYS
    )

    deadline = clock.compute(
        rule=standard, calendar=vietnam, happenings=in_utc, now=datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    )

    # 17:30 UTC on Sunday is 00:30 on Monday in Vietnam, so day 1 is Tuesday.
    assert deadline.due_at == compute("2026-03-02T00:30", "1 working_days").due_at == at("2026-03-03T17:00")


def test_lunch_is_not_counted(compute: Compute) -> None:
    """frappe/helpdesk #2212."""
    deadline = compute("2026-03-02T11:00", "2 working_hours", counting="elapsed_hours")

    assert deadline.due_at == at("2026-03-02T14:00")


def test_a_changed_calendar_moves_open_dossiers_and_lists_only_those(
    vietnam: WorkingCalendar, standard: DeadlineRule
) -> None:
    """zammad #534 (not applied), zammad admin-docs PR #159 (applied with a storm)."""
    stormy = WorkingCalendar(
        changes.with_day_off(vietnam.data, date(2026, 9, 17), why="nghỉ bão", version="vn, bão 17/9/2026")
    )
    received = np.array(["2026-09-14T09", "2026-09-14T09", "2026-09-01T09", "2026-09-21T09"], "datetime64[us]")
    finished = np.array(["NaT", "2026-09-16T10", "NaT", "NaT"], "datetime64[us]")

    moved = changes.moves(
        before=vietnam,
        after=stormy,
        received=received,
        limit=np.array([5, 5, 2, 5]),
        unit=LimitUnit.WORKING_DAYS,
        counting=Counting.WHOLE_DAYS,
        day_length=standard.day_length,
        finished=finished,
    )

    # The closed one keeps its date; the one due before the storm and the one received after it do not move.
    assert moved.place.tolist() == [0]
    assert moved.before.tolist() == [at("2026-09-21T17:00")]
    assert moved.after.tolist() == [at("2026-09-22T17:00")]


def test_a_rule_switched_midway_does_not_forget_earlier_pauses(
    decree_61: DeadlineRule, standard: DeadlineRule, compute: Compute, pause: MakePause
) -> None:
    """GLPI #15605."""
    earlier = pause("2025-06-24T08:00", "2025-06-26T08:00", "agency_opinion")

    old = compute("2025-06-20T09:00", "10 working_days", pauses=[earlier], rule=decree_61)
    new = compute("2025-06-20T09:00", "10 working_days", pauses=[earlier], rule=standard)

    assert old.due_at == new.due_at == at("2025-07-08T17:00")


def test_a_reopened_dossier_is_measured_from_its_receipt_with_all_its_pauses(
    compute: Compute, pause: MakePause
) -> None:
    """zammad #188: a reopened ticket lost its past."""
    first = pause("2026-03-03T08:00", "2026-03-04T08:00")
    closed = compute("2026-03-02T08:00", "5 working_days", pauses=[first], finished="2026-03-05T10:00")

    reopened = compute("2026-03-02T08:00", "5 working_days", pauses=[first], now="2026-03-10T09:00")

    assert closed.state is ClockState.FINISHED_EARLY
    assert reopened.due_at == closed.due_at == at("2026-03-10T17:00")
    assert reopened.state is ClockState.APPROACHING


def test_a_rule_that_has_ended_governs_no_new_dossier(decree_61: DeadlineRule) -> None:
    """zammad #4353: a deactivated rule went on escalating."""
    with pytest.raises(Exception, match="Không có phiên bản nào của quy tắc «standard»"):
        rulebook.in_force([decree_61], received_on=date(2025, 7, 1), on=date(2025, 7, 1))


@pytest.mark.parametrize("open_days", [(1, 2, 4), (5,), (2,)])
def test_a_week_without_monday_and_thursday_still_counts(open_days: tuple[int, ...], standard: DeadlineRule) -> None:
    """osTicket #6739: such a week counted zero."""
    week = tuple(hours("08:00-12:00") if day in open_days else () for day in range(7))
    calendar = WorkingCalendar(CalendarData("x", "1", date(2026, 1, 1), date(2027, 12, 31), week))
    happenings = Happenings(at("2026-03-02T08:00"), Limit(Decimal(len(open_days)), LimitUnit.WORKING_DAYS))

    deadline = clock.compute(rule=standard, calendar=calendar, happenings=happenings, now=at("2026-03-02T08:00"))

    last = date(2026, 3, 2) + timedelta(days=open_days[-1])
    assert deadline.due_at == datetime.combine(last, time(12))


def test_a_pause_that_begins_on_a_holiday_counts_its_working_part(compute: Compute, pause: MakePause) -> None:
    """Dynamics 365: a pause set on a holiday did nothing."""
    within = compute("2026-02-12T09:00", "3 working_days", pauses=[pause("2026-02-17T09:00", "2026-02-18T09:00")])
    beyond = compute("2026-02-12T09:00", "3 working_days", pauses=[pause("2026-02-17T09:00", "2026-02-23T10:00")])

    assert within.due_at == at("2026-02-24T17:00")
    assert beyond.due_at == at("2026-02-25T10:00")


def test_a_clock_started_before_opening_starts_at_the_opening(compute: Compute) -> None:
    """jBPM JBPM-9546: timers before opening hours."""
    early = compute("2026-03-02T05:00", "1 working_hours", counting="elapsed_hours")
    late = compute("2026-03-02T19:00", "1 working_hours", counting="elapsed_hours")

    assert (early.started_at, early.due_at) == (at("2026-03-02T08:00"), at("2026-03-02T09:00"))
    assert (late.started_at, late.due_at) == (at("2026-03-03T08:00"), at("2026-03-03T09:00"))


def test_one_day_is_eight_working_hours_and_not_twenty_four(compute: Compute) -> None:
    """jmix #790: P1D ran for 24 business hours."""
    deadline = compute("2026-03-02T09:00", "1 working_days", counting="elapsed_hours")

    assert deadline.due_at == at("2026-03-03T09:00")


def test_the_calendar_given_is_the_calendar_used(compute: Compute, vietnam: WorkingCalendar) -> None:
    """pm4py #558: a calendar was accepted and ignored."""
    plain = WorkingCalendar(CalendarData("plain", "1", vietnam.data.first, vietnam.data.last, vietnam.data.week))

    assert compute("2026-02-11T16:00", "5 working_days").due_at == at("2026-02-25T17:00")
    assert compute("2026-02-11T16:00", "5 working_days", calendar=plain).due_at == at("2026-02-18T17:00")


def test_several_pauses_keep_each_its_own_line(compute: Compute, pause: MakePause) -> None:
    """Frappe keeps one accumulator (total_hold_time), so nobody can say why."""
    deadline = compute(
        "2026-03-02T08:00",
        "5 working_days",
        pauses=[
            pause("2026-03-03T08:00", "2026-03-03T10:00", "supplement"),
            pause("2026-03-04T14:00", "2026-03-05T09:00", "financial_duty"),
        ],
    )

    told = [line for line in deadline.lines if line.startswith("tạm dừng")]
    taxed = "chờ thực hiện nghĩa vụ tài chính"
    assert told == [
        "tạm dừng lần 1, chờ bổ sung hồ sơ, từ 08:00 thứ Ba 3/3/2026 đến 10:00 thứ Ba 3/3/2026: 2 giờ làm việc",
        f"tạm dừng lần 2, {taxed}, từ 14:00 thứ Tư 4/3/2026 đến 09:00 thứ Năm 5/3/2026: 4 giờ làm việc",
    ]


def test_a_pause_outside_office_hours_moves_nothing(compute: Compute, pause: MakePause) -> None:
    """The naive subtraction of wall time gives back nights that were never counted."""
    deadline = compute("2026-03-02T08:00", "2 working_days", pauses=[pause("2026-03-03T17:00", "2026-03-04T08:00")])

    assert deadline.due_at == at("2026-03-04T17:00")


def test_days_and_working_days_are_not_mixed(compute: Compute) -> None:
    """Complaint of the seeds: «ngày» and «ngày làm việc» mixed inside one decision."""
    assert compute("2026-03-02T08:00", "7 calendar_days").due_at == at("2026-03-09T17:00")
    assert compute("2026-03-02T08:00", "7 working_days").due_at == at("2026-03-11T17:00")
