"""The sample as Parquet in the project's own columns: one row group a chunk, so that memory stays bounded."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from motcua.events.streams import STREAMS
from motcua.ingest import schemas
from motcua.sample.dossiers import Chunk, Sample
from motcua.sample.office_time import EPOCH, Minutes
from motcua.sample.provinces import OFFICERS

# The stubs of pyarrow know neither masks nor takes by NumPy arrays well enough to name each array's own type.
Column = Any

RESULT_MINUTES = 60_000_000
LONGEST_NUMBER = 9999


@dataclass(frozen=True, slots=True)
class Texts:
    """Codes as Arrow arrays, to be taken by place."""

    units: pa.StringArray
    procedures: pa.StringArray
    officers: pa.StringArray
    prefixes: pa.StringArray
    days: pa.StringArray
    numbers: pa.StringArray
    is_result_required: npt.NDArray[np.bool_]
    is_fee_bearing: npt.NDArray[np.bool_]


def texts(sample: Sample) -> Texts:
    """Prepare the codes of units, procedures, officers and days."""
    units = [unit.code for unit in sample.country.units]
    listed = sample.country.listed
    days = np.datetime64(sample.first) + np.arange(sample.office.days)
    return Texts(
        units=pa.array(units),
        procedures=pa.array([one.code for one in listed]),
        officers=pa.array([f"{unit}.CB{n:02}" for unit in units for n in range(OFFICERS + 1)]),
        prefixes=pa.array([f"{unit}-" for unit in units]),
        days=pa.array([str(day)[2:].replace("-", "") + "-" for day in days]),
        numbers=pa.array([f"{n:04}" for n in range(LONGEST_NUMBER + 1)]),
        is_result_required=np.array([one.is_result_required for one in listed]),
        is_fee_bearing=np.array([one.is_fee_bearing for one in listed]),
    )


def _take(texts: pa.StringArray, places: npt.NDArray[np.integer[Any]]) -> Column:
    indices: Any = pa.array(places)
    return texts.take(indices)


def dossier_codes(chunk: Chunk, words: Texts) -> Column:
    """Return the codes ``<unit>-<yymmdd>-<number of the day>`` (mã hồ sơ)."""
    if len(chunk) and int(chunk.number.max()) > LONGEST_NUMBER:
        numbers = pc.utf8_lpad(pc.cast(pa.array(chunk.number), pa.string()), 4, "0")
    else:
        numbers = _take(words.numbers, chunk.number)
    join: Any = pc.binary_join_element_wise
    return join(_take(words.prefixes, chunk.unit), _take(words.days, chunk.day), numbers, "")


def record_batch(chunk: Chunk, sample: Sample, words: Texts) -> pa.RecordBatch:
    """Return the chunk in the columns of the stream ``dossiers``."""
    origin = (sample.first - EPOCH).days * 1440

    def moment(minutes: Minutes) -> Column:
        micros = (minutes + origin) * RESULT_MINUTES
        return pa.array(micros, mask=minutes < 0).cast(pa.timestamp("us"))

    def to_the_second(minutes: Minutes) -> Column:
        micros = (minutes + origin) * RESULT_MINUTES + chunk.seconds * 1_000_000
        return pa.array(micros, mask=minutes < 0).cast(pa.timestamp("us"))

    waiting = np.where(chunk.supplement_answered < 0, chunk.supplement_asked, -1)
    columns = {
        "dossier_code": dossier_codes(chunk, words),
        "unit_code": _take(words.units, chunk.unit),
        "procedure_code": _take(words.procedures, chunk.procedure),
        "officer_code": _take(words.officers, chunk.unit * (OFFICERS + 1) + chunk.officer),
        "officer_named": pa.array(chunk.officer_named),
        "state": pa.array(chunk.state),
        "channel": pa.array(chunk.channel, mask=chunk.channel == 0),
        "submitted_at": to_the_second(chunk.submitted),
        "received_at": to_the_second(chunk.received),
        "due_at": moment(chunk.due),
        # Whoever measures computes the due moment by the procedure's limit, the same for every form of the sample.
        "limit_due_at": pa.nulls(len(chunk), pa.timestamp("us")),
        "resolved_at": moment(chunk.resolved),
        "returned_at": moment(chunk.returned),
        "refused_at": moment(chunk.refused),
        "stopped_at": moment(chunk.stopped),
        "withdrawn_at": moment(chunk.withdrawn),
        "supplement_requests": pa.array(chunk.supplement_requests),
        "supplement_seconds": pa.array(chunk.supplement_seconds),
        "supplement_waiting_since": moment(waiting),
        "result_required": pa.array(words.is_result_required[chunk.procedure]),
        "has_component_file": pa.array(chunk.has_component_file),
        "has_result_file": pa.array(chunk.has_result_file),
        "has_reused_component": pa.array(chunk.has_reused_component),
        "from_personal_store": pa.array(chunk.from_personal_store),
        "result_in_catalogue": pa.array(chunk.result_in_catalogue),
        "uses_population_data": pa.array(chunk.uses_population_data),
        "fee_bearing": pa.array(words.is_fee_bearing[chunk.procedure]),
        "has_fee_data": pa.array(chunk.has_fee_data),
        "fees_all_zero": pa.array(chunk.fees_all_zero),
        "payment_place": pa.array(chunk.payment_place, mask=chunk.payment_place < 0),
        "is_synced": pa.array(chunk.is_synced),
        "is_disliked": pa.array(chunk.is_disliked),
        "has_petition": pa.array(chunk.has_petition),
    }
    schema = schemas.table_schema(STREAMS["dossiers"])
    return pa.record_batch([columns[name] for name in schema.names], schema=schema)


def write(*, sample: Sample, drawn: Iterator[Chunk], folder: Path) -> Iterator[Chunk]:
    """Write ``dossiers.parquet``; give each chunk on once it is handed to the writer."""
    words = texts(sample)
    schema = schemas.table_schema(STREAMS["dossiers"])
    dictionaries: Any = ["unit_code", "procedure_code", "officer_code"]
    # Without the Arrow schema in the footer every reader sees plain texts; dictionaries stay a matter of storage.
    with (
        pq.ParquetWriter(
            folder / "dossiers.parquet",
            schema,
            compression="zstd",
            compression_level=1,
            store_schema=False,
            use_dictionary=dictionaries,
        ) as writer,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        writing = None
        for chunk in drawn:
            batch = record_batch(chunk, sample, words)
            if writing is not None:
                writing.result()
            # One row group is written while the next is drawn: both let go of the interpreter most of the time.
            writing = pool.submit(writer.write_batch, batch, len(batch))
            yield chunk
        if writing is not None:
            writing.result()
