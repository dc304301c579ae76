"""Which dossiers lose points now: chosen by their flags in PostgreSQL, explained by the engine of the spine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from motcua.facts import engine, fold
from motcua.facts.columns import FLAGS
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.facts.reasons import REASONS, Reason
from motcua.kernel.time import VIETNAM, Period, local
from motcua.lawbook.indicator_sets import Indicator
from motcua.live import models, rows, subjects

LIMIT = 50
_HANDLED = "handled"
_FLAG_OF = {
    "on_time": "is_late",
    "satisfied": "is_unsatisfied",
    "online": "is_online",
    "online_counted": "is_online_counted",
    "electronic_result": "has_electronic_result",
    "digitised": "is_digitised",
    "reused": "is_reused",
    "shared": "is_shared",
    "population_data": "has_population_data",
    "paid_online": "is_paid_online",
    "synced": "is_synced",
    "fee_due": "is_fee_due",
    "result_required": "is_result_required",
}
_LOST_WITH_FLAG = ("on_time", "satisfied")
"""Measures whose flag says that the dossier is not counted; the flags of the others say that it is."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Hồ sơ mất điểm of one unit and one procedure at an indicator."""

    unit_code: str
    procedure_code: str
    dossiers: int


@dataclass(frozen=True, slots=True)
class Losing:
    """Một hồ sơ mất điểm, và vì sao."""

    code: str
    unit_code: str
    procedure_code: str
    received_at: datetime
    due_at: datetime | None
    is_repairable: bool
    reasons: tuple[Reason, ...]


def can_list(indicator: Indicator) -> bool:
    """Tell whether the indicator's losses are single dossiers."""
    return (indicator.numerator or "").removeprefix("dossiers.").removeprefix(f"{_HANDLED}_") in _FLAG_OF


def first(
    indicator: Indicator, *, units: Sequence[str], top: str, period: Period, now: datetime, options: FactOptions
) -> tuple[Losing, ...]:
    """Return the first dossiers of the units that the indicator's denominator counts and its numerator does not.

    Open ones that are due soonest stand first: they can still be saved, or are late longest. ``top`` is the unit under
    which all ``units`` stand.
    """
    numerator = indicator.numerator or ""
    denominator = next(name for name in indicator.denominator if name.startswith("dossiers."))
    codes = _chosen(numerator, denominator, units=units, period=period, now=now)
    kept = models.LiveDossier.objects.filter(code__in=codes)
    found = [{"dossier_code": one.code, **rows.read(one.row)} for one in kept]
    if not found:
        return ()
    told = models.LiveSubject.objects.filter(stream="unit").values_list("stream", "code", "told")
    tables = {**subjects.tables(told), "dossiers": pl.DataFrame(found, infer_schema_length=None)}
    listed = engine.losing(
        Dataset.of_tables(dict(tables)),
        numerator=numerator, denominator=denominator, unit=top, period=period, on=local(now), options=options,
    )  # fmt: skip
    order = {code: place for place, code in enumerate(codes)}
    losing = [
        Losing(
            code=row["dossier_code"],
            unit_code=row["unit_code"],
            procedure_code=row["procedure_code"] or "",
            received_at=row["received_at"],
            due_at=row["due_at"],
            is_repairable=row["is_repairable"],
            reasons=tuple(REASONS[code] for code in row["reasons"]),
        )
        for row in listed.iter_rows(named=True)
    ]
    return tuple(sorted(losing, key=lambda one: order[one.code]))


def piles(indicator: Indicator, *, units: Sequence[str], period: Period, now: datetime) -> tuple[Pile, ...]:
    """Return how many dossiers lose at the indicator, by unit and procedure, the most first."""
    numerator = indicator.numerator or ""
    denominator = next(name for name in indicator.denominator if name.startswith("dossiers."))
    where, params = condition(numerator, denominator, units=units, period=period, now=now)
    with connection.cursor() as database:
        database.execute(
            f"SELECT unit_code, procedure_code, count(*) FROM live_livedossier WHERE {where}"  # noqa: S608 - as above
            " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
            params,
        )
        return tuple(Pile(*row) for row in database.fetchall())


def _chosen(numerator: str, denominator: str, *, units: Sequence[str], period: Period, now: datetime) -> list[str]:
    where, params = condition(numerator, denominator, units=units, period=period, now=now)
    with connection.cursor() as database:
        database.execute(
            f"SELECT code FROM live_livedossier WHERE {where} ORDER BY open_due_at NULLS LAST, code LIMIT %s",  # noqa: S608
            [*params, LIMIT],
        )
        return [code for (code,) in database.fetchall()]


def condition(
    numerator: str, denominator: str, *, units: Sequence[str], period: Period, now: datetime
) -> tuple[str, list[Any]]:
    """Return the SQL, with its values, that chooses what the denominator counts and the numerator does not."""
    name = numerator.removeprefix("dossiers.")
    is_handled = name.startswith(f"{_HANDLED}_") or denominator == f"dossiers.{_HANDLED}"
    name = name.removeprefix(f"{_HANDLED}_")
    population = denominator.removeprefix("dossiers.").removeprefix(f"{_HANDLED}_")
    flag = _mask(_FLAG_OF[name])
    needed = _mask(_FLAG_OF[population]) if population in _FLAG_OF else 0
    cut_off = fold.cut_off(period=period, on=local(now)).replace(tzinfo=VIETNAM)
    lost = "(flags & %s <> 0 OR open_due_at < %s)" if name in _LOST_WITH_FLAG else "(flags & %s = 0 AND %s IS NOT NULL)"
    days = "days && daterange(%s, %s)" if is_handled else "lower(days) >= %s AND lower(days) < %s"
    return (
        f"unit_code = ANY(%s) AND {days} AND lower(days) < %s AND flags & %s = %s AND {lost}",
        [list(units), period.start, period.end, period.end, needed, needed, flag, cut_off],
    )


def _mask(flag: str) -> int:
    return 1 << FLAGS.index(flag)
