"""Finds which unit a payload record belongs to: by code, by name, by the dossier code, by the sender."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from motcua.ingest import payload_values as values
from motcua.ingest.payload_records import Scalar
from motcua.kernel import ids, text


class Units:
    """Resolves units, and remembers what it was asked: a feed names the same few hundred units all the time."""

    def __init__(self, *, tables: Mapping[str, Path]) -> None:
        """Take the unit table of the data directory, where there is one, to know units by name."""
        self._names: dict[str, set[str]] = {}
        if "units" in tables:
            known = pl.read_parquet(tables["units"], columns=["unit_code", "name"])
            for code, name in known.iter_rows():
                self._names.setdefault(text.fold(name), set()).add(code)
        self._given: dict[tuple[str, str | None], tuple[str | None, str | None]] = {}
        self._prefixes: dict[str, str | None] = {}
        self._offices: dict[str, str | None] = {}
        self._told: set[str] = set()

    def resolve(self, *, given: Scalar, dossier_code: str | None, owner: str | None) -> tuple[str | None, str | None]:
        """Return the unit and, the first time a name could not be matched, a note about it.

        ``given`` is the handling unit's code or name; the code in front of the dossier code stands in for a name that
        is not known, and the sender for a dossier code without one.
        """
        stated = given if type(given) is str else values.plain(given)
        prefix = self._prefix(dossier_code, owner=owner)
        if not stated or stated == prefix:
            return prefix, None
        key = (stated, prefix)
        if key not in self._given:
            if len(self._given) > 100_000:  # a broken feed must not fill the memory
                self._given.clear()
            self._given[key] = self._stated(stated, prefix=prefix)
        unit, note = self._given[key]
        if note is not None:
            if stated in self._told:
                return unit, None
            self._told.add(stated)
        return unit, note

    def of_step(self, *, office: Scalar, dossier_code: str | None, owner: str | None) -> str | None:
        """Return the unit of a progress row: the office's if a code is stated, for its name is that of a room."""
        stated = office if type(office) is str else values.plain(office)
        if stated:
            if stated not in self._offices:
                if len(self._offices) > 100_000:
                    self._offices.clear()
                self._offices[stated] = ids.unit_code(stated)
            if (unit := self._offices[stated]) is not None:
                return unit
        return self._prefix(dossier_code, owner=owner)

    def _prefix(self, dossier_code: str | None, *, owner: str | None) -> str | None:
        head = dossier_code.split("-", 1)[0] if dossier_code else ""
        if head not in self._prefixes:
            if len(self._prefixes) > 100_000:
                self._prefixes.clear()
            self._prefixes[head] = ids.unit_code(head)
        found = self._prefixes[head]
        return found if found is not None or owner is None else ids.unit_code(owner)

    def _stated(self, stated: str, *, prefix: str | None) -> tuple[str | None, str | None]:
        if (code := ids.unit_code(stated)) is not None:
            return code, None
        named = self._names.get(text.fold(stated), set())
        if prefix is not None and len(named) > 1:
            named = {code for code in named if ids.unit_root(code) == ids.unit_root(prefix)}
        if len(named) == 1:
            return next(iter(named)), None
        if prefix is None:
            return None, None
        return prefix, f"không tìm thấy đơn vị tên «{stated[:80]}»; lấy đơn vị theo mã hồ sơ ({prefix})."
