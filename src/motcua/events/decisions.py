"""The stream ``decisions``: a procedure named in a promulgating decision."""

from dataclasses import dataclass
from datetime import date

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedurePromulgated(Observation):
    """Quyết định công bố: a decision made a procedure new, changed it, or abolished it."""

    procedure_code: str = key(ColumnType.TEXT, "mã TTHC quốc gia")
    decision_number: str | None = optional(ColumnType.TEXT, "số quyết định công bố")
    kind: str | None = optional(
        ColumnType.TEXT, "mới (new), sửa đổi (amended), bãi bỏ (abolished)", choices=("new", "amended", "abolished")
    )
    issuer: str | None = optional(ColumnType.TEXT, "cấp công bố", choices=("ministry", "province"))
    unit_code: str | None = optional(ColumnType.TEXT, "cơ quan công bố")
    signed_on: date = key(ColumnType.DAY, "ngày ký quyết định")
    effective_on: date | None = optional(ColumnType.DAY, "ngày hiệu lực mới nhất của căn cứ pháp lý")
    published_on: date | None = optional(ColumnType.DAY, "ngày công khai trên CSDLQG về TTHC")
