"""Dossiers follow the internal workflow they were received under: whose step it is, until when, and what comes next."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import world as the_world
from flows import FLOW, publish, run
from motcua.dossiers import models, queries, steps
from motcua.dossiers.queries import Filters, View
from motcua.dossiers.types import Paper
from motcua.kernel.errors import UserError
from motcua.organisations import access
from motcua.organisations import actions as organisations
from motcua.organisations.models import Staff, Unit
from motcua.organisations.types import Role, StaffRef
from motcua.workflow.definitions import Assignment, WorkflowDefinition
from world import COMMUNE, World, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return the_world.build()


@pytest.fixture
def flowing(world: World) -> World:
    publish(FLOW)
    return world


def changed(order: int, **values: object) -> WorkflowDefinition:
    (stage,) = FLOW.stages
    kept = tuple(replace(step, **values) if step.order == order else step for step in stage.steps)  # type: ignore[arg-type]
    return replace(FLOW, stages=(replace(stage, steps=kept),))


def passages(code: str) -> list[tuple[int, str, str | None]]:
    rows = models.StepRun.objects.filter(dossier=code).order_by("pk")
    return [(row.order, row.unit_id, row.staff_id) for row in rows]


def to_case_officer(world: World) -> str:
    """Return a dossier that the officer took on Monday 2 March at 10:00."""
    code = world.received("2026-03-02 09:00")
    world.do("forward", code, by="clerk", when="2026-03-02 09:30", unit=COMMUNE)
    world.do("take", code, by="officer", when="2026-03-02 10:00")
    return code


def test_receipt_is_the_first_step_where_the_workflow_begins_at_the_desk(flowing: World) -> None:
    step = run(flowing.received("2026-03-02 08:00"))

    assert (step.order, step.name, step.staff_id) == (1, "Bước 1. Tiếp nhận", "cb-clerk")
    # Half a working day: four hours.
    assert step.due_at == at("2026-03-02 12:00")


def test_forwarding_enters_the_second_step_and_taking_it_over_gives_it_its_officer(flowing: World) -> None:
    code = flowing.received("2026-03-02 09:00")
    flowing.do("forward", code, by="clerk", when="2026-03-02 09:30", unit=COMMUNE)
    waiting = run(code)
    flowing.do("take", code, by="officer", when="2026-03-02 10:00")

    assert (waiting.order, waiting.name, waiting.staff_id) == (2, "Bước 2. Thẩm tra", None)
    assert run(code).pk == waiting.pk
    assert run(code).staff_id == "cb-officer"


def test_a_dossier_walks_through_every_step_to_its_result(flowing: World) -> None:
    code = to_case_officer(flowing)
    flowing.do("complete_step", code, by="officer", when="2026-03-03 09:00")
    flowing.do("submit_for_signature", code, by="head", when="2026-03-03 10:00", draft="Dự thảo 1")
    flowing.do("approve", code, by="leader", when="2026-03-03 14:00", draft="Dự thảo 1")
    flowing.do("resolve", code, by="records", when="2026-03-03 15:00", result="1/GKS")

    assert passages(code) == [
        (1, COMMUNE, "cb-clerk"),
        (2, COMMUNE, "cb-officer"),
        (3, COMMUNE, "cb-head"),
        (4, COMMUNE, "cb-leader"),
        (5, COMMUNE, "cb-records"),
    ]
    assert not models.StepRun.objects.filter(dossier=code, left_at=None).exists()


def test_each_step_has_its_own_working_time_from_when_it_was_entered(flowing: World) -> None:
    code = to_case_officer(flowing)
    before = run(code).due_at
    flowing.do("complete_step", code, by="officer", when="2026-03-03 08:00")

    # Two working days after Monday 9:30; half a day after Tuesday 8:00.
    assert before == at("2026-03-04 09:30")
    assert run(code).due_at == at("2026-03-03 12:00")


def test_a_supplement_moves_the_due_moment_of_the_step_too(flowing: World) -> None:
    code = to_case_officer(flowing)
    flowing.do(
        "request_supplement",
        code,
        by="officer",
        when="2026-03-03 09:30",
        missing_papers=("Giấy chứng sinh",),
        reason="Mờ",
        legal_basis="Điều 1",
    )
    paper = Paper(component_name="Giấy chứng sinh")
    flowing.do("receive_supplement", code, by="clerk", when="2026-03-09 09:30", papers=(paper,))

    # Entered Monday 9:30, one of two days used when it stopped on Tuesday 9:30, one left from the Monday after.
    assert run(code).due_at == at("2026-03-10 09:30")


def test_returned_work_comes_back_to_the_step_and_the_person_it_came_from(flowing: World) -> None:
    code = to_case_officer(flowing)
    flowing.do("complete_step", code, by="officer", when="2026-03-03 09:00")
    flowing.do("return_to_step", code, by="head", when="2026-03-03 10:00", step="Bước 2. Thẩm tra", reason="Thiếu")
    again = run(code)
    flowing.do("complete_step", code, by="officer", when="2026-03-03 14:00")

    assert (again.order, again.staff_id) == (2, "cb-officer")
    assert run(code).order == 3


def test_a_draft_sent_back_by_the_signer_is_submitted_to_the_signer_again(flowing: World) -> None:
    code = to_case_officer(flowing)
    flowing.do("complete_step", code, by="officer", when="2026-03-03 09:00")
    flowing.do("submit_for_signature", code, by="head", when="2026-03-03 10:00", draft="Dự thảo 1")
    flowing.do("send_back", code, by="leader", when="2026-03-03 11:00", reason="Sai tên")
    back = run(code)
    flowing.do("submit_for_signature", code, by="head", when="2026-03-03 14:00", draft="Dự thảo 2")

    assert (back.order, back.name, back.staff_id) == (3, "Trả lại", "cb-head")
    assert (run(code).order, run(code).staff_id) == (4, "cb-leader")


def test_opinions_asked_side_by_side_leave_the_step_where_it_was(flowing: World) -> None:
    code = to_case_officer(flowing)
    for unit in (the_world.DEPARTMENT, the_world.OTHER_COMMUNE):
        flowing.do("request_opinion", code, by="officer", when="2026-03-02 11:00", unit=unit, question="Có được không?")
    flowing.do("give_opinion", code, by="department_officer", when="2026-03-03 09:00", opinion="Được")

    assert run(code).order == 2
    assert models.Opinion.objects.filter(dossier=code, answered_at=None).count() == 1


def test_the_last_step_cannot_be_completed_into_nothing(flowing: World) -> None:
    code = to_case_officer(flowing)
    for moment, person in (("09:00", "officer"), ("10:00", "head"), ("11:00", "leader")):
        flowing.do("complete_step", code, by=person, when=f"2026-03-03 {moment}")

    with pytest.raises(UserError, match="bước cuối"):
        flowing.do("complete_step", code, by="records", when="2026-03-03 14:00")


def test_an_open_dossier_keeps_its_workflow_when_a_new_version_comes(flowing: World) -> None:
    old = to_case_officer(flowing)
    publish(changed(3, name="Soát xét kỹ"), valid_from=date(2026, 3, 2))
    new = to_case_officer(flowing)
    for code in (old, new):
        flowing.do("complete_step", code, by="officer", when="2026-03-03 09:00")

    assert (run(old).name, run(new).name) == ("Bước 3. Soát xét", "Bước 3. Soát xét kỹ")


def test_a_difficult_area_follows_its_own_workflow_where_there_is_one(flowing: World) -> None:
    publish(changed(2, working_days=Decimal(4)), variant="difficult")
    ordinary = to_case_officer(flowing)
    Unit.objects.filter(code=COMMUNE).update(is_difficult_area=True)
    difficult = to_case_officer(flowing)

    assert run(ordinary).due_at == at("2026-03-04 09:30")
    assert run(difficult).due_at == at("2026-03-06 09:30")


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (Assignment.LOAD, "cb-second_officer"),
        (Assignment.UNIT, None),
        (Assignment.ROLE, None),
        (Assignment.HAND, None),
        (Assignment.UNSAID, None),
    ],
)
def test_a_step_is_assigned_the_way_its_workflow_says(world: World, way: Assignment, expected: str | None) -> None:
    to_case_officer(world)  # gives the first officer something to do; received before there was a workflow
    publish(changed(2, assignment=way))
    code = world.received("2026-03-02 09:00")
    world.do("forward", code, by="clerk", when="2026-03-02 09:30", unit=COMMUNE)

    assert run(code).staff_id == expected


def test_who_is_chosen_by_hand_gets_the_step_whatever_the_workflow_says(world: World) -> None:
    publish(changed(2, assignment=Assignment.LOAD))
    code = world.received("2026-03-02 09:00")
    world.do("forward", code, by="clerk", when="2026-03-02 09:30", unit=COMMUNE, assignee="cb-officer")

    assert run(code).staff_id == "cb-officer"


def test_the_least_loaded_officer_is_suggested_first(flowing: World) -> None:
    to_case_officer(flowing)
    code = flowing.received("2026-03-02 09:00")
    found = steps.suggestion(models.Dossier.objects.get(code=code), now=at("2026-03-02 09:30"))

    assert found is not None
    assert (found.order, found.unit_code, found.role) == (2, COMMUNE, "case_officer")
    assert [(one.person.code, one.load) for one in found.people] == [("cb-second_officer", 0), ("cb-officer", 1)]


def test_a_reassigned_step_keeps_its_due_moment_and_both_names(flowing: World) -> None:
    code = to_case_officer(flowing)
    before = run(code).due_at
    flowing.do("assign", code, by="head", when="2026-03-03 09:00", assignee="cb-second_officer")

    assert passages(code)[1:] == [(2, COMMUNE, "cb-officer"), (2, COMMUNE, "cb-second_officer")]
    assert run(code).due_at == before


def test_a_dossier_without_a_workflow_goes_by_hand_as_before(world: World) -> None:
    code = world.taken()
    world.do("complete_step", code, by="officer", when="2026-03-03 09:00", step="Thẩm định")

    assert (run(code).name, run(code).due_at) == ("Thẩm định", None)
    assert steps.suggestion(models.Dossier.objects.get(code=code), now=at("2026-03-03 09:00")) is None


# ---------------------------------------------------------------- deputies


def deputise(*, since: date, until: date) -> None:
    organisations.delegate(
        absent_code="cb-head",
        deputy_code="cb-stranger",
        since=since,
        until=until,
        reason="Nghỉ phép",
        by="test",
        at=at("2026-03-01 09:00"),
    )


def staff_on(part: str, day: date) -> StaffRef:
    found = access.staff_of(Staff.objects.get(code=f"cb-{part}").user_id, on=day)
    assert found is not None
    return found


def test_a_deputy_sees_and_may_do_what_the_absent_could_on_those_days_only(flowing: World) -> None:
    code = to_case_officer(flowing)
    flowing.do("complete_step", code, by="officer", when="2026-03-03 09:00")
    deputise(since=date(2026, 3, 4), until=date(2026, 3, 6))

    def mine(day: int) -> list[str]:
        now = at(f"2026-03-{day:02} 09:00")
        person = staff_on("stranger", date(2026, 3, day))
        return [row.code for row in queries.work_list(View.MINE, staff=person, now=now, filters=Filters()).rows]

    assert [mine(day) for day in (3, 4, 5, 6)] == [[], [code], [code], []]
    own = {(grant.role, grant.unit_code) for grant in staff_on("head", date(2026, 3, 4)).grants}
    lent = {(g.role, g.unit_code) for g in staff_on("stranger", date(2026, 3, 4)).grants if g.for_staff == "cb-head"}
    assert own == lent

    flowing.people["stranger"] = staff_on("stranger", date(2026, 3, 3))
    with pytest.raises(UserError, match="Không tìm thấy hồ sơ"):
        flowing.do("complete_step", code, by="stranger", when="2026-03-03 15:00")
    flowing.people["stranger"] = staff_on("stranger", date(2026, 3, 4))
    flowing.do("complete_step", code, by="stranger", when="2026-03-04 15:00")
    assert run(code).order == 4


@pytest.mark.usefixtures("world")
def test_what_the_absent_was_lent_is_not_passed_on() -> None:
    day = date(2026, 3, 4)
    deputise(since=day, until=date(2026, 3, 6))
    organisations.delegate(
        absent_code="cb-stranger",
        deputy_code="cb-records",
        since=day,
        until=date(2026, 3, 6),
        reason="Nghỉ phép",
        by="test",
        at=at("2026-03-01 09:00"),
    )

    assert Role.CLERK in staff_on("records", day).roles
    assert Role.UNIT_HEAD not in staff_on("records", day).roles


def test_the_deputy_is_suggested_in_the_place_of_the_absent(flowing: World) -> None:
    deputise(since=date(2026, 3, 2), until=date(2026, 3, 6))
    code = to_case_officer(flowing)
    found = steps.suggestion(models.Dossier.objects.get(code=code), now=at("2026-03-02 10:30"))

    assert found is not None
    assert [(one.person.code, one.person.for_staff) for one in found.people] == [("cb-stranger", "cb-head")]
