"""Finds the unit behind a name in a list: by its code, its name, else by the code in front of the dossier code."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from motcua.ingest import sheets_mapping
from motcua.ingest.reading import ImportContext
from motcua.kernel import ids, text

PLACEHOLDER = "name:"
"""Before the folded name of a unit that nothing identifies; such rows are kept and told."""

_LEVELS = {"province": "province", "department": "province", "district": "district", "commune": "commune"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUnit:
    """What matching needs of a unit."""

    code: str
    name: str
    kind: str | None = None
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """The unit of a row, and whether its name was understood (else the dossier code or a placeholder stands in)."""

    code: str
    is_sure: bool


class UnitMatcher:
    """Resolves units; remembers each name, and counts those it did not know, for the report."""

    def __init__(self, units: Iterable[KnownUnit], *, folder: Path | None = None) -> None:
        """Index the units by code and by name, with and without the words that stand before a name."""
        rules = [table.get("matching", {}) for table in sheets_mapping.load("units", folder=folder)]
        starts = {text.fold(one) for table in rules for one in table.get("drop_starts", ())}
        self._starts = sorted(starts, key=lambda one: (-len(one), one))
        self._ends = [one for table in rules for one in table.get("drop_ends", ())]
        self._levels: dict[str, str | None] = {}
        self._provinces: dict[str, str] = {}
        self._names: dict[str, set[str]] = defaultdict(set)
        self._bare: dict[str, set[str]] = defaultdict(set)
        self._heads: dict[str, str | None] = {}
        self._known: dict[tuple[str, str | None], FoundUnit | None] = {}
        self.unknown: Counter[str] = Counter()
        listed = list(units)
        self._roots = {ids.unit_root(unit.code) for unit in listed if ids.unit_code(unit.code)}
        for unit in listed:
            self._levels[unit.code] = _LEVELS.get(unit.kind or "")
            if unit.kind == "province":
                bare = self._without_start(text.fold(unit.name))
                self._provinces[ids.unit_root(unit.code)] = bare.removeprefix("tinh ").removeprefix("thanh pho ")
        for is_closed in (False, True):  # a unit that still exists goes before one of the same name that does not
            for unit in listed:
                if unit.is_closed is is_closed:
                    self._add(unit)

    def _add(self, unit: KnownUnit) -> None:
        whole = text.fold(unit.name)
        for index, key in ((self._names, whole), (self._bare, self._bare_name(whole, root=ids.unit_root(unit.code)))):
            if not unit.is_closed or not index[key]:
                index[key].add(unit.code)

    @property
    def is_empty(self) -> bool:
        """Whether no units are known."""
        return not self._levels

    def level(self, code: str) -> str | None:
        """Return the level at which the unit handles dossiers: province, district or commune; None if not known."""
        return self._levels.get(code)

    def find(self, *, code: str | None, name: str | None, dossier_code: str | None) -> FoundUnit | None:
        """Return the unit of a row; None if nothing at all says it.

        The stated code goes first, then the name, then the code in front of the dossier code (the unit that received
        it), then a placeholder made of the name, so that no row is lost.
        """
        if code is not None and (stated := ids.unit_code(code)) is not None:
            return FoundUnit(stated, is_sure=True)
        head = self._head(dossier_code)
        if name is None:
            return FoundUnit(head, is_sure=True) if head is not None else None
        key = (name, head)
        if key not in self._known:
            if len(self._known) > 200_000:  # a broken file must not fill the memory
                self._known.clear()
            self._known[key] = self._named(name, head=head)
        found = self._known[key] or FoundUnit(head or PLACEHOLDER + text.fold(name), is_sure=False)
        if not found.is_sure:
            self.unknown[name] += 1
        return found

    def named(self, name: str, *, dossier_code: str | None) -> str | None:
        """Return the unit of that name, None if no unit is called so: for cells that may hold a person's name."""
        found = self._named(name, head=self._head(dossier_code))
        return found.code if found else None

    def _named(self, name: str, *, head: str | None) -> FoundUnit | None:
        if (stated := ids.unit_code(name)) is not None:
            return FoundUnit(stated, is_sure=True)
        whole = text.fold(name)
        root = ids.unit_root(head) if head else None
        for codes in (self._names.get(whole), self._bare.get(self._bare_name(whole, root=root))):
            if not codes:
                continue
            near = self._near(codes, root=root)
            # Identifiers go before area codes of the same unit (GSO), which no dossier carries.
            near = {one for one in near if ids.unit_code(one)} or near
            if len(near) == 1:
                return FoundUnit(next(iter(near)), is_sure=True)
            if head in near:
                return FoundUnit(head, is_sure=True)
        return None

    def _near(self, codes: set[str], *, root: str | None) -> set[str]:
        """Keep the units of the dossier's own province: every province has a "Sở Nội vụ".

        Codes of a province that has merged into another stand in old dossier codes; where the unit list is of one
        province only, names are looked up in it all the same.
        """
        if root is None or self._roots == {root}:
            return codes
        near = {one for one in codes if ids.unit_root(one) == root or ids.unit_code(one) is None}
        return near or (codes if len(self._roots) == 1 else near)

    def _head(self, dossier_code: str | None) -> str | None:
        if dossier_code is None or "-" not in dossier_code:
            return None
        head = dossier_code.split("-", 1)[0]
        if head not in self._heads:
            if len(self._heads) > 200_000:
                self._heads.clear()
            self._heads[head] = ids.unit_code(head)
        return self._heads[head]

    def _bare_name(self, whole: str, *, root: str | None) -> str:
        name = self._without_start(whole)
        if root is not None and (province := self._provinces.get(root)):
            for end in self._ends:
                name = name.removesuffix(" " + text.fold(end.format(province=province)))
        return name

    def _without_start(self, name: str) -> str:
        for start in self._starts:
            if name.startswith(start + " "):
                return name.removeprefix(start + " ")
        return name


def of_context(context: ImportContext) -> UnitMatcher:
    """Return a matcher over the units that were imported before.

    Raises:
        UserError: the province's mapping cannot be read.
    """
    units: list[KnownUnit] = []
    if (table := context.tables.get("units")) is not None:
        wanted = ["unit_code", "name", "kind", "valid_to"]
        for row in pl.read_parquet(table, columns=wanted).iter_rows(named=True):
            units.append(
                KnownUnit(
                    code=row["unit_code"], name=row["name"], kind=row["kind"], is_closed=row["valid_to"] is not None
                )
            )
    return UnitMatcher(units, folder=context.mapping)
