"""Figures as Vietnamese offices write them."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from motcua.reports import figures


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234567, 0, "1.234.567"),
        (Fraction(123456, 100), 2, "1.234,56"),
        (Fraction(5, 1000), 2, "0,01"),
        (Fraction(-5, 1000), 2, "-0,01"),
        (Fraction(0), 2, "0,00"),
        (10**17, 0, "100.000.000.000.000.000"),
        (None, 2, "–"),
    ],
)
def test_numbers_have_dots_for_thousands_and_a_decimal_comma(
    value: int | Fraction | None, decimals: int, written: str
) -> None:
    assert figures.number(value, decimals=decimals) == written


def test_halves_are_rounded_away_from_zero() -> None:
    assert figures.rounded(Fraction(25, 1000), decimals=2) == Decimal("0.03")
    assert figures.rounded(Fraction(-25, 1000), decimals=2) == Decimal("-0.03")


@pytest.mark.parametrize(
    ("value", "written"), [(Fraction(1, 2), "+0,50"), (Fraction(-1, 2), "−0,50"), (Fraction(1, 1000), "0,00")]
)
def test_changes_carry_their_sign(value: Fraction, written: str) -> None:
    assert figures.signed(value) == written


def test_ratios_are_percentages_and_days_start_with_the_day() -> None:
    assert figures.percent(Fraction(9854, 10000)) == "98,54%"
    assert figures.percent(None) == "–"
    assert figures.day(date(2024, 11, 7)) == "07/11/2024"
    assert figures.moment(datetime.fromisoformat("2024-11-07T14:05")) == "14:05 ngày 07/11/2024"
