"""The leadership pages as leaders ask for them: their own units only, and the figures of this moment."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

import world as the_world
from motcua.kernel.time import VIETNAM
from motcua.live import projector, scoring
from motcua.organisations.models import Staff
from world import COMMUNE, OTHER_COMMUNE, PROVINCE, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings: Settings) -> World:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return the_world.build()


def _project() -> None:
    now = datetime.now(VIETNAM)
    while projector.project(options=scoring.options(now=now), at=now):
        pass


def _page(part: str, path: str) -> str:
    client = Client()
    client.force_login(Staff.objects.get(code=f"cb-{part}").user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, (part, path, answer.status_code)
    return str(answer.content.decode())


def test_a_leader_opens_on_the_points_of_the_own_unit_with_losses_and_the_dossiers_behind(world: World) -> None:
    late = world.received("2026-03-02 09:00")
    _project()

    page = _page("leader", "/lanh-dao/?ky=2026")
    assert "Điểm của Xã Thử Một" in page
    assert "Tính đến sự kiện số" in page
    assert f"/lanh-dao/don-vi/{COMMUNE}/chi-so/ON_TIME/?ky=2026" in page
    listed = _page("leader", f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/ON_TIME/?ky=2026")
    assert late in listed
    assert "Đang quá hạn" in listed or "quá hạn" in listed


def test_the_province_sees_its_units_and_opens_each(world: World) -> None:
    world.received("2026-03-02 09:00")
    _project()

    page = _page("control", f"/lanh-dao/don-vi/{PROVINCE}/?ky=2026")

    assert f"/lanh-dao/don-vi/{COMMUNE}/?ky=2026" in page
    assert f"/lanh-dao/don-vi/{OTHER_COMMUNE}/?ky=2026" in page


def test_an_event_that_waits_is_said_on_the_page(world: World) -> None:

    world.received("2026-03-02 09:00")
    _project()
    world.received("2026-03-03 09:00")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_append_only")
        cursor.execute("UPDATE eventlog_loggedevent SET recorded_at = recorded_at - interval '1 hour'")
        cursor.execute("ALTER TABLE eventlog_loggedevent ENABLE TRIGGER eventlog_append_only")

    assert "Số liệu đang chậm" in _page("leader", "/lanh-dao/")
