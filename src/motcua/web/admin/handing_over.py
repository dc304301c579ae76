"""Handing over what a dissolved unit leaves behind: who and what is shown first, then moved with one click."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from motcua.catalogue import handover
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import handover as organisations
from motcua.organisations import models, queries
from motcua.organisations.types import ROLE_NAMES
from motcua.web.admin.frame import OF_UNITS, for_roles, shown, tell
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting

_PERSON, _PROCEDURE = "can-bo.", "thu-tuc."


@for_roles(OF_UNITS)
@require_http_methods(["GET", "POST"])
def page(request: StaffRequest, code: str) -> HttpResponse:
    """Show what has not gone over yet and, when sent, hand it over; on a fault what was chosen stays chosen."""
    row = queries.find(code)
    if row is None:
        raise Http404
    today = local_day(request.now)
    if not organisations.may_hand_over(acting(request), row.code, on=today):
        raise PermissionDenied
    fault = ""
    if request.method == "POST":
        try:
            is_done = handover.hand_over(
                row.code,
                mark=request.POST.get("dau", ""),
                staff_to=_chosen(request, _PERSON),
                procedures_to=_chosen(request, _PROCEDURE),
                by=acting(request),
                at=request.now,
            )
        except UserError as found:
            fault = str(found)
        else:
            tell(request, "Đã bàn giao." if is_done else "Không còn gì để bàn giao.")
            return redirect("admin:unit_handover", code=row.code)
    context = {**_told(request, row), "fault": fault}
    return shown(request, "handover.html", "units", context, status=422 if fault else 200)


def _told(request: StaffRequest, row: models.Unit) -> dict[str, object]:
    left = handover.preview(row.code, by=acting(request), on=local_day(request.now))
    names = dict(models.Unit.objects.filter(code__in=left.parts.codes).values_list("code", "name"))
    people, procedures = _chosen(request, _PERSON), _chosen(request, _PROCEDURE)
    return {
        "unit": row,
        "left": left,
        "parts": [(part, names[part]) for part in left.parts.codes],
        "every_part": handover.EVERY_PART,
        "people": [
            {
                "one": one,
                "roles": [ROLE_NAMES[role] for role in one.roles],
                "field": f"{_PERSON}{one.staff_code}",
                "chosen": people.get(one.staff_code, ""),
            }
            for one in left.people.moving
        ],
        "kept": [(one.name, ROLE_NAMES[one.role], one.reason) for one in left.people.kept],
        "procedures": [
            {
                "code": code,
                "name": name,
                "field": f"{_PROCEDURE}{code}",
                # After a split each new unit mostly handles what the old one did.
                "chosen": procedures.get(code, "") if request.method == "POST" else handover.EVERY_PART,
            }
            for code, name in left.procedures
        ],
    }


def _chosen(request: StaffRequest, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): str(part) for name, part in request.POST.items() if name.startswith(prefix)}
