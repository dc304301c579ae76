"""Bảng điểm as an Excel workbook: typed cells, frozen heads, widths that show what is in them."""

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import xlsxwriter

from motcua.indicators import losses
from motcua.indicators.score import Basis
from motcua.reports import figures, wording

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from motcua.indicators.evaluate import Evaluation

INK, RED, GROUND = "#1b1f24", "#a6192e", "#f6f5f2"


def content(evaluated: "Evaluation") -> bytes:
    """Return the workbook: units by group, rows by indicator, losses, the rule set, the sources."""
    memory = io.BytesIO()
    # A formula in a name or code stays text; the creation date is that of the figures, so the same data gives the
    # same bytes.
    book = xlsxwriter.Workbook(
        memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": f"Bảng điểm {evaluated.period}", "created": evaluated.on.replace(microsecond=0)})
    styles = _Styles(book)
    _units(book, evaluated, styles)
    _rows(book, evaluated, styles)
    _losses(book, evaluated, styles)
    _rules(book, evaluated, styles)
    _sources(book, evaluated, styles)
    book.close()
    return memory.getvalue()


class _Styles:
    """The few looks of a cell."""

    def __init__(self, book: "Workbook") -> None:
        font = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}
        self.head = book.add_format(
            font | {"bold": True, "bg_color": GROUND, "bottom": 2, "bottom_color": RED, "text_wrap": True}
        )
        self.text = book.add_format(font)
        self.wrapped = book.add_format(font | {"text_wrap": True})
        self.whole = book.add_format(font | {"num_format": "#,##0"})
        self.points = book.add_format(font | {"num_format": "0.00"})
        self.strong = book.add_format(font | {"num_format": "0.00", "bold": True})
        self.percent = book.add_format(font | {"num_format": "0.00%"})
        self.gain = book.add_format(font | {"num_format": "0.0000"})


def _units(book: "Workbook", evaluated: "Evaluation", styles: _Styles) -> None:
    rules = evaluated.rules
    sheet = book.add_worksheet("Bảng điểm")
    groups = [f"{group.number} {group.name_vi} (/{group.max_points})" for group in rules.groups]
    heads = ["Hạng", "Trong số", "Mã", "Đơn vị", "Cấp", *groups, f"Tổng (/{rules.max_points})", "Xếp loại"]
    _head(sheet, styles, heads, widths=[7, 9, 12, 44, 22, *(15 for _ in groups), 12, 13])
    for line, scored in enumerate(
        sorted(evaluated.scorecard.units, key=lambda each: (each.unit.level, each.rank, each.unit.code)), start=1
    ):
        sheet.write_number(line, 0, scored.rank, styles.whole)
        sheet.write_number(line, 1, scored.rank_of, styles.whole)
        sheet.write_string(line, 2, scored.unit.code, styles.text)
        sheet.write_string(line, 3, scored.unit.name, styles.text)
        sheet.write_string(line, 4, wording.level(scored.unit.level), styles.text)
        for column, group in enumerate(scored.groups, start=5):
            sheet.write_number(line, column, _two(group.points), styles.points)
        column = 5 + len(groups)
        sheet.write_number(line, column, _two(scored.total), styles.strong)
        sheet.write_string(line, column + 1, scored.grade.name_vi if scored.grade else "", styles.text)
    count = len(evaluated.scorecard.units)
    sheet.autofilter(0, 0, count, len(heads) - 1)
    sheet.freeze_panes(1, 4)
    shade = {
        "type": "2_color_scale",
        "min_type": "num",
        "max_type": "num",
        "min_color": "#ffffff",
        "max_color": "#97bde2",
    }
    sheet.conditional_format(
        1, 5 + len(groups), count, 5 + len(groups), shade | {"min_value": 0, "max_value": float(rules.max_points)}
    )


def _rows(book: "Workbook", evaluated: "Evaluation", styles: _Styles) -> None:
    sheet = book.add_worksheet("Chỉ số")
    heads = [
        "Mã",
        "Đơn vị",
        "Số",
        "Mã chỉ số",
        "Chỉ số",
        "Tử số",
        "Mẫu số",
        "Tỷ lệ",
        "Điểm",
        "Tối đa",
        "Mất",
        "Cách tính",
    ]
    _head(sheet, styles, heads, widths=[12, 40, 7, 34, 60, 12, 12, 10, 9, 9, 9, 22])
    line = 0
    for scored in evaluated.scorecard.units:
        for row in scored.rows:
            line += 1
            indicator = evaluated.rules.indicator(row.code)
            sheet.write_string(line, 0, scored.unit.code, styles.text)
            sheet.write_string(line, 1, scored.unit.name, styles.text)
            sheet.write_string(line, 2, indicator.number if indicator else "", styles.text)
            sheet.write_string(line, 3, row.code, styles.text)
            sheet.write_string(line, 4, indicator.name_vi if indicator else "", styles.text)
            _number(sheet, line, 5, row.count.numerator, styles.whole)
            _number(sheet, line, 6, row.count.denominator, styles.whole)
            _number(sheet, line, 7, row.ratio, styles.percent)
            _number(sheet, line, 8, row.points, styles.points)
            sheet.write_number(line, 9, float(row.max_points), styles.points)
            if row.basis is not Basis.INFORMATION:
                sheet.write_number(line, 10, float(row.lost), styles.points)
            sheet.write_string(line, 11, wording.basis(row.basis), styles.text)
    sheet.autofilter(0, 0, line, len(heads) - 1)
    sheet.freeze_panes(1, 2)


