"""`motcua live import` and `motcua live sources`: exported files take part in the live index."""

import re
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, local, local_day

_NOT_IN_A_CODE = re.compile(r"[^A-Za-z0-9._-]+")
BY = "cli"
"""Who imports, on the event, when it is done at the command line."""


def take_in(
    sources: Annotated[
        list[Path], typer.Argument(help="Thư mục dữ liệu, hoặc các tệp.", metavar="THƯ-MỤC|TỆP…", show_default=False)
    ],
    *,
    source: Annotated[
        str, typer.Option("--source", help="Mã nguồn, giữ nguyên ở mọi lần nhập; bỏ trống là tên thư mục.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="Tên nguồn hiện trên trang, ví dụ «iGate tỉnh».")] = "",
) -> None:
    """Đưa dữ liệu đã xuất vào chỉ số trực tiếp; lần nhập sau của cùng nguồn thay lần trước."""
    from motcua.cli import serving

    serving.connect()
    from rich import console, progress

    from motcua.live import imports, projector, scoring

    code = source or _code(sources)
    at, begin = datetime.now(VIETNAM), time.perf_counter()
    shown = console.Console(stderr=True)
    columns = (progress.SpinnerColumn(), progress.TextColumn("{task.description}"), progress.TimeElapsedColumn())
    with progress.Progress(*columns, console=shown, transient=True) as bar:
        task = bar.add_task("Đang đọc nguồn…", total=None)
        read = 0

        def advance(rows: int) -> None:
            nonlocal read
            read += rows
            bar.update(task, description=f"Đã đọc {_number(read)} hồ sơ…")

        taken = imports.take(
            sources, source=code, name=name, by=BY, at=at, clock=scoring.clock(local_day(at)), progressed=advance
        )
        bar.update(task, description="Đang đưa vào bộ đếm…")
        # The running counter may be at it already; whoever comes second waits and finds it done.
        while projector.has_news():
            now = datetime.now(VIETNAM)
            projector.project(options=scoring.options(now=now), at=now)
    told = taken.told
    as_of = f"tính đến {local(told.observed_at):%H:%M %d/%m/%Y}"
    if not taken.is_new:
        typer.echo(f"Nguồn «{told.name}» ({code}) không có gì mới ({as_of}): số liệu giữ nguyên.")
        return
    seconds = time.perf_counter() - begin
    typer.echo(
        f"Đã đưa nguồn «{told.name}» ({code}) vào chỉ số: {_number(told.dossiers)} hồ sơ,"
        f" {len(told.tables) - ('dossiers' in told.tables)} bảng khác, {as_of} ({seconds:.1f} giây)."
    )


def show() -> None:
    """Các nguồn nhập đang có trong chỉ số: tên, thời điểm số liệu, số hồ sơ."""
    from motcua.cli import serving

    serving.connect()
    from motcua.live import imports_kept

    found = imports_kept.current()
    if not found:
        typer.echo("Chưa có nguồn nhập nào; mọi số liệu là của bàn một cửa.")
    for one in found:
        as_of, taken_at = local(one.observed_at), local(one.taken_at)
        typer.echo(
            f"{one.source}: {one.name}; tính đến {as_of:%H:%M %d/%m/%Y}, nhập lúc {taken_at:%H:%M %d/%m/%Y};"
            f" {_number(one.dossiers)} hồ sơ; bảng: {', '.join(sorted(one.tables))}."
        )


def _code(sources: list[Path]) -> str:
    """Return the source's code from the folder's name.

    Raises:
        UserError: files were given.
    """
    if len(sources) == 1 and sources[0].is_dir():
        code = _NOT_IN_A_CODE.sub("-", sources[0].resolve().name).strip("-._")[:40]
        if code:
            return code
    raise UserError(
        "Chưa có mã nguồn cho các tệp này.", remedy="Ví dụ: --source igate-tinh --name «iGate tỉnh».", where="--source"
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
