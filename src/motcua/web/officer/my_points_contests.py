"""Contests on screen: contest a mark with evidence, see where it stands, take it back; the centre decides."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.contests import access, actions, models, queries, rules
from motcua.contests.types import STATE_NAMES, ContestRow, ContestState, EvidenceFile, LostMark
from motcua.dossiers import access as dossiers
from motcua.dossiers import files
from motcua.facts.reasons import REASONS
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period, local_day
from motcua.live import ledger_rows, losing_marks, scoring
from motcua.live import models as live_models
from motcua.live.ledger_rows import LosingDossier
from motcua.live.ledger_rows import LostMark as Lost
from motcua.live.ledger_scene import Scene
from motcua.live.scoring import LiveScore
from motcua.organisations.types import ROLES_SEEING_BELOW
from motcua.web import uploads
from motcua.web.middleware import StaffRequest
from motcua.web.officer import my_points_lines
from motcua.web.officer.frame import acting, for_staff, frame, has_any


@for_staff
@require_http_methods(["GET", "POST"])
def contest_mark(request: StaffRequest, code: str, indicator: str) -> HttpResponse:
    """Show the form to contest one dossier's mark, or file it; a refused one comes back with what was typed."""
    staff, day = acting(request), local_day(request.now)
    kept = live_models.LiveDossier.objects.filter(code=code).exclude(days=None).first()
    # Whoever may not contest here is told of no dossier: out of scope and not existing look the same.
    if kept is None or not access.may_file(staff, unit_code=kept.unit_code, on=day):
        raise dossiers.NotVisibleError(code)
    live = scoring.score(period=_period_of(request, kept), now=request.now)
    wanted = live.evaluation.rules.indicator(indicator)
    if wanted is None or losing_marks.of_indicator(wanted) is None:
        raise Http404
    dossier, lost = _lost(live, kept, indicator)
    error, status = "", 200
    if request.method == "POST":
        mark = LostMark(
            dossier_code=code,
            unit_code=kept.unit_code,
            indicator=indicator,
            rules=f"{live.evaluation.rules.set}/{live.evaluation.rules.variant}",
            reasons=tuple(why.code for why in lost.reasons) if lost else (),
        )
        try:
            number = actions.file(
                mark, reason=request.POST.get("ly_do", ""), evidence=_evidence(request), staff=staff, at=request.now
            )
        except UserError as refused:
            error, status = str(refused), 422
        else:
            messages.success(request, f"Đã gửi kiến nghị {number}, chờ Trung tâm xem xét.", extra_tags="good")
            return redirect("officer:contest", contest=number)
    context = {
        "code": code,
        "indicator": wanted,
        "lost": lost,
        "points": my_points_lines.share(lost.mark.share) if lost else "",
        "dossier": dossier,
        "error": error,
        "typed": request.POST.get("ly_do", ""),
        "most_files": rules.MOST_FILES,
        "url": reverse("officer:dossier", args=[code])
        if dossiers.visible(staff, on=day).filter(code=code).exists() else "",
        "earlier": _named(queries.of_dossiers([code], staff=staff, on=day), live),
        **frame(request, None),
    }  # fmt: skip
    return render(request, "officer/my_points_contest_new.html", context, status=status)


@for_staff
@require_GET
def contest(request: StaffRequest, contest: str) -> HttpResponse:
    """Show one contest: the mark, the reason, the evidence, the decision, and what the reader may do."""
    row = access.readable(code=contest, staff=request.staff, on=local_day(request.now))
    return _contest_page(request, row)


@for_staff
@require_POST
def decide(request: StaffRequest, contest: str) -> HttpResponse:
    """Accept or refuse a contest; a refused act comes back with what was typed."""
    staff = acting(request)
    row = access.readable(code=contest, staff=staff, on=local_day(request.now))
    act = {"1": actions.approve, "0": actions.refuse}.get(request.POST.get("chap_nhan", ""))
    if act is None:
        return _contest_page(request, row, error="Hãy chọn chấp nhận hoặc không chấp nhận.", status=422)
    try:
        act(code=contest, decision=request.POST.get("ly_do", ""), staff=staff, at=request.now)
    except UserError as error:
        fresh = access.readable(code=contest, staff=staff, on=local_day(request.now))
        return _contest_page(request, fresh, error=str(error), status=422)
    messages.success(request, "Đã ghi quyết định về kiến nghị.", extra_tags="good")
    return redirect("officer:contest", contest=contest)


