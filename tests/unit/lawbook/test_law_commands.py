"""``motcua law`` as a person types it."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from motcua.cli import main
from motcua.kernel.errors import UserError


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(main.application(["law", *arguments]), ["law", *arguments], catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_check_accepts_the_law_of_the_repository() -> None:
    assert "không có lỗi" in _run("check")


def test_check_names_each_fault_with_its_file_and_what_to_do(law: Path) -> None:
    path = law / "codelists" / "channel" / "2022-06-23.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("code       = 2", "code       = 1"), encoding="utf-8")

    with pytest.raises(UserError, match="Thư mục luật có") as refused:
        _run("check", "--law", str(law))

    said = [str(problem) for problem in refused.value.problems]
    assert any(line.startswith("law/codelists/channel/2022-06-23.toml: mã 1 có hai lần.") for line in said)


def test_show_fits_a_hundred_columns_and_names_every_indicator() -> None:
    page = _run("show", "qd766", "--on", "2026-10-10")

    assert max(len(line) for line in page.splitlines()) <= 100
    for code in ("DOSSIER_SYNC", "ONLINE_DOSSIERS", "PAY_PROVISION", "ELECTRONIC_CERTIFIED_COPY"):
        assert code in page


def test_show_marks_a_draft() -> None:
    assert "DỰ THẢO" in _run("show", "qd766", "--on", "2026-10-10", "--variant", "metrics")


def test_the_json_of_a_set_adds_up_to_its_maximum() -> None:
    shape = json.loads(_run("show", "qd766/docx", "--on", "2026-10-10", "--format", "json"))

    assert shape["format"] == "motcua.law.indicator_set/1"
    assert sum(group["max_points"] for group in shape["groups"]) == shape["max_points"] == 100
    for group in shape["groups"]:
        assert sum(one["max_points"] for one in group["indicators"]) == group["max_points"]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        self.outside += [value for name, value in attrs if name in {"src", "href"} and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_is_one_well_formed_page_that_needs_no_network() -> None:
    page = _Links()

    page.feed(_run("show", "qd766", "--on", "2026-10-10", "--format", "html"))

    assert page.open == []
    assert page.outside == []


def test_diff_says_that_the_portal_does_not_use_the_80_percent_of_the_description() -> None:
    shape = json.loads(_run("diff", "qd766/docx", "qd766/portal", "--on", "2026-10-10", "--format", "json"))

    found = {(one["place"], one["what"]): (one["before"], one["after"]) for one in shape["differences"]}
    assert found["SO_HOA_GIAY_TO_GIAI_QUYET", "đạt tối đa từ tỷ lệ"] == ("0,8", "1")


def test_diff_of_a_set_with_itself_is_empty() -> None:
    shape = json.loads(
        _run("diff", "qd766/portal", "qd766/portal/2026-01-01", "--on", "2026-10-10", "--format", "json")
    )

    assert shape["differences"] == []


def test_diff_with_an_unknown_version_names_the_ones_there_are() -> None:
    with pytest.raises(UserError, match="2019-01-01") as refused:
        _run("diff", "qd766/portal/2019-01-01", "qd766/docx", "--on", "2026-10-10")

    assert "qd766/portal/2026-01-01" in refused.value.remedy


def test_list_names_the_sets_the_lists_and_the_years() -> None:
    shown = _run("list")

    assert "qd766/portal" in shown
    assert "dossier_state" in shown
    assert "2022, 2023, 2024, 2025, 2026" in shown


def test_publish_records_a_version_once(law: Path) -> None:
    path = law / "indicators" / "qd766-metrics" / "2026-01-01.toml"

    assert "law/indicators/qd766-metrics/2026-01-01.toml" in _run("publish", str(path), "--law", str(law))
    assert "Đã công bố" not in _run("publish", str(path), "--law", str(law))


def test_a_file_outside_the_law_folder_cannot_be_published(law: Path, tmp_path: Path) -> None:
    stray = tmp_path / "stray.toml"
    stray.write_text("", encoding="utf-8")

    with pytest.raises(UserError, match="không thuộc thư mục luật"):
        _run("publish", str(stray), "--law", str(law))
