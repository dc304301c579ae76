"""Bring the database, its tables and the pages' files up to date, then run the web server until it is stopped."""

import os
import signal
import subprocess
import sys

from motcua.kernel.errors import UserError
from motcua.runtime import database, env


def connect() -> None:
    """Start the database where it is ours, and bring its tables up to date.

    Raises:
        UserError: tables must change and the account of DATABASE_URL may not change them.
    """
    environment = env.read()
    os.environ["DATABASE_URL"] = database.ensure(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")

    import django

    django.setup()
    from django.core.management import call_command
    from django.db import ProgrammingError, connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except ProgrammingError as error:
        raise UserError(
            "Cơ sở dữ liệu cần cập nhật bảng nhưng tài khoản của chương trình không có quyền đó.",
            remedy="Hãy chạy một lần bằng tài khoản chủ dữ liệu (xem docs/vi/quan-tri.md).",
        ) from error


def prepare() -> None:
    """Bring the database and the pages' static files up to date."""
    connect()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def run(*, host: str, port: int, workers: int) -> None:
    """Serve until Ctrl-C or SIGTERM; nothing that was started stays behind.

    Raises:
        UserError: the address is taken.
    """
    arguments = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "motcua.config.wsgi:application", "--host", host,
        "--port", str(port), "--workers", str(workers), "--workers-kill-timeout", "10", "--blocking-threads", "32",
        "--log-level", "error",
    ]  # fmt: skip
    # What is started gets a session of its own: a worker that is told twice to stop (by the terminal and by its parent)
    # may wait for ever. So the terminal tells this process alone, and this process tells each part, once.
    parts: list[subprocess.Popen[bytes]] = []
    is_stopping = False

    def stop(*_: object) -> None:
        nonlocal is_stopping
        if not is_stopping:
            is_stopping = True
            for part in parts:
                part.terminate()

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, stop)
    beside = ["--beside", str(os.getpid())]
    live = [sys.executable, "-m", "motcua", "live", "run", *beside]
    # Apart from the score, so that neither can hold the other up.
    bottlenecks = [sys.executable, "-m", "motcua", "bottlenecks", "run", *beside]
    for command in (arguments, live, bottlenecks):
        parts.append(subprocess.Popen(command, start_new_session=True))  # noqa: S603 - our own interpreter and arguments
    try:
        code = parts[0].wait()
        was_asked = is_stopping
    finally:
        stop()
        for part in parts:
            part.wait()
    if was_asked:
        return
    if code not in {0, -signal.SIGTERM, -signal.SIGINT}:
        raise UserError(
            f"Không phục vụ được tại {host}:{port}.", remedy="Có thể cổng đang bận: hãy chọn cổng khác bằng --port."
        )
