"""The workflow law file: read whole, and refused where it contradicts itself."""

from datetime import date
from pathlib import Path

import pytest

from motcua import lawbook
from motcua.kernel.errors import UserError
from motcua.workflow import demands, rulebook
from motcua.workflow.states import PortalState

LAW = Path(__file__).parents[3] / "law"
FILE = LAW / "workflow" / "one_stop" / "2025-07-01.toml"


def changed(tmp_path: Path, before: str, after: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "2025-07-01.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


def test_the_rulebook_in_force_today_is_found_by_its_day() -> None:
    book = rulebook.rulebook_on(LAW, date(2026, 11, 21))

    assert book.effective_from == date(2025, 7, 1)


def test_before_the_first_version_there_is_no_rulebook() -> None:
    with pytest.raises(UserError, match="01/01/2010"):
        rulebook.rulebook_on(LAW, date(2010, 1, 1))


def test_every_local_state_has_one_of_the_ten_portal_states_and_each_of_the_ten_is_used() -> None:
    book = rulebook.read_rulebook(FILE)

    assert {state.portal for state in book.states.values()} == set(PortalState)


def test_refused_stopped_and_handed_over_are_the_ends() -> None:
    book = rulebook.read_rulebook(FILE)

    assert {code for code in book.states if book.is_terminal(code)} == {
        "refused", "withdrawn", "stopped", "declined", "handed_over",
    }  # fmt: skip


def test_every_demand_of_the_law_has_its_predicate_and_the_other_way_round() -> None:
    book = rulebook.read_rulebook(FILE)

    assert set(book.demands) == set(demands.DEMANDS)


def test_every_act_says_where_it_stands_in_the_law() -> None:
    book = rulebook.read_rulebook(FILE)

    assert all(act.law.document and act.law.where for act in book.acts.values())


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('moves    = { forwarded = "in_progress" }', 'moves    = { forwarded = "nowhere" }', "nowhere"),
        ('moves    = { resolved = "handed_over" }', 'moves    = { received = "handed_over" }', "trái thứ tự"),
        (
            'moves    = { resolved = "handed_over" }',
            'moves    = { stopped = "withdrawn" }',
            "ra khỏi trạng thái kết thúc",
        ),
        ('roles    = ["clerk", "centre_manager"]\ndecides', 'roles    = ["postal_clerk"]\ndecides', "không có quyền"),
        ('code       = "recipient"', 'code       = "receiver"', "không khớp"),
        ('code     = 10\nname_vi  = "Đã trả kết quả"', 'code     = 9\nname_vi  = "Đã trả"', "Thiếu tên"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, before: str, after: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        rulebook.read_rulebook(changed(tmp_path, before, after))

    assert says in str(caught.value)


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "2025-07-01.toml"
    path.write_text("code = ", encoding="utf-8")

    with pytest.raises(UserError, match="không đọc được"):
        rulebook.read_rulebook(path)


def test_every_ground_to_pause_is_one_that_the_clocks_know() -> None:
    book = rulebook.read_rulebook(FILE)
    listed = lawbook.load(LAW).code_list("pause_ground", on=date(2026, 11, 21))

    assert set(book.pause_grounds) <= {item.code for item in listed.items}
