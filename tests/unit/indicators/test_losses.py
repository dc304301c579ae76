"""Points lost by arithmetic: how much, what one more brings, how many fill the row."""

from datetime import date
from fractions import Fraction

from motcua import lawbook
from motcua.indicators import losses, score
from motcua.indicators.losses import Loss
from motcua.indicators.score import Count, RatedUnit, Scorecard

PORTAL = lawbook.load().indicator_set("qd766/portal", on=date(2026, 10, 10))
UNITS = (RatedUnit("H20", "Tỉnh", "province"), RatedUnit("H20.12", "Xã", "commune", "H20"))


def scored(**counts: Count) -> Scorecard:
    return score.score(rules=PORTAL, units=UNITS, counts={"H20": counts, "H20.12": {}})


def loss(code: str, count: Count, *, unit: str = "H20") -> Loss:
    found = losses.of_unit(scored(**{code: count}).of(unit), rules=PORTAL)
    return next(each for each in found if each.row.code == code)


def test_on_time_loses_in_proportion() -> None:
    found = loss("ON_TIME", Count(80, 100))

    assert found.lost == 4
    assert (found.missing, found.to_fill) == (20, 20)
    assert found.one_more == Fraction(1, 5)


def test_rounding_forgives_the_last_few() -> None:
    found = loss("ON_TIME", Count(9_990, 10_000))

    assert (found.to_fill, found.to_show_full) == (10, 8)


def test_beyond_the_target_nothing_more_is_won() -> None:
    found = loss("REUSED_DIGITIZED_DATA", Count(80, 100))

    assert found.lost == 0
    assert found.one_more == 0
    assert (found.missing, found.to_fill) == (20, 0)


def test_the_last_one_below_the_target_brings_only_what_is_left() -> None:
    found = loss("REUSED_DIGITIZED_DATA", Count(2, 3))

    assert found.to_fill == 1
    assert found.one_more == 2 - 2 * Fraction(2, 3) / Fraction(8, 10)


def test_a_small_factor_keeps_the_row_from_filling() -> None:
    found = loss("ONLINE_DOSSIERS", Count(10, 100, Fraction(2, 5)))

    assert found.to_fill is None
    assert found.one_more == Fraction(6) * Fraction(1, 100) * Fraction(2, 5) / Fraction(1, 2)


def test_what_is_inherited_is_for_the_province_to_win_back() -> None:
    found = loss("PUBLISH_ON_TIME", Count(1, 47), unit="H20.12")

    assert (found.unit, found.responsible, found.missing) == ("H20.12", "H20", 46)


def test_without_numbers_all_is_lost_and_nothing_can_be_said_of_one_more() -> None:
    found = loss("DOSSIER_SYNC", Count(0, 0))

    assert found.lost == 6
    assert (found.missing, found.one_more, found.to_fill, found.to_show_full) == (None, None, None, None)


def test_the_largest_loss_comes_first_and_full_rows_do_not_come() -> None:
    card = scored(ON_TIME=Count(1, 2), PUBLISH_ON_TIME=Count(0, 1), PUBLIC_CONTENT_FULL=Count(2, 2))

    found = [each.row.code for each in losses.largest(card, unit="H20")]

    assert found[0] == "ON_TIME"
    assert "PUBLIC_CONTENT_FULL" not in found


def test_one_indicator_is_followed_through_all_units() -> None:
    card = scored(PUBLISH_ON_TIME=Count(1, 47))

    assert [unit.unit.code for unit, _ in losses.by_unit(card, indicator="PUBLISH_ON_TIME")] == ["H20", "H20.12"]
