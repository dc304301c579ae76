"""From the table of dossiers to arrays of small whole numbers, through the one expression of the facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from motcua.facts import plans
from motcua.facts.options import FactOptions

NEVER = np.int32(2**31 - 1)
"""The day of what has not happened."""

_ROWS_A_PART = 125_000


@dataclass(frozen=True, slots=True)
class Packed:
    """Dossiers as arrays: numbers of their unit and procedure, days since 1970 (``NEVER`` = not), flag bits."""

    unit: NDArray[np.integer]
    procedure: NDArray[np.integer]
    received: NDArray[np.int32]
    ended: NDArray[np.int32]
    closed: NDArray[np.int32]
    late_from: NDArray[np.int32]
    flags: NDArray[np.int32]
    unit_codes: Mapping[int, str]
    """The code of each number in ``unit``."""
    procedure_codes: Mapping[int, str]


def load(frame: pl.LazyFrame, *, on: datetime, options: FactOptions, wanted: Sequence[str] = ()) -> Iterator[Packed]:
    """Run the facts over all dossiers, part by part, so that one part is counted while the next is read.

    Args:
        frame: the dossiers as ``preparing.dossiers_of`` returns them.
        on: the moment up to which things are known.
        options: the switches of the rule set.
        wanted: further columns to bring along: ``procedure_code``, ``closed_on``.
    """
    packed = plans.packed(frame, on=on, options=options)
    days = ["received_on", "ended_on", "late_from", *(["closed_on"] if "closed_on" in wanted else [])]
    codes = ["unit_code", *(["procedure_code"] if "procedure_code" in wanted else [])]
    counted = packed.select(
        *(pl.col(name).fill_null("").cast(pl.Categorical) for name in codes),
        *(pl.col(name).to_physical().fill_null(int(NEVER)) for name in days),
        "flags",
    )
    for part in counted.collect_batches(chunk_size=_ROWS_A_PART, maintain_order=False):
        if part.height:
            yield _packed(part, wanted)


def _packed(part: pl.DataFrame, wanted: Sequence[str]) -> Packed:
    unit, unit_codes = _coded(part["unit_code"])
    procedure, procedure_codes = (
        _coded(part["procedure_code"]) if "procedure_code" in wanted else (np.empty(0, np.uint32), {})
    )
    return Packed(
        unit=unit,
        procedure=procedure,
        received=part["received_on"].to_numpy(),
        ended=part["ended_on"].to_numpy(),
        closed=part["closed_on"].to_numpy() if "closed_on" in wanted else np.empty(0, np.int32),
        late_from=part["late_from"].to_numpy(),
        flags=part["flags"].to_numpy(),
        unit_codes=unit_codes,
        procedure_codes=procedure_codes,
    )


def _coded(codes: pl.Series) -> tuple[NDArray[np.integer], dict[int, str]]:
    """Return the number of each row's code, and the code of each number."""
    numbers = codes.to_physical().to_numpy()
    if not len(numbers):
        return np.empty(0, dtype=np.uint32), {}
    # Any row of a code will do to read its text: the last one written wins.
    row = np.full(int(numbers.max()) + 1, -1, dtype=np.int64)
    row[numbers] = np.arange(len(numbers))
    seen = np.flatnonzero(row >= 0)
    return numbers, dict(zip(seen.tolist(), codes.gather(row[seen]).cast(pl.String).to_list(), strict=True))
