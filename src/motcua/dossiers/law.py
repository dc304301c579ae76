"""The law as the desk reads it: one lawbook for the process, rulebooks by day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from motcua import lawbook
from motcua.deadlines import calendars, lawfiles
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.working_time import WorkingCalendar
from motcua.kernel import lawfiles as kernel_files
from motcua.organisations.models import Unit
from motcua.workflow import rulebook as workflow
from motcua.workflow.rulebook import Rulebook


@lru_cache(maxsize=1)
def book() -> lawbook.Lawbook:
    """Return the lawbook that comes with the program."""
    return lawbook.load()


@lru_cache(maxsize=64)
def rulebook(*, on: date) -> Rulebook:
    """Return what may be done to a dossier, by the law in force on the day."""
    return workflow.rulebook_on(book().root, on)


@lru_cache(maxsize=8)
def deadline_rules(code: str) -> tuple[DeadlineRule, ...]:
    """Return every version of a deadline rule."""
    return lawfiles.rule_versions(book(), code)


@lru_cache(maxsize=1)
def calendar() -> WorkingCalendar:
    """Return the working calendar of the years that open dossiers can touch."""
    return calendars.working_calendar(book(), "vn", first=2018, last=2028)


def is_difficult_area(unit_code: str) -> bool:
    """Tell whether the unit lies in an area for which some procedures have a longer limit."""
    return Unit.objects.filter(code=unit_code, is_difficult_area=True).exists()


def workflow_variant(unit_code: str) -> str:
    """Return which text of a workflow holds where the unit lies: ``difficult`` or ``ordinary``."""
    return "difficult" if is_difficult_area(unit_code) else "ordinary"


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """Mức nhắc việc: how many days before due the officer, and how many after it the leader, is told."""

    approaching_days: int
    escalation_days: int


@lru_cache(maxsize=64)
def reminders(*, on: date) -> ReminderRule:
    """Return the reminder rule in force on the day."""
    raw = kernel_files.read(kernel_files.version_on(book().root / "reminders" / "one_stop", on))
    return ReminderRule(raw["approaching"]["days"], raw["escalation"]["days"])
