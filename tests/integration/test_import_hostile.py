"""Files and folders that a hostile person would try: each is imported rightly or refused with a clear message."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from motcua.ingest import dataset
from sheet_files import IGATE, igate_row, write_csv, write_xlsx

SOURCE = Path(dataset.__file__).parents[2]
RECORD = (
    '{"MaHoSo":"H01.112-260302-%04d","MaTTHC":"1.001193","DonViXuLy":"H01.112","NgayTiepNhan":"20260302080000",'
    '"NgayHenTra":"20260305170000","TrangThaiHoSo":%s}'
)


class Done:
    """What a run of the command left behind."""

    def __init__(self, *arguments: Any, data: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "motcua", "import", *map(os.fsencode, arguments), "--into", str(data)],
            capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "250"},
        )  # fmt: skip
        self.code = done.returncode
        self.out, self.err = done.stdout, done.stderr
        self.data = data
        assert "Traceback" not in self.err

    @property
    def dossiers(self) -> dict[str, dict[str, Any]]:
        """The dossiers now in the directory, by code."""
        rows = pl.read_parquet(self.data / "tables" / "dossiers.parquet").iter_rows(named=True)
        return {row["dossier_code"]: row for row in rows}


def test_a_name_that_is_no_text_or_very_long_does_not_matter(tmp_path: Path) -> None:
    broken = os.fsdecode(os.fsencode(tmp_path) + b"/ho\xff so\n.csv")
    write_csv(Path(broken), [IGATE, igate_row()])
    long = write_csv(tmp_path / ("đ" * 120 + ".csv"), [IGATE, igate_row(code="H01.112-260302-0002")])

    done = Done(broken, long, data=tmp_path / "data")

    assert (done.code, len(done.dossiers)) == (0, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.csv", "--observed-at", "0001-01-01T00:00:00+14:00"], "--observed-at"),
        (["a.csv", "--observed-at", "9999-12-31T23:59:59+00:00"], "--observed-at"),
        (["a.csv", "--mapping", "a.csv"], "--mapping"),
        (["a.csv", "--decisions", "empty"], "--decisions"),
        (["a.csv", "--as", "../units"], "--as"),
        (["empty"], "Thư mục không có tệp"),
        (["loop.csv"], "loop.csv"),
        (["pipe.csv"], "pipe.csv"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "a.csv", [IGATE, igate_row()])
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(tmp_path / "pipe.csv")

    done = Done(*arguments, data=tmp_path / "data")

    assert (done.code, said in done.err) == (2, True), done.err
    assert not (tmp_path / "data").exists()


def test_a_target_that_is_a_file_is_told(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [IGATE, igate_row()])

    done = Done(file, data=file)

    assert done.code == 2
    assert "Không ghi được" in done.err


@pytest.mark.parametrize("bad", ["NaN", '"\\ud800"', "1" * 5, "[" * 5000 + "]" * 5000])
def test_a_record_that_is_no_json_is_refused_and_its_neighbours_are_not(tmp_path: Path, bad: str) -> None:
    records = [RECORD % (1, 4), RECORD % (2, bad), RECORD % (3, 10)]
    (tmp_path / "a.json").write_text("[" + ",\n".join(records) + "]", encoding="utf-8")

    done = Done(tmp_path / "a.json", data=tmp_path / "data")

    assert done.code == 0
    assert {code[-4:]: row["state"] for code, row in done.dossiers.items() if row["state"]} == {"0001": 4, "0003": 10}
    assert "dòng 2" in done.out


def test_a_file_of_nothing_but_broken_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f"[{RECORD % (1, 'NaN')}]", encoding="utf-8")

    done = Done(tmp_path / "a.json", data=tmp_path / "data")

    assert (done.code, "cú pháp JSON" in done.err) == (2, True)


@pytest.mark.parametrize("keep", [0.5, 0.999])
def test_an_array_cut_in_the_middle_is_refused_whole(tmp_path: Path, keep: float) -> None:
    whole = "[" + ",".join(RECORD % (n, 4) for n in range(200)) + "]"
    (tmp_path / "a.json").write_text(whole[: int(len(whole) * keep)], encoding="utf-8")

    done = Done(tmp_path / "a.json", data=tmp_path / "data")

    assert (done.code, "cắt cụt" in done.err, (tmp_path / "data").exists()) == (2, True, False)


@pytest.mark.parametrize("code", [26030200011234567890, 1.5, True, datetime.fromisoformat("2026-03-02")])
def test_a_code_that_the_spreadsheet_has_destroyed_is_refused(tmp_path: Path, code: Any) -> None:
    rows = [IGATE, igate_row(), igate_row(code=code), igate_row(code=2603020001)]

    done = Done(write_xlsx(tmp_path / "a.xlsx", rows), data=tmp_path / "data")

    assert set(done.dossiers) == {"H01.112-260302-0001"} | {"2603020001"}
    assert "làm mất mã gốc" in done.out


def test_a_total_with_a_count_under_the_codes_is_no_dossier(tmp_path: Path) -> None:
    rows = [["STT", *IGATE], [1, *igate_row()], ["Tổng cộng", 1, *[None] * 5, "UBND phường Tân Châu"]]

    done = Done(write_xlsx(tmp_path / "a.xlsx", rows), data=tmp_path / "data")

    assert set(done.dossiers) == {"H01.112-260302-0001"}


def test_hidden_sheets_error_cells_and_missing_days_of_receipt_are_told(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    for name, code in (("A", "H01.112-260302-0001"), ("B", "H01.112-260302-0002")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, IGATE)
        sheet.write_row(1, 0, igate_row(code=code, received=""))
        sheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
    sheet.hide()
    book.close()

    done = Done(tmp_path / "a.xlsx", data=tmp_path / "data")

    assert len(done.dossiers) == 2
    report = next((tmp_path / "data" / "reports").glob("*.json")).read_text(encoding="utf-8")
    for words in ("đang ẩn", "#DIV/0!", "2 hồ sơ không có ngày tiếp nhận"):
        assert words in report


def test_the_same_dossier_in_two_formats_stands_as_the_later_source_had_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f"[{RECORD % (1, 4)}]", encoding="utf-8")
    later = write_csv(tmp_path / "later.csv", [IGATE, igate_row()])
    data = tmp_path / "data"

    Done(later, "--observed-at", "2026-10-02", data=data)
    done = Done(tmp_path / "a.json", "--observed-at", "2026-10-01", data=data)

    (dossier,) = done.dossiers.values()
    assert (dossier["state"], dossier["procedure_code"]) == (10, "1.001193")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_the_directory_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.ingest import importing, log, segments
    from motcua.ingest.directory import DataDirectory

    options = importing.ImportOptions(observed_at=datetime.fromisoformat("2026-10-10"))
    data = tmp_path / "data"
    importing.import_files([write_csv(tmp_path / "a.csv", [IGATE, igate_row()])], into=data, options=options)
    before = (data / "log.jsonl").read_bytes()
    other = write_csv(tmp_path / "b.csv", [IGATE, igate_row(code="H01.112-260302-0002")])

    def full(*_: object, **__: object) -> None:
        with Path("/dev/full").open("wb", buffering=0) as file:
            file.write(b"x")

    monkeypatch.setattr(segments.SegmentWriter, "_write", full)
    reports, (refusal,) = importing.import_files([other], into=data, options=options)

    assert reports == []
    assert "dung lượng đĩa" in str(refusal)
    assert (data / "log.jsonl").read_bytes() == before
    assert log.verify(DataDirectory(data)) == ()
    assert not list(data.glob(".staging-*"))
