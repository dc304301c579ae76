"""Dữ liệu mở of an issue: tables with a dictionary, as CSV, JSON and XLSX, and a Data Package that describes them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

from motcua.publication import canonical, words
from motcua.publication.comparing import Difference
from motcua.publication.disclosed import PublicIssue, PublicUnit

Cell = str | int | None
JSON_SCHEMA = "motcua.open-data/1"
_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Column:
    """Cột dữ liệu: machine name, Vietnamese heading, type (``string``, ``integer``, ``number``), unit, meaning."""

    name: str
    title: str
    type: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """Bảng dữ liệu: a name of its own, its columns, its rows."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class DataFile:
    """Tệp dữ liệu, ready to be kept."""

    name: str
    media_type: str
    content: bytes


_BASES = "counted, inherited, zero_denominator, unknown, not_applicable, absent, information, hidden (bị ẩn vì số ít)."
_UNIT = (
    Column("month", "Tháng", "string", "", "Tháng của số liệu, dạng 2026-10."),
    Column("edition", "Bản", "integer", "", "1 là bản đầu; từ 2 là bản đính chính."),
    Column("unit_code", "Mã đơn vị", "string", "", "Mã định danh theo Quyết định 20/2020/QĐ-TTg."),
    Column("unit_name", "Tên đơn vị", "string", "", "Tên đơn vị tại thời điểm chốt."),
    Column("level", "Cấp", "string", "", "province, department, commune…: loại đơn vị, thứ hạng tính trong cùng loại."),
)
_TOTALS = (
    *_UNIT,
    Column("parent_code", "Mã đơn vị cấp trên", "string", "", "Trống: không có."),
    Column("total", "Tổng điểm", "number", "điểm", "Tổng điểm các nhóm, tối đa theo bộ chỉ số."),
    Column("grade", "Xếp loại", "string", "", "Tên xếp loại theo bộ chỉ số."),
    Column("rank", "Thứ hạng", "integer", "", "Trong các đơn vị cùng cấp; bằng điểm thì cùng hạng."),
    Column("rank_of", "Số đơn vị cùng cấp", "integer", "đơn vị", "Bao nhiêu đơn vị được xếp hạng."),
)
_ROWS = (
    *_UNIT,
    Column("group", "Nhóm chỉ số", "string", "", "Mã nhóm chỉ số."),
    Column("indicator_code", "Mã chỉ số", "string", "", "Mã chỉ số trên Cổng Dịch vụ công quốc gia."),
    Column("indicator_number", "Số hiệu", "string", "", "Số thứ tự của chỉ số."),
    Column("indicator_name", "Tên chỉ số", "string", "", "Tên như trong văn bản."),
    Column("numerator", "Tử số", "integer", "hồ sơ, thủ tục, phản ánh…", "Trống: không có số liệu hoặc bị ẩn."),
    Column("denominator", "Mẫu số", "integer", "hồ sơ, thủ tục, phản ánh…", "Trống: không có số liệu hoặc bị ẩn."),
    Column("ratio", "Tỷ lệ", "number", "0..1", "Tử số / mẫu số, tối đa 1; trống: không tính được hoặc bị ẩn."),
    Column("points", "Điểm", "number", "điểm", "Điểm của chỉ số; trống: không tính vào tổng hoặc bị ẩn."),
    Column("max_points", "Điểm tối đa", "number", "điểm", "0: chỉ để tham khảo."),
    Column("basis", "Căn cứ của điểm", "string", "", _BASES),
)  # fmt: skip
_CHANGES = (
    *_UNIT[:4],
    Column("what", "Chỗ thay đổi", "string", "", "Mã chỉ số, mã nhóm, TOTAL (tổng điểm) hoặc RANK (thứ hạng)."),
    Column("figure", "Số liệu", "string", "", "numerator, denominator, points hoặc rank."),
    Column("before", "Trước đính chính", "string", "", "Trống: không có hoặc bị ẩn."),
    Column("after", "Sau đính chính", "string", "", "Trống: không có hoặc bị ẩn."),
)


