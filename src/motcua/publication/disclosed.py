"""What of a frozen result everybody may see: all points of groups and totals, and the counts that are not small."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.publication import suppression
from motcua.publication.frozen import Document

_OWN_COUNTS = frozenset({"counted", "zero_denominator"})


@dataclass(frozen=True, slots=True)
class PublicRow:
    """Một chỉ số của một đơn vị; all four figures are None where ``is_hidden``."""

    code: str
    numerator: int | None
    denominator: int | None
    ratio: str | None
    points: str | None
    basis: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class PublicUnit:
    """Một đơn vị như công bố."""

    code: str
    name: str
    level: str
    parent: str | None
    total: str
    grade: str | None
    rank: int
    rank_of: int
    missing: tuple[str, ...]
    groups: Mapping[str, str]
    rows: tuple[PublicRow, ...]

    def row(self, code: str) -> PublicRow:
        """Return the row of the indicator.

        Raises:
            KeyError: there is none.
        """
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class PublicIssue:
    """Bản công bố: the frozen document with small counts taken out."""

    frozen: Document
    units: tuple[PublicUnit, ...]

    @property
    def month(self) -> str:
        """``2026-10``."""
        return str(self.frozen["month"])

    @property
    def edition(self) -> int:
        """1 for the first."""
        return int(self.frozen["edition"])

    @property
    def groups(self) -> list[Document]:
        """Groups in the order of the rule set: code, number, name_vi, max_points."""
        return list(self.frozen["groups"])

    @property
    def indicators(self) -> list[Document]:
        """Indicators in the order of the rule set."""
        return list(self.frozen["indicators"])

    @property
    def hidden_rows(self) -> int:
        """How many rows are hidden."""
        return sum(row.is_hidden for unit in self.units for row in unit.rows)

    def unit(self, code: str) -> PublicUnit | None:
        """Return the unit, None where the issue has no such."""
        return next((unit for unit in self.units if unit.code == code), None)

    def of_level(self, level: str) -> list[PublicUnit]:
        """Return the units of a level, the best first; equal ones by code."""
        return sorted((unit for unit in self.units if unit.level == level), key=lambda unit: (unit.rank, unit.code))

    @property
    def levels(self) -> list[str]:
        """The levels there are, the smallest number of units first: province, departments, communes."""
        found: dict[str, int] = {}
        for unit in self.units:
            found[unit.level] = found.get(unit.level, 0) + 1
        return sorted(found, key=lambda level: (found[level], level))

    @property
    def top(self) -> PublicUnit | None:
        """The unit without another above it, the province; None in an empty publication."""
        codes = {unit.code for unit in self.units}
        return next((unit for unit in self.units if unit.parent not in codes), None)


def disclosed(frozen: Document) -> PublicIssue:
    """Return the public part of a frozen document."""
    units = frozen["units"]
    is_hidden = frozenset(_hidden(frozen))
    return PublicIssue(frozen, tuple(_unit(unit, is_hidden) for unit in units))


def _hidden(frozen: Document) -> Iterator[tuple[str, str]]:
    """Yield unit and indicator of every row to hide."""
    indicators, rule = frozen["indicators"], frozen["suppression"]
    tree = suppression.Tree({unit["code"]: unit["parent"] for unit in frozen["units"]})
    rows = {(unit["code"], row["code"]): row for unit in frozen["units"] for row in unit["rows"]}
    measures = [[*([one["numerator"]] if one["numerator"] else []), *one["denominator"]] for one in indicators]
    for family in suppression.families(measures):
        tables = {name.split(".", maxsplit=1)[0] for place in family for name in measures[place]}
        if not tables & set(rule["tables"]):
            continue
        codes = [indicators[place]["code"] for place in sorted(family)]
        counts = [{unit: _own(rows[unit, code]) for unit in tree.parents} for code in codes]
        found = suppression.hidden(counts, tree=tree, below=rule["below"])
        for unit in tree.parents:
            yield from ((unit, code) for code in codes if _shown_by(rows[unit, code], unit) in found)


def _own(row: Mapping[str, Any]) -> int | None:
    """Return how many the unit's own ratio is of; what it inherits is counted above."""
    if row["inherited_from"] is not None:
        return None
    found = row["denominator"]
    return None if found is None else int(found)


def _shown_by(row: Mapping[str, Any], unit: str) -> str:
    return str(row["inherited_from"] or unit)


def _unit(unit: Document, is_hidden: frozenset[tuple[str, str]]) -> PublicUnit:
    return PublicUnit(
        code=unit["code"],
        name=unit["name"],
        level=unit["level"],
        parent=unit["parent"],
        total=unit["total"],
        grade=unit["grade"],
        rank=unit["rank"],
        rank_of=unit["rank_of"],
        missing=tuple(unit["missing"]),
        groups={one["code"]: one["points"] for one in unit["groups"]},
        rows=tuple(_row(row, is_hidden=(unit["code"], row["code"]) in is_hidden) for row in unit["rows"]),
    )


def _row(row: Document, *, is_hidden: bool) -> PublicRow:
    if is_hidden and (row["denominator"] or row["numerator"]):
        return PublicRow(row["code"], None, None, None, None, "hidden", is_hidden=True)
    return PublicRow(
        row["code"], row["numerator"], row["denominator"], row["ratio"], row["points"], row["basis"], is_hidden=False
    )
