"""Figures as Vietnamese offices write them: 1.234,56 and 98,54%."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

_SWAP = str.maketrans(",.", ".,")


def rounded(value: Fraction, *, decimals: int) -> Decimal:
    """Return the value rounded half up (away from zero), with exactly so many decimals."""
    scale = 10**decimals
    top, bottom = abs(value).numerator * scale, abs(value).denominator
    whole = (2 * top + bottom) // (2 * bottom)
    sign = -1 if value < 0 else 1
    return Decimal(sign * whole).scaleb(-decimals)


def number(value: int | Fraction | None, *, decimals: int = 0) -> str:
    """Return the number with dots between thousands and a decimal comma; a dash where there is none."""
    if value is None:
        return "–"
    return f"{rounded(Fraction(value), decimals=decimals):,}".translate(_SWAP)


def signed(value: Fraction, *, decimals: int = 2) -> str:
    """Return the number with its sign, also where it is a gain; 0 has none."""
    written = number(value, decimals=decimals)
    return f"+{written}" if rounded(value, decimals=decimals) > 0 else written.replace("-", "−")


def percent(ratio: Fraction | None, *, decimals: int = 2) -> str:
    """Return a ratio of 0..1 as a percentage; a dash where there is none."""
    return "–" if ratio is None else f"{number(ratio * 100, decimals=decimals)}%"


def day(value: date) -> str:
    """Return the day as 07/11/2024."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """Return the moment as 14:05 ngày 07/11/2024."""
    return f"{value:%H:%M} ngày {value:%d/%m/%Y}"
