"""What a page about a published month shows, for everybody and for those who review it before."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from motcua.publication import bulletin, comparing, words
from motcua.publication.comparing import Difference, Move
from motcua.publication.disclosed import PublicIssue, PublicUnit
from motcua.publication.types import ArtifactRow, IssueRow, SignatureState
from motcua.web.charts import bars, figures, trend

MOVES_SHOWN = 5
DIFFERENCES_SHOWN = 25

_FILES = {
    "ban-tin.pdf": "Bản tin (PDF, khổ A4)",
    "don-vi.csv": "Tổng điểm, thứ hạng các đơn vị (CSV)",
    "chi-so.csv": "Từng chỉ số của từng đơn vị (CSV)",
    "dinh-chinh.csv": "Số liệu khác bản trước (CSV)",
    "ket-qua.json": "Toàn bộ kết quả (JSON)",
    "du-lieu.xlsx": "Toàn bộ kết quả (XLSX)",
    "tu-dien-du-lieu.csv": "Từ điển dữ liệu (CSV)",
    "datapackage.json": "Mô tả gói dữ liệu (Data Package)",
}


def month(
    issue: PublicIssue, row: IssueRow, *, before: PublicIssue | None, corrects: PublicIssue | None
) -> dict[str, Any]:
    """Return what the page of a month shows: the finding, groups, ranking, changes, what a correction changed."""
    moves = comparing.moves(before, issue)
    moved = {move.code: move for move in moves}
    frozen = issue.frozen
    # The province alone is no ranking; its groups are shown above.
    top_level = issue.top.level if issue.top else ""
    return {
        "issue": row,
        "month": issue.month,
        "month_name": words.month(issue.month),
        "edition_name": words.edition(issue.edition),
        "finding": words.finding(issue, moves).removesuffix("."),
        "frozen_at": words.moment(datetime.fromisoformat(frozen["frozen_at"])),
        "late": words.late(issue),
        "rules_name": frozen["rules"]["name_vi"],
        "rules_from": words.day(date.fromisoformat(frozen["rules"]["effective_from"])),
        "position": words.count(row.position),
        "groups": _groups(issue, before),
        "group_heads": issue.groups,
        "levels": [
            _level(issue, level, moved)
            for level in issue.levels
            if len(issue.of_level(level)) > 1 or level != top_level
        ],
        "gains": _moves(moves, is_gain=True),
        "losses": _moves(moves, is_gain=False),
        "before_name": words.month(before.month) if before else "",
        "suppression": words.suppression(issue),
        "correction": _correction(issue, corrects) if corrects else None,
        "licence": frozen["licence"],
    }


def _groups(issue: PublicIssue, before: PublicIssue | None) -> dict[str, Any] | None:
    top = issue.top
    if top is None:
        return None
    changes = comparing.group_changes(before.unit(top.code) if before else None, top)
    lost = {one["code"]: Decimal(one["max_points"]) - Decimal(top.groups.get(one["code"], "0")) for one in issue.groups}
    most = max(issue.groups, key=lambda one: lost[one["code"]])
    finding = f"{top.name} mất nhiều điểm nhất ở nhóm {most['name_vi']} ({words.points(lost[most['code']])} điểm)"
    return {
        "rows": [
            {
                "name": one["name_vi"],
                "code": one["code"],
                "maximum": words.maximum(one["max_points"]),
                "points": words.points(top.groups.get(one["code"])),
                "change": words.change(changes.get(one["code"])),
                "is_missing": one["code"] in top.missing,
            }
            for one in issue.groups
        ],
        "chart": bars.bars(
            [
                bars.Bar(
                    one["name_vi"],
                    None if one["code"] in top.missing else float(top.groups.get(one["code"], "0")),
                    float(one["max_points"]),
                )
                for one in issue.groups
            ],
            finding=finding,
            head="Nhóm chỉ số",
            unit="điểm",
        ),
    }


def _level(issue: PublicIssue, level: str, moved: dict[str, Move]) -> dict[str, Any]:
    units = issue.of_level(level)
    best = [words.unit(unit.name) for unit in units if unit.rank == 1]
    first = best[0] if len(best) == 1 else f"{len(best)} đơn vị cùng điểm"
    name = words.level(level)
    return {
        "code": level,
        "heading": f"{name}: {first} dẫn đầu với {words.points(units[0].total)} điểm"
        if len(units) > 1
        else f"{name}: {words.points(units[0].total)} điểm",
        "units": [_ranked(issue, unit, moved.get(unit.code)) for unit in units],
    }


def _ranked(issue: PublicIssue, unit: PublicUnit, move: Move | None) -> dict[str, Any]:
    ranks = (move.rank_before, move.rank_now) if move else (None, None)
    return {
        "code": unit.code,
        "name": words.unit(unit.name),
        "rank": unit.rank,
        "groups": [{"code": one["code"], "points": words.points(unit.groups.get(one["code"]))} for one in issue.groups],
        "total": words.points(unit.total),
        "change": words.change(move.change if move else None),
        "rank_change": "" if None in ranks or ranks[0] == ranks[1] else f"tháng trước hạng {ranks[0]}",
    }


def _moves(moves: Sequence[Move], *, is_gain: bool) -> list[dict[str, str]]:
    """Return the units that moved most in one direction."""
    changed = [(move, move.change) for move in moves if move.change is not None]
    wanted = [(move, change) for move, change in changed if (change > 0 if is_gain else change < 0)]
    wanted.sort(key=lambda one: (-abs(one[1]), one[0].code))
    return [
        {
            "code": move.code,
            "name": words.unit(move.name),
            "change": words.change(change),
            "now": words.points(move.now),
        }
        for move, change in wanted[:MOVES_SHOWN]
    ]


def _correction(issue: PublicIssue, corrects: PublicIssue) -> dict[str, Any]:
    found = comparing.differences(corrects, issue)
    return {
        "reason": issue.frozen["reason"],
        "edition": corrects.edition,
        "edition_name": words.edition(corrects.edition),
        "count": len(found),
        "rows": differences(found[:DIFFERENCES_SHOWN], issue),
        "more": max(0, len(found) - DIFFERENCES_SHOWN),
    }


def differences(found: Sequence[Difference], issue: PublicIssue) -> list[dict[str, str]]:
    """Return differences as they are read: unit, what, figure, before, after."""
    return [
        {
            "unit": words.unit(one.unit_name),
            "what": bulletin.what(one, issue),
            "figure": bulletin.figure_name(one.figure),
            "before": bulletin.shown(one.before),
            "after": bulletin.shown(one.after),
        }
        for one in found
    ]


def downloads(files: Sequence[ArtifactRow]) -> list[dict[str, Any]]:
    """Return the files with what is in them, their size, digest and signature."""
    return [
        {
            "name": one.name,
            "title": _FILES.get(one.name, one.name),
            "size": f"{figures.shown(one.size / 1024, decimals=1)} KB",
            "sha256": one.sha256,
            "is_signed": one.signature == SignatureState.SIGNED.value,
            "is_unsigned": one.signature == SignatureState.UNSIGNED.value,
        }
        for one in files
    ]


def over_months(issues: Sequence[PublicIssue], code: str) -> trend.Series | None:
    """Return the totals of a unit over the issues given (the oldest first); None where it is in none."""
    points = [
        trend.Point(words.short_month(issue.month), float(unit.total) if (unit := issue.unit(code)) else None)
        for issue in issues
    ]
    name = next((words.unit(unit.name) for issue in reversed(issues) if (unit := issue.unit(code))), "")
    return trend.Series(name, tuple(points)) if name else None


def rows(issue: PublicIssue, unit: PublicUnit) -> list[dict[str, Any]]:
    """Return every indicator of a unit as it is read."""
    known = {one["code"]: one for one in issue.indicators}
    return [
        {
            "number": known[row.code]["number"],
            "name": known[row.code]["name_vi"],
            "numerator": words.HIDDEN if row.is_hidden else words.count(row.numerator),
            "denominator": words.HIDDEN if row.is_hidden else words.count(row.denominator),
            "ratio": words.HIDDEN if row.is_hidden else words.percent(row.ratio),
            "points": words.HIDDEN if row.is_hidden else words.points(row.points),
            "maximum": words.maximum(known[row.code]["max_points"]),
            "is_scored": known[row.code]["is_scored"],
            "is_hidden": row.is_hidden,
        }
        for row in unit.rows
    ]
