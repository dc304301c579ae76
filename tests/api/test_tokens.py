"""Tokens: who gets in, how far, for how long; and what a stranger is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import world as the_world
from motcua.api import models, tokens
from motcua.api.tokens import ApiScope
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_only_the_digest_of_a_token_is_stored(as_: Any) -> None:
    token = as_("clerk").token
    row = models.Token.objects.get()

    assert token not in str(vars(row))
    assert not any(token in str(event.content) for event in LoggedEvent.objects.all())


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YWJj", "Bearer \x7f", "bearer mc_khong-co"])
def test_a_stranger_is_told_to_bring_a_token(header: str) -> None:
    answer = Client().get("/api/v1/me", headers={"authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["remedy"]


def test_the_pages_session_is_no_way_into_the_interface() -> None:
    client = Client()
    assert client.login(username="clerk", password=the_world.PASSWORD)

    assert client.get("/api/v1/dossiers").status_code == 401


def test_a_token_without_the_scope_is_refused_and_the_scope_is_named(as_: Any, intake: Any) -> None:
    reader = as_("clerk", scopes=frozenset({ApiScope.READ_DOSSIERS}))

    answer = reader.post("/dossiers", intake(), key="khong-du-quyen")

    assert reader.get("/dossiers").status_code == 200
    assert answer.status_code == 403
    assert "dossiers:write" in answer.json()["what"]


def test_an_expired_token_and_a_revoked_one_let_nobody_in(as_: Any) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    expired, living = as_("clerk", now=long_ago, life=timedelta(days=1)), as_("clerk")
    assert (expired.get("/me").status_code, living.get("/me").status_code) == (401, 200)

    name = models.Token.objects.get(expires_at__gt=timezone.now()).name
    assert tokens.revoke(name=name, at=timezone.now(), by="test") == 1

    assert living.get("/me").status_code == 401
    assert list(LoggedEvent.objects.filter(kind__startswith="Token").values_list("kind", flat=True)) == [
        "TokenIssued",
        "TokenIssued",
        "TokenRevoked",
    ]


def test_a_token_dies_with_the_account_it_acts_as(as_: Any) -> None:
    from motcua.organisations import actions

    caller = as_("officer")
    actions.dismiss(staff_code="cb-officer", by="test", at=timezone.now())

    assert caller.get("/me").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"scopes": frozenset()}, "ít nhất một phạm vi"),
        ({"staff_code": "cb-khong-co"}, "cb-khong-co"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "hết hạn"),
        ({"name": " "}, "cần có tên"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_issued(wrong: dict[str, Any], told: str) -> None:
    now = timezone.now()
    right: dict[str, Any] = {
        "name": "igate",
        "staff_code": "cb-clerk",
        "scopes": frozenset(ApiScope),
        "at": now,
        "expires_at": now + timedelta(days=1),
        "by": "test",
    }
    with pytest.raises(UserError, match=told):
        tokens.issue(**{**right, **wrong})
    assert models.Token.objects.count() == 0


def test_a_body_too_large_to_be_anything_is_refused_unread(as_: Any) -> None:
    caller = as_("clerk")
    answer = caller.client.post(
        "/api/v1/files",
        b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"authorization": f"Bearer {caller.token}"},
        CONTENT_LENGTH=str(30 * 1024 * 1024),
    )

    assert answer.status_code == 413


@pytest.mark.parametrize("body", ["{", '"x"', "[]", '{"owner": {"name": "\\u0000"}}', '{"khong_co": 1}'])
def test_a_body_that_is_not_what_was_asked_for_is_named_but_not_repeated(as_: Any, body: str) -> None:
    caller = as_("clerk")
    answer = caller.client.post(
        "/api/v1/dossiers",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {caller.token}", "idempotency-key": "sai-noi-dung"},
    )

    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"what", "remedy"}
