"""What would be if dossiers had been handled otherwise: the table of dossiers with what was wrong set right.

Nothing is written back. A repair touches only the columns that make the dossier count; it never changes in which
period a dossier is counted, so no denominator moves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType

import polars as pl

from motcua.facts import listing
from motcua.facts.dataset import Dataset
from motcua.facts.world import View, World
from motcua.indicators.evaluate import Data, Evaluation, fact_options
from motcua.kernel.errors import UserError
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet

DOSSIERS = "dossiers"
_HANDLED = "handled_"
_CHOSEN = "_is_chosen"


class Repair(StrEnum):
    """What is set right in a dossier."""

    ON_TIME = "on_time"
    """In time: due after it ended, one supplement at most, the officer named."""
    SYNCED = "synced"
    ONLINE = "online"
    """Filed online, with the electronic result that this needs."""
    PAID_ONLINE = "paid_online"
    ELECTRONIC_RESULT = "electronic_result"
    DIGITISED = "digitised"
    """With component files and, where a result is due, its file."""
    REUSED = "reused"
    SHARED = "shared"
    POPULATION_DATA = "population_data"
    SATISFIED = "satisfied"
    """In time, without complaint or dislike."""


_MEASURES: Mapping[Repair, str] = MappingProxyType(
    {repair: "online_counted" if repair is Repair.ONLINE else str(repair) for repair in Repair}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dossiers are repaired: those the indicator misses, narrowed by what is given (None: not narrowed)."""

    codes: frozenset[str] | None = None
    units: frozenset[str] | None = None
    procedures: frozenset[str] | None = None
    officers: frozenset[str] | None = None
    reasons: frozenset[str] | None = None


def indicator_of(repair: Repair, rules: IndicatorSet) -> Indicator:
    """Return the scored indicator that the repair lifts.

    Raises:
        UserError: the rule set scores nothing of the kind.
    """
    wanted = _MEASURES[repair]
    for indicator in rules.indicators:
        table, _, name = (indicator.numerator or "").partition(".")
        is_of_dossiers = table == DOSSIERS and any(name.startswith(f"{DOSSIERS}.") for name in indicator.denominator)
        if indicator.is_scored and is_of_dossiers and name.removeprefix(_HANDLED) == wanted:
            return indicator
    raise UserError(
        f"Bộ chỉ số {rules.name} không chấm điểm việc «{repair}».",
        remedy="Hãy chọn việc khác, hoặc bộ chỉ số khác bằng --rules.",
        where="--repair",
    )


def facts(evaluation: Evaluation, *, unit: str, data: Data | None = None) -> pl.DataFrame:
    """Return the facts of every dossier that the unit, or one below it, received or handled in the period."""
    world = World.of((data or evaluation.data).dataset, on=evaluation.on, clock=evaluation.clock, view=View.THEN)
    if world.dossiers is None:
        raise UserError("Không có bảng hồ sơ.", remedy="Hãy nạp hồ sơ trước.", where=DOSSIERS)
    return listing.facts(
        world.dossiers,
        layout=world.layout(seen=world.units_of_dossiers()),
        unit=unit,
        period=evaluation.period,
        on=evaluation.on,
        options=fact_options(evaluation.rules),
    )


def missed(evaluation: Evaluation, rows: pl.DataFrame, *, indicator: Indicator, choice: Choice) -> pl.DataFrame:
    """Return the dossiers that the indicator misses, narrowed by the choice; columns as ``listing.lost``."""
    denominator = next(name for name in indicator.denominator if name.startswith(DOSSIERS))
    options = fact_options(evaluation.rules)
    numerator = indicator.numerator or ""
    found = listing.lost(rows, numerator=numerator, denominator=denominator, options=options)
    for column, allowed in (
        ("dossier_code", choice.codes),
        ("unit_code", choice.units),
        ("procedure_code", choice.procedures),
        ("officer_code", choice.officers),
    ):
        if allowed is not None:
            found = found.filter(pl.col(column).cast(pl.String).is_in(list(allowed)))
    if choice.reasons is not None:
        reasons = listing.reasons_of(numerator, options=options)
        bits = sum(1 << bit for bit, code in enumerate(reasons) if code in choice.reasons)
        found = found.filter(pl.col("reason_set") & bits != 0)
    return found


def repaired(data: Data, *, repairs: Mapping[Repair, Collection[str]], on: date | datetime) -> Data:
    """Return the data with each repair done to the dossiers of those codes.

    Args:
        data: what is measured; it stays as it is.
        repairs: the codes of the dossiers, by what is set right in them.
        on: the day of knowledge: a dossier in time falls due after it.
    """
    frame = data.dataset.scan(DOSSIERS)
    schema = frame.collect_schema()
    for repair, codes in repairs.items():
        if not codes:
            continue
        # Looking the code up once a dossier, not once for each column that is set right.
        frame = frame.with_columns(pl.col("dossier_code").cast(pl.String).is_in(list(codes)).alias(_CHOSEN))
        for name, value in _settings(repair, schema, on=on).items():
            before = pl.col(name) if name in schema else pl.lit(None)
            dtype = schema.get(name) or _TYPES[name]
            frame = frame.with_columns(
                pl.when(pl.col(_CHOSEN)).then(value.cast(dtype)).otherwise(before.cast(dtype)).alias(name)
            )
            schema = frame.collect_schema()
        frame = frame.drop(_CHOSEN)
        schema = frame.collect_schema()
    return replace(data, dataset=Dataset({**data.dataset.tables, DOSSIERS: frame}))


_TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "due_at": pl.Datetime("us"),
        "supplement_requests": pl.Int16(),
        "officer_named": pl.Boolean(),
        "is_synced": pl.Boolean(),
        "channel": pl.Int8(),
        "payment_place": pl.Int8(),
        "has_result_file": pl.Boolean(),
        "has_component_file": pl.Boolean(),
        "has_reused_component": pl.Boolean(),
        "result_in_catalogue": pl.Boolean(),
        "uses_population_data": pl.Boolean(),
        "is_disliked": pl.Boolean(),
        "has_petition": pl.Boolean(),
    }
)


def _settings(repair: Repair, schema: pl.Schema, *, on: date | datetime) -> dict[str, pl.Expr]:
    yes, no = pl.lit(value=True), pl.lit(value=False)
    # Ended or not by the day of knowledge, a dossier due at the end of the year after it is in time; moving its end
    # instead would carry it into another period.
    later = pl.lit(datetime.combine(date(on.year + 1, 12, 31), time(17)))
    requests = pl.col("supplement_requests") if "supplement_requests" in schema else pl.lit(None, dtype=pl.Int16)
    in_time = {"due_at": later, "supplement_requests": pl.min_horizontal(requests, pl.lit(1)), "officer_named": yes}
    by_repair: Mapping[Repair, dict[str, pl.Expr]] = {
        Repair.ON_TIME: in_time,
        Repair.SYNCED: {"is_synced": yes},
        Repair.ONLINE: {"channel": pl.lit(2), "has_result_file": yes},
        Repair.PAID_ONLINE: {"payment_place": pl.lit(1)},
        Repair.ELECTRONIC_RESULT: {"has_result_file": yes},
        Repair.DIGITISED: {"has_component_file": yes, "has_result_file": yes},
        Repair.REUSED: {"has_reused_component": yes},
        Repair.SHARED: {"result_in_catalogue": yes},
        Repair.POPULATION_DATA: {"uses_population_data": yes},
        Repair.SATISFIED: in_time | {"is_disliked": no, "has_petition": no},
    }
    return by_repair[repair]
