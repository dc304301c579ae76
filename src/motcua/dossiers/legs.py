"""Liên thông: a part of a dossier that another agency must settle, as a sub-dossier with a clock of its own."""

import secrets
from datetime import datetime

from django.db import transaction

from motcua.dossiers import access, actions, clock, effects, models
from motcua.dossiers.types import Given, Outcome
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import queries as organisations
from motcua.organisations.types import StaffRef
from motcua.workflow import rules
from motcua.workflow.rulebook import Rulebook


@transaction.atomic
def refer(
    *, code: str, staff: StaffRef, at: datetime, version_number: int, given: Given, rulebook: Rulebook
) -> Outcome:
    """Send a part of the dossier to another unit (chuyển liên thông), due at ``given.new_due_at``.

    The unit gets a dossier of its own, with copies of the papers and not with the whole of the first one; its clock
    is agreed here and runs beside the first, which goes on.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        StaleError: somebody else has acted since.
        UserError: no unit, no question or no due moment named, the unit does not exist, the law does not allow it.
    """
    dossier = access.locked(code=code, staff=staff, on=local_day(at), version_number=version_number)
    allowed = rules.decide(
        "refer",
        rulebook=rulebook,
        local_state=dossier.local_state,
        roles=access.roles_on(dossier, staff),
        facts=actions.facts_of(dossier, rulebook.acts["refer"], staff=staff, at=at, given=given),
    ).or_raise()
    due_at = given.new_due_at or dossier.due_at
    _check(dossier, unit_code=given.unit, due_at=due_at, at=at)
    leg = _opened(dossier, given=given, staff=staff, at=at, due_at=due_at)
    dossier.local_state, dossier.state = allowed.local_state, allowed.state.value
    effects.enter_step(effects.Deed(dossier, staff, at, given), name="Chờ liên thông")
    clock.refresh(dossier, at=at)
    dossier.version_number += 1
    dossier.save()
    content = {"leg": leg.code, "unit": given.unit, "due_at": leg.due_at.isoformat() if leg.due_at else None}
    position = actions.record(dossier, "refer", by=staff.code, at=at, content=content)
    actions.keep_note(dossier, "refer", position=position, given=given)
    return actions.outcome(dossier, form=allowed.act.form, marks=())


@transaction.atomic
def receive_result(
    *, code: str, staff: StaffRef, at: datetime, version_number: int, given: Given, rulebook: Rulebook
) -> Outcome:
    """Take in what the other unit answered for ``given.leg``; the dossier goes on when no leg is open any more.

    A leg that nobody has taken up may be closed with a result that came on paper; one that is being handled may not.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        StaleError: somebody else has acted since.
        UserError: the leg is not of this dossier or is still being handled, no result named, not allowed by the law.
    """
    dossier = access.locked(code=code, staff=staff, on=local_day(at), version_number=version_number)
    allowed = rules.decide(
        "receive_linked_result",
        rulebook=rulebook,
        local_state=dossier.local_state,
        roles=access.roles_on(dossier, staff),
        facts=actions.facts_of(dossier, rulebook.acts["receive_linked_result"], staff=staff, at=at, given=given),
    ).or_raise()
    waiting = dossier.legs.select_for_update().filter(returned_at=None).order_by("code")
    leg = waiting.filter(code=given.leg).first() if given.leg else waiting.first()
    if leg is None:
        raise UserError(
            "Không có nhánh liên thông này đang chờ kết quả.",
            remedy="Hãy tải lại trang rồi chọn nhánh trong danh sách.",
        )
    if leg.ended_at is None and leg.local_state != "forwarded":
        raise UserError(
            f"Nhánh {leg.code} đang được {leg.current_unit.name} xử lý, chưa có kết quả.",
            remedy="Hãy chờ cơ quan đó phát hành kết quả, hoặc liên hệ để biết tiến độ.",
        )
    _close(leg, staff=staff, at=at)
    results = leg.documents.filter(is_result=True)
    models.Document.objects.bulk_create(
        _copy(one, dossier, at=at, staff_code=staff.code, reused_from=None) for one in results
    )
    dossier.local_state, dossier.state = allowed.local_state, allowed.state.value
    effects.enter_step(effects.Deed(dossier, staff, at, given), name="Nhận kết quả liên thông")
    dossier.version_number += 1
    dossier.save()
    position = actions.record(dossier, "receive_linked_result", by=staff.code, at=at, content={"leg": leg.code})
    actions.keep_note(dossier, "receive_linked_result", position=position, given=given)
    return actions.outcome(dossier, form=allowed.act.form, marks=())


