"""Cells made into values: text without its noise, whole numbers, and moments in every form that exports use."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from motcua.ingest import conforming, sheets_mapping
from motcua.kernel import time as vietnam

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell of a workbook or a CSV file may hold."""

EXCEL_1900 = datetime.fromisoformat("1899-12-30")
"""Serial 0 of the 1900 date system for every day after its false 29/2/1900."""
EXCEL_1904 = datetime.fromisoformat("1904-01-01")
"""Serial 0 of the 1904 date system, which old Mac workbooks use."""

_FIRST = datetime.combine(conforming.EARLIEST, time())
_END = datetime.combine(conforming.LATEST, time())

_ODD_SPACES = re.compile(r"[\s\u00a0\u200b-\u200d\u2060\ufeff]+")
_NUMBER = re.compile(r"\d{4,5}(?:[.,]\d+)?")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_DAY = r"(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d{4})"
_HOUR = r"(?P<h>\d{1,2})\s*(?::|h|g|giờ)\s*(?:(?P<min>\d{1,2})(?:\s*(?:phút|'))?(?::(?P<s>\d{1,2})(?:[.,]\d+)?)?)?"
_HALF = r"(?:\s*(?P<half>[AaPp]\.?[Mm]\.?|SA|CH|sa|ch))?"
_DAY_FIRST = re.compile(rf"{_DAY}(?:[\sT,;-]+(?:lúc\s+)?{_HOUR}{_HALF})?")
_HOUR_FIRST = re.compile(rf"{_HOUR}{_HALF}[\s,;-]+(?:ngày\s+)?{_DAY}")
_WORDS = re.compile(
    rf"(?:{_HOUR}[\s,;-]+)?(?:ngày\s+)?(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}})\s+năm\s+(?P<y>\d{{4}})",
    re.IGNORECASE,
)


@cache
def _empty() -> frozenset[str]:
    return frozenset(sheets_mapping.load("cells", folder=None)[0]["empty"])


@cache
def _empty_days() -> frozenset[str]:
    return frozenset(sheets_mapping.load("cells", folder=None)[0]["empty_days"])


def text(cell: Cell) -> str | None:
    """Return the cell as clean text in NFC, None where it says nothing.

    A whole number that a workbook kept as a float loses its ``.0``; an apostrophe before digits, which only tells a
    spreadsheet to keep them as text, goes.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        if not cell.isascii() and not unicodedata.is_normalized("NFC", cell):
            cell = unicodedata.normalize("NFC", cell)
        cell = _ODD_SPACES.sub(" ", cell).strip()
        if cell[:1] == "'":
            cell = cell[1:].lstrip()
        return None if not cell or cell.casefold() in _empty() else cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def whole_number(cell: Cell) -> int | None:
    """Return a whole number, also one kept as text or as a float; None for anything else."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return int(cell) if float(cell).is_integer() else None
    said = text(cell)
    if said is not None and re.fullmatch(r"[+-]?\d{1,9}(?:[.,]0+)?", said):
        return int(re.split("[.,]", said)[0])
    return None


