"""Forms as DOCX, for offices that still edit before they print. Same blocks as the PDF."""

import io
from datetime import UTC, datetime, time

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph

from motcua.forms import codes
from motcua.forms.formlaw import Paper
from motcua.forms.layout import Block, Field, Items, Page, Row, Signatures, Table, Text

_SIZES = {Paper.A4: (Mm(210), Mm(297)), Paper.A5: (Mm(148), Mm(210))}
_MARGINS = {Paper.A4: (20, 20, 25, 15), Paper.A5: (11, 11, 15, 11)}  # top, bottom, left, right in mm
_DOTS = "…" * 12
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": _CENTRE}


def docx_bytes(page: Page) -> bytes:
    """Return the page as DOCX in Times New Roman; the same page gives the same text and layout."""
    document = docx.Document()
    size = 10 if page.paper is Paper.A5 or page.is_landscape else 13
    _prepare(document, page, size)
    _head(document, page, size)
    _codes(document, page)
    title = _paragraph(document, page.title, size=size + 1.5, bold=True, align=_CENTRE, after=6)
    title.paragraph_format.space_before = Pt(4)
    for block in page.blocks:
        _block(document, block, size)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Document, page: Page, size: float) -> None:
    section = document.sections[0]
    width, height = _SIZES[page.paper]
    if page.is_landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        width, height = height, width
    section.page_width, section.page_height = width, height
    top, bottom, left, right = _MARGINS[page.paper]
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    normal = document.styles["Normal"]
    normal.font.name = "Times New Roman"
    normal.font.size = Pt(size)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    normal.paragraph_format.space_after = Pt(2)
    normal.paragraph_format.line_spacing = 1.0
    properties = document.core_properties
    properties.title, properties.author, properties.language = page.title, page.office_name, "vi-VN"
    # The day of the document, not of the machine: the same form is the same file.
    properties.created = properties.modified = datetime.combine(page.issued_on, time(), UTC)


def _head(document: Document, page: Page, size: float) -> None:
    _paragraph(document, page.mark, size=7.5, italic=True, align=WD_ALIGN_PARAGRAPH.RIGHT, after=2)
    # The name of the state must stand on one line: on A5 that takes 9 pt.
    small = 9 if page.paper is Paper.A5 else size - 1.5
    share = 0.5 if page.is_landscape else 0.43
    table = _bare_table(document, (share, 1 - share), page)
    left, right = table.rows[0].cells
    _paragraph(left, page.parent_name, size=small, align=_CENTRE, after=0)
    _paragraph(left, page.office_name, size=small, bold=True, align=_CENTRE, after=0)
    _short_line(left)
    if page.number:
        _paragraph(left, f"Số: {page.number}", size=size, align=_CENTRE, after=0)
    _paragraph(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=small, bold=True, align=_CENTRE, after=0)
    motto = _paragraph(right, "Độc lập - Tự do - Hạnh phúc", size=small + 0.8, bold=True, align=_CENTRE, after=2)
    motto.runs[0].underline = True
    _paragraph(right, page.place_and_day, size=size, italic=True, align=_CENTRE, after=0)


def _codes(document: Document, page: Page) -> None:
    if not page.dossier_code and not page.verify_url:
        return
    left, right = _bare_table(document, (0.6, 0.4), page).rows[0].cells
    if page.dossier_code:
        at = left.paragraphs[0]
        at.add_run().add_picture(io.BytesIO(codes.code128_png(page.dossier_code)), width=Mm(52), height=Mm(7.5))
        _paragraph(left, page.dossier_code, size=8, after=0)
    if page.verify_url:
        at = right.paragraphs[0]
        at.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        at.add_run().add_picture(io.BytesIO(codes.qr_png(page.verify_url)), width=Mm(15))
        _paragraph(right, "Quét mã để tra cứu và xác thực hồ sơ", size=7, align=WD_ALIGN_PARAGRAPH.RIGHT, after=0)


def _block(document: Document, block: Block, size: float) -> None:
    match block:
        case Field():
            _field(document.add_paragraph(), block)
        case Row():
            line = document.add_paragraph()
            for n, field in enumerate(block.fields):
                if n:
                    line.add_run("\u2003")
                _field(line, field)
        case Text():
            _text(document, block)
        case Items():
            document.add_paragraph(f"{block.label}:")
            for n, item in enumerate(block.items, 1):
                line = document.add_paragraph(f"{n}. {item}")
                line.paragraph_format.left_indent = Mm(6)
        case Table():
            _table(document, block, size)
        case _:
            _signatures(document, block, size)


def _field(line: Paragraph, field: Field) -> None:
    line.add_run(f"{field.label}: ")
    line.add_run(field.value or _DOTS).bold = field.is_strong or None


def _text(document: Document, block: Text) -> None:
    line = document.add_paragraph()
    run = line.add_run(block.text)
    if block.style == "body":
        line.paragraph_format.first_line_indent = Mm(8)
        line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    elif block.style != "plain":
        line.alignment = _CENTRE
        run.bold = block.style == "address" or None


