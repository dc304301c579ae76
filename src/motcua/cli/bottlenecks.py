"""`motcua bottlenecks …`: keep where time is lost and what should be looked at, or fold it again."""

import os
import signal
import time
from types import FrameType
from typing import Annotated

import typer

app = typer.Typer(help="Điểm nghẽn và dấu hiệu cần xem, theo nhật ký sự kiện.", no_args_is_help=True)

POLL_SECONDS = 1.0
"""How often the log is looked at: bottlenecks are read by people who decide about weeks, not about seconds."""
_RETRY_SECONDS = 5.0


@app.command("run")
def run(
    *, beside: Annotated[int | None, typer.Option(help="Dừng khi tiến trình cha này không còn.", hidden=True)] = None
) -> None:
    """Theo dõi nhật ký: việc mới vào trang Điểm nghẽn trong vài giây, đến khi bị dừng."""
    from motcua.cli import serving

    serving.connect()
    from django.db import Error, connection

    from motcua.bottlenecks import projector

    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and beside in {None, os.getppid()}:
        try:
            if not projector.has_news() or not projector.project():
                time.sleep(POLL_SECONDS)
        except Error as error:
            # The database is away for a moment: the cursor stands where the last batch left it.
            typer.echo(f"Điểm nghẽn chờ cơ sở dữ liệu: {type(error).__name__}", err=True)
            connection.close()
            time.sleep(_RETRY_SECONDS)


@app.command("rebuild")
def rebuild() -> None:
    """Xóa số liệu điểm nghẽn rồi tính lại từ sự kiện đầu tiên; lý do đã ghi khi xem dấu hiệu vẫn còn."""
    from motcua.cli import serving

    serving.connect()
    from motcua.bottlenecks import projector

    begin = time.perf_counter()
    events = projector.rebuild()
    seconds = time.perf_counter() - begin
    typer.echo(
        f"Đã tính lại {events} sự kiện trong {seconds:.1f} giây ({events / max(seconds, 0.001):.0f} sự kiện/giây)."
    )
