"""The internal workflow at work: which step a dossier is in, what comes next, whose it is and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce

from motcua.catalogue import queries as catalogue
from motcua.deadlines import steps as deadlines
from motcua.deadlines import workflows
from motcua.dossiers import clock, law, models
from motcua.kernel.text import fold
from motcua.kernel.time import VIETNAM, local, local_day
from motcua.organisations import queries as organisations
from motcua.organisations.types import Person, Role
from motcua.workflow import definitions
from motcua.workflow.definitions import Assignment, Step, WorkflowDefinition

DESK_ROLES = frozenset({Role.CLERK.value, Role.POSTAL_CLERK.value})
SIGNING_ROLES = frozenset({Role.UNIT_HEAD.value, Role.LEADER.value})
INTAKE = "Tiếp nhận"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be given the step, with how many open dossiers they have already."""

    person: Person
    load: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Bước tiếp theo as the workflow has it: the officer confirms it or chooses otherwise.

    ``beside`` are the units of steps that run at the same time (their opinion is asked); ``pause_before`` says what
    the clock waits for first, which only an act of pausing with its ground can do.
    """

    order: int
    name: str
    unit_code: str
    role: str
    working_days: Decimal | None
    due_at: datetime | None
    pause_before: str
    beside: tuple[str, ...]
    people: tuple[Candidate, ...]
    """Least loaded first."""


def definition_of(dossier: models.Dossier) -> WorkflowDefinition | None:
    """Return the workflow the dossier was received under; None where its procedure had none then."""
    return _definition(dossier.workflow_id) if dossier.workflow_id is not None else None


@lru_cache(maxsize=512)  # a published workflow never changes
def _definition(workflow_id: int) -> WorkflowDefinition | None:
    data = catalogue.workflow_data(workflow_id)
    return definitions.from_data(data) if data and data.get("stages") else None


def suggestion(dossier: models.Dossier, *, now: datetime) -> Suggestion | None:
    """Return the step after the present one; None without a workflow, after its last step, or when all is done."""
    definition = definition_of(dossier)
    step = following(dossier) if definition is not None and dossier.ended_at is None else None
    if definition is None or step is None:
        return None
    on = local_day(now)
    unit_code = unit_of(dossier, step, on=on)
    stage = next(one for one in definition.stages if step in one.steps)
    return Suggestion(
        order=step.order,
        name=title(step),
        unit_code=unit_code,
        role=step.role,
        working_days=_days(definition, step),
        due_at=due_at(dossier, step, entered_at=now, now=now),
        pause_before=stage.pause_before if step is stage.steps[0] else "",
        beside=tuple(one.unit for one in definition.beside(step)),
        people=candidates(role=step.role, unit_code=unit_code, on=on),
    )


def following(dossier: models.Dossier) -> Step | None:
    """Return the step after the one the dossier is in; steps beside the present one are not "after" it."""
    definition = definition_of(dossier)
    return definition.after(dossier.step_order) if definition is not None else None


def title(step: Step) -> str:
    """Return the step's name as lists and the control slip show it; the number tells apart steps named alike."""
    return f"Bước {step.order}. {step.name}" if step.name else f"Bước {step.order}"


def begin(dossier: models.Dossier, *, at: datetime) -> None:
    """Open the first passage of a dossier just received: the workflow's own first step where that is the desk's."""
    definition = definition_of(dossier)
    step = definition.steps[0] if definition is not None and definition.steps else None
    is_desk = step is not None and step.role in DESK_ROLES
    dossier.step_order = step.order if step is not None and is_desk else 0
    models.Dossier.objects.filter(pk=dossier.pk).update(step_order=dossier.step_order)
    models.StepRun.objects.create(
        dossier=dossier,
        order=dossier.step_order,
        name=title(step) if step is not None and is_desk else INTAKE,
        unit_id=dossier.receiving_unit_id,
        staff_id=dossier.assignee_id,
        entered_at=at,
        due_at=due_at(dossier, step, entered_at=at, now=at) if step is not None and is_desk else None,
    )


def go_on(dossier: models.Dossier, step: Step, *, at: datetime, unit_code: str, chosen: str, by: str) -> None:
    """Leave the present step and enter this one at the unit.

    ``chosen`` is who was picked by hand; else the step's own way of assigning decides. ``by`` stays the person of the
    step that is left where it had none: every passage has a name and a title.
    """
    leave(dossier, at=at, by=by)
    dossier.step_order, dossier.current_unit_id = step.order, unit_code
    dossier.assignee_id = chosen or assignee_of(dossier, step, unit_code=unit_code, on=local_day(at))
    models.StepRun.objects.create(
        dossier=dossier,
        order=step.order,
        name=title(step),
        unit_id=unit_code,
        staff_id=dossier.assignee_id,
        entered_at=at,
        due_at=due_at(dossier, step, entered_at=at, now=at),
    )
    _ask_beside(dossier, step, at=at, by=by)


