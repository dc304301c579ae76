"""What stands around every page of the leadership front: whose figures, of which period, how fresh, where to go.

A page asks ``standing`` first: it refuses whoever may not see the unit. Then it renders with ``shown``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from motcua.kernel.time import Period, local_day
from motcua.live.figures import Stamp
from motcua.organisations import queries as organisations
from motcua.organisations.types import ROLES_SEEING_BELOW, UnitRef
from motcua.reports import wording
from motcua.web.leadership import writing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import KEEPING_ROLES, acting, for_staff, has_any

SOURCE = "nhật ký sự kiện của hệ thống một cửa"
"""Where figures come from unless a page says otherwise."""

_MONTHS_OFFERED = 13
_QUARTERS_OFFERED = 5
_YEARS_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the left bar: a route of this front, and its name."""

    route: str
    name: str
    is_of_unit: bool = True
    """Whether its address names a unit."""


# At most seven, in this order: Tổng quan, Mất điểm, Xếp hạng, Bản đồ, Điểm nghẽn, Giả định, Công bố.
# A page that works adds its own line here.
PLACES: tuple[Place, ...] = (
    Place("unit", "Tổng quan"),
    Place("ledger", "Mất điểm"),
    Place("ranking", "Xếp hạng"),
    Place("map", "Bản đồ"),
    Place("bottlenecks", "Điểm nghẽn"),
    Place("whatif", "Giả định"),
    Place("publications", "Công bố", is_of_unit=False),
)  # fmt: skip


LIVE: Mapping[str, str] = {
    "unit.html": "figures steering",
    "indicator.html": "figures",
    "ledger.html": "figures contests",
    "ledger_items.html": "figures contests",
    "losing.html": "figures contests",
    "ranking.html": "figures",
    "map.html": "figures",
    "heat.html": "figures",
}
"""Pages that keep themselves up to date while they are open, and the news that concern them (``stream``)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Nơi đang xem: the unit and period of a page, and the units whose figures the reader may see."""

    unit: UnitRef
    period: Period
    led: frozenset[str]
    today: date

    def url(self, route: str = "unit", *args: str, code: str | None = None, **query: str) -> str:
        """Return the address of a page of this front about the unit (or another one), in the same period."""
        path = reverse(f"leadership:{route}", args=[code or self.unit.code, *args])
        return f"{path}?{urlencode({'ky': str(self.period), **query})}"

    @property
    def trail(self) -> tuple[UnitRef, ...]:
        """The units above, the highest first, as far as the reader leads them."""
        found: list[UnitRef] = []
        above = self.unit.parent_code
        while above in self.led and len(found) < len(self.led):
            parent = organisations.unit(above)
            if parent is None:
                break
            found.insert(0, parent)
            above = parent.parent_code
        return tuple(found)


def led(request: StaffRequest) -> frozenset[str]:
    """Return the units whose figures the person may see: those led, and all below them.

    Raises:
        PermissionDenied: the person leads none.
    """
    day = local_day(request.now)
    tops = {grant.unit_code for grant in acting(request).grants if grant.role in ROLES_SEEING_BELOW}
    if not tops:
        raise PermissionDenied
    return frozenset(below for code in tops for below in organisations.units_below(code, on=day))


def standing(request: StaffRequest, code: str) -> Standing:
    """Return where the page stands.

    Raises:
        PermissionDenied: the person leads no unit.
        Http404: the unit is none of those led; whether it exists is not told.
        UserError: the period in the address cannot be read.
    """
    codes = led(request)
    unit = organisations.unit(code) if code in codes else None
    if unit is None:
        raise Http404
    return Standing(unit, period_of(request), codes, local_day(request.now))


def period_of(request: StaffRequest) -> Period:
    """Return the period the address asks for (``ky=2026``, ``2026-Q3``, ``2026-09``, ``from..to``), else this year."""
    asked = request.GET.get("ky", "")
    return Period.parse(asked) if asked else Period.year(local_day(request.now).year)


