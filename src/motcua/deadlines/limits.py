"""A local limit beside the national one: on how many days of receipt it gives the citizen a later date."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from motcua.deadlines import arrays
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Limit
from motcua.deadlines.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class LimitComparison:
    """How a local limit compares with the national one over the working days of a year.

    ``longer_days`` of ``days`` receipts would be due later under the local limit; the portal counts those late.
    """

    local: Limit
    national: Limit
    days: int
    longer_days: int

    @property
    def is_longer(self) -> bool:
        """Whether the local limit is ever the longer one."""
        return self.longer_days > 0

    def __str__(self) -> str:
        """Read as the warning shown to whoever keeps the procedure."""
        if not self.is_longer:
            return f"Thời hạn của địa phương ({self.local}) không dài hơn thời hạn quốc gia ({self.national})."
        often = "mọi" if self.longer_days == self.days else f"{self.longer_days}/{self.days}"
        return (
            f"Thời hạn của địa phương ({self.local}) dài hơn thời hạn quốc gia ({self.national}) với {often} ngày "
            "tiếp nhận trong năm; hồ sơ trả sau thời hạn quốc gia bị cổng tính quá hạn. "
            "Hãy sửa thời hạn của địa phương."
        )


def compare(
    *, local: Limit, national: Limit, rule: DeadlineRule, calendar: WorkingCalendar, year: int
) -> LimitComparison:
    """Return the comparison over every working day of the year, each taken as a day of receipt.

    «5 ngày làm việc» and «7 ngày» compare differently around Tết, so both are counted out rather than converted.

    Raises:
        OutsideCalendarError: the calendar does not hold the year and the days after it.
        ValueError: a limit that cannot be counted.
    """
    first, last = np.datetime64(date(year, 1, 1)), np.datetime64(date(year, 12, 31))
    days = np.arange(first, last + 1)
    is_working = np.array([calendar.is_working(int(day)) for day in days.astype(np.int64)])
    received = days[is_working].astype("datetime64[us]") + np.timedelta64(10, "h")
    ours, theirs = (
        arrays.due_moments(
            calendar=calendar,
            received=received,
            limit=np.array(float(limit.amount)),
            unit=limit.unit,
            counting=rule.counting,
            day_length=rule.day_length,
        )
        for limit in (local, national)
    )
    return LimitComparison(local, national, len(received), int((ours > theirs).sum()))
