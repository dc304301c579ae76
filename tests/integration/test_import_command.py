"""``motcua import`` as a person runs it: exit codes, report, and the same data by either road."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl

from motcua.cli import sample as sample_command
from motcua.ingest import dataset
from motcua.sample.writing import Form

SOURCE = Path(dataset.__file__).parents[2]


def _motcua(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "motcua", *arguments], capture_output=True, text=True, env=environment, check=False
    )


def test_problem_rows_do_not_stop_the_import_and_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "dossiers.csv"
    file.write_text("dossier_code,unit_code,received_at\nA,H05,2026-03-02\nB,H05,hôm qua\n", encoding="utf-8")

    done = _motcua("import", str(file), "--into", str(tmp_path / "data"), "--observed-at", "2026-10-10")

    assert done.returncode == 0, done.stderr
    assert "dòng 3" in done.stdout
    assert "hôm qua" in done.stdout
    report = json.loads(next((tmp_path / "data/reports").glob("*.json")).read_text(encoding="utf-8"))
    assert report["observed_at"] == "2026-10-10T00:00:00"


def test_a_refused_file_makes_exit_code_2_and_the_others_are_imported(tmp_path: Path) -> None:
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 cut")
    (tmp_path / "units.csv").write_text("unit_code,name\nH05,Bắc Ninh\n", encoding="utf-8")

    done = _motcua("import", str(tmp_path / "bad.xlsx"), str(tmp_path / "units.csv"), "--into", str(tmp_path / "data"))

    assert done.returncode == 2
    assert "bad.xlsx" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "data/tables/units.parquet").is_file()


def test_a_file_that_is_not_there_and_a_forgotten_folder_are_told(tmp_path: Path) -> None:
    absent = _motcua("import", str(tmp_path / "nowhere.json"), "--into", str(tmp_path / "data"))
    forgotten = _motcua("import", str(tmp_path / "nowhere.json"))

    assert (absent.returncode, forgotten.returncode) == (2, 2)
    assert "nowhere.json" in absent.stderr
    assert "--into" in forgotten.stderr


def test_verify_names_the_altered_segment(tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("unit_code,name\nH05,Bắc Ninh\n", encoding="utf-8")
    data = tmp_path / "data"
    _motcua("import", str(file), "--into", str(data))
    assert _motcua("import", "--verify", "--into", str(data)).returncode == 0
    segment = next((data / "events").iterdir())
    segment.write_bytes(segment.read_bytes()[:-1])

    done = _motcua("import", "--verify", "--into", str(data))

    assert done.returncode == 2
    assert segment.name in done.stderr


def test_payloads_and_the_table_of_the_same_province_say_the_same(tmp_path: Path) -> None:
    """The fictitious province told twice: as the payloads its software would send, and as the finished table."""
    for form in (Form.PAYLOADS, Form.PARQUET):
        sample_command.command(dossiers=1500, seed=7, out=tmp_path / form.value, form=form)

    opened = dataset.open([tmp_path / "payloads"])

    told = pl.read_parquet(list(opened.tables["dossiers"].paths)).sort("dossier_code")
    true = pl.read_parquet(tmp_path / "parquet" / "dossiers.parquet").sort("dossier_code")
    for column in (
        "dossier_code", "unit_code", "procedure_code", "state", "channel", "submitted_at", "received_at", "due_at",
        "resolved_at", "returned_at", "refused_at", "stopped_at", "withdrawn_at", "supplement_requests",
        "has_component_file", "has_result_file", "has_reused_component", "uses_population_data", "has_fee_data",
        "fees_all_zero", "payment_place",
    ):  # fmt: skip
        assert told[column].to_list() == true[column].cast(told[column].dtype).to_list(), column
