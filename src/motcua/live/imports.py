"""Nhập vào chỉ số trực tiếp: takes a data directory, or files, into the log as one import of a source.

An import is what a source says, whole: the next one of the same source replaces it. Its rows are kept as parts and the
log gets one event that names them, in one transaction; the projector then moves the figures from what the source said
before to what it says now (``live.imports_folding``). Reading the same thing twice records nothing.
"""

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from motcua.eventlog import log
from motcua.events.streams import STREAMS
from motcua.facts import preparing
from motcua.facts.columns import COLUMNS
from motcua.facts.dataset import Dataset
from motcua.facts.preparing import FactClock
from motcua.ingest import dataset as opening
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, local
from motcua.live import imports_kept
from motcua.live.imports_kept import DOSSIERS, MENTIONS, Import, Part

PART_ROWS = 50_000
"""Rows of one part: some megabytes in memory, about one on disk."""
SMALL_TABLES = tuple(name for name in STREAMS if name not in {DOSSIERS, "progress"})
"""Tables of an import beside its dossiers; steps are folded into the dossiers by the data directory."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_HAPPENED = (
    "resolved_at", "returned_at", "refused_at", "stopped_at", "withdrawn_at", "supplement_waiting_since",
)  # fmt: skip
_ANSWERED_NO = ("fee_bearing", "has_petition")
"""Columns whose absence the facts read as no."""

Progressed = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking a source in."""

    is_new: bool
    """False: the source says what it said already, and nothing was recorded."""
    told: Import


def take(
    paths: Sequence[Path],
    *,
    source: str,
    name: str,
    by: str,
    at: datetime,
    clock: FactClock | None,
    progressed: Progressed,
    observed_at: datetime | None = None,
) -> Taken:
    """Record what the data directory or the files say as the last import of the source.

    Args:
        paths: one data directory, or files that ``motcua import`` knows.
        source: short code of the source, the same at each import of it.
        name: what people call it; empty: as before, else the code.
        by: code of whoever imports.
        at: now; what the source says of later moments is left out.
        clock: gives dossiers without a due moment one by the limit of their procedure.
        progressed: told how many dossiers more have been read.
        observed_at: when the source was so; None: the data directory's newest file, or when the files last changed.

    Raises:
        UserError: the data cannot be read, is older than what the source said before, or tells of dossiers that
            another source tells of.
    """
    if not _CODE.fullmatch(source):
        raise UserError(
            "Mã nguồn chỉ gồm chữ không dấu, số, dấu chấm, gạch nối (tối đa 40).",
            remedy="Ví dụ: --source igate-tinh.",
            where=source or "--source",
        )
    opened = opening.open(paths)
    data = Dataset.of_opened(opened)
    with transaction.atomic():
        with connection.cursor() as database:
            # Two imports at once would each miss the other's dossiers.
            database.execute("SELECT pg_advisory_xact_lock(hashtext('live_import'))")
        known = imports_kept.latest()
        before = next((one for one in known if one.source == source), None)
        as_of = observed_at or (opened.observed_at or local(at)).replace(tzinfo=VIETNAM)
        _refuse_older(before, as_of)
        dossiers = _dossiers(data, at=at, clock=clock)
        parts = [imports_kept.keep(_table(data, one, at=at), table=one) for one in SMALL_TABLES if data.has(one)]
        tells: frozenset[str] = frozenset()
        if dossiers is not None:
            with tempfile.TemporaryDirectory(prefix="motcua-") as folder:
                file = Path(folder) / "dossiers.parquet"
                dossiers.sink_parquet(file, compression="zstd", compression_level=1)
                kept = pl.scan_parquet(file)
                tells = _tells(kept)
                _check(kept, others=[one for one in known if one.source != source])
                parts += _by_month(kept, progressed)
                parts += _mentions(data, kept, at=at)
        told = Import(
            source=source,
            name=name or (before.name if before else source),
            position=0,
            first_position=before.first_position if before else 0,
            observed_at=as_of,
            taken_at=at,
            chain=opened.chain or "",
            dossiers=sum(part.rows for part in parts if part.table == DOSSIERS),
            tells=tells,
            parts=tuple(parts),
        )
        if not parts:
            raise UserError("Nguồn này không có dữ liệu nào.", remedy="Hãy kiểm tra lại thư mục hoặc các tệp.")
        if before is not None and _says_the_same(before, told):
            return Taken(is_new=False, told=before)
        log.record(
            stream=imports_kept.STREAM,
            subject=source,
            kind=imports_kept.TAKEN,
            at=at,
            by=by,
            content=imports_kept.written(told),
        )
        return Taken(is_new=True, told=told)


def _refuse_older(before: Import | None, observed_at: datetime) -> None:
    if before is not None and observed_at < before.observed_at:
        last = local(before.observed_at)
        raise UserError(
            f"Dữ liệu này tính đến {observed_at:%H:%M %d/%m/%Y}, cũ hơn lần nhập trước ({last:%H:%M %d/%m/%Y}).",
            remedy="Hãy nhập bản mới hơn; nếu đây là nguồn khác, hãy đặt mã khác bằng --source.",
            where=before.source,
        )


