"""Procedures: the list, one with its versions side by side, drafting, and what makes a version public or ends it."""

from collections.abc import Callable

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from motcua.catalogue import actions, checking, models, queries
from motcua.catalogue.types import (
    CHANNEL_NAMES,
    ONLINE_LEVEL_NAMES,
    VERSION_STATE_NAMES,
    ChannelTerm,
    ProcedureDetail,
    VersionState,
)
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import queries as organisations
from motcua.organisations.types import UnitKind
from motcua.web.admin.drafts import UNIT_WORDS
from motcua.web.admin.frame import KEEPERS, OF_CATALOGUE, by, carried_out, day_field, for_roles, only, shown, tried
from motcua.web.middleware import StaffRequest

_LINKS = {"together": "Thực hiện liên thông", "needs_result": "Cần kết quả của"}


class DecisionForm(forms.Form):
    """A decision with its number and days."""

    decision_number = forms.CharField(label="Số quyết định")
    signed_on = day_field("Ngày ký")
    effective_on = day_field("Ngày hiệu lực")


class LinkForm(forms.Form):
    """Another procedure and how it belongs."""

    other = forms.CharField(label="Mã TTHC kia")
    kind = forms.ChoiceField(label="Quan hệ", choices=list(_LINKS.items()))


class LocalCodeForm(forms.Form):
    """A code of the province's own."""

    local_code = forms.CharField(label="Mã địa phương")


@for_roles(KEEPERS)
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """Show the catalogue: every state, found by code, name or sector without marks."""
    wanted = checking.Wanted(
        text=request.GET.get("q", ""),
        state=request.GET.get("tinh-trang", ""),
        sector=request.GET.get("linh-vuc", ""),
        place=request.GET.get("noi", ""),
    )
    page = Paginator(checking.listed(wanted).prefetch_related("versions"), checking.PAGE_ROWS).get_page(
        request.GET.get("trang")
    )
    context = {
        "page": page,
        "rows": [(row, _standing(row)) for row in page.object_list],
        "wanted": wanted,
        "states": [(state.value, name) for state, name in VERSION_STATE_NAMES.items()],
        "sectors": checking.sectors(),
        "query": _without_page(request),
    }
    return shown(request, "procedures.html", "procedures", context)


def _standing(row: models.Procedure) -> dict[str, object]:
    versions = sorted(row.versions.all(), key=lambda one: one.number)
    current = next((one for one in versions if one.state == VersionState.PUBLISHED), versions[-1] if versions else None)
    return {
        "state": VERSION_STATE_NAMES[VersionState(current.state)] if current else "",
        "css": "ok" if current and current.state == VersionState.PUBLISHED else "info",
        "effective_on": current.effective_on if current else None,
        "is_one_stop": bool(current and current.is_one_stop),
        "count": len(versions),
    }


def _without_page(request: StaffRequest) -> str:
    kept = request.GET.copy()
    kept.pop("trang", None)
    return kept.urlencode()


@for_roles(KEEPERS)
@require_http_methods(["GET", "POST"])
def procedure(request: StaffRequest, code: str) -> HttpResponse:
    """Show a procedure with its versions side by side; the office promulgates, publishes, links and abolishes here."""
    row = models.Procedure.objects.filter(code=code).first()
    if row is None:
        raise Http404
    today = local_day(request.now)
    wanted, number = request.POST.get("viec", ""), request.POST.get("phien_ban", "")
    kinds = {"cong-bo": DecisionForm, "bai-bo": DecisionForm, "lien-ket": LinkForm, "ma": LocalCodeForm}
    made: dict[str, forms.Form] = {
        name: kind(request.POST if wanted == name else None, prefix=name) for name, kind in kinds.items()
    }
    if request.method == "POST":
        only(request, OF_CATALOGUE)
        if wanted == "cong-khai" and number.isdigit() and row.versions.filter(pk=int(number)).exists():
            return carried_out(
                request,
                lambda: actions.publish(version_id=int(number), by=by(request), at=request.now),
                done="Đã công khai phiên bản này; phiên bản trước được thay thế từ ngày hiệu lực.",
                back=request.path,
            )
        if wanted in made and tried(
            request, made[wanted], lambda: _change(request, row, wanted, made[wanted]), done="Đã ghi nhận."
        ):
            return redirect(request.path)
    details = [detail for one in row.versions.order_by("-number") if (detail := queries.version(one.pk)) is not None]
    names = {unit.code: unit.name for unit in organisations.units(on=today)}
    context = {
        "procedure": row,
        "versions": [_column(detail, row) for detail in details[:4]],
        "rows": side_by_side(details[:4]),
        "has_draft": any(detail.state is VersionState.DRAFT for detail in details),
        "has_published": any(detail.state is VersionState.PUBLISHED for detail in details),
        "handled_by": [(unit, names.get(unit, unit)) for unit in queries.units_handling(code, on=today)],
        "links": [(_LINKS[one.kind], one.other) for one in row.links.select_related("other")],
        "linked_from": [(_LINKS[one.kind], one.procedure) for one in row.linked_from.select_related("procedure")],
        "local_codes": row.local_codes.order_by("code"),
        "workflows": row.workflows.order_by("case_code", "variant", "-number"),
        "forms": made,
        "opened": wanted,
    }
    return shown(request, "procedure.html", "procedures", context, status=422 if request.method == "POST" else 200)