@for_staff
@require_POST
def withdraw(request: StaffRequest, contest: str) -> HttpResponse:
    """Take the person's own contest back."""
    staff = acting(request)
    row = access.readable(code=contest, staff=staff, on=local_day(request.now))
    try:
        actions.withdraw(code=contest, staff=staff, at=request.now)
    except UserError as error:
        return _contest_page(request, row, error=str(error), status=422)
    messages.success(request, "Đã rút kiến nghị.", extra_tags="good")
    return redirect("officer:contest", contest=contest)


@for_staff
@require_GET
def evidence(request: StaffRequest, contest: str, number: int) -> FileResponse:
    """Give a file of evidence of a contest in scope."""
    row = access.readable(code=contest, staff=request.staff, on=local_day(request.now))
    found = next((one for pk, one in queries.evidence(row) if pk == number), None)
    if found is None:
        raise access.NotVisibleError(contest)
    return FileResponse(files.path(found.sha256).open("rb"), as_attachment=True, filename=found.name)


@for_staff
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """Show the contests in the person's scope: what waits for the centre, and what was decided."""
    if not has_any(request, ROLES_SEEING_BELOW):
        raise PermissionDenied
    staff, day = acting(request), local_day(request.now)
    asked = request.GET.get("tt", ContestState.FILED.value)
    state = ContestState(asked) if asked in set(ContestState) else None
    page = queries.listed(staff, on=day, state=state, after=request.GET.get("sau", ""))
    live = scoring.score(period=Period.year(day.year), now=request.now)
    context = {
        "contests": _named(page.rows, live),
        "next": page.next,
        "state": asked,
        "states": [
            *((one.value, name, queries.count(staff, on=day, state=one)) for one, name in STATE_NAMES.items()),
        ],
        "may_decide": has_any(request, rules.DECIDING),
        "tree": live.evaluation.measures.tree,
        **frame(request, None),
    }
    return render(request, "officer/my_points_contests.html", context)


def _contest_page(request: StaffRequest, row: models.Contest, *, error: str = "", status: int = 200) -> HttpResponse:
    staff, day = acting(request), local_day(request.now)
    live = scoring.score(period=Period.year(day.year), now=request.now)
    shown = queries.told(row)
    is_waiting = shown.state is ContestState.FILED
    context: dict[str, Any] = {
        "contest": shown,
        "unit": row.unit,
        "by": row.filed_by,
        "decided_by": row.decided_by,
        "indicator": live.evaluation.rules.indicator(row.indicator),
        "reasons": [REASONS[code] for code in row.lost_for if code in REASONS],
        "evidence": queries.evidence(row),
        "url": reverse("officer:dossier", args=[row.dossier_code])
        if dossiers.visible(staff, on=day).filter(code=row.dossier_code).exists() else "",
        "may_decide": is_waiting and access.may_decide(staff, unit_code=row.unit_id, on=day)
        and row.filed_by_id != staff.code,
        "may_withdraw": is_waiting and row.filed_by_id == staff.code,
        "error": error,
        "typed": request.POST.get("ly_do", ""),
        **frame(request, None),
    }  # fmt: skip
    return render(request, "officer/my_points_contest.html", context, status=status)


def _evidence(request: StaffRequest) -> list[EvidenceFile]:
    """Check and store the files of the form.

    Raises:
        UserError: there are too many, or one is refused.
    """
    sent = request.FILES.getlist("chung_cu")
    if len(sent) > rules.MOST_FILES:
        raise UserError(f"Quá {rules.MOST_FILES} tệp chứng cứ.", remedy="Hãy gộp các trang vào ít tệp hơn.")
    kept = [uploads.read(one) for one in sent]
    return [EvidenceFile(one.name, one.media_type, one.size, one.sha256) for one in kept]


def _lost(live: LiveScore, kept: live_models.LiveDossier, indicator: str) -> tuple[LosingDossier | None, Lost | None]:
    marks = my_points_lines.marks_for(live, kept.unit_code)
    scene = Scene.of_score(live, unit=kept.unit_code)
    dossier = ledger_rows.marks_of([kept.code], scene=scene, marks=marks).get(kept.code)
    found = dossier.marks if dossier else ()
    return dossier, next((one for one in found if one.mark.indicator.code == indicator), None)


def _period_of(request: StaffRequest, kept: live_models.LiveDossier) -> Period:
    """Return the year in which the mark is looked at: this one, or that of the end of a dossier that ended before."""
    today = local_day(request.now)
    ended_on = kept.days.upper - timedelta(days=1) if kept.days.upper else today
    return Period.year(min(ended_on.year, today.year))


def _named(rows: Sequence[ContestRow], live: LiveScore) -> list[dict[str, Any]]:
    return [
        {"row": one, "indicator": live.evaluation.rules.indicator(one.indicator),
         "unit": live.evaluation.measures.tree.name(one.unit_code)}
        for one in rows
    ]  # fmt: skip
