"""``motcua explain``: which dossiers, procedures and petitions the lost points hang on."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli import choosing, measuring, output
from motcua.kernel.errors import UserError

if TYPE_CHECKING:
    from motcua.lawbook.indicator_sets import IndicatorSet

LINES_ON_SCREEN = 20
ITEMS_IN_JSON = 1000


class Format(StrEnum):
    """How the losses are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def command(
    sources: measuring.Sources,
    *,
    period: measuring.PeriodText,
    unit: measuring.UnitCode = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", help="Mã hoặc số chỉ số, ví dụ ON_TIME hay 2.1.", metavar="MÃ|SỐ")
    ] = None,
    rules: choosing.Rules = choosing.DEFAULT_RULES,
    on: choosing.On = None,
    written_as: Annotated[Format, typer.Option("--format", help="Dạng kết quả.")] = Format.TABLE,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            help=f"Số mục tối đa mỗi chỉ số (mặc định: màn hình {LINES_ON_SCREEN}, json {ITEMS_IN_JSON}, csv tất cả).",
            min=1,
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Ghi vào tệp này thay vì màn hình.")] = None,
    law: choosing.Law = None,
) -> None:
    """Chỉ ra điểm mất ở đâu, vì hồ sơ nào, theo quy định nào, lấy lại được hay không."""
    asked = measuring.question(sources=sources, period=period, rules=rules, on=on, law=law)
    codes = indicator_codes(indicator, rules=asked.rules)
    evaluated = measuring.evaluation(asked)
    measuring.must_have(evaluated, unit=unit)
    chosen = unit or measuring.main_unit(evaluated)
    from motcua.indicators import explain

    found = explain.explain(evaluated, unit=chosen, indicators=codes)
    if written_as is Format.TABLE:
        from motcua.cli import output_losses

        content = output_losses.page(
            evaluated, found, unit=chosen, limit=limit or LINES_ON_SCREEN, is_detailed=codes is not None
        )
    else:
        from motcua.reports import explain_shapes

        if written_as is Format.JSON:
            shape = explain_shapes.explain(evaluated, found, unit=chosen, limit=limit or ITEMS_IN_JSON)
            content = output.as_json(shape)
        else:
            content = output.as_csv(explain_shapes.csv_rows(found, limit=limit))
    output.deliver(content, out=out)


def indicator_codes(written: list[str] | None, *, rules: "IndicatorSet") -> frozenset[str] | None:
    """Return the codes of the indicators named by code or number; None if none is named.

    Raises:
        UserError: the rule set has no such indicator, or does not score it.
    """
    if not written:
        return None
    scored = [indicator for indicator in rules.indicators if indicator.is_scored]
    names = {indicator.number.casefold(): indicator.code for indicator in scored}
    names |= {indicator.code.casefold(): indicator.code for indicator in scored}
    unknown = [name for name in written if name.strip().casefold() not in names]
    if unknown:
        raise UserError(
            f"Bộ chỉ số {rules.name} không chấm điểm chỉ số «{unknown[0]}».",
            remedy="Các chỉ số: " + ", ".join(f"{each.number} {each.code}" for each in scored) + ".",
            where="--indicator",
        )
    return frozenset(names[name.strip().casefold()] for name in written)
