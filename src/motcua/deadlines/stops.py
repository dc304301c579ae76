"""Pauses laid over a running clock: what each one came to, and when the limit is used up in the end."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from motcua.deadlines import moments
from motcua.deadlines.errors import HappeningsError
from motcua.deadlines.rules import SUPPLEMENT, DeadlineRule, PauseMeasure, SupplementEffect
from motcua.deadlines.terms import Term
from motcua.deadlines.types import Pause
from motcua.deadlines.working_time import WorkingCalendar


class Effect(StrEnum):
    """What a pause did to the clock."""

    COUNTED = "counted"
    RESTARTED = "restarted"
    BEFORE_START = "before_start"
    AFTER_DUE = "after_due"
    OVERLAPPED = "overlapped"
    OTHER_CLOCK = "other_clock"
    """The ground does not stop this clock."""


class Stop(NamedTuple):
    """A pause as numbers. ``end`` is given, or as if answered at the moment of measuring."""

    begin: int
    end: int
    ground: str
    is_open: bool
    stops_clock: bool
    restarts: bool
    pause: Pause


class Stood(NamedTuple):
    """What a pause came to: from when it counted, how long the clock stood still, and its effect."""

    stop: Stop
    since: int
    length: int
    effect: Effect


def stops(*, rule: DeadlineRule, pauses: Sequence[Pause], measured: int) -> list[Stop]:
    """Return the pauses as numbers in order of their beginning; one without end ends at ``measured``.

    Raises:
        HappeningsError: a pause ends before it begins, or its ground is unknown.
    """
    found = []
    for pause in pauses:
        begin = moments.number_of(pause.begin)
        ground = pause.ground
        if ground and ground not in rule.known_grounds:
            raise HappeningsError(
                f"Không có căn cứ tạm dừng «{ground}».",
                remedy=f"Hãy dùng một trong các mã: {', '.join(sorted(rule.known_grounds))}.",
                column="pauses",
            )
        if pause.end is None:
            end = max(begin, measured)
        else:
            end = moments.number_of(pause.end)
            if end < begin:
                raise HappeningsError(
                    f"Lần tạm dừng kết thúc ({moments.moment_text(end)}) trước khi bắt đầu "
                    f"({moments.moment_text(begin)}).",
                    remedy="Hãy đổi chỗ hai thời điểm, hoặc bỏ trống thời điểm cuối nếu chưa kết thúc.",
                    column="pauses",
                )
        stops_clock = not ground or ground in rule.pausing
        restarts = stops_clock and ground == SUPPLEMENT and rule.supplement is SupplementEffect.RESTART
        found.append(Stop(begin, end, ground, pause.end is None, stops_clock, restarts, pause))
    if len(found) > 1:
        found.sort(key=lambda stop: stop[:2])
    return found


def run(
    *, rule: DeadlineRule, calendar: WorkingCalendar, term: Term, stopped: Sequence[Stop]
) -> tuple[int, list[Stood]]:
    """Return when the limit is used up with these pauses, in order of their beginning, and what each came to."""
    on_wall = term.on_wall or rule.pause_measure is PauseMeasure.WALL
    used_up = term.used_up
    covered = term.start
    target = -1
    stood = []
    for stop in stopped:
        begin = max(covered, stop.begin)
        end = stop.end
        if not stop.stops_clock:
            stood.append(Stood(stop, begin, 0, Effect.OTHER_CLOCK))
        elif end <= term.start:
            stood.append(Stood(stop, begin, 0, Effect.RESTARTED if stop.restarts else Effect.BEFORE_START))
        elif begin >= used_up:
            stood.append(Stood(stop, begin, 0, Effect.AFTER_DUE))
        elif end <= covered:
            stood.append(Stood(stop, begin, 0, Effect.OVERLAPPED))
        else:
            if on_wall:
                length = end - begin
                used_up += length
            else:
                length = calendar.worked_until(end) - calendar.worked_until(begin)
                if length:
                    target = (calendar.worked_until(used_up) if target < 0 else target) + length
                    used_up = calendar.earliest(target)
            covered = end
            stood.append(Stood(stop, begin, length, Effect.COUNTED))
    return used_up, stood
