"""Một chỉ số của một đơn vị: its figure and target, and where its loss lies, by unit below and by procedure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from motcua.catalogue.models import Procedure
from motcua.indicators import aiming, bands, losses
from motcua.indicators.losses import Loss
from motcua.lawbook.indicator_sets import Indicator
from motcua.live import losing as losing_dossiers
from motcua.live import scoring
from motcua.live.losing import Pile
from motcua.live.scoring import LiveScore
from motcua.reports import figures, wording
from motcua.steering import queries
from motcua.web.leadership import frame, ledger_export, overview, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

PROCEDURES_SHOWN = 50
HEAD = ("Mã thủ tục", "Thủ tục", "Hồ sơ mất điểm", "Điểm mất")


@for_staff
@require_GET
def show(request: StaffRequest, code: str, indicator: str) -> HttpResponse:
    """Show the figure of the indicator, and the way on to units, procedures and dossiers; or export the procedures."""
    standing = frame.standing(request, code)
    live = scoring.score(period=standing.period, now=request.now)
    rules = live.evaluation.rules
    wanted, scored = rules.indicator(indicator), overview.find(live, code)
    if wanted is None or not wanted.is_scored:
        raise Http404
    context: dict[str, object] = {"rules": rules, "indicator": wanted, "scored": scored}
    loss = (
        next((one for one in losses.of_unit(scored, rules=rules) if one.row.code == indicator), None)
        if scored
        else None
    )
    if loss is not None:
        lists = losing_dossiers.can_list(wanted) and loss.responsible == code and bool(loss.missing)
        below = [one for one in live.evaluation.measures.tree.below(code) if one in standing.led]
        piles = losing_dossiers.piles(wanted, units=below, period=standing.period, now=request.now) if lists else ()
        by_procedure = _by_procedure(piles, loss, standing, wanted)
        if request.GET.get("tai") in ledger_export.KINDS:
            cells = [(one["code"], one["name"], one["count"], one["lost_exact"]) for one in by_procedure]
            name = f"chi-so-{indicator}-{code}"
            return ledger_export.response(request.GET["tai"], name=name, head=HEAD, lines=cells)
        context |= {
            **_figure(loss, wanted, standing, live),
            "units": _by_unit(live, standing, loss, wanted),
            "procedures": by_procedure[:PROCEDURES_SHOWN],
            "more_procedures": max(0, len(by_procedure) - PROCEDURES_SHOWN),
            "finding": _finding(loss, by_procedure),
            "lists": lists,
            "ledger_url": standing.url("ledger", **{"chi-so": indicator}),
            "query": urlencode({"ky": str(standing.period)}),
        }
    return frame.shown(request, "indicator.html", "unit", context, standing=standing, stamp=live.stamp)


def _figure(loss: Loss, wanted: Indicator, standing: Standing, live: LiveScore) -> dict[str, object]:
    row, rules = loss.row, live.evaluation.rules
    day = min(standing.period.last_day, standing.today)
    target = queries.targets(standing.unit, year=standing.period.start.year, on=day).get(wanted.code)
    aim = aiming.Aim(target.metric, target.value) if target else None
    goal = aiming.points_at(row, aim, rules=rules) if aim else None
    met = aiming.is_met(row, aim) if aim else None
    return {
        "row": row,
        "points": writing.points(row.points),
        "maximum": writing.points(row.max_points, decimals=0),
        "lost": writing.points(loss.lost),
        "ratio": writing.percent(row.ratio),
        "numerator": figures.number(row.count.numerator),
        "denominator": figures.number(row.count.denominator),
        "numerator_name": wording.measures(wanted.measures[:1]) if wanted.numerator else "",
        "denominator_name": wording.measures(wanted.denominator) if wanted.denominator else "",
        "basis": wording.basis(row.basis),
        "missing": figures.number(loss.missing) if loss.missing else "",
        "counts": {"dossiers": "hồ sơ", "petitions": "phản ánh, kiến nghị"}.get(bands.counts(wanted), "mục"),
        "percent": writing.whole_percent(row.points or Fraction(0), row.max_points),
        "goal_percent": writing.whole_percent(goal, row.max_points) if goal is not None else None,
        "goal": writing.points(goal) if goal is not None else "",
        "target": writing.target(target.metric, target.value) if target else "",
        "target_source": target.source if target else "",
        "target_word": {True: "Đạt", False: "Chưa đạt", None: "Chưa biết"}[met],
        "target_kind": {True: "ok", False: "late", None: "info"}[met],
        "responsible": _above(loss, standing, live),
        "full_at": writing.percent(Fraction(wanted.scoring.full_at), decimals=0) if wanted.scoring.is_capped else "",
    }


def _above(loss: Loss, standing: Standing, live: LiveScore) -> dict[str, str]:
    """Return the unit that can win the points back where it is not the unit shown."""
    if loss.responsible == standing.unit.code:
        return {}
    scored = overview.find(live, loss.responsible)
    is_led = loss.responsible in standing.led
    url = standing.url("indicator", loss.row.code, code=loss.responsible) if is_led else ""
    return {"name": scored.unit.name if scored else loss.responsible, "url": url}


def _by_unit(live: LiveScore, standing: Standing, loss: Loss, wanted: Indicator) -> list[dict[str, object]]:
    """Return the units directly below by how many are missing there, each leading on to its own page."""
    found: list[tuple[int, dict[str, object]]] = []
    for scored in live.evaluation.scorecard.units:
        code = scored.unit.code
        if scored.unit.parent != standing.unit.code or code not in standing.led:
            continue
        row = scored.row(wanted.code)
        missing = max(0, (row.count.denominator or 0) - (row.count.numerator or 0))
        if row.basis is not loss.row.basis or not missing:
            continue
        found.append((missing, {
            "name": wording.own_name(scored.unit.name),
            "url": standing.url("indicator", wanted.code, code=code),
            "ratio": writing.percent(row.ratio),
            "missing": figures.number(missing),
            "counted": figures.number(row.count.denominator),
            "points": writing.points(row.points),
        }))  # fmt: skip
    return [one for _, one in sorted(found, key=lambda one: -one[0])]


def _by_procedure(
    piles: Sequence[Pile], loss: Loss, standing: Standing, wanted: Indicator
) -> list[dict[str, ledger_export.Cell]]:
    """Return the procedures by how many of their dossiers lose, each with its equal share of the points lost."""
    counts: Counter[str] = Counter()
    for pile in piles:
        counts[pile.procedure_code] += pile.dossiers
    names: Mapping[str, str] = dict(Procedure.objects.filter(code__in=counts).values_list("code", "name"))
    share = loss.lost / loss.missing if loss.missing else Fraction(0)
    return [
        {
            "code": code,
            "name": names.get(code, ""),
            "count": count,
            "dossiers": figures.number(count),
            "lost": writing.points(share * count),
            "lost_exact": figures.rounded(share * count, decimals=4),
            "url": standing.url("ledger", **{"chi-so": wanted.code, "tthc": code}) if code else "",
        }
        for code, count in counts.most_common()
    ]


def _finding(loss: Loss, by_procedure: Sequence[Mapping[str, object]]) -> str:
    if not loss.lost:
        return "Không mất điểm ở chỉ số này"
    said = f"Mất {writing.points(loss.lost)} điểm"
    if not by_procedure or not loss.missing:
        return said
    first = by_procedure[0]
    share = Fraction(int(str(first["count"])), loss.missing)
    name = str(first["name"] or first["code"] or "hồ sơ không rõ thủ tục")
    return f"{said}; {writing.percent(share, decimals=0)} số hồ sơ chưa đạt thuộc thủ tục «{name}»"