def files(issue: PublicIssue, *, corrected: Sequence[Difference] | None) -> tuple[DataFile, ...]:
    """Return every file of the issue's open data; the same issue gives the same bytes.

    Args:
        issue: what may be seen.
        corrected: for a correction, what differs from the edition before; None for the first edition.
    """
    made = tables(issue, corrected=corrected)
    found = [DataFile(f"{table.name}.csv", _CSV, as_csv(table.columns, table.rows)) for table in made]
    found.append(DataFile("ket-qua.json", _JSON, as_json(issue)))
    found.append(DataFile("du-lieu.xlsx", _XLSX, as_xlsx(issue, made)))
    found.append(DataFile("tu-dien-du-lieu.csv", _CSV, _dictionary_csv(made)))
    found.append(DataFile("datapackage.json", _JSON, _package(issue, made, found)))
    return tuple(found)


def tables(issue: PublicIssue, *, corrected: Sequence[Difference] | None) -> tuple[Table, ...]:
    """Return totals by unit, rows by unit and indicator, and the differences of a correction."""
    groups = tuple(
        Column(f"group_{one['code']}", f"Điểm nhóm {one['name_vi']}", "number", "điểm", f"Tối đa {one['max_points']}.")
        for one in issue.groups
    )
    grades = {one["code"]: one["name_vi"] for one in issue.frozen["rules"]["grades"]}
    found = [
        Table(
            "don-vi", "Tổng điểm, thứ hạng, điểm nhóm của từng đơn vị", (*_TOTALS, *groups),
            tuple(_total(issue, unit, grades) for unit in issue.units),
        ),
        Table("chi-so", "Từng chỉ số của từng đơn vị", _ROWS, tuple(_rows(issue))),
    ]  # fmt: skip
    if corrected is not None:
        rows = tuple(
            (issue.month, issue.edition, one.unit_code, one.unit_name, one.what, one.figure, one.before, one.after)
            for one in corrected
        )
        found.append(Table("dinh-chinh", "Số liệu khác bản trước", _CHANGES, rows))
    return tuple(found)


def _head(issue: PublicIssue, unit: PublicUnit) -> tuple[Cell, ...]:
    return (issue.month, issue.edition, unit.code, unit.name, unit.level)


def _total(issue: PublicIssue, unit: PublicUnit, grades: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        *_head(issue, unit), unit.parent, unit.total, grades.get(unit.grade or "", ""), unit.rank, unit.rank_of,
        *(unit.groups.get(one["code"]) for one in issue.groups),
    )  # fmt: skip


def _rows(issue: PublicIssue) -> Iterable[tuple[Cell, ...]]:
    known = {one["code"]: one for one in issue.indicators}
    for unit in issue.units:
        for row in unit.rows:
            one = known[row.code]
            yield (
                *_head(issue, unit), one["group"], row.code, one["number"], one["name_vi"], row.numerator,
                row.denominator, row.ratio, row.points, one["max_points"], row.basis,
            )  # fmt: skip