@dataclass(slots=True)
class Moments:
    """Reads the cells of one column as moments; remembers texts, as a column repeats its days.

    ``day_zero``: the day of serial 0. Days come first in every text (02/03 is 2 March): a text that has no meaning so
    is told, never read month first.
    """

    day_zero: datetime = EXCEL_1900
    blanks: int = 0
    """How many cells held a day that software writes where it has none (01/01/0001)."""
    _days: dict[str, date | None] = field(default_factory=dict)
    _times: dict[str, time | None] = field(default_factory=dict)

    def read(self, cells: Sequence[Cell]) -> tuple[list[datetime | None], list[int]]:
        """Return a moment for each cell (None = unknown) and the places of those that could not be understood."""
        found: list[datetime | None] = []
        odd: list[int] = []
        quick = self._quick
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                found.append(None)
                continue
            if type(cell) is datetime and not cell.microsecond and cell.tzinfo is None and _FIRST <= cell < _END:
                found.append(cell)  # nearly every cell of a workbook; the rest of the way costs as much as parsing it
                continue
            moment = quick(cell) if isinstance(cell, str) else self._typed(cell)
            if moment is None and isinstance(cell, str):
                moment = self._slow(cell)
            if moment is None and not self._says_nothing(cell):
                odd.append(place)
            found.append(moment)
        return found, odd

    def _quick(self, cell: str) -> datetime | None:
        """Read ``dd/MM/yyyy`` and ``dd/MM/yyyy HH:mm[:ss]``, the forms nearly every cell has."""
        length = len(cell)
        if length not in {10, 16, 19} or cell[2] != "/" or cell[5] != "/":
            return None
        try:
            day = self._days[cell[:10]]
        except KeyError:
            day = self._days[cell[:10]] = _day(cell[6:10], cell[3:5], cell[:2])
        if day is None:
            return None
        if length == 10:
            return datetime.combine(day, time())
        try:
            hour = self._times[cell[10:]]
        except KeyError:
            hour = self._times[cell[10:]] = _time_of(cell[10:])
        return None if hour is None else datetime.combine(day, hour)

    def _typed(self, cell: Cell) -> datetime | None:
        if isinstance(cell, datetime):
            return _in_range(_whole_second(vietnam.local(cell)))
        if isinstance(cell, date):
            return _in_range(datetime.combine(cell, time()))
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return self._serial(float(cell)) or _packed(text(cell) or "")
        return None

    def _serial(self, days: float) -> datetime | None:
        if not 1000 <= days < 100_000:
            return None
        return _in_range(_whole_second(self.day_zero + timedelta(days=days)))

    def _slow(self, cell: str) -> datetime | None:
        said = text(cell)
        if said is None:
            return None
        for form in (_DAY_FIRST, _HOUR_FIRST, _WORDS):
            if found := form.fullmatch(said):
                return _of_parts(found)
        if _NUMBER.fullmatch(said):
            return self._serial(float(said.replace(",", ".")))
        return _packed(said) or _iso(said)

    def _says_nothing(self, cell: Cell) -> bool:
        said = text(cell)
        if said is None or cell == 0:
            return True
        if found := re.match(r"(\d\d)/(\d\d)/(\d{4})(?!\d)", said):
            said = f"{found[3]}-{found[2]}-{found[1]}"
        is_blank = said[:10] in _empty_days() or said.startswith("0000-00-00")
        self.blanks += is_blank
        return is_blank


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if conforming.EARLIEST <= found < conforming.LATEST else None


def _time_of(said: str) -> time | None:
    parts = said[1:].split(":")
    if said[0] not in " T" or not all(len(part) == 2 and part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return time.fromisoformat(":".join(parts))
    except ValueError:
        return None


def _of_parts(found: re.Match[str]) -> datetime | None:
    said = found.groupdict()
    day = _day(said["y"], said["m"], said["d"])
    if day is None:
        return None
    hour = int(said.get("h") or 0)
    half = (said.get("half") or "").casefold().replace(".", "")
    if half:
        if not 1 <= hour <= 12 and not (half in {"pm", "ch"} and hour < 24):
            return None
        hour = hour % 12 + 12 if half in {"pm", "ch"} else hour % 12
    try:
        return datetime.combine(day, time(hour, int(said.get("min") or 0), int(said.get("s") or 0)))
    except ValueError:
        return None


def _packed(said: str) -> datetime | None:
    if not (found := _PACKED.fullmatch(said)):
        return None
    year, month, day, *rest = found.groups()
    hour, minute, second = (int(part or 0) for part in rest)
    whole = _day(year, month, day)
    if whole is None or max(hour - 23, minute - 59, second - 59) > 0:
        return None
    return datetime.combine(whole, time(hour, minute, second))


def _iso(said: str) -> datetime | None:
    if len(said) < 10 or said[4] != "-":
        return None
    try:
        return _in_range(_whole_second(vietnam.local(datetime.fromisoformat(said))))
    except (ValueError, OverflowError):
        return None


def _whole_second(moment: datetime) -> datetime:
    # A serial is a binary fraction of a day: 14:05:00 may arrive as 14:04:59.999997.
    if not moment.microsecond:
        return moment
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _in_range(moment: datetime) -> datetime | None:
    return moment if conforming.EARLIEST <= moment.date() < conforming.LATEST else None
