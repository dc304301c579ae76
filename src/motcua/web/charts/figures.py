"""What every chart is: a finding as title, the drawing for wide and for narrow pages, and the table behind it."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from motcua.web.charts.svg import Svg

WIDE, NARROW = 720.0, 340.0
"""Widths in user units; at these widths a unit is about a CSS pixel, so that words keep their size on a phone."""


@dataclass(frozen=True, slots=True)
class Table:
    """Bảng số liệu behind a chart: column heads and cells as they are shown."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Biểu đồ: ``finding`` says what is to be seen in it; the narrow drawing is for phones."""

    finding: str
    wide: Svg
    narrow: Svg
    table: Table


def shown(value: float | None, *, decimals: int = 2) -> str:
    """Write a number the Vietnamese way: ``1.234,50``; a dash where it is unknown."""
    if value is None:
        return "—"
    return f"{value:,.{decimals}f}".translate(_SWAPPED)


_SWAPPED = str.maketrans(",.", ".,")


_SAME = 1e-6
"""Points and per cent nearer than this are shown as the same."""


def ticks(low: float, high: float, *, about: int = 4) -> tuple[float, ...]:
    """Return round numbers from at or below ``low`` to at or above ``high``, about as many steps as asked.

    Steps are 1, 2, 2.5 or 5 times a power of ten; an empty range is widened by one.
    """
    if high - low < _SAME:
        high = low + 1
    rough = (high - low) / max(1, about)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= rough * (1 - 1e-9)), 10 * power)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(n * step, 10) for n in range(first, max(last, first + 1) + 1))


def as_csv(table: Table) -> str:
    """Return the table as CSV with a byte-order mark, which spreadsheets need to read Vietnamese letters."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([harmless(cell) for cell in table.head])
    rows.writerows([harmless(cell) for cell in row] for row in table.rows)
    return "\ufeff" + text.getvalue()


def harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    is_number = cell[:1] == "-" and cell[1:2].isdigit()
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and not is_number else cell


def places(count: int, *, left: float, right: float) -> Sequence[float]:
    """Return the middles of ``count`` equal columns between the edges."""
    step = (right - left) / max(1, count)
    return [left + step * (n + 0.5) for n in range(count)]
