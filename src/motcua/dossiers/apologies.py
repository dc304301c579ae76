"""Thư xin lỗi chờ ký: a letter is drafted for every dossier that misses its due moment, without anybody asking.

A daily run finds late dossiers, and so does each act on one. Each missed due moment has one letter, however often it
is looked for. What a letter proposes (reason, new moment) is for the head to change before signing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from motcua.deadlines import clock as deadlines
from motcua.deadlines.types import Happenings
from motcua.dossiers import access, clock, law, models
from motcua.eventlog import log
from motcua.kernel.time import VIETNAM, local
from motcua.organisations.types import Role, StaffRef

SIGNING = frozenset({Role.UNIT_HEAD, Role.LEADER})
"""Who may extend with an apology by ``law/workflow``, and so sign one."""
SYSTEM = "motcua"


def draft_all(*, now: datetime) -> int:
    """Draft a letter for every late dossier that has none for this due moment; return how many were drafted."""
    late = models.Dossier.objects.filter(
        ended_at=None, received_at__isnull=False, paused_since=None, parent=None, due_at__lt=now
    )
    return sum(draft(one, now=now) for one in late.order_by("due_at", "code").iterator(chunk_size=500))


def draft(dossier: models.Dossier, *, now: datetime) -> bool:
    """Draft the letter of one dossier if it is late; False where it is not, or has its letter already."""
    if not is_late(dossier, now=now) or dossier.due_at is None:
        return False
    _, is_new = models.ApologyLetter.objects.get_or_create(
        dossier=dossier,
        late_since=dossier.due_at,
        defaults={"drafted_at": now, "reason": _reason(dossier), "new_due_at": _proposed(dossier, now=now)},
    )
    if is_new:
        content = {"late_since": dossier.due_at.isoformat(), "state": dossier.state, "local_state": dossier.local_state}
        log.record(stream="dossier", subject=dossier.code, kind="ApologyDrafted", at=now, by=SYSTEM, content=content)
    return is_new


def is_late(dossier: models.Dossier, *, now: datetime) -> bool:
    """Tell whether the applicant waits beyond what was promised: a running clock, over its due moment."""
    is_running = dossier.received_at is not None and dossier.ended_at is None and dossier.paused_since is None
    return is_running and dossier.parent_id is None and dossier.due_at is not None and dossier.due_at < now


def answered_by_extension(dossier: models.Dossier, *, due_before: datetime, staff: StaffRef, at: datetime) -> None:
    """Take the letter for this due moment as signed: the act of extending is the signature."""
    last = dossier.extensions.order_by("-pk").first()
    if last is not None:
        dossier.apologies.filter(late_since=due_before, signed_at=None).update(
            signed_at=at, signed_by_id=staff.code, reason=last.reason, new_due_at=last.due_after
        )


def to_sign(staff: StaffRef | None, *, on: date) -> QuerySet[models.ApologyLetter]:
    """Return letters waiting for this person's signature, the longest late first."""
    return _for_signers(staff, on=on).filter(signed_at=None)


def to_send(staff: StaffRef | None, *, on: date) -> QuerySet[models.ApologyLetter]:
    """Return letters signed in the person's units that have not reached the applicant yet."""
    return _for_signers(staff, on=on).filter(signed_at__isnull=False, sent_at=None)


def _for_signers(staff: StaffRef | None, *, on: date) -> QuerySet[models.ApologyLetter]:
    units = {grant.unit_code for grant in staff.grants if grant.role in SIGNING} if staff is not None else set()
    return (
        models.ApologyLetter.objects.filter(
            Q(dossier__current_unit__in=units) | Q(dossier__competent_unit__in=units),
            dossier__in=access.visible(staff, on=on),
        )
        .select_related("dossier__owner", "dossier__procedure", "dossier__assignee", "dossier__current_unit", "form")
        .order_by("late_since", "dossier")
    )


def signable(letters: Iterable[models.ApologyLetter], *, now: datetime) -> list[tuple[models.ApologyLetter, datetime]]:
    """Return letters with the moment to propose now: a draft of last week must not promise a day gone by."""
    return [(one, max(one.new_due_at, _proposed(one.dossier, now=now))) for one in letters]


def _reason(dossier: models.Dossier) -> str:
    run = dossier.steps.filter(left_at=None, opinion=None).select_related("unit").order_by("pk").first()
    if run is None:
        return "Việc giải quyết hồ sơ kéo dài hơn thời hạn đã hẹn"
    return f"Bước «{run.name}» tại {run.unit.name} kéo dài hơn thời hạn đã hẹn"


def _proposed(dossier: models.Dossier, *, now: datetime) -> datetime:
    """Return the latest new moment that the extension rule of the dossier's law allows, counted from now."""
    if dossier.ended_at is not None:
        return max(dossier.ended_at, now)
    rule = clock.statutory_rule(dossier, now=now)
    limit = clock.limit_of(dossier)
    longest = replace(limit, amount=limit.amount * Decimal(str(rule.extension.at_most_share)))
    due = deadlines.compute(
        rule=rule, calendar=law.calendar(), happenings=Happenings(local(now), longest), now=local(now)
    )
    return due.due_at.replace(tzinfo=VIETNAM)
