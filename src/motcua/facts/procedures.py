"""Procedures of a unit and all below it: each counts once, so these are unions, not sums."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from motcua.facts import counting
from motcua.facts.columns import FLAGS
from motcua.facts.layout import Layout, day_number
from motcua.facts.loading import Packed

Flags = NDArray[np.bool_]
PUBLIC = ("public", "public_amended")
OFFERED = ("public", "waiting_stop", "testing")
PARTS = tuple(
    f"part_{name}" for name in ("name", "sequence", "channels", "components", "limit", "applicants", "agency")
)
"""The seven parts that a public procedure must show (khoản 2 Điều 8 Nghị định 63/2010/NĐ-CP)."""

# What a dossier shows about its procedure: all these flags together.
_SHOWS = {
    "online": ("is_online",),
    "fee": ("is_synced", "has_fee_amount"),
    "paid": ("has_online_payment",),
    "population": ("is_synced", "has_population_data"),
}


class Showing:
    """Notes what dossiers show about procedures, while more and more units come to be known."""

    __slots__ = ("_bins", "_by_kind", "_codes", "_seen")

    def __init__(self, *, starts: Sequence[int], codes: Mapping[str, int], edges: Sequence[int]) -> None:
        """Begin with no evidence; ``codes`` are the procedures that matter and their places, ``starts`` the eras."""
        self._bins = counting.Bins([*edges, *starts[1:]])
        self._codes = codes
        self._seen = counting.Seen()
        # Dossiers of other procedures fall on one more place, which nobody reads.
        self._by_kind = {kind: np.zeros((len(self._bins), 0, len(codes) + 1), dtype=np.bool_) for kind in _SHOWS}

    def add(self, packed: Packed) -> None:
        """Note what the dossiers show."""
        place = np.full(max(packed.procedure_codes, default=0) + 1, len(self._codes), dtype=np.int64)
        for number, code in packed.procedure_codes.items():
            place[number] = self._codes.get(code, len(self._codes))
        unit = self._seen.of(packed.unit_codes)[packed.unit]
        self._make_room(len(self._seen.codes))
        _, units, procedures = next(iter(self._by_kind.values())).shape
        cell = (self._bins.of(packed.received).astype(np.int64) * units + unit) * procedures + place[packed.procedure]
        for kind, names in _SHOWS.items():
            mask = sum(1 << FLAGS.index(name) for name in names)
            self._by_kind[kind].reshape(-1)[cell[(packed.flags & mask) == mask]] = True

    def shown(self, layout: Layout) -> "Shown":
        """Return the evidence with every unit at its place."""
        by_kind = {}
        for kind, noted in self._by_kind.items():
            placed = np.zeros((noted.shape[0], len(layout.codes), noted.shape[2] - 1), dtype=np.bool_)
            for number, place in enumerate(layout.places(self._seen.codes)[: noted.shape[1]].tolist()):
                placed[:, place] |= noted[:, number, :-1]
            by_kind[kind] = placed
        return Shown(self._bins, by_kind)

    def _make_room(self, units: int) -> None:
        for kind, noted in self._by_kind.items():
            intervals, room, procedures = noted.shape
            if units > room:
                larger = np.zeros((intervals, max(128, 2 * units), procedures), dtype=np.bool_)
                larger[:, :room] = noted
                self._by_kind[kind] = larger


@dataclass(frozen=True, slots=True)
class Shown:
    """What dossiers show about procedures: (interval, unit, procedure) for each kind of evidence."""

    edges: counting.Bins
    by_kind: Mapping[str, Flags]

    def below(self, kind: str, *, start: int, end: int, layout: Layout) -> Flags:
        """Return (unit, procedure): evidence received from the day ``start`` up to ``end`` by the unit or one below."""
        shown = self.by_kind[kind]
        found = np.zeros(shown.shape[1:], dtype=np.bool_)
        if end <= start:
            return found
        first, last = self.edges.starting(start), self.edges.starting(end)
        for era, begins in enumerate(layout.starts):
            ends = layout.starts[era + 1] if era + 1 < len(layout.starts) else end
            low = first if start >= begins else self.edges.starting(begins)
            high = last if end <= ends else self.edges.starting(ends)
            if low < high:
                here: Flags = np.logical_or.reduce(shown[low:high], axis=0)
                found |= layout.any_below(here, era=era)
        return found


@dataclass(frozen=True, slots=True)
class Entries:
    """Rows that tie a unit to a procedure from one day up to, not including, another."""

    unit_codes: tuple[str, ...]
    unit: NDArray[np.integer]
    """Place of each row's unit in ``unit_codes``."""
    procedure: NDArray[np.integer]
    start: NDArray[np.integer]
    end: NDArray[np.integer]
    is_public: Flags
    is_offered: Flags
    """Public, waiting to stop, or testing."""

    @classmethod
    def of(cls, frame: pl.DataFrame, *, codes: Mapping[str, int]) -> "Entries":
        """Return the rows of ``assignments`` or ``services``; no state means public."""
        units = frame["unit_code"].cast(pl.String).to_list()
        unit_codes = {code: place for place, code in enumerate(sorted(set(units)))}
        states = frame["state"].fill_null("public") if "state" in frame.columns else None
        everything = np.ones(len(units), dtype=np.bool_)
        return cls(
            unit_codes=tuple(unit_codes),
            unit=np.array([unit_codes[code] for code in units], dtype=np.intp),
            procedure=np.array([codes[code] for code in frame["procedure_code"].cast(pl.String)], dtype=np.intp),
            start=_days(frame, "valid_from", unknown=-(2**31)),
            end=_days(frame, "valid_to", unknown=2**31 - 1),
            is_public=everything if states is None else (states == "public").to_numpy(),
            is_offered=everything if states is None else states.is_in(OFFERED).to_numpy(),
        )

    def on(self, day: date, *, chosen: Flags, layout: Layout, procedures: int) -> Flags:
        """Return (unit, procedure): a chosen row ties them on the day."""
        number = day_number(day)
        rows = chosen & (self.start <= number) & (number < self.end)
        tied = np.zeros((len(layout.codes), procedures), dtype=np.bool_)
        tied[layout.places(self.unit_codes)[self.unit[rows]], self.procedure[rows]] = True
        return tied


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known of procedures, who is competent for them and who offers them online."""

    codes: Mapping[str, int]
    """Every procedure named anywhere, and its place."""
    assignments: Entries | None
    services: Entries | None
    is_known: bool
    """Whether procedures are described at all."""
    kept: Flags
    """Neither abolished nor a draft, as far as is known."""
    public: Flags
    complete: Flags
    levels: Mapping[str, Flags]
    marked: Mapping[str, Flags]
    """Procedures marked in a column; a column that nobody filled is left out."""

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], assignments: pl.DataFrame, services: pl.DataFrame) -> "Catalogue":
        """Return the catalogue of the tables."""
        named = {row["procedure_code"] for row in rows}
        named.update(
            *(frame["procedure_code"].cast(pl.String).to_list() for frame in (assignments, services) if len(frame))
        )
        codes = {code: place for place, code in enumerate(sorted(named))}
        places = [codes[row["procedure_code"]] for row in rows]

        def which(is_so: Callable[[Mapping[str, Any]], object]) -> Flags:
            flags = np.zeros(len(codes), dtype=np.bool_)
            flags[places] = [bool(is_so(row)) for row in rows]
            return flags

        return cls(
            codes=codes,
            assignments=Entries.of(assignments, codes=codes) if len(assignments) else None,
            services=Entries.of(services, codes=codes) if len(services) else None,
            is_known=bool(rows),
            kept=~which(lambda row: row.get("state") in {"abolished", "draft"}),
            public=which(lambda row: row.get("state") in PUBLIC),
            complete=which(lambda row: all(row.get(part) for part in PARTS)),
            levels={
                "province": which(lambda row: "province" in (row.get("levels") or "")),
                "commune": which(lambda row: "commune" in (row.get("levels") or "")),
            },
            marked={
                column: which(lambda row, column=column: row.get(column))  # type: ignore[misc]
                for column in _OF_THOSE
                if any(row.get(column) is not None for row in rows)
            },
        )

    @property
    def units(self) -> tuple[str, ...]:
        """The units named by assignments and services."""
        return tuple(code for entries in (self.assignments, self.services) if entries for code in entries.unit_codes)


def in_authority(catalogue: Catalogue, *, layout: Layout, on: date) -> Flags | None:
    """Return (unit, procedure): the unit or one below is competent; None if the data does not say.

    Without assignments, the levels of the procedures say it for communes and, with the communes', for the province.
    """
    era = layout.era_on(on)
    given, size = catalogue.assignments, len(catalogue.codes)
    if given:
        direct = given.on(on, chosen=np.ones(len(given.unit), dtype=np.bool_), layout=layout, procedures=size)
        return layout.any_below(direct, era=era) & catalogue.kept
    province, commune = catalogue.levels["province"], catalogue.levels["commune"]
    if not (province | commune).any():
        return None
    direct = np.zeros((len(layout.codes), size), dtype=np.bool_)
    tree = layout.history.eras[era].tree
    for place, code in enumerate(layout.codes):
        if tree.kind(code) == "commune":
            direct[place] = commune
        elif tree.kind(code) == "province" or (tree.kind(code) is None and tree.parents[code] is None):
            direct[place] = province | commune
    return layout.any_below(direct, era=era) & catalogue.kept


def counts(
    catalogue: Catalogue, shown: Shown | None, *, layout: Layout, start: int, end: int, on: date
) -> dict[str, NDArray[np.int64]]:
    """Return the measures of procedures and services that the data can give, per unit.

    Args:
        catalogue: procedures, assignments, services.
        shown: the evidence in the dossiers; None if there are none.
        layout: the units.
        start: first day of the period, as a number.
        end: the day after its last known day.
        on: the day on which assignments and services are looked at.
    """
    found: dict[str, NDArray[np.int64]] = {}
    era, size = layout.era_on(on), len(catalogue.codes)
    authority = in_authority(catalogue, layout=layout, on=on)
    services = catalogue.services
    evidence: dict[str, Flags] = {}
    if shown:
        evidence = {kind: shown.below(kind, start=start, end=end, layout=layout) for kind in shown.by_kind}
    if authority is not None:
        found["procedures.in_authority"] = authority.sum(axis=1)
        if services:
            online = services.on(on, chosen=services.is_public, layout=layout, procedures=size)
            online_below = layout.any_below(online, era=era)
            found["procedures.with_online_service"] = (authority & online_below).sum(axis=1)
    if authority is not None and catalogue.is_known:
        for column, marked in catalogue.marked.items():
            measure, shown_by = _OF_THOSE[column]
            chosen = authority & marked
            found[measure] = chosen.sum(axis=1)
            found |= {
                name: (chosen & evidence[kind]).sum(axis=1) for name, kind in shown_by.items() if kind in evidence
            }
        found["procedures.public"] = (authority & catalogue.public).sum(axis=1)
        found["procedures.complete"] = (authority & catalogue.public & catalogue.complete).sum(axis=1)
    if services:
        offered = services.on(on, chosen=services.is_offered, layout=layout, procedures=size)
        found["services.public"] = layout.roll_up_on(offered.sum(axis=1), day=on)
        if evidence:
            found["services.with_online_dossier"] = layout.roll_up_on(
                (offered & evidence["online"]).sum(axis=1), day=on
            )
    return found


# The column that chooses procedures in authority, their measure, and the measures of those that dossiers show.
_OF_THOSE: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "fully_online_eligible": ("procedures.fully_online_eligible", {}),
    "fee_bearing": (
        "procedures.fee_bearing",
        {"procedures.with_fee_dossier": "fee", "procedures.with_online_payment": "paid"},
    ),
    "citizen_applicant": ("procedures.citizen", {"procedures.with_population_data": "population"}),
}


def _days(frame: pl.DataFrame, name: str, *, unknown: int) -> NDArray[np.integer]:
    if name not in frame.columns:
        return np.full(len(frame), unknown)
    days = frame[name]
    return days.cast(pl.Date).to_physical().cast(pl.Int64).fill_null(unknown).to_numpy()
