"""The stream ``national_reports``: what the national reporting system counts."""

from dataclasses import dataclass

from motcua.events.columns import ColumnType, Observation, key


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalReportObserved(Observation):
    """Hệ thống báo cáo quốc gia: dossiers received by a unit in a period."""

    unit_code: str = key(ColumnType.TEXT, "đơn vị báo cáo")
    period: str = key(ColumnType.TEXT, "kỳ: 2026, 2026-Q3, 2026-09 hoặc 2026-01-01..2026-10-10")
    received: int = key(ColumnType.INT64, "số hồ sơ tiếp nhận")
