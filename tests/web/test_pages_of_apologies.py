"""The list of letters of apology as heads use it: many signed at once, one that cannot be keeps what was typed."""

import pytest

from motcua.dossiers import apologies, models
from motcua.kernel.time import local
from pages import Browser, now_text, text
from world import World, at

pytestmark = pytest.mark.django_db
PLACE = "/can-bo/thu-xin-loi/"


def two_letters(world: World) -> list[models.ApologyLetter]:
    for _ in range(2):
        world.taken(now_text(days=-30))
    apologies.draft_all(now=at(now_text()))
    return list(models.ApologyLetter.objects.order_by("dossier"))


def test_a_head_signs_many_at_once_with_the_moments_and_reasons_proposed(browser: Browser, world: World) -> None:
    letters, head = two_letters(world), browser("head")
    page = text(head.get(PLACE))
    assert "Thư xin lỗi chờ ký (2)" in page

    until = f"{local(at(now_text(days=3))):%Y-%m-%dT%H:%M}"
    typed = {f"hen-{one.pk}": until for one in letters} | {f"ly_do-{one.pk}": "Chờ xác minh" for one in letters}
    done = head.post(f"{PLACE}ky/", {"thu": [one.pk for one in letters], **typed}, follow=True)

    assert "Đã ký 2 thư" in text(done)
    assert "Đã ký, chờ gửi bản giấy (2)" in text(done)
    sent = head.post(f"{PLACE}da-gui/", {"thu": [one.pk for one in letters]}, follow=True)
    assert "Đã ghi nhận gửi 2 thư." in text(sent)


def test_a_letter_that_cannot_be_signed_keeps_what_was_typed_and_holds_up_no_other(
    browser: Browser, world: World
) -> None:
    good, bad = two_letters(world)
    until = f"{local(at(now_text(days=3))):%Y-%m-%dT%H:%M}"
    data = {
        "thu": [good.pk, bad.pk],
        f"hen-{good.pk}": until,
        f"ly_do-{good.pk}": "Mưa bão",
        f"hen-{bad.pk}": "2020-01-01T08:00",
        f"ly_do-{bad.pk}": "Chờ đo đạc lại",
    }
    page = browser("head").post(f"{PLACE}ky/", data)

    assert page.status_code == 422
    for shown in ("Đã ký 1 thư", "Chờ đo đạc lại", "2020-01-01T08:00", "Ngày hẹn mới phải sau"):
        assert shown in text(page)
    assert models.ApologyLetter.objects.get(pk=bad.pk).signed_at is None


def test_those_who_sign_nothing_are_told_who_does(browser: Browser, world: World) -> None:
    two_letters(world)
    page = text(browser("officer").get(PLACE))

    assert "Không có thư nào chờ ký." in page
    assert "do lãnh đạo phòng, lãnh đạo cơ quan ký" in page
