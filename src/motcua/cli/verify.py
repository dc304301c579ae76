"""`motcua verify`: prove that nobody altered, removed or inserted an event."""

import time
from typing import Annotated

import typer


def command(
    *,
    sealed: Annotated[
        list[str] | None,
        typer.Option(help="Niêm phong đã giữ bên ngoài, dạng SỐ=MÃ, để đối chiếu; dùng được nhiều lần."),
    ] = None,
) -> None:
    """Kiểm tra nhật ký sự kiện: nêu tên từng sự kiện bị sửa, xóa hoặc chèn."""
    from motcua.cli import serving

    serving.connect()
    from motcua.eventlog import log, proof

    began, number = time.monotonic(), 0
    for fault in proof.faults():
        number += 1
        place = f"vị trí {fault.position}" if fault.position is not None else "cuối chuỗi"
        typer.echo(f"{fault.stream} {fault.subject}, {place}: {fault.what}")
    number += _compare(sealed or [], log.seals())
    for weakness in proof.weaknesses():
        typer.echo(f"Lưu ý: {weakness}", err=True)
    if number:
        typer.echo(f"Có {number} dấu hiệu can thiệp.", err=True)
        raise typer.Exit(2)
    count, seconds = log.lines(), time.monotonic() - began
    typer.echo(f"Nhật ký nguyên vẹn: {count} sự kiện, không sự kiện nào bị sửa, xóa hoặc chèn ({seconds:.1f} giây).")


def _compare(kept: list[str], known: dict[int, str]) -> int:
    """Say which seals differ from the copies kept elsewhere; return how many."""
    from motcua.kernel.errors import UserError

    wrong = 0
    for line in kept:
        number, _, digest = line.partition("=")
        if not number.isdecimal() or not digest:
            raise UserError(f"--sealed {line} không đúng dạng.", remedy="Hãy ghi SỐ=MÃ, ví dụ 12=9f86d081…")
        if known.get(int(number)) != digest.strip().lower():
            typer.echo(f"Niêm phong số {number}: khác với bản giữ bên ngoài.")
            wrong += 1
    return wrong
