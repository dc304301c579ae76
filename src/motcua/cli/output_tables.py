"""Scorecards in the terminal: who stands where, and one unit's indicators with a bar for each."""

import io
import shutil
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from motcua.indicators.score import Basis, Row, Scorecard, UnitScore
from motcua.reports import figures, wording

if TYPE_CHECKING:
    from motcua.indicators.evaluate import Evaluation

WIDEST = 100
BAR_CELLS = 10
FIRST, LAST = 20, 5
"""How many units from either end a long ranking shows."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


def rendered(parts: Iterable[RenderableType]) -> str:
    """Return the parts as text: at most 100 columns, colours only where standard output is a terminal."""
    is_terminal = sys.stdout.isatty()
    out = Console(
        file=io.StringIO(),
        force_terminal=is_terminal,
        highlight=False,
        markup=False,
        emoji=False,
        width=_width(),
        legacy_windows=False,
    )
    for part in parts:
        out.print(part)
    written = out.file.getvalue() if isinstance(out.file, io.StringIO) else ""
    return "\n".join(line.rstrip() for line in written.splitlines()) + "\n"


def scorecard(card: Scorecard) -> str:
    """Return the indicators of every unit that is alone at its level, and the ranking of the others."""
    return rendered(_scorecard(card))


def score(evaluated: "Evaluation", *, unit: str | None) -> str:
    """Return the terminal page of an evaluation: one unit's, or everybody's."""
    parts: list[RenderableType] = []
    if unit is not None:
        parts += _detailed(evaluated.scorecard, evaluated.scorecard.of(unit))
    else:
        parts += _scorecard(evaluated.scorecard)
    return rendered([*parts, footer(evaluated)])


def series(evaluations: "Sequence[Evaluation]", *, unit: str) -> str:
    """Return one unit's points month by month."""
    rules = evaluations[0].rules
    table = Table(
        title=f"{evaluations[-1].scorecard.of(unit).unit.name} ({unit}) theo tháng",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Kỳ", no_wrap=True)
    for group in rules.groups:
        table.add_column(f"{group.code}\n/{figures.number(Fraction(group.max_points))}", justify="right", no_wrap=True)
    table.add_column(f"Tổng\n/{figures.number(Fraction(rules.max_points))}", justify="right", style="bold")
    table.add_column("Thay\nđổi", justify="right")
    table.add_column("Hạng", justify="right")
    table.add_column("", no_wrap=True, width=BAR_CELLS)
    before: Fraction | None = None
    for evaluated in evaluations:
        found = [scored for scored in evaluated.scorecard.units if scored.unit.code == unit]
        for scored in found:
            table.add_row(
                str(evaluated.period),
                *(_group_cell(scored, group.code) for group in rules.groups),
                figures.number(scored.total, decimals=2),
                "" if before is None else figures.signed(scored.total - before),
                f"{scored.rank}/{scored.rank_of}" if scored.rank_of > 1 else "",
                bar(scored.total, Fraction(rules.max_points)),
            )
            before = scored.total
    return rendered([table, footer(evaluations[-1])])


def _scorecard(card: Scorecard) -> list[RenderableType]:
    levels = dict.fromkeys(scored.unit.level for scored in card.units)
    parts: list[RenderableType] = []
    for level in levels:
        scores = [scored for scored in card.units if scored.unit.level == level]
        parts += _detailed(card, scores[0]) if len(scores) == 1 else [ranking(card, scores, level=level)]
    return parts


def _detailed(card: Scorecard, scored: UnitScore) -> list[RenderableType]:
    unknown = wording.unknown(card.rules, scored)
    return [detail(card, scored), *([Text(unknown)] if unknown else [])]


def footer(evaluated: "Evaluation") -> Text:
    """Return period, moment of knowledge, log position and rule set: what makes the figures reproducible."""
    rules, data = evaluated.rules, evaluated.data
    seen = "" if data.position is None else f", {figures.number(data.position)} sự kiện"
    return Text(
        f"Kỳ {evaluated.period}, tính đến {figures.moment(evaluated.on)}{seen}. "
        f"Bộ chỉ số {rules.version} (luật {rules.law_hash[:12]}).",
        style="dim",
    )


def _width() -> int:
    return min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST) if sys.stdout.isatty() else WIDEST


def _is_cut(place: int, count: int) -> bool:
    return count > FIRST + LAST + 1 and FIRST <= place < count - LAST


