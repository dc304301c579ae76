"""Tests of /api/v1 run on a real PostgreSQL, through the whole of Django, as another system would call it."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

import world as the_world
from motcua.api import tokens
from motcua.api.tokens import ApiScope
from world import COMMUNE, World

EVERYTHING = frozenset(ApiScope)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the test runner empty the log between tests, which the database refuses everybody else."""
    del django_db_setup
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_no_truncate")


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    """Hash passwords the cheap way: none of the accounts guards anything."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def uncollected_static_files(settings: Settings) -> None:
    """Let pages name their static files without `collectstatic`."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def uploads_of_the_test(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Store what is sent in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("uploads")


@pytest.fixture
def world() -> World:
    """The shared world."""
    return the_world.build()


@dataclass(slots=True)
class Caller:
    """Another system with a token: ``get`` and ``post`` speak JSON."""

    token: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def get(self, path: str, **query: str | int) -> Any:
        """Read; ``query`` goes into the address."""
        return self.client.get(f"/api/v1{path}", query, headers={"authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: object = None, *, key: str = "") -> Any:
        """Write, under an Idempotency-Key where one is given."""
        headers = {"authorization": f"Bearer {self.token}", **({"idempotency-key": key} if key else {})}
        return self.client.post(
            f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", headers=headers
        )

    def send(self, content: bytes, name: str = "to-khai.pdf") -> Any:
        """Send a file."""
        headers = {"authorization": f"Bearer {self.token}"}
        return self.client.post("/api/v1/files", {"file": SimpleUploadedFile(name, content)}, headers=headers)


def a_token(
    part: str, *, scopes: frozenset[ApiScope] = EVERYTHING, now: datetime | None = None, life: timedelta | None = None
) -> str:
    """Issue a token that acts as a person of the world."""
    at = now or timezone.now()
    return tokens.issue(
        name=f"he-thong-{part}-{len(tokens.issued())}",
        staff_code=f"cb-{part}",
        scopes=scopes,
        at=at,
        expires_at=at + (life or timedelta(days=1)),
        by="test",
    )


@pytest.fixture
def as_() -> Any:
    """Make a caller that acts as a person of the world: ``as_("clerk")``."""
    return lambda part, **options: Caller(a_token(part, **options))


def an_intake(**changes: object) -> dict[str, object]:
    """Return the body of a complete dossier."""
    body: dict[str, object] = {
        "procedure_code": the_world.BIRTH,
        "channel": 1,
        "competent_unit": COMMUNE,
        "owner": {"name": "Nguyễn Văn Thử", "phone": "0900000001", "identity_number": "000000000001"},
        "papers": [{"component_name": "Tờ khai"}, {"component_name": "Giấy chứng sinh"}],
    }
    return {**body, **changes}


@pytest.fixture
def intake() -> Any:
    """Return the body of a complete dossier: ``intake(channel=2)``."""
    return an_intake
