"""What one event brings to light: passages, waits, endings, causes and signs; pure data of the fold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PLACES: Mapping[str, str] = {
    "registered": "Chờ tiếp nhận",
    "intake_supplemented": "Chờ tiếp nhận sau bổ sung",
    "received": "Chờ chuyển đến nơi giải quyết",
    "forwarded": "Chờ nhận thụ lý",
    "in_progress": "Thụ lý",
    "awaiting_opinion": "Chờ ý kiến phối hợp",
    "awaiting_linked_result": "Chờ kết quả liên thông",
    "awaiting_signature": "Chờ ký duyệt",
    "approved": "Chờ phát hành",
    "withdrawal_requested": "Chờ đồng ý cho rút",
    "resolved": "Chờ trả kết quả",
}
"""Công đoạn: local states of ``law/workflow`` in which somebody must act -> their short names."""

HANDLING = frozenset({
    "received", "forwarded", "in_progress", "awaiting_opinion", "awaiting_linked_result", "awaiting_signature",
    "approved", "withdrawal_requested",
})  # fmt: skip
"""Places whose working time is the time of the office's own clock."""

WAITING: Mapping[str, str] = {
    "intake_supplement": "Chờ người nộp bổ sung trước khi tiếp nhận",
    "supplement_requested": "Chờ người nộp bổ sung",
    "payment_required": "Chờ người nộp thực hiện nghĩa vụ tài chính",
    "paused": "Tạm dừng",
}
"""Local states in which the clock stands."""

CAUSES: Mapping[str, str] = {
    "supplement": "Yêu cầu bổ sung",
    "intake_supplement": "Yêu cầu bổ sung trước khi tiếp nhận",
    "refusal": "Từ chối tiếp nhận",
    "decline": "Trả hồ sơ, không giải quyết",
    "stop": "Dừng xử lý",
    "withdrawal": "Người nộp rút",
}
"""What an applicant was told instead of a result."""

SLOTS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Passage:
    """Lượt xử lý: one stay of a dossier in one place, its working time (pauses out) and what went over the limit."""

    place: str
    step: int | None
    """Order of the step of the internal workflow; None where the procedure has none."""
    unit: str
    officer: str
    entered_at: datetime
    left_at: datetime
    worked: int
    """Working seconds."""
    limit_at: datetime | None
    """Until when: the step's own due moment, else the dossier's; None where there is none."""
    lost: int
    """Working seconds of this stay after the limit."""

    @property
    def slot(self) -> int:
        """Weekday (0 = Monday) and hour at which the stay began, as one number: 24 × weekday + hour."""
        return SLOTS_A_DAY * self.entered_at.weekday() + self.entered_at.hour


@dataclass(frozen=True, slots=True)
class Wait:
    """Thời gian dừng: how long the clock stood, and on what ground."""

    place: str
    ground: str
    began_at: datetime
    ended_at: datetime
    worked: int


@dataclass(frozen=True, slots=True)
class Ending:
    """Kết thúc: how a dossier ended, its whole working time, and what of it lay after the promised moment."""

    how: str
    at: datetime
    worked: int
    lost: int
    is_promised: bool
    """Whether there was a promise to be late for."""
    is_near: bool
    """Whether it ended in time with hardly any time left (monitor CLUSTERED)."""
    by: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Nguyên nhân: what an applicant was asked or refused, in words of the catalogue and numbers of documents."""

    kind: str
    at: datetime
    components: tuple[str, ...]
    others: int
    basis: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Digitising:
    """Số hóa: whether a dossier's components (at receipt) or result (when issued) came with a file."""

    what: str
    """``component`` or ``result``."""
    at: datetime
    is_done: bool
    by: str


@dataclass(frozen=True, slots=True)
class Return:
    """Trả lại: a step was sent back to an earlier one."""

    at: datetime
    by: str
    number: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """Tiếp nhận: whose it is, as a keyed digest."""

    at: datetime
    owner_key: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Dấu hiệu: a monitor saw something that somebody should look at; it accuses nobody."""

    monitor: str
    at: datetime
    by: str
    seen: Mapping[str, Any] = field(default_factory=dict)


Outcome = Passage | Wait | Ending | Cause | Digitising | Return | Arrival | Sign
