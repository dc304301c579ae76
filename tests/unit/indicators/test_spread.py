"""Units fall into five classes of what they reach; what is unknown falls into none."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from motcua.indicators import spread
from motcua.indicators.score import Count, RatedUnit, Scorecard, score
from motcua.indicators.spread import Kind
from small_province import PORTAL

UNITS = tuple(RatedUnit(f"H20.{n}", f"Xã {n}", "commune", "H20") for n in range(10))
SHARES = st.lists(st.fractions(0, 1), min_size=1, max_size=60)


def a_card(on_time: list[int | None]) -> Scorecard:
    """Return ten communes of which each resolved so many of 100 dossiers on time."""
    counts = {
        unit.code: {"ON_TIME": Count(done, 100 if done is not None else None)}
        for unit, done in zip(UNITS, on_time, strict=True)
    }
    return score(rules=PORTAL, units=UNITS, counts=counts)


def test_the_whole_the_groups_and_every_scored_indicator_can_be_compared_each_under_its_own_key() -> None:
    found = spread.subjects(PORTAL)

    assert found[0].maximum == 100
    assert len({one.key for one in found}) == len(found)
    assert sum(one.maximum for one in found if one.kind is Kind.GROUP) == 100
    assert {one.code for one in found if one.kind is Kind.INDICATOR} == {
        one.code for one in PORTAL.indicators if one.is_scored
    }
    assert all(spread.subject(PORTAL, one.key) == one for one in found)
    assert spread.subject(PORTAL, "không có") is None


def test_the_classes_of_a_grade_begin_where_the_grade_does() -> None:
    cuts = spread.by_grade(PORTAL)

    assert cuts == (Fraction(9, 10), Fraction(8, 10), Fraction(7, 10), Fraction(1, 2))
    assert [spread.class_of(Fraction(share, 100), cuts) for share in (100, 90, 89, 80, 70, 50, 49, 0)] == [
        0, 0, 1, 1, 2, 3, 4, 4,
    ]  # fmt: skip


def test_a_unit_without_figures_has_no_class_and_no_points() -> None:
    wanted = spread.subject(PORTAL, "ON_TIME")
    assert wanted is not None
    found = spread.reached(a_card([100, 50, None, *[80] * 7]), wanted, units={unit.code for unit in UNITS})

    assert [one.share for one in found[:3]] == [1, Fraction(1, 2), None]
    assert found[1].lost == wanted.maximum / 2
    assert found[2].lost is None


def test_only_the_units_asked_for_are_compared() -> None:
    wanted = spread.subject(PORTAL, spread.WHOLE)
    assert wanted is not None

    assert [one.unit for one in spread.reached(a_card([1] * 10), wanted, units={"H20.3", "H00"})] == ["H20.3"]


@given(SHARES)
def test_fifths_put_at_most_a_fifth_and_its_ties_into_a_class_and_better_units_never_lower(
    shares: list[Fraction],
) -> None:
    cuts = spread.by_fifths(shares)
    classes = [spread.class_of(share, cuts) for share in shares]

    assert all(0 <= found < spread.CLASSES for found in classes)
    falling = [spread.class_of(share, cuts) for share in sorted(shares, reverse=True)]
    assert falling == sorted(falling)
    for at in set(classes):
        distinct = {share for share, found in zip(shares, classes, strict=True) if found == at}
        among = sum(found == at for found in classes)
        assert among <= -(-len(shares) // spread.CLASSES) + max(shares.count(share) for share in distinct)


def test_ten_different_units_make_five_classes_of_two() -> None:
    shares = [Fraction(n, 10) for n in range(10)]
    cuts = spread.by_fifths(shares)

    assert [spread.class_of(share, cuts) for share in sorted(shares, reverse=True)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
