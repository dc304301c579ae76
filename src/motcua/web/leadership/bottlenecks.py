"""Điểm nghẽn: where time is lost, why applicants are told no, what stands still, what should be looked at."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from motcua.bottlenecks import figures, signs, watch
from motcua.bottlenecks.signs import Shown
from motcua.dossiers import access
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import queries as organisations
from motcua.web.leadership import (
    bottlenecks_causes,
    bottlenecks_lists,
    bottlenecks_signs,
    bottlenecks_time,
    frame,
    ledger_export,
    writing,
)
from motcua.web.leadership.bottlenecks_parts import Names, Part
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, for_staff

TOPICS: Mapping[str, str] = {
    "thoi-gian": "Mất thời gian",
    "bo-sung": "Bổ sung, từ chối",
    "dang-dung": "Đang dừng",
    "so-hoa": "Số hóa, chuyển, trả lại",
    "can-xem": "Dấu hiệu cần xem",
}
"""Topics of the page, by their word in the address."""

SOURCE = "nhật ký sự kiện của Bộ phận Một cửa; dữ liệu nhập từ tệp không có từng công đoạn nên không có ở đây"
PLACE = "bottlenecks"


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show one topic of a unit's bottlenecks, or one of its tables as CSV."""
    standing = frame.standing(request, code)
    topic = request.GET.get("muc", "thoi-gian")
    if topic not in TOPICS:
        raise UserError("Không có mục này trong trang Điểm nghẽn.", remedy="Hãy chọn một mục ở đầu trang.")
    found = _parts(request, standing, topic)
    wanted = request.GET.get("tai", "")
    if wanted:
        part = next((one for one in found if one.code == wanted), None)
        if part is None:
            raise Http404
        return _file(part, code)
    context = {
        "topic": topic,
        "topic_name": TOPICS[topic],
        "topics": [(name, standing.url(PLACE, muc=word), word == topic) for word, name in TOPICS.items()],
        "parts": [(part, standing.url(PLACE, muc=topic, tai=part.code)) for part in found],
        "months": _months(standing),
        "kept": [("muc", topic)],
    }
    return _shown(request, "bottlenecks.html", context, standing)


def _parts(request: StaffRequest, standing: Standing, topic: str) -> list[Part]:
    units = _units(standing)
    names = Names(staff=acting(request), on=standing.today)
    made: Mapping[str, Callable[[], list[Part]]] = {
        "thoi-gian": lambda: bottlenecks_time.parts_of(standing, units=units, names=names, now=request.now),
        "bo-sung": lambda: bottlenecks_causes.told_parts(standing, units=units, names=names),
        "dang-dung": lambda: bottlenecks_causes.still_parts(standing, units=units, now=request.now),
        "so-hoa": lambda: bottlenecks_causes.people_parts(standing, units=units, names=names, now=request.now),
        "can-xem": lambda: bottlenecks_signs.parts_of(standing, units=units, now=request.now),
    }
    return made[topic]()


def _units(standing: Standing) -> frozenset[str]:
    """Return the unit and all below it that the reader leads; nothing else is ever listed."""
    return frozenset(organisations.units_below(standing.unit.code, on=standing.today)) & standing.led


def _months(standing: Standing) -> str:
    """Say that counters know whole months where the period does not begin and end with one."""
    first, last = figures.months(standing.period)
    is_whole = standing.period.start.day == 1 and (standing.period.end.day == 1)
    return "" if is_whole else f"Bộ đếm theo tháng: số liệu gồm cả tháng {first:%m/%Y} đến tháng {last:%m/%Y}."


def _file(part: Part, code: str) -> HttpResponse:
    lines = ([cell.written for cell in row] for row in part.rows)
    return ledger_export.response("csv", name=f"diem-nghen-{part.code}-{code}", head=part.head, lines=lines)


def _shown(
    request: StaffRequest, template: str, context: Mapping[str, Any], standing: Standing, *, status: int = 200
) -> HttpResponse:
    stamp: Any = figures.taken(now=request.now)
    return frame.shown(request, template, PLACE, context, standing=standing, stamp=stamp, source=SOURCE, status=status)


