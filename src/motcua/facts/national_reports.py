"""The national reporting system's own count of dossiers received, with its fall-backs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from motcua.kernel.time import Period

TEMPORARY = "TEMP_NATIONAL_REPORT_DENOMINATOR"
"""The portal's flag: last year's total stands in for a report that is not there yet."""
MISSING = "NO_NATIONAL_REPORT_DATA"
"""The portal's flag: there is neither a report nor a total of last year; the count is 0."""

Reports = Mapping[str, Mapping[Period, int]]


@dataclass(frozen=True, slots=True)
class Reported:
    """A unit's count for a period, and the flag that says where it came from (None: from its own report)."""

    received: int
    flag: str | None


def read(rows: Sequence[Mapping[str, Any]]) -> Reports:
    """Return the reports by unit and period."""
    reports: dict[str, dict[Period, int]] = {}
    for row in rows:
        if row.get("received") is not None:
            reports.setdefault(row["unit_code"], {})[Period.parse(row["period"])] = int(row["received"])
    return reports


def received(reports: Mapping[Period, int], *, period: Period, on: date) -> Reported:
    """Return the count of the period: reported, or the sum of reports that fill it, or a share of last year's total.

    Mô tả công thức, chỉ số 1.4: a month falls back on a twelfth, a quarter on a quarter, a year on the whole of last
    year's total; without that the count is 0. Any other period has no fall-back. Of a period still running, the reports
    up to the day ``on`` fill it; those that begin later are not known yet.
    """
    known = {other: count for other, count in reports.items() if other.start <= on}
    exact = _filled(known, period, until=min(period.end, on + timedelta(days=1)))
    if exact is not None:
        return Reported(exact, None)
    before = Period.year(period.start.year - 1)
    last_year = _filled(known, before, until=before.end)
    parts = _parts_of_a_year(period)
    if last_year is None or parts is None:
        return Reported(0, MISSING)
    # Whole dossiers, half up.
    return Reported((2 * last_year + parts) // (2 * parts), TEMPORARY)


def _filled(reports: Mapping[Period, int], period: Period, *, until: date) -> int | None:
    """Return the report of the period, or the sum of reports that lie in it and leave no day before ``until`` out."""
    if period in reports:
        return reports[period]
    total, day = 0, period.start
    while day < until:
        fitting = [other for other in reports if other.start == day and other.end <= period.end]
        if not fitting:
            return None
        longest = max(fitting, key=lambda other: other.end)
        total, day = total + reports[longest], longest.end
    return total if day > period.start else None


def _parts_of_a_year(period: Period) -> int | None:
    text = str(period)
    if len(text) == len("2026"):
        return 1
    if "Q" in text:
        return 4
    return 12 if len(text) == len("2026-09") else None
