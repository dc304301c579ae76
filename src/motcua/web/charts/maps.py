"""Bản đồ: areas in five classes, told by pattern as well as by colour, each a link with its figure in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from motcua.geometry.projecting import Projection, frame_height, path
from motcua.geometry.shapes import Bounds, Shape, bounds, label_point, shape_area
from motcua.web.charts.svg import Svg, element

UNKNOWN = "k9"
"""The class of areas without figures; ``k0`` (best) to ``k4`` (worst) are those with."""

_MARGIN = 6.0
_TALLEST = 1.15
"""Height over width at most: a map fits a screen and a sheet."""
_LETTER = 6.2
"""About the width of a letter of 11 px."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its outline, its name, what it shows in words, its class (None: no figures), where its link leads."""

    code: str
    name: str
    shape: Shape
    said: str
    step: int | None
    url: str = ""
    short: str = ""
    """The name written into the area where there is room."""
    is_here: bool = False
    note: str = ""
    """Written beside the area, however small it is: the archipelagos."""


def draw(areas: Sequence[Area], *, label: str, width: float, key: str, extent: Bounds | None = None) -> Svg:
    """Return the map; ``key`` keeps the names of its patterns apart from those of another drawing on the page.

    Raises:
        ValueError: there is no area.
    """
    box = extent or bounds(area.shape for area in areas)
    height = min(frame_height(box, width=width - 2 * _MARGIN) + 2 * _MARGIN, width * _TALLEST)
    projection = Projection.fitting(box, width=width, height=height, margin=_MARGIN)
    # The smallest last, so that an enclave is not covered, and the chosen one over all borders.
    ordered = sorted(areas, key=lambda area: (area.is_here, -shape_area(area.shape)))
    drawn = [_area(area, projection, key=key) for area in ordered]
    names = [name for area in ordered for name in _names(area, projection)]
    return element(
        "svg", _patterns(key), *drawn, element("g", *names, class_="names", aria_hidden="true"),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:.0f} {height:.0f}", role="group", aria_label=label,
        class_="mc-map",
    )  # fmt: skip


def swatch(step: int | None, *, key: str) -> Svg:
    """Return the sign of a class for the legend."""
    return element(
        "svg", _patterns(key, only=_name(step)),
        element("rect", x=0.5, y=0.5, width=27, height=17, class_="edge", fill=_fill(step, key)),
        xmlns="http://www.w3.org/2000/svg", viewBox="0 0 28 18", width=28, height=18, aria_hidden="true",
        class_="mc-map swatch",
    )  # fmt: skip


def _area(area: Area, projection: Projection, *, key: str) -> Svg:
    outline = element(
        "path", element("title", f"{area.name}: {area.said}"), d=path(area.shape, projection),
        fill=_fill(area.step, key), fill_rule="evenodd", class_="edge here" if area.is_here else "edge",
    )  # fmt: skip
    if not area.url:
        return element("g", outline, role="img", aria_label=f"{area.name}: {area.said}")
    return element("a", outline, href=area.url, aria_label=f"{area.name}: {area.said}", data_code=area.code)


def _names(area: Area, projection: Projection) -> list[Svg]:
    """Write the short name where it fits, and a note in any case."""
    x, y = projection(label_point(area.shape))
    found = []
    box = bounds([area.shape])
    (left, _), (right, _) = projection((box.left, box.low)), projection((box.right, box.low))
    if area.short and len(area.short) * _LETTER < (right - left) * 0.92:
        found.append(element("text", area.short, x=x, y=y + 4, text_anchor="middle"))
    if area.note:
        found.append(element("text", area.note, x=x, y=y + 18, text_anchor="middle", class_="note"))
    return found


def _fill(step: int | None, key: str) -> str:
    return f"url(#{key}-{_name(step)})"


def _name(step: int | None) -> str:
    return UNKNOWN if step is None else f"k{step}"


def _patterns(key: str, *, only: str = "") -> Svg:
    """Define the fills: each a ground of its own and strokes that grow denser towards the worst."""
    return element(
        "defs",
        *(
            element(
                "pattern",
                element("rect", width=_TILE, height=_TILE, class_=f"ground {name}"),
                *(element("path", d=strokes, class_=f"strokes {name}") for strokes in [lines] if strokes),
                id=f"{key}-{name}",
                width=_TILE,
                height=_TILE,
                patternUnits="userSpaceOnUse",
            )
            for name, lines in _STROKES.items()
            if only in {"", name}
        ),
    )


_TILE = 8
_STROKES = {
    "k0": "",
    "k1": "M2 2h1M6 6h1",
    "k2": "M-2 2L2 -2M0 8L8 0M6 10L10 6",
    "k3": "M-2 2L2 -2M0 8L8 0M6 10L10 6M-2 6L2 10M0 0L8 8M6 -2L10 2",
    "k4": "",
    UNKNOWN: "M4 0V3M0 4H3",
}
