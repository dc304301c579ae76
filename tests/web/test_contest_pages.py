"""Contests on the pages: filed with evidence by who works on the dossier, decided by the centre, else hidden."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.contests import models
from motcua.dossiers import files
from motcua.live import projector, scoring
from pages import Browser, now_text, text
from world import COMMUNE, World

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EVERYBODY_ELSE = ["stranger", "department_officer", "department_leader", "administrator"]


def project() -> None:
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass


@pytest.fixture
def late(world: World) -> str:
    """A dossier of the commune's officer that is open past its due moment."""
    code = world.taken(now_text(days=-20))
    project()
    return code


def proof(name: str = "bien-nhan.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def file_it(browser: Browser, code: str, *, by: str = "officer", **changes: Any) -> Any:
    typed = {"ly_do": "Mất điện cả ngày hẹn trả", "chung_cu": proof(), **changes}
    return browser(by).post(f"/can-bo/ho-so/{code}/kien-nghi/ON_TIME/", typed)


@pytest.fixture
def contest(browser: Browser, late: str) -> str:
    """The code of a contest that waits."""
    assert file_it(browser, late).status_code == 302
    return str(models.Contest.objects.get().code)


def test_an_officer_contests_a_mark_with_evidence(browser: Browser, late: str) -> None:
    form = text(browser("officer").get(f"/can-bo/ho-so/{late}/kien-nghi/ON_TIME/"))
    assert "Chưa xử lý xong, đã quá hạn" in form
    assert "chỉ số 2.1" in form

    answer = file_it(browser, late)

    row = models.Contest.objects.get()
    assert answer["Location"] == f"/can-bo/kien-nghi/{row.code}/"
    assert (row.state, row.filed_by_id, row.unit_id, row.lost_for) == ("filed", "cb-officer", COMMUNE, ["late_open"])
    assert files.path(row.evidence.get().sha256).read_bytes() == PDF
    page = text(browser("officer").get(f"/can-bo/kien-nghi/{row.code}/"))
    assert "Mất điện cả ngày hẹn trả" in page
    assert "bien-nhan.pdf" in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ly_do": " "}, "Thiếu lý do kiến nghị"),
        ({"chung_cu": []}, "Thiếu chứng cứ"),
        ({"chung_cu": proof("x.pdf", b"<script>alert(1)</script>")}, "không phải PDF, PNG, JPEG hoặc TIFF"),
        ({"chung_cu": [proof(f"{n}.pdf") for n in range(6)]}, "Quá 5 tệp"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    browser: Browser, late: str, changes: dict[str, Any], says: str
) -> None:
    answer = file_it(browser, late, **{"ly_do": "Giữ lại câu này", **changes})

    assert answer.status_code == 422
    assert says in text(answer)
    assert "ly_do" in changes or "Giữ lại câu này" in text(answer)
    assert not models.Contest.objects.exists()


def test_a_mark_that_is_not_lost_cannot_be_contested(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-1))
    project()

    assert "không bị trừ điểm" in text(browser("officer").get(f"/can-bo/ho-so/{code}/kien-nghi/ON_TIME/"))
    answer = file_it(browser, code)
    assert answer.status_code == 422
    assert "không bị trừ điểm" in text(answer)


@pytest.mark.parametrize("part", [*EVERYBODY_ELSE, "postal", "centre", "control"])
def test_others_may_not_contest_and_are_told_of_no_dossier(browser: Browser, late: str, part: str) -> None:
    path = f"/can-bo/ho-so/{late}/kien-nghi/ON_TIME/"
    assert browser(part).get(path).status_code == 404
    assert file_it(browser, late, by=part).status_code == 404
    assert not models.Contest.objects.exists()


@pytest.mark.parametrize("part", EVERYBODY_ELSE)
def test_others_see_no_contest_no_file_and_decide_nothing(browser: Browser, contest: str, part: str) -> None:
    person, number = browser(part), models.Evidence.objects.get().pk
    path = f"/can-bo/kien-nghi/{contest}/"
    for address in (path, f"{path}tep/{number}/"):
        assert person.get(address).status_code == 404
    for address in (f"{path}quyet-dinh/", f"{path}rut/"):
        assert person.post(address, {"chap_nhan": "1", "ly_do": "x"}).status_code == 404
    listed = person.get("/can-bo/kien-nghi/")
    assert listed.status_code in {200, 403}
    assert contest not in text(listed)
    assert models.Contest.objects.get().state == "filed"


