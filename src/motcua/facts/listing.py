"""Dossier by dossier: the facts of a unit's dossiers in a period, which a measure counts, and why it does not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import polars as pl

from motcua.facts import fold, plans
from motcua.facts.layout import Layout
from motcua.facts.options import FactOptions, UnknownDue
from motcua.facts.reasons import REASONS
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period

_HANDLED = "handled_"


def facts(
    frame: pl.LazyFrame, *, layout: Layout, unit: str, period: Period, on: datetime, options: FactOptions
) -> pl.DataFrame:
    """Return the facts of every dossier that the unit, or one below it, received or handled in the period.

    Args:
        frame: the dossiers as ``preparing.dossiers_of`` returns them.
        layout: the units.
        unit: the unit's code.
        period: the days of receipt, or of carrying over.
        on: the moment up to which things are known.
        options: the switches of the rule set.

    Returns:
        The columns of ``dossiers.facts``, and ``is_received``, ``is_handled``, ``is_on_time``.

    Raises:
        UserError: there is no such unit.
    """
    received_on, ended_on = pl.col("received_at").dt.date(), pl.col("ended_at").dt.date()
    is_received = received_on.is_between(period.start, period.last_day)
    is_carried = (received_on < period.start) & (ended_on >= period.start).fill_null(value=True)
    cut_off = fold.cut_off(period=period, on=on)
    is_open_late = pl.col("closed_at").is_null() & (pl.col("due_at") < cut_off).fill_null(value=False)
    return (
        plans.facts(frame, on=on, options=options)
        .filter(is_received | is_carried)
        .filter(_stands_under(unit, layout))
        .with_columns(
            is_received=is_received,
            is_handled=is_received | is_carried,
            is_on_time=~(pl.col("is_late") | is_open_late),
        )
        .collect(engine="streaming")
    )


def counted(measure: str) -> pl.Expr:
    """Return whether the measure counts a row of ``facts``.

    Raises:
        UserError: the measure does not count dossiers.
    """
    table, _, name = measure.partition(".")
    population = pl.col("is_handled") if name.startswith(_HANDLED) or name == "handled" else pl.col("is_received")
    name = name.removeprefix(_HANDLED)
    if table != "dossiers" or name not in _CONDITIONS:
        raise UserError(
            f"Số đếm «{measure}» không đếm từng hồ sơ.",
            remedy="Chỉ liệt kê được hồ sơ của các số đếm dossiers.…",
            where=measure,
        )
    return population & _CONDITIONS[name]


def losing(rows: pl.DataFrame, *, numerator: str, denominator: str, options: FactOptions) -> pl.DataFrame:
    """Return the dossiers that the denominator counts and the numerator does not, each with its reasons.

    Returns:
        The columns of ``lost`` with, instead of ``reason_set``, ``reasons`` (a list of codes of ``reasons.REASONS``,
        never empty), in the order of the source.
    """
    found = lost(rows, numerator=numerator, denominator=denominator, options=options)
    reasons = reasons_of(numerator, options=options)
    # Few reasons, few combinations: each list is written once and then only pointed to.
    lists = [[code for bit, code in enumerate(reasons) if number >> bit & 1] for number in range(1 << len(reasons))]
    listed = pl.Series("reasons", lists, dtype=pl.List(pl.String)).gather(found["reason_set"])
    return found.select(pl.exclude("reason_set", "is_repairable"), listed, "is_repairable")


def lost(rows: pl.DataFrame, *, numerator: str, denominator: str, options: FactOptions) -> pl.DataFrame:
    """Return the dossiers that the denominator counts and the numerator does not, their reasons as a number.

    Returns:
        ``dossier_code, unit_code, officer_code, procedure_code, received_at, due_at, closed_at, reason_set`` (a bit for
        each of ``reasons_of`` the numerator, the lowest for the first) and ``is_repairable`` (every reason is).
    """
    reasons = _reasons(_bare(numerator), options)
    bits = [
        pl.when(condition).then(pl.lit(1 << bit, dtype=pl.UInt32)).otherwise(pl.lit(0, dtype=pl.UInt32))
        for bit, condition in enumerate(reasons.values())
    ]
    lasting = sum(1 << bit for bit, code in enumerate(reasons) if not REASONS[code].is_repairable)
    return (
        rows.lazy()
        .filter(counted(denominator) & ~counted(numerator))
        .select(
            *("dossier_code", "unit_code", "officer_code", "procedure_code", "received_at", "due_at", "closed_at"),
            reason_set=sum(bits, start=pl.lit(0, dtype=pl.UInt32)),
        )
        .with_columns(is_repairable=pl.col("reason_set") & lasting == 0)
        .collect()
    )


def reasons_of(numerator: str, *, options: FactOptions) -> tuple[str, ...]:
    """Return the codes of the reasons for which the measure may miss a dossier."""
    return tuple(_reasons(_bare(numerator), options))


def _bare(measure: str) -> str:
    return measure.partition(".")[2].removeprefix(_HANDLED)


_IS_LATE = ~pl.col("is_on_time")

_CONDITIONS: Mapping[str, pl.Expr] = {
    "received": pl.lit(value=True),
    "handled": pl.lit(value=True),
    "on_time": pl.col("is_on_time"),
    "due_unknown": pl.col("is_due_unknown"),
    "online": pl.col("is_online"),
    "direct": ~pl.col("is_online") & ~pl.col("is_postal"),
    "postal": pl.col("is_postal"),
    "online_counted": pl.col("is_online_counted"),
    "online_on_time": pl.col("is_online") & pl.col("is_on_time"),
    "synced": pl.col("is_synced"),
    "result_required": pl.col("is_result_required"),
    "electronic_result": pl.col("has_electronic_result"),
    "digitised": pl.col("is_digitised"),
    "reused": pl.col("is_reused"),
    "shared": pl.col("is_shared"),
    "population_data": pl.col("has_population_data"),
    "fee_due": pl.col("is_fee_due"),
    "paid_online": pl.col("is_paid_online"),
    "satisfied": pl.col("is_on_time") & ~pl.col("is_complained"),
}


def _late(options: FactOptions) -> dict[str, pl.Expr]:
    is_past_due = (pl.col("closed_at") > pl.col("due_at")).fill_null(value=False)
    reasons = {
        "late_finish": is_past_due & pl.col("ended_at").is_not_null(),
        "late_waiting_supplement": is_past_due & pl.col("ended_at").is_null(),
        "late_open": pl.col("closed_at").is_null() & _IS_LATE & ~pl.col("is_always_late"),
    }
    if options.late_if_repeated_supplement:
        reasons["repeated_supplement"] = pl.col("is_supplement_repeated")
    if options.late_if_officer_unnamed:
        reasons["officer_unnamed"] = pl.col("is_officer_unnamed")
    if options.unknown_due is UnknownDue.LATE:
        reasons["due_unknown"] = pl.col("is_due_unknown")
    return reasons


def _reasons(name: str, options: FactOptions) -> dict[str, pl.Expr]:
    """Return, for the measure, each possible reason and the condition under which it holds."""
    is_online, has_result = pl.col("is_online"), pl.col("has_result_file")
    no_result = pl.col("is_result_required") & ~has_result
    not_online = {"not_online": ~is_online}
    own: Mapping[str, Callable[[], dict[str, pl.Expr]]] = {
        "on_time": lambda: _late(options),
        "online": lambda: not_online,
        "direct": lambda: {"not_direct": pl.lit(value=True)},
        "postal": lambda: {"not_postal": pl.lit(value=True)},
        "online_counted": lambda: not_online | {"online_without_result": is_online},
        "online_on_time": lambda: not_online | _late(options),
        "synced": lambda: {"not_synced": pl.lit(value=True)},
        "result_required": lambda: {"no_result_due": pl.lit(value=True)},
        "electronic_result": lambda: {
            "no_result_file": no_result,
            "no_result_due": ~pl.col("is_result_required"),
        },
        "digitised": lambda: {"no_component_file": ~pl.col("has_component_file"), "no_result_file": no_result},
        "reused": lambda: {"no_reuse": pl.lit(value=True)},
        "shared": lambda: {"not_shared": pl.lit(value=True)},
        "population_data": lambda: {"no_population_data": pl.lit(value=True)},
        "fee_due": lambda: {"no_fee_due": pl.lit(value=True)},
        "paid_online": lambda: {
            "no_fee_due": ~pl.col("is_fee_due"),
            "fee_unpaid": pl.col("is_fee_due") & pl.col("is_fee_unpaid"),
            "not_paid_online": pl.col("is_fee_due") & ~pl.col("is_fee_unpaid"),
        },
        "satisfied": lambda: _late(options) | {"disliked": pl.col("is_disliked"), "petitioned": pl.col("has_petition")},
    }
    return own[name]() if name in own else {}


def _stands_under(unit: str, layout: Layout) -> pl.Expr:
    """Return whether the dossier's unit stood under the unit on the day of receipt."""
    history = layout.history
    if not any(unit in era.tree.places for era in history.eras):
        raise UserError(f"Không có đơn vị «{unit}».", remedy="Hãy kiểm tra mã đơn vị.", where=unit)
    received_on, code = pl.col("received_at").dt.date(), pl.col("unit_code").cast(pl.String).fill_null("")
    conditions = []
    for number, era in enumerate(history.eras):
        below = set(era.tree.below(unit))
        codes = [other for other in layout.codes if history.successors.get(other, other) in below]
        is_in_era = pl.lit(value=True)
        if era.start:
            is_in_era &= received_on >= era.start
        if number + 1 < len(history.eras):
            end = history.eras[number + 1].start
            is_in_era &= received_on <= (end - timedelta(days=1) if end else None)
        conditions.append(is_in_era & code.is_in(codes))
    return pl.any_horizontal(conditions)
