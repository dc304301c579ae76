"""Điểm của tôi: an officer's own clock, what their dossiers lose and why, and the marks they contest."""

from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from motcua.contests import queries as contests
from motcua.dossiers import access as dossiers
from motcua.dossiers import clock
from motcua.kernel.time import Period, local_day
from motcua.live import ledger_rows, scoring
from motcua.live.ledger_scene import Place, Scene
from motcua.organisations import queries as organisations
from motcua.organisations.models import Staff
from motcua.reports import figures
from motcua.web.middleware import StaffRequest
from motcua.web.officer import my_points_access, my_points_lines
from motcua.web.officer.frame import acting, for_staff, frame
from motcua.web.officer.my_points_lines import Reader

_CLOCK_ROWS = 15
_NOTHING = Fraction(0)


@for_staff
@require_GET
def mine(request: StaffRequest) -> HttpResponse:
    """Show the person's own page."""
    return _page(request, acting(request).code)


@for_staff
@require_GET
def of_officer(request: StaffRequest, officer: str) -> HttpResponse:
    """Show the page of an officer to whoever heads the officer's unit; for anybody else there is none."""
    return _page(request, officer)


@for_staff
@require_GET
def of_dossier(request: StaffRequest, code: str) -> HttpResponse:
    """Say what one dossier loses in its unit's year, and where contests about it stand: part of the dossier's page."""
    day = local_day(request.now)
    dossier = dossiers.readable(code=code, staff=request.staff, on=day)
    live = scoring.score(period=_year(request), now=request.now)
    unit = dossier.competent_unit_id
    marks = my_points_lines.marks_for(live, unit)
    scene = Scene.of_score(live, unit=unit)
    found = ledger_rows.marks_of([code], scene=scene, marks=marks)
    lines = Reader(acting(request), day).lines(list(found.values()), tree=live.evaluation.measures.tree)
    context = {
        "line": lines[0] if lines else None,
        "reasons": my_points_lines.reasons_shown(lines),
        "contests": _told(contests.of_dossiers([code], staff=request.staff, on=day), live),
        "year": live.evaluation.period.start.year,
    }
    return render(request, "officer/my_points_dossier.html", context)


def _page(request: StaffRequest, officer: str) -> HttpResponse:
    staff, day = acting(request), local_day(request.now)
    person = my_points_access.person(staff, officer, on=day)
    if person is None:
        raise Http404
    asked = request.GET.get("ky", "")
    period = Period.parse(asked) if asked else _year(request)
    live = scoring.score(period=period, now=request.now)
    evaluation = live.evaluation
    marks = my_points_lines.marks_for(live, person.unit_id)
    scene = Scene.of_score(live, unit=person.unit_id, officer=person.code)
    found = ledger_rows.page(scene, marks=marks, after=Place.parse(request.GET.get("sau", "")))
    kinds = ledger_rows.counted_kinds(scene, marks=marks)
    lines = Reader(staff, day).lines(found.dossiers, tree=evaluation.measures.tree)
    counted = {mark.indicator.code: sum(n for kind, n in kinds if mark in kind.marks) for mark in marks}
    shares = {mark.indicator.code: mark.share for mark in marks}
    is_own = person.code == staff.code
    page = (
        contests.filed_by(staff, after=request.GET.get("kn-sau", ""))
        if is_own
        else contests.filed_by_another(person.code, staff=staff, on=day, after=request.GET.get("kn-sau", ""))
    )
    unit = organisations.unit(person.unit_id)
    context: dict[str, Any] = {
        "person": person,
        "is_own": is_own,
        "unit": unit,
        "period": str(period),
        "period_choices": _period_choices(request, period),
        "stamp": live.stamp,
        "rules": evaluation.rules,
        "clock": _clock(request, person),
        "lost": figures.number(sum((kind.points * n for kind, n in kinds), _NOTHING), decimals=2),
        "dossiers": sum(n for _, n in kinds),
        "repairable": sum(n for kind, n in kinds if kind.is_repairable),
        "marks": [
            {
                **told,
                "dossiers": counted[told["code"]],
                "points": my_points_lines.share(shares[told["code"]] * counted[told["code"]]),
            }
            for told in my_points_lines.marks_told(marks)
            if counted[told["code"]]
        ],
        "lines": lines,
        "reasons": my_points_lines.reasons_shown(lines),
        "next": my_points_lines.next_address(found.next, urlencode({"ky": str(period)})),
        "contests": _told(page.rows, live),
        "contests_next": page.next,
        **frame(request, None),
    }
    return render(request, "officer/my_points.html", context)


def _clock(request: StaffRequest, person: Staff) -> dict[str, Any]:
    """Return the open dossiers in the person's hands, the nearest due moment first; only those the reader may see."""
    mine = dossiers.visible(acting(request), on=local_day(request.now)).filter(
        assignee=person, ended_at=None, received_at__isnull=False
    )
    first = mine.select_related("procedure").order_by("due_at", "code")[:_CLOCK_ROWS]
    return {
        "rows": [
            {
                "dossier": one,
                "left": "" if one.paused_since else clock.remaining_text(one.due_at, now=request.now),
            }
            for one in first
        ],
        "open": mine.count(),
        "late": mine.filter(paused_since=None, due_at__lt=request.now).count(),
    }


def _told(rows: Any, live: scoring.LiveScore) -> list[dict[str, Any]]:
    return [{"row": one, "indicator": live.evaluation.rules.indicator(one.indicator)} for one in rows]


def _year(request: StaffRequest) -> Period:
    return Period.year(local_day(request.now).year)


def _period_choices(request: StaffRequest, period: Period) -> list[tuple[str, str, bool]]:
    today = local_day(request.now)
    quarter = (today.month + 2) // 3
    choices = [
        (Period.month(today.year, today.month), f"Tháng {today.month:02}/{today.year}"),
        (Period.quarter(today.year, quarter), f"Quý {quarter}/{today.year}"),
        (Period.year(today.year), f"Năm {today.year}"),
    ]
    if period not in {one for one, _ in choices}:
        choices.insert(0, (period, str(period)))
    return [(str(one), name, one == period) for one, name in choices]
