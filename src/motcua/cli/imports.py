"""``motcua import FILES… --into DIR``: outside files into a data directory, with a report for each."""

import time as wall
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.kernel import time
from motcua.kernel.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from motcua.ingest.report import ImportReport

_FIRST_YEAR, _LAST_YEAR = 1990, 2099
"""The years a province's data may be of; others are slips of a keyboard."""
_SHOWN = 5
"""How many entries of each kind the terminal shows; the report file has them all."""


def command(
    *,
    files: Annotated[list[Path] | None, typer.Argument(help="Các tệp (hoặc thư mục) cần nhập.")] = None,
    into: Annotated[Path | None, typer.Option("--into", help="Thư mục dữ liệu.")] = None,
    kind: Annotated[str | None, typer.Option("--as", help="Loại tệp, nếu không muốn để tự nhận ra.")] = None,
    observed_at: Annotated[
        str | None,
        typer.Option("--observed-at", help="Lúc nguồn có số liệu, ví dụ 2026-10-10 (mặc định: bây giờ)."),
    ] = None,
    decisions: Annotated[Path | None, typer.Option("--decisions", help="Tệp quyết định ghép tên bằng tay.")] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="Thư mục bảng ánh xạ riêng của tỉnh.")] = None,
    rematch: Annotated[
        bool, typer.Option("--rematch", help="Ghép lại tên trong các tệp đã nhập với danh mục, đơn vị hiện có.")
    ] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Chỉ kiểm tra nhật ký của thư mục dữ liệu.")] = False,
) -> int:
    """Nhập tệp vào thư mục dữ liệu: giữ nguyên bản gốc, không nhập hai lần, báo mọi dòng có vấn đề."""
    from rich.console import Console

    from motcua.ingest import importing

    if into is None:
        raise UserError("Chưa cho biết thư mục dữ liệu.", remedy="Hãy thêm --into THƯ_MỤC.", where="--into")
    if verify:
        return _verify(into, console=Console())
    if not files and not rematch:
        raise UserError("Chưa có tệp nào để nhập.", remedy="Hãy ghi tên tệp: motcua import TỆP… --into THƯ_MỤC.")
    if decisions is not None and not decisions.is_file():
        raise UserError("Không tìm thấy tệp.", remedy="Hãy kiểm tra đường dẫn.", where=f"--decisions {decisions}")
    if mapping is not None and not any(mapping.glob("*.toml")):
        raise UserError(
            "Không có thư mục này, hoặc trong đó không có bảng ánh xạ (*.toml) nào.",
            remedy="Hãy chỉ đến thư mục chứa các bảng, ví dụ states.toml.",
            where=f"--mapping {mapping}",
        )
    messages = Console(stderr=True)
    with _Bar(messages) as bar:
        options = importing.ImportOptions(
            observed_at=_moment(observed_at), kind=kind, decisions=decisions, mapping=mapping, advance=bar.advance
        )
        reports, refusals = importing.import_files(_files(files), into=into, options=options) if files else ([], [])
        if rematch:
            again, refused = importing.rematch(into, options=options)
            reports, refusals = reports + again, refusals + refused
    console = Console()
    if reports:
        _show(reports, console=console, into=into)
    elif rematch and not refusals:
        console.print("Không có tệp nào cần ghép tên.")
    if not rematch and (waiting := importing.matched_before(into)):
        console.print(
            f"{len(waiting)} tệp đã nhập từ trước được ghép tên với danh mục, đơn vị cũ: {_named(waiting)}. "
            f"Hãy chạy motcua import --rematch --into {into} để ghép lại.",
            style="yellow", markup=False, highlight=False,
        )  # fmt: skip
    for refusal in refusals:
        messages.print(f"Lỗi: {refusal}", style="red", markup=False, highlight=False)
    return 2 if refusals else 0


