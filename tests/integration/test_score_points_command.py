"""``motcua points``: a file of counts in, documented JSON, CSV or a table out; bad files end in words and code 2."""

import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

HEAD = "unit_code,unit_name,level,metric,numerator,denominator\n"
DONG_THAP = HEAD + "".join(
    f"H20,Đồng Tháp,province,{line}\n"
    for line in (
        "ON_TIME,358660,405424",
        "PUBLISH_ON_TIME,0,52",
        "PUBLIC_UPDATE_ON_TIME,45,52",
        "PUBLIC_CONTENT_FULL,52,52",
        "DOSSIER_SYNC,349383,349383",
        "ORIGINAL_RESULT_AVAILABLE,308947,405424",
        "SO_HOA_GIAY_TO_GIAI_QUYET,96583,405424",
        "REUSED_DIGITIZED_DATA,119406,405424",
        "SYNCED_WITH_DVCQG_PERSONAL_STORAGE,2009,405424",
        "CITIZEN_DATA_CONNECTED_DOSSIER,194880,405424",
        "CITIZEN_DATA_CONNECTED_FORMALITY,314,1307",
        "ELECTRONIC_CERTIFIED_COPY,,",
        "DOSSIER_RECEIVING_SATISFACTION,358522,405424",
        "PETITION_PROCESSING_ON_TIME,234,286",
        "PETITION_HANDLING_SATISFACTION,184,286",
        "PAY_DOSSIERS,227321,264583",
        "PAY_FORMALITIES,113,330",
        "PAY_PROVISION,54,330",
    )
)


def run(*arguments: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "motcua", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def points(tmp_path: Path, content: str) -> dict[str, Any]:
    path = tmp_path / "counts.csv"
    path.write_text(content, encoding="utf-8")
    done = run("points", path, "--rules", "qd766/portal", "--format", "json", "--on", "2026-10-10")
    assert done.returncode == 0, done.stderr
    shape: dict[str, Any] = json.loads(done.stdout)
    return shape


def test_the_published_points_of_dong_thap_come_out(tmp_path: Path) -> None:
    unit = points(tmp_path, DONG_THAP)["units"][0]

    groups = {group["code"]: group["points"] for group in unit["groups"]}
    assert groups == {"CKMB": 11.46, "TDGQ": 17.69, "CLGQ": 0, "TTTT": 6.42, "MDSH": 9.72, "MDHL": 14.67}
    assert unit["missing"] == ["CLGQ"]
    # The portal gives 8,84 for CLGQ without its counts: 68,80 in all.
    assert round(unit["total"] + 8.84, 2) == 68.80


def test_the_answer_has_the_documented_shape(tmp_path: Path) -> None:
    shape = points(tmp_path, HEAD + "H20,A,province,ON_TIME,1,2\nH20.1,B,xã,ON_TIME,,\n")

    assert shape["schema"] == "motcua.points/1"
    assert set(shape["rules"]) == {"set", "variant", "effective_from", "status", "law_hash"}
    unit = shape["units"][0]
    assert {"code", "name", "level", "metrics", "groups", "total", "rank", "rank_of", "missing"} <= set(unit)
    row = next(row for row in unit["metrics"] if row["code"] == "ON_TIME")
    assert (row["ratio"], row["points"], row["max_points"]) == (0.5, 10, 20)
    unknown = next(row for row in shape["units"][1]["metrics"] if row["code"] == "ON_TIME")
    assert (unknown["ratio"], unknown["points"]) == (None, None)


def test_points_come_from_standard_input_as_csv() -> None:
    done = run("points", "-", "--format", "csv", stdin=HEAD + "H20,A,province,ON_TIME,1,2\n")

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["metric"]: row["points"] for row in rows}["ON_TIME"] == "10.00"
    assert rows[-1]["metric"] == "TOTAL"


def test_the_table_fits_a_hundred_columns(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(DONG_THAP, encoding="utf-8")

    done = run("points", path)

    assert "59,96/100 điểm" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + "H20,A,province,ON_TIME,x,2\n", "dòng 2, cột «numerator»"),
        (HEAD + "H20,A,province,NO_SUCH,1,2\n", "dòng 2, cột «metric»"),
        ("unit_code\nH20\n", "Thiếu cột"),
        ("", "Thiếu cột"),
        (HEAD, "không có dòng số liệu"),
    ],
)
def test_a_bad_file_ends_in_words_and_code_two(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")

    done = run("points", path, "--format", "json")

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("points", "no-such.csv"),
        ("points", "."),
        ("points", "pyproject.toml"),
        ("points", "pyproject.toml", "--rules", "no/such"),
        ("points", "pyproject.toml", "--on", "someday"),
        ("points", "pyproject.toml", "--law", "no-such-folder"),
    ],
)
def test_wrong_arguments_end_in_words_and_code_two(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert done.stderr.startswith("Lỗi: ")


def test_it_starts_without_a_data_engine(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(DONG_THAP, encoding="utf-8")
    program = (
        "import sys; from motcua.cli import main; "
        f"main.application(['points'])(['points', {str(path)!r}, '--format', 'json'], standalone_mode=False); "
        "print(*sorted({'polars', 'ibis', 'duckdb', 'numpy', 'pyarrow', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )

    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=True)

    assert done.stderr.splitlines()[-1] == ""
    assert time.perf_counter() - began < 10  # 0,2 s alone; the machine may be busy
