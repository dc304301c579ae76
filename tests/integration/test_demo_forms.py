"""The three forms of the sample tell one story: what can be counted from each comes out the same."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import repository

# What a payload says of a dossier; synchronisation, petitions and the result catalogue are known elsewhere.
IN_PAYLOADS = (
    "ON_TIME",
    "ONLINE_WITH_DOSSIER",
    "PAY_DOSSIERS",
    "ORIGINAL_RESULT_AVAILABLE",
    "SO_HOA_GIAY_TO_GIAI_QUYET",
    "REUSED_DIGITIZED_DATA",
    "CITIZEN_DATA_CONNECTED_DOSSIER",
)
Counts = dict[tuple[str, str], tuple[int | None, int | None]]


def motcua(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *arguments],
        env={**os.environ, "PYTHONPATH": str(repository.ROOT / "src")},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


# What the portal showed for real provinces on 10/10/2026, a little widened; ratios in percent.
REAL_RANGES = {
    "DOSSIER_SYNC": (90, 100),
    "ON_TIME": (80, 97),
    "ORIGINAL_RESULT_AVAILABLE": (75, 95),
    "SO_HOA_GIAY_TO_GIAI_QUYET": (24, 58),
    "REUSED_DIGITIZED_DATA": (16, 60),
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": (0, 2),
    "CITIZEN_DATA_CONNECTED_DOSSIER": (34, 67),
    "PAY_DOSSIERS": (85, 92),
    "PAY_PROVISION": (34, 58),
    "PAY_FORMALITIES": (16, 23),
}


def counts(data: Path) -> Counts:
    shape: dict[str, Any] = json.loads(
        motcua("score", str(data), "--period", "2026", "--on", "2026-12-31", "--format", "json")
    )
    return {
        (unit["code"], metric["code"]): (metric["numerator"], metric["denominator"])
        for unit in shape["units"]
        for metric in unit["metrics"]
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


def sampled(folder: Path, form: str) -> Path:
    out = folder / form
    motcua("sample", "--dossiers", "4000", "--as", form, "--out", str(out))
    return out


def imported(given: Path) -> Path:
    into = given.with_name(given.name + "-data")
    motcua("import", str(given), "--into", str(into))
    return into


@pytest.fixture(scope="module")
def from_tables(folder: Path) -> Counts:
    return counts(sampled(folder, "parquet"))


def test_imported_tables_count_like_the_files_themselves(folder: Path, from_tables: Counts) -> None:
    assert counts(imported(sampled(folder, "parquet"))) == from_tables


def test_payloads_give_the_same_counts_as_tables_for_every_unit(folder: Path, from_tables: Counts) -> None:
    from_payloads = counts(imported(sampled(folder, "payloads")))

    wanted = {key: value for key, value in from_tables.items() if key[1] in IN_PAYLOADS}
    assert {key: value for key, value in from_payloads.items() if key[1] in IN_PAYLOADS} == wanted


def test_lists_of_igate_hold_every_dossier_once(folder: Path, from_tables: Counts) -> None:
    from_lists = counts(imported(sampled(folder, "igate")))

    handled = {unit: denominator for (unit, metric), (_, denominator) in from_tables.items() if metric == "ON_TIME"}
    assert {unit: both[1] for (unit, metric), both in from_lists.items() if metric == "ON_TIME"} == handled


def test_the_figures_of_the_demo_lie_in_the_range_of_real_provinces(folder: Path) -> None:
    out = folder / "as-the-demo"
    motcua("sample", "--out", str(out))

    shape = json.loads(motcua("score", str(out), "--period", "2026", "--on", "2026-12-31", "--format", "json"))

    totals = {unit["code"]: unit["total"] for unit in shape["units"]}
    (province,) = (unit for unit in shape["units"] if unit["code"] == "H99")
    ratios = {metric["code"]: 100 * metric["ratio"] for metric in province["metrics"] if metric["code"] in REAL_RANGES}
    assert {code: ratio for code, ratio in ratios.items() if not _within(ratio, REAL_RANGES[code])} == {}
    assert 60 <= totals["H99"] <= 69
    assert 70 <= max(totals.values()) <= 76


def _within(ratio: float, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= ratio <= bounds[1]
