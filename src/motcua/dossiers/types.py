"""What may cross the border of the dossiers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from motcua.catalogue.types import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantData:
    """Người nộp, chủ hồ sơ, as typed at the counter or sent by the portal."""

    name: str
    kind: str = "person"
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Giấy tờ handed in: which component it is, and the stored file where there is one."""

    component_name: str
    copy_kind: str = "copy"
    file_name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    reused_from: int | None = None
    """Id of an earlier document of the same owner that is used again instead of asking for it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Hồ sơ nộp: everything taken in at once."""

    procedure_code: str
    channel: Channel
    competent_unit: str
    owner: ApplicantData
    submitter: ApplicantData | None = None
    case_code: str = ""
    subject: str = ""
    papers: tuple[Paper, ...] = ()
    return_form: str = "counter"
    support_unit: str | None = None
    submitted_at: datetime | None = None
    external_code: str = ""
    """Code the portal already gave; empty where the desk allots one."""
    was_submitted_on_behalf: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person gives with an act; each act of ``law/workflow`` demands its own part of it."""

    reason: str = ""
    legal_basis: str = ""
    missing_papers: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    pause_ground: str = ""
    evidence: str = ""
    new_due_at: datetime | None = None
    apology: str = ""
    assignee: str = ""
    unit: str = ""
    question: str = ""
    opinion: str = ""
    amount: int = 0
    fee_name: str = ""
    receipt: str = ""
    payment_place: str = "counter"
    step: str = ""
    draft: str = ""
    result: str = ""
    recipient_name: str = ""
    handed_over_by: str = ""
    supervisor: str = ""
    approver: str = ""
    field: str = ""
    after: str = ""
    reply_by: date | None = None
    leg: str = ""
    """Code of the sub-dossier (nhánh liên thông) whose result is being taken in."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act led to."""

    code: str
    state: int
    local_state: str
    version_number: int
    due_at: datetime | None
    form: str | None = None
    """Code of the official form that the act calls for."""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Hồ sơ as a work list shows it."""

    code: str
    procedure_name: str
    owner_name: str
    local_state: str
    unit_code: str
    assignee_name: str
    assignee_title: str
    received_at: datetime | None
    due_at: datetime | None
    is_paused: bool
    supplement_count: int
    channel: int
    unit_name: str = ""
    submitted_at: datetime | None = None
    paused_since: datetime | None = None
    ended_at: datetime | None = None
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list and the cursor of the next; ``next`` None on the last page."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a dossier's history, as the event log has it."""

    at: datetime
    kind: str
    by_name: str
    by_title: str
    content: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, Any] = field(default_factory=dict)
    """What the person wrote with the act (``Given``'s fields); for those who may read the dossier."""


@dataclass(frozen=True, slots=True)
class FormKind:
    """An official form as pages name it: its title, its word in addresses, whether the applicant takes it home."""

    name_vi: str
    slug: str
    is_for_applicant: bool


ISSUE_KINDS: Mapping[str, FormKind] = {
    "intake_receipt": FormKind("Giấy tiếp nhận và hẹn trả", "giay-tiep-nhan", is_for_applicant=True),
    "supplement_request": FormKind("Phiếu yêu cầu bổ sung", "phieu-bo-sung", is_for_applicant=True),
    "refusal": FormKind("Phiếu từ chối tiếp nhận", "phieu-tu-choi", is_for_applicant=True),
    "apology": FormKind("Văn bản xin lỗi, hẹn lại", "xin-loi", is_for_applicant=True),
    "stop_notice": FormKind("Thông báo dừng giải quyết", "thong-bao-dung", is_for_applicant=True),
    "control_slip": FormKind("Phiếu kiểm soát quá trình", "phieu-kiem-soat", is_for_applicant=False),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """Phiếu đã lập: which form, under which number, when and by whom."""

    dossier_code: str
    form: str
    number: int
    at: datetime
    by_name: str
    by_title: str
    office: str

    @property
    def name_vi(self) -> str:
        """The form's name."""
        return ISSUE_KINDS[self.form].name_vi

    @property
    def slug(self) -> str:
        """The word in addresses: form and number."""
        return f"{ISSUE_KINDS[self.form].slug}-{self.number}"
