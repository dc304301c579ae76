"""Builds the demo: through the same actions that people's clicks call, on days before today."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from motcua.catalogue import actions as catalogue
from motcua.catalogue import models as catalogue_tables
from motcua.catalogue.records import ProcedureRecord
from motcua.catalogue.types import Channel, ChannelTerm, Component, OnlineLevel
from motcua.deadlines.types import Limit, LimitUnit
from motcua.demo import steering
from motcua.demo.accounts import PASSWORD, Account, accounts
from motcua.demo.telltales import Telltales
from motcua.dossiers import actions, apologies, law, models, online
from motcua.dossiers.types import ApplicantData, Given, Intake, Paper
from motcua.geometry import inventing
from motcua.kernel.time import VIETNAM, local_day
from motcua.organisations import access, outlines
from motcua.organisations import actions as organisations
from motcua.organisations.models import Staff, Unit
from motcua.organisations.types import StaffRef, UnitKind
from motcua.sample import catalogue as listed
from motcua.sample import provinces, shape

PROVINCE = provinces.FICTITIOUS_CODES[0]
FOUNDED = date(2025, 7, 1)
SYSTEM = "he-thong"
PORTAL = "cong-dvc"
Progress = Callable[[str, int, int], None]

# Shares of dossiers that meet a supplement, a pause, a stop, nobody's hand (cumulative): every list has something.
_LACKING, _PAUSED, _STOPPED, _LEFT_LYING = 0.12, 0.18, 0.21, 0.26
_FAVOURITE, _UNBACKED = 0.3, 0.2
_ENOUGH_FOR_TELLTALES = 100

_HOURS_TO_ANSWER = (0.5, 1, 2, 3, 5)
_WITH_THE_OFFICE = (1, 2, 4, 9)
"""Portal states in which the next thing is for the office to do."""

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
_MIDDLE = ("Thử", "Mẫu", "Ví Dụ")
_GIVEN = ("An", "Bình", "Chi", "Dung", "Giang", "Hạnh", "Khánh", "Lâm", "Minh", "Phúc", "Quỳnh", "Sơn", "Thảo", "Yến")


def is_built() -> bool:
    """Tell whether this database has a demo already."""
    return Unit.objects.filter(code=PROVINCE).exists()


@transaction.atomic  # all or nothing: a demo interrupted while being built leaves an empty database
def build(*, now: datetime, dossiers: int, progress: Progress) -> None:
    """Fill an empty database with the fictitious province as it stands at ``now``.

    ``progress`` is told what is being done, how much of it is done, and of how much.
    """
    country = provinces.build(shape=shape.shape(), provinces=1, seed=2026)
    founded = datetime.combine(FOUNDED, datetime.min.time(), VIETNAM)
    _units([country.provinces[0], *country.units], at=founded)
    _outlines(country.units, at=founded)
    _staff(accounts(PROVINCE), at=founded)
    steering.build(PROVINCE, centre="cb-trung-tam", at=now)
    progress("Đơn vị và tài khoản", 1, 1)
    procedures = listed.procedures()
    handled = _handled(country)
    for start in range(0, len(procedures), 100):
        for one in procedures[start : start + 100]:
            _procedure(one, handled.get(one.code, []), at=founded)
        progress("Danh mục thủ tục", min(start + 100, len(procedures)), len(procedures))
    _Simulation(now=now, chance=random.Random(2026), handled=handled).run(dossiers, progress)  # noqa: S311 - a demo


def handled_now() -> dict[str, list[str]]:
    """Return which units of the built demo handle each procedure."""
    found: dict[str, list[str]] = {}
    rows = catalogue_tables.Assignment.objects.filter(valid_to=None).values_list("procedure_id", "unit_id")
    for procedure, unit in rows:
        found.setdefault(procedure, []).append(unit)
    return found


def arrive(*, at: datetime, chance: random.Random, handled: dict[str, list[str]]) -> str:
    """Let one citizen hand a dossier in at one of the two desks, and return its code."""
    return _Simulation(now=at, chance=chance, handled=handled).arrive(at)


def work(*, at: datetime, chance: random.Random) -> str:
    """Let somebody of the two desks do the next thing with one of the dossiers, and return what was done."""
    open_ones = models.Dossier.objects.filter(
        returned_at=None, state__in=_WITH_THE_OFFICE, competent_unit__in=[f"{PROVINCE}.101", f"{PROVINCE}.03"]
    )
    codes = list(open_ones.values_list("code", flat=True).order_by("code"))
    return _Simulation(now=at, chance=chance, handled={}).work(chance.choice(codes), at) if codes else ""


def _units(rows: Sequence[provinces.Unit], *, at: datetime) -> None:
    for one in rows:
        organisations.create_unit(
            code=one.code,
            name=one.name,
            kind=UnitKind(one.kind),
            parent_code=one.parent,
            valid_from=FOUNDED,
            by=SYSTEM,
            at=at,
        )


def _outlines(rows: Sequence[provinces.Unit], *, at: datetime) -> None:
    """Give the communes a made-up land in the sea off nowhere: no outline of a real place."""
    communes = [one for one in rows if one.kind == UnitKind.COMMUNE]
    drawn = inventing.cells(len(communes), seed=2026, middle=(106.0, 16.0), reach=0.6)
    shapes = {one.code: shape for one, shape in zip(communes, drawn, strict=True)}
    names = {one.code: one.name for one in communes}
    planned = outlines.Planned(outlines.OF_UNITS, shapes, names, ())
    content = repr(sorted(shapes.items())).encode()
    outlines.load(planned, subject=PROVINCE, source="hình thể giả định", content=content, by=SYSTEM, at=at)


def _staff(rows: Sequence[Account], *, at: datetime) -> None:
    for one in rows:
        organisations.hire(
            code=one.code,
            username=one.username,
            password=PASSWORD,
            name=one.name,
            job_title=one.job_title,
            unit_code=one.unit,
            by=SYSTEM,
            at=at,
        )
        for role in one.roles:
            organisations.grant_role(
                staff_code=one.code, role=role, unit_code=one.unit, since=FOUNDED, until=None, by=SYSTEM, at=at
            )


def _handled(country: provinces.Country) -> dict[str, list[str]]:
    """Return which units handle each procedure."""
    found: dict[str, list[str]] = {}
    for unit, procedure in zip(country.assigned.unit.tolist(), country.assigned.procedure.tolist(), strict=True):
        found.setdefault(country.listed[procedure].code, []).append(country.units[unit].code)
    return found


def _procedure(one: listed.Listed, units: list[str], *, at: datetime) -> None:
    limit = (
        Limit(Decimal(str(one.limit_value)), LimitUnit(one.limit_unit)) if one.limit_value and one.limit_unit else None
    )
    limit = limit or Limit(Decimal(10), LimitUnit.WORKING_DAYS)
    fee = 50_000 if one.is_fee_bearing else 0
    channels = [Channel.DIRECT, Channel.POSTAL] + ([Channel.ONLINE] if one.is_online else [])
    record = ProcedureRecord(
        code=one.code,
        name=one.name,
        sector=one.sector,
        levels=tuple(one.levels.split(",")),
        sequence="Nộp hồ sơ tại Bộ phận Một cửa hoặc trực tuyến; cơ quan có thẩm quyền giải quyết; nhận kết quả.",
        agency="Cơ quan có thẩm quyền của tỉnh giả định",
        applicant_kinds=("Công dân Việt Nam",) if one.is_for_citizens else ("Doanh nghiệp",),
        results=("Kết quả giải quyết",) if one.is_result_required else (),
        online_level=OnlineLevel.FULL if one.is_online else OnlineLevel.NONE,
        accepts_postal=True,
        requires_result=one.is_result_required,
        terms=tuple(ChannelTerm(channel, "", limit, None, fee, "") for channel in channels),
        components=(
            Component("", "Đơn đề nghị theo mẫu", "", "Mẫu đơn", 1, 0, is_required=True),
            Component("", "Giấy tờ chứng minh kèm theo", "", "", 0, 1, is_required=True),
        ),
    )
    version = catalogue.draft(record, by=SYSTEM, at=at)
    catalogue.promulgate(
        version_id=version,
        decision_number="01/QĐ-UBND (giả định)",
        signed_on=FOUNDED,
        effective_on=FOUNDED,
        by=SYSTEM,
        at=at,
    )
    catalogue.publish(version_id=version, by=SYSTEM, at=at)
    if units:
        catalogue.assign(procedure_code=one.code, unit_codes=units, since=FOUNDED, by=SYSTEM, at=at)


def _side(unit: str) -> str:
    """Return how the accounts of an office are named."""
    return "xa" if unit.endswith(".101") else "so"


@dataclass(slots=True)
class _Simulation:
    """Lives through some weeks of two offices, a commune and a department, dossier by dossier."""

    now: datetime
    chance: random.Random
    handled: dict[str, list[str]]

    def run(self, count: int, progress: Progress) -> None:
        """Create ``count`` dossiers at office hours of the last 40 days, each as far as chance takes it."""
        moments = sorted(self._moment() for _ in range(count))
        for number, at in enumerate(moments, start=1):
            procedure, unit = self._wish()
            answered = at + timedelta(hours=self.chance.choice(_HOURS_TO_ANSWER))
            code, side = self._receive(procedure, unit, at, answered=answered)
            received = models.Dossier.objects.values_list("received_at", flat=True).get(code=code)
            self._go_on(code, side, unit, max(at, received or self.now))
            if number % 10 == 0 or number == count:
                progress("Hồ sơ", number, count)
        if count >= _ENOUGH_FOR_TELLTALES:
            self._telltales()
        for _ in range(max(3, count // 25)):
            # People send in at night and on Sundays too; the desk has not looked yet.
            at = self.now - timedelta(minutes=self.chance.randrange(20 * 60))
            self._send_in(self._intake(*self._wish(), channel=Channel.ONLINE), at)
        apologies.draft_all(now=self.now)

    def _telltales(self) -> None:
        commune = f"{PROVINCE}.101"
        procedure = self._wishes(commune)[0]
        Telltales(
            now=self.now,
            unit=commune,
            receive=lambda at, phone: self._receive(procedure, commune, at, phone=phone)[0],
            do=self._do,
        ).tell()

    def _moment(self) -> datetime:
        while True:
            day = self.now.astimezone(VIETNAM) - timedelta(days=self.chance.randrange(41))
            at = day.replace(
                hour=self.chance.choice((8, 9, 10, 14, 15, 16)), minute=self.chance.randrange(60), second=0
            )
            if at < self.now and at.weekday() < 5:
                return at

    def arrive(self, at: datetime) -> str:
        """Let one citizen come now, by any of the three channels, and leave the dossier to the people."""
        return self._receive(*self._wish(), at, answered=None)[0]

    def _wish(self) -> tuple[str, str]:
        """Return the procedure somebody comes for, and the unit; two in three come to the commune."""
        unit = f"{PROVINCE}.101" if self.chance.random() < 0.65 else f"{PROVINCE}.03"
        wishes = self._wishes(unit)
        # One procedure is asked for more than all others, as certified copies are: there its usual time is known.
        return wishes[0] if self.chance.random() < _FAVOURITE else self.chance.choice(wishes), unit

    def _wishes(self, unit: str) -> list[str]:
        return sorted(code for code, units in self.handled.items() if unit in units)[:60]

    def _receive(
        self, procedure: str, unit: str, at: datetime, *, phone: str = "", answered: datetime | None = None
    ) -> tuple[str, str]:
        """Take a dossier in; one sent in online waits until ``answered`` (with a ``phone``: is answered at once)."""
        side = _side(unit)
        channel = self.chance.choices((Channel.DIRECT, Channel.ONLINE, Channel.POSTAL), (35, 60, 5))[0]
        intake = self._intake(procedure, unit, channel=channel, phone=phone)
        if channel is Channel.ONLINE:
            code = self._send_in(intake, at)
            answered = at if phone else answered
            if answered is not None and answered < self.now:
                self.answer(code, answered)
            return code, side
        clerk = self._person(f"cb-mot-cua-{side}", at)
        return actions.receive(intake, staff=clerk, at=at, rulebook=law.rulebook(on=local_day(at))).code, side

    def _intake(self, procedure: str, unit: str, *, channel: Channel, phone: str = "") -> Intake:
        name = (
            "Nguyễn Ví Dụ An"
            if phone
            else f"{self.chance.choice(_FAMILY)} {self.chance.choice(_MIDDLE)} {self.chance.choice(_GIVEN)}"
        )
        return Intake(
            procedure_code=procedure,
            channel=channel,
            competent_unit=unit,
            owner=ApplicantData(
                name=name, phone=phone or f"0900{self.chance.randrange(10**6):06}", address="Địa chỉ giả định"
            ),
            papers=(Paper(component_name="Đơn đề nghị theo mẫu"), Paper(component_name="Giấy tờ chứng minh kèm theo")),
        )

    def _send_in(self, intake: Intake, at: datetime) -> str:
        return online.submit(intake, by=PORTAL, role="exchange", at=at, rulebook=law.rulebook(on=local_day(at))).code

    def answer(self, code: str, at: datetime) -> None:
        """Let the desk receive what was sent in online."""
        dossier = models.Dossier.objects.get(code=code)
        online.receive(
            code=code,
            staff=self._person(f"cb-mot-cua-{_side(dossier.receiving_unit_id)}", at),
            at=at,
            version_number=dossier.version_number,
            rulebook=law.rulebook(on=local_day(at)),
        )

    def work(self, code: str, at: datetime) -> str:
        """Let whoever has the dossier do the next thing with it, and return what was done; empty where nobody can."""
        dossier = models.Dossier.objects.get(code=code)
        side, unit = _side(dossier.receiving_unit_id), dossier.competent_unit_id
        officer = dossier.assignee_id or f"cb-thu-ly-{side}"
        leader = "cb-chu-tich-xa" if side == "xa" else "cb-giam-doc-so"
        if dossier.received_at is None:
            self.answer(code, at)
            return "receive"
        if dossier.local_state == "resolved":
            self._hand_over(code, side, at - timedelta(seconds=1))
            return "hand_over"
        following: dict[str, tuple[str, str, Given]] = {
            "received": ("forward", f"cb-mot-cua-{side}", Given(unit=unit)),
            "forwarded": ("assign", f"cb-phong-{side}", Given(assignee=f"cb-thu-ly-{side}")),
            "in_progress": ("submit_for_signature", officer, Given(draft="Dự thảo số 01")),
            "awaiting_signature": ("approve", leader, Given(draft="Dự thảo số 01")),
            "approved": ("resolve", f"cb-van-thu-{side}", Given(result="Số 01/KQ")),
        }
        if dossier.local_state not in following:
            return ""
        act, person, given = following[dossier.local_state]
        self._do(act, code, person, given, at)
        return act

    def _go_on(self, code: str, side: str, unit: str, at: datetime) -> None:
        officer, head = f"cb-thu-ly-{side}", f"cb-phong-{side}"
        leader = "cb-chu-tich-xa" if side == "xa" else "cb-giam-doc-so"
        story: list[tuple[str, str, Given]] = [
            ("forward", f"cb-mot-cua-{side}", Given(unit=unit)),
            ("assign", head, Given(assignee=self.chance.choice((officer, f"{officer}-2")))),
        ]
        turn = self.chance.random()
        is_waiting = False
        if turn < _LACKING:
            wanted = Given(
                missing_papers=("Giấy tờ chứng minh kèm theo",), reason="Bản chụp mờ", legal_basis="118/2025/NĐ-CP"
            )
            story.append(("request_supplement", officer, wanted))
            is_waiting = turn < _LACKING / 3
            brought = Given(papers=(Paper(component_name="Giấy tờ chứng minh kèm theo"),))
            story += [] if is_waiting else [("receive_supplement", officer, brought)]
        elif turn < _PAUSED:
            ground = Given(pause_ground="field_survey", legal_basis="Quy trình nội bộ", evidence="Giấy mời")
            story.append(("pause", officer, ground))
            is_waiting = turn < (_LACKING + _PAUSED) / 2
            story += [] if is_waiting else [("resume", officer, Given())]
        elif turn < _STOPPED:
            reason = Given(reason="Người nộp không bổ sung", legal_basis="Quy định giả định")
            story.append(("stop", leader, reason))
            is_waiting = True
        elif turn < _LEFT_LYING:
            is_waiting = True
        if not is_waiting:
            story += [
                ("submit_for_signature", officer, Given(draft="Dự thảo số 01")),
                ("approve", leader, Given(draft="Dự thảo số 01")),
                ("resolve", f"cb-van-thu-{side}", Given(result="Số 01/KQ")),
            ]
        for act, person, given in story:
            at = self._later(at)
            if at >= self.now:
                return
            self._do(act, code, person, given, at)
        if not is_waiting:
            self._hand_over(code, side, self._later(at))

    def _hand_over(self, code: str, side: str, at: datetime) -> None:
        if at >= self.now:
            return
        dossier = models.Dossier.objects.get(code=code)
        for charge in dossier.charges.filter(paid_at=None):
            place = self.chance.choice(("portal", "counter"))
            receipt = f"GD{self.chance.randrange(10**10):010}" if place == "portal" else f"BL-{code[-4:]}"
            is_unbacked = place == "portal" and self.chance.random() < _UNBACKED
            given = Given(amount=charge.amount_dong, receipt="Đã nộp" if is_unbacked else receipt, payment_place=place)
            self._do("record_fee", code, f"cb-mot-cua-{side}", given, at)
        self._do(
            "hand_over", code, f"cb-mot-cua-{side}", Given(recipient_name="Chủ hồ sơ", handed_over_by="direct"), at
        )

    def _do(self, act: str, code: str, person: str, given: Given, at: datetime) -> None:
        dossier = models.Dossier.objects.get(code=code)
        actions.perform(
            act,
            code=code,
            staff=self._person(person, at),
            at=at,
            version_number=dossier.version_number,
            given=given,
            rulebook=law.rulebook(on=local_day(at)),
        )

    def _later(self, at: datetime) -> datetime:
        return at + timedelta(hours=self.chance.choice((2, 5, 20, 26, 30, 50, 75)))

    def _person(self, code: str, at: datetime) -> StaffRef:
        found = access.staff_of(Staff.objects.get(code=code).user_id, on=local_day(at))
        if found is None:
            raise LookupError(code)
        return found
