"""Headings found wherever they stand and however they are spelt."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.ingest import sheets_headings, sheets_mapping
from motcua.kernel import text
from sheet_files import IGATE

LAYOUTS = sheets_mapping.layouts(None)
TAN_DAN = (
    "STT", "Đơn vị tiếp nhận", "Tên thủ tục hành chính", "Mã hồ sơ", "Trạng thái", "Địa chỉ", "Người nộp", "Chủ hồ sơ",
    "Ngày nộp hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý",
)  # fmt: skip
OVERDUE = ("STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Đơn vị giải quyết", "Ghi chú")
FEES = (
    "STT",
    "Mã hồ sơ",
    "Người tiếp nhận",
    "Tên người nộp",
    "Số biên lai",
    "Ngày tiếp nhận",
    "Ngày thu",
    "Phí",
    "Tổng",
)
REGISTER = (
    ("STT", "Mã hồ sơ", "Nội dung hồ sơ", "Số lượng (bộ)", "Họ tên chủ hồ sơ", "Ngày, tháng, năm", "",
     "Trả kết quả", "", ""),
    ("", "", "", "", "", "Nhận hồ sơ", "Hẹn trả kết quả", "Ngày nhận kết quả", "Bên giao", "Bên nhận"),
)  # fmt: skip


def _find(*rows: Any, merged: Any = ()) -> Any:
    numbered = [(number, list(cells)) for number, cells in enumerate(rows, start=1)]
    return sheets_headings.find(numbered, layouts=LAYOUTS, merged=merged)


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (IGATE, "dossier-list"),
        (TAN_DAN, "dossier-list"),
        (("STT", *IGATE, "Phòng ban"), "dossier-list"),
        (OVERDUE, "overdue"),
    ],
)
def test_a_table_is_recognised_by_its_headings(headings: Any, kind: Any) -> None:
    found = _find(headings)

    assert found is not None
    assert (found.layout.kind, found.last_row, found.unknown) == (kind, 1, ())


def test_a_list_of_fees_is_no_list_of_dossiers() -> None:
    assert _find(FEES) is None


def test_headings_below_a_title_are_found_and_the_title_is_not_part_of_them() -> None:
    title = ["UBND TỈNH MẪU"] + [""] * 10
    found = _find(title, [""] * 11, title, IGATE, merged=(((0, 0), (0, 10)), ((2, 0), (2, 10))))

    assert found is not None
    assert (found.first_row, found.last_row, found.columns["dossier_code"]) == (4, 4, 0)


@pytest.mark.parametrize("merged", [(), (((0, 5), (0, 6)), ((0, 7), (0, 9)), ((0, 1), (1, 1)))])
def test_two_heading_rows_are_read_as_one_with_and_without_merged_cells(merged: Any) -> None:
    found = _find(*REGISTER, merged=merged)

    assert found is not None
    assert (found.layout.kind, found.last_row) == ("register", 2)
    assert {name: found.columns[name] for name in ("received_at", "due_at", "returned_at")} == {
        "received_at": 5, "due_at": 6, "returned_at": 7,
    }  # fmt: skip


def test_of_one_heading_over_two_columns_the_last_is_read_and_told() -> None:
    found = _find([*IGATE, "Ngày hẹn trả"])

    assert found is not None
    assert (found.columns["due_at"], found.repeated) == (len(IGATE), ("Ngày hẹn trả",))


def test_of_two_headings_for_one_field_the_better_one_is_read() -> None:
    found = _find([*IGATE, "Trạng thái"])

    assert found is not None
    assert (found.columns["state"], found.repeated) == (IGATE.index("Trạng thái hồ sơ"), ())


def test_a_heading_nobody_knows_is_told() -> None:
    found = _find([*IGATE, "Mã số bí ẩn"])

    assert found is not None
    assert found.unknown == ("Mã số bí ẩn",)


@given(
    st.lists(
        st.sampled_from(
            [
                lambda one: unicodedata.normalize("NFD", one),
                lambda one: unicodedata.normalize("NFC", one),
                str.upper,
                str.lower,
                lambda one: one.replace(" ", "\n  "),
                lambda one: f" {one}: ",
                lambda one: f"{one} (*)",
                text.fold,
            ]
        ),
        min_size=1,
        max_size=3,
    )
)
def test_the_spelling_of_headings_does_not_matter(changes: Any) -> None:
    headings = list(IGATE)
    for change in changes:
        headings = [change(one) for one in headings]

    found = _find(headings)

    assert found is not None
    assert found.columns == _find(IGATE).columns


@given(
    st.lists(st.lists(st.one_of(st.text(max_size=12), st.floats(), st.sampled_from(IGATE)), max_size=14), max_size=6)
)
def test_no_page_ends_in_an_error(rows: Any) -> None:
    found = _find(*rows)

    assert found is None or found.layout.fits(found.columns)


def test_a_row_that_numbers_the_columns_is_told_from_data() -> None:
    assert sheets_headings.is_index_row(["(1)", "(2)", "(3)", "", "(4)"])
    assert sheets_headings.is_index_row(["A", "B", 1.0, 2.0, 3.0])
    assert not sheets_headings.is_index_row([1.0, "H01-260302-0001", "Đăng ký khai sinh"])
    assert not sheets_headings.is_index_row(["5", "7", "2"])
