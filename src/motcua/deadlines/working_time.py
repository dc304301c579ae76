"""The working time W(t) of one calendar version and its inverse: prefix sums over days, whole microseconds."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, pairwise

from motcua.deadlines import moments
from motcua.deadlines.moments import DAY

# One stretch of office time: microseconds after midnight, opening and closing.
Interval = tuple[int, int]
# The office hours of a day: stretches in order, none on a day off.
Hours = tuple[Interval, ...]
# The office hours from Monday to Sunday.
Week = tuple[Hours, ...]


class OutsideCalendarError(Exception):
    """A day that the calendar does not reach; ``year`` is the year that is missing."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no calendar for {year}")
        self.year = year


def outside(day: int) -> OutsideCalendarError:
    """Return the error that names the year of the day number; a day beyond what dates reach has the nearest year."""
    return OutsideCalendarError(moments.day_at(min(max(day, _FIRST_DAY), _LAST_DAY)).year)


_FIRST_DAY, _LAST_DAY = moments.day_number(date.min), moments.day_number(date.max)


def hours(*stretches: str) -> Hours:
    """Read office hours from texts such as ``08:00-12:00``.

    Raises:
        ValueError: a stretch that does not read as two times, ends before it begins, or overlaps the one before.
    """
    read = tuple(_stretch(text) for text in stretches)
    for earlier, later in pairwise(read):
        if later[0] < earlier[1]:
            raise ValueError(f"overlapping office hours: {', '.join(stretches)}")
    return read


def _stretch(text: str) -> Interval:
    begin, _, end = text.partition("-")
    stretch = time_of_day(begin), time_of_day(end)
    if stretch[0] >= stretch[1] or stretch[1] > DAY:
        raise ValueError(f"office hours that end before they begin: {text}")
    return stretch


def time_of_day(text: str) -> int:
    """Return a time such as ``15:00`` as microseconds after midnight; ``24:00`` is the end of the day."""
    hour, _, minute = text.strip().partition(":")
    return int(hour) * moments.HOUR + int(minute) * moments.MINUTE


@dataclass(frozen=True, slots=True)
class CalendarData:
    """Lịch làm việc as plain data, from which the tables are made.

    ``week`` holds the office hours from Monday to Sunday; ``later_weeks`` those that begin on a later day, in order
    (a summer schedule, a change of the law). ``days_off`` and ``days_worked`` say why; a worked day has
    the hours of ``worked_hours``, or those given for it in ``special_hours``. ``provisional_years`` are computed, not
    announced.
    """

    code: str
    version: str
    first: date
    last: date
    week: Week
    days_off: Mapping[date, str] = field(default_factory=dict)
    days_worked: Mapping[date, str] = field(default_factory=dict)
    special_hours: Mapping[date, Hours] = field(default_factory=dict)
    worked_hours: Hours = ()
    provisional_years: frozenset[int] = frozenset()
    later_weeks: tuple[tuple[date, Week], ...] = ()


WEEKEND = "nghỉ cuối tuần"
# From so many working days on, ordinary weekends are not listed one by one.
_DAY_BY_DAY = 60


