"""Internal workflows: imports put to procedures, and one workflow with its picture, its sums and its versions."""

import hashlib

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.catalogue import models, workflow_imports
from motcua.dossiers import law
from motcua.dossiers.models import Dossier
from motcua.kernel.errors import UserError
from motcua.kernel.text import fold
from motcua.kernel.time import local_day
from motcua.web.admin.frame import KEEPERS, OF_CATALOGUE, by, carried_out, day_field, for_roles, only, shown, tell
from motcua.web.middleware import StaffRequest
from motcua.workflow import checks, definitions, picture, tables
from motcua.workflow.definitions import WorkflowDefinition

ROWS = 50


class ImportForm(forms.Form):
    """A table or file of workflows with the decision that approved them."""

    file = forms.FileField(label="Tệp (CSV mỗi bước một dòng, hoặc JSONL mỗi quy trình một dòng)")
    decision = forms.CharField(label="Quyết định phê duyệt", required=False)
    valid_from = day_field("Áp dụng từ ngày")


@for_roles(KEEPERS)
@require_http_methods(["GET", "POST"])
def listed(request: StaffRequest) -> HttpResponse:
    """Show the workflows in force; the office imports new ones here."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        only(request, OF_CATALOGUE)
        if form.is_valid():
            try:
                run = _imported(request, form)
            except UserError as fault:
                form.add_error(None, str(fault))
            else:
                return redirect("admin:workflow_import", number=run.pk)
    rows = models.Workflow.objects.filter(is_published=True).select_related("procedure")
    text = request.GET.get("q", "")
    for word in fold(text).split():
        rows = rows.filter(procedure__search_key__contains=word)
    page = Paginator(rows.order_by("procedure", "case_code", "variant", "-number"), ROWS).get_page(
        request.GET.get("trang")
    )
    imports = [(run, workflow_imports.report(run.pk)) for run in models.WorkflowImport.objects.order_by("-at")[:20]]
    context = {"page": page, "text": text, "form": form, "imports": imports}
    return shown(request, "workflows.html", "workflows", context, status=422 if request.method == "POST" else 200)


def _imported(request: StaffRequest, form: ImportForm) -> models.WorkflowImport:
    file = form.cleaned_data["file"]
    content, name = file.read(), str(file.name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UserError("Tệp không phải văn bản UTF-8.", remedy="Hãy lưu lại dạng UTF-8.", where=name) from fault
    read = tables.read_json_lines if text.lstrip()[:1] == "{" else tables.read_csv
    typed = form.cleaned_data
    found = read(text, name=name, decision=typed["decision"], effective_from=typed["valid_from"])
    return workflow_imports.propose(
        found,
        source=name,
        sha256=hashlib.sha256(content).hexdigest(),
        decision=typed["decision"],
        valid_from=typed["valid_from"],
        by=by(request),
        at=request.now,
    )


@for_roles(OF_CATALOGUE)
@require_GET
def imported(request: StaffRequest, number: int) -> HttpResponse:
    """Show an import: which workflow goes to which procedure, what does not add up, what could not be read."""
    run = _run(number)
    roles = frozenset(law.rulebook(on=local_day(request.now)).roles)
    rows = []
    for row in run.proposals.select_related("procedure").order_by("state", "pk"):
        workflow = definitions.from_data(row.definition)
        wrong = [str(one) for one in checks.mismatches([workflow])] + checks.faults(workflow, roles=roles)
        rows.append((row, workflow, wrong, workflow_imports.why_unmatched(row)))
    context = {"run": run, "report": workflow_imports.report(run.pk), "rows": rows}
    return shown(request, "workflow_import.html", "workflows", context)


@for_roles(OF_CATALOGUE)
@require_POST
def decide(request: StaffRequest, number: int) -> HttpResponse:
    """Put into force what is matched, or one workflow for a chosen procedure, or leave one out."""
    run, wanted = _run(number), request.POST.get("viec", "")
    back = f"/quan-ly/quy-trinh/dot-nhap/{run.pk}/"
    if wanted == "tat-ca":
        count = workflow_imports.approve_matched(run.pk, by=by(request), at=request.now)
        tell(request, f"Đã ban hành {count} quy trình.")
        return redirect(back)
    pk = request.POST.get("ma", "")
    if not pk.isdigit() or not run.proposals.filter(pk=int(pk)).exists():
        raise Http404
    code = request.POST.get("tthc_khac", "").strip() or request.POST.get("tthc", "")

    def act() -> None:
        if wanted == "bo":
            workflow_imports.refuse(proposal_id=int(pk), by=by(request), at=request.now)
        else:
            workflow_imports.approve(proposal_id=int(pk), procedure_code=code, by=by(request), at=request.now)

    return carried_out(request, act, done="Đã ghi nhận.", back=back)


@for_roles(KEEPERS)
@require_GET
def one(request: StaffRequest, number: int) -> HttpResponse:
    """Show a workflow: picture, whether its steps add up, its versions and how many open dossiers follow each."""
    row = models.Workflow.objects.filter(pk=number).select_related("procedure").first()
    if row is None:
        raise Http404
    workflow: WorkflowDefinition = definitions.from_data(row.definition)
    versions = models.Workflow.objects.filter(
        procedure=row.procedure, case_code=row.case_code, variant=row.variant
    ).order_by("-number")
    context = {
        "row": row,
        "workflow": workflow,
        # Made by our own code, which escapes every word of the workflow.
        "picture": mark_safe(picture.picture(workflow)),  # noqa: S308
        "sums": checks.sums([workflow]),
        "steps": workflow.steps,
        "role_names": {code: role.name_vi for code, role in law.rulebook(on=local_day(request.now)).roles.items()},
        "versions": [(one_of, Dossier.objects.filter(workflow=one_of, ended_at=None).count()) for one_of in versions],
    }
    return shown(request, "workflow.html", "workflows", context)


def _run(number: int) -> models.WorkflowImport:
    run = models.WorkflowImport.objects.filter(pk=number).first()
    if run is None:
        raise Http404
    return run
