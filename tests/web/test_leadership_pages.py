"""The leadership pages: points beside targets and earlier periods, the way down to a dossier, ranks, who may steer."""

import csv
import io
import re
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # openpyxl ships no types
import pytest
from django.utils import timezone

from motcua.live import projector, scoring
from motcua.steering import models
from pages import Browser, text
from world import BIRTH, COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = "?ky=2026"


def page_of(unit: str, rest: str = "") -> str:
    return f"/lanh-dao/don-vi/{unit}/{rest}{YEAR}"


def project() -> None:
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass


@pytest.fixture
def late(world: World) -> str:
    """A dossier of the commune received in March and never finished; one of the other commune beside it."""
    code = world.received("2026-03-02 09:00")
    world.received("2026-03-02 09:00", by="stranger", competent_unit=OTHER_COMMUNE)
    project()
    return code


def lines(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_overview_says_points_target_change_and_who_answers(browser: Browser, late: str) -> None:
    page = text(browser("leader").get(page_of(COMMUNE)))

    for shown in ("Điểm của Xã Thử Một", "Mất ", "Sáu nhóm chỉ số", "Mục tiêu", "So với năm 2025",
                  "Kỳ đó chưa có số liệu", "Chịu trách nhiệm chính", "Chưa giao", "12 tháng gần nhất"):  # fmt: skip
        assert shown in page, shown
    assert late not in page


def test_each_step_from_the_province_to_the_dossier_is_one_link(browser: Browser, late: str) -> None:
    control = browser("control")
    assert page_of(COMMUNE) in text(control.get(page_of(PROVINCE)))
    assert page_of(COMMUNE, "chi-so/ON_TIME/") in text(control.get(page_of(COMMUNE)))
    indicator = text(control.get(page_of(COMMUNE, "chi-so/ON_TIME/")))
    ledger = page_of(COMMUNE, "mat-diem/") + f"&chi-so=ON_TIME&tthc={BIRTH}"
    assert ledger.replace("&", "&amp;") in indicator
    assert f"/can-bo/ho-so/{late}/" in text(control.get(ledger))


def test_procedures_share_the_whole_loss_of_the_indicator(browser: Browser, late: str) -> None:
    del late
    found = lines(browser("control").get(page_of(PROVINCE, "chi-so/ON_TIME/") + "&tai=csv"))

    assert [(one["Mã thủ tục"], one["Hồ sơ mất điểm"]) for one in found] == [(BIRTH, "2")]
    assert [float(one["Điểm mất"]) for one in found] == [20.0]


def test_another_unit_is_told_of_nowhere(browser: Browser, late: str) -> None:
    del late
    leader = browser("leader")
    for rest in ("", "xep-hang/", "xu-huong/", "muc-tieu/", "chi-so/ON_TIME/"):
        assert leader.get(page_of(OTHER_COMMUNE, rest)).status_code == 404
        assert leader.get(page_of(PROVINCE, rest)).status_code == 404
        assert leader.get(page_of("H98", rest)).status_code == 404
        assert browser("clerk").get(page_of(COMMUNE, rest)).status_code == 403
    assert OTHER_COMMUNE not in text(leader.get(page_of(COMMUNE)))
    for kind in ("csv", "xlsx"):
        assert leader.get(page_of(PROVINCE, "xep-hang/") + f"&tai={kind}").status_code == 404
        assert leader.get(page_of(OTHER_COMMUNE, "chi-so/ON_TIME/") + f"&tai={kind}").status_code == 404


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("rest", ["", "xep-hang/", "xu-huong/", "muc-tieu/", "chi-so/ON_TIME/"])
def test_before_anything_is_counted_a_page_says_so_and_does_not_fail(browser: Browser, rest: str) -> None:
    answer = browser("leader").get(page_of(COMMUNE, rest))

    assert answer.status_code == 200
    assert "Chưa" in text(answer) or "Không có đơn vị" in text(answer)


def test_too_few_dossiers_are_named_without_a_rank(browser: Browser, late: str) -> None:
    del late
    page = text(browser("control").get(page_of(PROVINCE, "xep-hang/") + "&cap=commune"))

    assert "Dưới số hồ sơ tối thiểu, không xếp hạng" in page
    assert "Chưa đơn vị nào đủ số liệu để xếp hạng" in page


def test_the_export_of_the_ranking_is_what_is_seen(browser: Browser, late: str) -> None:
    del late
    address = page_of(PROVINCE, "xep-hang/") + "&cap=commune&nhin=ON_TIME&xep=ten&tim=thử hai"
    control = browser("control")
    page = text(control.get(address))
    found = lines(control.get(address + "&tai=csv"))
    book = openpyxl.load_workbook(io.BytesIO(control.get(address + "&tai=xlsx").content)).active

    assert [one["Mã đơn vị"] for one in found] == [OTHER_COMMUNE]
    assert [line[3] for line in book.iter_rows(min_row=2, values_only=True)] == [OTHER_COMMUNE]
    assert len(re.findall(r"<tr data-href>", page)) == 1


def test_what_the_address_of_a_ranking_names_wrongly_falls_back(browser: Browser, late: str) -> None:
    del late
    odd = "&cap=x&nhin=KHONG_CO&quy-mo=9&xep=x&tim=" + "%27%22<b>"
    answer = browser("control").get(page_of(PROVINCE, "xep-hang/") + odd)

    assert answer.status_code == 200
    assert "<b>" not in text(answer).replace("<b></b>", "")


@pytest.mark.parametrize("wrong", ["2026-13", "abc", "2026-05-01..2026-04-01"])
def test_a_period_that_cannot_be_read_is_refused_with_a_remedy(browser: Browser, late: str, wrong: str) -> None:
    del late
    answer = browser("leader").get(f"/lanh-dao/don-vi/{COMMUNE}/?ky={wrong}")

    assert answer.status_code == 422
    assert "Hãy ghi" in text(answer)


def test_the_switchers_lead_to_the_same_page_of_another_unit_and_period(browser: Browser, late: str) -> None:
    del late
    go = "/lanh-dao/chuyen/?trang=ranking&don-vi={unit}&ky=2026-03&cap=commune"
    control = browser("control")

    assert (
        control.get(go.format(unit=PROVINCE))["Location"]
        == f"/lanh-dao/don-vi/{PROVINCE}/xep-hang/?ky=2026-03&cap=commune"
    )
    days = control.get(f"/lanh-dao/chuyen/?don-vi={COMMUNE}&ky=2026&tu=2026-03-01&den=2026-03-15")
    assert days["Location"] == f"/lanh-dao/don-vi/{COMMUNE}/?ky=2026-03-01..2026-03-15"
    assert browser("leader").get(go.format(unit=PROVINCE)).status_code == 404
    assert control.get(f"/lanh-dao/chuyen/?trang=//evil&don-vi={COMMUNE}")["Location"].startswith("/lanh-dao/don-vi/")


def test_the_trend_is_a_part_a_page_and_a_file_of_twelve_months(browser: Browser, late: str) -> None:
    del late
    address = f"/lanh-dao/don-vi/{COMMUNE}/xu-huong/?ky=2026-03"
    leader = browser("leader")
    part, page = text(leader.get(address, headers={"HX-Request": "true"})), text(leader.get(address))
    found = lines(leader.get(address + "&tai=csv"))

    assert "<html" not in part
    assert "<html" in page
    assert "Chưa có tháng trước" in part or "chưa có tháng trước để so" in part
    assert [one["Tháng"] for one in found] == [f"{month:02}/2025" for month in range(4, 13)] + [
        "01/2026", "02/2026", "03/2026",
    ]  # fmt: skip
    assert [one["Tổng điểm"] != "" for one in found] == [False] * 11 + [True]


GIVEN = {
    "year": "2026",
    "scope": "",
    "subject": "ON_TIME",
    "metric": "ratio",
    "value": "97,5 %",
    "note": "KH 12",
    "seen": "0",
}


def test_the_centre_sets_a_target_and_the_unit_reads_it(browser: Browser, late: str) -> None:
    del late
    answer = browser("centre").post(page_of(COMMUNE, "muc-tieu/"), GIVEN)

    assert answer.status_code == 302
    page = text(browser("leader").get(page_of(COMMUNE, "muc-tieu/")))
    for shown in ("97,5%", "Xã Thử Một đặt", "Kiều Văn Thử", "KH 12"):
        assert shown in page, shown
    assert "Đặt mục tiêu</h2>" not in page
    assert "97,5%" in text(browser("leader").get(page_of(COMMUNE, "chi-so/ON_TIME/")))


def test_a_leader_reads_targets_and_sets_none(browser: Browser, late: str) -> None:
    del late
    leader = browser("leader")

    assert leader.post(page_of(COMMUNE, "muc-tieu/"), GIVEN).status_code == 403
    owner = {"group": "TDGQ", "owner": COMMUNE, "since": "2026-03-02"}
    assert leader.post(page_of(COMMUNE, "muc-tieu/phu-trach/"), owner).status_code == 403
    assert not models.Target.objects.exists()
    assert not models.Owner.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": "nhiều"}, "Không đọc được số này"),
        ({"value": ""}, "Không đọc được số này"),
        ({"value": "NaN"}, "hữu hạn"),
        ({"value": "101"}, "Tỷ lệ không quá 100%"),
        ({"subject": "nhom-TDGQ"}, "chỉ đặt mục tiêu bằng điểm"),
        ({"metric": "points", "value": "21"}, "vượt điểm tối đa"),
        ({"year": "2090"}, "ngoài khoảng"),
    ],
)
def test_a_target_typed_wrongly_is_refused_and_what_was_typed_stays(
    browser: Browser, late: str, changed: dict[str, str], said: str
) -> None:
    del late
    answer = browser("centre").post(page_of(COMMUNE, "muc-tieu/"), {**GIVEN, **changed})

    assert answer.status_code == 422
    assert said in text(answer)
    assert 'value="KH 12"' in text(answer)
    assert not models.Target.objects.exists()


