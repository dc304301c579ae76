"""The map, the heat table and the lines over months: what leaders see of their units, and of nobody else's."""

import csv
import io
import re
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from motcua.geometry import inventing
from motcua.kernel.time import VIETNAM
from motcua.live import projector, scoring
from motcua.organisations import outlines
from motcua.web.charts import trend
from web.conftest import Browsers
from world import COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {COMMUNE: "Xã Thử Một", OTHER_COMMUNE: "Xã Thử Hai"}


def path(page: str, code: str = PROVINCE, query: str = "ky=2026") -> str:
    return f"/lanh-dao/don-vi/{code}/{page}/?{query}"


@pytest.fixture
def mapped(world: World) -> World:
    """Two communes with land; the first has a dossier that is long overdue."""
    cells = inventing.cells(2, seed=1, middle=(106.0, 16.0), reach=0.4)
    planned = outlines.Planned(outlines.OF_UNITS, dict(zip(NAMES, cells, strict=True)), NAMES, ())
    moment = datetime(2026, 1, 5, 8, tzinfo=VIETNAM)
    outlines.load(planned, subject=PROVINCE, source="thu.geojson", content=b"1", by="he-thong", at=moment)
    world.received("2026-03-02 09:00")
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass
    return world


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def rows_of(answer: Any) -> list[list[str]]:
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(text_of(answer).removeprefix("\ufeff"))))


@pytest.mark.usefixtures("mapped")
def test_the_map_says_its_finding_and_leads_from_each_commune_to_its_figures(browser: Browsers) -> None:
    page = text_of(browser("control").get(path("ban-do", query="ky=2026&nd=ON_TIME")))

    assert "thấp nhất là Xã Thử Một (0,00%)" in page
    assert re.search(
        rf'<a href="/lanh-dao/don-vi/{COMMUNE}/\?ky=2026" aria-label="Xã Thử Một: 0,00 / 20,00 điểm"', page
    )
    assert "Xã Thử Hai: 0,00 / 20,00 điểm, không phát sinh hoặc chưa đủ số liệu" in page
    assert "style=" not in page


@pytest.mark.usefixtures("mapped")
def test_a_commune_leader_sees_the_neighbours_land_but_not_their_points(browser: Browsers) -> None:
    page = text_of(browser("leader").get(path("ban-do", COMMUNE)))

    assert "Xã Thử Hai: ngoài phạm vi được xem" in page
    assert f"/lanh-dao/don-vi/{OTHER_COMMUNE}/" not in page
    assert [row[1] for row in rows_of(browser("leader").get(path("ban-do", COMMUNE, "ky=2026&dang=csv")))[1:]] == [
        COMMUNE
    ]


@pytest.mark.usefixtures("mapped")
def test_the_download_of_the_map_is_its_table(browser: Browsers) -> None:
    rows = rows_of(browser("control").get(path("ban-do", query="ky=2026&nd=ON_TIME&dang=csv")))

    assert rows[1] == ["Xã Thử Một", COMMUNE, "0,00", "20,00", "0,00", "5"]
    assert rows[2] == ["Xã Thử Hai", OTHER_COMMUNE, "0,00", "20,00", "0,00", "–"]


def test_without_outlines_the_table_stays_and_the_page_says_what_to_do(world: World, browser: Browsers) -> None:
    world.received("2026-03-02 09:00")
    now = timezone.now()
    projector.project(options=scoring.options(now=now), at=now)

    page = text_of(browser("control").get(path("ban-do")))

    assert "motcua organisations map" in page
    assert "Xã Thử Một" in page


