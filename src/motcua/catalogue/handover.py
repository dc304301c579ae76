"""Bàn giao sau sắp xếp: what a dissolved unit leaves behind, shown before and moved in one act."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.catalogue import actions, models, queries
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import handover as organisations
from motcua.organisations.handover import Parts, People
from motcua.organisations.types import StaffRef

EVERY_PART = "*"
"""For a procedure after a split: each of the new units handles it."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Bàn giao: the people and procedures of a dissolved unit that have not gone over yet, and who took over."""

    unit_code: str
    parts: Parts
    people: People
    procedures: tuple[tuple[str, str], ...]
    """Code and name."""

    @property
    def is_empty(self) -> bool:
        """Nothing is left to hand over."""
        return not self.people.moving and not self.procedures

    @property
    def mark(self) -> str:
        """What was shown, in short: an act on something else than was shown is refused."""
        told = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def preview(code: str, *, by: StaffRef, on: date) -> Handover:
    """Return what would go over if it were handed over on the day."""
    into = organisations.parts(code, on=on)
    if not into.codes:
        return Handover(code, into, People((), ()), ())
    left = models.Procedure.objects.filter(code__in=queries.handled_by(code, on=on)).order_by("code")
    procedures = tuple(left.values_list("code", "name"))
    return Handover(code, into, organisations.people(code, into=into, by=by, on=on), procedures)


@transaction.atomic
def hand_over(
    code: str,
    *,
    mark: str,
    staff_to: Mapping[str, str],
    procedures_to: Mapping[str, str],
    by: StaffRef,
    at: datetime,
) -> bool:
    """Move people with their roles, and procedures, from a dissolved unit to its successors from today on.

    After a merger everything goes to the one successor. After a split ``staff_to`` and ``procedures_to`` say which
    part; what they leave out stays and can go later. Repeated when nothing is left it changes nothing and returns
    False; what was moved goes back only by acts of its own (transfer, roles, assignments), each in the log.

    Raises:
        UserError: the person does not administer both ends, what is left is not what was shown, or a part is not one.
    """
    organisations.locked(code)
    today = local_day(at)
    if not organisations.may_hand_over(by, code, on=today):
        raise UserError(
            "Bạn không quản trị cả đơn vị cũ và đơn vị mới.", remedy="Hãy nhờ quản trị cấp trên của các đơn vị này."
        )
    left = preview(code, by=by, on=today)
    if left.is_empty:
        return False
    if left.mark != mark:
        raise UserError("Danh sách bàn giao đã thay đổi từ khi bạn mở trang.", remedy="Hãy xem lại rồi bấm lần nữa.")
    people, procedures = dict(staff_to), dict(procedures_to)
    if left.parts.is_whole:
        people = {one.staff_code: left.parts.codes[0] for one in left.people.moving}
        procedures = {procedure: left.parts.codes[0] for procedure, _ in left.procedures}
    moving = tuple(one for one in left.people.moving if people.get(one.staff_code))
    given = {procedure: procedures[procedure] for procedure, _ in left.procedures if procedures.get(procedure)}
    _known({people[one.staff_code] for one in moving}, left.parts)
    _known(set(given.values()) - {EVERY_PART}, left.parts)
    if not moving and not given:
        raise UserError("Chưa chọn ai hay thủ tục nào để bàn giao.", remedy="Hãy chọn đơn vị mới cho từng dòng.")
    organisations.move_people(code, moving, into=left.parts, where=people, by=by.code, at=at)
    for procedure, part in given.items():
        units = left.parts.codes if part == EVERY_PART else (part,)
        actions.assign(procedure_code=procedure, unit_codes=units, since=today, by=by.code, at=at)
        actions.unassign(procedure_code=procedure, unit_code=code, until=today, by=by.code, at=at)
    content = {
        "people": {one.staff_code: people[one.staff_code] for one in moving},
        "procedures": given,
        "on": today.isoformat(),
    }
    log.record(stream="unit", subject=code, kind="UnitHandedOver", at=at, by=by.code, content=content)
    return True


def _known(chosen: set[str], into: Parts) -> None:
    if strange := chosen - set(into.codes):
        raise UserError(
            f"{', '.join(sorted(strange))} không phải đơn vị kế thừa.", remedy="Hãy chọn trong các đơn vị mới."
        )
