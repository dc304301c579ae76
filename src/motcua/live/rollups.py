"""Bộ đếm: what the dossiers' shares add up to, kept by day, by month and by what is carried into a month.

Counters are sums, so a moved dossier is its old share taken out and its new one put in; ``move`` does that in the
projector's transaction. ``refill`` counts the same from the dossiers' rows, set by set, after a fold from zero. A
figure of any period then follows from whole months and a few days, however many years are kept (``live.counters``).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from motcua.facts.columns import COUNTED, FLAGS
from motcua.live import models
from motcua.live.rows import Share

COUNTERS = ("dossiers", *COUNTED)
NOT_ENDED = date(9999, 12, 1)
"""The month in which ``LiveCarried`` keeps the dossiers that have not ended: carried into every month to come."""
EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "online": ("is_online",),
    "fee": ("is_synced", "has_fee_amount"),
    "paid": ("has_online_payment",),
    "population": ("is_synced", "has_population_data"),
}
"""Kinds of evidence about a procedure -> the flags that a dossier needs for it, as ``facts.procedures`` has them."""
TABLES = (models.LiveDay, models.LiveMonth, models.LiveEnded, models.LiveCarried, models.LiveShown)

_MASKS = tuple(sum(1 << FLAGS.index(flag) for flag in flags) for flags in EVIDENCE.values())
_KEYS: Mapping[str, Mapping[str, str]] = {
    "live_liveday": {"day": "date", "unit_code": "text"},
    "live_livemonth": {"month": "date", "unit_code": "text"},
    "live_liveended": {"day": "date", "received_month": "date", "unit_code": "text"},
    "live_livecarried": {"month": "date", "received_month": "date", "unit_code": "text"},
}
Key = tuple[Any, ...]
_Changes = dict[Key, list[int]]
_Cell = tuple[date, str, str]
"""Month, unit, procedure."""


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def following(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def carried_into(share: Share) -> Iterator[date]:
    """Go through the months into which the dossier is carried: those that begin after its receipt, up to its end."""
    if share.received_on is None:
        return
    if share.ended_on is None:
        yield NOT_ENDED
        return
    month = following(month_of(share.received_on))
    while month <= share.ended_on:
        yield month
        month = following(month)


def move(moved: Collection[tuple[Share | None, Share]], *, batch: int) -> None:
    """Take the old shares out of the counters and put the new ones in; the dossiers' rows are the new ones already.

    Args:
        moved: the share of each changed dossier before (None: it is new) and after.
        batch: number of the transaction (``Progress.batch``), larger than that of any before.
    """
    before = [one for one, _ in moved if one is not None and one.received_on is not None]
    after = [one for _, one in moved if one.received_on is not None]
    for table, changes in _changes(before, after).items():
        _add(table, changes)
    gone = _evidence(before) - _evidence(after)
    _show(_evidence(after), batch=batch)
    if gone:
        _show_again({cell for cell, _, _ in gone}, batch=batch)


def _changes(before: Iterable[Share], after: Iterable[Share]) -> Mapping[str, _Changes]:
    """Return by how much each counter of each table changes."""
    # Many dossiers of a batch share a cell and their flags: they are spread over the counters once.
    numbers: Counter[tuple[str, Key, int]] = Counter()
    for shares, sign in ((before, -1), (after, 1)):
        for one in shares:
            assert one.received_on is not None  # noqa: S101 - chosen so
            month = month_of(one.received_on)
            numbers["live_liveday", (one.received_on, one.unit_code), one.flags] += sign
            numbers["live_livemonth", (month, one.unit_code), one.flags] += sign
            if one.ended_on is not None:
                numbers["live_liveended", (one.ended_on, month, one.unit_code), one.flags] += sign
            for into in carried_into(one):
                numbers["live_livecarried", (into, month, one.unit_code), one.flags] += sign
    found: dict[str, _Changes] = {name: defaultdict(lambda: [0] * len(COUNTERS)) for name in _KEYS}
    for (table, key, flags), change in numbers.items():
        if change:
            cell = found[table][key]
            cell[0] += change
            for bit in range(len(COUNTED)):
                cell[bit + 1] += change * (flags >> bit & 1)
    return found


def _add(table: str, changes: _Changes) -> None:
    cells = [(key, values) for key, values in sorted(changes.items()) if any(values)]
    if not cells:
        return
    keys = _KEYS[table]
    columns = ", ".join((*keys, *COUNTERS))
    casts = ", ".join([f"%s::{kind}[]" for kind in keys.values()] + ["%s::int[]"] * len(COUNTERS))
    sums = ", ".join(f"{name} = t.{name} + EXCLUDED.{name}" for name in COUNTERS)
    arrays = _arrays([key for key, _ in cells], keys)
    arrays += [[values[place] for _, values in cells] for place in range(len(COUNTERS))]
    fixed = ", shown_in" if table == "live_livemonth" else ""
    with connection.cursor() as database:
        database.execute(
            f"INSERT INTO {table} AS t ({columns}{fixed})"  # noqa: S608 - names of our own
            f" SELECT *{', 0' if fixed else ''} FROM unnest({casts})"
            f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}",
            arrays,
        )
        # A cell in which nothing stands any more is as if it had never been: folding from zero makes none. Only of a
        # month the mark stays that something was taken back.
        emptied = [key for key, values in cells if values[0] < 0 and table != "live_livemonth"]
        if emptied:
            database.execute(
                f"DELETE FROM {table} AS t USING unnest({', '.join(f'%s::{kind}[]' for kind in keys.values())})"  # noqa: S608
                f" AS k({', '.join(keys)}) WHERE t.dossiers = 0"
                f" AND {' AND '.join(f't.{name} = k.{name}' for name in keys)}",
                _arrays(emptied, keys),
            )


def _arrays(cells: Sequence[Key], keys: Collection[object]) -> list[list[Any]]:
    return [[key[place] for key in cells] for place in range(len(keys))]


def _evidence(shares: Iterable[Share]) -> set[tuple[_Cell, int, int]]:
    """Return what the dossiers show: the cell, the day of the month, the kind's place in ``EVIDENCE``."""
    return {
        ((month_of(one.received_on), one.unit_code, one.procedure_code), one.received_on.day, kind)
        for one in shares
        if one.received_on
        for kind, mask in enumerate(_MASKS)
        if one.flags & mask == mask
    }


