"""What one import did, kept beside the data and shown to whoever ran it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from motcua.kernel.errors import Problem

SHOWN = 200
"""How many entries of each kind the report itself holds; all of them stand in ``<raw>.problems.jsonl``."""


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """The import of one file: rows read, events made, rows refused, and what was odd.

    ``refused``, ``problems`` and ``warnings`` hold the first ``SHOWN`` entries; the counts count all. ``note`` says in
    Vietnamese why nothing was done, where nothing was (imported before, or refused whole).
    """

    file: str
    raw: str
    kind: str
    observed_at: datetime
    rows_read: int = 0
    rows_refused: int = 0
    values_unknown: int = 0
    values_warned: int = 0
    events: dict[str, int] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    note: str = ""
    is_new: bool = True

    @property
    def events_made(self) -> int:
        """How many events the file gave, all streams together."""
        return sum(self.events.values())

    def to_json(self) -> bytes:
        """Return the report as it is kept in ``DIR/reports``."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2)


class ProblemFile:
    """Takes every entry as it comes, keeps the first few in the report, and writes all of them where there are more."""

    def __init__(self, path: Path, *, report: ImportReport) -> None:
        """Begin; the file is made with the first entry and removed if the report holds them all."""
        self._path = path
        self._report = report
        self._file: BinaryIO | None = None

    def add(
        self, *, refused: Iterable[Problem] = (), problems: Iterable[Problem] = (), warnings: Iterable[Problem] = ()
    ) -> None:
        """Count and keep the entries of one batch."""
        report = self._report
        report.rows_refused += self._keep("refused", refused, shown=report.refused)
        report.values_unknown += self._keep("unknown", problems, shown=report.problems)
        report.values_warned += self._keep("warning", warnings, shown=report.warnings)

    def _keep(self, kind: str, entries: Iterable[Problem], *, shown: list[Problem]) -> int:
        count = 0
        for count, entry in enumerate(entries, start=1):  # noqa: B007 - the last count is the answer
            if len(shown) < SHOWN:
                shown.append(entry)
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._path.open("wb")
            line = {"kind": kind, "row": entry.row, "column": entry.column, "what": entry.what, "remedy": entry.remedy}
            self._file.write(msgspec.json.encode(line) + b"\n")
        return count

    def close(self) -> None:
        """Finish: a file that says no more than the report is not kept."""
        if self._file is None:
            return
        self._file.close()
        report = self._report
        if max(report.rows_refused, report.values_unknown, report.values_warned) <= SHOWN:
            self._path.unlink()