def _table(document: Document, block: Table, size: float) -> None:
    if block.label:
        document.add_paragraph(f"{block.label}:")
    grouped = any(column.group for column in block.columns)
    heads = 2 if grouped else 1
    table = document.add_table(rows=heads + len(block.rows), cols=len(block.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _set_margins(table, 0.9)
    section = document.sections[0]
    room = _length(section.page_width) - _length(section.left_margin) - _length(section.right_margin)
    total = sum(column.width for column in block.columns)
    small = 8.5 if len(block.columns) > 8 else size - 1  # the register has fifteen
    _set_widths(table, [int(room * column.width / total) for column in block.columns])
    cells = [list(row.cells) for row in table.rows]
    for at, column in enumerate(block.columns):
        _cell(cells[heads - 1][at], column.title, size=small, align=_CENTRE, bold=True)
    if grouped:
        _group_heads(block, cells, small)
    for number, texts in enumerate(block.rows, heads):
        if block.row_height_mm:
            table.rows[number].height = Mm(block.row_height_mm)
        for at, text in enumerate(texts):
            _cell(cells[number][at], text, size=small, align=_ALIGN[block.columns[at].align])
    for number, row in enumerate(table.rows):
        _row_property(row, "w:cantSplit")
        if number < heads:
            _row_property(row, "w:tblHeader")


def _group_heads(block: Table, cells: list[list[Cell]], size: float) -> None:
    at = 0
    while at < len(block.columns):
        group = block.columns[at].group
        end = at + 1
        while group and end < len(block.columns) and block.columns[end].group == group:
            end += 1
        if group:
            _cell(cells[0][at].merge(cells[0][end - 1]), group, size=size, align=_CENTRE, bold=True)
        else:
            title = block.columns[at].title
            cells[1][at].paragraphs[0].clear()
            _cell(cells[0][at].merge(cells[1][at]), title, size=size, align=_CENTRE, bold=True)
        at = end


def _signatures(document: Document, block: Signatures, size: float) -> None:
    # A signature never stands alone on a page: the two lines before it go with it.
    for line in document.paragraphs[-2:]:
        line.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.columns))
    for cell, signature in zip(table.rows[0].cells, block.columns, strict=True):
        if not signature.title:
            continue
        _paragraph(cell, signature.title, size=size, bold=True, align=_CENTRE, after=0)
        _paragraph(cell, signature.note, size=size - 1, italic=True, align=_CENTRE, after=28)
        _paragraph(cell, signature.name, size=size, bold=True, align=_CENTRE, after=0)
        _paragraph(cell, signature.job, size=size - 1, align=_CENTRE, after=0)
    for paragraph in (line for cell in table.rows[0].cells for line in cell.paragraphs):
        paragraph.paragraph_format.keep_with_next = True


def _paragraph(
    holder: Document | Cell,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
    after: float = 3,
) -> Paragraph:
    # A new cell comes with one empty paragraph: fill that first.
    empty = isinstance(holder, Cell) and len(holder.paragraphs) == 1 and not holder.paragraphs[0].runs
    line = holder.paragraphs[0] if empty else holder.add_paragraph()
    run = line.add_run(text)
    run.bold, run.italic, run.font.size = bold or None, italic or None, Pt(size)
    line.alignment = align
    line.paragraph_format.space_after = Pt(after)
    return line


def _cell(cell: Cell, text: str, *, size: float, align: WD_ALIGN_PARAGRAPH, bold: bool = False) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    cell.paragraphs[0].clear()
    _paragraph(cell, text, size=size, bold=bold, align=align, after=0)


def _bare_table(document: Document, shares: tuple[float, ...], page: Page) -> WordTable:
    table: WordTable = document.add_table(rows=1, cols=len(shares))
    table.autofit = False
    _, _, left, right = _MARGINS[page.paper]
    width = _SIZES[page.paper][1 if page.is_landscape else 0] - Mm(left + right)
    _set_widths(table, [int(width * share) for share in shares])
    _set_margins(table, 0)
    return table


def _set_margins(table: WordTable, side_mm: float) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(side_mm * 56.7)))  # twentieths of a point
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - python-docx knows no cell margins


def _set_widths(table: WordTable, widths: list[int]) -> None:
    """Set widths on the grid and on every cell: word processors differ in which of the two they believe."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Length(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Length(width)


def _short_line(cell: Cell) -> None:
    """Draw the short line that NĐ 30/2020 asks for under the name of the office."""
    line = _paragraph(cell, "", size=1, after=3)
    line.paragraph_format.line_spacing = Pt(3)
    aside = Length((_length(cell.width) - Mm(14)) // 2)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = aside
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "auto")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    # Elements of a paragraph's properties have an order; the border stands before spacing and indents.
    line._p.get_or_add_pPr().insert(0, borders)  # noqa: SLF001 - nor paragraph borders


def _row_property(row: WordRow, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - nor rows that stay whole


def _length(value: Length | None) -> int:
    return int(value or 0)
