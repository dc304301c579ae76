"""Outlines in degrees: rings, polygons with holes, shapes of several parts; area, extent and the point to label."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, sqrt

Point = tuple[float, float]
"""Longitude and latitude in degrees, or x and y."""

Ring = tuple[Point, ...]
"""A closed line; its first point is not repeated at the end."""

Polygon = tuple[Ring, ...]
"""The outer ring, then holes."""

Shape = tuple[Polygon, ...]
"""Hình thể: one unit's land, islands as parts of their own."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Khung bao: the extent of something."""

    left: float
    low: float
    right: float
    high: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From low to high."""
        return self.high - self.low


def bounds(shapes: Iterable[Shape]) -> Bounds:
    """Return the extent of the outer rings.

    Raises:
        ValueError: there is no point.
    """
    found = [point for shape in shapes for polygon in shape for point in polygon[0]]
    return Bounds(
        min(x for x, _ in found), min(y for _, y in found), max(x for x, _ in found), max(y for _, y in found)
    )


def edges(ring: Ring) -> Iterator[tuple[Point, Point]]:
    """Go round the ring, edge by edge."""
    yield from pairwise(ring)
    yield ring[-1], ring[0]


def area(ring: Ring) -> float:
    """Return the area inside the ring, in square units; orientation does not matter."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges(ring))) / 2


def shape_area(shape: Shape) -> float:
    """Return the area of all parts without their holes."""
    return sum(area(polygon[0]) - sum(map(area, polygon[1:])) for polygon in shape)


def is_inside(point: Point, polygon: Polygon) -> bool:
    """Tell whether the point lies in the polygon and in none of its holes; on the very edge either may be told."""
    x, y = point
    is_odd = False
    for ring in polygon:
        for (x1, y1), (x2, y2) in edges(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                is_odd = not is_odd
    return is_odd


def label_point(shape: Shape) -> Point:
    """Return a point well inside the largest part: the best of a grid, then of finer grids around it."""
    polygon = max(shape, key=lambda one: area(one[0]))
    box = bounds([(polygon,)])
    best = (box.left + box.width / 2, box.low + box.height / 2)
    depth = _depth(best, polygon)
    middle, reach_x, reach_y = best, box.width / 2, box.height / 2
    for _ in range(_ROUNDS):
        for across in range(-_GRID, _GRID + 1):
            for up in range(-_GRID, _GRID + 1):
                point = (middle[0] + reach_x * across / _GRID, middle[1] + reach_y * up / _GRID)
                if (found := _depth(point, polygon)) > depth:
                    best, depth = point, found
        middle, reach_x, reach_y = best, reach_x / _GRID, reach_y / _GRID
    return best


_ROUNDS, _GRID = 3, 5


def _depth(point: Point, polygon: Polygon) -> float:
    """Return how far inside the point lies; negative outside."""
    nearest = min(_distance(point, start, end) for ring in polygon for start, end in edges(ring))
    return nearest if is_inside(point, polygon) else -nearest


def _distance(point: Point, start: Point, end: Point) -> float:
    return sqrt(squared_distance(point, start, end))


def squared_distance(point: Point, start: Point, end: Point) -> float:
    """Return the square of the distance from the point to the straight line between the ends."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    t = 0.0 if length == 0 else min(1.0, max(0.0, ((x - x1) * dx + (y - y1) * dy) / length))
    return hypot(x1 + t * dx - x, y1 + t * dy - y) ** 2
