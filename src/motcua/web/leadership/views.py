"""The pages of those who lead: points now, groups, losses, units, and the dossiers behind a loss."""

from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from motcua.dossiers import access
from motcua.indicators.score import Basis
from motcua.kernel.time import local_day
from motcua.live import holding, scoring
from motcua.live import losing as losing_dossiers
from motcua.web.leadership import frame, overview, writing
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
def losing(request: StaffRequest, code: str, indicator: str) -> HttpResponse:
    """Show the first dossiers behind a loss, those that the person may see."""
    here = frame.standing(request, code)
    allowed, period = here.led, here.period
    live = scoring.score(period=period, now=request.now)
    wanted = live.evaluation.rules.indicator(indicator)
    if wanted is None or not losing_dossiers.can_list(wanted):
        raise Http404
    scored, tree = overview.find(live, code), live.evaluation.measures.tree
    below = [one for one in tree.below(code) if one in allowed] if scored else []
    found = losing_dossiers.first(
        wanted, units=below, top=code, period=period, now=request.now, options=scoring.options(now=request.now)
    )
    day = local_day(request.now)
    visible = access.visible(request.staff, on=day).filter(code__in=[one.code for one in found])
    names = dict(visible.values_list("code", "procedure__name"))
    # One that only an import tells of has no page of the desk; its code and procedure are all there is of it.
    imported = holding.imported([one.code for one in found])
    row = scored.row(indicator) if scored else None
    missing = (row.count.denominator or 0) - (row.count.numerator or 0) if row else 0
    context = {
        "rules": live.evaluation.rules,
        "indicator": wanted,
        "lost": writing.points(row.lost if row else Fraction(0)),
        "missing": max(0, missing),
        "rows": [
            {"losing": one, "procedure": names.get(one.code, one.procedure_code), "is_imported": one.code in imported}
            for one in found
            if one.code in names or one.code in imported
        ],
        "limit": losing_dossiers.LIMIT,
    }
    return frame.shown(request, "losing.html", "unit", context, standing=here, stamp=live.stamp)
