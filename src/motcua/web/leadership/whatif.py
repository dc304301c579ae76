"""Giả định: the score under other counts, the fewest dossiers for so many points, what today costs, the month's end."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from motcua.dossiers import access
from motcua.facts.results import Measures
from motcua.indicators.evaluate import Evaluation
from motcua.indicators.score import UnitScore
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, local_day
from motcua.live import forecasts, ledger_rows, models, scoring
from motcua.live.ledger import LosingKind, Narrowing
from motcua.live.ledger_scene import Scene
from motcua.live.scoring import LiveScore
from motcua.reports import figures, wording
from motcua.simulation import changing, gaining, smallest
from motcua.simulation.smallest import Lift, PatternClass
from motcua.web.charts.bars import Dot, dots
from motcua.web.leadership import frame, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer import my_points_lines
from motcua.web.officer.frame import acting, for_staff
from motcua.web.officer.my_points_lines import Reader

MOST_TICKED = 500
_RATIO = "dat-"
"""Before the code of an indicator in the address: the ratio wanted, in per cent."""
_REPAIRABLE = Narrowing(repair="yes")


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the page of a unit: nothing is stored, everything asked stands in the address."""
    standing = frame.standing(request, code)
    live = scoring.score(period=standing.period, now=request.now)
    before = live.evaluation
    if code not in before.measures.units:
        return frame.shown(request, "whatif.html", "whatif", {"scored": None}, standing=standing, stamp=live.stamp)
    scene = Scene.of(live.layout, unit=code, period=before.period, on=before.on)
    marks = my_points_lines.marks_for(live, code)
    ticked = list(dict.fromkeys(request.GET.getlist("hs")))
    if len(ticked) > MOST_TICKED:
        raise UserError(f"Chọn quá {MOST_TICKED} hồ sơ.", remedy="Hãy bỏ bớt, hoặc đặt tỷ lệ của chỉ số.")
    ratios = _ratios(request.GET)
    losing = ledger_rows.marks_of(ticked, scene=scene, marks=marks)
    gained = Counter(measure for one in losing.values() for measure in _lifted_by(one.marks))
    after = changing.with_more(before, unit=code, more=gained)
    after = changing.with_more(after, unit=code, more=changing.needed(after, unit=code, ratios=ratios))
    first = ledger_rows.page(scene, marks=marks, narrowing=_REPAIRABLE).dossiers
    shown = [*losing.values(), *(one for one in first if one.code not in losing)]
    context = {
        "scored": before.scorecard.of(code),
        "is_asked": bool(losing or ratios),
        "result": _result(before, after, code),
        "ratios": _sliders(before, code, ratios),
        "lines": Reader(acting(request), local_day(request.now)).lines(shown, tree=before.measures.tree),
        "ticked": set(losing),
        "wanted": request.GET.get("them", ""),
        "fewest": _fewest(request.GET.get("them", ""), live, scene, code, standing),
        "today": _today(request, live, standing),
        "forecast": _forecast(code),
    }
    return frame.shown(request, "whatif.html", "whatif", context, standing=standing, stamp=live.stamp)


def _ratios(query: Mapping[str, str]) -> dict[str, Decimal]:
    """Return the ratios asked for; a field left empty asks for nothing."""
    found = {}
    for name, text in query.items():
        if not name.startswith(_RATIO) or not text.strip():
            continue
        try:
            percent = Decimal(text.strip().replace(",", "."))
        except InvalidOperation:
            percent = Decimal(-1)
        if not 0 <= percent <= 100:
            raise UserError(f"Tỷ lệ «{text[:20]}» không dùng được.", remedy="Hãy ghi số từ 0 đến 100.", where=name)
        found[name.removeprefix(_RATIO)] = percent / 100
    return found


def _lifted_by(marks: tuple[ledger_rows.LostMark, ...]) -> set[str]:
    """Return the measures that count the dossier once what is repairable in it has been set right."""
    return {one.mark.indicator.numerator or "" for one in marks if one.is_repairable}


