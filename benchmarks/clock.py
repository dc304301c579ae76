"""The clock: due moments a second in bulk and one by one, beside others, and 500,000 dossiers after a storm day.

Everything here runs in one thread; times are wall-clock, the best of three.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from motcua import lawbook
from motcua.deadlines import arrays, calendars, changes, clock, lawfiles
from motcua.deadlines.arrays import Moments, Pauses
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Counting, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.working_time import WorkingCalendar

STORM = date(2026, 9, 18)
DAYS = np.array([1, 2, 3, 5, 5, 7, 10, 15, 20, 30])


@dataclass(frozen=True, slots=True)
class Rate:
    """How many answers a second, over how many rows, and how many of them differ from ours (None: not compared)."""

    name: str
    rows: int
    seconds: float
    different: int | None = None


def run(*, size: str) -> None:
    """Print the tables of the clock."""
    big, middle, small = (5_000_000, 50_000, 2_000) if size == "full" else (200_000, 2_000, 200)
    book = lawbook.load()
    rule = lawfiles.rule_versions(book, "standard")[-1]
    calendar = calendars.working_calendar(book, "vn", first=2022, last=2028)
    bulk(rule, calendar, big=big, small=small)
    one_by_one(rule, book, rows=middle)
    storm(rule, calendar, rows=500_000 if size == "full" else 20_000)


def bulk(rule: DeadlineRule, calendar: WorkingCalendar, *, big: int, small: int) -> None:
    """Time whole working days and elapsed hours for ``big`` rows, and the others for as many as they can do."""
    received, limit = _dossiers(big)
    pauses = _pauses(received, share=0.2)

    def ours(counting: Counting, unit: LimitUnit, rows: int, with_pauses: Pauses | None = None) -> Moments:
        return arrays.due_moments(
            calendar=calendar,
            received=received[:rows],
            limit=limit[:rows],
            unit=unit,
            counting=counting,
            day_length=rule.day_length,
            pauses=with_pauses,
        )

    days = ours(Counting.WHOLE_DAYS, LimitUnit.WORKING_DAYS, big)
    hours = ours(Counting.ELAPSED_HOURS, LimitUnit.WORKING_HOURS, small)
    holidays = np.array([day for day in calendar.data.days_off if day.weekday() < 5], "datetime64[D]")
    show(
        "whole working days (the day of receipt excluded)",
        [
            _timed("motcua, arrays", big, lambda: ours(Counting.WHOLE_DAYS, LimitUnit.WORKING_DAYS, big), days),
            _timed(
                "motcua, arrays, one in five paused",
                big,
                lambda: ours(Counting.WHOLE_DAYS, LimitUnit.WORKING_DAYS, big, pauses),
            ),
            _timed("numpy.busday_offset (no swapped days)", big, lambda: _busday(received, limit, holidays), days),
            _timed("plain loop over days", small * 10, lambda: _loop(calendar, received, limit, small * 10), days),
        ],
    )
    show(
        "working hours from the moment of receipt",
        [
            _timed("motcua, arrays", big, lambda: ours(Counting.ELAPSED_HOURS, LimitUnit.WORKING_HOURS, big)),
            _timed(
                "pandas CustomBusinessHour (no swapped days)",
                small,
                lambda: _business_hours(received, limit, small, holidays),
                hours,
            ),
        ],
    )
    show(
        "other units",
        [
            _timed(f"motcua, {unit.value}, {counting.value}", big, partial(ours, counting, unit, big))
            for unit in (LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS)
            for counting in Counting
        ],
    )


def one_by_one(rule: DeadlineRule, book: lawbook.Lawbook, *, rows: int) -> None:
    """Time single deadlines with state and every line of reasons, first with empty caches, then again."""
    received, limit = _dossiers(rows)
    moments: list[datetime] = received.tolist()
    rng = np.random.default_rng(7)
    dossiers = []
    for at, days, kind in zip(moments, limit.tolist(), rng.random((rows, 3)).tolist(), strict=True):
        pauses: tuple[Pause, ...] = ()
        if kind[0] < 0.2:
            begin = at + timedelta(hours=30 * kind[1])
            pauses = (Pause(begin, begin + timedelta(hours=100 * kind[2]), "supplement"),)
        finished = at + timedelta(days=days * 2 * kind[1]) if kind[2] < 0.7 else None
        counting = Counting.WHOLE_DAYS if kind[1] < 0.7 else Counting.ELAPSED_HOURS
        dossiers.append(Happenings(at, Limit(Decimal(days), LimitUnit.WORKING_DAYS), counting, pauses, finished))
    calendar = WorkingCalendar(calendars.working_calendar(book, "vn", first=2022, last=2028).data)
    now = datetime.fromisoformat("2026-10-10T10:00")

    def all_of_them() -> int:
        return sum(len(clock.compute(rule=rule, calendar=calendar, happenings=one, now=now).lines) for one in dossiers)

    show(
        "one by one, with state and all reasons in Vietnamese",
        [_timed("motcua, caches empty", rows, all_of_them, rounds=1), _timed("motcua", rows, all_of_them)],
    )


def storm(rule: DeadlineRule, calendar: WorkingCalendar, *, rows: int) -> None:
    """Time a storm day declared afterwards: read open dossiers from Parquet, compute, write them and what moved."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _store(rule, calendar, place, rows)
        started = time.perf_counter()
        moved = _recompute(rule, calendar, place)
        seconds = time.perf_counter() - started
    print(f"\nstorm day {STORM}, {rows:,} open dossiers: {seconds:.2f} s with storage, {moved:,} moved")


