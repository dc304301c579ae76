"""The frozen result: one document that everything published is made from, and its reading back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.eventlog.log import Cursor
from motcua.indicators.evaluate import Evaluation
from motcua.indicators.score import Row, UnitScore
from motcua.kernel.time import Period
from motcua.lawbook.indicator_sets import Indicator
from motcua.publication import canonical
from motcua.publication.lawcopy import KeptFile
from motcua.publication.monthlaw import MonthLaw

SCHEMA = "motcua.publication/1"
_RATIO_DECIMALS = 10
_EXACT_DECIMALS = 6
"""Of points that are not rounded row by row, because their group is rounded once."""

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Khi chốt: which month, which edition, when, up to which event, under which files of law."""

    period: Period
    draft: int
    edition: int
    reason: str
    due_on: date
    frozen_at: datetime
    """Vietnamese wall-clock time; nothing later is known."""
    cursor: Cursor
    law: tuple[KeptFile, ...]

    @property
    def days_late(self) -> int:
        """How many days after the day the rule says; 0 on the day itself."""
        return max(0, (self.frozen_at.date() - self.due_on).days)


def document(evaluation: Evaluation, *, circumstances: Circumstances, month_law: MonthLaw) -> Document:
    """Return the whole result of the month: every unit, every indicator, what was counted and what it earned."""
    rules, now = evaluation.rules, circumstances
    return {
        "schema": SCHEMA,
        "month": str(now.period),
        "draft": now.draft,
        "edition": now.edition,
        "reason": now.reason,
        "due_on": now.due_on.isoformat(),
        "frozen_at": now.frozen_at.isoformat(timespec="microseconds"),
        "days_late": now.days_late,
        "log": {"transaction": now.cursor.transaction, "position": now.cursor.position},
        "law": [{"path": one.path, "sha256": one.sha256} for one in now.law],
        "rules": {
            "name": rules.name,
            "name_vi": rules.name_vi,
            "effective_from": rules.effective_from.isoformat(),
            "law_hash": rules.law_hash,
            "max_points": str(rules.max_points),
            "grades": [{"code": one.code, "name_vi": one.name_vi} for one in rules.grades],
        },
        "suppression": {"below": month_law.below, "tables": list(month_law.tables)},
        "licence": dict(month_law.licence),
        "groups": [
            {"code": one.code, "number": one.number, "name_vi": one.name_vi, "max_points": str(one.max_points)}
            for one in rules.groups
        ],
        "indicators": [_indicator(one) for one in rules.indicators],
        "units": [
            _unit(one, evaluation) for one in sorted(evaluation.scorecard.units, key=lambda scored: scored.unit.code)
        ],
    }


def read(content: bytes) -> Document:
    """Return the document that the bytes hold."""
    found: Document = json.loads(content)
    return found


def circumstances(frozen: Document) -> Circumstances:
    """Return under which circumstances the document was made, to make it again."""
    return Circumstances(
        period=Period.parse(frozen["month"]),
        draft=frozen["draft"],
        edition=frozen["edition"],
        reason=frozen["reason"],
        due_on=date.fromisoformat(frozen["due_on"]),
        frozen_at=datetime.fromisoformat(frozen["frozen_at"]),
        cursor=Cursor(frozen["log"]["transaction"], frozen["log"]["position"]),
        law=tuple(KeptFile(one["path"], one["sha256"]) for one in frozen["law"]),
    )


def _indicator(one: Indicator) -> Document:
    return {
        "code": one.code,
        "number": one.number,
        "group": one.group,
        "name_vi": one.name_vi,
        "max_points": str(one.max_points),
        "numerator": one.numerator,
        "denominator": list(one.denominator),
        "is_scored": one.is_scored,
    }


def _unit(scored: UnitScore, evaluation: Evaluation) -> Document:
    decimals = evaluation.rules.rounding.decimals
    as_one = {group.code for group in evaluation.rules.groups if group.round_as_one}
    return {
        "code": scored.unit.code,
        "name": scored.unit.name,
        "level": scored.unit.level,
        "parent": scored.unit.parent,
        "total": canonical.decimal(scored.total, decimals=decimals),
        "grade": scored.grade.code if scored.grade else None,
        "rank": scored.rank,
        "rank_of": scored.rank_of,
        "missing": list(scored.missing),
        "notes": sorted(evaluation.measures.notes.get(scored.unit.code, ())),
        "groups": [
            {"code": one.code, "points": canonical.decimal(one.points, decimals=decimals)} for one in scored.groups
        ],
        "rows": [_row(one, decimals=_EXACT_DECIMALS if one.group in as_one else decimals) for one in scored.rows],
    }


def _row(row: Row, *, decimals: int) -> Document:
    return {
        "code": row.code,
        "numerator": row.count.numerator,
        "denominator": row.count.denominator,
        "ratio": canonical.decimal(row.ratio, decimals=_RATIO_DECIMALS),
        "points": canonical.decimal(row.points, decimals=decimals),
        "basis": row.basis.value,
        "inherited_from": row.inherited_from,
    }


def unit_codes(frozen: Document) -> Sequence[str]:
    """Return the codes of the units in the order of the document."""
    return [unit["code"] for unit in frozen["units"]]
