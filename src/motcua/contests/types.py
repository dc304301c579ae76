"""What may cross the border of the contests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

STREAM = "contest"
"""The stream of the log that contests are recorded in."""


class ContestState(StrEnum):
    """Tình trạng của một kiến nghị."""

    FILED = "filed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[ContestState, str] = {
    ContestState.FILED: "Chờ Trung tâm xem xét",
    ContestState.APPROVED: "Được chấp nhận",
    ContestState.REFUSED: "Không được chấp nhận",
    ContestState.WITHDRAWN: "Đã rút",
}
STANDING = (ContestState.FILED, ContestState.APPROVED)
"""While one of these stands, the same mark cannot be contested again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostMark:
    """Điểm bị trừ as the figures say it: of which dossier and unit, at which indicator, for which reasons."""

    dossier_code: str
    unit_code: str
    indicator: str
    rules: str
    """The rule set that takes the points, such as ``qd766/portal``."""
    reasons: tuple[str, ...]
    """Codes of the reasons at that moment; empty = the dossier does not lose there."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Tệp chứng cứ, already checked and stored under its digest."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ContestRow:
    """Một kiến nghị as lists show it."""

    code: str
    dossier_code: str
    unit_code: str
    indicator: str
    state: ContestState
    reason: str
    filed_by: str
    """Code of whoever filed it."""
    filed_by_name: str
    filed_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    decision: str

    @property
    def state_name(self) -> str:
        """The state in words."""
        return STATE_NAMES[self.state]


@dataclass(frozen=True, slots=True)
class ContestPage:
    """One page of a list; ``next`` is the code after which the following one begins, None on the last."""

    rows: tuple[ContestRow, ...]
    next: str | None