def as_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table as CSV (RFC 4180, UTF-8 with its mark so that spreadsheets read Vietnamese letters)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def _inert(cell: Cell) -> Cell:
    """Spreadsheet programs run a text that starts like a formula; names can start with anything."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def as_json(issue: PublicIssue) -> bytes:
    """Return the whole issue as one JSON document; figures that are not whole are texts with a decimal point."""
    frozen = issue.frozen
    kept = ("month", "edition", "reason", "due_on", "frozen_at", "days_late", "log", "rules", "licence", "suppression")
    document: dict[str, Any] = {
        "schema": JSON_SCHEMA,
        **{name: frozen[name] for name in kept},
        "groups": frozen["groups"],
        "indicators": frozen["indicators"],
        "units": [
            {
                "code": unit.code, "name": unit.name, "level": unit.level, "parent": unit.parent, "total": unit.total,
                "grade": unit.grade, "rank": unit.rank, "rank_of": unit.rank_of, "missing": list(unit.missing),
                "groups": dict(unit.groups),
                "rows": [
                    {
                        "code": row.code, "numerator": row.numerator, "denominator": row.denominator,
                        "ratio": row.ratio, "points": row.points, "basis": row.basis,
                    }
                    for row in unit.rows
                ],
            }
            for unit in issue.units
        ],
    }  # fmt: skip
    return canonical.encoded(document)


def as_xlsx(issue: PublicIssue, made: Sequence[Table]) -> bytes:
    """Return a workbook: a sheet per table, Vietnamese headings over machine names, and the dictionary."""
    content = io.BytesIO()
    frozen_at = datetime.fromisoformat(issue.frozen["frozen_at"])
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        # The moment of freezing, not of writing: the same issue is the same bytes.
        title = f"{words.TITLE} {words.month(issue.month)}"
        book.set_properties({"title": title, "created": frozen_at.replace(microsecond=0)})
        bold, soft = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"font_color": "#555555"})
        for table in made:
            sheet = book.add_worksheet(table.title[:31])
            sheet.freeze_panes(2, 4)
            sheet.set_column(0, len(table.columns), 16)
            sheet.write_row(0, 0, [column.title for column in table.columns], bold)
            sheet.write_row(1, 0, [column.name for column in table.columns], soft)
            for at, row in enumerate(table.rows, 2):
                for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                    if cell is not None and column.type != "string":
                        sheet.write_number(at, place, float(cell))
                    elif cell is not None:
                        sheet.write_string(at, place, str(cell))
        sheet = book.add_worksheet("Từ điển dữ liệu")
        sheet.set_column(0, 5, 26)
        for at, line in enumerate(_dictionary(made)):
            sheet.write_row(at, 0, line, bold if at == 0 else None)
    return content.getvalue()


def _dictionary(made: Sequence[Table]) -> list[list[str]]:
    head = ["Bảng", "Tên máy", "Tên tiếng Việt", "Kiểu", "Đơn vị tính", "Ý nghĩa"]
    return [
        head,
        *(
            [table.name, column.name, column.title, column.type, column.unit, column.meaning]
            for table in made
            for column in table.columns
        ),
    ]


def _dictionary_csv(made: Sequence[Table]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(_dictionary(made))
    return ("\ufeff" + text.getvalue()).encode()


def _package(issue: PublicIssue, made: Sequence[Table], found: Sequence[DataFile]) -> bytes:
    """Return the Frictionless Data Package descriptor, version 1."""
    licence, content = issue.frozen["licence"], {one.name: one.content for one in found}
    document = {
        "profile": "tabular-data-package",
        "name": f"motcua-bo-chi-so-{issue.month}-ban-{issue.edition}",
        "title": f"{words.TITLE} {words.month(issue.month)}, {words.edition(issue.edition)}",
        "description": words.suppression(issue) or "Không có ô nào bị ẩn.",
        "version": f"{issue.month}.{issue.edition}",
        "created": f"{issue.frozen['frozen_at'][:19]}+07:00",
        "licenses": [{"name": licence["code"], "title": licence["name_vi"], "path": licence["url"]}],
        "sources": [{"title": f"Nhật ký sự kiện đến số {issue.frozen['log']['position']}"}],
        "resources": [
            {
                "name": table.name,
                "path": f"{table.name}.csv",
                "title": table.title,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": _CSV,
                "encoding": "utf-8-sig",
                "bytes": len(content[f"{table.name}.csv"]),
                "hash": f"sha256:{canonical.sha256(content[f'{table.name}.csv'])}",
                "schema": {
                    "fields": [
                        {
                            "name": column.name,
                            "title": column.title,
                            "type": column.type,
                            "description": column.meaning + (f" Đơn vị: {column.unit}." if column.unit else ""),
                        }
                        for column in table.columns
                    ],
                    "missingValues": [""],
                },
            }
            for table in made
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
