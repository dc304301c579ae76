"""How points, shares, periods and changes are written on the leadership pages."""

from decimal import Decimal
from fractions import Fraction

from motcua.kernel.time import Period
from motcua.lawbook.targets import Metric
from motcua.reports import figures

MINUS = "−"


def points(value: Fraction | None, *, decimals: int = 2) -> str:
    """Write points: ``68,80``; a dash where they are not known."""
    return "–" if value is None else figures.number(value, decimals=decimals)


def change(value: Fraction | None, *, decimals: int = 2) -> str:
    """Write a change with its sign: ``+0,40``, ``−1,25``; a dash where it is not known."""
    if value is None:
        return "–"
    return figures.signed(value, decimals=decimals).replace("-", MINUS)


def percent(ratio: Fraction | None, *, decimals: int = 2) -> str:
    """Write a share: ``98,54%``; a dash where it is not known."""
    return "–" if ratio is None else figures.percent(ratio, decimals=decimals)


def whole_percent(value: Fraction, maximum: Fraction) -> int:
    """Return how much of the maximum is reached, in whole percent of 0 to 100: for a bar, not for reading."""
    return min(100, max(0, round(100 * value / maximum))) if maximum else 0


def period(value: Period) -> str:
    """Name a period in a sentence: ``tháng 09/2026``, ``quý 3/2026``, ``năm 2026``, ``01/01/2026 đến 10/10/2026``."""
    first, last = value.start, value.last_day
    if value == Period.year(first.year):
        return f"năm {first.year}"
    if value == Period.month(first.year, first.month):
        return f"tháng {first.month:02}/{first.year}"
    quarter = (first.month + 2) // 3
    if value == Period.quarter(first.year, quarter):
        return f"quý {quarter}/{first.year}"
    return f"{figures.day(first)} đến {figures.day(last)}"


def target(metric: Metric, value: Decimal) -> str:
    """Write a target: ``99%``, ``18,5 điểm``, ``120``."""
    number = value * 100 if metric is Metric.RATIO else value
    text = f"{number:,.2f}".rstrip("0").rstrip(".").translate(_SWAPPED)
    return {Metric.RATIO: f"{text}%", Metric.POINTS: f"{text} điểm", Metric.COUNT: text}[metric]


_SWAPPED = str.maketrans(",.", ".,")
