"""What each act of ``law/workflow`` changes in the tables. Whether it may happen was decided before (``workflow``)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.dossiers import beside, models, steps
from motcua.dossiers.types import Given, Paper
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations.types import StaffRef
from motcua.workflow.definitions import Step


@dataclass(frozen=True, slots=True)
class Deed:
    """One act about to be carried out: on what, by whom, when, with what."""

    dossier: models.Dossier
    staff: StaffRef
    at: datetime
    given: Given


Content = dict[str, Any]
"""What the event says of the act: codes, moments, amounts; no names and no free text, which may hold personal data."""

SUPPLEMENT_GROUND = "supplement"
PAYMENT_GROUND = "financial_duty"


def _forward(deed: Deed) -> Content:
    unit = deed.given.unit
    take_part(deed.dossier, unit)
    step = steps.following(deed.dossier)
    if step is not None and (_is_at_desk(deed) or _is_elsewhere(deed, step)):
        steps.go_on(deed.dossier, step, at=deed.at, unit_code=unit, chosen=deed.given.assignee, by=deed.staff.code)
        return {"unit": unit, "step": step.order, **beside.told(deed.dossier)}
    deed.dossier.current_unit_id = unit
    deed.dossier.assignee_id = deed.given.assignee or None
    if not steps.hand_to(deed.dossier, at=deed.at):
        enter_step(deed, name="Chuyển xử lý")
    return {"unit": unit}


def _is_at_desk(deed: Deed) -> bool:
    """Tell whether the dossier is still in the step of its receipt."""
    definition = steps.definition_of(deed.dossier)
    step = definition.step(deed.dossier.step_order) if definition is not None else None
    return step is None or step.role in steps.DESK_ROLES


def _is_elsewhere(deed: Deed, step: Step) -> bool:
    """Tell whether forwarding there is what the workflow has next; any other unit is a re-routing of this step."""
    unit = steps.unit_of(deed.dossier, step, on=local_day(deed.at))
    return unit == deed.given.unit != deed.dossier.current_unit_id


def _take(deed: Deed) -> Content:
    deed.dossier.assignee_id = deed.staff.code
    if not steps.hand_to(deed.dossier, at=deed.at):
        enter_step(deed, name="Thụ lý")
    return {"assignee": deed.staff.code}


def _assign(deed: Deed) -> Content:
    deed.dossier.assignee_id = deed.given.assignee
    if not steps.hand_to(deed.dossier, at=deed.at):
        enter_step(deed, name="Thụ lý")
    return {"assignee": deed.given.assignee}


def _request_supplement(deed: Deed) -> Content:
    number = deed.dossier.supplement_count + 1
    deed.dossier.supplement_count = number
    deed.dossier.paused_since = deed.at
    models.Supplement.objects.create(
        dossier=deed.dossier,
        number=number,
        requested_at=deed.at,
        requested_by_id=deed.staff.code,
        items=[{"paper": paper, "reason": deed.given.reason} for paper in deed.given.missing_papers],
        legal_basis=deed.given.legal_basis,
        reply_by=deed.given.reply_by,
    )
    return {"number": number, "papers": len(deed.given.missing_papers)}


def _receive_supplement(deed: Deed) -> Content:
    deed.dossier.supplements.filter(completed_at=None).update(completed_at=deed.at)
    deed.dossier.paused_since = None
    add_papers(deed.dossier, deed.given.papers, staff_code=deed.staff.code, at=deed.at)
    return {
        "number": deed.dossier.supplement_count,
        "papers": len(deed.given.papers),
        "has_component_file": any(paper.sha256 for paper in deed.given.papers),
    }


def _pause(deed: Deed) -> Content:
    models.Pause.objects.create(
        dossier=deed.dossier,
        ground=deed.given.pause_ground,
        legal_basis=deed.given.legal_basis,
        evidence=deed.given.evidence,
        began_at=deed.at,
        by_id=deed.staff.code,
    )
    deed.dossier.paused_since = deed.at
    return {"ground": deed.given.pause_ground}


def _resume(deed: Deed) -> Content:
    deed.dossier.pauses.filter(ended_at=None).update(ended_at=deed.at)
    deed.dossier.paused_since = None
    return {}


def _request_opinion(deed: Deed) -> Content:
    models.Opinion.objects.create(
        dossier=deed.dossier,
        unit_id=deed.given.unit,
        question=deed.given.question,
        asked_at=deed.at,
        asked_by_id=deed.staff.code,
        due_at=deed.given.new_due_at,
    )
    take_part(deed.dossier, deed.given.unit)
    return {"unit": deed.given.unit}


def _give_opinion(deed: Deed) -> Content:
    return beside.answer(deed.dossier, deed.staff, opinion=deed.given.opinion, at=deed.at)


def _request_payment(deed: Deed) -> Content:
    models.Charge.objects.create(
        dossier=deed.dossier,
        name=deed.given.fee_name or "Nghĩa vụ tài chính",
        kind="fee",
        amount_dong=deed.given.amount,
    )
    models.Pause.objects.create(
        dossier=deed.dossier,
        ground=PAYMENT_GROUND,
        legal_basis="Chờ người nộp thực hiện nghĩa vụ tài chính",
        began_at=deed.at,
        by_id=deed.staff.code,
    )
    deed.dossier.paused_since = deed.at
    return {"amount": deed.given.amount}


def _record_fee(deed: Deed) -> Content:
    charge = deed.dossier.charges.filter(paid_at=None, amount_dong=deed.given.amount).order_by("pk").first()
    if charge is None:
        charge = models.Charge(
            dossier=deed.dossier, name=deed.given.fee_name or "Phí, lệ phí", kind="fee", amount_dong=deed.given.amount
        )
    charge.paid_at, charge.place, charge.receipt_number = deed.at, deed.given.payment_place, deed.given.receipt
    charge.save()
    if deed.dossier.pauses.filter(ground=PAYMENT_GROUND, ended_at=None).update(ended_at=deed.at):
        deed.dossier.paused_since = None
    return {"amount": deed.given.amount, "place": deed.given.payment_place}


def _complete_step(deed: Deed) -> Content:
    if steps.definition_of(deed.dossier) is not None:
        beside.require_joined(deed.dossier)
        step = steps.following(deed.dossier)
        if step is None:
            raise UserError(
                "Đây là bước cuối của quy trình nội bộ.", remedy="Hãy trình ký hoặc phát hành kết quả theo thẩm quyền."
            )
        return _go_on(deed, step)
    deed.dossier.step_order += 1
    deed.dossier.assignee_id = deed.given.assignee or deed.dossier.assignee_id
    if deed.given.unit:
        deed.dossier.current_unit_id = deed.given.unit
        take_part(deed.dossier, deed.given.unit)
    enter_step(deed, name=deed.given.step or f"Bước {deed.dossier.step_order + 1}")
    return {"step": deed.dossier.step_order}


def _go_on(deed: Deed, step: Step) -> Content:
    unit = deed.given.unit or steps.unit_of(deed.dossier, step, on=local_day(deed.at))
    take_part(deed.dossier, unit)
    steps.go_on(deed.dossier, step, at=deed.at, unit_code=unit, chosen=deed.given.assignee, by=deed.staff.code)
    return {"step": step.order, "unit": unit, **beside.told(deed.dossier)}


def _submit_for_signature(deed: Deed) -> Content:
    """Go to whoever signs next, where the workflow says who."""
    beside.require_joined(deed.dossier)
    return _skip_to(deed, lambda step: step.role in steps.SIGNING_ROLES)


def _approve(deed: Deed) -> Content:
    """Go to what follows the signature (issuing), where the workflow has it."""
    return _skip_to(deed, lambda step: step.role not in steps.SIGNING_ROLES)


def _skip_to(deed: Deed, is_wanted: Callable[[Step], bool]) -> Content:
    definition = steps.definition_of(deed.dossier)
    step = steps.following(deed.dossier)
    while definition is not None and step is not None and not is_wanted(step):
        step = definition.after(step.order)
    return _go_on(deed, step) if step is not None else {}


def _return_to_step(deed: Deed) -> Content:
    before = deed.dossier.steps.filter(name=deed.given.step, opinion=None).order_by("-entered_at").first()
    if before is not None:
        deed.dossier.current_unit_id, deed.dossier.assignee_id = before.unit_id, before.staff_id
        deed.dossier.step_order = before.order
    definition = steps.definition_of(deed.dossier)
    again = definition.step(deed.dossier.step_order) if definition is not None else None
    if again is not None and deed.dossier.current_unit_id is not None:
        steps.go_on(
            deed.dossier,
            again,
            at=deed.at,
            unit_code=deed.dossier.current_unit_id,
            chosen=deed.dossier.assignee_id or "",
            by=deed.staff.code,
        )
        return {"step": again.order}
    enter_step(deed, name=deed.given.step)
    return {"step": deed.dossier.step_order}


def _send_back(deed: Deed) -> Content:
    if deed.dossier.local_state == "received":  # back at the desk that took it in
        deed.dossier.current_unit_id, deed.dossier.assignee_id = deed.dossier.receiving_unit_id, None
    _step_before(deed)
    enter_step(deed, name="Trả lại")
    return {"unit": deed.dossier.current_unit_id}


def _step_before(deed: Deed) -> None:
    """Take the dossier back to the workflow's step it came from, to whoever did it, so that it is done again."""
    if steps.definition_of(deed.dossier) is None:
        return
    earlier = deed.dossier.steps.exclude(left_at=None).filter(opinion=None, order__lt=deed.dossier.step_order)
    before = earlier.order_by("-entered_at", "-pk").first()
    if before is not None:
        deed.dossier.step_order = before.order
        if deed.dossier.local_state != "received":
            deed.dossier.current_unit_id, deed.dossier.assignee_id = before.unit_id, before.staff_id


