"""Two clocks side by side: the statutory one and the measure of the 766 index, and why they differ."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest

from motcua.deadlines import lawfiles, two_clocks
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.two_clocks import TwoClocks
from motcua.deadlines.types import ClockState, Extension, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.working_time import WorkingCalendar
from motcua.lawbook import Lawbook

MakePause = Callable[..., Pause]
Both = Callable[..., TwoClocks]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def both(book: Lawbook, standard: DeadlineRule, vietnam: WorkingCalendar) -> Both:
    """Both clocks of a dossier received on Monday 2/3/2026 at 8:00 with 5 working days."""
    (qd766,) = lawfiles.rule_versions(book, "qd766")

    def of(
        *pauses: Pause,
        finished: str | None = None,
        now: str = "2026-04-01T10:00",
        promised: str | None = None,
        extensions: tuple[Extension, ...] = (),
        statutory: DeadlineRule = standard,
    ) -> TwoClocks:
        return two_clocks.both(
            statutory=statutory,
            qd766=qd766,
            calendar=vietnam,
            happenings=Happenings(
                at("2026-03-02T08:00"),
                Limit(Decimal(5), LimitUnit.WORKING_DAYS),
                pauses=pauses,
                finished_at=at(finished) if finished else None,
                extensions=extensions,
            ),
            now=at(now),
            promised_at=at(promised) if promised else None,
        )

    return of


def test_without_pauses_the_clocks_agree(both: Both) -> None:
    found = both(finished="2026-03-09T16:00")

    assert found.qd766.is_on_time
    assert found.qd766.due_at == found.statutory.due_at == at("2026-03-09T17:00")
    assert found.differences == ()


@pytest.mark.law("766/QĐ-TTg", "chỉ số 2.1")
def test_the_portal_subtracts_the_supplement_on_the_wall_calendar(both: Both, pause: MakePause) -> None:
    found = both(pause("2026-03-06T16:00", "2026-03-09T09:00", "supplement"), finished="2026-03-11T16:00")

    # By law two working hours were paused; the portal takes off the whole weekend, 2 days 17 hours.
    assert found.statutory.due_at == at("2026-03-10T10:00")
    assert found.statutory.state is ClockState.FINISHED_LATE
    assert found.qd766.counted_at == at("2026-03-08T23:00")
    assert found.qd766.is_on_time
    assert found.differences[0] == "Theo luật: quá hạn; theo cổng: đúng hạn."


def test_a_tax_pause_stops_the_law_and_not_the_portal(both: Both, pause: MakePause) -> None:
    found = both(pause("2026-03-04T08:00", "2026-03-10T08:00", "financial_duty"), finished="2026-03-11T16:00")

    assert found.statutory.state is ClockState.FINISHED_EARLY
    assert not found.qd766.is_on_time
    assert found.differences[0] == "Theo luật: đúng hạn; theo cổng: quá hạn."
    assert found.differences[-1] == "«chờ thực hiện nghĩa vụ tài chính»: đồng hồ theo luật dừng, cổng không trừ."


def test_waiting_for_a_supplement_is_measured_at_the_request(both: Both, pause: MakePause) -> None:
    found = both(pause("2026-03-06T16:00", None, "supplement"))

    assert found.qd766.measured_at == at("2026-03-06T16:00")
    assert found.qd766.is_on_time
    assert found.statutory.state is ClockState.PAUSED


def test_a_second_supplement_request_is_late_for_the_portal(both: Both, pause: MakePause) -> None:
    asked = [
        pause("2026-03-03T08:00", "2026-03-03T10:00", "supplement"),
        pause("2026-03-04T08:00", "2026-03-04T10:00", "supplement"),
    ]

    found = both(*asked, finished="2026-03-05T10:00")

    assert not found.qd766.is_on_time
    assert found.statutory.state is ClockState.FINISHED_EARLY
    assert "Yêu cầu bổ sung 2 lần, quá 1 lần: cổng tính quá hạn." in found.qd766.lines


def test_the_promise_on_the_receipt_is_what_the_portal_compares_with(both: Both) -> None:
    found = both(finished="2026-03-09T16:00", promised="2026-03-06T17:00")

    assert not found.qd766.is_on_time
    assert any("ngày hẹn trên cổng 17:00 thứ Sáu 6/3/2026" in line for line in found.differences)


def test_an_extension_is_not_known_to_the_portal(both: Both) -> None:
    found = both(finished="2026-03-11T16:00", extensions=(Extension(Decimal(3), at("2026-03-06T08:00"), "1/XL"),))

    assert found.differences[-1].startswith("Gia hạn:")


def test_a_pause_without_ground_and_a_restart_are_told_apart(
    both: Both, pause: MakePause, decree_61: DeadlineRule
) -> None:
    unnamed = both(pause("2026-03-03T08:00", "2026-03-03T10:00"))
    restarted = both(pause("2026-03-03T08:00", "2026-03-03T10:00", "supplement"), statutory=decree_61)

    assert unnamed.differences[-1] == "«tạm dừng không ghi căn cứ»: đồng hồ theo luật dừng, cổng không trừ."
    assert "đồng hồ theo luật tính lại từ đầu" in restarted.differences[-1]


def test_the_portals_rule_as_a_clock_adds_the_supplement_on_the_wall_calendar(
    book: Lawbook, compute: Callable[..., object], pause: MakePause
) -> None:
    (qd766,) = lawfiles.rule_versions(book, "qd766")
    over_the_weekend = pause("2026-03-06T16:00", "2026-03-09T09:00", "supplement")

    deadline = compute("2026-03-02T08:00", "5 working_days", pauses=[over_the_weekend], rule=qd766)

    assert getattr(deadline, "due_at") == at("2026-03-12T10:00")  # noqa: B009 - typed by the fixture elsewhere


def test_requests_outside_office_hours_move_no_due_moment_and_are_late_for_the_portal(
    both: Both, pause: MakePause
) -> None:
    asked = [pause("2026-03-03T18:00", "2026-03-03T18:00", "supplement")] * 2

    found = both(*asked, finished="2026-03-05T10:00")

    assert found.statutory.due_at == found.qd766.due_at
    assert found.differences[0] == "Theo luật: đúng hạn; theo cổng: quá hạn."
