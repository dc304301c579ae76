"""The ledger of points lost as leaders see it: their units only, in files as on the page, adding up to the loss."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # openpyxl ships no types
import pytest
from django.utils import timezone

from motcua.contests import actions, models
from motcua.contests.types import EvidenceFile, LostMark
from motcua.kernel.time import Period
from motcua.live import ledger, projector, scoring
from pages import Browser, now_text, text
from world import COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/"
COUNT = f"/lanh-dao/don-vi/{COMMUNE}/mat-diem-cong/"
"""Asked for this year, as pages do without a period in the address."""


def project() -> None:
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass


@pytest.fixture
def codes(world: World) -> dict[str, str]:
    """A late dossier in an officer's hands, a fresh one, and one of the other commune."""
    found = {
        "late": world.taken(now_text(days=-20)),
        "fresh": world.received(now_text(days=-1)),
        "other": world.received(now_text(days=-20), by="stranger", competent_unit=OTHER_COMMUNE),
    }
    project()
    return found


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_ledger_says_where_why_whose_and_by_which_rule(browser: Browser, codes: dict[str, str]) -> None:
    page = text(browser("leader").get(PAGE))

    assert page.index(codes["late"]) < page.index(codes["fresh"])  # the most points first
    for shown in ("Chưa xử lý xong, đã quá hạn", "chỉ số 2.1", "Lê Văn Thử", "Đăng ký khai sinh", "Không sửa được",
                  "Còn sửa được", "Tính đến sự kiện số", "điểm mất gồm những gì?"):  # fmt: skip
        assert shown in page
    assert codes["other"] not in page


def test_officers_are_named_to_their_heads_and_are_codes_to_the_province(
    browser: Browser, codes: dict[str, str]
) -> None:
    assert "Lê Văn Thử" in text(browser("head").get(PAGE))
    above = text(browser("centre").get(PAGE))
    assert codes["late"] in above
    assert "cb-officer" in above
    assert "Lê Văn Thử" not in above
    assert "Lê Văn Thử" not in browser("centre").get(f"{PAGE}?tai=csv").content.decode()


@pytest.mark.parametrize("query", ["", "?tai=csv", "?tai=xlsx", "?phan=khac", "?phan=khac&tai=csv"])
@pytest.mark.parametrize(
    ("part", "status"),
    [("stranger", 403), ("department_leader", 404), ("clerk", 403), ("officer", 403), ("administrator", 403)],
)
def test_another_commune_sees_nothing_and_takes_nothing_along(
    browser: Browser, codes: dict[str, str], part: str, status: int, query: str
) -> None:
    for address in (PAGE + query, COUNT + query):
        answer = browser(part).get(address)
        assert answer.status_code == status
        assert codes["late"].encode() not in answer.content


def test_a_filter_cannot_reach_beyond_the_unit(browser: Browser, codes: dict[str, str]) -> None:
    answer = browser("leader").get(PAGE, {"dv": OTHER_COMMUNE})
    assert answer.status_code == 422
    assert codes["other"] not in text(answer)
    assert "Không có hồ sơ nào khớp" in text(browser("leader").get(PAGE, {"cb": "cb-stranger"}))


@pytest.mark.usefixtures("codes")
def test_the_files_hold_every_mark_and_add_up_to_the_loss(browser: Browser) -> None:
    live = scoring.score(period=Period.year(timezone.localdate().year), now=timezone.now())
    account = ledger.balance(live.evaluation.scorecard.of(COMMUNE), rules=live.evaluation.rules)

    written = rows(browser("leader").get(f"{PAGE}?tai=csv"))
    total = sum((Decimal(row["Điểm mất ở chỉ số"]) for row in written), Decimal())
    assert abs(total - Decimal(float(account.dossiers))) < Decimal("0.000001")
    by_dossier = {row["Mã hồ sơ"]: Decimal(row["Điểm mất của hồ sơ"]) for row in written}
    assert abs(sum(by_dossier.values(), Decimal()) - total) < Decimal("0.000001")
    assert all(row["Vì sao"] and row["Căn cứ"] and row["Quy tắc"] for row in written)

    book = openpyxl.load_workbook(io.BytesIO(browser("leader").get(f"{PAGE}?tai=xlsx").content))
    lines = list(book.active.iter_rows(values_only=True))
    assert len(lines) == len(written) + 1
    assert isinstance(lines[1][9], float)


