"""The projector: takes events in commit order and keeps the figures, each batch one transaction.

The cursor, the dossiers' rows and the counters change together, so that an event counts exactly once whenever the
process dies; a second projector waits for the first and goes on from where it came.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from motcua.eventlog import log
from motcua.eventlog.log import Cursor, Event
from motcua.facts.columns import COUNTED, FLAGS
from motcua.facts.options import FactOptions
from motcua.live import contests, models, rows, subjects
from motcua.live.rows import Share

BATCH = 1_000
REBUILD_BATCH = 10_000
COUNTERS = ("dossiers", *COUNTED)
EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "online": ("is_online",),
    "fee": ("is_synced", "has_fee_amount"),
    "paid": ("has_online_payment",),
    "population": ("is_synced", "has_population_data"),
}
"""Kinds of evidence about a procedure -> the flags that a dossier needs for it, as ``facts.procedures`` has them."""

_EVIDENCE_MASKS = tuple(sum(1 << FLAGS.index(flag) for flag in flags) for flags in EVIDENCE.values())


def has_news() -> bool:
    """Tell whether the log has something to take in; costs one read and no transaction number."""
    return bool(log.read(after=cursor(), limit=1))


def cursor() -> Cursor:
    """Return how far the figures have come."""
    row = models.Progress.objects.filter(number=1).values_list("transaction", "position").first()
    return Cursor(*row) if row else log.START


def project(*, options: FactOptions, at: datetime, limit: int = BATCH) -> int:
    """Take the next events in and return how many there were; one transaction.

    A rule set that reads the facts otherwise than the figures were counted leads to counting everything anew.
    """
    with transaction.atomic():
        progress = _locked(options)
        if progress.reading != repr(options):
            return _folded_again(progress, options=options, at=at)
        return _advance(progress, options=options, at=at, limit=limit)


@transaction.atomic
def rebuild(*, options: FactOptions, at: datetime) -> int:
    """Throw every figure away and fold the log from zero; whoever reads sees the old figures until it is done."""
    return _folded_again(_locked(options), options=options, at=at)


def _locked(options: FactOptions) -> models.Progress:
    models.Progress.objects.bulk_create([models.Progress(number=1, reading=repr(options))], ignore_conflicts=True)
    return models.Progress.objects.select_for_update().get(number=1)


def _folded_again(progress: models.Progress, *, options: FactOptions, at: datetime) -> int:
    for table in (
        models.LiveDossier, models.LiveDay, models.LiveEvidence, models.LiveSubject, models.LiveContest,
    ):  # fmt: skip
        table.objects.all().delete()
    progress.transaction = progress.position = progress.events = 0
    progress.last_event_at, progress.reading = None, repr(options)
    whole = 0
    while taken := _advance(progress, options=options, at=at, limit=REBUILD_BATCH):
        whole += taken
    progress.save()
    return whole


def _advance(progress: models.Progress, *, options: FactOptions, at: datetime, limit: int) -> int:
    events = log.read(after=Cursor(progress.transaction, progress.position), limit=limit)
    if not events:
        return 0
    about = [event for event in events if event.stream in subjects.STREAMS]
    _take_subjects(about)
    if about:
        progress.catalogue_position = about[-1].cursor.position
    _take_dossiers([event for event in events if event.stream == "dossier"], options=options)
    contests.take([event for event in events if event.stream == contests.STREAM])
    last = events[-1].cursor
    progress.transaction, progress.position = last.transaction, last.position
    progress.events += len(events)
    progress.last_event_at = max(*(event.at for event in events), progress.last_event_at or events[0].at)
    progress.projected_at = at
    progress.save()
    return len(events)


def _take_subjects(events: Sequence[Event]) -> None:
    if not events:
        return
    touched = {(event.stream, event.subject) for event in events}
    kept = models.LiveSubject.objects.filter(code__in={code for _, code in touched})
    told = {(row.stream, row.code): row.told for row in kept}
    for event in events:
        subjects.apply(told.setdefault((event.stream, event.subject), {}), event)
    changed = sorted(touched)
    with connection.cursor() as database:
        database.execute(
            "INSERT INTO live_livesubject (stream, code, told)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::jsonb[])"
            " ON CONFLICT (stream, code) DO UPDATE SET told = EXCLUDED.told",
            [[key[0] for key in changed], [key[1] for key in changed], [json.dumps(told[key]) for key in changed]],
        )


def _take_dossiers(events: Sequence[Event], *, options: FactOptions) -> None:
    if not events:
        return
    touched = {event.subject for event in events}
    kept = models.LiveDossier.objects.filter(code__in=touched).values_list("code", "row")
    folded = {code: rows.read(row) for code, row in kept}
    before = {code: rows.share(row, options=options) for code, row in folded.items()}
    for event in events:
        rows.apply(folded.setdefault(event.subject, {}), event)
    after = {code: rows.share(row, options=options) for code, row in folded.items()}
    moved = [code for code, now in after.items() if before.get(code) != now]
    _keep(folded, after)
    _count([before[code] for code in moved if code in before], [after[code] for code in moved])


def _keep(folded: Mapping[str, Mapping[str, Any]], shares: Mapping[str, Share]) -> None:
    codes = sorted(folded)
    found = [shares[code] for code in codes]
    with connection.cursor() as database:
        database.execute(
            "INSERT INTO live_livedossier (code, row, unit_code, procedure_code, days, flags, open_due_at,"
            " officer_code, reasons)"
            " SELECT code, row, unit, procedure,"
            " CASE WHEN received IS NOT NULL THEN daterange(received, ended, '[]') END, flags, due,"
            " officer, reasons"
            " FROM unnest(%s::text[], %s::jsonb[], %s::text[], %s::text[], %s::date[], %s::date[], %s::int[],"
            " %s::timestamptz[], %s::text[], %s::int[])"
            " AS t(code, row, unit, procedure, received, ended, flags, due, officer, reasons)"
            " ON CONFLICT (code) DO UPDATE SET row = EXCLUDED.row, unit_code = EXCLUDED.unit_code,"
            " procedure_code = EXCLUDED.procedure_code, days = EXCLUDED.days, flags = EXCLUDED.flags,"
            " open_due_at = EXCLUDED.open_due_at, officer_code = EXCLUDED.officer_code, reasons = EXCLUDED.reasons",
            [
                codes,
                [json.dumps(rows.stored(folded[code])) for code in codes],
                [one.unit_code for one in found],
                [one.procedure_code for one in found],
                [one.received_on for one in found],
                [one.ended_on for one in found],
                [one.flags for one in found],
                [one.open_due_at for one in found],
                [one.officer_code for one in found],
                [one.reasons for one in found],
            ],
        )


def _count(before: Iterable[Share], after: Iterable[Share]) -> None:
    """Take the old shares out of the counters and put the new ones in."""
    of_day: Counter[tuple[Any, str, int]] = Counter()
    of_procedure: Counter[tuple[Any, str, str, int]] = Counter()
    for shares, sign in ((before, -1), (after, 1)):
        for one in shares:
            if one.received_on is not None:
                of_day[one.received_on, one.unit_code, one.flags] += sign
                shown = sum(1 << bit for bit, mask in enumerate(_EVIDENCE_MASKS) if one.flags & mask == mask)
                of_procedure[one.received_on, one.unit_code, one.procedure_code, shown] += sign
    days: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(COUNTERS))
    for (day, unit, flags), change in of_day.items():
        cell = days[day, unit]
        cell[0] += change
        for bit in range(len(COUNTED)):
            cell[bit + 1] += change * (flags >> bit & 1)
    procedures: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(EVIDENCE))
    for (day, unit, procedure, shown), change in of_procedure.items():
        for bit in range(len(EVIDENCE)):
            if shown >> bit & 1:
                procedures[day, unit, procedure][bit] += change
    _add("live_liveday", {"day": "date", "unit_code": "text"}, COUNTERS, days)
    keys = {"day": "date", "unit_code": "text", "procedure_code": "text"}
    _add("live_liveevidence", keys, tuple(EVIDENCE), procedures)


def _add(
    table: str, keys: Mapping[str, str], counters: Sequence[str], changes: Mapping[tuple[Any, ...], Sequence[int]]
) -> None:
    cells = [(key, values) for key, values in sorted(changes.items()) if any(values)]
    if not cells:
        return
    columns = ", ".join((*keys, *counters))
    casts = ", ".join([f"%s::{kind}[]" for kind in keys.values()] + ["%s::int[]"] * len(counters))
    sums = ", ".join(f"{name} = t.{name} + EXCLUDED.{name}" for name in counters)
    arrays = [[key[place] for key, _ in cells] for place in range(len(keys))]
    arrays += [[values[place] for _, values in cells] for place in range(len(counters))]
    with connection.cursor() as database:
        database.execute(
            f"INSERT INTO {table} AS t ({columns}) SELECT * FROM unnest({casts})"  # noqa: S608 - names of our own
            f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}",
            arrays,
        )
