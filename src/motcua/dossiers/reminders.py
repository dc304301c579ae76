"""Nhắc việc: who is told by e-mail of dossiers about to be late or late, once a day and each person once.

Approaching dossiers go to whoever handles them; late ones also to the head of the unit, and after the days of the
escalation rule to the head of the agency. Letters carry codes and days, no applicant's data.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.core.mail import EmailMessage
from django.db import transaction

from motcua.dossiers import law, models
from motcua.eventlog import log
from motcua.kernel.time import local, local_day
from motcua.organisations.models import RoleGrant, Staff
from motcua.organisations.types import Role


class ReminderKind(StrEnum):
    """Loại nhắc."""

    APPROACHING = "approaching"
    LATE = "late"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One dossier to tell one person of."""

    recipient: str
    kind: ReminderKind
    dossier: str
    due_at: datetime


_HEADINGS = {
    ReminderKind.APPROACHING: "Sắp đến hạn",
    ReminderKind.LATE: "Quá hạn",
    ReminderKind.ESCALATED: "Quá hạn lâu, báo lãnh đạo",
}


def due(*, now: datetime) -> list[Reminder]:
    """Return everything people should be told of at this moment, told already or not."""
    rule = law.reminders(on=local_day(now))
    soon = now + timedelta(days=rule.approaching_days)
    rows = models.Dossier.objects.filter(ended_at=None, paused_since=None, due_at__lte=soon).order_by("due_at", "code")
    heads = _holders(Role.UNIT_HEAD, on=local_day(now))
    leaders = _holders(Role.LEADER, on=local_day(now))
    found: list[Reminder] = []
    for code, unit, assignee, due_at in rows.values_list("code", "current_unit_id", "assignee_id", "due_at"):
        if due_at is None:  # the query leaves none, the type does not know it
            continue
        if due_at > now:
            found += [Reminder(assignee, ReminderKind.APPROACHING, code, due_at)] if assignee else []
            continue
        people = ([assignee] if assignee else []) + heads[unit]
        found += [Reminder(person, ReminderKind.LATE, code, due_at) for person in dict.fromkeys(people)]
        if due_at <= now - timedelta(days=rule.escalation_days):
            found += [Reminder(person, ReminderKind.ESCALATED, code, due_at) for person in leaders[unit]]
    return found


def send(*, now: datetime) -> int:
    """Write one letter to each person with what is new for them today, and return how many letters went out.

    Run again on the same day it sends only what has come since: each (person, dossier, kind, day) is told once.
    """
    today = local_day(now)
    told = set(models.ReminderSent.objects.filter(day=today).values_list("recipient_id", "kind", "dossier_id"))
    new = [one for one in due(now=now) if (one.recipient, one.kind.value, one.dossier) not in told]
    by_person: dict[str, list[Reminder]] = defaultdict(list)
    for one in new:
        by_person[one.recipient].append(one)
    people = {row.code: row for row in Staff.objects.filter(code__in=by_person, is_active=True).exclude(email="")}
    for code, person in people.items():
        _write(person, by_person[code], today=today, now=now)
    return len(people)


def _write(person: Staff, reminders: Iterable[Reminder], *, today: date, now: datetime) -> None:
    lines = [f"Kính gửi {person.name} ({person.job_title}),", ""]
    grouped: dict[ReminderKind, list[Reminder]] = defaultdict(list)
    for one in reminders:
        grouped[one.kind].append(one)
    for kind in ReminderKind:
        if grouped[kind]:
            lines.append(f"{_HEADINGS[kind]}:")
            lines += [f"- {one.dossier}, hẹn trả {local(one.due_at):%H:%M, %d/%m/%Y}" for one in grouped[kind]]
            lines.append("")
    lines.append("Hồ sơ quá hạn phải có văn bản xin lỗi gửi người nộp, nêu lý do và ngày hẹn mới.")
    with transaction.atomic():
        models.ReminderSent.objects.bulk_create(
            models.ReminderSent(recipient=person, dossier_id=one.dossier, kind=one.kind, day=today)
            for kind in ReminderKind
            for one in grouped[kind]
        )
        log.record(
            stream="staff",
            subject=person.code,
            kind="Reminded",
            at=now,
            by="motcua",
            content={kind.value: len(grouped[kind]) for kind in ReminderKind if grouped[kind]},
        )
        # Last, so that a letter that cannot be sent is not recorded as sent and goes out with the next run.
        EmailMessage(f"Hồ sơ cần xử lý ngày {today:%d/%m/%Y}", "\n".join(lines), to=[person.email]).send()


def _holders(role: Role, *, on: date) -> dict[str, list[str]]:
    """Return who holds the role in each unit on the day."""
    found: dict[str, list[str]] = defaultdict(list)
    for unit, staff in RoleGrant.objects.filter(role=role, days__contains=on).values_list("unit_id", "staff_id"):
        found[unit].append(staff)
    return found
