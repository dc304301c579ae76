"""What every page may show."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from motcua.organisations.models import Staff


def demo_accounts(request: HttpRequest) -> dict[str, object]:
    """Show the ready accounts on the login page of the demo, and of the demo only."""
    if not settings.IS_DEMO or request.path != settings.LOGIN_PATH:
        return {}
    people = Staff.objects.filter(is_active=True).select_related("user", "unit").order_by("unit", "code")
    accounts = [
        {"username": one.user.get_username(), "name": one.name, "job_title": one.job_title, "unit": one.unit.name}
        for one in people
    ]
    return {"demo_accounts": accounts, "demo_password": settings.DEMO_PASSWORD}


def account_places(request: HttpRequest) -> dict[str, object]:
    """Name the places of one's own account, on its pages."""
    if not request.path.startswith("/tai-khoan/"):
        return {}
    places = [
        ("Xác thực hai bước", reverse("mfa_index")),
        ("Đổi mật khẩu", reverse("account_change_password")),
        ("Về việc của tôi", reverse("officer:home")),
    ]
    return {"account_places": [{"name": name, "url": url, "is_here": url == request.path} for name, url in places]}
