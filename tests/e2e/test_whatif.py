"""The leader tries the score out: a slider by keyboard, a dossier by a tick, the answer without leaving the page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.test_every_page import busy, faults
from motcua.live import forecasts, projector, scoring
from people_in_browsers import Province
from world import COMMUNE

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"/lanh-dao/don-vi/{COMMUNE}/gia-dinh/"


def projected(province: Province) -> None:
    busy(province)
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass


def test_a_leader_tries_a_ratio_and_a_dossier_by_keyboard_and_sees_the_score_change(province: Province) -> None:
    projected(province)
    page = province.page("leader")
    days = recent_days()
    page.goto(f"{PAGE}?ky={days}")
    result = page.locator("#gia-dinh-ket-qua")
    expect(result).to_contain_text("Đặt tỷ lệ hoặc chọn hồ sơ")

    slider = page.get_by_label("Kéo để đặt tỷ lệ: Hồ sơ TTHC thực hiện số hóa hồ sơ")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator("#dat-SO_HOA_GIAY_TO_GIAI_QUYET")).to_have_value("100")
    expect(result).to_contain_text("Điểm giả định")
    expect(result).to_contain_text("Hồ sơ TTHC thực hiện số hóa hồ sơ")

    page.get_by_text("hồ sơ mất nhiều điểm nhất").click()
    page.locator("input[name=hs]").first.check()
    page.get_by_role("button", name="Tính thử").click()
    expect(page.locator("input[name=hs]:checked")).to_have_count(1)
    expect(result).to_contain_text("Điểm giả định")


def test_axe_finds_nothing_on_the_page_of_assumptions_and_it_is_never_too_wide(province: Province) -> None:
    projected(province)
    forecasts.compute(now=timezone.now() + timedelta(days=1))
    page, days = province.page("leader"), recent_days()

    found = faults(page, f"{PAGE}?ky={days}&dat-SO_HOA_GIAY_TO_GIAI_QUYET=90&them=1")

    assert found == []


def recent_days() -> str:
    """Return a period that holds every dossier of the busy province, whatever day it is."""
    today = timezone.localdate()
    return f"{today - timedelta(days=60)}..{today}"
