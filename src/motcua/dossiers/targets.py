"""Whom and what an act may point at: units that exist, people who can act on it, moments that the calendar reaches."""

from datetime import date, datetime

from motcua.deadlines import moments
from motcua.deadlines.working_time import OutsideCalendarError
from motcua.dossiers import law, models
from motcua.dossiers.types import Given
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from motcua.organisations import queries as organisations


def check(dossier: models.Dossier, given: Given, *, at: datetime) -> None:
    """Refuse an act that points at nothing, or at somebody who could not see the dossier.

    Raises:
        UserError: no such unit today; the person is not active in the unit that must act; the moment lies beyond the
            last year of the working calendar.
    """
    today = local_day(at)
    if given.unit and not organisations.exists(given.unit, on=today):
        raise UserError(
            f"Không có đơn vị mã {given.unit} đang hoạt động.", remedy="Hãy chọn đơn vị trong danh sách hiện hành."
        )
    if given.assignee:
        _check_assignee(dossier, given, today=today)
    if given.new_due_at is not None and not _is_on_calendar(given.new_due_at):
        raise UserError(
            "Ngày hẹn mới nằm ngoài lịch làm việc đã có.", remedy="Hãy chọn ngày gần hơn hoặc bổ sung law/calendar."
        )


def _check_assignee(dossier: models.Dossier, given: Given, *, today: date) -> None:
    acting = {given.unit} if given.unit else {dossier.current_unit_id, dossier.competent_unit_id}
    if not organisations.acts_in(given.assignee, unit_codes=acting, on=today):
        raise UserError(
            f"Cán bộ {given.assignee} không làm việc tại đơn vị đang xử lý hồ sơ.",
            remedy="Hãy chọn cán bộ của đơn vị đó; nếu cần đơn vị khác, hãy chuyển hồ sơ trước.",
        )


def _is_on_calendar(moment: datetime) -> bool:
    try:
        law.calendar().worked_until(moments.number_of(local(moment)))
    except (OutsideCalendarError, OverflowError):
        return False
    return True
