"""The smallest number of dossiers that gains so many points: exact, by classes of dossiers that gain alike.

Repairing a dossier lifts a fixed set of indicators by one each. An indicator gives ``slope`` points for each until its
``room`` is used up, so the points of a choice depend only on how many dossiers of each class are in it. Without caps
the classes worth most come first. Caps break that order; then branch and bound over the counts of the classes that
share capped indicators finds the least number, with a bound that is valid for every choice of multipliers:
min(room, slope·n) <= m·slope·n + (1-m)·room for 0 <= m <= 1.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, product
from math import ceil

ZERO = Fraction(0)
ONE = Fraction(1)
# A choice that is not proven after so many boxes is within a fraction of a percent of the bound, and said to be so.
_MOST_NODES = 50


@dataclass(frozen=True, slots=True)
class Lift:
    """What one more in an indicator gives (points, not rounded), and how much the indicator can still give."""

    slope: Fraction
    room: Fraction


@dataclass(frozen=True, slots=True)
class PatternClass:
    """Dossiers that lift the same indicators when repaired."""

    lifts: frozenset[str]
    size: int


@dataclass(frozen=True, slots=True)
class Smallest:
    """How many dossiers of each class to repair. ``at_least`` is proven; the choice is smallest when it equals that."""

    taken: tuple[int, ...]
    """Along the classes given."""
    gain: Fraction
    at_least: int

    @property
    def total(self) -> int:
        """How many dossiers in all."""
        return sum(self.taken)

    @property
    def is_proven(self) -> bool:
        """Whether no smaller choice exists."""
        return self.total == self.at_least


def gain_of(taken: Sequence[int], *, classes: Sequence[PatternClass], lifts: Mapping[str, Lift]) -> Fraction:
    """Return the points, not rounded, that a choice gains."""
    lifted = dict.fromkeys(lifts, 0)
    for number, each in zip(taken, classes, strict=True):
        for code in each.lifts:
            lifted[code] += number
    return sum((min(lift.room, lift.slope * lifted[code]) for code, lift in lifts.items()), ZERO)


def smallest(*, classes: Sequence[PatternClass], lifts: Mapping[str, Lift], points: Fraction) -> Smallest | None:
    """Return the smallest choice that gains at least ``points``; None if even all dossiers do not.

    Args:
        classes: the dossiers, by what they lift.
        lifts: every indicator named by a class.
        points: the points wanted, before rounding.
    """
    if gain_of([each.size for each in classes], classes=classes, lifts=lifts) < points:
        return None
    if points <= 0:
        return Smallest((0,) * len(classes), ZERO, 0)
    problem = _Problem(classes, lifts, points)
    by_group, least = problem.solve()
    taken = [0] * len(classes)
    for group, number in zip(problem.groups, by_group, strict=True):
        left = number
        for place, size in zip(group.places, group.sizes, strict=True):
            taken[place] = min(size, left)
            left -= taken[place]
    return Smallest(tuple(taken), gain_of(taken, classes=classes, lifts=lifts), least)


Box = tuple[tuple[int, int], ...]
"""For each group the least and the most that may be taken."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Classes that lift the same capped indicators, those worth most in the others first: the order to take them in."""

    capped: frozenset[str]
    places: tuple[int, ...]
    sizes: tuple[int, ...]
    worths: tuple[Fraction, ...]

    @property
    def size(self) -> int:
        return sum(self.sizes)

    def segments(self, low: int, high: int) -> Iterator[tuple[Fraction, int]]:
        """Go through (worth of one, how many) from the low-th on, up to the high-th."""
        begin = 0
        for size, worth in zip(self.sizes, self.worths, strict=True):
            number = min(begin + size, high) - max(begin, low)
            if number > 0:
                yield worth, number
            begin += size


