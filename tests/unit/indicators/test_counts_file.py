"""Files of numerators and denominators: right ones are read whole, wrong ones named row by row."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.indicators import counts_file
from motcua.indicators.counts_file import CountsFile
from motcua.indicators.score import Count
from motcua.kernel.errors import UserError

METRICS = ("ON_TIME", "DOSSIER_SYNC", "PAY_DOSSIERS")
HEAD = "unit_code,unit_name,level,metric,numerator,denominator"


def read(*lines: str, head: str = HEAD) -> CountsFile:
    return counts_file.parse("\n".join((head, *lines)).encode(), metrics=METRICS, where="f.csv")


def refusal(*lines: str, head: str = HEAD) -> str:
    with pytest.raises(UserError) as refused:
        read(*lines, head=head)
    return str(refused.value)


def test_an_empty_cell_is_the_null_of_the_portal() -> None:
    found = read("H20,Đồng Tháp,province,ON_TIME,,")

    assert found.counts == {"H20": {"ON_TIME": Count(None, None)}}


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_save_as_csv_is_read(start: bytes, mark: str, end: str) -> None:
    lines = [HEAD, "H20,Đồng Tháp,province,ON_TIME,3,4", "", ",,,,,"]
    content = start + end.join(line.replace(",", mark) for line in lines).encode()

    found = counts_file.parse(content, metrics=METRICS, where="f.csv")

    assert found.counts == {"H20": {"ON_TIME": Count(3, 4)}}
    assert found.units[0].name == "Đồng Tháp"


def test_text_of_excel_in_utf_16_is_read() -> None:
    content = (HEAD + "\nH20,Đồng Tháp,province,ON_TIME,3,4\n").encode("utf-16")

    assert counts_file.parse(content, metrics=METRICS, where="f.csv").units[0].name == "Đồng Tháp"


def test_columns_may_stand_in_any_order_beside_others() -> None:
    found = read(
        "4,x,3,ON_TIME,H20,Đồng Tháp,province",
        head="denominator,note,numerator,metric,unit_code,unit_name,level",
    )

    assert found.counts == {"H20": {"ON_TIME": Count(3, 4)}}


def test_whole_numbers_saved_with_a_zero_decimal_are_whole() -> None:
    assert read("H20,Đồng Tháp,province,ON_TIME,3.0,4.00").counts["H20"]["ON_TIME"] == Count(3, 4)


@pytest.mark.parametrize("number", ["-1", "1.5", "1.000", "1,5e3", "abc", "NaN", "null", "1 000", "٣", "9" * 19, "0x1"])
def test_what_is_not_a_whole_number_is_refused_with_its_row_and_column(number: str) -> None:
    message = refusal("H20,Đồng Tháp,province,ON_TIME,1,2", f'H20,Đồng Tháp,province,DOSSIER_SYNC,"{number}",9')

    assert "dòng 3, cột «numerator»" in message
    assert "để trống nếu Cổng không cho số" in message


def test_an_unknown_metric_is_refused_with_the_nearest_known_one() -> None:
    message = refusal("H20,Đồng Tháp,province,ON_TIMES,1,2")

    assert "dòng 2" in message
    assert "Có phải ON_TIME?" in message


def test_a_second_row_for_the_same_unit_and_metric_is_refused_with_both_rows() -> None:
    message = refusal("H20,Đồng Tháp,province,ON_TIME,1,2", "H20,Đồng Tháp,province,ON_TIME,1,2")

    assert "dòng 3" in message
    assert "đã có ở dòng 2" in message


def test_a_missing_column_is_named() -> None:
    assert "Thiếu cột denominator" in refusal(head="unit_code,unit_name,level,metric,numerator")


def test_a_column_given_twice_is_named() -> None:
    assert "Cột xuất hiện hai lần: level" in refusal(head=HEAD + ",level")


def test_a_unit_of_two_levels_is_refused() -> None:
    assert "ở dòng trước là «province»" in refusal("H20,A,province,ON_TIME,1,2", "H20,A,commune,DOSSIER_SYNC,1,2")


@pytest.mark.parametrize("lines", [(), ("",)])
def test_a_file_without_figures_is_refused(lines: tuple[str, ...]) -> None:
    assert "không có dòng số liệu" in refusal(*lines)


@pytest.mark.parametrize("row", ["H20,A,province,ON_TIME,1", "H20,A,province,ON_TIME,1,2,3"])
def test_a_row_of_another_width_is_refused(row: str) -> None:
    assert "Dòng 2 có" in refusal(row)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"\xff\xfe\xff", b"\x00" * 40, b"\xc4\xe3"])
def test_what_is_not_text_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match="CSV"):
        counts_file.parse(content, metrics=METRICS, where="f.csv")


def test_an_unclosed_quotation_is_refused() -> None:
    assert "f.csv" in refusal('H20,"A,province,ON_TIME,1,2', "H20," + "x" * 200_000)


def test_every_fault_is_told_at_once_up_to_twenty() -> None:
    message = refusal(*(f"H20.{n},A,commune,ON_TIME,x,2" for n in range(30)))

    assert "Có 30 chỗ sai, dưới đây là 20 chỗ đầu" in message
    assert message.count("f.csv, dòng ") == 20


def test_more_than_all_is_told_and_counted() -> None:
    found = read("H20,A,province,ON_TIME,3,2")

    assert [warning.row for warning in found.warnings] == [2]
    assert found.counts["H20"]["ON_TIME"].ratio == 1


@pytest.mark.parametrize(
    ("written", "level"),
    [("AGENCY", "department"), ("Xã", "commune"), ("Phường", "commune"), ("tỉnh", "province"), ("Đảo", "đảo")],
)
def test_levels_are_known_by_their_usual_names(written: str, level: str) -> None:
    assert read(f"H20,A,{written},ON_TIME,1,2").units[0].level == level


def test_a_unit_stands_under_the_one_its_code_begins_with() -> None:
    found = read("H20.12,A,commune,ON_TIME,1,2", "H20,B,province,ON_TIME,1,2", "000.00.13.H20,C,department,ON_TIME,1,2")

    assert [unit.parent for unit in found.units] == ["H20", None, "H20"]


def test_a_unit_with_a_code_of_its_own_stands_under_the_only_province() -> None:
    found = read("H20,A,province,ON_TIME,1,2", "X-1,B,commune,ON_TIME,1,2")

    assert found.units[1].parent == "H20"


def test_between_two_provinces_nobody_guesses() -> None:
    found = read("H20,A,province,ON_TIME,1,2", "H21,B,province,ON_TIME,1,2", "X-1,C,commune,ON_TIME,1,2")

    assert found.units[2].parent is None


@settings(max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: (HEAD + "\n" + text).encode("utf-8", "surrogatepass")),
    )
)
def test_no_file_ends_in_anything_but_counts_or_a_refusal(content: bytes) -> None:
    try:
        found = counts_file.parse(content, metrics=METRICS, where="f.csv")
    except UserError:
        return
    assert found.units


CELL = st.sampled_from(
    [
        "",
        "H20",
        "H20.1",
        "province",
        "xã",
        "ON_TIME",
        "DOSSIER_SYNC",
        "0",
        "12",
        "-3",
        "1.5",
        '"',
        ";",
        "\n",
        "\r",
        "\0",
    ]
)


@settings(max_examples=150)
@given(st.lists(st.lists(CELL, min_size=4, max_size=8), max_size=6))
def test_no_mixture_of_cells_ends_in_a_negative_or_guessed_number(rows: list[list[str]]) -> None:
    content = "\n".join((HEAD, *(",".join(row) for row in rows))).encode()

    try:
        found = counts_file.parse(content, metrics=METRICS, where="f.csv")
    except UserError:
        return
    for counts in found.counts.values():
        for count in counts.values():
            assert count.numerator in {None, 0, 12}
            assert count.denominator in {None, 0, 12}


def test_a_level_nobody_knows_is_counted_and_said_once() -> None:
    head = "unit_code,unit_name,level,metric,numerator,denominator\n"
    found = counts_file.parse(
        (head + "H1.2,A,comune,SYNC,1,2\nH1.3,B,comune,SYNC,1,2\n").encode(), metrics=["SYNC"], where="x.csv"
    )

    (warning,) = found.warnings
    assert "Không biết cấp «comune»" in str(warning)
    assert "Có phải commune?" in str(warning)
    assert [unit.level for unit in found.units] == ["comune", "comune"]
