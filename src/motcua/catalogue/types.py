"""What may cross the border of the catalogue."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from motcua.deadlines.types import Limit


class VersionState(StrEnum):
    """Tình trạng của một phiên bản TTHC."""

    DRAFT = "draft"
    PROMULGATED = "promulgated"
    PUBLISHED = "published"
    REPLACED = "replaced"
    ABOLISHED = "abolished"


VERSION_STATE_NAMES: dict[VersionState, str] = {
    VersionState.DRAFT: "Dự thảo",
    VersionState.PROMULGATED: "Đã công bố",
    VersionState.PUBLISHED: "Đang công khai",
    VersionState.REPLACED: "Đã thay thế",
    VersionState.ABOLISHED: "Đã bãi bỏ",
}


class Channel(IntEnum):
    """Hình thức nộp, in the portal's codes (KenhThucHien)."""

    DIRECT = 1
    ONLINE = 2
    POSTAL = 3


CHANNEL_NAMES: dict[Channel, str] = {
    Channel.DIRECT: "Trực tiếp",
    Channel.ONLINE: "Trực tuyến",
    Channel.POSTAL: "Bưu chính công ích",
}


class OnlineLevel(StrEnum):
    """Mức độ dịch vụ công trực tuyến (NĐ 42/2022/NĐ-CP Điều 11)."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


ONLINE_LEVEL_NAMES: dict[OnlineLevel, str] = {
    OnlineLevel.NONE: "Chưa trực tuyến",
    OnlineLevel.PARTIAL: "Một phần",
    OnlineLevel.FULL: "Toàn trình",
}


@dataclass(frozen=True, slots=True)
class ChannelTerm:
    """Limit and fee of one case by one channel; ``fee_dong`` None = no fee named."""

    channel: Channel
    case_code: str
    limit: Limit | None
    limit_in_difficult_area: Limit | None
    fee_dong: int | None
    fee_note: str


@dataclass(frozen=True, slots=True)
class Component:
    """Thành phần hồ sơ: one paper an applicant hands in."""

    code: str
    name: str
    case_code: str
    form_name: str
    originals: int
    copies: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class ProcedureCard:
    """Thủ tục as a list shows it."""

    code: str
    name: str
    sector: str
    online_level: OnlineLevel
    state: VersionState


@dataclass(frozen=True, slots=True)
class ProcedureDetail:
    """Thủ tục: the version in force on a day, with the seven parts (khoản 2 Điều 8 NĐ 63/2010/NĐ-CP)."""

    version_id: int
    code: str
    number: int
    name: str
    sector: str
    state: VersionState
    decision_number: str
    signed_on: date | None
    effective_on: date
    sequence: str
    agency: str
    applicant_kinds: tuple[str, ...]
    results: tuple[str, ...]
    requirements: str
    legal_bases: tuple[str, ...]
    online_level: OnlineLevel
    accepts_postal: bool
    is_boundary_free: bool
    is_one_stop: bool
    requires_result: bool
    cases: tuple[tuple[str, str], ...]
    terms: tuple[ChannelTerm, ...]
    components: tuple[Component, ...]

    def term(self, *, channel: Channel, case_code: str) -> ChannelTerm | None:
        """Return the term of the case by the channel; a case without its own falls back on the general one."""
        for wanted in (case_code, ""):
            for term in self.terms:
                if term.channel is channel and term.case_code == wanted:
                    return term
        return None

    def components_of(self, case_code: str) -> tuple[Component, ...]:
        """Return the components of the case: the general ones and its own."""
        return tuple(one for one in self.components if one.case_code in {"", case_code})
