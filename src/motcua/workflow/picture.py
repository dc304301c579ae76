"""A picture of an internal workflow: one SVG, readable on screen, by a screen reader, and printed in grey."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

from motcua.workflow.definitions import Join, Stage, Step, WorkflowDefinition

# Lengths in SVG user units (1 = 1 px at 100 %).
_WIDTH = 720
_LEFT = 64
_BOX = 520
_DAYS_AT = _LEFT + _BOX + 14
_LINE = 19
_PAD = 11
_GAP = 22
_BETWEEN = 10
# Be Vietnam Pro at 14 px: an average Vietnamese letter is about 7.4 units wide.
_LETTER = 7.4

_INK, _SOFT, _RULE, _PAPER, _BAND = "#1b1f24", "#57606a", "#8c959f", "#ffffff", "#eeeeee"

_JOINED = {Join.ALL: "Cùng lúc, chờ đủ các bước", Join.ANY: "Cùng lúc, chờ một ý kiến"}


def picture(workflow: WorkflowDefinition) -> str:
    """Return the workflow drawn top to bottom as an SVG text.

    Each stage is a band, each step a box with its unit, steps side by side where they run in parallel, a dashed box
    where the time does not count, a dashed line where the clock waits between stages, a thin line back where a step
    may return work. Nothing is told by colour alone.
    """
    body: list[str] = []
    y = 8.0
    placed: dict[int, tuple[float, float]] = {}
    for stage in workflow.stages:
        if stage.pause_before:
            body += _pause(stage.pause_before, y)
            y += 54
        if stage.name or stage.working_days is not None:
            body += _stage_band(stage, y)
            y += 44
        for steps in _side_by_side(stage.steps):
            if y > 8 and placed and not _follows_band(body):
                body.append(_arrow(y - _GAP, y))
            if len(steps) > 1:
                body.append(_text(_LEFT, y + 12, _JOINED[workflow.join_of(steps[0])], size=13, colour=_SOFT))
                y += 20
            height = max(_height(step, len(steps)) for step in steps)
            for column, step in enumerate(steps):
                body += _box(step, column=column, columns=len(steps), y=y, height=height)
                placed[step.order] = (y, height)
            y += height + _GAP
    body += _returns(workflow.steps, placed)
    total = _text(_DAYS_AT, y + 8, f"Cộng {_days(workflow.sum_of_steps)}", size=14, weight=600)
    # Several pictures may stand on one page: their ids must differ.
    key = "wf-" + re.sub(r"[^\w-]", "-", workflow.code)
    summary = f"{len(workflow.steps)} bước, {len(workflow.stages)} giai đoạn, cộng {_days(workflow.sum_of_steps)}."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 24:g}" width="100%" '
        f'role="img" aria-labelledby="{key}-title {key}-desc" font-family="\'Be Vietnam Pro\', sans-serif" '
        f'font-size="14" fill="{_INK}">'
        f'<title id="{key}-title">{escape(f"Quy trình {workflow.number}: {workflow.title}")}</title>'
        f'<desc id="{key}-desc">{escape(summary + " " + _in_words(workflow))}</desc>'
        f'<defs><marker id="wf-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{_SOFT}"/></marker></defs>'
        f"{''.join(body)}{total}</svg>"
    )


def _in_words(workflow: WorkflowDefinition) -> str:
    parts = []
    for stage in workflow.stages:
        if stage.pause_before:
            parts.append(f"{stage.pause_before}.")
        if stage.name:
            parts.append(f"{stage.name}:")
        for steps in _side_by_side(stage.steps):
            if len(steps) > 1:
                parts.append(f"{_JOINED[workflow.join_of(steps[0])]}:")
            parts += [f"Bước {step.order}, {step.unit}: {step.name} ({_time(step)})." for step in steps]
    return " ".join(parts)


def _side_by_side(steps: Iterable[Step]) -> Iterator[list[Step]]:
    for group, together in groupby(steps, key=lambda step: step.parallel_group):
        if group:
            yield list(together)
        else:
            yield from ([step] for step in together)


def _follows_band(body: list[str]) -> bool:
    return "data-band" in body[-1]


def _stage_band(stage: Stage, y: float) -> list[str]:
    days = "" if stage.working_days is None else _days(stage.working_days)
    return [
        _text(_DAYS_AT, y + 20, days, size=14, weight=600),
        (
            f'<rect x="8" y="{y:g}" width="{_LEFT + _BOX - 8}" height="30" rx="6" fill="{_BAND}"/>'
            f'<g data-band="">{_text(20, y + 20, stage.name or "Giai đoạn", size=14, weight=600)}</g>'
        ),
    ]


def _pause(words: str, y: float) -> list[str]:
    middle = _LEFT + _BOX / 2
    dashed = f'fill="{_PAPER}" stroke="{_RULE}" stroke-dasharray="3 4"'
    return [
        f'<path d="M{middle:g} {y - _GAP:g}V{y + 46:g}" stroke-width="1.5" {dashed}/>',
        f'<rect x="{middle - 210:g}" y="{y + 4:g}" width="420" height="26" rx="13" {dashed}/>',
        f'<text x="{middle:g}" y="{y + 22:g}" text-anchor="middle" font-size="13">{escape(words)}</text>',
    ]


def _arrow(start: float, end: float) -> str:
    middle = _LEFT + _BOX / 2
    return (
        f'<line x1="{middle:g}" y1="{start:g}" x2="{middle:g}" y2="{end - 1:g}" stroke="{_SOFT}" stroke-width="1.5" '
        'marker-end="url(#wf-arrow)"/>'
    )


def _lines(step: Step, width: float) -> list[tuple[str, str]]:
    letters = max(16, int((width - 24) / _LETTER))
    lines = [("name", line) for line in wrap(step.name, letters)]
    lines += [("unit", line) for line in wrap(step.unit, letters)]
    if step.cooperation:
        lines += [("unit", line) for line in wrap("Phối hợp: " + "; ".join(step.cooperation), letters)]
    return lines


def _column(columns: int) -> float:
    return (_BOX - _BETWEEN * (columns - 1)) / columns


def _height(step: Step, columns: int) -> float:
    # Side by side there is no room at the edge, so number and time take a line of the box.
    return (len(_lines(step, _column(columns))) + (columns > 1)) * _LINE + 2 * _PAD


def _box(step: Step, *, column: int, columns: int, y: float, height: float) -> list[str]:
    width = _column(columns)
    x = _LEFT + column * (width + _BETWEEN)
    dash = "" if step.is_counted else ' stroke-dasharray="5 4"'
    parts = [
        (
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" fill="{_PAPER}" '
            f'stroke="{_RULE}"{dash}/>'
        )
    ]
    for n, (kind, line) in enumerate(_lines(step, width)):
        at = y + _PAD + 14 + n * _LINE
        soft = kind == "unit"
        parts.append(
            _text(
                x + 12, at, line, size=13 if soft else 14, weight=400 if soft else 500, colour=_SOFT if soft else _INK
            )
        )
    if columns == 1:
        parts += _number(step, 34, y + height / 2)
        parts += _wrapped_time(step, y + height / 2)
    else:
        parts.append(
            f'<text x="{x + width - 8:g}" y="{y + height - 7:g}" text-anchor="end" font-size="12" fill="{_SOFT}">'
            f"{escape(f'{step.order} · {_time(step)}')}</text>"
        )
    return parts


def _number(step: Step, x: float, y: float) -> list[str]:
    return [
        f'<circle cx="{x:g}" cy="{y:g}" r="15" fill="{_PAPER}" stroke="{_INK}"/>',
        f'<text x="{x:g}" y="{y + 5:g}" text-anchor="middle" font-weight="600">{step.order}</text>',
    ]


def _wrapped_time(step: Step, middle: float) -> list[str]:
    lines = wrap(_time(step), 15)
    top = middle + 5 - (len(lines) - 1) * 8
    return [_text(_DAYS_AT, top + n * 16, line, size=13) for n, line in enumerate(lines)]


def _returns(steps: Iterable[Step], placed: dict[int, tuple[float, float]]) -> list[str]:
    found = []
    for step in steps:
        if step.returns_to is None or step.returns_to not in placed:
            continue
        start, end = (y + height / 2 for y, height in (placed[step.order], placed[step.returns_to]))
        found.append(
            f'<path d="M{_LEFT} {start + 9:g}H52V{end + 9:g}H{_LEFT - 1}" fill="none" stroke="{_SOFT}" '
            f'stroke-dasharray="2 3" marker-end="url(#wf-arrow)"/>'
        )
    return found


def _text(x: float, y: float, words: str, *, size: int, weight: int = 400, colour: str = _INK) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size={quoteattr(str(size))} font-weight="{weight}" '
        f'fill="{colour}">{escape(words)}</text>'
    )


def _time(step: Step) -> str:
    if not step.is_counted:
        return step.uncounted_limit
    return "" if step.working_days is None else _days(step.working_days)


def _days(days: Decimal) -> str:
    return f"{days.normalize():f} ngày".replace(".", ",")
