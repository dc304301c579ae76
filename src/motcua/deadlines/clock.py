"""The clock of one dossier: due moment, state and reasons; exact as a clock that runs each working minute."""

from collections.abc import Sequence
from datetime import datetime

from motcua.deadlines import explanation, extensions, moments, stops, terms
from motcua.deadlines.errors import HappeningsError
from motcua.deadlines.moments import DAY, MINUTE
from motcua.deadlines.rules import SUPPLEMENT, DeadlineRule
from motcua.deadlines.stops import Effect, Stood
from motcua.deadlines.types import ClockState, Deadline, Happenings, Pause
from motcua.deadlines.working_time import WorkingCalendar

_MARKS = {
    Effect.AFTER_DUE: "pause_after_due",
    Effect.BEFORE_START: "pause_before_start",
    Effect.OVERLAPPED: "pause_overlapping",
    Effect.RESTARTED: "restarted",
    Effect.OTHER_CLOCK: "pause_not_of_this_clock",
}


# Bound once: looking a member up in its enumeration costs as much as the arithmetic beside it.
_LATE, _EARLY, _ON_TIME = ClockState.FINISHED_LATE, ClockState.FINISHED_EARLY, ClockState.FINISHED_ON_TIME
_APPROACHING, _WITHIN, _OVERDUE = ClockState.APPROACHING, ClockState.WITHIN, ClockState.OVERDUE


def compute(*, rule: DeadlineRule, calendar: WorkingCalendar, happenings: Happenings, now: datetime) -> Deadline:
    """Return when the dossier is due under this rule and calendar, how it stands, and the reasons line by line.

    A pause counts only while the clock runs: before the start and after the limit is used up it changes nothing, and
    overlapping pauses count once. A pause not yet answered is taken as if answered at ``now`` (or when the dossier
    ended). ``now`` may carry a zone; without one it is Vietnamese wall-clock time.

    Raises:
        HappeningsError: the happenings contradict themselves or the rule.
        OutsideCalendarError: the count leaves the calendar.
    """
    received = moments.number_of(happenings.received_at)
    finished = None
    measured = moments.number_of(now)
    if happenings.finished_at is not None:
        measured = finished = moments.number_of(happenings.finished_at)
        if finished < received:
            raise HappeningsError(
                f"Hồ sơ kết thúc ({moments.moment_text(finished)}) trước khi tiếp nhận "
                f"({moments.moment_text(received)}).",
                remedy="Hãy sửa thời điểm kết thúc hoặc thời điểm tiếp nhận.",
                column="finished_at",
            )
    counted_from = received
    if rule.receipt_cut_off is not None:
        counted_from = _after_cut_off(calendar, received, rule.receipt_cut_off)
    extra = extensions.granted(rule=rule, happenings=happenings) if happenings.extensions else 0
    limit, counting, day_length = happenings.limit, happenings.counting, rule.day_length
    term = terms.term(
        calendar=calendar,
        received=counted_from,
        limit=limit,
        counting=counting,
        day_length=day_length,
        extra=extra,
    )
    used_up = term.used_up
    stood: Sequence[Stood] = ()
    if happenings.pauses:
        stopped = stops.stops(rule=rule, pauses=happenings.pauses, measured=measured)
        for stop in stopped:
            # A restart before the limit is used up begins the whole limit anew when the dossier is complete.
            if (
                stop.restarts
                and stop.end > term.start
                and stop.begin < stops.run(rule=rule, calendar=calendar, term=term, stopped=stopped)[0]
            ):
                term = terms.term(
                    calendar=calendar,
                    received=stop.end,
                    limit=limit,
                    counting=counting,
                    day_length=day_length,
                    extra=extra,
                )
        used_up, stood = stops.run(rule=rule, calendar=calendar, term=term, stopped=stopped)
    due = terms.moved_off_days_off(calendar, used_up) if term.on_wall else used_up
    remaining = calendar.worked_until(due) - calendar.worked_until(measured)
    state = _state(finished=finished, measured=measured, due=due, stood=stood)
    if state is _WITHIN and remaining <= rule.approaching:
        whole = calendar.worked_until(due) - calendar.worked_until(term.start)
        if remaining <= whole * rule.approaching_share:
            state = _APPROACHING
    is_provisional = calendar.is_provisional(received // DAY, due // DAY)
    lines = explanation.lines(
        rule,
        calendar,
        happenings,
        explanation.Course(
            received, counted_from, term, used_up, due, measured, state, remaining, stood, is_provisional
        ),
    )
    return Deadline(
        moments.moment_at(due),
        moments.moment_at(term.start),
        state,
        remaining // MINUTE,
        lines,
        rule.version,
        calendar.version,
        is_provisional,
        _marks(rule, happenings.pauses, stood) if stood else (),
    )


def _after_cut_off(calendar: WorkingCalendar, received: int, cut_off: int) -> int:
    """Return the moment from which receipt counts: the next working day's opening after the cut-off time of day."""
    day, clock = divmod(received, DAY)
    if clock <= cut_off or not calendar.is_working(day):
        return received
    return calendar.opens[calendar.working_day_from(day + 1)]


def _state(*, finished: int | None, measured: int, due: int, stood: Sequence[Stood]) -> ClockState:
    if finished is not None:
        if finished > due:
            return _LATE
        return _EARLY if finished // DAY < due // DAY else _ON_TIME
    if measured > due:
        return _OVERDUE
    for stop, _, _, effect in stood:
        is_under_way = stop.begin <= measured and (stop.is_open or measured < stop.end)
        if is_under_way and effect is not Effect.AFTER_DUE and effect is not Effect.OTHER_CLOCK:
            return ClockState.PAUSED
    return _WITHIN


def _marks(rule: DeadlineRule, pauses: Sequence[Pause], stood: Sequence[Stood]) -> tuple[str, ...]:
    marks = {_MARKS[one.effect] for one in stood if one.effect is not Effect.COUNTED}
    if sum(pause.ground == SUPPLEMENT for pause in pauses) > rule.supplement_requests:
        marks.add("repeated_supplement")
    return tuple(sorted(marks))
