"""Ký và gửi thư xin lỗi: a head signs what was drafted; it goes out by e-mail, or is printed and marked as sent."""

from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction

from motcua.dossiers import access, actions, apologies, forms_issued, law, models
from motcua.dossiers.types import Given, Issue
from motcua.eventlog import log
from motcua.forms import content, formlaw, layout, pdf
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations.types import StaffRef
from motcua.workflow.rulebook import Rulebook

EMAIL, PAPER = "email", "paper"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed letter: the numbered form, and whether it went out by e-mail."""

    issue: Issue
    is_sent: bool


@transaction.atomic
def sign(
    *,
    letter: int,
    staff: StaffRef,
    at: datetime,
    reason: str,
    new_due_at: datetime,
    tracking_url: str,
    verify_base: str,
) -> Signed:
    """Sign a drafted letter: extend the dossier once where the law still allows it, number the form, send it.

    Where the dossier has been given its one extension already, or has ended, the letter apologises and names the day,
    and the due moment stays what it was: a late dossier stays late.

    Raises:
        NotVisibleError: there is no such letter for this person.
        UserError: it is signed already, the reason is missing, the new moment is not later, the role may not sign.
    """
    on = local_day(at)
    row = apologies.to_sign(staff, on=on).filter(pk=letter).select_for_update(of=("self",)).first()
    if row is None:
        raise UserError("Thư này đã được ký hoặc không thuộc phạm vi của bạn.", remedy="Hãy tải lại danh sách.")
    dossier = models.Dossier.objects.get(pk=row.dossier_id)
    rulebook = law.rulebook(on=on)
    if _may_extend(dossier, rulebook=rulebook):
        actions.perform(
            "extend",
            code=dossier.code,
            staff=staff,
            at=at,
            version_number=dossier.version_number,
            given=Given(reason=reason, new_due_at=new_due_at, apology="Thư xin lỗi"),
            rulebook=rulebook,
        )
        row.refresh_from_db()
    else:
        _sign_alone(row, dossier, staff=staff, at=at, reason=reason, new_due_at=new_due_at)
    issue = forms_issued.issue(
        "apology", code=dossier.code, staff=staff, at=at, tracking_url=tracking_url, verify_base=verify_base
    )
    row.form = models.FormIssue.objects.get(dossier=dossier, form=issue.form, number=issue.number)
    row.save(update_fields=["form"])
    return Signed(issue, _send(row, dossier, staff=staff, at=at))


@transaction.atomic
def mark_sent(*, letter: int, staff: StaffRef, at: datetime) -> None:
    """Note that a signed letter went to the applicant on paper.

    Raises:
        UserError: it is not signed, was sent already, or is out of the person's scope.
    """
    row = apologies.to_send(staff, on=local_day(at)).filter(pk=letter).select_for_update(of=("self",)).first()
    if row is None:
        raise UserError("Thư này đã gửi hoặc không thuộc phạm vi của bạn.", remedy="Hãy tải lại danh sách.")
    _sent(row, by=staff.code, way=PAPER, at=at)


def _may_extend(dossier: models.Dossier, *, rulebook: Rulebook) -> bool:
    act = rulebook.acts["extend"]
    return (
        dossier.ended_at is None
        and dossier.extension_count < rulebook.extensions.value
        and dossier.local_state in act.moves
    )


def _sign_alone(
    row: models.ApologyLetter,
    dossier: models.Dossier,
    *,
    staff: StaffRef,
    at: datetime,
    reason: str,
    new_due_at: datetime,
) -> None:
    if not access.roles_on(dossier, staff) & {role.value for role in apologies.SIGNING}:
        raise access.NotVisibleError(dossier.code)
    if not reason.strip():
        raise UserError("Phải nêu lý do.", remedy="Hãy ghi lý do hồ sơ trễ hẹn.")
    if dossier.ended_at is None and new_due_at <= at:
        raise UserError("Ngày hẹn mới phải sau lúc ký.", remedy="Hãy chọn ngày, giờ muộn hơn.")
    row.reason, row.signed_at, row.signed_by_id = reason.strip(), at, staff.code
    row.new_due_at = dossier.ended_at or new_due_at
    row.save(update_fields=["reason", "signed_at", "signed_by", "new_due_at"])


def _send(row: models.ApologyLetter, dossier: models.Dossier, *, staff: StaffRef, at: datetime) -> bool:
    """Send the letter where the applicant left an address; else it waits to be printed."""
    address, form = dossier.owner.email, row.form
    if not address or form is None:
        return False
    filled = forms_issued.content_of(
        code=dossier.code, number=form.number, form=form.form, staff=staff, on=local_day(at)
    )
    assert isinstance(filled, content.Apology)  # noqa: S101 - the form's own type
    made = pdf.typesetter(pdf.font_folder()).pdf(layout.compose(filled, formlaw.form_on(law.book().root, filled)))
    _sent(row, by=staff.code, way=EMAIL, at=at)
    letter = EmailMessage(
        f"Xin lỗi và hẹn lại ngày trả kết quả hồ sơ {dossier.code}",
        f"{filled.agency_name} xin lỗi Ông/Bà vì hồ sơ {dossier.code} chưa được giải quyết đúng hẹn.\n"
        "Lý do và ngày hẹn lại ghi trong văn bản gửi kèm.",
        to=[address],
    )
    letter.attach(f"{dossier.code}-xin-loi-{form.number}.pdf", made, "application/pdf")
    # Last, so that a letter that cannot be sent is not recorded as sent, and stays to be signed.
    letter.send()
    return True


def _sent(row: models.ApologyLetter, *, by: str, way: str, at: datetime) -> None:
    row.sent_at, row.sent_by = at, way
    row.save(update_fields=["sent_at", "sent_by"])
    dossier = models.Dossier.objects.get(pk=row.dossier_id)
    log.record(
        stream="dossier",
        subject=dossier.code,
        kind="ApologySent",
        at=at,
        by=by,
        content={"way": way, "state": dossier.state, "local_state": dossier.local_state},
    )
