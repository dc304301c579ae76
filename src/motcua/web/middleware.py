"""Gives each request its staff member and its moment, and each answer its protection; says refusals as pages."""

from collections.abc import Callable
from datetime import datetime

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import access
from motcua.organisations.types import StaffRef
from motcua.web import faults

_POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip
"""Nothing inline, nothing from elsewhere: a script that somebody smuggles into a name does not run."""

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class StaffRequest(HttpRequest):
    """A request with who is acting and when."""

    now: datetime
    staff: StaffRef | None


class OfficerMiddleware:
    """Sets ``request.now`` (aware) and ``request.staff`` (None for citizens and strangers)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: StaffRequest) -> HttpResponse:
        """Add both, then go on."""
        request.now = timezone.now()
        request.staff = None
        if request.user.is_authenticated and request.user.pk is not None:
            request.staff = access.staff_of(request.user.pk, on=local_day(request.now))
        return self.get_response(request)


class HeadersMiddleware:
    """Tells the browser what a page may do, and keeps pages with people's data out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers that the answer does not bring itself."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        response.setdefault("Permissions-Policy", _PERMISSIONS)
        if request.path.startswith(("/can-bo/", "/tra-cuu/", "/tai-khoan/", "/api/")):
            response.setdefault("Cache-Control", "no-store")
        return response


class FaultMiddleware:
    """Shows a refusal that no view has shown: what, and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal with a page; anything else is a defect and goes its way."""
        if isinstance(error, DataError):
            # A NUL, a number beyond what a column holds: nobody types that by hand, and nothing was stored.
            error = UserError("Nội dung gửi lên có giá trị không lưu được.", remedy="Hãy sửa giá trị rồi gửi lại.")
        return faults.refused(request, error) if isinstance(error, UserError) else None
