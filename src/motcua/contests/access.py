"""The only way to get a contest on somebody's behalf. Not in scope reads as not existing."""

from datetime import date

from django.db.models import QuerySet

from motcua.contests import models, rules
from motcua.kernel.errors import UserError
from motcua.organisations import access as organisations
from motcua.organisations import queries as units
from motcua.organisations.types import ROLES_SEEING_BELOW, StaffRef


class NotVisibleError(UserError):
    """There is no such contest for this person: it does not exist, or is another unit's. The two look the same."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Không tìm thấy kiến nghị {code} trong phạm vi của bạn.",
            remedy="Hãy kiểm tra mã kiến nghị; nếu thuộc đơn vị khác, hãy liên hệ đơn vị đó.",
        )


def visible(staff: StaffRef | None, *, on: date) -> QuerySet[models.Contest]:
    """Return the contests about dossiers of units in the person's scope. Every list, count and file goes through it."""
    scope = organisations.dossier_scope(staff, on=on)
    if not scope.unit_codes:
        return models.Contest.objects.none()
    return models.Contest.objects.filter(unit__in=scope.unit_codes)


def readable(*, code: str, staff: StaffRef | None, on: date) -> models.Contest:
    """Return the contest for reading.

    Raises:
        NotVisibleError: it does not exist or is out of scope.
    """
    row = visible(staff, on=on).select_related("filed_by", "decided_by", "unit").filter(code=code).first()
    if row is None:
        raise NotVisibleError(code)
    return row


def locked(*, code: str, staff: StaffRef | None, on: date) -> models.Contest:
    """Return the contest locked for one act, inside a transaction.

    Raises:
        NotVisibleError: it does not exist or is out of scope.
    """
    row = visible(staff, on=on).select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise NotVisibleError(code)
    return row


def may_file(staff: StaffRef | None, *, unit_code: str, on: date) -> bool:
    """Tell whether the person may contest marks of dossiers of the unit: who works in it, or leads it from above."""
    return _holds(staff, rules.FILING, unit_code=unit_code, on=on)


def may_decide(staff: StaffRef | None, *, unit_code: str, on: date) -> bool:
    """Tell whether the person may decide contests of the unit's dossiers; that they filed it is for the rules."""
    return _holds(staff, rules.DECIDING, unit_code=unit_code, on=on)


def _holds(staff: StaffRef | None, roles: frozenset[str], *, unit_code: str, on: date) -> bool:
    return any(
        grant.unit_code == unit_code
        or (grant.role in ROLES_SEEING_BELOW and unit_code in units.units_below(grant.unit_code, on=on))
        for grant in (staff.grants if staff is not None else ())
        if grant.role in roles
    )
