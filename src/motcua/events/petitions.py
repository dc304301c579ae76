"""The stream ``petitions``: a petition (phản ánh, kiến nghị) as a source had it."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionObserved(Observation):
    """Phản ánh, kiến nghị: its moments, its class, and how the public judged the answer."""

    petition_code: str = key(ColumnType.TEXT, "mã phản ánh, kiến nghị")
    unit_code: str = key(ColumnType.TEXT, "đơn vị phải xử lý")
    kind: str | None = optional(
        ColumnType.TEXT,
        "về quy định (REGULATION) hay về hành vi cán bộ (CONDUCT)",
        choices=("REGULATION", "CONDUCT"),
    )
    received_at: datetime = key(ColumnType.MOMENT, "lúc tiếp nhận")
    forwarded_at: datetime | None = optional(ColumnType.MOMENT, "lúc được chuyển đến lần cuối")
    forwarded_by_centre: bool | None = optional(ColumnType.BOOL, "do VPCP hoặc bộ, tỉnh chuyển đến")
    rejected_at: datetime | None = optional(ColumnType.MOMENT, "lúc từ chối")
    supplement_requested_at: datetime | None = optional(ColumnType.MOMENT, "lúc yêu cầu bổ sung lần đầu")
    resolved_at: datetime | None = optional(ColumnType.MOMENT, "lúc có kết quả, chờ công khai")
    published_at: datetime | None = optional(ColumnType.MOMENT, "lúc công khai")
    likes: int | None = optional(ColumnType.INT32, "số lượt hài lòng")
    dislikes: int | None = optional(ColumnType.INT32, "số lượt không hài lòng")
    is_repeated: bool | None = optional(ColumnType.BOOL, "phản ánh lại cùng một việc")
    is_vertical: bool | None = optional(ColumnType.BOOL, "thuộc cơ quan ngành dọc")
    dossier_code: str | None = optional(ColumnType.TEXT, "hồ sơ bị phản ánh")