class _Problem:
    """The classes in groups, with bounds on how few can be enough and choices that are."""

    def __init__(self, classes: Sequence[PatternClass], lifts: Mapping[str, Lift], points: Fraction) -> None:
        self.classes, self.lifts, self.points = classes, lifts, points
        most = {code: sum(each.size for each in classes if code in each.lifts) for code in lifts}
        self.capped = sorted(code for code, lift in lifts.items() if lift.slope * most[code] > lift.room)
        self.groups = self._grouped()

    def _grouped(self) -> tuple[_Group, ...]:
        by_capped: dict[frozenset[str], list[tuple[Fraction, int]]] = {}
        for place, each in enumerate(self.classes):
            worth = sum((self.lifts[code].slope for code in each.lifts if code not in self.capped), ZERO)
            by_capped.setdefault(each.lifts & set(self.capped), []).append((worth, place))
        groups = []
        for capped, members in by_capped.items():
            members.sort(key=lambda member: (-member[0], member[1]))
            places = tuple(place for _, place in members)
            sizes = tuple(self.classes[place].size for place in places)
            groups.append(_Group(capped, places, sizes, tuple(worth for worth, _ in members)))
        return tuple(groups)

    def solve(self) -> tuple[list[int], int]:
        """Return the best choice found, by group, and a number below which no choice is enough."""
        box: Box = tuple((0, group.size) for group in self.groups)
        order = count()
        least, relaxed = self._bound(box)
        best = self._completed(box, relaxed)
        waiting = [(least, next(order), box, relaxed)]
        for _ in range(_MOST_NODES):
            if not waiting:
                return best, sum(best)
            least, _, box, relaxed = heapq.heappop(waiting)
            if least >= sum(best):
                return best, sum(best)
            found = self._completed(box, relaxed)
            if found and sum(found) < sum(best):
                best = found
            for part in _halves(box, relaxed):
                bound, inside = self._bound(part)
                if bound < sum(best):
                    heapq.heappush(waiting, (bound, next(order), part, inside))
        return best, min([least, *(each[0] for each in waiting[:1])])

    def gain(self, taken: Sequence[int]) -> Fraction:
        """Return the points gained by so many of each group, each taken in its order."""
        total, lifted = ZERO, dict.fromkeys(self.capped, 0)
        for group, number in zip(self.groups, taken, strict=True):
            total += sum((worth * many for worth, many in group.segments(0, number)), ZERO)
            for code in group.capped:
                lifted[code] += number
        return total + sum((self._capped_points(code, number) for code, number in lifted.items()), ZERO)

    def _capped_points(self, code: str, number: int) -> Fraction:
        return min(self.lifts[code].room, self.lifts[code].slope * number)

    def _bound(self, box: Box) -> tuple[int, list[int]]:
        """Return how many are needed at least inside the box, and the relaxed choice that says so.

        More than there are means that nothing inside the box is enough.
        """
        too_many = sum(group.size for group in self.groups) + 1
        low = [least for least, _ in box]
        if all(least == most for least, most in box):
            return (sum(low) if self.gain(low) >= self.points else too_many), low
        tried: dict[tuple[Fraction, ...], tuple[int, list[int]]] = {}

        def value(multipliers: tuple[Fraction, ...]) -> int:
            if multipliers not in tried:
                tried[multipliers] = self._relaxed(box, dict(zip(self.capped, multipliers, strict=True)), too_many)
            return tried[multipliers][0]

        best = max(product((ZERO, ONE), repeat=len(self.capped)), key=value)
        for step in (Fraction(1, 2), Fraction(1, 4), Fraction(1, 8), Fraction(1, 16), Fraction(1, 32)):
            for place in range(len(self.capped)):
                for moved in (best[place] - step, best[place] + step):
                    if ZERO <= moved <= ONE:
                        best = max(best, (*best[:place], moved, *best[place + 1 :]), key=value)
        return tried[best]

    def _relaxed(self, box: Box, multipliers: Mapping[str, Fraction], too_many: int) -> tuple[int, list[int]]:
        """Return the least number and its choice when each capped indicator becomes a straight line above it."""
        needed = self.points - sum(((ONE - multipliers[code]) * self.lifts[code].room for code in self.capped), ZERO)
        taken = [least for least, _ in box]
        segments: list[tuple[Fraction, int, int]] = []
        for place, (group, (least, most)) in enumerate(zip(self.groups, box, strict=True)):
            shared = sum((multipliers[code] * self.lifts[code].slope for code in group.capped), ZERO)
            needed -= sum(((worth + shared) * many for worth, many in group.segments(0, least)), ZERO)
            segments += [(worth + shared, many, place) for worth, many in group.segments(least, most)]
        segments.sort(key=lambda segment: -segment[0])
        for worth, many, place in segments:
            if needed <= 0:
                break
            if worth <= 0:
                return too_many, taken
            number = min(many, ceil(needed / worth))
            taken[place] += number
            needed -= worth * number
        return (too_many if needed > 0 else sum(taken)), taken

    def _completed(self, box: Box, start: Sequence[int]) -> list[int]:
        """Return a choice inside the box that is enough, near the start; nothing if the box has none."""
        taken = [min(max(number, low), high) for number, (low, high) in zip(start, box, strict=True)]
        if self.gain([high for _, high in box]) < self.points:
            return []
        while (gained := self.gain(taken)) < self.points:
            steps = [
                (self._step(taken, place, self.points - gained), place)
                for place, (_, high) in enumerate(box)
                if taken[place] < high
            ]
            (_, number), place = max(steps, key=lambda step: (step[0][0], -step[1]))
            taken[place] += min(number, box[place][1] - taken[place])
        for place, (low, _) in enumerate(box):
            taken[place] = self._fewest(taken, place, low)
        return taken

    def _step(self, taken: Sequence[int], place: int, wanted: Fraction) -> tuple[Fraction, int]:
        """Return what the next one of the group adds, and how many add just as much or are enough."""
        group = self.groups[place]
        worth, many = next(group.segments(taken[place], group.size))
        lifted = {
            code: sum(number for other, number in zip(self.groups, taken, strict=True) if code in other.capped)
            for code in group.capped
        }
        adds = worth
        for code, number in lifted.items():
            before = self._capped_points(code, number)
            adds += self._capped_points(code, number + 1) - before
            left = int((self.lifts[code].room - before) // self.lifts[code].slope) if self.lifts[code].slope else 0
            many = min(many, max(left, 1)) if before < self.lifts[code].room else many
        if adds > 0:
            many = min(many, ceil(wanted / adds))
        return adds, max(many, 1)

    def _fewest(self, taken: Sequence[int], place: int, low: int) -> int:
        """Return the fewest of the group with which the choice is still enough."""
        high = taken[place]
        while low < high:
            middle = (low + high) // 2
            if self.gain([*taken[:place], middle, *taken[place + 1 :]]) >= self.points:
                high = middle
            else:
                low = middle + 1
        return high


def _halves(box: Box, relaxed: Sequence[int]) -> Iterator[Box]:
    """Split the widest side of the box where the relaxed choice lies."""
    place = max(range(len(box)), key=lambda place: box[place][1] - box[place][0])
    low, high = box[place]
    if low == high:
        return
    middle = min(max(relaxed[place], low), high - 1)
    if (high - low) > 8 and middle in {low, high - 1}:
        middle = (low + high) // 2
    yield (*box[:place], (low, middle), *box[place + 1 :])
    yield (*box[:place], (middle + 1, high), *box[place + 1 :])
