"""Work lists: what to do now, narrowed, with the columns one wants, saved, exported, assigned in bulk."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import xlsxwriter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from motcua.catalogue.types import CHANNEL_NAMES, Channel
from motcua.dossiers import access, actions, clock, law, models, online, queries, steps
from motcua.dossiers.queries import VIEW_NAMES, Filters, View
from motcua.dossiers.types import Given, Row
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from motcua.organisations.types import Role
from motcua.web.middleware import StaffRequest
from motcua.web.officer import page
from motcua.web.officer.frame import ASSIGNING_ROLES, acting, for_staff, frame, has_any

EXPORT_ROWS = 100_000
BY_LOAD = "theo-tai"
"""Chosen instead of a person: each dossier goes to whoever has least to do."""
_COLUMN_COOKIE = "cot"
_YEAR_SECONDS = 365 * 24 * 3600

COLUMNS = {
    "owner": "Chủ hồ sơ",
    "procedure": "Thủ tục",
    "state": "Trạng thái",
    "assignee": "Người xử lý",
    "unit": "Đơn vị đang giữ",
    "channel": "Hình thức nộp",
    "submitted": "Nộp lúc",
    "received": "Tiếp nhận lúc",
    "due": "Hẹn trả",
    "left": "Còn lại",
}
_DEFAULT = ("owner", "procedure", "state", "assignee", "due", "left")
_OF_VIEW = {
    View.REGISTERED: ("owner", "procedure", "channel", "submitted", "left"),
    View.TO_HAND_OVER: ("owner", "procedure", "state", "due"),
    View.ALL: ("owner", "procedure", "state", "unit", "received", "due"),
}
_HINTS = {
    View.MINE: "Hồ sơ được giao cho bạn sẽ hiện ở đây, hồ sơ gần hạn nhất ở trên cùng.",
    View.REGISTERED: "Hồ sơ nộp trực tuyến sẽ hiện ở đây; hạn trả lời là 8 giờ làm việc kể từ khi nộp.",
    View.APPROACHING: "Hồ sơ còn không quá hai ngày sẽ hiện ở đây.",
    View.OVERDUE: "Không có hồ sơ quá hạn. Hồ sơ quá ngày hẹn trả sẽ hiện ở đây cùng tên, chức danh người xử lý.",
    View.PAUSED: "Hồ sơ đang dừng tính thời hạn sẽ hiện ở đây cùng lý do và thời điểm bắt đầu.",
    View.WAITING: "Hồ sơ chờ người dân bổ sung giấy tờ hoặc nộp phí sẽ hiện ở đây.",
    View.UNASSIGNED: "Hồ sơ chưa có người xử lý sẽ hiện ở đây để phân công.",
    View.OPINIONS: "Hồ sơ của nơi khác đang chờ đơn vị bạn cho ý kiến sẽ hiện ở đây.",
    View.TO_HAND_OVER: "Hồ sơ đã có kết quả, chờ người dân đến nhận, sẽ hiện ở đây.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the list shows it."""

    row: Row
    state_name: str
    channel_name: str
    left: str
    left_note: str
    answer_by: datetime | None


@for_staff
@require_GET
def home(_: StaffRequest) -> HttpResponse:
    """Open on what this person must do now."""
    return redirect("officer:list", view=View.MINE.value)


