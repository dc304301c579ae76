"""A rule set as a page that a jurist can read: plain sentences, each with its source and how sure we are of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from motcua.kernel.citation import Certainty, Citation
from motcua.lawbook.indicator_sets import (
    Award,
    Indicator,
    IndicatorGroup,
    IndicatorSet,
    ScoringRule,
    Status,
    Undivided,
)

CERTAINTY_VI: Mapping[Certainty, str] = {
    Certainty.FOUND: "đã đọc được",
    Certainty.DERIVED: "suy ra",
    Certainty.RECALLED: "chưa đối chiếu",
}
_FACTS_VI: Mapping[str, str] = {
    "late_if_repeated_supplement": "Yêu cầu bổ sung quá một lần tính quá hạn",
    "late_if_officer_unnamed": "Thiếu tên, chức danh người thụ lý tính quá hạn",
    "unknown_due": "Hồ sơ không rõ hạn",
    "promulgate_lead_province": "Tỉnh ký công bố trước ngày hiệu lực (ngày làm việc)",
    "promulgate_lead_ministry": "Bộ ký công bố trước ngày hiệu lực (ngày làm việc)",
    "publish_within_province": "Tỉnh công khai sau ngày ký (ngày làm việc)",
    "publish_within_ministry": "Bộ công khai sau ngày ký (ngày làm việc)",
    "petition_refuse_within": "Từ chối, chuyển trả phản ánh, kiến nghị (ngày làm việc)",
    "petition_supplement_within": "Yêu cầu bổ sung phản ánh, kiến nghị (ngày làm việc)",
    "petition_resolve_within": "Trả lời phản ánh, kiến nghị (ngày làm việc)",
    "petition_publish_within": "Công khai trả lời (ngày làm việc)",
}
_VALUES_VI: Mapping[str, str] = {"on_time": "tính đúng hạn", "late": "tính quá hạn", "True": "có", "False": "không"}
_LEVELS_VI: Mapping[str, str] = {"commune": "xã, phường, đặc khu", "department": "sở, ban, ngành", "district": "huyện"}
AWARD_VI: Mapping[Award, str] = {
    Award.NONE: "để trống, không cộng",
    Award.ZERO: "0 điểm",
    Award.FULL: "điểm tối đa",
}
STATUS_VI: Mapping[Status, str] = {Status.IN_FORCE: "đang dùng", Status.DRAFT: "DỰ THẢO"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the page: what it says, and where it stands in the law."""

    text: str
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One indicator: number, name, code, points, and the sentences about it."""

    number: str
    title: str
    code: str
    points: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One group of indicators, or what holds for the whole set."""

    title: str
    points: str
    entries: tuple[Entry, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole set."""

    title: str
    entries: tuple[Entry, ...]
    sections: tuple[Section, ...]


def page(rules: IndicatorSet, *, measure_names: Mapping[str, str]) -> Page:
    """Return the page of a set; ``measure_names`` gives the Vietnamese term of each measure."""
    until = f" đến {rules.effective_to:%d/%m/%Y}" if rules.effective_to else ""
    head = [
        Entry(
            f"{rules.version} · {STATUS_VI[rules.status]} · áp dụng từ {rules.effective_from:%d/%m/%Y}{until}"
            f" · tối đa {_number(rules.max_points)} điểm",
            rules.citation,
        ),
        Entry(f"Mã nội dung (sha256): {rules.law_hash}"),
    ]
    if rules.note_vi:
        head.insert(1, Entry(rules.note_vi))
    groups = tuple(_section(rules, group, measure_names) for group in rules.groups)
    return Page(title=rules.name_vi, entries=tuple(head), sections=(*groups, _general(rules)))


def _section(rules: IndicatorSet, group: IndicatorGroup, names: Mapping[str, str]) -> Section:
    entries = [Entry(f"Nhóm {group.code}, tối đa {_number(group.max_points)} điểm", group.citation)]
    if group.round_as_one:
        entries.append(Entry("Cộng điểm các chỉ số rồi mới làm tròn, một lần cho cả nhóm", group.round_citation))
    entries += [Entry(f"Lưu ý: {group.note_vi}")] if group.note_vi else []
    return Section(
        title=f"{group.number}. {group.name_vi}" if group.number else group.name_vi,
        points=f"{_number(group.max_points)} điểm",
        entries=tuple(entries),
        blocks=tuple(_block(indicator, names) for indicator in rules.indicators_of(group.code)),
    )


def _block(indicator: Indicator, names: Mapping[str, str]) -> Block:
    entries = [Entry(_ratio(indicator, names), indicator.citation)]
    if indicator.is_scored:
        entries.append(Entry(_points(indicator), indicator.scoring.citation))
        entries.append(Entry(f"Điểm tối đa {_number(indicator.max_points)}", indicator.points_citation))
        if indicator.numerator is not None:
            entries.append(_undivided("Mẫu số bằng 0", indicator.zero_denominator))
        entries.append(_undivided("Không có số liệu", indicator.null_value))
    if indicator.inherit:
        entries.append(Entry("Đơn vị dưới tỉnh mang tỷ lệ của tỉnh", indicator.inherit_citation))
    if indicator.not_applicable is not None:
        levels = ", ".join(_LEVELS_VI.get(level, level) for level in indicator.not_applicable.levels)
        entries.append(
            Entry(
                f"Không áp dụng cho {levels}: {AWARD_VI[indicator.not_applicable.points]}",
                indicator.not_applicable.citation,
            )
        )
    entries += [Entry(f"Lưu ý: {indicator.note_vi}")] if indicator.note_vi else []
    entries += [Entry(f"Việc cần làm: {indicator.remedy_vi}")] if indicator.remedy_vi else []
    return Block(
        number=indicator.number,
        title=indicator.name_vi,
        code=indicator.code,
        points=f"{_number(indicator.max_points)} điểm" if indicator.is_scored else "không tính điểm",
        entries=tuple(entries),
    )


def _ratio(indicator: Indicator, names: Mapping[str, str]) -> str:
    if indicator.numerator is None:
        return f"Chưa đo được: {indicator.not_counted_vi}"
    below = [names.get(measure, measure) for measure in indicator.denominator]
    divisor = f"«{below[0]}»" if len(below) == 1 else "số lớn hơn trong " + " và ".join(f"«{one}»" for one in below)
    factor = f", rồi nhân với tỷ lệ của {indicator.times_ratio_of}" if indicator.times_ratio_of else ""
    return f"Tỷ lệ = «{names.get(indicator.numerator, indicator.numerator)}» chia cho {divisor}{factor}"


def _points(indicator: Indicator) -> str:
    scoring, most = indicator.scoring, _number(indicator.max_points)
    if scoring.rule is ScoringRule.LINEAR and scoring.full_at == 1:
        return f"Điểm = {most} × tỷ lệ"
    percent = f"{_number(scoring.full_at * 100)} %"
    if not scoring.is_capped:
        return f"Điểm = {most} × tỷ lệ / {percent}, không chặn"
    return f"Điểm = {most} × tỷ lệ / {percent}, nhiều nhất {most} (đạt từ {percent})"


def _undivided(when: str, undivided: Undivided) -> Entry:
    shown = f", tỷ lệ hiện {_number(undivided.ratio * 100)} %" if undivided.ratio is not None else ""
    return Entry(f"{when}: {AWARD_VI[undivided.points]}{shown}", undivided.citation)


def _general(rules: IndicatorSet) -> Section:
    entries = [
        Entry(
            f"Làm tròn {rules.rounding.decimals} chữ số thập phân (5 thì lên) từng dòng; điểm nhóm, tổng điểm là tổng"
            " các dòng đã làm tròn",
            rules.rounding.citation,
        )
    ]
    for name, value in rules.facts.items():
        shown = _VALUES_VI.get(str(value), str(value))
        entries.append(Entry(f"{_FACTS_VI.get(name, name)}: {shown}", rules.fact_citations[name]))
    for grade in rules.grades:
        entries.append(Entry(f"Xếp loại {grade.name_vi}: từ {_number(grade.from_points)} điểm", grade.citation))
    return Section(title="Quy tắc chung", points="", entries=tuple(entries), blocks=())


def _number(value: Decimal) -> str:
    return format(value.normalize(), "f").replace(".", ",")


def source(citation: Citation) -> str:
    """Return a citation as a page shows it: the place, the document, and how sure we are."""
    return f"{citation} ({CERTAINTY_VI[citation.certainty]})"
