"""The stream ``dossiers``: a full snapshot of one dossier as a source had it."""

from dataclasses import dataclass
from datetime import datetime

from motcua.events.columns import ColumnType, Observation, key, needed, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierObserved(Observation):
    """Hồ sơ: how one dossier stood in a source; codes only, nothing about the applicant."""

    dossier_code: str = key(ColumnType.TEXT, "mã hồ sơ")
    unit_code: str = key(ColumnType.TEXT, "đơn vị phải giải quyết hồ sơ")
    procedure_code: str | None = optional(ColumnType.TEXT, "mã TTHC quốc gia, không kèm hậu tố địa phương")
    officer_code: str | None = optional(ColumnType.TEXT, "bí danh của cán bộ đang thụ lý, không bao giờ là họ tên")
    officer_named: bool | None = optional(ColumnType.BOOL, "nguồn công khai đủ họ tên, chức danh cán bộ thụ lý")
    state: int | None = optional(ColumnType.INT8, "trạng thái 1..10 của Cổng DVCQG", choices=tuple(range(1, 11)))
    channel: int | None = optional(
        ColumnType.INT8, "kênh nộp: 1 trực tiếp, 2 trực tuyến, 3 bưu chính công ích", choices=(1, 2, 3)
    )
    submitted_at: datetime | None = optional(ColumnType.MOMENT, "ngày nộp")
    received_at: datetime | None = needed(ColumnType.MOMENT, "ngày tiếp nhận; trống khi hồ sơ chưa được tiếp nhận")
    due_at: datetime | None = optional(ColumnType.MOMENT, "ngày hẹn trả")
    limit_due_at: datetime | None = optional(
        ColumnType.MOMENT, "hạn theo thời hạn dài nhất của TTHC, dùng khi không có ngày hẹn trả"
    )
    resolved_at: datetime | None = optional(ColumnType.MOMENT, "đã xử lý xong (trạng thái 9)")
    returned_at: datetime | None = optional(ColumnType.MOMENT, "đã trả kết quả (trạng thái 10)")
    refused_at: datetime | None = optional(ColumnType.MOMENT, "từ chối tiếp nhận (trạng thái 3)")
    stopped_at: datetime | None = optional(ColumnType.MOMENT, "dừng xử lý (trạng thái 8)")
    withdrawn_at: datetime | None = optional(ColumnType.MOMENT, "công dân rút hồ sơ (trạng thái 7)")
    supplement_requests: int | None = optional(ColumnType.INT16, "số lần yêu cầu bổ sung")
    supplement_seconds: int | None = optional(
        ColumnType.INT64, "tổng số giây của các lần bổ sung đã xong (từ yêu cầu đến khi nộp đủ)"
    )
    supplement_waiting_since: datetime | None = optional(ColumnType.MOMENT, "lúc yêu cầu bổ sung còn chưa được đáp ứng")
    result_required: bool | None = optional(ColumnType.BOOL, "TTHC phải trả giấy tờ kết quả")
    has_component_file: bool | None = optional(ColumnType.BOOL, "có ít nhất một tệp trong thành phần hồ sơ")
    has_result_file: bool | None = optional(ColumnType.BOOL, "có đường dẫn tệp kết quả")
    has_reused_component: bool | None = optional(
        ColumnType.BOOL, "HoSoCoThanhPhanSoHoa, DuocSoHoa hoặc DuocTaiSuDung khác 0"
    )
    from_personal_store: bool | None = optional(ColumnType.BOOL, "DuocLayTuKhoDMQG = 1")
    result_in_catalogue: bool | None = optional(ColumnType.BOOL, "kết quả đã được đưa lên danh mục quốc gia")
    uses_population_data: bool | None = optional(
        ColumnType.BOOL, "TaiKhoanDuocXacThucVoiVNeID = 1 hoặc MaCSDL của CSDLQG về dân cư"
    )
    fee_bearing: bool | None = optional(ColumnType.BOOL, "TTHC có phí, lệ phí; trống = lấy theo TTHC")
    has_fee_data: bool | None = optional(ColumnType.BOOL, "có danh sách phí với Gia khác 0")
    fees_all_zero: bool | None = optional(ColumnType.BOOL, "có danh sách phí và mọi Gia đều bằng 0")
    payment_place: int | None = optional(
        ColumnType.INT8,
        "DuocThanhToanTrucTuyen: 0 không, 1 trên Cổng DVCQG, 2 qua cổng của tỉnh, 3 chưa thanh toán",
        choices=(0, 1, 2, 3),
    )
    is_synced: bool | None = optional(
        ColumnType.BOOL, "Cổng DVCQG đã có hồ sơ; trống = nguồn chính là dữ liệu của Cổng"
    )
    is_disliked: bool | None = optional(ColumnType.BOOL, "bị đánh giá «không hài lòng»")
    has_petition: bool | None = optional(ColumnType.BOOL, "có phản ánh, kiến nghị về hồ sơ")
