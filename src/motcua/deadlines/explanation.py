"""The reasons of a deadline, line by line, as a citizen can read them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from motcua.deadlines import moments
from motcua.deadlines.moments import DAY, MINUTE, moment_text
from motcua.deadlines.rules import DeadlineRule, PauseMeasure
from motcua.deadlines.stops import Effect, Stood
from motcua.deadlines.terms import Term
from motcua.deadlines.types import ClockState, Counting, Happenings, Limit
from motcua.deadlines.working_time import WorkingCalendar


class Course(NamedTuple):
    """How the clock ran, as numbers; see the fields of the same names in ``clock.compute``."""

    received: int
    counted_from: int
    term: Term
    used_up: int
    due: int
    measured: int
    state: ClockState
    remaining: int
    stood: Sequence[Stood]
    is_provisional: bool


_STATES = {
    state: ("Kết thúc lúc" if state.value.startswith("finished") else "Tính đến", state.name_vi) for state in ClockState
}
_ELAPSED_HOURS, _WHOLE_DAYS, _RESTARTED = Counting.ELAPSED_HOURS, Counting.WHOLE_DAYS, Effect.RESTARTED


def lines(rule: DeadlineRule, calendar: WorkingCalendar, happenings: Happenings, course: Course) -> tuple[str, ...]:
    """Return the reasons: the rule, the start, the days that count and those that do not, pauses, due moment, state."""
    term = course.term
    out = [_head(rule.name_vi, rule.version, calendar.version, happenings.limit, happenings.counting)]
    out.append(_start(happenings, course))
    if term.first >= 0:
        out.append(calendar.counted_text(term.first, term.last))
    elif term.on_wall:
        begin, end = moments.day_text(term.start // DAY), moments.day_text(term.used_up // DAY)
        out.append(f"đếm liên tục, cả ngày nghỉ: từ {begin} đến {end}")
    elif skipped := calendar.skipped_text(term.start // DAY, term.used_up // DAY):
        out.append(skipped)
    if course.stood:
        out += [_pause(rule, term, number, one) for number, one in enumerate(course.stood, 1)]
        if course.used_up != term.used_up:
            out.append(_moved(calendar, term, course.used_up))
    if happenings.extensions:
        out += [
            f"gia hạn thêm {Limit(one.amount, happenings.limit.unit)} theo văn bản xin lỗi {one.apology}"
            for one in happenings.extensions
        ]
    if course.due != course.used_up:
        last = course.used_up // DAY
        why = (
            "ngay sau ngày nghỉ nên hạn là lúc hết giờ làm việc của ngày đó"
            if calendar.is_working(last)
            else "là ngày nghỉ nên hạn chuyển sang lúc hết giờ làm việc của ngày làm việc tiếp theo"
        )
        out.append(f"ngày cuối {moments.day_text(last)} {why}")
    out.append(f"Hạn trả kết quả: {moment_text(course.due)}.")
    out.append(_state(rule, course))
    if course.is_provisional:
        out.append(
            "Tạm tính: có năm chưa công bố lịch nghỉ, các ngày lễ được tính theo luật; hạn có thể đổi khi công bố "
            "ngày nghỉ bù, ngày làm bù."
        )
    return tuple(out)


@lru_cache(maxsize=4096)
def _head(name_vi: str, version: str, calendar: str, limit: Limit, counting: Counting) -> str:
    how = "theo ngày, không tính ngày tiếp nhận" if counting is _WHOLE_DAYS else "theo giờ từ lúc tiếp nhận"
    return f"Thời hạn {limit}, đếm {how}; quy tắc «{name_vi}» ({version}), lịch {calendar}."


def _start(happenings: Happenings, course: Course) -> str:
    term = course.term
    received = f"Tiếp nhận lúc {moment_text(course.received)}"
    if course.counted_from != course.received:
        received += ", sau giờ chốt nhận nên coi như nhận lúc mở cửa ngày làm việc tiếp theo"
    if course.stood and any(one.effect is _RESTARTED for one in course.stood):
        return (
            f"{received}; thời hạn tính lại từ đầu khi hồ sơ đã bổ sung đủ, đồng hồ chạy từ {moment_text(term.start)}"
        )
    if term.start == course.counted_from:
        return f"{received}; đồng hồ chạy từ lúc đó"
    if happenings.counting is _ELAPSED_HOURS or (term.first < 0 and not term.on_wall):
        return f"{received}, ngoài giờ làm việc; đồng hồ chạy từ {moment_text(term.start)}"
    return f"{received}, ngày tiếp nhận không tính; đồng hồ chạy từ {moment_text(term.start)}"


def _pause(rule: DeadlineRule, term: Term, number: int, one: Stood) -> str:
    stop = one.stop
    ground = rule.known_grounds[stop.ground].name_vi.lower() if stop.ground else "không ghi căn cứ"
    until = moment_text(stop.end)
    if stop.is_open:
        until = f"nay (chưa ghi lúc kết thúc, tính như kết thúc lúc {until})"
    pause = stop.pause
    if pause.legal_basis:
        ground += f" ({pause.legal_basis})"
    if pause.evidence:
        until += f", giấy tờ {pause.evidence}"
    if pause.recorded_by:
        until += f", {pause.recorded_by} ghi"
    if pause.recorded_at:
        until += f" lúc {moment_text(moments.number_of(pause.recorded_at))}"
    head = f"tạm dừng lần {number}, {ground}, từ {moment_text(stop.begin)} đến {until}"
    if one.effect is Effect.COUNTED:
        if term.on_wall or rule.pause_measure is PauseMeasure.WALL:
            return f"{head}: {moments.duration_text(one.length, DAY)}"
        if not one.length:
            return f"{head}: không có giờ làm việc nào nên hạn không đổi"
        return f"{head}: {moments.duration_text(one.length, rule.day_length)} làm việc"
    return f"{head}: {_NO_EFFECT[one.effect]}"


_NO_EFFECT = {
    Effect.RESTARTED: "thời hạn tính lại từ đầu sau lần này",
    Effect.BEFORE_START: "trước khi đồng hồ chạy nên không tính",
    Effect.AFTER_DUE: "sau khi đã hết hạn nên không tính",
    Effect.OVERLAPPED: "nằm trong lần tạm dừng khác nên không tính hai lần",
    Effect.OTHER_CLOCK: "căn cứ này không dừng đồng hồ theo quy tắc",
}


def _moved(calendar: WorkingCalendar, term: Term, after: int) -> str:
    # A term that runs through days off is moved by the wall calendar too.
    skipped = "" if term.on_wall else calendar.skipped_text(term.used_up // DAY, after // DAY)
    return f"do tạm dừng, hạn lùi từ {moment_text(term.used_up)} đến {moment_text(after)}" + (
        f"; {skipped}" if skipped else ""
    )


def _state(rule: DeadlineRule, course: Course) -> str:
    at, name = _STATES[course.state]
    left = course.remaining
    if left < 0:
        amount = f", quá {moments.duration_text(-left, rule.day_length)} làm việc"
    elif course.measured > course.due:
        amount = ", quá hạn ngoài giờ làm việc"
    else:
        amount = f", còn {moments.duration_text(left - left % MINUTE, rule.day_length)} làm việc"
    return f"{at} {moment_text(course.measured)}: {name}{amount}."
