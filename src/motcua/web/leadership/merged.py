"""Trước và sau sắp xếp: one period, the units as they were beside the units as they are."""

from fractions import Fraction

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from motcua.indicators.score import UnitScore
from motcua.live import merged as both_views
from motcua.live.merged import Merged
from motcua.web.leadership import frame, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff


@for_staff
@require_GET
def page(request: StaffRequest, code: str) -> HttpResponse:
    """Show each unit that has followed others: points of the time, points with its predecessors, theirs."""
    standing = frame.standing(request, code)
    then, now = both_views.both(period=standing.period, now=request.now)
    found = [one for one in both_views.below(code, then=then, now=now) if one.code in standing.led]
    context = {
        "rules": now.evaluation.rules,
        "rows": [_row(one, standing) for one in found],
        "finding": _finding(found),
        "groups": _groups(found[0]) if len(found) == 1 and found[0].code == code else [],
    }
    return frame.shown(request, "merged.html", "unit", context, standing=standing, stamp=now.stamp)


def _finding(found: list[Merged]) -> str:
    changed = [one for one in found if one.now and (one.then is None or one.then.total != one.now.total)]
    if not found:
        return "Không đơn vị nào ở đây hình thành từ đơn vị khác; hai cách nhìn như nhau."
    if not changed:
        return f"{len(found)} đơn vị hình thành từ đơn vị khác; trong kỳ này hai cách nhìn cho cùng số điểm."
    return f"{len(changed)} đơn vị có điểm khác khi tính cả đơn vị cũ."


def _row(one: Merged, standing: Standing) -> dict[str, object]:
    return {
        "name": one.name,
        "url": standing.url(code=one.code),
        "then": _shown(one.then),
        "now": _shown(one.now),
        "change": writing.change(one.now.total - one.then.total) if one.now and one.then else "",
        "predecessors": [{"name": old.unit.name, "code": old.unit.code, **_shown(old)} for old in one.predecessors],
    }


def _groups(one: Merged) -> list[dict[str, object]]:
    if one.now is None:
        return []
    old = {group.code: group.points for group in one.then.groups} if one.then else {}
    return [
        {
            "code": group.code,
            "then": writing.points(old[group.code]) if group.code in old else "—",
            "now": writing.points(group.points),
            "maximum": writing.points(group.max_points),
        }
        for group in one.now.groups
    ]


def _shown(scored: UnitScore | None) -> dict[str, object]:
    if scored is None:
        return {"points": "—", "handled": None, "late": None}
    row = next((one for one in scored.rows if one.code == "ON_TIME"), None)
    handled = row.count.denominator if row else None
    done = row.count.numerator if row else None
    return {
        "points": writing.points(Fraction(scored.total)),
        "handled": handled,
        "late": handled - done if handled is not None and done is not None else None,
    }
