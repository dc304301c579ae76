"""Internal workflows as data: stages with pauses between them, steps with unit, role and working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

import msgspec


class Assignment(StrEnum):
    """Cách phân công một bước: who gets the work when a dossier comes to the step."""

    UNSAID = ""
    """Whoever has the dossier where they hold the step's role, else its only holder, else the unit's list."""
    UNIT = "unit"
    """The unit's list: somebody takes it or the head assigns it."""
    ROLE = "role"
    """The holder of the role where there is one only, else the unit's list."""
    LOAD = "load"
    """The holder of the role with the fewest open dossiers."""
    HAND = "hand"
    """Nobody until a person chooses."""


class Join(StrEnum):
    """Cách gộp các bước song song: what must be done before the dossier goes on."""

    ALL = "all"
    """Every step side by side."""
    ANY = "any"
    """One of the opinions beside the leading step; what is then still open is no longer waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Bước: who does what within how many working days (fractions allowed: 0.25 day = 2 working hours).

    ``working_days`` is None where the text states none. A step that does not count toward the procedure's limit keeps
    its own words in ``uncounted_limit``. Steps that stand next to each other with the same ``parallel_group`` run side
    by side (parallel opinions): the first leads, the others are asked at the same moment, and ``join`` says which of
    them must have answered before the dossier goes on. ``returns_to`` is the order of the earlier step it may send
    work back to.
    """

    order: int
    name: str
    unit: str
    role: str
    working_days: Decimal | None
    uncounted_limit: str = ""
    cooperation: tuple[str, ...] = ()
    parallel_group: str = ""
    join: Join = Join.ALL
    returns_to: int | None = None
    assignment: Assignment = Assignment.UNSAID

    @property
    def is_counted(self) -> bool:
        """Whether the step's time counts toward the limit of the procedure."""
        return not self.uncounted_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Giai đoạn: steps that run without the clock stopping. ``pause_before`` says what the clock waits for first."""

    order: int
    name: str
    steps: tuple[Step, ...]
    working_days: Decimal | None = None
    pause_before: str = ""
    notes: tuple[str, ...] = ()

    @property
    def sum_of_steps(self) -> Decimal:
        """Working days of the counted steps; of steps that run side by side, the longest."""
        total = Decimal(0)
        for group, steps in groupby(self.steps, key=lambda step: step.parallel_group):
            days = [step.working_days or Decimal(0) for step in steps if step.is_counted]
            total += max(days, default=Decimal(0)) if group else sum(days, Decimal(0))
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowDefinition:
    """Quy trình nội bộ of one procedure (or one case of it), in one version, for one kind of area.

    ``number`` is the ordinal in the decision that approved it (``18.2.1.2``); ``variant`` tells apart texts with a
    longer limit for difficult areas (``ordinary``, ``difficult``); ``limit_text`` is the limit in the text's own words.
    """

    code: str
    number: str
    title: str
    level: str
    variant: str
    limit_text: str
    stages: tuple[Stage, ...]
    limit_working_days: Decimal | None = None
    authority: str = ""
    cooperation: str = ""
    procedure_code: str = ""
    version: int = 1
    effective_from: date | None = None
    decision: str = ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order."""
        return tuple(step for stage in self.stages for step in stage.steps)

    def step(self, order: int) -> Step | None:
        """Return the step with this order."""
        return next((step for step in self.steps if step.order == order), None)

    def beside(self, step: Step) -> tuple[Step, ...]:
        """Return the steps that run side by side with this one."""
        if not step.parallel_group:
            return ()
        return tuple(one for one in self.steps if one.parallel_group == step.parallel_group and one != step)

    def join_of(self, step: Step) -> Join:
        """Return how the steps side by side with this one are joined: by any where one of them says so."""
        together = (step, *self.beside(step))
        return Join.ANY if any(one.join is Join.ANY for one in together) else Join.ALL

    def after(self, order: int) -> Step | None:
        """Return the step to go on with after this one: the first behind it and behind all that run beside it."""
        present = self.step(order)
        if present is not None:
            order = max(one.order for one in (present, *self.beside(present)))
        return next((step for step in self.steps if step.order > order), None)

    @property
    def sum_of_steps(self) -> Decimal:
        """Working days of all counted steps."""
        return sum((stage.sum_of_steps for stage in self.stages), Decimal(0))


def as_data(workflow: WorkflowDefinition) -> dict[str, Any]:
    """Return the workflow as plain data for a JSON column; ``from_data`` reads it back unchanged."""
    data: dict[str, Any] = msgspec.to_builtins(workflow)
    return data


def from_data(data: Mapping[str, Any]) -> WorkflowDefinition:
    """Return the workflow that ``as_data`` wrote.

    Raises:
        msgspec.ValidationError: the data is not a workflow.
    """
    return msgspec.convert(data, WorkflowDefinition)


def version_on(versions: tuple[WorkflowDefinition, ...], day: date) -> WorkflowDefinition | None:
    """Return the version in force on the day: a dossier keeps the one of the day it was received; None before all."""
    in_force = [one for one in versions if one.effective_from is not None and one.effective_from <= day]
    return max(in_force, key=lambda one: (one.effective_from or date.min, one.version), default=None)