_CELL = "month, unit_code, procedure_code"
_KINDS = ", ".join(EVIDENCE)
_CELLS = "unnest(%s::date[], %s::text[], %s::text[]"


def _show(shown: Iterable[tuple[_Cell, int, int]], *, batch: int) -> None:
    """Note what dossiers show; only rows that did not show it yet are written."""
    days: dict[_Cell, list[int]] = defaultdict(lambda: [0] * len(EVIDENCE))
    for cell, day, kind in shown:
        days[cell][kind] |= 1 << (day - 1)
    if not days:
        return
    cells = sorted(days)
    arrays = [*_arrays(cells, range(3)), *([days[cell][kind] for cell in cells] for kind in range(len(EVIDENCE)))]
    more = ", ".join(f"{kind} = t.{kind} | EXCLUDED.{kind}" for kind in EVIDENCE)
    with connection.cursor() as database:
        database.execute(
            f"WITH changed AS (INSERT INTO live_liveshown AS t ({_CELL}, {_KINDS})"  # noqa: S608 - names of our own
            f" SELECT n.* FROM {_CELLS}, {', '.join(['%s::int[]'] * len(EVIDENCE))}) AS n({_CELL}, {_KINDS})"
            f" LEFT JOIN live_liveshown o USING ({_CELL}) WHERE o.month IS NULL"
            f" OR {' OR '.join(f'o.{kind} | n.{kind} <> o.{kind}' for kind in EVIDENCE)}"
            f" ON CONFLICT ({_CELL}) DO UPDATE SET {more}"
            " RETURNING month, unit_code)"
            " UPDATE live_livemonth m SET shown_in = %s FROM (SELECT DISTINCT month, unit_code FROM changed) AS c"
            " WHERE m.month = c.month AND m.unit_code = c.unit_code",
            [*arrays, batch],
        )


def _show_again(cells: Collection[_Cell], *, batch: int) -> None:
    """Read anew what the dossiers of the cells show: one of them no longer shows what it did."""
    arrays = _arrays(sorted(cells), range(3))
    with connection.cursor() as database:
        database.execute(
            f"DELETE FROM live_liveshown t USING {_CELLS}) AS k({_CELL})"  # noqa: S608 - names of our own
            " WHERE t.month = k.month AND t.unit_code = k.unit_code AND t.procedure_code = k.procedure_code",
            arrays,
        )
        database.execute(
            f"INSERT INTO live_liveshown ({_CELL}, {_KINDS}) SELECT * FROM ("  # noqa: S608 - names of our own
            f"SELECT k.month, k.unit_code, k.procedure_code, {_DAYS_SHOWN} FROM {_CELLS}) AS k({_CELL})"
            " JOIN live_livedossier d ON d.unit_code = k.unit_code AND d.procedure_code = k.procedure_code"
            " AND lower(d.days) >= k.month AND lower(d.days) < k.month + interval '1 month' GROUP BY 1, 2, 3) AS now"
            f" WHERE ({' | '.join(EVIDENCE)}) <> 0",
            arrays,
        )
        database.execute(
            "UPDATE live_livemonth m SET shown_in = %s FROM unnest(%s::date[], %s::text[]) AS k(month, unit_code)"
            " WHERE m.month = k.month AND m.unit_code = k.unit_code",
            [batch, *arrays[:2]],
        )


