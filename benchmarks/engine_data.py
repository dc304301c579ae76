"""Fictitious dossiers in the columns of the ``dossiers`` table, the same for the same seed, slice by slice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

DAY = 86_400
_FIRST_DAY = np.datetime64("2026-01-01", "s").astype(np.int64)
_ROWS_A_SLICE = 1_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """How many dossiers, of how many provinces; ``before`` is the share received in the year before (carried over)."""

    rows: int
    provinces: int = 1
    units_a_province: int = 113
    procedures: int = 2000
    seed: int = 766


def write(shape: Shape, folder: Path) -> list[Path]:
    """Write the dossiers as Parquet files of one province each slice, in the order of receipt; keep what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (province, rows) in enumerate(_slices(shape)):
        path = folder / f"dossiers-{number:04}.parquet"
        paths.append(path)
        if not path.exists():
            table = _dossiers(shape, province=province, rows=rows, rng=np.random.default_rng([shape.seed, number]))
            part = path.with_suffix(".part")
            pq.write_table(table, part, compression="zstd", row_group_size=250_000)
            part.rename(path)
    return paths


def _slices(shape: Shape) -> Iterator[tuple[int, int]]:
    """Go through (province, rows): the provinces share the rows evenly, in slices that fit in memory."""
    for province in range(shape.provinces):
        left = shape.rows // shape.provinces + (province < shape.rows % shape.provinces)
        while left > 0:
            rows = min(left, _ROWS_A_SLICE if shape.provinces > 1 else 325_000)
            yield province, rows
            left -= rows


def _moments(seconds: NDArray[np.int64], known: NDArray[np.bool_] | None = None) -> Any:
    mask = None if known is None else ~known
    return pa.array(seconds.astype("datetime64[s]").astype("datetime64[us]"), mask=mask)


def _texts(index: NDArray[np.int64], names: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(index.astype(np.int32), pa.array(names))


def _dossiers(shape: Shape, *, province: int, rows: int, rng: np.random.Generator) -> pa.Table:
    def chance(share: float) -> NDArray[np.bool_]:
        return rng.random(rows) < share

    code = f"H{province + 1:02}"
    # A few units and procedures carry most of the dossiers, as in every province.
    unit = (rng.beta(1, 3, rows) * shape.units_a_province).astype(np.int64)
    procedure = (rng.beta(0.6, 8, rows) * shape.procedures).astype(np.int64)
    # 3 % come from the last quarter of the year before: the dossiers carried over.
    day = np.where(chance(0.03), rng.integers(-90, 0, rows), rng.integers(0, 365, rows))
    received = _FIRST_DAY + day * DAY + rng.integers(7 * 3600, 17 * 3600, rows)
    received.sort()
    limit = rng.choice([1, 3, 5, 10, 15, 20, 30], rows, p=[0.35, 0.2, 0.15, 0.12, 0.08, 0.06, 0.04])
    due = (received // DAY + limit) * DAY + 17 * 3600
    late = chance(0.11)
    taken = np.where(late, limit + rng.exponential(6, rows) + 0.3, limit * rng.random(rows) * 0.95)
    resolved = received + (taken * DAY).astype(np.int64)
    ended = chance(0.97)
    withdrawn = ended & chance(0.01)
    stopped = ended & ~withdrawn & chance(0.015)
    done = ended & ~withdrawn & ~stopped
    waiting = ~ended & chance(0.3)
    required = procedure % 10 != 0
    has_result = done & required & chance(0.78)
    fee = procedure % 3 == 0
    pays = fee & chance(0.86)
    online = chance(0.79)
    population = chance(0.48)
    seconds = np.where(chance(0.03), rng.integers(3600, 6 * DAY, rows), 0)
    place = np.where(pays, rng.choice([1, 2], rows), rng.choice([0, 3], rows))
    sequence: Any = pa.array(np.arange(rows) + 1)
    unit_text = _texts(unit, [f"{code}.{number + 1}" for number in range(shape.units_a_province)])
    return pa.table(
        {
            "dossier_code": pc.binary_join_element_wise(
                unit_text.cast(pa.string()), sequence.cast(pa.string()), pa.scalar("-")
            ),
            "unit_code": unit_text,
            "procedure_code": _texts(procedure, [f"1.{number:06}" for number in range(shape.procedures)]),
            "officer_code": _texts(
                unit * 8 + rng.integers(0, 8, rows),
                [f"{code}-CB{number:04}" for number in range(shape.units_a_province * 8)],
            ),
            "officer_named": pa.array(chance(0.995)),
            "state": pa.array(np.where(done, 10, np.where(ended, 8, 4)).astype(np.int8)),
            "channel": pa.array(np.where(online, 2, np.where(chance(0.9), 1, 3)).astype(np.int8), mask=chance(0.01)),
            "submitted_at": _moments(received - 1800),
            "received_at": _moments(received),
            "due_at": _moments(due, chance(0.97)),
            "limit_due_at": _moments(due, chance(0.99)),
            "resolved_at": _moments(resolved, done),
            "returned_at": _moments(resolved + 7200, done & chance(0.9)),
            "refused_at": _moments(resolved, stopped & chance(0.2)),
            "stopped_at": _moments(resolved, stopped),
            "withdrawn_at": _moments(resolved, withdrawn),
            "supplement_requests": pa.array(((seconds > 0) + (waiting & chance(0.1)) * 2).astype(np.int16)),
            "supplement_seconds": pa.array(seconds),
            "supplement_waiting_since": _moments(received + DAY // 2, waiting),
            "result_required": pa.array(required),
            "has_component_file": pa.array(chance(0.55)),
            "has_result_file": pa.array(has_result),
            "has_reused_component": pa.array(chance(0.29)),
            "from_personal_store": pa.array(chance(0.004)),
            "result_in_catalogue": pa.array(chance(0.003)),
            "uses_population_data": pa.array(population),
            "fee_bearing": pa.array(fee),
            "has_fee_data": pa.array(fee & chance(0.9)),
            "fees_all_zero": pa.array(fee & chance(0.05)),
            "payment_place": pa.array(place.astype(np.int8)),
            "is_synced": pa.array(chance(0.86)),
            "is_disliked": pa.array(chance(0.0003)),
            "has_petition": pa.array(chance(0.0002)),
        }
    )
