"""Intake at the counter: choose the procedure, tick and scan its papers, receive; a draft is kept while typing."""

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.catalogue import queries as catalogue
from motcua.catalogue.types import CHANNEL_NAMES, Channel, Component, ProcedureDetail
from motcua.dossiers import actions, law, models, queries
from motcua.dossiers.types import ApplicantData, Intake, Paper
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from motcua.organisations import queries as organisations
from motcua.web import uploads
from motcua.web.middleware import StaffRequest
from motcua.web.officer import papers
from motcua.web.officer.frame import for_staff, frame

COPY_KINDS = {"original": "Bản chính", "copy": "Bản sao", "electronic": "Bản điện tử"}
"""As what a paper is handed in; the receipt counts each kind in a column of its own (Mẫu số 01, Thông tư 03/2025)."""


class IntakeForm(forms.Form):
    """What the clerk types; the papers are ticked and scanned beside it."""

    name = forms.CharField(label="Họ tên chủ hồ sơ (hoặc tên tổ chức)")
    kind = forms.ChoiceField(
        label="Đối tượng",
        choices=[("person", "Cá nhân"), ("business", "Doanh nghiệp"), ("agency", "Cơ quan"), ("other", "Tổ chức khác")],
    )
    identity_number = forms.CharField(label="Số định danh / mã số thuế", required=False)
    phone = forms.CharField(label="Điện thoại", required=False)
    email = forms.EmailField(label="Thư điện tử", required=False)
    address = forms.CharField(label="Địa chỉ", required=False)
    submitter = forms.CharField(label="Người nộp thay (nếu có)", required=False)
    case_code = forms.ChoiceField(label="Trường hợp", required=False)
    competent_unit = forms.ChoiceField(label="Cơ quan giải quyết")
    channel = forms.TypedChoiceField(
        label="Hình thức nộp",
        coerce=int,
        choices=[(one.value, CHANNEL_NAMES[one]) for one in (Channel.DIRECT, Channel.POSTAL)],
    )
    return_form = forms.ChoiceField(
        label="Nhận kết quả",
        choices=[("counter", "Tại Bộ phận Một cửa"), ("postal", "Bưu chính công ích"), ("online", "Trực tuyến")],
    )
    supervisor = forms.CharField(label="Người giám sát (khi nhân viên bưu chính tiếp nhận)", required=False)

    def __init__(self, *args: object, detail: ProcedureDetail, units: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})  # type: ignore[arg-type]  # passed through to Django as given
        self.fields["case_code"].choices = [("", "Chung"), *detail.cases]  # type: ignore[attr-defined]
        self.fields["competent_unit"].choices = units  # type: ignore[attr-defined]


@for_staff
@require_GET
def choose(request: StaffRequest) -> HttpResponse:
    """Find the procedure to take a dossier in for; a fragment when asked by the search box."""
    text = request.GET.get("q", "")
    # Before anything is typed: what people come for here. A search goes over the whole catalogue.
    unit = request.staff.unit_code if request.staff and not text.strip() else None
    found = catalogue.search(text, limit=30, unit_code=request.GET.get("don_vi") or unit, on=local_day(request.now))
    drafts = models.Draft.objects.filter(staff_id=request.staff.code if request.staff else "").select_related(
        "procedure"
    )
    context = {"query_text": text, "found": found, "drafts": drafts}
    if request.headers.get("HX-Request"):
        return render(request, "officer/choose_found.html", context)
    return render(request, "officer/choose.html", {**context, **frame(request, None)})


