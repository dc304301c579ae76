"""Tests of the pages run on a real PostgreSQL, through the whole of Django, as a browser would ask."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

import world as the_world
from motcua.organisations.models import Staff
from world import World


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the test runner empty the log between tests, which the database refuses everybody else."""
    del django_db_setup
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_no_truncate")


@pytest.fixture(autouse=True)
def light_settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hash passwords the cheap way, name static files without `collectstatic`, keep uploads in the test's folder."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("uploads")


@pytest.fixture
def world() -> World:
    """The shared world."""
    return the_world.build()


class Browsers:
    """A client for each person of the world, logged in; ``None`` is somebody without an account."""

    def __call__(self, part: str | None) -> Client:
        """Return the person's client."""
        client = Client()
        if part is not None:
            client.force_login(Staff.objects.get(code=f"cb-{part}").user)
        return client


@pytest.fixture
def browser(world: World) -> Browsers:
    """Open pages as one of the world's people: ``browser("clerk").get(…)``."""
    del world
    return Browsers()
