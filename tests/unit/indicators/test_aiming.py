"""Targets: when one is met, and what meeting them all would bring."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua import lawbook
from motcua.indicators import aiming
from motcua.indicators.aiming import Aim
from motcua.indicators.score import Count, RatedUnit, UnitScore, score
from motcua.lawbook.targets import Metric

RULES = lawbook.load().indicator_set("qd766/portal", on=date(2026, 10, 1))
RATIO = st.decimals("0.0001", "1", places=4)


def one(**counts: Count) -> UnitScore:
    return score(rules=RULES, units=[RatedUnit("H99", "Tỉnh", "province")], counts={"H99": counts}).units[0]


@pytest.mark.parametrize(
    ("aim", "expected"),
    [
        (Aim(Metric.RATIO, Decimal("0.95")), True),
        (Aim(Metric.RATIO, Decimal("0.96")), False),
        (Aim(Metric.POINTS, Decimal(19)), True),
        (Aim(Metric.POINTS, Decimal("19.5")), False),
        (Aim(Metric.COUNT, Decimal(95)), True),
        (Aim(Metric.COUNT, Decimal(96)), False),
    ],
)
def test_a_target_is_met_from_its_value_on(aim: Aim, expected: bool) -> None:
    assert aiming.is_met(one(ON_TIME=Count(95, 100)).row("ON_TIME"), aim) is expected


def test_whether_an_unknown_figure_meets_its_target_is_unknown() -> None:
    row = one().row("ON_TIME")

    assert [aiming.is_met(row, Aim(metric, Decimal(1))) for metric in Metric] == [None, None, None]


def test_the_target_of_a_group_is_what_it_has_once_its_indicators_reach_theirs() -> None:
    scored = one(PAY_DOSSIERS=Count(10, 100), PAY_PROVISION=Count(4, 10))

    goal = aiming.of_group(scored, "TTTT", {"PAY_DOSSIERS": Aim(Metric.RATIO, Decimal("0.5"))}, rules=RULES)

    assert goal == scored.group("TTTT").points + Fraction(6 * 4, 10)


def test_a_target_set_for_the_group_goes_before_those_of_its_indicators() -> None:
    aims = {"ON_TIME": Aim(Metric.RATIO, Decimal("0.99")), "nhom-TDGQ": Aim(Metric.POINTS, Decimal("18.5"))}

    assert aiming.of_group(one(ON_TIME=Count(1, 2)), "TDGQ", aims, rules=RULES) == Fraction(37, 2)
    assert aiming.of_total(one(ON_TIME=Count(1, 2)), aims, rules=RULES) == Fraction(37, 2)


def test_without_targets_there_is_none() -> None:
    assert aiming.of_group(one(ON_TIME=Count(1, 2)), "TDGQ", {}, rules=RULES) is None
    assert aiming.of_total(one(ON_TIME=Count(1, 2)), {}, rules=RULES) is None


@given(st.integers(0, 1000), RATIO, RATIO)
def test_reaching_a_target_never_costs_points_and_never_gives_more_than_the_maximum(
    done: int, on_time: Decimal, satisfied: Decimal
) -> None:
    scored = one(ON_TIME=Count(done, 1000), DOSSIER_RECEIVING_SATISFACTION=Count(done, 1000))
    aims = {
        "ON_TIME": Aim(Metric.RATIO, on_time),
        "DOSSIER_RECEIVING_SATISFACTION": Aim(Metric.RATIO, satisfied),
    }

    for group in scored.groups:
        goal = aiming.of_group(scored, group.code, aims, rules=RULES)
        assert goal is None or group.points <= goal <= group.max_points
    total = aiming.of_total(scored, aims, rules=RULES)
    assert total is not None
    assert scored.total <= total <= 100
