"""The demo: makes the province once, scores it, writes the page; stopping half-way leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import repository
from motcua.cli import demo, sample
from motcua.kernel.errors import UserError


def run_demo(into: Path, *, dossiers: int = 3000) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "motcua", "demo", "--score-only", "--into", str(into), "--dossiers", str(dossiers)],
        env={**os.environ, "PYTHONPATH": str(repository.ROOT / "src")},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    into = tmp_path_factory.mktemp("office") / "demo-data"
    done = run_demo(into)
    assert done.returncode == 0, done.stderr
    return into, done.stdout


def test_the_score_of_the_province_is_shown(made: tuple[Path, str]) -> None:
    _, shown = made

    assert "Tỉnh Lam Hà (giả định)" in shown
    assert "/100" in shown


def test_the_page_is_written_and_its_path_shown(made: tuple[Path, str]) -> None:
    into, shown = made
    page = into / "ket-qua" / demo.PAGE

    assert str(page.resolve()) in shown
    assert "Tỉnh Lam Hà" in page.read_text(encoding="utf-8")


def test_a_second_run_uses_what_is_there(made: tuple[Path, str]) -> None:
    into, shown = made
    before = (into / "dossiers.parquet").stat().st_mtime_ns

    again = run_demo(into)

    assert again.stdout == shown
    assert (into / "dossiers.parquet").stat().st_mtime_ns == before


def test_another_number_of_dossiers_makes_another_province(tmp_path: Path) -> None:
    into = tmp_path / "demo-data"
    run_demo(into, dossiers=1000)
    few = (into / "dossiers.parquet").stat().st_size

    run_demo(into, dossiers=2000)

    assert (into / "dossiers.parquet").stat().st_size > few


def test_a_folder_with_other_data_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "ho-so.csv").write_text("của đơn vị", encoding="utf-8")

    done = run_demo(tmp_path)

    assert done.returncode == 2
    assert "Hãy chọn thư mục trống" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["ho-so.csv"]


def test_stopping_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*, out: Path, **_: object) -> None:
        out.mkdir()
        (out / "units.parquet").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(sample, "make", stopped)

    with pytest.raises(KeyboardInterrupt):
        demo.command(dossiers=1000, into=tmp_path / "demo-data")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "demo-data"
    file.write_text("", encoding="utf-8")

    with pytest.raises(UserError, match="không phải thư mục"):
        demo.command(dossiers=1000, into=file)
