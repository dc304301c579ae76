"""What stands around every page of keeping: who may enter, the places, and how an act's answer is shown."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from motcua.kernel.errors import UserError
from motcua.organisations.types import Role
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, for_staff, has_any

_P = ParamSpec("_P")
_View = Callable[Concatenate[StaffRequest, _P], HttpResponseBase]

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.CONTROL_OFFICE, Role.UNIT_HEAD})
"""Who may look at units, catalogue and workflows here."""
OF_CATALOGUE = frozenset({Role.CONTROL_OFFICE})
OF_UNITS = frozenset({Role.ADMINISTRATOR})
OF_FIGURES = frozenset({Role.CENTRE_MANAGER, Role.CONTROL_OFFICE, Role.ADMINISTRATOR})
"""Who looks after the live figures: sources, proofs, incidents."""
OF_PEOPLE = frozenset({Role.ADMINISTRATOR, Role.UNIT_HEAD})

_PLACES = (
    ("procedures", "Danh mục TTHC", KEEPERS),
    ("checks", "Kiểm tra danh mục", KEEPERS),
    ("comparisons", "Đối chiếu quốc gia", OF_CATALOGUE),
    ("assignments", "Phân công TTHC", OF_CATALOGUE),
    ("workflows", "Quy trình nội bộ", KEEPERS),
    ("units", "Đơn vị", KEEPERS),
    ("people", "Cán bộ", OF_PEOPLE),
    ("figures", "Số liệu chỉ số", OF_FIGURES),
)


def for_roles(roles: frozenset[Role]) -> Callable[[_View[_P]], _View[_P]]:
    """Let in staff who hold one of the roles today; the others are refused."""

    def decorate(view: _View[_P]) -> _View[_P]:
        @for_staff
        @wraps(view)
        def guarded(request: StaffRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
            if not has_any(request, roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def only(request: StaffRequest, roles: frozenset[Role]) -> None:
    """Refuse whoever may look at a page but not change it.

    Raises:
        PermissionDenied: none of the roles is held today.
    """
    if not has_any(request, roles):
        raise PermissionDenied


def shown(
    request: StaffRequest, template: str, here: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """Render a page inside the frame, with ``here`` marked among the places."""
    places = [
        {"url": reverse(f"admin:{name}"), "name": title, "is_here": name == here}
        for name, title, roles in _PLACES
        if has_any(request, roles)
    ]
    keeping = {
        "keeps_catalogue": has_any(request, OF_CATALOGUE),
        "keeps_units": has_any(request, OF_UNITS),
        "keeps_people": has_any(request, OF_PEOPLE),
    }
    return render(request, f"admin/{template}", {"places": places, **keeping, **context}, status=status)


def tell(request: StaffRequest, sentence: str) -> None:
    """Say on the next page that an act is done."""
    messages.success(request, sentence, extra_tags="good")


def warn(request: StaffRequest, sentence: str) -> None:
    """Say on the next page what did not go well."""
    messages.error(request, sentence, extra_tags="bad")


def carried_out(request: StaffRequest, act: Callable[[], object], *, done: str, back: str) -> HttpResponse:
    """Carry an act out, say how it went, and return to a page: for acts of one button, where nothing typed is lost."""
    try:
        act()
    except UserError as fault:
        warn(request, str(fault))
    else:
        tell(request, done)
    return redirect(back)


def tried(request: StaffRequest, form: forms.Form, act: Callable[[], object], *, done: str) -> bool:
    """Carry out the act of a form that was sent; on a fault the form says so and keeps what was typed."""
    if not form.is_valid():
        return False
    try:
        act()
    except UserError as fault:
        form.add_error(None, str(fault))
        return False
    tell(request, done)
    return True


def by(request: StaffRequest) -> str:
    """Return the code under which the act is recorded."""
    return acting(request).code


def day_field(label: str, **kwargs: object) -> forms.DateField:
    """Return a field for a day, picked or typed."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **kwargs,  # type: ignore[arg-type]  # passed through to Django
    )
