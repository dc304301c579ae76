"""Every dossier folded from its first event, one dossier after the other, written with COPY.

The projector takes events as they come and so reads and writes a dossier several times in its life; here all events of
a dossier stand together and it is written once. The fold itself (``live.rows``) is the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from django.db import connection

from motcua.eventlog import proof
from motcua.eventlog.log import Cursor, Event
from motcua.facts.options import FactOptions
from motcua.live import rows
from motcua.live.rows import Share

_ROWS = 5_000
_EVENTS = """
SELECT subject, version, kind, at, by, content::text FROM eventlog_loggedevent
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
    """Fold the dossiers' events up to the cursor into the empty table of dossiers."""
    events, written, last_event_at = 0, 0, None
    waiting: list[str] = []
    decode = msgspec.json.Decoder().decode
    told = proof.streamed(_EVENTS, [until.transaction, until.position])
    for code, lines in groupby(told, key=itemgetter(0)):
        row: rows.Row = {}
        for _, version, kind, at, by, content in lines:
            rows.apply(row, Event(until, "dossier", code, version, kind, at, by, decode(content)))
            events += 1
            last_event_at = at if last_event_at is None or at > last_event_at else last_event_at
        waiting.append(_line(code, row, rows.share(row, options=options)))
        if len(waiting) >= _ROWS:
            written += _copy(waiting)
            waiting = []
    return Folded(events, written + _copy(waiting), last_event_at)


def _copy(lines: Sequence[str]) -> int:
    if lines:
        with (
            connection.cursor() as database,
            database.copy(f"COPY live_livedossier ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
        ):
            copy.write("".join(lines))
    return len(lines)


def _line(code: str, row: Mapping[str, Any], share: Share) -> str:
    """Return the row as a line of COPY's text format."""
    cells = (
        code,
        json.dumps(rows.stored(row)),
        share.unit_code,
        share.procedure_code,
        _days(share.received_on, share.ended_on),
        str(share.flags),
        share.open_due_at.isoformat() if share.open_due_at else None,
        share.officer_code,
        str(share.reasons),
    )
    return "\t".join("\\N" if cell is None else cell.translate(_ESCAPED) for cell in cells) + "\n"


def _days(received_on: date | None, ended_on: date | None) -> str | None:
    """Return the range of days as PostgreSQL reads it, both ends included, open where it has not ended."""
    if received_on is None:
        return None
    return f"[{received_on.isoformat()},{ended_on.isoformat() if ended_on else ''}]"
