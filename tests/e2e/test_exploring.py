"""Leaders explore: the map by keyboard, the heat table, the lines, pages that change by themselves, paper."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

import repository
from motcua.geometry import inventing
from motcua.kernel.time import VIETNAM
from motcua.live import projector, scoring
from motcua.organisations import outlines
from people_in_browsers import Province
from world import COMMUNE, OTHER_COMMUNE, PROVINCE

pytestmark = pytest.mark.django_db(transaction=True)
AXE = repository.ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = {COMMUNE: "Xã Thử Một", OTHER_COMMUNE: "Xã Thử Hai"}
PATHS = [
    f"/lanh-dao/don-vi/{PROVINCE}/ban-do/?ky=2026&nd=ON_TIME",
    f"/lanh-dao/don-vi/{PROVINCE}/bang-nhiet/?ky=2026",
    f"/lanh-dao/don-vi/{PROVINCE}/kham-pha/?tu=2026-01&den=2026-03&dv={COMMUNE}&dv={OTHER_COMMUNE}",
]


def project() -> None:
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass


@pytest.fixture
def mapped(province: Province) -> Province:
    """Two communes with land, the first with a dossier long overdue."""
    cells = inventing.cells(2, seed=1, middle=(106.0, 16.0), reach=0.4)
    planned = outlines.Planned(outlines.OF_UNITS, dict(zip(NAMES, cells, strict=True)), NAMES, ())
    moment = datetime(2026, 1, 5, 8, tzinfo=VIETNAM)
    outlines.load(planned, subject=PROVINCE, source="thu.geojson", content=b"1", by="he-thong", at=moment)
    province.world.received("2026-03-02 09:00")
    project()
    return province


def axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"
    )
    return found


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(mapped: Province, path: str, width: int) -> None:
    page = mapped.page("control", width=width)
    page.goto(path)

    for colour in ("light", "dark"):
        page.emulate_media(color_scheme=colour)
        assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_map_is_one_stop_of_the_tab_key_and_arrows_go_to_neighbours(mapped: Province) -> None:
    page = mapped.page("control")
    page.goto(PATHS[0])
    areas = page.locator(".mc-chart .wide a")
    expect(areas).to_have_count(2)
    assert sorted(areas.evaluate_all("all => all.map(one => one.getAttribute('tabindex'))")) == ["-1", "0"]

    first, second = areas.nth(0), areas.nth(1)
    first.focus()
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
        if second.evaluate("one => one === document.activeElement"):
            break
    assert second.evaluate("one => one === document.activeElement")
    code = second.get_attribute("data-code")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/lanh-dao/don-vi/{code}/?ky=2026")


def test_the_heat_table_leads_to_the_dossiers_that_lose(mapped: Province) -> None:
    page = mapped.page("control")
    page.goto(PATHS[1])
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Xã Thử Một"))
    row.get_by_role("link", name="20,00").click()

    page.wait_for_url(f"**/lanh-dao/don-vi/{COMMUNE}/mat-diem/ON_TIME/?ky=2026")


def test_the_exploring_chart_comes_only_when_asked_for_and_the_first_load_stays_light(mapped: Province) -> None:
    page = mapped.page("control")
    seen: list[str] = []

    def note(response: Response) -> None:
        seen.append(response.url)

    page.on("response", note)
    page.goto(PATHS[2])
    assert page.locator(".mc-chart .wide svg").is_visible()
    assert not any("echarts" in url for url in seen)

    page.get_by_role("button", name="Mở biểu đồ tương tác").click()

    expect(page.locator(".mc-canvas canvas")).to_be_visible()
    assert any("echarts" in url for url in seen)
    assert not page.locator(".mc-chart .wide svg").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".mc-chart .wide svg").is_visible()
    assert not page.locator(".mc-canvas").is_visible()


def test_an_open_page_changes_by_itself_and_takes_nobodys_place(mapped: Province) -> None:
    page = mapped.page("control")
    page.goto(PATHS[1])
    cell = page.get_by_role("rowheader", name="Xã Thử Hai")
    cell.get_by_role("link").focus()
    before = page.locator("[data-live-stamp]").inner_text()

    mapped.world.received((datetime.now(VIETNAM) - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M"))
    project()

    expect(page.locator("[data-live-stamp]")).not_to_have_text(before, timeout=30_000)
    assert cell.get_by_role("link").evaluate("one => one === document.activeElement")


@pytest.mark.parametrize("path", PATHS)
def test_pages_print_without_menus_and_with_the_whole_table(mapped: Province, path: str) -> None:
    page = mapped.page("control")
    page.goto(path)
    page.emulate_media(media="print")

    for hidden in (".mc-bar", ".mc-side", ".mc-filter", ".mc-tabs"):
        assert not any(one.is_visible() for one in page.locator(hidden).all())
    assert page.get_by_role("heading", level=1).is_visible()
    for table in page.locator(".mc-wrap").all():
        assert table.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    assert page.pdf(format="A4", prefer_css_page_size=True)[:5] == b"%PDF-"
