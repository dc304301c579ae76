"""Units: the tree on a day, one unit with its history, and what changes it."""

from datetime import date

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from motcua.catalogue import queries as catalogue
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.kernel.text import fold
from motcua.kernel.time import local_day
from motcua.organisations import access, actions, handover, models, queries
from motcua.organisations.types import UnitKind
from motcua.web.admin.frame import KEEPERS, OF_UNITS, by, day_field, for_roles, shown, tried, warn
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, has_any

KIND_NAMES = {
    UnitKind.PROVINCE: "Tỉnh, thành phố",
    UnitKind.DEPARTMENT: "Sở, ban, ngành, phòng",
    UnitKind.DISTRICT: "Cấp huyện (đến 30/6/2025)",
    UnitKind.COMMUNE: "Xã, phường, đặc khu",
    UnitKind.CENTRE: "Trung tâm PVHCC",
    UnitKind.DESK: "Bộ phận, điểm tiếp nhận",
    UnitKind.VERTICAL: "Cơ quan ngành dọc",
    UnitKind.POSTAL: "Bưu chính",
}
EVENT_NAMES = {
    "UnitCreated": "Thành lập",
    "UnitRenamed": "Đổi tên",
    "UnitMerged": "Sáp nhập",
    "UnitSplit": "Chia tách",
    "UnitHandedOver": "Bàn giao",
}


class UnitForm(forms.Form):
    """A new unit under the present one."""

    code = forms.CharField(label="Mã định danh", help_text="Ví dụ H05.12")
    name = forms.CharField(label="Tên đơn vị")
    kind = forms.ChoiceField(label="Loại", choices=[(kind.value, name) for kind, name in KIND_NAMES.items()])
    valid_from = day_field("Ngày thành lập")
    old_code = forms.CharField(label="Mã dạng cũ (nếu có)", required=False, help_text="Ví dụ 000.00.12.H05")


class NameForm(forms.Form):
    """A new name."""

    name = forms.CharField(label="Tên mới")


class ReorganisationForm(forms.Form):
    """Into which units, and when."""

    into = forms.CharField(label="Mã đơn vị mới", help_text="Một mã: sáp nhập; nhiều mã, cách nhau dấu phẩy: chia tách")
    on = day_field("Kể từ ngày")


@for_roles(KEEPERS)
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """Show the tree of a day, or the units found by name or code (old form too), ended ones included."""
    today = local_day(request.now)
    on = _day(request.GET.get("ngay", "")) or today
    text = request.GET.get("q", "").strip()
    rows = queries.tree(on=on)
    if text:
        found = queries.unit(text)
        words = fold(text).split()
        rows = [
            row
            for row in rows
            if (found is not None and row.unit.code == found.code)
            or all(w in fold(row.unit.name).split() for w in words)
        ]
        if found is not None and all(row.unit.code != found.code for row in rows):
            return redirect("admin:unit", code=found.code)
    context = {"rows": rows, "on": on, "is_today": on == today, "text": text, "kinds": KIND_NAMES}
    return shown(request, "units.html", "units", context)


@for_roles(KEEPERS)
@require_http_methods(["GET", "POST"])
def unit(request: StaffRequest, code: str) -> HttpResponse:
    """Show a unit with its history, people and what it handles; administrators change it here."""
    row = queries.find(code)
    if row is None:
        raise Http404
    today = local_day(request.now)
    may_change = row.code in access.administered(acting(request), on=today)
    wanted = request.POST.get("viec", "")
    made: dict[str, forms.Form] = {
        name: kind(request.POST if wanted == name else None, prefix=name)
        for name, kind in (("tao", UnitForm), ("doi-ten", NameForm), ("sap-xep", ReorganisationForm))
    }
    if request.method == "POST":
        if not may_change or wanted not in made:
            warn(request, "Bạn không có quyền thay đổi đơn vị này.")
            return redirect("admin:unit", code=row.code)
        if tried(request, made[wanted], lambda: _change(request, row, wanted, made[wanted]), done="Đã ghi nhận."):
            return redirect("admin:unit", code=row.code)
    context = {
        "unit": row,
        "kind_name": KIND_NAMES[UnitKind(row.kind)],
        "children": row.children.order_by("code"),
        "people": row.staff.order_by("-is_active", "name"),
        "became": row.successions.select_related("new").order_by("new"),
        "came_from": row.predecessions.select_related("old").order_by("old"),
        "history": _history(row.code),
        "handled": len(catalogue.handled_by(row.code, on=today)),
        "may_change": may_change,
        "may_hand_over": row.valid_to is not None
        and row.valid_to <= today
        and has_any(request, OF_UNITS)
        and handover.may_hand_over(acting(request), row.code, on=today),
        "forms": made,
        "opened": wanted,
    }
    return shown(request, "unit.html", "units", context, status=422 if request.method == "POST" else 200)


def _change(request: StaffRequest, row: models.Unit, wanted: str, form: forms.Form) -> None:
    typed = form.cleaned_data
    if wanted == "tao":
        actions.create_unit(
            code=typed["code"].strip().upper(),
            name=typed["name"],
            kind=UnitKind(typed["kind"]),
            parent_code=row.code,
            valid_from=typed["valid_from"],
            by=by(request),
            at=request.now,
            old_code=typed["old_code"].strip().upper(),
        )
    elif wanted == "doi-ten":
        actions.rename_unit(code=row.code, name=typed["name"], by=by(request), at=request.now)
    else:
        into = [code.strip().upper() for code in typed["into"].split(",") if code.strip()]
        scope = access.administered(acting(request), on=local_day(request.now))
        if outside := [code for code in into if code not in scope]:
            raise UserError(
                f"Đơn vị {', '.join(outside)} không có hoặc ngoài phạm vi quản trị của bạn.",
                remedy="Hãy kiểm tra lại mã đơn vị mới.",
            )
        if len(into) == 1:
            actions.merge_units(old_codes=[row.code], new_code=into[0], on=typed["on"], by=by(request), at=request.now)
        else:
            actions.split_unit(old_code=row.code, new_codes=into, on=typed["on"], by=by(request), at=request.now)


def _history(code: str) -> list[dict[str, object]]:
    events = list(LoggedEvent.objects.filter(stream="unit", subject=code).order_by("version"))
    people = dict(models.Staff.objects.filter(code__in={one.by for one in events}).values_list("code", "name"))
    return [
        {
            "at": one.at,
            "name": EVENT_NAMES.get(one.kind, one.kind),
            "by": people.get(one.by, one.by),
            "note": _said(one.content),
        }
        for one in events
    ]


def _said(content: dict[str, object]) -> str:
    if "before" in content:
        return f"«{content['before']}» thành «{content['name']}»"
    people, procedures = content.get("people"), content.get("procedures")
    if isinstance(people, dict) and isinstance(procedures, dict):
        return f"{len(people)} cán bộ, {len(procedures)} thủ tục từ {content['on']}"
    if "into" in content:
        into = content["into"]
        return f"thành {', '.join(into) if isinstance(into, list) else into} từ {content['on']}"
    return str(content.get("name", ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
