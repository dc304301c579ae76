"""Thay đổi sau công bố: what events recorded after the publication would make of the same month, beside it."""

from datetime import datetime
from pathlib import Path

from motcua.publication import comparing, disclosed, freezing, queries
from motcua.publication.comparing import Difference
from motcua.publication.store import Store
from motcua.publication.types import IssueRow


def since(issue: IssueRow, *, at: datetime, store: Store, root: Path | None = None) -> list[Difference]:
    """Return every published figure that is another by now; what was published stays as it is.

    Raises:
        UserError: the issue's file or a law file it rests on is lost or changed.
    """
    now = disclosed.disclosed(freezing.as_known_now(issue.sha256, at=at, store=store, root=root))
    return comparing.differences(queries.content(issue, store=store), now)
