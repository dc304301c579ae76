"""The authorisation matrix: every address of the product, asked as every person of the world and as nobody."""

import io
import json
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

import world as the_world
from motcua.api import tokens
from motcua.dossiers import files, forms_issued, law, models
from motcua.dossiers.types import Paper
from motcua.kernel.time import local_day
from motcua.organisations.models import Staff
from motcua.workflow.rulebook import Rulebook
from world import PEOPLE, World, at

pytestmark = pytest.mark.django_db
TABLE: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("authorisation.toml").read_text("utf-8"))["route"]
# Pages of the login library speak to people about their own account only.
LIBRARY = ("account_", "mfa_")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

SEERS = frozenset({"clerk", "officer", "second_officer", "head", "leader", "records", "postal", "centre", "control"})
"""The commune's people, and those who see the whole province. Everybody else must be shown nothing."""
MARKS = ("Nguyễn Văn Thử", "0900000001", "000000000001")
"""What only the dossier knows: if one of these is on a page, the dossier was shown."""


@dataclass(slots=True)
class Known:
    """The dossier everybody asks for."""

    code: str
    version: int
    document: int
    number: int

    def fill(self, value: Any) -> Any:
        """Put the dossier's values in place of their names."""
        if isinstance(value, dict):
            return {key: self.fill(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one) for one in value]
        plain = {"{document}": self.document, "{number}": self.number, "{version}": self.version, "{code}": self.code}
        return plain.get(value, value) if isinstance(value, str) else value


@pytest.fixture
def world() -> World:
    return the_world.build()


@pytest.fixture
def known(world: World, settings: Settings, tmp_path: Path) -> Known:
    settings.MEDIA_ROOT = tmp_path
    settings.LIVE_STREAM_SECONDS = 0  # one look, not four minutes of them
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    kept = files.keep(PDF, name="to-khai.pdf").paper(component_name="Tờ khai")
    code = world.received(papers=(kept, Paper(component_name="Giấy chứng sinh")))
    world.do("forward", code, by="clerk", when="2026-03-02 10:00", unit=the_world.COMMUNE)
    world.do("take", code, by="officer", when="2026-03-02 11:00")
    form = forms_issued.issue(
        "intake_receipt", code=code, staff=world["clerk"], at=at("2026-03-02 12:00"), tracking_url="x", verify_base="y"
    )
    row = models.Dossier.objects.get(code=code)
    return Known(code, row.version_number, row.documents.exclude(sha256="").get().pk, form.number)


