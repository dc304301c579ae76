"""What a simulation says equals scoring the data as it would have been; the fewest dossiers are the fewest."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import small_province
from motcua.indicators import evaluate
from motcua.simulation import changing, gaining, smallest, targets
from motcua.simulation import repairs as repairing
from motcua.simulation.repairs import Choice, Repair
from motcua.simulation.smallest import Lift, PatternClass

FRACTIONS = st.fractions(min_value=0, max_value=4, max_denominator=12)


@settings(max_examples=15)
@given(rows=small_province.dossiers(), repair=st.sampled_from(Repair), data=st.data())
def test_a_repair_lifts_the_numerator_by_what_it_repairs_and_moves_no_denominator(
    rows: list[dict[str, Any]], repair: Repair, data: st.DataObject
) -> None:
    before = small_province.scored(rows)
    facts = repairing.facts(before, unit="H20")
    indicator = repairing.indicator_of(repair, before.rules)
    missed = repairing.missed(before, facts, indicator=indicator, choice=Choice())["dossier_code"].to_list()
    chosen = data.draw(st.sets(st.sampled_from(missed))) if missed else set()

    repaired = repairing.repaired(before.data, repairs={repair: chosen}, on=before.on)
    after = evaluate.evaluate(repaired, rules=before.rules, period=before.period, on=before.on, clock=before.clock)

    old, new = before.scorecard.of("H20"), after.scorecard.of("H20")
    lifted = (new.row(indicator.code).count.numerator or 0) - (old.row(indicator.code).count.numerator or 0)
    assert lifted == len(chosen)
    assert [row.count.denominator for row in new.rows] == [row.count.denominator for row in old.rows]
    assert new.total >= old.total


@settings(max_examples=10)
@given(rows=small_province.dossiers(), target=st.integers(1, 100))
def test_another_target_equals_scoring_with_that_target_from_the_start(rows: list[dict[str, Any]], target: int) -> None:
    before = small_province.scored(rows)
    rules = targets.with_targets(before.rules, {"3.3": Decimal(target) / 100, "ON_TIME": Decimal(target) / 100})

    assert targets.under(before, rules=rules).scorecard == small_province.scored(rows, rules=rules).scorecard


@settings(max_examples=15)
@given(rows=small_province.dossiers(), data=st.data())
def test_counting_more_by_hand_scores_as_repairing_the_dossiers_does(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    before = small_province.scored(rows)
    repair = Repair.PAID_ONLINE  # it lifts one measure and no other
    indicator = repairing.indicator_of(repair, before.rules)
    unit = data.draw(st.sampled_from(before.measures.units))
    facts = repairing.facts(before, unit=unit)
    missed = repairing.missed(before, facts, indicator=indicator, choice=Choice())["dossier_code"].to_list()
    chosen = data.draw(st.sets(st.sampled_from(missed))) if missed else set()

    repaired = repairing.repaired(before.data, repairs={repair: chosen}, on=before.on)
    wanted = evaluate.evaluate(repaired, rules=before.rules, period=before.period, on=before.on, clock=before.clock)
    found = changing.with_more(before, unit=unit, more={indicator.numerator or "": len(chosen)})

    for code in before.measures.units:
        # The unit and all above it; the others keep their counts, for nobody said that the dossiers are theirs.
        expected = wanted if unit in before.measures.tree.below(code) else before
        assert found.scorecard.of(code).row(indicator.code) == expected.scorecard.of(code).row(indicator.code)


@settings(max_examples=15)
@given(rows=small_province.dossiers(least=2), percent=st.integers(0, 100))
def test_a_wanted_ratio_is_reached_with_the_fewest(rows: list[dict[str, Any]], percent: int) -> None:
    before = small_province.scored(rows)
    ratio = Decimal(percent) / 100
    indicator = repairing.indicator_of(Repair.DIGITISED, before.rules)
    assume(changing.can_be_changed(before, unit="H20", indicator=indicator))

    more = changing.needed(before, unit="H20", ratios={indicator.code: ratio})
    after = changing.with_more(before, unit="H20", more=more).scorecard.of("H20").row(indicator.code).count

    assert after.denominator
    assert Fraction(after.numerator or 0, after.denominator) >= ratio
    assert Fraction((after.numerator or 0) - 1, after.denominator) < ratio


@settings(max_examples=150)
@given(data=st.data())
def test_the_smallest_choice_is_as_small_as_trying_all(data: st.DataObject) -> None:
    codes = ["a", "b", "c", "d"][: data.draw(st.integers(1, 4))]
    lifts = {code: Lift(data.draw(FRACTIONS), data.draw(FRACTIONS)) for code in codes}
    classes = [
        PatternClass(frozenset(data.draw(st.sets(st.sampled_from(codes), min_size=1))), data.draw(st.integers(1, 4)))
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    everything = smallest.gain_of([each.size for each in classes], classes=classes, lifts=lifts)
    points = everything * data.draw(st.fractions(min_value=0, max_value=1, max_denominator=10))

    found = smallest.smallest(classes=classes, lifts=lifts, points=points)

    assert found is not None
    fewest = min(
        sum(taken)
        for taken in product(*(range(each.size + 1) for each in classes))
        if smallest.gain_of(taken, classes=classes, lifts=lifts) >= points
    )
    assert found.gain >= points
    assert found.at_least <= fewest <= found.total
    assert found.total == fewest


def test_more_than_everything_gives_is_not_promised() -> None:
    classes = [PatternClass(frozenset({"a"}), 3)]

    assert smallest.smallest(classes=classes, lifts={"a": Lift(Fraction(1), Fraction(9))}, points=Fraction(4)) is None


@settings(max_examples=8)
@given(rows=small_province.dossiers(least=4), share=st.fractions(min_value=Fraction(1, 10), max_value=1))
def test_the_dossiers_found_gain_the_points_when_everything_is_computed_again(
    rows: list[dict[str, Any]], share: Fraction
) -> None:
    before = small_province.scored(rows)
    kinds = (Repair.ON_TIME, Repair.DIGITISED, Repair.PAID_ONLINE)
    most = gaining.find(before, unit="H20", repairs=kinds, points=Fraction(0), choice=Choice())
    assert most is not None
    assert most.dossiers == ()
    wanted = share
    found = gaining.find(before, unit="H20", repairs=kinds, points=wanted, choice=Choice())
    assume(found is not None)
    assert found is not None

    old, new = before.scorecard.of("H20"), found.after.scorecard.of("H20")
    gained = sum(
        (
            (now.exact or Fraction(0)) - (was.exact or Fraction(0))
            for was, now in zip(old.rows, new.rows, strict=True)
            if _is_of_dossiers(before, was.code)
        ),
        Fraction(0),
    )
    assert found.found.is_proven
    assert gained >= found.found.gain >= wanted
    assert len(found.dossiers) == found.found.total


def _is_of_dossiers(evaluation: evaluate.Evaluation, code: str) -> bool:
    indicator = evaluation.rules.indicator(code)
    return indicator is not None and (indicator.numerator or "").startswith("dossiers.")
