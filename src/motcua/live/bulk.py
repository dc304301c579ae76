"""The other way to the same figures: the whole log, column by column, through the engine of the spine.

Nothing here reads the projector's tables or its fold of a dossier; only the small tables (units, procedures) are folded
by the same code, from the first event on.
"""

import json
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import polars as pl
from django.db import connection

from motcua.eventlog.log import Cursor, Event
from motcua.facts.dataset import Dataset
from motcua.kernel.time import VIETNAM, Period
from motcua.live import bulk_imports, copied, imported_tables, imports_kept, subjects

_EVENTS: dict[str, Any] = {
    "dossier_code": pl.String(), "version": pl.Int32(), "kind": pl.String(), "at": pl.Int64(), "procedure": pl.String(),
    "unit": pl.String(), "channel": pl.Int8(), "due_at": pl.Int64(), "requires_result": pl.Int8(),
    "has_component_file": pl.Int8(), "has_reused_component": pl.Int8(), "has_file": pl.Int8(),
    "fee_dong": pl.Int64(), "amount": pl.Int64(), "place": pl.String(), "assignee": pl.String(),
}  # fmt: skip
_MOMENTS = ("at", "due_at")
_TRUTHS = ("requires_result", "has_component_file", "has_reused_component", "has_file")
_SQL = """
SELECT subject, version, kind, (extract(epoch FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh') * 1000000)::bigint,
       content->>'procedure', content->>'unit', (content->>'channel')::int,
       (extract(epoch FROM (content->>'due_at')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh') * 1000000)::bigint,
       (content->>'requires_result')::boolean::int, (content->>'has_component_file')::boolean::int,
       (content->>'has_reused_component')::boolean::int, (content->>'has_file')::boolean::int,
       (content->>'fee_dong')::bigint, (content->>'amount')::bigint, content->>'place', content->>'assignee'
FROM eventlog_loggedevent
WHERE stream = 'dossier' AND (transaction, position) <= (%s, %s)
"""
_ACTIVE = """
SELECT DISTINCT subject FROM eventlog_loggedevent
WHERE stream = 'dossier' AND at >= %s AND at < %s AND (transaction, position) <= (%s, %s)
"""
_ENDINGS = ["DossierResolved", "IntakeRefused", "DossierDeclined", "DossierStopped", "DossierWithdrawn"]
_ASKED, _ANSWERED = "SupplementRequested", "SupplementReceived"


def active(*, period: Period, until: Cursor) -> set[str]:
    """Return the dossiers of which the log tells something that happened in the period, or an import that they count.

    Blocks of the log that tell of other times are not read (BRIN index over ``at``).
    """
    start, end = (datetime.combine(day, time(), VIETNAM) for day in (period.start, period.end))
    with connection.cursor() as database:
        database.execute(_ACTIVE, [start, end, until.transaction, until.position])
        found = {code for (code,) in database.fetchall()}
    return found | bulk_imports.counted(imports_kept.latest(until=until), period=period)


def dataset(*, until: Cursor, codes: Sequence[str] | None = None) -> Dataset:
    """Return the tables of the columnar format as all events up to the cursor, and the imports they name, tell them.

    ``codes`` are the dossiers wanted, all of each one's events; None: every dossier.

    Column ``teller`` of the dossiers says who tells of each: nobody but the desk (empty), an import (its code), or the
    desk with an import beside it (``+`` and its code).
    """
    imports = imports_kept.latest(until=until)
    tables = imported_tables.with_imports(subjects.tables(_subjects(until)), imports)
    events = _events(until, codes)
    own = dossiers(events) if events.filter(pl.col("kind") == "DossierReceived").height else None
    held = events.select("dossier_code").unique()
    found = bulk_imports.together(own, imports, held=held, codes=codes)
    if found is not None:
        tables["dossiers"] = found
    return Dataset.of_tables(dict(tables))


def _events(until: Cursor, codes: Sequence[str] | None) -> pl.DataFrame:
    values: list[Any] = [until.transaction, until.position]
    sql = _SQL
    if codes is not None:
        sql += " AND subject = ANY(%s)"
        values.append(list(codes))
    return (
        copied.frame(connection, sql, values, schema=_EVENTS)
        .with_columns(
            *(pl.col(name).cast(pl.Datetime("us")) for name in _MOMENTS),
            *(pl.col(name).cast(pl.Boolean) for name in _TRUTHS),
        )
        .sort("dossier_code", "version")
    )


