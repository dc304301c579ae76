"""From degrees to a drawing: equal scale both ways at the middle latitude, north at the top."""

from dataclasses import dataclass
from math import cos, radians

from motcua.geometry.shapes import Bounds, Point, Shape


@dataclass(frozen=True, slots=True)
class Projection:
    """Phép chiếu: puts an extent of degrees into a frame; exact enough for an area the size of Vietnam on a page."""

    left: float
    high: float
    shrink: float
    """How much shorter a degree of longitude is than one of latitude at the middle."""
    scale: float
    x: float
    y: float

    @classmethod
    def fitting(cls, extent: Bounds, *, width: float, height: float, margin: float = 0.0) -> "Projection":
        """Return the projection that puts the extent into the middle of the frame, as large as it can be."""
        shrink = cos(radians((extent.low + extent.high) / 2))
        across, up = max(extent.width * shrink, 1e-9), max(extent.height, 1e-9)
        scale = min((width - 2 * margin) / across, (height - 2 * margin) / up)
        return cls(extent.left, extent.high, shrink, scale, (width - across * scale) / 2, (height - up * scale) / 2)

    def __call__(self, point: Point) -> Point:
        """Return where the point is drawn."""
        x, y = point
        return self.x + (x - self.left) * self.shrink * self.scale, self.y + (self.high - y) * self.scale


def path(shape: Shape, projection: Projection) -> str:
    """Return the shape as the ``d`` of an SVG path; holes follow from the even-odd rule."""
    pieces = []
    for polygon in shape:
        for ring in polygon:
            points = [f"{x:.1f} {y:.1f}" for x, y in map(projection, ring)]
            pieces.append("M" + "L".join(points) + "Z")
    return "".join(pieces)


def frame_height(extent: Bounds, *, width: float) -> float:
    """Return the height that a drawing of the extent takes at the width."""
    shrink = cos(radians((extent.low + extent.high) / 2))
    return width * extent.height / max(extent.width * shrink, 1e-9)
