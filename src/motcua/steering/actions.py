"""Writes about owners and targets: each one transaction ending in one event of the stream ``steering``."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.lawbook.targets import Metric
from motcua.organisations import queries as organisations
from motcua.organisations.types import StaffRef
from motcua.steering import access, models, rules
from motcua.steering.types import STREAM, TargetScope


@transaction.atomic
def set_target(
    scope: TargetScope,
    *,
    year: int,
    subject: str,
    metric: Metric,
    value: Decimal | None,
    maximum: Decimal,
    seen_version: int,
    note: str,
    staff: StaffRef,
    at: datetime,
) -> None:
    """Set a target (đặt mục tiêu) as the next version, or withdraw it where there is no value.

    Setting again what holds already changes nothing. ``maximum`` is the most points of the subject; ``seen_version`` is
    the one the person had before them, 0 for none.

    Raises:
        UserError: the person may not, the value cannot be meant, or somebody else has set it meanwhile.
    """
    _allow(staff, unit_code=scope.unit_code, on=local_day(at))
    rules.check_target(metric=metric, value=value, maximum=maximum, year=year, today=local_day(at))
    key = f"{scope.unit_code}/{scope.level or '-'}/{year}/{subject}"
    _in_turn(key)
    last = (
        models.Target.objects.filter(unit=scope.unit_code, level=scope.level, year=year, subject=subject)
        .order_by("-version")
        .first()
    )
    version = last.version if last else 0
    if last is not None and (last.metric, last.value, last.note) == (metric.value, value, note):
        return
    if last is None and value is None:
        return
    if version != seen_version:
        raise UserError(
            "Người khác vừa đổi mục tiêu này.", remedy="Hãy xem giá trị mới ở bảng bên dưới rồi đặt lại nếu cần."
        )
    models.Target.objects.create(
        unit_id=scope.unit_code, level=scope.level, year=year, subject=subject, metric=metric.value, value=value,
        version=version + 1, set_by_id=staff.code, set_at=at, note=note,
    )  # fmt: skip
    content = {
        "unit": scope.unit_code,
        "level": scope.level,
        "year": year,
        "subject": subject,
        "metric": metric.value,
        "value": None if value is None else str(value),
        "version": version + 1,
        "note": note,
    }
    kind = "TargetSet" if value is not None else "TargetWithdrawn"
    log.record(stream=STREAM, subject=key, kind=kind, at=at, by=staff.code, content=content)


@transaction.atomic
def name_owner(*, unit_code: str, group: str, owner_code: str, since: date, staff: StaffRef, at: datetime) -> None:
    """Let one unit answer for a group of indicators (giao đơn vị chịu trách nhiệm chính) from a day on.

    The owner before it ends on that day; naming who is named already changes nothing.

    Raises:
        UserError: the person may not, the unit named is not theirs to name, or an owner begins later.
    """
    today = local_day(at)
    _allow(staff, unit_code=unit_code, on=today)
    if not access.may_set(staff, unit_code=owner_code, on=today) or organisations.unit(owner_code) is None:
        raise UserError("Không có đơn vị này trong phạm vi của bạn.", remedy="Hãy chọn đơn vị trong danh sách.")
    _in_turn(f"{unit_code}/{group}")
    last = models.Owner.objects.filter(unit=unit_code, group=group).order_by("-days").first()
    if last is not None:
        if last.owner_id == owner_code and last.days.upper is None:
            return
        rules.check_owner_since(since=since, latest=last.days.lower)
        if last.days.lower == since:
            # Named and named again for the same day: the first never held. The log keeps both.
            last.delete()
        else:
            last.days = DateRange(last.days.lower, since)
            last.save(update_fields=["days"])
    models.Owner.objects.create(unit_id=unit_code, group=group, owner_id=owner_code, days=DateRange(since, None))
    content = {"unit": unit_code, "group": group, "owner": owner_code, "since": since.isoformat()}
    log.record(stream=STREAM, subject=f"{unit_code}/{group}", kind="OwnerNamed", at=at, by=staff.code, content=content)


def _allow(staff: StaffRef, *, unit_code: str, on: date) -> None:
    if not access.may_set(staff, unit_code=unit_code, on=on):
        raise UserError(
            "Bạn không đặt được mục tiêu, giao trách nhiệm cho đơn vị này.",
            remedy="Trung tâm Phục vụ hành chính công hoặc Văn phòng UBND tỉnh (KSTTHC) thực hiện.",
        )


def _in_turn(key: str) -> None:
    """Let two people who act on the same thing at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{STREAM}:{key}"])
