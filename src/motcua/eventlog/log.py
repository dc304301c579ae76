"""Write to the log, read it in commit order, seal it; ``proof`` shows that nobody touched it."""

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from motcua.eventlog import models, proof


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """How far a reader has come: everything up to here was seen, and nothing can still appear before it."""

    transaction: int
    position: int


START = Cursor(0, 0)
_HORIZON = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
"""The oldest transaction still running: events of older ones are all there."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Niêm phong vừa lập: its number, how many events it closes, and its digest, to be kept outside the database."""

    number: int
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Event:
    """Sự kiện, as read back from the log."""

    cursor: Cursor
    stream: str
    subject: str
    version: int
    kind: str
    at: datetime
    by: str
    content: Mapping[str, Any]


def record(*, stream: str, subject: str, kind: str, at: datetime, by: str, content: Mapping[str, Any]) -> int:
    """Append one event inside the caller's transaction and return its position.

    Two writers of one subject wait for each other; the database numbers and chains the event.
    """
    event = models.LoggedEvent.objects.create(
        stream=stream,
        subject=subject,
        kind=kind,
        at=at,
        by=by,
        content=dict(content),
        transaction=0,
        version=0,
        recorded_at=at,
        previous=b"",
        hash=b"",
    )
    return event.position


def read(*, after: Cursor, limit: int, until: Cursor | None = None, but: str = "") -> list[Event]:
    """Return the next events in an order in which nothing can appear later before the cursor.

    Numbers are given before transactions commit, so the highest number is no safe mark. Only events of transactions
    older than every running one are returned; they are ordered by transaction, then position.

    Args:
        after: how far the reader has come.
        limit: how many at most.
        until: the last event wanted, as ``end`` returned it; None: as far as is safe.
        but: a stream that is not wanted.
    """
    where, params = ["(transaction, position) > (%s, %s)"], [after.transaction, after.position]
    if until is None:
        where.append(f"transaction < {_HORIZON}")
    else:
        where.append("(transaction, position) <= (%s, %s)")
        params += [until.transaction, until.position]
    wanted = models.LoggedEvent.objects.extra(where=where, params=params)  # noqa: S610 - texts of our own
    if but:
        wanted = wanted.filter(Q(stream__lt=but) | Q(stream__gt=but))
    rows = wanted.order_by("transaction", "position")[:limit]
    return [
        Event(
            Cursor(row.transaction, row.position),
            row.stream,
            row.subject,
            row.version,
            row.kind,
            row.at,
            row.by,
            row.content,
        )
        for row in rows
    ]


def end() -> Cursor:
    """Return the last event that can be read by now; nothing can appear before it any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT transaction, position FROM eventlog_loggedevent WHERE transaction < {_HORIZON}"  # noqa: S608
            " ORDER BY transaction DESC, position DESC LIMIT 1"
        )
        found = cursor.fetchone()
    return Cursor(*found) if found else START


@transaction.atomic
def seal(*, at: datetime) -> Sealed | None:
    """Close everything recorded since the last seal under one digest; None when there is nothing new.

    Waits for nobody: events of transactions still running fall under the next seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('eventlog_seal'))")
    last = models.Seal.objects.order_by("-number").first()
    end = Cursor(last.last_transaction, last.last_position) if last else START
    digest, count = hashlib.sha256(bytes(last.digest) if last else b""), 0
    with closing(proof.streamed(_UNSEALED, [end.transaction, end.position])) as unsealed:
        for transaction_number, position, event_hash in unsealed:
            digest.update(bytes(event_hash))
            count, end = count + 1, Cursor(transaction_number, position)
    if count == 0:
        return None
    number = last.number + 1 if last else 1
    models.Seal.objects.create(
        number=number,
        last_transaction=end.transaction,
        last_position=end.position,
        count=count,
        digest=digest.digest(),
        sealed_at=at,
    )
    return Sealed(number, count, digest.hexdigest())


def verify() -> list[proof.Fault]:
    """Return everything wrong with the chains and the seals; empty where nothing was altered, removed or inserted."""
    return list(proof.faults())


def seals() -> dict[int, str]:
    """Return the digest of every seal, to be compared with a copy kept elsewhere."""
    return {row.number: bytes(row.digest).hex() for row in models.Seal.objects.order_by("number")}


def lines() -> int:
    """Return how many events the log holds."""
    return models.LoggedEvent.objects.count()


_UNSEALED = (
    "SELECT transaction, position, hash FROM eventlog_loggedevent"  # noqa: S608 - a part of our own
    f" WHERE (transaction, position) > (%s, %s) AND transaction < {_HORIZON} ORDER BY transaction, position"
)
