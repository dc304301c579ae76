"""People: accounts with name and title, roles with their days, deputies, new passwords."""

import secrets
from datetime import date, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import access, actions, models
from motcua.organisations.types import ROLE_NAMES, Role
from motcua.web.admin.frame import OF_PEOPLE, OF_UNITS, by, day_field, for_roles, shown, tell, tried, warn
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
"""Letters of a temporary password: none that are taken for another when read from paper."""


class PersonForm(forms.Form):
    """A new account."""

    code = forms.CharField(label="Mã cán bộ")
    username = forms.CharField(label="Tên đăng nhập")
    name = forms.CharField(label="Họ và tên")
    job_title = forms.CharField(label="Chức danh")
    unit = forms.CharField(label="Mã đơn vị")
    email = forms.EmailField(label="Thư điện tử công vụ", required=False)


class RoleForm(forms.Form):
    """A role in a unit for a span of days."""

    role = forms.ChoiceField(label="Vai trò", choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    unit = forms.CharField(label="Mã đơn vị")
    since = day_field("Từ ngày")
    until = day_field("Đến hết ngày (bỏ trống: không hạn)", required=False)


class DeputyForm(forms.Form):
    """Who stands in, and when."""

    deputy = forms.CharField(label="Mã cán bộ làm thay")
    since = day_field("Từ ngày")
    until = day_field("Đến hết ngày")
    reason = forms.CharField(label="Lý do")


class TransferForm(forms.Form):
    """Another unit or title."""

    unit = forms.CharField(label="Mã đơn vị")
    job_title = forms.CharField(label="Chức danh")


@for_roles(OF_PEOPLE)
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """Show the people of the units the person administers or heads; found by name, code, user name or title."""
    scope = access.headed(acting(request), on=local_day(request.now))
    rows = models.Staff.objects.filter(unit__in=scope.unit_codes).select_related("unit", "user")
    text = request.GET.get("q", "").strip()
    if text:
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(code__iexact=text)
            | Q(user__username__iexact=text)
            | Q(job_title__icontains=text)
        )
    context = {"rows": rows.order_by("unit", "name")[:300], "text": text}
    return shown(request, "people.html", "people", context)


@for_roles(OF_UNITS)
@require_http_methods(["GET", "POST"])
def opened(request: StaffRequest) -> HttpResponse:
    """Open an account; its temporary password is shown once."""
    form = PersonForm(request.POST or None, initial={"unit": request.GET.get("don_vi", "")})
    password = temporary_password()
    if request.method == "POST" and tried(
        request, form, lambda: _open(request, form, password), done="Đã mở tài khoản."
    ):
        tell(request, f"Mật khẩu tạm của {form.cleaned_data['username']}: {password} (chỉ hiện một lần).")
        return redirect("admin:person", code=form.cleaned_data["code"])
    return shown(request, "person_new.html", "people", {"form": form}, status=422 if request.method == "POST" else 200)


def _open(request: StaffRequest, form: PersonForm, password: str) -> None:
    typed = form.cleaned_data
    _in_scope(request, typed["unit"])
    if models.Staff.objects.filter(code=typed["code"]).exists():
        raise UserError(f"Mã cán bộ {typed['code']} đã có.", remedy="Hãy dùng mã khác.")
    actions.hire(
        code=typed["code"],
        username=typed["username"],
        password=password,
        name=typed["name"],
        job_title=typed["job_title"],
        unit_code=typed["unit"],
        email=typed["email"],
        by=by(request),
        at=request.now,
    )


@for_roles(OF_PEOPLE)
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, code: str) -> HttpResponse:
    """Show an account with its roles and deputies; change them within the scope one administers or heads."""
    today = local_day(request.now)
    row = (
        models.Staff.objects.filter(code=code, unit__in=access.headed(acting(request), on=today).unit_codes)
        .select_related("unit", "user")
        .first()
    )
    if row is None:
        raise Http404
    administers = row.unit_id in access.administered(acting(request), on=today)
    wanted = request.POST.get("viec", "")
    kinds = {"vai-tro": RoleForm, "lam-thay": DeputyForm, "dieu-dong": TransferForm}
    initial = {"unit": row.unit_id, "job_title": row.job_title, "since": today}
    made: dict[str, forms.Form] = {
        name: kind(request.POST if wanted == name else None, prefix=name, initial=initial)
        for name, kind in kinds.items()
        if administers or name == "lam-thay"
    }
    if request.method == "POST":
        if wanted in made:
            if tried(request, made[wanted], lambda: _change(request, row, wanted, made[wanted]), done="Đã ghi nhận."):
                return redirect("admin:person", code=code)
        else:
            _press(request, row, wanted, administers=administers)
            return redirect("admin:person", code=code)
    context = {
        "person": row,
        "grants": row.role_grants.select_related("unit").order_by("days"),
        "role_names": {role.value: name for role, name in ROLE_NAMES.items()},
        "away": row.delegations.select_related("deputy").order_by("-days"),
        "for_others": row.deputations.select_related("absent").order_by("-days"),
        "administers": administers,
        "forms": made,
        "opened": wanted,
    }
    return shown(request, "person.html", "people", context, status=422 if request.method == "POST" else 200)


