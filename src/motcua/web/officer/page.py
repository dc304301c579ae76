"""What the officer's pages show, put together from the slices' queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q
from django.forms import ChoiceField, Field
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from motcua.catalogue.types import CHANNEL_NAMES, Channel
from motcua.dossiers import access, corrections, law, models, queries, steps
from motcua.kernel.time import local_day
from motcua.organisations import queries as organisations
from motcua.organisations.models import Staff
from motcua.organisations.types import Role, StaffRef
from motcua.web.officer import history
from motcua.web.officer.act_forms import ActForm, Surroundings
from motcua.workflow import rules
from motcua.workflow.rulebook import Act, Rulebook


def colleagues(staff: StaffRef | None, *, on: date) -> list[Any]:
    """Return who can be given work in the person's units, the least loaded first."""
    codes = {grant.unit_code for grant in staff.grants} if staff else set()
    below = set().union(*(organisations.units_below(code, on=on) for code in codes)) if codes else set()
    rows = Staff.objects.filter(
        is_active=True, role_grants__unit__in=below, role_grants__role=Role.CASE_OFFICER, role_grants__days__contains=on
    ).distinct()
    loads = dict(
        models.Dossier.objects.filter(ended_at=None, assignee__in=rows)
        .values_list("assignee")
        .annotate(load=Count("code"))
        .values_list("assignee", "load")
    )
    people = [
        SimpleNamespace(code=row.code, name=row.name, job_title=row.job_title, load=loads.get(row.code, 0))
        for row in rows
    ]
    return sorted(people, key=lambda one: (one.load, one.name))


def dossier(row: models.Dossier, staff: StaffRef, *, now: datetime, bound: ActForm | None) -> dict[str, Any]:
    """Return what the dossier page shows, but for the clock and the forms."""
    today = local_day(now)
    book = law.rulebook(on=today)
    roles = access.roles_on(row, staff)
    offered = rules.open_acts(rulebook=book, local_state=row.local_state, roles=roles)
    around = _around(row, staff, rulebook=book, now=now)
    acts = [
        (act, bound if bound and bound.act.code == act.code else _form(act, roles, around))
        for act in offered
        if _is_offered(act, row)
    ]
    may_approve = bool(corrections.may_approve(row, staff))
    waiting = [
        SimpleNamespace(
            pk=one.pk,
            name=corrections.FIELDS[one.field].name_vi,
            before=one.before,
            after=one.after,
            reason=one.reason,
            by=one.requested_by,
            at=one.requested_at,
            may_decide=may_approve and one.requested_by_id != staff.code,
        )
        for one in row.corrections.filter(decided_at=None).select_related("requested_by").order_by("pk")
    ]
    legs = row.legs.select_related("competent_unit", "assignee").order_by("code")
    parent = access.visible(staff, on=today).filter(code=row.parent_id).first() if row.parent_id else None
    return {
        "dossier": row,
        "is_paused": row.paused_since is not None,
        "pause": _pause(row, rulebook=book),
        "state_name": book.states[row.local_state].name_vi,
        "channel_name": CHANNEL_NAMES[Channel(row.channel)],
        "acts": [{"code": act.code, "name": act.name_vi, "form": form} for act, form in acts],
        "may_correct": any(act.code == corrections.ACT for act in offered),
        "correctable": [
            (code, one.name_vi, corrections.value_of(row, code)) for code, one in corrections.FIELDS.items()
        ],
        "corrections": waiting,
        "opinions": row.opinions.select_related("unit", "asked_by", "answered_by", "run__staff").order_by("pk"),
        "legs": [(leg, book.states[leg.local_state].name_vi) for leg in legs],
        "parent": parent,
        "supplement": row.supplements.filter(completed_at=None).first(),
        "documents": row.documents.order_by("-is_result", "pk"),
        "charges": row.charges.order_by("pk"),
        "history": history.told(queries.history(row), rulebook=book, on=today),
        "is_late": row.ended_at is None and row.due_at is not None and row.due_at < now and row.paused_since is None,
    }


