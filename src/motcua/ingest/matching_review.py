"""Shows a person how names were matched: a table to look through and correct, and warnings for the doubtful ones."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from motcua.ingest.matching import CANDIDATES, How, Match, Matcher
from motcua.kernel import text
from motcua.kernel.errors import Problem

_COLUMNS = ("name", "sector", "procedure_code", "confidence", "how", "dossiers")


class MatchLog:
    """Counts how many dossiers each match decided."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._dossiers: Counter[tuple[str, str | None]] = Counter()
        self._matches: dict[tuple[str, str | None, Match], None] = {}

    def count(self, name: str, *, sector: str | None, match: Match, dossiers: int) -> None:
        """Remember that so many dossiers have this name and sector."""
        self._dossiers[name, sector] += dossiers
        self._matches[name, sector, match] = None

    def warnings(self, *, where: str) -> Iterator[Problem]:
        """Tell each name that no procedure was taken for, the most frequent first, with the best candidates."""
        if self._matcher.is_empty:
            if self._dossiers:
                yield Problem(
                    where=where,
                    what=f"chưa có danh mục TTHC nên {self._dossiers.total()} hồ sơ chưa gắn được mã thủ tục.",
                    remedy="Hãy nhập danh mục TTHC vào cùng thư mục dữ liệu, rồi chạy motcua import --rematch.",
                )
            return
        open_ones = {
            (name, sector): match
            for name, sector, match in self._matches
            if match.code is None and match.how is not How.DECIDED
        }
        for (name, sector), match in sorted(open_ones.items(), key=lambda one: -self._dossiers[one[0]]):
            said = "khớp với nhiều thủ tục như nhau" if match.how is How.AMBIGUOUS else "không khớp thủ tục nào"
            shown = "; ".join(
                f"{one.code} {self._name(one.code)[:80]} ({one.confidence:.2f})" for one in match.candidates
            )
            near = f"Gần nhất: {shown}. " if shown else ""
            yield Problem(
                where=where,
                column="Tên thủ tục hành chính",
                what=f"«{name[:120]}»{f' ({sector})' if sector else ''}: {self._dossiers[name, sector]} hồ sơ, {said}.",
                remedy=f"{near}Hãy ghi mã đúng vào tệp quyết định (name,sector,procedure_code) rồi nhập lại.",
            )

    def write(self, path: Path) -> None:
        """Write every match as CSV; with a code filled in or corrected it is a file of decisions."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*_COLUMNS, *(f"candidate_{n}" for n in range(1, CANDIDATES + 1)), "procedure_name"])
            ordered = sorted(self._matches, key=lambda one: (one[2].confidence, one[0], one[1] or ""))
            for name, sector, match in ordered:
                shown = [f"{one.code} {self._name(one.code)} ({one.confidence:.2f})" for one in match.candidates]
                writer.writerow(
                    [
                        _plain(name), _plain(sector or ""), match.code or "", f"{match.confidence:.3f}", match.how,
                        self._dossiers[name, sector], *shown, *[""] * (CANDIDATES - len(shown)),
                        self._name(match.code) if match.code else "",
                    ]
                )  # fmt: skip

    def _name(self, code: str) -> str:
        found = self._matcher.procedure(code)
        return text.nfc(found.name) if found else ""


def _plain(cell: str) -> str:
    # A name that begins like a formula would be run by a spreadsheet that opens the table.
    return f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell
