"""``motcua compare``: two periods, two rule sets, two days of knowledge or two snapshots, side by side."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from motcua.cli import choosing, measuring, output
from motcua.kernel.errors import UserError


class Format(StrEnum):
    """How the difference is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def command(
    sources: measuring.Sources,
    *,
    period: measuring.PeriodText,
    with_period: Annotated[str | None, typer.Option("--with-period", help="Kỳ thứ hai.", metavar="KỲ")] = None,
    rules: choosing.Rules = choosing.DEFAULT_RULES,
    with_rules: Annotated[
        str | None, typer.Option("--with-rules", help="Bộ chỉ số thứ hai.", metavar="BỘ/BIẾN-THỂ")
    ] = None,
    on: choosing.On = None,
    with_on: Annotated[str | None, typer.Option("--with-on", help="Ngày tính thứ hai.", metavar="YYYY-MM-DD")] = None,
    with_data: Annotated[
        list[Path] | None, typer.Option("--with-data", help="Thư mục hoặc tệp thứ hai.", metavar="THƯ-MỤC|TỆP")
    ] = None,
    unit: measuring.UnitCode = None,
    written_as: Annotated[Format, typer.Option("--format", help="Dạng kết quả.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Ghi vào tệp này thay vì màn hình.")] = None,
    law: choosing.Law = None,
) -> None:
    """So hai kỳ, hai bộ chỉ số, hai ngày tính hoặc hai bộ dữ liệu: chênh lệch từng đơn vị, từng chỉ số."""
    if not any((with_period, with_rules, with_on, with_data)):
        raise UserError(
            "Chưa cho biết so với gì.",
            remedy="Hãy thêm --with-period, --with-rules, --with-on hoặc --with-data.",
            where="compare",
        )
    first = measuring.question(sources=sources, period=period, rules=rules, on=on, law=law)
    second = measuring.question(
        sources=with_data or sources,
        period=with_period or period,
        rules=with_rules or rules,
        on=with_on or on,
        law=law,
    )
    before, after = measuring.evaluation(first), measuring.evaluation(second)
    measuring.must_have(before, unit=None)
    measuring.must_have(after, unit=unit)
    from motcua.reports import difference_shapes
    from motcua.simulation import differences

    found = differences.between(before.scorecard, after.scorecard)
    chosen = unit or measuring.main_unit(after)
    if unit is not None:
        found = tuple(each for each in found if each.code == unit)
    if written_as is Format.JSON:
        content = output.as_json(difference_shapes.compare(before, after, found))
    elif written_as is Format.CSV:
        content = output.as_csv(difference_shapes.csv_rows(found))
    else:
        from motcua.cli import output_differences

        headings = _headings(first, second)
        content = output_differences.page(before, after, found, unit=chosen, headings=headings)
    output.deliver(content, out=out)


def _headings(first: measuring.Question, second: measuring.Question) -> tuple[str, str]:
    """Return what tells the two sides apart, as short as it can be."""
    for one, other in (
        (str(first.period), str(second.period)),
        (first.rules.variant or first.rules.set, second.rules.variant or second.rules.set),
        (f"{first.day:%d/%m}", f"{second.day:%d/%m}"),
    ):
        if one != other:
            return one, other
    return "trước", "sau"
