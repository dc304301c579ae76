"""The question every rival answers by hand: sixteen counts for each unit and month of receipt, as known on one day.

The rule is the one of ``motcua.facts.fold`` in the words of each engine. The rivals count dossiers received; the
engine answers that and, in the same time, counts the handled (carried over) as well.
"""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

COUNTS = (
    "received",
    "online",
    "postal",
    "online_counted",
    "synced",
    "result_required",
    "electronic_result",
    "digitised",
    "reused",
    "shared",
    "population_data",
    "fee_due",
    "paid_online",
    "on_time",
    "online_on_time",
    "satisfied",
)
YEAR = 2026
ON = date(YEAR, 12, 31)
COLUMNS = (
    *("unit_code", "officer_named", "channel", "received_at", "due_at", "limit_due_at", "resolved_at", "returned_at"),
    *("refused_at", "stopped_at", "withdrawn_at", "supplement_requests", "supplement_seconds"),
    *("supplement_waiting_since", "result_required", "has_component_file", "has_result_file", "has_reused_component"),
    *("from_personal_store", "result_in_catalogue", "uses_population_data", "fee_bearing", "fees_all_zero"),
    *("payment_place", "is_synced", "is_disliked", "has_petition"),
)
"""The columns that the question needs."""

_ON_TIME = "(not late and (closed is not null or due is null or due >= month_end))"
_CONDITIONS = {
    "received": "true",
    "online": "channel = 2",
    "postal": "channel = 3",
    "online_counted": "channel = 2 and (has_result_file or not result_required)",
    "synced": "coalesce(is_synced, true)",
    "result_required": "result_required",
    "electronic_result": "result_required and has_result_file",
    "digitised": "has_component_file and (has_result_file or not result_required)",
    "reused": "has_reused_component",
    "shared": "from_personal_store or result_in_catalogue",
    "population_data": "from_personal_store or uses_population_data",
    "fee_due": "fee_bearing and not fees_all_zero",
    "paid_online": "fee_bearing and not fees_all_zero and payment_place in (1, 2)",
    "on_time": _ON_TIME,
    "online_on_time": f"channel = 2 and {_ON_TIME}",
    "satisfied": f"{_ON_TIME} and not is_disliked and not has_petition",
}
_KNOWN = f"timestamp '{YEAR}-12-31 23:59:59.999999'"


def sql(source: str, *, seconds: str, unit: str = "unit_code") -> str:
    """Return the hand-written query; ``seconds`` is the dialect's interval of ``supplement_seconds``."""

    def known(name: str) -> str:
        return f"case when {name} <= {_KNOWN} then {name} end"

    counts = ",\n  ".join(f"count(*) filter (where {_CONDITIONS[name]}) as {name}" for name in COUNTS)
    return f"""
with moments as (
  select *,
    coalesce({known("resolved_at")}, {known("returned_at")}, least({known("stopped_at")}, {known("refused_at")}),
             {known("withdrawn_at")}, {known("supplement_waiting_since")}) as closed,
    coalesce(due_at, limit_due_at) as promised,
    date_trunc('month', received_at) as month
  from {source}
  where received_at >= timestamp '{YEAR}-01-01' and received_at <= {_KNOWN}
), due as (
  select *,
    case when promised = date_trunc('day', promised) then promised + interval '86399' second else promised end
      + {seconds} as due,
    month + interval '1' month - interval '1' second as month_end
  from moments
), judged as (
  select *, coalesce(supplement_requests > 1, false) or coalesce(not officer_named, false)
    or coalesce(closed > due, false) as late
  from due
)
select {unit} as unit_code, cast(extract(month from month) as integer) as month,
  {counts}
from judged group by 1, 2
"""


