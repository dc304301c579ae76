"""``motcua score``: data in, every unit's 100 points out."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli import choosing, measuring, output
from motcua.kernel.errors import UserError

if TYPE_CHECKING:
    from motcua.indicators.evaluate import Evaluation


class Format(StrEnum):
    """How the points are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


class By(StrEnum):
    """Into what the period is cut."""

    MONTH = "month"


def command(
    sources: measuring.Sources,
    *,
    period: measuring.PeriodText,
    rules: choosing.Rules = choosing.DEFAULT_RULES,
    on: choosing.On = None,
    unit: measuring.UnitCode = None,
    written_as: Annotated[Format, typer.Option("--format", help="Dạng kết quả.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Ghi vào tệp này thay vì màn hình.")] = None,
    by: Annotated[By | None, typer.Option("--by", help="Cắt kỳ thành từng tháng.")] = None,
    units: measuring.AsOfUnits = measuring.Units.THEN,
    law: choosing.Law = None,
) -> None:
    """Chấm điểm mọi đơn vị theo bộ chỉ số, từ dữ liệu đã nạp hoặc từ tệp."""
    if written_as is Format.XLSX and out is None:
        raise UserError("Bảng tính Excel cần ghi vào tệp.", remedy="Hãy thêm --out diem.xlsx.", where="--format xlsx")
    asked = measuring.question(sources=sources, period=period, rules=rules, on=on, law=law, units=units)
    if by is By.MONTH:
        evaluations = measuring.months(asked)
        measuring.must_have(evaluations[-1], unit=unit)
        output.deliver(_series(evaluations, unit, written_as), out=out)
        return
    evaluated = measuring.evaluation(asked)
    measuring.must_have(evaluated, unit=unit)
    output.deliver(_single(evaluated, unit, written_as), out=out)


def _single(evaluated: "Evaluation", unit: str | None, written_as: Format) -> str | bytes:
    if written_as is Format.JSON:
        from motcua.reports import score_shapes

        return output.as_json(score_shapes.score(evaluated, unit=unit))
    if written_as is Format.CSV:
        from motcua.reports import tables

        return output.as_csv(tables.of_evaluations([evaluated], unit=unit))
    if written_as is Format.XLSX:
        from motcua.reports import workbook

        return workbook.content(evaluated)
    if written_as is Format.HTML:
        from motcua.indicators import explain
        from motcua.reports import page

        chosen = unit or measuring.main_unit(evaluated)
        return page.html(evaluated, unit=chosen, explained=explain.explain(evaluated, unit=chosen))
    from motcua.cli import output_tables

    return output_tables.score(evaluated, unit=unit)


def _series(evaluations: "tuple[Evaluation, ...]", unit: str | None, written_as: Format) -> str | bytes:
    if written_as is Format.JSON:
        from motcua.reports import score_shapes

        return output.as_json(score_shapes.series(evaluations, unit=unit))
    if written_as is Format.CSV:
        from motcua.reports import tables

        return output.as_csv(tables.of_evaluations(evaluations, unit=unit))
    if written_as is Format.TABLE:
        from motcua.cli import output_tables

        return output_tables.series(evaluations, unit=unit or measuring.main_unit(evaluations[-1]))
    raise UserError(
        "Theo từng tháng chỉ có dạng table, json, csv.", remedy="Hãy chọn một trong ba dạng đó.", where="--by"
    )
