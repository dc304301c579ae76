"""Ẩn ô số ít: which counts of which units are not shown, so that nobody behind a small number is recognised.

Pure. The counts of a unit hold those of the units below it, so a hidden count could be had by subtracting what is shown
from the sum above. Hence the second half: in every sum with something hidden, at least two parts are hidden, and
together they count no fewer than the threshold. The rest of a sum that is no unit of its own (dossiers handled by the
parent itself) is never shown and counts as a hidden part.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Counts = Mapping[str, int | None]
"""Per unit, how many a ratio is of; None where unknown."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Who stands under whom among the units of a publication."""

    parents: Mapping[str, str | None]

    def children(self, parent: str) -> list[str]:
        """Return the units directly below, in the order of their codes."""
        return sorted(code for code, above in self.parents.items() if above == parent)

    def from_below(self) -> Iterator[str]:
        """Go through the units that have others below them, the lowest first."""
        tops = {above for above in self.parents.values() if above is not None and above in self.parents}
        yield from sorted(tops, key=lambda code: (-self._depth(code), code))

    def _depth(self, code: str) -> int:
        depth, above, seen = 0, self.parents.get(code), {code}
        while above is not None and above not in seen:
            seen.add(above)
            depth, above = depth + 1, self.parents.get(above)
        return depth


def families(indicators: Iterable[Sequence[str]]) -> list[frozenset[int]]:
    """Return which indicators (by place) share a measure, directly or through others.

    What one of them hides, none of the others may show.
    """
    found: list[tuple[set[int], set[str]]] = []
    for place, measures in enumerate(indicators):
        joined: tuple[set[int], set[str]] = ({place}, set(measures))
        apart = []
        for one in found:
            if one[1] & joined[1]:
                joined = (one[0] | joined[0], one[1] | joined[1])
            else:
                apart.append(one)
        found = [*apart, joined]
    return sorted((frozenset(places) for places, _ in found), key=min)


def hidden(counts: Sequence[Counts], *, tree: Tree, below: int) -> frozenset[str]:
    """Return the units whose figures are hidden in a family of indicators.

    Args:
        counts: the denominators of the family's indicators, each per unit (the unit and all below it).
        tree: the units.
        below: the threshold; 0 < count < ``below`` is small.
    """
    found = {code for code in tree.parents for one in counts if 0 < (one.get(code) or 0) < below}
    # Hiding one more unit can open a sum above or below it: go on until nothing changes.
    while True:
        more = next((code for top in tree.from_below() for code in _missing(top, counts, tree, found, below)), None)
        if more is None:
            return frozenset(found)
        found.add(more)


def _missing(top: str, counts: Sequence[Counts], tree: Tree, found: set[str], below: int) -> Iterator[str]:
    """Yield a unit to hide, where the sum of ``top`` gives something away."""
    children = tree.children(top)
    for one in counts:
        whole = one.get(top)
        if whole is None:
            continue
        own = whole - sum(one.get(child) or 0 for child in children)
        parts = [one.get(child) or 0 for child in children if child in found] + [max(own, 0)]
        parts = [part for part in parts if part > 0]
        is_small = 0 < own < below
        if not is_small and not any(code in found and one.get(code) for code in (*children, top)):
            continue
        is_hidden = top in found and whole > 0
        is_safe = len(parts) + is_hidden >= 2 and (is_hidden or sum(parts) >= below)
        if is_safe:
            continue
        candidates = [child for child in children if child not in found and one.get(child)]
        if candidates:
            yield min(candidates, key=lambda code: (one.get(code) or 0, code))
        elif top not in found:
            yield top
