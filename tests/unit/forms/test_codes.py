"""Barcode and QR: read back by an independent reader of bars."""

import re
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.forms import codes

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
CODES = st.from_regex(r"\A[GH][0-9]{2}(\.[0-9]{1,3}){0,2}-[0-9]{6}-[0-9]{4}\Z")


def read_back(modules: str) -> str:
    """Read Code 128 from its modules: widths, values, check, letters."""
    widths = "".join(str(len(run)) for run in re.findall("1+|0+", modules))
    symbols = [widths[n : n + 6] for n in range(0, len(widths) - 7, 6)]
    assert widths[-7:] == "2331112"
    values = [codes._WIDTHS.index(symbol) for symbol in symbols]
    start, *data, check = values
    assert check == (start + sum(n * value for n, value in enumerate(data, 1))) % 103
    pairs = start == 105
    text = ""
    for value in data:
        if value == (100 if pairs else 99):
            pairs = not pairs
        else:
            text += f"{value:02}" if pairs else chr(value + 32)
    return text


def test_the_table_is_that_of_the_standard() -> None:
    assert len(set(codes._WIDTHS)) == 107
    assert all(sum(map(int, widths)) == 11 for widths in codes._WIDTHS[:106])
    # Bars of a symbol are together even: the standard's own check of the table.
    assert all(sum(map(int, widths[::2])) % 2 == 0 for widths in codes._WIDTHS[:106])


def test_a_known_symbol() -> None:
    # The example of the literature has check 54 with start A (103); with start B (104) the check is one more.
    assert codes.code128_values("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]


@given(PRINTABLE | CODES)
def test_any_code_is_read_back(text: str) -> None:
    assert read_back(codes.code128_modules(text)) == text


def test_figures_go_in_pairs_so_that_the_bars_stay_short() -> None:
    assert len(codes.code128_modules("260307")) < len(codes.code128_modules("ABCDEF"))
    assert read_back(codes.code128_modules("12345")) == "12345"


@pytest.mark.parametrize("text", ["", "Hồ sơ"])
def test_what_code_128_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        codes.code128_values(text)


def test_svg_and_png_show_the_same_bars() -> None:
    modules = "0" * 10 + codes.code128_modules("H05.12-260307-0001") + "0" * 10
    drawn = ["0"] * len(modules)
    for at, width in re.findall(r"M(\d+) 0h(\d+)", codes.code128_svg("H05.12-260307-0001")):
        drawn[int(at) : int(at) + int(width)] = "1" * int(width)

    image = codes.code128_png("H05.12-260307-0001", height=2, module=1)
    width, height = struct.unpack(">II", image[16:24])
    packed = zlib.decompress(image[image.index(b"IDAT") + 4 : -16])
    row = "".join(f"{byte:08b}" for byte in packed[1 : 1 + (width + 7) // 8])[:width]

    assert "".join(drawn) == modules
    assert (width, height) == (len(modules), 2)
    assert row.translate(str.maketrans("01", "10")) == modules


def test_the_qr_is_drawn_for_screen_and_paper() -> None:
    assert codes.qr_svg("https://motcua.example.vn/h/1").startswith("<svg")
    assert codes.qr_png("https://motcua.example.vn/h/1").startswith(b"\x89PNG")
