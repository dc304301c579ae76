"""Who somebody is today and which units' dossiers they may see. Everything else fails closed."""

from dataclasses import replace
from datetime import date

from motcua.organisations import models, queries
from motcua.organisations.types import (
    NOBODY,
    PROVINCE_WIDE_ROLES,
    ROLES_SEEING_BELOW,
    ROLES_SEEING_NO_DOSSIER,
    Grant,
    Role,
    Scope,
    StaffRef,
)


def staff_of(user_id: int, *, on: date) -> StaffRef | None:
    """Return the active staff member behind an account with the roles of the day, delegated ones included.

    Who holds a role in a unit holds it for the units merged whole into it: their open dossiers are now its own.
    """
    row = models.Staff.objects.filter(user_id=user_id, is_active=True, user__is_active=True).first()
    if row is None:
        return None
    own = models.RoleGrant.objects.filter(staff=row, days__contains=on).values_list("role", "unit_id")
    deputised = models.RoleGrant.objects.filter(
        staff__is_active=True, staff__delegations__deputy=row, staff__delegations__days__contains=on, days__contains=on
    ).values_list("role", "unit_id", "staff_id")
    grants = [Grant(Role(role), unit) for role, unit in own]
    grants += [Grant(Role(role), unit, for_staff=absent) for role, unit, absent in deputised]
    taken_over = queries.absorbed({grant.unit_code for grant in grants}, on=on)
    grants += [
        replace(grant, unit_code=old) for old, new in taken_over.items() for grant in grants if grant.unit_code == new
    ]
    return StaffRef(row.code, row.name, row.job_title, row.unit_id, tuple(grants))


def dossier_scope(staff: StaffRef | None, *, on: date) -> Scope:
    """Return the units whose dossiers the person may see: own unit, and all below for heads, centre and leaders."""
    if staff is None:
        return NOBODY
    codes: set[str] = set()
    for grant in staff.grants:
        if grant.role in ROLES_SEEING_NO_DOSSIER:
            continue
        if grant.role in ROLES_SEEING_BELOW:
            codes |= queries.units_below(grant.unit_code, on=on)
        else:
            codes.add(grant.unit_code)
    return Scope(frozenset(codes))


def administered(staff: StaffRef | None, *, on: date) -> Scope:
    """Return the units whose tree, accounts and roles the person may change: where they administer, and below."""
    return _below(staff, frozenset({Role.ADMINISTRATOR}), on=on)


def headed(staff: StaffRef | None, *, on: date) -> Scope:
    """Return the units for whose people the person may name deputies: those they administer or head."""
    return _below(staff, frozenset({Role.ADMINISTRATOR, Role.UNIT_HEAD}), on=on)


def may_grant(staff: StaffRef | None, role: Role, *, unit_code: str, on: date) -> bool:
    """Tell whether the person may give the role in the unit; roles over the whole province only from its top."""
    if unit_code not in administered(staff, on=on):
        return False
    if role not in PROVINCE_WIDE_ROLES or staff is None:
        return True
    tops = set(models.Unit.objects.filter(parent=None).values_list("code", flat=True))
    return any(grant.role is Role.ADMINISTRATOR and grant.unit_code in tops for grant in staff.grants)


def _below(staff: StaffRef | None, roles: frozenset[Role], *, on: date) -> Scope:
    codes: set[str] = set()
    for grant in staff.grants if staff is not None else ():
        if grant.role in roles:
            codes |= queries.units_below(grant.unit_code, on=on)
    return Scope(frozenset(codes))
