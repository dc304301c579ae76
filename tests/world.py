"""A shared world for tests of the desk: one province, a department, two communes, a post office, and their people.

Everything is made by the real actions, so a world that could not be is not tested.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from motcua.catalogue import actions as catalogue
from motcua.catalogue.records import ProcedureRecord
from motcua.catalogue.types import Channel, ChannelTerm, Component, OnlineLevel
from motcua.deadlines.types import Limit, LimitUnit
from motcua.dossiers import actions, law, models
from motcua.dossiers.types import ApplicantData, Given, Intake, Outcome, Paper
from motcua.kernel.time import VIETNAM, local_day
from motcua.organisations import access
from motcua.organisations import actions as organisations
from motcua.organisations.models import Staff
from motcua.organisations.types import Role, StaffRef, UnitKind

PASSWORD = "Thu-nghiem-2026"
FOUNDED = date(2025, 7, 1)
PROVINCE, DEPARTMENT, COMMUNE, OTHER_COMMUNE = "H99", "H99.03", "H99.101", "H99.102"
BIRTH, BUILDING = "1.001193", "1.009994"

PEOPLE: dict[str, tuple[str, str, str, Role]] = {
    "clerk": ("Ngô Thị Thử", "Công chức một cửa", COMMUNE, Role.CLERK),
    "officer": ("Lê Văn Thử", "Công chức tư pháp", COMMUNE, Role.CASE_OFFICER),
    "second_officer": ("Vũ Văn Thử", "Công chức địa chính", COMMUNE, Role.CASE_OFFICER),
    "head": ("Trần Thị Thử", "Trưởng phòng", COMMUNE, Role.UNIT_HEAD),
    "leader": ("Phạm Văn Thử", "Phó Chủ tịch", COMMUNE, Role.LEADER),
    "records": ("Bùi Thị Thử", "Văn thư", COMMUNE, Role.RECORDS_CLERK),
    "postal": ("Đỗ Văn Thử", "Nhân viên bưu điện", COMMUNE, Role.POSTAL_CLERK),
    "department_officer": ("Hồ Thị Thử", "Chuyên viên", DEPARTMENT, Role.CASE_OFFICER),
    "department_leader": ("Mai Văn Thử", "Phó Giám đốc", DEPARTMENT, Role.LEADER),
    "stranger": ("La Văn Thử", "Công chức một cửa", OTHER_COMMUNE, Role.CLERK),
    "centre": ("Kiều Văn Thử", "Giám đốc Trung tâm", PROVINCE, Role.CENTRE_MANAGER),
    "control": ("Thái Thị Thử", "Trưởng phòng KSTTHC", PROVINCE, Role.CONTROL_OFFICE),
    "administrator": ("Chu Thị Thử", "Quản trị", PROVINCE, Role.ADMINISTRATOR),
}


def at(text: str) -> datetime:
    """Return a Vietnamese moment such as ``2026-03-02 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@dataclass(slots=True)
class World:
    """The people of the province, by their part; ``do`` acts as one of them."""

    people: dict[str, StaffRef] = field(default_factory=dict)

    def __getitem__(self, part: str) -> StaffRef:
        """Return a person by part: ``world["clerk"]``."""
        return self.people[part]

    def received(self, when: str = "2026-03-02 09:00", *, by: str = "clerk", **changes: Any) -> str:
        """Take a complete dossier in and return its code."""
        return self.receive(when, by=by, **changes).code

    def receive(
        self, when: str = "2026-03-02 09:00", *, by: str = "clerk", supervisor: str = "", **changes: Any
    ) -> Outcome:
        """Take a dossier in."""
        moment = at(when)
        return actions.receive(
            an_intake(**changes),
            staff=self[by],
            at=moment,
            rulebook=law.rulebook(on=local_day(moment)),
            supervisor=supervisor,
        )

    def do(self, act: str, code: str, *, by: str, when: str, version: int | None = None, **given: Any) -> Outcome:
        """Carry out an act as the person, on what the dossier is now unless a ``version`` is given."""
        moment = at(when)
        number = models.Dossier.objects.get(code=code).version_number if version is None else version
        return actions.perform(
            act,
            code=code,
            staff=self[by],
            at=moment,
            version_number=number,
            given=Given(**given),
            rulebook=law.rulebook(on=local_day(moment)),
        )

    def taken(self, when: str = "2026-03-02 09:00") -> str:
        """Return a dossier that the commune's officer is handling since an hour after its receipt."""
        code = self.received(when)
        later = (at(when) + timedelta(hours=1)).isoformat(" ", "minutes")[:16]
        self.do("forward", code, by="clerk", when=later, unit=COMMUNE)
        self.do("take", code, by="officer", when=later)
        return code


