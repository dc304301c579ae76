# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""The clock against a second, naive clock that goes minute by minute and knows nothing of W(t)."""

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest

from motcua.deadlines import arrays, clock, moments
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Counting, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.working_time import CalendarData, Hours, WorkingCalendar, hours

CASES = 100_000
NOW = datetime(2026, 10, 10, 10, 30)
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)

OFF = {
    date(2025, 1, 1): "Tết Dương lịch",
    **{date(2025, 1, 27) + timedelta(n): "nghỉ Tết" for n in range(5)},
    date(2025, 4, 7): "Giỗ Tổ",
    **{date(2025, 4, 30) + timedelta(n): "nghỉ lễ" for n in range(3)},
    **{date(2025, 9, 1) + timedelta(n): "Quốc khánh" for n in range(2)},
    **{date(2026, 1, 1) + timedelta(n): "Tết Dương lịch" for n in range(2)},
    **{date(2026, 2, 16) + timedelta(n): "nghỉ Tết" for n in range(5)},
    date(2026, 4, 27): "Giỗ Tổ",
    **{date(2026, 4, 30) + timedelta(n): "nghỉ lễ" for n in range(2)},
    **{date(2026, 8, 31) + timedelta(n): "Quốc khánh" for n in range(3)},
    date(2026, 9, 18): "nghỉ bão",
    date(2026, 11, 24): "Ngày Văn hóa Việt Nam",
}
SWAPPED = {date(2025, 4, 26): "làm bù", date(2026, 1, 10): "làm bù", date(2026, 8, 22): "làm bù"}

USUAL = hours("08:00-12:00", "13:00-17:00")
CALENDARS = {
    "usual": CalendarData("usual", "1", FIRST, LAST, (USUAL,) * 5 + ((), ()), OFF, SWAPPED, worked_hours=USUAL),
    # A summer schedule with a long lunch, a short Friday, Saturday mornings, and an evening desk on Tuesdays.
    "uneven": CalendarData(
        "uneven",
        "1",
        FIRST,
        LAST,
        (
            hours("07:00-11:30", "13:30-17:00"),
            hours("07:00-11:30", "13:30-17:00", "18:00-20:00"),
            hours("07:00-11:30", "13:30-17:00"),
            hours("07:00-11:30", "13:30-17:00"),
            hours("07:30-11:30", "13:00-16:00"),
            hours("07:30-11:30"),
            (),
        ),
        OFF,
        SWAPPED,
        worked_hours=hours("07:00-11:30", "13:30-16:00"),
    ),
}
DAY_LENGTH = 8 * moments.HOUR
RULE = DeadlineRule("test", date(2020, 1, 1), "thử", DAY_LENGTH, DAY_LENGTH, 1)


