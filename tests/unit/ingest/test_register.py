# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""The register with its two heading rows, and the annex of late dossiers."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from motcua.ingest import register, sheets
from sheet_files import catalogue_table, imported, units_table, write_csv, write_xlsx

TAN_DAN = (
    ["STT", "Mã hồ sơ", "Nội dung hồ sơ", "Số lượng (bộ)", "Họ tên chủ hồ sơ", "Địa chỉ chủ hồ sơ", "Số điện thoại",
     "Ngày, tháng, năm", "", "Trả kết quả", "", "", "Người nhận hồ sơ", "Địa bàn phát sinh", "Ghi chú"],
    [*[""] * 7, "Nhận hồ sơ", "Hẹn trả kết quả", "Ngày nhận kết quả", "Bên giao", "Bên nhận", "", "", ""],
)  # fmt: skip
MERGED = [
    (2, 7, 2, 8, "Ngày, tháng, năm"),
    (2, 9, 2, 11, "Trả kết quả"),
    *((2, column, 3, column, TAN_DAN[0][column]) for column in (0, 1, 2, 3, 4, 5, 6, 12, 13, 14)),
]
ROW = [
    1, "H01.112-260302-0001", "Đăng ký khai sinh", 1, "Trần Thị Mẫu", "Tân Châu", 912345678, "08:15, 02/03/2026",
    "17:00, 05/03/2026", "10:30, 04/03/2026", "Lê Văn Mẫu", "Trần Thị Mẫu", "Lê Văn Mẫu", "Phường Tân Châu", "",
]  # fmt: skip
# The form of TT 01/2018/TT-VPCP, whose groups have other columns.
STATE_FORM = (
    ["STT", "Mã hồ sơ", "Tên TTHC", "Số lượng hồ sơ (bộ)", "Tên cá nhân, tổ chức", "Địa chỉ, số điện thoại",
     "Cơ quan chủ trì giải quyết", "Ngày, tháng, năm", "", "", "", "Trả kết quả", "", "", "Ghi chú"],
    ["", "", "", "", "", "", "", "Nhận hồ sơ", "Hẹn trả kết quả", "Chuyển hồ sơ đến cơ quan giải quyết",
     "Nhận kết quả từ cơ quan giải quyết", "Ngày, tháng, năm", "Phương thức nhận kết quả", "Ký nhận", ""],
)  # fmt: skip


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    return {
        "procedures": catalogue_table(tmp_path / "procedures.parquet"),
        "units": units_table(tmp_path / "units.parquet"),
    }


@pytest.mark.parametrize("form", ["merged", "blank", "csv"])
def test_a_register_with_two_heading_rows_gives_dossiers_with_their_hand_over(
    tmp_path: Path, tables: dict[str, Path], form: Any
) -> None:
    rows: list[list[Any]] = [["SỔ THEO DÕI HỒ SƠ"], [], *TAN_DAN, ROW]
    if form == "csv":
        file = write_csv(
            tmp_path / "so.csv", [[f'"{cell}"' if "," in str(cell) else cell for cell in row] for row in rows]
        )
    else:
        if form == "merged":
            rows[2:4] = [[], ["", "", "", "", "", "", "", *TAN_DAN[1][7:12]]]
        file = write_xlsx(tmp_path / "so.xlsx", rows, merged=MERGED if form == "merged" else ())

    found = imported(register.read, file, tables=tables)

    assert sheets.recognise(file, container="") == "register"
    row = found.one()
    assert (row["dossier_code"], row["unit_code"], row["procedure_code"]) == (
        "H01.112-260302-0001",
        "H01.112",
        "1.001193",
    )
    assert (row["received_at"], row["due_at"]) == (datetime(2026, 3, 2, 8, 15), datetime(2026, 3, 5, 17))
    assert (row["returned_at"], row["resolved_at"], row["state"]) == (datetime(2026, 3, 4, 10, 30), None, 10)
    assert "officer_code" not in row
    assert (found.refused, found.problems, found.warnings) == ([], [], [])


def test_the_form_of_the_state_tells_when_the_agency_was_done_and_when_it_was_handed_over(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [
        *STATE_FORM,
        [1, "H01.112-260302-0001", "Đăng ký kết hôn", 1, "A", "B", "UBND xã Mỹ Đức", "02/03/2026", "05/03/2026",
         "02/03/2026", "04/03/2026", "06/03/2026", "Trực tiếp", "", ""],
        [2, "H01.112-260302-0002", "Đăng ký kết hôn", 1, "A", "B", "UBND xã Mỹ Đức", "02/03/2026", "05/03/2026",
         "02/03/2026", "04/03/2026", "", "", "", ""],
        [3, "H01.112-260302-0003", "Đăng ký kết hôn", 1, "A", "B", "UBND xã Mỹ Đức", "02/03/2026", "05/03/2026"],
    ]  # fmt: skip

    found = imported(register.read, write_xlsx(tmp_path / "so.xlsx", rows), tables=tables)

    assert [row["unit_code"] for row in found.rows] == ["H01.123"] * 3
    assert [row["resolved_at"] for row in found.rows] == [datetime(2026, 3, 4), datetime(2026, 3, 4), None]
    assert [row["returned_at"] for row in found.rows] == [datetime(2026, 3, 6), None, None]
    assert [row["state"] for row in found.rows] == [10, 9, None]


def test_an_annex_of_late_dossiers_has_no_procedures_and_no_states(tmp_path: Path, tables: dict[str, Path]) -> None:
    rows = [
        ["PHỤ LỤC HỒ SƠ QUÁ HẠN"],
        ["STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Đơn vị giải quyết", "Ghi chú"],
        [1, "H01.112-260302-0001", "02/03/2026", "05/03/2026", "09/03/2026", "Sở Tư pháp", "chậm"],
    ]
    file = write_xlsx(tmp_path / "qua-han.xlsx", rows)

    row = imported(register.read, file, tables=tables).one()

    assert sheets.recognise(file, container="") == "overdue"
    assert (row["unit_code"], row["due_at"], row["resolved_at"]) == (
        "H01.12",
        datetime(2026, 3, 5),
        datetime(2026, 3, 9),
    )
    assert (row["state"], row["procedure_code"]) == (None, None)
