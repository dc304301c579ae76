"""What ``motcua law check`` lets pass, and what it refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest

from motcua import lawbook
from motcua.lawbook import publishing

Faults = Callable[[], list[str]]

PORTAL = "indicators/qd766-portal/2026-01-01.toml"


def _change(law: Path, name: str, before: str, after: str) -> None:
    path = law / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def _publish_nothing(law: Path) -> None:
    (law / publishing.RECORD).unlink(missing_ok=True)


def test_the_law_of_the_repository_is_sound(faults: Faults) -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('numerator        = "dossiers.synced"', 'numerator = "dossiers.sinced"', "không có số đếm «dossiers.sinced»"),
        ('scoring          = { rule = "linear" }', 'scoring = { rule = "cubic" }', "giá trị «cubic» lạ"),
        ("full_at = 0.8", "full_at = 1.2", "nằm ngoài (0; 1]"),
        ("full_at = 0.8", "full_at = 0.0", "nằm ngoài (0; 1]"),
        ("max_points       = 6", "max_points       = 5", "CKMB: điểm các chỉ số cộng lại là 17, nhóm ghi 18"),
        ("max_points     = 100", "max_points     = 99", "điểm các nhóm cộng lại là 100, bộ ghi 99"),
        ('code             = "DOSSIER_SYNC"', 'code             = "PUBLISH_ON_TIME"', "PUBLISH_ON_TIME có hai lần"),
        ('document = "Mô tả công thức tính chỉ số 766"', 'document = "Thông tư 99"', "«Thông tư 99» không có trong"),
        ('certainty = "found"', 'certainty = "sure"', "found"),
        ('group            = "CKMB"', 'group            = "KHAC"', "không có nhóm «KHAC»"),
        ('times_ratio_of   = "DOSSIER_SYNC"', 'times_ratio_of = "SYNC"', "times_ratio_of «SYNC»"),
        ('set            = "qd766"', 'set            = "qd767"', "thư mục là «qd766-portal»"),
        ("effective_from = 2026-01-01", "effective_from = 2026-01-02", "tệp tên 2026-01-01.toml"),
        ("petition_refuse_within ", "petition_refused_within ", "Không có cách tính «petition_refused_within»"),
        ("inherit          = true", "inherits = true", "không hiểu mục «inherits»"),
        ("from_points = 0\n", "from_points = 10\n", "không phủ đến 0 điểm"),
        ("from_points = 80\n", "from_points = 90\n", "có xếp loại khác cũng từ 90 điểm"),
        ('name_vi    = "Số hóa hồ sơ"', 'name_vi    = "So\u0302\u0301 hóa hồ sơ"', "NFC"),
        ("[rounding]", "[rounding", "Sai cú pháp TOML"),
    ],
)
def test_a_rule_set_that_cannot_be_the_law_is_refused(
    law: Path, faults: Faults, before: str, after: str, said: str
) -> None:
    _publish_nothing(law)
    _change(law, PORTAL, before, after)

    found = faults()

    assert any(said in fault for fault in found), found
    assert any("law/" + PORTAL in fault for fault in found)


def test_an_indicator_without_its_citation_is_refused(law: Path, faults: Faults) -> None:
    _publish_nothing(law)
    path = law / PORTAL
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("citation ") and "chỉ số 1.2" in line)
    path.write_text("\n".join(lines[:first] + lines[first + 1 :]), encoding="utf-8")

    assert any("PUBLIC_UPDATE_ON_TIME: thiếu căn cứ «citation»" in fault for fault in faults())


def test_a_value_without_a_citation_anywhere_above_it_is_refused(law: Path, faults: Faults) -> None:
    folder = law / "codelists" / "colour"
    folder.mkdir()
    (folder / "2026-01-01.toml").write_text(
        'code = "colour"\nname_vi = "Màu"\neffective_from = 2026-01-01\n'
        '[[item]]\ncode = 1\nname_vi = "Đỏ"\nweight = 3\n',
        encoding="utf-8",
    )

    assert any("item[1].weight: giá trị không có căn cứ" in fault for fault in faults())


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ("2025-07-01", "chồng lên bản có hiệu lực từ 01/07/2025"),
        ("2025-06-01", "để trống từ 02/06/2025 đến 30/06/2025"),
        ("2017-01-01", "trước khi có hiệu lực"),
    ],
)
def test_versions_may_neither_overlap_nor_leave_a_gap(law: Path, faults: Faults, ends: str, said: str) -> None:
    _publish_nothing(law)
    _change(
        law,
        "codelists/level/2018-06-21.toml",
        "effective_from = 2018-06-21",
        f"effective_from = 2018-06-21\neffective_to = {ends}",
    )

    assert any(said in fault for fault in faults())


def test_versions_that_follow_day_after_day_are_sound(law: Path, faults: Faults) -> None:
    _publish_nothing(law)
    _change(
        law,
        "codelists/level/2018-06-21.toml",
        "effective_from = 2018-06-21",
        "effective_from = 2018-06-21\neffective_to = 2025-06-30",
    )

    assert faults() == []


def test_a_file_not_named_after_a_day_is_refused(law: Path, faults: Faults) -> None:
    (law / "codelists" / "level" / "next.toml").write_text('code = "level"\n', encoding="utf-8")

    assert any("Tên tệp không phải ngày bắt đầu hiệu lực" in fault for fault in faults())


def test_a_published_version_never_changes(law: Path, faults: Faults) -> None:
    publishing.publish(law, (law / PORTAL,))
    _change(law, PORTAL, "full_at = 0.9", "full_at = 0.95")

    assert any("nội dung khác với bản đã công bố" in fault for fault in faults())
    with pytest.raises(lawbook.LawFileError, match="khác với bản đã công bố"):
        publishing.publish(law, (law / PORTAL,))


def test_a_comment_may_change_in_a_published_version(law: Path, faults: Faults) -> None:
    publishing.publish(law, (law / PORTAL,))
    path = law / PORTAL
    path.write_text("# đã đọc lại\n" + path.read_text(encoding="utf-8"), encoding="utf-8")

    assert faults() == []


def test_a_published_version_may_not_disappear(law: Path, faults: Faults) -> None:
    path = law / "codelists" / "channel" / "2022-06-23.toml"
    publishing.publish(law, (path,))
    path.unlink()

    assert any("tệp đã công bố không còn" in fault for fault in faults())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("paired_with = 2026-01-10", "paired_with = 2026-01-17", "không hoán đổi cho nhau"),
        ("date        = 2026-01-10", "date        = 2026-01-12", "không hoán đổi cho nhau"),
        ("date        = 2026-09-01", "date        = 2026-09-02", "có hai lần"),
        ("date        = 2026-09-01", "date        = 2027-09-01", "không thuộc năm 2026"),
        ("year     = 2026", "year     = 2027", "tệp tên 2026.toml"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(
    law: Path, faults: Faults, before: str, after: str, said: str
) -> None:
    _publish_nothing(law)
    _change(law, "calendar/2026.toml", before, after)

    assert any(said in fault for fault in faults())


def test_a_swap_day_that_is_worked_anyway_is_refused(law: Path, faults: Faults) -> None:
    _publish_nothing(law)
    path = law / "calendar" / "2026.toml"
    text = path.read_text(encoding="utf-8").replace("2026-01-10", "2026-01-12")
    path.write_text(text, encoding="utf-8")

    assert any("2026-01-12 vốn là ngày làm việc" in fault for fault in faults())


def test_a_year_missing_between_announced_years_is_refused(law: Path, faults: Faults) -> None:
    _publish_nothing(law)
    (law / "calendar" / "2024.toml").unlink()

    assert any("Thiếu lịch năm 2024" in fault for fault in faults())


def test_a_term_may_not_forbid_the_word_of_another(law: Path, faults: Faults) -> None:
    _change(law, "glossary.toml", 'not           = ["service"', 'not           = ["dossier", "service"')

    assert any("cấm từ «dossier»" in fault for fault in faults())


def test_a_document_replaced_by_an_unknown_one_is_refused(law: Path, faults: Faults) -> None:
    _change(law, "documents.toml", 'replaced_by    = ["118/2025/NĐ-CP"]', 'replaced_by    = ["119/2025/NĐ-CP"]')

    assert any("thay thế bởi «119/2025/NĐ-CP»" in fault for fault in faults())


@pytest.mark.parametrize(
    "name", ["documents.toml", "glossary.toml", "published.toml", PORTAL, "calendar/2025.toml", "codelists/unit_kind"]
)
def test_whatever_is_broken_the_check_names_it_and_goes_on(law: Path, faults: Faults, name: str) -> None:
    path = law / name
    if path.is_dir():
        for version in path.glob("*.toml"):
            version.unlink()
    else:
        path.write_bytes(b"\xff\x00[[[ = 3")

    assert any(name.rpartition("/")[2].partition(".")[0] in fault for fault in faults())


def test_a_workflow_or_a_form_that_cannot_be_read_is_named(law: Path, faults: Faults) -> None:
    _publish_nothing(law)
    _change(law, "workflow/one_stop/2025-07-01.toml", 'code     = "field_survey"', 'name     = "field_survey"')
    _change(law, "forms/apology/2025-09-15.toml", "orientation", "direction")

    found = faults()

    assert any("law/workflow/one_stop/2025-07-01.toml: thiếu mục 'code'" in fault for fault in found), found
    assert any("law/forms/apology/2025-09-15.toml: thiếu mục 'orientation'" in fault for fault in found), found


def test_a_worked_example_that_no_longer_comes_out_is_named(law: Path, faults: Faults) -> None:
    _publish_nothing(law)
    _change(law, "cases/points/dong-nai-2026-10-10.toml", "points      = 0.31", "points      = 0.3")

    assert any("PUBLISH_ON_TIME: tính ra 0,31, đã công bố 0,30." in fault for fault in faults())
