"""Why a dossier is counted against a unit: the words, the rule, and whether anything can still be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from motcua.facts.measures import FORMULA_DOCUMENT
from motcua.kernel.citation import Certainty, Citation


@dataclass(frozen=True, slots=True)
class Reason:
    """Lý do mất điểm of one dossier. ``is_repairable``: an honest correction now would make the dossier count."""

    code: str
    text_vi: str
    rule_vi: str
    citation: Citation
    is_repairable: bool


def _formula(where: str) -> Citation:
    return Citation(document=FORMULA_DOCUMENT, where=where, certainty=Certainty.FOUND)


_LATE_RULE = "Đúng hạn khi thời điểm kết thúc xử lý, trừ thời gian bổ sung, không sau ngày hẹn trả."
_RESULT_RULE = "Hồ sơ của thủ tục phải trả kết quả thì cần có tệp kết quả điện tử."

_ALL = (
    Reason("late_finish", "Kết thúc xử lý sau hạn", _LATE_RULE, _formula("chỉ số 2.1"), is_repairable=False),
    Reason(
        "late_open",
        "Chưa xử lý xong, đã quá hạn",
        "Hồ sơ chưa kết thúc được so tại ngày cuối kỳ hoặc ngày tính.",
        _formula("chỉ số 2.1"),
        is_repairable=False,
    ),
    Reason(
        "late_waiting_supplement",
        "Yêu cầu bổ sung khi đã quá hạn",
        "Hồ sơ đang chờ bổ sung lần đầu được so tại lúc yêu cầu bổ sung.",
        _formula("chỉ số 2.1"),
        is_repairable=False,
    ),
    Reason(
        "repeated_supplement",
        "Yêu cầu bổ sung hơn một lần",
        "Yêu cầu bổ sung quá một lần bị tính là quá hạn.",
        _formula("chỉ số 2.1"),
        is_repairable=False,
    ),
    Reason(
        "officer_unnamed",
        "Thiếu họ tên, chức danh cán bộ thụ lý",
        "Hồ sơ không công khai đủ tên, chức danh cán bộ thụ lý bị tính là quá hạn.",
        Citation(document="45/VPUB-PVHCC&KSTT", where="đoạn nêu hồ sơ quá hạn", certainty=Certainty.FOUND),
        is_repairable=True,
    ),
    Reason(
        "due_unknown",
        "Không có ngày hẹn trả và không rõ thời hạn của thủ tục",
        "Không có ngày hẹn trả thì so với thời hạn tối đa của thủ tục.",
        _formula("chỉ số 2.1"),
        is_repairable=True,
    ),
    Reason(
        "not_online",
        "Không nộp trực tuyến",
        "Chỉ kênh trực tuyến được tính.",
        _formula("chỉ số 3.3"),
        is_repairable=False,
    ),
    Reason(
        "not_direct",
        "Không nộp trực tiếp",
        "Chỉ kênh trực tiếp được tính.",
        _formula("chỉ số 3.3"),
        is_repairable=False,
    ),
    Reason(
        "not_postal",
        "Không nộp qua bưu chính",
        "Chỉ kênh bưu chính được tính.",
        _formula("chỉ số 3.3"),
        is_repairable=False,
    ),
    Reason(
        "online_without_result",
        "Nộp trực tuyến nhưng chưa có kết quả điện tử",
        "Hồ sơ trực tuyến của thủ tục phải trả kết quả chỉ được tính khi có kết quả điện tử.",
        _formula("chỉ số 3.3"),
        is_repairable=True,
    ),
    Reason(
        "not_synced",
        "Chưa đồng bộ lên Cổng DVCQG",
        "Chỉ hồ sơ đã có trên Cổng DVCQG được tính.",
        _formula("chỉ số 1.4"),
        is_repairable=True,
    ),
    Reason(
        "no_result_file", "Thiếu tệp kết quả điện tử", _RESULT_RULE, _formula("chỉ số 4.1, 4.2"), is_repairable=True
    ),
    Reason(
        "no_component_file",
        "Thiếu tệp trong thành phần hồ sơ",
        "Hồ sơ số hóa phải có ít nhất một tệp đính kèm trong thành phần hồ sơ.",
        _formula("chỉ số 4.2"),
        is_repairable=True,
    ),
    Reason(
        "no_reuse",
        "Không dùng lại dữ liệu đã số hóa",
        "Cần ít nhất một thành phần được dùng lại từ dữ liệu số hóa.",
        _formula("chỉ số 4.3"),
        is_repairable=False,
    ),
    Reason(
        "not_shared",
        "Không có giấy tờ từ kho cá nhân, kết quả chưa lên danh mục",
        "Cần một thành phần lấy từ kho dữ liệu cá nhân hoặc kết quả được đưa lên danh mục quốc gia.",
        _formula("chỉ số 4.4"),
        is_repairable=True,
    ),
    Reason(
        "no_population_data",
        "Không dùng dữ liệu dân cư",
        "Cần tài khoản xác thực qua VNeID, dữ liệu dân cư hoặc giấy tờ từ kho cá nhân.",
        _formula("chỉ số 4.5"),
        is_repairable=False,
    ),
    Reason(
        "fee_unpaid",
        "Chưa thanh toán phí, lệ phí",
        "Chỉ thanh toán trên Cổng DVCQG hoặc cổng thanh toán của bộ, tỉnh được tính.",
        _formula("chỉ số 3.6"),
        is_repairable=True,
    ),
    Reason(
        "not_paid_online",
        "Đã thanh toán nhưng không trực tuyến",
        "Chỉ thanh toán trên Cổng DVCQG hoặc cổng thanh toán của bộ, tỉnh được tính.",
        _formula("chỉ số 3.6"),
        is_repairable=False,
    ),
    Reason(
        "no_fee_due",
        "Không có nghĩa vụ tài chính",
        "Chỉ hồ sơ có phí khác 0 được tính.",
        _formula("chỉ số 3.6"),
        is_repairable=False,
    ),
    Reason(
        "no_result_due",
        "Thủ tục không phải trả kết quả bằng văn bản",
        "Chỉ hồ sơ phải trả kết quả được tính.",
        _formula("chỉ số 4.1"),
        is_repairable=False,
    ),
    Reason(
        "disliked",
        "Bị đánh giá không hài lòng",
        "Hồ sơ bị đánh giá không hài lòng không được tính.",
        _formula("chỉ số 5.4"),
        is_repairable=False,
    ),
    Reason(
        "petitioned",
        "Có phản ánh, kiến nghị về hồ sơ",
        "Hồ sơ có phản ánh, kiến nghị không được tính.",
        _formula("chỉ số 5.4"),
        is_repairable=False,
    ),
)

REASONS: Mapping[str, Reason] = MappingProxyType({reason.code: reason for reason in _ALL})
"""Every reason by its code."""
