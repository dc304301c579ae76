"""The page on which an administrator hands over what a dissolved unit leaves behind."""

import re

import pytest
from django.utils import timezone

from motcua.catalogue import queries as catalogue
from motcua.kernel.time import local_day
from motcua.organisations import actions as organisations
from motcua.organisations.models import RoleGrant, Staff
from motcua.organisations.types import Role
from pages import Browser, text
from world import BIRTH, COMMUNE, DEPARTMENT, OTHER_COMMUNE

pytestmark = pytest.mark.django_db
UNIT = f"/quan-ly/don-vi/{OTHER_COMMUNE}/"
PAGE = f"{UNIT}ban-giao/"


def dissolve(*into: str) -> None:
    now = timezone.now()
    if len(into) == 1:
        organisations.merge_units(old_codes=[OTHER_COMMUNE], new_code=into[0], on=local_day(now), by="test", at=now)
    else:
        organisations.split_unit(old_code=OTHER_COMMUNE, new_codes=[*into], on=local_day(now), by="test", at=now)


def mark(page: str) -> str:
    found = re.search(r'name="dau" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_the_administrator_sees_who_and_what_and_moves_it_with_one_click(browser: Browser) -> None:
    dissolve(COMMUNE)
    administrator = browser("administrator")
    assert PAGE in text(administrator.get(UNIT))
    page = text(administrator.get(PAGE))

    assert "Bàn giao 1 cán bộ và 1 thủ tục của Xã Thử Hai" in page
    for shown in ("La Văn Thử", "Cán bộ một cửa", "Đăng ký khai sinh", "Xã Thử Một"):
        assert shown in page
    assert RoleGrant.objects.filter(staff="cb-stranger", unit=COMMUNE).count() == 0

    done = text(administrator.post(PAGE, {"dau": mark(page)}, follow=True))
    assert "Đã bàn giao." in done
    assert "đã bàn giao xong" in done
    assert Staff.objects.get(code="cb-stranger").unit_id == COMMUNE
    assert catalogue.units_handling(BIRTH, on=local_day(timezone.now())) == [COMMUNE]
    assert "1 cán bộ, 1 thủ tục" in text(administrator.get(UNIT))
    assert "Không còn gì để bàn giao" in text(administrator.post(PAGE, {"dau": mark(page)}, follow=True))


def test_after_a_split_the_page_asks_where_each_goes_and_loses_no_choice(browser: Browser) -> None:
    dissolve(COMMUNE, DEPARTMENT)
    administrator = browser("administrator")
    page = text(administrator.get(PAGE))
    chosen = {"can-bo.cb-stranger": DEPARTMENT, f"thu-tuc.{BIRTH}": COMMUNE}

    refused = administrator.post(PAGE, {"dau": "cu", **chosen})
    assert refused.status_code == 422
    assert "đã thay đổi" in text(refused)
    assert f'<option value="{DEPARTMENT}" selected>' in text(refused)

    administrator.post(PAGE, {"dau": mark(page), **chosen})
    assert Staff.objects.get(code="cb-stranger").unit_id == DEPARTMENT
    assert catalogue.units_handling(BIRTH, on=local_day(timezone.now())) == [COMMUNE]


@pytest.mark.parametrize("part", ["head", "control", "leader", "stranger"])
def test_nobody_else_gets_there(browser: Browser, part: str) -> None:
    dissolve(COMMUNE)

    assert browser(part).get(PAGE).status_code == 403
    assert browser(part).post(PAGE, {"dau": ""}).status_code == 403


def test_an_administrator_of_one_end_only_is_refused(browser: Browser) -> None:
    now = timezone.now()
    organisations.grant_role(
        staff_code="cb-stranger",
        role=Role.ADMINISTRATOR,
        unit_code=OTHER_COMMUNE,
        since=local_day(now),
        until=None,
        by="test",
        at=now,
    )
    dissolve(COMMUNE)

    assert browser("stranger").get(PAGE).status_code == 403


def test_a_unit_at_work_has_nothing_to_hand_over(browser: Browser) -> None:
    administrator = browser("administrator")

    assert "không có gì để bàn giao" in text(administrator.get(PAGE))
    assert PAGE not in text(administrator.get(UNIT))
    assert administrator.get("/quan-ly/don-vi/H99.999/ban-giao/").status_code == 404
