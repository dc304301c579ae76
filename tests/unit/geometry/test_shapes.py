"""Maps keep neighbours together, lose no unit, and refuse files that are no maps."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.geometry import geojson, inventing, projecting, simplifying
from motcua.geometry.shapes import Shape, area, bounds, edges, is_inside, label_point, shape_area
from motcua.kernel.errors import UserError

SQUARE: Shape = ((((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)),),)
RING: Shape = (
    (((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)), ((1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0))),
)  # fmt: skip


def a_file(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def an_area(points: list[list[Any]], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [points]}}


def test_the_area_of_a_shape_leaves_its_holes_out() -> None:
    assert shape_area(SQUARE) == 16
    assert shape_area(RING) == 12


def test_a_label_stands_on_land_and_not_in_a_hole() -> None:
    assert is_inside(label_point(RING), RING[0])
    x, y = label_point(SQUARE)
    assert (round(x), round(y)) == (2, 2)


@given(st.integers(2, 40), st.integers(0, 10_000))
def test_an_invented_country_covers_its_outline_once(count: int, seed: int) -> None:
    found = inventing.cells(count, seed=seed, middle=(106.0, 16.0), reach=0.5)

    assert len(found) == count
    assert all(shape_area(one) > 0 for one in found)
    whole = shape_area((found[0][0],)) if count == 1 else sum(map(shape_area, found))
    outline = inventing.cells(1, seed=seed, middle=(106.0, 16.0), reach=0.5)
    assert whole == pytest.approx(shape_area(outline[0]), rel=0.01)


def test_the_same_seed_invents_the_same_country() -> None:
    first = inventing.cells(12, seed=7, middle=(106.0, 16.0), reach=0.5)

    assert first == inventing.cells(12, seed=7, middle=(106.0, 16.0), reach=0.5)
    assert first != inventing.cells(12, seed=8, middle=(106.0, 16.0), reach=0.5)


def wiggly(count: int) -> dict[str, Shape]:
    """Cells whose shared borders have many small corners, the same on both sides."""
    cells = inventing.cells(count, seed=3, middle=(106.0, 16.0), reach=0.5)
    found: dict[str, Shape] = {}
    for n, cell in enumerate(cells):
        points = []
        for start, end in edges(cell[0][0]):
            points.append(start)
            low, high = sorted((start, end))
            between = [(low[0] + (high[0] - low[0]) * k / 9, low[1] + (high[1] - low[1]) * k / 9) for k in range(1, 9)]
            waved = [(x, y + 0.0004 * (-1) ** k) for k, (x, y) in enumerate(between)]
            points += waved if start == low else waved[::-1]
        found[f"c{n}"] = ((tuple((round(x, 5), round(y, 5)) for x, y in points),),)
    return found


def test_simplified_neighbours_still_share_every_border() -> None:
    before = wiggly(20)
    after = simplifying.simplified(before, tolerance=0.002)

    borders = [frozenset(edge) for shape in after.values() for polygon in shape for edge in edges(polygon[0])]
    inner = {edge for edge in borders if borders.count(edge) == 2}
    assert len(borders) < sum(len(shape[0][0]) for shape in before.values()) / 3
    assert len(inner) >= 30
    assert sum(map(shape_area, after.values())) == pytest.approx(sum(map(shape_area, before.values())), rel=0.01)


def test_an_island_smaller_than_the_tolerance_stays_on_the_map_of_its_unit() -> None:
    island: Shape = ((((112.0, 16.0), (112.001, 16.0), (112.0, 16.001)),),)

    assert simplifying.simplified({"dao": island}, tolerance=0.5)["dao"] == island


def test_a_projected_map_keeps_north_at_the_top_and_fits_its_frame() -> None:
    projection = projecting.Projection.fitting(bounds([SQUARE]), width=100, height=200, margin=5)

    x, y = projection((0.0, 4.0))
    right, low = projection((4.0, 0.0))
    assert 4.9 <= x < right <= 95.1
    assert 5 <= y < low <= 195
    assert projecting.path(SQUARE, projection).startswith("M")


def test_a_file_that_is_no_map_is_refused_with_a_remedy() -> None:
    for content, word in (
        (b"khong phai json", "GeoJSON"),
        (b"[1, 2]", "features"),
        (a_file(), "không có vùng nào"),
        (a_file(an_area([[0, 0], [1, "x"], [1, 1]])), "tọa độ không đọc được"),
        (a_file(an_area([[500000, 1200000], [500100, 1200000], [500100, 1200100]])), "WGS 84"),
        (a_file(an_area([[0, 0], [float("nan"), 1], [1, 1]])), "tọa độ không đọc được"),
        (b"[" * 100_000, "GeoJSON"),
    ):
        with pytest.raises(UserError, match=word) as refused:
            geojson.read(content, where="ban-do.geojson")
        assert refused.value.remedy


def test_points_and_lines_of_a_file_are_left_out_and_rings_are_closed_once() -> None:
    point = {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    found = geojson.read(a_file(point, an_area([[0, 0], [2, 0], [2, 2], [0, 0]], code="1")), where="x")

    assert [(one.number, one.properties["code"]) for one in found] == [(2, "1")]
    assert found[0].shape == ((((0.0, 0.0), (2.0, 0.0), (2.0, 2.0)),),)
    assert area(found[0].shape[0][0]) == 2
