"""Open pages are told what concerns them, only while their reader may know, and never by all threads of the server."""

import json
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from motcua.eventlog.log import START
from motcua.live import figures, models, news, projector, scoring
from motcua.runtime import stopping
from motcua.web.leadership import stream
from web.conftest import Browsers
from world import COMMUNE, OTHER_COMMUNE, PROVINCE, World

pytestmark = pytest.mark.django_db(transaction=True)
OF_COMMUNE = f"/lanh-dao/don-vi/{COMMUNE}/dong/"


@pytest.fixture(autouse=True)
def one_look(settings: Settings) -> None:
    settings.LIVE_STREAM_SECONDS = 0


def project() -> None:
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass


def told(client: Client, path: str, **headers: str) -> dict[str, Any]:
    """Return what the stream says at its first look; empty where it says nothing."""
    answer: Any = client.get(path, headers=headers)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    return next((json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")), {})


def test_a_page_is_told_that_figures_changed_since_it_was_written(world: World, browser: Browsers) -> None:
    project()
    before = figures.stamp(now=timezone.now()).cursor
    world.received("2026-03-02 09:00")
    project()
    after = figures.stamp(now=timezone.now()).cursor

    found = told(browser("leader"), f"{OF_COMMUNE}?sau={before.transaction}-{before.position}")

    assert found["parts"] == ["figures"]
    assert found["at"] == f"{after.transaction}-{after.position}"
    assert f"sự kiện số {after.position}" in found["stamp"]


def test_a_page_that_knows_everything_is_told_nothing(world: World, browser: Browsers) -> None:
    world.received("2026-03-02 09:00")
    project()

    assert told(browser("leader"), OF_COMMUNE) == {}


def test_a_broken_line_is_taken_up_where_it_broke(world: World, browser: Browsers) -> None:
    project()
    before = figures.stamp(now=timezone.now()).cursor
    world.received("2026-03-02 09:00")
    project()

    found = told(browser("leader"), OF_COMMUNE, **{"Last-Event-ID": f"{before.transaction}-{before.position}"})

    assert found["parts"] == ["figures"]


def test_news_of_another_commune_wait_for_the_next_round_and_are_not_lost(world: World) -> None:
    project()
    now = timezone.now()
    begin = figures.stamp(now=now).cursor
    follower = stream._Follower(OTHER_COMMUNE, begin, now, {OTHER_COMMUNE}, all_round_at=now)
    world.received("2026-03-02 09:00")
    project()

    at_once = follower.look(figures.stamp(now=now + timedelta(seconds=2)))
    later = follower.look(figures.stamp(now=now + timedelta(seconds=61)))

    assert at_once is not None
    assert at_once["parts"] == []
    assert at_once["at"] == f"{begin.transaction}-{begin.position}"
    assert later is not None
    assert later["parts"] == ["figures"]


def test_a_dossier_that_becomes_late_changes_the_figures_without_any_event(world: World) -> None:
    world.received("2026-03-02 09:00")
    project()
    due = models.LiveDossier.objects.get().open_due_at
    assert due is not None
    before = due - timedelta(minutes=1)
    cursor = figures.stamp(now=before).cursor
    follower = stream._Follower(COMMUNE, cursor, before, {COMMUNE}, all_round_at=before)

    assert follower.look(figures.stamp(now=due - timedelta(seconds=1))) is None
    found = follower.look(figures.stamp(now=due + timedelta(seconds=1)))

    assert found is not None
    assert found["parts"] == ["figures"]


def test_too_many_events_concern_everybody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        world.received("2026-03-02 09:00")
    project()
    monkeypatch.setattr(news, "MOST_EVENTS", 2)

    found = news.between(START, figures.stamp(now=timezone.now()).cursor)

    assert found.concerns({"H00"})
    assert "dossier" in found.streams


def test_the_stream_ends_when_its_reader_logs_out(
    world: World, browser: Browsers, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    del world
    settings.LIVE_STREAM_SECONDS = 60
    monkeypatch.setattr(stream, "PAUSE", 0)
    monkeypatch.setattr(stream, "_ASK_AGAIN", timedelta(0))
    client = browser("leader")
    answer: Any = client.get(OF_COMMUNE)
    lines: Iterator[bytes] = iter(answer.streaming_content)
    assert next(lines).startswith(b"retry")
    assert not next(lines).startswith(b"event: het")

    client.logout()

    assert next(lines).startswith(b"event: het")
    assert next(lines, None) is None
    answer.close()


def test_the_stream_is_refused_to_whoever_does_not_lead_the_unit(world: World, browser: Browsers) -> None:
    del world
    assert browser("leader").get(f"/lanh-dao/don-vi/{PROVINCE}/dong/").status_code == 404
    assert browser("clerk").get(OF_COMMUNE).status_code == 403
    assert browser(None).get(OF_COMMUNE).status_code == 302
    assert browser("leader").get(f"/lanh-dao/don-vi/{PROVINCE}/luc-nay/").status_code == 404


def test_streams_leave_threads_for_pages_and_give_their_place_back(world: World, browser: Browsers) -> None:
    del world
    client = browser("leader")
    held = [client.get(OF_COMMUNE) for _ in range(stream.MOST_STREAMS)]

    refused = client.get(OF_COMMUNE)
    assert refused.status_code == 503
    assert refused["Retry-After"]
    assert client.get(f"/lanh-dao/don-vi/{COMMUNE}/luc-nay/").json() == {"parts": []}

    for one in held:
        one.close()
    assert client.get(OF_COMMUNE).status_code == 200


def test_a_place_in_the_address_that_makes_no_sense_is_read_as_now(world: World, browser: Browsers) -> None:
    world.received("2026-03-02 09:00")
    project()

    for nonsense in ("x", "1", "1-", "-1-2", "9" * 60, "²-³"):
        assert told(browser("leader"), f"{OF_COMMUNE}?sau={nonsense}") == {}


def test_who_waits_is_woken_when_the_process_is_asked_to_stop() -> None:
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    kept = signal.set_wakeup_fd(-1)
    try:
        stopping.watch()
        assert not stopping.wait(0)
        os.kill(os.getpid(), signal.SIGUSR1)
        assert stopping.wait(30)
        assert stopping.wait(0), "the next one who waits shall know too"
    finally:
        signal.set_wakeup_fd(kept)
        signal.signal(signal.SIGUSR1, before)
        os.read(stopping._reader, 100)
