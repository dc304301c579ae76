"""Days and moments of Vietnam: half-open periods, one local day for every moment."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from motcua.kernel.errors import UserError

# Vietnam has kept UTC+7 without summer time since 1975, so a fixed offset is exact for every date we handle.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-[Qq]([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def local(moment: datetime) -> datetime:
    """Return the wall-clock moment in Vietnam, without zone; a naive moment is taken as Vietnamese already."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(VIETNAM).replace(tzinfo=None)


def local_day(moment: datetime) -> date:
    """Return the Vietnamese calendar day on which the moment falls."""
    return local(moment).date()


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC; a naive moment is taken as Vietnamese wall-clock time."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Kỳ: the days from ``start`` up to, not including, ``end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise UserError(
                f"Kỳ kết thúc ({self.end:%d/%m/%Y}) không sau ngày bắt đầu ({self.start:%d/%m/%Y}).",
                remedy="Hãy ghi ngày đầu trước ngày cuối, ví dụ 2026-01-01..2026-10-10.",
            )

    @classmethod
    def year(cls, year: int) -> "Period":
        """Return the calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        """Return the quarter 1 to 4 of the year."""
        start = date(year, 3 * quarter - 2, 1)
        return cls(start, _next_month(date(year, 3 * quarter, 1)))

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """Return the month 1 to 12 of the year."""
        start = date(year, month, 1)
        return cls(start, _next_month(start))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read ``2026``, ``2026-Q3``, ``2026-09`` or ``2026-01-01..2026-10-10`` (both days included).

        Raises:
            UserError: the text is none of these, or names a day that does not exist.
        """
        text = text.strip()
        try:
            if found := _YEAR.fullmatch(text):
                return cls.year(int(found[1]))
            if found := _QUARTER.fullmatch(text):
                return cls.quarter(int(found[1]), int(found[2]))
            if found := _MONTH.fullmatch(text):
                return cls.month(int(found[1]), int(found[2]))
            if found := _RANGE.fullmatch(text):
                return cls(date.fromisoformat(found[1]), date.fromisoformat(found[2]) + timedelta(days=1))
        except (ValueError, OverflowError):
            pass
        raise UserError(
            f"Không hiểu kỳ «{text}».",
            remedy="Hãy ghi 2026, 2026-Q3, 2026-09 hoặc 2026-01-01..2026-10-10.",
        )

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        """Tell whether the day belongs to the period."""
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        """Go through the days in order."""
        return (self.start + timedelta(days=n) for n in range(self.days))

    def __str__(self) -> str:
        """Return the shortest text that ``parse`` reads back."""
        first, last = self.start, self.last_day
        if self == Period.year(first.year):
            return f"{first.year:04}"
        quarter = (first.month + 2) // 3
        if self == Period.quarter(first.year, quarter):
            return f"{first.year:04}-Q{quarter}"
        if (first.day, last) == (1, date(first.year, first.month, monthrange(first.year, first.month)[1])):
            return f"{first.year:04}-{first.month:02}"
        return f"{first.isoformat()}..{last.isoformat()}"


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
