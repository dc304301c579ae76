"""``motcua demo``: a fictitious province, its score in the terminal, and the desk itself to open in a browser."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer

from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM

YEAR = 2026
SEED = 1
EXPORTED_ON = f"{YEAR}-12-31"
"""The sample is what a system held at the end of the year; scoring it on another day would cut it short."""

STAMP = ".sample.json"
LAST_YEAR = "nam-truoc"
"""Folder of the sample of the year before, to compare with."""
PAGE = "bang-diem.html"


def command(
    *,
    dossiers: Annotated[int, typer.Option(help="Số hồ sơ của tỉnh giả định.", min=1000)] = 60_000,
    into: Annotated[Path, typer.Option(help="Thư mục dữ liệu của bản chạy thử.")] = Path("demo-data"),
    port: Annotated[int, typer.Option(help="Cổng của trang chạy thử.", min=1, max=65535)] = 8000,
    desk: Annotated[int, typer.Option(help="Số hồ sơ đang giải quyết ở trang một cửa.", min=10)] = 200,
    score_only: Annotated[bool, typer.Option("--score-only", help="Chỉ chấm điểm, không mở trang.")] = False,
    live: Annotated[bool, typer.Option("--live", help="Hồ sơ mới tiếp tục đến trong khi chạy.")] = False,
) -> None:
    """Chạy thử: sinh một tỉnh giả định, chấm điểm, rồi mở trang một cửa; lần sau dùng lại dữ liệu đã có."""
    from motcua.cli import main

    _province(into, dossiers=dossiers, year=YEAR)
    page = into / "ket-qua" / PAGE
    scoring = ["score", str(into), "--period", str(YEAR), "--rules", "qd766/portal", "--on", EXPORTED_ON]
    for arguments in (scoring, [*scoring, "--format", "html", "--out", str(page)]):
        main.application(arguments)(arguments, prog_name="motcua", standalone_mode=False)
    typer.echo(f"\nTrang kết quả (mở bằng trình duyệt, không cần mạng): {page.resolve()}")
    typer.echo(f"Vì sao mất điểm:  ./run explain {into} --period {YEAR} --on {EXPORTED_ON} --unit H99")
    if not score_only:
        _province(into / LAST_YEAR, dossiers=dossiers, year=YEAR - 1)
        _desk(into, port=port, dossiers=desk, live=live)


def _desk(into: Path, *, port: int, dossiers: int, live: bool) -> None:
    """Open the one-stop desk of the same province, with ready accounts, until Ctrl-C."""
    os.environ.setdefault("MOTCUA_HOME", str((into / "mot-cua").resolve()))
    os.environ["MOTCUA_DEMO"] = "1"
    from motcua.cli import serving

    serving.prepare()
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from motcua.demo import history, living, province, publications
    from motcua.live import forecasts

    now = datetime.now(VIETNAM)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=whole)
            bar.update(tasks[what], completed=done)

        if not province.is_built():
            province.build(now=now, dossiers=dossiers, progress=show)
        if not history.is_up_to_date(now=now):
            _take_in(into, now=now, show=show)
        if not publications.is_built():
            publications.build(now=now, progress=show)
        if not forecasts.is_kept(now=now):
            show("Dự báo cuối tháng", 0, 1)
            forecasts.compute(now=now)
            show("Dự báo cuối tháng", 1, 1)
    typer.echo(f"\nTrang một cửa: http://127.0.0.1:{port}  (tài khoản có sẵn ở trang Cán bộ; Ctrl-C để dừng)")
    if live:
        living.start(lambda: datetime.now(VIETNAM))
    serving.run(host="127.0.0.1", port=port, workers=1)


def _take_in(into: Path, *, now: datetime, show: Callable[[str, int, int], None]) -> None:
    """Take the exports of the sample into the live index, and everything else that waits with them."""
    from motcua.demo import history
    from motcua.eventlog import log
    from motcua.kernel.time import local_day
    from motcua.live import projector, scoring

    read = 0

    def reading(rows: int) -> None:
        nonlocal read
        read += rows
        show("Số liệu đã xuất", read, read)

    history.take_in(into, into / LAST_YEAR, now=now, clock=scoring.clock(local_day(now)), progressed=reading)
    while projector.has_news():
        projector.project(options=scoring.options(now=now), at=now)
        show("Đưa vào chỉ số", projector.cursor().position, log.end().position)


def _province(into: Path, *, dossiers: int, year: int) -> None:
    """Make the province of the year unless the folder has this very one."""
    wanted = _stamp(dossiers, year)
    if into.exists() and not into.is_dir():
        raise UserError(
            "Đây là một tệp, không phải thư mục.", remedy="Hãy chọn thư mục khác cho --into.", where=str(into)
        )
    if _read(into / STAMP) == wanted:
        return
    if into.exists() and any(into.iterdir()) and not (into / STAMP).is_file():
        raise UserError(
            "Thư mục đã có dữ liệu khác.", remedy="Hãy chọn thư mục trống cho --into, để không ghi đè.", where=str(into)
        )
    from motcua.cli import sample
    from motcua.sample.writing import Form

    # Made beside and moved into place whole: stopping half-way leaves nothing that looks finished.
    making = into.with_name(f".{into.name}.dang-tao")
    shutil.rmtree(making, ignore_errors=True)
    try:
        sample.make(dossiers=dossiers, seed=SEED, out=making, form=Form.PARQUET, year=year, provinces=1)
        (making / STAMP).write_text(json.dumps(wanted), encoding="utf-8")
        shutil.rmtree(into, ignore_errors=True)
        making.rename(into)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _stamp(dossiers: int, year: int) -> dict[str, Any]:
    """Return what the sample depends on; another version of the generator makes another province."""
    code = hashlib.sha256()
    for source in sorted(resources.files("motcua.sample").iterdir(), key=lambda one: one.name):
        if source.name.endswith(".py"):
            code.update(source.read_bytes())
    code.update(resources.files("motcua.sample").joinpath("data/shape.toml").read_bytes())
    return {"dossiers": dossiers, "seed": SEED, "year": year, "generator": code.hexdigest()}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
