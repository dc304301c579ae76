"""The dossiers as the facts read them: every column there, and what other tables say of them filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from motcua.deadlines import arrays
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import LimitUnit
from motcua.deadlines.working_time import OutsideCalendarError, WorkingCalendar
from motcua.facts.columns import COLUMNS, POLARS_TYPES
from motcua.facts.dataset import Dataset
from motcua.kernel.errors import UserError

_PORTAL_SOURCE = "payloads"
"""The kind of import (``motcua.ingest.kinds``) whose dossiers the national portal has by nature."""


@dataclass(frozen=True, slots=True)
class FactClock:
    """Đồng hồ của bộ chỉ số: the calendar that counts working days, and the rule by which a limit becomes a moment."""

    rule: DeadlineRule
    calendar: WorkingCalendar


def dossiers_of(
    dataset: Dataset,
    *,
    on: datetime,
    procedures: Sequence[Mapping[str, Any]] = (),
    petitions: Sequence[Mapping[str, Any]] = (),
    clock: FactClock | None = None,
) -> pl.LazyFrame:
    """Return the dossiers with exactly the columns the facts read; what nobody says is unknown.

    * ``result_required`` and ``fee_bearing`` unknown in a dossier are taken from its procedure.
    * A petition that names a dossier, received by ``on``, marks it, unless the source says of every dossier whether it
      has one.
    * A dossier of which no source says whether the portal has it: it has those read from what was sent to it.
    * Without ``due_at`` and ``limit_due_at`` the due moment follows from the procedure's limit, if a clock is given.

    Raises:
        UserError: the table has no unit or no moment of receipt, or the clock's calendar does not reach far enough.
    """
    frame = dataset.scan("dossiers")
    schema = frame.collect_schema()
    for name in ("unit_code", "received_at"):
        if name not in schema:
            raise UserError(
                f"Bảng hồ sơ thiếu cột «{name}».",
                remedy="Mỗi hồ sơ cần mã hồ sơ, đơn vị giải quyết và ngày tiếp nhận; xem docs/dev/seams.md.",
                where="dossiers",
            )
    columns = {name: _column(name, kind, schema) for name, kind in COLUMNS.items()}
    filled = ("result_required", "fee_bearing", "due_at", "limit_due_at", "has_petition", "is_synced")
    nulls = dataset.null_counts("dossiers", filled)
    by_code = {row["procedure_code"]: row for row in procedures}
    for name in ("result_required", "fee_bearing"):
        said = {code: row[name] for code, row in by_code.items() if row.get(name) is not None}
        if said and nulls[name] != 0:
            columns[name] = pl.coalesce(columns[name], _looked_up(columns["procedure_code"], said, pl.Boolean()))
    named = {row["dossier_code"] for row in petitions if row.get("dossier_code") and row["received_at"] <= on}
    if named and "dossier_code" in schema and nulls["has_petition"] != 0:
        is_named = pl.col("dossier_code").cast(pl.String).is_in(sorted(named))
        columns["has_petition"] = columns["has_petition"].fill_null(value=False) | is_named
    if "source" in schema and nulls["is_synced"] != 0:
        columns["is_synced"] = pl.coalesce(columns["is_synced"], is_from_the_portal())
    if clock and nulls["due_at"] != 0 and nulls["limit_due_at"] != 0:
        columns["limit_due_at"] = _limit_due(columns, by_code, clock)
    return frame.select(column.alias(name) for name, column in columns.items())


def is_from_the_portal() -> pl.Expr:
    """Return whether the dossier was read from what was sent to the national portal."""
    return pl.col("source").cast(pl.String) == _PORTAL_SOURCE


def _column(name: str, kind: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    wanted = POLARS_TYPES[kind]
    if name not in schema:
        return pl.lit(None, dtype=wanted)
    is_text = wanted == pl.String() and isinstance(schema[name], (pl.Categorical, pl.Enum))
    return pl.col(name) if is_text or schema[name] == wanted else pl.col(name).cast(wanted)


def _looked_up(code: pl.Expr, said: Mapping[str, Any], kind: pl.DataType) -> pl.Expr:
    return code.cast(pl.String).replace_strict(said, default=None, return_dtype=kind)


def _limit_due(
    columns: Mapping[str, pl.Expr], procedures: Mapping[str, Mapping[str, Any]], clock: FactClock
) -> pl.Expr:
    """Return the due moments by the procedures' limits where no other is known."""
    units = {unit: place for place, unit in enumerate(arrays.UNITS)}
    limits = {
        code: (float(row["limit_value"]), units[LimitUnit(row["limit_unit"])])
        for code, row in procedures.items()
        if row.get("limit_value") and row.get("limit_unit")
    }
    if not limits:
        return columns["limit_due_at"]
    needed = columns["due_at"].is_null() & columns["limit_due_at"].is_null() & columns["received_at"].is_not_null()
    # Few dossiers lack a due moment: only they carry their procedure into Python.
    asked = pl.struct(columns["received_at"].alias("at"), pl.when(needed).then(columns["procedure_code"]).alias("code"))
    found = asked.map_batches(
        lambda rows: _due(rows, limits, clock), return_dtype=pl.Datetime("us"), is_elementwise=True
    )
    return pl.coalesce(columns["limit_due_at"], found)


def _due(rows: pl.Series, limits: Mapping[str, tuple[float, int]], clock: FactClock) -> pl.Series:
    codes = rows.struct.field("code")
    chosen = codes.is_not_null().arg_true()
    known = [limits.get(code) for code in codes.gather(chosen).cast(pl.String)]
    given = np.array([limit is not None for limit in known], dtype=np.bool_)
    places = chosen.to_numpy()[given]
    due = np.full(len(rows), np.datetime64("NaT", "us"))
    if len(places):
        try:
            due[places] = arrays.due_moments(
                calendar=clock.calendar,
                received=rows.struct.field("at").to_numpy()[places],
                limit=np.array([limit[0] for limit in known if limit]),
                unit=np.array([limit[1] for limit in known if limit]),
                counting=clock.rule.counting,
                day_length=clock.rule.day_length,
            )
        except OutsideCalendarError as error:
            raise UserError(
                f"Không có lịch làm việc năm {error.year} để tính hạn theo thời hạn của thủ tục.",
                remedy=f"Hãy thêm năm {error.year} vào law/calendar.",
                where="dossiers",
            ) from error
    return pl.Series(due, dtype=pl.Datetime("us"))
