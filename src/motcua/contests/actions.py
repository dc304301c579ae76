"""Writes about contests: each one transaction ending in one event of the stream ``contest``."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from motcua.contests import access, models, rules
from motcua.contests.types import STANDING, STREAM, ContestState, EvidenceFile, LostMark
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations.types import StaffRef


@transaction.atomic
def file(mark: LostMark, *, reason: str, evidence: Sequence[EvidenceFile], staff: StaffRef, at: datetime) -> str:
    """Contest a mark (gửi kiến nghị) and return the code of the contest; no figure changes by it.

    Raises:
        UserError: the person may not, or ``rules.file`` refuses.
    """
    if not access.may_file(staff, unit_code=mark.unit_code, on=local_day(at)):
        raise UserError(
            "Bạn không kiến nghị được về điểm của hồ sơ này.",
            remedy="Người thụ lý, cán bộ một cửa hoặc lãnh đạo của đơn vị giải quyết gửi kiến nghị.",
        )
    # Two colleagues who press at once wait for each other here, so that the numbers have no gap and the second is told.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"contest:{mark.dossier_code}"])
    of_dossier = models.Contest.objects.filter(dossier_code=mark.dossier_code)
    standing = of_dossier.filter(indicator=mark.indicator, state__in=STANDING).values_list("state", flat=True).first()
    rules.file(mark, reason=reason, evidence=evidence, standing=ContestState(standing) if standing else None)
    row = models.Contest.objects.create(
        code=f"KN-{mark.dossier_code}-{of_dossier.count() + 1}",
        dossier_code=mark.dossier_code,
        unit_id=mark.unit_code,
        indicator=mark.indicator,
        rules=mark.rules,
        lost_for=list(mark.reasons),
        reason=reason.strip(),
        filed_by_id=staff.code,
        filed_at=at,
        state=ContestState.FILED.value,
    )
    models.Evidence.objects.bulk_create(
        models.Evidence(contest=row, name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256)
        for one in evidence
    )
    brought = {
        "unit": mark.unit_code,
        "rules": mark.rules,
        "lost_for": list(mark.reasons),
        "reason_sha256": _digest(row.reason),
        "evidence_sha256": [one.sha256 for one in evidence],
    }
    _record(row, "ContestFiled", by=staff.code, at=at, more=brought)
    return row.code


def approve(*, code: str, decision: str, staff: StaffRef, at: datetime) -> None:
    """Accept a contest (chấp nhận): figures show beside the official one what it is without the mark.

    Raises:
        NotVisibleError: it does not exist or is another's.
        UserError: the person may not decide it, or ``rules.decide`` refuses.
    """
    _decide(code, ContestState.APPROVED, "ContestApproved", decision=decision, staff=staff, at=at)


def refuse(*, code: str, decision: str, staff: StaffRef, at: datetime) -> None:
    """Refuse a contest (không chấp nhận), with the reason.

    Raises:
        NotVisibleError: it does not exist or is another's.
        UserError: the person may not decide it, or ``rules.decide`` refuses.
    """
    _decide(code, ContestState.REFUSED, "ContestRefused", decision=decision, staff=staff, at=at)


@transaction.atomic
def withdraw(*, code: str, staff: StaffRef, at: datetime) -> None:
    """Take a contest back (rút) while it waits; it stays on record.

    Raises:
        NotVisibleError: it does not exist or is another's.
        UserError: ``rules.withdraw`` refuses.
    """
    row = access.locked(code=code, staff=staff, on=local_day(at))
    rules.withdraw(state=ContestState(row.state), filed_by=row.filed_by_id, by=staff.code)
    row.state = ContestState.WITHDRAWN.value
    row.save(update_fields=["state"])
    _record(row, "ContestWithdrawn", by=staff.code, at=at, more={})


@transaction.atomic
def _decide(code: str, state: ContestState, kind: str, *, decision: str, staff: StaffRef, at: datetime) -> None:
    row = access.locked(code=code, staff=staff, on=local_day(at))
    if not access.may_decide(staff, unit_code=row.unit_id, on=local_day(at)):
        raise UserError(
            "Chỉ Trung tâm Phục vụ hành chính công quyết định kiến nghị về điểm.",
            remedy="Hãy chờ Trung tâm xem xét.",
        )
    rules.decide(state=ContestState(row.state), filed_by=row.filed_by_id, decided_by=staff.code, decision=decision)
    row.state, row.decided_by_id, row.decided_at, row.decision = state.value, staff.code, at, decision.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    _record(row, kind, by=staff.code, at=at, more={"decision_sha256": _digest(row.decision)})


def _record(row: models.Contest, kind: str, *, by: str, at: datetime, more: Mapping[str, Any]) -> None:
    # Texts may name people, so the log has their digests: enough to show that nobody changed them later.
    content = {"dossier": row.dossier_code, "indicator": row.indicator, **more}
    log.record(stream=STREAM, subject=row.code, kind=kind, at=at, by=by, content=content)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
