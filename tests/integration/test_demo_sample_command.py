"""The sample command: what it writes, and what it says to impossible wishes."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from motcua.cli.main import application
from motcua.kernel import ids
from motcua.kernel.errors import UserError


def sample(*arguments: str) -> int:
    """Run the command as ``main`` does, but let errors through."""
    given = ["sample", *arguments]
    return int(CliRunner().invoke(application(given), given, catch_exceptions=False, standalone_mode=False).exit_code)


def test_the_number_of_dossiers_asked_for_is_written(tmp_path: Path) -> None:
    sample("--dossiers", "1234", "--out", str(tmp_path))

    assert pq.read_metadata(tmp_path / "dossiers.parquet").num_rows == 1234


def test_several_provinces_share_the_dossiers(tmp_path: Path) -> None:
    sample("--dossiers", "3000", "--provinces", "3", "--out", str(tmp_path))

    units = pq.read_table(tmp_path / "units.parquet")
    assert units["kind"].to_pylist().count("province") == 3
    codes = pq.read_table(tmp_path / "dossiers.parquet")["unit_code"].to_pylist()
    roots = {ids.unit_root(str(code)) for code in codes}
    assert roots == {"H99", "H98", "H97"}


@pytest.mark.parametrize("year", ["2023", "2025"])
def test_another_year_is_drawn_on_its_own_calendar(tmp_path: Path, year: str) -> None:
    sample("--dossiers", "2000", "--year", year, "--out", str(tmp_path))

    received = pq.read_table(tmp_path / "dossiers.parquet")["received_at"].to_pylist()
    assert {moment.year for moment in received if moment} == {int(year) - 1, int(year)}


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sample"
    file.write_text("", encoding="utf-8")

    with pytest.raises(UserError, match="không phải thư mục"):
        sample("--dossiers", "10", "--out", str(file))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = tmp_path / "occupied"
    file.write_text("", encoding="utf-8")

    with pytest.raises(UserError, match="Không ghi được dữ liệu"):
        sample("--dossiers", "10", "--out", str(file / "below"))
