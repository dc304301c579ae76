"""Bodies of the programming interface."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from motcua.catalogue.types import Channel, OnlineLevel
from motcua.deadlines.types import LimitUnit

# A NUL cannot be stored by the database, and no person types one.
NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
Code = Annotated[str, Field(max_length=100, pattern=NO_NUL)]
UnitCode = Annotated[str, Field(max_length=60, pattern=r"^([A-Z0-9][A-Z0-9.]*)?$")]
StaffCode = Annotated[str, Field(max_length=60, pattern=NO_NUL)]


class Asked(Schema):
    """What a caller sends: a field that does not exist is a mistake, and said so."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    """Lỗi: what is wrong and what to do, in Vietnamese."""

    what: str
    remedy: str


class Me(Schema):
    """Hệ thống đang gọi."""

    token: str
    staff_code: str
    name: str
    job_title: str
    unit_code: str
    roles: list[str]
    scopes: list[str]


class Unit(Schema):
    """Đơn vị."""

    code: str
    name: str
    kind: str
    parent_code: str | None


class ProcedureCard(Schema):
    """Thủ tục in a list."""

    code: str
    name: str
    sector: str
    online_level: OnlineLevel


class Term(Schema):
    """Cách thức thực hiện."""

    channel: Channel
    case_code: str
    limit_amount: Decimal | None
    limit_unit: LimitUnit | None
    fee_dong: int | None


class Component(Schema):
    """Thành phần hồ sơ."""

    code: str
    name: str
    case_code: str
    form_name: str
    originals: int
    copies: int
    is_required: bool


class Case(Schema):
    """Trường hợp."""

    code: str
    name: str


class Procedure(ProcedureCard):
    """Thủ tục with its parts."""

    decision_number: str
    sequence: str
    agency: str
    requires_result: bool
    requirements: str
    legal_bases: list[str]
    results: list[str]
    cases: list[Case]
    terms: list[Term]
    components: list[Component]
    units: list[str]


class Row(Schema):
    """Hồ sơ in a list."""

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


class Page(Schema):
    """One page of a list; ``next`` is the cursor of the following one."""

    rows: list[Row]
    next: str | None


class Count(Schema):
    """How many dossiers a list has within the caller's scope."""

    view: str
    name: str
    count: int


class BoardLine(Schema):
    """Tiến độ công khai của một đơn vị."""

    unit_code: str
    open: int
    late: int
    resolved: int
    on_time: int


class Happened(Schema):
    """Diễn biến."""

    at: datetime
    kind: str
    by_name: str
    by_title: str


class Document(Schema):
    """Giấy tờ: ``has_file`` where its content can be fetched."""

    id: int
    component_name: str
    name: str
    media_type: str
    size: int
    copy_kind: str
    is_result: bool
    has_file: bool
    at: datetime


class OpenAct(Schema):
    """Hành động có thể thực hiện, and what the law demands with it."""

    code: str
    name: str
    demands: list[str]


class Applicant(Schema):
    """Chủ hồ sơ."""

    kind: str
    name: str
    identity_number: str
    phone: str
    email: str
    address: str


class Dossier(Schema):
    """Hồ sơ."""

    code: str
    procedure_code: str
    case_code: str
    state: int
    local_state: str
    version_number: int
    channel: int
    receiving_unit: str
    competent_unit: str
    current_unit: str
    assignee: str | None
    owner: Applicant
    return_form: str
    received_at: datetime | None
    due_at: datetime | None
    is_paused: bool
    ended_at: datetime | None
    returned_at: datetime | None


class KeptFile(Schema):
    """Tệp đã gửi: name its ``id`` as the ``file`` of a paper."""

    id: UUID
    name: str
    media_type: str
    size: int


class Owner(Asked):
    """Chủ hồ sơ."""

    name: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]
    kind: Annotated[str, Field(pattern="^(person|business|agency|other)$")] = "person"
    identity_number: Code = ""
    phone: Code = ""
    email: Code = ""
    address: Text = ""


class PaperIn(Asked):
    """Giấy tờ nộp: the component's name, and the id of a file sent before where there is one."""

    component_name: Annotated[str, Field(min_length=1, max_length=1000, pattern=NO_NUL)]
    file: UUID | None = None


Papers = Annotated[list[PaperIn], Field(max_length=200, default_factory=list)]


class Intake(Asked):
    """Hồ sơ nộp."""

    procedure_code: Code
    channel: Channel
    competent_unit: UnitCode
    owner: Owner
    case_code: Code = ""
    papers: Papers
    return_form: Annotated[str, Field(pattern="^(counter|postal|online)$")] = "counter"
    supervisor: Text = ""


class ActBody(Asked):
    """What comes with an act; each act demands its own part (``law/workflow``)."""

    version_number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: Text = ""
    legal_basis: Text = ""
    missing_papers: Annotated[list[Text], Field(max_length=200, default_factory=list)]
    papers: Papers
    pause_ground: Code = ""
    evidence: Text = ""
    new_due_at: AwareDatetime | None = None
    apology: Text = ""
    assignee: StaffCode = ""
    unit: UnitCode = ""
    question: Text = ""
    opinion: Text = ""
    amount: Annotated[int, Field(ge=0, le=10**15)] = 0
    receipt: Code = ""
    payment_place: Annotated[str, Field(pattern="^(counter|portal|gateway|transfer)$")] = "counter"
    step: Text = ""
    draft: Text = ""
    result: Text = ""
    recipient_name: Text = ""
    handed_over_by: Annotated[str, Field(pattern="^(direct|postal|online)?$")] = ""
    supervisor: Text = ""


class Outcome(Schema):
    """What an act led to."""

    code: str
    state: int
    local_state: str
    version_number: int
    due_at: datetime | None
    form: str | None
    marks: list[str]


class Issue(Schema):
    """Phiếu đã lập."""

    form: str
    number: int
    at: datetime
    by_name: str
    by_title: str
    name_vi: str


class Forms(Schema):
    """Phiếu của hồ sơ: those issued, and the codes of those that can be issued now."""

    issued: list[Issue]
    open: list[str]
