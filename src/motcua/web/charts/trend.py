"""Xu hướng: one or a few lines over time, with the target as a line and the unfinished period as a light mark."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from motcua.web.charts.figures import NARROW, WIDE, Chart, Table, places, shown, ticks
from motcua.web.charts.svg import Svg, element, picture

MOST_SERIES = 6
"""More lines than signs to tell them by would be told by colour alone."""

_SMALL = (168.0, 40.0)


@dataclass(frozen=True, slots=True)
class Point:
    """One period on the line: its short name (``03/2026``), its value or None where unknown, whether it still runs."""

    label: str
    value: float | None
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name and its points; every series of a chart has the same periods."""

    name: str
    points: tuple[Point, ...]


def small(points: Sequence[Point], *, label: str, target: float | None = None, low: float | None = None) -> Svg:
    """Return a line the size of a word (168 by 40), to stand in a table row; ``label`` says what it shows."""
    width, height = _SMALL
    scale = _Scale.of([points], target=target, low=low, top=4, bottom=height - 4)
    across = places(len(points), left=0, right=width)
    inside = list(_line(points, across, scale, sign=0, radius=2.5, only_last=True))
    if target is not None:
        inside.insert(0, _target(scale.y(target), left=0, right=width))
    return picture(*inside, width=width, height=height, label=label, class_="mc-trend small")


def chart(
    series: Sequence[Series], *, finding: str, unit: str, target: float | None = None, low: float | None = None
) -> Chart:
    """Return the lines with axes, for a wide and a narrow page, and their table.

    Args:
        series: at most ``MOST_SERIES`` lines over the same periods.
        finding: what is to be seen: the title.
        unit: of the values, for the axis and the head of the table: ``điểm``, ``%``.
        target: drawn as a dashed line across.
        low: where the axis begins; by default just below the smallest value.

    Raises:
        ValueError: no series, too many, or of unequal lengths.
    """
    if not 1 <= len(series) <= MOST_SERIES:
        raise ValueError(f"{len(series)} series")
    if len({len(one.points) for one in series}) != 1:
        raise ValueError("series of unequal lengths")
    head = ("Kỳ", *(f"{one.name} ({unit})" for one in series))
    rows = tuple(
        (points[0].label + (" (chưa hết kỳ)" if points[0].is_running else ""), *(shown(one.value) for one in points))
        for points in zip(*(one.points for one in series), strict=True)
    )
    return Chart(
        finding=finding,
        wide=_drawn(series, width=WIDE, finding=finding, unit=unit, target=target, low=low),
        narrow=_drawn(series, width=NARROW, finding=finding, unit=unit, target=target, low=low),
        table=Table(head, rows),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    top: float
    bottom: float
    marks: tuple[float, ...]

    @classmethod
    def of(
        cls, lines: Sequence[Sequence[Point]], *, target: float | None, low: float | None, top: float, bottom: float
    ) -> "_Scale":
        known = [point.value for line in lines for point in line if point.value is not None]
        known += [] if target is None else [target]
        known += [] if low is None else [low]
        marks = ticks(min(known, default=0), max(known, default=1))
        return cls(marks[0], marks[-1], top, bottom, marks)

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)


def _drawn(
    series: Sequence[Series], *, width: float, finding: str, unit: str, target: float | None, low: float | None
) -> Svg:
    legend = list(_legend(series, width=width)) if len(series) > 1 else []
    top, plot = 22.0, 190.0
    height = top + plot + 26 + 20 * len(legend)
    left, right = 44.0, width - 12
    scale = _Scale.of([one.points for one in series], target=target, low=low, top=top, bottom=top + plot)
    inside = [element("text", unit, x=left, y=12, class_="soft")]
    for mark in scale.marks:
        inside.append(element("line", x1=left, x2=right, y1=scale.y(mark), y2=scale.y(mark), class_="grid"))
        figure = shown(mark, decimals=0 if mark == int(mark) else 1)
        inside.append(element("text", figure, x=left - 6, y=scale.y(mark) + 4, text_anchor="end", class_="soft"))
    points = series[0].points
    across = places(len(points), left=left, right=right)
    # On a narrow page only every second or third period is named; the table names all.
    every = max(1, -(-len(points) * 58 // int(right - left)))
    for n, (x, point) in enumerate(zip(across, points, strict=True)):
        if (len(points) - 1 - n) % every == 0:
            inside.append(element("text", point.label, x=x, y=top + plot + 18, text_anchor="middle", class_="soft"))
    if target is not None:
        inside.append(_target(scale.y(target), left=left, right=right))
        word = f"mục tiêu {shown(target, decimals=0 if target == int(target) else 1)}"
        inside.append(element("text", word, x=right, y=scale.y(target) - 5, text_anchor="end", class_="goal"))
    for sign, one in enumerate(series):
        inside += _line(one.points, across, scale, sign=sign, radius=4, only_last=False)
    for n, line in enumerate(legend):
        inside.append(element("g", *line, transform=f"translate({left:g} {top + plot + 36 + 20 * n:g})"))
    return picture(*inside, width=width, height=height, label=finding, class_="mc-trend")


def _line(
    points: Sequence[Point], across: Sequence[float], scale: _Scale, *, sign: int, radius: float, only_last: bool
) -> Iterator[Svg]:
    """Draw what is known: gaps stay gaps, a running period hangs on a thin dashed line."""
    known = [
        (x, scale.y(point.value), point, n)
        for n, (x, point) in enumerate(zip(across, points, strict=True))
        if point.value is not None
    ]
    for (x1, y1, _, n), (x2, y2, point, following) in pairwise(known):
        if following == n + 1:
            kind = " running" if point.is_running else ""
            yield element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=f"line s{sign}{kind}")
    for x, y, point, _ in known[-1:] if only_last else known:
        said = f"{point.label}: {shown(point.value)}{' (chưa hết kỳ)' if point.is_running else ''}"
        yield _mark(x, y, sign=sign, radius=radius, kind=" running" if point.is_running else "", said=said)


def _mark(x: float, y: float, *, sign: int, radius: float, kind: str, said: str) -> Svg:
    """Draw the sign of a series: every line has its own, so that grey paper tells them apart."""
    title = element("title", said)
    class_ = f"mark s{sign}{kind}"
    if sign % MOST_SERIES == 0:
        return element("circle", title, cx=x, cy=y, r=radius, class_=class_)
    corners = _SIGNS[sign % MOST_SERIES]
    points = " ".join(f"{x + radius * dx:.1f},{y + radius * dy:.1f}" for dx, dy in corners)
    return element("polygon", title, points=points, class_=class_)


_SIGNS: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    2: ((0, -1.25), (1.2, 1), (-1.2, 1)),
    3: ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
    4: ((-1.2, -1), (1.2, -1), (0, 1.25)),
    5: ((-1.5, -0.6), (1.5, -0.6), (1.5, 0.6), (-1.5, 0.6)),
}


def _target(y: float, *, left: float, right: float) -> Svg:
    return element("line", x1=left, x2=right, y1=y, y2=y, class_="goal")


def _legend(series: Sequence[Series], *, width: float) -> Iterator[list[Svg]]:
    """Lay the names out in lines that fit."""
    line: list[Svg] = []
    x = 0.0
    for sign, one in enumerate(series):
        wide = 22 + 7.2 * len(one.name)
        if line and x + wide > width - 56:
            yield line
            line, x = [], 0.0
        line.append(_mark(x + 5, -4, sign=sign, radius=4, kind="", said=one.name))
        line.append(element("text", one.name, x=x + 14, y=0))
        x += wide
    if line:
        yield line
