"""What the ledger's page says: filters from the address, the account of the loss, one line a dossier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.facts.reasons import Reason
from motcua.facts.units import UnitTree
from motcua.kernel.errors import UserError
from motcua.kernel.time import local
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.live import losing_marks
from motcua.live.ledger import Balance, Mark, Narrowing
from motcua.live.ledger_rows import LosingDossier
from motcua.live.ledger_scene import Scene
from motcua.live.scoring import LiveScore
from motcua.reports import figures
from motcua.web.leadership.ledger_export import Cell

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
    def read(cls, query: Mapping[str, str], *, rules: IndicatorSet, tree: UnitTree, code: str) -> "Asked":
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
            "chỉ số": asked.indicator and asked.indicator not in {one.code for one in rules.indicators},
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
        return Scene.of_score(live, unit=self.unit or code, procedure=self.procedure, officer=self.officer)


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


def account(balance: Balance) -> list[dict[str, Any]]:
    """Return the account of the loss, line by line; what rounds to 0,00 is left out."""
    lines = [
        ("Do từng hồ sơ (danh sách dưới đây)", balance.dossiers, ""),
        ("Do thủ tục, dịch vụ, quyết định, phản ánh, đơn vị", balance.other_points, "khac"),
        ("Hồ sơ không nguồn nào cho biết đã đồng bộ, hoặc chỉ có trong báo cáo", balance.unlisted, ""),
        (f"{len(balance.unknown)} chỉ số chưa có số liệu hoặc không phát sinh", balance.unknown_points, "khac"),
        ("Làm tròn điểm của nhóm", balance.rounding, ""),
    ]
    return [
        {"name": name, "points": figures.number(points, decimals=2), "part": part}
        for name, points, part in lines
        if figures.rounded(points, decimals=2)
    ]


def reasons_of(marks: Sequence[Mark]) -> list[Reason]:
    """Return every reason for which one of the marks may be lost, in the order of the list."""
    bits = 0
    for mark in marks:
        bits |= mark.lost_by.bits
    return list(losing_marks.reasons(bits))


def unit_choices(tree: UnitTree, code: str) -> list[tuple[str, str]]:
    """Return the units below the page's own."""
    below = tree.below(code) if code in tree.places else ()
    return [(other, tree.name(other)) for other in below if other != code]


def _moment(value: datetime | None) -> str:
    return f"{local(value):%d/%m/%Y %H:%M}" if value else ""
