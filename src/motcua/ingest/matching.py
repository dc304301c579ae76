"""Finds the national procedure behind a name and a sector, with a confidence and the next best ones."""

import csv
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from motcua.ingest.matching_names import ComparableName, MatchingRules
from motcua.ingest.reading import ImportContext
from motcua.kernel import ids, text
from motcua.kernel.errors import UserError

CANDIDATES = 3
"""How many procedures a doubtful name is shown with."""
_NONE = "-"
_CUT_SHORT = 0.8


class How(StrEnum):
    """How a match was made."""

    DECIDED = "decided"
    """A person decided it."""
    CODE = "code"
    """The name holds the code."""
    EXACT = "exact"
    """The same name, marks and punctuation aside."""
    BARE = "bare"
    """The same name without numbering, lead words and level."""
    SIMILAR = "similar"
    AMBIGUOUS = "ambiguous"
    """Several fit as well; none is taken."""
    NONE = "none"
    """None is near enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueProcedure:
    """What matching needs of a procedure; ``levels`` as in the stream."""

    code: str
    name: str
    sector: str | None = None
    levels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that may be meant, and how sure that is (0..1)."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """The procedure a name means (None: none may be taken), how sure (0..1), and the best candidates."""

    code: str | None
    confidence: float
    how: How
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided: (folded name, folded sector or "") -> code, None for "no procedure of the catalogue"."""

    codes: Mapping[tuple[str, str], str | None]

    def find(self, name: str, sector: str | None) -> tuple[str | None] | None:
        """Return the decision on a name as a one-tuple, None if there is none; one without sector holds for any."""
        key = text.fold(name)
        for of in (text.fold(sector or ""), ""):
            if (key, of) in self.codes:
                return (self.codes[key, of],)
        return None


def read_decisions(path: Path | None) -> Decisions:
    """Read the file of manual decisions: CSV with the columns ``name``, ``sector``, ``procedure_code``.

    A code of ``-`` says that the catalogue does not have the procedure; an empty one decides nothing.

    Raises:
        UserError: the file cannot be read, lacks a column, or holds what is no procedure code.
    """
    if path is None:
        return Decisions({})
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            start = file.readline()
            file.seek(0)
            rows = list(csv.DictReader(file, delimiter=";" if start.count(";") > start.count(",") else ","))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            "Không đọc được tệp quyết định khớp tên.", remedy="Hãy lưu lại dạng CSV, mã UTF-8.", where=str(path)
        ) from error
    codes: dict[tuple[str, str], str | None] = {}
    for number, row in enumerate(rows, start=2):
        if not {"name", "procedure_code"} <= row.keys():
            raise UserError(
                "Tệp quyết định thiếu cột name hoặc procedure_code.",
                remedy="Dòng đầu phải là: name,sector,procedure_code",
                where=str(path),
            )
        said = (row["procedure_code"] or "").strip()
        name = text.fold(row["name"] or "")
        if not said or not name:
            continue
        code = None if said == _NONE else ids.procedure_code(said)
        if code is None and said != _NONE:
            raise UserError(
                f"Dòng {number}: «{said}» không phải mã thủ tục.",
                remedy=f"Hãy ghi mã dạng 1.001193, hoặc {_NONE} nếu danh mục không có.",
                where=str(path),
            )
        codes[name, text.fold(row.get("sector") or "")] = code
    return Decisions(codes)


