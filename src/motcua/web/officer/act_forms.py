"""The form of an act, made from what ``law/workflow`` demands of it: one field or more for each demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from motcua.dossiers import models
from motcua.dossiers.steps import Suggestion
from motcua.dossiers.types import Given, Paper
from motcua.kernel.time import VIETNAM, local
from motcua.web import uploads
from motcua.workflow.rulebook import Act, Rulebook


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the fields choose from."""

    rulebook: Rulebook
    dossier: models.Dossier
    units: list[tuple[str, str]]
    colleagues: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    legs: list[tuple[str, str]]
    suggestion: Suggestion | None = None
    """What the internal workflow has next; filled in beforehand for the officer to confirm or change."""
    extra_demands: tuple[str, ...] = ()
    """What is demanded of the person's role on top of the act's own (postal staff: a supervisor)."""


def _text(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, strip=True, **kwargs)


def _area(label: str, hint: str = "") -> forms.CharField:
    return _text(label, widget=forms.Textarea(attrs={"rows": 3}), help_text=hint)


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "— chọn —"), *choices], required=False)


def _due(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )


def _file(label: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.tif,.tiff"}),
        help_text="PDF, PNG, JPEG hoặc TIFF, không quá 20 MB.",
    )


_Fields = Mapping[str, Callable[[Surroundings], forms.Field]]

FIELDS_OF_DEMAND: Mapping[str, _Fields] = {
    "supervisor": {"supervisor": lambda _: _text("Người giám sát của cơ quan")},
    "missing_paper": {
        "missing_papers": lambda _: _area(
            "Giấy tờ còn thiếu hoặc chưa đúng", "Mỗi giấy tờ một dòng, nêu đủ trong một lần."
        )
    },
    "legal_basis": {"legal_basis": lambda _: _text("Căn cứ pháp lý")},
    "reason": {"reason": lambda _: _area("Lý do")},
    "pause_ground": {
        "pause_ground": lambda around: _choice(
            "Lý do tạm dừng", [(one.code, one.name_vi) for one in around.rulebook.pause_grounds.values()]
        ),
        "evidence": lambda _: _text("Văn bản làm căn cứ (số, ký hiệu)"),
    },
    "later_due": {
        "new_due_at": lambda _: _due("Hẹn lại đến"),
    },
    "apology": {"apology": lambda _: _text("Số văn bản xin lỗi")},
    "approval": {"approver": lambda around: _choice("Người phê duyệt", around.colleagues)},
    "assignee": {"assignee": lambda around: _choice("Người được giao", around.colleagues)},
    "receiving_unit": {"unit": lambda around: _choice("Cơ quan, đơn vị nhận", around.units)},
    "question": {"question": lambda _: _area("Nội dung cần xin ý kiến hoặc giải quyết")},
    "opinion": {"opinion": lambda _: _area("Nội dung trả lời")},
    "papers": {"papers": lambda _: _area("Giấy tờ nhận được", "Mỗi giấy tờ một dòng.")},
    "amount": {"amount": lambda _: forms.IntegerField(label="Số tiền (đồng)", required=False, min_value=1)},
    "receipt": {
        "receipt": lambda _: _text("Số biên lai hoặc mã giao dịch"),
        "payment_place": lambda _: forms.ChoiceField(
            label="Nơi nộp",
            choices=[
                ("counter", "Tại quầy"),
                ("portal", "Cổng DVCQG"),
                ("gateway", "Cổng thanh toán của tỉnh"),
                ("transfer", "Chuyển khoản"),
            ],
            required=False,
        ),
    },
    "earlier_step": {"step": lambda around: _choice("Trả về bước", around.steps)},
    "draft": {"draft": lambda _: _text("Số, ký hiệu dự thảo kết quả")},
    "result": {"result": lambda _: _text("Số, ký hiệu kết quả giải quyết")},
    "recipient": {
        "recipient_name": lambda _: _text("Người nhận kết quả"),
        "handed_over_by": lambda _: forms.ChoiceField(
            label="Cách trả",
            choices=[("direct", "Trực tiếp"), ("postal", "Bưu chính"), ("online", "Trực tuyến")],
            required=False,
        ),
    },
}
"""Demand -> its fields. Demands the desk itself answers (complete components, due moment, fees…) have none."""