@for_staff
@require_http_methods(["GET", "POST"])
def receive(request: StaffRequest, procedure: str) -> HttpResponse:
    """Take a dossier in, or show again what was typed with the reason why not."""
    assert request.staff is not None  # noqa: S101 - for_staff has made sure
    today = local_day(request.now)
    detail = catalogue.in_force(procedure, on=today)
    if detail is None:
        raise Http404
    handling = catalogue.units_handling(procedure, on=today)
    names = {unit.code: unit.name for unit in organisations.units(on=today)}
    own = request.staff.unit_code
    units = [(code, names.get(code, code)) for code in sorted(handling, key=lambda code: code != own)]
    draft = models.Draft.objects.filter(staff_id=request.staff.code, procedure_id=procedure).first()
    form = IntakeForm(request.POST or None, initial=draft.content if draft else None, detail=detail, units=units)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            outcome = actions.receive(
                _intake(request, form, detail),
                staff=request.staff,
                at=request.now,
                rulebook=law.rulebook(on=today),
                supervisor=form.cleaned_data["supervisor"],
            )
        except UserError as fault:
            error = str(fault)
        else:
            messages.success(request, f"Đã tiếp nhận hồ sơ {outcome.code}.", extra_tags="good")
            papers.issue(request, code=outcome.code, form="intake_receipt")
            return redirect(f"{reverse('officer:dossier', args=[outcome.code])}?xong=tiep-nhan")
    number = form["identity_number"].value() or ""
    context = {
        "detail": detail,
        "form": form,
        "error": error,
        "components": [(one, _kind(request, one, index)) for index, one in enumerate(detail.components)],
        "copy_kinds": COPY_KINDS,
        "ticked": set(request.POST.getlist("giay_to")),
        "draft": draft,
        "earlier": queries.earlier_papers(identity_number=str(number), staff=request.staff, now=request.now)[:20],
        **frame(request, None),
    }
    return render(request, "officer/receive.html", context, status=422 if request.method == "POST" else 200)


@for_staff
@require_POST
def keep_draft(request: StaffRequest, procedure: str) -> HttpResponse:
    """Keep what has been typed so far."""
    assert request.staff is not None  # noqa: S101 - for_staff has made sure
    typed = {name: value for name, value in request.POST.items() if name in IntakeForm.base_fields}
    actions.save_draft(staff=request.staff, procedure_code=procedure, content=typed, at=request.now)
    return HttpResponse(f"Đã lưu nháp lúc {local(request.now):%H:%M}.")


def _intake(request: StaffRequest, form: IntakeForm, detail: ProcedureDetail) -> Intake:
    typed = form.cleaned_data
    papers = [_paper(request, one, index) for index, one in enumerate(detail.components)]
    owner = ApplicantData(
        name=typed["name"],
        kind=typed["kind"],
        identity_number=typed["identity_number"],
        phone=typed["phone"],
        email=typed["email"],
        address=typed["address"],
    )
    return Intake(
        procedure_code=detail.code,
        channel=Channel(typed["channel"]),
        competent_unit=typed["competent_unit"],
        owner=owner,
        submitter=ApplicantData(name=typed["submitter"]) if typed["submitter"] else None,
        case_code=typed["case_code"],
        papers=tuple(paper for paper in papers if paper is not None),
        return_form=typed["return_form"],
        was_submitted_on_behalf=bool(typed["submitter"]),
    )


def _kind(request: StaffRequest, component: Component, index: int) -> str:
    """Return as what the paper was handed in: as the clerk says, else as the procedure asks for it."""
    given = request.POST.get(f"loai_{index}", "")
    return given if given in COPY_KINDS else "original" if component.originals else "copy"


def _paper(request: StaffRequest, component: Component, index: int) -> Paper | None:
    name = component.name
    reused = request.POST.get(f"dung_lai_{index}", "")
    if reused.isdigit():
        allowed = (
            queries.earlier_papers(
                identity_number=request.POST.get("identity_number", ""), staff=request.staff, now=request.now
            )
            .filter(pk=int(reused))
            .first()
        )
        if allowed is not None:
            return Paper(
                component_name=name,
                copy_kind="electronic",
                file_name=allowed.name,
                media_type=allowed.media_type,
                size=allowed.size,
                sha256=allowed.sha256,
                reused_from=allowed.pk,
            )
    scanned = request.FILES.get(f"tep_{index}")
    if isinstance(scanned, UploadedFile):
        return replace(uploads.stored(scanned, component_name=name), copy_kind=_kind(request, component, index))
    if name not in request.POST.getlist("giay_to"):
        return None
    return Paper(component_name=name, copy_kind=_kind(request, component, index))