_DAYS_SHOWN = ", ".join(
    f"bit_or(CASE WHEN flags & {mask} = {mask} THEN 1 << (extract(day FROM lower(days))::int - 1) ELSE 0 END) AS {kind}"
    for kind, mask in zip(EVIDENCE, _MASKS, strict=True)
)
_COUNTED = ", ".join(
    ["count(*) AS dossiers", *(f"sum(flags >> {bit} & 1) AS {name}" for bit, name in enumerate(COUNTED))]
)
_MONTH = "date_trunc('month', {})::date"
_RECEIVED_MONTH = _MONTH.format("lower(days)")
_NAMES = ", ".join(COUNTERS)
_SUMMED = ", ".join(f"sum({name}) AS {name}" for name in COUNTERS)
_REFILLS = (
    f"""
INSERT INTO live_liveday (day, unit_code, {_NAMES})
SELECT lower(days), unit_code, {_COUNTED} FROM live_livedossier WHERE days IS NOT NULL GROUP BY 1, 2
""",  # noqa: S608
    f"""
INSERT INTO live_livemonth (month, unit_code, {_NAMES}, shown_in)
SELECT {_MONTH.format("day")}, unit_code, {_SUMMED}, 0 FROM live_liveday GROUP BY 1, 2
""",  # noqa: S608
    f"""
INSERT INTO live_liveended (day, received_month, unit_code, {_NAMES})
SELECT upper(days) - 1, {_RECEIVED_MONTH}, unit_code, {_COUNTED}
FROM live_livedossier WHERE NOT upper_inf(days) GROUP BY 1, 2, 3
""",  # noqa: S608
    f"""
INSERT INTO live_livecarried (month, received_month, unit_code, {_NAMES})
SELECT '{NOT_ENDED}'::date, {_RECEIVED_MONTH}, unit_code, {_COUNTED}
FROM live_livedossier WHERE upper_inf(days) GROUP BY 1, 2, 3
""",  # noqa: S608
    f"""
INSERT INTO live_livecarried (month, received_month, unit_code, {_NAMES})
SELECT into_month::date, {_RECEIVED_MONTH}, unit_code, {_COUNTED} FROM live_livedossier,
    generate_series({_RECEIVED_MONTH} + interval '1 month', upper(days) - 1, interval '1 month') AS into_month
WHERE NOT upper_inf(days) GROUP BY 1, 2, 3
""",  # noqa: S608
    f"""
INSERT INTO live_liveshown ({_CELL}, {_KINDS})
SELECT * FROM (SELECT {_RECEIVED_MONTH} AS month, unit_code, procedure_code, {_DAYS_SHOWN}
    FROM live_livedossier WHERE days IS NOT NULL GROUP BY 1, 2, 3) AS now
WHERE ({" | ".join(EVIDENCE)}) <> 0
""",  # noqa: S608
)


def refill() -> None:
    """Count every dossier's row from nothing; the tables are empty."""
    with connection.cursor() as database:
        for statement in _REFILLS:
            database.execute(statement)


def unequal_months(*, start: date, end: date) -> list[tuple[date, str, int, int]]:
    """Return the months from the day up to the other whose counters are not the sum of their days.

    Each with its unit, the dossiers counted by month and those counted by day.
    """
    with connection.cursor() as database:
        database.execute(
            f"SELECT coalesce(m.month, d.month), coalesce(m.unit_code, d.unit_code), coalesce(m.dossiers, 0),"  # noqa: S608
            f" coalesce(d.dossiers, 0) FROM (SELECT month, unit_code, {_NAMES} FROM live_livemonth"
            " WHERE dossiers <> 0 AND month >= %(first)s AND month < %(end)s) AS m FULL JOIN"
            f" (SELECT {_MONTH.format('day')} AS month, unit_code, {_SUMMED} FROM live_liveday"
            "  WHERE day >= %(first)s AND day < %(last)s GROUP BY 1, 2) AS d USING (month, unit_code)"
            f" WHERE ({', '.join(f'm.{name}' for name in COUNTERS)})"
            f" IS DISTINCT FROM ({', '.join(f'd.{name}' for name in COUNTERS)}) ORDER BY 1, 2",
            {"first": month_of(start), "end": end, "last": following(month_of(end - timedelta(days=1)))},
        )
        found: list[tuple[date, str, int, int]] = database.fetchall()
        return found