def hand_to(dossier: models.Dossier, *, at: datetime) -> bool:
    """Give the present step to the dossier's assignee and unit; False where the dossier follows no workflow.

    A step nobody had is theirs from its start; one that somebody had becomes a new passage of the same step with the
    same due moment: changing hands does not move a deadline.
    """
    run = dossier.steps.filter(left_at=None, opinion=None).first()
    if definition_of(dossier) is None or run is None:
        return False
    if run.staff_id is None and run.unit_id == dossier.current_unit_id:
        run.staff_id = dossier.assignee_id
        run.save(update_fields=["staff"])
        return True
    run.left_at, run.outcome = at, "handed_on"
    run.save(update_fields=["left_at", "outcome"])
    models.StepRun.objects.create(
        dossier=dossier,
        order=run.order,
        name=run.name,
        unit_id=dossier.current_unit_id,
        staff_id=dossier.assignee_id,
        entered_at=at,
        due_at=run.due_at,
    )
    return True


def leave(dossier: models.Dossier, *, at: datetime, by: str) -> None:
    """End the passage the dossier is in, and what still runs beside it."""
    _drop_beside(dossier, at=at, by=by)
    dossier.steps.filter(left_at=None).update(left_at=at, staff=Coalesce("staff", Value(by)))


def open_beside(dossier: models.Dossier) -> QuerySet[models.StepRun]:
    """Return the runs beside the leading step that nobody has answered yet."""
    return dossier.steps.filter(left_at=None, opinion__isnull=False).order_by("order")


def refresh(dossier: models.Dossier, *, at: datetime) -> None:
    """Recompute the open step's due moment: a pause that stops the dossier's clock stops its step's too."""
    definition = definition_of(dossier)
    if definition is None:
        return
    for run in dossier.steps.filter(left_at=None).exclude(due_at=None).select_related("opinion"):
        step = definition.step(run.order)
        if step is None:
            continue
        # A passage taken over from somebody keeps counting from when the step was first entered.
        if run.opinion is None:
            moved = due_at(dossier, step, entered_at=_entered_first(dossier, run), now=at)
        else:
            moved = _due_beside(dossier, step, entered_at=run.entered_at, now=at)
        if moved == run.due_at:
            continue
        run.due_at = moved
        run.save(update_fields=["due_at"])
        if run.opinion is not None:
            run.opinion.due_at = moved
            run.opinion.save(update_fields=["due_at"])


def due_at(dossier: models.Dossier, step: Step, *, entered_at: datetime, now: datetime) -> datetime | None:
    """Return until when a step entered then must be done; None where it has no time of its own.

    Each step has its own working time from when it was entered, so that nobody answers for days somebody before them
    used up. For the step that leads a parallel group the longest time of the group counts.
    """
    definition = definition_of(dossier)
    days = _days(definition, step) if definition is not None else None
    return _after(dossier, step, days, entered_at=entered_at, now=now)


def _due_beside(dossier: models.Dossier, step: Step, *, entered_at: datetime, now: datetime) -> datetime | None:
    """Return until when a step beside the leading one must be answered: its own time alone counts."""
    days = step.working_days if step.is_counted else None
    return _after(dossier, step, days, entered_at=entered_at, now=now)


def _after(
    dossier: models.Dossier, step: Step, days: Decimal | None, *, entered_at: datetime, now: datetime
) -> datetime | None:
    if not days:
        return None
    alone = workflows.Stage("", {}, (workflows.Step(step.name, step.name, step.unit, {workflows.Area.ORDINARY: days}),))
    (found,) = deadlines.step_deadlines(
        rule=clock.statutory_rule(dossier, now=now),
        calendar=law.calendar(),
        stage=alone,
        started_at=local(entered_at),
        now=local(now),
        pauses=clock.pauses(dossier, since=entered_at),
    )
    return found.deadline.due_at.replace(tzinfo=VIETNAM) if found.deadline is not None else None


