"""How large a sheet would be in memory, told from its XML before anything is allocated.

The reader lays a sheet out as a full rectangle: one cell in the last row and column of Excel would take half a terabyte
and end the process, so that no error could be told.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

MOST_CELLS = 40_000_000
"""The largest rectangle taken: a full sheet of a million rows with forty columns, about 2 GB while it is read."""

_PIECE = 4 << 20
_OVERLAP = 256
# Columns from AA (27) on, and rows that no sheet has: without any, a sheet is small enough whatever it holds. Searched
# for with a plain beginning, which is eight times as fast; other ways to write the attribute are rare and looked into.
_FAR = re.compile(rb' r="(?:[A-Za-z]{2}|[A-Za-z]?(?:\d{8}|[2-9]\d{6}))')
_ERROR = b' t="e"'
_UNUSUAL = (b"r='", b"r =")
_BLANKS = (b"\t", b"\n", b"\r")
_ANY = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\sr\s*=\s*["']([A-Za-z]{0,9})(\d{1,9})["'][^>]*>""")


@dataclass(frozen=True, slots=True)
class Extent:
    """What a glance at all sheets says.

    ``is_too_large``: a sheet would be laid out over more than ``MOST_CELLS`` cells. ``has_errors``: a cell holds an
    error such as ``#DIV/0!``, which the reader gives as an empty one.
    """

    is_too_large: bool
    has_errors: bool


def look(archive: zipfile.ZipFile) -> Extent:
    """Look through the workbook.

    Every member is looked at: which of them is a sheet is for the workbook to say, and it may say anything.
    """
    has_errors = False
    for member in archive.infolist():
        if member.is_dir():
            continue
        is_small = True
        with archive.open(member) as file:
            for piece in _pieces(file):
                is_small = is_small and _FAR.search(piece) is None and not _is_unusual(piece)
                has_errors = has_errors or _ERROR in piece
        if not is_small and _cells(archive, member) > MOST_CELLS:
            return Extent(is_too_large=True, has_errors=has_errors)
    return Extent(is_too_large=False, has_errors=has_errors)


def _cells(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Return how many cells the sheet's rectangle has."""
    # Look at every cell that holds something; some programs write an empty one as <c …/>, others as <c …></c>.
    last_row = last_column = 0
    with archive.open(member) as file:
        for piece in _pieces(file):
            for found in _ANY.finditer(piece):
                if not found[0].endswith(b"/>") and not piece.startswith(b"</", found.end()):
                    last_row = max(last_row, int(found[2]))
                    last_column = max(last_column, _column(found[1]))
    return last_row * max(last_column, 1)


def _is_unusual(piece: bytes) -> bool:
    # A single byte is searched for twice as fast as two, and most sheets have none of these blanks.
    return any(mark in piece for mark in _UNUSUAL) or any(
        blank in piece and blank + b"r=" in piece for blank in _BLANKS
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Go through a file in pieces that overlap, so that nothing is missed where one ends."""
    kept = b""
    while piece := file.read(_PIECE):
        yield kept + piece
        kept = piece[-_OVERLAP:]
