"""What is filled into each form. Moments are Vietnamese wall-clock time; empty text prints as a dotted line."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The desk that issues the form. ``name`` is printed in capitals; ``abbreviation`` goes into the number."""

    parent_name: str
    name: str
    abbreviation: str
    place: str
    """Địa danh: the name of the commune or province, as written before the date."""
    phone: str = ""
    address: str = ""

    @property
    def name_vi(self) -> str:
        """The name inside a sentence: as given."""
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Chủ hồ sơ: the person or organisation the dossier belongs to."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""

    @property
    def contact(self) -> str:
        """Address and telephone, as one cell of the register."""
        return ", ".join(part for part in (self.address, self.phone) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Name and title: mandatory wherever an official appears."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierHead:
    """What every form says about the dossier. ``sets``: số bộ hồ sơ."""

    code: str
    procedure_name: str
    owner: Person
    sets: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Thành phần hồ sơ handed in, with the number of originals, copies and electronic files."""

    name: str
    originals: int = 0
    copies: int = 0
    electronic: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What all forms share. ``serial`` None leaves the number to be written by hand; ``verify_url`` becomes the QR."""

    office: Office
    issued_on: date
    serial: int | None = None
    verify_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReceipt(Content):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""

    dossier: DossierHead
    components: tuple[Component, ...]
    limit_text: str
    received_at: datetime
    due_at: datetime
    return_place: str
    receiver: Official
    submitter_name: str
    fee_text: str = ""
    register_book: str = ""
    register_line: str = ""

    @property
    def is_submitted_by_another(self) -> bool:
        """Whether somebody else handed the dossier in for its owner."""
        return self.submitter_name != self.dossier.owner.name


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest(Content):
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ. ``dossier.code`` is empty before receipt."""

    dossier: DossierHead
    items: tuple[str, ...]
    reason: str
    contact_name: str
    contact_phone: str
    guide: Official


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Content):
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ: with a named paper and a legal basis."""

    dossier: DossierHead
    missing_papers: tuple[str, ...]
    legal_basis: str
    receiver: Official
    submitter_name: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology(Content):
    """Văn bản xin lỗi, hẹn lại hoặc gia hạn thời gian giải quyết."""

    dossier: DossierHead
    agency_name: str
    received_at: datetime
    due_at: datetime
    new_due_at: datetime
    reason: str
    signer: Official


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice(Content):
    """Thông báo dừng giải quyết hồ sơ."""

    dossier: DossierHead
    agency_name: str
    received_at: datetime
    stopped_at: datetime
    reason: str
    signer: Official
    legal_basis: str = ""
    returned_papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One line of the control slip. ``outcome``: trước hạn, đúng hạn, quá hạn; empty while not known."""

    agencies: str
    """Giver and receiver, e.g. «1. Giao: …\\n2. Nhận: …»."""
    at: datetime | None = None
    giver: str = ""
    taker: str = ""
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSlip(Content):
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: travels with the dossier."""

    dossier: DossierHead
    agency_name: str
    received_at: datetime
    due_at: datetime
    handovers: tuple[Handover, ...]
    cooperating_agencies: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One dossier in the register."""

    dossier: DossierHead
    agency_name: str
    received_at: datetime
    due_at: datetime
    forwarded_at: datetime | None = None
    resolved_at: datetime | None = None
    returned_at: datetime | None = None
    return_place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Content):
    """Sổ theo dõi hồ sơ of a desk over some days."""

    book: str
    first_day: date
    last_day: date
    lines: tuple[RegisterLine, ...] = field(default=())


FORMS: dict[type[Content], str] = {
    IntakeReceipt: "intake_receipt",
    SupplementRequest: "supplement_request",
    Refusal: "refusal",
    Apology: "apology",
    StopNotice: "stop_notice",
    ControlSlip: "control_slip",
    Register: "register",
}
"""Content -> folder of its law files under ``law/forms``."""
