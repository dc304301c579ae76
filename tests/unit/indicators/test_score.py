"""Points from counts: the rules of the set, applied exactly."""

from datetime import date
from fractions import Fraction

import pytest

from motcua import lawbook
from motcua.indicators import score
from motcua.indicators.score import Basis, Count, RatedUnit, UnitScore

PORTAL = lawbook.load().indicator_set("qd766/portal", on=date(2026, 10, 10))
PROVINCE = RatedUnit(code="H20", name="Đồng Tháp", level="province")
COMMUNE = RatedUnit(code="H20.12", name="Xã", level="commune", parent="H20")


def scored(counts: dict[str, Count], *, unit: RatedUnit = PROVINCE) -> UnitScore:
    return score.score(rules=PORTAL, units=[unit], counts={unit.code: counts}).units[0]


def hundredths(points: Fraction | None) -> int | None:
    return None if points is None else int(points * 100)


@pytest.mark.parametrize(
    ("code", "numerator", "denominator", "expected"),
    [
        ("ON_TIME", 358660, 405424, 1769),
        ("PUBLISH_ON_TIME", 0, 52, 0),
        ("PUBLIC_UPDATE_ON_TIME", 45, 52, 346),
        ("REUSED_DIGITIZED_DATA", 119406, 405424, 74),
        ("SO_HOA_GIAY_TO_GIAI_QUYET", 96583, 405424, 95),
        ("DOSSIER_RECEIVING_SATISFACTION", 358522, 405424, 590),
        ("DOSSIER_RECEIVING_SATISFACTION", 91, 100, 600),
        ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 13378, 670009, 8),
    ],
)
def test_a_row_is_what_the_portal_published(code: str, numerator: int, denominator: int, expected: int) -> None:
    row = scored({code: Count(numerator, denominator)}).row(code)

    assert hundredths(row.points) == expected


def test_no_petitions_give_all_their_points() -> None:
    unit = scored({"PETITION_PROCESSING_ON_TIME": Count(0, 0), "PETITION_HANDLING_SATISFACTION": Count(0, 0)})

    assert unit.row("PETITION_PROCESSING_ON_TIME").points == 6
    assert unit.row("PETITION_HANDLING_SATISFACTION").basis is Basis.ZERO_DENOMINATOR


def test_certified_copies_are_full_where_the_portal_shows_null() -> None:
    row = scored({"ELECTRONIC_CERTIFIED_COPY": Count(None, None)}).row("ELECTRONIC_CERTIFIED_COPY")

    assert row.points == 2
    assert row.ratio == 1


def test_a_unit_without_dossiers_scores_as_the_portal_showed_it() -> None:
    # Thanh tra tỉnh Gia Lai, 10/10/2026: 5,79 + 0 + 0 + 0 + 2 + 12 = 19,79
    none = Count(0, 0)
    counts = {indicator.code: none for indicator in PORTAL.indicators}
    counts |= {
        "PUBLISH_ON_TIME": Count(1, 47),
        "PUBLIC_UPDATE_ON_TIME": Count(43, 47),
        "PUBLIC_CONTENT_FULL": Count(47, 47),
        "ELECTRONIC_CERTIFIED_COPY": Count(None, None),
    }

    unit = scored(counts)

    assert [hundredths(group.points) for group in unit.groups] == [579, 0, 0, 0, 200, 1200]
    assert hundredths(unit.total) == 1979
    assert unit.row("DOSSIER_SYNC").points is None


def test_payment_is_rounded_once_for_the_whole_group() -> None:
    unit = scored(
        {"PAY_DOSSIERS": Count(227321, 264583), "PAY_FORMALITIES": Count(113, 330), "PAY_PROVISION": Count(54, 330)}
    )

    parts = [row.points for row in unit.rows if row.group == "TTTT"]
    assert unit.group("TTTT").points == Fraction(642, 100)
    assert sum(score.round_half_up(part, decimals=2) for part in parts if part is not None) == Fraction(643, 100)


def test_a_payment_ratio_above_the_target_earns_no_more() -> None:
    unit = scored({"PAY_DOSSIERS": Count(83, 83), "PAY_FORMALITIES": Count(15, 16), "PAY_PROVISION": Count(0, 16)})

    assert unit.group("TTTT").points == 8


