"""`motcua remind`: daily, for a timer: letters of apology drafted, and officers told of what is about to be late."""

from datetime import datetime

import typer

from motcua.kernel.time import VIETNAM


def command() -> None:
    """Soạn thư xin lỗi cho hồ sơ quá hạn, nhắc hồ sơ sắp đến hạn, quá hạn; chạy lại trong ngày không trùng."""
    from motcua.cli import serving

    serving.prepare()
    from motcua.dossiers import apologies, reminders

    now = datetime.now(VIETNAM)
    drafted = apologies.draft_all(now=now)
    letters = reminders.send(now=now)
    typer.echo(f"Đã soạn {drafted} thư xin lỗi chờ ký. Đã gửi {letters} thư nhắc.")
