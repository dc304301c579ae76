"""One key, one act: sent again, sent at once, sent with another body."""

import threading
from typing import Any

import pytest
from django.db import connection

from motcua.api.models import Answered
from motcua.dossiers import models
from motcua.eventlog.models import LoggedEvent
from world import COMMUNE, World


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
def test_the_same_key_twice_is_one_dossier_and_the_same_answer(as_: Any, intake: Any) -> None:
    caller = as_("clerk")
    first = caller.post("/dossiers", intake(), key="mot-lan-0001")
    second = caller.post("/dossiers", intake(), key="mot-lan-0001")

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert models.Dossier.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
def test_the_same_key_with_another_body_is_refused_clearly(as_: Any, intake: Any) -> None:
    caller = as_("clerk")
    caller.post("/dossiers", intake(), key="mot-lan-0001")
    other = caller.post("/dossiers", intake(return_form="postal"), key="mot-lan-0001")

    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["what"]
    assert models.Dossier.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
def test_a_key_belongs_to_its_caller(as_: Any, intake: Any) -> None:
    ours = as_("clerk").post("/dossiers", intake(), key="trung-khoa-0001").json()["code"]
    theirs = as_("stranger").post("/dossiers", intake(competent_unit="H99.102"), key="trung-khoa-0001").json()["code"]

    assert ours != theirs


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
def test_a_refusal_is_not_remembered_so_that_the_same_request_may_succeed_later(world: World, as_: Any) -> None:
    code = world.received()
    caller = as_("officer")
    body = {"version_number": 2}
    refused = caller.post(f"/dossiers/{code}/acts/take", body, key="nhan-viec-0001")
    world.do("forward", code, by="clerk", when="2026-03-02 10:00", unit=COMMUNE)
    done = caller.post(f"/dossiers/{code}/acts/take", body, key="nhan-viec-0001")

    assert (refused.status_code, done.status_code) == (409, 200)
    assert Answered.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("world")
def test_without_a_key_nothing_is_written(as_: Any, intake: Any) -> None:
    answer = as_("clerk").post("/dossiers", intake())

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["what"]
    assert models.Dossier.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["receive", "forward"])
def test_the_same_request_sent_eight_times_at_once_is_done_once_and_answered_eight_times(
    world: World, as_: Any, intake: Any, act: str
) -> None:
    caller = as_("clerk")
    code = world.received() if act == "forward" else ""
    path, body = f"/dossiers/{code}/acts/forward", {"version_number": 1, "unit": COMMUNE}
    if act == "receive":
        path, body = "/dossiers", intake()
    answers: list[tuple[int, object]] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait(10)
        try:
            answer = caller.post(path, body, key="cung-luc-0001")
            answers.append((answer.status_code, answer.json()["code"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert answers[0][0] in {200, 201}
    assert models.Dossier.objects.count() == 1
    wanted = "DossierReceived" if act == "receive" else "DossierForwarded"
    assert LoggedEvent.objects.filter(kind=wanted).count() == 1
