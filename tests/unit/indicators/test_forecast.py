"""Month-end forecasts: even months are foreseen exactly, uneven ones within a band that was measured, not assumed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from motcua import lawbook
from motcua.facts import engine
from motcua.facts.dataset import Dataset
from motcua.facts.results import Measures
from motcua.indicators import evaluate, forecast
from motcua.kernel.time import Period

RULES = lawbook.load().indicator_set("qd766/portal", on=date(2026, 6, 1))
OPTIONS = evaluate.fact_options(RULES)
FIRST = date(2025, 1, 1)


def is_working(day: date) -> bool:
    return day.weekday() < 5


def dossiers(share_late: Sequence[float], *, months: int) -> Dataset:
    """Ten dossiers each working day, due in a week; in the n-th month a share of them is late by a day."""
    rows = []
    for number in range(months):
        month = Period.month(2025 + number // 12, number % 12 + 1)
        late = round(10 * share_late[number % len(share_late)])
        for day in month:
            if not is_working(day):
                continue
            received = datetime.combine(day, time(8))
            rows += [
                {
                    "dossier_code": f"{day}-{one}",
                    "unit_code": "H01.1" if one % 2 else "H01.2",
                    "received_at": received,
                    "due_at": received + timedelta(days=7),
                    "resolved_at": received + timedelta(days=8 if one < late else 6),
                    "officer_named": True,
                    "is_synced": True,
                }
                for one in range(10)
            ]
    return Dataset.of_tables({"dossiers": pl.DataFrame(rows)})


def of_month(dataset: Dataset, month: Period, day: date) -> dict[str, forecast.Forecast]:
    profile = engine.profile(dataset, on=day, options=OPTIONS)

    def known(period: Period, on: date) -> Measures:
        return profile.totals(period=period, on=on)

    return forecast.month_end(known(month, day), day=day, known=known, first=FIRST, rules=RULES, is_working=is_working)


def test_months_that_are_all_alike_are_foreseen_to_the_point() -> None:
    # February 2026 has as many working days as each of the months compared: four whole weeks.
    dataset = dossiers([0.2], months=14)
    found = of_month(dataset, Period.month(2026, 2), date(2026, 2, 13))["H01.1"]

    whole = of_month(dataset, Period.month(2026, 2), date(2026, 2, 28))["H01.1"]

    assert found.half_width is not None
    assert abs(found.end - whole.now) <= Fraction(1, 100) * 20
    assert [check.period for check in found.checks][-1] == Period.month(2026, 1)


def test_on_the_last_day_the_forecast_is_what_is_counted() -> None:
    found = of_month(dossiers([0.2, 0.5], months=14), Period.month(2026, 2), date(2026, 2, 28))

    for one in found.values():
        assert one.end == one.now
        assert all(before == after for before, after in one.points.values())


def test_the_band_is_as_wide_as_the_errors_of_the_past() -> None:
    quiet = of_month(dossiers([0.2], months=14), Period.month(2026, 2), date(2026, 2, 6))["H01"]
    restless = of_month(dossiers([0.0, 0.9, 0.3], months=14), Period.month(2026, 2), date(2026, 2, 6))["H01"]

    assert quiet.half_width is not None
    assert restless.half_width is not None
    assert quiet.half_width < restless.half_width
    errors = sorted(abs(check.error) for check in restless.checks)
    inside = sum(error <= restless.half_width for error in errors)
    assert inside / len(errors) >= forecast.CONFIDENCE


@pytest.mark.parametrize("months", [1, 2, 5])
def test_without_enough_months_there_is_a_forecast_but_no_band(months: int) -> None:
    last = Period.month(2025, months)

    found = of_month(dossiers([0.2], months=months), last, last.start + timedelta(days=9))["H01"]

    assert found.half_width is None
    assert found.end >= 0


def test_a_unit_that_did_not_exist_before_is_foreseen_from_what_it_has() -> None:
    old = dossiers([0.2], months=14)
    frame = old.frame("dossiers").with_columns(
        unit_code=pl.when(pl.col("received_at") >= datetime.combine(date(2026, 2, 1), time()))
        .then(pl.lit("H01.3"))
        .otherwise("unit_code")
    )
    found = of_month(Dataset.of_tables({"dossiers": frame}), Period.month(2026, 2), date(2026, 2, 13))["H01.3"]

    assert np.isclose(float(found.end), float(found.now))
