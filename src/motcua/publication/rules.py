"""What may be done with a publication, when and by how many persons. Pure."""

from datetime import date

from motcua.kernel.errors import UserError
from motcua.publication.types import IssueState

LONGEST_REASON = 1_000
MOST_MONTHS_BACK = 60
"""How long a month can be computed again: five years."""


def freeze(*, month: str, due_on: date, today: date, latest: IssueState | None, reason: str) -> None:
    """Check that a month may be frozen.

    Args:
        month: for the messages.
        due_on: the first day on which it may.
        today: the day of freezing.
        latest: state of the month's latest published issue, None where there is none.
        reason: why a correction is made; empty for the first edition.

    Raises:
        UserError: it is too early, or reason and published state do not go together.
    """
    if today < due_on:
        raise UserError(
            f"Chưa đến ngày chốt số liệu tháng {month}.",
            remedy=f"Hãy chốt từ ngày {due_on:%d/%m/%Y} (ngày cuối tháng, hoặc thứ Hai tuần kế tiếp nếu là ngày nghỉ).",
            where=month,
        )
    if latest is None and reason:
        raise UserError(
            f"Tháng {month} chưa công bố nên không có gì để đính chính.",
            remedy="Hãy chốt và công bố bản đầu, không ghi lý do.",
            where=month,
        )
    if latest is not None:
        text(reason, what="lý do đính chính")


def review(*, state: IssueState) -> None:
    """Check that a draft may be reviewed.

    Raises:
        UserError: it is not a fresh draft.
    """
    if state is not IssueState.FROZEN:
        raise UserError("Bản này không còn chờ soát xét.", remedy="Hãy tải lại trang để xem tình trạng mới.")


def approve(*, state: IssueState, reviewed_by: str, by: str) -> None:
    """Check that a draft may be approved: it is reviewed, by somebody else.

    Raises:
        UserError: it is not, or the same person would do both.
    """
    if state is IssueState.PUBLISHED:
        raise UserError("Bản này đã được công bố.", remedy="Hãy tải lại trang.")
    if state is not IssueState.REVIEWED:
        raise UserError("Bản này chưa được Trung tâm soát xét.", remedy="Hãy chờ soát xét rồi duyệt.")
    if reviewed_by == by:
        raise UserError("Người soát xét không được tự duyệt công bố.", remedy="Hãy để một lãnh đạo khác duyệt bản này.")


def send_back(*, state: IssueState, reason: str) -> None:
    """Check that a draft may be returned (trả lại).

    Raises:
        UserError: it is public or returned already, or no reason is given.
    """
    if state not in {IssueState.FROZEN, IssueState.REVIEWED}:
        raise UserError("Bản này không còn là dự thảo.", remedy="Số đã công bố chỉ sửa bằng một bản đính chính mới.")
    text(reason, what="lý do trả lại")


def text(value: str, *, what: str) -> None:
    """Check a reason that people will read.

    Raises:
        UserError: it is empty or too long.
    """
    if not value.strip():
        raise UserError(f"Thiếu {what}.", remedy="Hãy ghi ngắn gọn, nêu rõ căn cứ.")
    if len(value) > LONGEST_REASON:
        raise UserError(f"Nội dung {what} dài quá 1.000 ký tự.", remedy="Hãy viết gọn lại.")
