"""Xếp hạng: comparable units side by side, with the places that chance leaves open; seen and exported alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_GET

from motcua.indicators import ranking, spread
from motcua.indicators.ranking import Placed, Unranked
from motcua.indicators.score import UnitScore
from motcua.indicators.spread import Kind
from motcua.kernel import text
from motcua.lawbook.targets import RankingRule
from motcua.live import scoring
from motcua.live.scoring import LiveScore
from motcua.reports import figures, wording
from motcua.web.charts.bars import Dot, dots
from motcua.web.leadership import frame, ledger_contested, ledger_export, overview, rates, writing
from motcua.web.leadership.frame import Standing
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

HEAD = (
    "Hạng", "Có thể từ hạng", "Có thể đến hạng", "Mã đơn vị", "Đơn vị", "Cấp", "Quy mô", "Hồ sơ phải giải quyết",
    "Điểm", "Tối đa", "Cận dưới", "Cận trên", "Không phân biệt được với (số đơn vị)", "Ghi chú",
)  # fmt: skip
SORTS: Mapping[str, str] = {
    "hang": "Thứ hạng",
    "ten": "Tên đơn vị",
    "ho-so": "Số hồ sơ",
    "khoang": "Độ rộng của khoảng",
}
SIZES = ("Ít hồ sơ", "Trung bình", "Nhiều hồ sơ")
_CHART_MOST = 40
_WHY_UNRANKED = {
    Unranked.FEW: "Dưới số hồ sơ tối thiểu, không xếp hạng",
    Unranked.UNKNOWN: "Chưa có số liệu, không xếp hạng",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the group of units, the subject, size class, text, order."""

    level: str
    subject: str
    size: int | None
    words: str
    sort: str

    @classmethod
    def read(cls, query: QueryDict, *, levels: Sequence[str]) -> "Asked":
        """Read the address; what it names wrongly falls back to the first choice."""
        level, size, sort = query.get("cap", ""), query.get("quy-mo", ""), query.get("xep", "")
        return cls(
            level=level if level in levels else (levels[0] if levels else ""),
            subject=query.get("nhin", ""),
            size=int(size) if size in {"0", "1", "2"} else None,
            words=query.get("tim", "").strip(),
            sort=sort if sort in SORTS else "hang",
        )

    def query(self) -> str:
        """Return the address that asks for the same again."""
        given = {"cap": self.level, "nhin": self.subject, "tim": self.words, "xep": self.sort}
        size = {} if self.size is None else {"quy-mo": str(self.size)}
        return urlencode({name: value for name, value in (given | size).items() if value})


@dataclass(frozen=True, slots=True)
class Line:
    """One line as seen and exported."""

    placed: Placed
    size: int
    handled: int


