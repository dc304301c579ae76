"""A file of numerators and denominators: read whole, every fault named by its row, nothing guessed.

Columns: unit_code, unit_name, level, metric, numerator, denominator; an empty number is the portal's null.
"""

import csv
import difflib
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from motcua.indicators.score import Count, RatedUnit
from motcua.kernel import csv_text, ids, text
from motcua.kernel.errors import Problem, UserError

COLUMNS = ("unit_code", "unit_name", "level", "metric", "numerator", "denominator")
MOST_BYTES = 256 * 2**20
MOST_PROBLEMS = 20
ROOT_LEVELS = frozenset({"province", "ministry"})

# What portals and offices write, blind to marks and case, to the kinds of units of docs/dev/seams.md.
_LEVELS: Mapping[str, str] = {
    **dict.fromkeys(("province", "tinh", "tinh thanh pho", "cap tinh", "ubnd tinh", "administrative unit"), "province"),
    **dict.fromkeys(("department", "agency", "so", "so ban nganh", "so nganh", "cap so"), "department"),
    **dict.fromkeys(("district", "huyen", "cap huyen"), "district"),
    **dict.fromkeys(("commune", "ward", "xa", "phuong", "dac khu", "xa phuong", "xa phuong dac khu"), "commune"),
    "cap xa": "commune",
    **dict.fromkeys(("ministry", "bo", "bo nganh", "cap bo"), "ministry"),
    **dict.fromkeys(("nation", "national", "country", "ca nuoc", "toan quoc"), "nation"),
}  # fmt: skip
_KINDS = frozenset(_LEVELS.values()) | {"centre", "desk", "vertical"}
_WHOLE = re.compile(r"[0-9]{1,18}")
# A spreadsheet writes whole numbers beside empty cells as 358660.0; three decimals would read as thousands in Vietnam.
_WHOLE_WITH_ZERO_DECIMALS = re.compile(r"([0-9]{1,18})[.,]0{1,2}")


@dataclass(frozen=True, slots=True)
class CountsFile:
    """What the file says: the units in its order, their counts, and what looks odd but could be counted."""

    units: tuple[RatedUnit, ...]
    counts: Mapping[str, Mapping[str, Count]]
    warnings: tuple[Problem, ...]


def parse(content: bytes, *, metrics: Collection[str], where: str) -> CountsFile:
    """Return the counts of a CSV file.

    Args:
        content: the file as received: UTF-8, with or without BOM; separated by commas, semicolons or tabs.
        metrics: the indicator codes of the rule set.
        where: the file's name, for messages.

    Raises:
        UserError: the file is not such a table, or rows are wrong; the message names each with its remedy.
    """
    if len(content) > MOST_BYTES:
        raise UserError("Tệp quá lớn (trên 256 MB).", remedy="Hãy tách thành nhiều tệp.", where=where)
    reading = _Reading(metrics=metrics, where=where)
    for number, cells in _rows(csv_text.decoded(content, where=where), where=where):
        reading.take(number, cells)
    return reading.finish()