def test_a_target_set_on_a_page_that_is_out_of_date_is_refused(browser: Browser, late: str) -> None:
    del late
    browser("centre").post(page_of(COMMUNE, "muc-tieu/"), GIVEN)

    answer = browser("control").post(page_of(COMMUNE, "muc-tieu/"), {**GIVEN, "value": "90"})

    assert answer.status_code == 422
    assert "Người khác vừa đổi" in text(answer)
    newest = models.Target.objects.get().pk
    again = browser("control").post(page_of(COMMUNE, "muc-tieu/"), {**GIVEN, "value": "90", "seen": str(newest)})
    assert again.status_code == 302


def test_a_target_is_withdrawn_without_a_value(browser: Browser, late: str) -> None:
    del late
    centre = browser("centre")
    centre.post(page_of(COMMUNE, "muc-tieu/"), GIVEN)
    newest = models.Target.objects.get().pk

    centre.post(page_of(COMMUNE, "muc-tieu/"), {**GIVEN, "value": "", "seen": str(newest), "withdraw": "1"})

    assert "Bỏ mục tiêu" in text(browser("leader").get(page_of(COMMUNE, "muc-tieu/")))
    assert models.Target.objects.count() == 2


def test_the_owner_of_a_group_stands_beside_its_points(browser: Browser, late: str) -> None:
    del late
    centre = browser("centre")
    owner = {"group": "TDGQ", "owner": DEPARTMENT, "since": "2026-03-02"}

    assert centre.post(page_of(PROVINCE, "muc-tieu/phu-trach/"), owner).status_code == 302
    assert "từ 02/03/2026" in text(browser("control").get(page_of(PROVINCE)))
    centre.post(page_of(PROVINCE, "muc-tieu/phu-trach/"), {**owner, "group": "KHONG_CO"})
    centre.post(page_of(PROVINCE, "muc-tieu/phu-trach/"), {**owner, "since": "hôm qua"})
    assert models.Owner.objects.count() == 1
