"""The procedure and the unit behind a name: what is the same, what only looks alike, what a person decides."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.ingest import matching, matching_units
from motcua.ingest.matching import CatalogueProcedure, How, Matcher
from motcua.ingest.matching_names import MatchingRules
from motcua.ingest.matching_units import KnownUnit, UnitMatcher
from motcua.kernel import text
from motcua.kernel.errors import UserError

RULES = MatchingRules.read(None)
NAMES = {
    "1.001193": "Thủ tục đăng ký khai sinh",
    "1.004884": "Thủ tục đăng ký lại khai sinh",
    "2.000528": "Thủ tục đăng ký khai sinh có yếu tố nước ngoài",
    "1.000894": "Đăng ký kết hôn",
    "1.004002": "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
    "1.004003": "Cấp giấy phép xây dựng cải tạo đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
    "1.004004": "Cấp lại giấy phép xây dựng đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
    "1.005001": "Cấp chứng chỉ hành nghề đấu giá",
    "1.006001": "Hỗ trợ phát triển sản xuất cộng đồng",
    "1.006002": "Hỗ trợ phát triển sản xuất cộng đồng",
}
SECTORS = {"1.006001": "Giảm nghèo", "1.006002": "Nông nghiệp"}


def _matcher(decisions: Any = None) -> Any:
    procedures = [CatalogueProcedure(code=code, name=name, sector=SECTORS.get(code)) for code, name in NAMES.items()]
    return Matcher(procedures, rules=RULES, decisions=decisions)


@pytest.mark.parametrize(
    "name",
    [
        "Thủ tục đăng ký khai sinh",
        "ĐĂNG KÝ KHAI SINH",
        "dang ky khai sinh",
        "Đăng kí khai sinh",
        "1. Đăng ký khai sinh",
        "12) Thủ tục hành chính: Đăng ký khai sinh.",
        "Đăng ký khai sinh (cấp xã)",
        "Đăng ký khai sinh - Cấp xã",
        "Đăng ký khai sinh (toàn trình) (cấp xã)",
        "Đăng ký khai sinh [Dịch vụ công trực tuyến toàn trình]",
        "1.001193 - Đăng ký khai sinh",
        "Đăng ký khai sinh (1.001193.000.00.00.H01)",
    ],
)
def test_the_same_procedure_is_found_however_its_name_is_dressed(name: Any) -> None:
    match = _matcher().match(name)

    assert match.code == "1.001193"
    assert match.confidence >= 0.98


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Đăng ký lại khai sinh", "1.004884"),
        ("Đăng ký khai sinh có yếu tố nước ngoài", "2.000528"),
        ("Cấp giấy phép xây dựng mới đối với công trình cấp III, IV và nhà ở riêng lẻ", "1.004002"),
    ],
)
def test_a_word_more_or_less_makes_another_procedure(name: Any, code: Any) -> None:
    assert _matcher().match(name).code == code


@pytest.mark.parametrize(
    "name",
    [
        "Đăng ký lại kết hôn",
        "Cấp lại chứng chỉ hành nghề đấu giá",
        "Thu hồi chứng chỉ hành nghề đấu giá",
        "Gia hạn giấy phép xây dựng đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
        "Xác nhận thông tin về cư trú",
        "",
        "?!",
    ],
)
def test_what_only_looks_alike_is_left_to_a_person(name: Any) -> None:
    match = _matcher().match(name)

    assert (match.code, match.how) == (None, How.NONE)
    assert match.confidence < RULES.threshold


def test_of_equal_names_the_sector_decides_and_without_it_all_are_shown() -> None:
    matcher = _matcher()

    alone = matcher.match("Hỗ trợ phát triển sản xuất cộng đồng")

    assert matcher.match("Hỗ trợ phát triển sản xuất cộng đồng", sector="NÔNG NGHIỆP").code == "1.006002"
    assert (alone.code, alone.how) == (None, How.AMBIGUOUS)
    assert [one.code for one in alone.candidates] == ["1.006001", "1.006002"]


def test_at_most_three_candidates_are_shown_the_best_first() -> None:
    candidates = _matcher().match("Cấp giấy phép xây dựng").candidates

    assert len(candidates) == 3
    assert [one.confidence for one in candidates] == sorted((one.confidence for one in candidates), reverse=True)


def test_a_decision_wins_over_the_same_name_and_one_with_a_sector_over_one_without(tmp_path: Path) -> None:
    file = tmp_path / "quyet-dinh.csv"
    file.write_text(
        "name;sector;procedure_code\nĐăng ký khai sinh;;-\nĐĂNG KÝ KHAI SINH;Hộ tịch;1.004884.H01\nĐăng ký kết hôn;;\n",
        encoding="utf-8-sig",
    )
    matcher = _matcher(matching.read_decisions(file))

    assert matcher.match("Đăng ký khai sinh", sector="Hộ tịch").code == "1.004884"
    assert (matcher.match("Đăng ký khai sinh").code, matcher.match("Đăng ký khai sinh").how) == (None, How.DECIDED)
    assert matcher.match("Đăng ký kết hôn").how is How.EXACT


@pytest.mark.parametrize(
    "said", ["name,sector,procedure_code\nA,,khai sinh\n", "ten,ma\nA,1.001193\n", b"\xff\xfe\x00name"]
)
def test_a_file_of_decisions_that_cannot_be_meant_is_refused(tmp_path: Path, said: Any) -> None:
    file = tmp_path / "quyet-dinh.csv"
    file.write_bytes(said if isinstance(said, bytes) else said.encode())

    with pytest.raises(UserError):
        matching.read_decisions(file)


def test_a_province_sets_its_own_threshold(tmp_path: Path) -> None:
    (tmp_path / "procedures.toml").write_text("threshold = 1.5\n", encoding="utf-8")
    with pytest.raises(UserError, match="Ngưỡng"):
        MatchingRules.read(tmp_path)
    (tmp_path / "procedures.toml").write_text('threshold = 0.5\ndrop_starts = ["việc"]\n', encoding="utf-8")

    rules = MatchingRules.read(tmp_path)

    assert rules.threshold == 0.5
    assert rules.comparable("Việc đăng ký kết hôn").bare == rules.comparable("Đăng ký kết hôn").bare


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=10)))
def test_every_name_gets_an_answer_with_a_confidence_from_0_to_1(name: Any, sector: Any) -> None:
    match = _matcher().match(name, sector=sector)

    assert 0 <= match.confidence <= 1
    assert match.code is None or match.code in NAMES
    assert all(0 <= one.confidence <= 1 for one in match.candidates)


@given(st.sampled_from(sorted(NAMES)), st.sampled_from([str.upper, text.fold, lambda one: f"  3. {one} (cấp xã)"]))
def test_a_name_of_the_catalogue_never_gets_another_code(code: Any, change: Any) -> None:
    match = _matcher().match(change(NAMES[code]), sector=SECTORS.get(code))

    assert match.code == code


UNITS = UnitMatcher(
    [
        KnownUnit(code="H01", name="UBND tỉnh An Giang", kind="province"),
        KnownUnit(code="H01.07", name="Sở Tư pháp", kind="department"),
        KnownUnit(code="H01.08", name="Thanh tra tỉnh An Giang", kind="department"),
        KnownUnit(code="H01.123", name="UBND xã Mỹ Đức", kind="commune"),
        KnownUnit(code="H01.60.12", name="UBND xã Mỹ Đức", kind="commune", is_closed=True),
        KnownUnit(code="H21", name="UBND tỉnh Gia Lai", kind="province"),
        KnownUnit(code="H21.12", name="Sở Tư pháp", kind="department"),
        KnownUnit(code="30298", name="Xã Mỹ Đức", kind="commune"),
    ]
)


@pytest.mark.parametrize(
    ("name", "dossier", "unit"),
    [
        ("Sở Tư pháp", "H01.07-260302-0001", "H01.07"),
        ("SO TU PHAP", "H21.99-260302-0001", "H21.12"),
        ("Sở Tư pháp tỉnh An Giang", "H01-260302-0001", "H01.07"),
        ("Thanh tra", "H01-260302-0001", "H01.08"),
        ("Ủy ban nhân dân xã Mỹ Đức", "H01-260302-0001", "H01.123"),
        ("Bộ phận Tiếp nhận và Trả kết quả xã Mỹ Đức", "H01-260302-0001", "H01.123"),
        ("H01.55", "H01-260302-0001", "H01.55"),
        ("000.00.12.H21", None, "H21.12"),
    ],
)
def test_a_unit_is_found_by_its_name_within_the_province_of_the_dossier(name: Any, dossier: Any, unit: Any) -> None:
    found = UNITS.find(code=None, name=name, dossier_code=dossier)

    assert found == matching_units.FoundUnit(unit, is_sure=True)


def test_a_name_that_every_province_has_is_not_guessed() -> None:
    found = UNITS.find(code=None, name="Sở Tư pháp", dossier_code=None)

    assert found == matching_units.FoundUnit("name:so tu phap", is_sure=False)
    assert UNITS.unknown["Sở Tư pháp"] == 1


def test_the_name_of_a_person_is_no_unit() -> None:
    assert UNITS.named("Nguyễn Văn Mẫu", dossier_code="H01-260302-0001") is None


@pytest.mark.shared
def test_real_names_find_themselves_and_cut_ones_are_hardly_ever_taken_for_another(
    shared_data: Callable[[str], Path],
) -> None:
    levels = {"Cấp bộ": "ministry", "Cấp tỉnh": "province", "Cấp xã": "commune"}
    with shared_data("tthc-catalogue-dvcqg-2026/procedures.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    procedures = [
        CatalogueProcedure(
            code=one["ma_thu_tuc"],
            name=one["ten_thu_tuc"],
            sector=one["linh_vuc"],
            levels=frozenset(levels[part] for part in one["cap_thuc_hien"].split(", ") if part in levels),
        )
        for one in records
    ]
    matcher = Matcher(procedures, rules=RULES)
    whole = [(one, matcher.match(one.name, sector=one.sector)) for one in procedures]
    dressed = [(one, matcher.match(f"7. thủ tục {text.fold(one.name)}", sector=one.sector)) for one in procedures]
    cut = [(one, matcher.match(" ".join(one.name.split()[:-1]), sector=one.sector)) for one in procedures[::3]]

    # What is left open are procedures of one name and sector: a person, or the unit's level, decides those.
    for matches, found in ((whole, 0.98), (dressed, 0.96)):
        assert sum(match.code == one.code for one, match in matches) > found * len(procedures)
        assert not [one for one, match in matches if match.code is not None and match.code != one.code]
    wrong = [one for one, match in cut if match.code is not None and match.code != one.code]
    assert len(wrong) < 0.005 * len(cut)
