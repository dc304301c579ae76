"""What differs between two results: a month and the one before, an edition and its correction, then and now."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from motcua.publication.disclosed import PublicIssue, PublicUnit


@dataclass(frozen=True, slots=True)
class Move:
    """Thay đổi của một đơn vị between two issues; ``before`` is None where it was not in the earlier one."""

    code: str
    name: str
    before: Decimal | None
    now: Decimal | None
    rank_before: int | None
    rank_now: int | None

    @property
    def change(self) -> Decimal | None:
        """Points won (more than 0) or lost; None where there is nothing to compare with."""
        return None if self.before is None or self.now is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Difference:
    """Một chỗ khác of a correction: where, and the figure before and after, as published (empty: not there, hidden)."""

    unit_code: str
    unit_name: str
    what: str
    """The code of an indicator, of a group, or ``TOTAL``, ``RANK``."""
    figure: str
    """``numerator``, ``denominator``, ``points`` or ``rank``."""
    before: str
    after: str


def moves(before: PublicIssue | None, now: PublicIssue) -> list[Move]:
    """Return every unit of either issue with its total and rank then and now, in the order of the codes."""
    old = {unit.code: unit for unit in before.units} if before else {}
    new = {unit.code: unit for unit in now.units}
    return [_move(old.get(code), new.get(code)) for code in sorted(old.keys() | new.keys())]


def _move(before: PublicUnit | None, now: PublicUnit | None) -> Move:
    known = now or before
    assert known is not None  # noqa: S101 - the code is of one of them; for the type checker
    return Move(
        code=known.code,
        name=known.name,
        before=Decimal(before.total) if before else None,
        now=Decimal(now.total) if now else None,
        rank_before=before.rank if before else None,
        rank_now=now.rank if now else None,
    )


def group_changes(before: PublicUnit | None, now: PublicUnit) -> dict[str, Decimal]:
    """Return how each group of a unit changed, for groups that both have."""
    if before is None:
        return {}
    return {
        code: Decimal(points) - Decimal(before.groups[code])
        for code, points in now.groups.items()
        if code in before.groups
    }


def differences(before: PublicIssue, after: PublicIssue) -> list[Difference]:
    """Return every published figure that is not the same in both, unit by unit."""
    old = {unit.code: unit for unit in before.units}
    new = {unit.code: unit for unit in after.units}
    return [
        one
        for code in sorted(old.keys() | new.keys())
        for one in _of_unit(code, old.get(code), new.get(code))
        if one.before != one.after
    ]


def _of_unit(code: str, before: PublicUnit | None, after: PublicUnit | None) -> Iterator[Difference]:
    known = after or before
    name = known.name if known else code
    old, new = dict(_figures(before)), dict(_figures(after))
    for what, figure in {**old, **new}:
        yield Difference(code, name, what, figure, old.get((what, figure), ""), new.get((what, figure), ""))


def _figures(unit: PublicUnit | None) -> Iterator[tuple[tuple[str, str], str]]:
    if unit is None:
        return
    yield ("TOTAL", "points"), unit.total
    yield ("RANK", "rank"), f"{unit.rank}/{unit.rank_of}"
    for code, points in unit.groups.items():
        yield (code, "points"), points
    for row in unit.rows:
        yield (row.code, "numerator"), _text(row.numerator)
        yield (row.code, "denominator"), _text(row.denominator)
        yield (row.code, "points"), _text(row.points)


def _text(value: int | str | None) -> str:
    return "" if value is None else str(value)
