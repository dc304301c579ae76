"""Xu hướng 12 tháng: the points of a unit month by month, as a chart, a table and a file."""

from datetime import date, datetime
from fractions import Fraction

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from motcua.indicators import aiming, comparing, ranking
from motcua.indicators.score import UnitScore
from motcua.kernel.time import Period, local_day
from motcua.live import earlier, scoring
from motcua.web.charts.trend import Point, Series, chart, small
from motcua.web.leadership import frame, ledger_export, overview, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

MONTHS = 12


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Return the trend as a part of the overview (htmx), as a page of its own, or as a file."""
    standing = frame.standing(request, code)
    months = comparing.months(_last_day(standing), number=MONTHS)
    scores = [_scored(one, code, now=request.now) for one in months]
    rules = scoring.rule_set(standing.today)
    names = {group.code: group.name_vi for group in rules.groups}
    if request.GET.get("tai") == "csv":
        head = ("Tháng", "Tổng điểm", *names.values())
        lines = [
            (_label(month), _cell(_total(one)), *(_cell(_group(one, group)) for group in names))
            for month, one in zip(months, scores, strict=True)
        ]
        return ledger_export.response("csv", name=f"xu-huong-{code}", head=head, lines=lines)
    known = [one for one in scores if one is not None]
    last = scores[-1]
    goal = aiming.of_total(last, overview.aims_of(standing, months[-1]), rules=rules) if last else None
    totals = _points(months, [_total(one) for one in scores], today=standing.today)
    context = {
        "chart": chart(
            [Series("Tổng điểm", totals)],
            finding=_finding(months, [_total(one) for one in scores], today=standing.today),
            unit="điểm",
            target=float(goal) if goal is not None else None,
        )
        if known
        else None,
        "lines": [
            {
                "name": name,
                "svg": small(
                    _points(months, [_group(one, group) for one in scores], today=standing.today),
                    label=f"{name}, {MONTHS} tháng đến {_label(months[-1])}",
                ),
                "first": writing.points(_group(scores[0], group)),
                "last": writing.points(_group(last, group)),
                "cells": [writing.points(_group(one, group)) for one in scores],
            }
            for group, name in names.items()
        ],
        "months": [_label(one) for one in months],
        "csv": standing.url("trend", tai="csv"),
        "kept_seconds": int(earlier.KEPT.total_seconds()),
    }
    if request.headers.get("HX-Request"):
        return render(request, "leadership/trend.html", context)
    return frame.shown(request, "trend_page.html", "unit", context, standing=standing)


def _last_day(standing: Standing) -> date:
    return min(standing.period.last_day, standing.today)


def _scored(period: Period, code: str, *, now: datetime) -> UnitScore | None:
    """Return the unit's score of a month; None where it had no dossier to handle, so that nothing is drawn as 0."""
    runs = local_day(now) in period
    live = scoring.score(period=period, now=now) if runs else earlier.score(period=period, now=now)
    found = overview.find(live, code)
    return found if found is not None and ranking.handled(found) else None


def _total(scored: UnitScore | None) -> Fraction | None:
    return scored.total if scored else None


def _group(scored: UnitScore | None, group: str) -> Fraction | None:
    return None if scored is None or group in scored.missing else scored.group(group).points


def _points(months: tuple[Period, ...], values: list[Fraction | None], *, today: date) -> tuple[Point, ...]:
    return tuple(
        Point(_label(month), None if value is None else float(value), is_running=today in month)
        for month, value in zip(months, values, strict=True)
    )


def _finding(months: tuple[Period, ...], values: list[Fraction | None], *, today: date) -> str:
    """Say in a sentence how the last full month stands against the first; the month that runs would mislead."""
    known = [(month, value) for month, value in zip(months, values, strict=True) if value is not None]
    if not known:
        return "Chưa có tháng nào có số liệu"
    full = [(month, value) for month, value in known if today not in month]
    known = full or known
    (first, then), (last, now) = known[0], known[-1]
    if len(known) == 1:
        return f"{_label(last)} được {writing.points(now)} điểm; chưa có tháng trước để so"
    moved = "tăng" if now > then else "giảm" if now < then else "giữ nguyên"
    by = f" {writing.points(abs(now - then))}" if now != then else ""
    ends = "còn" if now < then else "được"
    return f"Từ {_label(first)} đến {_label(last)}: {moved}{by} điểm, {ends} {writing.points(now)}"


def _label(month: Period) -> str:
    return f"{month.start.month:02}/{month.start.year}"


def _cell(value: Fraction | None) -> str:
    return "" if value is None else writing.points(value)
