"""Chứng minh hằng đêm: once a night yesterday and its month are recomputed and compared, and what came of it is kept.

A difference is an incident. It stands on the screens of the centre and of the IT people until one of them says what it
was and what was done; that is an event of the log.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period, local, local_day
from motcua.live import models, proof, scoring
from motcua.live.models import Incident, ProofRun
from motcua.live.proof import Proof

HOUR = 1
"""When the night's proof is due unless told otherwise: the desks are closed, the backup has not begun."""
STREAM = "incident"
RUNS_SHOWN = 30

_LEAST_NOTE = 10
_MOST_NOTE = 2_000


def is_due(*, now: datetime, hour: int) -> bool:
    """Tell whether the night's proof has not been made today and its hour has come."""
    if local(now).hour < hour:
        return False
    last = ProofRun.objects.filter(is_nightly=True).order_by("-number").first()
    return last is None or local_day(last.proved_at) < local_day(now)


def periods(*, now: datetime) -> tuple[Period, Period]:
    """Return yesterday and the month yesterday lies in."""
    yesterday = local_day(now) - timedelta(days=1)
    return Period(yesterday, local_day(now)), Period.month(yesterday.year, yesterday.month)


def prove(*, now: datetime, hour: int) -> tuple[Proof, ...]:
    """Make the night's proofs if they are due; none where they are not, or another process makes them."""
    with connection.cursor() as database:
        database.execute("SELECT pg_try_advisory_lock(hashtext('live_nightly'))")
        if not database.fetchone()[0]:
            return ()
    try:
        if not is_due(now=now, hour=hour):
            return ()
        found = [proof_of(period, now=now) for period in periods(now=now)]
        with transaction.atomic():
            for one in found:
                _keep(one, now=now, is_nightly=True)
        return tuple(found)
    finally:
        with connection.cursor() as database:
            database.execute("SELECT pg_advisory_unlock(hashtext('live_nightly'))")


def prove_now(period: Period, *, now: datetime) -> Proof:
    """Make a proof that somebody asked for, and keep what came of it."""
    found = proof_of(period, now=now)
    _keep(found, now=now, is_nightly=False)
    return found


def proof_of(period: Period, *, now: datetime) -> Proof:
    """Recompute the period from the log and compare."""
    return proof.prove(period=period, now=now, options=scoring.options(now=now), clock=scoring.clock(local_day(now)))


def _keep(found: Proof, *, now: datetime, is_nightly: bool) -> None:
    incident = None
    if found.differences:
        incident = Incident.objects.filter(found_at=now, period=str(found.period)).order_by("-number").first()
    ProofRun.objects.create(
        proved_at=now,
        period=str(found.period),
        is_nightly=is_nightly,
        position=found.position,
        events=found.events,
        units=found.units,
        dossiers=found.dossiers,
        differences=len(found.differences),
        incident=incident.number if incident else None,
    )


def runs() -> list[ProofRun]:
    """Return the last proofs, the latest first."""
    return list(ProofRun.objects.order_by("-number")[:RUNS_SHOWN])


def open_incidents() -> list[Incident]:
    """Return the incidents that nobody has dealt with, the latest first."""
    return list(Incident.objects.filter(handled_at=None).order_by("-number"))


def handled_incidents() -> list[Incident]:
    """Return the last incidents that were dealt with, the latest first."""
    return list(Incident.objects.exclude(handled_at=None).order_by("-number")[:RUNS_SHOWN])


@transaction.atomic
def handle(number: int, *, note: str, by: str, at: datetime) -> None:
    """Mark the incident as dealt with.

    Args:
        number: of the incident.
        note: what it was and what was done.
        by: code of the staff member.
        at: now.

    Raises:
        UserError: there is no such incident, it was dealt with already, or the note says too little.
    """
    text = " ".join(note.split())
    incident = models.Incident.objects.select_for_update().filter(number=number).first()
    if incident is None:
        raise UserError(f"Không có sai lệch số {number}.", remedy="Hãy mở lại trang để xem các sai lệch đang có.")
    if incident.handled_at is not None:
        raise UserError(
            f"Sai lệch số {number} đã được xử lý lúc {local(incident.handled_at):%H:%M %d/%m/%Y}.",
            remedy="Không cần làm gì thêm; ghi chú ở phần «Đã xử lý».",
        )
    if not _LEAST_NOTE <= len(text) <= _MOST_NOTE:
        raise UserError(
            "Ghi chú xử lý cần nêu nguyên nhân và việc đã làm (10 đến 2.000 ký tự).",
            remedy="Ví dụ: «Khôi phục bảng đếm từ nhật ký bằng motcua live rebuild, chứng minh lại khớp».",
        )
    incident.handled_at, incident.handled_by, incident.note = at, by, text
    incident.save(update_fields=["handled_at", "handled_by", "note"])
    log.record(
        stream=STREAM,
        subject=str(number),
        kind="IncidentHandled",
        at=at,
        by=by,
        content={"position": incident.position},
    )