def test_a_file_holds_what_the_filter_leaves(browser: Browser, codes: dict[str, str]) -> None:
    late = rows(browser("leader").get(PAGE, {"tai": "csv", "chi-so": "ON_TIME"}))
    assert [(row["Mã hồ sơ"], row["Chỉ số"]) for row in late] == [(codes["late"], "2.1")]
    assert {row["Còn sửa được"] for row in rows(browser("leader").get(PAGE, {"tai": "csv", "sua": "co"}))} == {"Có"}
    one = rows(browser("leader").get(PAGE, {"tai": "csv", "cb": "cb-officer"}))
    assert {row["Mã hồ sơ"] for row in one} == {codes["late"]}
    assert rows(browser("leader").get(PAGE, {"tai": "csv", "tthc": "1.999999"})) == []


@pytest.mark.usefixtures("codes")
def test_the_count_says_how_many_and_how_much(browser: Browser) -> None:
    said = re.sub(r"<[^>]+>", "", text(browser("leader").get(COUNT)))
    assert "2 hồ sơ, cộng" in said
    assert "1 hồ sơ, cộng" in re.sub(r"<[^>]+>", "", text(browser("leader").get(COUNT, {"chi-so": "ON_TIME"})))


@pytest.mark.parametrize(
    "query",
    [{"sau": "x"}, {"sau": "0.00.20260101.a"}, {"chi-so": "X"}, {"sua": "x"}, {"ly": "x"}, {"dv": "x"}, {"ky": "x"},
     {"phan": "khac", "tu-dong": "-1"}, {"phan": "khac", "tu-dong": "99999999"}, {"tthc": "\0"}, {"cb": "\0"}],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_a_remedy(
    browser: Browser, codes: dict[str, str], query: dict[str, str]
) -> None:
    answer = browser("leader").get(PAGE, query)

    assert answer.status_code == 422
    assert "Hãy" in text(answer)
    assert codes["late"] not in text(answer)


@pytest.mark.usefixtures("codes")
def test_procedures_that_lose_points_are_listed_beside_the_dossiers(browser: Browser) -> None:
    page = text(browser("control").get(f"/lanh-dao/don-vi/{PROVINCE}/mat-diem/?phan=khac"))
    assert "Cấp giấy phép xây dựng" in page
    assert "Chưa có hồ sơ nộp trực tuyến trong kỳ" in page
    assert "không có số liệu" in page
    written = rows(browser("control").get(f"/lanh-dao/don-vi/{PROVINCE}/mat-diem/?phan=khac&tai=csv"))
    assert written
    assert all(row["Căn cứ"] for row in written)


def test_a_unit_without_dossiers_has_an_empty_ledger(browser: Browser, codes: dict[str, str]) -> None:
    page = text(browser("department_leader").get(f"/lanh-dao/don-vi/{DEPARTMENT}/mat-diem/"))
    assert "Không có hồ sơ nào mất điểm." in page
    assert codes["late"] not in page


def test_with_an_accepted_contest_both_figures_stand_on_the_ledger(
    world: World, browser: Browser, codes: dict[str, str]
) -> None:
    before = text(browser("leader").get(PAGE))
    assert "không tính" not in before
    mark = LostMark(
        dossier_code=codes["late"], unit_code=COMMUNE, indicator="ON_TIME", rules="qd766/portal", reasons=("late_open",)
    )
    proof = EvidenceFile("a.pdf", "application/pdf", 1, "a" * 64)
    code = actions.file(mark, reason="Mất điện", evidence=[proof], staff=world["officer"], at=timezone.now())
    project()
    assert "Kiến nghị: Chờ Trung tâm xem xét" in text(browser("leader").get(PAGE))
    actions.approve(code=code, decision="Đúng", staff=world["centre"], at=timezone.now())
    project()

    page = text(browser("leader").get(PAGE))
    said = re.search(
        r"Điểm chính thức <strong[^>]*>([\d,]+)</strong>; không tính 1 hồ sơ được chấp nhận kiến nghị: "
        r"<strong[^>]*>([\d,]+)</strong>",
        page,
    )
    assert said is not None
    official, without = (Decimal(one.replace(",", ".")) for one in said.groups())
    assert without > official
    assert "Kiến nghị: Được chấp nhận" in page
    assert models.Contest.objects.get().state == "approved"
    other = browser("control").get(f"/lanh-dao/don-vi/{OTHER_COMMUNE}/mat-diem/")
    assert "không tính" not in text(other)
