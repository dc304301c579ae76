"""Said beside live figures wherever they stand: from which imports they come too, and whether a proof found a fault."""

from collections.abc import Mapping

from django import template

from motcua.live import ground, nightly
from motcua.web.admin import figures

register = template.Library()


@register.filter
def grouped(value: int) -> str:
    """Write a count: ``79.247``."""
    return f"{value:,}".replace(",", ".")


@register.inclusion_tag("leadership/sources.html", takes_context=True)
def sources_of_figures(context: Mapping[str, object]) -> dict[str, object]:
    """Name the imports behind the figures with their as-of times, and the incidents nobody has dealt with."""
    staff, known, unit = getattr(context.get("request"), "staff", None), ground.now(), context.get("unit")
    code = getattr(unit, "code", "")
    return {
        "merged_code": code if any(_concerns(code, successor) for successor in known.successors) else "",
        "period": context.get("period", ""),
        "imports": known.imports,
        "incidents": len(nightly.open_incidents()),
        "may_open": staff is not None and figures.sees_figures(staff),
    }


def _concerns(code: str, merger: str) -> bool:
    """Tell whether the unit, or one that stands below it by its code, has followed another."""
    return bool(code) and (merger == code or merger.startswith(f"{code}."))
