"""`motcua seal`: close the day's events under one digest; for a timer to run once a day."""

from datetime import datetime

import typer

from motcua.kernel.time import VIETNAM


def command() -> None:
    """Niêm phong nhật ký sự kiện đến lúc này; giữ mã in ra ở nơi khác để đối chiếu về sau."""
    from motcua.cli import serving

    serving.connect()
    from motcua.api import answers
    from motcua.eventlog import log

    now = datetime.now(VIETNAM)
    answers.forget(before=now - answers.KEPT)
    sealed = log.seal(at=now)
    if sealed is None:
        typer.echo("Không có sự kiện mới từ lần niêm phong trước.")
        return
    typer.echo(f"Niêm phong số {sealed.number}: {sealed.count} sự kiện. Mã đối chiếu: {sealed.number}={sealed.digest}")
