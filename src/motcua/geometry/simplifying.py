"""Đơn giản hóa: fewer corners, the same neighbours.

Borders are cut where three areas meet; each stretch is simplified once (Douglas-Peucker) and used by both neighbours,
so that no gap and no overlap appears between them.
"""

from collections.abc import Iterable, Mapping

from motcua.geometry.shapes import Point, Polygon, Ring, Shape, area, edges, squared_distance

_FEWEST_CORNERS = 3


def simplified(shapes: Mapping[str, Shape], *, tolerance: float) -> dict[str, Shape]:
    """Return the shapes with corners left out that lie within ``tolerance`` (degrees) of the straight line.

    Parts and holes smaller than a square of the tolerance go; the largest part of a shape always stays.
    """
    grid = tolerance / _GRID
    snapped = {code: _snapped(shape, grid) for code, shape in shapes.items()}
    junctions = _junctions(ring for shape in snapped.values() for polygon in shape for ring in polygon)
    found = {}
    for code, shape in snapped.items():
        parts = [_simple(polygon, junctions, tolerance) for polygon in shape]
        kept = tuple(part for part in parts if part and area(part[0]) >= tolerance * tolerance)
        largest = max(shape, key=lambda one: area(one[0]))
        found[code] = kept or (_simple(largest, junctions, tolerance) or (largest[0],),)
    return found


_GRID = 20
"""Corners nearer than this part of the tolerance are taken for the same: neighbours are seldom digitised alike."""


def _snapped(shape: Shape, grid: float) -> Shape:
    polygons = []
    for polygon in shape:
        rings = []
        for ring in polygon:
            points: list[Point] = []
            for x, y in ring:
                point = (round(round(x / grid) * grid, 7), round(round(y / grid) * grid, 7))
                if not points or points[-1] != point:
                    points.append(point)
            while len(points) > 1 and points[0] == points[-1]:
                points.pop()
            if len(points) >= _FEWEST_CORNERS:
                rings.append(tuple(points))
            elif not rings:
                break
        if rings:
            polygons.append(tuple(rings))
    # What is smaller than the grid is kept as it is rather than lost: an island is a fact.
    return tuple(polygons) or (max(shape, key=lambda one: area(one[0])),)


def _junctions(rings: Iterable[Ring]) -> frozenset[Point]:
    """Return the corners from which borders go in more than two ways."""
    ways: dict[Point, set[Point]] = {}
    for ring in rings:
        for start, end in edges(ring):
            ways.setdefault(start, set()).add(end)
            ways.setdefault(end, set()).add(start)
    return frozenset(point for point, others in ways.items() if len(others) > 2)


def _simple(polygon: Polygon, junctions: frozenset[Point], tolerance: float) -> Polygon:
    rings = [_simple_ring(ring, junctions, tolerance) for ring in polygon]
    if not rings[0]:
        return ()
    return (rings[0], *(ring for ring in rings[1:] if ring and area(ring) >= tolerance * tolerance))


def _simple_ring(ring: Ring, junctions: frozenset[Point], tolerance: float) -> Ring:
    """Simplify stretch by stretch; a ring without junctions is cut at two corners that every neighbour would choose."""
    cuts = [n for n, point in enumerate(ring) if point in junctions]
    if len(cuts) < 2:
        first = cuts[0] if cuts else min(range(len(ring)), key=lambda n: ring[n])
        far = max(range(len(ring)), key=lambda n: (_squared(ring[n], ring[first]), ring[n]))
        cuts = sorted({first, far})
    points: list[Point] = []
    for start, end in zip(cuts, [*cuts[1:], cuts[0] + len(ring)], strict=True):
        stretch = [ring[n % len(ring)] for n in range(start, end + 1)]
        # Both neighbours walk the stretch in opposite ways; simplified in one way only, it comes out the same.
        is_turned = stretch[0] > stretch[-1] or (stretch[0] == stretch[-1] and stretch[1] > stretch[-2])
        kept = _thinned(stretch[::-1] if is_turned else stretch, tolerance)
        points += (kept[::-1] if is_turned else kept)[:-1]
    found = tuple(points)
    return found if len(found) >= _FEWEST_CORNERS and area(found) > 0 else ()


def _thinned(points: list[Point], tolerance: float) -> list[Point]:
    """Return the line by Douglas and Peucker, without recursion: borders have thousands of corners."""
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        start, end = waiting.pop()
        if end - start < 2:
            continue
        far = max(range(start + 1, end), key=lambda n: squared_distance(points[n], points[start], points[end]))
        if squared_distance(points[far], points[start], points[end]) > tolerance * tolerance:
            keep[far] = True
            waiting += [(start, far), (far, end)]
    return [point for point, is_kept in zip(points, keep, strict=True) if is_kept]


def _squared(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
