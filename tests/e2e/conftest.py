"""Journeys in a real browser: Chromium, the whole of Django and PostgreSQL behind it, and nothing simulated."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

import world as the_world
from people_in_browsers import Province

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the test runner empty the log between tests, which the database refuses everybody else."""
    del django_db_setup
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_no_truncate")


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """WhiteNoise wants the folder of collected files to exist, even if nothing is collected into it."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip("there is no chromium here")
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, and Django takes any loop for asynchronous code.
        before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(autouse=True)
def light_settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hash passwords the cheap way, name static files without `collectstatic`, keep uploads in the test's folder."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("uploads")


@pytest.fixture
def province(live_server: LiveServer, chromium: Browser) -> Iterator[Province]:
    """The province at work; afterwards no browser may have complained."""
    cache.clear()
    made = Province(the_world.build(), live_server.url, chromium)
    yield made
    for context in made.contexts:
        context.close()
    cache.clear()
    assert made.faults == []