def unit_of(dossier: models.Dossier, step: Step, *, on: date) -> str:
    """Return where a step is done: at the desk for the desk's steps, else in the part of the authority that it names.

    A unit that the workflow names in words of its own, unknown in the tree, means the competent authority itself.
    """
    if step.role in DESK_ROLES:
        return dossier.receiving_unit_id
    words = f" {fold(step.unit)} "
    named = [
        unit for unit in organisations.subtree(dossier.competent_unit_id, on=on) if f" {fold(unit.name)} " in words
    ]
    # The longest name is the nearest: «Phòng Đất đai - Sở …» names the department too.
    inner = [unit for unit in named if unit.code != dossier.competent_unit_id]
    return max(inner, key=lambda unit: len(unit.name)).code if inner else dossier.competent_unit_id


def candidates(*, role: str, unit_code: str, on: date) -> tuple[Candidate, ...]:
    """Return who holds the role in the unit that day (deputies for the absent), the least loaded first."""
    wanted = Role.CASE_OFFICER if role == "consulted_officer" else Role(role)
    people = organisations.holders(wanted, unit_code=unit_code, on=on)
    rows = models.Dossier.objects.filter(ended_at=None, assignee__in=[one.code for one in people])
    loads = dict(rows.values_list("assignee").annotate(load=Count("code")).values_list("assignee", "load"))
    found = [Candidate(one, loads.get(one.code, 0)) for one in people]
    return tuple(sorted(found, key=lambda one: (one.load, one.person.name)))


def assignee_of(dossier: models.Dossier, step: Step, *, unit_code: str, on: date) -> str | None:
    """Return who gets the step by its own way of assigning; None where it goes to the unit's list."""
    people = candidates(role=step.role, unit_code=unit_code, on=on)
    if step.assignment is Assignment.UNIT or not people:
        return None
    if step.assignment is Assignment.LOAD:
        return people[0].person.code
    if step.assignment is Assignment.UNSAID:
        staying = next((one for one in people if one.person.code == dossier.assignee_id), None)
        if staying is not None:
            return staying.person.code
    if step.assignment is not Assignment.HAND and len(people) == 1:
        return people[0].person.code
    return None


def _days(definition: WorkflowDefinition, step: Step) -> Decimal | None:
    days = [one.working_days for one in (step, *definition.beside(step)) if one.is_counted and one.working_days]
    return max(days, default=None)


def _entered_first(dossier: models.Dossier, run: models.StepRun) -> datetime:
    entered = run.entered_at
    earlier = dossier.steps.filter(opinion=None, entered_at__lt=entered).order_by("-entered_at", "-pk")
    for before in earlier:
        if before.order != run.order or before.outcome != "handed_on":
            break
        entered = before.entered_at
    return entered


def _ask_beside(dossier: models.Dossier, step: Step, *, at: datetime, by: str) -> None:
    """Ask everybody whose step runs beside this one, each until its own due moment."""
    definition = definition_of(dossier)
    for one in definition.beside(step) if definition is not None else ():
        unit_code = _asked_unit(dossier, one, on=local_day(at))
        until = _due_beside(dossier, one, entered_at=at, now=at)
        opinion = models.Opinion.objects.create(
            dossier=dossier, unit_id=unit_code, question=title(one), asked_at=at, asked_by_id=by, due_at=until
        )
        models.StepRun.objects.create(
            dossier=dossier,
            order=one.order,
            name=title(one),
            unit_id=unit_code,
            staff_id=assignee_of(dossier, one, unit_code=unit_code, on=local_day(at)),
            entered_at=at,
            due_at=until,
            opinion=opinion,
        )
        models.Participation.objects.get_or_create(dossier=dossier, unit_id=unit_code)


def _asked_unit(dossier: models.Dossier, step: Step, *, on: date) -> str:
    """Return whose opinion a step asks: a part of the authority, else any unit that it names, else the authority."""
    unit_code = unit_of(dossier, step, on=on)
    if unit_code != dossier.competent_unit_id:
        return unit_code
    words = f" {fold(step.unit)} "
    named = [unit for unit in organisations.units(on=on) if f" {fold(unit.name)} " in words]
    return max(named, key=lambda unit: len(unit.name)).code if named else unit_code


def _drop_beside(dossier: models.Dossier, *, at: datetime, by: str) -> None:
    """Wait no longer for what is still open beside a step that is left."""
    models.Opinion.objects.filter(run__in=open_beside(dossier), answered_at=None).update(withdrawn_at=at)
    open_beside(dossier).update(left_at=at, outcome="not_needed", staff=Coalesce("staff", Value(by)))
