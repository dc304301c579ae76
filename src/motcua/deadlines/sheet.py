"""A table of cases for the clock: each row read into happenings, each fault named by row and column."""

import csv
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from motcua.deadlines import rulebook, terms
from motcua.deadlines.errors import HappeningsError
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Counting, Happenings, Limit, LimitUnit, Pause
from motcua.kernel import csv_text, time
from motcua.kernel.errors import Problem, UserError

COLUMNS = ("case_id", "received_at", "limit", "unit", "counting", "pauses", "finished_at")
_NEEDED = ("case_id", "received_at")
_CONDITIONS = ("channel", "situation", "area")
_UNITS = frozenset(unit.value for unit in LimitUnit)
_COUNTINGS = frozenset(counting.value for counting in Counting)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as given: its line in the file (the header is line 1) and its cells by column."""

    line: int
    cells: Mapping[str, str]
    too_many: int = 0
    """How many cells the line has, where it has more than the header: it cannot be told which is which."""


def rows(lines: Iterable[str], *, where: str) -> Iterator[Row]:
    """Read a CSV with a header; empty lines are passed over.

    Raises:
        UserError: no header, a needed column is missing or a column comes twice, or a line is no CSV at all.
    """
    lines = iter(lines)
    heading = next(lines, "")
    reader = csv.reader(itertools.chain([heading], lines), delimiter=csv_text.delimiter(heading))
    try:
        header = [name.strip().lower().removeprefix("\ufeff") for name in next(reader, [])]
        _check(header, where=where)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                named = zip(header, (cell.strip() for cell in cells), strict=False)
                spare = any(cell.strip() for cell in cells[len(header) :])
                yield Row(reader.line_num, dict(named), len(cells) if spare else 0)
    except csv.Error:
        raise UserError(
            f"Không đọc được dòng {reader.line_num}.",
            remedy="Hãy kiểm tra dấu ngoặc kép chưa đóng, rồi lưu lại tệp dạng CSV.",
            where=where,
        ) from None


def _check(header: list[str], *, where: str) -> None:
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise UserError(
            f"Thiếu cột {', '.join(f'«{name}»' for name in missing)}.",
            remedy=f"Dòng đầu của tệp phải ghi tên cột: {','.join(COLUMNS)}.",
            where=where,
        )
    twice = [name for name in dict.fromkeys(header) if name and header.count(name) > 1]
    if twice:
        raise UserError(f"Cột xuất hiện hai lần: {', '.join(twice)}.", remedy="Hãy giữ mỗi cột một lần.", where=where)


def problem(error: UserError, *, where: str, row: Row, column: str = "received_at") -> Problem:
    """Return the error as a fault of the row, at the column that the error names, or the one given."""
    if isinstance(error, HappeningsError):
        column = error.column
    return Problem(where, error.what, error.remedy, row.line, column)


def column_of_year(row: Row, year: int) -> str:
    """Return the column that leads to the year: the one that names it, else the limit that reaches so far."""
    moments = ("received_at", "pauses", "finished_at")
    return next((name for name in moments if f"{year:04}-" in row.cells.get(name, "")), "limit")


def received_at(row: Row) -> datetime:
    """Return the moment of receipt.

    Raises:
        HappeningsError: it is missing or not a moment, or the row has no case_id or more cells than the header.
    """
    if row.too_many:
        raise HappeningsError(
            f"Dòng có {row.too_many} ô, nhiều hơn dòng tiêu đề.",
            remedy='Hãy kiểm tra dấu phẩy: số lẻ ghi 0.5 hoặc "0,5" trong ngoặc kép.',
            column="limit",
        )
    if not row.cells.get("case_id"):
        raise HappeningsError("Thiếu mã hồ sơ.", remedy="Hãy ghi mã để nhận ra hồ sơ trong kết quả.", column="case_id")
    return _moment(row.cells.get("received_at", ""), column="received_at")


def happenings(row: Row, *, rule: DeadlineRule) -> Happenings:
    """Return what the row says happened; a limit or counting left empty is taken from the rule.

    Raises:
        HappeningsError: a cell cannot be understood; the error names its column.
    """
    cells = row.cells
    finished = cells.get("finished_at", "")
    return Happenings(
        received_at(row),
        _limit(cells, rule),
        _counting(cells.get("counting", ""), rule),
        _pauses(cells.get("pauses", "")),
        _moment(finished, column="finished_at") if finished else None,
    )


def _moment(text: str, *, column: str) -> datetime:
    try:
        return time.local(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise HappeningsError(
            f"Không hiểu thời điểm «{text}»." if text else "Thiếu thời điểm.",
            remedy="Hãy ghi theo giờ Việt Nam, ví dụ 2026-02-11T16:00.",
            column=column,
        ) from None


def _limit(cells: Mapping[str, str], rule: DeadlineRule) -> Limit:
    amount, unit = cells.get("limit", ""), cells.get("unit", "")
    if not amount and not unit and rule.limits:
        conditions = {name: cells.get(name, "") for name in _CONDITIONS}
        return rulebook.limit_of(rule, **conditions).limit
    if not amount:
        raise HappeningsError("Thiếu thời hạn.", remedy="Hãy ghi số, ví dụ 5 hoặc 0.5.", column="limit")
    return _read_limit(amount, unit)


@lru_cache(maxsize=4096)
def _read_limit(amount: str, unit: str) -> Limit:
    if unit not in _UNITS:
        raise HappeningsError(
            f"Không có đơn vị thời hạn «{unit}»." if unit else f"Thời hạn «{amount}» không có đơn vị.",
            remedy=f"Hãy ghi một trong: {', '.join(LimitUnit)}.",
            column="unit",
        )
    try:
        number = Decimal(amount.replace(",", "."))
    except InvalidOperation:
        number = None
    # A signalling NaN cannot even be hashed or compared.
    if number is None or number.is_nan():
        raise HappeningsError(
            f"Thời hạn «{amount}» không phải là số.", remedy="Hãy ghi số, ví dụ 5 hoặc 0.5.", column="limit"
        )
    limit = Limit(number, LimitUnit(unit))
    terms.millionths(limit)
    return limit


def _counting(text: str, rule: DeadlineRule) -> Counting:
    if not text:
        return rule.counting
    if text not in _COUNTINGS:
        raise HappeningsError(
            f"Không có cách đếm «{text}».", remedy=f"Hãy ghi một trong: {', '.join(Counting)}.", column="counting"
        )
    return Counting(text)


def _pauses(text: str) -> tuple[Pause, ...]:
    """Read ``start/end;start/end``; an end may be left open, and a third part may name the ground."""
    found = []
    for one in text.split(";"):
        if not one.strip():
            continue
        begin, _, rest = (part.strip() for part in one.partition("/"))
        end, _, ground = (part.strip() for part in rest.partition("/"))
        if "/" not in one:
            raise HappeningsError(
                f"Lần tạm dừng «{one.strip()}» không có dấu «/».",
                remedy="Hãy ghi lúc bắt đầu/lúc kết thúc, ví dụ 2026-02-12T09:00/2026-02-13T10:00; chưa kết thúc thì "
                "để trống sau dấu «/».",
                column="pauses",
            )
        open_ended = end in ("", "..")
        found.append(
            Pause(_moment(begin, column="pauses"), None if open_ended else _moment(end, column="pauses"), ground)
        )
    return tuple(found)