class _Reading:
    """One pass over the rows, gathering counts and faults."""

    def __init__(self, *, metrics: Collection[str], where: str) -> None:
        self.metrics = {metric.casefold(): metric for metric in metrics}
        self.where = where
        self.units: dict[str, RatedUnit] = {}
        self.counts: dict[str, dict[str, Count]] = {}
        self.first_rows: dict[tuple[str, str], int] = {}
        self.odd_levels: set[str] = set()
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def take(self, number: int, cells: Mapping[str, str]) -> None:
        before = len(self.problems)
        unit = self._unit(number, cells)
        metric = self._metric(number, cells["metric"])
        numerator = self._number(number, "numerator", cells["numerator"])
        denominator = self._number(number, "denominator", cells["denominator"])
        if len(self.problems) > before or unit is None or metric is None:
            return
        first = self.first_rows.setdefault((unit.code, metric), number)
        if first != number:
            self._problem(
                number,
                "metric",
                f"Chỉ số {metric} của đơn vị {unit.code} đã có ở dòng {first}.",
                "Hãy giữ một dòng cho mỗi đơn vị và chỉ số.",
            )
            return
        if numerator is not None and denominator is not None and numerator > denominator:
            self.warnings.append(
                Problem(
                    self.where,
                    f"Tử số {numerator} lớn hơn mẫu số {denominator}; tỷ lệ được tính là 100% nếu mẫu số khác 0.",
                    "Hãy kiểm tra lại hai số.",
                    row=number,
                )
            )
        self.counts.setdefault(unit.code, {})[metric] = Count(numerator, denominator)

    def finish(self) -> CountsFile:
        if self.problems:
            shown = tuple(self.problems[:MOST_PROBLEMS])
            more = len(self.problems) - len(shown)
            raise UserError(
                f"Có {len(self.problems)} chỗ sai" + (f", dưới đây là {len(shown)} chỗ đầu." if more else "."),
                remedy="Hãy sửa các dòng sau rồi chạy lại; chưa có điểm nào được tính.",
                where=self.where,
                problems=shown,
            )
        if not self.units:
            raise UserError(
                "Tệp không có dòng số liệu nào.",
                remedy="Hãy ghi mỗi chỉ số của mỗi đơn vị trên một dòng, dưới dòng tiêu đề.",
                where=self.where,
            )
        return CountsFile(with_parents(tuple(self.units.values())), self.counts, tuple(self.warnings))

    def _unit(self, number: int, cells: Mapping[str, str]) -> RatedUnit | None:
        code, name, level = cells["unit_code"], cells["unit_name"], level_of(cells["level"])
        if not code:
            self._problem(number, "unit_code", "Thiếu mã đơn vị.", "Hãy điền mã, ví dụ H20 hoặc H20.12.")
            return None
        if not level:
            self._problem(number, "level", "Thiếu cấp của đơn vị.", "Hãy ghi province, department hoặc commune.")
            return None
        if level not in _KINDS and level not in self.odd_levels:
            self.odd_levels.add(level)
            close = difflib.get_close_matches(text.fold(cells["level"]), _LEVELS, n=1)
            self.warnings.append(
                Problem(
                    self.where,
                    f"Không biết cấp «{_short(cells['level'])}»; các đơn vị ghi như vậy được xếp hạng riêng.",
                    f"Có phải {_LEVELS[close[0]]}?" if close else "Hãy ghi province, department hoặc commune.",
                    row=number,
                    column="level",
                )
            )
        known = self.units.setdefault(code, RatedUnit(code=code, name=name or code, level=level))
        if known.level != level:
            self._problem(
                number,
                "level",
                f"Đơn vị {code} ở đây là «{level}», ở dòng trước là «{known.level}».",
                "Hãy ghi cùng một cấp cho mọi dòng của đơn vị.",
            )
            return None
        return known

    def _metric(self, number: int, written: str) -> str | None:
        metric = self.metrics.get(written.casefold())
        if metric is None:
            close = difflib.get_close_matches(written.casefold(), self.metrics, n=1)
            remedy = (
                f"Có phải {self.metrics[close[0]]}?" if close else "Các mã: " + ", ".join(self.metrics.values()) + "."
            )
            self._problem(number, "metric", f"Bộ chỉ số không có mã «{_short(written)}».", remedy)
        return metric

    def _number(self, number: int, column: str, written: str) -> int | None:
        if not written:
            return None
        if _WHOLE.fullmatch(written):
            return int(written)
        if found := _WHOLE_WITH_ZERO_DECIMALS.fullmatch(written):
            return int(found[1])
        self._problem(
            number,
            column,
            f"«{_short(written)}» không phải số nguyên từ 0 trở lên.",
            "Hãy ghi chữ số liền nhau, không dấu chấm, phẩy, trừ; để trống nếu Cổng không cho số (null).",
        )
        return None

    def _problem(self, number: int, column: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.where, what, remedy, row=number, column=column))


def level_of(written: str) -> str:
    """Return the kind of unit that the text names; the text itself, in lower case, where it is none we know."""
    return _LEVELS.get(text.fold(written), written.casefold())


def with_parents(units: tuple[RatedUnit, ...]) -> tuple[RatedUnit, ...]:
    """Give every unit the unit above it: the longest code that its own begins with, else the only province."""
    places = {ids.unit_code(unit.code) or unit.code: unit.code for unit in units}
    roots = [unit.code for unit in units if unit.level in ROOT_LEVELS]

    def parent(unit: RatedUnit) -> str | None:
        parts = (ids.unit_code(unit.code) or unit.code).split(".")
        for length in range(len(parts) - 1, 0, -1):
            above = places.get(".".join(parts[:length]))
            if above is not None and above != unit.code:
                return above
        is_below = unit.level not in ROOT_LEVELS and unit.level != "nation"
        return roots[0] if is_below and len(roots) == 1 else None

    return tuple(RatedUnit(unit.code, unit.name, unit.level, parent(unit)) for unit in units)


def _rows(written: str, *, where: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Go through the rows that hold something, with the line of the file on which each ends."""
    delimiter = csv_text.delimiter(written.split("\n", 1)[0])
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
    try:
        names = [text.nfc(cell).casefold().replace(" ", "_") for cell in next(reader, [])]
        _check_header(names, where=where)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
                raise UserError(
                    f"Dòng {reader.line_num} có {len(cells)} ô, dòng tiêu đề có {len(names)} ô.",
                    remedy="Hãy kiểm tra dấu ngăn cách và dấu ngoặc kép của dòng này.",
                    where=where,
                )
            yield reader.line_num, {name: text.nfc(cell) for name, cell in zip(names, cells, strict=False)}
    except csv.Error:
        raise UserError(
            f"Không đọc được dòng {reader.line_num}.",
            remedy="Hãy kiểm tra dấu ngoặc kép chưa đóng, rồi lưu lại tệp dạng CSV.",
            where=where,
        ) from None


def _check_header(names: list[str], *, where: str) -> None:
    lacking = [name for name in COLUMNS if name not in names]
    if lacking:
        raise UserError(
            "Thiếu cột " + ", ".join(lacking) + ".",
            remedy="Dòng đầu phải là: " + ",".join(COLUMNS) + ".",
            where=where,
        )
    twice = sorted({name for name in COLUMNS if names.count(name) > 1})
    if twice:
        raise UserError(
            "Cột xuất hiện hai lần: " + ", ".join(twice) + ".", remedy="Hãy giữ mỗi cột một lần.", where=where
        )


def _short(written: str) -> str:
    return written if len(written) <= 40 else written[:39] + "…"
