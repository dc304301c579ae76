"""Reads about contests, on somebody's behalf."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet

from motcua.contests import access, models
from motcua.contests.types import ContestPage, ContestRow, ContestState, EvidenceFile
from motcua.organisations.types import StaffRef

PAGE = 50


def filed_by(staff: StaffRef, *, after: str = "") -> ContestPage:
    """Return what the person has contested, the newest first; their own stay theirs wherever they work now."""
    return _page(models.Contest.objects.filter(filed_by=staff.code), after=after)


def filed_by_another(code: str, *, staff: StaffRef | None, on: date, after: str = "") -> ContestPage:
    """Return what somebody else has contested, as far as it is in the person's scope."""
    return _page(access.visible(staff, on=on).filter(filed_by=code), after=after)


def listed(staff: StaffRef | None, *, on: date, state: ContestState | None, after: str = "") -> ContestPage:
    """Return the contests in the person's scope, the newest first; those in one state where it is given."""
    rows = access.visible(staff, on=on)
    return _page(rows.filter(state=state.value) if state else rows, after=after)


def count(staff: StaffRef | None, *, on: date, state: ContestState) -> int:
    """Return how many contests in the person's scope are in the state."""
    return access.visible(staff, on=on).filter(state=state.value).count()


def of_dossiers(codes: Iterable[str], *, staff: StaffRef | None, on: date) -> list[ContestRow]:
    """Return the contests about the dossiers that the person may see, the oldest first."""
    rows = access.visible(staff, on=on).filter(dossier_code__in=list(codes))
    return [_row(row) for row in _named(rows).order_by("filed_at", "code")]


def evidence(contest: models.Contest) -> list[tuple[int, EvidenceFile]]:
    """Return the files handed in, with their numbers."""
    return [
        (row.pk, EvidenceFile(row.name, row.media_type, row.size, row.sha256))
        for row in contest.evidence.order_by("pk")
    ]


def told(contest: models.Contest) -> ContestRow:
    """Return the contest as lists show it."""
    return _row(contest)


def _page(rows: QuerySet[models.Contest], *, after: str) -> ContestPage:
    if after:
        # A code that is not there gives an empty page, not the first one again.
        rows = rows.filter(
            Q(filed_at__lt=rows.filter(code=after).values("filed_at")[:1])
            | Q(filed_at=rows.filter(code=after).values("filed_at")[:1], code__lt=after)
        )
    found = list(_named(rows).order_by(F("filed_at").desc(), "-code")[: PAGE + 1])
    return ContestPage(tuple(_row(row) for row in found[:PAGE]), found[PAGE - 1].code if len(found) > PAGE else None)


def _named(rows: QuerySet[models.Contest]) -> QuerySet[models.Contest]:
    return rows.select_related("filed_by", "decided_by")


def _row(row: models.Contest) -> ContestRow:
    return ContestRow(
        code=row.code,
        dossier_code=row.dossier_code,
        unit_code=row.unit_id,
        indicator=row.indicator,
        state=ContestState(row.state),
        reason=row.reason,
        filed_by=row.filed_by_id,
        filed_by_name=row.filed_by.name,
        filed_at=row.filed_at,
        decided_by_name=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        decision=row.decision,
    )
