"""Mục tiêu và phụ trách: the centre sets targets and names who answers for each group; everybody led sees both."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from motcua.indicators import spread
from motcua.indicators.spread import Kind, Subject
from motcua.kernel.errors import UserError
from motcua.lawbook.targets import Metric
from motcua.live import scoring
from motcua.organisations import queries as organisations
from motcua.organisations.types import UnitKind
from motcua.reports import wording
from motcua.steering import access, actions, queries
from motcua.steering.types import METRIC_NAMES, TargetScope, TargetVersion
from motcua.web.admin.frame import day_field
from motcua.web.leadership import frame, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, for_staff

_LEVELS = (UnitKind.DEPARTMENT, UnitKind.COMMUNE)
"""Levels below a province for whose units one target may be set together."""


class TargetForm(forms.Form):
    """Đặt một mục tiêu."""

    year = forms.IntegerField(label="Năm", min_value=2022, max_value=2100)
    scope = forms.ChoiceField(label="Áp dụng cho")
    subject = forms.ChoiceField(label="Nội dung")
    metric = forms.ChoiceField(label="Tính bằng", choices=[(one.value, name) for one, name in METRIC_NAMES.items()])
    value = forms.CharField(
        label="Mục tiêu",
        max_length=20,
        required=False,
        help_text="Ví dụ 99 hoặc 97,5 (phần trăm), 18,5 (điểm), 120 (số lượng). Bỏ mục tiêu thì để trống.",
    )
    note = forms.CharField(label="Căn cứ, ghi chú", max_length=500, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: object, standing: Standing, subjects: tuple[Subject, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django
        scopes = [("", standing.unit.name)]
        if standing.unit.kind is UnitKind.PROVINCE:
            scopes += [(one.value, f"Mọi đơn vị: {wording.level(one.value)}") for one in _LEVELS]
        self.fields["scope"].required = False
        self._choose("scope", scopes)
        self._choose("subject", [(one.key, f"{one.number} {one.name}".strip()) for one in subjects])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_value(self) -> Decimal | None:
        """Read a number as the office writes it: ``97,5`` or ``97.5``; blanks and a per cent sign do not matter."""
        typed = self.cleaned_data["value"].replace("%", "").replace(" ", "").replace(",", ".")
        if "withdraw" in self.data:
            return None
        try:
            value = Decimal(typed)
        except InvalidOperation as fault:
            raise forms.ValidationError("Không đọc được số này. Hãy ghi ví dụ 99 hoặc 97,5.") from fault
        if not value.is_finite():
            raise forms.ValidationError("Hãy ghi một số hữu hạn, ví dụ 99 hoặc 97,5.")
        return value


class OwnerForm(forms.Form):
    """Giao đơn vị chịu trách nhiệm chính."""

    group = forms.CharField(max_length=40)
    owner = forms.CharField(max_length=60)
    since = day_field("Từ ngày")


@for_staff
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show targets, owners and their history; the centre sets a target."""
    standing = frame.standing(request, code)
    may_set = access.may_set(request.staff, unit_code=code, on=standing.today)
    subjects = spread.subjects(scoring.rule_set(standing.today))
    form = TargetForm(
        request.POST or None,
        standing=standing,
        subjects=subjects,
        initial={"year": standing.period.start.year, "metric": Metric.RATIO.value, "subject": "ON_TIME"},
    )
    if request.method == "POST":
        if not may_set:
            raise PermissionDenied
        if form.is_valid() and _set(request, form, standing, subjects):
            return redirect(standing.url("targets"))
    return _page(request, standing, form, subjects, may_set=may_set)


@for_staff
@require_POST
def name_owner(request: StaffRequest, code: str) -> HttpResponse:
    """Let one unit answer for a group from a day on."""
    standing = frame.standing(request, code)
    if not access.may_set(request.staff, unit_code=code, on=standing.today):
        raise PermissionDenied
    form = OwnerForm(request.POST)
    rules = scoring.rule_set(standing.today)
    if not form.is_valid() or rules.group(form.cleaned_data["group"]) is None:
        messages.error(request, "Chưa giao được: hãy chọn nhóm, đơn vị và ngày bắt đầu.", extra_tags="bad")
        return redirect(standing.url("targets"))
    try:
        actions.name_owner(
            unit_code=code,
            group=form.cleaned_data["group"],
            owner_code=form.cleaned_data["owner"],
            since=form.cleaned_data["since"],
            staff=acting(request),
            at=request.now,
        )
    except UserError as fault:
        messages.error(request, str(fault), extra_tags="bad")
    else:
        messages.success(request, "Đã giao đơn vị chịu trách nhiệm chính.", extra_tags="good")
    return redirect(standing.url("targets"))


