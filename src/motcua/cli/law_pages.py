"""How ``motcua law`` writes: pages for the terminal and the browser, shapes for programs."""

from collections.abc import Sequence
from html import escape
from typing import Any

from motcua.kernel.citation import Citation
from motcua.lawbook import Lawbook, pages
from motcua.lawbook.differences import Difference
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet, Undivided
from motcua.lawbook.pages import Entry, Page

WIDTH = 100


def _console() -> Any:
    from rich.console import Console

    # A page is read, and piped, at a fixed width; a narrower terminal narrows it.
    console = Console(highlight=False)
    return Console(highlight=False, width=min(console.width, WIDTH) if console.is_terminal else WIDTH)


def print_page(page: Page) -> None:
    """Write the page to the terminal."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = _console()
    console.print(Text(page.title, style="bold"))
    _print_entries(console, page.entries, indent=0)
    for section in page.sections:
        console.print()
        console.rule(Text(f"{section.title}  {section.points}".strip(), style="bold"), align="left")
        _print_entries(console, section.entries, indent=2)
        for block in section.blocks:
            console.print()
            row = Table.grid(expand=True, padding=(0, 1))
            row.add_column(width=5)
            row.add_column(ratio=1)
            row.add_column(justify="right", no_wrap=True)
            row.add_row(block.number, Text(block.title, style="bold"), block.points)
            console.print(row)
            console.print(Padding(Text(block.code, style="dim"), (0, 0, 0, 6)))
            _print_entries(console, block.entries, indent=6)


def _print_entries(console: Any, entries: Sequence[Entry], *, indent: int) -> None:
    from rich.padding import Padding
    from rich.text import Text

    for entry in entries:
        line = Text(entry.text)
        if entry.citation is not None:
            line.append(f"  [{pages.source(entry.citation)}]", style="dim")
        console.print(Padding(line, (0, 0, 0, indent)))


_STYLE = """
body { font: 16px/1.5 "Be Vietnam Pro", "Segoe UI", system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; border-bottom: 2px solid #a41e22; margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; display: flex; gap: .7rem; }
h3 .points { margin-left: auto; white-space: nowrap; } .code, .source { color: #5a5a5a; font-size: .85rem; }
ul { margin: .2rem 0; padding-left: 1.3rem; } .recalled { color: #8a4b00; }
@media print { body { margin: 0; font-size: 11px; } h3 { break-after: avoid; } }
""".strip()


def as_html(page: Page) -> str:
    """Return the page as one file that opens offline and prints well."""
    parts = [
        '<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(page.title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>",
        f"<h1>{escape(page.title)}</h1>",
        _html_entries(page.entries),
    ]
    for section in page.sections:
        parts.append(f"<section>\n<h2>{escape(section.title)} <small>{escape(section.points)}</small></h2>")
        parts.append(_html_entries(section.entries))
        for block in section.blocks:
            parts.append(
                f"<h3><span>{escape(block.number)}</span><span>{escape(block.title)}</span>"
                f'<span class="points">{escape(block.points)}</span></h3>\n'
                f'<div class="code">{escape(block.code)}</div>'
            )
            parts.append(_html_entries(block.entries))
        parts.append("</section>")
    parts.append("</main>\n</body>\n</html>\n")
    return "\n".join(parts)


def _html_entries(entries: Sequence[Entry]) -> str:
    lines = []
    for entry in entries:
        cited = ""
        if entry.citation is not None:
            kind = entry.citation.certainty.value
            cited = f' <span class="source {kind}">[{escape(pages.source(entry.citation))}]</span>'
        lines.append(f"<li>{escape(entry.text)}{cited}</li>")
    return "<ul>\n" + "\n".join(lines) + "\n</ul>"


def as_shape(rules: IndicatorSet) -> dict[str, Any]:
    """Return the set as JSON values; points and ratios are numbers."""
    return {
        "format": "motcua.law.indicator_set/1",
        "name": rules.name,
        "version": rules.version,
        "name_vi": rules.name_vi,
        "effective_from": rules.effective_from.isoformat(),
        "effective_to": rules.effective_to.isoformat() if rules.effective_to else None,
        "status": rules.status.value,
        "max_points": float(rules.max_points),
        "rounding": {"decimals": rules.rounding.decimals, "mode": rules.rounding.mode.value},
        "law_hash": rules.law_hash,
        "citation": _citation(rules.citation),
        "groups": [
            {
                "code": group.code,
                "number": group.number,
                "name_vi": group.name_vi,
                "max_points": float(group.max_points),
                "round_as_one": group.round_as_one,
                "citation": _citation(group.citation),
                "indicators": [_indicator(indicator) for indicator in rules.indicators_of(group.code)],
            }
            for group in rules.groups
        ],
        "facts": {
            name: {"value": value, "citation": _citation(rules.fact_citations[name])}
            for name, value in rules.facts.items()
        },
        "grades": [
            {
                "code": grade.code,
                "name_vi": grade.name_vi,
                "from_points": float(grade.from_points),
                "citation": _citation(grade.citation),
            }
            for grade in rules.grades
        ],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    given = indicator.not_applicable
    return {
        "code": indicator.code,
        "number": indicator.number,
        "name_vi": indicator.name_vi,
        "max_points": float(indicator.max_points),
        "numerator": indicator.numerator,
        "denominator": list(indicator.denominator),
        "times_ratio_of": indicator.times_ratio_of,
        "scoring": {
            "rule": indicator.scoring.rule.value,
            "full_at": float(indicator.scoring.full_at),
            "cap": indicator.scoring.is_capped,
            "citation": _citation(indicator.scoring.citation),
        },
        "zero_denominator": _undivided(indicator.zero_denominator),
        "null_value": _undivided(indicator.null_value),
        "inherit": indicator.inherit,
        "not_applicable": {"levels": list(given.levels), "points": given.points.value} if given else None,
        "not_counted_vi": indicator.not_counted_vi,
        "remedy_vi": indicator.remedy_vi,
        "citation": _citation(indicator.citation),
    }


def _undivided(undivided: Undivided) -> dict[str, Any]:
    return {
        "points": undivided.points.value,
        "ratio": None if undivided.ratio is None else float(undivided.ratio),
        "citation": _citation(undivided.citation),
    }


def _citation(citation: Citation) -> dict[str, str]:
    return {"document": citation.document, "where": citation.where, "certainty": citation.certainty.value}


def differences_shape(one: IndicatorSet, other: IndicatorSet, found: Sequence[Difference]) -> dict[str, Any]:
    """Return the differences as JSON values."""
    return {
        "format": "motcua.law.diff/1",
        "before": one.version,
        "after": other.version,
        "differences": [
            {"place": each.place, "what": each.what, "before": each.before, "after": each.after} for each in found
        ],
    }


def print_differences(one: IndicatorSet, other: IndicatorSet, found: Sequence[Difference]) -> None:
    """Write what changed as a table."""
    from rich.table import Table
    from rich.text import Text

    console = _console()
    console.print(Text(f"{one.version} → {other.version}: {len(found)} giá trị khác nhau", style="bold"))
    if not found:
        return
    table = Table(show_lines=True, width=console.width)
    for head, ratio in (("Ở", 26), ("Giá trị", 16), (one.name, 29), (other.name, 29)):
        table.add_column(head, ratio=ratio, overflow="fold")
    for each in found:
        table.add_row(each.place, each.what, each.before or "(không có)", each.after or "(không có)")
    console.print(table)


def print_list(book: Lawbook) -> None:
    """Write what the law folder holds."""
    from rich.table import Table

    console = _console()
    sets = Table(title="Bộ chỉ số", title_justify="left")
    for head in ("--rules", "Từ ngày", "Tình trạng", "Tên"):
        sets.add_column(head, overflow="fold")
    for name in book.indicator_set_names():
        for version in book.indicator_versions(name):
            state = "dự thảo" if version.status.value == "draft" else "đang dùng"
            sets.add_row(name, f"{version.effective_from:%d/%m/%Y}", state, version.name_vi)
    lists = Table(title="Danh mục mã", title_justify="left")
    for head in ("Danh mục", "Từ ngày", "Số mã", "Tên"):
        lists.add_column(head, overflow="fold")
    for code in book.code_list_names():
        for code_list in book.code_list_versions(code):
            lists.add_row(code, f"{code_list.effective_from:%d/%m/%Y}", str(len(code_list.items)), code_list.name_vi)
    console.print(sets)
    console.print(lists)
    for scope in book.calendar_scopes():
        years = ", ".join(str(year) for year in book.calendar_years(scope))
        console.print(f"Lịch làm việc {scope}: {years}")
    console.print(f"Văn bản, nguồn viện dẫn: {len(book.documents())}")
