"""What is odd in many rows at once: told once, with how many rows and where the first ones are."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from motcua.kernel.errors import Problem

_SHOWN = 10


@dataclass(slots=True)
class _Entry:
    count: int = 0
    rows: list[int] = field(default_factory=list)


class Tally:
    """Counts rows by what is odd about them."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str | None, str, str], _Entry] = {}

    def count(self, row: int, *, what: str, remedy: str, column: str | None = None) -> None:
        """Count a row; ``what`` may hold ``{n}`` for how many there are."""
        entry = self._entries.setdefault((column, what, remedy), _Entry())
        entry.count += 1
        if len(entry.rows) < _SHOWN:
            entry.rows.append(row)

    def problems(self, *, where: str) -> Iterator[Problem]:
        """Tell each kind once, at its first row."""
        for (column, what, remedy), entry in self._entries.items():
            said = what.replace("{n}", f"{entry.count:,}".replace(",", "."))
            rows = ", ".join(str(row) for row in entry.rows) + (" …" if entry.count > len(entry.rows) else "")
            yield Problem(where=where, row=entry.rows[0], column=column, what=f"{said} (dòng {rows}).", remedy=remedy)