def test_the_centre_reads_the_evidence_and_accepts(browser: Browser, contest: str) -> None:
    centre = browser("centre")
    assert contest in text(centre.get("/can-bo/kien-nghi/"))
    file: Any = centre.get(f"/can-bo/kien-nghi/{contest}/tep/{models.Evidence.objects.get().pk}/")
    assert b"".join(file.streaming_content) == PDF
    assert "Chấp nhận" in text(centre.get(f"/can-bo/kien-nghi/{contest}/"))

    answer = centre.post(f"/can-bo/kien-nghi/{contest}/quyet-dinh/", {"chap_nhan": "1", "ly_do": "Có biên bản"})

    assert answer.status_code == 302
    assert models.Contest.objects.get().state == "approved"
    assert "Có biên bản" in text(browser("officer").get(f"/can-bo/kien-nghi/{contest}/"))
    again = centre.post(f"/can-bo/kien-nghi/{contest}/quyet-dinh/", {"chap_nhan": "0", "ly_do": "Thôi"})
    assert again.status_code == 422
    assert "đã được xử lý" in text(again)
    assert models.Contest.objects.get().state == "approved"


@pytest.mark.parametrize("part", ["officer", "head", "leader", "control"])
def test_nobody_but_the_centre_decides(browser: Browser, contest: str, part: str) -> None:
    page = text(browser(part).get(f"/can-bo/kien-nghi/{contest}/"))
    assert 'name="chap_nhan"' not in page
    answer = browser(part).post(f"/can-bo/kien-nghi/{contest}/quyet-dinh/", {"chap_nhan": "1", "ly_do": "x"})
    assert answer.status_code == 422
    assert models.Contest.objects.get().state == "filed"


def test_a_decision_without_a_reason_or_a_choice_is_not_made(browser: Browser, contest: str) -> None:
    centre, path = browser("centre"), f"/can-bo/kien-nghi/{contest}/quyet-dinh/"
    assert "Thiếu lý do quyết định" in text(centre.post(path, {"chap_nhan": "1", "ly_do": ""}))
    assert "Hãy chọn chấp nhận" in text(centre.post(path, {"ly_do": "x"}))
    assert models.Contest.objects.get().state == "filed"


def test_who_filed_a_contest_takes_it_back_and_nobody_else_does(browser: Browser, contest: str) -> None:
    assert browser("head").post(f"/can-bo/kien-nghi/{contest}/rut/").status_code == 422
    assert browser("officer").post(f"/can-bo/kien-nghi/{contest}/rut/").status_code == 302
    assert models.Contest.objects.get().state == "withdrawn"


def test_the_dossier_says_what_it_loses_and_where_its_contest_stands(browser: Browser, late: str, contest: str) -> None:
    told = text(browser("officer").get(f"/can-bo/ho-so/{late}/diem/"))
    assert contest in told
    assert "Chờ Trung tâm xem xét" in told
    assert "Chưa xử lý xong, đã quá hạn" in told
    assert f"/can-bo/ho-so/{late}/diem/" in text(browser("officer").get(f"/can-bo/ho-so/{late}/"))


def test_an_officers_page_shows_their_clock_points_and_contests(browser: Browser, late: str, contest: str) -> None:
    page = text(browser("officer").get("/can-bo/diem-cua-toi/"))

    for shown in (late, contest, "Quá hạn", "Chưa xử lý xong, đã quá hạn", "Hồ sơ của tôi làm Xã Thử Một mất"):
        assert shown in page


@pytest.mark.parametrize(
    ("part", "status"),
    [("officer", 200), ("head", 200), ("leader", 200), ("second_officer", 404), ("clerk", 404), ("centre", 404),
     ("control", 404), ("stranger", 404), ("department_leader", 404), ("administrator", 404)],
)  # fmt: skip
def test_only_the_officer_and_the_heads_of_the_unit_open_an_officers_page(
    browser: Browser, late: str, part: str, status: int
) -> None:
    answer = browser(part).get("/can-bo/diem-cua-toi/cb-officer/")

    assert answer.status_code == status
    assert (late in text(answer)) == (status == 200)


def test_an_officer_without_dossiers_is_told_so(browser: Browser, late: str) -> None:
    page = text(browser("second_officer").get("/can-bo/diem-cua-toi/"))

    assert "không làm mất điểm nào" in page
    assert late not in page
    assert "Chưa có kiến nghị nào" in page


def test_the_centres_list_shows_one_state_at_a_time(browser: Browser, contest: str) -> None:
    centre = browser("centre")
    assert contest in text(centre.get("/can-bo/kien-nghi/?tt=filed"))
    assert contest not in text(centre.get("/can-bo/kien-nghi/?tt=approved"))
    assert contest in text(centre.get("/can-bo/kien-nghi/?tt=x"))  # a state there is not: all of them
    assert browser("officer").get("/can-bo/kien-nghi/").status_code == 403
