"""Finds the headings of a table wherever they stand, in one row or several, however they are spelt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motcua.ingest import sheets_cells
from motcua.ingest.sheets_cells import Cell
from motcua.ingest.sheets_grid import BrokenRow, Merged, Row
from motcua.ingest.sheets_mapping import Layout
from motcua.kernel import text

FIRST_ROWS = 30
"""Headings stand within the first so many rows of a page."""
_DEEPEST = 3
_MARKS = " :*()[].,"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """The headings found on a page.

    ``columns``: field -> column (0 = first). ``last_row``: the number of the last heading row. ``repeated``: headings
    that stand over several columns, of which the last is read. ``unknown``: headings nobody knows.
    """

    layout: Layout
    columns: Mapping[str, int]
    texts: Mapping[str, str]
    first_row: int
    last_row: int
    width: int
    repeated: tuple[str, ...]
    unknown: tuple[str, ...]


def find(first_rows: Sequence[Row], *, layouts: Sequence[Layout], merged: Sequence[Merged] = ()) -> Headings | None:
    """Return the headings of the table on the page: the kind and rows that make most of them known; None = no table."""
    rows = [(number, [] if isinstance(cells, BrokenRow) else cells) for number, cells in first_rows]
    best: tuple[tuple[int, int, int, int], Headings] | None = None
    for top in range(len(rows)):
        for depth in range(1, min(_DEEPEST, len(rows) - top) + 1):
            parts = _parts(rows[top : top + depth], merged=merged)
            if len(parts) < 2:
                continue
            for place, layout in enumerate(layouts):
                found = _match(parts, layout=layout, rows=rows[top : top + depth])
                if found is None:
                    continue
                rank = (len(found.columns), -depth, -top, -place)
                if best is None or rank > best[0]:
                    best = rank, found
    return best[1] if best else None


def _parts(rows: Sequence[tuple[int, list[Cell]]], *, merged: Sequence[Merged]) -> list[tuple[int, tuple[str, ...]]]:
    """Return, for each column with a heading, its words from the uppermost row down.

    A merged cell stands over all its columns. CSV knows no merged cells, and some exports do not merge: an empty cell
    of an upper row belongs to the heading on its left if there are headings below both.
    """
    width = max(len(cells) for _, cells in rows)
    grid = [[_heading(cells[at]) if at < len(cells) else "" for at in range(width)] for _, cells in rows]
    for (first_row, first_column), (last_row, last_column) in merged:
        for row in range(first_row, last_row + 1):
            at = row + 1 - rows[0][0]
            if not 0 <= at < len(grid):
                continue
            said = grid[at][first_column] if first_column < width and row == first_row else ""
            for column in range(first_column + 1, min(last_column + 1, width)):
                grid[at][column] = said
    for at in range(len(grid) - 1):
        for column in range(1, width):
            has_below = bool(grid[at + 1][column]) and bool(grid[at + 1][column - 1])
            if not grid[at][column] and has_below:
                grid[at][column] = grid[at][column - 1]
    found = []
    for column in range(width):
        words = tuple(part for part in dict.fromkeys(row[column] for row in grid) if part)
        if words:
            found.append((column, words))
    return found


def _heading(cell: Cell) -> str:
    return text.nfc(sheets_cells.text(cell) or "") if isinstance(cell, str) else ""


def _match(
    parts: Sequence[tuple[int, tuple[str, ...]]], *, layout: Layout, rows: Sequence[tuple[int, list[Cell]]]
) -> Headings | None:
    columns: dict[str, int] = {}
    ranks: dict[str, int] = {}
    texts: dict[str, str] = {}
    repeated: list[str] = []
    unknown: list[str] = []
    is_last_row_used = len(rows) == 1
    for column, words in parts:
        known = layout.field_of(" ".join(words)) or (layout.field_of(words[-1]) if len(words) > 1 else None)
        if known is None:
            unknown.append(" ".join(words))
            continue
        is_last_row_used |= len(words) > 1
        field, rank = known
        if not field:
            continue
        if field in columns:
            if rank > ranks[field]:
                continue
            if rank == ranks[field]:
                repeated.append(" ".join(words))
        columns[field], ranks[field], texts[field] = column, rank, " ".join(words)
    if not is_last_row_used or not layout.fits(columns):
        return None
    return Headings(
        layout=layout,
        columns=columns,
        texts=texts,
        first_row=rows[0][0],
        last_row=rows[-1][0],
        width=max(column for column, _ in parts) + 1,
        repeated=tuple(repeated),
        unknown=tuple(unknown),
    )


def is_index_row(cells: Sequence[Cell]) -> bool:
    """Tell whether the row only numbers the columns: ``(1) (2) (3)`` or ``A B 1 2``."""
    said = [(sheets_cells.text(cell) or "").strip(_MARKS) for cell in cells]
    marks = [one for one in said if one]
    if len(marks) < 3 or not all(one.isdigit() or (len(one) == 1 and one.isalpha()) for one in marks):
        return False
    numbers = [int(one) for one in marks if one.isdigit()]
    return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2
