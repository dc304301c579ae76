"""What stands around every page of the officer front: who may enter, and the places with their counts."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from motcua.dossiers import apologies, queries
from motcua.dossiers.queries import VIEW_NAMES, View
from motcua.kernel.time import local_day
from motcua.organisations import queries as organisations
from motcua.organisations.types import ROLES_SEEING_BELOW, Role, StaffRef
from motcua.web.middleware import StaffRequest

_P = ParamSpec("_P")
ASSIGNING_ROLES = frozenset({Role.UNIT_HEAD, Role.LEADER, Role.CENTRE_MANAGER})
RECEIVING_ROLES = frozenset({Role.CLERK, Role.POSTAL_CLERK, Role.CENTRE_MANAGER})


def for_staff(
    view: Callable[Concatenate[StaffRequest, _P], HttpResponseBase],
) -> Callable[Concatenate[StaffRequest, _P], HttpResponseBase]:
    """Let staff in; send strangers to the login page and refuse accounts that are nobody's."""

    @wraps(view)
    def guarded(request: StaffRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if request.staff is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def acting(request: StaffRequest) -> StaffRef:
    """Return who acts on a page that only staff reach."""
    if request.staff is None:
        raise PermissionDenied
    return request.staff


KEEPING_ROLES = frozenset({Role.CONTROL_OFFICE, Role.ADMINISTRATOR, Role.UNIT_HEAD})
"""Roles that keep units, the catalogue and workflows."""


def has_any(request: StaffRequest, roles: frozenset[Role]) -> bool:
    """Tell whether the person holds one of the roles today."""
    return bool(acting(request).roles & roles)


def frame(request: StaffRequest, here: View | None) -> dict[str, object]:
    """Return what the frame shows: places with counts, the unit's name."""
    staff = acting(request)
    unit = organisations.unit(staff.unit_code)
    return {
        "places": _places(request, here),
        "here": here.value if here else "",
        "unit_name": unit.name if unit else "",
        "may_receive": has_any(request, RECEIVING_ROLES),
        "leads": has_any(request, ROLES_SEEING_BELOW),
        "keeps": has_any(request, KEEPING_ROLES),
    }


@for_staff
@require_GET
def counts(request: StaffRequest) -> HttpResponse:
    """Return the places with the counts of this moment; an open page asks once a minute."""
    asked = request.GET.get("o", "")
    here = View(asked) if asked in set(View) else None
    return render(request, "officer/places.html", {"places": _places(request, here)})


def _places(request: StaffRequest, here: View | None) -> list[dict[str, object]]:
    views = _views(request)
    numbers = queries.counts(views, staff=request.staff, now=request.now)
    places = [
        {
            "url": reverse("officer:list", args=[view.value]),
            "name": VIEW_NAMES[view],
            "count": numbers[view],
            "is_here": view is here,
            "is_alarm": view is View.OVERDUE and numbers[view] > 0,
        }
        for view in views
    ]
    if acting(request).roles & apologies.SIGNING:
        letters = apologies.to_sign(request.staff, on=local_day(request.now)).count()
        is_here = request.path == reverse("officer:apologies")
        place = {"url": reverse("officer:apologies"), "name": "Thư xin lỗi chờ ký", "count": letters}
        places.insert(3, {**place, "is_here": is_here, "is_alarm": False})
    return places


def _views(request: StaffRequest) -> list[View]:
    """Return the lists, at most seven with the letters, that matter to this person's roles, most pressing first."""
    is_receiving, is_assigning = has_any(request, RECEIVING_ROLES), has_any(request, ASSIGNING_ROLES)
    middle = [View.MINE, View.APPROACHING, View.OVERDUE, View.PAUSED]
    middle.append(View.UNASSIGNED if is_assigning else View.WAITING)
    if not is_receiving:
        return [*middle, View.OPEN]
    views = [View.REGISTERED, *middle, View.TO_HAND_OVER]
    if acting(request).roles & apologies.SIGNING:
        # Who both receives and signs has the letters for the seventh place; nothing waits on them among the paused.
        views.remove(View.PAUSED)
    return views
