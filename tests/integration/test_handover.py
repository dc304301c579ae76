"""Handing over after a merger or a split: people, roles and procedures go to the successors, once, and in the log."""

from datetime import date

import pytest

import world as the_world
from motcua.catalogue import handover
from motcua.catalogue import queries as catalogue
from motcua.dossiers import access as dossiers_access
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.organisations import access
from motcua.organisations import actions as organisations
from motcua.organisations import handover as people_handover
from motcua.organisations.models import RoleGrant, Staff
from motcua.organisations.types import Role, StaffRef
from world import BIRTH, COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 3, 10), date(2026, 3, 11)
NOW = at("2026-03-10 09:00")


@pytest.fixture
def world() -> World:
    return the_world.build()


def merge() -> None:
    organisations.merge_units(
        old_codes=[OTHER_COMMUNE], new_code=COMMUNE, on=date(2026, 3, 9), by="test", at=at("2026-03-08 09:00")
    )


def split() -> None:
    organisations.split_unit(
        old_code=OTHER_COMMUNE,
        new_codes=[COMMUNE, DEPARTMENT],
        on=date(2026, 3, 9),
        by="test",
        at=at("2026-03-08 09:00"),
    )


def hand_over(by: StaffRef, **given: dict[str, str]) -> bool:
    """Hand over what a preview of this moment shows."""
    mark = handover.preview(OTHER_COMMUNE, by=by, on=DAY).mark
    to = {"staff_to": {}, "procedures_to": {}, **given}
    return handover.hand_over(OTHER_COMMUNE, mark=mark, by=by, at=NOW, **to)


def roles(part: str, day: date) -> set[tuple[str, str]]:
    rows = RoleGrant.objects.filter(staff=f"cb-{part}", days__contains=day)
    return {(row.role, row.unit_id) for row in rows}


def events() -> int:
    return LoggedEvent.objects.count()


def test_after_a_merger_everything_goes_to_the_successor(world: World) -> None:
    merge()
    shown = handover.preview(OTHER_COMMUNE, by=world["administrator"], on=DAY)

    assert [(one.staff_code, one.roles) for one in shown.people.moving] == [("cb-stranger", (Role.CLERK,))]
    assert [code for code, _ in shown.procedures] == [BIRTH]
    assert hand_over(world["administrator"])
    assert Staff.objects.get(code="cb-stranger").unit_id == COMMUNE
    assert roles("stranger", date(2026, 3, 9)) == {("clerk", OTHER_COMMUNE)}
    assert roles("stranger", DAY) == {("clerk", COMMUNE)}
    assert catalogue.units_handling(BIRTH, on=date(2026, 3, 9)) == [COMMUNE, OTHER_COMMUNE]
    assert catalogue.units_handling(BIRTH, on=DAY) == [COMMUNE]


def test_who_was_moved_still_sees_what_the_old_unit_left_open(world: World) -> None:
    code = world.received("2026-03-02 09:00", by="stranger", competent_unit=OTHER_COMMUNE)
    merge()
    hand_over(world["administrator"])
    stranger = access.staff_of(Staff.objects.get(code="cb-stranger").user_id, on=DAY)

    assert code in set(dossiers_access.visible(stranger, on=DAY).values_list("code", flat=True))


def test_it_is_in_the_log_once_and_repeating_it_changes_nothing(world: World) -> None:
    merge()
    hand_over(world["administrator"])
    before = events()

    assert not hand_over(world["administrator"])
    assert events() == before
    row = LoggedEvent.objects.get(stream="unit", subject=OTHER_COMMUNE, kind="UnitHandedOver")
    assert row.by == "cb-administrator"
    assert row.content == {
        "people": {"cb-stranger": COMMUNE}, "procedures": {BIRTH: COMMUNE}, "on": "2026-03-10",
    }  # fmt: skip


def test_a_role_keeps_the_day_it_ends_on_and_one_that_is_to_come_goes_too(world: World) -> None:
    for role, since, until in (
        (Role.CASE_OFFICER, date(2026, 1, 1), date(2026, 4, 1)),
        (Role.RECORDS_CLERK, date(2026, 5, 1), None),
    ):
        organisations.grant_role(
            staff_code="cb-stranger", role=role, unit_code=OTHER_COMMUNE, since=since, until=until, by="test", at=NOW
        )
    merge()
    hand_over(world["administrator"])

    assert roles("stranger", date(2026, 3, 31)) == {("clerk", COMMUNE), ("case_officer", COMMUNE)}
    assert roles("stranger", date(2026, 4, 1)) == {("clerk", COMMUNE)}
    assert roles("stranger", date(2026, 5, 1)) == {("clerk", COMMUNE), ("records_clerk", COMMUNE)}


