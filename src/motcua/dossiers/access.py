"""The only way to get a dossier on somebody's behalf. Not in scope reads as not existing."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from motcua.dossiers import models
from motcua.kernel.errors import UserError
from motcua.organisations import access as organisations
from motcua.organisations.types import StaffRef


class NotVisibleError(UserError):
    """There is no such dossier for this person: it does not exist, or is another's. The two look the same."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Không tìm thấy hồ sơ {code} trong phạm vi của bạn.",
            remedy="Hãy kiểm tra mã hồ sơ; nếu hồ sơ thuộc đơn vị khác, hãy liên hệ đơn vị đó.",
        )


class StaleError(UserError):
    """Somebody else changed the dossier after this person's page was made."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Hồ sơ {code} vừa được người khác xử lý.",
            remedy="Nội dung bạn nhập vẫn còn trên trang; hãy xem thay đổi rồi thực hiện lại nếu còn cần.",
        )


def visible(staff: StaffRef | None, *, on: date) -> QuerySet[models.Dossier]:
    """Return the dossiers the person may see: those some unit of theirs takes or took part in.

    Every list, search, count, export and file goes through here.
    """
    scope = organisations.dossier_scope(staff, on=on)
    if not scope.unit_codes:
        return models.Dossier.objects.none()
    taking_part = models.Participation.objects.filter(dossier=OuterRef("pk"), unit__in=scope.unit_codes)
    return models.Dossier.objects.filter(Exists(taking_part))


def readable(*, code: str, staff: StaffRef | None, on: date) -> models.Dossier:
    """Return the dossier for reading.

    Raises:
        NotVisibleError: it does not exist or is out of scope.
    """
    row = visible(staff, on=on).filter(code=code).first()
    if row is None:
        raise NotVisibleError(code)
    return row


def locked(*, code: str, staff: StaffRef | None, on: date, version_number: int) -> models.Dossier:
    """Return the dossier locked for one act, inside a transaction.

    Raises:
        NotVisibleError: it does not exist or is out of scope.
        StaleError: it has changed since ``version_number``.
    """
    row = visible(staff, on=on).filter(code=code).select_for_update(of=("self",)).first()
    if row is None:
        raise NotVisibleError(code)
    if row.version_number != version_number:
        raise StaleError(code)
    return row


def roles_on(dossier: models.Dossier, staff: StaffRef) -> frozenset[str]:
    """Return what the person is to this very dossier, in the codes of ``law/workflow``.

    A role counts where it is held in a unit that takes part; deciding roles count in the unit that must act now (or
    the competent one), so that a desk clerk of the receiving commune decides nothing of the department's, and the
    province's centre, which sees every dossier, acts on those of its own desk only.
    """
    acting_units = {dossier.current_unit_id, dossier.competent_unit_id}
    desk_units = {dossier.receiving_unit_id, dossier.support_unit_id, dossier.current_unit_id}
    consulted = set(dossier.opinions.filter(answered_at=None, withdrawn_at=None).values_list("unit_id", flat=True))
    roles: set[str] = set()
    for grant in staff.grants:
        role = grant.role.value
        if role in {"clerk", "postal_clerk", "centre_manager", "supervisor"}:
            if grant.unit_code in desk_units:
                roles.add(role)
        elif grant.unit_code in acting_units:
            roles.add(role)
        if grant.unit_code in consulted and role in {"case_officer", "unit_head", "leader"}:
            roles.add("consulted_officer")
    return frozenset(roles)
