"""The projector's side of imports: moves the figures from what a source said before to what it says now.

One dossier, one truth: the desk's own events win for a dossier the desk holds, whichever came first; an import then
fills only the columns that no event of the desk tells (``FILLED``). Any other dossier is as its import has it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from motcua.eventlog.log import Cursor, Event
from motcua.facts.options import FactOptions
from motcua.live import holding, imports_kept, models, rollups, rows
from motcua.live.holding import FILLED, Held, Teller
from motcua.live.imports_kept import DOSSIERS, MENTIONS, Import, Part
from motcua.live.rows import Share

_ROWS = 5_000
_NOTHING = Share("", "", None, None, 0, None, "", 0)
"""The share of a dossier that is not there any more."""


def take(events: Sequence[Event], *, options: FactOptions, batch: int) -> None:
    """Take the last import of each source among the events in; part of the projector's transaction."""
    last = {event.subject: event for event in events if event.kind == imports_kept.TAKEN}
    for source, event in sorted(last.items()):
        before = models.ImportedSource.objects.filter(code=source).first()
        first = before.first_position if before else event.cursor.position
        now = imports_kept.read(source, event.content, position=event.cursor.position, first_position=first)
        old = imports_kept.read(source, before.told, position=0, first_position=first) if before else None
        _move(old, now, options=options, batch=batch)
        _note(now)


def refold(*, until: Cursor, options: FactOptions) -> int:
    """Take the last import of every source up to the cursor in, after the desk's dossiers, and count from the rows.

    The counters by day and month are counted from the rows afterwards (``rollups.refill``); those of imports here.
    Returns the position of the last import, 0 where there is none.
    """
    models.ImportedSource.objects.all().delete()
    models.LiveImported.objects.all().delete()
    last = 0
    for one in imports_kept.latest(until=until):
        for frame in imports_kept.all_rows(one.of(DOSSIERS, MENTIONS)):
            for start in range(0, frame.height, _ROWS):
                _put(frame.slice(start, _ROWS), source=one.source, options=options)
        _note(one)
        last = max(last, one.position)
    with connection.cursor() as database:
        database.execute(
            "INSERT INTO live_liveimported (day, unit_code, source, beside, dossiers)"
            " SELECT lower(days), unit_code, source, beside, count(*) FROM live_livedossier"
            " WHERE days IS NOT NULL AND (source <> '' OR beside <> '') GROUP BY 1, 2, 3, 4"
        )
    return last


def _note(one: Import) -> None:
    models.ImportedSource.objects.update_or_create(
        code=one.source,
        defaults={
            "name": one.name,
            "position": one.position,
            "first_position": one.first_position,
            "observed_at": one.observed_at,
            "taken_at": one.taken_at,
            "dossiers": one.dossiers,
            "told": imports_kept.written(one),
        },
    )


def _move(before: Import | None, now: Import, *, options: FactOptions, batch: int) -> None:
    """Move the figures; parts that both imports have are not read."""
    old = before.of(DOSSIERS, MENTIONS) if before else ()
    new = now.of(DOSSIERS, MENTIONS)
    kept = {part.digest for part in old} & {part.digest for part in new}
    gone = [part for part in old if part.digest not in kept]
    come = [part for part in new if part.digest not in kept]
    for codes in _left_out(gone, come):
        _count(*_take_back(codes, source=now.source, options=options), batch=batch)
    by_month = _parts_by_month(gone)
    for part in come:
        frame = imports_kept.rows(part)
        for other in by_month.get((part.table, part.month), ()):
            # What stands there as it stood is not touched.
            frame = frame.join(imports_kept.rows(other), on=frame.columns, how="anti", nulls_equal=True)
        for start in range(0, frame.height, _ROWS):
            _count(*_put(frame.slice(start, _ROWS), source=now.source, options=options), batch=batch)


def _parts_by_month(parts: Iterable[Part]) -> Mapping[tuple[str, date | None], list[Part]]:
    found: dict[tuple[str, date | None], list[Part]] = {}
    for part in parts:
        found.setdefault((part.table, part.month), []).append(part)
    return found


def _left_out(gone: Sequence[Part], come: Sequence[Part]) -> Iterable[list[str]]:
    """Go through the codes that the source no longer tells of."""
    if not gone:
        return
    stays = pl.concat(
        [pl.DataFrame(schema={"dossier_code": pl.String()}), *imports_kept.all_rows(come, columns=["dossier_code"])]
    )
    for frame in imports_kept.all_rows(gone, columns=["dossier_code"]):
        codes = frame.join(stays, on="dossier_code", how="anti").to_series().to_list()
        for start in range(0, len(codes), _ROWS):
            yield codes[start : start + _ROWS]


_Moved = list[tuple[Share | None, Share]]
_Tellers = Counter[Teller]


def _put(frame: pl.DataFrame, *, source: str, options: FactOptions) -> tuple[_Moved, _Tellers]:
    """Write the rows of an import; return the shares before and after, and by how much the tellers change."""
    told = {str(row["dossier_code"]): row for row in frame.iter_rows(named=True)}
    before = holding.held(told)
    after = {code: _with(before.get(code), row, source) for code, row in told.items()}
    return _write(before, after, options=options)


def _with(one: Held | None, row: Mapping[str, Any], source: str) -> Held:
    if one is not None and one.is_of_the_desk:
        own = {name: value for name, value in one.row.items() if name not in FILLED}
        return Held({**own, **{name: row[name] for name in FILLED if row.get(name) is not None}}, "", source)
    return Held(
        {name: value for name, value in row.items() if value is not None and name != "dossier_code"}, source, ""
    )


def _take_back(codes: Sequence[str], *, source: str, options: FactOptions) -> tuple[_Moved, _Tellers]:
    """Take back what the source said of dossiers that it no longer tells of."""
    before = holding.held(codes)
    filled = {
        code: Held({name: value for name, value in one.row.items() if name not in FILLED}, "", "")
        for code, one in before.items()
        if one.is_of_the_desk and one.beside == source
    }
    moved, tellers = _write({code: before[code] for code in filled}, filled, options=options)
    own = {code: one for code, one in before.items() if one.source == source}
    models.LiveDossier.objects.filter(code__in=list(own)).delete()
    for one in own.values():
        share = rows.share(one.row, options=options)
        moved.append((share, _NOTHING))
        tellers.update(holding.teller(one, share, -1))
    return moved, tellers


def _write(before: Mapping[str, Held], after: Mapping[str, Held], *, options: FactOptions) -> tuple[_Moved, _Tellers]:
    shares = {code: rows.share(one.row, options=options) for code, one in after.items()}
    old = {code: rows.share(one.row, options=options) for code, one in before.items()}
    holding.write(after, shares)
    tellers: _Tellers = Counter()
    for code, one in after.items():
        tellers.update(holding.teller(one, shares[code], 1))
        if code in before:
            tellers.update(holding.teller(before[code], old[code], -1))
    return [(old.get(code), share) for code, share in shares.items() if old.get(code) != share], tellers


def _count(moved: _Moved, tellers: _Tellers, *, batch: int) -> None:
    rollups.move(moved, batch=batch)
    holding.count(tellers)
