"""Operations on official forms: which were issued, issue one, fetch its PDF."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from motcua.api import schemas
from motcua.api.answering import FAULTS, DossierCode, Number, Word, content, router
from motcua.api.security import Bearer, actor
from motcua.api.tokens import ApiScope
from motcua.dossiers import access, forms_issued, law
from motcua.forms import formlaw, layout, pdf
from motcua.kernel.time import local_day
from motcua.web.middleware import StaffRequest

_READ, _WRITE = Bearer(ApiScope.READ_DOSSIERS), Bearer(ApiScope.WRITE_DOSSIERS)


@router.get(
    "/dossiers/{code}/forms",
    response={200: schemas.Forms, **FAULTS},
    auth=_READ,
    tags=["Phiếu"],
)
def list_forms(request: StaffRequest, code: DossierCode) -> Any:
    """Phiếu đã lập và phiếu có thể lập lúc này."""
    row = access.readable(code=code, staff=actor(request), on=local_day(request.now))
    return {"issued": forms_issued.issued(row), "open": forms_issued.open_forms(row)}


@router.post(
    "/dossiers/{code}/forms/{form}",
    response={200: schemas.Issue, **FAULTS},
    auth=_WRITE,
    tags=["Phiếu"],
)
def issue_form(request: StaffRequest, code: DossierCode, form: Word) -> Any:
    """Lập một phiếu: mỗi lần việc một số; gọi lại thì nhận đúng phiếu đã lập."""
    row = access.readable(code=code, staff=actor(request), on=local_day(request.now))
    tracking = reverse("track_by_link", args=[code, row.tracking_secret])
    return forms_issued.issue(
        form,
        code=code,
        staff=actor(request),
        at=request.now,
        tracking_url=request.build_absolute_uri(tracking),
        verify_base=request.build_absolute_uri(reverse("verify_base", args=[code])),
    )


@router.get(
    "/dossiers/{code}/forms/{form}/{number}/content",
    response={200: None, **FAULTS},
    auth=_READ,
    tags=["Phiếu"],
    openapi_extra=content("application/pdf"),
)
def fetch_form(request: StaffRequest, code: DossierCode, form: Word, number: Number) -> Any:
    """Bản PDF của một phiếu đã lập, đúng như lúc lập."""
    filled = forms_issued.content_of(
        code=code, number=number, form=form, staff=actor(request), on=local_day(request.now)
    )
    page = layout.compose(filled, formlaw.form_on(law.book().root, filled))
    return HttpResponse(pdf.typesetter(pdf.font_folder()).pdf(page), content_type="application/pdf")