def ask_polars(frame: pl.LazyFrame, *, unit: pl.Expr) -> pl.DataFrame:
    """Return the counts by filtered sums in Polars, written by hand."""
    c = pl.col
    limit = pl.lit(f"{YEAR}-12-31 23:59:59.999999").str.to_datetime()

    def known(name: str) -> pl.Expr:
        return pl.when(c(name) <= limit).then(c(name))

    promised = pl.coalesce("due_at", "limit_due_at")
    whole_day = pl.when(promised == promised.dt.truncate("1d")).then(promised + pl.duration(seconds=86_399))
    due = whole_day.otherwise(promised) + pl.duration(seconds=c("supplement_seconds"))
    closed = pl.coalesce(
        known("resolved_at"),
        known("returned_at"),
        pl.min_horizontal(known("stopped_at"), known("refused_at")),
        known("withdrawn_at"),
        known("supplement_waiting_since"),
    )
    month = c("received_at").dt.truncate("1mo")
    late = (
        (c("supplement_requests") > 1).fill_null(value=False)
        | (~c("officer_named")).fill_null(value=False)
        | (c("closed") > c("due")).fill_null(value=False)
    )
    month_end = month.dt.offset_by("1mo") - pl.duration(seconds=1)
    on_time = ~late & (c("closed").is_not_null() | c("due").is_null() | (c("due") >= month_end)).fill_null(value=True)
    online = (c("channel") == 2).fill_null(value=False)
    result = c("has_result_file") | ~c("result_required")
    fee = c("fee_bearing") & ~c("fees_all_zero")
    year = (c("received_at") >= pl.lit(f"{YEAR}-01-01").str.to_datetime()) & (c("received_at") <= limit)
    return (
        frame.filter(year)
        .with_columns(closed=closed, due=due)
        .group_by(unit.alias("unit_code"), c("received_at").dt.month().cast(pl.Int32).alias("month"))
        .agg(
            received=pl.len(),
            online=online.sum(),
            postal=(c("channel") == 3).sum(),
            online_counted=(online & result).sum(),
            synced=c("is_synced").fill_null(value=True).sum(),
            result_required=c("result_required").sum(),
            electronic_result=(c("result_required") & c("has_result_file")).sum(),
            digitised=(c("has_component_file") & result).sum(),
            reused=c("has_reused_component").sum(),
            shared=(c("from_personal_store") | c("result_in_catalogue")).sum(),
            population_data=(c("from_personal_store") | c("uses_population_data")).sum(),
            fee_due=fee.sum(),
            paid_online=(fee & c("payment_place").is_in([1, 2])).sum(),
            on_time=on_time.sum(),
            online_on_time=(online & on_time).sum(),
            satisfied=(on_time & ~c("is_disliked") & ~c("has_petition")).sum(),
        )
        .collect(engine="streaming")
    )


def ask_pandas(frame: Any) -> Any:
    """Return the counts in pandas, written by hand; the frame is in memory already."""
    import pandas as pd

    limit = pd.Timestamp(f"{YEAR}-12-31 23:59:59.999999")
    f = frame[(frame["received_at"] >= pd.Timestamp(f"{YEAR}-01-01")) & (frame["received_at"] <= limit)]
    known = {name: f[name].where(f[name] <= limit) for name in f.columns if name.endswith(("_at", "_since"))}
    stopped = pd.concat([known["stopped_at"], known["refused_at"]], axis=1).min(axis=1)
    closed = known["resolved_at"].fillna(known["returned_at"]).fillna(stopped).fillna(known["withdrawn_at"])
    closed = closed.fillna(known["supplement_waiting_since"])
    promised = f["due_at"].fillna(f["limit_due_at"])
    due = promised.mask(promised == promised.dt.normalize(), promised + pd.Timedelta(seconds=86_399))
    due += pd.to_timedelta(f["supplement_seconds"], unit="s")
    month = f["received_at"].dt.to_period("M")
    late = (f["supplement_requests"] > 1) | ~f["officer_named"] | (closed > due)
    month_end = (month + 1).dt.start_time - pd.Timedelta(seconds=1)
    on_time = ~late & (closed.notna() | due.isna() | (due >= month_end))
    online = f["channel"] == 2
    result = f["has_result_file"] | ~f["result_required"]
    fee = f["fee_bearing"] & ~f["fees_all_zero"]
    flags = {
        "received": pd.Series(np.ones(len(f), dtype=bool), index=f.index),
        "online": online,
        "postal": f["channel"] == 3,
        "online_counted": online & result,
        "synced": f["is_synced"],
        "result_required": f["result_required"],
        "electronic_result": f["result_required"] & f["has_result_file"],
        "digitised": f["has_component_file"] & result,
        "reused": f["has_reused_component"],
        "shared": f["from_personal_store"] | f["result_in_catalogue"],
        "population_data": f["from_personal_store"] | f["uses_population_data"],
        "fee_due": fee,
        "paid_online": fee & f["payment_place"].isin([1, 2]),
        "on_time": on_time,
        "online_on_time": online & on_time,
        "satisfied": on_time & ~f["is_disliked"] & ~f["has_petition"],
    }
    counted = pd.DataFrame(flags).groupby([f["unit_code"], f["received_at"].dt.month], observed=True).sum()
    return counted.rename_axis(["unit_code", "month"]).reset_index()


def table(rows: Any, *, units: list[str]) -> NDArray[np.int64]:
    """Return (unit, month, count) of a rival's answer, so that answers can be compared."""
    answer = np.zeros((len(units), 12, len(COUNTS)), dtype=np.int64)
    place = {unit: number for number, unit in enumerate(units)}
    for row in rows:
        answer[place[str(row["unit_code"])], int(row["month"]) - 1] = [row[name] for name in COUNTS]
    return answer
