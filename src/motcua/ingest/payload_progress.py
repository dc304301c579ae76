"""Rows of CapNhatTienDoHoSoMC (and CapNhatTienTrinh) made into steps; names become codes here and go no further."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from msgspec import UNSET, UnsetType

from motcua.ingest import payload_values as values
from motcua.ingest.payload_audit import Audit
from motcua.ingest.payload_dossiers import Findings
from motcua.ingest.payload_records import Scalar, StepRecord
from motcua.ingest.payload_units import Units
from motcua.ingest.reading import Batch
from motcua.kernel.errors import Problem

_STATES = frozenset(range(1, 11))


def batch(
    records: Sequence[StepRecord],
    *,
    numbers: Sequence[int],
    owners: Sequence[str | None],
    units: Units,
    audit: Audit,
    where: str,
    unreadable: Sequence[Problem] = (),
    odd_shapes: Sequence[Problem] = (),
) -> Batch:
    """Make the rows into one batch of steps; see ``payload_dossiers.batch``."""
    told = Findings(where)
    codes = values.texts([record.code for record in records])
    at_given = [record.at for record in records]
    at, odd_at = values.moments(at_given)
    state_given = [record.state for record in records]
    states, odd_states = values.codes(state_given, allowed=_STATES)
    for row in odd_at:
        told.refuse(index=row, number=numbers[row], column="ThoiDiemXuLy",
                    what=f"thời điểm «{str(at_given[row])[:60]}» không dùng được.")  # fmt: skip
    for row in odd_states:
        told.refuse(index=row, number=numbers[row], column="TrangThai",
                    what=f"trạng thái «{str(state_given[row])[:60]}» không thuộc 1..10.")  # fmt: skip
    for row, (code, state, is_missing) in enumerate(zip(codes, states, at.is_null().to_list(), strict=True)):
        if code is None:
            told.refuse(index=row, number=numbers[row], column="MaHoSo", what="thiếu mã hồ sơ.")
        elif len(code) > 100 or not code.isprintable():
            told.refuse(index=row, number=numbers[row], column="MaHoSo", what="mã hồ sơ không phải một mã.")
        elif state is None:
            told.refuse(index=row, number=numbers[row], column="TrangThai", what="thiếu trạng thái.")
        elif is_missing:
            told.refuse(index=row, number=numbers[row], column="ThoiDiemXuLy", what="thiếu thời điểm xử lý.")
    unit_codes = [
        units.of_step(office=record.office, dossier_code=code, owner=owner)
        for record, code, owner in zip(records, codes, owners, strict=True)
    ]
    officers: list[str | None] = []
    named: list[bool | None] = []
    for record, unit in zip(records, unit_codes, strict=True):
        name = None if isinstance(record.officer, UnsetType) else values.plain(record.officer)
        officers.append(values.officer_code(name, unit or "") if name else None)
        named.append(_is_named(record.officer, title=record.title))
    audit.look_at_steps(records, numbers=numbers)
    columns: dict[str, Any] = {
        "dossier_code": pl.Series(codes, dtype=pl.String),
        "state": pl.Series(states, dtype=pl.Int8),
        "at": at,
        "officer_code": pl.Series(officers, dtype=pl.String),
        "officer_named": pl.Series(named, dtype=pl.Boolean),
        "unit_code": pl.Series(unit_codes, dtype=pl.String),
    }
    if told.refused:
        keep = pl.Series([row not in told.refused for row in range(len(records))])
        columns = {name: column.filter(keep) for name, column in columns.items()}
    return Batch(
        stream="progress",
        columns=columns,
        rows_read=len(records) + len(unreadable),
        refused=(*unreadable, *told.in_order()),
        problems=(*odd_shapes, *told.problems),
        warnings=told.warnings,
    )


def _is_named(officer: Scalar | UnsetType, *, title: Scalar | UnsetType) -> bool | None:
    """Name and title are there; an empty one is missing, one the sender's form does not have at all is not known."""
    if officer is not UNSET and values.plain(officer) is None:
        return False
    if title is not UNSET and values.plain(title) is None:
        return False
    return None if officer is UNSET or title is UNSET else True