def _losses(book: "Workbook", evaluated: "Evaluation", styles: _Styles) -> None:
    sheet = book.add_worksheet("Mất điểm")
    heads = [
        "Mã",
        "Đơn vị",
        "Số",
        "Chỉ số",
        "Mất",
        "Còn thiếu",
        "Thêm một được",
        "Cần để đủ điểm",
        "Của đơn vị",
        "Cách lấy lại",
    ]
    _head(sheet, styles, heads, widths=[12, 40, 7, 60, 9, 12, 14, 14, 12, 90])
    line = 0
    for scored in evaluated.scorecard.units:
        for loss in losses.largest(evaluated.scorecard, unit=scored.unit.code):
            line += 1
            indicator = evaluated.rules.indicator(loss.row.code)
            sheet.write_string(line, 0, scored.unit.code, styles.text)
            sheet.write_string(line, 1, scored.unit.name, styles.text)
            sheet.write_string(line, 2, indicator.number if indicator else "", styles.text)
            sheet.write_string(line, 3, indicator.name_vi if indicator else loss.row.code, styles.text)
            sheet.write_number(line, 4, float(loss.lost), styles.points)
            _number(sheet, line, 5, loss.missing, styles.whole)
            _number(sheet, line, 6, loss.one_more, styles.gain)
            _number(sheet, line, 7, loss.to_fill, styles.whole)
            sheet.write_string(line, 8, loss.responsible, styles.text)
            sheet.write_string(line, 9, indicator.remedy_vi if indicator else "", styles.text)
    if line:
        sheet.autofilter(0, 0, line, len(heads) - 1)
    sheet.freeze_panes(1, 2)


def _rules(book: "Workbook", evaluated: "Evaluation", styles: _Styles) -> None:
    sheet = book.add_worksheet("Bộ chỉ số")
    heads = [
        "Số",
        "Mã",
        "Chỉ số",
        "Tối đa",
        "Đủ điểm từ",
        "Tử số",
        "Mẫu số",
        "Căn cứ",
        "Cách quy điểm",
        "Mức chắc chắn",
    ]
    _head(sheet, styles, heads, widths=[7, 34, 60, 9, 12, 40, 40, 60, 60, 14])
    for line, indicator in enumerate(evaluated.rules.indicators, start=1):
        sheet.write_string(line, 0, indicator.number, styles.text)
        sheet.write_string(line, 1, indicator.code, styles.text)
        sheet.write_string(line, 2, indicator.name_vi, styles.wrapped)
        sheet.write_number(line, 3, float(indicator.max_points), styles.points)
        if indicator.is_scored:
            sheet.write_number(line, 4, float(indicator.scoring.full_at), styles.percent)
        sheet.write_string(
            line, 5, wording.measures([indicator.numerator] if indicator.numerator else []), styles.wrapped
        )
        sheet.write_string(line, 6, wording.measures(indicator.denominator), styles.wrapped)
        sheet.write_string(line, 7, str(indicator.citation), styles.wrapped)
        sheet.write_string(line, 8, str(indicator.scoring.citation), styles.wrapped)
        sheet.write_string(line, 9, wording.certainty(indicator.scoring.citation.certainty), styles.text)
    sheet.freeze_panes(1, 3)


def _sources(book: "Workbook", evaluated: "Evaluation", styles: _Styles) -> None:
    sheet = book.add_worksheet("Nguồn")
    _head(sheet, styles, ["Mục", "Giá trị"], widths=[28, 100])
    for line, (name, value) in enumerate(wording.provenance(evaluated), start=1):
        sheet.write_string(line, 0, name, styles.text)
        sheet.write_string(line, 1, value, styles.wrapped)


def _head(sheet: "Worksheet", styles: _Styles, names: list[str], *, widths: list[int]) -> None:
    for column, (name, width) in enumerate(zip(names, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, styles.head)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _number(sheet: "Worksheet", line: int, column: int, value: int | Fraction | None, style: "Format") -> None:
    """Write a number; an unknown one stays an empty cell, never 0."""
    if value is None:
        sheet.write_blank(line, column, None, style)
    else:
        sheet.write_number(line, column, float(value), style)


def _two(value: Fraction) -> float:
    return float(figures.rounded(value, decimals=2))
