"""Contests as the log tells them, and what the figures are without the marks of accepted ones.

The official figure never changes by a contest: this module answers a second question beside it. It reads events only
and knows nothing of who may contest or of what was handed in as evidence.
"""

from collections.abc import Mapping, Sequence

from django.db import connection

from motcua.eventlog.log import Event

STREAM = "contest"
STATES: Mapping[str, str] = {
    "ContestFiled": "filed",
    "ContestApproved": "approved",
    "ContestRefused": "refused",
    "ContestWithdrawn": "withdrawn",
}
"""Kinds of events -> the state a contest is in after them."""


def take(events: Sequence[Event]) -> None:
    """Take the events of contests in; part of the projector's transaction, so that each counts exactly once."""
    last = {event.subject: event for event in events if event.kind in STATES}
    if not last:
        return
    found = [last[code] for code in sorted(last)]
    with connection.cursor() as database:
        database.execute(
            "INSERT INTO live_livecontest (code, dossier_code, indicator, state, at)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])"
            " ON CONFLICT (code) DO UPDATE SET state = EXCLUDED.state, at = EXCLUDED.at",
            [
                [event.subject for event in found],
                [str(event.content["dossier"]) for event in found],
                [str(event.content["indicator"]) for event in found],
                [STATES[event.kind] for event in found],
                [event.at for event in found],
            ],
        )
