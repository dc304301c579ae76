"""What holds for the points of any numbers under any rule set in force."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua import lawbook
from motcua.indicators import score
from motcua.indicators.score import Count, RatedUnit
from motcua.lawbook.indicator_sets import IndicatorSet

ON = date(2026, 10, 10)
BOOK = lawbook.load()
SETS = [BOOK.indicator_versions(name)[-1] for name in BOOK.indicator_set_names() if name.startswith("qd766")]
NUMBER = st.one_of(st.none(), st.integers(0, 3), st.integers(0, 10**7))
UNITS = (
    RatedUnit("H20", "Tỉnh", "province"),
    RatedUnit("H20.1", "Sở", "department", "H20"),
    RatedUnit("H20.12", "Xã", "commune", "H20"),
    RatedUnit("H20.13", "Xã", "commune", "H20"),
)


@st.composite
def counts(draw: st.DrawFn, rules: IndicatorSet) -> dict[str, dict[str, Count]]:
    drawn: dict[str, dict[str, Count]] = {}
    for unit in UNITS:
        drawn[unit.code] = {}
        for indicator in rules.indicators:
            if draw(st.booleans()):
                denominator = draw(NUMBER)
                numerator = draw(st.one_of(st.none(), st.integers(0, denominator or 0)))
                drawn[unit.code][indicator.code] = Count(numerator, denominator)
    return drawn


@pytest.mark.parametrize("rules", SETS, ids=lambda rules: rules.name)
@settings(max_examples=25)
@given(data=st.data())
def test_points_are_bounded_and_groups_add_up(rules: IndicatorSet, data: st.DataObject) -> None:
    card = score.score(rules=rules, units=UNITS, counts=data.draw(counts(rules)))

    for unit in card.units:
        for row in unit.rows:
            indicator = rules.indicator(row.code)
            assert indicator is not None
            if row.points is not None:
                top = (
                    row.max_points
                    if indicator.scoring.is_capped
                    else row.max_points / Fraction(indicator.scoring.full_at)
                )
                assert 0 <= row.points <= top
            assert row.ratio is None or 0 <= row.ratio <= 1
        for points in unit.groups:
            group = rules.group(points.code)
            assert group is not None
            parts = sum((row.points or Fraction(0) for row in unit.rows if row.group == points.code), Fraction(0))
            if group.round_as_one:
                parts = score.round_half_up(parts, decimals=rules.rounding.decimals)
            assert points.points == min(parts, points.max_points)
        assert unit.total == sum(points.points for points in unit.groups)
        assert 0 <= unit.total <= Fraction(rules.max_points)


@pytest.mark.parametrize("rules", SETS, ids=lambda rules: rules.name)
@settings(max_examples=25)
@given(data=st.data())
def test_one_more_in_the_numerator_never_costs_a_point(rules: IndicatorSet, data: st.DataObject) -> None:
    before = data.draw(counts(rules))
    unit = data.draw(st.sampled_from(UNITS)).code
    code = data.draw(st.sampled_from(rules.indicators)).code
    own = before[unit].get(code)
    if own is None or own.numerator is None or own.denominator is None or own.numerator >= own.denominator:
        return
    after = {**before, unit: {**before[unit], code: Count(own.numerator + 1, own.denominator)}}

    worse = score.score(rules=rules, units=UNITS, counts=before)
    better = score.score(rules=rules, units=UNITS, counts=after)

    for old, new in zip(worse.units, better.units, strict=True):
        assert new.total >= old.total
        for old_row, new_row in zip(old.rows, new.rows, strict=True):
            assert (new_row.points or 0) >= (old_row.points or 0)


@pytest.mark.parametrize("rules", SETS, ids=lambda rules: rules.name)
@settings(max_examples=15)
@given(data=st.data())
def test_rank_is_one_more_than_how_many_of_the_level_are_better(rules: IndicatorSet, data: st.DataObject) -> None:
    card = score.score(rules=rules, units=UNITS, counts=data.draw(counts(rules)))

    for unit in card.units:
        peers = [other for other in card.units if other.unit.level == unit.unit.level]
        assert unit.rank == 1 + sum(other.total > unit.total for other in peers)
        assert unit.rank_of == len(peers)
