"""The twin: what the facts of one dossier mean, in plain Python that a jurist can check.

``facts/dossiers.py`` says the same for millions at once; ``tests/twins/test_facts_dossiers.py`` holds them equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from motcua.facts.options import FactOptions, UnknownDue
from motcua.kernel.time import Period

DIRECT, ONLINE, POSTAL = 1, 2, 3
PAID_ONLINE = (1, 2)
PAID = (0, 1, 2)
"""Payment places of what is paid: 0 not online, 1 on the national portal, 2 through the province's gateway."""
REST_OF_A_DAY = timedelta(hours=23, minutes=59, seconds=59)
"""From midnight to the last second of the day."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """Dữ kiện của một hồ sơ: everything the measures ask about it, as known at one moment."""

    received_at: datetime | None
    ended_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    is_due_unknown: bool
    is_always_late: bool
    is_late: bool
    """Late for good: no later day can make it otherwise."""
    is_online: bool
    is_postal: bool
    is_online_counted: bool
    is_synced: bool
    is_result_required: bool
    has_electronic_result: bool
    is_digitised: bool
    is_reused: bool
    is_shared: bool
    has_population_data: bool
    is_fee_due: bool
    is_paid_online: bool
    is_complained: bool
    has_fee_amount: bool
    has_online_payment: bool
    is_supplement_repeated: bool
    is_officer_unnamed: bool
    is_fee_unpaid: bool
    is_disliked: bool
    has_petition: bool
    has_component_file: bool
    has_result_file: bool


def facts(row: Row, *, on: datetime, options: FactOptions) -> DossierFacts:
    """Return the facts of a dossier as known at the moment ``on``."""
    received = known(row.get("received_at"), on=on)
    ended = ended_at(row, on=on)
    closed = ended or known(row.get("supplement_waiting_since"), on=on)
    due = due_at(row)
    always_late = is_always_late(row, options=options)
    must_return = row.get("result_required") is not False
    has_result = bool(row.get("has_result_file"))
    is_online = row.get("channel") == ONLINE
    is_fee_due = bool(row.get("fee_bearing")) and not row.get("fees_all_zero")
    pays_online = row.get("payment_place") in PAID_ONLINE
    from_store = bool(row.get("from_personal_store"))
    return DossierFacts(
        received_at=received,
        ended_at=ended,
        closed_at=closed,
        due_at=due,
        is_due_unknown=due is None,
        is_always_late=always_late,
        is_late=always_late or (closed is not None and due is not None and closed > due),
        is_online=is_online,
        is_postal=row.get("channel") == POSTAL,
        is_online_counted=is_online and (has_result or not must_return),
        is_synced=row.get("is_synced") is not False,
        is_result_required=must_return,
        has_electronic_result=must_return and has_result,
        is_digitised=bool(row.get("has_component_file")) and (has_result or not must_return),
        is_reused=bool(row.get("has_reused_component")),
        is_shared=from_store or bool(row.get("result_in_catalogue")),
        has_population_data=from_store or bool(row.get("uses_population_data")),
        is_fee_due=is_fee_due,
        is_paid_online=is_fee_due and pays_online,
        is_complained=bool(row.get("is_disliked")) or bool(row.get("has_petition")),
        has_fee_amount=bool(row.get("has_fee_data")) and not row.get("fees_all_zero"),
        has_online_payment=pays_online,
        is_supplement_repeated=(row.get("supplement_requests") or 0) > 1,
        is_officer_unnamed=row.get("officer_named") is False,
        is_fee_unpaid=row.get("payment_place") not in PAID,
        is_disliked=bool(row.get("is_disliked")),
        has_petition=bool(row.get("has_petition")),
        has_component_file=bool(row.get("has_component_file")),
        has_result_file=has_result,
    )


def known(moment: datetime | None, *, on: datetime) -> datetime | None:
    """Return the moment if it had come by ``on``; what lies later is not known yet."""
    return moment if moment is not None and moment <= on else None


def ended_at(row: Row, *, on: datetime) -> datetime | None:
    """Return when it ended: resolved, else returned, else stopped or refused, else withdrawn once received."""
    resolved = known(row.get("resolved_at"), on=on)
    returned = known(row.get("returned_at"), on=on)
    stopped = [known(row.get(name), on=on) for name in ("stopped_at", "refused_at")]
    withdrawn = known(row.get("withdrawn_at"), on=on) if known(row.get("received_at"), on=on) else None
    return resolved or returned or min((moment for moment in stopped if moment), default=None) or withdrawn


def due_at(row: Row) -> datetime | None:
    """Return the moment until which the dossier is on time, the finished supplements added.

    A due day without an hour lasts to the end of that day. The time a citizen took to supplement is not the office's:
    adding it to the due moment is the same as taking it off the time used.
    """
    due = row.get("due_at") or row.get("limit_due_at")
    if due is None:
        return None
    if due == datetime.combine(due.date(), datetime.min.time()):
        due += REST_OF_A_DAY
    return due + timedelta(seconds=row.get("supplement_seconds") or 0)  # type: ignore[no-any-return]  # a row is untyped


def is_always_late(row: Row, *, options: FactOptions) -> bool:
    """Tell whether the dossier is late whatever its dates say."""
    repeated = options.late_if_repeated_supplement and (row.get("supplement_requests") or 0) > 1
    unnamed = options.late_if_officer_unnamed and row.get("officer_named") is False
    unknown = options.unknown_due is UnknownDue.LATE and due_at(row) is None
    return repeated or unnamed or unknown


def is_received(fact: DossierFacts, *, period: Period) -> bool:
    """Tell whether the dossier was received in the period."""
    return fact.received_at is not None and fact.received_at.date() in period


def is_handled(fact: DossierFacts, *, period: Period) -> bool:
    """Tell whether the dossier was received in the period, or before it and not ended before it."""
    if fact.received_at is None or fact.received_at.date() >= period.end:
        return False
    return fact.received_at.date() >= period.start or fact.ended_at is None or fact.ended_at.date() >= period.start


def is_on_time(fact: DossierFacts, *, period: Period, on: datetime) -> bool:
    """Tell whether the dossier was, or still is, on time: closed by the due moment; else not yet due at the cut-off."""
    if fact.is_late:
        return False
    if fact.due_at is None or fact.closed_at is not None:
        return True
    return fact.due_at >= cut_off(period=period, on=on)


def cut_off(*, period: Period, on: datetime) -> datetime:
    """Return the moment at which an open dossier is judged: the period's last second, or ``on`` if earlier."""
    return min(last_second(period.last_day), on)


def last_second(day: date) -> datetime:
    """Return 23:59:59 of the day."""
    return datetime.combine(day, datetime.min.time()) + REST_OF_A_DAY