def test_a_role_held_in_the_successor_already_is_not_given_twice(world: World) -> None:
    organisations.grant_role(
        staff_code="cb-stranger", role=Role.CLERK, unit_code=COMMUNE, since=DAY, until=None, by="test", at=NOW
    )
    merge()

    assert hand_over(world["administrator"])
    assert roles("stranger", DAY) == {("clerk", COMMUNE)}


def test_after_a_split_each_goes_where_the_act_says_and_the_rest_stays(world: World) -> None:
    split()
    administrator = world["administrator"]

    assert hand_over(administrator, procedures_to={BIRTH: handover.EVERY_PART})
    assert catalogue.units_handling(BIRTH, on=DAY) == sorted([COMMUNE, DEPARTMENT])
    assert Staff.objects.get(code="cb-stranger").unit_id == OTHER_COMMUNE
    assert hand_over(administrator, staff_to={"cb-stranger": DEPARTMENT})
    assert Staff.objects.get(code="cb-stranger").unit_id == DEPARTMENT
    # The old role stays for what is still open there: nobody else could go on with it.
    assert roles("stranger", DAY) == {("clerk", OTHER_COMMUNE), ("clerk", DEPARTMENT)}
    assert handover.preview(OTHER_COMMUNE, by=administrator, on=DAY).is_empty


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"staff_to": {"cb-stranger": PROVINCE}}, "không phải đơn vị kế thừa"),
        ({"staff_to": {"cb-stranger": "*"}}, "không phải đơn vị kế thừa"),
        ({"procedures_to": {BIRTH: "H99.999"}}, "không phải đơn vị kế thừa"),
        ({}, "Chưa chọn ai"),
    ],
)
def test_a_part_that_is_none_and_no_choice_are_refused_and_nothing_moves(
    world: World, given: dict[str, dict[str, str]], said: str
) -> None:
    split()
    before = events()

    with pytest.raises(UserError, match=said):
        hand_over(world["administrator"], **given)
    assert events() == before
    assert roles("stranger", DAY) == {("clerk", OTHER_COMMUNE)}


def test_what_changed_since_the_preview_is_not_moved_unseen(world: World) -> None:
    merge()
    mark = handover.preview(OTHER_COMMUNE, by=world["administrator"], on=DAY).mark
    organisations.grant_role(
        staff_code="cb-stranger", role=Role.LEADER, unit_code=OTHER_COMMUNE, since=DAY, until=None, by="test", at=NOW
    )

    with pytest.raises(UserError, match="đã thay đổi"):
        handover.hand_over(OTHER_COMMUNE, mark=mark, staff_to={}, procedures_to={}, by=world["administrator"], at=NOW)
    assert roles("stranger", DAY) == {("clerk", OTHER_COMMUNE), ("leader", OTHER_COMMUNE)}


def test_who_does_not_administer_both_ends_moves_nothing(world: World) -> None:
    merge()
    organisations.grant_role(
        staff_code="cb-head", role=Role.ADMINISTRATOR, unit_code=OTHER_COMMUNE, since=DAY, until=None, by="test", at=NOW
    )
    only_the_old = access.staff_of(Staff.objects.get(code="cb-head").user_id, on=DAY)
    assert only_the_old is not None

    for person in (world["head"], only_the_old):
        assert not people_handover.may_hand_over(person, OTHER_COMMUNE, on=DAY)
        with pytest.raises(UserError, match="không quản trị cả"):
            hand_over(person)


@pytest.mark.usefixtures("world")
def test_nobody_moves_their_own_role_or_one_they_may_not_give() -> None:
    for staff, role, unit in (
        ("cb-head", Role.ADMINISTRATOR, COMMUNE),
        ("cb-head", Role.CLERK, OTHER_COMMUNE),
        ("cb-stranger", Role.CONTROL_OFFICE, OTHER_COMMUNE),
    ):
        organisations.grant_role(staff_code=staff, role=role, unit_code=unit, since=DAY, until=None, by="test", at=NOW)
    merge()
    head = access.staff_of(Staff.objects.get(code="cb-head").user_id, on=DAY)
    assert head is not None

    assert hand_over(head)
    assert ("clerk", OTHER_COMMUNE) in roles("head", NEXT)
    assert roles("stranger", DAY) == {("clerk", COMMUNE), ("control_office", OTHER_COMMUNE)}
    kept = handover.preview(OTHER_COMMUNE, by=head, on=DAY).people.kept
    assert {one.role for one in kept} == {Role.CLERK, Role.CONTROL_OFFICE}


def test_a_unit_that_still_exists_has_nothing_to_hand_over(world: World) -> None:
    assert handover.preview(OTHER_COMMUNE, by=world["administrator"], on=DAY).is_empty
    assert not hand_over(world["administrator"])
