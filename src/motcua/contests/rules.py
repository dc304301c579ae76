"""Who may contest and who may decide, and what a contest must bring. Pure: no table, no clock.

The 766 index knows no contest of a mark; these are rules of this program, after the principle that nobody decides on
their own request (docs/decisions/0006-points-lost-and-contests.md).
"""

from collections.abc import Sequence

from motcua.contests.types import ContestState, EvidenceFile, LostMark
from motcua.kernel.errors import UserError
from motcua.organisations.types import Role

FILING = frozenset({
    Role.CLERK, Role.CASE_OFFICER, Role.RECORDS_CLERK, Role.SUPERVISOR, Role.UNIT_HEAD, Role.LEADER,
})  # fmt: skip
"""Who works on dossiers or answers for a unit may contest its marks."""
DECIDING = frozenset({Role.CENTRE_MANAGER})
LONGEST_TEXT = 2_000
MOST_FILES = 5


def file(mark: LostMark, *, reason: str, evidence: Sequence[EvidenceFile], standing: ContestState | None) -> None:
    """Check what a contest brings; ``standing`` is the state of an earlier one about the same mark, if it stands.

    Raises:
        UserError: the dossier loses nothing there, one stands already, or reason or evidence is missing or too much.
    """
    if standing is ContestState.FILED:
        raise UserError(
            "Điểm này đang có một kiến nghị chờ xem xét.", remedy="Hãy chờ kết quả, hoặc rút kiến nghị đó rồi gửi lại."
        )
    if standing is ContestState.APPROVED:
        raise UserError("Kiến nghị về điểm này đã được chấp nhận.", remedy="Không cần gửi thêm.")
    if not mark.reasons:
        raise UserError(
            "Hồ sơ không bị trừ điểm ở chỉ số này.", remedy="Hãy tải lại trang: số liệu có thể vừa thay đổi."
        )
    _text(reason, what="lý do kiến nghị")
    if not evidence:
        raise UserError(
            "Thiếu chứng cứ.", remedy="Hãy đính kèm ít nhất một tệp PDF, PNG, JPEG hoặc TIFF chứng minh lý do."
        )
    if len(evidence) > MOST_FILES:
        raise UserError(f"Quá {MOST_FILES} tệp chứng cứ.", remedy="Hãy gộp các trang vào ít tệp hơn.")
    if len({one.sha256 for one in evidence}) < len(evidence):
        raise UserError("Có tệp chứng cứ được chọn hai lần.", remedy="Hãy bỏ tệp trùng.")


def decide(*, state: ContestState, filed_by: str, decided_by: str, decision: str) -> None:
    """Check a decision.

    Raises:
        UserError: it is decided or withdrawn already, the person filed it, or no reason is given.
    """
    _still_open(state)
    if filed_by == decided_by:
        raise UserError("Không ai tự quyết định kiến nghị của mình.", remedy="Hãy để người khác của Trung tâm xem xét.")
    _text(decision, what="lý do quyết định")


def withdraw(*, state: ContestState, filed_by: str, by: str) -> None:
    """Check that a contest may be taken back.

    Raises:
        UserError: it is decided or withdrawn already, or another filed it.
    """
    _still_open(state)
    if filed_by != by:
        raise UserError("Chỉ người gửi được rút kiến nghị.", remedy="Hãy liên hệ người đã gửi.")


def _still_open(state: ContestState) -> None:
    if state is not ContestState.FILED:
        raise UserError("Kiến nghị này đã được xử lý.", remedy="Hãy tải lại trang để xem kết quả.")


def _text(text: str, *, what: str) -> None:
    if not text.strip():
        raise UserError(f"Thiếu {what}.", remedy="Hãy ghi ngắn gọn, nêu rõ căn cứ.")
    if len(text) > LONGEST_TEXT:
        raise UserError(
            f"Nội dung {what} dài quá {LONGEST_TEXT:,} ký tự.".replace(",", "."), remedy="Hãy viết gọn lại."
        )
