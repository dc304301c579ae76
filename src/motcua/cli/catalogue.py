"""``motcua catalogue``: lay the national catalogue beside the province's own."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from motcua.kernel.time import VIETNAM

app = typer.Typer(help="Danh mục thủ tục: đối chiếu với danh mục quốc gia.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep ``compare`` a subcommand though it is the only one."""


@app.command("compare")
def compare(
    file: Annotated[Path, typer.Argument(help="Tệp JSON của Cổng DVCQG, mỗi thủ tục một dòng.", exists=True)],
    *,
    approve: Annotated[bool, typer.Option("--approve", help="Duyệt luôn mọi chênh lệch «mới», «thay đổi».")] = False,
) -> None:
    """Đối chiếu danh mục quốc gia với danh mục của tỉnh; chênh lệch chờ duyệt ở trang Đối chiếu."""
    from motcua.cli import serving

    serving.prepare()
    from collections import Counter

    from motcua.catalogue import comparison, national
    from motcua.ingest import catalogue_records

    now = datetime.now(VIETNAM)
    records = [
        national.record(one, levels=catalogue_records.levels(one.levels), limit_of=catalogue_records.limit)
        for one in catalogue_records.read(file, name=file.name)
    ]
    run = comparison.lay_beside(
        records, source=file.name, sha256=catalogue_records.sha256(file), on=now.date(), by="he-thong", at=now
    )
    kinds = Counter(run.differences.values_list("kind", flat=True))
    typer.echo(
        f"Đã đọc {run.read_count} thủ tục: {kinds['new']} mới, {kinds['changed']} thay đổi, "
        f"{kinds['missing']} không còn trong danh mục quốc gia."
    )
    if not approve:
        return
    while comparison.approve_some(run.pk, kinds=("new", "changed"), by="he-thong", at=now, limit=200):
        progress = comparison.progress(run.pk)
        typer.echo(f"  đã xử lý {progress.decided + progress.faulty}/{progress.total}", err=True)
    progress = comparison.progress(run.pk)
    typer.echo(f"Đã duyệt {progress.decided}; {progress.with_fault} thủ tục cần xem lại (trang Đối chiếu nêu lý do).")
