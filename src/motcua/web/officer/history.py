"""Diễn biến: the events of a dossier in words, with units, people, amounts and moments by their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.dossiers import corrections
from motcua.dossiers.types import ISSUE_KINDS, Happened
from motcua.kernel.time import local
from motcua.organisations import queries as organisations
from motcua.organisations.models import Staff
from motcua.workflow.rulebook import Rulebook

EVENT_NAMES: Mapping[str, str] = {
    "DossierSubmitted": "Nộp trực tuyến",
    "DossierReceived": "Tiếp nhận",
    "IntakeRefused": "Từ chối tiếp nhận",
    "DossierForwarded": "Chuyển xử lý",
    "DossierTaken": "Nhận thụ lý",
    "DossierAssigned": "Phân công",
    "SupplementRequested": "Yêu cầu bổ sung",
    "SupplementReceived": "Nhận bổ sung",
    "DossierPaused": "Tạm dừng",
    "DossierResumed": "Tiếp tục",
    "OpinionRequested": "Xin ý kiến",
    "OpinionGiven": "Cho ý kiến",
    "DossierReferred": "Chuyển liên thông",
    "LegOpened": "Nhận nhánh liên thông",
    "LinkedResultReceived": "Nhận kết quả liên thông",
    "PaymentRequested": "Yêu cầu nộp phí",
    "FeeRecorded": "Ghi nhận phí",
    "StepCompleted": "Xong bước",
    "StepReturned": "Trả về bước trước",
    "SignatureRequested": "Trình ký",
    "ResultApproved": "Ký duyệt",
    "DossierSentBack": "Trả lại",
    "DossierExtended": "Gia hạn",
    "DossierStopped": "Dừng xử lý",
    "DossierDeclined": "Trả hồ sơ, không giải quyết",
    "WithdrawalRequested": "Đề nghị rút",
    "DossierWithdrawn": "Rút hồ sơ",
    "DossierResolved": "Có kết quả",
    "ResultHandedOver": "Trả kết quả",
    "CorrectionRequested": "Đề nghị đính chính",
    "CorrectionRejected": "Từ chối đính chính",
    "EntryCorrected": "Đính chính",
    "FormIssued": "Lập phiếu",
    "ApologyDrafted": "Soạn thư xin lỗi chờ ký",
    "ApologySent": "Gửi thư xin lỗi",
}
_PLACES = {
    "counter": "tại quầy",
    "portal": "Cổng DVCQG",
    "gateway": "cổng thanh toán của tỉnh",
    "transfer": "chuyển khoản",
}
_WAYS = {"direct": "Trực tiếp", "postal": "Bưu chính", "online": "Trực tuyến", "linked": "Giao cơ quan chuyển"}
_WRITTEN = {
    "reason": "Lý do",
    "legal_basis": "Căn cứ",
    "missing_papers": "Giấy tờ",
    "evidence": "Văn bản",
    "apology": "Văn bản xin lỗi",
    "question": "Nội dung",
    "opinion": "Trả lời",
    "receipt": "Biên lai",
    "draft": "Dự thảo",
    "result": "Kết quả",
    "recipient_name": "Người nhận",
    "supervisor": "Giám sát",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history in words."""

    name: str
    at: datetime
    by: str
    notes: tuple[str, ...]


def told(events: Sequence[Happened], *, rulebook: Rulebook, on: date) -> list[Told]:
    """Return the history in words, newest first, with two reads for all names together."""
    units = {unit.code: unit.name for unit in organisations.units(on=on)}
    codes = {str(one.content["assignee"]) for one in events if one.content.get("assignee")}
    people = {row.code: f"{row.name}, {row.job_title}" for row in Staff.objects.filter(code__in=codes)} if codes else {}
    return [
        Told(
            EVENT_NAMES.get(one.kind, one.kind),
            one.at,
            f"{one.by_name}, {one.by_title}" if one.by_title else f"Hệ thống {one.by_name}",
            tuple(_notes(one, units=units, people=people, rulebook=rulebook)),
        )
        for one in reversed(events)
    ]


def _notes(one: Happened, *, units: Mapping[str, str], people: Mapping[str, str], rulebook: Rulebook) -> Iterable[str]:
    content = one.content
    if unit := content.get("unit"):
        yield f"Đơn vị: {units.get(str(unit), unit)}"
    if assignee := content.get("assignee"):
        yield f"Giao cho: {people.get(str(assignee), assignee)}"
    if ground := content.get("ground"):
        named = rulebook.pause_grounds.get(str(ground))
        yield f"Lý do dừng: {named.name_vi if named else ground}"
    for run in content.get("beside", ()):
        yield f"Song song, bước {run['step']}: {units.get(str(run['unit']), run['unit'])}"
    if step := content.get("step_beside"):
        yield f"Trả lời bước {step}, chạy song song"
    if "due_before" in content:
        yield f"Hẹn lại từ {_moment(content['due_before'])} đến {_moment(content['due_after'])}"
    elif content.get("due_at"):
        yield f"Hẹn trả: {_moment(content['due_at'])}"
    if amount := content.get("amount") or content.get("fee_dong"):
        place = _PLACES.get(str(content.get("place", "")), "")
        yield f"Số tiền: {int(amount):,} đ".replace(",", ".") + (f" ({place})" if place else "")
    yield from _papers(content)
    if "repeated_supplement" in content.get("marks", ()):
        yield "Yêu cầu bổ sung từ lần thứ hai: Cổng DVCQG tính là quá hạn"
    for name, label in _WRITTEN.items():
        if value := one.written.get(name):
            yield f"{label}: {'; '.join(value) if isinstance(value, list) else value}"


def _papers(content: Mapping[str, Any]) -> Iterable[str]:
    if (form := str(content.get("form", ""))) in ISSUE_KINDS:
        yield f"{ISSUE_KINDS[form].name_vi}, số {content.get('number')}"
    elif form in _WAYS:
        yield _WAYS[form]
    if (field := str(content.get("field", ""))) in corrections.FIELDS:
        yield corrections.FIELDS[field].name_vi
    if leg := content.get("leg"):
        yield f"Nhánh {leg}"


def _moment(value: Any) -> str:
    return f"{local(datetime.fromisoformat(str(value))):%H:%M, %d/%m/%Y}"