def _sliders(evaluation: Evaluation, code: str, ratios: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    scored = evaluation.scorecard.of(code)
    return [
        {
            "name": _RATIO + indicator.code,
            "number": indicator.number,
            "title": wording.short_name(indicator.name_vi),
            "now": writing.percent(row.ratio, decimals=1),
            "count": f"{figures.number(row.count.numerator)}/{figures.number(row.count.denominator)}",
            "lost": writing.points(row.lost),
            "start": round(100 * row.ratio) if row.ratio else 0,
            "value": format((ratios[indicator.code] * 100).normalize(), "f") if indicator.code in ratios else "",
        }
        for indicator in evaluation.rules.indicators
        if changing.can_be_changed(evaluation, unit=code, indicator=indicator)
        for row in [scored.row(indicator.code)]
        if row.lost or indicator.code in ratios
    ]


def _result(before: Evaluation, after: Evaluation, code: str) -> dict[str, Any]:
    old, new = before.scorecard.of(code), after.scorecard.of(code)
    rows = [
        {
            "number": indicator.number,
            "name": wording.short_name(indicator.name_vi),
            "before": writing.points(one.points),
            "after": writing.points(other.points),
            "change": writing.change((other.points or Fraction(0)) - (one.points or Fraction(0))),
            "more": figures.number((other.count.numerator or 0) - (one.count.numerator or 0)),
        }
        for one, other in zip(old.rows, new.rows, strict=True)
        if one.points != other.points or one.count != other.count
        if (indicator := before.rules.indicator(one.code)) is not None
    ]
    return {
        "before": writing.points(old.total),
        "after": writing.points(new.total),
        "change": writing.change(new.total - old.total),
        "is_gain": new.total > old.total,
        "rank_before": _rank(old),
        "rank_after": _rank(new),
        "rows": rows,
    }


def _rank(scored: UnitScore) -> str:
    return f"{scored.rank}/{scored.rank_of}"


def _fewest(text: str, live: LiveScore, scene: Scene, code: str, standing: Standing) -> dict[str, Any] | None:
    """Return the fewest dossiers whose repair brings the points asked for."""
    if not text.strip():
        return None
    try:
        points = Fraction(Decimal(text.strip().replace(",", ".")))
    except (InvalidOperation, ValueError, OverflowError):
        points = Fraction(0)
    if not 0 < points <= 100:
        raise UserError(
            f"Số điểm «{text[:20]}» không dùng được.", remedy="Hãy ghi số lớn hơn 0, ví dụ 0,8.", where="them"
        )
    lifts = _lifts(live.evaluation, code)
    counted = ledger_rows.counted_kinds(scene, marks=my_points_lines.marks_for(live, code), narrowing=_REPAIRABLE)
    classes: Counter[frozenset[str]] = Counter()
    for kind, number in counted:
        classes[_repairable(kind) & frozenset(lifts)] += number
    patterns = [PatternClass(codes, number) for codes, number in classes.items() if codes]
    found = smallest.smallest(classes=patterns, lifts=lifts, points=points)
    most = smallest.gain_of([one.size for one in patterns], classes=patterns, lifts=lifts)
    if found is None:
        return {"is_possible": False, "most": writing.points(most)}
    return {
        "is_possible": True,
        "total": figures.number(found.total),
        "is_proven": found.is_proven,
        "at_least": figures.number(found.at_least),
        "gain": writing.points(found.gain),
        "rows": [
            {
                "indicators": [
                    f"{indicator.number} {wording.short_name(indicator.name_vi)}"
                    for indicator in live.evaluation.rules.indicators
                    if indicator.code in pattern.lifts
                ],
                "taken": figures.number(taken),
                "size": figures.number(pattern.size),
                "url": standing.url("ledger", sua="co", **{"chi-so": min(pattern.lifts)}),
            }
            for taken, pattern in sorted(zip(found.taken, patterns, strict=True), key=lambda one: -one[0])
            if taken
        ],
    }


def _lifts(evaluation: Evaluation, code: str) -> dict[str, Lift]:
    return {
        row.code: lift
        for row in evaluation.scorecard.of(code).rows
        if (indicator := evaluation.rules.indicator(row.code)) is not None
        and (lift := gaining.lift_of(indicator, row)) is not None
    }


def _repairable(kind: LosingKind) -> frozenset[str]:
    return frozenset(mark.indicator.code for mark in kind.marks if mark.lost_by.is_repairable(kind.all_reasons))


def _today(request: StaffRequest, live: LiveScore, standing: Standing) -> dict[str, Any] | None:
    """Return what falls due before the day is over, and what the score is then if nothing more is finished."""
    today = local_day(request.now)
    if today not in standing.period:
        return None
    midnight = datetime.combine(today + timedelta(days=1), time(), tzinfo=VIETNAM)
    tonight = scoring.score(period=standing.period, now=midnight - timedelta(seconds=1))
    code = standing.unit.code
    if code not in tonight.evaluation.measures.units:
        return None
    due = (
        models.LiveDossier.objects.filter(open_due_at__gte=request.now, open_due_at__lt=midnight)
        .filter(unit_code__in=_below(live.evaluation.measures, code))
        .order_by("open_due_at", "code")
    )
    cost = live.evaluation.scorecard.of(code).total - tonight.evaluation.scorecard.of(code).total
    last = due.last()
    return {
        "number": due.count(),
        "before": last.open_due_at if last else None,
        "cost": writing.points(cost),
        "is_costly": cost > 0,
        "dossiers": _visible(request, [one.code for one in due[: ledger_rows.PAGE]]),
    }


def _visible(request: StaffRequest, codes: list[str]) -> list[dict[str, Any]]:
    rows = access.visible(request.staff, on=local_day(request.now)).filter(code__in=codes).select_related("procedure")
    return [
        {"code": row.code, "procedure": row.procedure.name, "due_at": row.due_at, "assignee": row.assignee}
        for row in sorted(rows, key=lambda row: codes.index(row.code))
    ]


def _below(measures: Measures, code: str) -> list[str]:
    return list(measures.tree.below(code))


def _forecast(code: str) -> dict[str, Any] | None:
    kept = forecasts.latest(code)
    if kept is None:
        return None
    found = kept.forecast
    width = found.half_width
    checks = [
        {
            "period": writing.period(check.period),
            "forecast": writing.points(check.forecast),
            "actual": writing.points(check.actual),
            "error": writing.change(check.error),
            "is_inside": width is not None and abs(check.error) <= width,
        }
        for check in found.checks
    ]
    inside = sum(check["is_inside"] is True for check in checks)
    chart = None
    if width is not None:
        chart = dots(
            [
                Dot("Nay", float(found.now), float(found.now), float(found.now)),
                Dot("Cuối tháng", float(found.end), float(found.end - width), float(found.end + width)),
            ],
            finding=f"Cuối {writing.period(kept.month)} dự báo {writing.points(found.end)} điểm,"
            f" trong khoảng ± {writing.points(width)}",
            head="Thời điểm", unit="điểm", maximum=100,
        )  # fmt: skip
    return {
        "month": writing.period(kept.month),
        "day": kept.day,
        "computed_at": kept.computed_at,
        "now": writing.points(found.now),
        "end": writing.points(found.end),
        "width": writing.points(width) if width is not None else "",
        "chart": chart,
        "checks": checks,
        "inside": inside,
    }
