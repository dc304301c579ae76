"""Hình thể giả định: made-up outlines for places that do not exist, the same for the same seed.

Cells (Voronoi, relaxed by Lloyd's method) inside an uneven outline: believable at a glance, and nobody's land.
"""

import random
from collections.abc import Sequence
from math import cos, pi, sin

from motcua.geometry.shapes import Point, Ring, Shape, edges

_ROUNDS = 6


def cells(count: int, *, seed: int, middle: Point, reach: float) -> list[Shape]:
    """Return ``count`` neighbouring shapes around ``middle``, about ``reach`` degrees from middle to edge, north first.

    Neighbours share their corners exactly.
    """
    chance = random.Random(seed)  # noqa: S311 - a drawing
    outline = _outline(chance, middle=middle, reach=reach)
    seeds = [_inside(chance, middle, reach) for _ in range(count)]
    found = [_cell(one, seeds, outline) for one in seeds]
    for _ in range(_ROUNDS):
        seeds = [_centroid(cell) for cell in found]
        found = [_cell(one, seeds, outline) for one in seeds]
    ordered = sorted(zip(seeds, found, strict=True), key=lambda one: (-one[0][1], one[0][0]))
    return [((tuple((round(x, 5), round(y, 5)) for x, y in cell),),) for _, cell in ordered]


def _outline(chance: random.Random, *, middle: Point, reach: float) -> Ring:
    """Return a bulging ring: few low waves, so that it stays nearly convex and no cell falls apart."""
    waves = [(n, chance.uniform(0.02, 0.09) / n, chance.uniform(0, 2 * pi)) for n in (2, 3, 5)]
    points = []
    for step in range(72):
        angle = 2 * pi * step / 72
        distance = reach * (1 + sum(height * cos(n * angle + shift) for n, height, shift in waves))
        points.append((middle[0] + 1.25 * distance * cos(angle), middle[1] + 0.85 * distance * sin(angle)))
    return tuple(points)


def _inside(chance: random.Random, middle: Point, reach: float) -> Point:
    angle, distance = chance.uniform(0, 2 * pi), reach * 0.85 * chance.random() ** 0.5
    return middle[0] + 1.2 * distance * cos(angle), middle[1] + 0.8 * distance * sin(angle)


def _cell(own: Point, seeds: Sequence[Point], outline: Ring) -> Ring:
    """Cut away from the outline what is nearer to another seed."""
    cell = outline
    for other in seeds:
        if other != own:
            cell = _nearer(cell, own, other)
    return cell


def _nearer(ring: Ring, own: Point, other: Point) -> Ring:
    """Return the part of the ring that is nearer to ``own`` (Sutherland and Hodgman, one cut)."""
    dx, dy = other[0] - own[0], other[1] - own[1]
    half = dx * (own[0] + other[0]) / 2 + dy * (own[1] + other[1]) / 2
    found: list[Point] = []
    for start, end in edges(ring):
        before, after = dx * start[0] + dy * start[1] - half, dx * end[0] + dy * end[1] - half
        if before <= 0:
            found.append(start)
        if (before < 0 < after) or (after < 0 < before):
            part = before / (before - after)
            found.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
    return tuple(found)


def _centroid(ring: Ring) -> Point:
    cross = [(x1 * y2 - x2 * y1, x1 + x2, y1 + y2) for (x1, y1), (x2, y2) in edges(ring)]
    whole = 3 * sum(part for part, _, _ in cross)
    return sum(part * x for part, x, _ in cross) / whole, sum(part * y for part, _, y in cross) / whole
