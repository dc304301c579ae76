"""`motcua seal`, `motcua verify` and `motcua token` as an administrator runs them."""

import re

import pytest
import typer
from django.db import connection
from typer.testing import CliRunner

import world as the_world
from motcua.api import models
from motcua.cli import seal, serving, token, verify
from world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is there already."""
    monkeypatch.setattr(serving, "connect", lambda: None)


@pytest.fixture
def world() -> World:
    return the_world.build()


def run(command: object, *arguments: str) -> tuple[int, str]:
    app = command if isinstance(command, typer.Typer) else typer.Typer()
    if app is not command:
        app.command()(command)  # type: ignore[type-var]  # a command is a function
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


def test_a_sealed_log_verifies_also_against_the_copy_kept_elsewhere(world: World) -> None:
    world.taken()
    _, said = run(seal.command)
    kept = re.search(r"1=[0-9a-f]{64}", said)
    assert kept is not None

    code, shown = run(verify.command, "--sealed", kept[0])
    wrong, told = run(verify.command, "--sealed", f"1={'0' * 64}")

    assert (code, "Nhật ký nguyên vẹn" in shown) == (0, True)
    assert (wrong, "khác với bản giữ bên ngoài" in told) == (2, True)
    assert "Không có sự kiện mới" in run(seal.command)[1]


def test_a_touched_log_is_named_and_the_exit_code_says_so(world: World) -> None:
    dossier = world.taken()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_append_only")
        cursor.execute("UPDATE eventlog_loggedevent SET kind = 'X' WHERE subject = %s AND version = 2", [dossier])
        cursor.execute("ALTER TABLE eventlog_loggedevent ENABLE TRIGGER eventlog_append_only")

    code, shown = run(verify.command)

    assert code == 2
    assert f"dossier {dossier}" in shown
    assert "Sự kiện thứ 2 đã bị sửa hoặc chèn" in shown


@pytest.mark.usefixtures("world")
def test_a_token_is_shown_once_listed_without_itself_and_taken_back() -> None:
    code, issued = run(token.app, "create", "igate", "--staff", "cb-clerk", "--scope", "dossiers:read")
    _, listed = run(token.app, "list")
    _, revoked = run(token.app, "revoke", "igate")

    assert code == 0
    assert issued.startswith("mc_")
    assert issued.strip() not in listed
    assert "còn hiệu lực" in listed
    assert "Đã thu hồi 1 mã" in revoked
    assert models.Token.objects.get().revoked_at is not None
    assert "đã thu hồi" in run(token.app, "list")[1]
