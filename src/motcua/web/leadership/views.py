"""The pages of those who lead: points now, groups, losses, units, and the dossiers behind a loss."""

from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from motcua.dossiers import access
from motcua.indicators import losses
from motcua.indicators.score import Basis, GroupPoints, UnitScore
from motcua.kernel.time import Period, local_day
from motcua.live import losing as losing_dossiers
from motcua.live import scoring
from motcua.live.scoring import LiveScore
from motcua.web.leadership import frame, ledger_contested, writing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

_LOSSES_SHOWN = 8
_UNKNOWN = frozenset({Basis.UNKNOWN, Basis.ABSENT})


@for_staff
@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """Open on the highest unit that the person leads."""
    code = min(frame.led(request), key=lambda one: (one.count("."), one))
    return redirect(f"{reverse('leadership:unit', args=[code])}?{request.GET.urlencode()}")


@for_staff
@require_GET
def unit(request: StaffRequest, code: str) -> HttpResponse:
    """Show the points of a unit now: groups, largest losses, the units below with their ranks."""
    here = frame.standing(request, code)
    allowed, period = here.led, here.period
    live = scoring.score(period=period, now=request.now)
    scored = _scored(live, code)
    rules = live.evaluation.rules
    names = {group.code: group.name_vi for group in rules.groups}
    found = losses.largest(live.evaluation.scorecard, unit=code) if scored else ()
    unknown = [loss for loss in found if loss.row.basis in _UNKNOWN]
    both = ledger_contested.by_unit(live)
    context = {
        "rules": live.evaluation.rules,
        "scored": scored,
        "total": writing.points(scored.total) if scored else "",
        "contested": both.get(code),
        "maximum": writing.points(Fraction(rules.max_points)),
        "groups": [_group_row(group, names[group.code], scored) for group in scored.groups] if scored else [],
        "losses": [
            {
                "name": indicator.name_vi,
                "number": indicator.number,
                "lost": writing.points(loss.lost),
                "maximum": writing.points(loss.row.max_points),
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
        "unknown_points": writing.points(sum((loss.lost for loss in unknown), Fraction(0))),
        "units": [
            {**_unit_row(one, period), "contested": both.get(one.unit.code)}
            for one in _below(live, code)
            if one.unit.code in allowed
        ],
        "ledger_url": here.url("ledger"),
    }
    return frame.shown(request, "unit.html", "unit", context, standing=here, stamp=live.stamp)


@for_staff
@require_GET
def losing(request: StaffRequest, code: str, indicator: str) -> HttpResponse:
    """Show the first dossiers behind a loss, those that the person may see."""
    here = frame.standing(request, code)
    allowed, period = here.led, here.period
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
        "rules": live.evaluation.rules,
        "indicator": wanted,
        "lost": writing.points(row.lost if row else Fraction(0)),
        "missing": max(0, missing),
        "rows": [{"losing": one, "procedure": names[one.code]} for one in found if one.code in names],
        "limit": losing_dossiers.LIMIT,
    }
    return frame.shown(request, "losing.html", "unit", context, standing=here, stamp=live.stamp)


def _scored(live: LiveScore, code: str) -> UnitScore | None:
    return next((one for one in live.evaluation.scorecard.units if one.unit.code == code), None)


def _below(live: LiveScore, code: str) -> list[UnitScore]:
    found = [one for one in live.evaluation.scorecard.units if one.unit.parent == code]
    return sorted(found, key=lambda one: (one.unit.level, one.rank, one.unit.name))


def _group_row(group: GroupPoints, name: str, scored: UnitScore) -> dict[str, object]:
    return {
        "name": name,
        "points": writing.points(group.points),
        "maximum": writing.points(group.max_points),
        "percent": writing.whole_percent(group.points, group.max_points),
        "is_missing": group.code in scored.missing,
    }


def _unit_row(one: UnitScore, period: Period) -> dict[str, object]:
    on_time = one.row("ON_TIME") if any(row.code == "ON_TIME" for row in one.rows) else None
    count = on_time.count if on_time else None
    return {
        "name": one.unit.name,
        "url": f"{reverse('leadership:unit', args=[one.unit.code])}?ky={period}",
        "total": writing.points(one.total),
        "percent": writing.whole_percent(one.total, Fraction(100)),
        "rank": one.rank,
        "rank_of": one.rank_of,
        "handled": count.denominator if count else None,
        "late": (count.denominator or 0) - (count.numerator or 0) if count else None,
    }


def _losing_url(code: str, indicator: str, period: Period) -> str:
    return f"{reverse('leadership:losing', args=[code, indicator])}?ky={period}"
