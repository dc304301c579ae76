"""The clock of a dossier: what was promised at receipt, where it stands, and why; by ``deadlines``, kept on the row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from motcua.catalogue import queries as catalogue
from motcua.catalogue.types import Channel, ProcedureDetail
from motcua.deadlines import clock as deadlines
from motcua.deadlines import moments, rulebook, two_clocks
from motcua.deadlines.rules import DeadlineRule
from motcua.deadlines.types import Deadline, Happenings, Limit, LimitUnit, Pause
from motcua.dossiers import law, models
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, local, local_day

STATUTORY = "standard"
PORTAL = "qd766"
SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Promise:
    """Ngày hẹn trả, and what it was computed under: the dossier keeps that rule and calendar."""

    due_at: datetime
    portal_due_at: datetime
    rule: str
    calendar: str


def promise(
    detail: ProcedureDetail, *, case_code: str, channel: Channel, unit_code: str, received_at: datetime
) -> Promise:
    """Return what to promise the applicant on receipt.

    Raises:
        UserError: the procedure names no limit for this channel and case.
    """
    limit = _limit(detail, case_code=case_code, channel=channel, unit_code=unit_code)
    happenings = Happenings(local(received_at), limit)
    rule = _rule(STATUTORY, received_at, on=received_at)
    calendar = law.calendar()
    due = deadlines.compute(rule=rule, calendar=calendar, happenings=happenings, now=local(received_at))
    due_at = due.due_at.replace(tzinfo=VIETNAM)
    return Promise(due_at, due_at, due.rule, due.calendar)


def refresh(dossier: models.Dossier, *, at: datetime) -> None:
    """Recompute the due moment after a pause, a supplement or an end; an extension granted stays what was granted."""
    if dossier.received_at is None or dossier.ended_at is not None or dossier.extension_count:
        return
    due_at = statutory(dossier, now=at).due_at.replace(tzinfo=VIETNAM)
    dossier.due_at = due_at if dossier.parent_id is None else _to_the_minute(due_at)


def statutory(dossier: models.Dossier, *, now: datetime) -> Deadline:
    """Return the statutory deadline of a received dossier with its reasons."""
    received = dossier.received_at or now
    rule = _rule(STATUTORY, received, on=now)
    return deadlines.compute(rule=rule, calendar=law.calendar(), happenings=_happenings(dossier), now=local(now))


def shown(dossier: models.Dossier, *, now: datetime) -> dict[str, object]:
    """Return what the dossier page shows of the clock: both clocks with reasons, the bar of used time."""
    if dossier.received_at is None:
        return {"statutory": {"title": "Chưa tiếp nhận", "lines": ["Thời hạn tính từ khi tiếp nhận."]}, "bar": _NO_BAR}
    both = two_clocks.both(
        statutory=_rule(STATUTORY, dossier.received_at, on=now),
        qd766=_rule(PORTAL, dossier.received_at, on=now),
        calendar=law.calendar(),
        happenings=_happenings(dossier),
        now=local(now),
        promised_at=local(dossier.portal_due_at) if dossier.portal_due_at else None,
    )
    return {
        "statutory": {"title": f"Theo quy định ({both.statutory.rule})", "lines": both.statutory.lines},
        "portal": {"title": f"Theo Bộ chỉ số 766 ({both.qd766.rule})", "lines": both.qd766.lines},
        "difference": " ".join(both.differences),
        "remaining": "" if dossier.ended_at else remaining_text(dossier.due_at, now=now),
        "bar": _bar(dossier, now=now),
    }


def remaining_text(due_at: datetime | None, *, now: datetime) -> str:
    """Say how much working time is left or exceeded: ``còn 2 ngày 3 giờ làm việc``."""
    if due_at is None:
        return ""
    calendar = law.calendar()
    worked = [calendar.worked_until(moments.number_of(local(at))) for at in (now, due_at)]
    minutes = (worked[1] - worked[0]) // moments.MINUTE
    if minutes == 0 and due_at <= now:
        return "vừa hết hạn"
    word = "còn" if minutes >= 0 else "quá"
    days, rest = divmod(abs(minutes), 480)
    hours, left = divmod(rest, 60)
    parts = [f"{days} ngày"] if days else []
    parts += [f"{hours} giờ"] if hours else []
    parts += [f"{left} phút"] if left and not days else []
    return f"{word} {' '.join(parts) or '0 phút'} làm việc"


def limit_text(dossier: models.Dossier) -> str:
    """Return the limit as the law writes it: ``5 ngày làm việc``."""
    return str(limit_of(dossier))


def limit_of(dossier: models.Dossier) -> Limit:
    """Return the limit a received dossier has by its procedure, or a leg by what was agreed."""
    return _happenings(dossier).limit


def channel_of(dossier: models.Dossier) -> Channel:
    """Return the channel of a stored dossier."""
    return Channel(dossier.channel)


def statutory_rule(dossier: models.Dossier, *, now: datetime) -> DeadlineRule:
    """Return the rule version a received dossier's statutory clock runs under."""
    return _rule(STATUTORY, dossier.received_at or now, on=now)