def test_a_commune_takes_the_ratio_of_its_province() -> None:
    card = score.score(
        rules=PORTAL,
        units=[PROVINCE, COMMUNE],
        counts={"H20": {"PUBLISH_ON_TIME": Count(1, 47)}, "H20.12": {"ON_TIME": Count(1, 2)}},
    )

    row = card.of("H20.12").row("PUBLISH_ON_TIME")
    assert (hundredths(row.points), row.basis, row.inherited_from) == (13, Basis.INHERITED, "H20")


def test_its_own_number_wins_over_the_province() -> None:
    card = score.score(
        rules=PORTAL,
        units=[PROVINCE, COMMUNE],
        counts={"H20": {"PUBLISH_ON_TIME": Count(1, 47)}, "H20.12": {"PUBLISH_ON_TIME": Count(1, 1)}},
    )

    assert card.of("H20.12").row("PUBLISH_ON_TIME").points == 6


def test_what_is_not_inherited_stays_unknown() -> None:
    card = score.score(rules=PORTAL, units=[PROVINCE, COMMUNE], counts={"H20": {"ON_TIME": Count(1, 1)}, "H20.12": {}})

    assert card.of("H20.12").row("ON_TIME").points is None


def test_a_group_for_which_nothing_was_given_is_missing_and_counts_nothing() -> None:
    unit = scored({"ON_TIME": Count(9, 10)})

    assert unit.missing == ("CKMB", "CLGQ", "TTTT", "MDSH", "MDHL")
    assert unit.total == 18
    assert unit.row("ELECTRONIC_CERTIFIED_COPY").basis is Basis.ABSENT


def test_ranks_count_everybody_before_a_unit() -> None:
    units = [RatedUnit(code=f"H20.{place}", name="", level="commune") for place in range(4)]
    counts = {
        unit.code: {"ON_TIME": Count(on_time, 100)} for unit, on_time in zip(units, (80, 90, 90, 70), strict=True)
    }

    card = score.score(rules=PORTAL, units=units, counts=counts)

    assert [unit.rank for unit in card.units] == [3, 1, 1, 4]
    assert {unit.rank_of for unit in card.units} == {4}


def test_levels_are_ranked_apart() -> None:
    card = score.score(rules=PORTAL, units=[PROVINCE, COMMUNE], counts={"H20": {}, "H20.12": {"ON_TIME": Count(1, 1)}})

    assert [(unit.rank, unit.rank_of) for unit in card.units] == [(1, 1), (1, 1)]


def test_a_numerator_above_the_denominator_counts_as_all() -> None:
    row = scored({"ON_TIME": Count(11, 10)}).row("ON_TIME")

    assert row.points == 20
    assert row.ratio == 1


def test_a_factor_multiplies_the_ratio() -> None:
    row = scored({"ONLINE_DOSSIERS": Count(40, 100, Fraction(1, 2))}).row("ONLINE_DOSSIERS")

    assert row.ratio == Fraction(1, 5)
    assert row.exact == Fraction(6, 1) * Fraction(1, 5) / Fraction(1, 2)


def test_an_unknown_factor_leaves_the_row_unknown() -> None:
    row = scored({"ONLINE_DOSSIERS": Count(40, 100, None)}).row("ONLINE_DOSSIERS")

    assert (row.basis, row.points) == (Basis.UNKNOWN, None)


def test_information_is_shown_and_not_scored() -> None:
    row = scored({"PETITION_CLASSIFICATION_STAFF": Count(1, 4)}).row("PETITION_CLASSIFICATION_STAFF")

    assert row.ratio == Fraction(1, 4)
    assert row.points is None
    assert row.lost == 0


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Fraction(5, 1000), 1), (Fraction(4999, 1000000), 0), (Fraction(15, 1000), 2), (Fraction(1, 3), 33)],
)
def test_halves_are_rounded_up(value: Fraction, expected: int) -> None:
    assert score.round_half_up(value, decimals=2) == Fraction(expected, 100)


def test_asking_for_what_is_not_there_says_so() -> None:
    card = score.score(rules=PORTAL, units=[PROVINCE], counts={})

    with pytest.raises(KeyError):
        card.of("H99")
    with pytest.raises(KeyError):
        card.units[0].row("NO_SUCH")
