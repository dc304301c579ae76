"""What stands on an official form of a dossier, taken from its rows at the moment the form is issued."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from motcua.dossiers import clock, models
from motcua.forms import content
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from motcua.organisations.models import Unit
from motcua.organisations.types import StaffRef

_COMMUNE_WORDS = ("UBND ", "Xã ", "Phường ", "Đặc khu ", "Thị trấn ")


@dataclass(frozen=True, slots=True)
class Making:
    """What a form is filled from."""

    dossier: models.Dossier
    staff: StaffRef
    at: datetime
    shared: Mapping[str, Any]


def office_of(unit: Unit) -> content.Office:
    """Return the desk of a unit as official papers head it."""
    if unit.kind == "commune":
        place = unit.name
        for word in _COMMUNE_WORDS:
            place = place.removeprefix(word)
        parent = unit.name if unit.name.startswith("UBND") else f"UBND {unit.name[0].lower()}{unit.name[1:]}"
        name, abbreviation = "Trung tâm Phục vụ hành chính công", "TTPVHCC"
    else:
        parent, place = unit.name, unit.parent.name if unit.parent else unit.name
        place = place.split(" (")[0].removeprefix("Tỉnh ").removeprefix("Thành phố ")
        name, abbreviation = "Bộ phận Tiếp nhận và Trả kết quả", "BPTNTKQ"
    return content.Office(
        parent_name=parent, name=name, abbreviation=abbreviation, place=place, phone=unit.phone, address=unit.address
    )


def head(dossier: models.Dossier) -> content.DossierHead:
    """Return what every form says about the dossier."""
    owner = dossier.owner
    person = content.Person(name=owner.name, address=owner.address, phone=owner.phone, email=owner.email)
    return content.DossierHead(
        code=dossier.code, procedure_name=dossier.procedure.name, owner=person, sets=dossier.copies
    )


def _written(dossier: models.Dossier, acts: set[str]) -> Mapping[str, Any]:
    """Return what was written with the last of these acts."""
    note = dossier.notes.filter(act__in=acts).order_by("-event").first()
    return note.content if note else {}


def _official(making: Making) -> content.Official:
    return content.Official(name=making.staff.name, title=making.staff.job_title)


def _submitter(dossier: models.Dossier) -> str:
    return dossier.submitter.name if dossier.submitter else dossier.owner.name


def _moment(value: datetime | None) -> datetime:
    """Return a moment that the form's condition has made sure of, as the wall clock shows it."""
    if value is None:
        raise UserError("Hồ sơ chưa được tiếp nhận nên chưa lập được phiếu này.", remedy="Hãy tiếp nhận hồ sơ trước.")
    return local(value)


def _receipt(making: Making) -> content.IntakeReceipt:
    dossier = making.dossier
    components = [
        content.Component(
            name=one.component_name,
            originals=int(one.copy_kind == "original"),
            copies=int(one.copy_kind == "copy"),
            electronic=int(bool(one.sha256)),
        )
        for one in dossier.documents.filter(is_result=False, at__lte=_receipt_end(dossier)).order_by("pk")
    ]
    fees = sum(charge.amount_dong for charge in dossier.charges.all())
    return content.IntakeReceipt(
        **making.shared,
        components=tuple(components),
        limit_text=clock.limit_text(dossier),
        received_at=_moment(dossier.received_at),
        due_at=_moment(dossier.portal_due_at),
        return_place=dossier.get_return_form_display(),
        receiver=_official(making),
        submitter_name=_submitter(dossier),
        fee_text=f"{fees:,} đồng".replace(",", ".") if fees else "Không thu",
    )


def _receipt_end(dossier: models.Dossier) -> datetime:
    """Papers handed in later, as a supplement, do not stand on the receipt."""
    assert dossier.received_at is not None  # noqa: S101 - the condition of the form
    return dossier.received_at


def _supplement(making: Making) -> content.SupplementRequest:
    last = making.dossier.supplements.order_by("-number").select_related("requested_by").first()
    assert last is not None  # noqa: S101 - the condition of the form
    office = making.shared["office"]
    reasons = dict.fromkeys(str(item["reason"]) for item in last.items)
    return content.SupplementRequest(
        **making.shared,
        items=tuple(str(item["paper"]) for item in last.items),
        reason="; ".join(reason for reason in reasons if reason),
        contact_name=last.requested_by.name,
        contact_phone=office.phone,
        guide=content.Official(name=last.requested_by.name, title=last.requested_by.job_title),
    )


def _refusal(making: Making) -> content.Refusal:
    kept = _written(making.dossier, {"refuse_intake"})
    return content.Refusal(
        **making.shared,
        missing_papers=tuple(kept.get("missing_papers", ())),
        legal_basis=str(kept.get("legal_basis", "")),
        reason=str(kept.get("reason", "")),
        receiver=_official(making),
        submitter_name=_submitter(making.dossier),
    )


