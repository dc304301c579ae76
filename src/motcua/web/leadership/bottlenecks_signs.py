"""Dấu hiệu cần xem: what each monitor saw, in words that accuse nobody, and what was said after looking."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.bottlenecks import signs, watch
from motcua.bottlenecks.fold import UNRESOLVED
from motcua.bottlenecks.signs import Seen, Shown
from motcua.bottlenecks.types import CAUSES
from motcua.bottlenecks.watch import Monitor
from motcua.kernel.time import local_day
from motcua.organisations.models import Staff
from motcua.reports import figures as written
from motcua.web.leadership import bottlenecks_causes, bottlenecks_lists
from motcua.web.leadership import bottlenecks_parts as parts
from motcua.web.leadership.bottlenecks_parts import Cell, Names, Part
from motcua.web.leadership.frame import Standing

LIMIT = 50
_PLACES = {"portal": "Cổng Dịch vụ công quốc gia", "gateway": "cổng thanh toán của tỉnh"}


@dataclass(frozen=True, slots=True)
class Line:
    """One sign on the page."""

    code: Cell
    procedure: str
    unit: str
    at: datetime
    seen: str
    earlier: Cell | None
    """The dossier that went before, where the reader may see it."""
    reviewed_by: str
    reviewed_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a monitor's list."""

    lines: Sequence[Line]
    part: Part
    next: int
    hidden: int


def parts_of(standing: Standing, *, units: Collection[str], now: datetime) -> list[Part]:
    """Return the monitors with how many signs wait to be looked at."""
    levels = watch.on(local_day(now))
    tallies = signs.tallies(units, period=standing.period)
    whole = sum(one.waiting for one in tallies.values())
    speaking = [code for code in watch.MONITORS if tallies.get(code, signs.Tally(0, 0)).waiting]
    finding = (
        f"{written.number(whole)} dấu hiệu ở {len(speaking)} loại cần xem; chưa kết luận điều gì về người xử lý"
        if whole
        else "Không dấu hiệu nào chờ xem"
    )
    rows = [
        (
            Cell(monitor.name_vi, standing.url("sign", code)),
            Cell(monitor.sees_vi),
            Cell(monitor.not_this_vi),
            parts.count(tallies[code].waiting if code in tallies else 0),
            parts.count(tallies[code].reviewed if code in tallies else 0),
        )
        for code in watch.MONITORS
        for monitor in (levels.monitors[code],)
    ]
    return [
        Part(
            "dau-hieu", finding, ("Dấu hiệu", "Thấy gì", "Có thể không phải vậy khi", "Cần xem", "Đã xem"), rows,
            note=f"Mức của từng dấu hiệu là lựa chọn của hệ thống, ghi trong law/monitors, tỉnh đổi được. "
            f"Căn cứ theo dõi: {levels.citation}.",
        )
    ]  # fmt: skip


def page(
    monitor: Monitor,
    *,
    standing: Standing,
    units: Collection[str],
    shown: Shown,
    names: Names,
    start: int,
    visible: Callable[[list[str]], set[str]],
) -> Page:
    """Return one page of a monitor's list, of dossiers that the reader may see."""
    found = signs.seen(
        units, monitor=monitor.code, shown=shown, period=standing.period, start=start, limit=LIMIT + 1
    )  # fmt: skip
    listed = found[:LIMIT]
    earlier = [str(one.seen["earlier"]) for one in listed if "earlier" in one.seen]
    open_to = visible([*(one.dossier for one in listed), *earlier])
    kept = [one for one in listed if one.dossier in open_to]
    names.read(procedures={one.procedure for one in kept}, units={one.unit for one in kept})
    people = dict(Staff.objects.filter(code__in={one.reviewed_by for one in kept}).values_list("code", "name"))
    lines = [_line(one, names, people, open_to, standing) for one in kept]
    head = ("Mã hồ sơ", "Thủ tục", "Đơn vị", "Lúc", "Thấy", "Người xem", "Lý do đã ghi")
    rows = [
        (
            line.code, Cell(line.procedure), Cell(line.unit), parts.moment(line.at), Cell(line.seen),
            Cell(line.reviewed_by or "–"), Cell(line.note or "–"),
        )
        for line in lines
    ]  # fmt: skip
    part = Part(f"dau-hieu-{monitor.code.lower()}", monitor.name_vi, head, rows)
    return Page(lines, part, start + LIMIT if len(found) > LIMIT else 0, len(listed) - len(kept))


def _line(one: Seen, names: Names, people: Mapping[str, str], open_to: set[str], standing: Standing) -> Line:
    before = str(one.seen.get("earlier", ""))
    return Line(
        code=bottlenecks_lists.dossier_cell(one.dossier),
        procedure=names.procedure(one.procedure),
        unit=names.unit(one.unit),
        at=one.at,
        seen=_said(one, standing),
        earlier=bottlenecks_lists.dossier_cell(before) if before in open_to else None,
        reviewed_by=people.get(one.reviewed_by, one.reviewed_by),
        reviewed_at=one.reviewed_at,
        note=one.note,
    )


def _said(one: Seen, standing: Standing) -> str:
    """Say what was seen, in figures."""
    said: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
        "CLOSED_FAST": lambda seen: (
            f"Xong sau {parts.duration(seen['worked'])}; thường {parts.duration(seen['usual'])} "
            f"(trung vị của {written.number(seen['compared'])} hồ sơ)"
        ),
        "DUE_MOVED": _moved,
        "PAUSED_LATE": lambda seen: (
            f"Dừng khi còn {parts.duration(seen['left'])} làm việc: "
            f"{bottlenecks_causes.grounds(standing.today).get(seen['ground'], seen['ground'])}"
        ),
        "REFILED": lambda seen: (
            f"Nộp lại sau khi hồ sơ trước kết thúc ngày {_day(seen['ended_at'])} ({_how(seen['how'])})"
        ),
        "FEE_UNBACKED": lambda seen: (
            f"{written.number(seen['amount'])} đồng ghi nộp qua {_PLACES.get(seen['place'], seen['place'])}, "
            "không có mã giao dịch"
        ),
        "ASKED_AGAIN": lambda seen: f"Yêu cầu bổ sung {seen['times']} lần",
        "HANDED_UNSIGNED": lambda seen: (
            "Phát hành kết quả, nhật ký chưa có ký duyệt"
            if seen["act"] == "DossierResolved"
            else "Trả kết quả, nhật ký chưa có ký duyệt"
        ),
        "CLUSTERED": lambda seen: f"Một trong {seen['together']} hồ sơ xong ngay trước hạn ngày {_day(seen['day'])}",
    }
    return said[one.monitor](one.seen)


def _moved(seen: Mapping[str, Any]) -> str:
    change = f"từ {_moment(seen['before'])} sang {_moment(seen['after'])}"
    if seen["how"] == "unexplained":
        return f"Ngày hẹn đổi {change} không kèm gia hạn, tạm dừng hay bổ sung"
    left = int(seen["left"])
    when = f"còn {parts.duration(left)}" if left >= 0 else f"đã quá {parts.duration(-left)}"
    return f"Hẹn lại {change} khi {when} làm việc"


def _how(how: str) -> str:
    assert how in UNRESOLVED  # noqa: S101 - only dossiers that ended so are compared with
    return CAUSES[how].lower()


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d/%m/%Y}"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%H:%M %d/%m/%Y}"
