"""Many cases of a table at once: each under the rule of its day of receipt, faults collected row by row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from motcua.deadlines import clock, rulebook, sheet, two_clocks
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.two_clocks import TwoClocks
from motcua.deadlines.types import Deadline, Happenings
from motcua.deadlines.working_time import OutsideCalendarError, WorkingCalendar
from motcua.kernel.errors import Problem, UserError

# How many years of calendar are made beyond the last year that the table names.
_YEARS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The deadline of one case of the table."""

    case_id: str
    line: int
    deadline: Deadline
    both: TwoClocks | None = None
    """Both clocks, where they were asked for."""


def compute(
    lines: Iterable[str],
    *,
    where: str,
    versions: Sequence[DeadlineRule],
    calendar: Callable[[int, int], WorkingCalendar],
    now: datetime,
    beside: Sequence[DeadlineRule] = (),
) -> tuple[list[Answer], list[Problem]]:
    """Return the deadline of every good row of the CSV lines, and the fault of every other.

    ``versions`` are those of one rule, ``beside`` those of the rule of the 766 index where both clocks are wanted;
    ``calendar`` makes the calendar of the years from the first to the last.

    Raises:
        UserError: the table has no header or lacks a needed column.
    """
    answers: list[Answer] = []
    problems: list[Problem] = []
    read: list[tuple[sheet.Row, datetime]] = []
    for row in sheet.rows(lines, where=where):
        try:
            read.append((row, sheet.received_at(row)))
        except UserError as error:
            problems.append(sheet.problem(error, where=where, row=row))
    if not read:
        return answers, problems
    years = [received.year for _, received in read]
    desk = _Desk(
        versions=versions,
        beside=beside,
        calendar=calendar,
        first=min(*years, now.year),
        last=max(*years, now.year) + _YEARS_AHEAD,
        now=now,
    )
    for row, received in read:
        try:
            answers.append(desk.answer(row, received))
        except OutsideCalendarError as missing:
            column = sheet.column_of_year(row, missing.year)
            problems.append(sheet.problem(no_calendar(missing.year), where=where, row=row, column=column))
        except UserError as error:
            problems.append(sheet.problem(error, where=where, row=row))
    return answers, sorted(problems, key=lambda problem: problem.row or 0)


class _Desk:
    """Answers row after row: keeps the governing rule of every day and a calendar that grows when a limit is long."""

    def __init__(
        self,
        *,
        versions: Sequence[DeadlineRule],
        beside: Sequence[DeadlineRule],
        calendar: Callable[[int, int], WorkingCalendar],
        first: int,
        last: int,
        now: datetime,
    ) -> None:
        self.versions, self.beside, self.calendar, self.now = versions, beside, calendar, now
        self.first, self.last = first, last
        self.table = calendar(first, last)
        self.governing: dict[date, tuple[DeadlineRule, DeadlineRule | None]] = {}

    def answer(self, row: sheet.Row, received: datetime) -> Answer:
        on = received.date()
        if on not in self.governing:
            beside = self.in_force(self.beside, on) if self.beside else None
            self.governing[on] = self.in_force(self.versions, on), beside
        rule, beside = self.governing[on]
        happenings = sheet.happenings(row, rule=rule)
        while True:
            try:
                return self.compute(row, rule, beside, happenings)
            except OutsideCalendarError as missing:
                # A very long limit: twice as many years, as far as they can be computed.
                if missing.year <= self.last:
                    raise
                reached = self.table.data.last
                self.last += self.last - self.first + 1
                self.table = self.calendar(self.first, self.last)
                if self.table.data.last == reached:
                    raise

    def in_force(self, versions: Sequence[DeadlineRule], on: date) -> DeadlineRule:
        return rulebook.in_force(versions, received_on=on, on=self.now.date())

    def compute(
        self, row: sheet.Row, rule: DeadlineRule, beside: DeadlineRule | None, happenings: Happenings
    ) -> Answer:
        case_id, line = row.cells["case_id"], row.line
        if beside is None:
            return Answer(
                case_id, line, clock.compute(rule=rule, calendar=self.table, happenings=happenings, now=self.now)
            )
        both = two_clocks.both(statutory=rule, qd766=beside, calendar=self.table, happenings=happenings, now=self.now)
        return Answer(case_id, line, both.statutory, both)


def moved(before: Sequence[Answer], after: Sequence[Answer]) -> list[tuple[Answer, datetime]]:
    """Return the open dossiers whose due moment changed between two calendars, each with the moment it had before.

    A finished dossier keeps the due moment it was measured by, so it is never listed.
    """
    had = {answer.line: answer.deadline.due_at for answer in before}
    return [
        (answer, had[answer.line])
        for answer in after
        if answer.line in had
        and had[answer.line] != answer.deadline.due_at
        and not answer.deadline.state.value.startswith("finished")
    ]


def no_calendar(year: int) -> UserError:
    """Return the fault that a year has no calendar."""
    return UserError(
        f"Không có lịch làm việc năm {year} và không tính được từ luật.",
        remedy=f"Hãy kiểm tra năm của hồ sơ, hoặc thêm tệp law/calendar/{year}.toml.",
    )