def _store(rule: DeadlineRule, calendar: WorkingCalendar, place: Path, rows: int) -> None:
    received = np.datetime64("2026-08-15", "us") + (_dossiers(rows)[0] - np.datetime64("2023-01-01", "us")) // 30
    limit = _dossiers(rows)[1]
    pauses = _pauses(received, share=0.2)
    due = arrays.due_moments(
        calendar=calendar,
        received=received,
        limit=limit,
        unit=LimitUnit.WORKING_DAYS,
        counting=Counting.WHOLE_DAYS,
        day_length=rule.day_length,
        pauses=pauses,
    )
    codes = pa.array([f"H21.{n % 149}-26{n:09}" for n in range(rows)])
    finished = np.full(rows, np.datetime64("NaT", "us"))
    dossiers: dict[str, Any] = {
        "dossier_code": codes,
        "received_at": received,
        "limit": limit,
        "due_at": due,
        "finished_at": finished,
    }
    pq.write_table(pa.table(dossiers), place / "dossiers.parquet")
    held: dict[str, Any] = {"dossier": pauses.dossier, "begin": pauses.begin, "end": pauses.end}
    pq.write_table(pa.table(held), place / "pauses.parquet")


def _recompute(rule: DeadlineRule, calendar: WorkingCalendar, place: Path) -> int:
    dossiers, held = pq.read_table(place / "dossiers.parquet"), pq.read_table(place / "pauses.parquet")
    stormy = changes.with_day_off(calendar.data, STORM, why="nghỉ bão", version="after the storm")
    column = {name: dossiers[name].to_numpy() for name in ("received_at", "limit", "due_at", "finished_at")}
    moved = changes.moves(
        before=calendar,
        after=WorkingCalendar(stormy),
        received=column["received_at"],
        limit=column["limit"],
        unit=LimitUnit.WORKING_DAYS,
        counting=Counting.WHOLE_DAYS,
        day_length=rule.day_length,
        finished=column["finished_at"],
        pauses=Pauses(held["dossier"].to_numpy(), held["begin"].to_numpy(), held["end"].to_numpy()),
    )
    due = column["due_at"].copy()
    due[moved.place] = moved.after
    at = dossiers.schema.get_field_index("due_at")
    pq.write_table(dossiers.set_column(at, "due_at", pa.array(due)), place / "dossiers-after.parquet")
    codes = dossiers["dossier_code"].take(moved.place)
    listed: dict[str, Any] = {"dossier_code": codes, "before": moved.before, "after": moved.after}
    pq.write_table(pa.table(listed), place / "moved.parquet")
    return len(moved.place)


