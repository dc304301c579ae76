"""Targets and owners: who may set them, that nothing set is ever lost, and which one holds."""

from datetime import date
from decimal import Decimal

import pytest

import world as the_world
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.lawbook.targets import Metric
from motcua.organisations import queries as organisations
from motcua.steering import actions, queries
from motcua.steering.types import STREAM, TargetScope
from world import COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db
WHEN = at("2026-03-02 09:00")
DAY = date(2026, 3, 2)


@pytest.fixture
def world() -> World:
    return the_world.build()


def set_target(
    world: World, value: str | None, *, unit: str = COMMUNE, level: str = "", by: str = "centre", seen: int = 0,
    subject: str = "ON_TIME", metric: Metric = Metric.RATIO, note: str = "",
) -> None:  # fmt: skip
    actions.set_target(
        TargetScope(unit, level), year=2026, subject=subject, metric=metric,
        value=None if value is None else Decimal(value), maximum=Decimal(20), seen_version=seen, note=note,
        staff=world[by], at=WHEN,
    )  # fmt: skip


def held(unit: str, subject: str = "ON_TIME") -> Decimal | None:
    ref = organisations.unit(unit)
    assert ref is not None
    found = queries.targets(ref, year=2026, on=DAY).get(subject)
    return found.value if found else None


def events() -> list[str]:
    return list(LoggedEvent.objects.filter(stream=STREAM).order_by("position").values_list("kind", flat=True))


@pytest.mark.usefixtures("world")
def test_until_somebody_sets_one_the_target_is_what_documents_state() -> None:
    assert held(COMMUNE) == Decimal("0.99")
    assert held(COMMUNE, "PUBLISH_ON_TIME") is None


def test_the_units_own_target_goes_before_that_of_its_level_and_that_before_the_documents(world: World) -> None:
    set_target(world, "0.98", unit=PROVINCE, level="commune")
    assert (held(COMMUNE), held(OTHER_COMMUNE), held(DEPARTMENT)) == (
        Decimal("0.98"), Decimal("0.98"), Decimal("0.99"),
    )  # fmt: skip

    set_target(world, "0.995")
    assert (held(COMMUNE), held(OTHER_COMMUNE)) == (Decimal("0.995"), Decimal("0.98"))


def test_a_withdrawn_target_gives_way_to_the_next(world: World) -> None:
    set_target(world, "0.995")
    set_target(world, None, seen=1)

    assert held(COMMUNE) == Decimal("0.99")
    assert events() == ["TargetSet", "TargetWithdrawn"]


def test_every_version_stays_with_who_set_it_and_when(world: World) -> None:
    set_target(world, "0.98", note="Kế hoạch A")
    set_target(world, "0.97", seen=1, by="control")

    found = queries.history(TargetScope(COMMUNE), year=2026)
    assert [(one.version, one.value, one.by_name, one.note) for one in found] == [
        (2, Decimal("0.97"), "Thái Thị Thử", ""),
        (1, Decimal("0.98"), "Kiều Văn Thử", "Kế hoạch A"),
    ]
    assert found[0].at == WHEN


def test_setting_the_same_again_changes_nothing(world: World) -> None:
    set_target(world, "0.98")
    set_target(world, "0.98")

    assert events() == ["TargetSet"]


def test_two_people_do_not_overwrite_each_other(world: World) -> None:
    set_target(world, "0.98")

    with pytest.raises(UserError, match="Người khác vừa đổi"):
        set_target(world, "0.97", by="control")
    assert held(COMMUNE) == Decimal("0.98")


@pytest.mark.parametrize("part", ["leader", "head", "clerk", "administrator", "department_leader"])
def test_nobody_but_the_centre_and_the_office_sets_targets_and_owners(world: World, part: str) -> None:
    with pytest.raises(UserError, match="không đặt được"):
        set_target(world, "0.98", by=part)
    with pytest.raises(UserError, match="không đặt được"):
        actions.name_owner(unit_code=COMMUNE, group="TDGQ", owner_code=COMMUNE, since=DAY, staff=world[part], at=WHEN)
    assert events() == []


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        (Metric.RATIO, "1.01"), (Metric.RATIO, "0"), (Metric.RATIO, "-0.5"), (Metric.POINTS, "20.5"),
        (Metric.COUNT, "1.5"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_meant_is_refused(world: World, metric: Metric, value: str) -> None:
    with pytest.raises(UserError):
        set_target(world, value, metric=metric)
    assert events() == []


def test_a_group_has_one_owner_on_a_day_and_the_one_before_ends(world: World) -> None:
    name = {"unit_code": PROVINCE, "group": "TDGQ", "staff": world["centre"], "at": WHEN}
    actions.name_owner(owner_code=DEPARTMENT, since=date(2026, 1, 1), **name)  # type: ignore[arg-type]
    actions.name_owner(owner_code=COMMUNE, since=date(2026, 3, 1), **name)  # type: ignore[arg-type]

    assert queries.owners(PROVINCE, on=date(2026, 2, 28))["TDGQ"].code == DEPARTMENT
    assert queries.owners(PROVINCE, on=date(2026, 3, 1))["TDGQ"].code == COMMUNE
    assert queries.owners(PROVINCE, on=date(2025, 12, 31)) == {}


def test_naming_whoever_is_named_changes_nothing_and_the_past_stays(world: World) -> None:
    name = {"unit_code": PROVINCE, "group": "TDGQ", "staff": world["centre"], "at": WHEN}
    actions.name_owner(owner_code=DEPARTMENT, since=date(2026, 2, 1), **name)  # type: ignore[arg-type]
    actions.name_owner(owner_code=DEPARTMENT, since=date(2026, 3, 1), **name)  # type: ignore[arg-type]
    assert events() == ["OwnerNamed"]

    with pytest.raises(UserError, match="từ 01/02/2026"):
        actions.name_owner(owner_code=COMMUNE, since=date(2026, 1, 1), **name)  # type: ignore[arg-type]


def test_an_owner_named_again_for_the_same_day_takes_the_place_of_the_first(world: World) -> None:
    name = {"unit_code": PROVINCE, "group": "TDGQ", "staff": world["centre"], "at": WHEN, "since": DAY}
    actions.name_owner(owner_code=DEPARTMENT, **name)  # type: ignore[arg-type]
    actions.name_owner(owner_code=COMMUNE, **name)  # type: ignore[arg-type]

    assert queries.owners(PROVINCE, on=DAY)["TDGQ"].code == COMMUNE
    assert events() == ["OwnerNamed", "OwnerNamed"]


def test_a_unit_that_is_not_there_cannot_answer_for_anything(world: World) -> None:
    with pytest.raises(UserError, match="Không có đơn vị"):
        actions.name_owner(
            unit_code=PROVINCE, group="TDGQ", owner_code="H98", since=DAY, staff=world["centre"], at=WHEN
        )