def shown(
    request: StaffRequest,
    template: str,
    here: str,
    context: Mapping[str, object],
    *,
    standing: Standing,
    stamp: Stamp | None = None,
    source: str = SOURCE,
    status: int = 200,
) -> HttpResponse:
    """Render a page inside the frame.

    Args:
        request: who asks.
        template: below ``templates/leadership/``.
        here: the route of the place that is marked in the left bar.
        context: what the page itself shows.
        standing: the unit and period shown.
        stamp: how far the figures have come; pages without live figures have none.
        source: where the figures come from, said beside the stamp.
        status: of the answer.
    """
    around = {
        "places": [
            {
                "name": place.name,
                "url": standing.url(place.route) if place.is_of_unit else reverse(f"leadership:{place.route}"),
                "is_here": place.route == here,
            }
            for place in PLACES
        ],
        "here": here,
        "unit": standing.unit,
        "trail": [{"name": one.name, "url": standing.url(code=one.code)} for one in standing.trail],
        "unit_url": standing.url(),
        "period": str(standing.period),
        "period_name": writing.period(standing.period),
        "unit_choices": _unit_choices(standing),
        "period_choices": _period_choices(standing),
        "stamp": stamp,
        "live_parts": LIVE.get(template, ""),
        "source": source,
        "keeps": has_any(request, KEEPING_ROLES),
    }
    return render(request, f"leadership/{template}", {**around, **context}, status=status)


@for_staff
@require_GET
def go(request: StaffRequest) -> HttpResponse:
    """Lead from the switchers to the same page of another unit or period; filters of the page stay."""
    asked = request.GET.copy()
    route = next(
        (one for one in asked.pop("trang", []) if one in {place.route for place in PLACES if place.is_of_unit}), "unit"
    )
    code = (asked.pop("don-vi", None) or [""])[-1]
    first, last = (asked.pop("tu", None) or [""])[-1], (asked.pop("den", None) or [""])[-1]
    period = Period.parse(f"{first}..{last}") if first and last else period_of(request)
    if code not in led(request):
        raise Http404
    asked["ky"] = str(period)
    return redirect(f"{reverse(f'leadership:{route}', args=[code])}?{asked.urlencode()}")


def _unit_choices(standing: Standing) -> list[tuple[str, list[UnitRef]]]:
    """Return the units led by level, the highest level first, each level in the order of its codes."""
    levels: dict[str, list[UnitRef]] = {}
    for unit in organisations.units(on=standing.today):
        if unit.code in standing.led:
            levels.setdefault(unit.kind.value, []).append(unit)
    ordered = sorted(levels.items(), key=lambda one: min(unit.code.count(".") for unit in one[1]))
    return [(wording.level(kind), units) for kind, units in ordered]


def _period_choices(standing: Standing) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return years, quarters and months up to today, the latest first; the one in the address is always among them."""
    today = standing.today
    years = [Period.year(today.year - back) for back in range(_YEARS_OFFERED)]
    quarters = [_quarter(today, back) for back in range(_QUARTERS_OFFERED)]
    months = list(months_back(today, _MONTHS_OFFERED))
    groups = [("Năm", years), ("Quý", quarters), ("Tháng", months)]
    if standing.period not in {*years, *quarters, *months}:
        groups.insert(0, ("Đang xem", [standing.period]))
    return [(name, [(str(one), _capital(writing.period(one))) for one in found]) for name, found in groups]


def months_back(day: date, number: int) -> Iterable[Period]:
    """Go back month by month, from the month of the day."""
    for back in range(number):
        years, month = divmod(day.year * 12 + day.month - 1 - back, 12)
        yield Period.month(years, month + 1)


def _quarter(day: date, back: int) -> Period:
    year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 - back, 4)
    return Period.quarter(year, quarter + 1)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
