"""Units as a tree with a history: who stood under whom on which day, and the sums from the leaves to the root."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motcua.kernel.errors import UserError

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Unit:
    """Đơn vị, as it was from ``valid_from`` up to, not including, ``valid_to`` (None = open)."""

    code: str
    name: str | None = None
    kind: str | None = None
    parent_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor_code: str | None = None
    certified_copy: bool | None = None

    def is_valid(self, day: date) -> bool:
        """Tell whether the unit existed in this form on the day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class UnitTree:
    """Cây đơn vị on one day: every unit after its parent, so that a unit and all below it stand side by side."""

    codes: tuple[str, ...]
    parents: Mapping[str, str | None]
    rows: Mapping[str, Unit]
    places: Mapping[str, int] = field(repr=False)
    """Place of each code in ``codes``."""
    ends: tuple[int, ...] = field(repr=False)
    """Place after the last unit below, by the place of the unit."""

    @classmethod
    def of(cls, parents: Mapping[str, str | None], rows: Mapping[str, Unit]) -> "UnitTree":
        """Return the tree; ``parents`` names every unit.

        Raises:
            UserError: a unit stands under itself.
        """
        below: dict[str | None, list[str]] = {}
        for code in sorted(parents, key=sort_key):
            below.setdefault(parents[code], []).append(code)
        codes: list[str] = []
        ends: dict[str, int] = {}
        waiting: list[tuple[str, bool]] = [(code, False) for code in reversed(below.get(None, []))]
        while waiting:
            code, is_done = waiting.pop()
            if is_done:
                ends[code] = len(codes)
                continue
            codes.append(code)
            waiting.append((code, True))
            waiting.extend((child, False) for child in reversed(below.get(code, [])))
        if len(codes) < len(parents):
            lost = next(code for code in parents if code not in ends)
            raise UserError(
                f"Đơn vị {lost} nằm dưới chính nó.", remedy="Hãy sửa cột parent_code của bảng đơn vị.", where="units"
            )
        places = {code: place for place, code in enumerate(codes)}
        return cls(tuple(codes), dict(parents), dict(rows), places, tuple(ends[code] for code in codes))

    @property
    def roots(self) -> tuple[str, ...]:
        """Units without a parent."""
        return tuple(code for code in self.codes if self.parents[code] is None)

    def name(self, code: str) -> str:
        """Return the unit's name, its code where no name is known."""
        row = self.rows.get(code)
        return (row and row.name) or code

    def kind(self, code: str) -> str | None:
        """Return the unit's kind, None where it is not known."""
        row = self.rows.get(code)
        return row.kind if row else None

    def parent(self, code: str) -> str | None:
        """Return the code of the unit above."""
        return self.parents[code]

    def children(self, code: str) -> tuple[str, ...]:
        """Return the units directly below, in order."""
        return tuple(other for other in self.below(code) if self.parents[other] == code)

    def below(self, code: str) -> tuple[str, ...]:
        """Return the unit and all below it."""
        place = self.places[code]
        return self.codes[place : self.ends[place]]

    def roll_up(self, counts: Counts) -> Counts:
        """Add to every unit what is below it; the first axis stands in the order of ``codes``."""
        running = np.zeros((counts.shape[0] + 1, *counts.shape[1:]), dtype=np.int64)
        np.cumsum(counts, axis=0, out=running[1:])
        return running[np.asarray(self.ends, dtype=np.intp)] - running[:-1]

    def any_below(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return, for every unit, what holds for it or for one below; the first axis stands as ``codes``."""
        found = flags.copy()
        for place in range(len(self.codes) - 1, -1, -1):
            parent = self.parents[self.codes[place]]
            if parent is not None:
                found[self.places[parent]] |= found[place]
        return found


@dataclass(frozen=True, slots=True)
class Era:
    """The days from ``start`` (None = always) on which one tree held."""

    start: date | None
    tree: UnitTree


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """Lịch sử tổ chức: the trees one after another, over the same set of units."""

    eras: tuple[Era, ...]
    units: Mapping[str, tuple[Unit, ...]]
    successors: Mapping[str, str] = field(default_factory=dict)
    """The unit under which another unit's dossiers are counted; empty: each under its own."""

    @classmethod
    def of(cls, units: Iterable[Unit], *, seen: Iterable[str] = ()) -> "UnitHistory":
        """Return the history; ``seen`` are codes met in the data, placed by their code where no row names them."""
        rows: dict[str, tuple[Unit, ...]] = {}
        for unit in units:
            rows[unit.code] = (*rows.get(unit.code, ()), unit)
        for code in {code for row in itertools.chain(*rows.values()) for code in _named_by(row)} | set(seen):
            if code not in rows:
                rows |= dict.fromkeys(_with_prefixes(code) - rows.keys(), ())
        starts = {row.valid_from for row in itertools.chain(*rows.values()) if row.valid_from}
        starts |= {row.valid_to for row in itertools.chain(*rows.values()) if row.valid_to}
        eras: list[Era] = []
        for start in (None, *sorted(starts)):
            now = {code: _row_on(versions, start) for code, versions in rows.items()}
            parents = {code: _parent(code, row, now) for code, row in now.items()}
            if not eras or parents != eras[-1].tree.parents:
                eras.append(Era(start, UnitTree.of(parents, {code: row for code, row in now.items() if row})))
        return cls(tuple(eras), rows)

    def era_on(self, day: date) -> Era:
        """Return the era of the day."""
        return next(era for era in reversed(self.eras) if era.start is None or era.start <= day)

    def as_it_is(self, *, on: date) -> "UnitHistory":
        """Return the history seen from the day: its tree always, each unit's dossiers with the one that followed it."""
        successors = {code: self._successor(code, on) for code in self.units}
        return UnitHistory((Era(None, self.era_on(on).tree),), self.units, successors)

    def existed(self, code: str, *, start: date, end: date) -> bool:
        """Tell whether the unit existed on a day from ``start`` up to ``end``; a unit without rows always did."""
        versions = self.units[code]
        return not versions or any(
            (row.valid_from is None or row.valid_from < end) and (row.valid_to is None or row.valid_to > start)
            for row in versions
        )

    def _successor(self, code: str, on: date) -> str:
        passed = [code]
        while True:
            ended = [row for row in self.units.get(passed[-1], ()) if row.successor_code]
            last = max(ended, key=lambda row: row.valid_to or date.min, default=None)
            if last is None or last.successor_code is None or (last.valid_to and last.valid_to > on):
                return passed[-1]
            if last.successor_code in passed:
                raise UserError(
                    f"Đơn vị {code} kế thừa chính nó.",
                    remedy="Hãy sửa cột successor_code của bảng đơn vị.",
                    where="units",
                )
            passed.append(last.successor_code)


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Unit, ...]:
    """Return the units of the ``units`` table's rows."""
    return tuple(
        Unit(
            code=row["unit_code"],
            name=row.get("name"),
            kind=row.get("kind"),
            parent_code=row.get("parent_code"),
            valid_from=_day(row.get("valid_from")),
            valid_to=_day(row.get("valid_to")),
            successor_code=row.get("successor_code"),
            certified_copy=row.get("certified_copy"),
        )
        for row in rows
    )


