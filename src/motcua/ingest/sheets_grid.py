"""A page of cells, from a workbook or a CSV file: rows with the numbers that a person sees beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from motcua.ingest.sheets_cells import Cell

Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, as (row, column) from 0."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row whose cells cannot be told apart; ``what`` says why, in Vietnamese."""

    what: str


Row = tuple[int, list[Cell] | BrokenRow]
"""The row's number (1 = first line of the file) and its cells."""


class Grid(Protocol):
    """One page of cells that can be gone through more than once."""

    @property
    def name(self) -> str:
        """The page's name; empty where a file has only one."""
        ...

    @property
    def day_zero(self) -> datetime:
        """The day that serial 0 means in this file."""
        ...

    @property
    def is_hidden(self) -> bool:
        """Whether a person who opens the file does not see the page."""
        ...

    @property
    def has_errors(self) -> bool:
        """Whether cells of the file hold an error (``#DIV/0!``) in place of a value; they are given as empty."""
        ...

    @property
    def merged(self) -> tuple[Merged, ...]:
        """Merged ranges; empty where the format has none."""
        ...

    @property
    def is_ragged(self) -> bool:
        """Whether a row's width says something: a CSV row wider than its headings has a stray separator."""
        ...

    def rows(self) -> Iterator[Row]:
        """Go through all rows from the first."""
        ...
