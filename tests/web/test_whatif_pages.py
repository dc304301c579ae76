"""Giả định: nothing is stored; what is asked is scored again by the same rules, for those who may see the unit."""

import re
from datetime import datetime

import pytest
from django.utils import timezone

from motcua.eventlog.models import LoggedEvent
from motcua.kernel.time import Period, local
from motcua.live import forecasts, projector, scoring
from web.conftest import Browsers
from world import COMMUNE, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"/lanh-dao/don-vi/{COMMUNE}/gia-dinh/?ky=2026"


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is noon on 9 March 2026, the day on which what came on the 2nd falls due."""
    moment = at("2026-03-09 12:00")
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def project(now: datetime) -> None:
    while projector.project(options=scoring.options(now=now), at=now):
        pass


def number(page: str, label: str) -> float:
    found = re.search(rf"<dt>{label}</dt><dd>([\d,.+−]+)", page)
    assert found, label
    return float(found[1].replace(",", ".").replace("−", "-"))


def test_what_falls_due_today_is_told_with_what_it_would_cost(world: World, browser: Browsers, noon: datetime) -> None:
    code = world.received("2026-03-02 09:00")
    project(noon)

    page = browser("leader").get(PAGE).content.decode()

    assert "1 hồ sơ đang mở đến hạn trong hôm nay, chậm nhất 17:00" in page
    before = scoring.score(period=Period.year(2026), now=noon).evaluation.scorecard.of(COMMUNE).total
    after = scoring.score(period=Period.year(2026), now=at("2026-03-09 23:00")).evaluation.scorecard.of(COMMUNE).total
    assert before > after
    assert f"{float(before - after):.2f}".replace(".", ",") in page
    assert code in page


def test_a_wanted_ratio_changes_the_score_and_nothing_is_written(
    world: World, browser: Browsers, noon: datetime
) -> None:
    for hour in (8, 9, 10):
        world.received(f"2026-03-02 {hour:02}:00")
    project(noon)
    events = LoggedEvent.objects.count()

    offered = re.findall(r'name="dat-([A-Z_]+)"', browser("leader").get(PAGE).content.decode())
    assert "SO_HOA_GIAY_TO_GIAI_QUYET" in offered
    assert "ONLINE_DOSSIERS" not in offered, "it is multiplied by a ratio that nobody knows here"
    page = browser("leader").get(f"{PAGE}&dat-SO_HOA_GIAY_TO_GIAI_QUYET=100").content.decode()

    assert number(page, "Điểm giả định") > number(page, "Điểm hiện nay")
    assert LoggedEvent.objects.count() == events


def test_a_ticked_dossier_is_taken_as_repaired(world: World, browser: Browsers, noon: datetime) -> None:
    code = world.received("2026-03-02 09:00")
    project(noon)

    page = browser("leader").get(f"{PAGE}&hs={code}").content.decode()

    assert number(page, "Điểm giả định") > number(page, "Điểm hiện nay")
    assert re.search(rf'value="{re.escape(code)}"[^>]* checked', page)


def test_the_fewest_dossiers_are_named_or_the_most_that_can_be_had(
    world: World, browser: Browsers, noon: datetime
) -> None:
    for hour in (8, 9, 10):
        world.received(f"2026-03-02 {hour:02}:00")
    project(noon)

    some = browser("leader").get(f"{PAGE}&them=0,1").content.decode()
    too_many = browser("leader").get(f"{PAGE}&them=99").content.decode()

    assert "1 hồ sơ</strong> đem lại" in some
    assert "cũng chỉ thêm" in too_many


@pytest.mark.parametrize("query", ["dat-ON_TIME=abc", "dat-ON_TIME=101", "dat-KHAC=5", "them=-1", "them=abc"])
def test_what_cannot_be_asked_is_refused_with_words(
    world: World, browser: Browsers, noon: datetime, query: str
) -> None:
    world.received("2026-03-02 09:00")
    project(noon)

    answer = browser("leader").get(f"{PAGE}&{query}")

    assert answer.status_code == 422
    assert "Hãy" in answer.content.decode()


def test_who_does_not_lead_the_unit_neither_sees_nor_ticks(world: World, browser: Browsers, noon: datetime) -> None:
    code = world.received("2026-03-02 09:00")
    project(noon)
    elsewhere = f"/lanh-dao/don-vi/{OTHER_COMMUNE}/gia-dinh/?ky=2026&hs={code}"

    assert browser("leader").get(elsewhere).status_code == 404
    page = browser("control").get(elsewhere).content.decode()
    assert not re.search(r'name="hs"[^>]* checked', page), "the dossier is another commune's"


def test_the_forecast_kept_at_night_is_shown(world: World, browser: Browsers, noon: datetime) -> None:
    for day in (2, 3, 4):
        world.received(f"2026-03-{day:02} 09:00")
    project(noon)
    assert "Chưa có dự báo" in browser("leader").get(PAGE).content.decode()

    assert forecasts.compute(now=noon) >= 2

    for unit in (COMMUNE, PROVINCE):
        kept = forecasts.latest(unit)
        assert kept is not None
        assert kept.day == local(noon).date().replace(day=8)
        assert kept.forecast.half_width is None
    page = browser("leader").get(PAGE).content.decode()
    assert "Hết tháng 03/2026" in page
    assert "Chưa đủ tháng trước" in page
