# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""The data directory: nothing twice, nothing half, nothing changed unnoticed."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from motcua.ingest import dataset, importing, log, tables
from motcua.ingest.directory import DataDirectory
from motcua.ingest.report import ImportReport
from motcua.kernel.errors import UserError

OCTOBER = datetime(2026, 10, 10)
HEADER = "dossier_code,unit_code,received_at,state\n"


def _import(*files: Path, into: Path, at: datetime = OCTOBER) -> list[ImportReport]:
    reports, refusals = importing.import_files(
        list(files), into=into, options=importing.ImportOptions(observed_at=at, wait_seconds=0.2)
    )
    assert refusals == []
    return reports


def _csv(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def _snapshot(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory with three segments of two files."""
    _import(_csv(tmp_path / "dossiers-1.csv", "A,H05,2026-03-02,4", "B,H05,2026-03-03,4"), into=tmp_path / "data")
    _import(_csv(tmp_path / "dossiers-2.csv", "A,H05,2026-03-02,10"), into=tmp_path / "data")
    progress = tmp_path / "progress.csv"
    progress.write_text("dossier_code,state,at\nB,9,2026-03-05\n", encoding="utf-8")
    _import(progress, into=tmp_path / "data")
    return tmp_path / "data"


def test_importing_the_same_content_again_changes_no_byte(data: Path, tmp_path: Path) -> None:
    before = _snapshot(data)

    again = _import(tmp_path / "dossiers-1.csv", into=data, at=datetime(2026, 11, 1))
    renamed = _import(Path(shutil.copy(tmp_path / "dossiers-1.csv", tmp_path / "dossiers-other.csv")), into=data)

    assert not again[0].is_new
    assert not renamed[0].is_new
    assert _snapshot(data) == before


def test_the_file_is_kept_as_it_was_received(data: Path, tmp_path: Path) -> None:
    original = (tmp_path / "dossiers-1.csv").read_bytes()

    kept = {file.read_bytes() for file in (data / "raw").iterdir()}

    assert original in kept


def test_the_log_chains_every_segment_to_the_one_before(data: Path) -> None:
    segments = log.read(DataDirectory(data))

    assert [segment.position for segment in segments] == [0, 2, 3]
    assert segments[0].previous == log.GENESIS
    for before, after in itertools.pairwise(segments):
        assert after.previous == before.chain
    assert log.verify(DataDirectory(data)) == ()


def test_an_altered_segment_is_named(data: Path) -> None:
    victim = sorted((data / "events").iterdir())[1]
    table = pq.read_table(victim)
    pq.write_table(table.slice(0, 0), victim)

    problems = log.verify(DataDirectory(data))

    assert [problem.where for problem in problems] == [f"events/{victim.name}"]


def test_a_removed_segment_is_named_with_its_line_or_without(data: Path) -> None:
    victim = sorted((data / "events").iterdir())[1]
    victim.unlink()
    assert f"events/{victim.name}" in {problem.where for problem in log.verify(DataDirectory(data))}

    lines = (data / "log.jsonl").read_bytes().splitlines(keepends=True)
    (data / "log.jsonl").write_bytes(lines[0] + lines[2])

    assert any("không nối tiếp" in problem.what for problem in log.verify(DataDirectory(data)))


def test_a_log_cut_at_its_end_and_an_inserted_segment_are_seen(data: Path) -> None:
    lines = (data / "log.jsonl").read_bytes().splitlines(keepends=True)
    (data / "log.jsonl").write_bytes(b"".join(lines[:-1]))

    assert any("không có trong nhật ký" in problem.what for problem in log.verify(DataDirectory(data)))


def test_a_line_made_to_say_another_day_is_seen(data: Path) -> None:
    text = (data / "log.jsonl").read_text(encoding="utf-8")
    (data / "log.jsonl").write_text(text.replace("2026-10-10", "2026-10-11", 1), encoding="utf-8")

    assert any("dòng nhật ký" in problem.what for problem in log.verify(DataDirectory(data)))


def test_an_altered_raw_file_is_seen(data: Path) -> None:
    victim = next((data / "raw").iterdir())
    victim.write_bytes(victim.read_bytes() + b"x")

    assert [problem.where for problem in log.verify(DataDirectory(data))] == [f"raw/{victim.name}"]


def test_the_latest_snapshot_wins_by_observation_not_by_import_order(tmp_path: Path) -> None:
    newer = _csv(tmp_path / "dossiers-newer.csv", "A,H05,2026-03-02,10")
    older = _csv(tmp_path / "dossiers-older.csv", "A,H05,2026-03-02,4")
    _import(newer, into=tmp_path / "data", at=datetime(2026, 10, 10))
    _import(older, into=tmp_path / "data", at=datetime(2026, 9, 1))

    table = pl.read_parquet(tmp_path / "data/tables/dossiers.parquet")

    assert table["state"].to_list() == [10]


def test_deleted_tables_are_rebuilt_from_the_events(data: Path) -> None:
    before = pl.read_parquet(data / "tables/dossiers.parquet")
    shutil.rmtree(data / "tables")

    opened = dataset.open([data])

    assert pl.read_parquet(opened.tables["dossiers"].paths[0]).equals(before)
    assert opened.position == 4
    assert opened.observed_at == OCTOBER


def test_a_table_is_rebuilt_only_when_its_streams_have_grown(data: Path, tmp_path: Path) -> None:
    directory = DataDirectory(data)
    assert tables.current(directory) is not None
    stamp = (data / "tables/dossiers.parquet").stat().st_mtime_ns
    petitions = tmp_path / "petitions.csv"
    petitions.write_text("petition_code,unit_code,received_at\nP1,H05,2026-01-01\n", encoding="utf-8")

    _import(petitions, into=data)

    assert (data / "tables/dossiers.parquet").stat().st_mtime_ns == stamp
    assert (data / "tables/petitions.parquet").is_file()


def test_a_refused_file_leaves_no_trace_not_even_the_folder(tmp_path: Path) -> None:
    junk = tmp_path / "dossiers.parquet"
    junk.write_bytes(b"PAR1 and then nothing")

    reports, refusals = importing.import_files(
        [junk], into=tmp_path / "data", options=importing.ImportOptions(observed_at=OCTOBER)
    )

    assert (reports, len(refusals)) == ([], 1)
    assert not (tmp_path / "data").exists()


def test_a_second_writer_is_told_to_wait(data: Path) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with DataDirectory(data).writing():
            held.set()
            release.wait(5)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    try:
        with pytest.raises(UserError, match="đang ghi"), DataDirectory(data).writing(wait_seconds=0.1):
            pass
    finally:
        release.set()
        holder.join()


def test_imports_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    files = [_csv(tmp_path / f"dossiers-{n}.csv", f"A{n},H05,2026-03-02,4") for n in range(6)]
    failures: list[BaseException] = []

    def run(file: Path) -> None:
        try:
            importing.import_files([file], into=tmp_path / "data", options=importing.ImportOptions(observed_at=OCTOBER))
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert log.verify(DataDirectory(tmp_path / "data")) == ()
    assert pl.read_parquet(tmp_path / "data/tables/dossiers.parquet").height == 6


_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from motcua.ingest import directory, importing
moment = sys.argv[3]
if moment == "reading":
    from motcua.ingest import segments
    segments.SegmentWriter.finish = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
elif moment == "placing":
    replace, done = Path.replace, []
    def one_then_die(self, target):
        if done and ".commit" in str(self):
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(1)
        return replace(self, target)
    Path.replace = one_then_die
importing.import_files([Path(sys.argv[1])], into=Path(sys.argv[2]),
                       options=importing.ImportOptions(observed_at=datetime(2026, 10, 10)))
"""


@pytest.mark.parametrize(("moment", "is_in"), [("reading", False), ("placing", True)])
def test_a_killed_import_is_wholly_there_or_not_at_all(data: Path, tmp_path: Path, moment: str, is_in: bool) -> None:
    file = _csv(tmp_path / "dossiers-3.csv", "C,H05,2026-03-04,4")
    environment = {**os.environ, "PYTHONPATH": str(Path(importing.__file__).parents[2])}

    killed = subprocess.run([sys.executable, "-c", _KILLED, str(file), str(data), moment], env=environment, check=False)

    assert killed.returncode == -signal.SIGKILL
    opened = dataset.open([data])
    assert log.verify(DataDirectory(data)) == ()
    codes = set(pl.read_parquet(opened.tables["dossiers"].paths[0])["dossier_code"])
    assert ("C" in codes) == is_in
    assert _import(file, into=data)[0].is_new != is_in


def test_the_report_is_kept_beside_the_data(data: Path, tmp_path: Path) -> None:
    file = _csv(tmp_path / "dossiers-4.csv", "D,H05,2026-03-04,4", ",H05,2026-03-04,4")

    report = _import(file, into=data)[0]

    kept = json.loads((data / f"reports/{report.raw}.json").read_text(encoding="utf-8"))
    assert (kept["rows_read"], kept["rows_refused"], kept["events"]) == (2, 1, {"dossiers": 1})
    assert kept["refused"][0]["row"] == 3
