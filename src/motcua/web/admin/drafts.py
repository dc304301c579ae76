"""Drafting: a version of a procedure written in one form, beginning from the latest one."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from motcua.catalogue import actions, models, queries
from motcua.catalogue.records import ProcedureRecord
from motcua.catalogue.types import ONLINE_LEVEL_NAMES, Channel, ChannelTerm, Component, OnlineLevel, ProcedureDetail
from motcua.deadlines.types import Limit, LimitUnit
from motcua.kernel.errors import UserError
from motcua.web.admin.frame import OF_CATALOGUE, by, day_field, for_roles, shown, tried
from motcua.web.middleware import StaffRequest

UNIT_WORDS = {
    LimitUnit.WORKING_DAYS: "ngày làm việc",
    LimitUnit.WORKING_HOURS: "giờ làm việc",
    LimitUnit.CALENDAR_DAYS: "ngày",
    LimitUnit.MONTHS: "tháng",
}
LEVELS = [("ministry", "Bộ"), ("province", "Tỉnh"), ("commune", "Xã")]


class DraftForm(forms.Form):
    """The seven parts and what the desk needs; papers and limits one a line."""

    code = forms.CharField(label="Mã TTHC")
    name = forms.CharField(label="Tên TTHC")
    sector = forms.CharField(label="Lĩnh vực")
    levels = forms.MultipleChoiceField(label="Cấp thực hiện", choices=LEVELS, widget=forms.CheckboxSelectMultiple)
    agency = forms.CharField(label="Cơ quan thực hiện", required=False)
    received_on = day_field("Ngày nhận quyết định của Bộ", required=False)
    sequence = forms.CharField(label="Trình tự thực hiện", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    applicant_kinds = forms.CharField(
        label="Đối tượng thực hiện", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Mỗi dòng một."
    )
    results = forms.CharField(
        label="Kết quả", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Mỗi dòng một."
    )
    requirements = forms.CharField(label="Yêu cầu, điều kiện", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    legal_bases = forms.CharField(
        label="Căn cứ pháp lý", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Mỗi dòng một."
    )
    online_level = forms.ChoiceField(
        label="Dịch vụ công trực tuyến", choices=[(level.value, name) for level, name in ONLINE_LEVEL_NAMES.items()]
    )
    cases = forms.CharField(
        label="Trường hợp",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng: mã | tên. Bỏ trống nếu không chia trường hợp.",
    )
    terms = forms.CharField(
        label="Cách thức, thời hạn, phí",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi dòng: hình thức (1 trực tiếp, 2 trực tuyến, 3 bưu chính) | số | đơn vị (ngày làm việc, giờ làm "
        "việc, ngày, tháng) | phí (đồng) | mã trường hợp.",
    )
    components = forms.CharField(
        label="Thành phần hồ sơ",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Mỗi dòng: tên | mẫu | số bản chính | số bản sao | bắt buộc (có, không) | mã trường hợp.",
    )
    accepts_postal = forms.BooleanField(label="Nhận qua bưu chính", required=False)
    is_boundary_free = forms.BooleanField(label="Không phụ thuộc địa giới", required=False)
    is_one_stop = forms.BooleanField(label="Thực hiện tại Bộ phận Một cửa", required=False)
    requires_result = forms.BooleanField(label="Có giấy tờ kết quả", required=False)
    is_internal = forms.BooleanField(label="TTHC nội bộ", required=False)


@for_roles(OF_CATALOGUE)
@require_http_methods(["GET", "POST"])
def draft(request: StaffRequest, code: str = "") -> HttpResponse:
    """Write a new version, beginning from the latest one where there is one."""
    row = models.Procedure.objects.filter(code=code).first() if code else None
    if code and row is None:
        raise Http404
    latest = row.versions.order_by("-number").first() if row else None
    detail = queries.version(latest.pk) if latest else None
    form = DraftForm(request.POST or None, initial=_initial(detail, row, latest))
    if row is not None:
        form.fields["code"].widget.attrs["readonly"] = True
    if request.method == "POST" and tried(
        request, form, lambda: actions.draft(_record(form, row), by=by(request), at=request.now), done="Đã lưu dự thảo."
    ):
        return redirect("admin:procedure", code=row.code if row else form.cleaned_data["code"])
    context: dict[str, object] = {"form": form, "procedure": row}
    return shown(request, "draft.html", "procedures", context, status=422 if request.method == "POST" else 200)


def _initial(
    detail: ProcedureDetail | None, row: models.Procedure | None, latest: models.ProcedureVersion | None
) -> dict[str, object]:
    if detail is None or row is None or latest is None:
        return {"is_one_stop": True, "requires_result": True, "online_level": OnlineLevel.NONE.value}
    names = ("code", "name", "sector", "agency", "sequence", "requirements", "accepts_postal", "is_boundary_free")
    found: dict[str, object] = {name: getattr(detail, name) for name in (*names, "is_one_stop", "requires_result")}
    found |= {name: "\n".join(getattr(detail, name)) for name in ("applicant_kinds", "results", "legal_bases")}
    found |= {"levels": latest.levels, "is_internal": row.is_internal, "online_level": detail.online_level.value}
    found["cases"] = "\n".join(f"{code} | {name}" for code, name in detail.cases)
    found["terms"] = "\n".join(
        f"{term.channel.value} | {f'{term.limit.amount.normalize():f}' if term.limit else ''} | "
        f"{UNIT_WORDS[term.limit.unit] if term.limit else ''} | "
        f"{'' if term.fee_dong is None else term.fee_dong} | {term.case_code}"
        for term in detail.terms
    )
    found["components"] = "\n".join(
        f"{one.name} | {one.form_name} | {one.originals} | {one.copies} | "
        f"{'có' if one.is_required else 'không'} | {one.case_code}"
        for one in detail.components
    )
    return found


def _record(form: DraftForm, row: models.Procedure | None) -> ProcedureRecord:
    typed = form.cleaned_data
    record = ProcedureRecord(
        code=row.code if row else typed["code"].strip(),
        levels=tuple(typed["levels"]),
        received_on=typed["received_on"],
        online_level=OnlineLevel(typed["online_level"]),
        is_internal=typed["is_internal"],
        is_national=row.is_national if row else False,
        is_one_stop=typed["is_one_stop"],
        requires_result=typed["requires_result"],
        name=typed["name"],
        sector=typed["sector"],
        agency=typed["agency"],
        sequence=typed["sequence"],
        requirements=typed["requirements"],
        accepts_postal=typed["accepts_postal"],
        is_boundary_free=typed["is_boundary_free"],
        applicant_kinds=tuple(_lines(typed["applicant_kinds"])),
        results=tuple(_lines(typed["results"])),
        legal_bases=tuple(_lines(typed["legal_bases"])),
    )
    cells = {name: [_cells(line) for line in _lines(typed[name])] for name in ("cases", "terms", "components")}
    return replace(
        record,
        cases=tuple((line[0], line[1]) for line in cells["cases"]),
        terms=tuple(_term(line) for line in cells["terms"]),
        components=tuple(
            Component("", line[0], line[5], line[1], _whole(line[2], 1), _whole(line[3], 0), line[4] != "không")
            for line in cells["components"]
        ),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.split("|")]
    return cells + [""] * (6 - len(cells))


def _term(line: list[str]) -> ChannelTerm:
    units = {name: unit for unit, name in UNIT_WORDS.items()}
    try:
        channel = Channel(int(line[0]))
        limit = Limit(Decimal(line[1].replace(",", ".")), units[line[2]]) if line[1] else None
        fee = int(line[3].replace(".", "")) if line[3] else None
    except (ValueError, KeyError, InvalidOperation) as fault:
        raise UserError(
            f"Không hiểu dòng «{' | '.join(line)}».", remedy="Hãy ghi đúng thứ tự: hình thức | số | đơn vị | phí."
        ) from fault
    return ChannelTerm(channel, line[4], limit, None, fee, "")


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdigit() else otherwise