def _apology(making: Making) -> content.Apology:
    dossier = making.dossier
    letter = letter_without_extension(dossier)
    if letter is not None and letter.signed_by is not None:
        return content.Apology(
            **making.shared,
            agency_name=dossier.competent_unit.name,
            received_at=_moment(dossier.received_at),
            due_at=local(letter.late_since),
            new_due_at=local(letter.new_due_at),
            reason=letter.reason,
            signer=content.Official(name=letter.signed_by.name, title=letter.signed_by.job_title),
        )
    last = dossier.extensions.order_by("-pk").select_related("by").first()
    assert last is not None  # noqa: S101 - the condition of the form
    return content.Apology(
        **making.shared,
        agency_name=dossier.competent_unit.name,
        received_at=_moment(dossier.received_at),
        due_at=local(last.due_before),
        new_due_at=local(last.due_after),
        reason=last.reason,
        signer=content.Official(name=last.by.name, title=last.by.job_title),
    )


def letter_without_extension(dossier: models.Dossier) -> models.ApologyLetter | None:
    """Return the last signed letter of apology where no extension came with or after it."""
    letter = dossier.apologies.exclude(signed_at=None).select_related("signed_by").order_by("-signed_at").first()
    last = dossier.extensions.order_by("-pk").first()
    if letter is None or letter.signed_at is None or (last is not None and last.at >= letter.signed_at):
        return None
    return letter


def _stop(making: Making) -> content.StopNotice:
    dossier = making.dossier
    kept = _written(dossier, {"stop", "decline", "withdraw", "accept_withdrawal"})
    return content.StopNotice(
        **making.shared,
        agency_name=dossier.competent_unit.name,
        received_at=_moment(dossier.received_at),
        stopped_at=_moment(dossier.ended_at),
        reason=str(kept.get("reason", "")) or "Người nộp rút hồ sơ",
        legal_basis=str(kept.get("legal_basis", "")),
        signer=_official(making),
        returned_papers=tuple(
            dossier.documents.filter(is_result=False).order_by("pk").values_list("component_name", flat=True)
        ),
    )


def _slip(making: Making) -> content.ControlSlip:
    dossier = making.dossier
    steps = list(dossier.steps.filter(opinion=None).order_by("entered_at", "pk").select_related("unit", "staff"))
    handovers = [
        content.Handover(
            agencies=f"1. Giao: {giver.unit.name}\n2. Nhận: {taker.unit.name}",
            at=local(taker.entered_at),
            giver=giver.staff.name if giver.staff else "",
            taker=taker.staff.name if taker.staff else "",
            outcome=_outcome_of(giver),
            note=taker.name,
        )
        for giver, taker in pairwise(steps)
    ]
    asked = dict.fromkeys(dossier.opinions.order_by("pk").values_list("unit__name", flat=True))
    asked |= dict.fromkeys(dossier.legs.order_by("pk").values_list("competent_unit__name", flat=True))
    return content.ControlSlip(
        **making.shared,
        agency_name=dossier.competent_unit.name,
        received_at=_moment(dossier.received_at),
        due_at=_moment(dossier.due_at),
        handovers=tuple(handovers),
        cooperating_agencies="; ".join(asked),
    )


def _outcome_of(step: models.StepRun) -> str:
    if step.due_at is None or step.left_at is None:
        return ""
    if local_day(step.left_at) < local_day(step.due_at):
        return "Trước hạn"
    return "Đúng hạn" if step.left_at <= step.due_at else "Quá hạn"


def line(row: models.Dossier) -> content.RegisterLine:
    """Return the dossier as one line of the register."""
    forwarded = next((step.entered_at for step in row.steps.all() if step.name == "Chuyển xử lý"), None)
    return content.RegisterLine(
        dossier=head(row),
        agency_name=row.competent_unit.name,
        received_at=_moment(row.received_at),
        due_at=_moment(row.due_at),
        forwarded_at=local(forwarded) if forwarded else None,
        resolved_at=local(row.resolved_at) if row.resolved_at else None,
        returned_at=local(row.returned_at) if row.returned_at else None,
        return_place=row.get_return_form_display(),
        note=_NOTES.get(row.state, ""),
    )


_NOTES = {3: "Từ chối tiếp nhận", 8: "Dừng xử lý"}


FILL: Mapping[str, Callable[[Making], content.Content]] = {
    "intake_receipt": _receipt,
    "supplement_request": _supplement,
    "refusal": _refusal,
    "apology": _apology,
    "stop_notice": _stop,
    "control_slip": _slip,
}
"""Form -> how it is filled."""
