"""The projector: takes events in commit order and keeps the figures, each batch one transaction.

The cursor, the dossiers' rows and the counters change together, so that an event counts exactly once whenever the
process dies; a second projector waits for the first and goes on from where it came.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from motcua.eventlog import log
from motcua.eventlog.log import Cursor, Event
from motcua.facts.options import FactOptions
from motcua.live import contests, holding, imports_folding, imports_kept, models, refolding, rollups, rows, subjects
from motcua.live.holding import Held

DOSSIER = "dossier"
_OTHERS_AT_ONCE = 10_000
BATCH = 1_000
"""Events of one transaction while the figures follow the desk: a tenth of a second of work."""


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
    for table in (*rollups.TABLES, models.LiveDossier, models.LiveSubject, models.LiveContest):
        table.objects.all().delete()
    progress.fold, progress.batch, progress.reading = uuid.uuid4(), 1, repr(options)
    progress.events, progress.last_event_at = 0, None
    until = log.end()
    # The few events of other subjects one after the other as always, those of dossiers each dossier at once.
    cursor = log.START
    while others := log.read(after=cursor, limit=_OTHERS_AT_ONCE, until=until, but=DOSSIER):
        _take_others(progress, others)
        _count(progress, len(others), max(event.at for event in others))
        cursor = others[-1].cursor
    folded = refolding.dossiers(until=until, options=options)
    imported = imports_folding.refold(until=until, options=options)
    progress.catalogue_position = max(progress.catalogue_position, imported)
    rollups.refill()
    _count(progress, folded.events, folded.last_event_at)
    progress.transaction, progress.position, progress.projected_at = until.transaction, until.position, at
    progress.save()
    return progress.events


def _advance(progress: models.Progress, *, options: FactOptions, at: datetime, limit: int) -> int:
    events = log.read(after=Cursor(progress.transaction, progress.position), limit=limit)
    if not events:
        return 0
    progress.batch += 1
    _take_others(progress, [event for event in events if event.stream != DOSSIER])
    _take_imports(progress, events, options=options)
    _take_dossiers([event for event in events if event.stream == DOSSIER], options=options, batch=progress.batch)
    last = events[-1].cursor
    progress.transaction, progress.position, progress.projected_at = last.transaction, last.position, at
    _count(progress, len(events), max(event.at for event in events))
    progress.save()
    return len(events)


def _count(progress: models.Progress, events: int, last_event_at: datetime | None) -> None:
    progress.events += events
    known = [moment for moment in (progress.last_event_at, last_event_at) if moment]
    progress.last_event_at = max(known, default=None)


def _take_others(progress: models.Progress, events: Sequence[Event]) -> None:
    """Take the events in that are about something else than a dossier."""
    about = [event for event in events if event.stream in subjects.STREAMS]
    _take_subjects(about)
    if about:
        progress.catalogue_position = about[-1].cursor.position
    contests.take([event for event in events if event.stream == contests.STREAM])


def _take_imports(progress: models.Progress, events: Sequence[Event], *, options: FactOptions) -> None:
    news = [event for event in events if event.stream == imports_kept.STREAM]
    if news:
        imports_folding.take(news, options=options, batch=progress.batch)
        # Their tables stand beside what the desk tells of units and procedures.
        progress.catalogue_position = max(progress.catalogue_position, news[-1].cursor.position)


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


def _take_dossiers(events: Sequence[Event], *, options: FactOptions, batch: int) -> None:
    if not events:
        return
    kept = holding.held({event.subject for event in events})
    before = {code: rows.share(one.row, options=options) for code, one in kept.items()}
    told = {code: holding.of_the_desk(Held(dict(one.row), one.source, one.beside)) for code, one in kept.items()}
    for event in events:
        rows.apply(told.setdefault(event.subject, Held({}, "", "")).row, event)
    after = {code: rows.share(one.row, options=options) for code, one in told.items()}
    holding.write(told, after)
    rollups.move([(before.get(code), now) for code, now in after.items() if before.get(code) != now], batch=batch)
    holding.count(
        holding.tellers_moved(
            {code: (one, before[code]) for code, one in kept.items()},
            {code: (one, after[code]) for code, one in told.items()},
        )
    )
