"""Importing beside its floors: what decoding alone, or reading the workbook alone, would take on the same files."""

import csv
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import polars as pl
import python_calamine

from motcua.cli import sample as sample_command
from motcua.ingest import importing, payloads
from motcua.ingest.payload_records import DossierRecord, StepRecord
from motcua.ingest.reading import ImportContext
from motcua.sample.writing import Form

_DOSSIERS = {"small": 10_000, "full": 120_000}
_AT = datetime.fromisoformat("2026-11-21")
_ROUNDS = 3

Row = tuple[str, int, float, float]
"""Name, rows, seconds, CPU seconds: of the fastest round; a busy machine hardly moves the last one."""


def run(*, size: str = "full") -> None:
    """Print rows a second: the import, its reading part, and the floors."""
    count = _DOSSIERS[size]
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        root = Path(folder)
        for form in (Form.PAYLOADS, Form.IGATE):
            sample_command.command(dossiers=count, seed=1, out=root / form.value, form=form)
        _payloads(root / "payloads", work=root / "work")
        _lists(root / "igate", work=root / "work")


def _payloads(folder: Path, *, work: Path) -> None:
    dossiers, steps = sorted(folder.glob("dossiers-*")), sorted(folder.glob("progress-*"))
    as_dossier, as_step = msgspec.json.Decoder(DossierRecord), msgspec.json.Decoder(StepRecord)

    def floor() -> int:
        return sum(len(as_dossier.decode_lines(file.read_bytes())) for file in dossiers) + sum(
            len(as_step.decode_lines(file.read_bytes())) for file in steps
        )

    def reading() -> int:
        return sum(
            batch.rows_read
            for file in (*dossiers, *steps)
            for batch in payloads.read(file, context=ImportContext(name=file.name, observed_at=_AT))
        )

    megabytes = sum(file.stat().st_size for file in (*dossiers, *steps)) / 1e6
    _show(
        f"Gói tin / payload records ({len(dossiers) + len(steps)} files, {megabytes:.0f} MB)",
        [
            _best("motcua import, whole (copy, hash, events, tables)", lambda: _import([*dossiers, *steps], work=work)),
            _best("motcua import, dossiers only", lambda: _import(dossiers, work=work)),
            _best("reading only (columns in memory)", reading),
            _best("floor: msgspec decode only", floor),
        ],
    )


def _lists(folder: Path, *, work: Path) -> None:
    lists = sorted(folder.glob("danh-sach-*"))
    tables = [folder / "procedures.parquet", folder / "units.parquet"]
    books = [file for file in lists if file.suffix == ".xlsx"]
    texts = [file for file in lists if file.suffix == ".csv"]

    def floor() -> int:
        rows = 0
        for file in books:
            with python_calamine.CalamineWorkbook.from_path(str(file)) as book:
                rows += sum(1 for _ in book.get_sheet_by_index(0).iter_rows())
        for file in texts:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                rows += sum(1 for _ in csv.reader(opened))
        return rows

    table_rows = sum(pl.scan_parquet(table).select(pl.len()).collect().item() for table in tables)
    _show(
        f"Danh sách iGate / iGate rows ({len(books)} xlsx, {len(texts)} csv)",
        [
            _best(
                "motcua import, whole (names matched)",
                lambda: _import([*tables, *lists], work=work) - table_rows,
            ),
            _best("floor: calamine and csv read only", floor),
        ],
    )


def _import(files: list[Path], *, work: Path) -> int:
    with tempfile.TemporaryDirectory(dir=work.parent) as into:
        reports, refusals = importing.import_files(
            files, into=Path(into) / "data", options=importing.ImportOptions(observed_at=_AT)
        )
    if refusals:
        raise refusals[0]
    return sum(report.rows_read for report in reports)


def _best(name: str, act: Callable[[], int]) -> Row:
    times = []
    rows = 0
    for _ in range(_ROUNDS):
        started, worked = time.perf_counter(), time.process_time()
        rows = act()
        times.append((time.perf_counter() - started, time.process_time() - worked))
    return name, rows, *min(times)


def _show(title: str, rows: list[Row]) -> None:
    width = max(len(name) for name, *_ in rows)
    print(f"\n{title}\n{'':{width}}  {'rows':>10}  {'seconds':>8}  {'rows/s':>10}  {'CPU s':>7}  {'rows/CPU s':>10}")
    for name, count, seconds, worked in rows:
        print(
            f"{name:{width}}  {count:>10,}  {seconds:>8.2f}  {count / seconds:>10,.0f}  {worked:>7.2f}"
            f"  {count / worked:>10,.0f}"
        )
