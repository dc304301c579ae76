"""Tổng quan: the points of a unit now, beside their targets, earlier periods, other units and who answers for them."""

from collections.abc import Mapping
from fractions import Fraction

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from motcua.indicators import aiming, bands, comparing, losses, ranking
from motcua.indicators.aiming import Aim
from motcua.indicators.comparing import Change
from motcua.indicators.losses import Loss
from motcua.indicators.score import Basis, GroupPoints, UnitScore
from motcua.kernel.time import Period
from motcua.live import earlier, portal_means, scoring
from motcua.live.scoring import LiveScore
from motcua.reports import figures, wording
from motcua.steering import access, queries
from motcua.steering.types import Owner
from motcua.web.leadership import frame, ledger_contested, rates, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

_LOSSES_SHOWN = 8
_UNKNOWN = frozenset({Basis.UNKNOWN, Basis.ABSENT})


@for_staff
@require_GET
def unit(request: StaffRequest, code: str) -> HttpResponse:
    """Show the points of a unit now: groups, largest losses, the units below with their ranks."""
    standing = frame.standing(request, code)
    live = scoring.score(period=standing.period, now=request.now)
    scored = find(live, code)
    context: dict[str, object] = {"rules": live.evaluation.rules, "scored": scored}
    if scored is not None:
        aims = aims_of(standing, standing.period)
        found = losses.largest(live.evaluation.scorecard, unit=code)
        context |= {
            **_total(standing, live, scored, aims),
            **_groups(request, standing, live, scored, aims),
            **_losses(standing, live, found),
            "contested": ledger_contested.by_unit(live).get(code),
            "units": [_unit_row(one, standing) for one in _below(live, code) if one.unit.code in standing.led],
            "may_set": access.may_set(request.staff, unit_code=code, on=standing.today),
            "targets_url": standing.url("targets"),
            "ranking_url": standing.url("ranking"),
            "trend_url": standing.url("trend"),
        }
    return frame.shown(request, "unit.html", "unit", context, standing=standing, stamp=live.stamp)


def find(live: LiveScore, code: str) -> UnitScore | None:
    """Return the score of the unit; None where the period knows nothing of it."""
    return next((one for one in live.evaluation.scorecard.units if one.unit.code == code), None)


def _worked(live: LiveScore, code: str) -> UnitScore | None:
    """Return the score of an earlier period; None where the unit had no dossier then, so that there is no comparing."""
    found = find(live, code)
    return found if found is not None and ranking.handled(found) else None


def aims_of(standing: Standing, period: Period) -> Mapping[str, Aim]:
    """Return the targets in force for the unit in the year of the period."""
    day = min(period.last_day, standing.today)
    found = queries.targets(standing.unit, year=period.start.year, on=day)
    return {subject: Aim(target.metric, target.value) for subject, target in found.items()}


def _total(standing: Standing, live: LiveScore, scored: UnitScore, aims: Mapping[str, Aim]) -> dict[str, object]:
    rules = live.evaluation.rules
    rule = rates.rule(standing.today)
    goal = aiming.of_total(scored, aims, rules=rules)
    maximum = Fraction(rules.max_points)
    band = bands.of_rows(scored.rows, rules=rules, points=scored.total, maximum=maximum, z=rule.z)
    same = [one for one in live.evaluation.scorecard.units if one.unit.level == scored.unit.level]
    standings = rates.placed(same, "", live=live, rule=rule)
    placed = next((one for one in standings if one.candidate.code == scored.unit.code), None)
    below = ", ".join(f"{name} {value}" for name, value in _worst(scored, rules_names(live)))
    return {
        "total": writing.points(scored.total),
        "maximum": writing.points(maximum, decimals=0),
        "percent": writing.whole_percent(scored.total, maximum),
        "goal": writing.points(goal) if goal is not None else "",
        "goal_percent": writing.whole_percent(goal, maximum) if goal is not None else None,
        "short_of": writing.points(goal - scored.total) if goal is not None and goal > scored.total else "",
        "band": f"{figures.number(Fraction(band.low), decimals=1)} – {figures.number(Fraction(band.high), decimals=1)}",
        "placed": placed,
        "peers": len(same),
        "ranked": sum(one.rank is not None for one in standings),
        "minimum": rule.minimum,
        "finding": f"Mất {writing.points(maximum - scored.total)} điểm, nhiều nhất ở {below}" if below else "",
    }


def rules_names(live: LiveScore) -> Mapping[str, str]:
    """Return the names of the groups by code."""
    return {group.code: group.name_vi for group in live.evaluation.rules.groups}


def _worst(scored: UnitScore, names: Mapping[str, str]) -> list[tuple[str, str]]:
    lost = sorted(scored.groups, key=lambda group: group.points - group.max_points)
    return [
        (names[group.code].lower(), f"({writing.points(group.max_points - group.points)})")
        for group in lost[:2]
        if group.points < group.max_points
    ]


def _groups(
    request: StaffRequest, standing: Standing, live: LiveScore, scored: UnitScore, aims: Mapping[str, Aim]
) -> dict[str, object]:
    period = standing.period
    before, year_ago = comparing.before(period), comparing.year_before(period, today=standing.today)
    code = scored.unit.code
    then = _worked(earlier.score(period=before, now=request.now), code)
    ago = then if year_ago == before else _worked(earlier.score(period=year_ago, now=request.now), code)
    owners = queries.owners(code, on=standing.today)
    national = portal_means.of_period(period) if scored.unit.parent is None else {}
    peers = [one for one in live.evaluation.scorecard.units if one.unit.level == scored.unit.level]
    names = rules_names(live)
    total, total_ago = comparing.of_total(scored, then), comparing.of_total(scored, ago)
    return {
        "groups": [
            {
                **_group(group, scored, aims, live=live),
                "name": names[group.code],
                "url": standing.url("ranking", nhin=f"nhom-{group.code}"),
                "before": _change(comparing.of_group(scored, then, group.code)),
                "ago": _change(comparing.of_group(scored, ago, group.code)),
                "mean": _mean(group.code, national, peers),
                "owner": _owner(owners.get(group.code), standing),
            }
            for group in scored.groups
        ],
        "change": _change(total),
        "change_ago": _change(total_ago),
        "before_name": writing.period(before),
        "ago_name": writing.period(year_ago),
        "has_ago": year_ago != before,
        "mean": _mean("TOTAL", national, peers),
        "mean_name": _mean_name(national, peers),
        "left_out": _named(tuple({*total.left_out, *total_ago.left_out}), live),
    }


