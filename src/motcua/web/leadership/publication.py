"""Publishing a month, for those who do it: freeze, review, approve, return, correct.

The centre reviews; the province's office or a leader of the province approves; they are two persons. Everybody else
who leads a unit sees what is published.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from motcua.kernel.errors import UserError
from motcua.organisations import queries as organisations
from motcua.organisations.types import Role, StaffRef
from motcua.publication import actions, changes, job, queries, words
from motcua.publication.types import IssueRow, IssueState
from motcua.web.citizen import publication_page
from motcua.web.leadership import frame
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, for_staff

REVIEWING = frozenset({Role.CENTRE_MANAGER})
APPROVING = frozenset({Role.CONTROL_OFFICE, Role.PROVINCE_LEADER})
PREPARING = frozenset({Role.CENTRE_MANAGER, Role.CONTROL_OFFICE})
"""Who may freeze a month and begin a correction."""
SEEING_DRAFTS = REVIEWING | APPROVING


@for_staff
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """List the issues: those at work see drafts too, everybody else who leads sees what is published."""
    here = frame.standing(request, _home(request))
    may_see = _holds(request, SEEING_DRAFTS)
    found = queries.drafts() if may_see else queries.published()
    due = job.latest_due(today=here.today)
    context: dict[str, Any] = {
        "lines": [_line(row) for row in found],
        "may_see": may_see,
        "may_prepare": _holds(request, PREPARING),
        "due": due,
        "due_name": words.month(due),
        "is_due": all(row.month != due or row.state is IssueState.RETURNED for row in queries.drafts()),
        "public": list(dict.fromkeys((row.month, words.month(row.month)) for row in queries.published())),
    }
    return frame.shown(request, "publications.html", "publications", context, standing=here)


@for_staff
@require_GET
def show(request: StaffRequest, month: str, draft: int) -> HttpResponse:
    """Show one issue as it will be public, with the acts open to the person."""
    _require(request, SEEING_DRAFTS)
    row, store = _issue(month, draft), actions.default_store()
    here = frame.standing(request, _home(request))
    issue = queries.content(row, store=store)
    earlier = queries.before(month)
    corrects = queries.public_issue(month, row.edition - 1) if row.edition > 1 else None
    context: dict[str, Any] = publication_page.month(
        issue,
        row,
        before=queries.content(earlier, store=store) if earlier else None,
        corrects=queries.content(corrects, store=store) if corrects else None,
    )
    is_open = row.state in {IssueState.FROZEN, IssueState.REVIEWED}
    by = acting(request).code
    context |= {
        "state": row.state.value,
        "names": _names(row),
        "may_review": row.state is IssueState.FROZEN and _holds(request, REVIEWING),
        "may_approve": row.state is IssueState.REVIEWED and _holds(request, APPROVING) and row.reviewed_by != by,
        "may_return": is_open,
        "is_signed": actions.default_seal().is_configured,
        "is_public": row.state is IssueState.PUBLISHED,
    }
    if request.GET.get("sau") == "1":
        later = changes.since(row, at=request.now, store=store)
        shown = publication_page.DIFFERENCES_SHOWN
        context["later"] = {
            "count": len(later),
            "rows": publication_page.differences(later[:shown], issue),
            "more": max(0, len(later) - shown),
        }
    return frame.shown(request, "publication.html", "publications", context, standing=here)


@for_staff
@require_GET
def preview(request: StaffRequest, month: str, draft: int) -> HttpResponse:
    """Typeset the bulletin of a draft, unsigned, to be read before it is approved."""
    _require(request, SEEING_DRAFTS)
    content = actions.preview(_issue(month, draft), at=request.now)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="xem-thu-{month}-{draft}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@for_staff
@require_POST
def freeze(request: StaffRequest) -> HttpResponse:
    """Freeze a month, or the draft of a correction of a public one."""
    _require(request, PREPARING)
    month, reason = request.POST.get("thang", "").strip(), request.POST.get("ly_do", "").strip()
    if not reason and queries.published_of(month):
        raise UserError("Thiếu lý do đính chính.", remedy="Hãy ghi ngắn gọn chỗ sai và căn cứ.")
    found = actions.freeze(month, at=request.now, by=acting(request).code, reason=reason)
    said = "Đã chốt số liệu" if found.is_new else "Đã có dự thảo của"
    messages.success(request, f"{said} {words.month(found.issue.month)}.", extra_tags="good")
    return redirect("leadership:publication", month=found.issue.month, draft=found.issue.draft)


@for_staff
@require_POST
def review(request: StaffRequest, month: str, draft: int) -> HttpResponse:
    """Say that the draft was looked through."""
    _require(request, REVIEWING)

    def act(by: StaffRef) -> str:
        actions.review(month=month, draft=draft, by=by.code, at=request.now)
        return "Đã soát xét; chờ lãnh đạo duyệt."

    return _done(request, month, draft, act)


@for_staff
@require_POST
def approve(request: StaffRequest, month: str, draft: int) -> HttpResponse:
    """Publish the draft."""
    _require(request, APPROVING)

    def act(by: StaffRef) -> str:
        actions.approve(month=month, draft=draft, by=by.code, at=request.now)
        return f"Đã công bố {words.month(month)}."

    return _done(request, month, draft, act)


@for_staff
@require_POST
def send_back(request: StaffRequest, month: str, draft: int) -> HttpResponse:
    """Return the draft with a reason."""
    _require(request, SEEING_DRAFTS)
    reason = request.POST.get("ly_do", "")

    def act(by: StaffRef) -> str:
        actions.send_back(month=month, draft=draft, by=by.code, at=request.now, reason=reason)
        return "Đã trả lại dự thảo; tháng này có thể chốt lại."

    return _done(request, month, draft, act)


def _done(request: StaffRequest, month: str, draft: int, act: Callable[[StaffRef], str]) -> HttpResponse:
    _issue(month, draft)
    messages.success(request, act(acting(request)), extra_tags="good")
    return redirect("leadership:publication", month=month, draft=draft)


def _home(request: StaffRequest) -> str:
    """Return the highest unit the person leads."""
    return min(frame.led(request), key=lambda code: (code.count("."), code))


def _holds(request: StaffRequest, roles: frozenset[Role]) -> bool:
    """Tell whether the person holds one of the roles over the whole province: in a unit with none above it."""
    for grant in acting(request).grants:
        unit = organisations.unit(grant.unit_code) if grant.role in roles else None
        if unit is not None and unit.parent_code is None:
            return True
    return False


def _require(request: StaffRequest, roles: frozenset[Role]) -> None:
    if not _holds(request, roles):
        raise PermissionDenied


def _issue(month: str, draft: int) -> IssueRow:
    try:
        return queries.issue(month, draft)
    except queries.NoIssueError as error:
        raise Http404 from error


def _line(row: IssueRow) -> dict[str, Any]:
    return {
        "row": row,
        "name": words.month(row.month),
        "edition": words.edition(row.edition),
        "is_public": row.state is IssueState.PUBLISHED,
        "is_open": row.state in {IssueState.FROZEN, IssueState.REVIEWED},
        "late": words.days_late(row.days_late) if row.edition == 1 else "",
    }


def _names(row: IssueRow) -> dict[str, str]:
    """Return who froze, reviewed and approved, by name; the job has none."""
    known = organisations.staff_names([row.frozen_by, row.reviewed_by, row.approved_by])
    return {
        "frozen": known.get(row.frozen_by) or "hệ thống (theo lịch)",
        "reviewed": known.get(row.reviewed_by, ""),
        "approved": known.get(row.approved_by, ""),
    }
