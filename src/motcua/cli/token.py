"""`motcua token`: give another system a key to /api/v1, list the keys, take one back."""

from datetime import datetime, timedelta
from types import ModuleType
from typing import Annotated

import typer

from motcua.kernel.time import VIETNAM

app = typer.Typer(help="Mã truy cập /api/v1 của các hệ thống khác.", no_args_is_help=True)
_BY = "quan-tri"


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Tên hệ thống, ví dụ: igate")],
    *,
    staff: Annotated[str, typer.Option(help="Mã tài khoản cán bộ mà hệ thống hành động thay")],
    scope: Annotated[list[str], typer.Option(help="Phạm vi: catalogue:read, dossiers:read, dossiers:write")],
    days: Annotated[int, typer.Option(help="Hiệu lực, số ngày", min=1, max=730)] = 365,
) -> None:
    """Cấp một mã; mã chỉ hiện một lần này và không được lưu."""
    tokens = _tokens()
    from motcua.kernel.errors import UserError

    known = {one.value: one for one in tokens.ApiScope}
    if wrong := sorted(set(scope) - set(known)):
        raise UserError(f"Không có phạm vi {', '.join(wrong)}.", remedy=f"Hãy chọn trong: {', '.join(known)}.")
    now = datetime.now(VIETNAM)
    wanted = frozenset(known[one] for one in scope)
    typer.echo(
        tokens.issue(name=name, staff_code=staff, scopes=wanted, at=now, expires_at=now + timedelta(days=days), by=_BY)
    )


@app.command("list")
def list_all() -> None:
    """Liệt kê các mã đã cấp (không hiện mã)."""
    now = datetime.now(VIETNAM)
    for one in _tokens().issued():
        state = "đã thu hồi" if one.revoked_at else "hết hạn" if one.expires_at <= now else "còn hiệu lực"
        until = f"{one.expires_at.astimezone(VIETNAM):%d/%m/%Y}"
        typer.echo(f"{one.name}\t{one.staff_code}\t{' '.join(one.scopes)}\tđến {until}\t{state}")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="Tên hệ thống")]) -> None:
    """Thu hồi mọi mã mang tên này, có hiệu lực ngay."""
    from motcua.kernel.errors import UserError

    number = _tokens().revoke(name=name, at=datetime.now(VIETNAM), by=_BY)
    if not number:
        raise UserError(f"Không có mã nào tên «{name}» còn hiệu lực.", remedy="Hãy xem motcua token list.")
    typer.echo(f"Đã thu hồi {number} mã của «{name}».")


def _tokens() -> ModuleType:
    """Return the module, which can be loaded only once the database is there."""
    from motcua.cli import serving

    serving.connect()
    from motcua.api import tokens

    return tokens