@dataclass
class NaiveClock:
    """Every tick of office time in one list, from the first to the last day; no prefix sums, no inverse."""

    data: CalendarData
    tick: int

    def __post_init__(self) -> None:
        self.epoch = datetime.combine(self.data.first, time())
        self.per_day = 86400 // self.tick
        day, open_ticks, self.day_ticks = self.data.first, [], {}
        while day <= self.data.last:
            ticks = [n for begin, close in self.hours(day) for n in range(begin, close)]
            self.day_ticks[day] = ticks
            offset = (day - self.data.first).days * self.per_day
            open_ticks += [offset + n for n in ticks]
            day += timedelta(days=1)
        self.open_ticks = np.array(open_ticks)

    def hours(self, day: date) -> list[tuple[int, int]]:
        if day in self.data.days_off:
            stretches: Hours = ()
        elif day in self.data.days_worked:
            stretches = self.data.worked_hours
        else:
            stretches = self.data.week[day.weekday()]
        unit = self.tick * 1_000_000
        return [(begin // unit, close // unit) for begin, close in stretches]

    def ticks(self, moment: datetime) -> int:
        return int((moment - self.epoch).total_seconds()) // self.tick

    def moment(self, ticks: int) -> datetime:
        return self.epoch + timedelta(seconds=ticks * self.tick)

    def is_working(self, day: date) -> bool:
        return bool(self.day_ticks[day])

    def due(self, happenings: Happenings, used_up: datetime) -> datetime:
        """Move the end of a limit in calendar time from a day off to the closing of the next working day."""
        day = used_up.date()
        if not happenings.limit.unit.is_calendar or (self.is_working(day) and self.is_working(day - timedelta(days=1))):
            return used_up
        while not self.is_working(day):
            day += timedelta(days=1)
        closing = datetime.combine(day, time()) + timedelta(seconds=(self.day_ticks[day][-1] + 1) * self.tick)
        return max(used_up, closing)

    def used_up(self, happenings: Happenings, now: datetime) -> datetime:
        """Let the clock tick on every tick after its start that is not paused, until the limit is used up."""
        measured = happenings.finished_at or now
        spans = [(self.ticks(p.begin), self.ticks(p.end or max(p.begin, measured))) for p in happenings.pauses]
        received, amount, unit = happenings.received_at, happenings.limit.amount, happenings.limit.unit
        is_whole = happenings.counting is Counting.WHOLE_DAYS
        if not unit.is_calendar:
            if unit is LimitUnit.WORKING_DAYS and is_whole:
                start, length = self.whole_days(received, amount)
            else:
                hours_each = 8 if unit is LimitUnit.WORKING_DAYS else 1
                start, length = self.ticks(received), int(amount * hours_each * 3600 / self.tick)
            return self.moment(self.let_tick(self.open_ticks, start, length, spans) + 1)
        end = self.calendar_end(received, amount, unit, is_whole=is_whole)
        start = self.ticks(datetime.combine(received.date() + timedelta(days=1), time()) if is_whole else received)
        length = self.ticks(end) - start
        most = length + sum(e - b for b, e in spans)
        return self.moment(self.let_tick(np.arange(start, start + most), start, length, spans) + 1)

    def remaining(self, due: datetime, measured: datetime) -> int:
        """Count the ticks of office time between two moments, negative where the first is not the later one."""
        low, high = self.ticks(measured), self.ticks(due)
        between = np.count_nonzero((self.open_ticks >= min(low, high)) & (self.open_ticks < max(low, high)))
        return int(between) if high >= low else -int(between)

    def let_tick(self, ticks: np.ndarray, start: int, length: int, spans: list[tuple[int, int]]) -> int:
        low = int(np.searchsorted(ticks, start))
        most = length + sum(int(np.searchsorted(ticks, e) - np.searchsorted(ticks, b)) for b, e in spans)
        ahead = ticks[low : low + most]
        runs = np.ones(len(ahead), bool)
        for begin, end in spans:
            runs &= (ahead < begin) | (ahead >= end)
        return int(ahead[runs][length - 1])

    def whole_days(self, received: datetime, amount: Decimal) -> tuple[int, int]:
        day = received.date() + timedelta(days=1)
        start = self.ticks(datetime.combine(day, time()))
        length, left = 0, amount
        while left > 0:
            ticks = len(self.day_ticks[day])
            if ticks:
                length += ticks if left >= 1 else int(ticks * left)
                left -= 1
            day += timedelta(days=1)
        return start, length

    def calendar_end(self, received: datetime, amount: Decimal, unit: LimitUnit, *, is_whole: bool) -> datetime:
        if unit is LimitUnit.MONTHS:
            month = received.month - 1 + int(amount)
            year, month = received.year + month // 12, month % 12 + 1
            on = received.day
            while True:
                try:
                    end = received.replace(year=year, month=month, day=on)
                    break
                except ValueError:
                    on -= 1
        elif not is_whole:
            return received + timedelta(seconds=int(amount * 86400))
        else:
            end = received + timedelta(days=int(amount))
        if not is_whole:
            return end
        part = amount - int(amount)
        day = end.date() + timedelta(days=1 if part else 0)
        usual = max(close for stretches in self.data.week for _, close in stretches) // 1_000_000
        seconds = usual
        if self.is_working(day):
            ticks = self.day_ticks[day]
            seconds = (ticks[(int(len(ticks) * part) if part else len(ticks)) - 1] + 1) * self.tick
        return datetime.combine(day, time()) + timedelta(seconds=seconds)


def some_moment(rng: random.Random, around: datetime, days: int, tick: int) -> datetime:
    day = (around + timedelta(days=rng.randrange(days))).date()
    if rng.random() < 0.4:  # the edges: midnight, opening, lunch, closing, one tick beside them
        edge = rng.choice([0, 7 * 3600, 8 * 3600, 11.5 * 3600, 12 * 3600, 13 * 3600, 13.5 * 3600, 15 * 3600, 17 * 3600])
        seconds = int(edge) + rng.choice([-tick, 0, 0, tick])
    else:
        seconds = rng.randrange(0, 86400, tick)
    return datetime.combine(day, time()) + timedelta(seconds=seconds)


# Around Tết, the swapped days, the long holidays, and the moment of measuring.
ANCHORS = [
    datetime(2025, 1, 15), datetime(2025, 4, 20), datetime(2025, 12, 22), datetime(2026, 1, 5), datetime(2026, 2, 5),
    datetime(2026, 4, 20), datetime(2026, 8, 15), datetime(2026, 9, 10), datetime(2026, 10, 1), datetime(2025, 6, 1),
]  # fmt: skip
DAYS = [Decimal(text) for text in ("0.25", "0.5", "1", "1", "1.5", "2", "2.25", "3", "5", "5", "7", "10")]
HOURS = [Decimal(text) for text in ("0.25", "0.5", "1", "2", "4", "8", "8", "16", "24", "40")]


def a_dossier(rng: random.Random, tick: int) -> Happenings:
    received = some_moment(rng, rng.choice(ANCHORS), 25, tick)
    unit = rng.choices(list(LimitUnit), (3, 6, 2, 0.4))[0]
    if unit is LimitUnit.WORKING_HOURS:
        amount = rng.choice(HOURS)
    elif unit is LimitUnit.MONTHS:
        amount = Decimal(rng.choice([1, 1, 2]))
    else:
        amount = rng.choice(DAYS)
    pauses = []
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        begin = some_moment(rng, received - timedelta(days=2), 14, tick)
        end = begin if rng.random() < 0.05 else some_moment(rng, begin, rng.choice([1, 3, 12]), tick)
        pauses.append(Pause(begin, max(begin, end)))
    if rng.random() < 0.1 and received < NOW:
        pauses.append(Pause(some_moment(rng, max(received, NOW - timedelta(days=12)), 10, tick)))
    finished = None if rng.random() < 0.5 else max(received, some_moment(rng, received, 20, tick))
    return Happenings(received, Limit(amount, unit), rng.choice(list(Counting)), tuple(pauses), finished)


def state(happenings: Happenings, used_up: datetime, due: datetime) -> set[str]:
    """Return the states that may be told of a dossier: a stop after its limit was used up changes nothing."""
    finished = happenings.finished_at
    if finished is not None:
        if finished > due:
            return {"finished_late"}
        return {"finished_early" if finished.date() < due.date() else "finished_on_time"}
    if due < NOW:
        return {"overdue"}
    standing = (one for one in happenings.pauses if one.begin <= NOW and one.begin < used_up)
    if any(one.end is None or one.end > NOW for one in standing):
        return {"paused"}
    return {"within", "approaching"}


def as_arrays(dossiers: list[Happenings], calendar: WorkingCalendar) -> list[datetime]:
    stops = [(n, p.begin, p.end) for n, one in enumerate(dossiers) for p in one.pauses]
    due = arrays.due_moments(
        calendar=calendar,
        received=np.array([one.received_at for one in dossiers], "datetime64[us]"),
        limit=np.array([float(one.limit.amount) for one in dossiers]),
        unit=np.array([arrays.UNITS.index(one.limit.unit) for one in dossiers]),
        counting=np.array([arrays.COUNTINGS.index(one.counting) for one in dossiers]),
        day_length=DAY_LENGTH,
        pauses=arrays.Pauses(
            np.array([n for n, _, _ in stops]),
            np.array([begin for _, begin, _ in stops], "datetime64[us]"),
            np.array([end for _, _, end in stops], "datetime64[us]"),
        ),
        measured=np.array([one.finished_at or NOW for one in dossiers], "datetime64[us]"),
    )
    found: list[datetime] = due.tolist()
    return found


def differences(name: str, *, count: int, tick: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    naive, calendar = NaiveClock(CALENDARS[name], tick), WorkingCalendar(CALENDARS[name])
    dossiers = [a_dossier(rng, tick) for _ in range(count)]
    found = []
    for place, (one, in_bulk) in enumerate(zip(dossiers, as_arrays(dossiers, calendar), strict=True)):
        used_up = naive.used_up(one, NOW)
        expected = naive.due(one, used_up)
        alone = clock.compute(rule=RULE, calendar=calendar, happenings=one, now=NOW)
        if not expected == alone.due_at == in_bulk or alone.state not in state(one, used_up, expected):
            found.append(f"{one}: naive {expected}, one by one {alone.due_at} {alone.state}, arrays {in_bulk}")
        # Counting every tick of three years is slow, so the time left is checked on some.
        if place % 50 == 0 and tick == 60:
            left = naive.remaining(expected, one.finished_at or NOW)
            if left != alone.remaining_working_minutes:
                found.append(f"{one}: naive {left} minutes left, one by one {alone.remaining_working_minutes}")
    return found


@pytest.mark.parametrize("name", list(CALENDARS))
def test_both_clocks_agree_with_the_one_that_goes_minute_by_minute(name: str) -> None:
    seed = random.randrange(10**9)

    found = differences(name, count=CASES // len(CALENDARS), tick=60, seed=seed)

    assert not found, f"seed {seed}: {len(found)} differences\n" + "\n".join(found[:5])


def test_both_clocks_agree_with_one_that_goes_by_twenty_seconds() -> None:
    seed = random.randrange(10**9)

    found = differences("usual", count=2_000, tick=20, seed=seed)

    assert not found, f"seed {seed}: {len(found)} differences\n" + "\n".join(found[:5])


def test_the_working_time_is_the_number_of_working_minutes_gone_by() -> None:
    data = CALENDARS["uneven"]
    naive, calendar = NaiveClock(data, 60), WorkingCalendar(data)
    ticks = naive.open_ticks.tolist()
    rng = random.Random(7)

    for _ in range(2_000):
        moment = naive.moment(rng.randrange(0, 1000 * naive.per_day))
        worked = calendar.worked_until(moments.number_of(moment)) // moments.MINUTE
        assert worked == bisect_left(ticks, naive.ticks(moment))
        if worked:
            back = moments.moment_at(calendar.earliest(worked * moments.MINUTE))
            assert bisect_right(ticks, naive.ticks(back) - 1) == worked
