"""Rule sets as law files: what the three of QĐ 766 say, and that a new one needs a file and nothing else."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from motcua import lawbook
from motcua.kernel.citation import Certainty
from motcua.kernel.errors import UserError
from motcua.lawbook import differences, pages
from motcua.lawbook.indicator_sets import Award, IndicatorSet, ScoringRule, Status

ON = date(2026, 10, 10)
FORMULA = "Mô tả công thức tính chỉ số 766"


def _rules(variant: str, root: Path | None = None) -> IndicatorSet:
    return lawbook.load(root).indicator_set(f"qd766/{variant}", on=ON)


@pytest.mark.law("766/QĐ-TTg", "Bộ chỉ số kèm theo")
@pytest.mark.parametrize("variant", ["portal", "docx", "metrics"])
def test_six_groups_make_a_hundred_points(variant: str) -> None:
    groups = {group.code: group.max_points for group in _rules(variant).groups}

    assert groups == {"CKMB": 18, "TDGQ": 20, "CLGQ": 12, "TTTT": 10, "MDSH": 22, "MDHL": 18}


@pytest.mark.law(FORMULA, "chỉ số 4.2")
def test_digitised_dossiers_are_full_at_80_percent_in_the_description_and_not_on_the_portal() -> None:
    portal = _rules("portal").indicator("SO_HOA_GIAY_TO_GIAI_QUYET")
    docx = _rules("docx").indicator("SO_HOA_GIAY_TO_GIAI_QUYET")

    assert portal is not None
    assert portal.scoring.full_at == 1
    assert docx is not None
    assert docx.scoring.full_at == Decimal("0.8")


@pytest.mark.law("Điểm công bố trên Cổng DVCQG", "10/10/2026")
def test_units_take_the_province_s_values_in_1_1_to_1_3_only() -> None:
    inherited = {indicator.number for indicator in _rules("portal").indicators if indicator.inherit}

    assert inherited == {"1.1", "1.2", "1.3"}


def test_without_petitions_the_points_are_full() -> None:
    rules = _rules("portal")

    for code in ("PETITION_PROCESSING_ON_TIME", "PETITION_HANDLING_SATISFACTION"):
        indicator = rules.indicator(code)
        assert indicator is not None
        assert indicator.zero_denominator.points is Award.FULL
        assert indicator.zero_denominator.ratio == Decimal(0)


def test_the_wording_of_metrics_is_a_draft_that_gives_communes_what_does_not_apply_to_them() -> None:
    rules = _rules("metrics")
    spared = {
        indicator.number: indicator.not_applicable.points
        for indicator in rules.indicators
        if indicator.not_applicable and "commune" in indicator.not_applicable.levels
    }

    assert rules.status is Status.DRAFT
    assert spared == {"6": Award.FULL, "16": Award.FULL, "17": Award.FULL}


def test_what_cannot_be_counted_says_why() -> None:
    for variant in ("portal", "docx", "metrics"):
        for indicator in _rules(variant).indicators:
            assert bool(indicator.numerator) != bool(indicator.not_counted_vi), indicator.code


def test_the_bands_of_the_grades_are_marked_as_not_verified() -> None:
    rules = _rules("portal")

    assert {grade.citation.certainty for grade in rules.grades} == {Certainty.RECALLED}
    graded = {points: rules.grade(Decimal(points)) for points in ("89.99", "90", "0")}
    assert {points: grade.name_vi for points, grade in graded.items() if grade} == {
        "89.99": "Tốt",
        "90": "Xuất sắc",
        "0": "Yếu",
    }


def test_the_portal_calls_the_online_group_by_another_name_too() -> None:
    group = _rules("portal").group("ONLINE")

    assert group is not None
    assert group.code == "CLGQ"


@pytest.mark.parametrize(
    ("name", "said"),
    [("qd767/portal", "Không có bộ chỉ số"), ("../calendar", "Không có bộ chỉ số"), ("qd766", "Không có bộ chỉ số")],
)
def test_an_unknown_set_is_refused_with_the_names_there_are(name: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as refused:
        lawbook.load().indicator_set(name, on=ON)

    assert "qd766/portal" in refused.value.remedy


def test_before_its_first_day_no_version_is_in_force() -> None:
    with pytest.raises(UserError, match="31/12/2025"):
        lawbook.load().indicator_set("qd766/portal", on=date(2025, 12, 31))


NEW_SET = """
set = "tinh_x"
variant = ""
name_vi = "Bộ chỉ số của tỉnh X"
effective_from = {start}
status = "in_force"
max_points = 10
citation = {{ document = "766/QĐ-TTg", where = "Điều 3", certainty = "recalled" }}
[rounding]
decimals = 2
mode = "half_up"
citation = {{ document = "766/QĐ-TTg", where = "", certainty = "recalled" }}
[[group]]
code = "A"
name_vi = "Nhóm A"
max_points = 10
citation = {{ document = "766/QĐ-TTg", where = "", certainty = "recalled" }}
[[indicator]]
code = "ON_TIME"
number = "1"
group = "A"
name_vi = "Đúng hạn"
numerator = "dossiers.on_time"
denominator = "dossiers.received"
max_points = {first}
scoring = {{ rule = "linear", full_at = 0.95 }}
zero_denominator = {{ points = "zero" }}
null_value = {{ points = "none" }}
citation = {{ document = "766/QĐ-TTg", where = "", certainty = "recalled" }}
[[indicator]]
code = "POSTAL"
number = "2"
group = "A"
name_vi = "Qua bưu chính"
numerator = "dossiers.postal"
denominator = "dossiers.received"
max_points = {second}
scoring = {{ rule = "linear" }}
zero_denominator = {{ points = "zero" }}
null_value = {{ points = "none" }}
citation = {{ document = "766/QĐ-TTg", where = "", certainty = "recalled" }}
"""


def _add(law: Path, *, start: str, first: int, second: int) -> None:
    folder = law / "indicators" / "tinh_x"
    folder.mkdir(exist_ok=True)
    text = NEW_SET.format(start=start, first=first, second=second)
    (folder / f"{start}.toml").write_text(text, encoding="utf-8")


def test_a_new_rule_set_is_one_new_file(law: Path, faults: Callable[[], list[str]]) -> None:
    _add(law, start="2026-01-01", first=7, second=3)

    rules = lawbook.load(law).indicator_set("tinh_x", on=ON)

    assert faults() == []
    assert {one.code: str(one.max_points) for one in rules.indicators} == {"ON_TIME": "7", "POSTAL": "3"}
    assert rules.indicators[1].scoring.rule is ScoringRule.LINEAR


def test_the_version_in_force_follows_the_day(law: Path) -> None:
    _add(law, start="2026-01-01", first=7, second=3)
    _add(law, start="2026-07-01", first=6, second=4)
    book = lawbook.load(law)

    versions = [book.indicator_set("tinh_x", on=date(2026, month, day)).version for month, day in ((6, 30), (7, 1))]

    assert versions == ["tinh_x/2026-01-01", "tinh_x/2026-07-01"]


def test_a_diff_names_each_value_that_changed(law: Path) -> None:
    _add(law, start="2026-01-01", first=7, second=3)
    _add(law, start="2026-07-01", first=6, second=4)
    before, after = lawbook.load(law).indicator_versions("tinh_x")

    found = {(one.place, one.what): (one.before, one.after) for one in differences.between(before, after)}

    assert found == {("ON_TIME", "điểm tối đa"): ("7", "6"), ("POSTAL", "điểm tối đa"): ("3", "4")}


def test_the_hash_follows_what_the_file_says_and_not_how_it_is_written(law: Path) -> None:
    path = law / "indicators" / "qd766-portal" / "2026-01-01.toml"
    before = _rules("portal", law).law_hash
    text = path.read_text(encoding="utf-8")

    path.write_text("# chú thích\n\n" + text, encoding="utf-8")
    assert _rules("portal", law).law_hash == before
    path.write_text(text.replace("full_at = 0.9", "full_at = 0.91"), encoding="utf-8")
    assert _rules("portal", law).law_hash != before


@pytest.mark.parametrize("variant", ["portal", "docx", "metrics"])
def test_the_page_shows_every_indicator_with_its_source(variant: str) -> None:
    rules = _rules(variant)
    page = pages.page(rules, measure_names={})

    blocks = {block.code: block for section in page.sections for block in section.blocks}
    assert list(blocks) == [one.code for group in rules.groups for one in rules.indicators_of(group.code)]
    for block in blocks.values():
        assert block.entries[0].citation is not None
