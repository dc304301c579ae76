"""How a publication is worded: months, points, changes, levels, what a reader must know."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from motcua.kernel.time import Period
from motcua.publication.comparing import Move
from motcua.publication.disclosed import PublicIssue
from motcua.reports import figures, wording

HIDDEN = "ẩn"
"""Stands where a count is hidden."""

TITLE = "Kết quả Bộ chỉ số phục vụ người dân, doanh nghiệp"


def month(value: str) -> str:
    """Write ``2026-10`` as ``tháng 10/2026``."""
    first = Period.parse(value).start
    return f"tháng {first.month:02}/{first.year}"


def short_month(value: str) -> str:
    """Write ``2026-10`` as ``10/2026``."""
    first = Period.parse(value).start
    return f"{first.month:02}/{first.year}"


def points(value: Decimal | str | None) -> str:
    """Write points as ``68,80``."""
    return figures.number(None if value is None else Fraction(Decimal(value)), decimals=2)


def change(value: Decimal | None) -> str:
    """Write a change as ``+1,20``, ``−0,40``, ``0,00``; a dash where there is nothing to compare with."""
    return "–" if value is None else figures.signed(Fraction(value))


def percent(ratio: str | None) -> str:
    """Write a ratio of 0..1 as ``98,54%``."""
    return figures.percent(None if ratio is None else Fraction(Decimal(ratio)))


def count(value: int | None) -> str:
    """Write a count as ``1.234``."""
    return figures.number(value)


def day(value: date) -> str:
    """Write a day as 07/11/2024."""
    return figures.day(value)


def moment(value: datetime) -> str:
    """Write a moment as 14:05 ngày 07/11/2024."""
    return figures.moment(value)


def level(code: str) -> str:
    """Name a level of units."""
    return wording.level(code)


def unit(name: str) -> str:
    """Return a unit's own name, without the province that official lists add."""
    return wording.own_name(name)


def indicator(name: str) -> str:
    """Shorten an indicator's name for a table."""
    return wording.short_name(name)


def edition(number: int) -> str:
    """Name an edition: the first has no name of its own."""
    return "bản đầu" if number == 1 else f"bản đính chính số {number - 1}"


def maximum(value: str) -> str:
    """Write the most points there are: ``100``, ``2,5``."""
    return points(value).removesuffix(",00")


def late(issue: PublicIssue) -> str:
    """Say how late the figures were taken; a correction has no day of its own."""
    return days_late(issue.frozen["days_late"]) if issue.edition == 1 else ""


def days_late(days: int) -> str:
    """Say how many days after the day of the rule; nothing where it was kept."""
    return f"Chốt muộn {days} ngày so với quy định." if days else ""


def finding(issue: PublicIssue, moves: Sequence[Move]) -> str:
    """Say in one sentence how the province stands and where it moved."""
    top = issue.top
    if top is None:
        return "Chưa có đơn vị nào trong số liệu."
    said = f"{unit(top.name)} đạt {points(top.total)}/{maximum(issue.frozen['rules']['max_points'])} điểm"
    move = next((one for one in moves if one.code == top.code), None)
    if move is None or move.change is None:
        return f"{said}."
    if move.change == 0:
        return f"{said}, bằng tháng trước."
    direction = "tăng" if move.change > 0 else "giảm"
    return f"{said}, {direction} {points(abs(move.change))} điểm so với tháng trước."


def suppression(issue: PublicIssue) -> str:
    """Explain what is hidden and why; nothing where nothing is."""
    if not issue.hidden_rows:
        return ""
    below = issue.frozen["suppression"]["below"]
    return (
        f"Ô ghi «{HIDDEN}»: chỉ số tính trên dưới {below} hồ sơ hoặc phản ánh, kiến nghị, hoặc ô phải ẩn theo để không"
        " suy ra được số đó bằng phép trừ. Điểm nhóm, tổng điểm và thứ hạng vẫn công bố đủ."
    )
