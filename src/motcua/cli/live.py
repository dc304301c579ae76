"""`motcua live …`: keep the live index, look at it, prove it, fold it again."""

import os
import signal
import time
from datetime import datetime
from types import FrameType
from typing import Annotated

import typer

from motcua.cli import live_imports
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, Period

app = typer.Typer(help="Chỉ số trực tiếp: bộ đếm theo nhật ký sự kiện, điểm lúc này, chứng minh.", no_args_is_help=True)

app.command("import")(live_imports.take_in)
app.command("sources")(live_imports.show)

POLL_SECONDS = 0.25
"""How often the log is looked at; with the fold this keeps an event's way to the score well under two seconds."""
_RETRY_SECONDS = 2.0

_Period = Annotated[
    str | None, typer.Option("--period", help="Kỳ: 2026, 2026-Q3, 2026-11; bỏ trống là năm nay.", metavar="KỲ")
]


@app.command("run")
def run(
    *, beside: Annotated[int | None, typer.Option(help="Dừng khi tiến trình cha này không còn.", hidden=True)] = None
) -> None:
    """Chạy bộ đếm: sự kiện mới vào điểm trong vài giây, đến khi bị dừng."""
    _connect()
    from django.db import Error, connection

    from motcua.live import projector, scoring

    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # Started beside the server it must not outlive it: when the parent is gone, somebody else is the parent.
    while not stopping and beside in {None, os.getppid()}:
        try:
            if projector.has_news():
                now = datetime.now(VIETNAM)
                projector.project(options=scoring.options(now=now), at=now)
            else:
                time.sleep(POLL_SECONDS)
        except Error as error:
            # The database is away for a moment: the cursor stands where the last batch left it.
            typer.echo(f"Bộ đếm chờ cơ sở dữ liệu: {type(error).__name__}", err=True)
            connection.close()
            time.sleep(_RETRY_SECONDS)


@app.command("rebuild")
def rebuild() -> None:
    """Xóa mọi bộ đếm rồi đếm lại từ sự kiện đầu tiên; trong lúc đó trang vẫn hiện số cũ."""
    _connect()
    from motcua.live import projector, scoring

    now, begin = datetime.now(VIETNAM), time.perf_counter()
    events = projector.rebuild(options=scoring.options(now=now), at=now)
    seconds = time.perf_counter() - begin
    typer.echo(
        f"Đã đếm lại {events} sự kiện trong {seconds:.1f} giây ({events / max(seconds, 0.001):.0f} sự kiện/giây)."
    )


@app.command("score")
def score(period: _Period = None, unit: Annotated[str | None, typer.Option("--unit", help="Mã đơn vị")] = None) -> None:
    """Điểm lúc này của một đơn vị, kèm thời điểm số liệu."""
    _connect()
    from motcua.cli import measuring
    from motcua.live import scoring

    now = datetime.now(VIETNAM)
    found = scoring.score(period=_period(period, now), now=now)
    card = found.evaluation.scorecard
    if unit is None and not card.units:
        raise UserError("Chưa có đơn vị nào trong số liệu.", remedy="Hãy chạy: motcua live run.")
    code = unit or measuring.main_unit(found.evaluation)
    if code not in {one.unit.code for one in card.units}:
        raise UserError(f"Không có đơn vị «{code}».", remedy="Hãy kiểm tra mã đơn vị.", where="--unit")
    scored = card.of(code)
    typer.echo(f"{scored.unit.name} ({code}), kỳ {found.evaluation.period}: {float(scored.total):.2f} điểm")
    for group in scored.groups:
        typer.echo(f"  {group.code:8} {float(group.points):6.2f} / {float(group.max_points):g}")
    stamp = found.stamp
    moment = (
        f"{stamp.last_event_at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}" if stamp.last_event_at else "chưa có sự kiện"
    )
    typer.echo(
        f"Tính đến sự kiện {stamp.cursor.position} ({moment})." + (" SỐ LIỆU ĐANG CHẬM." if stamp.is_stale else "")
    )


@app.command("prove")
def prove(period: _Period = None) -> None:
    """Tính lại độc lập từ nhật ký và so với bộ đếm, đến từng hồ sơ; khác nhau là sai lệch (mã thoát 2)."""
    _connect()
    from motcua.kernel.time import local_day
    from motcua.live import proof, scoring

    now, begin = datetime.now(VIETNAM), time.perf_counter()
    found = proof.prove(
        period=_period(period, now), now=now, options=scoring.options(now=now), clock=scoring.clock(local_day(now))
    )
    seconds = time.perf_counter() - begin
    compared = f"{found.units} đơn vị, {found.dossiers} hồ sơ, {found.events} sự kiện, {seconds:.1f} giây"
    if not found.differences:
        typer.echo(f"Kỳ {found.period}: bộ đếm khớp với kết quả tính lại ({compared}).")
        return
    typer.echo(f"Kỳ {found.period}: {len(found.differences)} SAI LỆCH ({compared}).", err=True)
    for one in found.differences[:50]:
        typer.echo(f"{one.unit or one.dossier}: {one.what}: bộ đếm {one.live}, tính lại {one.recomputed}")
    typer.echo(
        "Sai lệch đã được ghi. Hãy chạy «motcua live rebuild» rồi chứng minh lại; báo người phụ trách.", err=True
    )
    raise typer.Exit(2)


@app.command("forecast")
def forecast() -> None:
    """Dự báo điểm cuối tháng của mọi đơn vị, từ số liệu hết ngày hôm qua."""
    _connect()
    from motcua.live import forecasts

    begin = time.perf_counter()
    units = forecasts.compute(now=datetime.now(VIETNAM))
    typer.echo(f"Đã dự báo cho {units} đơn vị trong {time.perf_counter() - begin:.1f} giây.")


def _period(text: str | None, now: datetime) -> Period:
    return Period.parse(text) if text else Period.year(now.year)


def _connect() -> None:
    """Open the database and bring its tables up to date."""
    from motcua.cli import serving

    serving.connect()
