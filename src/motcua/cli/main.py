"""The door: finds the command, loads only what it needs, and turns errors into messages and exit codes.

Exit codes: 0 done; 1 the program is broken; 2 the input is bad and the message says what to do.
"""

import importlib
import os
import sys
import traceback

import typer
from typer.exceptions import TyperException

from motcua.kernel.errors import UserError

# command -> module of motcua.cli that has `command` (a function) or `app` (a group of commands)
COMMANDS = {
    "bottlenecks": "bottlenecks",
    "catalogue": "catalogue",
    "clock": "clock",
    "compare": "compare",
    "demo": "demo",
    "explain": "explain",
    "import": "imports",
    "law": "law",
    "live": "live",
    "organisations": "organisations",
    "points": "points",
    "publish": "publication",
    "remind": "remind",
    "sample": "sample",
    "score": "score",
    "seal": "seal",
    "serve": "serve",
    "simulate": "simulate",
    "token": "token",
    "verify": "verify",
}


def application(arguments: list[str]) -> typer.Typer:
    """Return the command line; only the named command's module is loaded, so that each starts fast."""
    named = next((argument for argument in arguments if argument in COMMANDS), None)
    app = typer.Typer(
        name="motcua",
        help="Một Cửa: hồ sơ một cửa và Bộ chỉ số phục vụ người dân, doanh nghiệp (QĐ 766/QĐ-TTg).",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)
    for name in [named] if named else sorted(COMMANDS):
        module = importlib.import_module(f"motcua.cli.{COMMANDS[name]}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name=name)(module.command)
    return app


def main() -> None:
    """Run the command named by the arguments and exit with its code."""
    try:
        sys.exit(application(sys.argv[1:])(prog_name="motcua", standalone_mode=False) or 0)
    except UserError as error:
        typer.echo(f"Lỗi: {error}", err=True)
        sys.exit(2)
    except TyperException as error:
        typer.echo(f"Lỗi lệnh: {error.format_message()} Xem: motcua --help.", err=True)
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("Đã dừng theo yêu cầu.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing is wrong. Point stdout at nothing before Python flushes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last door: everything unforeseen ends here as exit code 1
        if os.environ.get("MOTCUA_DEBUG"):
            traceback.print_exc()
        typer.echo(
            f"Lỗi chương trình ({type(error).__name__}): {error}. Chạy lại với MOTCUA_DEBUG=1 để xem chi tiết.",
            err=True,
        )
        sys.exit(1)
