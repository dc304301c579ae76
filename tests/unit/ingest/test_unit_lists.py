"""Lists of units, in identifiers or area codes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from motcua.ingest import sheets, unit_lists
from motcua.kernel.errors import UserError
from sheet_files import imported, write_csv, write_xlsx


def test_a_list_of_identifiers_gives_a_tree_by_the_codes(tmp_path: Path) -> None:
    rows = [
        ["code", "name", "level", "source"],
        ["H01", "UBND tỉnh An Giang", "PROVINCE", ""],
        ["H01.01", "Sở Nội vụ", "AGENCY", ""],
        ["000.00.23.H01", "UBND xã Mỹ Đức", "COMMUNE", ""],
        ["H01.23.01", "Bộ phận Một cửa", "", ""],
        ["H01.23.02", "Tổ công tác", "", ""],
    ]
    file = write_csv(tmp_path / "agency_codes.csv", rows)

    found = imported(unit_lists.read, file)

    assert sheets.recognise(file, container="") == "units"
    assert [(row["unit_code"], row["kind"], row["parent_code"]) for row in found.rows] == [
        ("H01", "province", None),
        ("H01.01", "department", "H01"),
        ("H01.23", "commune", "H01"),
        ("H01.23.01", "desk", "H01.23"),
        ("H01.23.02", None, "H01.23"),
    ]
    assert found.says("chưa rõ «Tổ công tác» là loại đơn vị gì")


def test_area_codes_keep_their_zeros_and_are_told_apart_from_identifiers(tmp_path: Path) -> None:
    rows = [["code", "full_name", "province_code", "province"], ["00004", "Phường Ba Đình", "01", "Thành phố Hà Nội"]]

    found = imported(unit_lists.read, write_csv(tmp_path / "wards.csv", rows))

    row = found.one()
    assert (row["unit_code"], row["kind"], row["parent_code"]) == ("00004", "commune", "01")
    assert found.says("1 đơn vị dùng mã địa bàn")
    assert found.says("1 đơn vị cấp trên không có trong tệp: 01")


def test_a_workbook_in_vietnamese_may_say_parents_and_validity(tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH ĐƠN VỊ"],
        ["STT", "Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã đơn vị cấp trên", "Từ ngày", "Đến ngày"],
        [1, "H02", "UBND tỉnh Bắc Giang", "Tỉnh", "", "", "01/07/2025"],
        [2, "H05.200", "UBND xã Lục Ngạn", "Xã", "H05", "01/07/2025", "mãi"],
        [3, "X-17", "Tổ công tác", "", "", "", ""],
        [4, "H05.200", "UBND xã Lục Ngạn", "Xã", "H05", "01/07/2025", ""],
    ]

    found = imported(unit_lists.read, write_xlsx(tmp_path / "dv.xlsx", rows))

    assert [(row["unit_code"], row["valid_from"], row["valid_to"]) for row in found.rows] == [
        ("H02", None, date(2025, 7, 1)),
        ("H05.200", date(2025, 7, 1), None),
        ("H05.200", date(2025, 7, 1), None),
    ]
    assert [one.row for one in found.refused] == [5]
    assert [(one.row, one.column) for one in found.problems] == [(4, "Đến ngày")]
    assert found.says("mã đơn vị H05.200 đã có ở dòng 4")


def test_a_table_that_maps_old_communes_to_new_ones_is_no_list_of_units(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "map.csv", [["old_ward", "new_ward", "kind"], ["A", "B", "whole"]])

    with pytest.raises(UserError):
        imported(unit_lists.read, file)


@pytest.mark.shared
def test_the_real_lists_are_read_whole(shared_data: Callable[[str], Path]) -> None:
    agencies = imported(unit_lists.read, shared_data("agency-codes/agency_codes.csv"))
    wards = imported(unit_lists.read, shared_data("vn-provinces-2026/wards.csv"))
    provinces = imported(unit_lists.read, shared_data("vn-provinces-2026/provinces.csv"))

    assert [len(one.rows) for one in (agencies, wards, provinces)] == [207, 3321, 34]
    assert not any(one.refused for one in (agencies, wards, provinces))
    assert not [row for one in (agencies, wards, provinces) for row in one.rows if row["kind"] is None]
    assert sum(row["kind"] == "commune" and row["parent_code"] == "H01" for row in agencies.rows) == 102
