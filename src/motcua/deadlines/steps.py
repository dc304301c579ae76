"""Deadlines inside a procedure: of each step, of stages with a pause between them, of the legs of other agencies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from motcua.deadlines import clock, moments
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Counting, Deadline, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.workflows import Area, Stage
from motcua.deadlines.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class StepDeadline:
    """When a step must be done: its own limit added to those of the steps before it in the stage.

    ``deadline`` is None for a step that takes no time of its own (0) or states none: it ends with the one before.
    """

    name: str
    unit: str
    days_until_end: Decimal
    deadline: Deadline | None


def step_deadlines(
    *,
    rule: DeadlineRule,
    calendar: WorkingCalendar,
    stage: Stage,
    started_at: datetime,
    now: datetime,
    area: Area = Area.ORDINARY,
    counting: Counting = Counting.ELAPSED_HOURS,
    pauses: Sequence[Pause] = (),
    finished_at: Sequence[datetime | None] = (),
) -> tuple[StepDeadline, ...]:
    """Return the deadline of every counted step of a stage that began at ``started_at``.

    Quarter and half days follow one another within a day, so steps count by elapsed hours unless told otherwise.
    ``finished_at`` holds when each counted step ended, in order.

    Raises:
        HappeningsError: the pauses contradict themselves or the rule.
        OutsideCalendarError: a count leaves the calendar.
    """
    found = []
    total = Decimal(0)
    counted = [step for step in stage.steps if step.is_counted]
    for place, step in enumerate(counted):
        days = step.days[area]
        total += days or 0
        deadline = None
        if days:
            happenings = Happenings(
                started_at,
                Limit(total, LimitUnit.WORKING_DAYS),
                counting,
                tuple(pauses),
                finished_at[place] if place < len(finished_at) else None,
            )
            deadline = clock.compute(rule=rule, calendar=calendar, happenings=happenings, now=now)
        found.append(StepDeadline(step.name, step.unit, total, deadline))
    return tuple(found)


def paused_between_stages(
    happenings: Happenings, *, ends: Sequence[datetime], starts: Sequence[datetime], ground: str, legal_basis: str
) -> Happenings:
    """Return the happenings with the clock standing still between stages, for example while tax duty is settled.

    ``ends[n]`` is when a stage ended, ``starts[n]`` when the next began; the last end may have no start yet.

    Raises:
        ValueError: more stages begun than ended.
    """
    if not 0 <= len(ends) - len(starts) <= 1:
        raise ValueError("a stage begins only after the one before it has ended")
    begun: list[datetime | None] = [*starts, None]
    between = tuple(Pause(end, begin, ground, legal_basis) for end, begin in zip(ends, begun[: len(ends)], strict=True))
    return replace(happenings, pauses=happenings.pauses + between)


def hand_over_due(*, rule: DeadlineRule, calendar: WorkingCalendar, received_at: datetime) -> datetime:
    """Return until when the counter must hand a received dossier to the unit that resolves it.

    The same working day; received after the rule's cut-off, or on a day off, the next working day (its closing).
    """
    received = moments.number_of(received_at)
    day, time_of_day = divmod(received, moments.DAY)
    if rule.receipt_cut_off is not None and time_of_day > rule.receipt_cut_off:
        day += 1
    return moments.moment_at(calendar.closes[calendar.working_day_from(day)])


@dataclass(frozen=True, slots=True)
class Leg:
    """Hồ sơ con: what another agency does for a linked procedure (liên thông), under its own rule and clock."""

    agency: str
    rule: DeadlineRule
    happenings: Happenings


@dataclass(frozen=True, slots=True)
class LinkedDeadlines:
    """The deadline of the whole and of each leg; ``exceeding`` names agencies whose leg may end after the whole."""

    whole: Deadline
    legs: tuple[tuple[str, Deadline], ...]
    exceeding: tuple[str, ...]


def linked(
    *, rule: DeadlineRule, calendar: WorkingCalendar, whole: Happenings, legs: Sequence[Leg], now: datetime
) -> LinkedDeadlines:
    """Return the clocks of a linked dossier: a pause of one leg does not stop the others.

    Raises:
        HappeningsError: happenings contradict themselves or a rule.
        OutsideCalendarError: a count leaves the calendar.
    """
    parent = clock.compute(rule=rule, calendar=calendar, happenings=whole, now=now)
    own = tuple(
        (leg.agency, clock.compute(rule=leg.rule, calendar=calendar, happenings=leg.happenings, now=now))
        for leg in legs
    )
    return LinkedDeadlines(parent, own, tuple(agency for agency, deadline in own if deadline.due_at > parent.due_at))
