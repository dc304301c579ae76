"""Who is calling: a bearer token with the scope that the operation names."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from motcua.api import tokens
from motcua.api.tokens import ApiScope, Caller
from motcua.kernel.errors import UserError
from motcua.organisations.types import StaffRef
from motcua.web.middleware import StaffRequest

MAXIMUM_BODY = 25 * 1024 * 1024
"""Bytes: the largest file with what surrounds it. A larger body is refused before it is read."""


class ScopeError(UserError):
    """The token is good, but not for this."""

    def __init__(self, scope: ApiScope) -> None:
        super().__init__(
            f"Mã truy cập không có phạm vi {scope.value}.",
            remedy="Hãy đề nghị quản trị hệ thống cấp mã có phạm vi này.",
        )


class TooLargeError(UserError):
    """The body is larger than anything the interface takes."""

    def __init__(self) -> None:
        super().__init__("Nội dung gửi lên quá lớn.", remedy="Mỗi tệp tối đa 20 MB: hãy quét lại ở 200 dpi.")


class Bearer(HttpBearer):
    """Recognises a system's token; the pages' session is no way in here."""

    def __init__(self, scope: ApiScope | None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Return who calls, or None.

        Raises:
            ScopeError: the token lacks the operation's scope.
            TooLargeError: the body is too large to be read.
        """
        caller = tokens.recognise(token, now=request.now)  # type: ignore[attr-defined]  # set by OfficerMiddleware
        if caller is None:
            return None
        if self.scope is not None and self.scope not in caller.scopes:
            raise ScopeError(self.scope)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not str(length).isdecimal() or int(length) > MAXIMUM_BODY:
            raise TooLargeError
        return caller


def caller(request: StaffRequest) -> Caller:
    """Return who calls this operation."""
    found = request.auth  # type: ignore[attr-defined]  # set by Ninja after authentication
    assert isinstance(found, Caller)  # noqa: S101 - no route runs without authentication; a test holds it
    return found


def actor(request: StaffRequest) -> StaffRef:
    """Return the staff member the calling system acts as."""
    return caller(request).staff
