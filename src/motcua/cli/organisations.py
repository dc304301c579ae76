"""``motcua organisations``: load units that others keep lists of."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from motcua.kernel.time import VIETNAM

app = typer.Typer(help="Đơn vị: nạp từ danh sách.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep ``load-reform`` a subcommand though it is the only one."""


@app.command("load-reform")
def load_reform(
    files: Annotated[
        list[Path], typer.Argument(help="Tệp CSV: tỉnh, xã, bảng chuyển đổi 2025, mã định danh (nếu có).")
    ],
    *,
    province: Annotated[str, typer.Option(help="Mã thống kê của tỉnh mới, ví dụ 91.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc và báo, không ghi.")] = False,
) -> None:
    """Nạp đơn vị trước và sau sắp xếp 01/7/2025 của một tỉnh; chạy lại không ghi trùng."""
    from motcua.cli import serving

    serving.prepare()
    from motcua.organisations import reform

    planned = reform.plan(reform.read(files), province=province)
    for problem in planned.problems:
        typer.echo(f"Lưu ý: {problem}", err=True)
    ended = sum(unit.valid_to is not None for unit in planned.units)
    typer.echo(f"{len(planned.units) - ended} đơn vị hiện nay, {ended} đơn vị đã kết thúc 30/6/2025.")
    if not dry_run:
        loaded = reform.load(planned, by="he-thong", at=datetime.now(VIETNAM))
        typer.echo(f"Đã ghi mới {loaded.units} đơn vị, {loaded.successions} quan hệ kế thừa.")
