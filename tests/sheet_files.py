# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""Small spreadsheets as provinces export them, and a reader that gathers a whole import."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
import xlsxwriter

from motcua.ingest.reading import Batch, ImportContext
from motcua.kernel.errors import Problem

OBSERVED = datetime(2026, 11, 1)

IGATE = (
    "Số hồ sơ", "Tên thủ tục hành chính", "Tên lĩnh vực", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
    "Cơ quan/đơn vị", "Chủ hồ sơ", "Số điện thoại", "Cán bộ xử lý hiện tại", "Trạng thái hồ sơ",
)  # fmt: skip


def igate_row(**changes: Any) -> list[Any]:
    """Return a row of an iGate list: a dossier of a commune, done in time, changed as told (by ``IGATE``'s order)."""
    row = {
        "code": "H01.112-260302-0001",
        "name": "Đăng ký khai sinh",
        "sector": "Hộ tịch",
        "received": "02/03/2026 08:15:00",
        "due": "05/03/2026 17:00:00",
        "ended": "04/03/2026 10:30:00",
        "unit": "UBND phường Tân Châu",
        "owner": "Trần Thị Mẫu",
        "phone": 912345678.0,
        "officer": "Nguyễn Văn Mẫu",
        "state": "Đã trả kết quả",
    }
    return list((row | changes).values())


def write_xlsx(
    path: Path,
    rows: Sequence[Any],
    *,
    merged: Sequence[tuple[int, int, int, int, str]] = (),
    options: Mapping[str, Any] = MappingProxyType({}),
) -> Path:
    """Write one sheet; a ``datetime`` becomes a date cell. ``merged``: first row, column, last row, column, text."""
    book = xlsxwriter.Workbook(str(path), dict(options))
    sheet = book.add_worksheet("Danh sách")
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(at, column, value, moment)
            elif isinstance(value, str):
                sheet.write_string(at, column, value)
            elif value is not None:
                sheet.write(at, column, value)
    for first_row, first_column, last_row, last_column, text in merged:
        sheet.merge_range(first_row, first_column, last_row, last_column, text)
    book.close()
    return path


def write_csv(path: Path, rows: Sequence[Any], *, separator: str = ",", encoding: str = "utf-8-sig") -> Path:
    """Write a CSV file without any quoting of its own."""
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def windows_1258(text: str) -> bytes:
    """Encode as Vietnamese Windows does: a letter with its shape, then its tone as a mark of its own."""
    encoded = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in _TONES)
        shape = "".join(part for part in parts if part not in _TONES)
        encoded.append(unicodedata.normalize("NFC", shape) + tone)
    return "".join(encoded).encode("cp1258")


_TONES = "\u0300\u0301\u0303\u0309\u0323"


def table(path: Path, columns: Mapping[str, Sequence[Any]]) -> Path:
    """Write a folded table, as the data directory has them."""
    pl.DataFrame(
        dict(columns), schema_overrides={"valid_to": pl.Date} if "valid_to" in columns else None
    ).write_parquet(path)
    return path


def catalogue_table(path: Path) -> Path:
    """Write a small catalogue."""
    return table(
        path,
        {
            "procedure_code": ["1.001193", "1.004884", "1.000894", "2.000942", "1.009001", "1.009002"],
            "name": [
                "Thủ tục đăng ký khai sinh",
                "Thủ tục đăng ký lại khai sinh",
                "Đăng ký kết hôn",
                "Cấp bản sao có chứng thực từ bản chính giao dịch đã được chứng thực",
                "Giải quyết khiếu nại lần đầu (cấp tỉnh)",
                "Giải quyết khiếu nại lần đầu (cấp xã)",
            ],
            "sector": ["Hộ tịch", "Hộ tịch", "Hộ tịch", "Chứng thực", "Khiếu nại", "Khiếu nại"],
            "levels": ["commune", "commune", "commune", None, "province", "commune"],
        },
    )


def units_table(path: Path) -> Path:
    """Write the units of a small province."""
    return table(
        path,
        {
            "unit_code": ["H01", "H01.12", "H01.112", "H01.123"],
            "name": ["UBND tỉnh An Giang", "Sở Tư pháp", "UBND phường Tân Châu", "UBND xã Mỹ Đức"],
            "kind": ["province", "department", "commune", "commune"],
            "valid_to": [None, None, None, None],
        },
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """All that a reader gave for a file."""

    rows: list[dict[str, Any]]
    rows_read: int
    refused: list[Problem]
    problems: list[Problem]
    warnings: list[Problem]

    def one(self) -> dict[str, Any]:
        """Return the only row."""
        (row,) = self.rows
        return row

    def says(self, *words: str) -> bool:
        """Tell whether one entry has all the words."""
        told = [str(one) for one in (*self.refused, *self.problems, *self.warnings)]
        return any(all(word in one for word in words) for one in told)


def imported(
    read: Callable[..., Iterator[Batch]], path: Path, *, tables: Mapping[str, Path] | None = None, **more: Any
) -> Imported:
    """Read a file with a reader and gather its batches."""
    context = ImportContext(name=path.name, observed_at=OBSERVED, tables=tables or {}, **more)
    rows: list[dict[str, Any]] = []
    batches = list(read(path, context=context))
    for batch in batches:
        names = list(batch.columns)
        rows += [dict(zip(names, row, strict=True)) for row in zip(*batch.columns.values(), strict=True)]
    return Imported(
        rows=rows,
        rows_read=sum(batch.rows_read for batch in batches),
        refused=[one for batch in batches for one in batch.refused],
        problems=[one for batch in batches for one in batch.problems],
        warnings=[one for batch in batches for one in batch.warnings],
    )
