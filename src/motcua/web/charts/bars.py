"""Thanh: values of named things beside each other, with the maximum as a frame and the target as a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from motcua.web.charts.figures import NARROW, WIDE, Chart, Table, shown
from motcua.web.charts.svg import Svg, element, picture

_STEP = 34.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value or None where unknown, and the most it could be."""

    name: str
    value: float | None
    maximum: float
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """One dot with its band: where the true value lies with the confidence that the page names."""

    name: str
    value: float
    low: float
    high: float


def bars(rows: Sequence[Bar], *, finding: str, head: str, unit: str) -> Chart:
    """Return horizontal bars in the order given, each against its own maximum."""
    table = Table(
        (head, f"Giá trị ({unit})", f"Tối đa ({unit})", f"Mục tiêu ({unit})"),
        tuple((row.name, shown(row.value), shown(row.maximum), shown(row.target)) for row in rows),
    )
    wide, narrow = (
        picture(
            *(piece for n, row in enumerate(rows) for piece in _bar(row, top=n * _STEP, width=width)),
            width=width, height=_STEP * len(rows), label=finding, class_="mc-bars",
        )
        for width in (WIDE, NARROW)
    )  # fmt: skip
    return Chart(finding, wide, narrow, table)


def dots(rows: Sequence[Dot], *, finding: str, head: str, unit: str, maximum: float) -> Chart:
    """Return dots with their bands on one axis from 0 to ``maximum``, in the order given."""
    table = Table(
        (head, f"Giá trị ({unit})", f"Cận dưới ({unit})", f"Cận trên ({unit})"),
        tuple((row.name, shown(row.value), shown(row.low), shown(row.high)) for row in rows),
    )
    wide, narrow = (
        picture(
            *(piece for n, row in enumerate(rows) for piece in _dot(row, top=n * _STEP, width=width, maximum=maximum)),
            width=width, height=_STEP * len(rows), label=finding, class_="mc-bars",
        )
        for width in (WIDE, NARROW)
    )  # fmt: skip
    return Chart(finding, wide, narrow, table)


def _bar(row: Bar, *, top: float, width: float) -> list[Svg]:
    length = _room(width) / row.maximum if row.maximum else 0.0
    said = shown(row.value) if row.value is not None else "chưa có số liệu"
    pieces = [
        element("text", row.name, x=0, y=top + 12),
        element("rect", x=0, y=top + 18, width=_room(width), height=9, class_="whole"),
        element("text", said, x=width, y=top + 27, text_anchor="end", class_="figure"),
    ]
    if row.value is not None:
        value = min(max(row.value, 0.0), row.maximum)
        pieces.append(element("rect", x=0, y=top + 18, width=value * length, height=9, class_="value"))
    if row.target is not None:
        x = min(row.target, row.maximum) * length
        pieces.append(element("line", x1=x, x2=x, y1=top + 15, y2=top + 30, class_="goal"))
    return pieces


def _dot(row: Dot, *, top: float, width: float, maximum: float) -> list[Svg]:
    scale = _room(width) / maximum if maximum else 0.0
    low, value, high = (min(max(one, 0.0), maximum) * scale for one in (row.low, row.value, row.high))
    band = f"{shown(row.low)} – {shown(row.high)}"
    return [
        element("text", row.name, x=0, y=top + 12),
        element("line", x1=0, x2=_room(width), y1=top + 22, y2=top + 22, class_="grid"),
        element("line", x1=low, x2=high, y1=top + 22, y2=top + 22, class_="band"),
        element("circle", element("title", band), cx=value, cy=top + 22, r=5, class_="mark s0"),
        element("text", shown(row.value), x=width, y=top + 27, text_anchor="end", class_="figure"),
    ]


def _room(width: float) -> float:
    """Return what is left for bars beside the figure at the right."""
    return width - 64
