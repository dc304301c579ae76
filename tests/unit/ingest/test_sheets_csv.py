"""CSV files as they really are: encodings, separators, quotes that never close."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.ingest import sheets_cells, sheets_csv
from motcua.ingest.sheets_grid import BrokenRow
from motcua.kernel.errors import UserError
from sheet_files import windows_1258


def _rows(path: Any) -> Any:
    return list(sheets_csv.open_csv(path, where=path.name).rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_unicode_encoding_and_separator_reads_the_same(tmp_path: Path, encoding: Any, separator: Any) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(f"Mã hồ sơ{separator}Ngày hẹn trả\r\nA-1{separator}02/03/2026\r\n".encode(encoding))

    assert _rows(file) == [(1, ["Mã hồ sơ", "Ngày hẹn trả"]), (2, ["A-1", "02/03/2026"])]


def test_vietnamese_windows_text_is_read_with_its_marks(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(windows_1258("Mã hồ sơ;Đơn vị giải quyết\n"))

    page = sheets_csv.open_csv(file, where="")

    ((_, cells),) = page.rows()
    assert not isinstance(cells, BrokenRow)
    assert page.encoding == "cp1258"
    assert [sheets_cells.text(cell) for cell in cells] == ["Mã hồ sơ", "Đơn vị giải quyết"]


def test_one_cut_letter_at_the_end_does_not_turn_a_utf_8_file_into_another(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(("Hồ sơ đã được tiếp nhận\n" * 5 + "Việ").encode()[:-1])

    assert sheets_csv.open_csv(file, where="").encoding == "utf-8"


def test_a_quoted_cell_may_hold_separators_quotes_and_line_breaks(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,"x, ""y""\nz",b\nc,d,e\n', encoding="utf-8")

    assert _rows(file) == [(1, ["a", 'x, "y"\nz', "b"]), (3, ["c", "d", "e"])]


def test_a_quote_that_never_closes_loses_its_own_line_only(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n1,"hở\n2,x\n3,"kín"\n4,y\n', encoding="utf-8")

    rows = _rows(file)

    assert [number for number, cells in rows if isinstance(cells, BrokenRow)] == [2]
    assert [cells for _, cells in rows if not isinstance(cells, BrokenRow)] == [
        ["a", "b"], ["2", "x"], ["3", "kín"], ["4", "y"],
    ]  # fmt: skip


def test_a_quote_inside_a_name_is_a_letter(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('1,Công ty "Mẫu",x\n2,"Công ty" Mẫu,y\n', encoding="utf-8")

    assert _rows(file) == [(1, ["1", 'Công ty "Mẫu"', "x"]), (2, ["2", "Công ty Mẫu", "y"])]


def test_the_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("sep=;\na;b,c\n", encoding="utf-8")

    assert _rows(file) == [(2, ["a", "b,c"])]


def test_an_endless_line_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"a," * 3_000_000)

    with pytest.raises(UserError, match="Dòng 1 dài hơn"):
        _rows(file)


@given(st.lists(st.text(alphabet="ab\",;\n\t'ế", max_size=30), max_size=20))
def test_no_text_ends_in_an_error_or_loses_a_line(tmp_path_factory: pytest.TempPathFactory, lines: Any) -> None:
    file = tmp_path_factory.mktemp("csv") / "a.csv"
    file.write_bytes("\n".join(lines).encode())

    rows = _rows(file)

    assert [number for number, _ in rows] == sorted({number for number, _ in rows})
    if not any('"' in line for line in lines) and lines:
        assert len(rows) == len("\n".join(lines).splitlines())
