"""`motcua serve`: the whole product on one address, with its own PostgreSQL where none is named."""

from typing import Annotated

import typer


def command(
    *,
    host: Annotated[str, typer.Option(help="Địa chỉ nghe")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Số tiến trình phục vụ", min=1)] = 2,
) -> None:
    """Chạy Một Cửa: trang cán bộ, trang công dân và giao diện lập trình."""
    from motcua.cli import serving

    serving.prepare()
    typer.echo(f"Một Cửa đang chạy tại http://{host}:{port} (Ctrl-C để dừng).", err=True)
    serving.run(host=host, port=port, workers=workers)
