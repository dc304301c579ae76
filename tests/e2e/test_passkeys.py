"""Passkeys in a real browser, with an authenticator Chromium plays: added, used, removed; other origins refused."""

import base64
import json
from urllib.parse import parse_qs, urlencode

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, Route, expect

from people_in_browsers import Province
from world import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def with_a_key(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a built-in authenticator whose owner is present; return what it is steered by."""
    steering = page.context.new_cdp_session(page)
    steering.send("WebAuthn.enable")
    made = steering.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return steering, str(made["authenticatorId"])


def show_password(page: Page) -> None:
    """Log in as the officer as far as the password leads."""
    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập").fill("officer")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def add_key(page: Page) -> None:
    """Add the browser's key to the account of whoever has just logged in."""
    page.goto("/tai-khoan/2fa/webauthn/add/")
    expect(page.get_by_role("heading", name="Thêm khóa bảo mật")).to_be_visible()
    page.locator("#id_name").fill("Máy ở quầy 2")
    page.get_by_role("button", name="Thêm").click()


def test_a_passkey_is_added_without_the_password_again_used_at_login_and_removed(province: Province) -> None:
    page = province.page(None)
    with_a_key(page)
    show_password(page)
    page.wait_for_url("**/can-bo/danh-sach/mine/")
    add_key(page)
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/tai-khoan/2fa/webauthn/")
    expect(page.get_by_role("heading", name="Máy ở quầy 2")).to_be_visible()

    page.context.clear_cookies()
    show_password(page)
    expect(page.get_by_role("heading", name="Xác thực hai bước")).to_be_visible()
    page.get_by_role("button", name="Dùng khóa bảo mật").click()
    page.wait_for_url("**/can-bo/danh-sach/mine/")

    page.goto("/tai-khoan/2fa/webauthn/")
    page.get_by_role("link", name="Bỏ khóa").click()
    page.get_by_role("button", name="Bỏ khóa").click()
    page.wait_for_load_state()
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    page.context.clear_cookies()
    show_password(page)
    page.wait_for_url("**/can-bo/danh-sach/mine/")


def test_a_login_with_another_persons_key_goes_no_further(province: Province) -> None:
    page = province.page(None)
    steering, key = with_a_key(page)
    show_password(page)
    page.wait_for_url("**/can-bo/danh-sach/mine/")
    add_key(page)
    page.wait_for_url("**/recovery-codes/**")
    page.context.clear_cookies()
    steering.send("WebAuthn.clearCredentials", {"authenticatorId": key})

    show_password(page)
    page.get_by_role("button", name="Dùng khóa bảo mật").click()

    expect(page.get_by_role("alert")).to_contain_text("Chưa dùng được khóa bảo mật")
    page.goto("/can-bo/danh-sach/mine/")
    page.wait_for_url("**/tai-khoan/**")


def test_a_key_answered_for_another_origin_is_refused(province: Province) -> None:
    page = province.page(None)
    with_a_key(page)
    show_password(page)
    page.wait_for_url("**/can-bo/danh-sach/mine/")

    def from_elsewhere(route: Route) -> None:
        """Post what a page of another address would have got from the key."""
        if route.request.method != "POST":
            route.continue_()
            return
        typed = {name: values[0] for name, values in parse_qs(route.request.post_data or "").items()}
        credential = json.loads(typed["credential"])
        said = credential["response"]["clientDataJSON"]
        told = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        told["origin"] = "http://motcua.example"
        encoded = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
        credential["response"]["clientDataJSON"] = encoded
        route.continue_(post_data=urlencode({**typed, "credential": json.dumps(credential)}))

    page.route("**/webauthn/add/", from_elsewhere)
    add_key(page)

    expect(page.get_by_text("Mã không đúng hoặc đã hết hạn.")).to_be_visible()
    assert not Authenticator.objects.exists()
