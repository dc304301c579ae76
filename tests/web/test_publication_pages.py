"""Who sees which publication, and what a published page says and keeps to itself."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from motcua.forms import pdf as forms_pdf
from motcua.publication import actions, fictitious_ca, queries
from motcua.publication.types import IssueState
from pages import Browser, text
from world import COMMUNE, DEPARTMENT, PEOPLE, PROVINCE, World, at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not forms_pdf.font_folder().is_dir(), reason="./run setup brings the font"),
]
MONTH = "2026-03"
DRAFT = f"/lanh-dao/cong-bo/{MONTH}/1/"


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> None:
    """Keep what is published in the test's own folder."""
    settings.HOME = tmp_path


def frozen(world: World) -> None:
    for day in ("02", "03", "04", "05", "06", "09"):
        world.received(f"{MONTH}-{day} 09:00")
    actions.freeze(MONTH, at=at("2026-03-31 17:00"))


def published(world: World) -> None:
    frozen(world)
    actions.review(month=MONTH, draft=1, by="cb-centre", at=at("2026-04-01 09:00"))
    actions.approve(month=MONTH, draft=1, by="cb-control", at=at("2026-04-01 10:00"))


def corrected(world: World) -> None:
    published(world)
    world.received(f"{MONTH}-10 09:00")
    actions.freeze(MONTH, at=at("2026-04-08 09:00"), by="cb-centre", reason="Nhập muộn một hồ sơ")
    actions.review(month=MONTH, draft=2, by="cb-centre", at=at("2026-04-08 10:00"))
    actions.approve(month=MONTH, draft=2, by="cb-control", at=at("2026-04-08 11:00"))


def test_a_draft_does_not_exist_for_the_public(browser: Browser, world: World) -> None:
    frozen(world)
    citizen = browser(None)

    assert "Chưa có tháng nào được công bố" in text(citizen.get("/cong-bo/"))
    for path in (
        f"/cong-bo/{MONTH}/", f"/cong-bo/{MONTH}/ban-1/", f"/cong-bo/{MONTH}/ban-1/don-vi.csv",
        f"/cong-bo/don-vi/{COMMUNE}/",
    ):  # fmt: skip
        assert citizen.get(path).status_code == 404, path


def test_everybody_reads_a_published_month_without_an_account(browser: Browser, world: World) -> None:
    published(world)
    citizen = browser(None)

    assert f"/cong-bo/{MONTH}/" in text(citizen.get("/cong-bo/"))
    page = text(citizen.get(f"/cong-bo/{MONTH}/"))
    assert "Tỉnh giả định đạt" in page
    assert "Xã Thử Một" in page
    assert "Chưa ký số" in page
    assert queries.public_issue(MONTH).sha256 in page
    unit = text(citizen.get(f"/cong-bo/don-vi/{COMMUNE}/"))
    assert "2.1 Tỷ lệ hồ sơ xử lý trước hạn, đúng hạn" in unit
    assert citizen.get("/cong-bo/don-vi/H99.999/").status_code == 404
    assert citizen.get(f"/cong-bo/don-vi/{COMMUNE}/?thang=2020-01").status_code == 404


def test_no_published_page_or_file_names_an_officer_or_an_applicant(browser: Browser, world: World) -> None:
    published(world)
    citizen = browser(None)
    paths = ["/cong-bo/", f"/cong-bo/{MONTH}/", f"/cong-bo/don-vi/{COMMUNE}/"]
    paths += [f"/cong-bo/{MONTH}/ban-1/{one.name}" for one in queries.artifacts(queries.public_issue(MONTH))]

    for path in paths:
        body = citizen.get(path).content
        for name, *_ in PEOPLE.values():
            assert name.encode() not in body, (path, name)
        for hidden in ("cb-officer", "cb-centre", "Nguyễn Văn Thử", "0900000001"):
            assert hidden.encode() not in body, (path, hidden)


def test_a_file_is_handed_out_byte_by_byte_and_may_be_kept_for_ever(browser: Browser, world: World) -> None:
    published(world)
    citizen, store = browser(None), actions.default_store()

    for one in queries.artifacts(queries.public_issue(MONTH)):
        answer = citizen.get(f"/cong-bo/{MONTH}/ban-1/{one.name}")
        assert answer.content == store.get(one.sha256)
        assert answer["ETag"] == f'"{one.sha256}"'
        assert "immutable" in answer["Cache-Control"]
    assert citizen.get(f"/cong-bo/{MONTH}/ban-1/khac.csv").status_code == 404
    assert citizen.get(f"/cong-bo/{MONTH}/ban-2/don-vi.csv").status_code == 404