def routes() -> Iterator[str]:
    """Go through the names of every address of the product."""

    def inside(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                yield f"{prefix}{one.name}"
            else:
                yield from inside(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)

    return inside(get_resolver(), "")


def asked(client: Client, entry: dict[str, Any], known: Known, *, token: str | None) -> Any:
    """Ask the route of the entry: a page by its session, the interface by a token."""
    path = reverse(entry["name"], kwargs=known.fill(entry.get("args", {})))
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if entry.get("method", "GET") == "GET":
        return client.get(path, known.fill(entry.get("query", {})), headers=headers)
    if entry["name"] == "api:send_file":
        return client.post(path, {"file": SimpleUploadedFile("a.pdf", PDF)}, headers=headers)
    if entry["name"].startswith("api:"):
        headers["idempotency-key"] = "ma-tran-phan-quyen"
        body = json.dumps(known.fill(entry.get("json", {})))
        return client.post(path, body, content_type="application/json", headers=headers)
    return client.post(path, known.fill(entry.get("data", {})))


def shown(answer: Any) -> str:
    """Return all the text of an answer, that of a workbook too."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return str(body.decode("utf-8", "replace"))


def changed(known: Known) -> bool:
    """Tell whether the dossier was written to, or another appeared."""
    row = models.Dossier.objects.get(code=known.code)
    return row.version_number != known.version or models.Dossier.objects.count() != 1


def fault_of(  # noqa: PLR0911 - a list of cases, read from above
    entry: dict[str, Any], part: str, answer: Any, known: Known
) -> str:
    """Return what is wrong with an answer to a person; empty where it is as the table says."""
    status, is_seer, sees = answer.status_code, part in SEERS, entry["sees"]
    text = shown(answer)
    if status >= 500:
        return f"{status}: broken"
    marked = [mark for mark in (*MARKS, *(() if sees == "dossier" else (known.code,))) if mark in text]
    if sees == "public":
        marked = [mark for mark in marked if mark != known.code]
    if marked and (sees in {"public", "role"} or not is_seer):
        return f"{status}: shows {marked}"
    if sees == "role":
        if changed(known):
            return f"{status}: changed the dossier"
        is_locked_out = status == 403 or (status == 404 and "is_hidden" in entry)
        return "" if is_locked_out != (part in entry["roles"]) else f"{status}: not as the roles say"
    if sees == "dossier" and not is_seer:
        return "" if status == 404 and not changed(known) else f"{status} instead of 404"
    if "may" in entry:
        is_done = changed(known)
        if part in entry["may"]:
            return "" if is_done and status in {200, 302} else f"{status}: should have been done"
        return "" if not is_done and status in {200, 403, 404, 422} else f"{status}: must not be done"
    if changed(known) != (part in entry.get("changes_for", ())):
        return f"{status}: changed={changed(known)}"
    if sees == "dossier" and status in {403, 404}:
        return f"{status}: a seer is locked out"
    return ""


def test_every_route_has_an_entry_and_every_entry_a_route() -> None:
    product = {name for name in routes() if not name.startswith(LIBRARY)}
    table = {entry["name"] for entry in TABLE}

    assert product - table == set(), "a new route: say in authorisation.toml who may use it"
    assert table - product == set()


def test_everybody_of_the_world_is_in_the_matrix() -> None:
    assert set(PEOPLE) >= SEERS


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: f"{entry['name']} {entry.get('note', '')}".strip())
def test_each_person_gets_what_the_table_says_and_nothing_else(
    world: World, known: Known, entry: dict[str, Any]
) -> None:
    now = timezone.now()
    wrong: dict[str, str] = {}
    for part in world.people:
        client, token = Client(), None
        sid = transaction.savepoint()
        if entry["name"].startswith("api:"):
            token = tokens.issue(
                name=part,
                staff_code=f"cb-{part}",
                scopes=frozenset(tokens.ApiScope),
                at=now,
                expires_at=now + timedelta(hours=1),
                by="test",
            )
        else:
            client.force_login(
                Staff.objects.get(code=f"cb-{part}").user, backend="django.contrib.auth.backends.ModelBackend"
            )
        fault = fault_of(entry, part, asked(client, entry, known, token=token), known)
        transaction.savepoint_rollback(sid)
        if fault:
            wrong[part] = fault
    assert wrong == {}


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: f"{entry['name']} {entry.get('note', '')}".strip())
def test_nobody_in_particular_sees_public_pages_only(known: Known, entry: dict[str, Any]) -> None:
    answer = asked(Client(), entry, known, token=None)

    assert not any(mark in shown(answer) for mark in MARKS)
    assert not changed(known)
    if entry["sees"] == "public":
        assert answer.status_code in {200, 404}
    elif entry["name"].startswith("api:"):
        assert answer.status_code == 401
    elif entry["sees"] == "redirect":
        assert answer.status_code in {301, 302}
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/tai-khoan/login/")


def test_a_closed_account_is_let_in_nowhere(known: Known) -> None:
    staff = Staff.objects.get(code="cb-clerk")
    client = Client()
    client.force_login(staff.user, backend="django.contrib.auth.backends.ModelBackend")
    Staff.objects.filter(pk=staff.pk).update(is_active=False)

    for entry in TABLE:
        if entry["name"].startswith("officer:"):
            assert asked(client, entry, known, token=None).status_code in {302, 403}, entry["name"]
    assert not changed(known)


def decisions() -> list[str]:
    book: Rulebook = law.rulebook(on=local_day(at("2026-03-02 09:00")))
    return sorted(act.code for act in book.acts.values() if act.is_decision)


@pytest.mark.parametrize("act", decisions())
def test_a_postal_clerk_decides_nothing(world: World, known: Known, act: str) -> None:
    token = tokens.issue(
        name="buu-chinh",
        staff_code="cb-postal",
        scopes=frozenset(tokens.ApiScope),
        at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
        by="test",
    )
    everything = {
        "reason": "x",
        "legal_basis": "x",
        "missing_papers": ["x"],
        "apology": "x",
        "new_due_at": "2027-01-01T00:00:00Z",
        "draft": "x",
        "result": "x",
        "pause_ground": "field_survey",
        "supervisor": world["head"].name,
    }
    answer = Client().post(
        f"/api/v1/dossiers/{known.code}/acts/{act}",
        json.dumps({"version_number": known.version, **everything}),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}", "idempotency-key": "buu-chinh-khong-quyet"},
    )

    assert answer.status_code == 422
    assert not changed(known)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("part", "whom"), [("head", "officer"), ("head", "head"), ("administrator", "administrator")])
def test_nobody_makes_themselves_or_a_colleague_an_administrator_or_a_leader(
    world: World, part: str, whom: str
) -> None:
    from motcua.organisations.models import RoleGrant

    del world
    client, before = Client(), RoleGrant.objects.count()
    client.force_login(Staff.objects.get(code=f"cb-{part}").user, backend="django.contrib.auth.backends.ModelBackend")
    for role in ("administrator", "leader"):
        typed = {"role": role, "unit": the_world.COMMUNE, "since": "2026-01-01"}
        data = {"viec": "vai-tro", **{f"vai-tro-{name}": value for name, value in typed.items()}}
        assert client.post(f"/quan-ly/can-bo/cb-{whom}/", data).status_code in {302, 403, 404, 422}

    assert RoleGrant.objects.count() == before


def test_a_deputy_sees_for_the_days_of_the_absence_and_not_a_day_longer(known: Known) -> None:
    from motcua.organisations import access as organisations
    from motcua.organisations import actions

    day = local_day(at("2026-03-10 09:00"))
    actions.delegate(
        absent_code="cb-officer",
        deputy_code="cb-stranger",
        since=day,
        until=day + timedelta(days=2),
        reason="nghỉ phép",
        by="test",
        at=at("2026-03-09 09:00"),
    )
    user = Staff.objects.get(code="cb-stranger").user_id
    seen = [
        models.Dossier.objects.filter(
            participations__unit__in=organisations.dossier_scope(
                organisations.staff_of(user, on=one), on=one
            ).unit_codes,
            code=known.code,
        ).exists()
        for one in (day - timedelta(days=1), day, day + timedelta(days=1), day + timedelta(days=2))
    ]

    assert seen == [False, True, True, False]


def test_a_closed_account_hands_no_roles_on(world: World, known: Known) -> None:
    from motcua.organisations import access as organisations
    from motcua.organisations import actions

    del world, known
    day = local_day(at("2026-03-10 09:00"))
    actions.delegate(
        absent_code="cb-officer",
        deputy_code="cb-stranger",
        since=day,
        until=day + timedelta(days=2),
        reason="nghỉ phép",
        by="test",
        at=at("2026-03-09 09:00"),
    )
    Staff.objects.filter(code="cb-officer").update(is_active=False)
    deputy = organisations.staff_of(Staff.objects.get(code="cb-stranger").user_id, on=day)

    assert deputy is not None
    assert {grant.unit_code for grant in deputy.grants} == {the_world.OTHER_COMMUNE}
