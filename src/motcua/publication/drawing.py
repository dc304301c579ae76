"""Charts of the bulletin as SVG, lettered in its font, legible in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from motcua.forms.pdf import FONT

_STEP, _NAME, _WIDTH, _FIGURE = 22.0, 190.0, 480.0, 74.0


@dataclass(frozen=True, slots=True)
class Bar:
    """Một thanh: its name, value and maximum in points, and the value of the month before as a light mark."""

    name: str
    value: float
    maximum: float
    before: float | None = None
    said: str = ""


def bars(rows: Sequence[Bar]) -> str:
    """Return horizontal bars, each against its own maximum; the tick is the month before."""
    room = _WIDTH - _NAME - _FIGURE
    pieces = []
    for place, row in enumerate(rows):
        top = place * _STEP
        scale = room / row.maximum if row.maximum else 0.0
        value = min(max(row.value, 0.0), row.maximum) * scale
        pieces += [
            _text(row.name, x=_NAME - 6, y=top + 15, anchor="end"),
            (
                f'<rect x="{_NAME}" y="{top + 5:g}" width="{room:g}" height="12" fill="#f1efe9" stroke="#8c8c8c"'
                ' stroke-width="0.5"/>'
            ),
            f'<rect x="{_NAME}" y="{top + 5:g}" width="{value:.2f}" height="12" fill="#8b1a2b"/>',
            _text(row.said, x=_WIDTH - 4, y=top + 15, anchor="end"),
        ]
        if row.before is not None:
            x = _NAME + min(max(row.before, 0.0), row.maximum) * scale
            pieces.append(
                f'<line x1="{x:.2f}" x2="{x:.2f}" y1="{top + 2:g}" y2="{top + 20:g}" stroke="#1b1f24"'
                ' stroke-width="1.6"/>'
            )
    height = _STEP * max(1, len(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" width="{_WIDTH:g}"'
        f' height="{height:g}">{"".join(pieces)}</svg>'
    )


def _text(words: str, *, x: float, y: float, anchor: str) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="12" text-anchor="{anchor}"'
        f' fill="#1b1f24">{escape(words)}</text>'
    )
