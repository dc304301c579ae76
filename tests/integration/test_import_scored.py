"""From a province's files to its score: whatever road the same dossiers take, what they can say is scored the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from motcua.cli import sample as sample_command
from motcua.ingest import dataset
from motcua.sample.writing import Form

SOURCE = Path(dataset.__file__).parents[2]
DOSSIERS = 1500

OnTime = dict[str, tuple[int | None, int | None]]


def _motcua(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _on_time(data: Path, *, period: str = "2026", on: str = "2026-10-10") -> OnTime:
    """Return each unit's dossiers on time and counted, as ``motcua score`` says."""
    said = _motcua("score", str(data), "--period", period, "--on", on, "--rules", "qd766/portal", "--format", "json")
    return {
        unit["code"]: (metric["numerator"], metric["denominator"])
        for unit in json.loads(said)["units"]
        for metric in unit["metrics"]
        if metric["code"] == "ON_TIME"
    }


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One fictitious province, as the finished tables, as payloads and as iGate lists; the latter two imported."""
    root = tmp_path_factory.mktemp("province")
    for form in Form:
        sample_command.command(dossiers=DOSSIERS, seed=7, out=root / form.value, form=form)
    for form in (Form.PAYLOADS, Form.IGATE):
        _motcua("import", str(root / form.value), "--observed-at", "2026-10-10", "--into", str(root / f"{form}-data"))
    return root


def test_imported_payloads_are_scored_as_the_tables_of_the_same_province(province: Path) -> None:
    of_payloads, of_tables = _on_time(province / "payloads-data"), _on_time(province / "parquet")

    assert len(of_payloads) == 114
    assert of_payloads == of_tables
    assert of_payloads["H99"][1]


def test_imported_lists_are_scored_as_tables_that_know_no_more_than_lists(province: Path) -> None:
    """A list has no supplements, no day of hand-over, and of an ended dossier not whether its officer was named."""
    told = pl.read_parquet(province / "igate-data" / "tables" / "dossiers.parquet").sort("dossier_code")
    true = pl.read_parquet(province / "parquet" / "dossiers.parquet").sort("dossier_code")
    known = [
        "dossier_code", "unit_code", "state", "received_at", "due_at", "resolved_at", "refused_at", "stopped_at",
        "withdrawn_at",
    ]  # fmt: skip
    is_open = pl.col("state").is_in([1, 2, 4, 5, 6])
    is_matched = told["procedure_code"].is_not_null()
    as_listed = true.select(
        *known,
        pl.when(is_matched).then("procedure_code").alias("procedure_code"),
        pl.when(is_open).then("officer_named").alias("officer_named"),
    )
    listed = province / "as-listed"
    listed.mkdir()
    as_listed.write_parquet(listed / "dossiers.parquet")
    for name in ("procedures", "units"):
        (listed / f"{name}.parquet").write_bytes((province / "parquet" / f"{name}.parquet").read_bytes())

    of_lists = _on_time(province / "igate-data")

    assert is_matched.sum() > 0.95 * len(is_matched)  # of several procedures of one name none is taken
    for name in known:
        assert told[name].to_list() == true[name].to_list(), name
    assert of_lists == _on_time(listed)
    assert of_lists["H99"][1] == _on_time(province / "parquet")["H99"][1]


def test_a_dossier_without_a_due_moment_is_late_by_its_limit_once_the_catalogue_has_come(tmp_path: Path) -> None:
    """Received on Monday 2 March with three working days: due on Thursday, whenever the catalogue is imported."""
    heading = (
        "Số hồ sơ,Tên thủ tục hành chính,Tên lĩnh vực,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Trạng thái hồ sơ"
    )
    rows = [
        "H01.112-260302-0001,Cấp phép thử,Thử,02/03/2026 08:00,,05/03/2026 07:30,Đã trả kết quả",
        "H01.112-260302-0002,Cấp phép thử,Thử,02/03/2026 08:00,,06/03/2026 16:00,Đã trả kết quả",
    ]
    (tmp_path / "ho-so.csv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "procedures.csv").write_text(
        "procedure_code,name,sector,limit_value,limit_unit\n1.000001,Cấp phép thử,Thử,3,working_days\n",
        encoding="utf-8",
    )
    data = tmp_path / "data"

    _motcua("import", str(tmp_path / "ho-so.csv"), "--observed-at", "2026-03-10", "--into", str(data))
    before = _on_time(data, period="2026-03", on="2026-04-01")
    hint = _motcua("import", str(tmp_path / "procedures.csv"), "--observed-at", "2026-03-10", "--into", str(data))
    _motcua("import", "--rematch", "--into", str(data))
    after = _on_time(data, period="2026-03", on="2026-04-01")

    assert "--rematch" in hint
    assert (before["H01.112"], after["H01.112"]) == ((2, 2), (1, 2))
