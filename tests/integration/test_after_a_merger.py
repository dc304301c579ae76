"""After a merger the successor sees the dossiers and goes on with them; a split hands nothing over by itself."""

from datetime import date

import pytest

import world as the_world
from motcua.dossiers import access, models
from motcua.organisations import access as organisations_access
from motcua.organisations import actions as organisations
from motcua.organisations.models import Staff
from world import COMMUNE, OTHER_COMMUNE, World, at

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


@pytest.fixture
def world() -> World:
    return the_world.build()


def as_of(world: World, part: str, day: date) -> None:
    """Take the person's roles as they are on the day."""
    found = organisations_access.staff_of(Staff.objects.get(code=f"cb-{part}").user_id, on=day)
    assert found is not None
    world.people[part] = found


def left_behind(world: World) -> str:
    """Return a dossier of the other commune, still at its desk."""
    return world.received("2026-03-02 09:00", by="stranger", competent_unit=OTHER_COMMUNE)


def seen(world: World, part: str, day: date) -> set[str]:
    as_of(world, part, day)
    return set(access.visible(world[part], on=day).values_list("code", flat=True))


def test_from_the_day_of_the_merger_on_the_successor_has_the_dossiers(world: World) -> None:
    code = left_behind(world)
    organisations.merge_units(old_codes=[OTHER_COMMUNE], new_code=COMMUNE, on=DAY, by="test", at=at("2026-03-09 09:00"))

    assert seen(world, "clerk", date(2026, 3, 9)) == set()
    assert seen(world, "clerk", DAY) == {code}
    assert seen(world, "department_officer", DAY) == set()


def test_the_successors_people_go_on_where_the_old_unit_left_off(world: World) -> None:
    code = left_behind(world)
    organisations.merge_units(old_codes=[OTHER_COMMUNE], new_code=COMMUNE, on=DAY, by="test", at=at("2026-03-09 09:00"))
    for part in ("clerk", "officer"):
        as_of(world, part, DAY)
    world.do("forward", code, by="clerk", when="2026-03-10 09:00", unit=COMMUNE)
    world.do("take", code, by="officer", when="2026-03-10 10:00")

    dossier = models.Dossier.objects.get(code=code)
    assert (dossier.current_unit_id, dossier.assignee_id, dossier.competent_unit_id) == (
        COMMUNE, "cb-officer", OTHER_COMMUNE,
    )  # fmt: skip


def test_a_split_hands_nothing_over_by_itself(world: World) -> None:
    left_behind(world)
    organisations.split_unit(
        old_code=OTHER_COMMUNE,
        new_codes=[COMMUNE, the_world.DEPARTMENT],
        on=DAY,
        by="test",
        at=at("2026-03-09 09:00"),
    )

    assert seen(world, "clerk", DAY) == set()
