"""What the dossiers of a period show about procedures, kept in memory by month and read again only where it changed.

A year of a province is a few hundred thousand cells of unit, procedure and month, of which a second of work changes a
handful. So each process keeps the months it has read, and asks which units' cells have changed since.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from motcua.facts import counting, procedures
from motcua.facts.layout import Layout, day_number
from motcua.live import counters
from motcua.live.rollups import EVIDENCE, following, month_of

_KINDS = ", ".join(EVIDENCE)
_MONTHS_KEPT = 72
"""Five years and what they are compared with; a month of a province takes up to a megabyte."""


class Numbering:
    """Gives every code a number, the same for the life of the process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._numbers: dict[str, int] = {}

    def of(self, codes: Sequence[str]) -> NDArray[np.intp]:
        """Return the number of each code."""
        numbers = self._numbers
        return np.array([numbers.setdefault(code, len(numbers)) for code in codes], dtype=np.intp)

    def placed(self, places: Mapping[str, int]) -> NDArray[np.intp]:
        """Return the place of every numbered code, -1 for one that has none."""
        return np.array([places.get(code, -1) for code in self._numbers], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Month:
    """The cells of a month: unit and procedure by number, and on which days (bits) each kind was shown."""

    batch: int
    unit: NDArray[np.intp]
    procedure: NDArray[np.intp]
    days: NDArray[np.int32]
    """(kind, cell)."""


class _Memory:
    """The months kept of one fold."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.fold: tuple[str, UUID | None] = ("", None)
        self.months: dict[date, Month] = {}
        self.units = Numbering()
        self.procedures = Numbering()


_memory = _Memory()


def days_of(month: date, *, start: date, end: date) -> int:
    """Return the days of the month from ``start`` up to ``end`` as bits, bit 0 the first."""
    first = max(start, month).day - 1 if start < following(month) else 31
    last = 31 if end >= following(month) else (end - month).days
    return ((1 << max(last, first)) - 1) & ~((1 << first) - 1) & 0x7FFFFFFF


def read(layout: Layout, codes: Mapping[str, int], *, start: date, end: date, fold: UUID | None) -> procedures.Shown:
    """Return what was shown from ``start`` up to ``end``, between the days on which trees of units begin.

    ``fold`` names the fold that the caller's snapshot sees.
    """
    first, last = day_number(start), max(day_number(end), day_number(start) + 1)
    edges = counting.Bins([first, last, *layout.starts[1:]])
    shape = (len(edges), len(layout.codes), len(codes))
    shown = procedures.Shown(edges, {kind: np.zeros(shape, dtype=np.bool_) for kind in EVIDENCE})
    kept, unit_places, procedure_places = _months(layout, codes, start=start, end=end, fold=fold)
    for low, high in counters.spans(layout, start=start, end=end):
        interval = int(edges.of(np.array([day_number(low)]))[0])
        for month, cells in kept.items():
            bits = days_of(month, start=low, end=high)
            if not bits or month >= high:
                continue
            unit, procedure = unit_places[cells.unit], procedure_places[cells.procedure]
            for kind, days in zip(EVIDENCE, cells.days, strict=True):
                found = (days & bits != 0) & (unit >= 0) & (procedure >= 0)
                shown.by_kind[kind][interval, unit[found], procedure[found]] = True
    return shown


def rows(start: date, end: date) -> Sequence[tuple[Any, ...]]:
    """Return unit, procedure and, for each kind, a number that is not nought if a dossier of the days shows it."""
    months = _between(start, end)
    shown = ", ".join(f"bit_or({kind} & days) AS {kind}" for kind in EVIDENCE)
    with connection.cursor() as database:
        database.execute(
            f"SELECT * FROM (SELECT unit_code, procedure_code, {shown}"  # noqa: S608 - columns of our own
            " FROM unnest(%s::date[], %s::int[]) AS asked(month, days) JOIN live_liveshown USING (month) GROUP BY 1, 2)"
            f" AS found WHERE ({_KINDS.replace(', ', ' | ')}) <> 0",
            [months, [days_of(month, start=start, end=end) for month in months]],
        )
        found: list[tuple[Any, ...]] = database.fetchall()
        return found


def _between(start: date, end: date) -> list[date]:
    months, month = [], month_of(start)
    while month < end:
        months.append(month)
        month = following(month)
    return months


def _months(
    layout: Layout, codes: Mapping[str, int], *, start: date, end: date, fold: UUID | None
) -> tuple[Mapping[date, Month], NDArray[np.intp], NDArray[np.intp]]:
    """Return the months as the caller's snapshot sees them, and where their units and procedures stand."""
    asked = _between(start, end)
    with connection.cursor() as database:
        database.execute(
            "SELECT month, max(shown_in) FROM live_livemonth WHERE month >= %s AND month < %s GROUP BY 1",
            [month_of(start), end],
        )
        batches = dict(database.fetchall())
    with _memory.lock:
        name = (str(connection.settings_dict["NAME"]), fold)
        if _memory.fold != name:
            _memory.fold, _memory.months = name, {}
        found = {}
        for month in asked:
            if month in batches:
                found[month] = _month(month, batch=batches[month])
        if len(_memory.months) > _MONTHS_KEPT:
            _memory.months = dict(found)
        return found, _memory.units.placed(counters.places_of(layout)), _memory.procedures.placed(codes)


def _month(month: date, *, batch: int) -> Month:
    kept = _memory.months.get(month)
    if kept is not None and kept.batch == batch:
        return kept
    # An older snapshot than the one kept is read whole, and kept by nobody.
    is_older = kept is not None and kept.batch > batch
    found = _read(month, since=kept, batch=batch) if kept is not None and not is_older else _read_whole(month, batch)
    if not is_older:
        _memory.months[month] = found
    return found


def _read_whole(month: date, batch: int) -> Month:
    return _cells(f"SELECT unit_code, procedure_code, {_KINDS} FROM live_liveshown WHERE month = %s", [month], batch)  # noqa: S608


def _read(month: date, *, since: Month, batch: int) -> Month:
    """Read the units that have changed, and keep the others."""
    changed = "SELECT unit_code FROM live_livemonth WHERE month = %s AND shown_in > %s"
    with connection.cursor() as database:
        database.execute(changed, [month, since.batch])
        units = _memory.units.of([code for (code,) in database.fetchall()])
    news = _cells(
        f"SELECT unit_code, procedure_code, {_KINDS} FROM live_liveshown WHERE month = %s AND unit_code IN ({changed})",  # noqa: S608
        [month, month, since.batch],
        batch,
    )
    stays = ~np.isin(since.unit, units)
    return Month(
        batch=batch,
        unit=np.concatenate([since.unit[stays], news.unit]),
        procedure=np.concatenate([since.procedure[stays], news.procedure]),
        days=np.concatenate([since.days[:, stays], news.days], axis=1),
    )


def _cells(sql: str, values: Sequence[Any], batch: int) -> Month:
    with connection.cursor() as database:
        database.execute(sql, values)
        found = database.fetchall()
    if not found:
        nothing = np.empty(0, dtype=np.intp)
        return Month(batch, nothing, nothing, np.empty((len(EVIDENCE), 0), dtype=np.int32))
    unit, procedure, *days = zip(*found, strict=True)
    return Month(batch, _memory.units.of(unit), _memory.procedures.of(procedure), np.array(days, dtype=np.int32))