def _change(request: StaffRequest, row: models.Procedure, wanted: str, form: forms.Form) -> None:
    typed = form.cleaned_data
    if wanted == "cong-bo":
        draft = row.versions.filter(state=VersionState.DRAFT).order_by("-number").first()
        if draft is None:
            raise UserError("Không có dự thảo để công bố.", remedy="Hãy soạn phiên bản mới trước.")
        actions.promulgate(version_id=draft.pk, **typed, by=by(request), at=request.now)
    elif wanted == "bai-bo":
        actions.abolish(procedure_code=row.code, **typed, by=by(request), at=request.now)
    elif wanted == "lien-ket":
        checking.link(
            procedure_code=row.code,
            other_code=typed["other"].strip(),
            kind=typed["kind"],
            by=by(request),
            at=request.now,
        )
    else:
        actions.map_local_code(
            local_code=typed["local_code"].strip(), procedure_code=row.code, by=by(request), at=request.now
        )


def _column(detail: ProcedureDetail, row: models.Procedure) -> dict[str, object]:
    stored = row.versions.get(pk=detail.version_id)
    return {
        "detail": detail,
        "state": VERSION_STATE_NAMES[detail.state],
        "is_promulgated": detail.state is VersionState.PROMULGATED,
        "received_on": stored.received_on,
        "effective_on": stored.effective_on,
        "effective_to": stored.effective_to,
        "missing": queries.missing_parts(detail),
    }


def side_by_side(details: list[ProcedureDetail]) -> list[tuple[str, list[str], bool]]:
    """Return (part, its text in each version, whether they differ) for every part that people compare."""
    parts: dict[str, Callable[[ProcedureDetail], str]] = {
        "Tên": lambda one: one.name,
        "Lĩnh vực": lambda one: one.sector,
        "Cơ quan thực hiện": lambda one: one.agency,
        "Đối tượng": lambda one: "; ".join(one.applicant_kinds),
        "Cách thức, thời hạn, phí": lambda one: "\n".join(term_text(term) for term in one.terms),
        "Thành phần hồ sơ": lambda one: "\n".join(f"– {paper.name}" for paper in one.components),
        "Kết quả": lambda one: "; ".join(one.results),
        "Trực tuyến": lambda one: ONLINE_LEVEL_NAMES[one.online_level],
        "Tại Một cửa": lambda one: "Có" if one.is_one_stop else "Không",
        "Trình tự thực hiện": lambda one: one.sequence,
        "Yêu cầu, điều kiện": lambda one: one.requirements,
        "Căn cứ pháp lý": lambda one: "; ".join(one.legal_bases),
    }
    found = []
    for name, part in parts.items():
        texts = [part(one) for one in details]
        found.append((name, texts, len(set(texts)) > 1))
    return found


def term_text(term: ChannelTerm) -> str:
    """Write a term as a line: channel, limit, fee."""
    limit = f"{term.limit.amount.normalize():f} {UNIT_WORDS[term.limit.unit]}" if term.limit else "chưa có thời hạn"
    fee = term.fee_note or ("" if term.fee_dong is None else f"{term.fee_dong:,} đồng".replace(",", "."))
    case = f" ({term.case_code})" if term.case_code else ""
    return f"{CHANNEL_NAMES[term.channel]}{case}: {limit}" + (f"; {fee}" if fee else "")


@for_roles(KEEPERS)
@require_GET
def checks(request: StaffRequest) -> HttpResponse:
    """Show what is wrong with the catalogue today."""
    today = local_day(request.now)
    wanted = {UnitKind.DEPARTMENT, UnitKind.COMMUNE, UnitKind.VERTICAL}
    names = {unit.code: unit.name for unit in organisations.units(on=today) if unit.kind in wanted}
    context: dict[str, object] = {"checks": checking.checks(on=today, unit_names=names), "today": today}
    return shown(request, "checks.html", "checks", context)


@for_roles(OF_CATALOGUE)
@require_http_methods(["GET", "POST"])
def assignments(request: StaffRequest) -> HttpResponse:
    """Give out who handles what as CSV, and take it back changed; wrong rows are named and nothing is changed."""
    today = local_day(request.now)
    if request.GET.get("tai") == "csv":
        response = HttpResponse("\ufeff" + checking.assignments_csv(on=today), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="phan-cong-tthc.csv"'
        return response
    error, file = "", request.FILES.get("tep")
    if request.method == "POST":
        try:
            if file is None:
                raise UserError("Chưa chọn tệp.", remedy="Hãy chọn tệp CSV.")
            count = checking.assign_by_csv(
                _decoded(file.read()),
                name=str(file.name),
                known_units=[unit.code for unit in organisations.units(on=today)],
                on=today,
                by=by(request),
                at=request.now,
            )
        except UserError as fault:
            error = str(fault)
        else:
            return carried_out(request, lambda: None, done=f"Đã xử lý {count} dòng.", back=request.path)
    total = models.Assignment.objects.filter(valid_to=None).count()
    context: dict[str, object] = {"error": error, "total": total}
    return shown(request, "assignments.html", "assignments", context, status=422 if error else 200)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UserError("Tệp không phải văn bản UTF-8.", remedy="Hãy lưu lại dạng CSV UTF-8.") from fault
