"""Reads about publications. What is public is asked through functions that give nothing else."""

from collections.abc import Sequence
from functools import lru_cache

from motcua.kernel.errors import UserError
from motcua.publication import disclosed, frozen, models
from motcua.publication.disclosed import PublicIssue
from motcua.publication.store import Store
from motcua.publication.types import ArtifactRow, IssueRow, IssueState


class NoIssueError(UserError):
    """There is no such issue, or it is not public: the two look the same."""

    def __init__(self, month: str) -> None:
        super().__init__(
            f"Chưa có bản công bố {month}.", remedy="Hãy chọn một tháng trong danh sách công bố.", where=month
        )


def published() -> list[IssueRow]:
    """Return every public issue, the latest month first, within a month the latest edition first."""
    found = models.Issue.objects.filter(state=IssueState.PUBLISHED.value).order_by("-month", "-edition")
    return [row(one) for one in found]


def published_of(month: str) -> list[IssueRow]:
    """Return the public issues of a month, the latest edition first."""
    found = models.Issue.objects.filter(state=IssueState.PUBLISHED.value, month=month).order_by("-edition")
    return [row(one) for one in found]


def public_issue(month: str, edition: int | None = None) -> IssueRow:
    """Return a public issue: that edition, or the latest.

    Raises:
        NoIssueError: there is none, or it is a draft.
    """
    for one in published_of(month):
        if edition in {None, one.edition}:
            return one
    raise NoIssueError(month)


def before(month: str) -> IssueRow | None:
    """Return the latest edition of the latest public month before; None where there is none."""
    found = (
        models.Issue.objects.filter(state=IssueState.PUBLISHED.value, month__lt=month)
        .order_by("-month", "-edition")
        .first()
    )
    return row(found) if found else None


def drafts() -> list[IssueRow]:
    """Return every issue in whatever state, the latest first."""
    return [row(one) for one in models.Issue.objects.order_by("-month", "-draft")]


def issue(month: str, draft: int) -> IssueRow:
    """Return one issue in whatever state.

    Raises:
        NoIssueError: there is none.
    """
    found = models.Issue.objects.filter(month=month, draft=draft).first()
    if found is None:
        raise NoIssueError(month)
    return row(found)


def artifacts(of: IssueRow) -> list[ArtifactRow]:
    """Return the files of an issue, in the order they were made: the bulletin first."""
    found = models.Artifact.objects.filter(issue__month=of.month, issue__draft=of.draft).order_by("pk")
    return [ArtifactRow(one.name, one.media_type, one.size, one.sha256, one.signature) for one in found]


def content(of: IssueRow, *, store: Store) -> PublicIssue:
    """Return what of an issue may be seen by everybody.

    Raises:
        UserError: its file is lost or changed.
    """
    return _content(of.sha256, store)


def several(issues: Sequence[IssueRow], *, store: Store) -> list[PublicIssue]:
    """Return the contents of several issues, in their order."""
    return [content(one, store=store) for one in issues]


@lru_cache(maxsize=64)
def _content(sha256: str, store: Store) -> PublicIssue:
    # Named by what it holds: the same name can never hold anything else, so that it may be kept in memory.
    return disclosed.disclosed(frozen.read(store.get(sha256)))


def row(one: models.Issue) -> IssueRow:
    """Return the issue as others see it."""
    return IssueRow(
        month=one.month,
        draft=one.draft,
        edition=one.edition,
        state=IssueState(one.state),
        sha256=one.sha256,
        rules=one.rules,
        law_hash=one.law_hash,
        position=one.cursor_position,
        due_on=one.due_on,
        frozen_at=one.frozen_at,
        days_late=one.days_late,
        reason=one.reason,
        frozen_by=one.frozen_by,
        reviewed_by=one.reviewed_by,
        reviewed_at=one.reviewed_at,
        approved_by=one.approved_by,
        approved_at=one.approved_at,
        returned_reason=one.returned_reason,
    )