def ranking(card: Scorecard, scores: Sequence[UnitScore], *, level: str) -> Table:
    """Return the units of one level from the best on, group by group."""
    table = Table(
        title=f"{wording.level(level)}: {figures.number(len(scores))} đơn vị",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Hạng", justify="right")
    table.add_column("Đơn vị", overflow="ellipsis", no_wrap=True, ratio=1)
    for group in card.rules.groups:
        table.add_column(f"{group.code}\n/{figures.number(Fraction(group.max_points))}", justify="right", no_wrap=True)
    table.add_column(f"Tổng\n/{figures.number(Fraction(card.rules.max_points))}", justify="right", style="bold")
    table.add_column("", no_wrap=True, width=BAR_CELLS)
    for place, scored in enumerate(sorted(scores, key=lambda scored: (scored.rank, scored.unit.name))):
        if _is_cut(place, len(scores)):
            if place == FIRST:
                table.add_row("…", f"{len(scores) - FIRST - LAST} đơn vị khác (dùng --format csv để xem đủ)")
            continue
        table.add_row(
            str(scored.rank),
            wording.own_name(scored.unit.name),
            *(_group_cell(scored, group.code) for group in card.rules.groups),
            figures.number(scored.total, decimals=2),
            bar(scored.total, Fraction(card.rules.max_points)),
        )
    table.expand = True
    return table


def detail(card: Scorecard, scored: UnitScore) -> Table:
    """Return one unit's points, group by group and indicator by indicator."""
    rules = card.rules
    grade = f", {scored.grade.name_vi}" if scored.grade else ""
    rank = f", hạng {scored.rank}/{scored.rank_of}" if scored.rank_of > 1 else ""
    table = Table(
        title=f"{scored.unit.name} ({scored.unit.code}): {figures.number(scored.total, decimals=2)}"
        f"/{figures.number(Fraction(rules.max_points))} điểm{grade}{rank}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=True,
    )
    table.add_column("Số", no_wrap=True)
    table.add_column("Chỉ số", ratio=1)
    for heading in ("Tử số", "Mẫu số", "Tỷ lệ", "Điểm", "Tối đa", "Mất"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=BAR_CELLS)
    for points in scored.groups:
        group = rules.group(points.code)
        note = " (không có số liệu)" if points.code in scored.missing else ""
        table.add_row(
            group.number if group else "",
            (group.name_vi if group else points.code) + note,
            *("",) * 3,
            figures.number(points.points, decimals=2),
            figures.number(points.max_points),
            figures.number(points.max_points - points.points, decimals=2),
            bar(points.points, points.max_points),
            style="bold",
        )
        for row in scored.rows:
            if row.group == points.code and row.basis is not Basis.INFORMATION:
                _add_row(table, card, row)
    return table


def bar(value: Fraction, maximum: Fraction, *, colour: str | None = None) -> Text:
    """Return a bar of eighths of a cell; its colour says nothing that its length does not."""
    eighths = round(8 * BAR_CELLS * value / maximum) if maximum else 0
    whole, rest = divmod(min(max(eighths, 0), 8 * BAR_CELLS), 8)
    share = value / maximum if maximum else Fraction(1)
    colour = colour or ("green" if share >= Fraction(9, 10) else "yellow" if share >= Fraction(1, 2) else "red")
    return Text("█" * whole + (_EIGHTHS[rest] if rest else ""), style=colour)


def _add_row(table: Table, card: Scorecard, row: Row) -> None:
    indicator = card.rules.indicator(row.code)
    group = card.rules.group(row.group)
    note = wording.basis_mark(row.basis)
    # Parts of a group that is rounded as one are not rounded: a third decimal keeps them adding up.
    decimals = card.rules.rounding.decimals + (1 if group is not None and group.round_as_one else 0)
    table.add_row(
        indicator.number if indicator else "",
        wording.short_name(indicator.name_vi if indicator else row.code) + note,
        figures.number(row.count.numerator),
        figures.number(row.count.denominator),
        figures.percent(row.ratio),
        figures.number(row.points, decimals=decimals),
        figures.number(row.max_points),
        figures.number(row.lost, decimals=decimals),
        bar(row.points or Fraction(0), row.max_points),
    )


def _group_cell(scored: UnitScore, code: str) -> str:
    return "–" if code in scored.missing else figures.number(scored.group(code).points, decimals=2)
