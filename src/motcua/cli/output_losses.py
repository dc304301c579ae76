"""The ledger of lost points in the terminal."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from motcua.cli import output_tables
from motcua.reports import figures, wording

if TYPE_CHECKING:
    from motcua.indicators.evaluate import Evaluation
    from motcua.indicators.explain import Explained

UNITS_SHOWN = 5


def page(evaluated: "Evaluation", found: "Sequence[Explained]", *, unit: str, limit: int, is_detailed: bool) -> str:
    """Return the ledger of a unit and, where single indicators were asked for, what stands behind each."""
    scored = evaluated.scorecard.of(unit)
    losing = sorted((each for each in found if each.loss.lost), key=lambda each: -each.loss.lost)
    parts: list[RenderableType] = [
        Text(
            f"{scored.unit.name} ({unit}): {figures.number(scored.total, decimals=2)} điểm. Mất điểm ở đâu?",
            style="bold",
        )
    ]
    if not losing:
        parts.append(Text("Không mất điểm nào ở các chỉ số được hỏi."))
    else:
        parts.append(_ledger(losing, unit))
    full = [each.indicator.number for each in found if not each.loss.lost]
    if is_detailed and full and losing:
        parts.append(Text(f"Không mất điểm ở chỉ số {', '.join(full)}."))
    if is_detailed:
        names = {each.unit.code: each.unit.name for each in evaluated.scorecard.units}
        for each in losing:
            parts += _detail(each, names, limit)
    elif losing:
        first = losing[0].indicator.number
        parts.append(Text(f"Xem từng hồ sơ: thêm --indicator {first}; xem đủ: --format csv.", style="dim"))
    return output_tables.rendered([*parts, output_tables.footer(evaluated)])


def _ledger(losing: "Sequence[Explained]", unit: str) -> Table:
    table = _table("")
    table.add_column("Số", no_wrap=True)
    table.add_column("Chỉ số", ratio=1)
    for heading in ("Mất", "Còn thiếu", "Thêm một\nđược", "Cần để\nđủ điểm"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Vì sao nhiều nhất", ratio=1)
    for each in losing:
        loss = each.loss
        reasons = each.by_reason()
        above = "" if loss.responsible == unit else f" (của {loss.responsible})"
        table.add_row(
            each.indicator.number,
            wording.short_name(each.indicator.name_vi) + above,
            figures.number(loss.lost, decimals=2),
            figures.number(loss.missing),
            "–" if loss.one_more is None else figures.number(loss.one_more, decimals=4),
            figures.number(loss.to_fill),
            f"{reasons[0][0].text_vi} ({figures.number(reasons[0][1])})" if reasons else "",
        )
    return table


def _detail(each: "Explained", names: dict[str, str], limit: int) -> list[RenderableType]:
    loss = each.loss
    title = f"{each.indicator.number} {each.indicator.name_vi}: mất {figures.number(loss.lost, decimals=2)} điểm"
    reasons = _table(title)
    reasons.add_column("Lý do", ratio=2)
    reasons.add_column("Số mục", justify="right")
    reasons.add_column("Lấy lại\nđược?", no_wrap=True)
    reasons.add_column("Quy định", ratio=3)
    for reason, count in each.by_reason():
        reasons.add_row(
            reason.text_vi,
            figures.number(count),
            "được" if reason.is_repairable else "không",
            f"{reason.rule_vi} [{reason.citation}]",
        )
    units = _table("")
    units.add_column("Đơn vị", ratio=1)
    units.add_column("Số mục", justify="right")
    units.add_column("Mất", justify="right")
    units.add_column("", width=output_tables.BAR_CELLS)
    counted = each.by_unit()
    for code, count in counted[:UNITS_SHOWN]:
        share = count * each.share
        units.add_row(
            f"{wording.own_name(names.get(code, code))} ({code})",
            figures.number(count),
            figures.number(share, decimals=2),
            output_tables.bar(share, loss.lost, colour="red"),
        )
    if len(counted) > UNITS_SHOWN:
        rest = sum(count for _, count in counted[UNITS_SHOWN:])
        units.add_row(
            f"{len(counted) - UNITS_SHOWN} đơn vị khác",
            figures.number(rest),
            figures.number(rest * each.share, decimals=2),
            output_tables.bar(rest * each.share, loss.lost, colour="red"),
        )
    parts: list[RenderableType] = [reasons, units, _items(each, limit)]
    if each.indicator.remedy_vi:
        parts.append(Text(f"Cách lấy lại: {each.indicator.remedy_vi}"))
    return parts


def _items(each: "Explained", limit: int) -> Table:
    table = _table("")
    table.add_column("Mục", no_wrap=True)
    table.add_column("Đơn vị", no_wrap=True)
    table.add_column("Cán bộ", no_wrap=True)
    table.add_column("Vì sao", ratio=1)
    table.add_column("Sửa\nđược?", no_wrap=True)
    table.add_column("Mất", justify="right", no_wrap=True)
    shown = list(each.items(limit=limit))
    for item in shown:
        table.add_row(
            f"{item.code} × {figures.number(item.weight)}" if item.weight > 1 else item.code,
            item.unit_code,
            item.officer_code or "",
            "; ".join(reason.text_vi for reason in item.reasons),
            "được" if item.is_repairable else "không",
            figures.number(item.weight * each.share, decimals=5),
        )
    rest = each.weight - sum(item.weight for item in shown)
    if rest:
        text = f"… và {figures.number(rest)} mục khác (tăng --limit, hoặc --format csv)"
        table.add_row("", "", "", text, "", figures.number(Fraction(rest) * each.share, decimals=5))
    return table


def _table(title: str) -> Table:
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=True,
    )
