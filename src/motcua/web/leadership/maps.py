"""Bản đồ: the communes coloured by what they reach of an indicator, a group or the whole; the table behind; CSV."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from motcua.indicators import spread
from motcua.indicators.spread import Kind, Reached, Subject
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.live import scoring
from motcua.organisations import outlines
from motcua.organisations import queries as organisations
from motcua.organisations.outlines import Outlined
from motcua.organisations.types import UnitKind
from motcua.reports import figures, wording
from motcua.web.charts import maps
from motcua.web.charts.figures import NARROW, Chart, Table, as_csv
from motcua.web.charts.svg import Svg
from motcua.web.leadership import frame, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

WIDTH = 880.0
BY_GRADE, BY_FIFTHS = "muc", "deu"
TOO_LITTLE = "không phát sinh hoặc chưa đủ số liệu"
"""Of less than half of the points the figures are known."""

CUTTINGS = {BY_GRADE: "Theo mức xếp loại", BY_FIFTHS: "Năm phần bằng nhau"}


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show the map of the units below, or of the unit among its neighbours."""
    here = frame.standing(request, code)
    live = scoring.score(period=here.period, now=request.now)
    rules = live.evaluation.rules
    wanted = spread.subject(rules, request.GET.get("nd", spread.WHOLE))
    cutting = request.GET.get("chia", BY_GRADE)
    if wanted is None or cutting not in CUTTINGS:
        raise Http404
    around = _around(here)
    drawn = outlines.of_units(around)
    reached = {
        one.unit: one
        for one in spread.reached(live.evaluation.scorecard, wanted, units=here.led.intersection(around))
        if one.level == UnitKind.COMMUNE or one.unit in drawn
    }
    shares = [one.judged for one in reached.values() if one.judged is not None]
    cuts = spread.by_fifths(shares) if cutting == BY_FIFTHS else spread.by_grade(rules)
    classes = {code: _class(one, cuts) for code, one in reached.items()}
    ordered = sorted(reached.values(), key=lambda one: (one.judged is None, one.share or 0, one.name))
    found = finding(wanted, ordered, cuts)
    chart = _chart(here, wanted, ordered, found=found, classes=classes, drawn=drawn)
    if request.GET.get("dang") == "csv":
        response = HttpResponse(as_csv(chart.table), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="ban-do-{wanted.key}-{here.period}.csv"'
        return response
    context = {
        "chart": chart if drawn else None,
        "finding": chart.finding,
        "wanted": wanted,
        "choices": choices(rules),
        "cutting": cutting,
        "cuttings": list(CUTTINGS.items()),
        "legend": _legend(cuts, classes, rules, wanted, cutting, has_unseen=bool(drawn.keys() - reached.keys())),
        "rows": [
            {
                "name": one.name,
                "url": here.url(code=one.unit),
                "points": writing.points(one.points),
                "maximum": writing.points(one.maximum),
                "share": writing.percent(one.share),
                "class": classes[one.unit],
            }
            for one in ordered
        ],
        "csv": here.url("map", nd=wanted.key, chia=cutting, dang="csv"),
        **tabs(here),
        "undrawn": [one.name for one in ordered if one.unit not in drawn],
        "sources": sorted({one.source for one in drawn.values()}),
        "kept": [("nd", wanted.key), ("chia", cutting)],
        "rules": rules,
    }
    return frame.shown(request, "map.html", "map", context, standing=here, stamp=live.stamp)


def choices(rules: IndicatorSet) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be shown, for a list to choose from: the whole, then each group with its indicators."""
    found = spread.subjects(rules)
    lists: list[tuple[str, list[tuple[str, str]]]] = [("Toàn bộ", [(found[0].key, found[0].name)])]
    for one in found[1:]:
        if one.kind is Kind.GROUP:
            lists.append((one.name, [(one.key, f"Cả nhóm {one.name}")]))
        else:
            lists[-1][1].append((one.key, f"{one.number} {wording.short_name(one.name)}"))
    return lists


def tabs(here: Standing) -> dict[str, str]:
    """Return the addresses of the three ways to look at the units."""
    return {"map_url": here.url("map"), "heat_url": here.url("heat"), "explore_url": here.url("explore")}


def title(wanted: Subject) -> str:
    """Name the subject in a title."""
    return f"{wanted.number} {wording.short_name(wanted.name)}".strip()


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the legend."""

    swatch: Svg
    words: str
    count: int


def _around(here: Standing) -> list[str]:
    """Return the units to draw: those below; for a unit without any, its neighbours and itself."""
    units = organisations.units(on=here.today)
    below = [one.code for one in units if one.parent_code == here.unit.code]
    if below or here.unit.parent_code is None:
        return below
    return [one.code for one in units if one.parent_code == here.unit.parent_code]


def _class(one: Reached, cuts: Sequence[Fraction]) -> int | None:
    return None if one.judged is None else spread.class_of(one.judged, cuts)


def _chart(
    here: Standing,
    wanted: Subject,
    ordered: Sequence[Reached],
    *,
    found: str,
    classes: Mapping[str, int | None],
    drawn: Mapping[str, Outlined],
) -> Chart:
    reached = {one.unit: one for one in ordered}
    areas = [_area(here, outline, reached.get(code), classes.get(code)) for code, outline in drawn.items()]
    empty = Svg("")
    head = ("Đơn vị", "Mã", f"{title(wanted)}: điểm", "Điểm tối đa", "Tỷ lệ so với tối đa (%)", "Lớp (1 tốt nhất)")
    return Chart(
        finding=found,
        wide=maps.draw(areas, label=found, width=WIDTH, key="r") if areas else empty,
        narrow=maps.draw(areas, label=found, width=NARROW, key="h") if areas else empty,
        table=Table(head, tuple(_line(one, classes[one.unit]) for one in ordered)),
    )


def _line(one: Reached, step: int | None) -> tuple[str, ...]:
    percent = figures.number(one.share * 100, decimals=2) if one.share is not None else "–"
    place = "–" if step is None else str(step + 1)
    return one.name, one.unit, writing.points(one.points), writing.points(one.maximum), percent, place


def _area(here: Standing, outline: Outlined, one: Reached | None, step: int | None) -> maps.Area:
    if one is None:
        # Land is no secret, figures are: whoever does not lead the unit sees its outline only.
        said, url = "ngoài phạm vi được xem", ""
    else:
        said, url = _said(one, step), here.url(code=one.unit)
    return maps.Area(
        code=outline.code, name=outline.name, shape=outline.shape, said=said, step=step, url=url,
        short=_short(outline.name), is_here=outline.code == here.unit.code,
    )  # fmt: skip


def _said(one: Reached, step: int | None) -> str:
    if one.points is None:
        return "chưa có số liệu"
    known = f"{writing.points(one.points)} / {writing.points(one.maximum)} điểm"
    return known if step is not None else f"{known}, {TOO_LITTLE}"


def _short(name: str) -> str:
    """Return the name without the kind of unit, as maps write it."""
    return next((name.removeprefix(kind) for kind in ("Phường ", "Xã ", "Đặc khu ") if name.startswith(kind)), name)


def finding(wanted: Subject, ordered: Sequence[Reached], cuts: Sequence[Fraction]) -> str:
    """Say what is to be seen: how many units lie in the lowest class there is, and which lies lowest."""
    known = [(one, one.judged) for one in ordered if one.judged is not None]
    name = title(wanted)
    if not known:
        return f"{name}: chưa đơn vị nào đủ số liệu trong kỳ"
    if all(share == 1 for _, share in known):
        return f"{name}: {_all(len(known))} đạt điểm tối đa"
    worst = max(spread.class_of(share, cuts) for _, share in known)
    among = sum(spread.class_of(share, cuts) == worst for _, share in known)
    count = _all(among) if among == len(known) else f"{among} trên {len(known)} đơn vị"
    lowest, share = known[0]
    return f"{name}: {count} đạt {words_of(cuts, worst)}; thấp nhất là {lowest.name} ({writing.percent(share)})"


def _all(count: int) -> str:
    return f"cả {count} đơn vị" if count > 1 else "đơn vị duy nhất có số liệu"


def _legend(
    cuts: Sequence[Fraction],
    classes: Mapping[str, int | None],
    rules: IndicatorSet,
    wanted: Subject,
    cutting: str,
    *,
    has_unseen: bool,
) -> list[_Line]:
    counts = Counter(classes.values())
    grades = [grade.name_vi for grade in sorted(rules.grades, key=lambda one: -one.from_points)]
    is_graded = wanted.kind is Kind.WHOLE and cutting == BY_GRADE
    lines = []
    for step in range(len(cuts) + 1):
        words = words_of(cuts, step)
        if is_graded and step < len(grades):
            words = f"{grades[step]}: {words}"
        lines.append(_Line(maps.swatch(step, key=f"c{step}"), words, counts[step]))
    unseen = " hoặc ngoài phạm vi được xem" if has_unseen else ""
    if counts[None] or has_unseen:
        lines.append(_Line(maps.swatch(None, key="c9"), f"{TOO_LITTLE}{unseen}", counts[None]))
    return lines


def words_of(cuts: Sequence[Fraction], step: int) -> str:
    """Say which shares of the maximum a class holds."""

    def words(cut: Fraction) -> str:
        decimals = 0 if (cut * 100).denominator == 1 else 2
        return writing.percent(cut, decimals=decimals)

    if not cuts:
        return "mọi đơn vị"
    if step == 0:
        return f"từ {words(cuts[0])} điểm tối đa"
    if step == len(cuts):
        return f"dưới {words(cuts[-1])}"
    return f"từ {words(cuts[step])} đến dưới {words(cuts[step - 1])}"
