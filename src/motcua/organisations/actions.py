"""Writes about units, staff and roles: each one transaction ending in one event."""

from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from motcua.eventlog import log
from motcua.kernel import time
from motcua.kernel.errors import UserError
from motcua.organisations import models
from motcua.organisations.types import Role, UnitKind


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: str,
    kind: UnitKind,
    parent_code: str | None,
    valid_from: date,
    by: str,
    at: datetime,
    old_code: str = "",
) -> None:
    """Set up a unit (thành lập).

    Raises:
        UserError: the code is taken, or the unit above does not exist.
    """
    if models.Unit.objects.filter(code=code).exists():
        raise UserError(f"Mã đơn vị {code} đã có.", remedy="Hãy dùng mã khác hoặc sửa đơn vị đang có.")
    if parent_code is not None and not models.Unit.objects.filter(code=parent_code).exists():
        raise UserError(f"Chưa có đơn vị cấp trên {parent_code}.", remedy="Hãy tạo đơn vị cấp trên trước.")
    models.Unit.objects.create(
        code=code, name=name, kind=kind, parent_id=parent_code, valid_from=valid_from, old_code=old_code
    )
    content = {"name": name, "kind": kind, "parent": parent_code, "valid_from": valid_from.isoformat()}
    log.record(stream="unit", subject=code, kind="UnitCreated", at=at, by=by, content=content)


@transaction.atomic
def rename_unit(*, code: str, name: str, by: str, at: datetime) -> None:
    """Give a unit its new name (đổi tên); the old one stays in the log."""
    row = _unit(code)
    before, row.name = row.name, name
    row.save(update_fields=["name"])
    log.record(stream="unit", subject=code, kind="UnitRenamed", at=at, by=by, content={"before": before, "name": name})


@transaction.atomic
def merge_units(*, old_codes: list[str], new_code: str, on: date, by: str, at: datetime) -> None:
    """Let one unit take over others whole (sáp nhập): they end on the day, nothing is deleted."""
    _unit(new_code)
    for code in old_codes:
        row = _unit(code)
        _may_end(row, on=on, into=[new_code])
        row.valid_to = on
        row.save(update_fields=["valid_to"])
        models.UnitSuccession.objects.create(old=row, new_id=new_code, on=on)
        content = {"into": new_code, "on": on.isoformat()}
        log.record(stream="unit", subject=code, kind="UnitMerged", at=at, by=by, content=content)


@transaction.atomic
def split_unit(*, old_code: str, new_codes: list[str], on: date, by: str, at: datetime) -> None:
    """Divide a unit among others (chia tách): it ends on the day."""
    row = _unit(old_code)
    _may_end(row, on=on, into=new_codes)
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    for code in new_codes:
        models.UnitSuccession.objects.create(old=row, new=_unit(code), on=on, is_whole=False)
    content = {"into": new_codes, "on": on.isoformat()}
    log.record(stream="unit", subject=old_code, kind="UnitSplit", at=at, by=by, content=content)


@transaction.atomic
def hire(
    *,
    code: str,
    username: str,
    password: str | None,
    name: str,
    job_title: str,
    unit_code: str,
    by: str,
    at: datetime,
    email: str = "",
) -> None:
    """Open a staff account; without a password the account waits for its owner to set one.

    Raises:
        UserError: name or title is empty (both are mandatory on every act), or the user name is taken.
    """
    if not name.strip() or not job_title.strip():
        raise UserError(
            "Thiếu họ tên hoặc chức danh cán bộ.",
            remedy="Hãy ghi đủ: hồ sơ thiếu tên, chức danh người xử lý bị tính quá hạn trên Cổng DVCQG.",
        )
    users = get_user_model()
    if users.objects.filter(username=username).exists():
        raise UserError(f"Tên đăng nhập {username} đã có.", remedy="Hãy chọn tên khác.")
    user = users.objects.create_user(username=username, password=password, email=email)
    models.Staff.objects.create(
        code=code, user=user, name=name, job_title=job_title, unit=_unit(unit_code), email=email
    )
    content = {"unit": unit_code, "title": job_title}
    log.record(stream="staff", subject=code, kind="StaffHired", at=at, by=by, content=content)


@transaction.atomic
def grant_role(
    *, staff_code: str, role: Role, unit_code: str, since: date, until: date | None, by: str, at: datetime
) -> None:
    """Let a staff member act in a role in a unit, from ``since`` up to, not including, ``until``.

    Raises:
        UserError: they give it to themselves, the days are in the wrong order, or the role is held already.
    """
    if staff_code == by:
        raise UserError("Không ai tự giao vai trò cho mình.", remedy="Hãy nhờ một quản trị khác giao.")
    if until is not None and until <= since:
        raise UserError("Ngày kết thúc vai trò không sau ngày bắt đầu.", remedy="Hãy sửa khoảng ngày.")
    if models.RoleGrant.objects.filter(
        staff=staff_code, role=role, unit=unit_code, days__overlap=(since, until)
    ).exists():
        raise UserError(
            "Vai trò này đã được giao trong những ngày đó.", remedy="Hãy thôi giao lần trước hoặc sửa ngày."
        )
    models.RoleGrant.objects.create(staff_id=staff_code, role=role, unit=_unit(unit_code), days=(since, until))
    content = {
        "role": role,
        "unit": unit_code,
        "since": since.isoformat(),
        "until": until.isoformat() if until else None,
    }
    log.record(stream="staff", subject=staff_code, kind="RoleGranted", at=at, by=by, content=content)


