"""Spreadsheets of any kind: what a file holds, and its rows as columns of cells under our own names."""

import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import dropwhile, islice
from pathlib import Path
from typing import Protocol

from motcua.ingest import sheets_cells, sheets_csv, sheets_headings, sheets_mapping, sheets_workbook
from motcua.ingest.reading import BATCH_ROWS, ImportContext
from motcua.ingest.sheets_cells import Cell
from motcua.ingest.sheets_grid import BrokenRow, Grid
from motcua.ingest.sheets_headings import Headings
from motcua.kernel import text
from motcua.kernel.errors import Problem, UserError

_CELLS_SHOWN = 4
_PERSONAL = frozenset({"officer", "unit_or_person"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet whose headings are known."""

    grid: Grid
    headings: Headings
    where: str
    """The file's name, with the sheet's where it has several."""

    @property
    def kind(self) -> str:
        """The kind of table."""
        return self.headings.layout.kind


@dataclass(slots=True, kw_only=True)
class Chunk:
    """Some rows of a page, as columns of raw cells by field; every column is as long as ``numbers``.

    ``numbers``: the rows' numbers in the file. ``rows_read`` also counts rows that are not in the columns.
    """

    numbers: list[int] = field(default_factory=list)
    columns: dict[str, list[Cell]] = field(default_factory=dict)
    rows_read: int = 0
    refused: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def column(self, name: str) -> list[Cell]:
        """Return a column; all unknown where the page does not have it."""
        return self.columns.get(name) or [None] * len(self.numbers)


def recognise(path: Path, *, container: str, folder: Path | None = None, name: str = "") -> str | None:
    """Return the code of the kind of table that a spreadsheet or CSV file holds, by its headings; None if of none.

    ``folder``: a province's own mapping tables, whose headings count too. ``name``: the file's as the person gave it.

    Raises:
        UserError: the file cannot be opened at all.
    """
    del container  # the reader looks at the bytes itself, and also takes what has the wrong ending
    found = [
        headings.layout.kind
        for grid in _grids(path, where=name or path.name, opened=sheets_workbook.look_into)
        if (headings := _headings(grid, folder=folder, kinds=sheets_mapping.LAYOUTS))
    ]
    return min(found, key=sheets_mapping.LAYOUTS.index) if found else None


def pages(path: Path, *, context: ImportContext, kinds: Collection[str]) -> Iterator[tuple[Page, list[Problem]]]:
    """Go through the file's sheets of these kinds, each with what is odd about its headings.

    Raises:
        UserError: the file cannot be opened, or no sheet is of these kinds; the message names the nearest headings.
    """
    skipped: list[Problem] = []
    is_any = False
    for grid in _grids(path, where=context.name):
        headings = _headings(grid, folder=context.mapping, kinds=kinds)
        if headings is None:
            if grid.name:
                skipped.append(
                    Problem(
                        where=context.name,
                        what=f"trang «{grid.name}» không phải bảng cần nhập nên được bỏ qua.",
                        remedy="Nếu trang có số liệu, hãy kiểm tra dòng tiêu đề.",
                    )
                )
            continue
        where = f"{context.name} [{grid.name}]" if grid.name else context.name
        page = Page(grid=grid, headings=headings, where=where)
        is_any = True
        yield page, [*skipped, *_odd_headings(page)]
        skipped = []
    if not is_any:
        wanted = [layout for layout in sheets_mapping.layouts(context.mapping) if layout.kind in kinds]
        needed = "; ".join(
            f"{layout.name_vi}: {', '.join(layout.fields[name][0] for name in layout.required)}" for layout in wanted
        )
        raise UserError(
            f"Không tìm thấy dòng tiêu đề trong {sheets_headings.FIRST_ROWS} dòng đầu.",
            remedy=f"Bảng phải có các cột ({needed}); tiêu đề khác thì khai trong bảng ánh xạ của tỉnh.",
            where=context.name,
        )


class _Opener(Protocol):
    def __call__(self, path: Path, *, where: str) -> Iterable[Grid]: ...


def _grids(path: Path, *, where: str, opened: _Opener = sheets_workbook.open_workbook) -> Iterator[Grid]:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and (start[:2] != b"PK" or zipfile.is_zipfile(path)):
        yield from opened(path, where=where)
    else:
        yield sheets_csv.open_csv(path, where=where)


def _headings(grid: Grid, *, folder: Path | None, kinds: Collection[str]) -> Headings | None:
    layouts = [layout for layout in sheets_mapping.layouts(folder) if layout.kind in kinds]
    return sheets_headings.find(
        list(islice(grid.rows(), sheets_headings.FIRST_ROWS)), layouts=layouts, merged=grid.merged
    )


def _odd_headings(page: Page) -> Iterator[Problem]:
    row = page.headings.last_row
    if page.grid.is_hidden:
        yield Problem(
            where=page.where,
            what="trang này đang ẩn trong sổ Excel nhưng vẫn được nhập.",
            remedy="Nếu đây là bản cũ hay bản nháp, hãy xóa trang rồi nhập vào một thư mục dữ liệu mới.",
        )
    if page.grid.has_errors:
        yield Problem(
            where=page.where,
            what="sổ Excel có ô báo lỗi công thức (#N/A, #DIV/0!, #REF!…); các ô đó được coi là trống.",
            remedy="Hãy sửa công thức, hoặc dán lại thành giá trị, rồi nhập lại.",
        )
    for heading in page.headings.repeated:
        yield Problem(
            where=page.where,
            row=row,
            column=heading,
            what="tiêu đề có ở nhiều cột; cột cuối cùng được dùng.",
            remedy="Hãy xóa cột thừa nếu cột cuối không phải cột đúng.",
        )
    for heading in page.headings.unknown:
        yield Problem(
            where=page.where,
            row=row,
            column=heading,
            what="không nhận ra cột này nên cột không được nhập.",
            remedy=f"Nếu cột cần cho chỉ số, hãy khai tiêu đề trong bảng ánh xạ «{page.kind}.toml» của tỉnh.",
        )


@cache
def _footers() -> tuple[str, ...]:
    return tuple(text.fold(word) for word in sheets_mapping.load("cells", folder=None)[0]["footers"])


def _is_footer(said: str) -> bool:
    first = text.fold(said) + " "
    return first[0].isalpha() and any(first.startswith(word + " ") for word in _footers())


def chunks(page: Page, *, size: int = BATCH_ROWS) -> Iterator[Chunk]:
    """Go through the rows below the headings; a row without the table's key is told and left out.

    Empty rows are nothing. A row without a key is a total, a signature or the heading of a group (told together in a
    warning at the end), or else a row that lacks its key (refused).
    """
    reader = _RowReader(page)
    while True:
        chunk = reader.take(size)
        if not chunk.rows_read:
            break
        yield chunk
    if reader.aside:
        yield Chunk(warnings=[_set_aside(reader.aside, where=page.where)])


def _set_aside(aside: list[int], *, where: str) -> Problem:
    shown = ", ".join(str(number) for number in aside[:10]) + (" …" if len(aside) > 10 else "")
    return Problem(
        where=where,
        row=aside[0],
        what=f"{len(aside)} dòng không phải dòng của bảng (tiêu đề nhóm, tổng cộng, chữ ký): dòng {shown}.",
        remedy="Các dòng này được bỏ qua; không cần làm gì nếu đúng là vậy.",
    )


class _RowReader:
    """Takes rows from the page, remembering what stood aside."""

    def __init__(self, page: Page) -> None:
        self.aside: list[int] = []
        self._page = page
        self._columns: Mapping[str, int] = page.headings.columns
        self._width = page.headings.width
        self._key = self._columns[page.headings.layout.key]
        last = page.headings.last_row
        self._rows = dropwhile(lambda row: row[0] <= last, page.grid.rows())
        self._is_first = True

    def take(self, size: int) -> Chunk:
        """Return the next rows; a chunk that has read nothing is the end."""
        chunk = Chunk()
        kept: list[list[Cell]] = []
        numbers = chunk.numbers
        width, key = self._width, self._key
        is_ragged = self._page.grid.is_ragged
        for number, cells in self._rows:
            if isinstance(cells, BrokenRow):
                chunk.rows_read += 1
                chunk.refused.append(self._refusal(number, what=cells.what))
                continue
            if is_ragged and len(cells) != width:
                if len(cells) > width and not self._fits(cells):
                    chunk.rows_read += 1
                    what = f"dòng có {len(cells)} ô, tiêu đề có {width} cột: có dấu phân cách thừa."
                    chunk.refused.append(self._refusal(number, what=what))
                    continue
                cells = cells + [None] * (width - len(cells))  # noqa: PLW2901 - the same row, filled up
            code = cells[key]
            is_odd = not isinstance(code, str) or not code or self._is_first or " " in code
            if is_odd and self._is_aside(number, cells, chunk):
                continue
            kept.append(cells)
            numbers.append(number)
            if len(numbers) >= size:
                break
        chunk.rows_read += len(numbers)
        chunk.columns = {name: [cells[at] for cells in kept] for name, at in self._columns.items()}
        return chunk

    def _fits(self, cells: list[Cell]) -> bool:
        return not any(cells[self._width :])

    def _is_aside(self, number: int, cells: list[Cell], chunk: Chunk) -> bool:
        """Deal with a row that may be no row of the table; True if it is not."""
        is_first, self._is_first = self._is_first, False
        if is_first and sheets_headings.is_index_row(cells):
            return True
        code = sheets_cells.text(cells[self._key])
        is_text = isinstance(cells[self._key], str)
        if is_text and code is not None and " " not in code and not _is_footer(code):
            return False
        said = [one for cell in cells if (one := sheets_cells.text(cell)) is not None]
        if not said:
            self._is_first = is_first
            return True
        if code is not None and len(said) > 1 and not _is_footer(code) and (is_text or not _is_footer(said[0])):
            return False
        chunk.rows_read += 1
        if len(said) == 1 or code is not None or _is_footer(said[0]):
            self.aside.append(number)
            return True
        # Only columns that are imported are shown: others may hold the names of people.
        known = [sheets_cells.text(cells[at]) for name, at in self._columns.items() if name not in _PERSONAL]
        shown = "; ".join(one for one in known[:_CELLS_SHOWN] if one)
        chunk.refused.append(
            self._refusal(number, column=self._page.headings.layout.key, what=f"thiếu mã (dòng có: {shown[:80]}).")
        )
        return True

    def _refusal(self, number: int, *, what: str, column: str | None = None) -> Problem:
        return Problem(
            where=self._page.where,
            row=number,
            column=self._page.headings.texts.get(column, column) if column else None,
            what=what,
            remedy="Dòng này không được nhập; hãy sửa rồi nhập lại.",
        )
