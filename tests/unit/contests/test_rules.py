"""What a contest must bring, and who decides it."""

import pytest

from motcua.contests import rules
from motcua.contests.types import ContestState, EvidenceFile, LostMark
from motcua.kernel.errors import UserError

MARK = LostMark(
    dossier_code="H99.101-260302-0001", unit_code="H99.101", indicator="ON_TIME", rules="qd766/portal",
    reasons=("late_finish",),
)  # fmt: skip
PROOF = EvidenceFile("bien-nhan.pdf", "application/pdf", 10, "a" * 64)


def test_a_lost_mark_with_reason_and_evidence_may_be_contested() -> None:
    rules.file(MARK, reason="Mất điện cả ngày 9/3", evidence=[PROOF], standing=None)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"standing": ContestState.FILED}, "đang có một kiến nghị"),
        ({"standing": ContestState.APPROVED}, "đã được chấp nhận"),
        ({"reason": "  "}, "Thiếu lý do"),
        ({"reason": "x" * 2001}, r"dài quá 2\.000 ký tự"),
        ({"evidence": []}, "Thiếu chứng cứ"),
        ({"evidence": [EvidenceFile(f"{n}.pdf", "application/pdf", 1, f"{n}" * 64) for n in range(6)]}, "Quá 5 tệp"),
        ({"evidence": [PROOF, PROOF]}, "chọn hai lần"),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, object], says: str) -> None:
    given: dict[str, object] = {"reason": "Mất điện", "evidence": [PROOF], "standing": None, **changes}

    with pytest.raises(UserError, match=says) as error:
        rules.file(MARK, **given)  # type: ignore[arg-type]
    assert error.value.remedy


def test_a_mark_that_is_not_lost_cannot_be_contested() -> None:
    kept = LostMark(
        dossier_code=MARK.dossier_code, unit_code=MARK.unit_code, indicator="ON_TIME", rules=MARK.rules, reasons=()
    )

    with pytest.raises(UserError, match="không bị trừ điểm"):
        rules.file(kept, reason="Mất điện", evidence=[PROOF], standing=None)


def test_nobody_decides_on_their_own_contest() -> None:
    with pytest.raises(UserError, match="Không ai tự quyết định"):
        rules.decide(state=ContestState.FILED, filed_by="cb-1", decided_by="cb-1", decision="Đúng")


@pytest.mark.parametrize("state", [ContestState.APPROVED, ContestState.REFUSED, ContestState.WITHDRAWN])
def test_what_is_done_is_done(state: ContestState) -> None:
    with pytest.raises(UserError, match="đã được xử lý"):
        rules.decide(state=state, filed_by="cb-1", decided_by="cb-2", decision="Đúng")
    with pytest.raises(UserError, match="đã được xử lý"):
        rules.withdraw(state=state, filed_by="cb-1", by="cb-1")


def test_a_decision_has_its_reason() -> None:
    rules.decide(state=ContestState.FILED, filed_by="cb-1", decided_by="cb-2", decision="Đủ căn cứ")
    with pytest.raises(UserError, match="Thiếu lý do quyết định"):
        rules.decide(state=ContestState.FILED, filed_by="cb-1", decided_by="cb-2", decision=" ")


def test_only_who_filed_a_contest_takes_it_back() -> None:
    rules.withdraw(state=ContestState.FILED, filed_by="cb-1", by="cb-1")
    with pytest.raises(UserError, match="Chỉ người gửi"):
        rules.withdraw(state=ContestState.FILED, filed_by="cb-1", by="cb-2")
