"""What on time means for one dossier, edge by edge (domain 1.3, indicator 2.1)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from motcua.facts import fold
from motcua.facts.options import FactOptions, UnknownDue
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period

FORMULA = "Mô tả công thức tính chỉ số 766"
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
LATER = datetime.fromisoformat("2026-12-31T23:59:59.999999")
STRICT = FactOptions(late_if_repeated_supplement=True, late_if_officer_unnamed=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def on_time(*, on: datetime = LATER, period: Period = MARCH, options: FactOptions = STRICT, **row: Any) -> bool:
    row = {"received_at": at("2026-03-02T08:00"), "due_at": at("2026-03-10T17:00"), "officer_named": True} | row
    return fold.is_on_time(fold.facts(row, on=on, options=options), period=period, on=on)


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_finished_at_the_very_due_moment_is_on_time() -> None:
    assert on_time(resolved_at=at("2026-03-10T17:00"))
    assert not on_time(resolved_at=at("2026-03-10T17:00:01"))


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_resolved_counts_before_returned() -> None:
    assert on_time(resolved_at=at("2026-03-10T16:00"), returned_at=at("2026-03-12T08:00"))
    assert not on_time(resolved_at=at("2026-03-11T16:00"), returned_at=at("2026-03-09T08:00"))


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_returned_counts_before_stopped_and_stopped_before_withdrawn() -> None:
    assert not on_time(returned_at=at("2026-03-11T08:00"), stopped_at=at("2026-03-09T08:00"))
    assert not on_time(stopped_at=at("2026-03-11T08:00"), withdrawn_at=at("2026-03-09T08:00"))
    assert on_time(refused_at=at("2026-03-09T08:00"), stopped_at=at("2026-03-11T08:00"))


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_a_withdrawal_before_receipt_ends_nothing() -> None:
    row = {"received_at": None, "withdrawn_at": at("2026-03-09T08:00")}

    assert fold.ended_at(row, on=LATER) is None
    assert fold.ended_at(row | {"received_at": at("2026-03-02T08:00")}, on=LATER) == at("2026-03-09T08:00")


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_waiting_for_one_supplement_stops_the_clock_at_the_request() -> None:
    asked = at("2026-03-10T16:00")

    assert on_time(supplement_requests=1, supplement_waiting_since=asked)
    assert not on_time(supplement_requests=1, supplement_waiting_since=asked + timedelta(days=1))


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_a_second_request_for_supplement_is_late_however_early() -> None:
    assert not on_time(supplement_requests=2, resolved_at=at("2026-03-03T08:00"))
    assert on_time(supplement_requests=2, resolved_at=at("2026-03-03T08:00"), options=FactOptions())


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_the_time_of_a_finished_supplement_is_not_the_offices() -> None:
    assert on_time(resolved_at=at("2026-03-11T17:00"), supplement_requests=1, supplement_seconds=86_400)
    assert not on_time(resolved_at=at("2026-03-11T17:00:01"), supplement_requests=1, supplement_seconds=86_400)


@pytest.mark.law("45/VPUB-PVHCC&KSTT", "đoạn nêu hồ sơ quá hạn")
def test_an_officer_without_a_public_name_makes_the_dossier_late_where_the_rule_set_says_so() -> None:
    assert not on_time(resolved_at=at("2026-03-03T08:00"), officer_named=False)
    assert on_time(resolved_at=at("2026-03-03T08:00"), officer_named=False, options=FactOptions())
    assert on_time(resolved_at=at("2026-03-03T08:00"), officer_named=None)


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_without_a_due_moment_the_limit_of_the_procedure_counts() -> None:
    limit = at("2026-03-05T17:00")

    assert on_time(due_at=None, limit_due_at=limit, resolved_at=limit)
    assert not on_time(due_at=None, limit_due_at=limit, resolved_at=limit + timedelta(seconds=1))


def test_without_any_due_moment_the_rule_set_decides() -> None:
    resolved = at("2026-09-01T08:00")

    assert on_time(due_at=None, resolved_at=resolved)
    assert not on_time(due_at=None, resolved_at=resolved, options=FactOptions(unknown_due=UnknownDue.LATE))


def test_a_due_day_without_an_hour_lasts_until_its_end() -> None:
    assert on_time(due_at=at("2026-03-10"), resolved_at=at("2026-03-10T23:59:59"))
    assert not on_time(due_at=at("2026-03-10"), resolved_at=at("2026-03-11T00:00"))


@pytest.mark.law(FORMULA, "chỉ số 2.1")
def test_an_open_dossier_is_judged_at_the_end_of_the_period_or_now_if_that_is_earlier() -> None:
    assert not on_time()
    assert on_time(due_at=at("2026-04-01T17:00"))
    assert on_time(on=at("2026-03-10T16:59:59"))
    assert not on_time(on=at("2026-03-10T17:00:01"))


def test_what_happened_after_the_moment_of_knowledge_is_not_known() -> None:
    late = at("2026-03-12T08:00")

    assert on_time(resolved_at=late, on=at("2026-03-10T12:00"))
    assert not on_time(resolved_at=late, on=late)


def test_a_dossier_is_carried_over_until_it_ends() -> None:
    row = {"received_at": at("2026-02-20T08:00"), "resolved_at": at("2026-03-01T08:00")}
    before = row | {"resolved_at": at("2026-02-28T23:59")}

    assert fold.is_handled(fold.facts(row, on=LATER, options=STRICT), period=MARCH)
    assert not fold.is_received(fold.facts(row, on=LATER, options=STRICT), period=MARCH)
    assert not fold.is_handled(fold.facts(before, on=LATER, options=STRICT), period=MARCH)


@pytest.mark.law(FORMULA, "chỉ số 3.3")
def test_an_unknown_channel_is_direct_and_online_counts_only_with_the_result_that_is_due() -> None:
    unknown = fold.facts({}, on=LATER, options=STRICT)
    online = fold.facts({"channel": 2, "result_required": True}, on=LATER, options=STRICT)
    no_result = fold.facts({"channel": 2, "result_required": False}, on=LATER, options=STRICT)

    assert not unknown.is_online
    assert not unknown.is_postal
    assert (online.is_online, online.is_online_counted) == (True, False)
    assert no_result.is_online_counted


@pytest.mark.law(FORMULA, "chỉ số 3.6")
def test_a_fee_list_of_zeros_bears_no_fee() -> None:
    paid = {"fee_bearing": True, "payment_place": 2}

    assert fold.facts(paid, on=LATER, options=STRICT).is_paid_online
    assert not fold.facts(paid | {"fees_all_zero": True}, on=LATER, options=STRICT).is_fee_due
    assert not fold.facts(paid | {"fees_all_zero": True}, on=LATER, options=STRICT).is_paid_online
    assert not fold.facts(paid | {"payment_place": 3}, on=LATER, options=STRICT).is_paid_online


@pytest.mark.law(FORMULA, "chỉ số 4.2")
def test_digitised_needs_a_component_file_and_the_result_file_where_one_is_due() -> None:
    both = {"has_component_file": True, "has_result_file": True}

    assert fold.facts(both, on=LATER, options=STRICT).is_digitised
    assert not fold.facts(both | {"has_result_file": None}, on=LATER, options=STRICT).is_digitised
    assert fold.facts({"has_component_file": True, "result_required": False}, on=LATER, options=STRICT).is_digitised


def test_options_come_from_the_law_and_refuse_what_they_do_not_know() -> None:
    options = FactOptions.read({"late_if_officer_unnamed": {"value": True}, "petition_resolve_within": 15})

    assert options == FactOptions(late_if_officer_unnamed=True, petition_resolve_within=15)
    for table in ({"late_if_tired": True}, {"unknown_due": "never"}, {"petition_resolve_within": True}):
        with pytest.raises(UserError):
            FactOptions.read(table)