def _change(request: StaffRequest, row: models.Staff, wanted: str, form: forms.Form) -> None:
    typed, today = form.cleaned_data, local_day(request.now)
    if wanted == "vai-tro":
        if not access.may_grant(acting(request), Role(typed["role"]), unit_code=typed["unit"], on=today):
            raise UserError(
                "Vai trò hoặc đơn vị này ngoài phạm vi quản trị của bạn.", remedy="Hãy nhờ quản trị cấp tỉnh."
            )
        actions.grant_role(
            staff_code=row.code,
            role=Role(typed["role"]),
            unit_code=typed["unit"],
            since=typed["since"],
            until=_after(typed["until"]),
            by=by(request),
            at=request.now,
        )
    elif wanted == "lam-thay":
        deputy = models.Staff.objects.filter(
            code=typed["deputy"], is_active=True, unit__in=access.headed(acting(request), on=today).unit_codes
        )
        if not deputy.exists():
            raise UserError("Không có cán bộ này trong phạm vi của bạn.", remedy="Hãy kiểm tra mã cán bộ làm thay.")
        until = _after(typed["until"])
        assert until is not None  # noqa: S101 - the field is required
        actions.delegate(
            absent_code=row.code,
            deputy_code=typed["deputy"],
            since=typed["since"],
            until=until,
            reason=typed["reason"],
            by=by(request),
            at=request.now,
        )
    else:
        _in_scope(request, typed["unit"])
        actions.transfer(
            staff_code=row.code, unit_code=typed["unit"], job_title=typed["job_title"], by=by(request), at=request.now
        )


def _press(request: StaffRequest, row: models.Staff, wanted: str, *, administers: bool) -> None:
    if not administers:
        warn(request, "Bạn không có quyền quản trị tài khoản này.")
    elif wanted == "thoi-vai-tro":
        grant = row.role_grants.filter(pk=request.POST.get("ma", "0")).first()
        if grant is None:
            warn(request, "Vai trò này không còn.")
        else:
            actions.end_role(grant_id=grant.pk, until=local_day(request.now), by=by(request), at=request.now)
            tell(request, "Đã thôi giao vai trò.")
    elif wanted == "thoi-viec":
        actions.dismiss(staff_code=row.code, by=by(request), at=request.now)
        tell(request, "Đã đóng tài khoản; việc đã làm vẫn ghi tên, chức danh.")
    elif wanted == "mat-khau":
        password = temporary_password()
        actions.set_password(staff_code=row.code, password=password, by=by(request), at=request.now)
        tell(request, f"Mật khẩu tạm của {row.user.get_username()}: {password} (chỉ hiện một lần).")
    elif wanted == "lien-ket":
        key = f"{user_pk_to_url_str(row.user)}-{default_token_generator.make_token(row.user)}"
        uid, _, token = key.partition("-")
        address = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        tell(request, f"Liên kết đặt lại mật khẩu (dùng một lần): {request.build_absolute_uri(address)}")


def temporary_password() -> str:
    """Return a password to hand over on paper: 14 letters and digits from the system's random source."""
    return "".join(secrets.choice(_LETTERS) for _ in range(14))


def _in_scope(request: StaffRequest, unit_code: str) -> None:
    if unit_code not in access.administered(acting(request), on=local_day(request.now)):
        raise UserError(
            f"Đơn vị {unit_code} không có hoặc ngoài phạm vi quản trị của bạn.", remedy="Hãy kiểm tra lại mã đơn vị."
        )


def _after(last_day: object) -> date | None:
    return last_day + timedelta(days=1) if isinstance(last_day, date) else None
