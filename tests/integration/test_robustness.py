"""Two people at once, a server killed in the middle, two hundred clerks at one counter: nothing lost, nothing twice."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

import repository
import world as the_world
from motcua.api import tokens
from motcua.dossiers import codes, models
from motcua.eventlog import log
from motcua.eventlog.models import LoggedEvent
from motcua.organisations.models import Staff
from world import COMMUNE, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings: Settings) -> World:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return the_world.build()


def at_once(*tasks: Any) -> None:
    """Run the tasks in threads that start at the same moment, each with a database connection of its own."""
    start = threading.Barrier(len(tasks))

    def run(task: Any) -> None:
        start.wait(30)
        try:
            task()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_people_on_one_dossier_one_wins_and_the_other_keeps_what_was_typed(world: World) -> None:
    code = world.taken()
    version = models.Dossier.objects.get(code=code).version_number
    answers: dict[str, Any] = {}

    def press(part: str, act: str, typed: dict[str, str]) -> Any:
        client = Client()
        client.force_login(
            Staff.objects.get(code=f"cb-{part}").user, backend="django.contrib.auth.backends.ModelBackend"
        )
        data = {"phien_ban": version, **{f"{act}-{name}": value for name, value in typed.items()}}

        def go() -> None:
            answers[part] = client.post(f"/can-bo/ho-so/{code}/viec/{act}/", data)

        return go

    at_once(
        press("officer", "pause", {"pause_ground": "field_survey", "legal_basis": "Căn cứ của người thứ nhất"}),
        press("leader", "stop", {"reason": "Lý do của người thứ hai", "legal_basis": "Căn cứ của người thứ hai"}),
    )

    statuses = {part: answer.status_code for part, answer in answers.items()}
    assert sorted(statuses.values()) == [302, 409], statuses
    loser = next(part for part, status in statuses.items() if status == 409)
    page = answers[loser].content.decode()
    typed = "Căn cứ của người thứ nhất" if loser == "officer" else "Lý do của người thứ hai"
    assert "vừa được người khác" in page
    assert typed in page
    assert models.Dossier.objects.get(code=code).version_number == version + 1
    assert log.verify() == []


@pytest.mark.parametrize("first", ["officer", "leader"])
def test_what_was_typed_stays_even_where_the_other_persons_act_closed_this_one(world: World, first: str) -> None:
    code = world.taken()
    version = models.Dossier.objects.get(code=code).version_number
    typed = {
        "officer": ("pause", {"pause_ground": "field_survey", "legal_basis": "Căn cứ của công chức"}),
        "leader": ("stop", {"reason": "Lý do của lãnh đạo", "legal_basis": "Căn cứ của lãnh đạo"}),
    }
    second = "leader" if first == "officer" else "officer"
    answers = []
    for part in (first, second):
        client = Client()
        user = Staff.objects.get(code=f"cb-{part}").user
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        act, texts = typed[part]
        data = {"phien_ban": version, **{f"{act}-{name}": value for name, value in texts.items()}}
        answers.append(client.post(f"/can-bo/ho-so/{code}/viec/{act}/", data))

    assert [answer.status_code for answer in answers] == [302, 409]
    page = answers[1].content.decode()
    assert "vừa được người khác" in page
    assert all(text in page for name, text in typed[second][1].items() if name != "pause_ground")
    if second == "officer":
        assert "<dd>Đo đạc, kiểm tra thực địa</dd>" in page


def test_two_hundred_clerks_at_once_leave_no_gap_and_no_double() -> None:
    # As many at a time as the server has connections to give; the others wait for one, as behind a real server.
    connections = threading.BoundedSemaphore(60)
    found: list[str] = []

    def clerk(number: int) -> Any:
        def take_a_number() -> None:
            with connections:
                try:
                    with transaction.atomic():
                        code = codes.allot(unit_code=COMMUNE, on=date(2026, 3, 2))
                        if number % 10 == 0:
                            raise InterruptedError  # this clerk's receipt fails: the number must not be lost
                except InterruptedError:
                    return
                finally:
                    connection.close()
                found.append(code)

        return take_a_number

    at_once(*(clerk(number) for number in range(200)))

    assert sorted(found) == [f"{COMMUNE}-260302-{number:04}" for number in range(1, 181)]


class Server:
    """The real server in processes of its own, on the test's database."""

    def __init__(self, home: Path) -> None:
        database = connection.settings_dict
        address = f"postgresql://{database['USER']}@/{database['NAME']}?host={quote(str(database['HOST']))}"
        if database["PORT"]:
            address = f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
        (home / "static").mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environment = {
            **os.environ,
            "DATABASE_URL": address,
            "MOTCUA_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
            "PYTHONPATH": str(repository.ROOT / "src"),
            "PYTHONWARNINGS": "ignore",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "motcua.config.wsgi:application", "--host",
             "127.0.0.1", "--port", str(self.port), "--workers", "1", "--log-level", "error"],
            env=self.environment, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/api/v1/me", token="x")[0] == 401:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError

    def kill(self) -> None:
        """Kill it and its workers in the middle of whatever they do."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(self, method: str, path: str, *, token: str, body: object = None, key: str = "") -> tuple[int, Any]:
        """Send one request and return status and body."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                **({"Idempotency-Key": key} if key else {}),
            }
            caller.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = caller.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            caller.close()


@contextmanager
def running(home: Path) -> Iterator[Server]:
    server = Server(home)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def test_a_killed_server_loses_no_committed_act_and_repeats_none(world: World, tmp_path: Path) -> None:
    del world
    token = tokens.issue(
        name="may-quet",
        staff_code="cb-clerk",
        scopes=frozenset(tokens.ApiScope),
        at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
        by="test",
    )
    body = {
        "procedure_code": the_world.BIRTH,
        "channel": 1,
        "competent_unit": COMMUNE,
        "owner": {"name": "Nguyễn Văn Thử"},
        "papers": [{"component_name": "Tờ khai"}, {"component_name": "Giấy chứng sinh"}],
    }
    sent: list[str] = []
    answered: dict[str, str] = {}
    enough, stop = threading.Event(), threading.Event()

    with running(tmp_path) as server:

        def desk(name: str) -> Any:
            def stream_of_acts() -> None:
                for number in range(10_000):
                    if stop.is_set():
                        return
                    key = f"{name}-{number:05}"
                    sent.append(key)
                    try:
                        status, answer = server.ask("POST", "/api/v1/dossiers", token=token, body=body, key=key)
                    except (OSError, http.client.HTTPException, ValueError):
                        return  # the server died under this request: whether it was done, the caller cannot know
                    assert status == 201, answer
                    answered[key] = answer["code"]
                    if len(answered) >= 40:
                        enough.set()

            return stream_of_acts

        def killer() -> None:
            enough.wait(240)
            server.kill()
            stop.set()

        at_once(killer, *(desk(f"quay-{number}") for number in range(4)))
        assert len(answered) >= 40
        committed = set(models.Dossier.objects.values_list("code", flat=True))
        assert set(answered.values()) <= committed  # what was answered is there

        server.start()
        again = {
            key: server.ask("POST", "/api/v1/dossiers", token=token, body=body, key=key)[1]["code"] for key in sent
        }

    assert all(again[key] == code for key, code in answered.items())
    assert len(set(again.values())) == len(sent) == models.Dossier.objects.count()
    assert LoggedEvent.objects.filter(kind="DossierReceived").count() == len(sent)
    numbers = sorted(int(re.sub(r".*-", "", code)) for code in again.values())
    assert numbers == list(range(1, len(sent) + 1))
    assert log.verify() == []
