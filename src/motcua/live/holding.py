"""The dossiers' rows as they are kept: who tells of each, read and written many at a time."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from motcua.live import models, rows
from motcua.live.rows import Row, Share

FILLED = (
    "from_personal_store", "result_in_catalogue", "uses_population_data", "is_synced", "is_disliked", "has_petition",
)  # fmt: skip
"""Columns of a dossier that no event of the desk tells: of a dossier of the desk an import may tell them."""

Teller = tuple[date, str, str, str]
"""Day of receipt, unit, source, beside (``models.LiveImported``)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A dossier as it is kept: its row, and who tells of it (``LiveDossier.source``, ``.beside``)."""

    row: Row
    source: str
    beside: str

    @property
    def is_of_the_desk(self) -> bool:
        """Whether the desk has an event of it."""
        return not self.source


def held(codes: Iterable[str]) -> dict[str, Held]:
    """Return what is kept of the dossiers."""
    kept = models.LiveDossier.objects.filter(code__in=list(codes)).values_list("code", "row", "source", "beside")
    return {code: Held(rows.read(row), source, beside) for code, row, source, beside in kept}


def imported(codes: Iterable[str]) -> frozenset[str]:
    """Return those of the dossiers that only an import tells of."""
    kept = models.LiveDossier.objects.filter(code__in=list(codes)).exclude(source="")
    return frozenset(kept.values_list("code", flat=True))


def of_the_desk(one: Held) -> Held:
    """Return the dossier as the desk goes on with it; of an import's, what only an import can tell stays."""
    if one.is_of_the_desk:
        return one
    filled = {name: one.row[name] for name in FILLED if one.row.get(name) is not None}
    return Held(filled, "", one.source)


def teller(one: Held, share: Share, change: int) -> Mapping[Teller, int]:
    """Return how the dossier counts among those that imports tell of: not at all where the desk tells alone."""
    if share.received_on is None or not (one.source or one.beside):
        return {}
    return {(share.received_on, share.unit_code, one.source, one.beside): change}


def write(kept: Mapping[str, Held], shares: Mapping[str, Share]) -> None:
    """Write the dossiers with what each is counted by."""
    codes = sorted(kept)
    found = [shares[code] for code in codes]
    with connection.cursor() as database:
        database.execute(
            "INSERT INTO live_livedossier (code, row, unit_code, procedure_code, days, flags, open_due_at,"
            " officer_code, reasons, source, beside)"
            " SELECT code, row, unit, procedure,"
            " CASE WHEN received IS NOT NULL THEN daterange(received, ended, '[]') END, flags, due,"
            " officer, reasons, source, beside"
            " FROM unnest(%s::text[], %s::jsonb[], %s::text[], %s::text[], %s::date[], %s::date[], %s::int[],"
            " %s::timestamptz[], %s::text[], %s::int[], %s::text[], %s::text[])"
            " AS t(code, row, unit, procedure, received, ended, flags, due, officer, reasons, source, beside)"
            " ON CONFLICT (code) DO UPDATE SET row = EXCLUDED.row, unit_code = EXCLUDED.unit_code,"
            " procedure_code = EXCLUDED.procedure_code, days = EXCLUDED.days, flags = EXCLUDED.flags,"
            " open_due_at = EXCLUDED.open_due_at, officer_code = EXCLUDED.officer_code, reasons = EXCLUDED.reasons,"
            " source = EXCLUDED.source, beside = EXCLUDED.beside",
            [
                codes,
                [json.dumps(rows.stored(kept[code].row)) for code in codes],
                [one.unit_code for one in found],
                [one.procedure_code for one in found],
                [one.received_on for one in found],
                [one.ended_on for one in found],
                [one.flags for one in found],
                [one.open_due_at for one in found],
                [one.officer_code for one in found],
                [one.reasons for one in found],
                [kept[code].source for code in codes],
                [kept[code].beside for code in codes],
            ],
        )


def tellers_moved(
    before: Mapping[str, tuple[Held, Share]], after: Mapping[str, tuple[Held, Share]]
) -> Mapping[Teller, int]:
    """Return by how much the counters of who tells of dossiers change; only those of imports are kept."""
    changes: Counter[Teller] = Counter()
    for code, (one, share) in after.items():
        changes.update(teller(one, share, 1))
        if code in before:
            changes.update(teller(*before[code], -1))
    return changes


def count(changes: Mapping[Teller, int]) -> None:
    """Add the changes to the counters of who tells of dossiers."""
    cells = sorted((key, change) for key, change in changes.items() if change)
    if not cells:
        return
    keys = [[key[place] for key, _ in cells] for place in range(4)]
    with connection.cursor() as database:
        database.execute(
            "INSERT INTO live_liveimported AS t (day, unit_code, source, beside, dossiers)"
            " SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[], %s::int[])"
            " ON CONFLICT (day, unit_code, source, beside) DO UPDATE SET dossiers = t.dossiers + EXCLUDED.dossiers",
            [*keys, [change for _, change in cells]],
        )
        database.execute(
            "DELETE FROM live_liveimported AS t USING unnest(%s::date[], %s::text[], %s::text[], %s::text[])"
            " AS k(day, unit_code, source, beside) WHERE t.dossiers = 0 AND t.day = k.day"
            " AND t.unit_code = k.unit_code AND t.source = k.source AND t.beside = k.beside",
            keys,
        )
