"""The stream ``portal_figures``: what the national portal itself shows."""

from dataclasses import dataclass

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalFigureObserved(Observation):
    """Số liệu của Cổng: one metric, group or total of a unit in a period; null is the portal's null, never 0."""

    unit_code: str = key(ColumnType.TEXT, "mã đơn vị")
    unit_name: str | None = optional(ColumnType.TEXT, "tên đơn vị như Cổng ghi")
    period: str = key(ColumnType.TEXT, "kỳ: 2026, 2026-Q3, 2026-09 hoặc 2026-01-01..2026-10-10")
    metric: str = key(ColumnType.TEXT, "mã chỉ số của Cổng; mã nhóm cho điểm nhóm; TOTAL cho tổng điểm")
    numerator: float | None = optional(ColumnType.FLOAT, "tử số")
    denominator: float | None = optional(ColumnType.FLOAT, "mẫu số")
    ratio: float | None = optional(ColumnType.FLOAT, "tỷ lệ như Cổng ghi, giữ nguyên đơn vị của nguồn")
    points: float | None = optional(ColumnType.FLOAT, "điểm")
    max_points: float | None = optional(ColumnType.FLOAT, "điểm tối đa")
    flag: str | None = optional(ColumnType.TEXT, "cờ của Cổng, ví dụ NO_NATIONAL_REPORT_DATA")
    rank: int | None = optional(ColumnType.INT32, "thứ hạng")