def an_intake(**changes: Any) -> Intake:
    """Return a complete dossier to take in."""
    values: dict[str, Any] = {
        "procedure_code": BIRTH,
        "channel": Channel.DIRECT,
        "competent_unit": COMMUNE,
        "owner": ApplicantData(name="Nguyễn Văn Thử", phone="0900000001", identity_number="000000000001"),
        "papers": (Paper(component_name="Tờ khai"), Paper(component_name="Giấy chứng sinh")),
    }
    return Intake(**{**values, **changes})


def build() -> World:
    """Build the province in the present database."""
    founded = datetime(2025, 7, 1, tzinfo=UTC)
    for code, name, kind, parent in (
        (PROVINCE, "Tỉnh giả định", UnitKind.PROVINCE, None),
        (DEPARTMENT, "Sở giả định", UnitKind.DEPARTMENT, PROVINCE),
        (COMMUNE, "Xã Thử Một", UnitKind.COMMUNE, PROVINCE),
        (OTHER_COMMUNE, "Xã Thử Hai", UnitKind.COMMUNE, PROVINCE),
    ):
        organisations.create_unit(
            code=code, name=name, kind=kind, parent_code=parent, valid_from=FOUNDED, by="test", at=founded
        )
    world = World()
    for part, (name, title, unit, role) in PEOPLE.items():
        organisations.hire(
            code=f"cb-{part}",
            username=part,
            password=PASSWORD,
            name=name,
            job_title=title,
            unit_code=unit,
            by="test",
            at=founded,
        )
        organisations.grant_role(
            staff_code=f"cb-{part}", role=role, unit_code=unit, since=FOUNDED, until=None, by="test", at=founded
        )
        found = access.staff_of(Staff.objects.get(code=f"cb-{part}").user_id, on=date(2026, 3, 2))
        assert found is not None
        world.people[part] = found
    _procedure(BIRTH, "Đăng ký khai sinh", "Hộ tịch", Decimal(5), fee=0, units=[COMMUNE, OTHER_COMMUNE], at=founded)
    _procedure(
        BUILDING, "Cấp giấy phép xây dựng", "Xây dựng", Decimal(20), fee=75_000, units=[DEPARTMENT, COMMUNE], at=founded
    )
    return world


def _procedure(code: str, name: str, sector: str, days: Decimal, *, fee: int, units: list[str], at: datetime) -> None:
    limit = Limit(days, LimitUnit.WORKING_DAYS)
    record = ProcedureRecord(
        code=code,
        name=name,
        sector=sector,
        levels=("commune",),
        sequence="Nộp; giải quyết; trả kết quả.",
        agency="UBND cấp xã",
        applicant_kinds=("Công dân Việt Nam",),
        results=("Kết quả",),
        online_level=OnlineLevel.FULL,
        terms=tuple(ChannelTerm(channel, "", limit, None, fee, "") for channel in Channel),
        components=(
            Component("", "Tờ khai", "", "Mẫu 01", 1, 0, is_required=True),
            Component("", "Giấy chứng sinh", "", "", 0, 1, is_required=True),
        ),
    )
    version = catalogue.draft(record, by="test", at=at)
    catalogue.promulgate(
        version_id=version, decision_number="1/QĐ", signed_on=FOUNDED, effective_on=FOUNDED, by="test", at=at
    )
    catalogue.publish(version_id=version, by="test", at=at)
    catalogue.assign(procedure_code=code, unit_codes=units, since=FOUNDED, by="test", at=at)
