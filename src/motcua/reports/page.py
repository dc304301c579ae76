"""One unit's result as one HTML file: opens offline, prints on A4, needs no script."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import jinja2

from motcua.indicators.evaluate import Evaluation
from motcua.indicators.explain import Explained
from motcua.indicators.score import Basis, Row, UnitScore
from motcua.reports import figures, wording

LOSSES_SHOWN = 10
REASONS_SHOWN = 3
UNITS_SHOWN = 3
HEATS = 5

_NOTES: Mapping[str, str] = MappingProxyType(
    {
        "TEMP_NATIONAL_REPORT_DENOMINATOR": "chỉ số 1.4 tạm dùng số báo cáo của năm trước làm mẫu số",
        "NO_NATIONAL_REPORT_DATA": "không có số của Hệ thống báo cáo quốc gia cho chỉ số 1.4",
    }
)

View = dict[str, Any]


def html(evaluated: Evaluation, *, unit: str, explained: Sequence[Explained]) -> str:
    """Return the page of the unit, with the ranking of the units below it.

    Args:
        evaluated: the scores.
        unit: whose page it is.
        explained: the unit's losses with what stands behind them.
    """
    scored = evaluated.scorecard.of(unit)
    return _template().render(page=_view(evaluated, scored, explained))


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("motcua.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
    )
    return environment.get_template("score.html")


def _view(evaluated: Evaluation, scored: UnitScore, explained: Sequence[Explained]) -> View:
    rules = evaluated.rules
    losing = sorted((each for each in explained if each.loss.lost), key=lambda each: -each.loss.lost)
    worst = max(scored.groups, key=lambda group: group.max_points - group.points)
    worst_group = rules.group(worst.code)
    lost_most = figures.number(worst.max_points - worst.points, decimals=2)
    worst_name = worst_group.name_vi if worst_group else worst.code
    when = f"Kỳ {figures.day(evaluated.period.start)}–{figures.day(evaluated.period.last_day)}"
    return {
        "title": f"{scored.unit.name}: {figures.number(scored.total, decimals=2)} điểm, kỳ {evaluated.period}",
        "name": scored.unit.name,
        "finding": f"{figures.number(scored.total, decimals=2)} điểm, mất nhiều nhất ở {worst_name.lower()}",
        "when": f"{when}, tính đến {figures.moment(evaluated.on)}, bộ chỉ số {rules.version}",
        "total": figures.number(scored.total, decimals=2),
        "max_total": figures.number(Fraction(rules.max_points)),
        "grade": scored.grade.name_vi if scored.grade else "",
        "rank": f"{scored.rank}/{scored.rank_of}" if scored.rank_of > 1 else "",
        "group_finding": f"{worst_name} mất {lost_most} trên {figures.number(worst.max_points)} điểm",
        "groups": [_group(evaluated, scored, group.code) for group in rules.groups],
        "loss_finding": _loss_finding(losing),
        "losses": [_loss(evaluated, each, losing[0].loss.lost) for each in losing[:LOSSES_SHOWN]],
        "rows": list(_rows(evaluated, scored)),
        "rankings": list(_rankings(evaluated, scored)),
        "rules_name": f"{rules.name_vi}, hiệu lực từ {figures.day(rules.effective_from)}",
        "rules_note": rules.note_vi,
        "rules": [_rule(evaluated, indicator.code) for indicator in rules.indicators],
        "sources": wording.provenance(evaluated),
        "notes": _notes(evaluated, scored),
    }


def _group(evaluated: Evaluation, scored: UnitScore, code: str) -> View:
    group, points = evaluated.rules.group(code), scored.group(code)
    return {
        "code": code,
        "number": group.number if group else "",
        "name": group.name_vi if group else code,
        "points": figures.number(points.points, decimals=2),
        "maximum": figures.number(points.max_points),
        "lost": figures.number(points.max_points - points.points, decimals=2),
        "share": _share(points.points, points.max_points),
        "percent": f"đạt {figures.percent(Fraction(points.points, points.max_points or 1), decimals=0)}",
        "note": "không có số liệu" if code in scored.missing else "",
    }


def _loss_finding(losing: Sequence[Explained]) -> str:
    if not losing:
        return "Mất điểm ở đâu? Không mất điểm nào"
    top = losing[: min(3, len(losing))]
    part = sum((each.loss.lost for each in top), Fraction(0))
    names = ", ".join(each.indicator.number for each in top)
    return f"Mất điểm ở đâu? Chỉ số {names} mất {figures.number(part, decimals=2)} điểm"


def _loss(evaluated: Evaluation, each: Explained, largest: Fraction) -> View:
    loss = each.loss
    names = {scored.unit.code: scored.unit.name for scored in evaluated.scorecard.units}
    units = [pair for pair in each.by_unit() if pair[0] != loss.unit][:UNITS_SHOWN]
    return {
        "number": each.indicator.number,
        "name": wording.short_name(each.indicator.name_vi),
        "lost": figures.number(loss.lost, decimals=2),
        "share": _share(loss.lost, largest),
        "missing": figures.number(loss.missing),
        "one_more": "–" if loss.one_more is None else figures.number(loss.one_more, decimals=4),
        "to_fill": figures.number(loss.to_fill),
        "responsible": loss.responsible if loss.responsible != loss.unit else "",
        "reasons": [
            {
                "text": reason.text_vi,
                "count": figures.number(count),
                "repairable": "sửa được" if reason.is_repairable else "không sửa được",
                "citation": str(reason.citation),
            }
            for reason, count in each.by_reason()[:REASONS_SHOWN]
        ],
        "units": "; ".join(
            f"{wording.own_name(names.get(code, code))} {figures.number(count * each.share, decimals=2)} điểm"
            for code, count in units
        ),
        "remedy": each.indicator.remedy_vi,
    }


def _rows(evaluated: Evaluation, scored: UnitScore) -> list[View]:
    found: list[View] = []
    for points in scored.groups:
        group = _group(evaluated, scored, points.code)
        empty = dict.fromkeys(("numerator", "denominator", "ratio", "target"), "")
        found.append(group | empty | {"is_group": True})
        found += [_row(evaluated, row) for row in scored.rows if row.group == points.code]
    return found


def _row(evaluated: Evaluation, row: Row) -> View:
    indicator, group = evaluated.rules.indicator(row.code), evaluated.rules.group(row.group)
    decimals = evaluated.rules.rounding.decimals + (1 if group is not None and group.round_as_one else 0)
    is_scored = row.basis is not Basis.INFORMATION
    return {
        "is_group": False,
        "number": indicator.number if indicator else "",
        "name": wording.short_name(indicator.name_vi if indicator else row.code),
        "note": "" if row.basis is Basis.COUNTED else wording.basis(row.basis),
        "numerator": figures.number(row.count.numerator),
        "denominator": figures.number(row.count.denominator),
        "ratio": figures.percent(row.ratio),
        "target": figures.percent(Fraction(indicator.scoring.full_at), decimals=0) if indicator and is_scored else "",
        "points": figures.number(row.points, decimals=decimals) if is_scored else "",
        "maximum": figures.number(row.max_points) if is_scored else "",
        "share": _share(row.points or Fraction(0), row.max_points) if is_scored else None,
    }


def _rankings(evaluated: Evaluation, scored: UnitScore) -> list[View]:
    below = set(evaluated.measures.tree.below(scored.unit.code))
    found = []
    levels = dict.fromkeys(each.unit.level for each in evaluated.scorecard.units)
    for level in levels:
        units = [
            each
            for each in evaluated.scorecard.units
            if each.unit.level == level and each.unit.code in below and each.unit.code != scored.unit.code
        ]
        if len(units) > 1:
            units.sort(key=lambda each: (each.rank, each.unit.name))
            best, last = units[0], units[-1]
            found.append(
                {
                    "name": wording.level(level),
                    "finding": (
                        f"{wording.level(level)}: cao nhất {wording.own_name(best.unit.name)} "
                        f"{figures.number(best.total, decimals=2)}, thấp nhất {wording.own_name(last.unit.name)} "
                        f"{figures.number(last.total, decimals=2)}"
                    ),
                    "units": [_ranked(evaluated, each) for each in units],
                }
            )
    return found


def _ranked(evaluated: Evaluation, each: UnitScore) -> View:
    return {
        "rank": each.rank,
        "code": each.unit.code,
        "name": wording.own_name(each.unit.name),
        "cells": [
            {
                "points": "–" if points.code in each.missing else figures.number(points.points, decimals=2),
                "heat": _heat(points.points, points.max_points),
            }
            for points in each.groups
        ],
        "total": figures.number(each.total, decimals=2),
        "heat": _heat(each.total, Fraction(evaluated.rules.max_points)),
    }


def _rule(evaluated: Evaluation, code: str) -> View:
    indicator = evaluated.rules.indicator(code)
    if indicator is None:
        raise KeyError(code)
    return {
        "number": indicator.number,
        "name": indicator.name_vi,
        "numerator": wording.measures([indicator.numerator] if indicator.numerator else []),
        "denominator": wording.measures(indicator.denominator),
        "maximum": figures.number(Fraction(indicator.max_points)),
        "target": figures.percent(Fraction(indicator.scoring.full_at), decimals=0) if indicator.is_scored else "",
        "citation": str(indicator.citation),
        "certainty": wording.certainty(indicator.citation.certainty),
        "scoring": str(indicator.scoring.citation) if indicator.is_scored else "",
        "scoring_certainty": wording.certainty(indicator.scoring.citation.certainty),
    }


def _notes(evaluated: Evaluation, scored: UnitScore) -> list[str]:
    found = [
        f"{scored.unit.name}: {_NOTES.get(flag, flag)}." for flag in evaluated.measures.notes.get(scored.unit.code, ())
    ]
    if unknown := wording.unknown(evaluated.rules, scored):
        found.append(unknown)
    return found


def _share(value: Fraction, maximum: Fraction) -> float:
    return float(min(Fraction(1), max(Fraction(0), value / maximum))) if maximum else 0.0


def _heat(value: Fraction, maximum: Fraction) -> str:
    return f"h{min(HEATS - 1, int(HEATS * _share(value, maximum)))}"
