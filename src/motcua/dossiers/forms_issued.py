"""Phiếu đã lập: official forms filled from a dossier, numbered once, printed again exactly as they were."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

import msgspec
from django.db import connection, transaction

from motcua.dossiers import access, forms_filled, models
from motcua.dossiers.types import ISSUE_KINDS, Issue
from motcua.eventlog import log
from motcua.forms import content
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from motcua.organisations.models import Unit
from motcua.organisations.types import StaffRef


def open_forms(dossier: models.Dossier) -> list[str]:
    """Return the forms that can be issued now and have not been for this occasion, in the order of a dossier's life."""
    made = set(dossier.forms.values_list("form", "content__occasion"))
    return [
        form
        for form, can in _POSSIBLE.items()
        if can(dossier) and (form, _OCCASION.get(form, _once)(dossier)) not in made
    ]


def issued(dossier: models.Dossier) -> list[Issue]:
    """Return what was issued for a dossier the caller may read, oldest first."""
    rows = dossier.forms.order_by("pk").select_related("by")
    return [_issue(row) for row in rows]


@transaction.atomic
def issue(form: str, *, code: str, staff: StaffRef, at: datetime, tracking_url: str, verify_base: str) -> Issue:
    """Issue a form once for each occasion: give it the next number of the office and keep what stands on it.

    Asked again for the same occasion (the same supplement request, the same state of the control slip) it returns
    what was issued then. ``tracking_url`` goes into the QR of papers for the applicant; ``verify_base`` into that of
    papers that stay in the office.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        UserError: there is nothing yet to fill the form with.
    """
    visible = access.readable(code=code, staff=staff, on=local_day(at))
    dossier = models.Dossier.objects.select_for_update(of=("self",)).get(pk=visible.pk)
    if form not in forms_filled.FILL or not _POSSIBLE[form](dossier):
        raise UserError("Hồ sơ chưa đến lúc lập phiếu này.", remedy="Hãy thực hiện việc tương ứng trước.")
    occasion = _OCCASION.get(form, _once)(dossier)
    earlier = dossier.forms.filter(form=form, content__occasion=occasion).select_related("by").first()
    if earlier is not None:
        return _issue(earlier)
    number = _allot(unit_code=dossier.receiving_unit_id, form=form, on=local_day(at))
    for_applicant = ISSUE_KINDS[form].is_for_applicant
    verify_url = tracking_url if for_applicant else f"{verify_base}{ISSUE_KINDS[form].slug}-{number}/"
    shared = {
        "office": forms_filled.office_of(dossier.receiving_unit),
        "issued_on": local_day(at),
        "serial": number,
        "verify_url": verify_url,
        "dossier": forms_filled.head(dossier),
    }
    filled = forms_filled.FILL[form](forms_filled.Making(dossier, staff, at, shared))
    row = models.FormIssue.objects.create(
        dossier=dossier,
        form=form,
        number=number,
        at=at,
        by_id=staff.code,
        content={"occasion": occasion, "filled": msgspec.to_builtins(filled)},
    )
    log.record(
        stream="dossier",
        subject=dossier.code,
        kind="FormIssued",
        at=at,
        by=staff.code,
        content={"form": form, "number": number, "state": dossier.state, "local_state": dossier.local_state},
    )
    return _issue(row)


def content_of(*, code: str, number: int, form: str, staff: StaffRef, on: date) -> content.Content:
    """Return what stands on an issued form of a dossier in scope, for printing it again.

    Raises:
        NotVisibleError: the dossier or the form does not exist, or is another's.
    """
    dossier = access.readable(code=code, staff=staff, on=on)
    row = dossier.forms.filter(form=form, number=number).first()
    if row is None:
        raise access.NotVisibleError(code)
    return msgspec.convert(row.content["filled"], type=_TYPES[form])


def genuine(*, code: str, form: str, number: int) -> Issue | None:
    """Return the form if it was issued by this desk, for anybody who holds it; it says nothing of the applicant."""
    row = (
        models.FormIssue.objects.filter(dossier_id=code.strip().upper(), form=form, number=number)
        .select_related("by")
        .first()
    )
    return _issue(row) if row else None


