"""What the ledger's page says: filters from the address, the account of the loss, one line a dossier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.urls import reverse

from motcua.catalogue.models import Procedure
from motcua.contests import access as contests
from motcua.contests.types import STATE_NAMES, ContestState
from motcua.dossiers import access as dossiers
from motcua.facts.reasons import REASONS, Reason
from motcua.facts.units import UnitTree
from motcua.kernel.errors import UserError
from motcua.kernel.time import local
from motcua.live import contested, ledger, losing_marks
from motcua.live.ledger import Balance, Mark, Narrowing
from motcua.live.ledger_rows import LosingDossier
from motcua.live.ledger_scene import Place, Scene
from motcua.live.scoring import LiveScore
from motcua.organisations.types import StaffRef
from motcua.reports import figures, wording
from motcua.web.leadership.ledger_export import Cell
from motcua.web.officer import my_points_access

REPAIR = {"co": "yes", "khong": "no"}
"""How the filter «còn sửa được» stands in the address."""
_EXACT = 10
"""Decimals of a share in a file: what is rounded there is below a billionth of a point."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Bộ lọc của trang, as the address gives it."""

    indicator: str
    procedure: str
    unit: str
    officer: str
    repair: str
    reason: str

    @classmethod
    def read(cls, query: Mapping[str, str], *, marks: Sequence[Mark], tree: UnitTree, code: str) -> "Asked":
        """Read the filters.

        Raises:
            UserError: one names what there is not.
        """
        asked = cls(
            indicator=query.get("chi-so", ""), procedure=query.get("tthc", "").strip(), unit=query.get("dv", ""),
            officer=query.get("cb", "").strip(), repair=query.get("sua", ""), reason=query.get("ly", ""),
        )  # fmt: skip
        below = tree.below(code) if code in tree.places else ()
        wrong = {
            "chỉ số": asked.indicator and asked.indicator not in {mark.indicator.code for mark in marks},
            "đơn vị": asked.unit and asked.unit not in below,
            "còn sửa được": asked.repair and asked.repair not in REPAIR,
            "lý do": asked.reason and asked.reason not in losing_marks.BITS,
            "thủ tục": "\0" in asked.procedure,
            "cán bộ": "\0" in asked.officer,
        }
        named = [name for name, is_wrong in wrong.items() if is_wrong]
        if named:
            raise UserError(
                f"Bộ lọc {', '.join(named)} không dùng được ở đơn vị và kỳ này.", remedy="Hãy bỏ lọc rồi chọn lại."
            )
        return asked

    @property
    def narrowing(self) -> Narrowing:
        """The filters over marks."""
        return Narrowing(indicator=self.indicator, reason=self.reason, repair=REPAIR.get(self.repair, ""))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return any((self.indicator, self.procedure, self.unit, self.officer, self.repair, self.reason))

    def scene(self, live: LiveScore, *, code: str) -> Scene:
        """Return where to look: the unit asked for below the page's own."""
        evaluation = live.evaluation
        return Scene.of(
            live.layout, unit=self.unit or code, period=evaluation.period, on=evaluation.on,
            procedure=self.procedure, officer=self.officer,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the list, and what may be named to them."""

    staff: StaffRef
    day: date

    def lines(self, found: Sequence[LosingDossier], *, tree: UnitTree) -> list[dict[str, Any]]:
        """Return the dossiers with names, links, and where their contests stand."""
        codes = [one.code for one in found]
        opened = set(dossiers.visible(self.staff, on=self.day).filter(code__in=codes).values_list("code", flat=True))
        procedures = dict(
            Procedure.objects.filter(code__in={one.procedure_code for one in found}).values_list("code", "name")
        )
        officers = my_points_access.names(self.staff, {one.officer_code for one in found}, on=self.day)
        states = contested.states(codes)
        may_file = {
            unit: contests.may_file(self.staff, unit_code=unit, on=self.day)
            for unit in {one.unit_code for one in found}
        }
        return [
            {
                "dossier": one,
                "url": reverse("officer:dossier", args=[one.code]) if one.code in opened else "",
                "procedure": procedures.get(one.procedure_code, ""),
                "unit": tree.name(one.unit_code),
                "officer": officers.get(one.officer_code, ""),
                "points": share(one.points),
                "marks": [
                    {
                        "number": lost.mark.indicator.number,
                        "name": wording.short_name(lost.mark.indicator.name_vi),
                        "points": share(lost.mark.share),
                        "reasons": lost.reasons,
                        "is_repairable": lost.is_repairable,
                        "contest": STATE_NAMES[ContestState(state)] if state else "",
                        "contest_url": reverse("officer:contest_new", args=[one.code, lost.mark.indicator.code])
                        if may_file[one.unit_code] and state not in {"filed", "approved"}
                        else "",
                    }
                    for lost in one.marks
                    for state in [states.get((one.code, lost.mark.indicator.code), "")]
                ],
            }
            for one in found
        ]


HEAD = (
    "Mã hồ sơ", "Mã thủ tục", "Thủ tục", "Mã đơn vị", "Đơn vị", "Mã cán bộ", "Cán bộ", "Tiếp nhận", "Hạn tính điểm",
    "Điểm mất của hồ sơ", "Chỉ số", "Tên chỉ số", "Điểm mất ở chỉ số", "Vì sao", "Quy tắc", "Căn cứ", "Còn sửa được",
    "Kiến nghị",
)  # fmt: skip


def file_lines(lines: Iterable[Mapping[str, Any]]) -> Iterable[Sequence[Cell]]:
    """Go through the lines of the export: one for each mark, the dossier's sum beside each of its marks."""
    for line in lines:
        one: LosingDossier = line["dossier"]
        for lost, mark in zip(one.marks, line["marks"], strict=True):
            yield (
                one.code, one.procedure_code, line["procedure"], one.unit_code, line["unit"], one.officer_code,
                line["officer"], _moment(one.received_at), _moment(one.due_at),
                figures.rounded(one.points, decimals=_EXACT), mark["number"], lost.mark.indicator.name_vi,
                figures.rounded(lost.mark.share, decimals=_EXACT), "; ".join(why.text_vi for why in lost.reasons),
                " ".join(why.rule_vi for why in lost.reasons),
                "; ".join(f"{why.citation.document}, {why.citation.where}" for why in lost.reasons),
                "Có" if lost.is_repairable else "Không", mark["contest"],
            )  # fmt: skip


def share(value: Fraction) -> str:
    """Write the points of one dossier: two decimals, or as many as show three figures of a small one."""
    decimals = 2
    while decimals < 8 and abs(value) * 10**decimals < 100:
        decimals += 1
    return figures.number(value, decimals=decimals)


def marks_told(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Return, for each indicator, how its loss is divided: among how many, how much each, what one more brings."""
    return [
        {
            "code": mark.indicator.code,
            "number": mark.indicator.number,
            "name": wording.short_name(mark.indicator.name_vi),
            "lost": figures.number(mark.loss.lost, decimals=2),
            "missing": mark.loss.missing,
            "share": share(mark.share),
            "one_more": share(mark.loss.one_more) if mark.loss.one_more is not None else "–",
            "to_fill": mark.loss.to_fill,
            "is_capped_early": mark.loss.to_fill is not None and mark.loss.to_fill < (mark.loss.missing or 0),
            "remedy": mark.indicator.remedy_vi,
        }
        for mark in sorted(marks, key=lambda one: -one.loss.lost)
    ]


def account(balance: Balance) -> list[dict[str, Any]]:
    """Return the account of the loss, line by line; the lines add up to the last."""
    lines = [
        ("Do từng hồ sơ (danh sách dưới đây)", balance.dossiers, ""),
        ("Do thủ tục, dịch vụ, quyết định, phản ánh, đơn vị", balance.other_points, "khac"),
        ("Hồ sơ có trong báo cáo, không thấy trong dữ liệu", balance.unlisted, ""),
        (f"{len(balance.unknown)} chỉ số chưa có số liệu hoặc không phát sinh", balance.unknown_points, "khac"),
        ("Làm tròn điểm của nhóm", balance.rounding, ""),
    ]
    return [
        {"name": name, "points": figures.number(points, decimals=2), "part": part}
        for name, points, part in lines
        if points
    ]


def reasons_of(marks: Sequence[Mark]) -> list[Reason]:
    """Return every reason for which one of the marks may be lost, in the order of the list."""
    bits = 0
    for mark in marks:
        bits |= mark.lost_by.bits
    return list(losing_marks.reasons(bits))


def reasons_shown(lines: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """Return the reasons that occur in the lines, each once: their rules and citations stand below the list."""
    codes = {why.code for line in lines for mark in line["marks"] for why in mark["reasons"]}
    return [REASONS[code] for code in losing_marks.BITS if code in codes]


def unit_choices(tree: UnitTree, code: str) -> list[tuple[str, str]]:
    """Return the units below the page's own."""
    below = tree.below(code) if code in tree.places else ()
    return [(other, tree.name(other)) for other in below if other != code]


def next_address(place: Place | None, query: str) -> str:
    """Return where the next page stands, with the same filters."""
    return f"?{query}&sau={place}" if place else ""


def marks_for(live: LiveScore, code: str) -> tuple[Mark, ...]:
    """Return what one dossier loses at each indicator of the unit; nothing where the unit is not scored."""
    card = live.evaluation.scorecard
    scored = next((one for one in card.units if one.unit.code == code), None)
    return ledger.marks(scored, rules=live.evaluation.rules) if scored else ()


def _moment(value: datetime | None) -> str:
    return f"{local(value):%d/%m/%Y %H:%M}" if value else ""
