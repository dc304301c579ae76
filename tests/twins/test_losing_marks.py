"""The bits by which the live ledger orders dossiers say what the lists of the spine say, and the shares add up."""

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import fact_rows
import small_province
from motcua.facts import engine, fold, listing
from motcua.facts.dataset import Dataset
from motcua.indicators import evaluate, score
from motcua.indicators.evaluate import Data, Evaluation
from motcua.indicators.score import Count, RatedUnit
from motcua.kernel.time import VIETNAM, Period
from motcua.live import ledger, ledger_order, losing_marks, rows
from motcua.live.ledger import Narrowing
from motcua.live.losing_marks import LATE_OPEN

RULES = small_province.PORTAL
OPTIONS = evaluate.fact_options(RULES)
BY_DOSSIER = [(one, lost_by) for one in RULES.indicators if (lost_by := losing_marks.of_indicator(one))]
# Late enough that everything drawn is known, as it is to live rows: what lies ahead is not in the log yet.
LATEST = fact_rows.FIRST + timedelta(days=40)
ROWS = st.lists(fact_rows.DOSSIERS, min_size=1, max_size=40).map(
    lambda drawn: [
        row | {"dossier_code": f"{place:03}", "received_at": row["received_at"] or fact_rows.FIRST}
        for place, row in enumerate(drawn)
    ]
)


def _held(row: dict[str, Any], *, period: Period) -> tuple[int, bool, bool]:
    """Return the dossier's bits at the cut-off, and whether the period received and handled it."""
    share = rows.share(row, options=OPTIONS)
    fact = fold.facts(row, on=LATEST, options=OPTIONS)
    cut_off = fold.cut_off(period=period, on=LATEST).replace(tzinfo=VIETNAM)
    is_late_open = share.open_due_at is not None and share.open_due_at < cut_off
    return (
        share.reasons | (LATE_OPEN if is_late_open else 0),
        fold.is_received(fact, period=period),
        fold.is_handled(fact, period=period),
    )


@settings(max_examples=15)
@given(drawn=ROWS, period=fact_rows.PERIODS)
def test_every_indicator_loses_the_dossiers_and_for_the_reasons_that_the_spine_lists(
    drawn: list[dict[str, Any]], period: Period
) -> None:
    dataset = Dataset.of_tables({"dossiers": fact_rows.frame(drawn)})
    listed = engine.dossiers(dataset, unit="H01", period=period, on=LATEST, options=OPTIONS)
    held = {row["dossier_code"]: _held(row, period=period) for row in drawn}

    for indicator, lost_by in BY_DOSSIER:
        whole = next(name for name in indicator.denominator if name.startswith("dossiers."))
        lost = listing.losing(listed, numerator=indicator.numerator or "", denominator=whole, options=OPTIONS)
        expected = {row["dossier_code"]: set(row["reasons"]) for row in lost.iter_rows(named=True)}
        repairable = {row["dossier_code"]: row["is_repairable"] for row in lost.iter_rows(named=True)}
        found = {
            code: bits
            for code, (bits, is_received, is_handled) in held.items()
            if (is_handled if lost_by.is_handled else is_received) and lost_by.loses(bits)
        }
        told = {code: {one.code for one in losing_marks.reasons(lost_by.of(bits))} for code, bits in found.items()}
        assert told == expected, indicator.code
        assert {code: lost_by.is_repairable(bits) for code, bits in found.items()} == repairable, indicator.code


def test_every_scored_indicator_that_counts_dossiers_can_be_listed() -> None:
    counting = {one.code for one in RULES.indicators if one.is_scored and (one.numerator or "").startswith("dossiers.")}

    assert counting == {one.code for one, _ in BY_DOSSIER if one.is_scored}


def _evaluated(drawn: list[dict[str, Any]], *, period: Period) -> Evaluation:
    dataset = Dataset.of_tables({"dossiers": fact_rows.frame(drawn)})
    measures = engine.measure(dataset, period=period, on=LATEST, options=OPTIONS)
    return evaluate.of_measures(measures, data=Data(dataset, (), None, None, None), rules=RULES)


