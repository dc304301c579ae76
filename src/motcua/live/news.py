"""Tin mới: what the figures took in between two moments, told by kind and by unit, for pages that stay open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from motcua.eventlog.log import Cursor
from motcua.live import models

MOST_EVENTS = 500
"""Beyond as many the units are not named one by one: everybody is concerned."""


@dataclass(frozen=True, slots=True)
class News:
    """What came: the streams of its events, and the units whose dossiers they are about (None: too many to name)."""

    streams: frozenset[str]
    units: frozenset[str] | None

    def concerns(self, units: Collection[str]) -> bool:
        """Tell whether a dossier of one of the units is among them."""
        return self.units is None or not self.units.isdisjoint(units)


NOTHING = News(frozenset(), frozenset())


def between(after: Cursor, until: Cursor) -> News:
    """Return what was taken in after one cursor up to another."""
    if until <= after:
        return NOTHING
    with connection.cursor() as database:
        database.execute(
            "SELECT stream, subject FROM eventlog_loggedevent"
            " WHERE (transaction, position) > (%s, %s) AND (transaction, position) <= (%s, %s)"
            " ORDER BY transaction, position LIMIT %s",
            [after.transaction, after.position, until.transaction, until.position, MOST_EVENTS + 1],
        )
        found = database.fetchall()
        if len(found) > MOST_EVENTS:
            database.execute(
                "SELECT DISTINCT stream FROM eventlog_loggedevent"
                " WHERE (transaction, position) > (%s, %s) AND (transaction, position) <= (%s, %s)",
                [after.transaction, after.position, until.transaction, until.position],
            )
            return News(frozenset(stream for (stream,) in database.fetchall()), None)
    codes = {subject for stream, subject in found if stream == "dossier"}
    units = models.LiveDossier.objects.filter(code__in=codes).values_list("unit_code", flat=True).distinct()
    return News(frozenset(stream for stream, _ in found), frozenset(units))


def became_late(*, after: datetime, until: datetime, units: Collection[str]) -> bool:
    """Tell whether an open dossier of the units passed its due moment: the figures change without any event."""
    return models.LiveDossier.objects.filter(
        open_due_at__gt=after, open_due_at__lte=until, unit_code__in=list(units)
    ).exists()
