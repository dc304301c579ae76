"""Two clocks on one dossier, side by side: the statutory one and the one of the 766 index, and why they differ."""

from dataclasses import dataclass
from datetime import datetime

from motcua.deadlines import clock, moments
from motcua.deadlines.rules import SUPPLEMENT, DeadlineRule
from motcua.deadlines.types import ClockState, Deadline, Happenings
from motcua.deadlines.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class PortalMeasure:
    """Cách đo của chỉ số 2.1: the end of the dossier less the time of its supplements, against the promised moment.

    ``measured_at`` is the end that counts: when the dossier ended, when a supplement not yet answered was requested,
    or now. ``counted_at`` is that moment less the elapsed time of the finished supplements.
    """

    due_at: datetime
    measured_at: datetime
    counted_at: datetime
    is_on_time: bool
    lines: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class TwoClocks:
    """The statutory deadline, the measure of the 766 index, and why they differ (empty: they agree)."""

    statutory: Deadline
    qd766: PortalMeasure
    differences: tuple[str, ...]


def both(
    *,
    statutory: DeadlineRule,
    qd766: DeadlineRule,
    calendar: WorkingCalendar,
    happenings: Happenings,
    now: datetime,
    promised_at: datetime | None = None,
) -> TwoClocks:
    """Return both clocks of a dossier; ``promised_at`` is the moment on the receipt (ngày hẹn trả).

    Where the receipt names none, the promise is the limit without any pause.

    Raises:
        HappeningsError: the happenings contradict themselves or a rule.
        OutsideCalendarError: a count leaves the calendar.
    """
    by_law = clock.compute(rule=statutory, calendar=calendar, happenings=happenings, now=now)
    measure = _measure(qd766, calendar, happenings, now, promised_at)
    return TwoClocks(by_law, measure, _differences(statutory, qd766, happenings, by_law, measure))


def _measure(
    rule: DeadlineRule, calendar: WorkingCalendar, happenings: Happenings, now: datetime, promised_at: datetime | None
) -> PortalMeasure:
    due = moments.number_of(promised_at) if promised_at else _limit_alone(rule, calendar, happenings, now)
    measured = moments.number_of(happenings.finished_at or now)
    requests = sorted(
        (moments.number_of(pause.begin), None if pause.end is None else moments.number_of(pause.end))
        for pause in happenings.pauses
        if pause.ground == SUPPLEMENT
    )
    lines = [f"Ngày hẹn trả: {moments.moment_text(due)}."]
    waiting = [begin for begin, end in requests if end is None]
    if waiting and happenings.finished_at is None:
        measured = waiting[0]
        lines.append(f"Đang chờ bổ sung: cổng đo tại lúc yêu cầu bổ sung {moments.moment_text(measured)}.")
    supplement = sum(end - begin for begin, end in requests if end is not None)
    if supplement:
        lines.append(f"Trừ thời gian bổ sung {moments.duration_text(supplement, moments.DAY)} trên lịch.")
    counted = measured - supplement
    is_repeated = len(requests) > rule.supplement_requests
    # Requested more than once: late whatever the clock says.
    is_on_time = counted <= due and not is_repeated
    if is_repeated:
        lines.append(f"Yêu cầu bổ sung {len(requests)} lần, quá {rule.supplement_requests} lần: cổng tính quá hạn.")
    lines.append(
        f"So {moments.moment_text(counted)} với ngày hẹn trả: {'đúng hạn' if is_on_time else 'quá hạn'} "
        f"({rule.citations['']})."
    )
    return PortalMeasure(
        moments.moment_at(due),
        moments.moment_at(measured),
        moments.moment_at(counted),
        is_on_time,
        tuple(lines),
        rule.version,
    )


def _limit_alone(rule: DeadlineRule, calendar: WorkingCalendar, happenings: Happenings, now: datetime) -> int:
    alone = Happenings(happenings.received_at, happenings.limit, happenings.counting)
    return moments.number_of(clock.compute(rule=rule, calendar=calendar, happenings=alone, now=now).due_at)


def _differences(
    statutory: DeadlineRule, qd766: DeadlineRule, happenings: Happenings, by_law: Deadline, measure: PortalMeasure
) -> tuple[str, ...]:
    late_by_law = by_law.state in (ClockState.OVERDUE, ClockState.FINISHED_LATE)
    if late_by_law != measure.is_on_time and by_law.due_at == measure.due_at:
        return ()
    reasons = []
    if late_by_law == measure.is_on_time:
        verdicts = "quá hạn" if late_by_law else "đúng hạn", "đúng hạn" if measure.is_on_time else "quá hạn"
        reasons.append(f"Theo luật: {verdicts[0]}; theo cổng: {verdicts[1]}.")
    if by_law.due_at != measure.due_at:
        reasons.append(
            f"Hạn theo luật {moments.moment_text(moments.number_of(by_law.due_at))}, ngày hẹn trên cổng "
            f"{moments.moment_text(moments.number_of(measure.due_at))}."
        )
    grounds = dict.fromkeys(pause.ground for pause in happenings.pauses)
    for ground in grounds:
        name = statutory.known_grounds[ground].name_vi.lower() if ground else "tạm dừng không ghi căn cứ"
        if ground in qd766.pausing:
            how = "tính lại từ đầu" if "restarted" in by_law.marks else "dừng theo giờ làm việc"
            reasons.append(f"«{name}»: đồng hồ theo luật {how}, cổng trừ theo thời gian trên lịch.")
        else:
            reasons.append(f"«{name}»: đồng hồ theo luật dừng, cổng không trừ.")
    if happenings.extensions:
        reasons.append("Gia hạn: đồng hồ theo luật tính hạn mới, cổng so với ngày hẹn trả đã gửi.")
    return tuple(reasons)
