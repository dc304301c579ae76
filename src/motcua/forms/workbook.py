"""The register as XLSX: one line a dossier, real dates, ready to sort and filter."""

import io
from datetime import datetime

import xlsxwriter

from motcua.forms import layout
from motcua.forms.content import Register
from motcua.forms.formlaw import FormLaw

_MOMENT = "dd/mm/yyyy hh:mm"
_HEAD_ROW = 5


def register_xlsx(register: Register, law: FormLaw) -> bytes:
    """Return the register as a workbook in the columns of its form."""
    page = layout.compose(register, law)
    (part,) = (part for part in law.parts if part["kind"] == "table")
    columns = part["columns"]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": _MOMENT})
    created = datetime.combine(register.issued_on, datetime.min.time())
    book.set_properties({"title": page.title, "author": page.office_name, "created": created})
    base = {"font_name": "Times New Roman", "font_size": 11}
    bold = book.add_format({**base, "bold": True, "align": "center"})
    plain = book.add_format({**base, "align": "center"})
    head = book.add_format(
        {**base, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
    )
    cell = book.add_format({**base, "valign": "top", "text_wrap": True, "border": 1})
    moment = book.add_format({**base, "valign": "top", "border": 1, "num_format": _MOMENT})
    sheet = book.add_worksheet("Sổ theo dõi")
    last = len(columns) - 1
    sheet.merge_range(0, 0, 0, 5, page.parent_name, plain)
    sheet.merge_range(1, 0, 1, 5, page.office_name, bold)
    sheet.merge_range(0, 6, 0, last, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold)
    sheet.merge_range(1, 6, 1, last, "Độc lập - Tự do - Hạnh phúc", bold)
    sheet.merge_range(2, 0, 2, last, page.title, bold)
    subtitle = next(block.text for block in page.blocks if isinstance(block, layout.Text))
    sheet.merge_range(3, 0, 3, last, f"{subtitle} ({page.mark})", plain)

    for at, column in enumerate(columns):
        group = column.get("group_vi", "")
        sheet.write(_HEAD_ROW, at, f"{group}: {column['title_vi']}" if group else column["title_vi"], head)
        sheet.set_column(at, at, 4 + 4.2 * column["width"])
    for row, line in enumerate(register.lines, 1):
        for at, column in enumerate(columns):
            value = layout.cell_value(column, line, row)
            if isinstance(value, datetime):
                sheet.write_datetime(_HEAD_ROW + row, at, value, moment)
            elif isinstance(value, int):
                sheet.write_number(_HEAD_ROW + row, at, value, cell)
            elif value:
                sheet.write_string(_HEAD_ROW + row, at, str(value), cell)
            else:
                sheet.write_blank(_HEAD_ROW + row, at, None, cell)
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(register.lines), last)
    sheet.freeze_panes(_HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4 in the numbering of the file format
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    book.close()
    return out.getvalue()
