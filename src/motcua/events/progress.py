"""The stream ``progress``: one step of a dossier's way."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierProgressed(Observation):
    """Tiến độ xử lý: a dossier was in this state from this moment on."""

    dossier_code: str = key(ColumnType.TEXT, "mã hồ sơ")
    state: int = key(ColumnType.INT8, "trạng thái 1..10 của Cổng DVCQG", choices=tuple(range(1, 11)))
    at: datetime = key(ColumnType.MOMENT, "thời điểm xử lý")
    officer_code: str | None = optional(ColumnType.TEXT, "bí danh của cán bộ xử lý, không bao giờ là họ tên")
    officer_named: bool | None = optional(ColumnType.BOOL, "bản ghi có đủ họ tên và chức danh")
    unit_code: str | None = optional(ColumnType.TEXT, "đơn vị xử lý")