class Matcher:
    """Matches names against a catalogue; each name, sector and level is looked up once and remembered."""

    def __init__(
        self, procedures: Iterable[CatalogueProcedure], *, rules: MatchingRules, decisions: Decisions | None = None
    ) -> None:
        """Index the catalogue: by whole name, by bare name, and by word."""
        self._rules = rules
        self._decisions = decisions or Decisions({})
        self._known: dict[tuple[str, str | None, str | None], Match] = {}
        self._procedures = list({one.code: one for one in procedures}.values())
        self._place = {one.code: place for place, one in enumerate(self._procedures)}
        self._sectors = [text.fold(one.sector or "") for one in self._procedures]
        names = [rules.comparable(one.name) for one in self._procedures]
        self._levels = [
            one.levels or frozenset([name.level] if name.level else [])
            for one, name in zip(self._procedures, names, strict=True)
        ]
        self._named = [name.level for name in names]
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._bare: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(names):
            self._whole[name.whole].append(place)
            self._bare[name.bare].append(place)
        self._words = _WordIndex([name.bare for name in names])

    @property
    def is_empty(self) -> bool:
        """Whether there is no catalogue to match against."""
        return not self._procedures

    def match(self, name: str, *, sector: str | None = None, level: str | None = None) -> Match:
        """Return the procedure a name means.

        Args:
            name: as the list has it.
            sector: as the list has it; tells apart procedures of one name.
            level: ``province``, ``district`` or ``commune``: the level of the unit that handles the dossier.
        """
        key = (name, sector, level)
        if (found := self._known.get(key)) is None:
            if len(self._known) > 200_000:  # a broken file must not fill the memory
                self._known.clear()
            found = self._known[key] = self._match(name, sector=sector, level=level)
        return found

    def procedure(self, code: str) -> CatalogueProcedure | None:
        """Return the catalogue's procedure of that code."""
        place = self._place.get(code)
        return None if place is None else self._procedures[place]

    def _match(self, name: str, *, sector: str | None, level: str | None) -> Match:
        if (decided := self._decisions.find(name, sector)) is not None:
            return Match(decided[0], 1.0, How.DECIDED)
        said = self._rules.comparable(name)
        if said.code is not None and (said.code in self._place or not said.bare):
            return Match(said.code, 1.0, How.CODE)
        folded_sector = text.fold(sector or "")
        for places, sure, how in (
            (self._whole.get(said.whole), self._rules.exact, How.EXACT),
            (self._bare.get(said.bare), self._rules.bare, How.BARE),
        ):
            if places:
                return self._choose(places, sure, how, said=said, sector=folded_sector, level=level)
        return self._similar(said, sector=folded_sector, level=level)

    def _choose(
        self, places: Sequence[int], sure: float, how: How, *, said: ComparableName, sector: str, level: str | None
    ) -> Match:
        """Choose among procedures of one name: by the level the name says, the sector, then the unit's level."""
        left = list(places)
        for narrower in (
            [place for place in left if said.level and self._has_level(place, said.level)],
            [place for place in left if sector and self._sectors[place] == sector],
            [place for place in left if level and self._has_level(place, level)],
        ):
            kept = [place for place in left if place in narrower]
            left = kept or left
        if len(left) == 1:
            return Match(self._procedures[left[0]].code, sure, how)
        confidence = sure / len(left)
        shown = tuple(Candidate(self._procedures[place].code, confidence) for place in left[:CANDIDATES])
        return Match(None, confidence, How.AMBIGUOUS, shown)

    def _has_level(self, place: int, level: str) -> bool:
        return self._named[place] == level or (self._named[place] is None and level in self._levels[place])

    def _similar(self, said: ComparableName, *, sector: str, level: str | None) -> Match:
        if self.is_empty:
            return Match(None, 0.0, How.NONE)
        ranked: list[tuple[float, int]] = []
        for place, alike in self._words.nearest(said.bare, most=12):
            confidence = alike * self._rules.bare
            if self._words.differing(said.bare, place) & self._rules.telling:
                confidence *= self._rules.penalty
            if sector and self._sectors[place] and self._sectors[place] != sector:
                confidence *= 0.97
            wanted = said.level or level
            if wanted and self._levels[place] and not self._has_level(place, wanted):
                confidence *= 0.97
            ranked.append((confidence, place))
        ranked.sort(key=lambda one: (-one[0], one[1]))
        shown = tuple(Candidate(self._procedures[place].code, round(sure, 3)) for sure, place in ranked[:CANDIDATES])
        if not ranked or ranked[0][0] < self._rules.threshold:
            return Match(None, shown[0].confidence if shown else 0.0, How.NONE, shown)
        if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < self._rules.margin:
            return Match(None, shown[0].confidence, How.AMBIGUOUS, shown)
        return Match(shown[0].code, shown[0].confidence, How.SIMILAR, shown)


class _WordIndex:
    """Names as weighted words and pairs of neighbouring words: how alike two are is what they share of their weight."""

    def __init__(self, names: Sequence[str]) -> None:
        self._bags = [Counter(name.split()) for name in names]
        grams = [_grams(name) for name in names]
        count = Counter(gram for one in grams for gram in one)
        self._unseen = log(1 + len(names))
        self._weight = {gram: log(1 + len(names) / seen) for gram, seen in count.items()}
        postings: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(grams):
            for gram in one:
                postings[gram].append(place)
        self._postings = {gram: np.array(places, dtype=np.int32) for gram, places in postings.items()}
        self._total: npt.NDArray[np.float64] = np.array([sum(self._weight[gram] for gram in one) for one in grams])

    def nearest(self, name: str, *, most: int) -> list[tuple[int, float]]:
        """Return the places of the names most alike, with how alike they are (0..1, Dice)."""
        shared = np.zeros(len(self._total))
        total = 0.0
        for gram in _grams(name):
            weight = self._weight.get(gram, self._unseen)
            total += weight
            if (places := self._postings.get(gram)) is not None:
                shared[places] += weight
        if not total:
            return []
        # A name cut short shares all it has with the whole one: worth showing, never enough to be taken.
        alike = np.maximum(2 * shared / (self._total + total), _CUT_SHORT * shared / total)
        most = min(most, len(alike))
        best = np.argpartition(-alike, most - 1)[:most]
        return [(int(place), float(alike[place])) for place in best if alike[place] > 0]

    def differing(self, name: str, place: int) -> set[str]:
        """Return the words that only one of the two names has, or has more often."""
        one, other = Counter(name.split()), self._bags[place]
        return set((one - other) + (other - one))


def _grams(name: str) -> set[str]:
    words = name.split()
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}


def of_context(context: ImportContext) -> Matcher:
    """Return a matcher over the catalogue that was imported before, with the manual decisions given.

    Files of one import share it while neither has changed.

    Raises:
        UserError: the decisions or the province's rules cannot be read.
    """
    table = context.tables.get("procedures")
    rules = MatchingRules.read(context.mapping)
    key = (table, _stamp(table), context.decisions, _stamp(context.decisions))
    for known, as_ruled, matcher in _matchers:
        if known == key and as_ruled == rules:
            return matcher
    matcher = Matcher(_catalogue(table), rules=rules, decisions=read_decisions(context.decisions))
    _matchers.append((key, rules, matcher))
    return matcher


_Key = tuple[Path | None, tuple[int, int, int], Path | None, tuple[int, int, int]]
_matchers: deque[tuple[_Key, MatchingRules, Matcher]] = deque(maxlen=1)
"""The last matcher made: to index the catalogue takes as long as to read ten thousand rows."""


def _stamp(path: Path | None) -> tuple[int, int, int]:
    if path is None or not path.exists():
        return 0, 0, 0
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns


def _catalogue(table: Path | None) -> Iterator[CatalogueProcedure]:
    if table is None:
        return
    wanted = ["procedure_code", "name", "sector", "levels"]
    for row in pl.read_parquet(table, columns=wanted).iter_rows(named=True):
        yield CatalogueProcedure(
            code=row["procedure_code"],
            name=row["name"],
            sector=row["sector"],
            levels=frozenset((row["levels"] or "").split(",")) - {""},
        )
