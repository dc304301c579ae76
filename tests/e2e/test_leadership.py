"""The journeys of leader and centre: from the total to the dossier that loses points and back; setting a target."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Response, expect

from e2e.test_every_page import AXE, faults, weight
from motcua.live import projector, scoring
from people_in_browsers import Province
from world import BIRTH, COMMUNE, PROVINCE

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 40
"""Pages are asked about so many days up to now: no turn of the year comes between a dossier and its page."""


def period() -> str:
    today = timezone.localdate()
    return f"{today - timedelta(days=DAYS)}..{today}"


def late_dossiers(province: Province, number: int = 1) -> list[str]:
    """Return dossiers of the commune that are open past their due moment, and let the figures know them."""
    when = timezone.localtime(timezone.now() - timedelta(days=25)).replace(hour=9, minute=0)
    codes = [province.world.received(when.strftime("%Y-%m-%d %H:%M")) for _ in range(number)]
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass
    return codes


def test_the_control_office_walks_from_the_total_to_the_dossier_and_back(province: Province) -> None:
    (code,) = late_dossiers(province)
    page = province.page("control")
    page.goto(f"/lanh-dao/?ky={period()}")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Điểm của Tỉnh")
    expect(page.get_by_role("heading", name="Sáu nhóm chỉ số")).to_be_visible()
    page.get_by_role("link", name="Xã Thử Một").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Điểm của Xã Thử Một")
    page.get_by_role("link", name=re.compile("^2.1 ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2.1")
    page.get_by_role("link", name=re.compile(BIRTH)).click()
    page.get_by_role("link", name=code, exact=True).click()
    expect(page).to_have_url(re.compile(f"/can-bo/ho-so/{code}/"))

    for heading in ("Mất", "2.1", "Điểm của Xã Thử Một", "Điểm của Tỉnh"):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_the_trend_comes_by_itself_and_has_its_table_and_its_file(province: Province) -> None:
    late_dossiers(province)
    page = province.page("leader")
    page.goto(f"/lanh-dao/don-vi/{COMMUNE}/?ky={period()}")

    page.get_by_text("Bảng số liệu", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải số liệu (CSV)").click()
    assert download.value.suggested_filename == f"xu-huong-{COMMUNE}.csv"


def test_the_centre_sets_a_target_and_names_who_answers_and_the_leader_sees_both(province: Province) -> None:
    late_dossiers(province)
    year = timezone.localdate().year
    centre = province.page("centre")
    centre.goto(f"/lanh-dao/don-vi/{COMMUNE}/?ky={year}")
    centre.get_by_role("link", name="Đặt mục tiêu, giao phụ trách").click()
    centre.get_by_label("Mục tiêu", exact=True).fill("101")
    centre.get_by_role("button", name="Ghi mục tiêu").click()
    expect(centre.get_by_role("alert")).to_contain_text("Tỷ lệ không quá 100%")
    centre.get_by_label("Mục tiêu", exact=True).fill("97,5")
    centre.get_by_label("Căn cứ, ghi chú").fill("Kế hoạch của xã")
    centre.get_by_role("button", name="Ghi mục tiêu").click()
    expect(centre.get_by_role("status").first).to_contain_text("Đã ghi mục tiêu")
    centre.get_by_text("Giao hoặc đổi đơn vị phụ trách").click()
    centre.get_by_label("Nhóm", exact=True).select_option("TDGQ")
    centre.get_by_role("button", name="Giao phụ trách").click()
    expect(centre.get_by_role("status").first).to_contain_text("Đã giao")

    leader = province.page("leader")
    leader.goto(f"/lanh-dao/don-vi/{COMMUNE}/muc-tieu/?ky={year}")
    expect(leader.get_by_role("cell", name="97,5%").first).to_be_visible()
    expect(leader.get_by_role("cell", name="Kế hoạch của xã")).to_be_visible()
    expect(leader.get_by_role("button", name="Ghi mục tiêu")).to_have_count(0)


def test_axe_finds_nothing_and_nothing_is_too_wide_for_leaders(province: Province) -> None:
    late_dossiers(province, 31)
    page, found = province.page("centre"), []
    for rest in ("", "xep-hang/", "xu-huong/", "muc-tieu/", "chi-so/ON_TIME/"):
        found += faults(page, f"/lanh-dao/don-vi/{PROVINCE}/{rest}?ky={period()}")
    found += faults(page, f"/lanh-dao/don-vi/{PROVINCE}/xep-hang/?cap=commune&ky={period()}")
    page.goto(f"/lanh-dao/don-vi/{COMMUNE}/?ky={period()}")
    expect(page.locator(".mc-year")).to_be_visible()
    for one in page.locator("main details").all():
        one.evaluate("one => { one.open = true; }")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found += page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target.join(' ')))")

    assert found == []


def test_the_overview_prints_its_figures_without_menus_and_forms(province: Province) -> None:
    late_dossiers(province)
    page = province.page("leader")
    page.goto(f"/lanh-dao/don-vi/{COMMUNE}/?ky={period()}")
    expect(page.locator(".mc-year")).to_be_visible()
    page.emulate_media(media="print")

    for hidden in (".mc-bar", ".mc-side", "form.mc-filter", ".mc-acts"):
        assert not page.locator(hidden).first.is_visible()
    for shown in ("Sáu nhóm chỉ số", "12 tháng gần nhất", "Mất điểm ở đâu?"):
        assert page.get_by_role("heading", name=shown).is_visible()
    assert page.get_by_text("Tính đến sự kiện số").is_visible()
    assert page.pdf(format="A4")[:5] == b"%PDF-"


def test_the_overview_with_its_trend_is_light_to_load(province: Province) -> None:
    late_dossiers(province)
    page = province.page("control")
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response))  # noqa: PLW0108 - Playwright refuses a bound builtin
    page.goto(f"/lanh-dao/don-vi/{PROVINCE}/?ky={period()}")
    expect(page.locator(".mc-year")).to_be_visible()

    sizes = {one.url: weight(one) for one in seen if one.status == 200 and "/dong/" not in one.url}
    assert any("xu-huong" in url for url in sizes)
    assert sum(sizes.values()) <= 200_000, sizes
