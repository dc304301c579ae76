"""A leader finds where time is lost and looks at a sign, in a real browser, on a desk and on a phone."""

import pytest
from playwright.sync_api import Page

import repository
from motcua.bottlenecks import projector
from people_in_browsers import Province
from world import COMMUNE, World

pytestmark = pytest.mark.django_db(transaction=True)
AXE = repository.ROOT / "node_modules" / "axe-core" / "axe.min.js"
AT = f"/lanh-dao/don-vi/{COMMUNE}/diem-nghen/"
KY = "ky=2026-03"
PAGES = (
    f"{AT}?{KY}", f"{AT}?{KY}&muc=bo-sung", f"{AT}?{KY}&muc=dang-dung", f"{AT}?{KY}&muc=so-hoa",
    f"{AT}?{KY}&muc=can-xem", f"{AT}ho-so/?{KY}&xem=mat-gio", f"{AT}can-xem/PAUSED_LATE/?{KY}",
)  # fmt: skip


def busy(world: World) -> str:
    """A dossier that was late, one that lacks a paper, and one paused just before it was due, which is returned."""
    late = world.taken("2026-03-02 09:00")
    world.do("submit_for_signature", late, by="officer", when="2026-03-12 09:00", draft="D")
    world.do("approve", late, by="leader", when="2026-03-12 10:00", draft="D")
    world.do("resolve", late, by="records", when="2026-03-12 11:00", result="01/KQ")
    asked = world.taken("2026-03-04 09:00")
    world.do(
        "request_supplement", asked, by="officer", when="2026-03-05 09:00", missing_papers=("Giấy chứng sinh",),
        reason="Theo 118/2025/NĐ-CP, ảnh mờ",
    )  # fmt: skip
    paused = world.taken("2026-03-03 09:00")
    world.do("pause", paused, by="officer", when="2026-03-10 15:00", pause_ground="field_survey", legal_basis="Q")
    while projector.project():
        pass
    return paused


def test_a_leader_goes_from_the_finding_to_the_dossier_and_says_what_was_looked_at(province: Province) -> None:
    paused = busy(province.world)
    page = province.page("leader")
    page.goto(f"{AT}?{KY}")
    assert page.get_by_role("heading", name="nhiều nhất ở «Thụ lý»").is_visible()

    page.get_by_role("link", name="Thụ lý", exact=True).click()
    assert page.get_by_role("heading", name="Lượt xử lý quá hạn: «Thụ lý»").is_visible()
    page.go_back()
    page.get_by_role("link", name="Dấu hiệu cần xem").click()
    page.get_by_role("link", name="Tạm dừng ngay trước hạn").click()
    page.get_by_text("Đã xem, có lý do").click()
    page.get_by_label(f"Lý do của hồ sơ {paused}").fill("Có giấy mời đo đạc")
    page.get_by_role("button", name="Ghi đã xem").click()

    assert page.get_by_role("status").get_by_text("đã xem, có lý do").is_visible()
    page.get_by_role("link", name="Đã xem (1)").click()
    assert page.get_by_text("Có giấy mời đo đạc").is_visible()


def test_every_page_is_accessible_and_fits_a_phone(province: Province) -> None:
    busy(province.world)
    page = province.page("leader")
    found: list[str] = []
    for path in PAGES:
        found += looked_at(page, path)

    assert found == []


def looked_at(page: Page, path: str) -> list[str]:
    """Return what axe finds, and what is wider than the screen."""
    page.goto(path)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for width, colour in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if colour == "dark" else "light")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path} at {width} px is {wide} px wide")
        found += page.evaluate(
            "axe.run({resultTypes: ['violations']}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"
        )
    return found
