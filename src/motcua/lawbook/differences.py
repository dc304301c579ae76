"""What changed between two rule sets or versions, value by value."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from motcua.lawbook.indicator_sets import Indicator, IndicatorSet, ScoringRule, Undivided
from motcua.lawbook.pages import AWARD_VI, STATUS_VI

_RULES_VI = {ScoringRule.LINEAR: "theo tỷ lệ", ScoringRule.INFORMATION: "chỉ để tham khảo"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs; None where a side does not have it."""

    place: str
    what: str
    before: str | None
    after: str | None


def between(before: IndicatorSet, after: IndicatorSet) -> tuple[Difference, ...]:
    """Return every value that differs, in the order of the later set, what it lacks last."""
    old, new = _values(before), _values(after)
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(
        Difference(place=place, what=what, before=old.get((place, what)), after=new.get((place, what)))
        for place, what in keys
        if old.get((place, what)) != new.get((place, what))
    )


def _values(rules: IndicatorSet) -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {
        ("bộ", "tên"): rules.name_vi,
        ("bộ", "tình trạng"): STATUS_VI[rules.status],
        ("bộ", "điểm tối đa"): _text(rules.max_points),
        ("bộ", "làm tròn"): f"{rules.rounding.decimals} chữ số, 5 thì lên",
    }
    for group in rules.groups:
        place = f"nhóm {group.code}"
        found[place, "tên"] = group.name_vi
        found[place, "điểm tối đa"] = _text(group.max_points)
        found[place, "làm tròn một lần"] = "có" if group.round_as_one else "không"
    for indicator in rules.indicators:
        found |= {(indicator.code, what): value for what, value in _of_indicator(indicator).items()}
    for name, value in rules.facts.items():
        found["cách tính", name] = str(value)
    for grade in rules.grades:
        found[f"xếp loại {grade.name_vi}", "từ điểm"] = _text(grade.from_points)
    return found


def _of_indicator(indicator: Indicator) -> Mapping[str, str]:
    scoring, absent = indicator.scoring, "chưa đo được"
    values = {
        "số thứ tự": indicator.number,
        "tên": indicator.name_vi,
        "nhóm": indicator.group,
        "điểm tối đa": _text(indicator.max_points),
        "tử số": indicator.numerator or absent,
        "mẫu số": " | ".join(indicator.denominator) or absent,
        "nhân với tỷ lệ của": indicator.times_ratio_of or "không",
        "cách quy điểm": _RULES_VI[scoring.rule],
        "đạt tối đa từ tỷ lệ": _text(scoring.full_at),
        "chặn ở điểm tối đa": "có" if scoring.is_capped else "không",
        "mẫu số bằng 0": _undivided(indicator.zero_denominator),
        "không có số liệu": _undivided(indicator.null_value),
        "lấy theo tỉnh": "có" if indicator.inherit else "không",
        "không áp dụng": "không",
    }
    if indicator.not_applicable is not None:
        given = indicator.not_applicable
        values["không áp dụng"] = f"{', '.join(given.levels)}: {AWARD_VI[given.points]}"
    return values


def _undivided(undivided: Undivided) -> str:
    ratio = f", tỷ lệ hiện {_text(undivided.ratio)}" if undivided.ratio is not None else ""
    return AWARD_VI[undivided.points] + ratio


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f").replace(".", ",")
