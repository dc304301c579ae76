# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""Dossier lists of iGate and Tan Dan with everything that real exports do to them."""

import hashlib
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from motcua.ingest import lists, sheets
from motcua.kernel import text
from motcua.kernel.errors import UserError
from sheet_files import (
    IGATE,
    catalogue_table,
    igate_row,
    imported,
    table,
    units_table,
    windows_1258,
    write_csv,
    write_xlsx,
)


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    return {
        "procedures": catalogue_table(tmp_path / "procedures.parquet"),
        "units": units_table(tmp_path / "units.parquet"),
    }


def _code(name: Any, unit: Any) -> Any:
    return "cb-" + hashlib.sha256(f"{text.fold(name)}|{unit}".encode()).hexdigest()[:8]


EXPECTED = {
    "dossier_code": "H01.112-260302-0001",
    "unit_code": "H01.112",
    "procedure_code": "1.001193",
    "state": 10,
    "submitted_at": None,
    "received_at": datetime(2026, 3, 2, 8, 15),
    "due_at": datetime(2026, 3, 5, 17),
    "resolved_at": datetime(2026, 3, 4, 10, 30),
    "returned_at": None,
    "refused_at": None,
    "stopped_at": None,
    "withdrawn_at": None,
    "officer_code": _code("Nguyễn Văn Mẫu", "H01.112"),
    "officer_named": True,
}


def test_an_igate_workbook_gives_observed_dossiers_without_channel_or_names(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    found = imported(lists.read, write_xlsx(tmp_path / "igate.xlsx", [IGATE, igate_row()]), tables=tables)

    assert found.one() == EXPECTED
    assert (found.rows_read, found.refused, found.problems, found.warnings) == (1, [], [], [])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "cp1258"])
def test_the_same_list_as_csv_gives_the_same_dossiers(
    tmp_path: Path, tables: dict[str, Path], encoding: Any, separator: Any
) -> None:
    file = write_csv(tmp_path / "igate.csv", [IGATE, igate_row()], separator=separator, encoding="utf-8-sig")
    said = file.read_text(encoding="utf-8-sig")
    file.write_bytes(windows_1258(said) if encoding == "cp1258" else said.encode(encoding))

    assert imported(lists.read, file, tables=tables).one() == EXPECTED


def test_a_list_under_titles_with_numbered_columns_and_footers_loses_nothing_silently(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [
        [""] * len(IGATE),
        ["DANH SÁCH HỒ SƠ"],
        ["Từ ngày 01/03/2026 đến ngày 31/03/2026"],
        [],
        IGATE,
        [f"({n})" for n in range(1, len(IGATE) + 1)],
        igate_row(),
        ["I. UBND phường Tân Châu"],
        [],
        igate_row(code=""),
        ["Tổng cộng: 2 hồ sơ", "", "", "", 2],
        ["", "", "", "Người lập biểu", "", "", "Thủ trưởng"],
    ]
    merged = [(0, 0, 0, len(IGATE) - 1, "UBND TỈNH MẪU")]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows, merged=merged), tables=tables)

    assert found.one() == EXPECTED
    assert found.rows_read == 5
    assert [(one.row, one.column) for one in found.refused] == [(10, "Số hồ sơ")]
    assert found.says("3 dòng không phải dòng của bảng", "8, 11, 12")


