"""Errors a person can act on: what is wrong, where, and what to do, in Vietnamese."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault found in outside data: where it stands, what is wrong, what to do.

    ``row`` counts as the person sees it in the file (1 = first line); None where the fault is not in a row.
    """

    where: str
    what: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Read as one Vietnamese sentence: place, fault, remedy."""
        place = self.where
        if self.row is not None:
            place += f", dòng {self.row}"
        if self.column is not None:
            place += f", cột «{self.column}»"
        return f"{place}: {self.what} {self.remedy}"


class UserError(Exception):
    """The input is at fault, not the program. The command line prints it and exits with 2.

    ``what`` and ``remedy`` are Vietnamese sentences; ``where`` names the file, option or code.
    """

    def __init__(self, what: str, *, remedy: str, where: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.where = where
        self.problems = problems

    def __str__(self) -> str:
        """Read as the command line shows it: the fault, the remedy, then each problem on its own line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        lines = [f"{head} {self.remedy}".strip()]
        lines += [f"  - {problem}" for problem in self.problems]
        return "\n".join(lines)
