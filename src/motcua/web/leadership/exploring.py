"""Diễn biến: units and indicators chosen freely, month by month; drawn on the server, explored with ECharts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from motcua.indicators import spread
from motcua.indicators.score import Scorecard
from motcua.indicators.spread import Subject
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period
from motcua.live import scoring
from motcua.organisations import queries as organisations
from motcua.web.charts import trend
from motcua.web.charts.figures import Chart, as_csv, shown
from motcua.web.charts.trend import Point, Series
from motcua.web.leadership import frame, maps
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

MOST_MONTHS = 24
"""Each month is scored by itself."""

POINTS, SHARE = "diem", "ty-le"
VALUES = {POINTS: "Điểm", SHARE: "Tỷ lệ so với điểm tối đa (%)"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be drawn: who, what, when, in points or in per cent."""

    units: tuple[str, ...]
    subjects: tuple[Subject, ...]
    months: tuple[Period, ...]
    value: str


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the lines; the numbers behind as a table and as CSV."""
    here = frame.standing(request, code)
    live = scoring.score(period=here.period, now=request.now)
    rules = live.evaluation.rules
    asked = _asked(request, here, live.evaluation.scorecard)
    lines = lines_of(asked, now=request.now, today=here.today)
    unit_word = "%" if asked.value == SHARE else "điểm"
    chart = trend.chart(lines, finding=finding(lines, unit=unit_word), unit=unit_word)
    if request.GET.get("dang") == "csv":
        response = HttpResponse(as_csv(chart.table), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="dien-bien-{here.unit.code}.csv"'
        return response
    first, last = asked.months[0].start, asked.months[-1].start
    query = request.GET.copy()
    query["dang"] = "csv"
    context = {
        "chart": chart,
        "data": _for_the_browser(lines, chart, unit=unit_word),
        "choices": maps.choices(rules),
        "chosen": [one.key for one in asked.subjects],
        "units": [one for one in organisations.units(on=here.today) if one.code in here.led],
        "chosen_units": list(asked.units),
        "values": list(VALUES.items()),
        "value": asked.value,
        "first": f"{first:%Y-%m}",
        "last": f"{last:%Y-%m}",
        "most": trend.MOST_SERIES,
        "most_months": MOST_MONTHS,
        "csv": f"?{query.urlencode()}",
        **maps.tabs(here),
        "rules": rules,
    }
    return frame.shown(request, "explore.html", "map", context, standing=here, stamp=live.stamp)


def lines_of(asked: Asked, *, now: datetime, today: date) -> tuple[Series, ...]:
    """Score each month and return a line for each unit and subject."""
    cards = [scoring.score(period=month, now=now).evaluation.scorecard for month in asked.months]
    names = {one.unit.code: one.unit.name for card in cards for one in card.units}
    return tuple(
        Series(
            _name(names.get(unit, unit), subject, asked),
            tuple(
                Point(f"{month.start:%m/%Y}", _value(card, unit, subject, asked.value), is_running=today in month)
                for month, card in zip(asked.months, cards, strict=True)
            ),
        )
        for unit in asked.units
        for subject in asked.subjects
    )


def finding(series: Sequence[Series], *, unit: str) -> str:
    """Say how the lines go from their first known month to their last: the largest move of them."""
    moves = []
    for one in series:
        known = [point for point in one.points if point.value is not None]
        if len(known) > 1 and known[0].value is not None and known[-1].value is not None:
            moves.append((known[-1].value - known[0].value, one.name, known[0], known[-1]))
    if not moves:
        return "Chưa đủ hai tháng có số liệu để so sánh"
    change, name, first, last = max(moves, key=lambda move: abs(move[0]))
    span = f"từ {shown(first.value)} ({first.label}) đến {shown(last.value)} ({last.label})"
    if abs(change) < 0.005:
        return f"{name}: không đổi, {span}"
    return f"{name}: {'tăng' if change > 0 else 'giảm'} {shown(abs(change))} {unit}, {span}"


def _asked(request: StaffRequest, here: Standing, card: Scorecard) -> Asked:
    """Read the address; units that the reader does not lead do not exist for them.

    Raises:
        Http404: a unit or subject that there is not, or that is not the reader's.
        UserError: more lines or months than a chart can show, or months that cannot be read.
    """
    units = tuple(dict.fromkeys(request.GET.getlist("dv"))) or (here.unit.code,)
    keys = tuple(dict.fromkeys(request.GET.getlist("nd"))) or (spread.WHOLE,)
    subjects = [found for key in keys if (found := spread.subject(card.rules, key))]
    value = request.GET.get("gia-tri", POINTS if len(subjects) == 1 else SHARE)
    if not here.led.issuperset(units) or len(subjects) != len(keys) or value not in VALUES:
        raise Http404
    if len(units) * len(subjects) > trend.MOST_SERIES:
        raise UserError(
            f"Biểu đồ chỉ vẽ rõ {trend.MOST_SERIES} đường; đang chọn {len(units)} đơn vị, {len(subjects)} nội dung.",
            remedy="Hãy chọn bớt đơn vị hoặc nội dung.",
        )
    return Asked(units, tuple(subjects), months(request.GET.get("tu", ""), request.GET.get("den", ""), here), value)


def months(first: str, last: str, here: Standing) -> tuple[Period, ...]:
    """Return the months from one to another, both included; by default the twelve up to today.

    Raises:
        UserError: they cannot be read, are in the wrong order, lie in the future or are too many.
    """
    end = Period.parse(last).start if last else here.today.replace(day=1)
    found = list(frame.months_back(end, MOST_MONTHS + 1))
    start = Period.parse(first).start if first else found[min(11, len(found) - 1)].start
    if start > end or end > here.today:
        raise UserError("Tháng đầu sau tháng cuối, hoặc tháng cuối chưa đến.", remedy="Hãy chọn lại khoảng tháng.")
    wanted = tuple(one for one in reversed(found) if one.start >= start)
    if len(wanted) > MOST_MONTHS:
        raise UserError(f"Chỉ xem được nhiều nhất {MOST_MONTHS} tháng một lần.", remedy="Hãy chọn khoảng ngắn hơn.")
    return wanted


def _name(unit: str, subject: Subject, asked: Asked) -> str:
    """Name a line by what tells it from the others."""
    if len(asked.subjects) == 1:
        return unit
    return maps.title(subject) if len(asked.units) == 1 else f"{unit}: {maps.title(subject)}"


def _value(card: Scorecard, unit: str, subject: Subject, value: str) -> float | None:
    found = next(iter(spread.reached(card, subject, units={unit})), None)
    if found is None or found.points is None:
        return None
    return float(found.share * 100 if value == SHARE and found.share is not None else found.points)


def _for_the_browser(lines: Sequence[Series], chart: Chart, *, unit: str) -> dict[str, object]:
    """Return what is explored in the browser: the numbers of the table, and which month still runs."""
    return {
        "finding": chart.finding,
        "unit": unit,
        "labels": [point.label for point in lines[0].points],
        "running": [point.is_running for point in lines[0].points],
        "series": [{"name": one.name, "values": [point.value for point in one.points]} for one in lines],
    }
