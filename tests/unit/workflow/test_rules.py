"""What may happen to a dossier: the acts of the rulebook, one by one."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from motcua.kernel.errors import UserError
from motcua.workflow import rulebook, rules
from motcua.workflow.demands import ActFacts
from motcua.workflow.states import PortalState

LAW = Path(__file__).parents[3] / "law"
BOOK = rulebook.read_rulebook(LAW / "workflow" / "one_stop" / "2025-07-01.toml")
AT = datetime.fromisoformat("2026-03-02T14:05")
BY_NAME = ActFacts(at=AT, actor_name="Nguyễn Thị Ánh", actor_title="Chuyên viên")


def decide(act: str, local_state: str | None, *roles: str, facts: ActFacts = BY_NAME) -> rules.Allowed | rules.Refused:
    return rules.decide(act, rulebook=BOOK, local_state=local_state, roles=frozenset(roles), facts=facts)


def refusal(decision: rules.Allowed | rules.Refused) -> str:
    assert isinstance(decision, rules.Refused)
    return decision.why


def test_a_complete_dossier_is_received_with_a_due_moment() -> None:
    facts = replace(BY_NAME, is_complete=True, due_at=datetime.fromisoformat("2026-03-09T17:00"))

    decision = decide("receive", None, "clerk", facts=facts)

    assert isinstance(decision, rules.Allowed)
    assert (decision.local_state, decision.state) == ("received", PortalState.RECEIVED)
    assert decision.act.form == "intake_receipt"


def test_an_incomplete_dossier_is_not_received() -> None:
    facts = replace(BY_NAME, due_at=datetime.fromisoformat("2026-03-09T17:00"))

    assert "thành phần" in refusal(decide("receive", "registered", "clerk", facts=facts))


def test_a_due_moment_in_the_past_is_no_promise() -> None:
    facts = replace(BY_NAME, is_complete=True, due_at=AT)

    assert "hẹn trả" in refusal(decide("receive", "registered", "clerk", facts=facts))


def test_intake_is_refused_only_with_a_named_paper_and_a_legal_basis() -> None:
    blank = replace(BY_NAME, missing_papers=("  ",))
    without_basis = replace(BY_NAME, missing_papers=("Tờ khai đăng ký khai sinh",))
    whole = replace(without_basis, legal_basis="Điều 16 Luật Hộ tịch 2014")

    assert "nêu tên" in refusal(decide("refuse_intake", "registered", "clerk", facts=blank))
    assert "căn cứ pháp lý" in refusal(decide("refuse_intake", "registered", "clerk", facts=without_basis))
    assert decide("refuse_intake", "registered", "clerk", facts=whole).or_raise().state is PortalState.REFUSED


def test_no_staff_acts_without_name_and_title() -> None:
    nameless = replace(BY_NAME, actor_title=" ")

    assert "chức danh" in refusal(decide("take", "forwarded", "case_officer", facts=nameless))


def test_an_applicant_needs_no_title() -> None:
    decision = decide("withdraw", "in_progress", "applicant", facts=ActFacts(at=AT))

    assert decision.or_raise().state is PortalState.WITHDRAWAL_REQUESTED


def test_a_postal_clerk_receives_only_under_a_named_supervisor() -> None:
    alone = replace(BY_NAME, is_complete=True, due_at=datetime.fromisoformat("2026-03-09T17:00"))
    supervised = replace(alone, supervisor_name="Trần Văn Bình")

    assert "giám sát" in refusal(decide("receive", "registered", "postal_clerk", facts=alone))
    assert decide("receive", "registered", "postal_clerk", facts=supervised).or_raise().local_state == "received"
    assert decide("receive", "registered", "postal_clerk", "clerk", facts=alone).or_raise().local_state == "received"


def test_a_postal_clerk_decides_nothing() -> None:
    decisions = {act.code for act in BOOK.acts.values() if act.is_decision}
    offered = {
        act.code
        for state in (None, *BOOK.states)
        for act in rules.open_acts(rulebook=BOOK, local_state=state, roles=frozenset({"postal_clerk"}))
    }

    assert decisions
    assert not decisions & offered


def test_the_wrong_person_learns_who_may() -> None:
    assert "lãnh đạo cơ quan" in refusal(decide("approve", "awaiting_signature", "clerk"))


def test_an_act_out_of_turn_names_the_state_of_the_dossier() -> None:
    assert "Mới đăng ký" in refusal(decide("approve", "registered", "leader"))


def test_nothing_but_an_intake_opens_a_dossier() -> None:
    assert "Chưa có hồ sơ" in refusal(decide("approve", None, "leader"))
    assert [act.code for act in rules.open_acts(rulebook=BOOK, local_state=None, roles=frozenset(BOOK.roles))] == [
        "submit",
        "receive",
    ]


def test_a_dossier_with_a_result_cannot_be_withdrawn() -> None:
    assert "đã có kết quả" in refusal(decide("withdraw", "approved", "applicant"))


def test_an_ended_dossier_says_that_it_has_ended() -> None:
    assert "đã kết thúc" in refusal(decide("pause", "stopped", "case_officer"))


def test_the_first_supplement_is_unmarked_and_a_second_is_possible_and_marked() -> None:
    first = replace(BY_NAME, missing_papers=("Giấy chứng sinh",), reason="Chưa nộp")
    second = replace(first, supplement_requests=1)

    assert decide("request_supplement", "in_progress", "case_officer", facts=first).or_raise().marks == frozenset()
    assert decide("request_supplement", "in_progress", "case_officer", facts=second).or_raise().marks == {
        rules.Mark.REPEATED_SUPPLEMENT
    }


def test_a_pause_needs_a_ground_of_the_list() -> None:
    invented = replace(BY_NAME, pause_ground="bận họp", legal_basis="Điều 5")
    listed = replace(invented, pause_ground="field_survey")

    assert "danh mục" in refusal(decide("pause", "in_progress", "case_officer", facts=invented))
    assert decide("pause", "in_progress", "case_officer", facts=listed).or_raise().local_state == "paused"
    assert decide("resume", "paused", "case_officer").or_raise().local_state == "in_progress"


def test_an_extension_needs_a_later_due_moment_and_an_apology() -> None:
    promised = replace(BY_NAME, reason="Chờ giám định", due_at=datetime.fromisoformat("2026-03-05T17:00"))
    same = replace(promised, new_due_at=promised.due_at, apology="12/PXL")
    silent = replace(promised, new_due_at=datetime.fromisoformat("2026-03-10T17:00"))
    whole = replace(silent, apology="12/PXL")

    assert "sau ngày hẹn" in refusal(decide("extend", "in_progress", "leader", facts=same))
    assert "xin lỗi" in refusal(decide("extend", "in_progress", "leader", facts=silent))
    assert decide("extend", "in_progress", "leader", facts=whole).or_raise().marks == frozenset()
    assert decide(
        "extend", "in_progress", "leader", facts=replace(whole, at=datetime.fromisoformat("2026-03-06"))
    ).or_raise().marks == {rules.Mark.APOLOGY_AFTER_DUE}
    assert "đủ số lần" in refusal(decide("extend", "in_progress", "leader", facts=replace(whole, extensions=1)))


def test_a_correction_needs_a_reason_and_somebody_elses_approval_and_moves_nothing() -> None:
    own = replace(BY_NAME, reason="Nhập nhầm ngày", approver_name="Nguyễn Thị Ánh")
    approved = replace(own, approver_name="Lê Văn Cường")

    assert "phê duyệt" in refusal(decide("correct", "handed_over", "clerk", facts=own))
    assert decide("correct", "handed_over", "clerk", facts=approved).or_raise().local_state == "handed_over"


def test_a_dossier_waits_until_the_last_of_several_opinions() -> None:
    answer = replace(BY_NAME, opinion="Thống nhất", open_opinions=2)

    assert decide("give_opinion", "awaiting_opinion", "consulted_officer", facts=answer).or_raise().local_state == (
        "awaiting_opinion"
    )
    last = replace(answer, open_opinions=1)
    assert decide("give_opinion", "awaiting_opinion", "consulted_officer", facts=last).or_raise().local_state == (
        "in_progress"
    )
    nobody_asked = replace(answer, open_opinions=0)
    assert "đang chờ trả lời" in refusal(decide("give_opinion", "in_progress", "consulted_officer", facts=nobody_asked))


def test_an_opinion_that_comes_while_the_clock_stands_is_kept_and_leaves_it_standing() -> None:
    asked = replace(BY_NAME, receiving_unit="H05.12", question="Quy hoạch?")
    answer = replace(BY_NAME, opinion="Phù hợp", open_opinions=1)

    assert decide("request_opinion", "paused", "case_officer", facts=asked).or_raise().local_state == "paused"
    assert decide("give_opinion", "paused", "consulted_officer", facts=answer).or_raise().local_state == "paused"


def test_work_returns_only_to_a_step_already_passed() -> None:
    ahead = replace(BY_NAME, reason="Thiếu số liệu", step="5", passed_steps=("1", "2"))

    assert "bước đã qua" in refusal(decide("return_to_step", "in_progress", "unit_head", facts=ahead))
    assert (
        decide("return_to_step", "in_progress", "unit_head", facts=replace(ahead, step="2")).or_raise().local_state
        == "in_progress"
    )


def test_a_result_is_not_handed_over_while_fees_are_open() -> None:
    owing = replace(BY_NAME, recipient_name="Lò Thị Mỵ", handed_over_by="direct", outstanding_fees=8000)

    assert "lệ phí" in refusal(decide("hand_over", "resolved", "clerk", facts=owing))
    paid = decide("hand_over", "resolved", "clerk", facts=replace(owing, outstanding_fees=0))
    assert paid.or_raise().state is PortalState.RETURNED


def test_a_refusal_can_be_raised_for_the_person_to_read() -> None:
    with pytest.raises(UserError, match="Mới đăng ký") as caught:
        decide("approve", "registered", "leader").or_raise()

    assert caught.value.where


def test_who_is_applicant_and_clerk_at_once_may_withdraw_as_applicant() -> None:
    untitled = ActFacts(at=AT)

    assert decide("withdraw", "in_progress", "applicant", "clerk", facts=untitled).or_raise().marks == frozenset()
    assert "chức danh" in refusal(decide("withdraw", "in_progress", "clerk", facts=untitled))


def test_an_apology_at_the_very_moment_due_is_still_in_time() -> None:
    due = datetime.fromisoformat("2026-03-05T17:00")
    facts = replace(
        BY_NAME, at=due, due_at=due, new_due_at=datetime.fromisoformat("2026-03-10"), reason="có", apology="1/PXL"
    )

    assert decide("extend", "in_progress", "leader", facts=facts).or_raise().marks == frozenset()


def test_an_act_is_offered_only_where_it_leads_somewhere() -> None:
    offered = rules.open_acts(rulebook=BOOK, local_state="resolved", roles=frozenset({"clerk"}))

    assert [act.code for act in offered] == ["record_fee", "hand_over", "correct"]


def test_one_named_paper_among_blanks_is_enough() -> None:
    facts = replace(BY_NAME, missing_papers=("", "Tờ khai"), reason="Thiếu")

    assert (
        decide("request_supplement", "in_progress", "case_officer", facts=facts).or_raise().act.form
        == "supplement_request"
    )


def test_money_is_recorded_only_with_an_amount_and_a_receipt() -> None:
    nothing = replace(BY_NAME, amount=0, receipt="BL-01")

    assert "lớn hơn 0" in refusal(decide("record_fee", "received", "clerk", facts=nothing))
    assert "biên lai" in refusal(decide("record_fee", "received", "clerk", facts=replace(BY_NAME, amount=1)))
    paid = replace(nothing, amount=1)
    assert decide("record_fee", "payment_required", "clerk", facts=paid).or_raise().local_state == "in_progress"


def test_a_linked_result_answers_a_referral() -> None:
    result = replace(BY_NAME, result="TB-12", open_referrals=1)

    assert "liên thông" in refusal(
        decide("receive_linked_result", "awaiting_linked_result", "clerk", facts=replace(result, open_referrals=0))
    )
    back = decide("receive_linked_result", "awaiting_linked_result", "clerk", facts=result)
    assert back.or_raise().local_state == "in_progress"


def test_a_result_is_handed_to_somebody_in_some_way() -> None:
    unnamed = replace(BY_NAME, handed_over_by="postal")
    unsaid = replace(BY_NAME, recipient_name="Lò Thị Mỵ")

    assert "người nhận" in refusal(decide("hand_over", "resolved", "clerk", facts=unnamed))
    assert "cách nhận" in refusal(decide("hand_over", "resolved", "clerk", facts=unsaid))
