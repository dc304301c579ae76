"""``motcua sample``: write a fictitious province, the same for the same seed."""

from pathlib import Path
from typing import Annotated

import typer

from motcua.kernel.errors import UserError
from motcua.sample import writing


def command(
    *,
    dossiers: Annotated[int, typer.Option(help="Số hồ sơ cần sinh.", min=1)] = 60_000,
    seed: Annotated[int, typer.Option(help="Hạt giống: cùng hạt giống thì cùng dữ liệu, từng byte.", min=0)] = 1,
    out: Annotated[Path, typer.Option(help="Thư mục nhận dữ liệu.")] = Path("sample"),
    form: Annotated[
        writing.Form,
        typer.Option("--as", help="Dạng dữ liệu: bảng Parquet, gói tin đồng bộ Cổng DVCQG, danh sách iGate."),
    ] = writing.Form.PARQUET,
    year: Annotated[int, typer.Option(help="Năm của dữ liệu.", min=2023, max=2026)] = 2026,
    provinces: Annotated[int, typer.Option(help="Số tỉnh giả định (dữ liệu cỡ cả nước: 34).", min=1, max=34)] = 1,
) -> None:
    """Sinh dữ liệu của một tỉnh GIẢ ĐỊNH, có hình dạng như thật; không có người thật nào trong đó."""
    if out.exists() and not out.is_dir():
        raise UserError(
            "Đây là một tệp, không phải thư mục.", remedy="Hãy chọn thư mục khác cho --out.", where=str(out)
        )
    make(dossiers=dossiers, seed=seed, out=out, form=form, year=year, provinces=provinces)
    typer.echo(f"Đã ghi {dossiers:,} hồ sơ giả định vào {out}.".replace(",", "."), err=True)


def make(*, dossiers: int, seed: int, out: Path, form: writing.Form, year: int, provinces: int) -> None:
    """Write the sample with a progress bar on stderr.

    Raises:
        UserError: the folder cannot be written.
    """
    from rich import console, progress

    from motcua import lawbook
    from motcua.deadlines import calendars

    first, last = writing.years_needed(year)
    sample = writing.prepare(
        dossiers_wanted=dossiers,
        seed=seed,
        year=year,
        province_count=provinces,
        calendar=calendars.working_calendar(lawbook.load(), "vn", first=first, last=last),
    )
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console.Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Sinh hồ sơ giả định", total=dossiers)
        try:
            writing.write(sample=sample, form=form, folder=out, progressed=lambda count: bar.advance(task, count))
        except OSError as error:
            raise UserError(
                f"Không ghi được dữ liệu ({error.strerror or error}).",
                remedy="Hãy kiểm tra quyền ghi và dung lượng đĩa, hoặc chọn thư mục khác.",
                where=str(out),
            ) from error
