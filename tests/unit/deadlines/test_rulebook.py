"""Deadline rules out of law files: what is refused, which version governs, which limit applies."""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from motcua.deadlines import lawfiles, rulebook
from motcua.deadlines.rules import DeadlineRule, LimitChoice, OpenDossiers, PauseMeasure, SupplementEffect
from motcua.deadlines.types import Limit, LimitUnit
from motcua.kernel.citation import Certainty, Citation
from motcua.kernel.errors import UserError
from motcua.lawbook import Lawbook, LawFileError
from motcua.lawbook.reading import Table

CITED = Citation("118/2025/NĐ-CP", "Điều 1", Certainty.RECALLED)


@pytest.fixture
def document(book: Lawbook) -> dict[str, Any]:
    text = (book.root / "deadlines" / "after-15h" / "2025-07-01.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


def read(content: dict[str, Any], standard: DeadlineRule) -> DeadlineRule:
    return rulebook.rule(Table(Path("x.toml"), "", content), known_grounds=standard.known_grounds)


def test_every_rule_of_the_law_folder_can_be_read(book: Lawbook) -> None:
    names = sorted(path.name for path in (book.root / "deadlines").iterdir())

    versions = [version for name in names for version in lawfiles.rule_versions(book, name)]

    assert {"standard", "qd766", "online-intake", "after-15h", "supplement-notice"} <= {one.code for one in versions}
    for version in versions:
        assert version.version.startswith(f"{version.code}/20")
        assert set(version.citations) >= {"", "counting", "day", "pauses", "supplement", "extension", "transition"}


def test_the_portal_stops_for_supplements_only_and_by_the_wall_calendar(book: Lawbook) -> None:
    (rule,) = lawfiles.rule_versions(book, "qd766")

    assert set(rule.pausing) == {"supplement"}
    assert rule.pause_measure is PauseMeasure.WALL


def test_an_unknown_rule_lists_those_there_are(book: Lawbook) -> None:
    with pytest.raises(UserError, match=r"«nope».*standard"):
        lawfiles.rule_versions(book, "nope")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda d: d["counting"].pop("day_working_hours"), "day_working_hours"),
        (lambda d: d["counting"].update(day_working_hours=Decimal("0.0001")), "số giờ dương"),
        (lambda d: d["counting"].update(default="hours"), "hours"),
        (lambda d: d["pauses"].update(grounds=["tea"]), "không có căn cứ tạm dừng «tea»"),
        (lambda d: d["receipt"].update(cut_off="ba giờ"), "giờ chốt nhận"),
        (lambda d: d["supplement"].pop("citation"), "thiếu căn cứ"),
        (lambda d: d.update(extra=1), "không hiểu mục «extra»"),
        (lambda d: d["transition"].update(open_dossiers="perhaps"), "perhaps"),
    ],
)
def test_a_law_file_that_is_not_sound_is_refused(
    document: dict[str, Any], standard: DeadlineRule, spoil: Callable[[dict[str, Any]], object], says: str
) -> None:
    spoiled = deepcopy(document)
    spoil(spoiled)

    with pytest.raises(LawFileError, match=says):
        read(spoiled, standard)


def test_a_sound_law_file_is_read(document: dict[str, Any], standard: DeadlineRule) -> None:
    document["limit"] = [
        {"amount": 3, "unit": "working_days", "area": "difficult", "citation": vars_of(CITED)},
    ]

    rule = read(document, standard)

    assert rule.receipt_cut_off == 15 * 3600 * 1_000_000
    assert rule.supplement is SupplementEffect.RESUME
    assert rule.limits[0].area == "difficult"


def vars_of(citation: Citation) -> dict[str, str]:
    return {"document": citation.document, "where": citation.where, "certainty": citation.certainty.value}


def test_a_dossier_keeps_the_version_it_was_received_under(decree_61: DeadlineRule, standard: DeadlineRule) -> None:
    versions = [standard, decree_61]

    def version(received: date, on: date) -> date:
        return rulebook.in_force(versions, received_on=received, on=on).effective_from

    assert version(date(2025, 6, 30), date(2025, 8, 1)) == date(2018, 6, 21)
    assert version(date(2025, 7, 1), date(2025, 8, 1)) == date(2025, 7, 1)


def test_where_the_new_law_says_so_open_dossiers_move_to_it_on_its_day(
    decree_61: DeadlineRule, standard: DeadlineRule
) -> None:
    moving = replace(standard, open_dossiers=OpenDossiers.MOVE)

    def version(on: date) -> date:
        return rulebook.in_force([decree_61, moving], received_on=date(2025, 6, 20), on=on).effective_from

    assert version(date(2025, 6, 30)) == date(2018, 6, 21)
    assert version(date(2025, 7, 1)) == date(2025, 7, 1)


def test_before_the_first_version_there_is_no_rule(decree_61: DeadlineRule) -> None:
    with pytest.raises(UserError, match=r"ngày 20/06/2018.*21/06/2018"):
        rulebook.in_force([decree_61], received_on=date(2018, 6, 20), on=date(2026, 1, 1))


def test_the_closest_fitting_limit_applies(standard: DeadlineRule) -> None:
    def choice(days: int, **conditions: str) -> LimitChoice:
        return LimitChoice(Limit(Decimal(days), LimitUnit.WORKING_DAYS), CITED, **conditions)

    rule = replace(
        standard,
        limits=(
            choice(10),
            choice(15, area="difficult"),
            choice(5, channel="online"),
            choice(8, channel="online", area="difficult"),
            choice(3, situation="cấp lại"),
        ),
    )

    def days(**asked: str) -> int:
        return int(rulebook.limit_of(rule, **asked).limit.amount)

    assert days() == 10
    assert days(area="difficult") == 15
    assert days(channel="online") == 5
    assert days(channel="online", area="difficult") == 8
    assert days(situation="cấp lại") == 3


def test_a_rule_without_a_fitting_limit_asks_for_one(book: Lawbook, standard: DeadlineRule) -> None:
    with pytest.raises(UserError, match="không định sẵn thời hạn cho hồ sơ này \\(không có điều kiện\\)"):
        rulebook.limit_of(standard)
    (intake,) = lawfiles.rule_versions(book, "online-intake")
    assert str(rulebook.limit_of(intake, channel="online").limit) == "8 giờ làm việc"
