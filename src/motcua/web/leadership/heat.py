"""Bảng nhiệt: units by indicators, points lost or share reached, in figures and in shading; CSV and XLSX."""

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

import xlsxwriter
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from motcua.indicators import spread
from motcua.indicators.score import Scorecard
from motcua.indicators.spread import Kind, Reached, Subject
from motcua.live import losing, scoring
from motcua.organisations.types import UnitKind
from motcua.reports import figures, wording
from motcua.web.charts.figures import Table, as_csv
from motcua.web.leadership import frame, maps, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

LOST, REACHED = "mat", "dat"
SHOWN = {LOST: "Điểm bị mất", REACHED: "Tỷ lệ đạt được"}
BY_INDICATOR, BY_GROUP = "chi-so", "nhom"
COLUMNS = {BY_INDICATOR: "Từng chỉ số", BY_GROUP: "Sáu nhóm"}
LEVELS = {
    "": "Mọi đơn vị trực thuộc",
    UnitKind.COMMUNE.value: "Xã, phường, đặc khu",
    UnitKind.DEPARTMENT.value: "Sở, ngành",
}
BY_NAME = "ten"

_GROUNDS = ("", "#F6D9C2", "#EEB795", "#DD8D6B", "#7D1A2B")
"""Fills of the workbook by class, those of the page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    shown: str
    columns: str
    level: str
    order: str

    @classmethod
    def of(cls, request: StaffRequest) -> "Asked":
        """Read the address.

        Raises:
            Http404: it asks for what there is not.
        """
        asked = cls(
            request.GET.get("xem", LOST), request.GET.get("theo", BY_INDICATOR), request.GET.get("cap", ""),
            request.GET.get("xep", spread.WHOLE),
        )  # fmt: skip
        if asked.shown not in SHOWN or asked.columns not in COLUMNS or asked.level not in LEVELS:
            raise Http404
        return asked

    def query(self, **changed: str) -> dict[str, str]:
        """Return the same question, with some of it changed, for an address."""
        return {"xem": self.shown, "theo": self.columns, "cap": self.level, "xep": self.order, **changed}


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: its cells in the order of the columns."""

    unit: str
    name: str
    cells: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table as seen: columns, lines, and the columns left out because nobody's figures are known."""

    columns: tuple[Subject, ...]
    lines: tuple[Line, ...]
    unknown: tuple[Subject, ...]


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the table, or give it as a file: exactly what is seen."""
    here, asked = frame.standing(request, code), Asked.of(request)
    live = scoring.score(period=here.period, now=request.now)
    card = live.evaluation.scorecard
    sheet = sheet_of(card, asked, units=_units(here, card, asked.level))
    cuts = spread.by_grade(card.rules)
    name = f"bang-nhiet-{here.unit.code}-{here.period}"
    if request.GET.get("dang") == "csv":
        response = HttpResponse(as_csv(_table(sheet, asked)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    if request.GET.get("dang") == "xlsx":
        response = HttpResponse(workbook(sheet, asked, cuts=cuts), content_type=_XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response
    painter = _Painter(here, card, asked, tuple(cuts))
    context = {
        "finding": finding(sheet, inherited={one.code for one in card.rules.indicators if one.inherit}),
        "asked": asked,
        "shown_choices": list(SHOWN.items()),
        "column_choices": list(COLUMNS.items()),
        "level_choices": list(LEVELS.items()),
        "columns": [_column(here, asked, one) for one in sheet.columns],
        "name_url": here.url("heat", **asked.query(xep=BY_NAME)),
        "name_sort": "ascending" if asked.order == BY_NAME else "none",
        "lines": [
            {
                # «Sở Tư pháp - Tỉnh …»: whose department it is stands in the heading.
                "name": line.name.removesuffix(f" - {here.unit.name}"),
                "url": here.url(code=line.unit),
                "cells": [_cell(painter, one, column) for one, column in zip(line.cells, sheet.columns, strict=True)],
            }
            for line in sheet.lines
        ],
        "legend": _legend(cuts),
        "first_cut": writing.percent(cuts[0], decimals=0) if cuts else "",
        "unknown": [maps.title(one) for one in sheet.unknown],
        "csv": here.url("heat", **asked.query(dang="csv")),
        "xlsx": here.url("heat", **asked.query(dang="xlsx")),
        **maps.tabs(here),
        "kept": list(asked.query().items()),
        "rules": card.rules,
    }
    return frame.shown(request, "heat.html", "map", context, standing=here, stamp=live.stamp)


def sheet_of(card: Scorecard, asked: Asked, *, units: frozenset[str]) -> Sheet:
    """Lay the table out: the whole first, columns in the law's order, lines in the order asked for."""
    kinds = {Kind.WHOLE, Kind.GROUP if asked.columns == BY_GROUP else Kind.INDICATOR}
    subjects = [one for one in spread.subjects(card.rules) if one.kind in kinds]
    by_subject = {one.key: {got.unit: got for got in spread.reached(card, one, units=units)} for one in subjects}
    known = [one for one in subjects if any(got.points is not None for got in by_subject[one.key].values())]
    lines = [
        Line(one.unit.code, one.unit.name, tuple(by_subject[column.key][one.unit.code] for column in known))
        for one in card.units
        if one.unit.code in units
    ]
    places = {one.key: n for n, one in enumerate(known)}
    at = places.get(asked.order.removeprefix("-"))
    lines.sort(key=lambda line: (line.name, line.unit))
    if at is not None and asked.order != BY_NAME:
        # Most lost first, as whoever looks for losses wants it; with «-» the best first. Unknown ones stand last.
        sign = 1 if asked.order.startswith("-") else -1
        lines.sort(key=lambda line: (line.cells[at].judged is None, sign * (line.cells[at].lost or 0)))
    unknown = tuple(one for one in subjects if one not in known)
    return Sheet(tuple(known), tuple(lines), unknown if lines else ())


