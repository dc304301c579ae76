"""How numbers, moments, states and deadlines are written on every page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from motcua.kernel.time import local

register = template.Library()

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_SOON = timedelta(days=2)


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment: ``14:05, 23/02/2026``."""
    return f"{local(value):%H:%M, %d/%m/%Y}" if value else "—"


@register.filter
def long_moment(value: datetime | None) -> str:
    """Write a moment with its weekday: ``17:00 thứ Hai, 23/02/2026``."""
    if value is None:
        return "—"
    wall = local(value)
    return f"{wall:%H:%M} {_WEEKDAYS[wall.weekday()]}, {wall:%d/%m/%Y}"


@register.filter
def dong(value: int | None) -> str:
    """Write an amount: ``1.250.000 đ``; nothing to pay reads as such."""
    if value is None:
        return "Không quy định"
    return "Miễn phí" if value == 0 else f"{value:,} đ".replace(",", ".")


@register.filter
def shortened_name(name: str) -> str:
    """Show only what the holder knows already: ``Ng*** V** A`` keeps the last word, hides the rest."""
    words = name.split()
    return " ".join([word[0] + "*" * (len(word) - 1) for word in words[:-1]] + words[-1:]) if words else ""


@register.simple_tag
def deadline_badge(
    due_at: datetime | None,
    now: datetime,
    paused_since: datetime | None,
    ended_at: datetime | None = None,
) -> SafeString:
    """Show where a deadline stands, with a word and a sign, never by colour alone."""
    if ended_at is not None:
        kind, sign, word = ("late", "▲", "Xong quá hạn") if due_at and ended_at > due_at else ("done", "✓", "Đã xong")
    elif paused_since is not None:
        kind, sign, word = "paused", "❚❚", "Tạm dừng"
    elif due_at is None:
        kind, sign, word = "info", "–", "Chưa có hạn"
    elif due_at < now:
        kind, sign, word = "late", "▲", "Quá hạn"
    elif due_at - now <= _SOON:
        kind, sign, word = "soon", "◔", "Sắp đến hạn"
    else:
        kind, sign, word = "ok", "●", "Trong hạn"
    return format_html('<span class="mc-badge {}"><span aria-hidden="true">{}</span> {}</span>', kind, sign, word)


@register.inclusion_tag("parts/clock.html")
def clock_bar(bar: Mapping[str, Any]) -> dict[str, object]:
    """Draw the bar of used time: used, pauses hatched, over the limit; with the same said in words below."""
    at, parts = 0, []
    for part in bar["parts"]:
        parts.append({"kind": part["kind"], "start": at, "percent": part["percent"]})
        at += part["percent"]
    return {"label": bar["label"], "parts": parts, "kinds": list(dict.fromkeys(part["kind"] for part in parts))}


_ACCOUNT_LABELS = {
    "code": "Mã xác thực",
    "password": "Mật khẩu",
    "oldpassword": "Mật khẩu hiện tại",
    "password1": "Mật khẩu mới",
    "password2": "Nhập lại mật khẩu mới",
    "name": "Tên khóa",
}


@register.filter
def account_label(field: BoundField) -> str:
    """Name a field of the account pages, whose library speaks no Vietnamese."""
    return _ACCOUNT_LABELS.get(field.name, str(field.label))