FIELDS_OF_ACT: Mapping[str, _Fields] = {
    "forward": {"assignee": lambda around: _choice("Giao cho (nếu đã rõ)", around.colleagues)},
    "request_supplement": {
        "legal_basis": lambda _: _text("Căn cứ pháp lý (nếu có)"),
        "reply_by": lambda _: forms.DateField(
            label="Đề nghị bổ sung trước ngày", required=False, widget=forms.DateInput(attrs={"type": "date"})
        ),
    },
    "receive_supplement": {"scan": lambda _: _file("Bản quét của giấy tờ đầu tiên")},
    "request_opinion": {"new_due_at": lambda _: _due("Hạn trả lời")},
    "refer": {"new_due_at": lambda _: _due("Hạn trả kết quả của cơ quan nhận")},
    "receive_linked_result": {"leg": lambda around: _choice("Nhánh liên thông", around.legs)},
    "complete_step": {
        "step": lambda _: _text("Bước tiếp theo"),
        "assignee": lambda around: _choice("Giao cho", around.colleagues),
    },
    "record_fee": {"fee_name": lambda _: _text("Tên khoản thu")},
    "request_payment": {"fee_name": lambda _: _text("Tên khoản thu")},
    "resolve": {"result_file": lambda _: _file("Tệp kết quả")},
    "refuse_intake": {"reason": lambda _: _area("Lý do")},
}
"""Act -> fields that the law does not demand and the desk has use for."""

_FILES = {"scan": "Giấy tờ bổ sung", "result_file": "Kết quả giải quyết"}


_FOLLOWING = frozenset({"forward", "complete_step"})
"""Acts that lead to the next step of the workflow."""


def _suggested(act: Act, suggestion: Suggestion | None) -> dict[str, str]:
    """Return what an act's fields begin with, by the workflow: unit, step, and whoever has least to do."""
    if suggestion is None or act.code not in _FOLLOWING:
        return {}
    person = suggestion.people[0].person.code if suggestion.people else ""
    return {"unit": suggestion.unit_code, "step": suggestion.name, "assignee": person}


def _told(suggestion: Suggestion) -> str:
    """Say what comes next by the workflow, until when, with whom at the same time."""
    parts = [f"Theo quy trình: {suggestion.name}"]
    if suggestion.due_at is not None:
        parts.append(f"hạn {local(suggestion.due_at):%H:%M, %d/%m/%Y}")
    if suggestion.beside:
        parts.append(f"cùng lúc xin ý kiến {'; '.join(suggestion.beside)}")
    if suggestion.pause_before:
        parts.append(f"trước đó tạm dừng: {suggestion.pause_before}")
    return ", ".join(parts) + "."


class ActForm(forms.Form):
    """One act's form; whether what was typed suffices is for ``workflow`` to say, not for the form."""

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        act: Act,
        around: Surroundings,
    ) -> None:
        super().__init__(data, files, prefix=act.code, label_suffix="")
        self.act = act
        for demand in (*act.demands, *around.extra_demands):
            for name, make in FIELDS_OF_DEMAND.get(demand, {}).items():
                self.fields[name] = make(around)
        for name, make in FIELDS_OF_ACT.get(act.code, {}).items():
            self.fields.setdefault(name, make(around))
        for name, value in _suggested(act, around.suggestion).items():
            if name in self.fields:
                self.fields[name].initial = value
        if act.code in _FOLLOWING and around.suggestion is not None:
            next(iter(self.fields.values())).help_text = _told(around.suggestion)
        if act.code == "record_fee":
            unpaid = around.dossier.charges.filter(paid_at=None).order_by("pk").first()
            self.fields["amount"].initial = unpaid.amount_dong if unpaid else None

    def given(self) -> Given:
        """Return what was typed as the act takes it; files are checked and stored.

        Raises:
            UserError: a file is of another kind or too large.
        """
        typed = {name: value for name, value in self.cleaned_data.items() if name not in _FILES}
        for name in ("missing_papers",):
            if name in typed:
                typed[name] = tuple(line.strip() for line in typed[name].splitlines() if line.strip())
        if "papers" in typed:
            names = [line.strip() for line in typed["papers"].splitlines() if line.strip()]
            typed["papers"] = tuple(Paper(component_name=name) for name in names)
        for field, name in _FILES.items():
            if isinstance(file := self.cleaned_data.get(field), UploadedFile):
                others = typed.get("papers", ())
                first = others[0].component_name if others else name
                typed["papers"] = (uploads.stored(file, component_name=first), *others[1:])
        if typed.get("new_due_at") is not None and timezone.is_naive(typed["new_due_at"]):
            typed["new_due_at"] = typed["new_due_at"].replace(tzinfo=VIETNAM)
        if typed.get("amount") is None:
            typed.pop("amount", None)
        return Given(**typed)
