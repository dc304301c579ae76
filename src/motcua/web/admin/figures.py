"""Where the live figures come from and whether they are right: imported sources, proofs, incidents."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from motcua.kernel.time import Period
from motcua.live import figures as live_figures
from motcua.live import imports_kept, nightly
from motcua.live.models import Incident
from motcua.organisations import queries
from motcua.organisations.types import Role, StaffRef
from motcua.web.admin.frame import OF_FIGURES, by, for_roles, shown, tried
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting

_DIFFERENCES_SHOWN = 50
_TABLES_VI = {
    "dossiers": "hồ sơ", "procedures": "thủ tục", "services": "dịch vụ trực tuyến", "assignments": "thẩm quyền",
    "decisions": "quyết định công bố", "petitions": "phản ánh, kiến nghị", "units": "đơn vị",
    "national_reports": "báo cáo quốc gia", "portal_figures": "số liệu của Cổng",
}  # fmt: skip


class HandlingForm(forms.Form):
    """What an incident was, and what was done."""

    note = forms.CharField(
        label="Nguyên nhân và việc đã làm",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ví dụ: «Bảng đếm bị sửa ngoài chương trình; đã chạy motcua live rebuild, chứng minh lại khớp».",
    )


def sees_figures(staff: StaffRef) -> bool:
    """Tell whether the person keeps the figures of the whole tree: the centre or the IT people of its top unit."""
    for grant in staff.grants:
        if grant.role in OF_FIGURES:
            unit = queries.unit(grant.unit_code)
            if grant.role is Role.ADMINISTRATOR or (unit is not None and unit.parent_code is None):
                return True
    return False


@for_roles(OF_FIGURES)
@require_http_methods(["GET", "POST"])
def page(request: StaffRequest) -> HttpResponse:
    """Show sources, proofs and incidents; an incident is marked as dealt with here, with a note."""
    if not sees_figures(acting(request)):
        raise PermissionDenied
    incidents = nightly.open_incidents()
    asked = request.POST.get("so", "")
    made = {
        one.number: HandlingForm(request.POST if asked == str(one.number) else None, prefix=f"sl{one.number}")
        for one in incidents
    }
    if request.method == "POST":
        number = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
        # One that somebody else dealt with meanwhile says so, and keeps what was typed.
        form = made.get(number) or HandlingForm(request.POST, prefix=f"sl{number}")

        def act() -> None:
            nightly.handle(number, note=form.cleaned_data["note"], by=by(request), at=request.now)

        if tried(request, form, act, done=f"Đã ghi việc xử lý sai lệch số {number}."):
            return redirect("admin:figures")
        if number not in made:
            made[number] = form
    context = {
        "stamp": live_figures.stamp(now=request.now),
        "sources": [
            {"import": one, "tables": ", ".join(_TABLES_VI[name] for name in sorted(one.tables))}
            for one in imports_kept.current()
        ],
        "incidents": [_shown(one, made[one.number]) for one in incidents],
        "stray": next((form for number, form in made.items() if number not in {one.number for one in incidents}), None),
        "runs": [{"run": run, "period": _period(run.period)} for run in nightly.runs()],
        "handled": nightly.handled_incidents(),
        "prove_at": f"{nightly.HOUR:02}:00",
    }
    return shown(request, "figures.html", "figures", context, status=422 if request.method == "POST" else 200)


def _shown(incident: Incident, form: HandlingForm) -> dict[str, object]:
    differences = incident.differences
    return {
        "incident": incident,
        "period": _period(incident.period),
        "form": form,
        "differences": differences[:_DIFFERENCES_SHOWN],
        "more": max(0, len(differences) - _DIFFERENCES_SHOWN),
    }


def _period(text: str) -> str:
    """Name the period of a proof: ``ngày 09/03/2026``, ``tháng 03/2026``, ``01/01/2026 đến 31/12/2026``."""
    period = Period.parse(text)
    first, last = period.start, period.last_day
    if first == last:
        return f"ngày {first:%d/%m/%Y}"
    if period == Period.month(first.year, first.month):
        return f"tháng {first:%m/%Y}"
    return f"{first:%d/%m/%Y} đến {last:%d/%m/%Y}"
