"""Writes of the dossiers: take one in, carry out an act, correct an entry. Each is one transaction ending in events."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.catalogue import queries as catalogue
from motcua.catalogue.types import ProcedureDetail
from motcua.dossiers import access, apologies, clock, codes, effects, law, models, steps, targets, telling
from motcua.dossiers.types import ApplicantData, Given, Intake, Outcome, Paper
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.text import fold
from motcua.kernel.time import local, local_day
from motcua.organisations.types import StaffRef
from motcua.workflow import rules
from motcua.workflow.demands import ActFacts
from motcua.workflow.rulebook import Act, Rulebook

EVENT_KINDS: Mapping[str, str] = {
    "submit": "DossierSubmitted",
    "receive": "DossierReceived",
    "refuse_intake": "IntakeRefused",
    "forward": "DossierForwarded",
    "take": "DossierTaken",
    "assign": "DossierAssigned",
    "request_supplement": "SupplementRequested",
    "receive_supplement": "SupplementReceived",
    "pause": "DossierPaused",
    "resume": "DossierResumed",
    "request_opinion": "OpinionRequested",
    "give_opinion": "OpinionGiven",
    "refer": "DossierReferred",
    "receive_linked_result": "LinkedResultReceived",
    "request_payment": "PaymentRequested",
    "record_fee": "FeeRecorded",
    "complete_step": "StepCompleted",
    "return_to_step": "StepReturned",
    "submit_for_signature": "SignatureRequested",
    "approve": "ResultApproved",
    "send_back": "DossierSentBack",
    "extend": "DossierExtended",
    "stop": "DossierStopped",
    "decline": "DossierDeclined",
    "withdraw": "WithdrawalRequested",
    "accept_withdrawal": "DossierWithdrawn",
    "resolve": "DossierResolved",
    "hand_over": "ResultHandedOver",
    "correct": "EntryCorrected",
}


_WRITTEN = (
    "reason", "legal_basis", "missing_papers", "evidence", "apology", "question", "opinion", "receipt", "draft",
    "result", "recipient_name", "handed_over_by", "supervisor",
)  # fmt: skip

PERFORMABLE = frozenset(effects.EFFECTS)
"""Acts that ``perform`` carries out; the others have actions of their own."""


@transaction.atomic
def receive(intake: Intake, *, staff: StaffRef, at: datetime, rulebook: Rulebook, supervisor: str = "") -> Outcome:
    """Take a dossier in at the desk (tiếp nhận): check it is complete, allot its code, promise its due moment.

    Raises:
        UserError: the procedure is not in force, the unit does not handle it, a component is missing, the person may
            not take dossiers in.
    """
    day = local_day(at)
    desk = _desk(staff)
    detail = procedure_in_force(intake, on=at)
    missing = missing_components(detail, intake)
    promise = clock.promise(
        detail, case_code=intake.case_code, channel=intake.channel, unit_code=intake.competent_unit, received_at=at
    )
    facts = ActFacts(
        at=local(at),
        actor_name=staff.name,
        actor_title=staff.job_title,
        supervisor_name=supervisor,
        is_complete=not missing,
        due_at=local(promise.due_at),
    )
    decision = rules.decide(
        "receive", rulebook=rulebook, local_state=None, roles=frozenset(role.value for role in staff.roles), facts=facts
    )
    if missing and isinstance(decision, rules.Refused):
        raise UserError(
            f"Hồ sơ còn thiếu: {'; '.join(missing)}.",
            remedy="Hãy nhận đủ giấy tờ, hoặc lập phiếu yêu cầu bổ sung một lần, đầy đủ.",
        )
    allowed = decision.or_raise()
    workflow = catalogue.workflow_for(
        intake.procedure_code,
        case_code=intake.case_code,
        on=day,
        variant=law.workflow_variant(intake.competent_unit),
    )
    owner = applicant(intake.owner)
    submitter = applicant(intake.submitter) if intake.submitter else None
    dossier = models.Dossier(
        code=intake.external_code or codes.allot(unit_code=desk, on=day),
        procedure_id=detail.code,
        version_id=detail.version_id,
        workflow=workflow,
        case_code=intake.case_code,
        channel=intake.channel.value,
        receiving_unit_id=desk,
        competent_unit_id=intake.competent_unit,
        support_unit_id=intake.support_unit,
        current_unit_id=desk,
        assignee_id=staff.code,
        owner=owner,
        submitter=submitter,
        subject=intake.subject or detail.name,
        state=allowed.state.value,
        local_state=allowed.local_state,
        submitted_at=intake.submitted_at or at,
        received_at=at,
        due_at=promise.due_at,
        portal_due_at=promise.portal_due_at,
        deadline_rule=promise.rule,
        calendar_version=promise.calendar,
        return_form=intake.return_form,
        tracking_secret=secrets.token_urlsafe(12),
        was_submitted_on_behalf=intake.was_submitted_on_behalf,
        search_key="",
    )
    dossier.search_key = search_key(dossier, procedure_name=detail.name)
    dossier.save(force_insert=True)
    for unit in {desk, intake.competent_unit, intake.support_unit} - {None}:
        effects.take_part(dossier, str(unit))
    effects.add_papers(dossier, intake.papers, staff_code=staff.code, at=at)
    store_fees(dossier, detail)
    steps.begin(dossier, at=at)
    models.Draft.objects.filter(staff_id=staff.code, procedure_id=detail.code).delete()
    record(
        dossier,
        "receive",
        by=staff.code,
        at=at,
        content=received_content(dossier, detail, papers=intake.papers),
    )
    return outcome(dossier, form=allowed.act.form, marks=())


@transaction.atomic
def perform(
    act: str, *, code: str, staff: StaffRef, at: datetime, version_number: int, given: Given, rulebook: Rulebook
) -> Outcome:
    """Carry out one act of ``law/workflow`` on a dossier.

    ``version_number`` is what the person's page showed: if somebody was quicker, nothing happens and they are told.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        StaleError: somebody else has acted since.
        UserError: the law or the person's role does not allow it, with the reason.
    """
    dossier = access.locked(code=code, staff=staff, on=local_day(at), version_number=version_number)
    if act == "hand_over" and dossier.parent_id is not None:
        raise UserError(
            "Đây là nhánh liên thông: kết quả giao cho cơ quan đã chuyển, không trả thẳng cho người nộp.",
            remedy=f"Cơ quan giữ hồ sơ {dossier.parent_id} sẽ «Nhận kết quả liên thông».",
        )
    allowed = rules.decide(
        act,
        rulebook=rulebook,
        local_state=dossier.local_state,
        roles=access.roles_on(dossier, staff),
        facts=facts_of(dossier, rulebook.acts[act], staff=staff, at=at, given=given),
    ).or_raise()
    targets.check(dossier, given, at=at)
    if act != "extend":
        apologies.draft(dossier, now=at)
    due_before = dossier.due_at
    dossier.local_state, dossier.state = allowed.local_state, allowed.state.value
    deed = effects.Deed(dossier, staff, at, given)
    content = {**effects.EFFECTS[act](deed), **telling.of_act(act, dossier, given)}
    if act in effects.MOVING_THE_CLOCK:
        clock.refresh(dossier, at=at)
        steps.refresh(dossier, at=at)
    dossier.version_number += 1
    dossier.save()
    marks = tuple(sorted(mark.value for mark in allowed.marks))
    position = record(
        dossier, act, by=staff.code, at=at, content={**content, "marks": list(marks)} if marks else content
    )
    keep_note(dossier, act, position=position, given=given)
    if act == "extend" and due_before is not None:
        apologies.answered_by_extension(dossier, due_before=due_before, staff=staff, at=at)
    return outcome(dossier, form=allowed.act.form, marks=marks)


def missing_components(detail: ProcedureDetail, intake: Intake) -> list[str]:
    """Return the required components of the case that were not handed in."""
    return missing_among(detail, case_code=intake.case_code, names=[paper.component_name for paper in intake.papers])


def missing_among(detail: ProcedureDetail, *, case_code: str, names: Iterable[str]) -> list[str]:
    """Return the required components of the case that have none of these names."""
    have = {fold(name) for name in names}
    return [one.name for one in detail.components_of(case_code) if one.is_required and fold(one.name) not in have]


def received_content(dossier: models.Dossier, detail: ProcedureDetail, *, papers: Iterable[Paper]) -> dict[str, Any]:
    """Return what the event of receipt says, the same whichever way the dossier came."""
    given = tuple(papers)
    return {
        "procedure": dossier.procedure_id,
        "unit": dossier.competent_unit_id,
        "desk": dossier.receiving_unit_id,
        "channel": dossier.channel,
        "submitted_at": dossier.submitted_at.isoformat() if dossier.submitted_at else None,
        "due_at": dossier.due_at.isoformat() if dossier.due_at else None,
        "rule": dossier.deadline_rule,
        "calendar": dossier.calendar_version,
        "requires_result": detail.requires_result,
        "has_component_file": any(paper.sha256 for paper in given),
        "has_reused_component": any(paper.reused_from for paper in given),
        "fee_dong": sum(charge.amount_dong for charge in dossier.charges.all()),
        "owner_key": telling.owner_key(dossier.owner),
    }


@transaction.atomic
def save_draft(*, staff: StaffRef, procedure_code: str, content: Mapping[str, Any], at: datetime) -> None:
    """Keep what was typed at intake, so that a closed browser loses nothing."""
    models.Draft.objects.update_or_create(
        staff_id=staff.code, procedure_id=procedure_code, defaults={"content": dict(content), "saved_at": at}
    )


def facts_of(dossier: models.Dossier, act: Act, *, staff: StaffRef, at: datetime, given: Given) -> ActFacts:
    """Return what the act comes with and what is already true of the dossier.

    Only what the act's own demands ask about is read from the tables: most acts ask about nothing.
    """
    unpaid = dossier.charges.filter(paid_at=None) if "fees_settled" in act.demands else dossier.charges.none()
    passed = dossier.steps.exclude(left_at=None) if "earlier_step" in act.demands else dossier.steps.none()
    opinions = (
        dossier.opinions.filter(answered_at=None, withdrawn_at=None) if act.stays_while == "open_opinions" else None
    )
    referrals = dossier.legs.filter(returned_at=None) if act.stays_while == "open_referrals" else None
    return ActFacts(
        at=local(at),
        actor_name=staff.name,
        actor_title=staff.job_title,
        supervisor_name=given.supervisor,
        is_complete=True,
        due_at=local(dossier.due_at) if dossier.due_at else None,
        new_due_at=local(given.new_due_at) if given.new_due_at else None,
        missing_papers=given.missing_papers,
        papers=tuple(paper.component_name for paper in given.papers),
        reason=given.reason,
        legal_basis=given.legal_basis,
        pause_ground=given.pause_ground,
        apology=given.apology,
        approver_name=given.approver,
        assignee=given.assignee,
        receiving_unit=given.unit,
        question=given.question,
        opinion=given.opinion,
        amount=given.amount,
        receipt=given.receipt,
        outstanding_fees=sum(unpaid.values_list("amount_dong", flat=True)),
        step=given.step,
        passed_steps=tuple(passed.values_list("name", flat=True)),
        draft=given.draft,
        result=given.result,
        recipient_name=given.recipient_name,
        handed_over_by=given.handed_over_by,
        supplement_requests=dossier.supplement_count,
        extensions=dossier.extension_count,
        open_opinions=opinions.count() if opinions is not None else 0,
        open_referrals=referrals.count() if referrals is not None else 0,
    )


def _desk(staff: StaffRef) -> str:
    """Return the unit at whose desk the person takes dossiers in."""
    for grant in staff.grants:
        if grant.role.value in {"clerk", "postal_clerk"}:
            return grant.unit_code
    return staff.unit_code


def procedure_in_force(intake: Intake, *, on: datetime) -> ProcedureDetail:
    """Return the procedure as it is in force at the moment, handled by the competent unit.

    Raises:
        UserError: it is not in force, or the unit does not handle it.
    """
    day = local_day(on)
    detail = catalogue.in_force(intake.procedure_code, on=day)
    if detail is None:
        raise UserError(
            f"TTHC {intake.procedure_code} không có hiệu lực ngày {day:%d/%m/%Y}.",
            remedy="Hãy chọn TTHC đang công khai trong danh mục.",
        )
    if intake.competent_unit not in catalogue.units_handling(detail.code, on=day):
        raise UserError(
            f"Đơn vị {intake.competent_unit} không được giao giải quyết TTHC {detail.code}.",
            remedy="Hãy chọn đơn vị có thẩm quyền trong danh sách.",
        )
    return detail


def applicant(data: ApplicantData) -> models.Applicant:
    """Store who owns or hands in a dossier.

    Raises:
        UserError: the name is missing.
    """
    if not data.name.strip():
        raise UserError("Thiếu họ tên chủ hồ sơ.", remedy="Hãy nhập họ tên cá nhân hoặc tên tổ chức.")
    return models.Applicant.objects.create(
        kind=data.kind,
        name=data.name.strip(),
        identity_number=data.identity_number,
        phone=data.phone,
        email=data.email,
        address=data.address,
    )


def store_fees(dossier: models.Dossier, detail: ProcedureDetail) -> None:
    """Store the fee that the procedure names for this channel and case."""
    term = detail.term(channel=clock.channel_of(dossier), case_code=dossier.case_code)
    if term is not None and term.fee_dong:
        models.Charge.objects.create(
            dossier=dossier, name="Phí, lệ phí theo quy định", kind="charge", amount_dong=term.fee_dong
        )


def search_key(dossier: models.Dossier, *, procedure_name: str) -> str:
    """Return what a search finds the dossier by, folded."""
    parts = (dossier.code, dossier.owner.name, dossier.owner.phone, procedure_name)
    return f" {' '.join(fold(part) for part in parts)} "


def record(dossier: models.Dossier, act: str, *, by: str, at: datetime, content: Mapping[str, Any]) -> int:
    """Append the act's event: what it says and the state it left the dossier in; return its position."""
    return log.record(
        stream="dossier",
        subject=dossier.code,
        kind=EVENT_KINDS[act],
        at=at,
        by=by,
        content=telling.with_clock(content, dossier),
    )


def keep_note(dossier: models.Dossier, act: str, *, position: int, given: Given) -> None:
    """Keep what the person wrote with the act beside its event, which carries no free text."""
    written = {name: getattr(given, name) for name in _WRITTEN if getattr(given, name)}
    if written:
        models.ActNote.objects.create(dossier=dossier, event=position, act=act, content=written)


def outcome(dossier: models.Dossier, *, form: str | None, marks: tuple[str, ...]) -> Outcome:
    """Return what the act led to."""
    return Outcome(
        dossier.code, dossier.state, dossier.local_state, dossier.version_number, dossier.due_at, form, marks
    )