@for_staff
@require_GET
def work_list(request: StaffRequest, view: str) -> HttpResponse:
    """Show one work list, or export exactly what it shows."""
    chosen = View(view) if view in set(View) else View.MINE
    filters = Filters(
        text=request.GET.get("q", ""),
        procedure_code=request.GET.get("tthc", ""),
        channel=int(request.GET["kenh"]) if request.GET.get("kenh", "") in {"1", "2", "3"} else 0,
    )
    columns = _columns(request, chosen)
    wanted = request.GET.get("tai")
    if wanted in {"xlsx", "csv"}:
        return _export(request, chosen, filters, wanted, columns)
    found = queries.work_list(
        chosen, staff=request.staff, now=request.now, filters=filters, after=request.GET.get("sau", "")
    )
    may_assign = has_any(request, ASSIGNING_ROLES) and chosen not in {View.ALL, View.TO_HAND_OVER}
    context = {
        "title": VIEW_NAMES[chosen],
        "view": chosen.value,
        "other_views": [
            (name, reverse("officer:list", args=[one.value])) for one, name in VIEW_NAMES.items() if one is not chosen
        ],
        "lines": [_line(row, now=request.now) for row in found.rows],
        "next": found.next,
        "columns": columns,
        "all_columns": [(code, name, code in columns) for code, name in COLUMNS.items()],
        "filters": filters,
        "is_narrowed": bool(filters.text or filters.procedure_code or filters.channel),
        "query": filters.text if chosen is View.ALL else "",
        "query_string": urlencode({key: value for key, value in request.GET.items() if key not in {"sau", "tai"}}),
        "procedures": queries.procedures_used(staff=request.staff, now=request.now),
        "channels": [(channel.value, name) for channel, name in CHANNEL_NAMES.items()],
        "saved_views": models.SavedView.objects.filter(staff_id=acting(request).code).order_by("name"),
        "may_assign": may_assign,
        "colleagues": page.colleagues(request.staff, on=local_day(request.now)) if may_assign else [],
        "empty_hint": _HINTS.get(chosen, "Hồ sơ phù hợp sẽ hiện ở đây, xếp theo thời hạn còn lại."),
        **frame(request, chosen),
    }
    return render(request, "officer/list.html", context)


@for_staff
@require_POST
def choose_columns(request: StaffRequest, view: str) -> HttpResponse:
    """Remember in this browser, for a year, which columns this list shows."""
    chosen = View(view) if view in set(View) else View.MINE
    wanted = [code for code in COLUMNS if code in request.POST.getlist("cot")]
    back = redirect("officer:list", view=chosen.value)
    back.set_cookie(
        f"{_COLUMN_COOKIE}-{chosen.value}", "-".join(wanted) or "0", max_age=_YEAR_SECONDS, httponly=True,
        samesite="Lax", secure=request.is_secure(), path="/can-bo/",
    )  # fmt: skip
    return back


@for_staff
@require_POST
def assign_many(request: StaffRequest) -> HttpResponse:
    """Assign every ticked dossier to one colleague, or each to who has least to do; those that cannot be are named."""
    staff = acting(request)
    rulebook = law.rulebook(on=local_day(request.now))
    done, refused = 0, []
    for code in request.POST.getlist("ho_so"):
        try:
            row = access.readable(code=code, staff=staff, on=local_day(request.now))
            actions.perform(
                "assign",
                code=code,
                staff=staff,
                at=request.now,
                version_number=row.version_number,
                given=Given(assignee=_chosen(request, row)),
                rulebook=rulebook,
            )
            done += 1
        except UserError as error:
            refused.append(f"{code}: {error.what}")
    if done:
        messages.success(request, f"Đã phân công {done} hồ sơ.", extra_tags="good")
    elif not refused:
        messages.error(request, "Chưa chọn hồ sơ nào: hãy đánh dấu ít nhất một dòng.", extra_tags="bad")
    for line in refused:
        messages.error(request, line, extra_tags="bad")
    back = request.POST.get("tro_lai", "")
    return redirect(back if back.startswith("/can-bo/danh-sach/") else reverse("officer:home"))


def _chosen(request: StaffRequest, row: models.Dossier) -> str:
    """Return who was chosen; by load, whoever in the dossier's unit holds the role of its step and has least to do."""
    chosen = request.POST.get("nguoi", "")
    if chosen != BY_LOAD:
        return chosen
    definition = steps.definition_of(row)
    step = definition.step(row.step_order) if definition is not None else None
    is_officers = step is None or step.role in steps.DESK_ROLES
    people = steps.candidates(
        role=Role.CASE_OFFICER.value if is_officers or step is None else step.role,
        unit_code=row.current_unit_id,
        on=local_day(request.now),
    )
    if not people:
        raise UserError("Đơn vị đang giữ hồ sơ chưa có ai giữ vai trò này.", remedy="Hãy chọn người cụ thể.")
    return people[0].person.code


