"""Tests here run on a real PostgreSQL: the one DATABASE_URL names, or our own in MOTCUA_HOME."""

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let the test runner empty the log between tests, which the database refuses everybody else."""
    del django_db_setup
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_no_truncate")


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    """Hash passwords the cheap way: a world has a dozen accounts, and none of them guards anything."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
