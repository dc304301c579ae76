"""``motcua points``: numerators and denominators in, points out; needs no data engine."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from motcua.cli import choosing, output
from motcua.indicators import counts_file, score
from motcua.kernel.errors import UserError


class Format(StrEnum):
    """How the points are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def command(
    counts: Annotated[
        Path,
        typer.Argument(help="Tệp CSV: unit_code,unit_name,level,metric,numerator,denominator; «-» là đầu vào chuẩn."),
    ],
    *,
    rules: choosing.Rules = choosing.DEFAULT_RULES,
    written_as: Annotated[Format, typer.Option("--format", help="Dạng kết quả.")] = Format.TABLE,
    on: choosing.On = None,
    law: choosing.Law = None,
) -> None:
    """Tính điểm từ tử số và mẫu số có sẵn (ô trống là null của Cổng)."""
    indicator_set = choosing.indicator_set(rules=rules, on=choosing.day(on) or choosing.today(), law=law)
    where = "đầu vào chuẩn" if str(counts) == "-" else str(counts)
    found = counts_file.parse(
        content(counts), metrics=[indicator.code for indicator in indicator_set.indicators], where=where
    )
    for warning in found.warnings:
        typer.echo(f"Lưu ý: {warning}", err=True)
    scorecard = score.score(rules=indicator_set, units=found.units, counts=found.counts)
    for scored in scorecard.units:
        if scored.missing:
            typer.echo(
                f"Lưu ý: {scored.unit.code} không có số liệu nào của nhóm {', '.join(scored.missing)}; tính 0 điểm.",
                err=True,
            )
    if written_as is Format.JSON:
        from motcua.reports import shapes

        output.print_json(shapes.points(scorecard))
    elif written_as is Format.CSV:
        from motcua.reports import tables

        output.print_csv(tables.of_rows(scorecard))
    else:
        from motcua.cli import output_tables

        output.write_text(output_tables.scorecard(scorecard))


def content(path: Path) -> bytes:
    """Return the bytes of the file, or of standard input for ``-``.

    Raises:
        UserError: the file cannot be read.
    """
    if str(path) == "-":
        return sys.stdin.buffer.read(counts_file.MOST_BYTES + 1)
    try:
        with path.open("rb") as file:
            return file.read(counts_file.MOST_BYTES + 1)
    except FileNotFoundError:
        what = "Không có tệp này."
    except IsADirectoryError:
        what = "Đây là thư mục, không phải tệp."
    except OSError as error:
        what = f"Không đọc được tệp ({error.strerror})."
    raise UserError(what, remedy="Hãy kiểm tra đường dẫn và quyền đọc.", where=str(path))
