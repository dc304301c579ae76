"""Comma-separated files as exports really are: any usual encoding and separator, quotes that never close."""

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from motcua.ingest.sheets_cells import EXCEL_1900, Cell
from motcua.ingest.sheets_grid import BrokenRow, Merged, Row
from motcua.kernel.errors import UserError

_PEEK = 1 << 16
_LONGEST_LINE = 1 << 20
_MOST_LINES = 40
"""A quoted cell may hold line breaks; one that runs over more lines than this was never closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvGrid:
    """A CSV file as a page of cells, all text."""

    path: Path
    where: str
    encoding: str
    separator: str
    name: str = ""
    day_zero: datetime = EXCEL_1900
    merged: tuple[Merged, ...] = ()
    is_ragged: bool = True
    is_hidden: bool = False
    has_errors: bool = False

    def rows(self) -> Iterator[Row]:
        """Go through the records; a record over several lines has the number of its first.

        Raises:
            UserError: a line is longer than any table's.
        """
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            lines = _Lines(file, where=self.where)
            for number, line in lines:
                if '"' in line:
                    yield number, self._quoted(number, line, lines)
                elif number > 1 or not _names_separator(line):
                    yield number, list[Cell](line.split(self.separator))

    def _quoted(self, number: int, line: str, lines: "_Lines") -> list[Cell] | BrokenRow:
        """Read a record with quotes, taking more lines while a quoted cell is open."""
        taken = [(number, line)]
        try:
            if (cells := self._strict([line])) is not None:
                return cells
        except csv.Error:  # a stray quote beside letters: read on, the way spreadsheets do
            return list[Cell](next(csv.reader([line], delimiter=self.separator), []))
        while len(taken) < _MOST_LINES and (following := next(lines, None)) is not None:
            taken.append(following)
            if '"' not in following[1]:
                continue
            try:
                if (cells := self._strict([one for _, one in taken])) is not None:
                    return cells
            except csv.Error:
                break
        lines.put_back(taken[1:])
        return BrokenRow("dấu ngoặc kép mở mà không đóng.")

    def _strict(self, lines: list[str]) -> list[Cell] | None:
        """Return the record's cells, None while a quoted cell is open.

        Raises:
            csv.Error: letters stand right after a closing quote.
        """
        ended = [one + "\n" for one in lines[:-1]] + lines[-1:]
        try:
            return list[Cell](next(csv.reader(ended, delimiter=self.separator, strict=True)))
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                return None
            raise


class _Lines:
    """The file's lines without their ends, numbered from 1; some may be put back."""

    def __init__(self, file: TextIO, *, where: str) -> None:
        self._file = file
        self._where = where
        self._number = 0
        self._back: deque[tuple[int, str]] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> tuple[int, str]:
        if self._back:
            return self._back.popleft()
        line = self._file.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) >= _LONGEST_LINE:
            raise UserError(
                f"Dòng {self._number} dài hơn một triệu ký tự: đây không phải bảng CSV.",
                remedy="Hãy kiểm tra tệp có bị hỏng không, rồi xuất lại.",
                where=self._where,
            )
        return self._number, line.rstrip("\r\n")

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        self._back.extendleft(reversed(lines))


def _names_separator(line: str) -> bool:
    return len(line) == 5 and line.lower().startswith("sep=")


def open_csv(path: Path, *, where: str) -> CsvGrid:
    """Return the file as a page, with the encoding and separator it was written in.

    Raises:
        UserError: it is no text.
    """
    encoding = _encoding(path, where=where)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        start = file.read(_PEEK)
    return CsvGrid(path=path, where=where, encoding=encoding, separator=_separator(start))


def _separator(start: str) -> str:
    """Return the separator that most lines have most often; ``sep=;`` in the first line says it outright."""
    lines = start.splitlines()[:60]
    if lines and _names_separator(lines[0]):
        return lines[0][4]
    return max(",;\t|", key=lambda one: (sum(min(line.count(one), 40) for line in lines), -",;\t|".index(one)))


def _encoding(path: Path, *, where: str) -> str:
    """Return the encoding: a byte order mark tells it, else UTF-8 if all of it is, else Vietnamese Windows."""
    with path.open("rb") as file:
        start = file.read(_PEEK)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start:
        zeros = start[1::2].count(0), start[::2].count(0)
        if max(zeros) * 4 > len(start) and min(zeros) * 20 < max(zeros):
            return "utf-16-le" if zeros[0] > zeros[1] else "utf-16-be"
        raise UserError("Tệp không phải văn bản.", remedy="Hãy xuất lại dạng CSV (mã UTF-8) hoặc Excel.", where=where)
    return "utf-8" if _is_utf8(path) else "cp1258"


def _is_utf8(path: Path) -> bool:
    """Tell whether the file is UTF-8; one broken byte among many letters (a cut file) does not make it another."""
    good = bad = 0
    with path.open("rb") as file:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        while piece := file.read(1 << 20):
            said = decoder.decode(piece)
            if not said.isascii():
                broken = said.count("\ufffd")
                bad += broken
                good += sum(1 for letter in said[:20_000] if letter > "\x7f") - min(broken, 1)
    return bad == 0 or good > 20 * bad
