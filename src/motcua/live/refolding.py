"""Every dossier folded from its first event, one dossier after the other, written with COPY.

The projector takes events as they come and so reads and writes a dossier several times in its life; here all events of
a dossier stand together and it is written once. The fold itself (``live.rows``) is the same.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from queue import Queue
from threading import Event, Thread
from typing import Any

import msgspec
from django.db import connection

from motcua.eventlog import proof
from motcua.eventlog.log import Cursor
from motcua.eventlog.log import Event as Told
from motcua.facts.options import FactOptions
from motcua.kernel.time import VIETNAM
from motcua.live import rows
from motcua.live.rows import Share

_ROWS = 5_000
_PARTS_AHEAD = 4
_EVENTS = """
SELECT subject, version, kind, at AT TIME ZONE 'Asia/Ho_Chi_Minh', by, content::text FROM eventlog_loggedevent
WHERE stream = 'dossier' AND (transaction, position) <= (%s, %s) ORDER BY stream, subject, version
"""
_COLUMNS = (
    "code", "row", "unit_code", "procedure_code", "days", "flags", "open_due_at", "officer_code", "reasons",
)  # fmt: skip
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Folded:
    """How much was folded."""

    events: int
    dossiers: int
    last_event_at: datetime | None


def dossiers(*, until: Cursor, options: FactOptions) -> Folded:
    """Fold the dossiers' events up to the cursor into the empty table of dossiers.

    The log is read and folded on a connection of its own: the database writes one part while the next is folded. Only
    events that were committed before are read, so it sees what the caller's transaction would.
    """
    parts: Queue[_Part | BaseException | None] = Queue(maxsize=_PARTS_AHEAD)
    is_given_up = Event()
    folding = Thread(target=_fold, args=(until, options, parts, is_given_up), name="refolding", daemon=True)
    folding.start()
    events, written, last_event_at = 0, 0, None
    try:
        while (part := parts.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            _copy(part.lines)
            events, written = events + part.events, written + len(part.lines)
            last_event_at = part.last_event_at if last_event_at is None else max(last_event_at, part.last_event_at)
    finally:
        is_given_up.set()
        while not parts.empty():
            parts.get()
        folding.join()
    return Folded(events, written, last_event_at)


@dataclass(frozen=True, slots=True)
class _Part:
    """Folded dossiers as lines of COPY's text format."""

    lines: Sequence[str]
    events: int
    last_event_at: datetime


def _fold(
    until: Cursor, options: FactOptions, parts: "Queue[_Part | BaseException | None]", is_given_up: Event
) -> None:
    try:
        with closing(_folded(until, options)) as folded:
            for part in folded:
                parts.put(part)
                if is_given_up.is_set():
                    return
        parts.put(None)
    except BaseException as error:  # noqa: BLE001 - told to the one who waits, who raises it
        parts.put(error)
    finally:
        connection.close()


def _folded(until: Cursor, options: FactOptions) -> Generator[_Part, None, None]:
    # Closed here, in this thread, whatever goes wrong: the collector would close it with another thread's connection.
    with closing(proof.streamed(_EVENTS, [until.transaction, until.position])) as told:
        yield from _parts(told, until, options)


def _parts(told: Iterable[tuple[Any, ...]], until: Cursor, options: FactOptions) -> Iterator[_Part]:
    decode = msgspec.json.Decoder().decode
    lines: list[str] = []
    events, last_event_at = 0, None
    for code, its_events in groupby(told, key=itemgetter(0)):
        row: rows.Row = {}
        for _, version, kind, at, by, content in its_events:
            moment = at.replace(tzinfo=VIETNAM)
            rows.apply(row, Told(until, "dossier", code, version, kind, moment, by, decode(content)))
            events += 1
            last_event_at = moment if last_event_at is None or moment > last_event_at else last_event_at
        lines.append(_line(code, row, rows.share(row, options=options)))
        if len(lines) >= _ROWS and last_event_at is not None:
            yield _Part(lines, events, last_event_at)
            lines, events, last_event_at = [], 0, None
    if lines and last_event_at is not None:
        yield _Part(lines, events, last_event_at)


def _copy(lines: Sequence[str]) -> None:
    sql = f"COPY live_livedossier ({', '.join(_COLUMNS)}) FROM STDIN"
    with connection.cursor() as database, database.copy(sql) as copy:
        copy.write("".join(lines))


def _line(code: str, row: Mapping[str, Any], share: Share) -> str:
    """Return the row as a line of COPY's text format."""
    others = (
        share.unit_code,
        share.procedure_code,
        _days(share.received_on, share.ended_on),
        str(share.flags),
        share.open_due_at.isoformat() if share.open_due_at else None,
        share.officer_code,
        str(share.reasons),
    )
    # The same text as of rows.stored; JSON has no control characters, only its backslashes mean something to COPY.
    told = msgspec.json.encode(row).decode().replace("\\", "\\\\")
    return "\t".join((_cell(code), told, *map(_cell, others))) + "\n"


def _cell(text: str | None) -> str:
    return "\\N" if text is None else text.translate(_ESCAPED)


def _days(received_on: date | None, ended_on: date | None) -> str | None:
    """Return the range of days as PostgreSQL reads it, both ends included, open where it has not ended."""
    if received_on is None:
        return None
    return f"[{received_on.isoformat()},{ended_on.isoformat() if ended_on else ''}]"
