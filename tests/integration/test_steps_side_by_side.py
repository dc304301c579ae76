"""Opinions of several units at the same time, as steps of the workflow, joined by all or by any."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

import world as the_world
from flows import FLOW, publish, run
from motcua.dossiers import models, queries, steps
from motcua.dossiers.queries import View
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.organisations import access
from motcua.organisations import actions as organisations
from motcua.organisations.models import Staff
from motcua.organisations.types import Role
from motcua.workflow.definitions import Join
from motcua.workflow.picture import picture
from world import COMMUNE, World, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return the_world.build()


def side_by_side(world: World, join: Join) -> str:
    """Return a dossier in a step that runs beside an opinion of the department and one of the other commune."""
    (stage,) = FLOW.stages
    lead = replace(stage.steps[1], parallel_group="a", join=join)
    tax = replace(lead, name="Tính thuế", unit="Sở giả định", working_days=Decimal(3), role="case_officer")
    land = replace(lead, name="Xác nhận đất", unit="Xã Thử Hai", working_days=Decimal(1))
    together = (stage.steps[0], lead, tax, land, *stage.steps[2:])
    numbered = tuple(replace(step, order=order) for order, step in enumerate(together, start=1))
    publish(replace(FLOW, stages=(replace(stage, steps=numbered),)))
    code = world.received("2026-03-02 09:00")
    world.do("forward", code, by="clerk", when="2026-03-02 09:30", unit=COMMUNE)
    world.do("take", code, by="officer", when="2026-03-02 10:00")
    return code


def waited_for(code: str) -> list[tuple[int, str, datetime | None]]:
    found = steps.open_beside(models.Dossier.objects.get(code=code))
    return list(found.values_list("order", "unit_id", "due_at"))


def test_steps_side_by_side_are_open_at_once_each_with_its_own_clock_and_the_leading_one_has_the_longest(
    world: World,
) -> None:
    code = side_by_side(world, Join.ALL)

    assert (run(code).order, run(code).due_at) == (2, at("2026-03-05 09:30"))
    assert waited_for(code) == [
        (3, the_world.DEPARTMENT, at("2026-03-05 09:30")),
        (4, the_world.OTHER_COMMUNE, at("2026-03-03 09:30")),
    ]
    assert models.Dossier.objects.count() == 1


def test_joined_by_all_the_dossier_goes_on_when_everybody_has_answered(world: World) -> None:
    code = side_by_side(world, Join.ALL)
    world.do("give_opinion", code, by="department_officer", when="2026-03-02 14:00", opinion="Được")
    with pytest.raises(UserError, match="Xã Thử Hai"):
        world.do("complete_step", code, by="officer", when="2026-03-02 15:00")
    answer(world, code, when="2026-03-02 15:30")
    world.do("complete_step", code, by="officer", when="2026-03-02 16:00")

    assert (run(code).order, run(code).name) == (5, "Bước 5. Soát xét")
    assert waited_for(code) == []


def test_joined_by_any_one_answer_is_enough_and_the_rest_is_no_longer_waited_for(world: World) -> None:
    code = side_by_side(world, Join.ANY)
    with pytest.raises(UserError, match="ít nhất một ý kiến"):
        world.do("complete_step", code, by="officer", when="2026-03-02 11:00")
    world.do("give_opinion", code, by="department_officer", when="2026-03-02 14:00", opinion="Được")
    world.do("complete_step", code, by="officer", when="2026-03-02 15:00")

    dropped = models.Opinion.objects.get(unit=the_world.OTHER_COMMUNE)
    assert (run(code).order, dropped.withdrawn_at) == (5, at("2026-03-02 15:00"))
    assert dropped.run.outcome == "not_needed"
    with pytest.raises(UserError):
        world.do("give_opinion", code, by="department_officer", when="2026-03-02 16:00", opinion="Nữa")


def test_who_is_asked_beside_has_the_dossier_in_their_lists_until_they_answer(world: World) -> None:
    code = side_by_side(world, Join.ALL)

    def listed(view: View, part: str) -> list[str]:
        page = queries.work_list(view, staff=world[part], now=at("2026-03-02 11:00"), filters=queries.Filters())
        return [row.code for row in page.rows]

    before = [listed(View.MINE, "department_officer"), listed(View.OPINIONS, "department_officer")]
    world.do("give_opinion", code, by="department_officer", when="2026-03-02 14:00", opinion="Được")

    assert before == [[code], [code]]
    assert listed(View.MINE, "officer") == [code]
    assert [listed(View.MINE, "department_officer"), listed(View.OPINIONS, "department_officer")] == [[], []]


def test_a_pause_stops_the_clocks_side_by_side_too_and_an_end_drops_them(world: World) -> None:
    code = side_by_side(world, Join.ALL)
    world.do("pause", code, by="officer", when="2026-03-02 11:00", pause_ground="field_survey", legal_basis="x")
    world.do("resume", code, by="officer", when="2026-03-03 11:00")
    assert [due for _, _, due in waited_for(code)] == [at("2026-03-06 09:30"), at("2026-03-04 09:30")]

    world.do("stop", code, by="leader", when="2026-03-03 14:00", reason="Nhầm", legal_basis="x")
    assert waited_for(code) == []


def test_events_tell_of_one_dossier_with_steps_beside(world: World) -> None:
    code = side_by_side(world, Join.ALL)
    forwarded = LoggedEvent.objects.get(subject=code, kind="DossierForwarded")

    assert forwarded.content["beside"] == [
        {"step": 3, "unit": the_world.DEPARTMENT},
        {"step": 4, "unit": the_world.OTHER_COMMUNE},
    ]
    assert set(LoggedEvent.objects.filter(stream="dossier").values_list("subject", flat=True)) == {code}


def answer(world: World, code: str, *, when: str) -> None:
    """Let somebody of the other commune answer: its clerk is given the case officer's role for it."""
    organisations.grant_role(
        staff_code="cb-stranger", role=Role.CASE_OFFICER, unit_code=the_world.OTHER_COMMUNE, since=the_world.FOUNDED,
        until=None, by="test", at=at(when),
    )  # fmt: skip
    found = access.staff_of(Staff.objects.get(code="cb-stranger").user_id, on=date(2026, 3, 2))
    assert found is not None
    world.people["stranger"] = found
    world.do("give_opinion", code, by="stranger", when=when, opinion="Được")


def test_the_picture_says_how_steps_side_by_side_are_joined() -> None:
    (stage,) = FLOW.stages
    together = tuple(replace(one, parallel_group="a", join=Join.ANY) for one in stage.steps[1:3])
    drawn = picture(replace(FLOW, stages=(replace(stage, steps=(stage.steps[0], *together, *stage.steps[3:])),)))

    assert drawn.count("Cùng lúc, chờ một ý kiến") == 2  # drawn, and told to screen readers