@pytest.mark.usefixtures("mapped")
def test_what_does_not_exist_is_not_found(browser: Browsers) -> None:
    control = browser("control")
    for address in (
        path("ban-do", query="nd=KHONG_CO"), path("ban-do", query="chia=x"), path("bang-nhiet", query="xem=x"),
        path("bang-nhiet", query="cap=x"), path("kham-pha", query="nd=x"), path("kham-pha", query="dv=H00"),
        path("kham-pha", query="gia-tri=x"),
    ):  # fmt: skip
        assert control.get(address).status_code == 404, address
    for page in ("ban-do", "bang-nhiet", "kham-pha"):
        assert browser("leader").get(path(page, OTHER_COMMUNE)).status_code == 404
        assert browser("clerk").get(path(page, COMMUNE)).status_code == 403
    assert browser("leader").get(path("kham-pha", COMMUNE, f"dv={OTHER_COMMUNE}")).status_code == 404


@pytest.mark.usefixtures("mapped")
def test_the_heat_table_sorts_by_what_is_lost_and_leads_to_the_dossiers_that_lose(browser: Browsers) -> None:
    page = text_of(browser("control").get(path("bang-nhiet", query="ky=2026&xep=ON_TIME")))

    assert f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/ON_TIME/?ky=2026" in page
    assert page.index(">Xã Thử Một</a>", page.index("mc-heat ")) < page.index(">Xã Thử Hai</a>", page.index("mc-heat "))
    assert 'aria-sort="descending"' in page


@pytest.mark.usefixtures("mapped")
def test_the_downloads_of_the_heat_table_are_what_is_seen(browser: Browsers) -> None:
    control = browser("control")
    query = "ky=2026&theo=nhom&xem=dat&cap=commune&xep=ten"
    rows = rows_of(control.get(path("bang-nhiet", query=f"{query}&dang=csv")))
    book = control.get(path("bang-nhiet", query=f"{query}&dang=xlsx"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()

    assert [row[0] for row in rows[1:]] == ["Xã Thử Hai", "Xã Thử Một"]
    assert [[row[0], row[1]] for row in sheet] == [row[:2] for row in rows]
    assert all("%" in name for name in rows[0][2:])
    first, share = str(rows[2][2]), sheet[2][2]
    assert float(first.replace(",", ".")) == pytest.approx(float(str(share)) * 100, abs=0.005)


@pytest.mark.usefixtures("mapped")
def test_departments_can_be_looked_at_alone(browser: Browsers) -> None:
    rows = rows_of(browser("control").get(path("bang-nhiet", query="ky=2026&cap=department&dang=csv")))

    assert {row[1] for row in rows[1:]} <= {DEPARTMENT}


@pytest.mark.usefixtures("mapped")
def test_months_are_drawn_with_their_table_and_numbers_for_the_browser(browser: Browsers) -> None:
    query = f"tu=2026-01&den=2026-03&dv={COMMUNE}&nd=ON_TIME&nd=TONG"
    rows = rows_of(browser("control").get(path("kham-pha", query=f"{query}&dang=csv")))
    page = text_of(browser("control").get(path("kham-pha", query=query)))

    assert [row[0] for row in rows] == ["Kỳ", "01/2026", "02/2026", "03/2026"]
    assert rows[0][1].startswith("2.1")
    assert rows[0][2] == "Tổng điểm (%)"
    assert rows[3][1] == "0,00"
    assert '"labels": ["01/2026", "02/2026", "03/2026"]' in page


@pytest.mark.usefixtures("mapped")
def test_more_lines_or_months_than_a_chart_can_show_are_refused_with_a_remedy(browser: Browsers) -> None:
    control = browser("control")
    many = "&".join(f"nd={code}" for code in ("TONG", "ON_TIME", "nhom-CKMB", "nhom-TDGQ"))
    assert trend.MOST_SERIES < 4 * 2
    for query, words in (
        (f"dv={COMMUNE}&dv={OTHER_COMMUNE}&{many}", "Hãy chọn bớt đơn vị hoặc nội dung."),
        ("tu=2020-01&den=2026-01", "Hãy chọn khoảng ngắn hơn."),
        ("tu=2026-03&den=2026-01", "Hãy chọn lại khoảng tháng."),
        ("tu=2026-13&den=2026-01", "Không hiểu kỳ"),
    ):
        answer = control.get(path("kham-pha", query=query))
        assert answer.status_code == 422, query
        assert words in answer.content.decode()