def _says_the_same(before: Import, now: Import) -> bool:
    same = ("name", "observed_at", "chain", "dossiers", "tells", "parts")
    return all(getattr(before, field) == getattr(now, field) for field in same)


def _table(data: Dataset, table: str, *, at: datetime) -> pl.DataFrame:
    """Return a small table with the columns of its stream that the source has; petitions of later are left out."""
    frame = data.frame(table)
    if table == "petitions":
        frame = frame.filter(pl.col("received_at") <= local(at))
    return frame.select([column.name for column in STREAMS[table].columns if column.name in frame.columns])


def _dossiers(data: Dataset, *, at: datetime, clock: FactClock | None) -> pl.LazyFrame | None:
    """Return the dossiers received by now as the facts read them, what lies later not known yet."""
    if not data.has(DOSSIERS):
        return None
    now = local(at)
    frame = preparing.dossiers_of(
        data, on=now, procedures=data.rows("procedures"), petitions=data.rows("petitions"), clock=clock
    )
    return frame.filter(pl.col("received_at") <= now).with_columns(
        *(pl.when(pl.col(name) <= now).then(pl.col(name)) for name in _HAPPENED),
        *(pl.col(name).cast(pl.String) for name in ("dossier_code", "unit_code", "procedure_code", "officer_code")),
    )


def _tells(dossiers: pl.LazyFrame) -> frozenset[str]:
    counts = dossiers.select(pl.col(name).count() for name in COLUMNS).collect().row(0, named=True)
    return frozenset(name for name, count in counts.items() if count)


def _check(dossiers: pl.LazyFrame, *, others: Sequence[Import]) -> None:
    """Refuse dossiers without a code or unit, told twice, or told by another source."""
    rows, codes, units, different = dossiers.select(
        pl.len(),
        pl.col("dossier_code").count().alias("codes"),
        pl.col("unit_code").count().alias("units"),
        pl.col("dossier_code").n_unique().alias("different"),
    ).collect().row(0)  # fmt: skip
    if codes < rows or units < rows:
        raise UserError(
            f"{rows - min(codes, units)} hồ sơ không có mã hoặc không có đơn vị.",
            remedy="Hãy nhập tệp vào thư mục dữ liệu bằng «motcua import» để biết từng dòng sai, rồi nhập thư mục đó.",
            where=DOSSIERS,
        )
    if different < rows:
        raise UserError(
            f"{rows - different} hồ sơ lặp lại mã.",
            remedy="Hãy nhập các tệp vào một thư mục dữ liệu bằng «motcua import», rồi nhập thư mục đó.",
            where=DOSSIERS,
        )
    for other in others:
        for theirs in imports_kept.all_rows(other.of(DOSSIERS), columns=["dossier_code"]):
            shared = dossiers.select("dossier_code").join(theirs.lazy(), on="dossier_code", how="semi").head(3)
            found = shared.collect().to_series().to_list()
            if found:
                raise UserError(
                    f"Nguồn «{other.name}» ({other.source}) đã có những hồ sơ này: {', '.join(found)}…",
                    remedy="Một hồ sơ chỉ một nguồn nhập nói đến: hãy nhập mọi tệp vào cùng một thư mục dữ liệu, hoặc"
                    " dùng lại mã nguồn đó.",
                    where=DOSSIERS,
                )


def _by_month(dossiers: pl.LazyFrame, progressed: Progressed) -> list[Part]:
    """Keep the dossiers by month of receipt, in the order of their codes: the same rows make the same parts."""
    parts: list[Part] = []
    month = pl.col("received_at").dt.truncate("1mo").dt.date()
    months: list[date] = dossiers.select(month.unique().sort()).collect().to_series().to_list()
    for one in months:
        frame = dossiers.filter(month == one).sort("dossier_code").collect()
        frame = frame.with_columns(
            pl.col("result_required").fill_null(value=True),
            *(pl.col(name).fill_null(value=False) for name in _ANSWERED_NO),
        )
        for start in range(0, frame.height, PART_ROWS):
            parts.append(imports_kept.keep(frame.slice(start, PART_ROWS), table=DOSSIERS, month=one))
            progressed(parts[-1].rows)
    return parts


def _mentions(data: Dataset, dossiers: pl.LazyFrame, *, at: datetime) -> list[Part]:
    """Keep which dossiers of others a petition of the source is about."""
    petitions = data.frame("petitions")
    if "dossier_code" not in petitions.columns:
        return []
    named = (
        petitions.lazy()
        .filter(pl.col("dossier_code").is_not_null() & (pl.col("received_at") <= local(at)))
        .select(pl.col("dossier_code").cast(pl.String))
        .unique()
        .join(dossiers.select("dossier_code"), on="dossier_code", how="anti")
        .with_columns(pl.lit(value=True).alias("has_petition"))
        .sort("dossier_code")
        .collect()
    )
    return [imports_kept.keep(named, table=MENTIONS)] if named.height else []