def _subjects(until: Cursor) -> list[tuple[str, str, dict[str, Any]]]:
    told: dict[tuple[str, str], dict[str, Any]] = {}
    with connection.cursor() as database:
        database.execute(
            "SELECT stream, subject, version, kind, at, by, content::text FROM eventlog_loggedevent"
            " WHERE stream = ANY(%s) AND (transaction, position) <= (%s, %s) ORDER BY stream, subject, version",
            [list(subjects.STREAMS), until.transaction, until.position],
        )
        for stream, subject, version, kind, at, by, content in database.fetchall():
            event = Event(until, stream, subject, version, kind, at, by, json.loads(content))
            subjects.apply(told.setdefault((stream, subject), {}), event)
    return [(stream, code, row) for (stream, code), row in told.items()]


def dossiers(events: pl.DataFrame) -> pl.DataFrame:
    """Return one row a dossier."""
    lines = events.with_columns(
        begun=pl.col("version").filter(pl.col("kind") == "DossierReceived").max().over("dossier_code"),
    )
    is_received = pl.col("kind") == "DossierReceived"
    pays = (pl.col("kind").is_in(["PaymentRequested", "FeeRecorded"])) & (pl.col("amount") > 0)
    is_after = pl.col("version") > pl.col("begun")
    whole = lines.group_by("dossier_code").agg(
        procedure_code=_last("procedure", ["DossierReceived", "DossierSubmitted"]),
        unit_code=_last("unit", ["DossierReceived", "DossierSubmitted"]),
        channel=_last("channel", ["DossierReceived", "DossierSubmitted"]),
        received_at=_last("at", ["DossierReceived"]),
        due_at=_last("due_at", ["DossierReceived"]),
        resolved_at=_last("at", ["DossierResolved"]),
        returned_at=_last("at", ["ResultHandedOver"]),
        refused_at=_last("at", ["IntakeRefused", "DossierDeclined"]),
        stopped_at=_last("at", ["DossierStopped"]),
        withdrawn_at=_last("at", ["DossierWithdrawn"]),
        officer_code=_last("assignee", ["DossierTaken", "DossierAssigned"]),
        officer_named=pl.when(pl.col("kind").is_in(["DossierTaken", "DossierAssigned"]).any()).then(pl.lit(value=True)),
        result_required=_last("requires_result", ["DossierReceived"]),
        has_component_file=(
            # Reported anew, the last receipt says which papers came with it.
            pl.col("has_component_file")
            .filter((pl.col("version") == pl.col("begun")) | (is_after & (pl.col("kind") == _ANSWERED)))
            .any()
        ),
        has_reused_component=_last("has_reused_component", ["DossierReceived"]).fill_null(value=False),
        has_result_file=_last("has_file", ["DossierResolved"]).fill_null(value=False),
        pays=(pays & is_after).any() | (pl.col("fee_dong").filter(is_received).last() > 0),
        place=pl.col("place").filter((pl.col("kind") == "FeeRecorded") & is_after).last(),
        is_paid=((pl.col("kind") == "FeeRecorded") & is_after).any(),
        supplement_requests=(pl.col("kind") == _ASKED).sum(),
    )
    return (
        whole.join(_supplements(lines), on="dossier_code", how="left")
        .filter(pl.col("received_at").is_not_null())
        .with_columns(
            fee_bearing=pl.col("pays").fill_null(value=False),
            has_fee_data=pl.col("pays").fill_null(value=False),
            payment_place=pl.when(~pl.col("is_paid"))
            .then(3)
            .otherwise(pl.col("place").replace_strict({"portal": 1, "gateway": 2}, default=0, return_dtype=pl.Int8)),
        )
        .drop("pays", "place", "is_paid")
    )


def _last(column: str, kinds: Sequence[str]) -> pl.Expr:
    return pl.col(column).filter(pl.col("kind").is_in(kinds)).last()


def _supplements(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the seconds of finished supplements after the receipt, and since when one is waited for."""
    turns = lines.filter(
        (pl.col("version") > pl.col("begun")) & pl.col("kind").is_in([_ASKED, _ANSWERED, *_ENDINGS])
    ).with_columns(
        before=pl.col("kind").shift(1).over("dossier_code"), since=pl.col("at").shift(1).over("dossier_code")
    )
    closes = (pl.col("before") == _ASKED) & (pl.col("kind") != _ASKED)
    seconds = (pl.col("at") - pl.col("since")).dt.total_seconds()
    return turns.group_by("dossier_code", maintain_order=True).agg(
        supplement_seconds=seconds.filter(closes).sum(),
        supplement_waiting_since=pl.when(pl.col("kind").last() == _ASKED).then(pl.col("at").last()),
    )
