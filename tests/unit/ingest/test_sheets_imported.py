# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""Spreadsheets through the whole import: recognised by their headings, matched, kept, and never twice."""

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from motcua.ingest import importing
from sheet_files import IGATE, igate_row, write_csv, write_xlsx

UNITS = [
    ["code", "name", "level"],
    ["H01", "UBND tỉnh An Giang", "PROVINCE"],
    ["H01.112", "UBND phường Tân Châu", "COMMUNE"],
    ["H01.123", "UBND xã Mỹ Đức", "COMMUNE"],
]
CATALOGUE = [
    ["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"],
    ["1.001193", "Thủ tục đăng ký khai sinh", "Bộ Tư pháp", "UBND cấp xã", "Hộ tịch"],
]


def _import(files: Any, *, into: Any) -> Any:
    options = importing.ImportOptions(observed_at=datetime(2026, 11, 1))
    reports, refusals = importing.import_files(files, into=into, options=options)
    assert refusals == []
    return {report.file: report for report in reports}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_lists_are_matched_with_the_catalogue_and_units_given_beside_them_in_any_order(
    tmp_path: Path, encoding: Any
) -> None:
    files = [
        write_csv(
            tmp_path / "ho-so.csv",
            [IGATE, igate_row(), igate_row(code="H01.123-260302-0001", unit="Xã Mỹ Đức")],
            encoding=encoding,
        ),
        write_xlsx(tmp_path / "danh-muc.xlsx", CATALOGUE),
        write_csv(tmp_path / "don-vi.csv", UNITS),
    ]  # fmt: skip

    reports = _import(files, into=tmp_path / "data")
    again = _import(files, into=tmp_path / "data")

    assert {name: report.kind for name, report in reports.items()} == {
        "ho-so.csv": "dossier-list", "danh-muc.xlsx": "catalogue-list", "don-vi.csv": "units",
    }  # fmt: skip
    assert [report.events_made for report in again.values()] == [0, 0, 0]
    dossiers = pl.read_parquet(tmp_path / "data" / "tables" / "dossiers.parquet").sort("dossier_code")
    assert dossiers["unit_code"].to_list() == ["H01.112", "H01.123"]
    assert dossiers["procedure_code"].to_list() == ["1.001193", "1.001193"]
    assert dossiers["channel"].to_list() == [None, None]
    assert (tmp_path / "data" / "review" / "khop-thu-tuc-ho-so.csv").is_file()


def test_of_a_code_that_stands_twice_the_last_row_is_the_dossier(tmp_path: Path) -> None:
    rows = [IGATE, igate_row(state="Đang xử lý", ended=""), igate_row()]

    report = _import([write_xlsx(tmp_path / "a.xlsx", rows)], into=tmp_path / "data")["a.xlsx"]

    dossier = pl.read_parquet(tmp_path / "data" / "tables" / "dossiers.parquet")
    assert (report.rows_read, report.events_made) == (2, 2)
    assert (dossier.height, dossier["state"].to_list()) == (1, [10])


def test_an_annex_does_not_erase_what_the_list_knew(tmp_path: Path) -> None:
    annex = [
        ["STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Đơn vị giải quyết", "Ghi chú"],
        [1, "H01.112-260302-0001", "02/03/2026 08:15", "05/03/2026 17:00", "09/03/2026", "UBND phường Tân Châu", ""],
    ]
    _import([write_xlsx(tmp_path / "a.xlsx", [IGATE, igate_row()])], into=tmp_path / "data")
    _import([write_xlsx(tmp_path / "b.xlsx", annex)], into=tmp_path / "data")

    (dossier,) = pl.read_parquet(tmp_path / "data" / "tables" / "dossiers.parquet").iter_rows(named=True)
    assert (dossier["state"], dossier["officer_named"]) == (10, True)
    assert dossier["resolved_at"] == datetime(2026, 3, 9)


def test_headings_that_only_the_province_uses_are_recognised_with_its_mapping(tmp_path: Path) -> None:
    (tmp_path / "tinh").mkdir()
    (tmp_path / "tinh" / "dossier-list.toml").write_text('[fields]\ndossier_code = ["Số lưu"]\n', encoding="utf-8")
    file = write_xlsx(tmp_path / "a.xlsx", [["Số lưu", *IGATE[1:]], igate_row()])
    options = importing.ImportOptions(observed_at=datetime(2026, 11, 1), mapping=tmp_path / "tinh")

    (report,), refusals = importing.import_files([file], into=tmp_path / "data", options=options)

    assert (report.kind, report.events_made, refusals) == ("dossier-list", 1, [])
