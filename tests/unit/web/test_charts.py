"""Charts say what they show: in words, in signs, in the table behind them."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.web.charts import bars, trend
from motcua.web.charts.figures import Table, as_csv, shown, ticks
from motcua.web.charts.trend import Point, Series

MONTHS = tuple(f"{month:02}/2026" for month in range(1, 13))


def a_line(*values: float | None, name: str = "Điểm") -> Series:
    return Series(name, tuple(Point(label, value) for label, value in zip(MONTHS, values, strict=False)))


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own drawing


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(1, 10))
def test_ticks_enclose_the_values_in_equal_round_steps(low: float, wide: float, about: int) -> None:
    found = ticks(low, low + wide, about=about)

    span = found[-1] - found[0]
    assert found[0] <= low + 1e-6 * max(1.0, span)
    assert found[-1] >= low + wide - 1e-6 * max(1.0, span)
    assert 2 <= len(found) <= 2 * about + 3


def test_ticks_of_points_are_numbers_a_reader_expects() -> None:
    assert ticks(0, 100) == (0, 25, 50, 75, 100)
    assert ticks(61.2, 68.9) == (60, 62, 64, 66, 68, 70)
    assert ticks(5, 5) == (5, 5.25, 5.5, 5.75, 6)


def test_a_month_without_figures_is_a_gap_in_the_line_and_a_dash_in_the_table() -> None:
    chart = trend.chart([a_line(60, None, 62, 63)], finding="Điểm tăng", unit="điểm")

    lines = re.findall(r'class="line s0"', chart.wide)
    assert len(lines) == 1  # only from the third month to the fourth
    assert chart.table.rows[1] == ("02/2026", "—")
    assert chart.table.rows[3] == ("04/2026", "63,00")


def test_a_running_month_is_told_by_a_light_mark_and_by_words() -> None:
    points = (Point("01/2026", 60.0), Point("02/2026", 61.0, is_running=True))
    chart = trend.chart([Series("Điểm", points)], finding="Điểm tăng", unit="điểm", target=80)

    assert 'class="mark s0 running"' in chart.wide
    assert chart.table.rows[1][0] == "02/2026 (chưa hết kỳ)"
    assert "mục tiêu 80" in chart.wide


def test_several_lines_have_a_sign_each_and_are_named() -> None:
    chart = trend.chart(
        [a_line(1, 2, name="Xã A"), a_line(2, 3, name="Xã B"), a_line(3, 1, name="Xã C")], finding="x", unit="điểm"
    )

    assert {"Xã A", "Xã B", "Xã C"} <= set(re.findall(r">([^<>]+)</text>", chart.narrow))
    shapes = {element.tag.rpartition("}")[2] + (element.get("class") or "") for element in parsed(chart.wide).iter()}
    assert {"circlemark s0", "polygonmark s1", "polygonmark s2"} <= shapes


def test_too_many_lines_or_lines_of_other_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="series"):
        trend.chart([a_line(1)] * 7, finding="x", unit="điểm")
    with pytest.raises(ValueError, match="unequal"):
        trend.chart([a_line(1), a_line(1, 2)], finding="x", unit="điểm")


def test_a_name_cannot_smuggle_markup_into_a_drawing() -> None:
    name = '<script>alert("1")</script>'
    drawn = bars.bars([bars.Bar(name, 1.0, 2.0)], finding=name, head="Đơn vị", unit="điểm")

    assert "<script" not in drawn.wide + drawn.narrow
    assert parsed(drawn.wide).get("aria-label") == name


def test_every_drawing_is_well_formed_and_needs_nothing_that_the_policy_of_pages_forbids() -> None:
    drawings = [
        trend.small(a_line(1, 2, 3).points, label="Điểm 3 tháng", target=2),
        trend.chart([a_line(*range(12))], finding="x", unit="%").narrow,
        bars.bars([bars.Bar("A", None, 2.0), bars.Bar("B", 1, 2, 1.5)], finding="x", head="h", unit="u").wide,
        bars.dots([bars.Dot("A", 50, 40, 60)], finding="x", head="h", unit="u", maximum=100).wide,
    ]

    for drawing in drawings:
        assert parsed(drawing).get("role") == "img"
        assert "style=" not in drawing
        assert " on" not in re.sub(r">[^<]*<", "><", drawing)


def test_a_band_lies_around_its_dot_within_the_axis() -> None:
    drawn = parsed(bars.dots([bars.Dot("A", 98, 90, 104)], finding="x", head="h", unit="u", maximum=100).wide)

    band = next(one for one in drawn.iter() if one.get("class") == "band")
    dot = next(one for one in drawn.iter() if one.get("class") == "mark s0")
    low, high, at = (float(text or "nan") for text in (band.get("x1"), band.get("x2"), dot.get("cx")))
    assert low < at < high == 656


def test_figures_are_written_the_vietnamese_way() -> None:
    assert shown(1234567.891) == "1.234.567,89"
    assert shown(None) == "—"


def test_a_name_that_looks_like_a_formula_is_not_one_in_the_download() -> None:
    text = as_csv(Table(("Đơn vị", "Điểm"), (("=1+1", "-2,50"),)))

    assert text == '\ufeffĐơn vị,Điểm\r\n\'=1+1,"-2,50"\r\n'