def _set(request: StaffRequest, form: TargetForm, standing: Standing, subjects: tuple[Subject, ...]) -> bool:
    given = form.cleaned_data
    metric, subject = Metric(given["metric"]), next(one for one in subjects if one.key == given["subject"])
    if subject.kind is not Kind.INDICATOR and metric is not Metric.POINTS:
        form.add_error("metric", "Nhóm chỉ số và tổng điểm chỉ đặt mục tiêu bằng điểm.")
        return False
    value = given["value"]
    if value is not None and metric is Metric.RATIO:
        value /= 100
    try:
        actions.set_target(
            TargetScope(standing.unit.code, given["scope"]),
            year=given["year"],
            subject=subject.key,
            metric=metric,
            value=value,
            maximum=Decimal(subject.maximum.numerator) / Decimal(subject.maximum.denominator),
            seen_version=_seen(request, standing, given["scope"], given["year"], subject.key),
            note=given["note"].strip(),
            staff=acting(request),
            at=request.now,
        )
    except UserError as fault:
        form.add_error(None, str(fault))
        return False
    messages.success(request, f"Đã ghi mục tiêu: {subject.name}.", extra_tags="good")
    return True


def _seen(request: StaffRequest, standing: Standing, level: str, year: int, subject: str) -> int:
    """Return the version that stood on the page when it was opened: nothing newer than the newest set until then."""
    opened = request.POST.get("seen", "0")
    before = int(opened) if opened.isdecimal() else 0
    versions = queries.history(TargetScope(standing.unit.code, level), year=year)
    return max((one.version for one in versions if one.subject == subject and one.number <= before), default=0)


def _page(
    request: StaffRequest, standing: Standing, form: TargetForm, subjects: tuple[Subject, ...], *, may_set: bool
) -> HttpResponse:
    year = standing.period.start.year
    names = {one.key: f"{one.number} {one.name}".strip() for one in subjects}
    day = min(standing.period.last_day, standing.today)
    targets = queries.targets(standing.unit, year=year, on=day)
    scopes = [TargetScope(standing.unit.code)]
    if standing.unit.kind is UnitKind.PROVINCE:
        scopes += [TargetScope(standing.unit.code, one.value) for one in _LEVELS]
    history = [one for scope in scopes for one in queries.history(scope, year=year)]
    form.initial["seen"] = queries.newest(standing.unit.code)
    owners = queries.owners(standing.unit.code, on=standing.today)
    context = {
        "form": form,
        "may_set": may_set,
        "year": year,
        "targets": [
            {"name": names[key], "value": writing.target(one.metric, one.value), "source": one.source}
            for key, one in sorted(targets.items(), key=lambda item: list(names).index(item[0]))
            if key in names
        ],
        "history": [_version(one, names) for one in sorted(history, key=lambda one: one.at, reverse=True)],
        "owners": [
            {"group": group.code, "name": group.name_vi, "owner": owners.get(group.code)}
            for group in scoring.rule_set(standing.today).groups
        ],
        "units": [
            one for one in organisations.subtree(standing.unit.code, on=standing.today) if one.code in standing.led
        ],
        "today": standing.today,
    }
    status = 422 if form.is_bound and form.errors else 200
    return frame.shown(request, "targets.html", "unit", context, standing=standing, status=status)


def _version(one: TargetVersion, names: dict[str, str]) -> dict[str, object]:
    return {
        "name": names.get(one.subject, one.subject),
        "for": wording.level(one.level) if one.level else "",
        "value": writing.target(one.metric, one.value) if one.value is not None else "Bỏ mục tiêu",
        "version": one.version,
        "by": one.by_name,
        "at": one.at,
        "note": one.note,
    }
