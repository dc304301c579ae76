"""Pages of the citizens, and what protects every page."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

import world as the_world
from motcua.dossiers import models
from motcua.web import limits
from motcua.web.middleware import StaffRequest
from pages import Browser, now_text, text
from world import BIRTH, COMMUNE, World

pytestmark = pytest.mark.django_db


# Citizens


def test_the_receipts_link_shows_the_progress_and_no_personal_data(browser: Browser, world: World) -> None:
    row = models.Dossier.objects.get(code=world.received(now_text()))
    page = text(browser(None).get(f"/tra-cuu/{row.code}/{row.tracking_secret}/"))

    assert "Được tiếp nhận" in page
    assert "N***** V** Thử" in page
    for hidden in ("Nguyễn Văn Thử", "0900000001", "000000000001", "Ngô Thị Thử"):
        assert hidden not in page


def test_code_and_phone_show_it_too_and_a_wrong_phone_does_not(browser: Browser, world: World) -> None:
    code = world.received(now_text())
    citizen = browser(None)

    assert "Diễn biến" in text(citizen.post("/tra-cuu/", {"ma": code.lower(), "khoa": "0900 000 001"}))
    wrong = citizen.post("/tra-cuu/", {"ma": code, "khoa": "0900000002"})
    assert wrong.status_code == 404
    assert "Diễn biến" not in text(wrong)


def test_guessing_is_stopped_with_a_clear_word_even_for_the_right_answer(browser: Browser, world: World) -> None:
    code = world.received(now_text())
    citizen = browser(None)
    for number in range(10):
        citizen.post("/tra-cuu/", {"ma": code, "khoa": f"09111111{number:02}"})

    response = citizen.post("/tra-cuu/", {"ma": code, "khoa": "0900000001"})
    assert response.status_code == 429
    assert "đợi 10 phút" in text(response)


def test_wrong_guesses_at_a_dossier_do_not_shut_the_holder_of_the_receipt_out(browser: Browser, world: World) -> None:
    row = models.Dossier.objects.get(code=world.received(now_text()))
    stranger = browser(None)
    for number in range(12):
        stranger.post("/tra-cuu/", {"ma": row.code, "khoa": f"09111111{number:02}"})

    assert stranger.post("/tra-cuu/", {"ma": row.code, "khoa": "0900000001"}).status_code == 429
    assert "Diễn biến" in text(stranger.get(f"/tra-cuu/{row.code}/{row.tracking_secret}/"))
    assert "Diễn biến" in text(stranger.post("/tra-cuu/", {"ma": row.code, "khoa": row.tracking_secret}))


def test_a_telephone_number_opens_no_link_and_wrong_links_are_stopped(browser: Browser, world: World) -> None:
    code = world.received(now_text())
    stranger = browser(None)
    answers = [stranger.get(f"/tra-cuu/{code}/0900000001/").status_code for _ in range(21)]

    assert answers == [404] * 20 + [429]


def test_the_right_answer_uses_no_guess_up(browser: Browser, world: World) -> None:
    code = world.received(now_text())
    citizen = browser(None)
    answers = [citizen.post("/tra-cuu/", {"ma": code, "khoa": "0900000001"}).status_code for _ in range(25)]

    assert set(answers) == {200}


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_the_same_moment_are_no_more_than_the_limit() -> None:
    def guess(number: int) -> bool:
        # Each from an address of its own (RFC 5737), all at one dossier.
        request = cast("StaffRequest", RequestFactory(REMOTE_ADDR=f"192.0.2.{number}").get("/"))
        request.now = moment
        try:
            return limits.may_guess(request, code=code)
        finally:
            connection.close()

    # The counts outlive this test, which commits: nobody else guesses at this dossier.
    moment, code = timezone.now(), f"H99.101-{uuid.uuid4()}"
    with ThreadPoolExecutor(8) as people:
        allowed = sum(people.map(guess, range(1, 41)))

    assert allowed == limits.GUESSES_OF_A_CODE


def test_a_missing_paper_is_named_to_the_applicant(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-1))
    world.do(
        "request_supplement", code, by="officer", when=now_text(), missing_papers=("Giấy chứng sinh",), reason="Mờ"
    )
    row = models.Dossier.objects.get(code=code)

    assert "Giấy chứng sinh" in text(browser(None).get(f"/tra-cuu/{code}/{row.tracking_secret}/"))


def test_a_printed_form_is_verified_without_a_word_of_the_applicant(browser: Browser, world: World) -> None:
    code = world.received(now_text())
    browser("clerk").post(f"/can-bo/ho-so/{code}/phieu/intake_receipt/")

    page = text(browser(None).get(f"/xac-thuc/{code}/giay-tiep-nhan-1/"))
    assert "Phiếu này là thật" in page
    assert "Nguyễn" not in page
    assert browser(None).get(f"/xac-thuc/{code}/giay-tiep-nhan-2/").status_code == 404
    assert "Loại phiếu" in text(browser(None).get(f"/xac-thuc/{code}/"))


@pytest.mark.parametrize("path", ["/", "/thu-tuc/?q=khai sinh", f"/thu-tuc/{BIRTH}/", "/tra-cuu/", "/tien-do/"])
def test_pages_for_everybody_need_no_account(browser: Browser, world: World, path: str) -> None:
    world.received(now_text())
    response = browser(None).get(path)

    assert response.status_code == 200
    assert "Nguyễn Văn Thử" not in text(response)


def test_a_page_that_is_not_there_says_so(browser: Browser) -> None:
    response = browser(None).get("/khong-co/")

    assert response.status_code == 404
    assert "Không có trang này" in text(response)


# Protection


@pytest.mark.parametrize("path", ["/", "/tai-khoan/login/", "/can-bo/danh-sach/mine/", "/tai-khoan/2fa/"])
def test_nothing_inline_runs_and_nothing_comes_from_elsewhere(browser: Browser, path: str) -> None:
    response = browser("clerk").get(path)
    policy = response["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")
    page = text(response)
    assert " style=" not in page
    assert " onclick=" not in page


def test_pages_with_peoples_data_stay_out_of_caches(browser: Browser, world: World) -> None:
    code = world.received(now_text())

    assert browser("clerk").get(f"/can-bo/ho-so/{code}/")["Cache-Control"] == "no-store"


def test_after_five_wrong_passwords_even_the_right_one_waits(world: World) -> None:
    del world
    client = Client()
    for _ in range(5):
        client.post("/tai-khoan/login/", {"login": "clerk", "password": "sai-mat-khau"})

    response = client.post("/tai-khoan/login/", {"login": "clerk", "password": the_world.PASSWORD})
    assert response.status_code != 302
    assert "Đã thử quá nhiều lần" in text(response)


def test_a_weak_password_is_refused(browser: Browser) -> None:
    weak = {"oldpassword": the_world.PASSWORD, "password1": "1234567890", "password2": "1234567890"}
    response = browser("clerk").post("/tai-khoan/password/change/", weak)

    assert response.status_code == 200
    assert Client().login(username="clerk", password=the_world.PASSWORD)


def test_nobody_signs_up(browser: Browser) -> None:
    response = browser(None).post(
        "/tai-khoan/signup/", {"username": "la", "password1": "Mat-khau-2026", "password2": "Mat-khau-2026"}
    )
    assert response.status_code in {200, 302, 403, 404}
    assert not Client().login(username="la", password="Mat-khau-2026")


def test_an_act_without_the_right_token_of_the_form_is_refused(world: World) -> None:
    code = world.received(now_text())
    client = Client(enforce_csrf_checks=True)
    client.login(username="clerk", password=the_world.PASSWORD)

    response = client.post(f"/can-bo/ho-so/{code}/viec/forward/", {"forward-unit": COMMUNE, "phien_ban": 1})
    assert response.status_code == 403
    assert models.Dossier.objects.get(code=code).local_state == "received"