def _extend(deed: Deed) -> Content:
    before, after = deed.dossier.due_at, deed.given.new_due_at
    assert before is not None  # noqa: S101 - the demand «later_due» has made sure of both
    assert after is not None  # noqa: S101
    models.Extension.objects.create(
        dossier=deed.dossier,
        due_before=before,
        due_after=after,
        reason=deed.given.reason,
        at=deed.at,
        by_id=deed.staff.code,
    )
    deed.dossier.extension_count += 1
    deed.dossier.due_at = after
    return {"due_before": before.isoformat(), "due_after": after.isoformat()}


def _end(deed: Deed) -> Content:
    deed.dossier.ended_at = deed.at
    deed.dossier.pauses.filter(ended_at=None).update(ended_at=deed.at)
    deed.dossier.supplements.filter(completed_at=None).update(completed_at=deed.at)
    deed.dossier.paused_since = None
    _leave_step(deed)
    return {}


def _resolve(deed: Deed) -> Content:
    content = _end(deed)
    deed.dossier.resolved_at = deed.at
    deed.dossier.current_unit_id, deed.dossier.assignee_id = deed.dossier.receiving_unit_id, None
    add_results(deed.dossier, deed.given.papers, staff_code=deed.staff.code, at=deed.at)
    return {**content, "has_file": any(paper.sha256 for paper in deed.given.papers)}


