"""Reads the mapping tables: which headings, labels and empty marks a source uses, and a province's own additions."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from motcua.kernel import text
from motcua.kernel.errors import UserError

_PACKAGED = Path(__file__).parent / "mapping"

LAYOUTS = ("dossier-list", "register", "overdue", "petitions", "catalogue-list", "units")
"""The tables a spreadsheet may hold; where two fit a sheet equally well the earlier is taken."""


def plain_heading(heading: str) -> str:
    """Return a heading in one Unicode form, one case, single blanks, without marks around it."""
    return text.nfc(heading).casefold().strip(" :*()[].,")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What one kind of table looks like.

    ``fields``: our name -> headings, best first. A sheet is of this kind if it has all ``required`` fields, one of
    ``any_of``, one of ``also_of`` (where given), and none of ``without``. ``ignored``: headings known and not needed.
    """

    kind: str
    name_vi: str
    key: str
    required: tuple[str, ...]
    any_of: tuple[str, ...]
    also_of: tuple[str, ...]
    without: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    _plain: Mapping[str, tuple[str, int]] = field(init=False, repr=False)
    _folded: Mapping[str, tuple[str, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        plain: dict[str, tuple[str, int]] = {}
        folded: dict[str, tuple[str, int]] = {}
        known = [(name, rank, one) for name, ones in self.fields.items() for rank, one in enumerate(ones)]
        for name, rank, heading in [*known, *(("", 0, one) for one in self.ignored)]:
            plain.setdefault(plain_heading(heading), (name, rank))
            folded.setdefault(text.fold(heading), (name, rank))
        object.__setattr__(self, "_plain", plain)
        object.__setattr__(self, "_folded", folded)

    def field_of(self, heading: str) -> tuple[str, int] | None:
        """Return the field of a heading and its place in the field's list (0 = best).

        The heading counts as written, else without marks and punctuation. The field is "" for what is ignored; None:
        nobody knows the heading.
        """
        return self._plain.get(plain_heading(heading)) or self._folded.get(text.fold(heading))

    def fits(self, found: Iterable[str]) -> bool:
        """Tell whether a sheet with these fields is a table of this kind."""
        has = set(found)
        return (
            has.issuperset(self.required)
            and (not self.any_of or not has.isdisjoint(self.any_of))
            and (not self.also_of or not has.isdisjoint(self.also_of))
            and has.isdisjoint(self.without)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLabels:
    """Free-text status labels -> the ten states; ``endings`` may follow a label and change nothing."""

    labels: Mapping[str, int]
    endings: tuple[str, ...]

    def state(self, label: str) -> int | None:
        """Return the state 1..10 that the label means, None if the table does not say."""
        key = text.fold(label)
        if (found := self.labels.get(key)) is not None:
            return found
        for ending in self.endings:
            if key.endswith(" " + ending):
                return self.labels.get(key.removesuffix(" " + ending))
        # Some exports print the portal's number before or instead of its label.
        number, _, rest = key.partition(" ")
        if number.isdigit() and 1 <= int(number) <= 10 and (not rest or self.labels.get(rest) == int(number)):
            return int(number)
        return None


def load(name: str, *, folder: Path | None) -> list[dict[str, Any]]:
    """Return the tables of a mapping file: the packaged one, then the province's own if it has one.

    Raises:
        UserError: the province's file is no TOML.
    """
    found = [_packaged(name)]
    if folder is not None and (own := folder / f"{name}.toml").is_file():
        try:
            found.append(tomllib.loads(own.read_text(encoding="utf-8-sig")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise UserError(
                f"Bảng ánh xạ không đọc được ({error}).",
                remedy="Hãy sửa theo mẫu trong docs/vi/nhap-bang-tinh.md.",
                where=str(own),
            ) from error
    return found


@cache
def _packaged(name: str) -> dict[str, Any]:
    return tomllib.loads((_PACKAGED / f"{name}.toml").read_text(encoding="utf-8"))


def layouts(folder: Path | None) -> tuple[Layout, ...]:
    """Return what every kind of table looks like, with the province's own headings first.

    Raises:
        UserError: a file of the province cannot be read or has another shape.
    """
    return _layouts(folder, stamp=_stamp(folder))


def _stamp(folder: Path | None) -> tuple[tuple[str, int], ...]:
    if folder is None:
        return ()
    try:
        return tuple(sorted((own.name, own.stat().st_mtime_ns) for own in folder.glob("*.toml")))
    except OSError:
        return ()


@lru_cache(maxsize=8)
def _layouts(folder: Path | None, *, stamp: tuple[tuple[str, int], ...]) -> tuple[Layout, ...]:
    del stamp  # only part of the cache's key: a changed file is read again
    return tuple(_layout(name, folder=folder) for name in LAYOUTS)


def _layout(name: str, *, folder: Path | None) -> Layout:
    packaged, *own = load(name, folder=folder)
    fields = {own: tuple(headings) for own, headings in packaged["fields"].items()}
    ignored = [heading for headings in packaged["ignored"].values() for heading in headings]
    for more in own:
        for own_field, headings in _texts_by_name(more.get("fields", {}), where=name).items():
            if own_field not in fields:
                raise UserError(
                    f"Bảng ánh xạ «{name}» có trường lạ «{own_field}».",
                    remedy=f"Các trường: {', '.join(fields)}.",
                    where=f"{name}.toml",
                )
            fields[own_field] = (*headings, *fields[own_field])
        for headings in _texts_by_name(more.get("ignored", {}), where=name).values():
            ignored.extend(headings)
    return Layout(
        kind=packaged["kind"],
        name_vi=packaged["name_vi"],
        key=packaged["key"],
        required=tuple(packaged["required"]),
        any_of=tuple(packaged.get("any_of", ())),
        also_of=tuple(packaged.get("also_of", ())),
        without=tuple(packaged.get("without", ())),
        fields=fields,
        ignored=tuple(ignored),
    )


def _texts_by_name(table: object, *, where: str) -> Mapping[str, Sequence[str]]:
    is_right = isinstance(table, dict) and all(
        isinstance(texts, list) and all(isinstance(one, str) for one in texts) for texts in table.values()
    )
    if not is_right:
        raise UserError(
            f"Bảng ánh xạ «{where}» không đúng dạng.",
            remedy='Mỗi dòng phải là: tên = ["chữ 1", "chữ 2"].',
            where=f"{where}.toml",
        )
    assert isinstance(table, dict)  # noqa: S101 - told above; for the type checker
    return table


def state_labels(folder: Path | None) -> StateLabels:
    """Return the status labels, the province's own over the packaged ones.

    Raises:
        UserError: the province's file cannot be read, or names a state other than 1..10.
    """
    labels: dict[str, int] = {}
    endings: list[str] = []
    for table in load("states", folder=folder):
        for number, texts in _texts_by_name(table.get("labels", {}), where="states").items():
            if number not in _STATES:
                raise UserError(
                    f"Không có trạng thái «{number}».", remedy="Trạng thái là số từ 1 đến 10.", where="states.toml"
                )
            labels.update({text.fold(label): int(number) for label in texts})
        endings += [text.fold(ending) for ending in table.get("endings", ())]
    return StateLabels(labels=labels, endings=tuple(endings))


_STATES = frozenset(str(number) for number in range(1, 11))


def words(name: str, table: str, *, folder: Path | None) -> dict[str, str]:
    """Return ``{folded text: name it stands for}`` of a table such as ``[kinds]``, the province's own last.

    Raises:
        UserError: the province's file cannot be read or has another shape.
    """
    found: dict[str, str] = {}
    for loaded in load(name, folder=folder):
        for meaning, texts in _texts_by_name(loaded.get(table, {}), where=name).items():
            found.update({text.fold(one): meaning for one in texts})
    return found
