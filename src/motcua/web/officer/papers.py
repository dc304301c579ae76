"""Official forms on paper and as files: issued once, printed again, the register of a desk."""

from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from motcua.dossiers import access, forms_issued, law
from motcua.dossiers.types import ISSUE_KINDS, Issue
from motcua.forms import content, formlaw, layout, pdf, word, workbook
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, local_day
from motcua.organisations import queries as organisations
from motcua.organisations.types import ROLES_SEEING_NO_DOSSIER
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, for_staff, frame

_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REGISTER_ROWS = {"pdf": 2_000, "xlsx": 50_000}


@for_staff
@require_POST
def make(request: StaffRequest, code: str, form: str) -> HttpResponse:
    """Issue a form, or find the one issued for this occasion already."""
    if form not in ISSUE_KINDS:
        raise Http404
    issue(request, code=code, form=form)
    return redirect("officer:dossier", code=code)


def issue(request: StaffRequest, *, code: str, form: str) -> Issue:
    """Issue a form and tell where to print it."""
    row = access.readable(code=code, staff=request.staff, on=local_day(request.now))
    made = forms_issued.issue(
        form,
        code=code,
        staff=acting(request),
        at=request.now,
        tracking_url=request.build_absolute_uri(reverse("track_by_link", args=[code, row.tracking_secret])),
        verify_base=request.build_absolute_uri(reverse("verify_base", args=[code])),
    )
    address = reverse("officer:form", args=[code, made.form, made.number, "pdf"])
    messages.info(request, format_html('{}, số {}: <a href="{}">in bản PDF</a>', made.name_vi, made.number, address))
    return made


@for_staff
@require_GET
def form(request: StaffRequest, code: str, form: str, number: int, kind: str) -> HttpResponse:
    """Print an issued form of a dossier in scope, the same each time, as PDF or DOCX."""
    if form not in ISSUE_KINDS:
        raise Http404
    filled = forms_issued.content_of(
        code=code, number=number, form=form, staff=acting(request), on=local_day(request.now)
    )
    return _printed(filled, kind, name=f"{code}-{ISSUE_KINDS[form].slug}-{number}")


@for_staff
@require_GET
def apology_draft(request: StaffRequest, code: str) -> HttpResponse:
    """Draft a letter of apology for a late dossier, to be edited and signed."""
    try:
        until = datetime.fromisoformat(request.GET.get("hen", "")).replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise UserError("Chưa ghi ngày, giờ hẹn lại.", remedy="Hãy chọn ngày, giờ hẹn lại rồi soạn thư.") from error
    filled = forms_issued.apology_draft(
        code=code, staff=acting(request), at=request.now, new_due_at=until, reason=request.GET.get("ly_do", "").strip()
    )
    return _printed(filled, "docx", name=f"{code}-du-thao-xin-loi")


@for_staff
@require_GET
def register(request: StaffRequest) -> HttpResponse:
    """Show the register of a desk for some days, or give it as PDF or XLSX."""
    staff, today = acting(request), local_day(request.now)
    desks = _desks(request)
    unit = request.GET.get("don_vi", staff.unit_code)
    first = _day(request.GET.get("tu", ""), today.replace(day=1))
    last = _day(request.GET.get("den", ""), today)
    error, book = "", None
    wanted = request.GET.get("tai", "")
    if unit not in dict(desks):
        unit = next(iter(dict(desks)), "")
    if unit:
        try:
            book = forms_issued.register(
                unit_code=unit, staff=staff, at=request.now, first=first, last=last,
                limit=_REGISTER_ROWS.get(wanted, 200),
            )  # fmt: skip
        except UserError as fault:
            error = str(fault)
    if book is not None and wanted in _REGISTER_ROWS:
        return _printed(book, wanted, name=f"so-theo-doi-{unit}-{first:%Y%m%d}-{last:%Y%m%d}")
    context = {"desks": desks, "unit": unit, "first": first, "last": last, "book": book, "error": error}
    return render(
        request, "officer/register.html", {**context, **frame(request, None)}, status=422 if error and wanted else 200
    )


def _desks(request: StaffRequest) -> list[tuple[str, str]]:
    """Return the units whose registers the person may open."""
    names = {unit.code: unit.name for unit in organisations.units(on=local_day(request.now))}
    codes = dict.fromkeys(
        grant.unit_code for grant in acting(request).grants if grant.role not in ROLES_SEEING_NO_DOSSIER
    )
    return [(code, names.get(code, code)) for code in codes]


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _printed(filled: content.Content, kind: str, *, name: str) -> HttpResponse:
    form_law = formlaw.form_on(law.book().root, filled)
    if kind == "xlsx" and isinstance(filled, content.Register):
        made, media_type = workbook.register_xlsx(filled, form_law), _XLSX
    elif kind == "docx":
        made, media_type = word.docx_bytes(layout.compose(filled, form_law)), _DOCX
    elif kind == "pdf":
        made, media_type = pdf.typesetter(pdf.font_folder()).pdf(layout.compose(filled, form_law)), _PDF
    else:
        raise Http404
    response = HttpResponse(made, content_type=media_type)
    place = "inline" if kind == "pdf" else "attachment"
    response["Content-Disposition"] = f'{place}; filename="{name}.{kind}"'
    return response
