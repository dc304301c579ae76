"""Reading an indicator set from its file, refusing whatever could not be scored."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from motcua.kernel.citation import Citation
from motcua.lawbook import files
from motcua.lawbook.indicator_sets import (
    Award,
    Grade,
    Indicator,
    IndicatorGroup,
    IndicatorSet,
    NotApplicable,
    Rounding,
    RoundingMode,
    Scoring,
    ScoringRule,
    Status,
    Undivided,
)
from motcua.lawbook.reading import Table

_ONE = Decimal(1)


def read(path: Path) -> IndicatorSet:
    """Return the set that the file holds, checked to be whole: its groups add up and every name in it exists.

    Raises:
        LawFileError: the file, the table and what is wrong with it.
    """
    return of_content(path, files.read(path))


def of_content(path: Path, content: Mapping[str, Any]) -> IndicatorSet:
    """Return the set that the content of a file holds; see ``read``."""
    top = Table(path, "", content)
    top.only(
        *("set", "variant", "name_vi", "effective_from", "effective_to", "status", "max_points", "rounding"),
        *("grade", "group", "indicator", "facts", "citation", "points_citation", "note_vi"),
    )
    citation = top.citation()
    points_citation = top.citation_or("points_citation", citation)
    facts = top.table("facts") if top.has("facts") else Table(path, "[facts]", {})
    indicators = tuple(_indicator(table, points_citation) for table in top.tables("indicator"))
    found = IndicatorSet(
        set=top.text("set"),
        variant=top.text("variant", ""),
        name_vi=top.text("name_vi"),
        effective_from=_named_day(top, path),
        effective_to=top.day_if_given("effective_to"),
        status=Status(top.one_of("status", tuple(Status))),
        max_points=top.number("max_points"),
        rounding=_rounding(top.table("rounding")),
        grades=tuple(_grade(table) for table in top.tables("grade")),
        groups=tuple(_group(table) for table in top.tables("group")),
        indicators=indicators,
        facts=MappingProxyType({name: _fact(facts, name) for name in facts.content}),
        fact_citations=MappingProxyType({name: facts.table(name).citation() for name in facts.content}),
        citation=citation,
        note_vi=top.text("note_vi", ""),
        path=path,
        law_hash=files.content_hash(content),
    )
    _must_be_whole(top, found)
    return found


def _named_day(top: Table, path: Path) -> date:
    day = top.day("effective_from")
    if day.isoformat() != path.stem:
        top.fail(
            f"effective_from là {day.isoformat()} nhưng tệp tên {path.name}.",
            f"Hãy đặt tên tệp là {day.isoformat()}.toml hoặc sửa effective_from.",
        )
    return day


def _rounding(table: Table) -> Rounding:
    table.only("decimals", "mode", "citation")
    decimals = table.whole("decimals")
    if not 0 <= decimals <= 6:
        table.fail(f"số chữ số thập phân {decimals} không dùng được.", "Hãy ghi từ 0 đến 6.")
    return Rounding(
        decimals=decimals,
        mode=RoundingMode(table.one_of("mode", tuple(RoundingMode))),
        citation=table.citation(),
    )


def _grade(table: Table) -> Grade:
    table.only("code", "name_vi", "from_points", "citation")
    return Grade(
        code=table.text("code"),
        name_vi=table.text("name_vi"),
        from_points=table.number("from_points"),
        citation=table.citation(),
    )


def _group(table: Table) -> IndicatorGroup:
    table.only(
        "code", "number", "name_vi", "max_points", "round_as_one", "also_named", "citation", "round_citation", "note_vi"
    )
    citation = table.citation()
    return IndicatorGroup(
        code=table.text("code"),
        number=table.text("number", ""),
        name_vi=table.text("name_vi"),
        max_points=_points(table),
        round_as_one=table.is_on("round_as_one", default=False),
        also_named=table.texts("also_named"),
        citation=citation,
        round_citation=table.citation_or("round_citation", citation),
        note_vi=table.text("note_vi", ""),
    )


def _points(table: Table) -> Decimal:
    points = table.number("max_points")
    if points < 0:
        table.fail(f"điểm tối đa {points} là số âm.", "Hãy ghi số không âm.")
    return points


def _indicator(table: Table, points_citation: Citation) -> Indicator:
    table.only(
        *("code", "number", "group", "name_vi", "numerator", "denominator", "times_ratio_of", "max_points"),
        *("scoring", "zero_denominator", "null_value", "inherit", "not_applicable", "remedy_vi", "not_counted_vi"),
        *(
            "citation",
            "scoring_citation",
            "zero_citation",
            "null_citation",
            "inherit_citation",
            "points_citation",
            "note_vi",
        ),
    )
    citation = table.citation()
    scoring = _scoring(table, citation)
    points = _points(table)
    if scoring.rule is ScoringRule.INFORMATION and points != 0:
        table.fail(
            f"chỉ số chỉ để tham khảo nhưng có {points} điểm.",
            'Hãy để max_points = 0, hoặc chọn scoring = { rule = "linear" }.',
        )
    numerator = table.text("numerator") if table.has("numerator") else None
    denominator = _denominator(table)
    if (numerator is None) != (not denominator):
        table.fail("phải có cả tử số và mẫu số, hoặc không có cả hai.", "Hãy ghi đủ numerator và denominator.")
    if numerator is None and not table.text("not_counted_vi", "").strip():
        table.fail(
            "không có tử số, mẫu số mà không nói vì sao.",
            "Hãy ghi numerator, denominator, hoặc lý do ở not_counted_vi.",
        )
    is_scored = scoring.rule is not ScoringRule.INFORMATION
    return Indicator(
        code=table.text("code"),
        number=table.text("number"),
        group=table.text("group"),
        name_vi=table.text("name_vi"),
        max_points=points,
        scoring=scoring,
        numerator=numerator,
        denominator=denominator,
        times_ratio_of=table.text("times_ratio_of") if table.has("times_ratio_of") else None,
        zero_denominator=_undivided(table, "zero_denominator", table.citation_or("zero_citation", citation), is_scored),
        null_value=_undivided(table, "null_value", table.citation_or("null_citation", citation), is_scored),
        inherit=table.is_on("inherit", default=False),
        not_applicable=_not_applicable(table, citation),
        citation=citation,
        points_citation=table.citation_or("points_citation", points_citation),
        inherit_citation=table.citation_or("inherit_citation", citation),
        remedy_vi=table.text("remedy_vi", ""),
        not_counted_vi=table.text("not_counted_vi", ""),
        note_vi=table.text("note_vi", ""),
    )


def _scoring(table: Table, citation: Citation) -> Scoring:
    given = table.table("scoring")
    given.only("rule", "full_at", "cap", "citation")
    full_at = given.number("full_at", _ONE)
    if not 0 < full_at <= 1:
        given.fail(f"ngưỡng đạt điểm tối đa {full_at} nằm ngoài (0; 1].", "Hãy ghi tỷ lệ, ví dụ 0.8 cho 80 %.")
    return Scoring(
        rule=ScoringRule(given.one_of("rule", tuple(ScoringRule))),
        full_at=full_at,
        is_capped=given.is_on("cap", default=True),
        citation=given.citation_or("citation", table.citation_or("scoring_citation", citation)),
    )


def _denominator(table: Table) -> tuple[str, ...]:
    if not table.has("denominator"):
        return ()
    if isinstance(table.content["denominator"], str):
        return (table.text("denominator"),)
    given = table.table("denominator")
    given.only("larger_of")
    measures = given.texts("larger_of")
    if len(measures) < 2:
        given.fail("larger_of cần ít nhất hai số đếm.", 'Hãy ghi như { larger_of = ["a", "b"] }.')
    return measures


def _undivided(table: Table, name: str, citation: Citation, is_scored: bool) -> Undivided:  # noqa: FBT001
    if not table.has(name) and not is_scored:
        return Undivided(points=Award.NONE, ratio=None, citation=citation)
    given = table.table(name)
    given.only("points", "ratio", "citation")
    ratio = given.number("ratio") if given.has("ratio") else None
    if ratio is not None and not 0 <= ratio <= 1:
        given.fail(f"tỷ lệ {ratio} nằm ngoài [0; 1].", "Hãy ghi tỷ lệ, ví dụ 1 cho 100 %.")
    return Undivided(
        points=Award(given.one_of("points", tuple(Award))),
        ratio=ratio,
        citation=given.citation_or("citation", citation),
    )


def _not_applicable(table: Table, citation: Citation) -> NotApplicable | None:
    if not table.has("not_applicable"):
        return None
    given = table.table("not_applicable")
    given.only("levels", "points", "citation")
    levels = given.texts("levels")
    if not levels:
        given.fail("không nêu cấp nào.", 'Hãy ghi như { levels = ["commune"], points = "full" }.')
    return NotApplicable(
        levels=levels,
        points=Award(given.one_of("points", tuple(Award))),
        citation=given.citation_or("citation", citation),
    )


def _fact(facts: Table, name: str) -> bool | int | str:
    given = facts.table(name)
    given.only("value", "citation")
    value = given.content.get("value")
    if not isinstance(value, (bool, int, str)):
        given.fail(f"giá trị {value!r} không dùng được.", "Hãy ghi { value = …, citation = { … } }.")
    return value


def _must_be_whole(top: Table, found: IndicatorSet) -> None:
    _must_be_unique(top, "group", tuple(group.code for group in found.groups))
    _must_be_unique(top, "indicator", tuple(indicator.code for indicator in found.indicators))
    _must_be_unique(top, "grade", tuple(grade.code for grade in found.grades))
    groups = {group.code: group for group in found.groups}
    codes = {indicator.code for indicator in found.indicators}
    for indicator in found.indicators:
        if indicator.group not in groups:
            top.fail(
                f"[[indicator]] {indicator.code}: không có nhóm «{indicator.group}».",
                "Hãy ghi một trong: " + ", ".join(groups) + ".",
            )
        factor = indicator.times_ratio_of
        if factor is not None and (factor not in codes or factor == indicator.code):
            top.fail(
                f"[[indicator]] {indicator.code}: times_ratio_of «{factor}» không phải chỉ số khác của bộ.",
                "Hãy ghi mã một chỉ số của bộ.",
            )
    for group in found.groups:
        total = sum((indicator.max_points for indicator in found.indicators_of(group.code)), Decimal(0))
        if total != group.max_points:
            top.fail(
                f"[[group]] {group.code}: điểm các chỉ số cộng lại là {total}, nhóm ghi {group.max_points}.",
                "Hãy sửa max_points của nhóm hoặc của các chỉ số.",
            )
    total = sum((group.max_points for group in found.groups), Decimal(0))
    if total != found.max_points:
        top.fail(
            f"điểm các nhóm cộng lại là {total}, bộ ghi {found.max_points}.",
            "Hãy sửa max_points của bộ hoặc của các nhóm.",
        )
    if found.grades and min(grade.from_points for grade in found.grades) > 0:
        top.fail("khoảng xếp loại không phủ đến 0 điểm.", "Hãy thêm xếp loại có from_points = 0.")
    starts = [grade.from_points for grade in found.grades]
    for grade in found.grades:
        if starts.count(grade.from_points) > 1:
            top.fail(
                f"[[grade]] {grade.code}: có xếp loại khác cũng từ {grade.from_points} điểm.",
                "Hãy ghi mỗi xếp loại một from_points.",
            )


def _must_be_unique(top: Table, kind: str, codes: tuple[str, ...]) -> None:
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        top.fail(f"[[{kind}]] {twice[0]} có hai lần.", "Hãy bỏ hoặc đổi mã một mục.")
