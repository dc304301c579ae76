"""Bàn giao sau sắp xếp: the people of a dissolved unit and their roles go over to the units that took over from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import access, actions, models, queries
from motcua.organisations.types import Role, StaffRef


@dataclass(frozen=True, slots=True)
class Moving:
    """Người được bàn giao: somebody who works or holds roles in the dissolved unit, and what has not gone over yet."""

    staff_code: str
    name: str
    job_title: str
    roles: tuple[Role, ...]
    is_employed: bool
    """Their post is in the dissolved unit; false for who only holds a role there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Vai trò không chuyển: whose role stays where it is, and why."""

    name: str
    role: Role
    reason: str


@dataclass(frozen=True, slots=True)
class People:
    """Who goes over, and which roles cannot."""

    moving: tuple[Moving, ...]
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """Đơn vị kế thừa: which units hold the duties of the dissolved one today; whole where it is one alone."""

    codes: tuple[str, ...]
    is_whole: bool


def parts(code: str, *, on: date) -> Parts:
    """Return who took over from a unit dissolved by the day; no codes while the unit still exists."""
    if queries.exists(code, on=on):
        return Parts((), is_whole=False)
    found = tuple(sorted(queries.successors(code, on=on)))
    return Parts(found, is_whole=code in queries.absorbed(found, on=on))


def may_hand_over(staff: StaffRef | None, code: str, *, on: date) -> bool:
    """Tell whether the person administers both ends: what the unit belonged to, and every unit that took over."""
    scope = access.administered(staff, on=on)
    return any(above in scope for above in _line(code)) and all(part in scope for part in parts(code, on=on).codes)


def people(code: str, *, into: Parts, by: StaffRef, on: date) -> People:
    """Return who has not gone over yet; nobody moves their own roles, or roles that they may not give."""
    employed = {row.code: row for row in models.Staff.objects.filter(unit=code, is_active=True)}
    grants = models.RoleGrant.objects.filter(unit=code, staff__is_active=True, days__overlap=(on, None))
    held = set(
        models.RoleGrant.objects.filter(unit__in=into.codes, days__overlap=(on, None)).values_list("staff_id", "role")
    )
    roles: dict[str, list[Role]] = {staff: [] for staff in employed}
    rows, kept = dict(employed), []
    for grant in grants.select_related("staff").order_by("staff_id", "role"):
        role = Role(grant.role)
        if not into.is_whole and (grant.staff_id, grant.role) in held:
            continue  # gone over already: after a split the old role is kept for the dossiers still open
        if reason := _hindrance(grant.staff_id, role, into=into, by=by, on=on):
            kept.append(Kept(grant.staff.name, role, reason))
            continue
        rows[grant.staff_id] = grant.staff
        roles.setdefault(grant.staff_id, []).append(role)
    moving = tuple(
        Moving(
            staff, rows[staff].name, rows[staff].job_title, tuple(dict.fromkeys(given)), is_employed=staff in employed
        )
        for staff, given in sorted(roles.items(), key=lambda one: (rows[one[0]].name, one[0]))
    )
    return People(moving, tuple(kept))


def move_people(
    code: str, moving: tuple[Moving, ...], *, into: Parts, where: Mapping[str, str], by: str, at: datetime
) -> None:
    """Transfer people and give them their roles in the unit they go to, from today, to the day they had them until.

    After a merger the old role ends: a role in the successor is one in the old unit too. After a split it is kept,
    since nobody else could go on with the dossiers the old unit left open; it is ended on the person's page.
    """
    today = local_day(at)
    for one in moving:
        new = where[one.staff_code]
        if one.is_employed:
            actions.transfer(staff_code=one.staff_code, unit_code=new, job_title=one.job_title, by=by, at=at)
        grants = models.RoleGrant.objects.select_for_update().filter(
            staff=one.staff_code, unit=code, role__in=one.roles, days__overlap=(today, None)
        )
        for grant in grants.order_by("pk"):
            since, until = max(today, grant.days.lower or today), grant.days.upper
            if into.is_whole:
                actions.end_role(grant_id=grant.pk, until=today, by=by, at=at)
            if not _overlapping(one.staff_code, grant.role, new, since=since, until=until):
                actions.grant_role(
                    staff_code=one.staff_code,
                    role=Role(grant.role),
                    unit_code=new,
                    since=since,
                    until=until,
                    by=by,
                    at=at,
                )


def locked(code: str) -> models.Unit:
    """Return the dissolved unit, held for the rest of the transaction: two clicks at once are one after the other.

    Raises:
        UserError: there is no such unit.
    """
    row = models.Unit.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise UserError(f"Không có đơn vị mã {code}.", remedy="Hãy kiểm tra lại mã định danh của đơn vị.")
    return row


def _overlapping(staff_code: str, role: str, unit_code: str, *, since: date, until: date | None) -> bool:
    return models.RoleGrant.objects.filter(
        staff=staff_code, role=role, unit=unit_code, days__overlap=(since, until)
    ).exists()


def _hindrance(staff_code: str, role: Role, *, into: Parts, by: StaffRef, on: date) -> str:
    if staff_code == by.code:
        return "không ai tự chuyển vai trò của mình; hãy nhờ một quản trị khác"
    if not all(access.may_grant(by, role, unit_code=part, on=on) for part in into.codes):
        return "vai trò toàn tỉnh, chỉ quản trị cấp tỉnh được giao"
    return ""


def _line(code: str) -> list[str]:
    """Return the unit and those it stood under, dissolved ones included."""
    found: list[str] = []
    above: str | None = code
    while above is not None and above not in found:
        found.append(above)
        above = models.Unit.objects.filter(code=above).values_list("parent_id", flat=True).first()
    return found
