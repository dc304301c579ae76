"""The stream ``assignments``: which unit is competent for which procedure."""

from dataclasses import dataclass
from datetime import date

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureAssigned(Observation):
    """Thuộc thẩm quyền: the unit resolves the procedure."""

    unit_code: str = key(ColumnType.TEXT, "đơn vị có thẩm quyền")
    procedure_code: str = key(ColumnType.TEXT, "mã TTHC quốc gia")
    valid_from: date | None = optional(ColumnType.DAY, "từ ngày")
    valid_to: date | None = optional(ColumnType.DAY, "đến trước ngày")
