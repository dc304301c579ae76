"""What a reader of outside files is given and gives back: the border between formats and the event log.

A reader is a function ``read(path, *, context) -> Iterator[Batch]`` in a module that ``ingest/kinds.py`` names. It is
lazy (about 10,000 rows a batch), never repairs a value, and tells every odd one: a row it cannot use is *refused*, a
value it cannot use is left unknown. A file that is broken as a whole raises ``UserError``; nothing is written then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from motcua.kernel.errors import Problem

BATCH_ROWS = 10_000
"""How many rows a reader gathers before it hands them on."""

Values = Sequence[Any] | Any
"""A column: a list of Python values (None = unknown), a NumPy, Polars or Arrow array; all of a batch equally long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows read from a file, as columns of one stream.

    ``columns``: by the stream's column names; those left out are unknown in every row. ``rows_read`` counts rows of the
    *file* (refused ones and rows that gave no event included), so the sum over a file's batches is the file's rows.
    ``refused``: one entry for each row that gave no event. ``problems``: values left unknown. ``warnings``: values
    kept as they are that look wrong. A reader with two streams gives two batches and counts rows in one of them.
    """

    stream: str
    columns: Mapping[str, Values]
    rows_read: int
    refused: Sequence[Problem] = ()
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()


def _nothing(_: int) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """What a reader may know beside the file.

    ``name``: the file's name as the person gave it (``path`` may be a hashed copy), for ``Problem.where``.
    ``tables``: table files already folded in the data directory, by stream name (``procedures``, ``units`` …), to match
    names against; absent when nothing of the kind was imported. ``decisions``: the file of manual decisions.
    ``mapping``: a folder of the province's own mapping tables. ``review``: a folder for tables that a person should
    look through, such as how names were matched; None = they are not wanted.
    ``table``: the table a columnar file was said to be. ``advance``: call with bytes or rows done, for the bar.
    """

    name: str
    observed_at: datetime
    tables: Mapping[str, Path] = field(default_factory=dict)
    decisions: Path | None = None
    mapping: Path | None = None
    review: Path | None = None
    table: str | None = None
    advance: Callable[[int], None] = _nothing


class Reader(Protocol):
    """Reads one kind of file."""

    def __call__(self, path: Path, *, context: ImportContext) -> Iterator[Batch]:
        """Go through the file's rows in batches.

        Raises:
            UserError: the file cannot be read as this kind at all.
        """
        ...