def finding(sheet: Sheet, *, inherited: Collection[str]) -> str:
    """Say where most is lost: in which column, and in how many units more than half of it.

    What all units inherit from the province, ``inherited``, tells nothing about them.
    """
    sums = [
        (sum((_lost(line.cells[n]) for line in sheet.lines), Fraction(0)), column, n)
        for n, column in enumerate(sheet.columns)
        if column.kind is not Kind.WHOLE and not (column.kind is Kind.INDICATOR and column.code in inherited)
    ]
    if not sums or not sheet.lines:
        return "Chưa có số liệu trong kỳ"
    lost, column, n = max(sums, key=lambda one: one[0])
    if not lost:
        return "Không đơn vị nào mất điểm ở các chỉ số có số liệu"
    shares = [share for line in sheet.lines if (share := line.cells[n].judged) is not None]
    half = sum(share < Fraction(1, 2) for share in shares)
    mean = writing.points(lost / len(shares))
    tail = f"; {half} đơn vị mất hơn một nửa" if half else ""
    return f"Mất nhiều nhất ở {maps.title(column)}: trung bình {mean} điểm mỗi đơn vị có số liệu{tail}"


def _lost(cell: Reached) -> Fraction:
    """Return what is lost where figures say so: what never happened has lost nothing."""
    return (cell.lost or Fraction(0)) if cell.judged is not None else Fraction(0)


def workbook(sheet: Sheet, asked: Asked, *, cuts: Sequence[Fraction]) -> bytes:
    """Return the table as a workbook: numbers as numbers, shaded as on the page."""
    book = io.BytesIO()
    table = _table(sheet, asked)
    with xlsxwriter.Workbook(book, {"in_memory": True, "strings_to_formulas": False}) as written:
        page = written.add_worksheet("Bảng nhiệt")
        head = written.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        number = "0.00%" if asked.shown == REACHED else "0.00"
        formats = [
            written.add_format({"num_format": number, **({"bg_color": ground} if ground else {}), **_ink(step)})
            for step, ground in enumerate(_GROUNDS)
        ]
        for at, name in enumerate(table.head):
            page.write_string(0, at, name, head)
        for row, line in enumerate(sheet.lines, start=1):
            page.write_string(row, 0, line.name)
            page.write_string(row, 1, line.unit)
            for at, cell in enumerate(line.cells, start=2):
                value = cell.share if asked.shown == REACHED else cell.lost
                if value is not None:
                    step = _step(cell, cuts)
                    page.write_number(row, at, float(value), formats[0 if step is None else step])
        page.set_column(0, 0, 30)
        page.set_column(1, len(table.head), 12)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(1, len(sheet.lines)), len(table.head) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    return book.getvalue()


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _ink(step: int) -> dict[str, str]:
    return {"font_color": "#FFFFFF"} if step == len(_GROUNDS) - 1 else {}


