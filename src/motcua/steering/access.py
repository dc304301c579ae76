"""Who may name owners and set targets: the centre and the office of the province, for units they see whole."""

from datetime import date

from motcua.organisations import queries as organisations
from motcua.organisations.types import Role, StaffRef

SETTING_ROLES = frozenset({Role.CENTRE_MANAGER, Role.CONTROL_OFFICE})


def may_set(staff: StaffRef | None, *, unit_code: str, on: date) -> bool:
    """Tell whether the person may steer the unit."""
    if staff is None:
        return False
    tops = {grant.unit_code for grant in staff.grants if grant.role in SETTING_ROLES}
    return any(unit_code in organisations.units_below(top, on=on) for top in tops)
