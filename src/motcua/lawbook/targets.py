"""Reading ``law/targets``: targets that documents state, and how units are ranked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from motcua.kernel import lawfiles
from motcua.kernel.citation import Citation
from motcua.lawbook import files
from motcua.lawbook.reading import Table

FOLDER = "targets"
STATED, RANKING = "qd766", "ranking"


class Metric(StrEnum):
    """What a target is a number of."""

    RATIO = "ratio"
    """A share of the denominator, in (0, 1]."""
    POINTS = "points"
    COUNT = "count"
    """How many the numerator counts, at least."""


@dataclass(frozen=True, slots=True)
class StatedTarget:
    """Mục tiêu một văn bản nêu: the ratio, in (0, 1], that an indicator should reach."""

    indicator: str
    ratio: Decimal
    citation: Citation


@dataclass(frozen=True, slots=True)
class RankingRule:
    """Cách xếp hạng.

    ``minimum`` is the smallest denominator with which a unit is ranked; ``z`` how many standard errors a band is wide
    to either side; ``size_classes`` into how many classes of size the units of a level are parted.
    """

    minimum: int
    minimum_citation: Citation
    z: float
    band_citation: Citation
    size_classes: int
    size_citation: Citation


def stated(root: Path, *, on: date) -> Mapping[str, StatedTarget]:
    """Return the stated targets in force on the day by indicator; none where no document is that old."""
    folder = root / FOLDER / STATED
    if not any(date.fromisoformat(path.stem) <= on for path in folder.glob("*.toml")):
        return MappingProxyType({})
    return MappingProxyType({one.indicator: one for one in read_stated(lawfiles.version_on(folder, on))})


def ranking(root: Path, *, on: date) -> RankingRule:
    """Return how units are ranked on the day.

    Raises:
        UserError: nothing is in force on that day.
        LawFileError: the file is not sound.
    """
    return read_ranking(lawfiles.version_on(root / FOLDER / RANKING, on))


def read(path: Path) -> object:
    """Read one file of the folder, whatever it holds.

    Raises:
        LawFileError: the file is not sound.
    """
    return read_ranking(path) if path.parent.name == RANKING else read_stated(path)


def read_stated(path: Path) -> tuple[StatedTarget, ...]:
    """Return the targets of one file.

    Raises:
        LawFileError: a target is out of (0, 1], named twice or not cited.
    """
    table = Table(path, "", files.read(path))
    found: list[StatedTarget] = []
    for one in table.tables("target", named_by="indicator"):
        one.only("indicator", "ratio", "citation")
        ratio = one.number("ratio")
        if not 0 < ratio <= 1:
            one.fail("ratio phải lớn hơn 0 và không quá 1.", "Hãy ghi tỷ lệ, ví dụ 0.95 cho 95%.")
        if one.text("indicator") in {other.indicator for other in found}:
            one.fail("chỉ số đã có mục tiêu trong tệp này.", "Hãy giữ một dòng cho mỗi chỉ số.")
        found.append(StatedTarget(one.text("indicator"), ratio, one.citation()))
    return tuple(found)


def read_ranking(path: Path) -> RankingRule:
    """Return the rule of one file.

    Raises:
        LawFileError: a value is missing, out of range or not cited.
    """
    table = Table(path, "", files.read(path))
    minimum, band, size = table.table("minimum"), table.table("band"), table.table("size")
    z = band.number("z")
    if minimum.whole("denominator") < 1 or not 0 < z < 5 or size.whole("classes") < 1:
        table.fail("mức tối thiểu, z hoặc số lớp ngoài khoảng cho phép.", "Hãy ghi số dương; z nhỏ hơn 5.")
    return RankingRule(
        minimum=minimum.whole("denominator"),
        minimum_citation=minimum.citation(),
        z=float(z),
        band_citation=band.citation(),
        size_classes=size.whole("classes"),
        size_citation=size.citation(),
    )
