"""The stream ``units``: an administrative unit and its place in the tree."""

from dataclasses import dataclass
from datetime import date

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitObserved(Observation):
    """Đơn vị: its code, parent and validity; merging sets a successor and deletes nothing."""

    unit_code: str = key(ColumnType.TEXT, "mã định danh (QĐ 20/2020/QĐ-TTg)")
    name: str = key(ColumnType.TEXT, "tên đơn vị")
    kind: str | None = optional(
        ColumnType.TEXT,
        "loại đơn vị",
        choices=("province", "department", "district", "commune", "centre", "desk", "vertical", "ministry"),
    )
    parent_code: str | None = optional(ColumnType.TEXT, "đơn vị cấp trên")
    valid_from: date | None = optional(ColumnType.DAY, "từ ngày")
    valid_to: date | None = optional(ColumnType.DAY, "đến trước ngày")
    successor_code: str | None = optional(ColumnType.TEXT, "đơn vị kế thừa")
    certified_copy: bool | None = optional(ColumnType.BOOL, "có chứng thực bản sao điện tử từ bản chính")
