"""Ranks and bands: what chance may do to points, who is told apart, who is not ranked at all."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua import lawbook
from motcua.indicators import bands, ranking
from motcua.indicators.bands import Band
from motcua.indicators.ranking import Candidate, Placed, Unranked
from motcua.indicators.score import Count, RatedUnit, Scorecard, score
from motcua.indicators.spread import subject
from motcua.lawbook import targets

BOOK = lawbook.load()
DAY = date(2026, 10, 1)
RULES = BOOK.indicator_set("qd766/portal", on=DAY)
RULE = targets.ranking(BOOK.root, on=DAY)
ON_TIME = next(one for one in RULES.indicators if one.code == "ON_TIME")
RATIOS = st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(RATIOS, st.floats(0.1, 4))
def test_an_interval_holds_its_ratio_and_stays_a_ratio(ratio: tuple[int, int], z: float) -> None:
    low, high = bands.wilson(*ratio, z=z)

    assert 0 <= low <= ratio[0] / ratio[1] <= high <= 1


@given(st.integers(1, 10**4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(2, 50))
def test_more_dossiers_at_the_same_ratio_narrow_the_interval(ratio: tuple[int, int], times: int) -> None:
    low, high = bands.wilson(*ratio, z=1.96)
    narrower = bands.wilson(ratio[0] * times, ratio[1] * times, z=1.96)

    assert narrower[1] - narrower[0] < high - low


def test_wilsons_interval_is_that_of_the_books() -> None:
    # 81 of 263 at z = 1.96: the worked example of Newcombe (1998), method 3.
    low, high = bands.wilson(81, 263, z=1.959964)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize("counts", [(1, 0), (-1, 3), (4, 3)])
def test_what_is_no_ratio_has_no_interval(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="/"):
        bands.wilson(*counts, z=1)


def scored(late: dict[str, tuple[int, int]]) -> Scorecard:
    units = [RatedUnit(code, code, "commune") for code in late]
    counts = {code: {"ON_TIME": Count(total - bad, total)} for code, (bad, total) in late.items()}
    return score(rules=RULES, units=units, counts=counts)


def placed(late: dict[str, tuple[int, int]], key: str = "ON_TIME") -> dict[str, Placed]:
    wanted, card = subject(RULES, key), scored(late)
    assert wanted is not None
    found = ranking.rank(
        [ranking.candidate(one, wanted, rules=RULES, z=RULE.z) for one in card.units], minimum=RULE.minimum
    )
    return {one.candidate.code: one for one in found}


@pytest.mark.parametrize("key", ["ON_TIME", "TONG", "nhom-TDGQ"])
def test_nobody_wins_by_one_dossier(key: str) -> None:
    found = placed({"a": (3, 100), "b": (4, 100)}, key)

    assert (found["a"].rank, found["b"].rank) == (1, 2)
    assert found["a"].alike == ("b",)
    assert found["b"].best == 1
    assert found["a"].worst == 2


def test_units_of_many_dossiers_are_told_apart_by_the_same_ratios() -> None:
    found = placed({"a": (3_000, 100_000), "b": (4_000, 100_000)})

    assert found["a"].alike == ()
    assert (found["a"].best, found["a"].worst, found["b"].best, found["b"].worst) == (1, 1, 2, 2)


def test_a_unit_below_the_minimum_is_named_without_a_rank() -> None:
    found = placed({"a": (0, RULE.minimum - 1), "b": (5, RULE.minimum)})

    assert found["a"].unranked is Unranked.FEW
    assert found["a"].rank is None
    assert found["b"].rank == 1


def test_a_unit_of_which_nothing_is_known_is_not_the_last() -> None:
    card = score(rules=RULES, units=[RatedUnit("a", "A", "commune")], counts={})
    wanted = subject(RULES, "ON_TIME")
    assert wanted is not None

    found = ranking.rank([ranking.candidate(card.units[0], wanted, rules=RULES, z=1)], minimum=1)

    assert found[0].unranked is Unranked.UNKNOWN


def test_above_the_target_nothing_is_left_to_chance_and_a_stock_has_no_band() -> None:
    counts = {"a": {"ONLINE_DOSSIERS": Count(990, 1000), "PUBLIC_CONTENT_FULL": Count(5, 10)}}
    card = score(rules=RULES, units=[RatedUnit("a", "A", "commune")], counts=counts)
    for code in ("ONLINE_DOSSIERS", "PUBLIC_CONTENT_FULL"):
        indicator = RULES.indicator(code)
        assert indicator is not None
        band = bands.of_row(card.of("a").row(code), indicator, z=2)
        assert band.low == band.high == band.points


CANDIDATES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 20), st.integers(0, 20), st.integers(0, 60)), min_size=1, max_size=12
).map(
    lambda rows: [
        Candidate(str(n), str(n), "commune", Fraction(p), Fraction(100), Band(p, p - d, p + u), count)
        for n, (p, d, u, count) in enumerate(rows)
    ]
)


@given(CANDIDATES)
def test_a_rank_lies_among_the_places_a_unit_could_hold(candidates: list[Candidate]) -> None:
    found = ranking.rank(candidates, minimum=30)

    assert sorted(one.candidate.code for one in found) == sorted(one.code for one in candidates)
    for one in found:
        if one.rank is None:
            assert one.candidate.counted is not None
            assert one.candidate.counted < 30
            continue
        assert one.best is not None
        assert one.worst is not None
        assert one.best <= one.rank <= one.worst


@given(CANDIDATES)
def test_not_being_told_apart_is_mutual_and_ranks_count_those_above(candidates: list[Candidate]) -> None:
    found = {one.candidate.code: one for one in ranking.rank(candidates, minimum=30) if one.rank}

    for code, one in found.items():
        assert all(code in found[other].alike for other in one.alike)
        assert one.rank == 1 + sum(other.candidate.points > one.candidate.points for other in found.values())


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 9), min_size=1))
def test_size_classes_follow_size_and_equals_stay_together(sizes: dict[str, int]) -> None:
    found = ranking.size_classes(sizes, classes=3)

    assert found.keys() == sizes.keys()
    assert all(0 <= one < 3 for one in found.values())
    for one, size in sizes.items():
        assert all(found[one] <= found[other] for other, larger in sizes.items() if size <= larger)


def test_every_stated_target_names_an_indicator_of_the_set() -> None:
    for path in sorted((BOOK.root / targets.FOLDER / targets.STATED).glob("*.toml")):
        for one in targets.read_stated(path):
            assert RULES.indicator(one.indicator) is not None, (path.name, one.indicator)


def test_no_target_is_stated_before_the_first_document() -> None:
    assert targets.stated(BOOK.root, on=date(2023, 2, 16)) == {}
    assert targets.stated(BOOK.root, on=date(2023, 2, 17))["ON_TIME"].ratio == Fraction(99, 100)
