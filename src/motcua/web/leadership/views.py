"""The pages of those who lead: points now, groups, losses, units, and the dossiers behind a loss."""

from fractions import Fraction

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from motcua.dossiers import access
from motcua.indicators import losses
from motcua.indicators.score import Basis, GroupPoints, UnitScore
from motcua.kernel.time import Period, local_day
from motcua.live import losing as losing_dossiers
from motcua.live import scoring
from motcua.live.scoring import LiveScore
from motcua.organisations import queries as organisations
from motcua.organisations.types import ROLES_SEEING_BELOW
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, for_staff, frame

_LOSSES_SHOWN = 8
_UNKNOWN = frozenset({Basis.UNKNOWN, Basis.ABSENT})


@for_staff
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """Open on the highest unit that the person leads."""
    led = _led(request)
    if not led:
        raise PermissionDenied
    return redirect("leadership:unit", code=min(led, key=lambda code: (code.count("."), code)))


@for_staff
@require_GET
def unit(request: StaffRequest, code: str) -> HttpResponse:
    """Show the points of a unit now: groups, largest losses, the units below with their ranks."""
    allowed = _allowed(request, code)
    period = _period(request)
    live = scoring.score(period=period, now=request.now)
    scored = _scored(live, code)
    rules = live.evaluation.rules
    names = {group.code: group.name_vi for group in rules.groups}
    found = losses.largest(live.evaluation.scorecard, unit=code) if scored else ()
    unknown = [loss for loss in found if loss.row.basis in _UNKNOWN]
    context = {
        **_stood(request, live, period, code),
        "scored": scored,
        "total": _points(scored.total) if scored else "",
        "maximum": _points(Fraction(rules.max_points)),
        "groups": [_group_row(group, names[group.code], scored) for group in scored.groups] if scored else [],
        "losses": [
            {
                "name": indicator.name_vi,
                "number": indicator.number,
                "lost": _points(loss.lost),
                "maximum": _points(loss.row.max_points),
                "missing": loss.missing,
                "is_inherited": loss.responsible != code,
                "responsible": loss.responsible,
                "url": _losing_url(loss.responsible, loss.row.code, period)
                if loss.missing and loss.responsible in allowed and losing_dossiers.can_list(indicator)
                else "",
            }
            for loss in [one for one in found if one not in unknown][:_LOSSES_SHOWN]
            if (indicator := rules.indicator(loss.row.code)) is not None
        ],
        "unknown": [
            f"{indicator.number} {indicator.name_vi}"
            for loss in unknown
            if (indicator := rules.indicator(loss.row.code)) is not None
        ],
        "unknown_points": _points(sum((loss.lost for loss in unknown), Fraction(0))),
        "units": [_unit_row(one, period) for one in _below(live, code) if one.unit.code in allowed],
    }
    return render(request, "leadership/unit.html", context)


@for_staff
@require_GET
def losing(request: StaffRequest, code: str, indicator: str) -> HttpResponse:
    """Show the first dossiers behind a loss, those that the person may see."""
    allowed = _allowed(request, code)
    period = _period(request)
    live = scoring.score(period=period, now=request.now)
    wanted = live.evaluation.rules.indicator(indicator)
    if wanted is None or not losing_dossiers.can_list(wanted):
        raise Http404
    scored, tree = _scored(live, code), live.evaluation.measures.tree
    below = [one for one in tree.below(code) if one in allowed] if scored else []
    found = losing_dossiers.first(
        wanted, units=below, top=code, period=period, now=request.now, options=scoring.options(now=request.now)
    )
    day = local_day(request.now)
    visible = access.visible(request.staff, on=day).filter(code__in=[one.code for one in found])
    names = dict(visible.values_list("code", "procedure__name"))
    row = scored.row(indicator) if scored else None
    missing = (row.count.denominator or 0) - (row.count.numerator or 0) if row else 0
    context = {
        **_stood(request, live, period, code),
        "indicator": wanted,
        "lost": _points(row.lost if row else Fraction(0)),
        "missing": max(0, missing),
        "rows": [{"losing": one, "procedure": names[one.code]} for one in found if one.code in names],
        "limit": losing_dossiers.LIMIT,
    }
    return render(request, "leadership/losing.html", context)


def _led(request: StaffRequest) -> set[str]:
    """Return the units whose figures the person may see: those led, and all below them."""
    day = local_day(request.now)
    led = {grant.unit_code for grant in acting(request).grants if grant.role in ROLES_SEEING_BELOW}
    return {below for code in led for below in organisations.units_below(code, on=day)}


def _allowed(request: StaffRequest, code: str) -> set[str]:
    led = _led(request)
    if not led:
        raise PermissionDenied
    if code not in led:
        raise Http404
    return led


def _period(request: StaffRequest) -> Period:
    asked = request.GET.get("ky", "")
    return Period.parse(asked) if asked else Period.year(local_day(request.now).year)


def _scored(live: LiveScore, code: str) -> UnitScore | None:
    return next((one for one in live.evaluation.scorecard.units if one.unit.code == code), None)


def _below(live: LiveScore, code: str) -> list[UnitScore]:
    found = [one for one in live.evaluation.scorecard.units if one.unit.parent == code]
    return sorted(found, key=lambda one: (one.unit.level, one.rank, one.unit.name))


def _group_row(group: GroupPoints, name: str, scored: UnitScore) -> dict[str, object]:
    return {
        "name": name,
        "points": _points(group.points),
        "maximum": _points(group.max_points),
        "percent": _percent(group.points, group.max_points),
        "is_missing": group.code in scored.missing,
    }


def _unit_row(one: UnitScore, period: Period) -> dict[str, object]:
    on_time = one.row("ON_TIME") if any(row.code == "ON_TIME" for row in one.rows) else None
    count = on_time.count if on_time else None
    return {
        "name": one.unit.name,
        "url": f"{reverse('leadership:unit', args=[one.unit.code])}?ky={period}",
        "total": _points(one.total),
        "percent": _percent(one.total, Fraction(100)),
        "rank": one.rank,
        "rank_of": one.rank_of,
        "handled": count.denominator if count else None,
        "late": (count.denominator or 0) - (count.numerator or 0) if count else None,
    }


def _stood(request: StaffRequest, live: LiveScore, period: Period, code: str) -> dict[str, object]:
    """Return what stands on every page of the front: unit, period, as-of time, the way back."""
    today = local_day(request.now)
    above = organisations.unit(code)
    parent = above.parent_code if above else None
    led = _led(request)
    crumb = organisations.unit(parent) if parent and parent in led else None
    return {
        **frame(request, None),
        "code": code,
        "name": above.name if above else code,
        "above": crumb,
        "period": str(period),
        "periods": [
            (str(one), name)
            for one, name in (
                (Period.month(today.year, today.month), f"Tháng {today.month:02}/{today.year}"),
                (Period.quarter(today.year, (today.month + 2) // 3), f"Quý {(today.month + 2) // 3}/{today.year}"),
                (Period.year(today.year), f"Năm {today.year}"),
            )
        ],
        "stamp": live.stamp,
        "rules": live.evaluation.rules,
    }


def _losing_url(code: str, indicator: str, period: Period) -> str:
    return f"{reverse('leadership:losing', args=[code, indicator])}?ky={period}"


def _points(value: Fraction) -> str:
    return f"{float(value):.2f}".replace(".", ",")


def _percent(value: Fraction, maximum: Fraction) -> int:
    return round(100 * value / maximum) if maximum else 0
