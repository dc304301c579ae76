"""The demo's targets and owners, set by its centre: something to steer by on the leadership pages."""

from datetime import date, datetime
from decimal import Decimal

from motcua.kernel.time import local_day
from motcua.lawbook.targets import Metric
from motcua.organisations import access
from motcua.organisations.models import Staff
from motcua.organisations.types import StaffRef
from motcua.steering import actions
from motcua.steering.types import TargetScope

# Công văn 4310/UBND-KSTT splits the groups between the office of the province (the province's own unit here: it has no
# unit for its office) and one agency; which agency is invented, as the province is.
_OFFICE, _AGENCY = "", ".05"
_OWNERS = {"CKMB": _OFFICE, "CLGQ": _OFFICE, "TTTT": _OFFICE, "TDGQ": _AGENCY, "MDSH": _AGENCY, "MDHL": _AGENCY}
_NOTE = "Kế hoạch giả định của tỉnh chạy thử"


def build(province: str, *, centre: str, at: datetime) -> None:
    """Name an owner for each group of the province and set three targets for the year of the moment.

    Args:
        province: code of the province's unit.
        centre: code of the staff member who does it.
        at: when it was done.
    """
    staff = _staff(centre, on=local_day(at))
    for group, below in _OWNERS.items():
        actions.name_owner(
            unit_code=province, group=group, owner_code=province + below, since=date(at.year, 1, 1), staff=staff, at=at
        )
    for scope, subject, metric, value, maximum in (
        (TargetScope(province), "TONG", Metric.POINTS, "75", 100),
        (TargetScope(province, "commune"), "ON_TIME", Metric.RATIO, "0.98", 20),
        (TargetScope(province), "ONLINE_DOSSIERS", Metric.RATIO, "0.6", 6),
    ):
        actions.set_target(
            scope, year=at.year, subject=subject, metric=metric, value=Decimal(value), maximum=Decimal(maximum),
            seen_version=0, note=_NOTE, staff=staff, at=at,
        )  # fmt: skip


def _staff(code: str, *, on: date) -> StaffRef:
    user = Staff.objects.values_list("user_id", flat=True).get(code=code)
    found = access.staff_of(user, on=on)
    if found is None:
        raise LookupError(code)
    return found
