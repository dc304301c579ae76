"""The stream ``services``: an online public service (DVCTT) of a unit."""

from dataclasses import dataclass
from datetime import date

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceObserved(Observation):
    """Dịch vụ công trực tuyến: a unit offers a procedure online."""

    unit_code: str = key(ColumnType.TEXT, "đơn vị áp dụng")
    procedure_code: str = key(ColumnType.TEXT, "mã TTHC quốc gia")
    service_code: str | None = optional(ColumnType.TEXT, "mã dịch vụ công")
    online_level: str | None = optional(
        ColumnType.TEXT, "mức độ: toàn trình (full) hoặc một phần (partial)", choices=("full", "partial")
    )
    state: str | None = optional(
        ColumnType.TEXT,
        "đang công khai, chờ dừng công khai, đang kiểm thử, đã dừng",
        choices=("public", "waiting_stop", "testing", "stopped"),
    )
    valid_from: date | None = optional(ColumnType.DAY, "từ ngày")
    valid_to: date | None = optional(ColumnType.DAY, "đến trước ngày")
