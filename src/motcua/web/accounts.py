"""Staff accounts: opened by the administrator only, never by signing up; what they are told, in Vietnamese."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes sign-up; says faults in Vietnamese."""

    error_messages = {  # noqa: RUF012 - allauth reads a plain dict
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "Tên đăng nhập hoặc mật khẩu không đúng.",
        "too_many_login_attempts": "Đã thử quá nhiều lần. Hãy đợi 5 phút rồi đăng nhập lại.",
        "enter_current_password": "Hãy nhập mật khẩu hiện tại.",
        "incorrect_password": "Mật khẩu không đúng.",
        "rate_limited": "Đã thử quá nhiều lần. Hãy đợi ít phút.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account for themselves."""
        del request
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again before a change to the account, but not of somebody who has just logged in."""
        return bool(super().is_reauthentication_required(app=app, **kwargs)) and not _has_just_logged_in()

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing by itself: the pages that follow show what has changed."""
        del args, kwargs


class StaffFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: an authenticator app or a passkey, with recovery codes."""

    error_messages = {  # noqa: RUF012 - allauth reads a plain dict
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Mã không đúng hoặc đã hết hạn.",
        "cannot_delete_authenticator": "Không thể tắt xác thực hai bước.",
        "cannot_generate_recovery_codes": "Hãy bật xác thực hai bước trước khi tạo mã dự phòng.",
    }


def _has_just_logged_in() -> bool:
    """Tell whether every factor was shown within the time that a confirmed password holds (five minutes)."""
    request = context.request
    if request is None or not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    return bool(records) and request.now.timestamp() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