class WorkingCalendar:
    """Lịch làm việc compiled: W(t) and its inverse in constant time, and the text of every stretch of days off.

    Days are numbered since 1970-01-01; ``k`` numbers the working days of the calendar from 0.
    """

    __slots__ = (
        "_counted",
        "before",
        "closes",
        "code",
        "data",
        "ends",
        "first",
        "gaps",
        "hours",
        "nth",
        "opens",
        "provisional",
        "runs",
        "size",
        "usual_close",
        "version",
        "working",
    )

    def __init__(self, data: CalendarData) -> None:
        self.data = data
        self.code = data.code
        self.version = data.version
        self.first = moments.day_number(data.first)
        self.size = moments.day_number(data.last) - self.first + 1
        self.hours: list[Hours] = [_hours_on(data, moments.day_at(self.first + i)) for i in range(self.size)]
        lengths = [sum(close - begin for begin, close in day) for day in self.hours]
        self.before: list[int] = [0, *accumulate(lengths)]
        """Working time before each day of the calendar."""
        self.nth: list[int] = [0, *accumulate(1 if length else 0 for length in lengths)]
        """Working days before each day of the calendar."""
        worked = [i for i, length in enumerate(lengths) if length]
        self.working: list[int] = [self.first + i for i in worked]
        self.ends: list[int] = [self.before[i + 1] for i in worked]
        """Working time at the end of the k-th working day."""
        self.opens: list[int] = [(self.first + i) * DAY + self.hours[i][0][0] for i in worked]
        self.closes: list[int] = [(self.first + i) * DAY + self.hours[i][-1][1] for i in worked]
        self.usual_close: int = max((day[-1][1] for day in data.week if day), default=DAY)
        """Closing time of the ordinary week: where a calendar term stands that ends on a day without office hours."""
        years = (moments.day_at(self.first + i).year for i in range(self.size))
        self.provisional: list[int] = [0, *accumulate(year in data.provisional_years for year in years)]
        self.runs, self.gaps = _runs(data, self.working)
        self._counted: dict[tuple[int, int], str] = {}

    def outside(self, day: int) -> OutsideCalendarError:
        """Return the error that names the year missing for the day number."""
        return outside(day)

    def worked_until(self, moment: int) -> int:
        """W(t): the working time from the first day of the calendar to the moment, in microseconds."""
        day, clock = divmod(moment, DAY)
        i = day - self.first
        if not 0 <= i < self.size:
            raise self.outside(day)
        total = self.before[i]
        for begin, close in self.hours[i]:
            if clock <= begin:
                break
            total += min(close, clock) - begin
        return total

    def earliest(self, worked: int) -> int:
        """W⁻¹: the earliest moment at which the working time has reached ``worked`` (more than 0)."""
        k = bisect_left(self.ends, worked)
        if k == len(self.ends):
            raise self.outside(self.first + self.size)
        day = self.working[k]
        i = day - self.first
        left = worked - self.before[i]
        begin = 0
        for begin, close in self.hours[i]:  # pragma: no branch - the last stretch always holds what is left
            if left <= close - begin:
                break
            left -= close - begin
        return day * DAY + begin + left

    def next_open(self, moment: int) -> int:
        """Return the moment itself inside office hours (closing time is outside), or the next opening."""
        day, clock = divmod(moment, DAY)
        i = day - self.first
        if not 0 <= i < self.size:
            raise self.outside(day)
        for begin, close in self.hours[i]:
            if clock < close:
                return moment if clock >= begin else day * DAY + begin
        k = self.nth[i + 1]
        if k == len(self.opens):
            raise self.outside(self.first + self.size)
        return self.opens[k]

    def working_day_from(self, day: int) -> int:
        """Return the number k of the first working day on or after the day."""
        i = day - self.first
        if not 0 <= i < self.size:
            raise self.outside(day)
        k = self.nth[i]
        if k == len(self.working):
            raise self.outside(self.first + self.size)
        return k

    def is_working(self, day: int) -> bool:
        """Tell whether the office opens on the day."""
        i = day - self.first
        if not 0 <= i < self.size:
            raise self.outside(day)
        return bool(self.hours[i])

    def is_provisional(self, first: int, last: int) -> bool:
        """Tell whether any of the days from first to last lies in a year that has not been announced."""
        low = max(first - self.first, 0)
        high = min(last - self.first + 1, self.size)
        return self.provisional[high] > self.provisional[low]

    def skipped_text(self, first: int, last: int) -> str:
        """Return the days off between two days that are not before one another: ``bỏ 14-22/2 (...)``."""
        low, high = self.nth[first - self.first], self.nth[last - self.first + 1]
        key = (-1 - low, high)
        text = self._counted.get(key)
        if text is None:
            # A gap stands before its working day; the one before the first day lies outside unless that day is off.
            begin = low + 1 if self.is_working(first) else low
            end = high if self.is_working(last) else high + 1
            text = self._counted[key] = "; ".join(gap for gap in self.gaps[begin:end] if gap)
        return text

    def counted_text(self, k: int, last: int) -> str:
        """Return which days count and which do not, from the k-th working day to the last one: ``ngày 1 = ...``."""
        key = (k, last)
        text = self._counted.get(key)
        if text is None:
            text = self._counted[key] = self._count(k, last)
        return text

    def _count(self, k: int, last: int) -> str:
        if last - k >= _DAY_BY_DAY:
            first, final = moments.day_text(self.working[k]), moments.day_text(self.working[last])
            named = [gap for gap in self.gaps[k + 1 : last + 1] if gap and not gap.endswith(f"({WEEKEND})")]
            return "; ".join(
                [f"ngày 1 = {first}", f"ngày {last - k + 1} = {final}", "bỏ các ngày nghỉ cuối tuần", *named]
            )
        parts = []
        begin = k
        while begin <= last:
            end = min(self.runs[begin], last)
            if begin > k:
                parts.append(self.gaps[begin])
            parts.append(self._run_text(k, begin, end))
            begin = end + 1
        return "; ".join(parts)

    def _run_text(self, k: int, begin: int, end: int) -> str:
        first = f"{moments.short_day_text(self.working[begin])}{self._why_worked(begin)}"
        if begin == end:
            return f"ngày {begin - k + 1} = {first}"
        extra = "".join(
            f" (kể cả {moments.short_day_text(self.working[n])}{self._why_worked(n)})"
            for n in range(begin + 1, end + 1)
            if self._why_worked(n)
        )
        return f"ngày {begin - k + 1}-{end - k + 1} = {first} đến {moments.short_day_text(self.working[end])}{extra}"

    def _why_worked(self, k: int) -> str:
        why = self.data.days_worked.get(moments.day_at(self.working[k]))
        return f" ({why})" if why else ""


def _hours_on(data: CalendarData, day: date) -> Hours:
    if day in data.days_off:
        return ()
    special = data.special_hours.get(day)
    if special is not None:
        return special
    if day in data.days_worked:
        return data.worked_hours or data.week[0]
    week = data.week
    for first, later in data.later_weeks:
        if first <= day:
            week = later
    return week[day.weekday()]


def _runs(data: CalendarData, working: Sequence[int]) -> tuple[list[int], list[str]]:
    """Return for every working day the last one of its unbroken run, and the text of the days off just before it."""
    runs = list(range(len(working)))
    for k in range(len(working) - 2, -1, -1):
        if working[k + 1] == working[k] + 1:
            runs[k] = runs[k + 1]
    gaps = []
    previous = moments.day_number(data.first) - 1
    for day in working:
        gaps.append(_gap_text(data, range(previous + 1, day)))
        previous = day
    gaps.append(_gap_text(data, range(previous + 1, moments.day_number(data.last) + 1)))
    return runs, gaps


def _gap_text(data: CalendarData, off: range) -> str:
    if not off:
        return ""
    days = [moments.day_at(n) for n in off]
    named = _unique(data.days_off[day] for day in days if day in data.days_off)
    reasons = named + ([WEEKEND] if any(day not in data.days_off for day in days) else [])
    first, last = days[0], days[-1]
    if first == last:
        span = f"{first.day}/{first.month}"
    elif (first.year, first.month) == (last.year, last.month):
        span = f"{first.day}-{last.day}/{last.month}"
    else:
        span = f"{first.day}/{first.month}-{last.day}/{last.month}"
    return f"bỏ {span} ({', '.join(reasons)})"


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
