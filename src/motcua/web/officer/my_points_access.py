"""Who may see what somebody's dossiers lose: the person, and whoever heads the unit the person works in."""

from collections.abc import Iterable, Mapping
from datetime import date

from motcua.organisations import queries as organisations
from motcua.organisations.models import Staff
from motcua.organisations.types import Role, StaffRef

HEADING = frozenset({Role.UNIT_HEAD, Role.LEADER})


def headed(staff: StaffRef | None, *, on: date) -> frozenset[str]:
    """Return the units the person heads, and all below them; the centre and the province's offices head none."""
    tops = {grant.unit_code for grant in staff.grants if grant.role in HEADING} if staff is not None else set()
    return frozenset(below for code in tops for below in organisations.units_below(code, on=on))


def names(staff: StaffRef | None, codes: Iterable[str], *, on: date) -> Mapping[str, str]:
    """Return the names of those officers among ``codes`` whom the person heads, and the person's own.

    Whoever is not in the answer is shown by code.
    """
    units = headed(staff, on=on)
    own = staff.code if staff is not None else ""
    rows = Staff.objects.filter(code__in=set(codes)).values_list("code", "name", "unit_id")
    return {code: name for code, name, unit in rows if unit in units or code == own}


def person(staff: StaffRef, code: str, *, on: date) -> Staff | None:
    """Return the staff member whose points are asked for; None if they are not the person's to see, or nobody."""
    row = Staff.objects.filter(code=code, is_active=True).first()
    if row is None or (row.code != staff.code and row.unit_id not in headed(staff, on=on)):
        return None
    return row
