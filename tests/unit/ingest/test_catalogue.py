"""Catalogues of procedures: the portal's pages, the ministries' own, the list workbooks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from motcua.ingest import catalogue, catalogue_facts, catalogue_json, sheets
from motcua.ingest.catalogue_facts import Channel, Described, Doubts
from sheet_files import catalogue_table, imported, write_csv, write_xlsx

PORTAL = {
    "ma_thu_tuc": "1.001193",
    "ten_thu_tuc": "Thủ tục đăng ký khai sinh",
    "cap_thuc_hien": "Cấp tỉnh, Cấp xã, Cơ quan khác",
    "linh_vuc": "Hộ tịch",
    "doi_tuong_thuc_hien": "Tổ chức (không bao gồm doanh nghiệp, HTX), Công dân Việt Nam",
    "co_quan_thuc_hien": "Không có thông tin",
    "trinh_tu_thuc_hien": "Bước 1",
    "cach_thuc_thuc_hien": "Hình thức nộp…",
    "thanh_phan_ho_so": "--",
    "ket_qua_xu_ly": "Giấy khai sinhMã: KQ.G15.000031",
    "cach_thuc_parsed": [
        {"kenh": "Trực tuyến", "so": 3.0, "don_vi": "Ngày làm việc", "phi": "Miễn phí", "mo_ta": ""},
        {"kenh": "Trực tiếp", "so": 4.0, "don_vi": "Ngày", "phi": "Miễn phí", "mo_ta": ""},
        {"kenh": "Dịch vụ bưu chính", "so": 90.0, "don_vi": None, "phi": "Không có thông tin", "mo_ta": ""},
    ],
}
MINISTRY = {
    "thu_tuc_id": "1.013124",
    "metadata": {
        "mã_thủ_tục": "1.013124",
        "tên_thủ_tục": "Thẩm định kế hoạch",
        "cấp_thực_hiện": "Cấp Bộ",
        "lĩnh_vực": "Ứng phó",
    },
    "content": {
        "trình_tự_thực_hiện": "B1",
        "đối_tượng_thực_hiện": "Doanh nghiệp",
        "cơ_quan_thực_hiện": "Cục A",
        "kết_quả_thực_hiện": "QĐ",
    },
    "tables": {
        "hinh_thuc_nop": [
            {"hinh_thuc": "Trực tiếp", "thoi_han_giai_quyet": "07 Giờ", "phi_le_phi": "Phí : 2.000.000 Đồng"}
        ],
        "thanh_phan_ho_so": [{"ten_giay_to": "Đơn"}],
    },
}
PAGE_2021 = {
    "title": "Đăng ký kết hôn",
    "Trình tự thực hiện": "B1",
    "Cách thức thực hiện": [
        {"Hình thức nộp": "Trực tiếp", "Thời hạn giải quyết": "1 Tháng", "Phí, lệ phí": "Lệ phí: 0 ĐồngXem chi tiết"}
    ],
    "Thành phần hồ sơ": [{"Tên giấy tờ": "Tờ khai"}],
    "Cơ quan thực hiện": "UBND xã",
}


def _write(path: Any, records: Any, *, form: Any) -> Any:
    lines = [json.dumps(one, ensure_ascii=False) for one in records]
    path.write_text("\n".join(lines) if form == "lines" else f"[{','.join(lines)}]", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["lines", "array"])
def test_a_page_of_the_portal_gives_what_the_index_needs(tmp_path: Path, form: Any) -> None:
    row = imported(catalogue.read, _write(tmp_path / "a.json", [PORTAL], form=form)).one()

    assert row == {
        "procedure_code": "1.001193",
        "name": "Thủ tục đăng ký khai sinh",
        "sector": "Hộ tịch",
        "levels": "province,commune",
        "result_required": True,
        "fee_bearing": False,
        "citizen_applicant": True,
        "fully_online_eligible": None,
        "limit_value": 3.0,
        "limit_unit": "working_days",
        "state": "public",
        "part_name": True,
        "part_sequence": True,
        "part_channels": True,
        "part_components": False,
        "part_limit": True,
        "part_applicants": True,
        "part_agency": False,
    }


def test_a_ministrys_own_catalogue_reads_like_the_portals(tmp_path: Path) -> None:
    row = imported(catalogue.read, _write(tmp_path / "a.jsonl", [MINISTRY], form="lines")).one()

    assert (row["procedure_code"], row["levels"], row["limit_value"], row["limit_unit"]) == (
        "1.013124", "ministry", 7.0, "working_hours",
    )  # fmt: skip
    assert (row["fee_bearing"], row["citizen_applicant"], row["state"]) == (True, False, None)


def test_a_page_of_2021_has_no_code_and_gets_it_by_name_from_the_catalogue(tmp_path: Path) -> None:
    records = [PAGE_2021, {**PAGE_2021, "title": "Tuyển sinh"}]
    tables = {"procedures": catalogue_table(tmp_path / "procedures.parquet")}

    found = imported(catalogue.read, _write(tmp_path / "a.json", records, form="array"), tables=tables)

    row = found.one()
    assert (row["procedure_code"], row["limit_value"], row["limit_unit"], row["fee_bearing"]) == (
        "1.000894", 1.0, "months", False,
    )  # fmt: skip
    assert [(one.row, "Tuyển sinh" in one.what) for one in found.refused] == [(2, True)]


def test_a_list_workbook_of_the_portal_gives_codes_names_and_sectors(tmp_path: Path) -> None:
    rows = [
        [],
        ["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"],
        ["1.000894", " Đăng ký kết hôn ", "Bộ Tư pháp", "", "Hộ tịch"],
        ["abc", "Thủ tục không mã", "", "", ""],
        ["1.000894.000.00.00.H01", "Đăng ký kết hôn", "", "UBND cấp xã", "Hộ tịch"],
    ]
    file = write_xlsx(tmp_path / "ds.xlsx", rows, merged=[(0, 0, 0, 4, "DANH SÁCH THỦ TỤC HÀNH CHÍNH")])

    found = imported(catalogue.read, file)

    assert sheets.recognise(file, container="") == "catalogue-list"
    assert [(row["procedure_code"], row["name"], row["sector"], row["part_agency"]) for row in found.rows] == [
        ("1.000894", "Đăng ký kết hôn", "Hộ tịch", False),
        ("1.000894", "Đăng ký kết hôn", "Hộ tịch", True),
    ]
    assert {row["part_sequence"] for row in found.rows} == {None}
    assert [one.row for one in found.refused] == [4]
    assert found.says("1 mã thủ tục có nhiều lần", "1.000894")


def test_a_flat_table_may_give_levels_and_applicants(tmp_path: Path) -> None:
    rows = [
        ["ma_thu_tuc", "ten_thu_tuc", "cap_thuc_hien", "linh_vuc", "doi_tuong_thuc_hien"],
        ["1.000894", "Đăng ký kết hôn", "Cấp xã", "Hộ tịch", "Công dân Việt Nam"],
    ]

    row = imported(catalogue.read, write_csv(tmp_path / "index.csv", rows)).one()

    assert (row["levels"], row["citizen_applicant"], row["fee_bearing"]) == ("commune", True, None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("07 Ngày làm việc", (7.0, "working_days")),
        ("5 Ngày", (5.0, "calendar_days")),
        ("0.5 Ngày làm việc", (0.5, "working_days")),
        ("8 giờ làm việc", (8.0, "working_hours")),
        ("1 tháng", (1.0, "months")),
        ("1", None),
        ("0 Giờ", None),
        ("Không quy định", None),
        ("03 ngày làm việc, trường hợp phải xác minh thì không quá 08 ngày", None),
        (None, None),
    ],
)
def test_a_limit_is_read_only_where_number_and_unit_are_plain(words: Any, expected: Any) -> None:
    assert catalogue_facts.limit(words) == expected


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ([("Miễn phí", "")], False),
        ([("Miễn phí", ""), ("50,000 VNĐ", "")], True),
        ([("Phí: 0 Đồng", ""), ("Phí : Không Đồng", "")], False),
        ([("Miễn phí", "(8.000.000 đồng/lần)")], None),
        ([("Miễn phí", "(Không thu phí theo Thông tư)")], False),
        ([("Phí : Theo quy định", "")], None),
        ([("Không có thông tin", "")], None),
        ([], None),
    ],
)
def test_a_fee_is_due_where_an_amount_stands_and_unknown_where_the_page_contradicts_itself(
    channels: Any, expected: Any
) -> None:
    described = Described(
        code="1.000001", name="A", channels=[Channel(name="", fee=fee, remark=remark) for fee, remark in channels]
    )

    assert catalogue_facts.columns(described, doubts=Doubts())["fee_bearing"] is expected


def test_a_result_may_be_declared_not_to_exist() -> None:
    described = Described(code="1.000001", name="A", result="Hồ sơ gửi đến cơ quan thuế không có kết quả giải quyết")

    assert catalogue_facts.columns(described, doubts=Doubts())["result_required"] is False


def test_records_that_are_no_procedures_are_refused_one_by_one(tmp_path: Path) -> None:
    records = [PORTAL, {"a": 1}, {"metadata": {}, "content": {}}, {**PORTAL, "ma_thu_tuc": None}]

    found = imported(catalogue.read, _write(tmp_path / "a.json", records, form="array"))

    assert (len(found.rows), found.rows_read) == (1, 4)
    assert [one.row for one in found.refused] == [2, 3, 4]
    assert not catalogue_json.recognises([PORTAL])


@pytest.mark.shared
def test_the_national_catalogue_is_read_whole(shared_data: Callable[[str], Path]) -> None:
    found = imported(catalogue.read, shared_data("tthc-catalogue-dvcqg-2026/procedures.jsonl"))

    assert (len(found.rows), found.refused) == (2642, [])
    assert len({row["procedure_code"] for row in found.rows}) == 2642
    assert sum("commune" in (row["levels"] or "") for row in found.rows) == 588
    assert sum(row["limit_unit"] is not None for row in found.rows) == 2159
    assert sum(row["result_required"] is False for row in found.rows) > 50


@pytest.mark.shared
def test_every_list_workbook_is_recognised_and_read_whole(shared_data: Callable[[str], Path]) -> None:
    files = sorted(shared_data("tthc-catalogue-dvcqg-2026/danh-sach-xlsx").iterdir())

    read = {file.name: imported(catalogue.read, file) for file in files}

    assert {sheets.recognise(file, container="xlsx") for file in files} == {"catalogue-list"}
    assert sum(len(one.rows) for one in read.values()) == 2642
    assert not any(one.refused for one in read.values())


@pytest.mark.shared
def test_the_index_of_the_catalogue_names_the_same_procedures(shared_data: Callable[[str], Path]) -> None:
    whole = imported(catalogue.read, shared_data("tthc-catalogue-dvcqg-2026/procedures.jsonl"))
    index = imported(catalogue.read, shared_data("tthc-catalogue-dvcqg-2026/index.csv"))

    names = {row["procedure_code"]: row["name"] for row in whole.rows}
    assert (index.refused, {row["procedure_code"]: row["name"] for row in index.rows} == names) == ([], True)


@pytest.mark.shared
def test_the_other_two_catalogues_are_read_too(shared_data: Callable[[str], Path]) -> None:
    ministry = imported(catalogue.read, shared_data("tthc-bqp-structured-2025/procedures.jsonl"))
    old = imported(catalogue.read, shared_data("tthc-dvcqg-2021-structured/procedures.json"))

    assert (len(ministry.rows), ministry.refused) == (207, [])
    assert (old.rows, len(old.refused), old.rows_read) == ([], 87, 87)