def _group(group: GroupPoints, scored: UnitScore, aims: Mapping[str, Aim], *, live: LiveScore) -> dict[str, object]:
    goal = aiming.of_group(scored, group.code, aims, rules=live.evaluation.rules)
    return {
        "code": group.code,
        "points": writing.points(group.points),
        "maximum": writing.points(group.max_points, decimals=0),
        "percent": writing.whole_percent(group.points, group.max_points),
        "goal": writing.points(goal) if goal is not None else "",
        "goal_percent": writing.whole_percent(goal, group.max_points) if goal is not None else None,
        "short_of": writing.points(goal - group.points) if goal is not None and goal > group.points else "",
        "is_missing": group.code in scored.missing,
    }


def _change(change: Change) -> dict[str, str]:
    """Return a change in words for its sign, so that no colour is needed to read it."""
    if change.by is None or change.then is None:
        return {}
    kind = "up" if change.by > 0 else "down" if change.by < 0 else "same"
    sign = {"up": "▲", "down": "▼", "same": "="}[kind]
    return {"then": writing.points(change.then), "by": writing.change(change.by), "kind": kind, "sign": sign}


def _mean(metric: str, national: Mapping[str, tuple[Fraction, int]], peers: list[UnitScore]) -> str:
    """Return the mean of the country where it was imported, else of the units of the same level."""
    if national:
        return writing.points(national[metric][0]) if metric in national else "–"
    if len(peers) < 2:
        return "–"
    if metric == "TOTAL":
        return writing.points(comparing.mean(one.total for one in peers))
    return writing.points(comparing.mean(one.group(metric).points for one in peers if metric not in one.missing))


def _mean_name(national: Mapping[str, tuple[Fraction, int]], peers: list[UnitScore]) -> str:
    if national:
        return f"Bình quân {max(number for _, number in national.values())} tỉnh (số liệu nhập từ Cổng)"
    return f"Bình quân {len(peers)} đơn vị cùng cấp" if len(peers) > 1 else ""


def _owner(owner: Owner | None, standing: Standing) -> dict[str, str]:
    if owner is None:
        return {}
    return {
        "name": wording.own_name(owner.name),
        "since": figures.day(owner.since),
        "url": standing.url(code=owner.code) if owner.code in standing.led else "",
    }


def _named(codes: tuple[str, ...], live: LiveScore) -> str:
    return ", ".join(one.number for one in live.evaluation.rules.indicators if one.code in codes)


def _losses(standing: Standing, live: LiveScore, found: tuple[Loss, ...]) -> dict[str, object]:
    rules = live.evaluation.rules
    unknown = [loss for loss in found if loss.row.basis in _UNKNOWN]
    lines = []
    for loss in [one for one in found if one not in unknown][:_LOSSES_SHOWN]:
        indicator = rules.indicator(loss.row.code)
        if indicator is None:
            continue
        is_own = loss.responsible == standing.unit.code
        lines.append({
            "name": indicator.name_vi,
            "number": indicator.number,
            "lost": writing.points(loss.lost),
            "maximum": writing.points(loss.row.max_points, decimals=0),
            "ratio": writing.percent(loss.row.ratio),
            "missing": figures.number(loss.missing) if loss.missing else "",
            "counts": bands.counts(indicator),
            "responsible": "" if is_own else _name(live, loss.responsible),
            "url": standing.url("indicator", loss.row.code, code=loss.responsible)
            if loss.responsible in standing.led else "",
        })  # fmt: skip
    named = [rules.indicator(loss.row.code) for loss in unknown]
    return {
        "losses": lines,
        "ledger_url": standing.url("ledger"),
        "unknown": [f"{one.number} {one.name_vi}" for one in named if one is not None],
        "unknown_points": writing.points(sum((loss.lost for loss in unknown), Fraction(0))),
    }


def _name(live: LiveScore, code: str) -> str:
    scored = find(live, code)
    return scored.unit.name if scored else code


def _below(live: LiveScore, code: str) -> list[UnitScore]:
    found = [one for one in live.evaluation.scorecard.units if one.unit.parent == code]
    return sorted(found, key=lambda one: (one.unit.level != "department", one.unit.level, one.rank, one.unit.name))


def _unit_row(one: UnitScore, standing: Standing) -> dict[str, object]:
    on_time = next((row for row in one.rows if row.code == ranking.SIZE), None)
    count = on_time.count if on_time else None
    late = (count.denominator or 0) - (count.numerator or 0) if count else None
    return {
        "name": wording.own_name(one.unit.name),
        "level": wording.level(one.unit.level),
        "url": f"{reverse('leadership:unit', args=[one.unit.code])}?ky={standing.period}",
        "total": writing.points(one.total),
        "percent": writing.whole_percent(one.total, Fraction(100)),
        "rank": one.rank,
        "rank_of": one.rank_of,
        "handled": figures.number(count.denominator or 0) if count else None,
        "late": figures.number(late) if late is not None else None,
    }
