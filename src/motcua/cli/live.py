"""`motcua live …`: keep the live index, look at it, prove it, fold it again."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.cli import live_imports
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, Period

if TYPE_CHECKING:
    from motcua.live.proof import Proof

app = typer.Typer(help="Chỉ số trực tiếp: bộ đếm theo nhật ký sự kiện, điểm lúc này, chứng minh.", no_args_is_help=True)

app.command("import")(live_imports.take_in)
app.command("sources")(live_imports.show)

POLL_SECONDS = 0.25
"""How often the log is looked at; with the fold this keeps an event's way to the score well under two seconds."""
_RETRY_SECONDS = 2.0
_NIGHT_SECONDS = 60.0
PROVE_AT = 1
"""Hour of the night's proof unless told otherwise: the desks are closed, the backup has not begun."""

_Period = Annotated[
    str | None, typer.Option("--period", help="Kỳ: 2026, 2026-Q3, 2026-11; bỏ trống là năm nay.", metavar="KỲ")
]


_Hour = Annotated[int, typer.Option("--prove-at", help="Giờ chứng minh hằng đêm (0 đến 23).", min=0, max=23)]


@app.command("run")
def run(
    *,
    prove_at: _Hour = PROVE_AT,
    beside: Annotated[int | None, typer.Option(help="Dừng khi tiến trình cha này không còn.", hidden=True)] = None,
) -> None:
    """Chạy bộ đếm: sự kiện mới vào điểm trong vài giây, mỗi đêm tự chứng minh, đến khi bị dừng."""
    _connect()
    from django.db import Error, connection

    from motcua.live import projector, scoring

    stopping = False
    night = _Night(prove_at)

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # Started beside the server it must not outlive it: when the parent is gone, somebody else is the parent.
    while not stopping and beside in {None, os.getppid()}:
        try:
            night.look()
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
    night.stop()


class _Night:
    """Starts the night's proof beside the counter, which goes on counting meanwhile."""

    def __init__(self, hour: int) -> None:
        self._hour = hour
        self._next = time.monotonic() + _NIGHT_SECONDS
        self._proof: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Start the proof if it is due; asks once a minute."""
        if time.monotonic() < self._next or (self._proof is not None and self._proof.poll() is None):
            return
        self._next = time.monotonic() + _NIGHT_SECONDS
        from motcua.live import nightly

        if nightly.is_due(now=datetime.now(VIETNAM), hour=self._hour):
            command = [sys.executable, "-m", "motcua", "live", "nightly", "--prove-at", str(self._hour)]
            self._proof = subprocess.Popen(command)  # noqa: S603 - our own interpreter and arguments

    def stop(self) -> None:
        """End a proof that still runs; the next night, or the next start, makes it."""
        if self._proof is not None and self._proof.poll() is None:
            self._proof.terminate()
            self._proof.wait()


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
    from motcua.live import nightly

    now, begin = datetime.now(VIETNAM), time.perf_counter()
    if _told(nightly.prove_now(_period(period, now), now=now), time.perf_counter() - begin):
        raise typer.Exit(2)


@app.command("nightly")
def nightly_proof(*, prove_at: _Hour = PROVE_AT) -> None:
    """Việc hằng đêm, bộ đếm tự gọi: chứng minh ngày hôm qua và tháng của ngày đó, rồi dự báo cuối tháng."""
    _connect()
    from motcua.live import forecasts, nightly

    now, begin = datetime.now(VIETNAM), time.perf_counter()
    found = nightly.prove(now=now, hour=prove_at)
    if not found:
        typer.echo("Chứng minh hằng đêm: chưa đến giờ, hoặc hôm nay đã làm.")
        return
    is_unequal = [_told(one, time.perf_counter() - begin) for one in found]
    forecasts.compute(now=now)
    if any(is_unequal):
        raise typer.Exit(2)


def _told(found: "Proof", seconds: float) -> bool:
    """Say what the proof found; tell whether something differs."""
    compared = f"{found.units} đơn vị, {found.dossiers} hồ sơ, {found.events} sự kiện, {seconds:.1f} giây"
    if not found.differences:
        typer.echo(f"Kỳ {found.period}: bộ đếm khớp với kết quả tính lại ({compared}).")
        return False
    typer.echo(f"Kỳ {found.period}: {len(found.differences)} SAI LỆCH ({compared}).", err=True)
    for one in found.differences[:50]:
        typer.echo(f"{one.unit or one.dossier}: {one.what}: bộ đếm {one.live}, tính lại {one.recomputed}")
    typer.echo(
        "Sai lệch đã được ghi. Hãy chạy «motcua live rebuild» rồi chứng minh lại; báo người phụ trách.", err=True
    )
    return True


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