def test_date_cells_serials_and_text_dates_mean_the_same_in_both_date_systems(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    received = datetime(2026, 3, 2, 8, 15)
    for name, options, serial in (("1900", {}, 46083.34375), ("1904", {"date_1904": True}, 44621.34375)):
        rows = [
            IGATE,
            igate_row(code="H01.112-260302-0001", received=received),
            igate_row(code="H01.112-260302-0002", received=serial),
            igate_row(code="H01.112-260302-0003", received=repr(serial)),
            igate_row(code="H01.112-260302-0004", received="08:15, 02/03/2026"),
        ]
        found = imported(lists.read, write_xlsx(tmp_path / f"{name}.xlsx", rows, options=options), tables=tables)

        assert [row["received_at"] for row in found.rows] == [received] * 4, name


def test_decomposed_and_unaccented_text_is_understood(tmp_path: Path, tables: dict[str, Path]) -> None:
    plain = [text.fold(one) for one in IGATE]
    row = igate_row(name="DANG KY KHAI SINH", unit="ubnd phuong tan chau", state="DA TRA KET QUA")
    decomposed = [unicodedata.normalize("NFD", one) if isinstance(one, str) else one for one in igate_row()]

    unaccented = imported(lists.read, write_csv(tmp_path / "a.csv", [plain, row]), tables=tables)
    nfd = imported(
        lists.read,
        write_csv(tmp_path / "b.csv", [[unicodedata.normalize("NFD", one) for one in IGATE], decomposed]),
        tables=tables,
    )

    assert unaccented.one() == EXPECTED
    assert nfd.one() == EXPECTED


def test_a_tan_dan_list_has_the_day_of_submission_and_the_unit_that_resolves(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    headings = [
        "STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Ngày nộp hồ sơ", "Ngày nhận",
        "Ngày hẹn trả", "Ngày kết thúc xử lý", "Lĩnh vực", "Người tiếp nhận", "Đơn vị/ cá nhân giải quyết",
    ]  # fmt: skip
    row = [
        1, "Trung tâm Phục vụ hành chính công", "Đăng ký kết hôn", "H01.112-260302-0009", "Đang xử lý (quá hạn)",
        "01/03/2026 20:00:00", "02/03/2026 08:00:00", "05/03/2026 17:00:00", "", "Hộ tịch", "Lê Thị Mẫu",
    ]  # fmt: skip
    by_unit = imported(
        lists.read, write_xlsx(tmp_path / "a.xlsx", [headings, [*row, "UBND xã Mỹ Đức"]]), tables=tables
    ).one()
    by_person = imported(
        lists.read, write_xlsx(tmp_path / "b.xlsx", [headings, [*row, "Lê Thị Mẫu"]]), tables=tables
    ).one()

    assert by_unit["submitted_at"] == datetime(2026, 3, 1, 20)
    assert (by_unit["unit_code"], by_unit["state"], by_unit["procedure_code"]) == ("H01.123", 4, "1.000894")
    assert by_person["unit_code"] == "H01.112"
    assert "officer_code" not in by_unit


def test_of_a_code_that_stands_twice_the_last_row_comes_last_and_is_told(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [IGATE, igate_row(state="Đang xử lý", ended=""), igate_row(code="H01.112-260302-0002"), igate_row()]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables)

    assert [row["state"] for row in found.rows if row["dossier_code"].endswith("0001")] == [4, 10]
    assert found.says("H01.112-260302-0001", "dòng 4", "đã có ở dòng 2")


def test_an_unknown_label_is_told_once_with_its_count_and_a_province_can_declare_it(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [IGATE, *(igate_row(code=f"H01.112-260302-000{n}", state="Chờ Chủ tịch duyệt") for n in range(3))]
    file = write_xlsx(tmp_path / "a.xlsx", rows)
    (tmp_path / "tinh").mkdir()
    (tmp_path / "tinh" / "states.toml").write_text('[labels]\n4 = ["Chờ chủ tịch duyệt"]\n', encoding="utf-8")

    without = imported(lists.read, file, tables=tables)
    declared = imported(lists.read, file, tables=tables, mapping=tmp_path / "tinh")

    assert [row["state"] for row in without.rows] == [None] * 3
    assert [str(one) for one in without.warnings if "Chờ Chủ tịch duyệt" in str(one)] != []
    assert without.says("«Chờ Chủ tịch duyệt» (3 hồ sơ)", "states.toml")
    assert [row["state"] for row in declared.rows] == [4] * 3


def test_a_province_can_declare_its_own_headings(tmp_path: Path, tables: dict[str, Path]) -> None:
    headings = ["Mã số bí mật", *IGATE[1:]]
    file = write_xlsx(tmp_path / "a.xlsx", [headings, igate_row()])
    (tmp_path / "dossier-list.toml").write_text('[fields]\ndossier_code = ["Mã số bí mật"]\n', encoding="utf-8")

    assert sheets.recognise(file, container="xlsx") is None
    assert sheets.recognise(file, container="xlsx", folder=tmp_path) == "dossier-list"
    assert imported(lists.read, file, tables=tables, mapping=tmp_path).one() == EXPECTED


@pytest.mark.parametrize(
    ("state", "column"),
    [
        ("Từ chối tiếp nhận", "refused_at"),
        ("Công dân yêu cầu rút hồ sơ", "withdrawn_at"),
        ("Dừng xử lý", "stopped_at"),
        ("Đã xử lý xong", "resolved_at"),
        ("Chưa từng nghe", "resolved_at"),
    ],
)
def test_the_day_of_the_end_belongs_to_what_the_state_says(
    tmp_path: Path, tables: dict[str, Path], state: Any, column: Any
) -> None:
    row = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", [IGATE, igate_row(state=state)]), tables=tables).one()

    ends = {name for name, value in row.items() if value == datetime(2026, 3, 4, 10, 30)}
    assert ends == {column}


def test_an_officer_is_missing_only_from_a_dossier_that_somebody_must_hold(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [
        IGATE,
        igate_row(officer="", state="Đang xử lý", ended=""),
        igate_row(code="H01.112-260302-0002", officer=""),
    ]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables)

    assert [row["officer_named"] for row in found.rows] == [False, None]
    assert [row["officer_code"] for row in found.rows] == [None, None]


def test_units_go_by_name_then_by_the_dossier_code_then_by_a_placeholder(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [
        IGATE,
        igate_row(unit="Ủy ban nhân dân xã Mỹ Đức"),
        igate_row(code="000.00.12.H01-260302-0001", unit="Phòng Tiếp dân"),
        igate_row(code="BN-2026-17", unit="Phòng Tiếp dân"),
        igate_row(code="BN-2026-18", unit=""),
    ]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables)

    assert [row["unit_code"] for row in found.rows] == ["H01.123", "H01.12", "name:phong tiep dan"]
    assert found.says("«Phòng Tiếp dân» (2 hồ sơ)")
    assert [one.row for one in found.refused] == [5]
    assert found.says("2 mã hồ sơ không theo mẫu")


def test_values_that_cannot_be_read_are_told_with_row_and_column_and_left_unknown(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    rows = [IGATE, igate_row(due="05/13/2026", received="01/01/0001 00:00:00")]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables)

    assert (found.one()["due_at"], found.one()["received_at"]) == (None, None)
    assert [(one.row, one.column) for one in found.problems] == [(2, "Ngày hẹn trả")]
    assert found.says("1 ô ghi ngày trống")


def test_a_csv_row_with_a_stray_separator_is_refused_not_shifted(tmp_path: Path, tables: dict[str, Path]) -> None:
    rows = [IGATE, igate_row(name="Đăng ký khai sinh, khai tử"), igate_row()]

    found = imported(lists.read, write_csv(tmp_path / "a.csv", rows), tables=tables)

    assert found.one() == EXPECTED
    assert [(one.row, "12 ô" in one.what) for one in found.refused] == [(2, True)]


def test_what_contradicts_itself_is_kept_and_told_once(tmp_path: Path, tables: dict[str, Path]) -> None:
    rows = [
        IGATE,
        igate_row(state="Đang xử lý"),
        igate_row(code="H01.112-260302-0002", ended=""),
        igate_row(code="H01.112-260302-0003", due="05/02/2026"),
    ]

    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables)

    assert found.rows[0]["resolved_at"] == datetime(2026, 3, 4, 10, 30)
    assert found.rows[2]["due_at"] == datetime(2026, 2, 5)
    assert found.says("1 hồ sơ còn đang giải quyết theo trạng thái", "dòng 2")
    assert found.says("1 hồ sơ có trạng thái đã kết thúc", "dòng 3")
    assert found.says("1 hồ sơ có ngày hẹn trả trước ngày tiếp nhận", "dòng 4")


def test_no_name_telephone_or_address_of_a_person_leaves_the_file(tmp_path: Path, tables: dict[str, Path]) -> None:
    found = imported(
        lists.read,
        write_xlsx(tmp_path / "a.xlsx", [IGATE, igate_row(), igate_row(code="", unit="")]),
        tables=tables,
    )

    told = " ".join(str(one) for one in (*found.rows, *found.refused, *found.problems, *found.warnings))
    assert not any(secret in told for secret in ("Trần Thị Mẫu", "912345678", "Nguyễn Văn Mẫu"))


def test_a_file_without_the_headings_is_refused_with_what_it_must_have(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Không tìm thấy dòng tiêu đề") as told:
        imported(lists.read, write_csv(tmp_path / "a.csv", [["x", "y"], ["1", "2"]]))

    assert "Số hồ sơ" in told.value.remedy


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
def test_a_truncated_workbook_is_refused_whole(tmp_path: Path, cut: Any) -> None:
    whole = write_xlsx(tmp_path / "a.xlsx", [IGATE, *(igate_row() for _ in range(200))]).read_bytes()
    file = tmp_path / "b.xlsx"
    file.write_bytes(whole[: int(len(whole) * cut)])

    with pytest.raises(UserError):
        imported(lists.read, file)


def test_several_sheets_are_read_and_others_are_named(tmp_path: Path, tables: dict[str, Path]) -> None:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (
        ("Tháng 3", [IGATE, igate_row()]),
        ("Ghi chú", [["Xem trang Tháng 3"]]),
        ("Tháng 4", [IGATE, igate_row(code="H01.112-260402-0001")]),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(tmp_path / "a.xlsx")

    found = imported(lists.read, tmp_path / "a.xlsx", tables=tables)

    assert [row["dossier_code"] for row in found.rows] == ["H01.112-260302-0001", "H01.112-260402-0001"]
    assert found.says("«Ghi chú»", "bỏ qua")


def test_an_empty_list_gives_nothing_and_no_error(tmp_path: Path, tables: dict[str, Path]) -> None:
    found = imported(lists.read, write_xlsx(tmp_path / "a.xlsx", [IGATE]), tables=tables)

    assert (found.rows, found.rows_read) == ([], 0)


def test_tables_of_another_source_are_not_needed(tmp_path: Path) -> None:
    no_units = table(
        tmp_path / "units.parquet",
        {"unit_code": ["H20"], "name": ["UBND tỉnh Đồng Tháp"], "kind": ["province"], "valid_to": [None]},
    )

    found = imported(
        lists.read, write_xlsx(Path(tmp_path / "a.xlsx"), [IGATE, igate_row()]), tables={"units": no_units}
    )

    assert found.one()["unit_code"] == "H01.112"
