"""Imports as the log tells them, and their parts: what an import brought, Parquet, named by its hash.

The event of an import names every part by its hash and the log chains the event, so that nobody changes a part
unnoticed; a part is checked against its name whenever it is read.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection

from motcua.eventlog.log import Cursor
from motcua.kernel.errors import UserError
from motcua.live import models

STREAM = "import"
TAKEN = "ImportTaken"
DOSSIERS = "dossiers"
MENTIONS = "mentions"
"""The part of dossiers that the source does not hold itself: all it says is that a petition is about them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Một phần: rows of one table; dossiers by month of receipt, so that a month without news is the same part."""

    table: str
    month: date | None
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Import:
    """Bản nhập: what a source said, whole, at a moment."""

    source: str
    name: str
    position: int
    first_position: int
    """Where the log first names the source."""
    observed_at: datetime
    """When the source was so."""
    taken_at: datetime
    """When it was taken in; what the source says of later moments is not known yet."""
    chain: str
    """The last hash of the data directory's own log; empty where files were given."""
    dossiers: int
    tells: frozenset[str]
    """Columns of ``dossiers`` of which it knows something."""
    parts: tuple[Part, ...]

    def of(self, *tables: str) -> tuple[Part, ...]:
        """Return the parts of the tables."""
        return tuple(part for part in self.parts if part.table in tables)

    @property
    def tables(self) -> frozenset[str]:
        """The tables it brought."""
        return frozenset(part.table for part in self.parts) - {MENTIONS}


def written(import_: "Import") -> dict[str, Any]:
    """Return the content of the event."""
    return {
        "name": import_.name,
        "observed_at": import_.observed_at.isoformat(),
        "taken_at": import_.taken_at.isoformat(),
        "chain": import_.chain,
        "dossiers": import_.dossiers,
        "tells": sorted(import_.tells),
        "parts": [
            [part.table, part.month.isoformat() if part.month else None, part.rows, part.digest]
            for part in import_.parts
        ],
    }


def read(source: str, content: Mapping[str, Any], *, position: int, first_position: int) -> Import:
    """Return the import from the content of its event."""
    return Import(
        source=source,
        name=content["name"],
        position=position,
        first_position=first_position,
        observed_at=datetime.fromisoformat(content["observed_at"]),
        taken_at=datetime.fromisoformat(content["taken_at"]),
        chain=content["chain"],
        dossiers=content["dossiers"],
        tells=frozenset(content["tells"]),
        parts=tuple(
            Part(table, date.fromisoformat(month) if month else None, rows, digest)
            for table, month, rows, digest in content["parts"]
        ),
    )


def latest(*, until: Cursor | None = None) -> tuple[Import, ...]:
    """Return the last import of every source that the log tells of, the source named first standing first.

    Args:
        until: the last event that counts; None: all that are written.
    """
    end = until or Cursor(2**62, 2**62)
    with connection.cursor() as database:
        database.execute(
            "SELECT DISTINCT ON (subject) subject, content::text, position, min(position) OVER (PARTITION BY subject)"
            " FROM eventlog_loggedevent WHERE stream = %s AND (transaction, position) <= (%s, %s)"
            " ORDER BY subject, version DESC",
            [STREAM, end.transaction, end.position],
        )
        found = [
            read(code, json.loads(content), position=position, first_position=first)
            for code, content, position, first in database.fetchall()
        ]
    return tuple(sorted(found, key=lambda one: one.first_position))


def current() -> tuple[Import, ...]:
    """Return the last import of every source that the figures know, the source named first standing first."""
    found = models.ImportedSource.objects.order_by("first_position")
    return tuple(read(one.code, one.told, position=one.position, first_position=one.first_position) for one in found)


def keep(frame: pl.DataFrame, *, table: str, month: date | None = None) -> Part:
    """Keep the rows and return the part; rows that are there already are kept once."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, statistics=False)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    models.ImportedPart.objects.bulk_create(
        [models.ImportedPart(digest=digest, table=table, rows=frame.height, content=content)], ignore_conflicts=True
    )
    return Part(table, month, frame.height, digest)


def rows(part: Part, *, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return the rows of the part.

    Raises:
        UserError: it is gone, or is not what the log says it was.
    """
    found = models.ImportedPart.objects.filter(digest=part.digest).values_list("content", flat=True).first()
    content = bytes(found) if found is not None else b""
    if hashlib.sha256(content).hexdigest() != part.digest:
        raise UserError(
            "Phần dữ liệu nhập đã bị xóa hoặc sửa so với nhật ký.",
            remedy="Hãy khôi phục cơ sở dữ liệu từ bản sao lưu, hoặc nhập lại nguồn này.",
            where=f"{part.table} {part.digest[:12]}",
        )
    return pl.read_parquet(io.BytesIO(content), columns=list(columns) if columns else None)


def all_rows(parts: Iterable[Part], *, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
    """Go through the rows part by part."""
    for part in parts:
        yield rows(part, columns=columns)