@for_staff
@require_GET
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show or export the ranking of the units below (or, for a unit without any, of those of its own level)."""
    standing = frame.standing(request, code)
    live = scoring.score(period=standing.period, now=request.now)
    rule = rates.rule(standing.today)
    units = _comparable(live, standing)
    levels = list(dict.fromkeys(one.unit.level for one in units))
    asked = Asked.read(request.GET, levels=levels)
    lines = _lines(units, asked, live=live, rule=rule)
    shown = _ordered([one for one in lines if _matches(one, asked)], asked.sort)
    wanted = request.GET.get("tai", "")
    if wanted in ledger_export.KINDS:
        return ledger_export.response(wanted, name=f"xep-hang-{code}", head=HEAD, lines=[_cells(one) for one in shown])
    subject = rates.subject(asked.subject, live=live)
    ranked = [one for one in shown if one.placed.rank is not None]
    both = ledger_contested.by_unit(live) if subject.kind is Kind.WHOLE else {}
    context = {
        "asked": asked,
        "query": f"ky={standing.period}&{asked.query()}",
        "levels": [(one, wording.level(one)) for one in levels],
        "level_name": wording.level(asked.level).lower(),
        "subjects": [(one.key, f"{one.number} {one.name}".strip(), one.kind.value) for one in
                     spread.subjects(live.evaluation.rules)],
        "subject": subject,
        "sizes": list(enumerate(SIZES)) if rule.size_classes == len(SIZES) else [],
        "sorts": SORTS.items(),
        "rows": [_row(one, standing, both) for one in shown],
        "ranked": len(ranked),
        "unranked": len(shown) - len(ranked),
        "finding": _finding(lines),
        "chart": _chart(ranked, float(subject.maximum)),
        "chart_most": _CHART_MOST,
        "rule": rule,
        "rules": live.evaluation.rules,
        "kept": [(name, value) for name, value in request.GET.items() if name in {"cap", "nhin", "quy-mo", "xep"}],
    }  # fmt: skip
    return frame.shown(request, "ranking.html", "ranking", context, standing=standing, stamp=live.stamp)


def _comparable(live: LiveScore, standing: Standing) -> list[UnitScore]:
    """Return the units below that the reader leads, departments first; none where the period knows nothing."""
    if overview.find(live, standing.unit.code) is None:
        return []
    tree = live.evaluation.measures.tree
    below = {one for one in tree.below(standing.unit.code) if one in standing.led and one != standing.unit.code}
    found = [one for one in live.evaluation.scorecard.units if one.unit.code in below]
    return sorted(found, key=lambda one: (one.unit.level != "department", one.unit.level))


def _lines(units: Sequence[UnitScore], asked: Asked, *, live: LiveScore, rule: RankingRule) -> list[Line]:
    """Return the comparable units ranked; a size class is ranked within itself."""
    same = [one for one in units if one.unit.level == asked.level]
    handled = {one.unit.code: ranking.handled(one) for one in same}
    classes = ranking.size_classes(handled, classes=rule.size_classes) if handled else {}
    if asked.size is not None:
        same = [one for one in same if classes[one.unit.code] == asked.size]
    placed = rates.placed(same, asked.subject, live=live, rule=rule)
    return [Line(one, classes[one.candidate.code], handled[one.candidate.code]) for one in placed]


def _matches(line: Line, asked: Asked) -> bool:
    one = line.placed.candidate
    return not asked.words or text.fold(asked.words) in text.fold(f"{one.code} {one.name}")


def _ordered(lines: list[Line], sort: str) -> list[Line]:
    """Return the lines as asked; a rank stays the same however they are ordered."""
    match sort:
        case "ten":
            return sorted(lines, key=lambda one: text.fold(one.placed.candidate.name))
        case "ho-so":
            return sorted(lines, key=lambda one: -one.handled)
        case "khoang":
            return sorted(lines, key=lambda one: one.placed.candidate.band.low - one.placed.candidate.band.high)
        case _:
            return lines


def _row(line: Line, standing: Standing, both: Mapping[str, ledger_contested.BothFigures]) -> dict[str, object]:
    one, placed = line.placed.candidate, line.placed
    return {
        "rank": placed.rank,
        "places": f"{placed.best}–{placed.worst}" if placed.best != placed.worst else "",
        "alike": len(placed.alike),
        "why": _WHY_UNRANKED[placed.unranked] if placed.unranked else "",
        "name": wording.own_name(one.name),
        "url": standing.url(code=one.code),
        "size": SIZES[line.size] if line.size < len(SIZES) else "",
        "handled": figures.number(line.handled),
        "points": writing.points(one.points) if one.is_known else "–",
        "maximum": writing.points(one.maximum, decimals=0),
        "low": writing.points(Fraction(one.band.low)),
        "high": writing.points(Fraction(one.band.high)),
        "contested": both.get(one.code),
    }


def _cells(line: Line) -> list[ledger_export.Cell]:
    one, placed = line.placed.candidate, line.placed
    points: ledger_export.Cell = _two(one.points) if one.is_known else ""
    return [
        placed.rank or "", placed.best or "", placed.worst or "", one.code, one.name, wording.level(one.level),
        SIZES[line.size] if line.size < len(SIZES) else "", line.handled, points, _two(one.maximum),
        _two(Fraction(one.band.low)), _two(Fraction(one.band.high)), len(placed.alike) if placed.rank else "",
        _WHY_UNRANKED[placed.unranked] if placed.unranked else "",
    ]  # fmt: skip


def _two(value: Fraction) -> Decimal:
    return figures.rounded(value, decimals=2)


def _finding(lines: Sequence[Line]) -> str:
    """Say who leads, and whether chance alone could put somebody else there."""
    ranked = [one.placed for one in lines if one.placed.rank is not None]
    if not ranked:
        return "Chưa đơn vị nào đủ số liệu để xếp hạng"
    first = [one for one in ranked if one.rank == 1]
    rivals = sum(one.best == 1 for one in ranked)
    name = wording.own_name(first[0].candidate.name) if len(first) == 1 else f"{len(first)} đơn vị cùng điểm"
    said = f"{name} đứng đầu ({writing.points(first[0].candidate.points)})"
    if rivals == len(first) == 1:
        return f"{said}, cách rõ các đơn vị còn lại"
    return f"{said}, nhưng {rivals} đơn vị chưa phân biệt được ở hạng nhất"


def _chart(ranked: Sequence[Line], maximum: float) -> object:
    """Draw the first lines as dots with their bands; nothing to draw is no chart."""
    if not ranked:
        return None
    shown = [one.placed.candidate for one in ranked[:_CHART_MOST]]
    return dots(
        [Dot(wording.own_name(one.name), float(one.points), one.band.low, one.band.high) for one in shown],
        finding="Điểm và khoảng tin cậy: hai khoảng chồng lên nhau là chưa phân biệt được",
        head="Đơn vị", unit="điểm", maximum=maximum,
    )  # fmt: skip
