"""From the freeze to the citizen's phone: the centre reviews, the office approves, everybody reads and downloads."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from motcua.forms import pdf as forms_pdf
from motcua.publication import actions, fictitious_ca, queries, signing
from people_in_browsers import Province
from world import COMMUNE, at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not forms_pdf.font_folder().is_dir(), reason="./run setup brings the font"),
]
MONTHS = ("2026-02", "2026-03")


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> None:
    """Keep what is published in the test's own folder, with a certificate of nobody."""
    settings.HOME = tmp_path
    fictitious_ca.make(actions.default_seal().folder, owner="Tỉnh giả định", at=at("2026-01-05 09:00"))


def frozen(province: Province) -> None:
    for month in MONTHS:
        for day in ("02", "03", "04", "05", "06", "09"):
            province.world.received(f"{month}-{day} 09:00")
    actions.freeze("2026-02", at=at("2026-03-02 17:00"))
    actions.review(month="2026-02", draft=1, by="cb-centre", at=at("2026-03-03 09:00"))
    actions.approve(month="2026-02", draft=1, by="cb-control", at=at("2026-03-03 10:00"))
    actions.freeze("2026-03", at=at("2026-03-31 17:00"))


def test_two_persons_publish_and_a_citizen_reads_downloads_and_checks(province: Province) -> None:
    frozen(province)
    centre = province.page("centre")
    centre.goto("/lanh-dao/cong-bo/")
    centre.get_by_role("link", name="Tháng 03/2026").click()
    centre.get_by_role("button", name="Đã soát xét, trình duyệt").click()
    expect(centre.get_by_role("status")).to_contain_text("Đã soát xét")
    expect(centre.get_by_role("button", name="Duyệt, công bố")).to_have_count(0)

    office = province.page("control")
    office.goto("/lanh-dao/cong-bo/2026-03/1/")
    office.get_by_role("button", name="Duyệt, công bố").click()
    expect(office.get_by_role("status")).to_contain_text("Đã công bố tháng 03/2026")

    citizen = province.page(None, width=360)
    citizen.goto("/")
    citizen.get_by_role("link", name="Xem kết quả phục vụ của từng cơ quan").click()
    citizen.get_by_role("link", name="Tháng 03/2026").click()
    expect(citizen.get_by_role("heading", level=1)).to_contain_text("Tỉnh giả định đạt")
    expect(citizen.get_by_text("Đã ký số")).to_be_visible()
    with citizen.expect_download() as begun:
        citizen.get_by_role("link", name="Tổng điểm, thứ hạng các đơn vị (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(begun.value.path()).read_text(encoding="utf-8-sig"))))
    assert COMMUNE in {row["unit_code"] for row in rows}
    pdf = citizen.request.get(f"{province.base}/cong-bo/2026-03/ban-1/ban-tin.pdf").body()
    assert [one.is_good for one in signing.signatures(pdf, roots=actions.default_seal().roots)] == [True]
    citizen.get_by_role("link", name="Xã Thử Một").first.click()
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Xã Thử Một")


def test_a_correction_begins_from_the_page_with_its_reason(province: Province) -> None:
    frozen(province)
    centre = province.page("centre")
    centre.goto("/lanh-dao/cong-bo/")
    centre.get_by_text("Lập bản đính chính").click()
    centre.get_by_label("Tháng đã công bố").select_option("2026-02")
    centre.get_by_label("Lý do đính chính (công khai)").fill("Nhập thiếu hồ sơ giấy")
    centre.get_by_role("button", name="Chốt bản đính chính").click()

    expect(centre.get_by_text("Lý do: Nhập thiếu hồ sơ giấy")).to_be_visible()
    assert [one.edition for one in queries.published_of("2026-02")] == [1]