@transaction.atomic
def delegate(
    *, absent_code: str, deputy_code: str, since: date, until: date, reason: str, by: str, at: datetime
) -> None:
    """Hand an absent colleague's roles to a deputy for some days (ủy quyền)."""
    if until <= since:
        raise UserError("Ngày kết thúc ủy quyền không sau ngày bắt đầu.", remedy="Hãy sửa khoảng ngày ủy quyền.")
    if absent_code == deputy_code:
        raise UserError("Không tự làm thay chính mình.", remedy="Hãy chọn đồng nghiệp khác.")
    if models.Delegation.objects.filter(absent=absent_code, days__overlap=(since, until)).exists():
        raise UserError("Những ngày đó đã có người làm thay.", remedy="Hãy chọn ngày khác.")
    models.Delegation.objects.create(absent_id=absent_code, deputy_id=deputy_code, days=(since, until), reason=reason)
    content = {"deputy": deputy_code, "since": since.isoformat(), "until": until.isoformat()}
    log.record(stream="staff", subject=absent_code, kind="WorkDelegated", at=at, by=by, content=content)


@transaction.atomic
def dismiss(*, staff_code: str, by: str, at: datetime) -> None:
    """Close a staff account and end every role today; past acts keep the name and title."""
    row = models.Staff.objects.select_for_update().get(code=staff_code)
    row.is_active = False
    row.save(update_fields=["is_active"])
    today = time.local_day(at)
    for granted in models.RoleGrant.objects.filter(staff=row, days__contains=today):
        granted.days = (granted.days.lower, today)
        granted.save(update_fields=["days"]) if granted.days[0] < today else granted.delete()
    log.record(stream="staff", subject=staff_code, kind="StaffDismissed", at=at, by=by, content={})


@transaction.atomic
def end_role(*, grant_id: int, until: date, by: str, at: datetime) -> None:
    """Let a role end on a day (thôi giao vai trò); one that has not begun by then goes altogether.

    Raises:
        UserError: there is no such grant.
    """
    row = models.RoleGrant.objects.select_for_update().filter(pk=grant_id).first()
    if row is None:
        raise UserError("Không có vai trò này.", remedy="Hãy tải lại trang.")
    content = {"role": row.role, "unit": row.unit_id, "until": until.isoformat()}
    if row.days.lower is not None and row.days.lower >= until:
        row.delete()
    else:
        row.days = (row.days.lower, until)
        row.save(update_fields=["days"])
    log.record(stream="staff", subject=row.staff_id, kind="RoleEnded", at=at, by=by, content=content)


@transaction.atomic
def transfer(*, staff_code: str, unit_code: str, job_title: str, by: str, at: datetime) -> None:
    """Move somebody to another unit or title (điều động, bổ nhiệm); roles are given and ended apart.

    Raises:
        UserError: the title is empty, or there is no such unit.
    """
    if not job_title.strip():
        raise UserError("Thiếu chức danh.", remedy="Hãy ghi chức danh mới.")
    row = models.Staff.objects.select_for_update().get(code=staff_code)
    row.unit, row.job_title = _unit(unit_code), job_title.strip()
    row.save(update_fields=["unit", "job_title"])
    content = {"unit": unit_code, "title": row.job_title}
    log.record(stream="staff", subject=staff_code, kind="StaffTransferred", at=at, by=by, content=content)


@transaction.atomic
def set_password(*, staff_code: str, password: str, by: str, at: datetime) -> None:
    """Give an account a new password (mật khẩu tạm); every session it has ends with that."""
    row = models.Staff.objects.select_related("user").get(code=staff_code)
    row.user.set_password(password)
    row.user.save(update_fields=["password"])
    log.record(stream="staff", subject=staff_code, kind="PasswordReset", at=at, by=by, content={})


def _unit(code: str) -> models.Unit:
    row = models.Unit.objects.filter(code=code).first()
    if row is None:
        raise UserError(f"Không có đơn vị mã {code}.", remedy="Hãy kiểm tra lại mã định danh của đơn vị.")
    return row


def _may_end(row: models.Unit, *, on: date, into: list[str]) -> None:
    """Refuse to end a unit twice, before it began, or into itself or nothing."""
    if row.valid_to is not None or on <= row.valid_from:
        raise UserError(
            f"Đơn vị {row.name} đã kết thúc, hoặc ngày sắp xếp không sau ngày thành lập ({row.valid_from:%d/%m/%Y}).",
            remedy="Hãy kiểm tra lại đơn vị và ngày.",
        )
    if row.code in into or not into:
        raise UserError("Phải chọn đơn vị mới khác đơn vị cũ.", remedy="Hãy chọn lại đơn vị mới.")
