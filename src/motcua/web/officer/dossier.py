"""One dossier: what may be done to it now, its clock with reasons, its papers, what happened."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from motcua.dossiers import access, actions, clock, corrections, forms_issued, law, legs, models, online
from motcua.dossiers.types import ISSUE_KINDS, Given, Outcome
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations.types import StaffRef
from motcua.web.middleware import StaffRequest
from motcua.web.officer import page, papers
from motcua.web.officer.act_forms import ActForm
from motcua.web.officer.frame import acting, for_staff, frame
from motcua.workflow.rulebook import Rulebook


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show one dossier with what this person may do to it."""
    row = access.readable(code=code, staff=request.staff, on=local_day(request.now))
    return dossier_page(request, row)


@for_staff
@require_POST
def act(request: StaffRequest, code: str, act: str) -> HttpResponse:
    """Carry out one act; when it is refused the page comes back with the reason and what was typed."""
    staff = acting(request)
    row = access.readable(code=code, staff=staff, on=local_day(request.now))
    rulebook = law.rulebook(on=local_day(request.now))
    if act not in rulebook.acts:
        return dossier_page(request, row, error="Không có việc này trong quy định.", status=422)
    form = page.act_form(rulebook.acts[act], row, staff, now=request.now, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return dossier_page(request, row, error="Hãy kiểm tra lại nội dung đã nhập.", bound=form, status=422)
    shown = request.POST.get("phien_ban", "")
    try:
        outcome = _do(act, row, form.given(), staff=staff, request=request, rulebook=rulebook,
                      version_number=int(shown) if shown.isdigit() else 0)  # fmt: skip
    except UserError as error:
        fresh = access.readable(code=code, staff=staff, on=local_day(request.now))
        is_stale = isinstance(error, access.StaleError)
        return dossier_page(request, fresh, error=str(error), bound=form, status=409 if is_stale else 422)
    messages.success(request, f"{rulebook.acts[act].name_vi}: đã ghi nhận.", extra_tags="good")
    if "repeated_supplement" in outcome.marks:
        messages.warning(
            request,
            "Đây là lần yêu cầu bổ sung thứ hai trở đi: Cổng DVCQG tính hồ sơ này là quá hạn.",
            extra_tags="bad",
        )
    if outcome.form in ISSUE_KINDS and outcome.form != "control_slip":
        papers.issue(request, code=code, form=str(outcome.form))
    return redirect(f"{reverse('officer:dossier', args=[code])}?xong={act}")


@for_staff
@require_POST
def ask_correction(request: StaffRequest, code: str) -> HttpResponse:
    """Ask that an entry be corrected."""
    row = access.readable(code=code, staff=request.staff, on=local_day(request.now))
    shown = request.POST.get("phien_ban", "")
    try:
        corrections.request(
            code=code,
            field=request.POST.get("muc", ""),
            after=request.POST.get("noi_dung_dung", ""),
            reason=request.POST.get("ly_do", ""),
            staff=acting(request),
            at=request.now,
            version_number=int(shown) if shown.isdigit() else 0,
            rulebook=law.rulebook(on=local_day(request.now)),
        )
    except UserError as error:
        return dossier_page(request, row, error=str(error), status=409 if isinstance(error, access.StaleError) else 422)
    messages.success(request, "Đã gửi đề nghị đính chính, chờ người khác duyệt.", extra_tags="good")
    return redirect(f"{reverse('officer:dossier', args=[code])}?xong=dinh-chinh")


@for_staff
@require_POST
def decide_correction(request: StaffRequest, code: str, correction: int) -> HttpResponse:
    """Approve or turn down a correction that somebody else asked for."""
    row = access.readable(code=code, staff=request.staff, on=local_day(request.now))
    shown = request.POST.get("phien_ban", "")
    version_number = int(shown) if shown.isdigit() else 0
    try:
        if request.POST.get("duyet") == "1":
            corrections.approve(
                code=code, correction=correction, staff=acting(request), at=request.now,
                version_number=version_number, rulebook=law.rulebook(on=local_day(request.now)),
            )  # fmt: skip
            messages.success(request, "Đã duyệt và đính chính.", extra_tags="good")
        else:
            corrections.turn_down(
                code=code, correction=correction, staff=acting(request), at=request.now, version_number=version_number
            )
            messages.success(request, "Đã từ chối đề nghị đính chính.", extra_tags="good")
    except UserError as error:
        return dossier_page(request, row, error=str(error), status=409 if isinstance(error, access.StaleError) else 422)
    return redirect("officer:dossier", code=code)


@for_staff
@require_GET
def file(request: StaffRequest, code: str, document: int) -> FileResponse:
    """Give a stored file of a dossier in scope."""
    row = access.readable(code=code, staff=request.staff, on=local_day(request.now))
    stored = row.documents.filter(pk=document).exclude(sha256="").first()
    if stored is None:
        raise access.NotVisibleError(code)
    return FileResponse(page.stored_path(stored.sha256).open("rb"), as_attachment=True, filename=stored.name)


def dossier_page(
    request: StaffRequest, row: models.Dossier, *, error: str = "", bound: ActForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page of a dossier, with what was typed where an act was refused."""
    staff = acting(request)
    shown = page.dossier(row, staff, now=request.now, bound=bound)
    context: dict[str, Any] = {
        **shown,
        "kept": page.typed_without_form(bound, shown["acts"]),
        **clock.shown(row, now=request.now),
        "issues": forms_issued.issued(row),
        "open_forms": [(form, ISSUE_KINDS[form].name_vi) for form in forms_issued.open_forms(row)],
        "error": error,
        "opened": bound.act.code if bound is not None else "",
        "typed": request.POST,
        "done": request.GET.get("xong", "") if request.method == "GET" else "",
        **frame(request, None),
    }
    if online.waits_at_desk(row) and row.submitted_at is not None:
        last = row.supplements.exclude(completed_at=None).order_by("-completed_at").first()
        answer = online.answer_clock(
            submitted_at=row.submitted_at, supplemented_at=last.completed_at if last else None, now=request.now
        )
        context["answer"] = answer
        context["answer_left"] = "" if row.paused_since else clock.remaining_text(answer.due_at, now=request.now)
    return render(request, "officer/dossier.html", context, status=status)


def _do(
    act: str,
    row: models.Dossier,
    given: Given,
    *,
    staff: StaffRef,
    request: StaffRequest,
    rulebook: Rulebook,
    version_number: int,
) -> Outcome:
    common: dict[str, Any] = {
        "code": row.code,
        "staff": staff,
        "at": request.now,
        "version_number": version_number,
        "rulebook": rulebook,
    }
    if act == "receive":
        return online.receive(supervisor=given.supervisor, **common)
    if act == "refer":
        return legs.refer(given=given, **common)
    if act == "receive_linked_result":
        return legs.receive_result(given=given, **common)
    if act not in actions.PERFORMABLE:
        raise UserError("Việc này không thực hiện ở đây.", remedy="Hãy dùng mục tương ứng trên trang hồ sơ.")
    return actions.perform(act, given=given, **common)