def _units(here: Standing, card: Scorecard, level: str) -> frozenset[str]:
    """Return the units below that the reader may see; a unit without any stands alone."""
    below = [one.unit for one in card.units if one.unit.parent == here.unit.code and one.unit.code in here.led]
    wanted = [one.code for one in below if level in {"", one.level}]
    return frozenset(wanted if below else [here.unit.code])


def _table(sheet: Sheet, asked: Asked) -> Table:
    unit = "%" if asked.shown == REACHED else "điểm mất"
    heads = (f"{maps.title(one)} ({unit}; tối đa {writing.points(one.maximum)})" for one in sheet.columns)
    return Table(
        ("Đơn vị", "Mã", *heads),
        tuple((line.name, line.unit, *(_words(cell, asked) for cell in line.cells)) for line in sheet.lines),
    )


def _words(cell: Reached, asked: Asked) -> str:
    if asked.shown == REACHED:
        return figures.number(cell.share * 100, decimals=2) if cell.share is not None else "–"
    return writing.points(cell.lost)


def _column(here: Standing, asked: Asked, one: Subject) -> dict[str, str]:
    is_sorted = asked.order.removeprefix("-") == one.key
    is_rising = asked.order.startswith("-")
    following = f"-{one.key}" if is_sorted and not is_rising else one.key
    return {
        "number": one.number or wording.short_name(one.name),
        "name": wording.short_name(one.name) if one.number else "",
        "maximum": writing.points(one.maximum, decimals=0 if one.maximum.denominator == 1 else 2),
        "url": here.url("heat", **asked.query(xep=following)),
        "sort": ("ascending" if is_rising else "descending") if is_sorted else "none",
        "mark": ("▲" if is_rising else "▼") if is_sorted else "",
    }


@dataclass(frozen=True, slots=True)
class _Painter:
    """What every cell is painted with."""

    here: Standing
    card: Scorecard
    asked: Asked
    cuts: tuple[Fraction, ...]


def _cell(painter: _Painter, one: Reached, column: Subject) -> dict[str, object]:
    here, card = painter.here, painter.card
    step = _step(one, painter.cuts)
    indicator = card.rules.indicator(column.code) if column.kind is Kind.INDICATOR else None
    row = card.of(one.unit).row(column.code) if indicator else None
    # What is inherited is lost where it is counted: its dossiers are listed there.
    is_own = row is not None and row.inherited_from is None and bool(one.lost)
    url = here.url("losing", column.code, code=one.unit) if is_own and indicator and losing.can_list(indicator) else ""
    text = writing.percent(one.share) if painter.asked.shown == REACHED else writing.points(one.lost)
    return {
        "text": text,
        "step": "k9" if step is None else f"k{step}",
        "url": url if column.kind is not Kind.WHOLE else here.url(code=one.unit),
        "label": f"{column.number} {wording.short_name(column.name)}".strip(),
        "is_full": not one.lost and one.lost is not None,
        "is_whole": column.kind is Kind.WHOLE,
    }


def _step(cell: Reached, cuts: Sequence[Fraction]) -> int | None:
    return None if cell.judged is None else spread.class_of(cell.judged, cuts)


def _legend(cuts: Sequence[Fraction]) -> list[dict[str, str]]:
    return [{"step": f"k{step}", "words": maps.words_of(cuts, step)} for step in range(len(cuts) + 1)]
