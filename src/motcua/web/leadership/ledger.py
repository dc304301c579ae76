"""Sổ mất điểm: every dossier that loses points of a unit, by points a dossier, and what hangs on no dossier."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from motcua.catalogue.models import Procedure
from motcua.indicators.items import LossItem
from motcua.indicators.score import UnitScore
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.live import ledger, ledger_items, ledger_rows, scoring
from motcua.live.ledger import Balance, Mark
from motcua.live.ledger_items import ItemLoss
from motcua.live.ledger_scene import Place
from motcua.live.scoring import LiveScore
from motcua.reports import figures, wording
from motcua.web.leadership import frame, ledger_contested, ledger_export, ledger_page
from motcua.web.leadership.ledger_page import Asked
from motcua.web.middleware import StaffRequest
from motcua.web.officer import my_points_lines
from motcua.web.officer.frame import acting, for_staff
from motcua.web.officer.my_points_lines import Reader

COUNTED_AT_ONCE = 20_000
"""Up to so many lost marks the list is counted with the page; beyond, the count follows by itself."""
EXPORT_DOSSIERS = 100_000
ITEMS = 50


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the ledger of a unit and all below it, or export exactly what it lists."""
    standing = frame.standing(request, code)
    live = scoring.score(period=standing.period, now=request.now)
    scored = _scored(live, code)
    if scored is None:
        context: dict[str, Any] = {"scored": None}
        return frame.shown(request, "ledger.html", "ledger", context, standing=standing, stamp=live.stamp)
    marks = my_points_lines.marks_for(live, code)
    tree = live.evaluation.measures.tree
    asked = Asked.read(request.GET, rules=live.evaluation.rules, tree=tree, code=code)
    reader = Reader(acting(request), local_day(request.now))
    balance = ledger.balance(
        scored, rules=live.evaluation.rules, unlisted=ledger_items.unlisted(live, unit=code, marks=marks)
    )
    if request.GET.get("phan") == "khac":
        return _items(request, standing, live, scored, balance)
    scene = asked.scene(live, code=code)
    wanted = request.GET.get("tai", "")
    if wanted in ledger_export.KINDS:
        found = list(ledger_rows.everything(scene, marks=marks, narrowing=asked.narrowing, limit=EXPORT_DOSSIERS))
        written = ledger_page.file_lines(reader.lines(found, tree=tree))
        return ledger_export.response(wanted, name=f"mat-diem-{code}", head=ledger_page.HEAD, lines=written)
    after = Place.parse(request.GET.get("sau", ""))
    page = ledger_rows.page(scene, marks=marks, narrowing=asked.narrowing, after=after)
    lines = reader.lines(page.dossiers, tree=tree)
    is_small = sum(mark.loss.missing or 0 for mark in marks) <= COUNTED_AT_ONCE
    query = _query(request)
    context = {
        **_of_the_loss(live, scored, balance, marks),
        "asked": asked,
        "lines": lines,
        "reasons": my_points_lines.reasons_shown(lines),
        "reason_choices": ledger_page.reasons_of(marks),
        "units": ledger_page.unit_choices(tree, code),
        "tally": _tally(live, asked, marks, code) if is_small else None,
        "count_url": standing.url("ledger_count") + f"&{query}",
        "next": my_points_lines.next_address(page.next, query),
        "is_first": after is None,
        "query": query,
        "kept": [(name, request.GET[name]) for name in _KEPT if request.GET.get(name)],
        "export_limit": EXPORT_DOSSIERS,
    }
    return frame.shown(request, "ledger.html", "ledger", context, standing=standing, stamp=live.stamp)


@for_staff
@require_GET
def count(request: StaffRequest, code: str) -> HttpResponse:
    """Say how many dossiers the list holds and what they lose together; a long list asks for it after the page."""
    standing = frame.standing(request, code)
    live = scoring.score(period=standing.period, now=request.now)
    marks = my_points_lines.marks_for(live, code)
    asked = Asked.read(request.GET, rules=live.evaluation.rules, tree=live.evaluation.measures.tree, code=code)
    return render(request, "leadership/ledger_count.html", {"tally": _tally(live, asked, marks, code)})


_KEPT = ("chi-so", "tthc", "sua", "ly")
"""Filters that mean the same in another unit."""


