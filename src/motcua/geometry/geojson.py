"""Reads GeoJSON (RFC 7946) as surveyors and open-data portals give it, and says what is wrong with a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motcua.geometry.shapes import Point, Polygon, Ring, Shape, area
from motcua.kernel.errors import UserError

_FEWEST_CORNERS = 3


@dataclass(frozen=True, slots=True)
class Feature:
    """Một đối tượng of the file: its properties as they stand there, and its outline."""

    number: int
    """Its place in the file, from 1."""
    properties: Mapping[str, Any]
    shape: Shape


def read(content: bytes, *, where: str) -> list[Feature]:
    """Return the areas of a feature collection; objects that are no areas are left out.

    Raises:
        UserError: the file is not GeoJSON, holds no area, or is not in degrees.
    """
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UserError(
            "Tệp không phải GeoJSON (JSON, mã UTF-8).", remedy="Hãy xuất lại lớp ranh giới ở dạng GeoJSON.", where=where
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise UserError(
            "Tệp không có danh sách đối tượng («features»).",
            remedy="Hãy xuất lớp ranh giới dạng FeatureCollection.",
            where=where,
        )
    found = []
    for number, one in enumerate(data["features"], start=1):
        shape = _shape(one, number=number, where=where)
        if shape:
            properties = one.get("properties")
            found.append(Feature(number, properties if isinstance(properties, dict) else {}, shape))
    if not found:
        raise UserError(
            "Tệp không có vùng nào (Polygon, MultiPolygon).", remedy="Hãy chọn lớp ranh giới dạng vùng.", where=where
        )
    return found


def _shape(one: Any, *, number: int, where: str) -> Shape:
    geometry = one.get("geometry") if isinstance(one, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if geometry is None or kind not in {"Polygon", "MultiPolygon"}:
        return ()
    coordinates = geometry.get("coordinates")
    try:
        parts = [coordinates] if kind == "Polygon" else coordinates
        polygons = [_polygon(part) for part in parts]
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise UserError(
            f"Đối tượng thứ {number} có tọa độ không đọc được.",
            remedy="Hãy kiểm tra, xuất lại lớp ranh giới.",
            where=where,
        ) from error
    if any(not (-180 <= x <= 180 and -90 <= y <= 90) for polygon in polygons for ring in polygon for x, y in ring):
        raise UserError(
            f"Đối tượng thứ {number} không ở hệ tọa độ kinh độ, vĩ độ (WGS 84).",
            remedy="Hãy chuyển từ VN-2000 sang WGS 84 (EPSG:4326) rồi xuất lại.",
            where=where,
        )
    return tuple(polygon for polygon in polygons if polygon)


def _polygon(rings: Any) -> Polygon:
    """Return the rings that enclose something; a polygon without an outer ring is none."""
    read_rings = [_ring(ring) for ring in rings]
    if not read_rings or not read_rings[0]:
        return ()
    return tuple(ring for ring in read_rings if ring)


def _ring(points: Any) -> Ring:
    found: list[Point] = []
    for point in points:
        x, y = float(point[0]), float(point[1])
        if not (x - x == 0 and y - y == 0):  # neither infinite nor a NaN
            raise ValueError("no number")
        if not found or found[-1] != (x, y):
            found.append((x, y))
    if len(found) > 1 and found[0] == found[-1]:
        found.pop()
    return tuple(found) if len(found) >= _FEWEST_CORNERS and area(tuple(found)) > 0 else ()
