"""`motcua remind`: the daily letters about dossiers approaching their due moment or late; for a timer to run."""

from datetime import datetime

import typer

from motcua.kernel.time import VIETNAM


def command() -> None:
    """Gửi thư nhắc hồ sơ sắp đến hạn, quá hạn; chạy lại trong ngày không gửi trùng."""
    from motcua.cli import serving

    serving.prepare()
    from motcua.dossiers import reminders

    letters = reminders.send(now=datetime.now(VIETNAM))
    typer.echo(f"Đã gửi {letters} thư nhắc.")
