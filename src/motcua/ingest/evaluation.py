"""Reads the portal's evaluation figures from saved JSON: its seven services, and files that put them together.

Two shapes occur: A, ``overview``/``evaluation[]`` with ``metrics[]``; B, ``parent``/``children[]`` with named counts.
Saved files nest them in envelopes, lists and objects, so units are looked for at any depth. Null stays
unknown, never 0.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from motcua.ingest.limits import LIMITS
from motcua.ingest.portal_rows import Figures, no_period, period_named, unit_of
from motcua.ingest.reading import Batch, ImportContext
from motcua.kernel.errors import Problem, UserError
from motcua.kernel.time import Period

UNIT_KEYS = ("departmentCode", "departmentName", "departmentId")

# The counts of shape B -> the code of `motcua points` for a metric the portal has no code for.
_COUNTED: dict[str, tuple[tuple[str, ...], str]] = {
    "ON_TIME": (("totalOnTime",), "totalReceived"),
    "ONLINE_PROVISION": (("partialCount", "fullCount"), "authorityCount"),
    "ONLINE_WITH_DOSSIER": (("onlineDossierCount",), "onlineServiceTotal"),
    "ONLINE_DOSSIERS": (("channelOnlineSum",), "channelTotalSum"),
    "PAY_PROVISION": (("totalFeeDossierFormality",), "totalFeeFormality"),
    "PAY_FORMALITIES": (("totalDossierOnlineFormalityPaymentSuccess",), "totalFeeFormality"),
    "PAY_DOSSIERS": (("totalDossierOnlinePaymentSuccess",), "totalDossierFinancialObligation"),
}

# A metric tells which group the score beside it belongs to.
_GROUP_OF = {
    "PUBLISH_ON_TIME": "CKMB",
    "PUBLIC_CONTENT_FULL": "CKMB",
    "DOSSIER_SYNC": "CKMB",
    "ON_TIME": "TDGQ",
    "ONLINE_PROVISION": "ONLINE",
    "ONLINE_WITH_DOSSIER": "ONLINE",
    "ONLINE_DOSSIERS": "ONLINE",
    "PAY_PROVISION": "TTTT",
    "PAY_FORMALITIES": "TTTT",
    "PAY_DOSSIERS": "TTTT",
    "ORIGINAL_RESULT_AVAILABLE": "MDSH",
    "SO_HOA_GIAY_TO_GIAI_QUYET": "MDSH",
    "DOSSIER_RECEIVING_SATISFACTION": "MDHL",
    "PETITION_PROCESSING_ON_TIME": "MDHL",
}

_DEEPEST = 12


def recognises(document: object) -> bool:
    """Tell whether the JSON document holds the portal's evaluation."""
    return next(_units(document, depth=0), None) is not None


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read the figures of every unit in the file.

    Raises:
        UserError: the file is damaged or too large, holds no unit, or does not say its period.
    """
    document = load(path, name=context.name)
    period = _period(document) or period_named(Path(context.name).stem)
    if period is None:
        raise no_period(context.name)
    figures = Figures(context.name)
    for unit in _units(document, depth=0):
        figures.rows += 1
        _take_unit(unit, period=period, figures=figures)
    if not figures.rows:
        raise UserError(
            "Không tìm thấy đơn vị nào trong tệp.",
            remedy="Hãy lưu nguyên phản hồi JSON của Cổng rồi nhập lại.",
            where=context.name,
        )
    yield figures.batch()


def load(path: Path, *, name: str) -> object:
    """Return a JSON document that must be held whole.

    Raises:
        UserError: it is too large, or damaged.
    """
    if path.stat().st_size > LIMITS.document:
        raise UserError(
            f"Tệp JSON lớn hơn {LIMITS.document >> 20} MB.", remedy="Hãy chia nhỏ tệp rồi nhập lại.", where=name
        )
    try:
        found: object = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UserError(
            "Tệp JSON bị hỏng hoặc bị cắt cụt.",
            remedy="Hãy xuất hoặc tải lại tệp rồi nhập lại; chưa có gì được ghi.",
            where=name,
        ) from error
    return found


def _units(node: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    """Go through the objects that are about a unit and carry figures of it."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for one in node:
            yield from _units(one, depth=depth + 1)
    elif isinstance(node, dict):
        if any(key in node for key in UNIT_KEYS) and _has_figures(node):
            yield node
        for key, value in node.items():
            if key not in {"metrics", "componentIndicators"}:
                yield from _units(value, depth=depth + 1)