def act_form(
    act: Act,
    row: models.Dossier,
    staff: StaffRef,
    *,
    now: datetime,
    data: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile[Any]] | None = None,
) -> ActForm:
    """Return the form of an act on a dossier, bound to what was typed where there is any."""
    today = local_day(now)
    book = law.rulebook(on=today)
    return _form(act, access.roles_on(row, staff), _around(row, staff, rulebook=book, now=now), data, files)


def typed_without_form(bound: ActForm | None, acts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return (label, text) of what was typed for an act that is no longer open, so that it can be copied elsewhere."""
    if bound is None or any(act["code"] == bound.act.code for act in acts):
        return []
    typed = [(field, field.value()) for field in bound]
    return [(str(field.label), _said(field.field, value)) for field, value in typed if isinstance(value, str) and value]


def _said(field: Field, value: str) -> str:
    """Return the words of a choice, or what was typed."""
    choices: Any = field.choices if isinstance(field, ChoiceField) else ()
    return next((str(words) for code, words in choices if code == value), value)


def _around(row: models.Dossier, staff: StaffRef, *, rulebook: Rulebook, now: datetime) -> Surroundings:
    on = local_day(now)
    return Surroundings(
        rulebook=rulebook,
        dossier=row,
        suggestion=steps.suggestion(row, now=now),
        units=[(unit.code, unit.name) for unit in organisations.units(on=on)],
        colleagues=[(one.code, f"{one.name} · {one.job_title}") for one in _people(row, staff, on=on)],
        steps=[(name, name) for name in dict.fromkeys(row.steps.exclude(left_at=None).values_list("name", flat=True))],
        legs=[
            (leg.code, f"{leg.code} · {leg.competent_unit.name}")
            for leg in row.legs.filter(returned_at=None).select_related("competent_unit").order_by("code")
        ],
    )


def _form(
    act: Act,
    roles: frozenset[str],
    around: Surroundings,
    data: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile[Any]] | None = None,
) -> ActForm:
    # A person with several roles acts in the one of which least is demanded, as the rules decide it.
    held = [around.rulebook.roles[role] for role in act.roles if role in roles]
    extra = min((role.also_demands for role in held), key=len, default=())
    return ActForm(data, files, act=act, around=replace(around, extra_demands=tuple(extra)))


def _is_offered(act: Act, row: models.Dossier) -> bool:
    """Leave out what has its own place on the page, or what this dossier cannot come to."""
    if act.code == corrections.ACT:
        return False
    if row.parent_id is not None and act.code in {"hand_over", "refer"}:
        return False
    return act.code != "give_opinion" or row.opinions.filter(answered_at=None, withdrawn_at=None).exists()


def _pause(row: models.Dossier, *, rulebook: Rulebook) -> SimpleNamespace | None:
    """Return why the clock stands still, since when, on what basis."""
    if row.paused_since is None:
        return None
    pause = row.pauses.filter(ended_at=None).first()
    if pause is None:
        return SimpleNamespace(since=row.paused_since, why="Chờ người nộp bổ sung giấy tờ", basis="")
    ground = rulebook.pause_grounds.get(pause.ground)
    return SimpleNamespace(
        since=pause.began_at, why=ground.name_vi if ground else pause.ground, basis=pause.legal_basis
    )


def stored_path(sha256: str) -> Path:
    """Return where an uploaded file lies; its name is its content's digest, so no name can lead elsewhere."""
    if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
        raise ValueError(sha256)
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def _people(row: models.Dossier, staff: StaffRef, *, on: date) -> Iterable[Any]:
    codes = {row.current_unit_id, row.competent_unit_id, *(grant.unit_code for grant in staff.grants)}
    return (
        Staff.objects.filter(Q(role_grants__unit__in=codes), is_active=True, role_grants__days__contains=on)
        .distinct()
        .order_by("name")
    )
