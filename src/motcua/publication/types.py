"""What may cross the border of the monthly publication."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

STREAM = "publication"
"""The stream of the log that publications are recorded in; a subject is a month and the number of its draft."""


class IssueState(StrEnum):
    """Tình trạng của một bản."""

    FROZEN = "frozen"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    RETURNED = "returned"


STATE_NAMES: Mapping[IssueState, str] = {
    IssueState.FROZEN: "Dự thảo, chờ Trung tâm soát xét",
    IssueState.REVIEWED: "Đã soát xét, chờ lãnh đạo duyệt",
    IssueState.PUBLISHED: "Đã công bố",
    IssueState.RETURNED: "Đã trả lại",
}
OPEN = (IssueState.FROZEN, IssueState.REVIEWED)
"""While one of these stands, the month has no second draft."""


class SignatureState(StrEnum):
    """Chữ ký số trên bản tin."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    """No certificate is configured; the page says so."""


@dataclass(frozen=True, slots=True)
class IssueRow:
    """Một bản của một tháng: a draft, or what was published."""

    month: str
    """``2026-10``."""
    draft: int
    """1 for the first freeze of the month, counting those returned."""
    edition: int
    """1 for the first publication of the month, 2 for its first correction."""
    state: IssueState
    sha256: str
    """Of the frozen file: its name in the store."""
    rules: str
    law_hash: str
    position: int
    """Last event counted."""
    due_on: date
    frozen_at: datetime
    days_late: int
    reason: str
    """Why it corrects the edition before it; empty for the first."""
    frozen_by: str
    reviewed_by: str
    reviewed_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    returned_reason: str

    @property
    def state_name(self) -> str:
        """The state in words."""
        return STATE_NAMES[self.state]

    @property
    def name(self) -> str:
        """How people call it: ``2026-10, bản 2``."""
        return f"{self.month}, bản {self.edition}"


@dataclass(frozen=True, slots=True)
class ArtifactRow:
    """Tệp công bố: made from the frozen file alone, named by its sha256 in the store."""

    name: str
    media_type: str
    size: int
    sha256: str
    signature: str
    """A ``SignatureState`` for the bulletin, empty for data."""