def sort_key(code: str) -> tuple[tuple[int, str], ...]:
    """Order codes as people count: ``H20.9`` before ``H20.10``."""
    return tuple((len(part) if part.isdigit() else 0, part) for part in code.split("."))


def _day(value: Any) -> date | None:
    """Return the day of a cell that holds a day, a moment or nothing."""
    return value.date() if isinstance(value, datetime) else value


def _named_by(row: Unit) -> tuple[str, ...]:
    return tuple(code for code in (row.parent_code, row.successor_code) if code)


def _with_prefixes(code: str) -> set[str]:
    """Return the code and those above it: ``H20.12.3`` stands under ``H20.12``, that under ``H20``."""
    parts = code.split(".")
    if code[:1] not in {"H", "G"}:
        return {code}
    return {".".join(parts[:count]) for count in range(1, len(parts) + 1)}


def _row_on(versions: Sequence[Unit], day: date | None) -> Unit | None:
    """Return the version valid on the day; else the last one before it; else the first."""
    in_order = sorted(versions, key=lambda row: row.valid_from or date.min)
    if day is None:
        return in_order[0] if in_order else None
    valid = [row for row in in_order if row.is_valid(day)]
    begun = [row for row in in_order if row.valid_from is None or row.valid_from <= day]
    return (valid or begun or in_order[:1] or [None])[-1]  # type: ignore[list-item]


def _parent(code: str, row: Unit | None, now: Mapping[str, Unit | None]) -> str | None:
    if row is not None and row.parent_code:
        return row.parent_code
    above = code.rpartition(".")[0]
    return above if above in now else None