@settings(max_examples=15)
@given(drawn=ROWS, period=fact_rows.PERIODS)
def test_the_ledger_adds_up_to_the_loss_and_with_what_hangs_on_no_dossier_to_the_whole_of_it(
    drawn: list[dict[str, Any]], period: Period
) -> None:
    evaluation = _evaluated(drawn, period=period)
    for unit in evaluation.measures.units:
        scored = evaluation.scorecard.of(unit)
        below = set(evaluation.measures.tree.below(unit))
        marks = ledger.marks(scored, rules=RULES)
        counted: Counter[tuple[int, bool, bool]] = Counter()
        for row in drawn:
            bits, is_received, is_handled = _held(row, period=period)
            if row["unit_code"] in below and is_handled:
                counted[bits & ~LATE_OPEN, bool(bits & LATE_OPEN), not is_received] += 1
        kinds = [kind for key in counted if (kind := ledger.kind(key, marks=marks))]
        total = sum((kind.points * counted[kind.key] for kind in kinds), Fraction(0))

        account = ledger.balance(scored, rules=RULES)
        assert total == account.dossiers == sum((mark.loss.lost for mark in marks), Fraction(0))
        assert account.lost == Fraction(100) - scored.total
        assert (
            account.dossiers + account.unlisted + account.other_points + account.unknown_points + account.rounding
            == account.lost
        )
        for mark in marks:
            narrowing = Narrowing(indicator=mark.indicator.code)
            only = [kind for key in counted if (kind := ledger.kind(key, marks=marks, narrowing=narrowing))]
            assert sum((kind.points * counted[kind.key] for kind in only), Fraction(0)) == mark.loss.lost


NARROWINGS = st.builds(
    Narrowing,
    indicator=st.sampled_from(["", "ON_TIME", "SO_HOA_GIAY_TO_GIAI_QUYET"]),
    reason=st.sampled_from(["", "late_finish", "no_result_file"]),
    repair=st.sampled_from(["", "yes", "no"]),
)


@settings(max_examples=30)
@given(drawn=ROWS, narrowing=NARROWINGS)
def test_the_order_weighs_what_the_kind_loses(drawn: list[dict[str, Any]], narrowing: Narrowing) -> None:
    period = Period.year(2026)
    evaluation = _evaluated(drawn, period=period)
    marks = ledger.marks(evaluation.scorecard.of("H01"), rules=RULES)
    weighings = ledger_order.weighings(marks, narrowing=narrowing)
    held = sorted({_held(row, period=period)[0] & ~LATE_OPEN for row in drawn})

    for reasons in held:
        for is_late_open in (False, True):
            for is_carried in (False, True):
                key = (reasons, is_late_open, is_carried)
                kind = ledger.kind(key, marks=marks, narrowing=narrowing)
                weight = ledger_order.weight(key, weighings=weighings)
                assert (kind is None) == (weight == 0)
                if kind is not None:
                    # Each mark is rounded to a whole part once.
                    assert abs(kind.points * ledger_order.PARTS - weight) <= len(kind.marks)
    walked = ledger_order.walk(held, weighings=weighings)
    assert walked == sorted(
        (
            (weight, reasons)
            for reasons in held
            if (weight := ledger_order.weight((reasons, False, False), weighings=weighings))
        ),
        key=lambda one: (-one[0], one[1]),
    )


@settings(max_examples=200)
@given(data=st.data())
def test_leaving_lost_dossiers_out_never_costs_points(data: st.DataObject) -> None:
    indicator = data.draw(st.sampled_from([one for one, _ in BY_DOSSIER]))
    denominator = data.draw(st.integers(1, 300))
    numerator = data.draw(st.integers(0, denominator))
    left_out = data.draw(st.integers(0, denominator - numerator))
    factor = data.draw(st.sampled_from([Fraction(1), Fraction(2, 3)]))

    def total(less: int) -> Fraction:
        counts = {"H20": {indicator.code: Count(numerator, denominator - less, factor)}}
        return score.score(rules=RULES, units=[RatedUnit("H20", "Tỉnh", "province")], counts=counts).units[0].total

    assert total(left_out) >= total(0)


def test_what_is_left_out_leaves_the_denominator_of_that_indicator_only() -> None:
    moment = datetime.fromisoformat("2026-03-02T09:00")
    drawn = [
        dict.fromkeys(fact_rows.SCHEMA)
        | {"dossier_code": code, "unit_code": "H01.1", "received_at": moment, "channel": 1, "due_at": due}
        for code, due in (("1", moment + timedelta(days=1)), ("2", moment + timedelta(days=30)))
    ]
    measures = _evaluated(drawn, period=Period.month(2026, 3)).measures

    counts = evaluate.counts_of(measures, rules=RULES, left_out={"H01.1": {"ON_TIME": 1}})

    assert (counts["H01.1"]["ON_TIME"].numerator, counts["H01.1"]["ON_TIME"].denominator) == (1, 1)
    assert counts["H01"]["ON_TIME"].denominator == 2
    assert counts["H01.1"]["ONLINE_DOSSIERS"].denominator == 2