def _has_figures(node: Mapping[str, Any]) -> bool:
    return (
        any(isinstance(node.get(key), (list, dict)) for key in ("metrics", "componentIndicators", "groupScores"))
        or "totalScore" in node
        or any(denominator in node for _, denominator in _COUNTED.values())
    )


def _take_unit(unit: Mapping[str, Any], *, period: str, figures: Figures) -> None:
    name = unit.get("departmentName")
    code = unit_of(code=unit.get("departmentCode"), name=name, department_id=unit.get("departmentId"))
    if code is None:
        figures.refused.append(
            Problem(
                where=figures.where, row=figures.rows, column="departmentCode",
                what=f"đơn vị «{str(name)[:60]}» không có mã.",
                remedy="Bản ghi không được nhập; hãy lưu lại phản hồi có departmentCode hoặc departmentId.",
            )
        )  # fmt: skip
        return
    said = name if isinstance(name, str) else None
    taken: dict[str, dict[str, object]] = {}
    groups = unit.get("groupScores")
    for group, points in groups.items() if isinstance(groups, dict) else ():
        taken.setdefault(str(group), {}).update(points=points)
    parts = unit.get("componentIndicators")
    for part, found in parts.items() if isinstance(parts, dict) else ():
        if isinstance(found, dict):
            _take_group(str(part).split("_", 1)[0], found, taken=taken)
    if "totalScore" in unit:
        taken.setdefault("TOTAL", {}).update(
            points=unit.get("totalScore"), max_points=unit.get("totalMaxScore"), ratio=unit.get("ratio"),
            rank=unit.get("rank"),
        )  # fmt: skip
    else:
        _take_group(None, unit, taken=taken)
    for metric, given in taken.items():
        figures.add(unit_code=code, unit_name=said, period=period, metric=metric, given=given, row=figures.rows)


def _take_group(group: str | None, found: Mapping[str, Any], *, taken: dict[str, dict[str, object]]) -> None:
    """Take a group's metrics, counts and own score; the metrics tell which group it is if nothing else does."""
    metrics = found.get("metrics")
    for metric in metrics if isinstance(metrics, list) else ():
        if isinstance(metric, dict) and isinstance(metric.get("code"), str):
            code = metric["code"]
            group = group or _GROUP_OF.get(code)
            taken.setdefault(code, {}).update(
                numerator=metric.get("numerator"), denominator=metric.get("denominator"), ratio=metric.get("ratio"),
                points=metric.get("score"), max_points=metric.get("maxScore"), flag=metric.get("dataQualityStatus"),
            )  # fmt: skip
    for code, (numerators, denominator) in _COUNTED.items():
        if denominator in found and any(name in found for name in numerators):
            group = group or _GROUP_OF[code]
            parts = [found.get(name) for name in numerators]
            taken.setdefault(code, {}).update(numerator=_sum(parts), denominator=found.get(denominator))
    if group is not None and ("score" in found or "maxScore" in found):
        own = taken.setdefault(group, {})
        own["points"] = found.get("score")
        own["max_points"] = found.get("maxScore")
        own["ratio"] = found.get("ratio")
        own["rank"] = found.get("rank")


def _sum(parts: list[object]) -> object:
    """Add counts; unknown if one is, and handed on as it is if it cannot be added."""
    numbers = [part for part in parts if isinstance(part, (int, float)) and not isinstance(part, bool)]
    if len(numbers) == len(parts):
        return sum(numbers)
    return next((part for part in parts if part is not None and part not in numbers), None)


def _period(document: object) -> str | None:
    """Return the period the file itself names, in ``metadata`` or in the request kept beside the answer."""
    if not isinstance(document, dict):
        return None
    for key in ("metadata", "request", "payload", "params"):
        asked = document.get(key)
        if isinstance(asked, dict) and isinstance(year := asked.get("year"), int) and 2000 <= year < 2100:
            kind, within = asked.get("timeType"), asked.get("period")
            quarter, month = asked.get("quarter") or within, asked.get("month") or within
            if kind == "quarter" and quarter in {1, 2, 3, 4}:
                return str(Period.quarter(year, int(quarter)))
            if kind == "month" and isinstance(month, int) and 1 <= month <= 12:
                return str(Period.month(year, month))
            if kind in {"year", None}:
                return str(Period.year(year))
    return None