@for_staff
@require_POST
def save_view(request: StaffRequest) -> HttpResponse:
    """Keep the list's filters under a name, or drop a kept one."""
    staff = acting(request)
    view = request.POST.get("view", "")
    chosen = View(view) if view in set(View) else View.MINE
    query = urlencode({key: request.POST[key] for key in ("q", "tthc", "kenh") if request.POST.get(key)})
    address = f"{reverse('officer:list', args=[chosen.value])}?{query}"
    dropped = request.POST.get("bo", "")
    if dropped.isdigit():
        models.SavedView.objects.filter(staff_id=staff.code, pk=int(dropped)).delete()
        return redirect("officer:list", view=chosen.value)
    name = request.POST.get("ten_bo_loc", "").strip()[:60]
    if name:
        models.SavedView.objects.update_or_create(staff_id=staff.code, name=name, defaults={"query": address})
        messages.success(request, f"Đã lưu bộ lọc «{name}».", extra_tags="good")
    else:
        messages.error(request, "Hãy đặt tên cho bộ lọc trước khi lưu.", extra_tags="bad")
    return redirect(address)


def _columns(request: StaffRequest, view: View) -> tuple[str, ...]:
    kept = request.COOKIES.get(f"{_COLUMN_COOKIE}-{view.value}", "").split("-")
    return tuple(code for code in COLUMNS if code in kept) or _OF_VIEW.get(view, _DEFAULT)


def _line(row: Row, *, now: datetime) -> Line:
    book = law.rulebook(on=local_day(now))
    left, note, answer_by = "", "", None
    if row.ended_at is not None:
        left = ""
    elif row.received_at is None and row.submitted_at is not None:
        answer_by = online.answer_clock(submitted_at=row.submitted_at, now=now).due_at
        left, note = clock.remaining_text(answer_by, now=now), f"trả lời trước {local(answer_by):%H:%M, %d/%m}"
    elif row.paused_since is not None:
        days = (local_day(now) - local_day(row.paused_since)).days
        left = f"dừng từ {local(row.paused_since):%H:%M, %d/%m/%Y}"
        note = f"đã {days} ngày" if days else "từ hôm nay"
    else:
        left = clock.remaining_text(row.due_at, now=now)
    return Line(row, book.states[row.local_state].name_vi, CHANNEL_NAMES[Channel(row.channel)], left, note, answer_by)


def _export(request: StaffRequest, view: View, filters: Filters, wanted: str, columns: Sequence[str]) -> HttpResponse:
    rows = queries.everything(view, staff=request.staff, now=request.now, filters=filters, limit=EXPORT_ROWS)
    head = ["Mã hồ sơ"]
    for code in columns:
        head += [COLUMNS[code], "Chức danh"] if code == "assignee" else [COLUMNS[code]]
    lines = [_cells(_line(row, now=request.now), columns) for row in rows]
    if wanted == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([head, *([_inert(cell) for cell in line] for line in lines)])
        response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        book = io.BytesIO()
        with xlsxwriter.Workbook(book, {"in_memory": True, "strings_to_formulas": False}) as workbook:
            sheet = workbook.add_worksheet("Hồ sơ")
            bold = workbook.add_format({"bold": True, "bottom": 1})
            sheet.write_row(0, 0, head, bold)
            for number, line in enumerate(lines, 1):
                for at, cell in enumerate(line):
                    sheet.write_string(number, at, cell)
            sheet.set_column(0, len(head), 22)
            sheet.autofilter(0, 0, max(1, len(lines)), len(head) - 1)
            sheet.freeze_panes(1, 1)
        response = HttpResponse(
            book.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    response["Content-Disposition"] = f'attachment; filename="ho-so-{view.value}.{wanted}"'
    return response


def _cells(line: Line, columns: Sequence[str]) -> list[str]:
    row = line.row
    shown = {
        "owner": [row.owner_name],
        "procedure": [row.procedure_name],
        "state": [line.state_name],
        "assignee": [row.assignee_name, row.assignee_title],
        "unit": [row.unit_name],
        "channel": [line.channel_name],
        "submitted": [_written(row.submitted_at)],
        "received": [_written(row.received_at)],
        "due": [_written(row.due_at)],
        "left": [line.left],
    }
    return [row.code, *(cell for code in columns for cell in shown[code])]


def _written(value: datetime | None) -> str:
    return f"{local(value):%d/%m/%Y %H:%M}" if value else ""


def _inert(cell: str) -> str:
    """Spreadsheet programs run a cell that starts like a formula; people's names can start with anything."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
