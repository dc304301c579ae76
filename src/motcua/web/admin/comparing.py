"""The national catalogue beside ours: upload, differences one by one or together, progress that can be left."""

import hashlib
import tempfile
from pathlib import Path

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.catalogue import comparison, models, national
from motcua.ingest import catalogue_records
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.web.admin.frame import OF_CATALOGUE, by, carried_out, for_roles, shown
from motcua.web.middleware import StaffRequest

ROWS = 50
AT_ONCE = 50
"""Differences taken over by one request: a second or two, so that the bar moves and the page can be left."""
KINDS = {"new": "Mới", "changed": "Thay đổi", "missing": "Không còn"}
FIELDS = {
    "name": "Tên",
    "sector": "Lĩnh vực",
    "decision_number": "Quyết định",
    "online_level": "Mức độ trực tuyến",
    "applicant_kinds": "Đối tượng",
    "results": "Kết quả",
    "terms": "Cách thức, thời hạn, phí",
    "components": "Thành phần hồ sơ",
}


@for_roles(OF_CATALOGUE)
@require_http_methods(["GET", "POST"])
def listed(request: StaffRequest) -> HttpResponse:
    """Show earlier comparisons; take a file of the national catalogue and lay it beside ours."""
    error, file = "", request.FILES.get("tep")
    if request.method == "POST":
        try:
            if file is None:
                raise UserError("Chưa chọn tệp.", remedy="Hãy chọn tệp JSON của Cổng DVCQG.")
            with tempfile.NamedTemporaryFile(suffix=".jsonl") as kept:
                digest = hashlib.sha256()
                for chunk in file.chunks():
                    kept.write(chunk)
                    digest.update(chunk)
                kept.flush()
                records = [
                    national.record(one, levels=catalogue_records.levels(one.levels), limit_of=catalogue_records.limit)
                    for one in catalogue_records.read(Path(kept.name), name=str(file.name))
                ]
            run = comparison.lay_beside(
                records,
                source=str(file.name),
                sha256=digest.hexdigest(),
                on=local_day(request.now),
                by=by(request),
                at=request.now,
            )
        except UserError as fault:
            error = str(fault)
        else:
            return redirect("admin:comparison", number=run.pk)
    runs = [(run, comparison.progress(run.pk)) for run in models.CatalogueImport.objects.order_by("-at")[:30]]
    context: dict[str, object] = {"runs": runs, "error": error}
    return shown(request, "comparisons.html", "comparisons", context, status=422 if error else 200)


@for_roles(OF_CATALOGUE)
@require_GET
def one(request: StaffRequest, number: int) -> HttpResponse:
    """Show the differences of a comparison."""
    run = _run(number)
    kind, state = request.GET.get("loai", ""), request.GET.get("tinh-trang", "pending")
    rows = run.differences.order_by("procedure_code")
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    if state == "fault":
        rows = rows.exclude(fault="")
    elif state:
        rows = rows.filter(state=state)
    page = Paginator(rows, ROWS).get_page(request.GET.get("trang"))
    context = {
        "run": run,
        "progress": comparison.progress(run.pk),
        "page": page,
        "rows": [(row, KINDS[row.kind], _differences(row)) for row in page.object_list],
        "kinds": KINDS.items(),
        "kind": kind,
        "state": state,
    }
    return shown(request, "comparison.html", "comparisons", context)


@for_roles(OF_CATALOGUE)
@require_POST
def decide(request: StaffRequest, number: int) -> HttpResponse:
    """Take over or refuse one difference."""
    run, wanted = _run(number), request.POST.get("viec", "")
    pk = request.POST.get("ma", "")
    if not pk.isdigit() or not run.differences.filter(pk=int(pk)).exists():
        raise Http404
    act = comparison.approve if wanted == "duyet" else comparison.refuse
    done = "Đã duyệt." if wanted == "duyet" else "Đã giữ bản của tỉnh."
    return carried_out(
        request,
        lambda: act(difference_id=int(pk), by=by(request), at=request.now),
        done=done,
        back=f"/quan-ly/doi-chieu/{run.pk}/",
    )


@for_roles(OF_CATALOGUE)
@require_POST
def approve_some(request: StaffRequest, number: int) -> HttpResponse:
    """Take over the next ticked or all waiting differences of the chosen kinds, and say how far it has come.

    With htmx the fragment asks again by itself until nothing waits; without, the button does the next part.
    """
    run = _run(number)
    kinds = [kind for kind in request.POST.getlist("loai") if kind in KINDS]
    looked = comparison.approve_some(
        run.pk,
        kinds=kinds,
        codes=request.POST.getlist("tthc"),
        by=by(request),
        at=request.now,
        limit=AT_ONCE,
    )
    if not request.headers.get("HX-Request"):
        return redirect("admin:comparison", number=run.pk)
    progress = comparison.progress(run.pk)
    context = {"run": run, "progress": progress, "kinds_chosen": kinds, "goes_on": looked == AT_ONCE}
    return render(request, "admin/comparison_progress.html", context)


def _run(number: int) -> models.CatalogueImport:
    run = models.CatalogueImport.objects.filter(pk=number).first()
    if run is None:
        raise Http404
    return run


def _differences(row: models.CatalogueDifference) -> list[tuple[str, str, str]]:
    if row.kind == "new":
        return [("Tên", "", str(row.fields["record"]["name"]))]
    return [
        (FIELDS.get(name, name), _shown(pair[0]), _shown(pair[1]))
        for name, pair in row.fields.items()
        if name != "record"
    ]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        if "channel" in value:
            limit = value.get("limit") or {}
            return f"hình thức {value['channel']}: {limit.get('amount', '—')} {limit.get('unit', '')}"
        return str(value.get("name", ""))
    return str(value)
