"""Two scores side by side in the terminal."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from motcua.cli import output_tables
from motcua.indicators.score import Row
from motcua.reports import figures, wording

if TYPE_CHECKING:
    from motcua.indicators.evaluate import Evaluation
    from motcua.simulation.differences import UnitDifference

SHOWN = 15
SMALLEST_SHOWN = Fraction(1, 200)


def page(
    before: "Evaluation",
    after: "Evaluation",
    found: "Sequence[UnitDifference]",
    *,
    unit: str,
    headings: tuple[str, str],
    notes: Sequence[str] = (),
) -> str:
    """Return one unit's difference by group and indicator, then the units that changed most."""
    parts: list[RenderableType] = [Text(note) for note in notes]
    parts += [detail(before, after, each, headings=headings) for each in found if each.code == unit]
    others = [each for each in found if each.code != unit and each.change]
    if others:
        parts.append(_others(others, headings=headings))
    return output_tables.rendered([*parts, output_tables.footer(after)])


def detail(before: "Evaluation", after: "Evaluation", each: "UnitDifference", *, headings: tuple[str, str]) -> Table:
    """Return one unit's groups, and the indicators that changed."""
    change = "" if each.change is None else f" ({figures.signed(each.change)} điểm)"
    totals = " → ".join(
        "–" if side is None else figures.number(side.total, decimals=2) for side in (each.before, each.after)
    )
    table = _table(f"{each.name} ({each.code}): {totals}{change}")
    table.add_column("Số", no_wrap=True)
    table.add_column("Chỉ số", ratio=1)
    first, second = headings
    for heading in (f"Tỷ lệ\n{first}", f"\n{second}", f"Điểm\n{first}", f"\n{second}", "Thay đổi"):
        table.add_column(heading, justify="right", no_wrap=True)
    rules = after.rules if each.after else before.rules
    for group in each.groups:
        known = rules.group(group.code) or before.rules.group(group.code)
        table.add_row(
            known.number if known else "",
            known.name_vi if known else group.code,
            "",
            "",
            figures.number(group.before, decimals=2),
            figures.number(group.after, decimals=2),
            figures.signed(group.change),
            style="bold",
        )
        for row in each.rows:
            either = row.after or row.before
            if either is None or either.group != group.code or abs(row.change) < SMALLEST_SHOWN:
                continue
            indicator = rules.indicator(row.code) or before.rules.indicator(row.code)
            table.add_row(
                indicator.number if indicator else "",
                wording.short_name(indicator.name_vi if indicator else row.code),
                _ratio(row.before),
                _ratio(row.after),
                _points(row.before),
                _points(row.after),
                figures.signed(row.change),
            )
    return table


def _others(others: "Sequence[UnitDifference]", *, headings: tuple[str, str]) -> Table:
    table = _table(f"Đơn vị khác thay đổi: {figures.number(len(others))}")
    table.add_column("Đơn vị", ratio=1)
    for heading in (*headings, "Thay đổi", "Hạng"):
        table.add_column(heading, justify="right", no_wrap=True)
    ordered = sorted(others, key=lambda each: (-abs(each.change or Fraction(0)), each.code))
    for each in ordered[:SHOWN]:
        ranks = " → ".join("–" if side is None else str(side.rank) for side in (each.before, each.after))
        table.add_row(
            f"{wording.own_name(each.name)} ({each.code})",
            "–" if each.before is None else figures.number(each.before.total, decimals=2),
            "–" if each.after is None else figures.number(each.after.total, decimals=2),
            "" if each.change is None else figures.signed(each.change),
            ranks,
        )
    if len(ordered) > SHOWN:
        table.add_row(f"… {len(ordered) - SHOWN} đơn vị nữa (dùng --format csv)", "", "", "", "")
    return table


def _table(title: str) -> Table:
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=True,
    )


def _ratio(row: Row | None) -> str:
    return figures.percent(None if row is None else row.ratio)


def _points(row: Row | None) -> str:
    return figures.number(None if row is None else row.points, decimals=2)
