"""Writes about publications: each one transaction ending in one event of the stream ``publication``.

Whether the person may is for whoever calls (``web.leadership.publication``); that two persons did it is kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from motcua.eventlog import log
from motcua.forms import pdf as forms_pdf
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from motcua.publication import bulletin, comparing, freezing, models, opendata, queries, rules, schedule, signing
from motcua.publication.bulletin import Occasion
from motcua.publication.signing import Seal
from motcua.publication.store import Store
from motcua.publication.types import OPEN, STREAM, IssueRow, IssueState, SignatureState

BULLETIN = "ban-tin.pdf"
JOB = "he-thong"
"""Who freezes when nobody presses a button: the monthly job."""


@dataclass(frozen=True, slots=True)
class Freezing:
    """What a run of the job came to: the issue, and whether this run made it."""

    issue: IssueRow
    is_new: bool


def default_store() -> Store:
    """Return the store in the data folder."""
    return Store(Path(settings.HOME) / "publications")


def default_seal() -> Seal:
    """Return where the province's certificate lies."""
    return Seal(Path(settings.HOME) / "signing")


def freeze(
    month: str, *, at: datetime, by: str = JOB, reason: str = "", store: Store | None = None, root: Path | None = None
) -> Freezing:
    """Freeze a month as a draft (chốt số liệu); running again finds what the first run made.

    Without ``reason`` a month that has a draft or is public is left as it is. With a reason a public month gets the
    draft of a correction beside it.

    Raises:
        UserError: it is too early, not a month, or a draft of it waits already while a correction is asked for.
    """
    period, store = schedule.month(month), store or default_store()
    with transaction.atomic():
        # Two runs at once wait for each other here; the second finds the first one's draft.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"publication:{period}"])
        found = models.Issue.objects.filter(month=str(period)).order_by("draft")
        waiting = found.filter(state__in=[one.value for one in OPEN]).first()
        latest = found.filter(state=IssueState.PUBLISHED.value).order_by("-edition").first()
        if waiting is not None:
            if reason and waiting.reason != reason:
                raise UserError(
                    f"Tháng {period} đang có một dự thảo chờ xử lý.",
                    remedy="Hãy duyệt hoặc trả lại dự thảo đó rồi lập bản đính chính.",
                    where=str(period),
                )
            return Freezing(queries.row(waiting), is_new=False)
        if latest is not None and not reason:
            return Freezing(queries.row(latest), is_new=False)
        book, _ = freezing.law_of(period, root=root)
        rules.freeze(
            month=str(period),
            due_on=freezing.due_on(period, book=book).date(),
            today=local_day(at),
            latest=IssueState.PUBLISHED if latest else None,
            reason=reason,
        )
        made = freezing.freeze(
            period,
            at=at,
            draft=found.count() + 1,
            edition=latest.edition + 1 if latest else 1,
            reason=reason.strip(),
            store=store,
            root=root,
        )
        row = _created(made, by=by, at=at)
        _record(
            row,
            "PublicationFrozen",
            by=by,
            at=at,
            more={
                "edition": row.edition,
                "rules": row.rules,
                "law_hash": row.law_hash,
                "until": [row.cursor_transaction, row.cursor_position],
                "due_on": row.due_on.isoformat(),
                "days_late": row.days_late,
                "reason": row.reason,
                "size": len(made.content),
            },
        )
    return Freezing(queries.row(row), is_new=True)


def _created(made: freezing.Frozen, *, by: str, at: datetime) -> models.Issue:
    now = made.circumstances
    return models.Issue.objects.create(
        month=str(now.period),
        draft=now.draft,
        edition=now.edition,
        state=IssueState.FROZEN.value,
        sha256=made.sha256,
        rules=made.rules,
        law_hash=made.law_hash,
        cursor_transaction=now.cursor.transaction,
        cursor_position=now.cursor.position,
        due_on=now.due_on,
        frozen_at=at,
        days_late=now.days_late,
        reason=now.reason,
        frozen_by=by,
    )


@transaction.atomic
def review(*, month: str, draft: int, by: str, at: datetime) -> None:
    """Say that the draft was looked through (soát xét).

    Raises:
        UserError: there is no such draft, or it waits for something else.
    """
    row = _locked(month, draft)
    rules.review(state=IssueState(row.state))
    row.state, row.reviewed_by, row.reviewed_at = IssueState.REVIEWED.value, by, at
    row.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    _record(row, "PublicationReviewed", by=by, at=at, more={})


