"""What may cross the border of the organisations: kinds, roles, references, scopes."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """Loại đơn vị."""

    PROVINCE = "province"
    DEPARTMENT = "department"
    DISTRICT = "district"
    COMMUNE = "commune"
    CENTRE = "centre"
    DESK = "desk"
    VERTICAL = "vertical"
    POSTAL = "postal"


class Role(StrEnum):
    """Vai trò within a unit. The codes of those that act on dossiers are those of ``law/workflow``."""

    CLERK = "clerk"
    """Cán bộ tiếp nhận tại Bộ phận Một cửa."""
    POSTAL_CLERK = "postal_clerk"
    """Nhân viên bưu chính: takes dossiers in and hands results out, decides nothing."""
    SUPERVISOR = "supervisor"
    """Người giám sát nhân viên bưu chính của cơ quan."""
    CASE_OFFICER = "case_officer"
    """Cán bộ thụ lý."""
    RECORDS_CLERK = "records_clerk"
    """Văn thư: registers and issues results."""
    UNIT_HEAD = "unit_head"
    """Lãnh đạo phòng, bộ phận: assigns, approves, sees all of the unit and below."""
    LEADER = "leader"
    """Lãnh đạo cơ quan: signs, extends, stops, sees all of the agency and below."""
    CENTRE_MANAGER = "centre_manager"
    """Trung tâm Phục vụ hành chính công: sees every dossier of the province, decides none."""
    CONTROL_OFFICE = "control_office"
    """Văn phòng UBND tỉnh (KSTTHC): catalogue, workflows, figures of the whole province."""
    PROVINCE_LEADER = "province_leader"
    """Lãnh đạo UBND tỉnh."""
    ADMINISTRATOR = "administrator"
    """Quản trị hệ thống: accounts and units, no dossiers."""


ROLE_NAMES: dict[Role, str] = {
    Role.CLERK: "Cán bộ một cửa",
    Role.POSTAL_CLERK: "Nhân viên bưu chính",
    Role.SUPERVISOR: "Giám sát bưu chính",
    Role.CASE_OFFICER: "Cán bộ thụ lý",
    Role.RECORDS_CLERK: "Văn thư",
    Role.UNIT_HEAD: "Lãnh đạo phòng, bộ phận",
    Role.LEADER: "Lãnh đạo cơ quan",
    Role.CENTRE_MANAGER: "Trung tâm PVHCC",
    Role.CONTROL_OFFICE: "Văn phòng UBND tỉnh (KSTTHC)",
    Role.PROVINCE_LEADER: "Lãnh đạo tỉnh",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
}

# Roles that see every dossier of their unit and of all units below it; the others see only dossiers their unit
# takes part in and, for an administrator, none.
ROLES_SEEING_BELOW = frozenset(
    {Role.UNIT_HEAD, Role.LEADER, Role.CENTRE_MANAGER, Role.CONTROL_OFFICE, Role.PROVINCE_LEADER}
)
PROVINCE_WIDE_ROLES = frozenset({Role.CENTRE_MANAGER, Role.CONTROL_OFFICE, Role.PROVINCE_LEADER})
"""What they may do does not end at their unit: only whoever administers the whole province gives them."""
ROLES_SEEING_NO_DOSSIER = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class UnitRef:
    """One unit as others see it."""

    code: str
    name: str
    kind: UnitKind
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held in one unit; ``for_staff`` is the absent colleague whose work a delegation hands over."""

    role: Role
    unit_code: str
    for_staff: str | None = None


@dataclass(frozen=True, slots=True)
class StaffRef:
    """A staff member acting now: code, name and title (mandatory on every act), and what they may do today."""

    code: str
    name: str
    job_title: str
    unit_code: str
    grants: tuple[Grant, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held today, own or delegated."""
        return frozenset(grant.role for grant in self.grants)

    def has_role(self, role: Role, *, unit_code: str) -> bool:
        """Tell whether the role is held in that very unit."""
        return any(grant.role is role and grant.unit_code == unit_code for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Person:
    """A staff member as others see them; ``for_staff`` is the absent colleague they stand in for."""

    code: str
    name: str
    job_title: str
    unit_code: str
    for_staff: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Phạm vi dữ liệu: the units whose dossiers a person may see. Empty means none: access fails closed."""

    unit_codes: frozenset[str] = field(default_factory=frozenset)

    def __contains__(self, unit_code: object) -> bool:
        """Tell whether the unit is in scope."""
        return unit_code in self.unit_codes


NOBODY = Scope()


@dataclass(frozen=True, slots=True)
class UnitChange:
    """Sắp xếp đơn vị: one unit became (part of) another on a day."""

    old_code: str
    new_code: str
    on: date
    is_whole: bool
