"""Tables as files: CSV and XLSX of exactly what a page lists, safe to open in a spreadsheet program."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse

KINDS = ("csv", "xlsx")
Cell = str | int | Decimal

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def response(kind: str, *, name: str, head: Sequence[str], lines: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Return the table as a download; numbers stay numbers in XLSX."""
    body = _csv(head, lines) if kind == "csv" else _xlsx(head, lines)
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8" if kind == "csv" else _XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _csv(head: Sequence[str], lines: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([head, *([_inert(cell) for cell in line] for line in lines)])
    # The mark lets spreadsheet programs read UTF-8.
    return "\ufeff" + text.getvalue()


def _xlsx(head: Sequence[str], lines: Iterable[Sequence[Cell]]) -> bytes:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"constant_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("Mất điểm")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(head), 22)
        sheet.write_row(0, 0, head, workbook.add_format({"bold": True, "bottom": 1}))
        last = 0
        for last, line in enumerate(lines, 1):
            for at, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(last, at, cell)
                else:
                    sheet.write_number(last, at, cell)
        sheet.autofilter(0, 0, max(1, last), len(head) - 1)
    return book.getvalue()


def _inert(cell: Cell) -> Cell:
    """Spreadsheet programs run a text that starts like a formula; names can start with anything."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
