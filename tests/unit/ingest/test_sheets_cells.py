# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""Cells as exports write them: days that come first, serials, numbers kept as text and text kept as numbers."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.ingest import sheets_cells
from motcua.ingest.sheets_cells import EXCEL_1900, EXCEL_1904, Moments

MOMENT = datetime(2026, 3, 2, 14, 5, 7)

moments = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31, 23, 59, 59)).map(
    lambda one: one.replace(microsecond=0)
)


def _read(cell: Any, *, day_zero: Any = EXCEL_1900) -> Any:
    (moment,), odd = Moments(day_zero).read([cell])
    return moment, bool(odd)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("02/03/2026 14:05:07", MOMENT),
        ("2/3/2026 14:05", MOMENT.replace(second=0)),
        ("02-03-2026", datetime(2026, 3, 2)),
        ("02.03.2026", datetime(2026, 3, 2)),
        ("14:05, 02/03/2026", MOMENT.replace(second=0)),
        ("14h05 ngày 02/03/2026", MOMENT.replace(second=0)),
        ("14 giờ 05 phút, ngày 2 tháng 3 năm 2026", MOMENT.replace(second=0)),
        ("02/03/2026 02:05:07 PM", MOMENT),
        ("02/03/2026 12:05 AM", datetime(2026, 3, 2, 0, 5)),
        ("2026-03-02", datetime(2026, 3, 2)),
        ("2026-03-02 14:05:07", MOMENT),
        ("2026-03-02T07:05:07Z", MOMENT),
        ("20260302140507", MOMENT),
        (20260302140507.0, MOMENT),
        ("46083", datetime(2026, 3, 2)),
        (46083.5, datetime(2026, 3, 2, 12)),
        ("\u00a002/03/2026\u200b", datetime(2026, 3, 2)),
        (datetime(2026, 3, 2, 7, 5, 7, tzinfo=UTC), MOMENT),
        (date(2026, 3, 2), datetime(2026, 3, 2)),
        (datetime(2026, 3, 2, 14, 5, 6, 999997), MOMENT),
    ],
)
def test_a_moment_is_read_in_every_form_that_exports_use(cell: Any, expected: Any) -> None:
    assert _read(cell) == (expected, False)


@pytest.mark.parametrize(
    "cell", ["03/25/2026", "30/02/2026", "02/03/26", "02/03/2026 25:00", "mai", True, 2026, "9999"]
)
def test_what_is_no_day_is_told_and_never_read_month_first(cell: Any) -> None:
    assert _read(cell) == (None, True)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "Không có thông tin", "NULL", 0])
def test_an_empty_cell_says_nothing(cell: Any) -> None:
    assert _read(cell) == (None, False)


def test_a_day_that_software_writes_for_no_day_is_counted() -> None:
    reader = Moments()

    found, odd = reader.read(["01/01/0001 00:00:00", "01/01/1900", "0001-01-01"])

    assert (found, odd, reader.blanks) == ([None, None, None], [], 3)


@given(moments)
def test_a_day_first_text_gives_back_its_moment(moment: Any) -> None:
    assert _read(f"{moment:%d/%m/%Y %H:%M:%S}") == (moment, False)
    assert _read(f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M:%S}") == (moment, False)
    assert _read(f"{moment:%H:%M, %d/%m/%Y}") == (moment.replace(second=0), False)


@given(moments, st.sampled_from([EXCEL_1900, EXCEL_1904]))
def test_a_serial_gives_back_its_moment_to_the_second_in_both_date_systems(moment: Any, day_zero: Any) -> None:
    serial = (moment - day_zero) / timedelta(days=1)

    assert _read(serial, day_zero=day_zero) == (moment, False)
    assert _read(repr(serial), day_zero=day_zero) == (moment, False)


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.times(), st.timedeltas()))
def test_no_cell_ends_in_an_error_or_a_day_no_dossier_can_have(cell: Any) -> None:
    moment, is_odd = _read(cell)

    assert moment is None or (datetime(1990, 1, 1) <= moment < datetime(2100, 1, 1) and not is_odd)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (912345678.0, "912345678"),
        (12, "12"),
        ("'00012", "00012"),
        ("  Hộ \n tịch ", "Hộ tịch"),
        (unicodedata.normalize("NFD", "Cửa Việt"), "Cửa Việt"),
        ("N/A", None),
        (2.5, "2.5"),
    ],
)
def test_text_loses_its_noise_only(cell: Any, expected: Any) -> None:
    assert sheets_cells.text(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"), [("12", 12), (12.0, 12), ("12,0", 12), (2.5, None), ("hai", None), (True, None)]
)
def test_a_whole_number_may_be_kept_as_text(cell: Any, expected: Any) -> None:
    assert sheets_cells.whole_number(cell) == expected
