"""The stream ``procedures``: a procedure as a catalogue had it."""

from dataclasses import dataclass

from motcua.events.columns import ColumnType, Observation, key, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureObserved(Observation):
    """Thủ tục hành chính: its code, name, limit, and which of its parts are public."""

    procedure_code: str = key(ColumnType.TEXT, "mã TTHC quốc gia")
    name: str = key(ColumnType.TEXT, "tên TTHC")
    sector: str | None = optional(ColumnType.TEXT, "lĩnh vực")
    levels: str | None = optional(
        ColumnType.TEXT, "cấp thực hiện, cách nhau dấu phẩy: ministry, province, district, commune"
    )
    result_required: bool | None = optional(ColumnType.BOOL, "phải trả giấy tờ kết quả")
    fee_bearing: bool | None = optional(ColumnType.BOOL, "có phí, lệ phí")
    citizen_applicant: bool | None = optional(
        ColumnType.BOOL, "đối tượng có công dân Việt Nam, người Việt Nam ở nước ngoài hoặc người nước ngoài"
    )
    fully_online_eligible: bool | None = optional(ColumnType.BOOL, "đủ điều kiện trực tuyến toàn trình")
    limit_value: float | None = optional(ColumnType.FLOAT, "thời hạn giải quyết dài nhất")
    limit_unit: str | None = optional(
        ColumnType.TEXT,
        "đơn vị của thời hạn",
        choices=("working_hours", "working_days", "calendar_days", "months"),
    )
    state: str | None = optional(
        ColumnType.TEXT, "tình trạng công khai", choices=("public", "public_amended", "abolished", "draft")
    )
    part_name: bool | None = optional(ColumnType.BOOL, "có tên")
    part_sequence: bool | None = optional(ColumnType.BOOL, "có trình tự thực hiện")
    part_channels: bool | None = optional(ColumnType.BOOL, "có cách thức thực hiện")
    part_components: bool | None = optional(ColumnType.BOOL, "có thành phần, số lượng hồ sơ")
    part_limit: bool | None = optional(ColumnType.BOOL, "có thời hạn giải quyết")
    part_applicants: bool | None = optional(ColumnType.BOOL, "có đối tượng thực hiện")
    part_agency: bool | None = optional(ColumnType.BOOL, "có cơ quan thực hiện")