def test_a_unit_with_four_dossiers_shows_no_counts_and_neither_does_the_one_that_would_give_it_away(
    browser: Browser, world: World
) -> None:
    for day in ("02", "03", "04", "05"):
        world.received(f"{MONTH}-{day} 09:00")
    issue = actions.freeze(MONTH, at=at("2026-03-31 17:00")).issue
    actions.review(month=MONTH, draft=1, by="cb-centre", at=at("2026-04-01 09:00"))
    actions.approve(month=MONTH, draft=1, by="cb-control", at=at("2026-04-01 10:00"))

    document = json.loads(browser(None).get(f"/cong-bo/{MONTH}/ban-1/ket-qua.json").content)
    row = {unit["code"]: next(row for row in unit["rows"] if row["code"] == "ON_TIME") for unit in document["units"]}
    # The province's sum is that one commune's four.
    assert (row[COMMUNE]["basis"], row[PROVINCE]["basis"]) == ("hidden", "hidden")
    assert row[COMMUNE]["denominator"] is None
    assert row[DEPARTMENT]["denominator"] == 0
    page = text(browser(None).get(f"/cong-bo/don-vi/{COMMUNE}/"))
    assert "ẩn" in page
    assert "dưới 5 hồ sơ" in page
    assert issue.state is IssueState.FROZEN


def test_the_centre_reviews_and_the_office_approves_each_on_the_own_button(browser: Browser, world: World) -> None:
    frozen(world)
    fictitious_ca.make(actions.default_seal().folder, owner="Tỉnh giả định", at=at("2026-03-01 09:00"))
    centre, office = browser("centre"), browser("control")

    assert "Đã soát xét, trình duyệt" in text(centre.get(DRAFT))
    assert "Đã soát xét, trình duyệt" not in text(office.get(DRAFT))
    assert office.post(f"{DRAFT}soat-xet/").status_code == 403
    assert centre.post(f"{DRAFT}duyet/").status_code == 403
    assert office.post(f"{DRAFT}duyet/").status_code == 422
    assert centre.post(f"{DRAFT}soat-xet/").status_code == 302
    assert office.get(f"{DRAFT}xem-thu.pdf").content[:5] == b"%PDF-"
    assert office.post(f"{DRAFT}duyet/").status_code == 302
    assert "Đã ký số" in text(browser(None).get(f"/cong-bo/{MONTH}/"))
    assert "Đã công bố" in text(office.get("/lanh-dao/cong-bo/"))


@pytest.mark.parametrize("part", ["leader", "head", "department_leader"])
def test_others_who_lead_see_what_is_published_and_no_draft(browser: Browser, world: World, part: str) -> None:
    frozen(world)
    client = browser(part)

    assert DRAFT not in text(client.get("/lanh-dao/cong-bo/"))
    for path in (DRAFT, f"{DRAFT}xem-thu.pdf"):
        assert client.get(path).status_code == 403
    for path in (f"{DRAFT}soat-xet/", f"{DRAFT}duyet/", f"{DRAFT}tra-lai/", "/lanh-dao/cong-bo/chot/"):
        assert client.post(path, {"thang": MONTH, "ly_do": "x"}).status_code == 403
    assert queries.issue(MONTH, 1).state is IssueState.FROZEN


def test_a_returned_draft_says_why_and_the_month_can_be_frozen_again(browser: Browser, world: World) -> None:
    frozen(world)
    centre = browser("centre")

    assert centre.post(f"{DRAFT}tra-lai/", {"ly_do": ""}).status_code == 422
    assert centre.post(f"{DRAFT}tra-lai/", {"ly_do": "Thiếu số liệu của Sở"}).status_code == 302
    assert "Thiếu số liệu của Sở" in text(centre.get(DRAFT))
    assert centre.post("/lanh-dao/cong-bo/chot/", {"thang": MONTH}).status_code == 302
    assert queries.issue(MONTH, 2).state is IssueState.FROZEN


def test_a_correction_stands_beside_the_old_issue_and_both_stay(browser: Browser, world: World) -> None:
    corrected(world)
    citizen = browser(None)

    newest = text(citizen.get(f"/cong-bo/{MONTH}/"))
    assert "Bản này đính chính bản đầu" in newest
    assert "Nhập muộn một hồ sơ" in newest
    assert f"/cong-bo/{MONTH}/ban-1/" in newest
    oldest = text(citizen.get(f"/cong-bo/{MONTH}/ban-1/"))
    assert "Đã có bản đính chính mới hơn" in oldest
    assert "Có đính chính" in text(citizen.get("/cong-bo/"))


def test_a_correction_without_a_reason_is_refused(browser: Browser, world: World) -> None:
    published(world)

    answer = browser("centre").post("/lanh-dao/cong-bo/chot/", {"thang": MONTH, "ly_do": " "})

    assert answer.status_code == 422
    assert "Thiếu lý do đính chính" in text(answer)
    assert len(queries.drafts()) == 1


def test_what_came_after_the_publication_is_shown_to_those_who_publish(browser: Browser, world: World) -> None:
    published(world)
    world.received(f"{MONTH}-11 09:00")

    page = text(browser("control").get(f"{DRAFT}?sau=1"))

    assert "Thay đổi sau công bố:" in page
    assert "Số đã công bố không đổi" in page