def _dossiers(rows: int) -> tuple[Moments, NDArray[np.int64]]:
    rng = np.random.default_rng(1)
    seconds = rng.integers(0, 3 * 365 * 86400, rows)
    received: Moments = np.datetime64("2023-01-01", "us") + seconds.astype("timedelta64[s]")
    return received, rng.choice(DAYS, rows)


def _pauses(received: Moments, *, share: float) -> Pauses:
    rng = np.random.default_rng(2)
    dossier = np.flatnonzero(rng.random(len(received)) < share)
    begin = received[dossier] + rng.integers(0, 5 * 86400, len(dossier)).astype("timedelta64[s]")
    return Pauses(dossier, begin, begin + rng.integers(3600, 10 * 86400, len(dossier)).astype("timedelta64[s]"))


def _busday(received: Moments, limit: NDArray[np.int64], holidays: NDArray[np.datetime64]) -> Moments:
    day = received.astype("datetime64[D]")
    # A receipt on a day off rolls back, so that the first working day after it is day 1.
    due = np.busday_offset(day, limit, roll="backward", holidays=holidays)
    closing: Moments = np.add(due.astype("datetime64[us]"), np.timedelta64(17, "h"))
    return closing


def _business_hours(
    received: Moments, limit: NDArray[np.int64], rows: int, holidays: NDArray[np.datetime64]
) -> Moments:
    given = {"start": ["08:00", "13:00"], "end": ["12:00", "17:00"], "holidays": holidays.tolist()}
    offsets = {n: pd.offsets.CustomBusinessHour(n=n, **given) for n in DAYS.tolist()}
    found = [
        pd.Timestamp(at) + offsets[n] for at, n in zip(received[:rows].tolist(), limit[:rows].tolist(), strict=True)
    ]
    return np.array(found, "datetime64[us]")


def _loop(calendar: WorkingCalendar, received: Moments, limit: NDArray[np.int64], rows: int) -> Moments:
    data = calendar.data
    found = []
    one_day = timedelta(days=1)
    for at, days in zip(received[:rows].tolist(), limit[:rows].tolist(), strict=True):
        day, left = at.date(), days
        while left:
            day += one_day
            left -= day in data.days_worked or (day.weekday() < 5 and day not in data.days_off)
        found.append(datetime(day.year, day.month, day.day, 17))  # noqa: DTZ001 - Vietnamese wall-clock time
    return np.array(found, "datetime64[us]")


def _timed(
    name: str, rows: int, ask: Callable[[], object], expected: Moments | None = None, *, rounds: int = 3
) -> Rate:
    best = float("inf")
    answer: object = None
    for _ in range(rounds):
        started = time.perf_counter()
        answer = ask()
        best = min(best, time.perf_counter() - started)
    different = None
    if expected is not None and isinstance(answer, np.ndarray):
        different = int((answer != expected[: len(answer)]).sum())
    return Rate(name, rows, best, different)


def show(title: str, rates: list[Rate]) -> None:
    """Print the rate of each contender and how many of its answers differ from ours."""
    width = max(len(rate.name) for rate in rates)
    print(f"\n{title}\n{'':{width}}  {'rows':>9}  {'a second':>13}  different")
    for rate in rates:
        different = "" if rate.different is None else f"{rate.different:,}"
        print(f"{rate.name:{width}}  {rate.rows:>9,}  {rate.rows / rate.seconds:>13,.0f}  {different}")
