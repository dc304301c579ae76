"""Reads the portal's 766 ranking workbook: six sheets, the portal's raw keys as column headings."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from motcua.ingest import sheets_workbook
from motcua.ingest.portal_rows import Figures, no_period, period_named, unit_of
from motcua.ingest.reading import Batch, ImportContext
from motcua.kernel import ids, text
from motcua.kernel.errors import Problem, UserError
from motcua.kernel.time import Period

_TOTAL = "TONG_SCORE"
_UNIT = "MA_COQUAN"
_GROUPS = ("TDGQ", "MDHL", "MDSH", "TTTT", "CLGQ", "CKMB")
"""Raw group keys, kept as they are: dashboards disagree on which of TTTT and CLGQ is payment."""

_KEPT = ("LOAI_COQUAN", "CAPDONVIID")
"""Kept in ``flag`` of the total: 1 province, 2 department, 3 commune; 1 province level, 2 commune level."""

_PEEK = 4 << 20
_LONGEST_HEADER = 20


def recognises(path: Path) -> bool:
    """Tell whether the workbook has the ranking's column keys; only the start of its texts is looked at."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                if member == "xl/sharedStrings.xml" or member.startswith("xl/worksheets/sheet"):
                    with archive.open(member) as opened:
                        start = opened.read(_PEEK)
                    if _TOTAL.encode() in start and _UNIT.encode() in start:
                        return True
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zlib.error):
        return False
    return False


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read the score sheets and the trends.

    Raises:
        UserError: the workbook is damaged, has no score sheet, or its name does not say the period.
    """
    named = period_named(Path(context.name).stem)
    if named is None:
        raise no_period(context.name)
    figures = Figures(context.name)
    roots: set[str] = set()
    trends: list[tuple[str, list[list[object]]]] = []
    scored = False
    for grid in sheets_workbook.open_workbook(path, where=context.name):
        rows: list[list[object]] = [list(cells) for _, cells in grid.rows() if isinstance(cells, list)]
        header = _header(rows)
        if header is not None:
            scored = True
            period = named[:4] if "nam" in text.fold(grid.name).split() else named
            roots |= _take_scores(rows, header=header, sheet=grid.name, period=period, figures=figures)
        else:
            trends.append((grid.name, rows))
    if not scored:
        raise UserError(
            "Sổ Excel không có trang điểm nào.",
            remedy=f"Hãy tải lại bảng xếp hạng 766; trang điểm phải có cột {_UNIT} và {_TOTAL}.",
            where=context.name,
        )
    for sheet, rows in trends:
        _take_trend(rows, sheet=sheet, unit=roots.copy().pop() if len(roots) == 1 else None, figures=figures)
    yield figures.batch()


def _header(rows: Sequence[Sequence[object]]) -> int | None:
    for number, row in enumerate(rows[:_LONGEST_HEADER]):
        names = {str(cell).strip() for cell in row}
        if _TOTAL in names and _UNIT in names:
            return number
    return None


def _take_scores(
    rows: Sequence[Sequence[object]], *, header: int, sheet: str, period: str, figures: Figures
) -> set[str]:
    """Take one row a unit; return the provinces whose departments or communes the sheet lists."""
    names = [str(cell).strip() for cell in rows[header]]
    roots: set[str] = set()
    for number, cells in enumerate(rows[header + 1 :], start=header + 2):
        row = dict(zip(names, cells, strict=False))
        if all(cell in {None, ""} for cell in row.values()):
            continue
        figures.rows += 1
        unit = unit_of(code=row.get(_UNIT), name=row.get("TEN_COQUAN"), department_id=None)
        if unit is None:
            figures.refused.append(
                Problem(
                    where=f"{figures.where} [{sheet}]", row=number, column=_UNIT, what="thiếu mã cơ quan.",
                    remedy="Dòng này không được nhập; hãy tải lại bảng xếp hạng.",
                )
            )  # fmt: skip
            continue
        if "." in unit:
            roots.add(ids.unit_root(unit))
        name = row.get("TEN") or row.get("TEN_COQUAN")
        said = text.nfc(str(name)) if name else None
        kept = ";".join(f"{key}={_plain(row[key])}" for key in _KEPT if row.get(key) not in {None, ""})
        for group in _GROUPS:
            if group in row:
                figures.add(
                    unit_code=unit,
                    unit_name=said,
                    period=period,
                    metric=group,
                    given={"points": row[group]},
                    row=number,
                )
        figures.add(
            unit_code=unit, unit_name=said, period=period, metric="TOTAL",
            given={"points": row[_TOTAL], "rank": row.get("ROW_STT"), "flag": kept}, row=number,
        )  # fmt: skip
    return roots


def _plain(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _take_trend(rows: Sequence[Sequence[object]], *, sheet: str, unit: str | None, figures: Figures) -> None:
    """Take a trend: month or quarter, year, score of the province whose units the other sheets list."""
    names = [str(cell).strip().lower() for cell in rows[0]] if rows else []
    within = next((name for name in ("month", "quarter") if name in names), None)
    if within is None or not {"year", "score"} <= set(names):
        return
    for number, cells in enumerate(rows[1:], start=2):
        row = dict(zip(names, cells, strict=False))
        figures.rows += 1
        period = _trend_period(row.get("year"), part=row.get(within), within=within)
        if unit is None or period is None:
            what = (
                "không rõ tỉnh nào: các trang khác không liệt kê đơn vị của đúng một tỉnh."
                if unit is None
                else ("tháng, quý hoặc năm không đọc được.")
            )
            figures.refused.append(
                Problem(
                    where=f"{figures.where} [{sheet}]", row=number, column=within, what=what,
                    remedy="Dòng này không được nhập; hãy tải lại bảng xếp hạng.",
                )
            )  # fmt: skip
            continue
        figures.add(
            unit_code=unit,
            unit_name=None,
            period=period,
            metric="TOTAL",
            given={"points": row.get("score")},
            row=number,
        )


def _trend_period(year: object, *, part: object, within: str) -> str | None:
    digits = [re.fullmatch(r"(\d{1,4})(?:\.0)?", str(value).strip()) for value in (year, part)]
    if digits[0] is None or digits[1] is None:
        return None
    of_year, number = int(digits[0][1]), int(digits[1][1])
    if not 2000 <= of_year < 2100:
        return None
    if within == "month":
        return str(Period.month(of_year, number)) if 1 <= number <= 12 else None
    return str(Period.quarter(of_year, number)) if 1 <= number <= 4 else None
