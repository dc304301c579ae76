"""How large a file may be before it is taken for a mistake or an attack; it bounds memory, not provinces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes.

    ``record``: one record of a JSON array, and a whole JSON document that cannot be read piece by piece.
    ``unpacked``: all members of a workbook together. ``ratio``: how many times larger than packed one may be.
    ``harmless``: a member that cannot become larger than this is not unpacked to check what it declares.
    """

    record: int = 16 << 20
    document: int = 256 << 20
    unpacked: int = 4 << 30
    member: int = 2 << 30
    ratio: int = 200
    harmless: int = 256 << 20


LIMITS = Limits()
"""What the import uses unless told otherwise."""
