"""Views of the citizen front: find a procedure, see what it takes, track a dossier without login."""

from collections import Counter

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from motcua.catalogue import queries as catalogue
from motcua.catalogue.types import CHANNEL_NAMES, ONLINE_LEVEL_NAMES
from motcua.dossiers import clock, forms_issued, law, models, queries
from motcua.dossiers.types import ISSUE_KINDS
from motcua.kernel.time import local_day
from motcua.organisations import queries as organisations
from motcua.web import limits
from motcua.web.middleware import StaffRequest


@require_GET
def home(request: StaffRequest) -> HttpResponse:
    """One question: where is my dossier, or what do I need?"""
    return render(request, "citizen/home.html")


@require_GET
def procedures(request: StaffRequest) -> HttpResponse:
    """Search the published procedures, without diacritics; a fragment when asked by the search box."""
    text = request.GET.get("q", "")
    found = catalogue.search(text, limit=50) if text.strip() else []
    cards = [(card, ONLINE_LEVEL_NAMES[card.online_level]) for card in found]
    template = "citizen/found.html" if request.headers.get("HX-Request") else "citizen/procedures.html"
    return render(request, template, {"cards": cards, "query_text": text})


@require_GET
def procedure(request: StaffRequest, code: str) -> HttpResponse:
    """Say what to bring, how long it takes by law and really, and how much it costs."""
    today = local_day(request.now)
    detail = catalogue.in_force(code, on=today)
    if detail is None:
        raise Http404
    names = {unit.code: unit.name for unit in organisations.units(on=today)}
    usual = queries.usual_days(code, now=request.now)
    context = {
        "detail": detail,
        "terms": [
            (CHANNEL_NAMES[term.channel], dict(detail.cases).get(term.case_code, ""), term) for term in detail.terms
        ],
        "online_level": ONLINE_LEVEL_NAMES[detail.online_level],
        "usual": {"median": usual[0], "ninetieth": usual[1], "number": usual[2]} if usual else None,
        "units": [names.get(unit, unit) for unit in catalogue.units_handling(code, on=today)],
    }
    return render(request, "citizen/procedure.html", context)


@require_http_methods(["GET", "POST"])
def track(request: StaffRequest) -> HttpResponse:
    """Show where a dossier is to whoever knows its code and the owner's phone number."""
    code, secret = request.POST.get("ma", "").strip(), request.POST.get("khoa", "").strip()
    if not (code and secret):
        return render(request, "citizen/track.html", {"code": request.GET.get("ma", "")})
    context = {"code": code, "asked": True}
    # What stands on the receipt cannot be guessed (96 random bits): its holder is let in whatever others have tried.
    if dossier := queries.tracked_by_receipt(code=code, secret=secret):
        return _progress(request, dossier)
    if not limits.may_guess(request, code=code):
        return render(request, "citizen/track.html", {**context, "is_exhausted": True}, status=429)
    if dossier := queries.tracked_by_phone(code=code, phone=secret):
        limits.guessed_right(request, code=code)
        return _progress(request, dossier)
    return render(request, "citizen/track.html", context, status=404)


@require_GET
def track_by_link(request: StaffRequest, code: str, secret: str) -> HttpResponse:
    """Show where a dossier is to whoever holds its receipt and has scanned the code on it.

    Wrong links count for the address only, so that nobody can shut the holder out; a telephone number opens no link.
    """
    if dossier := queries.tracked_by_receipt(code=code, secret=secret):
        return _progress(request, dossier)
    is_within = limits.may_guess(request)
    context = {"code": code, "asked": True, "is_exhausted": not is_within}
    return render(request, "citizen/track.html", context, status=404 if is_within else 429)


@require_GET
def verify(request: StaffRequest, code: str, form: str = "") -> HttpResponse:
    """Say whether a printed form was issued here, to anybody who holds it; nothing of the applicant is shown."""
    asked = form or request.GET.get("phieu", "")
    slug, _, number = asked.rpartition("-")
    kind = next((name for name, one in ISSUE_KINDS.items() if one.slug == slug), "")
    context: dict[str, object] = {
        "code": code,
        "asked": bool(asked),
        "kinds": [(one.slug, one.name_vi) for one in ISSUE_KINDS.values()],
    }
    if not asked:
        kind_asked, number_asked = request.GET.get("loai", ""), request.GET.get("so", "")
        if kind_asked and number_asked.isdigit():
            return redirect("verify", code=code, form=f"{kind_asked}-{int(number_asked)}")
        return render(request, "citizen/verify.html", context)
    # A form's number is no secret, so only the address is limited: nobody shuts others out of a dossier's forms.
    if not limits.may_guess(request):
        return render(request, "citizen/verify.html", {**context, "is_exhausted": True}, status=429)
    issue = forms_issued.genuine(code=code, form=kind, number=int(number)) if kind and number.isdigit() else None
    if issue is not None:
        limits.guessed_right(request)
    return render(request, "citizen/verify.html", {**context, "issue": issue}, status=200 if issue else 404)


def _progress(request: StaffRequest, dossier: models.Dossier) -> HttpResponse:
    book = law.rulebook(on=local_day(request.now))
    steps = [
        {"name": book.portal_names[book.states[str(one.content["local_state"])].portal], "at": one.at}
        for one in queries.history(dossier)
        if "local_state" in one.content
    ]
    open_request = dossier.supplements.filter(completed_at=None).first()
    state = book.states[dossier.local_state]
    context = {
        "code": dossier.code,
        "asked": True,
        "dossier": dossier,
        "steps": [step for n, step in enumerate(steps) if n == 0 or step["name"] != steps[n - 1]["name"]][::-1],
        "state_name": book.portal_names[state.portal],
        "remaining": ""
        if dossier.ended_at or dossier.paused_since
        else clock.remaining_text(dossier.due_at, now=request.now),
        "unit": organisations.unit(dossier.current_unit_id),
        "wanted": [item["paper"] for item in open_request.items] if open_request else [],
        "reply_by": open_request.reply_by if open_request else None,
        "unpaid": sum(dossier.charges.filter(paid_at=None).values_list("amount_dong", flat=True)),
        "is_ready": dossier.resolved_at is not None and dossier.returned_at is None,
        "extension": dossier.extensions.order_by("-pk").first(),
    }
    return render(request, "citizen/track.html", context)


@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """The public board: how many dossiers each unit has received, is handling and has late; no personal data."""
    rows = queries.board(now=request.now)
    names = {unit.code: unit.name for unit in organisations.units(on=local_day(request.now))}
    lines = [{"name": names.get(row.unit_code, row.unit_code), "row": row} for row in rows]
    totals = Counter[str]()
    for row in rows:
        totals.update(open=row.open, late=row.late, resolved=row.resolved, on_time=row.on_time)
    share = f"{100 * totals['on_time'] / totals['resolved']:.1f}%".replace(".", ",") if totals["resolved"] else ""
    return render(request, "citizen/board.html", {"lines": lines, "totals": {**totals, "share": share}})
