"""Dấu hiệu cần xem: lists of what the monitors saw, and saying that one was looked at."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from motcua.bottlenecks import models, projector
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, Period

LONGEST_NOTE = 1_000


class Shown(StrEnum):
    """Which signs a list shows."""

    WAITING = "cho-xem"
    REVIEWED = "da-xem"


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign as a list shows it."""

    dossier: str
    monitor: str
    unit: str
    procedure: str
    at: datetime
    seen: dict[str, Any]
    reviewed_at: datetime | None
    reviewed_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many signs of a monitor wait to be looked at, and how many were."""

    waiting: int
    reviewed: int


def tallies(units: Collection[str], *, period: Period) -> dict[str, Tally]:
    """Return by monitor how many signs the units have in the period."""
    with connection.cursor() as database:
        database.execute(
            "SELECT s.monitor, count(*) FILTER (WHERE r.at IS NULL OR r.at < s.at), count(*)"
            " FROM bottlenecks_sign s LEFT JOIN bottlenecks_review r USING (dossier_code, monitor)"
            " WHERE s.unit_code = ANY(%s) AND s.at >= %s AND s.at < %s GROUP BY s.monitor",
            [list(units), *_span(period)],
        )
        return {monitor: Tally(waiting, whole - waiting) for monitor, waiting, whole in database.fetchall()}


def seen(units: Collection[str], *, monitor: str, shown: Shown, period: Period, limit: int, start: int) -> list[Seen]:
    """Return signs of a monitor, the latest first; ``start`` is how many were shown before."""
    first, beyond = _span(period)
    rows: QuerySet[models.Sign] = models.Sign.objects.filter(
        monitor=monitor, unit_code__in=list(units), at__gte=first, at__lt=beyond
    )
    reviews = models.Review.objects.filter(
        dossier_code=OuterRef("dossier_code"), monitor=OuterRef("monitor"), at__gte=OuterRef("at")
    )
    rows = rows.filter(Exists(reviews)) if shown is Shown.REVIEWED else rows.exclude(Exists(reviews))
    chosen = list(rows.order_by(F("at").desc(), "dossier_code")[start : start + limit])
    known = {
        row.dossier_code: row
        for row in models.Review.objects.filter(monitor=monitor, dossier_code__in=[one.dossier_code for one in chosen])
    }
    notes = dict(
        models.ReviewNote.objects.filter(event__in=[row.event for row in known.values()]).values_list("event", "text")
    )
    return [_seen(one, known.get(one.dossier_code), notes) for one in chosen]


def _seen(one: models.Sign, review: models.Review | None, notes: dict[int, str]) -> Seen:
    return Seen(
        dossier=one.dossier_code,
        monitor=one.monitor,
        unit=one.unit_code,
        procedure=one.procedure_code,
        at=one.at,
        seen=one.seen,
        reviewed_at=review.at if review else None,
        reviewed_by=review.by if review else "",
        note=notes.get(review.event, "") if review else "",
    )


@transaction.atomic
def review(*, dossier: str, monitor: str, note: str, by: str, at: datetime) -> None:
    """Say that a sign was looked at and why it is all right, or what was done (đã xem, có lý do).

    The event carries a digest of what was written; the words stay beside it. Saying the same twice changes nothing.

    Raises:
        UserError: there is no such sign, nothing or too much was written.
    """
    text = " ".join(note.split())
    if not models.Sign.objects.filter(dossier_code=dossier, monitor=monitor).exists():
        raise UserError("Không có dấu hiệu này ở hồ sơ.", remedy="Hãy tải lại danh sách.")
    if not text:
        raise UserError("Chưa ghi lý do.", remedy="Hãy ghi ngắn gọn đã xem gì và vì sao như vậy.")
    if len(text) > LONGEST_NOTE:
        raise UserError(f"Lý do dài quá {LONGEST_NOTE} ký tự.", remedy="Hãy ghi ngắn hơn.")
    with connection.cursor() as database:
        database.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sign:{dossier}:{monitor}"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    last = models.Review.objects.filter(dossier_code=dossier, monitor=monitor).first()
    sign = models.Sign.objects.get(dossier_code=dossier, monitor=monitor)
    kept = models.ReviewNote.objects.filter(event=last.event).first() if last else None
    if last is not None and last.by == by and last.at >= sign.at and kept is not None and kept.text == text:
        return
    position = log.record(
        stream=projector.REVIEWS,
        subject=f"{dossier}:{monitor}",
        kind="SignReviewed",
        at=at,
        by=by,
        content={"dossier": dossier, "monitor": monitor, "note_sha256": digest},
    )
    models.ReviewNote.objects.create(event=position, text=text)
    # The projector will say the same; the person sees it at once.
    models.Review.objects.bulk_create(
        [models.Review(dossier_code=dossier, monitor=monitor, at=at, by=by, event=position)],
        update_conflicts=True, unique_fields=["dossier_code", "monitor"], update_fields=["at", "by", "event"],
    )  # fmt: skip


def _span(period: Period) -> tuple[datetime, datetime]:
    first = datetime.combine(period.start, datetime.min.time(), VIETNAM)
    return first, first + timedelta(days=period.days)


def is_of(dossier: str, *, monitor: str, units: Collection[str]) -> bool:
    """Tell whether the monitor saw something at the dossier, in one of the units."""
    return models.Sign.objects.filter(dossier_code=dossier, monitor=monitor, unit_code__in=list(units)).exists()