def apology_draft(*, code: str, staff: StaffRef, at: datetime, new_due_at: datetime, reason: str) -> content.Apology:
    """Return a letter of apology for a dossier that is late, not numbered and not signed, to be worked on.

    Raises:
        NotVisibleError: the dossier does not exist or is another's.
        UserError: the new moment is not after the one promised.
    """
    dossier = access.readable(code=code, staff=staff, on=local_day(at))
    if dossier.received_at is None or dossier.due_at is None or new_due_at <= dossier.due_at:
        raise UserError("Ngày hẹn mới phải sau ngày hẹn trả hiện tại.", remedy="Hãy chọn ngày, giờ muộn hơn.")
    return content.Apology(
        office=forms_filled.office_of(dossier.receiving_unit),
        issued_on=local_day(at),
        dossier=forms_filled.head(dossier),
        agency_name=dossier.competent_unit.name,
        received_at=local(dossier.received_at),
        due_at=local(dossier.due_at),
        new_due_at=local(new_due_at),
        reason=reason,
        signer=content.Official(name="", title=""),
    )


def register(*, unit_code: str, staff: StaffRef, at: datetime, first: date, last: date, limit: int) -> content.Register:
    """Return the register (sổ theo dõi hồ sơ) of a desk: what it received on these days, oldest first.

    Only dossiers in the person's scope stand in it.

    Raises:
        UserError: the days are in the wrong order, or hold more than ``limit`` dossiers.
    """
    if last < first:
        raise UserError("Ngày cuối của sổ trước ngày đầu.", remedy="Hãy chọn lại khoảng ngày.")
    rows = (
        access.visible(staff, on=local_day(at))
        .filter(receiving_unit=unit_code, parent=None, received_at__date__gte=first, received_at__date__lte=last)
        .select_related("owner", "procedure", "competent_unit")
        .prefetch_related("steps")
        .order_by("received_at", "code")[: limit + 1]
    )
    found = list(rows)
    if len(found) > limit:
        raise UserError(
            f"Khoảng ngày này có hơn {limit} hồ sơ.", remedy="Hãy chọn khoảng ngày ngắn hơn, hoặc tải XLSX."
        )
    unit = Unit.objects.get(code=unit_code)
    return content.Register(
        office=forms_filled.office_of(unit),
        issued_on=local_day(at),
        book=f"{first:%Y}",
        first_day=first,
        last_day=last,
        lines=tuple(forms_filled.line(row) for row in found),
    )


def _allot(*, unit_code: str, form: str, on: date) -> int:
    """Return the next number of this form in the office this year; gapless, as the numbers of dossiers are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dossiers_codesequence AS s (unit_code, day, pattern, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (unit_code, day, pattern) DO UPDATE SET last = s.last + 1 RETURNING last",
            [unit_code, on.replace(month=1, day=1), f"form:{form}"],
        )
        (number,) = cursor.fetchone()
    return int(number)


def _issue(row: models.FormIssue) -> Issue:
    return Issue(
        row.dossier_id,
        row.form,
        row.number,
        row.at,
        row.by.name,
        row.by.job_title,
        str(row.content["filled"]["office"]["parent_name"]),
    )


def _of_apology(dossier: models.Dossier) -> str:
    letter = forms_filled.letter_without_extension(dossier)
    return f"letter-{letter.pk}" if letter is not None else f"extension-{dossier.extension_count}"


def _once(_: models.Dossier) -> str:
    return "once"


_TYPES: Mapping[str, type[content.Content]] = {name: kind for kind, name in content.FORMS.items()}
_POSSIBLE: Mapping[str, Callable[[models.Dossier], bool]] = {
    "intake_receipt": lambda dossier: dossier.received_at is not None and dossier.parent_id is None,
    "supplement_request": lambda dossier: dossier.supplement_count > 0,
    "refusal": lambda dossier: dossier.local_state == "refused",
    "apology": lambda dossier: (
        dossier.extension_count > 0 or forms_filled.letter_without_extension(dossier) is not None
    ),
    "stop_notice": lambda dossier: dossier.state == 8 and dossier.received_at is not None,
    "control_slip": lambda dossier: dossier.received_at is not None,
}
_OCCASION: Mapping[str, Callable[[models.Dossier], str]] = {
    "supplement_request": lambda dossier: f"supplement-{dossier.supplement_count}",
    "apology": _of_apology,
    "control_slip": lambda dossier: f"step-{dossier.steps.count()}",
}
"""What makes a further copy a new paper: a new request, a new extension, a further hand-over."""
