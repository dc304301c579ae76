"""The other way to the same figures: the whole log, column by column, through the engine of the spine.

Nothing here reads the projector's tables or its fold of a dossier; only the small tables (units, procedures) are folded
by the same code, from the first event on.
"""

import json
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import connection

from motcua.eventlog.log import Cursor, Event
from motcua.facts.dataset import Dataset
from motcua.live import bulk_imports, imported_tables, imports_kept, subjects

_MOMENT = pl.Datetime("us")
_EVENTS: dict[str, Any] = {
    "dossier_code": pl.String(), "version": pl.Int32(), "kind": pl.String(), "at": _MOMENT, "procedure": pl.String(),
    "unit": pl.String(), "channel": pl.Int8(), "due_at": _MOMENT, "requires_result": pl.Boolean(),
    "has_component_file": pl.Boolean(), "has_reused_component": pl.Boolean(), "has_file": pl.Boolean(),
    "fee_dong": pl.Int64(), "amount": pl.Int64(), "place": pl.String(), "assignee": pl.String(),
}  # fmt: skip
_SQL = """
SELECT subject, version, kind, at AT TIME ZONE 'Asia/Ho_Chi_Minh', content->>'procedure', content->>'unit',
       (content->>'channel')::int,
       (content->>'due_at')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh', (content->>'requires_result')::boolean,
       (content->>'has_component_file')::boolean, (content->>'has_reused_component')::boolean,
       (content->>'has_file')::boolean, (content->>'fee_dong')::bigint, (content->>'amount')::bigint,
       content->>'place', content->>'assignee'
FROM eventlog_loggedevent
WHERE stream = 'dossier' AND (transaction, position) <= (%s, %s)
ORDER BY subject, version
"""
_ENDINGS = ["DossierResolved", "IntakeRefused", "DossierDeclined", "DossierStopped", "DossierWithdrawn"]
_ASKED, _ANSWERED = "SupplementRequested", "SupplementReceived"


def dataset(*, until: Cursor) -> Dataset:
    """Return the tables of the columnar format as all events up to the cursor, and the imports they name, tell them.

    Column ``teller`` of the dossiers says who tells of each: nobody but the desk (empty), an import (its code), or the
    desk with an import beside it (``+`` and its code).
    """
    imports = imports_kept.latest(until=until)
    tables = imported_tables.with_imports(subjects.tables(_subjects(until)), imports)
    events = _events(until)
    own = dossiers(events) if events.filter(pl.col("kind") == "DossierReceived").height else None
    found = bulk_imports.together(own, imports, held=events.select("dossier_code").unique())
    if found is not None:
        tables["dossiers"] = found
    return Dataset.of_tables(dict(tables))


def _events(until: Cursor) -> pl.DataFrame:
    with connection.cursor() as database:
        database.execute(_SQL, [until.transaction, until.position])
        return pl.DataFrame(database.fetchall(), schema=_EVENTS, orient="row")


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
            pl.col("has_component_file").filter(is_received | (is_after & (pl.col("kind") == _ANSWERED))).any()
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