def _items(request: StaffRequest, standing: frame.Standing, live: LiveScore, scored: UnitScore,
           balance: Balance) -> HttpResponse:  # fmt: skip
    listed = ledger_items.listed(live, losses=balance.others)
    rows = [(one, item) for one in listed for item in one.items]
    wanted = request.GET.get("tai", "")
    names = dict(
        Procedure.objects.filter(code__in={item.procedure_code for _, item in rows if item.procedure_code}).values_list(
            "code", "name"
        )
    )
    if wanted in ledger_export.KINDS:
        lines = [_item_cells(one, item, names, live) for one, item in rows]
        return ledger_export.response(wanted, name=f"mat-diem-khac-{standing.unit.code}", head=_ITEM_HEAD, lines=lines)
    begin = _begin(request, most=len(rows))
    shown = rows[begin : begin + ITEMS]
    rules = live.evaluation.rules
    context = {
        **_of_the_loss(live, scored, balance, my_points_lines.marks_for(live, standing.unit.code)),
        "part": "khac",
        "losses": [
            {
                "number": one.indicator.number, "name": wording.short_name(one.indicator.name_vi),
                "lost": figures.number(one.loss.lost, decimals=2), "items": len(one.items),
                "share": my_points_lines.share(one.share), "remedy": one.indicator.remedy_vi, "unlisted": one.unlisted,
                "factor": _factor(one, live),
                "inherited": one.loss.responsible if one.loss.responsible != standing.unit.code else "",
            }
            for one in listed
        ],
        "rows": [
            {"item": item, "number": one.indicator.number, "name": wording.short_name(one.indicator.name_vi),
             "procedure": names.get(item.procedure_code or "", ""), "share": my_points_lines.share(one.share),
             "unit": live.evaluation.measures.tree.name(item.unit_code)}
            for one, item in shown
        ],
        "total": len(rows),
        "first": begin + 1,
        "last": begin + len(shown),
        "next": f"?{_query(request)}&tu-dong={begin + ITEMS}" if begin + ITEMS < len(rows) else "",
        "unknown": [
            {"number": indicator.number, "name": wording.short_name(indicator.name_vi),
             "lost": figures.number(loss.lost, decimals=2), "basis": wording.basis(loss.row.basis)}
            for loss in balance.unknown
            if (indicator := rules.indicator(loss.row.code)) is not None
        ],
        "query": _query(request),
        "kept": [("phan", "khac")],
    }  # fmt: skip
    return frame.shown(request, "ledger_items.html", "ledger", context, standing=standing, stamp=live.stamp)


_ITEM_HEAD = ("Chỉ số", "Tên chỉ số", "Mã", "Thủ tục", "Mã đơn vị", "Đơn vị", "Điểm mất", "Vì sao", "Căn cứ",
              "Còn sửa được")  # fmt: skip


def _item_cells(
    one: ItemLoss, item: LossItem, names: dict[str, str], live: LiveScore
) -> tuple[ledger_export.Cell, ...]:
    return (
        one.indicator.number, one.indicator.name_vi, item.code, names.get(item.procedure_code or "", ""),
        item.unit_code, live.evaluation.measures.tree.name(item.unit_code),
        figures.rounded(one.share * item.weight, decimals=10), "; ".join(why.text_vi for why in item.reasons),
        "; ".join(f"{why.citation.document}, {why.citation.where}" for why in item.reasons),
        "Có" if item.is_repairable else "Không",
    )  # fmt: skip


def _factor(one: ItemLoss, live: LiveScore) -> str:
    """Name the indicator whose ratio takes the points where nothing is missing of this one's own."""
    if one.items or one.loss.missing:
        return ""
    by = live.evaluation.rules.indicator(one.indicator.times_ratio_of or "")
    return f"{by.number} {wording.short_name(by.name_vi)}" if by else ""


def _of_the_loss(live: LiveScore, scored: UnitScore, balance: Balance, marks: tuple[Mark, ...]) -> dict[str, Any]:
    """Return what both parts of the ledger say above: how much, by what, and with and without contests."""
    told = my_points_lines.marks_told(marks)
    return {
        "scored": scored,
        "lost": figures.number(balance.lost, decimals=2),
        "account": ledger_page.account(balance),
        "marks": told,
        "most": told[0] if told else None,
        "contested": ledger_contested.by_unit(live).get(scored.unit.code),
        "rules": live.evaluation.rules,
    }


def _tally(live: LiveScore, asked: Asked, marks: tuple[Mark, ...], code: str) -> dict[str, str]:
    found = ledger_rows.tally(asked.scene(live, code=code), marks=marks, narrowing=asked.narrowing)
    return {
        "dossiers": figures.number(found.dossiers),
        "points": figures.number(found.points, decimals=2),
        "repairable": figures.number(found.repairable),
    }


def _begin(request: StaffRequest, *, most: int) -> int:
    text = request.GET.get("tu-dong", "0")
    if not text.isdecimal() or int(text) > max(most, 0):
        raise UserError("Không đọc được vị trí trang trong địa chỉ.", remedy="Hãy mở lại từ trang đầu.")
    return int(text)


def _query(request: StaffRequest) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in {"sau", "tai", "tu-dong"}}
    return urlencode(kept)


def _scored(live: LiveScore, code: str) -> UnitScore | None:
    return next((one for one in live.evaluation.scorecard.units if one.unit.code == code), None)