def pauses(dossier: models.Dossier, *, since: datetime) -> tuple[Pause, ...]:
    """Return the spans in which the clock stood after the moment, in order; one that runs across it counts from it."""
    spans = [(one.requested_at, one.completed_at, SUPPLEMENT, "", "") for one in dossier.supplements.all()]
    spans += [(one.began_at, one.ended_at, one.ground, one.legal_basis, one.evidence) for one in dossier.pauses.all()]
    found = [
        Pause(local(max(began, since)), local(ended) if ended else None, ground, basis, evidence)
        for began, ended, ground, basis, evidence in spans
        if ended is None or ended > since
    ]
    return tuple(sorted(found, key=lambda pause: pause.begin))


def _happenings(dossier: models.Dossier) -> Happenings:
    detail = catalogue.version(dossier.version_id)
    assert detail is not None  # noqa: S101 - the foreign key is protected
    if dossier.parent_id is not None:
        limit = _leg_limit(dossier)
    else:
        limit = _limit(
            detail, case_code=dossier.case_code, channel=channel_of(dossier), unit_code=dossier.competent_unit_id
        )
    assert dossier.received_at is not None  # noqa: S101 - asked for received dossiers only
    return Happenings(
        local(dossier.received_at),
        limit,
        pauses=pauses(dossier, since=dossier.received_at),
        finished_at=local(dossier.ended_at) if dossier.ended_at else None,
    )


def _leg_limit(leg: models.Dossier) -> Limit:
    """Return a leg's limit: the working time between its opening and the moment agreed then, not the procedure's."""
    assert leg.received_at is not None  # noqa: S101 - a leg is opened with both moments
    assert leg.portal_due_at is not None  # noqa: S101
    calendar = law.calendar()
    begin, end = (calendar.worked_until(moments.number_of(local(at))) for at in (leg.received_at, leg.portal_due_at))
    # Limits are exact decimals of an hour, and a third of an hour is none: the last 3.6 seconds are given back below.
    thousandths = max(1, (end - begin) * 1000 // (60 * moments.MINUTE))
    return Limit(Decimal(thousandths) / 1000, LimitUnit.WORKING_HOURS)


def _to_the_minute(due_at: datetime) -> datetime:
    """Return the moment as it was agreed for a leg: people agree on minutes."""
    return (due_at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _limit(detail: ProcedureDetail, *, case_code: str, channel: Channel, unit_code: str) -> Limit:
    term = detail.term(channel=channel, case_code=case_code)
    limit = term.limit if term else None
    if term is not None and term.limit_in_difficult_area is not None and law.is_difficult_area(unit_code):
        limit = term.limit_in_difficult_area
    if limit is None:
        # A procedure often names one limit for all channels.
        limit = next(
            (other.limit for other in detail.terms if other.case_code in {"", case_code} and other.limit), None
        )
    if limit is None:
        raise UserError(
            f"TTHC {detail.code} chưa có thời hạn giải quyết.",
            remedy="Hãy báo Văn phòng UBND tỉnh (KSTTHC) bổ sung thời hạn trong danh mục.",
        )
    return limit


def _rule(code: str, received_at: datetime, *, on: datetime) -> DeadlineRule:
    versions = law.deadline_rules(code)
    return rulebook.in_force(versions, received_on=local_day(received_at), on=local_day(on))


_NO_BAR: dict[str, object] = {"label": "Chưa tính thời hạn", "parts": []}


def _bar(dossier: models.Dossier, *, now: datetime) -> dict[str, object]:
    """Return the bar: used time, pauses hatched, time over the limit; in percent of the whole span shown."""
    start, due = dossier.received_at, dossier.due_at
    if start is None or due is None:
        return _NO_BAR
    end = dossier.ended_at or now
    whole = max(due, end) - start or timedelta(seconds=1)
    spans = [(one.began_at, one.ended_at or end) for one in dossier.pauses.all()]
    spans += [(one.requested_at, one.completed_at or end) for one in dossier.supplements.all()]
    parts: list[dict[str, object]] = []
    at = start
    for began, ended in sorted(spans):
        parts += [_part("used", began - at, whole), _part("pause", ended - began, whole)]
        at = max(at, ended)
    parts.append(_part("used", min(end, max(due, at)) - at, whole))
    parts.append(_part("late", end - due, whole))
    used = round(100 * ((end - start) / (due - start))) if due > start else 100
    return {"label": f"Đã dùng {used}% thời hạn", "parts": [part for part in parts if part["percent"]]}


def _part(kind: str, span: timedelta, whole: timedelta) -> dict[str, object]:
    return {"kind": kind, "percent": max(0, round(100 * (span / whole)))}
