"""``motcua organisations``: load units and outlines that others keep."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from motcua.kernel.time import VIETNAM

app = typer.Typer(help="Đơn vị: nạp từ danh sách, nạp bản đồ.", no_args_is_help=True)


@app.command("load-reform")
def load_reform(
    files: Annotated[
        list[Path], typer.Argument(help="Tệp CSV: tỉnh, xã, bảng chuyển đổi 2025, mã định danh (nếu có).")
    ],
    *,
    province: Annotated[str, typer.Option(help="Mã thống kê của tỉnh mới, ví dụ 91.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc và báo, không ghi.")] = False,
) -> None:
    """Nạp đơn vị trước và sau sắp xếp 01/7/2025 của một tỉnh; chạy lại không ghi trùng."""
    from motcua.cli import serving

    serving.prepare()
    from motcua.organisations import reform

    planned = reform.plan(reform.read(files), province=province)
    for problem in planned.problems:
        typer.echo(f"Lưu ý: {problem}", err=True)
    ended = sum(unit.valid_to is not None for unit in planned.units)
    typer.echo(f"{len(planned.units) - ended} đơn vị hiện nay, {ended} đơn vị đã kết thúc 30/6/2025.")
    if not dry_run:
        loaded = reform.load(planned, by="he-thong", at=datetime.now(VIETNAM))
        typer.echo(f"Đã ghi mới {loaded.units} đơn vị, {loaded.successions} quan hệ kế thừa.")


@app.command("map")
def load_map(
    file: Annotated[
        Path, typer.Argument(help="Tệp GeoJSON (kinh độ, vĩ độ WGS 84) có ranh giới các xã, hoặc các tỉnh.")
    ],
    *,
    province: Annotated[str, typer.Option(help="Mã đơn vị của tỉnh, ví dụ H05.")] = "",
    country: Annotated[bool, typer.Option("--country", help="Tệp là bản đồ 34 tỉnh của cả nước.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc và báo, không ghi.")] = False,
) -> None:
    """Nạp bản đồ: ranh giới các xã của một tỉnh, hoặc các tỉnh của cả nước; nạp lại cùng tệp không ghi thêm."""
    from motcua.kernel.errors import UserError

    if bool(province) == country:
        raise UserError("Chưa rõ bản đồ của tỉnh nào.", remedy="Hãy ghi --province MÃ, hoặc --country.")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError("Không đọc được tệp.", remedy="Hãy kiểm tra đường dẫn.", where=str(file)) from error
    from motcua.geometry import geojson

    features = geojson.read(content, where=file.name)
    from motcua.cli import serving

    serving.connect()
    from motcua.kernel.time import local_day
    from motcua.organisations import outlines

    now = datetime.now(VIETNAM)
    if country:
        planned = outlines.plan_country(features)
    else:
        planned = outlines.plan(features, province=province, on=local_day(now))
    for problem in planned.problems:
        typer.echo(f"Lưu ý: {problem}", err=True)
    corners = sum(len(ring) for shape in planned.shapes.values() for polygon in shape for ring in polygon)
    typer.echo(
        f"{len(planned.shapes)} vùng khớp trên {len(features)} vùng trong tệp; {corners} điểm sau khi đơn giản hóa."
    )
    if dry_run:
        return
    subject = province or outlines.OF_THE_COUNTRY
    is_new = outlines.load(planned, subject=subject, source=file.name, content=content, by="he-thong", at=now)
    typer.echo("Đã nạp bản đồ." if is_new else "Tệp này đã được nạp rồi; không ghi thêm.")
