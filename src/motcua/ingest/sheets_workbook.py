"""Workbooks (xlsx, xls, xlsb, ods) as pages of cells."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

import python_calamine

from motcua.ingest import sheets_extent
from motcua.ingest.sheets_cells import EXCEL_1900, EXCEL_1904, Cell
from motcua.ingest.sheets_grid import Merged, Row
from motcua.kernel.errors import UserError

_DATE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")

_BROKEN = (OSError, ValueError, EOFError, NotImplementedError, KeyError, RuntimeError, zlib.error, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetGrid:
    """One sheet of a workbook as a page of cells."""

    sheet: python_calamine.CalamineSheet
    day_zero: datetime
    is_ragged: bool = False
    is_hidden: bool = False
    has_errors: bool = False

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.sheet.name

    @property
    def merged(self) -> tuple[Merged, ...]:
        """The sheet's merged ranges, columns counted as ``rows`` gives them."""
        left = self.sheet.start[1] if self.sheet.start else 0
        return tuple(
            ((first[0], first[1] - left), (last[0], last[1] - left))
            for first, last in self.sheet.merged_cell_ranges or ()
        )

    def rows(self) -> Iterator[Row]:
        """Go through the rows from the first; empty ones above the table are given too."""
        return enumerate(cast("Iterator[list[Cell]]", self.sheet.iter_rows()), start=1)


_MOST_KEPT = 3_000_000
"""How many cells of parsed sheets wait to be read: some 200 MB."""
_kept: dict[tuple[int, int, int, int], tuple[SheetGrid, ...]] = {}


def look_into(path: Path, *, where: str) -> tuple[SheetGrid, ...]:
    """Return the workbook's sheets that hold cells, and keep them for who opens the same file next.

    Telling what a workbook is and reading it both need it parsed, which takes as long as everything else.

    Raises:
        UserError: as ``open_workbook``.
    """
    grids = tuple(_parsed(path, where=where))
    cells = sum(grid.sheet.total_height * grid.sheet.total_width for kept in (*_kept.values(), grids) for grid in kept)
    if cells <= _MOST_KEPT:
        _kept[_identity(path)] = grids
    return grids


def open_workbook(path: Path, *, where: str) -> Iterator[SheetGrid]:
    """Go through the workbook's sheets that hold cells.

    Raises:
        UserError: the workbook is damaged, protected, too large, of another kind, or no workbook.
    """
    if (kept := _kept.pop(_identity(path), None)) is not None:
        yield from kept
    else:
        yield from _parsed(path, where=where)


def forget() -> None:
    """Let go of sheets that were kept and never opened."""
    _kept.clear()


def _identity(path: Path) -> tuple[int, int, int, int]:
    about = path.stat()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns


def _parsed(path: Path, *, where: str) -> Iterator[SheetGrid]:
    try:
        day_zero, has_errors = _checked(path, where=where)
        with path.open("rb") as file, python_calamine.CalamineWorkbook.from_filelike(file) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ is python_calamine.SheetTypeEnum.WorkSheet:
                    sheet = workbook.get_sheet_by_name(about.name)
                    if sheet.start is not None:
                        is_hidden = about.visible is not python_calamine.SheetVisibleEnum.Visible
                        yield SheetGrid(sheet=sheet, day_zero=day_zero, is_hidden=is_hidden, has_errors=has_errors)
    except python_calamine.PasswordError as error:
        raise UserError(
            "Tệp Excel được bảo vệ bằng mật khẩu.", remedy="Hãy bỏ mật khẩu, lưu lại rồi nhập.", where=where
        ) from error
    except (python_calamine.CalamineError, *_BROKEN) as error:
        raise _damaged(where) from error
    except BaseException as error:
        # A damaged workbook can make the reader itself give up; its panic is no Exception.
        if type(error).__name__ == "PanicException":
            raise _damaged(where) from error
        raise


def _damaged(where: str) -> UserError:
    return UserError(
        "Sổ Excel bị hỏng hoặc bị cắt cụt.",
        remedy="Hãy mở và lưu lại bằng Excel, hoặc xuất lại từ phần mềm nguồn.",
        where=where,
    )


def _checked(path: Path, *, where: str) -> tuple[datetime, bool]:
    """Return the day of serial 0, for bare numbers (the reader applies it to date cells), and if cells hold errors.

    Raises:
        UserError: the workbook would not fit in memory, or is of a kind whose size cannot be told beforehand.
    """
    if not zipfile.is_zipfile(path):
        return EXCEL_1900, False
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise UserError(
                "Chỉ đọc được sổ Excel dạng .xlsx và .xls.", remedy="Hãy lưu lại thành .xlsx hoặc CSV.", where=where
            )
        extent = sheets_extent.look(archive)
        if extent.is_too_large:
            raise UserError(
                "Trang tính trải quá rộng (có ô ở rất xa bảng), không đọc được trong bộ nhớ cho phép.",
                remedy="Hãy xóa các ô thừa ở cuối trang, chia tệp nhỏ hơn, hoặc lưu thành CSV.",
                where=where,
            )
        with archive.open("xl/workbook.xml") as member:
            is_1904 = _DATE_1904.search(member.read(1 << 16)) is not None
        return EXCEL_1904 if is_1904 else EXCEL_1900, extent.has_errors