def _files(given: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
            if not inside:
                raise UserError("Thư mục không có tệp nào.", remedy="Hãy kiểm tra đường dẫn.", where=str(path))
            found += inside
        else:
            found.append(path)
    return found


def _named(names: "Sequence[str]") -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


def _moment(given: str | None) -> datetime:
    if given is None:
        return time.local(datetime.now(tz=time.VIETNAM)).replace(microsecond=0)
    try:
        moment = time.local(datetime.fromisoformat(given))
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise UserError(
            f"Không hiểu thời điểm «{given}».",
            remedy=f"Hãy ghi 2026-10-10 hoặc 2026-10-10T17:30:00, từ năm {_FIRST_YEAR} đến năm {_LAST_YEAR}.",
            where="--observed-at",
        )
    return moment


class _Bar:
    """A progress bar that appears only for work a person would wait for."""

    def __init__(self, console: "Console") -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(pulse_style="green"),
            TextColumn("{task.fields[rows]} dòng, {task.fields[speed]} dòng/giây"), TimeElapsedColumn(),
            console=console, transient=True,
        )  # fmt: skip
        self._tasks: dict[str, tuple[int, float, int]] = {}
        self._shown = False
        self._begun = wall.monotonic()

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._progress.stop()

    def advance(self, name: str, rows: int) -> None:
        """Note that more rows of the file were read."""
        now = wall.monotonic()
        if not self._shown and now - self._begun > 0.5:
            self._progress.start()
            self._shown = True
        if name not in self._tasks:
            task = self._progress.add_task(f"Đang nhập {name}", total=None, rows="0", speed="–")
            self._tasks[name] = (int(task), now, 0)
        task_id, begun, so_far = self._tasks[name]
        so_far += rows
        self._tasks[name] = (task_id, begun, so_far)
        speed = f"{_number(int(so_far / (now - begun)))}" if now > begun else "–"
        from rich.progress import TaskID

        self._progress.update(TaskID(task_id), rows=_number(so_far), speed=speed)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _show(reports: "list[ImportReport]", *, console: "Console", into: Path) -> None:
    from rich.table import Table

    table = Table(title=f"Kết quả nhập vào {into}")
    table.add_column("Tệp", overflow="fold")
    table.add_column("Loại", overflow="fold")
    for heading in ("Dòng", "Sự kiện", "Từ chối", "Để trống", "Cảnh báo"):
        table.add_column(heading, justify="right")
    for report in reports:
        table.add_row(
            report.file, report.kind,
            *map(_number, (report.rows_read, report.events_made, report.rows_refused, report.values_unknown,
                           report.values_warned)),
        )  # fmt: skip
    console.print(table)
    for report in reports:
        if report.note:
            console.print(f"{report.file}: {report.note}", markup=False, highlight=False)
        for title, count, entries in (
            ("Dòng bị từ chối", report.rows_refused, report.refused),
            ("Ô để trống vì giá trị không dùng được", report.values_unknown, report.problems),
            ("Cảnh báo", report.values_warned, report.warnings),
        ):
            if count:
                console.print(f"{title} ({_number(count)}):", style="bold")
                for entry in entries[:_SHOWN]:
                    console.print(f"  - {entry}", markup=False, highlight=False)
                if count > _SHOWN:
                    ending = "problems.jsonl" if count > len(entries) else "json"
                    more = into / "reports" / f"{report.raw}.{ending}"
                    console.print(f"  … xem đủ ở {more}", markup=False, highlight=False)


def _verify(into: Path, *, console: "Console") -> int:
    from motcua.ingest import log
    from motcua.ingest.directory import DataDirectory

    directory = DataDirectory(into)
    if not directory.exists():
        raise UserError("Thư mục chưa có nhật ký.", remedy="Hãy kiểm tra đường dẫn.", where=str(into))
    problems = log.verify(directory)
    if problems:
        raise UserError("Nhật ký không còn nguyên vẹn.", remedy="Chi tiết:", where=str(into), problems=problems)
    segments = log.read(directory)
    console.print(f"Nhật ký nguyên vẹn: {len(segments)} đoạn, {segments[-1].next_position if segments else 0} sự kiện.")
    return 0