def _hand_over(deed: Deed) -> Content:
    deed.dossier.returned_at = deed.at
    return {"form": deed.given.handed_over_by}


def _nothing_more(_: Deed) -> Content:
    return {}


EFFECTS: Mapping[str, Callable[[Deed], Content]] = {
    "forward": _forward,
    "take": _take,
    "assign": _assign,
    "request_supplement": _request_supplement,
    "receive_supplement": _receive_supplement,
    "pause": _pause,
    "resume": _resume,
    "request_opinion": _request_opinion,
    "give_opinion": _give_opinion,
    "request_payment": _request_payment,
    "record_fee": _record_fee,
    "complete_step": _complete_step,
    "return_to_step": _return_to_step,
    "submit_for_signature": _submit_for_signature,
    "approve": _approve,
    "send_back": _send_back,
    "extend": _extend,
    "refuse_intake": _end,
    "stop": _end,
    "decline": _end,
    "withdraw": _nothing_more,
    "accept_withdrawal": _end,
    "resolve": _resolve,
    "hand_over": _hand_over,
}
"""Act code of the law file -> what it changes. A test holds the two lists equal."""


MOVING_THE_CLOCK = frozenset(
    {"request_supplement", "receive_supplement", "pause", "resume", "request_payment", "record_fee"}
)
"""Acts that begin or end a pause, and so move the due moment; no other act does, but for an extension."""


def take_part(dossier: models.Dossier, unit_code: str) -> None:
    """Let a unit see the dossier from now on."""
    models.Participation.objects.get_or_create(dossier=dossier, unit_id=unit_code)


def add_papers(
    dossier: models.Dossier,
    papers: tuple[Paper, ...],
    *,
    staff_code: str | None,
    at: datetime,
) -> None:
    """Store what was handed in; ``staff_code`` None where it came from outside."""
    models.Document.objects.bulk_create(_documents(dossier, papers, staff_code=staff_code, at=at))


def add_results(dossier: models.Dossier, papers: tuple[Paper, ...], *, staff_code: str, at: datetime) -> None:
    """Store the files of the result (kết quả)."""
    documents = list(_documents(dossier, papers, staff_code=staff_code, at=at))
    for document in documents:
        document.is_result = True
    models.Document.objects.bulk_create(documents)


def _documents(
    dossier: models.Dossier, papers: tuple[Paper, ...], *, staff_code: str | None, at: datetime
) -> Iterator[models.Document]:
    return (
        models.Document(
            dossier=dossier,
            component_name=paper.component_name,
            name=paper.file_name,
            media_type=paper.media_type,
            size=paper.size,
            sha256=paper.sha256,
            copy_kind=paper.copy_kind,
            reused_from_id=paper.reused_from,
            at=at,
            by_id=staff_code,
        )
        for paper in papers
    )


def enter_step(deed: Deed, *, name: str) -> None:
    """Leave the step the dossier is in and begin this one."""
    _leave_step(deed)
    models.StepRun.objects.create(
        dossier=deed.dossier,
        order=deed.dossier.step_order,
        name=name,
        unit_id=deed.dossier.current_unit_id,
        staff_id=deed.dossier.assignee_id,
        entered_at=deed.at,
    )


def _leave_step(deed: Deed) -> None:
    steps.leave(deed.dossier, at=deed.at, by=deed.staff.code)
