"""Thư xin lỗi chờ ký: what heads sign and send in bulk, drafted without anybody asking."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from motcua.dossiers import apologies, apologies_signed
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, local_day
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import acting, for_staff, frame

ROWS = 100
"""Letters a page shows: what a head can read through before signing."""


@for_staff
@require_GET
def listed(request: StaffRequest) -> HttpResponse:
    """Show the letters that wait for this person's signature, and those signed that still have to be handed over."""
    return _page(request, typed={}, faults={}, status=200)


@for_staff
@require_POST
def sign(request: StaffRequest) -> HttpResponse:
    """Sign the ticked letters, each by itself: one that cannot be signed holds up no other and keeps what was typed."""
    done, sent, faults = 0, 0, dict[int, str]()
    for letter in _ticked(request):
        try:
            made = _sign(request, letter)
        except UserError as fault:
            faults[letter] = str(fault)
            continue
        done, sent = done + 1, sent + made.is_sent
    if done:
        waiting = f"; {done - sent} thư chờ gửi bản giấy" if done > sent else ""
        messages.success(request, f"Đã ký {done} thư, gửi thư điện tử {sent} thư{waiting}.", extra_tags="good")
    if faults:
        return _page(request, typed=request.POST.dict(), faults=faults, status=422)
    if not done:
        messages.error(request, "Chưa chọn thư nào: hãy đánh dấu ít nhất một thư.", extra_tags="bad")
    return redirect("officer:apologies")


@for_staff
@require_POST
def mark_sent(request: StaffRequest) -> HttpResponse:
    """Note that the ticked letters went out on paper."""
    done = 0
    for letter in _ticked(request):
        try:
            apologies_signed.mark_sent(letter=letter, staff=acting(request), at=request.now)
            done += 1
        except UserError as fault:
            messages.error(request, str(fault), extra_tags="bad")
    if done:
        messages.success(request, f"Đã ghi nhận gửi {done} thư.", extra_tags="good")
    return redirect("officer:apologies")


def _sign(request: StaffRequest, letter: int) -> apologies_signed.Signed:
    staff = acting(request)
    row = apologies.to_sign(staff, on=local_day(request.now)).filter(pk=letter).first()
    if row is None:
        raise UserError("Thư này đã được ký hoặc không thuộc phạm vi của bạn.", remedy="Hãy tải lại danh sách.")
    try:
        until = datetime.fromisoformat(request.POST.get(f"hen-{letter}", ""))
    except ValueError as error:
        raise UserError("Chưa ghi ngày, giờ hẹn lại.", remedy="Hãy chọn ngày, giờ hẹn lại.") from error
    code = row.dossier_id
    return apologies_signed.sign(
        letter=letter,
        staff=staff,
        at=request.now,
        reason=request.POST.get(f"ly_do-{letter}", "").strip(),
        new_due_at=until if until.tzinfo else until.replace(tzinfo=VIETNAM),
        tracking_url=request.build_absolute_uri(reverse("track_by_link", args=[code, row.dossier.tracking_secret])),
        verify_base=request.build_absolute_uri(reverse("verify_base", args=[code])),
    )


def _ticked(request: StaffRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("thu") if one.isdigit()]


def _page(request: StaffRequest, *, typed: dict[str, str], faults: dict[int, str], status: int) -> HttpResponse:
    staff, on = acting(request), local_day(request.now)
    waiting = apologies.to_sign(staff, on=on)
    for letter, fault in faults.items():
        if not waiting.filter(pk=letter).exists():
            messages.error(request, format_html("{}", fault), extra_tags="bad")
    lines = [
        {
            "letter": one,
            "dossier": one.dossier,
            "until": typed.get(f"hen-{one.pk}", f"{proposed.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"),
            "reason": typed.get(f"ly_do-{one.pk}", one.reason),
            "fault": faults.get(one.pk, ""),
            "is_only_letter": one.dossier.extension_count > 0 or one.dossier.ended_at is not None,
        }
        for one, proposed in apologies.signable(waiting[:ROWS], now=request.now)
    ]
    context = {
        "lines": lines,
        "whole": waiting.count(),
        "to_send": list(apologies.to_send(staff, on=on)[:ROWS]),
        "signs": bool(staff.roles & apologies.SIGNING),
        **frame(request, None),
    }
    return render(request, "officer/apologies.html", context, status=status)