@transaction.atomic
def send_back(*, month: str, draft: int, by: str, at: datetime, reason: str) -> None:
    """Return the draft (trả lại) with the reason; the month can be frozen anew.

    Raises:
        UserError: ``rules.send_back`` refuses.
    """
    row = _locked(month, draft)
    rules.send_back(state=IssueState(row.state), reason=reason)
    row.state, row.returned_reason = IssueState.RETURNED.value, reason.strip()
    row.save(update_fields=["state", "returned_reason"])
    _record(row, "PublicationReturned", by=by, at=at, more={"reason": row.returned_reason})


def approve(
    *, month: str, draft: int, by: str, at: datetime, store: Store | None = None, seal: Seal | None = None
) -> IssueRow:
    """Publish a reviewed draft (duyệt công bố): make its files from the frozen result and sign the bulletin.

    Raises:
        UserError: it is not reviewed, the same person reviewed it, or a file or the certificate cannot be used.
    """
    store, seal = store or default_store(), seal or default_seal()
    with transaction.atomic():
        row = _locked(month, draft)
        rules.approve(state=IssueState(row.state), reviewed_by=row.reviewed_by, by=by)
        found = _artifacts(queries.row(row), at=at, store=store, seal=seal)
        row.state, row.approved_by, row.approved_at = IssueState.PUBLISHED.value, by, at
        row.save(update_fields=["state", "approved_by", "approved_at"])
        models.Artifact.objects.bulk_create(
            models.Artifact(
                issue=row,
                name=one.name,
                media_type=one.media_type,
                size=len(one.content),
                sha256=store.put(one.content),
                signature=signature,
            )
            for one, signature in found
        )
        digests = {one.name: one.sha256 for one in row.artifacts.order_by("pk")}
        _record(row, "PublicationApproved", by=by, at=at, more={"reviewed_by": row.reviewed_by, "files": digests})
    return queries.row(row)


def preview(row: IssueRow, *, at: datetime, store: Store | None = None) -> bytes:
    """Return the bulletin as it would be published at the moment, without a signature."""
    store = store or default_store()
    occasion = _occasion(row, at=at, store=store, is_signed=False)
    return bulletin.press(forms_pdf.font_folder()).pdf(queries.content(row, store=store), occasion)


def _occasion(row: IssueRow, *, at: datetime, store: Store, is_signed: bool) -> Occasion:
    before = queries.before(row.month)
    corrects = queries.public_issue(row.month, row.edition - 1) if row.edition > 1 else None
    return Occasion(
        made_on=local(at).date(),
        sha256=row.sha256,
        is_signed=is_signed,
        before=queries.content(before, store=store) if before else None,
        corrects=queries.content(corrects, store=store) if corrects else None,
    )


def _artifacts(row: IssueRow, *, at: datetime, store: Store, seal: Seal) -> list[tuple[opendata.DataFile, str]]:
    issue = queries.content(row, store=store)
    occasion = _occasion(row, at=at, store=store, is_signed=seal.is_configured)
    earlier = occasion.corrects
    pdf = bulletin.press(forms_pdf.font_folder()).pdf(issue, occasion)
    state = SignatureState.UNSIGNED
    if seal.is_configured:
        pdf = signing.sign(pdf, seal=seal, reason=f"Công bố {row.name}", place=issue.top.name if issue.top else "")
        state = SignatureState.SIGNED
    data = opendata.files(issue, corrected=comparing.differences(earlier, issue) if earlier else None)
    return [(opendata.DataFile(BULLETIN, "application/pdf", pdf), state.value), *((one, "") for one in data)]


def _locked(month: str, draft: int) -> models.Issue:
    row = models.Issue.objects.select_for_update().filter(month=month, draft=draft).first()
    if row is None:
        raise queries.NoIssueError(month)
    return row


def _record(row: models.Issue, kind: str, *, by: str, at: datetime, more: Mapping[str, Any]) -> None:
    content = {"month": row.month, "draft": row.draft, "sha256": row.sha256, **more}
    log.record(stream=STREAM, subject=f"{row.month}/{row.draft}", kind=kind, at=at, by=by, content=content)