@for_staff
@require_GET
def dossiers(request: StaffRequest, code: str) -> HttpResponse:
    """Show the dossiers behind a figure, those that the reader may see."""
    standing = frame.standing(request, code)
    names = Names(staff=acting(request), on=standing.today)
    asked = bottlenecks_lists.Asked.read(request.GET)
    reader = bottlenecks_lists.Reader(
        standing, _units(standing), names, request.now, lambda codes: _visible(request, codes)
    )
    listed = bottlenecks_lists.listed(asked, reader)
    if request.GET.get("tai") == "csv":
        return _file(listed.part, code)
    query = {name: value for name, value in request.GET.items() if name not in {"tai", "sau"}}
    context = {
        "part": listed.part,
        "csv": f"?{urlencode({**query, 'tai': 'csv', **({'sau': asked.after} if asked.after else {})})}",
        "next": f"?{urlencode({**query, 'sau': listed.next})}" if listed.next else "",
        "hidden": listed.hidden,
        "back": standing.url(PLACE, muc=listed.topic),
        "topic_name": TOPICS[listed.topic],
        "kept": [("muc", listed.topic)],
    }
    return _shown(request, "bottlenecks_dossiers.html", context, standing)


def _visible(request: StaffRequest, codes: list[str]) -> set[str]:
    rows = access.visible(request.staff, on=local_day(request.now)).filter(code__in=codes)
    return set(rows.values_list("code", flat=True))


@for_staff
@require_GET
def sign(request: StaffRequest, code: str, monitor: str) -> HttpResponse:
    """Show the dossiers at which a monitor saw something."""
    standing = frame.standing(request, code)
    return _sign_page(request, standing, monitor, typed={}, fault="", status=200)


def _sign_page(
    request: StaffRequest, standing: Standing, monitor: str, *, typed: Mapping[str, str], fault: str, status: int
) -> HttpResponse:
    known = watch.on(standing.today).monitors.get(monitor)
    if known is None:
        raise Http404
    shown = Shown.REVIEWED if request.GET.get("xem") == Shown.REVIEWED else Shown.WAITING
    names = Names(staff=acting(request), on=standing.today)
    page = bottlenecks_signs.page(
        known, standing=standing, units=_units(standing), shown=shown, names=names,
        start=bottlenecks_lists.number(request.GET.get("tu-dong", "")),
        visible=lambda codes: _visible(request, codes),
    )  # fmt: skip
    if request.GET.get("tai") == "csv":
        return _file(page.part, standing.unit.code)
    tally = signs.tallies(_units(standing), period=standing.period).get(monitor, signs.Tally(0, 0))
    context = {
        "monitor": known,
        "levels_day": writing.period(standing.period),
        "lines": page.lines,
        "hidden": page.hidden,
        "next": standing.url("sign", monitor, xem=shown.value, **{"tu-dong": str(page.next)}) if page.next else "",
        "csv": standing.url("sign", monitor, xem=shown.value, tai="csv"),
        "tally": tally,
        "is_reviewed": shown is Shown.REVIEWED,
        "waiting_url": standing.url("sign", monitor, xem=Shown.WAITING.value),
        "reviewed_url": standing.url("sign", monitor, xem=Shown.REVIEWED.value),
        "review_url": standing.url("review_sign", monitor),
        "back": standing.url(PLACE, muc="can-xem"),
        "typed": typed,
        "fault": fault,
        "longest": signs.LONGEST_NOTE,
        "kept": [("muc", "can-xem")],
    }
    return _shown(request, "bottlenecks_sign.html", context, standing, status=status)


@for_staff
@require_POST
def review_sign(request: StaffRequest, code: str, monitor: str) -> HttpResponse:
    """Say that a sign was looked at, with a reason; only by those who lead the unit, of dossiers they may see."""
    standing = frame.standing(request, code)
    if monitor not in watch.MONITORS:
        raise Http404
    dossier, note = request.POST.get("ho_so", ""), request.POST.get("ly_do", "")
    if not _visible(request, [dossier]) or not signs.is_of(dossier, monitor=monitor, units=_units(standing)):
        raise Http404
    try:
        signs.review(dossier=dossier, monitor=monitor, note=note, by=acting(request).code, at=request.now)
    except UserError as error:
        typed = {"dossier": dossier, "note": note}
        return _sign_page(request, standing, monitor, typed=typed, fault=str(error), status=422)
    messages.success(request, f"Đã ghi: hồ sơ {dossier} đã xem, có lý do.")
    return redirect(standing.url("sign", monitor))
