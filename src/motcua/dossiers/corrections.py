"""Đính chính: a wrong entry is set right on request of one person and approval of another; never by silent edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.dossiers import access, actions, models
from motcua.dossiers.types import Outcome
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from motcua.organisations.types import Role, StaffRef
from motcua.workflow import rules
from motcua.workflow.demands import ActFacts
from motcua.workflow.rulebook import Rulebook

ACT = "correct"


@dataclass(frozen=True, slots=True)
class Field:
    """An entry that may be corrected: its name on the page, the choices where it has them."""

    name_vi: str
    choices: tuple[tuple[str, str], ...] = ()


FIELDS: Mapping[str, Field] = {
    "owner.name": Field("Họ tên chủ hồ sơ"),
    "owner.identity_number": Field("Số định danh, mã số thuế"),
    "owner.phone": Field("Điện thoại"),
    "owner.email": Field("Thư điện tử"),
    "owner.address": Field("Địa chỉ"),
    "subject": Field("Nội dung yêu cầu"),
    "return_form": Field(
        "Cách nhận kết quả",
        (("counter", "Tại Bộ phận Một cửa"), ("postal", "Bưu chính công ích"), ("online", "Trực tuyến")),
    ),
}
"""What may be corrected. Moments, states and due dates may not: they are what happened, and the log has them."""

APPROVING = frozenset({Role.UNIT_HEAD, Role.LEADER, Role.CENTRE_MANAGER})


@transaction.atomic
def request(
    *,
    code: str,
    field: str,
    after: str,
    reason: str,
    staff: StaffRef,
    at: datetime,
    version_number: int,
    rulebook: Rulebook,
) -> Outcome:
    """Ask that an entry be corrected; nothing changes until somebody else approves.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        StaleError: somebody else has acted since.
        UserError: unknown field, nothing to change, no reason, a request already waits, or the role may not ask.
    """
    dossier = access.locked(code=code, staff=staff, on=local_day(at), version_number=version_number)
    _decide(dossier, roles=access.roles_on(dossier, staff), asked_by=(staff.name, staff.job_title), approver="—",
            reason=reason, at=at, rulebook=rulebook)  # fmt: skip
    if field not in FIELDS:
        raise UserError("Không đính chính được mục này.", remedy="Hãy chọn một mục trong danh sách.")
    before, wanted = value_of(dossier, field), after.strip()
    choices = dict(FIELDS[field].choices)
    if choices and wanted not in choices:
        raise UserError(
            f"«{wanted}» không phải là cách nhận kết quả.", remedy=f"Hãy chọn: {', '.join(choices.values())}."
        )
    if wanted == before or (field == "owner.name" and not wanted):
        raise UserError("Nội dung đúng phải khác nội dung đang ghi.", remedy="Hãy ghi nội dung đúng.")
    if dossier.corrections.filter(field=field, decided_at=None).exists():
        raise UserError(
            f"«{FIELDS[field].name_vi}» đang có một đề nghị đính chính chờ duyệt.",
            remedy="Hãy chờ đề nghị đó được duyệt hoặc từ chối.",
        )
    row = models.Correction.objects.create(
        dossier=dossier,
        field=field,
        before=before,
        after=wanted,
        reason=reason.strip(),
        requested_by_id=staff.code,
        requested_at=at,
    )
    dossier.version_number += 1
    dossier.save(update_fields=["version_number"])
    _record(dossier, "CorrectionRequested", row, by=staff.code, at=at)
    return actions.outcome(dossier, form=None, marks=())


@transaction.atomic
def approve(
    *, code: str, correction: int, staff: StaffRef, at: datetime, version_number: int, rulebook: Rulebook
) -> Outcome:
    """Approve a correction that another asked for, and make it.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        StaleError: somebody else has acted since.
        UserError: the person asked for it themselves or may not approve, it is decided already, or the entry changed.
    """
    dossier = access.locked(code=code, staff=staff, on=local_day(at), version_number=version_number)
    row = _waiting(dossier, correction, staff=staff)
    asker = row.requested_by
    _decide(dossier, roles=frozenset(rulebook.acts[ACT].roles), asked_by=(asker.name, asker.job_title),
            approver=staff.name if staff.code != asker.code else asker.name, reason=row.reason, at=at,
            rulebook=rulebook)  # fmt: skip
    if value_of(dossier, row.field) != row.before:
        raise UserError(
            f"«{FIELDS[row.field].name_vi}» đã thay đổi sau khi có đề nghị.",
            remedy="Hãy từ chối đề nghị này; người xử lý sẽ lập đề nghị mới nếu còn sai.",
        )
    _set(dossier, row.field, row.after)
    row.is_approved, row.decided_by_id, row.decided_at = True, staff.code, at
    row.save(update_fields=["is_approved", "decided_by", "decided_at"])
    dossier.search_key = actions.search_key(dossier, procedure_name=dossier.procedure.name)
    dossier.version_number += 1
    dossier.save()
    _record(dossier, actions.EVENT_KINDS[ACT], row, by=staff.code, at=at)
    return actions.outcome(dossier, form=None, marks=())


@transaction.atomic
def turn_down(*, code: str, correction: int, staff: StaffRef, at: datetime, version_number: int) -> Outcome:
    """Turn a requested correction down; the entry stays as it is.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        StaleError: somebody else has acted since.
        UserError: the person may not decide, or it is decided already.
    """
    dossier = access.locked(code=code, staff=staff, on=local_day(at), version_number=version_number)
    row = _waiting(dossier, correction, staff=staff)
    row.is_approved, row.decided_by_id, row.decided_at = False, staff.code, at
    row.save(update_fields=["is_approved", "decided_by", "decided_at"])
    dossier.version_number += 1
    dossier.save(update_fields=["version_number"])
    _record(dossier, "CorrectionRejected", row, by=staff.code, at=at)
    return actions.outcome(dossier, form=None, marks=())


def may_approve(dossier: models.Dossier, staff: StaffRef) -> frozenset[str]:
    """Return the roles by which the person may decide corrections of this dossier; empty = may not."""
    return access.roles_on(dossier, staff) & {role.value for role in APPROVING}


def value_of(dossier: models.Dossier, field: str) -> str:
    """Return what the entry says now."""
    of, _, name = field.rpartition(".")
    return str(getattr(dossier.owner if of else dossier, name))


def _set(dossier: models.Dossier, field: str, value: str) -> None:
    of, _, name = field.rpartition(".")
    if not of:
        setattr(dossier, name, value)
        return
    setattr(dossier.owner, name, value)
    dossier.owner.save(update_fields=[name])


def _waiting(dossier: models.Dossier, correction: int, *, staff: StaffRef) -> models.Correction:
    if not may_approve(dossier, staff):
        raise UserError(
            "Chỉ lãnh đạo phòng, lãnh đạo cơ quan hoặc Giám đốc Trung tâm duyệt đính chính.",
            remedy="Hãy chuyển đề nghị đến người có thẩm quyền.",
        )
    row = dossier.corrections.select_related("requested_by").filter(pk=correction, decided_at=None).first()
    if row is None:
        raise UserError("Đề nghị đính chính này đã được xử lý.", remedy="Hãy tải lại trang hồ sơ.")
    if row.requested_by_id == staff.code:
        raise UserError("Không ai tự duyệt đề nghị của mình.", remedy="Hãy nhờ người khác có thẩm quyền duyệt.")
    return row


def _decide(
    dossier: models.Dossier,
    *,
    roles: frozenset[str],
    asked_by: tuple[str, str],
    approver: str,
    reason: str,
    at: datetime,
    rulebook: Rulebook,
) -> None:
    facts = ActFacts(
        at=local(at), actor_name=asked_by[0], actor_title=asked_by[1], approver_name=approver, reason=reason
    )
    rules.decide(ACT, rulebook=rulebook, local_state=dossier.local_state, roles=roles, facts=facts).or_raise()


def _record(dossier: models.Dossier, kind: str, row: models.Correction, *, by: str, at: datetime) -> None:
    # Which field, never what stood or stands in it: entries are personal data.
    log.record(
        stream="dossier",
        subject=dossier.code,
        kind=kind,
        at=at,
        by=by,
        content={
            "field": row.field,
            "correction": row.pk,
            "state": dossier.state,
            "local_state": dossier.local_state,
        },
    )
