"""The published months, for everybody: the list, a month, a unit over the months, the files."""

from decimal import Decimal
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from motcua.publication import actions, queries, words
from motcua.publication.disclosed import PublicIssue
from motcua.publication.types import IssueRow
from motcua.web.charts import figures, trend
from motcua.web.citizen import publication_page
from motcua.web.middleware import StaffRequest

MONTHS_SHOWN = 60
"""Five years, as long as a month can be computed again."""
_FOR_EVER = "public, max-age=31536000, immutable"


@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """List the published months, the latest first, with the province's total over time."""
    found = queries.published()
    latest = _latest(found)[:MONTHS_SHOWN]
    issues = queries.several(latest, store=actions.default_store())
    top = issues[0].top if issues else None
    series = publication_page.over_months(issues[::-1], top.code) if top else None
    chart = _trend(series) if series else None
    if request.GET.get("tai") == "csv" and chart:
        return _csv(chart.table, "tong-diem-theo-thang")
    totals = [(issue, Decimal(issue.top.total) if issue.top else None) for issue in issues]
    editions = [sum(1 for row in found if row.month == one.month) for one in latest]
    lines = [
        {
            "month": row.month,
            "name": words.month(row.month),
            "total": words.points(total),
            "change": words.change(_change(total, totals[place + 1][1] if place + 1 < len(totals) else None)),
            "units": len(issue.units),
            "edition": words.edition(row.edition),
            "is_corrected": editions[place] > 1,
            "approved_at": row.approved_at,
        }
        for place, (row, (issue, total)) in enumerate(zip(latest, totals, strict=True))
    ]
    return render(request, "citizen/publications.html", {"lines": lines, "chart": chart, "top": top})


@require_GET
def month(request: StaffRequest, month: str, edition: int | None = None) -> HttpResponse:
    """Show a published month: its latest edition, or an earlier one by its number."""
    row = _public(month, edition)
    store = actions.default_store()
    earlier = queries.before(month)
    editions = queries.published_of(month)
    context = publication_page.month(
        queries.content(row, store=store),
        row,
        before=queries.content(earlier, store=store) if earlier else None,
        corrects=queries.content(_public(month, row.edition - 1), store=store) if row.edition > 1 else None,
    )
    context |= {
        "files": publication_page.downloads(queries.artifacts(row)),
        "editions": [
            {
                "edition": one.edition,
                "name": words.edition(one.edition),
                "approved_at": one.approved_at,
                "is_shown": one.edition == row.edition,
                "is_latest": one.edition == editions[0].edition,
            }
            for one in editions
        ],
        "is_latest": row.edition == editions[0].edition,
        "months": [(one.month, words.month(one.month)) for one in _latest(queries.published())][:MONTHS_SHOWN],
    }
    return render(request, "citizen/publication.html", context)


@require_GET
def unit(request: StaffRequest, code: str) -> HttpResponse:
    """Show a unit over the months, and every indicator of one of them."""
    latest = _latest(queries.published())[:MONTHS_SHOWN]
    issues = queries.several(latest, store=actions.default_store())
    having = [(row, issue) for row, issue in zip(latest, issues, strict=True) if issue.unit(code)]
    if not having:
        raise Http404
    asked = request.GET.get("thang", having[0][0].month)
    shown = next(((row, issue) for row, issue in having if row.month == asked), None)
    series = publication_page.over_months([issue for _, issue in having][::-1], code)
    if shown is None or series is None:
        raise Http404
    row, issue = shown
    one = issue.unit(code)
    assert one is not None  # noqa: S101 - the issue has it; for the type checker
    chart = _trend(series)
    if request.GET.get("tai") == "csv":
        return _csv(chart.table, f"tong-diem-{code}")
    context = {
        "unit": one,
        "name": words.unit(one.name),
        "level": words.level(one.level),
        "total": words.points(one.total),
        "chart": chart,
        "row": row,
        "month_name": words.month(row.month),
        "rows": publication_page.rows(issue, one),
        "suppression": words.suppression(issue),
        "months": [_of_month(other, code, is_shown=mine.month == row.month) for mine, other in having],
        "group_heads": issue.groups,
    }
    return render(request, "citizen/publication_unit.html", context)


@require_GET
def download(request: StaffRequest, month: str, edition: int, name: str) -> HttpResponse:
    """Hand out one published file, byte by byte as it was signed and recorded."""
    del request
    row = _public(month, edition)
    found = next((one for one in queries.artifacts(row) if one.name == name), None)
    if found is None:
        raise Http404
    kind = f"{found.media_type}; charset=utf-8" if found.media_type.startswith("text/") else found.media_type
    answer = HttpResponse(actions.default_store().get(found.sha256), content_type=kind)
    stem, _, ending = name.rpartition(".")
    saved = f"bo-chi-so-{month}-ban-{edition}-{stem}.{ending}"
    shown = "inline" if ending == "pdf" else "attachment"
    answer["Content-Disposition"] = f"{shown}; filename=\"{saved}\"; filename*=UTF-8''{quote(saved)}"
    # An edition never changes; its address names it.
    answer["Cache-Control"], answer["ETag"] = _FOR_EVER, f'"{found.sha256}"'
    return answer


def _public(month: str, edition: int | None) -> IssueRow:
    """Return the public issue; a draft reads as not existing.

    Raises:
        Http404: there is none.
    """
    try:
        return queries.public_issue(month, edition)
    except queries.NoIssueError as error:
        raise Http404 from error


def _latest(found: list[IssueRow]) -> list[IssueRow]:
    """Return the latest edition of every month; ``found`` is in the order of ``queries.published``."""
    return list({row.month: row for row in reversed(found)}.values())[::-1]


def _trend(series: trend.Series) -> figures.Chart:
    values = [point.value for point in series.points if point.value is not None]
    moved = words.change(Decimal(str(values[-1])) - Decimal(str(values[0]))) if len(values) > 1 else ""
    since = series.points[0].label
    finding = (
        f"{series.name}: {figures.shown(values[-1])} điểm, {moved} so với {since}"
        if moved
        else f"{series.name}: {figures.shown(values[-1])} điểm"
    )
    return trend.chart([series], finding=finding, unit="điểm", low=0)


def _change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else now - before


def _of_month(issue: PublicIssue, code: str, *, is_shown: bool) -> dict[str, object]:
    one = issue.unit(code)
    assert one is not None  # noqa: S101 - only issues that have it are asked; for the type checker
    return {
        "month": issue.month,
        "name": words.short_month(issue.month),
        "total": words.points(one.total),
        "rank": f"{one.rank}/{one.rank_of}",
        "groups": [
            {"code": group["code"], "points": words.points(one.groups.get(group["code"]))} for group in issue.groups
        ],
        "is_shown": is_shown,
    }


def _csv(table: figures.Table, name: str) -> HttpResponse:
    answer = HttpResponse(figures.as_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
