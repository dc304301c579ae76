"""What goes into the clock and what comes out: limits, pauses, happenings, the deadline with its reasons."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class LimitUnit(StrEnum):
    """Đơn vị tính của thời hạn: what a limit is counted in."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"

    @property
    def name_vi(self) -> str:
        """The unit as the law writes it."""
        return _UNIT_NAMES[self]

    @property
    def is_calendar(self) -> bool:
        """Whether days off count too: the term runs on the wall calendar."""
        return self in (LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS)


_UNIT_NAMES = {
    LimitUnit.WORKING_HOURS: "giờ làm việc",
    LimitUnit.WORKING_DAYS: "ngày làm việc",
    LimitUnit.CALENDAR_DAYS: "ngày",
    LimitUnit.MONTHS: "tháng",
}


class Counting(StrEnum):
    """Cách tính ngày: from the day after receipt, or from the moment of receipt."""

    WHOLE_DAYS = "whole_days"
    """The day of receipt is excluded; the term ends with the office hours of its last day."""
    ELAPSED_HOURS = "elapsed_hours"
    """A day is so many working hours from the moment of receipt (8 by the rule files)."""


class ClockState(StrEnum):
    """Tình trạng thời hạn of one dossier."""

    WITHIN = "within"
    APPROACHING = "approaching"
    OVERDUE = "overdue"
    PAUSED = "paused"
    FINISHED_EARLY = "finished_early"
    """Finished on a day before the due day."""
    FINISHED_ON_TIME = "finished_on_time"
    """Finished on the due day, not after the due moment."""
    FINISHED_LATE = "finished_late"

    @property
    def name_vi(self) -> str:
        """The state as the desk shows it."""
        return _STATE_NAMES[self]


_STATE_NAMES = {
    ClockState.WITHIN: "Trong hạn",
    ClockState.APPROACHING: "Sắp đến hạn",
    ClockState.OVERDUE: "Quá hạn",
    ClockState.PAUSED: "Đang tạm dừng",
    ClockState.FINISHED_EARLY: "Xong trước hạn",
    ClockState.FINISHED_ON_TIME: "Xong đúng hạn",
    ClockState.FINISHED_LATE: "Xong quá hạn",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """Thời hạn giải quyết: an amount (0.25 and 0.5 day are real) and its unit."""

    amount: Decimal
    unit: LimitUnit

    def __str__(self) -> str:
        """Read as the law writes it: ``5 ngày làm việc``, ``0,5 ngày làm việc``."""
        return f"{self.amount.normalize():f} {self.unit.name_vi}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Pause:
    """Tạm dừng: from when to when the clock stood still, on what ground, by whom, and the paper that shows it.

    ``end`` None: not yet answered. ``ground`` is a code of ``law/codelists/pause_ground``; empty = not stated.
    """

    begin: datetime
    end: datetime | None = None
    ground: str = ""
    legal_basis: str = ""
    evidence: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """Gia hạn: more time granted once, with a written apology that names the reason.

    ``amount`` is in the unit of the dossier's limit; ``apology`` is the number of the apology letter.
    """

    amount: Decimal
    granted_at: datetime
    apology: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Happenings:
    """What happened to one dossier, as far as its clock is concerned. Moments are Vietnamese wall-clock time."""

    received_at: datetime
    limit: Limit
    counting: Counting = Counting.WHOLE_DAYS
    pauses: tuple[Pause, ...] = ()
    finished_at: datetime | None = None
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """Hạn giải quyết: when it is due, how it stands, and why, line by line in Vietnamese.

    ``remaining_working_minutes`` is the office time from the moment of measuring (now, or the end of the dossier) to
    ``due_at``, whole minutes rounded down, negative when late. ``is_provisional``: the count crosses a year whose
    calendar has not been announced. ``marks`` are short codes of what an auditor should look at.
    """

    due_at: datetime
    started_at: datetime
    state: ClockState
    remaining_working_minutes: int
    lines: tuple[str, ...]
    rule: str
    calendar: str
    is_provisional: bool
    marks: tuple[str, ...] = ()
