"""Moments as whole microseconds of Vietnamese wall-clock time, and how they read in Vietnamese."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from motcua.kernel import time

# One whole number for a moment: microseconds since 1970-01-01T00:00 on the Vietnamese wall clock. Exact, and the same
# number as NumPy's datetime64[us], so that the one-by-one and the array computation share every table.
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall-clock moment of Vietnam, without zone by design
_EPOCH_ORDINAL = _EPOCH.toordinal()
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def number_of(moment: datetime) -> int:
    """Return the moment as microseconds of Vietnamese wall-clock time; a moment with a zone is converted first."""
    if moment.tzinfo is not None:
        moment = time.local(moment)
    return (
        (moment.toordinal() - _EPOCH_ORDINAL) * DAY
        + (moment.hour * 3600 + moment.minute * 60 + moment.second) * SECOND
        + moment.microsecond
    )


@lru_cache(maxsize=32768)
def moment_at(value: int) -> datetime:
    """Return the wall-clock moment of a number of microseconds."""
    return _EPOCH + timedelta(microseconds=value)


def day_number(day: date) -> int:
    """Return the day as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_at(value: int) -> date:
    """Return the day of a number of days since 1970-01-01."""
    return date.fromordinal(value + _EPOCH_ORDINAL)


@lru_cache(maxsize=16384)
def day_text(value: int) -> str:
    """Return the day as a citizen reads it: ``thứ Hai 23/2/2026``."""
    on = day_at(value)
    return f"{_WEEKDAYS[on.weekday()]} {on.day}/{on.month}/{on.year}"


@lru_cache(maxsize=16384)
def short_day_text(value: int) -> str:
    """Return the day without its year: ``thứ Hai 23/2``."""
    on = day_at(value)
    return f"{_WEEKDAYS[on.weekday()]} {on.day}/{on.month}"


_MINUTES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60 + 1))


def time_text(value: int) -> str:
    """Return the time of day, given in microseconds after midnight: ``16:05``, or ``16:05:30`` where seconds count."""
    minute, rest = divmod(value, MINUTE)
    return f"{_MINUTES[minute]}:{rest // SECOND:02}" if rest >= SECOND else _MINUTES[minute]


@lru_cache(maxsize=32768)
def moment_text(value: int) -> str:
    """Return the moment as a citizen reads it: ``16:05 thứ Hai 23/2/2026``."""
    days, clock = divmod(value, DAY)
    return f"{time_text(clock)} {day_text(days)}"


def duration_text(value: int, day_length: int) -> str:
    """Return a length of time in days of ``day_length`` microseconds, hours and minutes: ``3 ngày 2 giờ``."""
    days, rest = divmod(value, day_length)
    minutes, rest = divmod(rest, MINUTE)
    text = f"{days} ngày" if days else ""
    if minutes >= 60:
        text += f" {minutes // 60} giờ"
        minutes %= 60
    if minutes:
        text += f" {minutes} phút"
    if rest >= SECOND:
        text += f" {rest // SECOND} giây"
    return text.lstrip() or "0 phút"