def _check(dossier: models.Dossier, *, unit_code: str, due_at: datetime | None, at: datetime) -> None:
    if dossier.parent_id is not None:
        raise UserError(
            "Nhánh liên thông không chuyển liên thông tiếp.", remedy=f"Hãy chuyển từ hồ sơ gốc {dossier.parent_id}."
        )
    if unit_code == dossier.current_unit_id or organisations.unit(unit_code) is None:
        raise UserError("Phải chọn một cơ quan khác để liên thông.", remedy="Hãy chọn cơ quan trong danh sách.")
    if due_at is None or due_at <= at:
        raise UserError(
            "Nhánh liên thông phải có hạn trả lời sau thời điểm chuyển.", remedy="Hãy ghi hạn trả lời cho cơ quan nhận."
        )


def _opened(
    dossier: models.Dossier, *, given: Given, staff: StaffRef, at: datetime, due_at: datetime | None
) -> models.Dossier:
    leg = models.Dossier(
        code=f"{dossier.code}-LT{dossier.legs.count() + 1}",
        parent=dossier,
        procedure_id=dossier.procedure_id,
        version_id=dossier.version_id,
        case_code=dossier.case_code,
        channel=dossier.channel,
        receiving_unit_id=dossier.current_unit_id,
        competent_unit_id=given.unit,
        current_unit_id=given.unit,
        owner=dossier.owner,
        subject=given.question,
        state=4,
        local_state="forwarded",
        submitted_at=at,
        received_at=at,
        due_at=due_at,
        portal_due_at=due_at,
        deadline_rule=dossier.deadline_rule,
        calendar_version=dossier.calendar_version,
        tracking_secret=secrets.token_urlsafe(12),
        search_key="",
    )
    leg.search_key = actions.search_key(leg, procedure_name=dossier.procedure.name)
    leg.save(force_insert=True)
    for unit in (dossier.current_unit_id, given.unit):
        effects.take_part(leg, unit)
    models.Document.objects.bulk_create(
        _copy(one, leg, at=at, staff_code=staff.code, reused_from=one.pk)
        for one in dossier.documents.filter(is_result=False)
    )
    models.StepRun.objects.create(
        dossier=leg, order=0, name="Liên thông đến", unit_id=given.unit, entered_at=at, due_at=due_at
    )
    log.record(
        stream="dossier",
        subject=leg.code,
        kind="LegOpened",
        at=at,
        by=staff.code,
        content={
            "parent": dossier.code,
            "unit": given.unit,
            "due_at": due_at.isoformat() if due_at else None,
            "state": leg.state,
            "local_state": leg.local_state,
        },
    )
    return leg


def _close(leg: models.Dossier, *, staff: StaffRef, at: datetime) -> None:
    """End a leg whose result the first dossier now has."""
    if leg.ended_at is None:
        leg.ended_at = leg.resolved_at = at
        leg.steps.filter(left_at=None).update(left_at=at)
    if leg.resolved_at is not None:
        leg.local_state, leg.state = "handed_over", 10
    leg.returned_at = at
    leg.version_number += 1
    leg.save()
    actions.record(leg, "hand_over", by=staff.code, at=at, content={"form": "linked"})


def _copy(
    one: models.Document, to: models.Dossier, *, at: datetime, staff_code: str, reused_from: int | None
) -> models.Document:
    return models.Document(
        dossier=to,
        component_name=one.component_name,
        is_result=False,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        copy_kind=one.copy_kind,
        reused_from_id=reused_from,
        at=at,
        by_id=staff_code,
    )
