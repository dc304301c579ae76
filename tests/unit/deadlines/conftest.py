"""The clock as the law files have it, for the tests of this folder."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

import pytest

from motcua import lawbook
from motcua.deadlines import calendars, clock, lawfiles
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Counting, Deadline, Happenings, Limit, LimitUnit, Pause
from motcua.deadlines.working_time import WorkingCalendar

Compute = Callable[..., Deadline]


@pytest.fixture(scope="session")
def book() -> lawbook.Lawbook:
    """The law files of the repository."""
    return lawbook.load()


@pytest.fixture(scope="session")
def vietnam(book: lawbook.Lawbook) -> WorkingCalendar:
    """The national calendar of 2022-2028; 2027 and 2028 have not been announced."""
    return calendars.working_calendar(book, "vn", first=2022, last=2028)


@pytest.fixture(scope="session")
def standard(book: lawbook.Lawbook) -> DeadlineRule:
    """The statutory rule in force from 1/7/2025: an answered supplement resumes the clock."""
    return lawfiles.rule_versions(book, "standard")[-1]


@pytest.fixture(scope="session")
def decree_61(book: lawbook.Lawbook) -> DeadlineRule:
    """The statutory rule until 30/6/2025: an answered supplement restarts the clock."""
    return lawfiles.rule_versions(book, "standard")[0]


@pytest.fixture(scope="session")
def compute(vietnam: WorkingCalendar, standard: DeadlineRule) -> Compute:
    """Compute one deadline from texts, under the standard rule and the national calendar unless told otherwise."""

    def of(
        received: str,
        limit: str,
        *,
        counting: str = "whole_days",
        pauses: Sequence[Pause] = (),
        finished: str | None = None,
        now: str = "2026-03-02T10:00",
        rule: DeadlineRule = standard,
        calendar: WorkingCalendar = vietnam,
    ) -> Deadline:
        amount, unit = limit.split()
        return clock.compute(
            rule=rule,
            calendar=calendar,
            happenings=Happenings(
                datetime.fromisoformat(received),
                Limit(Decimal(amount), LimitUnit(unit)),
                Counting(counting),
                tuple(pauses),
                datetime.fromisoformat(finished) if finished else None,
            ),
            now=datetime.fromisoformat(now),
        )

    return of


@pytest.fixture(scope="session")
def pause() -> Callable[..., Pause]:
    """A pause from texts; no end: not yet answered."""

    def of(begin: str, end: str | None = None, ground: str = "") -> Pause:
        return Pause(datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else None, ground)

    return of
