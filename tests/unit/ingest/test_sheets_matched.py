"""How the names in a dossier list get their procedures: doubts told, decisions followed, levels used."""

import csv
from pathlib import Path

import pytest

from motcua.ingest import lists
from sheet_files import IGATE, catalogue_table, igate_row, imported, units_table, write_xlsx


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    return {
        "procedures": catalogue_table(tmp_path / "procedures.parquet"),
        "units": units_table(tmp_path / "units.parquet"),
    }


def test_doubtful_names_are_told_with_the_best_candidates_and_written_for_review(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [
        IGATE,
        igate_row(),
        igate_row(code="H01.12-260302-0002", name="Cấp bản sao có chứng thực từ bản chính", sector="Chứng thực"),
    ]
    file = write_xlsx(tmp_path / "a.xlsx", rows)
    review = tmp_path / "review"

    found = imported(lists.read, file, tables=tables, review=review)

    assert [row["procedure_code"] for row in found.rows] == ["1.001193", None]
    assert found.says("«Cấp bản sao có chứng thực từ bản chính» (Chứng thực): 1 hồ sơ", "2.000942")
    with (review / "khop-thu-tuc-a.csv").open(encoding="utf-8-sig") as opened:
        written = list(csv.DictReader(opened))
    assert [(row["procedure_code"], row["how"], row["dossiers"]) for row in written] == [
        ("", "none", "1"), ("1.001193", "bare", "1"),
    ]  # fmt: skip
    assert written[0]["candidate_1"].startswith("2.000942")


def test_the_table_of_matches_filled_in_by_a_person_decides(tmp_path: Path, tables: dict[str, Path]) -> None:
    decisions = tmp_path / "quyet-dinh.csv"
    decisions.write_text(
        "name,sector,procedure_code\nĐăng ký khai sinh,,1.004884\nĐăng ký kết hôn,Hộ tịch,-\n", encoding="utf-8-sig"
    )
    rows = [IGATE, igate_row(), igate_row(code="H01.112-260302-0002", name="Đăng ký kết hôn")]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables, decisions=decisions)

    assert [row["procedure_code"] for row in found.rows] == ["1.004884", None]
    assert not found.says("Đăng ký kết hôn")


def test_without_a_catalogue_that_is_said_once(tmp_path: Path) -> None:
    rows = [IGATE, *(igate_row(code=f"H01.112-260302-000{n}", name=f"Thủ tục {n}") for n in range(3))]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows))

    assert len(found.warnings) == 2
    assert found.says("chưa có danh mục TTHC nên 3 hồ sơ")
    assert found.says("chưa có danh sách đơn vị nên 3 hồ sơ")


def test_a_stated_procedure_code_needs_no_name_matching(tmp_path: Path, tables: dict[str, Path]) -> None:
    headings = [*IGATE, "Mã TTHC"]
    rows = [headings, [*igate_row(name="Tên tự đặt"), "1.000894.000.00.00.H01"]]

    assert (
        imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables).one()["procedure_code"] == "1.000894"
    )


def test_of_procedures_with_one_name_the_level_of_the_unit_decides(tmp_path: Path, tables: dict[str, Path]) -> None:
    name, sector = "Giải quyết khiếu nại lần đầu", "Khiếu nại"
    rows = [
        IGATE,
        igate_row(name=name, sector=sector),
        igate_row(code="H01.12-260302-0002", unit="Sở Tư pháp", name=name, sector=sector),
    ]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables)

    assert [row["procedure_code"] for row in found.rows] == ["1.009002", "1.009001"]
