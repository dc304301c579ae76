"""Bản tin tháng as PDF, laid out as Nghị định 30/2020/NĐ-CP has official letters, from frozen results only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from motcua.forms.pdf import FONT
from motcua.kernel.errors import UserError
from motcua.publication import comparing, drawing, words
from motcua.publication.comparing import Difference, Move
from motcua.publication.disclosed import PublicIssue, PublicUnit

_TEMPLATE = Path(__file__).parent / "bulletin.typ"
_MOST_DIFFERENCES = 40
"""Printed; the CSV has all of them."""
_MOST_BARS = 8
_FIGURES: Mapping[str, str] = {
    "points": "điểm", "numerator": "tử số", "denominator": "mẫu số", "rank": "thứ hạng",
}  # fmt: skip
_NAMED: Mapping[str, str] = {"TOTAL": "Tổng điểm", "RANK": "Thứ hạng"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a bulletin says beside the figures: its day, its file's digest, whether it will be signed."""

    made_on: date
    sha256: str
    """Of the frozen result."""
    is_signed: bool
    before: PublicIssue | None
    """The month before, None where it was not published."""
    corrects: PublicIssue | None
    """The edition before, for a correction."""


class Press:
    """Typesets bulletins with fonts and template kept in memory. Safe to share between threads."""

    def __init__(self, fonts: Path) -> None:
        """Load the fonts found under the folder, and none of the machine's.

        Raises:
            UserError: the font is not there.
        """
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        if FONT not in found.families():
            raise UserError(
                f"Không tìm thấy phông chữ {FONT} để in bản tin.",
                remedy="Hãy chạy ./run setup để cài đặt phông chữ.",
                where=str(fonts),
            )
        self._compiler = typst.Compiler(input=_TEMPLATE, root=_TEMPLATE.parent, font_paths=found)
        self._lock = Lock()

    def pdf(self, issue: PublicIssue, occasion: Occasion) -> bytes:
        """Return the bulletin as PDF/A-2a with tagged text; the same issue and occasion give the same bytes."""
        content = json.dumps(_content(issue, occasion), ensure_ascii=False)
        with self._lock:
            made = self._compiler.compile(
                format="pdf",
                sys_inputs={"bulletin": content},
                pdf_standards="a-2a",
                timestamp=datetime.combine(occasion.made_on, time(), UTC),
            )
        assert isinstance(made, bytes)  # noqa: S101 - a list only for pictures; for the type checker
        return made


@cache
def press(fonts: Path) -> Press:
    """Return the one press of this process for these fonts."""
    return Press(fonts)


def number(issue: PublicIssue) -> str:
    """Return the number of the letter: month and year, and which correction."""
    month = words.short_month(issue.month).replace("/", "-")
    return f"{month}{f'-ĐC{issue.edition - 1}' if issue.edition > 1 else ''}/TB-BCS"


def _content(issue: PublicIssue, occasion: Occasion) -> dict[str, Any]:
    moves = comparing.moves(occasion.before, issue)
    top = issue.top
    owner, day = top.name if top else "", occasion.made_on
    return {
        "title": f"{words.TITLE} {words.month(issue.month)}",
        "parent": f"Ủy ban nhân dân {owner}",
        "office": "Văn phòng",
        "number": number(issue),
        "place_and_day": f"{_place(owner)}, ngày {day.day:02} tháng {day.month:02} năm {day.year}",
        "edition_name": "" if issue.edition == 1 else f"{words.edition(issue.edition)}, công bố bên cạnh bản trước",
        "finding": words.finding(issue, moves),
        "lead": _lead(issue),
        "groups": _groups(issue, occasion.before),
        "levels": [_level(issue, level, moves) for level in issue.levels if not _is_top_only(issue, level)],
        "correction": _correction(issue, occasion.corrects),
        "method": _method(issue, occasion),
        "signed_as": "Văn phòng",
        "signed_note": "Văn bản được ký số bằng chứng thư của cơ quan; mở chữ ký trong trình đọc PDF để kiểm tra."
        if occasion.is_signed
        else "Chưa ký số: cơ quan chưa cấu hình chứng thư.",
    }


def _place(owner: str) -> str:
    """Return the place of signing: the province's name without its kind."""
    for kind in ("Tỉnh ", "Thành phố ", "tỉnh ", "thành phố "):
        owner = owner.removeprefix(kind)
    return owner[:1].upper() + owner[1:]


def _lead(issue: PublicIssue) -> str:
    frozen_at = words.moment(datetime.fromisoformat(issue.frozen["frozen_at"]))
    late = words.late(issue)
    return f"Số liệu chốt lúc {frozen_at}, theo {issue.frozen['rules']['name_vi']}. {late}".strip()


def _groups(issue: PublicIssue, before: PublicIssue | None) -> dict[str, Any]:
    top = issue.top
    if top is None:
        return {"heading": "Điểm từng nhóm", "picture": drawing.bars([]), "alt": "", "key": "", "table": _table([], [])}
    old = before.unit(top.code) if before else None
    changes = comparing.group_changes(old, top)
    bars, rows = [], []
    for one in issue.groups:
        points = top.groups.get(one["code"], "0")
        said = f"{words.points(points)}/{words.maximum(one['max_points'])}"
        bars.append(
            drawing.Bar(
                one["name_vi"], float(points), float(one["max_points"]), _float(old, one["code"]) if old else None, said
            )
        )
        is_missing = one["code"] in top.missing
        rows.append([
            one["name_vi"], words.maximum(one["max_points"]), words.points(points),
            words.change(changes.get(one["code"])), "chưa có số liệu" if is_missing else "",
        ])  # fmt: skip
    lost = {one["code"]: Decimal(one["max_points"]) - Decimal(top.groups.get(one["code"], "0")) for one in issue.groups}
    most = max(issue.groups, key=lambda one: lost[one["code"]])
    return {
        "heading": f"Mất nhiều điểm nhất ở nhóm {most['name_vi']} ({words.points(lost[most['code']])} điểm)",
        "picture": drawing.bars(bars),
        "alt": "; ".join(f"{bar.name}: {bar.said} điểm" for bar in bars),
        "key": "Khung: điểm tối đa của nhóm; thanh đậm: tháng này"
        + ("; vạch đứng: tháng trước." if old else "; tháng trước chưa công bố."),
        "table": _table(
            ["Nhóm chỉ số", "Tối đa", "Điểm", "So với tháng trước", "Ghi chú"], rows,
            widths=["name", "15mm", "15mm", "24mm", "27mm"], left=[0, 4],
        ),
    }  # fmt: skip


def _float(unit: PublicUnit, group: str) -> float | None:
    return float(unit.groups[group]) if group in unit.groups else None


def _is_top_only(issue: PublicIssue, level: str) -> bool:
    return [unit.code for unit in issue.of_level(level)] == ([issue.top.code] if issue.top else [])


def _level(issue: PublicIssue, level: str, moves: Sequence[Move]) -> dict[str, Any]:
    units = issue.of_level(level)
    best = [words.unit(unit.name) for unit in units if unit.rank == 1]
    moved = {move.code: move for move in moves}
    maximum = float(issue.frozen["rules"]["max_points"])
    named = "; ".join(best[:2]) + (f" và {len(best) - 2} đơn vị khác" if len(best) > 2 else "")
    bars = [
        drawing.Bar(
            _short(words.unit(unit.name)),
            float(unit.total),
            maximum,
            _before(moved.get(unit.code)),
            words.points(unit.total),
        )
        for unit in units[:_MOST_BARS]
    ]
    rows = [
        [
            str(unit.rank), words.unit(unit.name),
            *(words.points(unit.groups.get(one["code"])) for one in issue.groups),
            words.points(unit.total), words.change(moved[unit.code].change),
        ]
        for unit in units
    ]  # fmt: skip
    heading = f"{words.level(level)} ({len(units)} đơn vị): dẫn đầu là {named}"
    head = ["Hạng", "Đơn vị", *(one["code"] for one in issue.groups), "Tổng", "Thay đổi"]
    return {
        "heading": heading,
        "picture": drawing.bars(bars) if len(units) > 1 else "",
        "alt": "; ".join(f"{bar.name}: {bar.said} điểm" for bar in bars),
        "table": _table(head, rows, widths=["auto", "name", *(["auto"] * len(issue.groups)), "auto", "auto"], left=[1]),
    }


def _before(move: Move | None) -> float | None:
    return float(move.before) if move is not None and move.before is not None else None


def _short(name: str) -> str:
    return name if len(name) <= 30 else f"{name[:29]}…"


def _correction(issue: PublicIssue, corrects: PublicIssue | None) -> dict[str, Any] | None:
    if corrects is None:
        return None
    found = comparing.differences(corrects, issue)
    units = len({one.unit_code for one in found})
    return {
        "reason": issue.frozen["reason"],
        "summary": f"Bản này khác {words.edition(corrects.edition)} ở {len(found)} số liệu của {units} đơn vị."
        " Bản trước vẫn được giữ nguyên, công khai bên cạnh."
        if found
        else "Không số liệu công bố nào khác bản trước. Bản trước vẫn được giữ nguyên, công khai bên cạnh.",
        "table": _table(
            ["Đơn vị", "Chỗ thay đổi", "Số liệu", "Trước", "Sau"],
            [_difference(one, issue) for one in found[:_MOST_DIFFERENCES]],
            widths=["name", "42mm", "18mm", "20mm", "20mm"], left=[0, 1, 2],
        ),
        "more": f"Còn {len(found) - _MOST_DIFFERENCES} số liệu khác: xem tệp dinh-chinh.csv."
        if len(found) > _MOST_DIFFERENCES
        else "",
    }  # fmt: skip


def _difference(one: Difference, issue: PublicIssue) -> list[str]:
    return [words.unit(one.unit_name), what(one, issue), _FIGURES[one.figure], shown(one.before), shown(one.after)]


def what(one: Difference, issue: PublicIssue) -> str:
    """Name what differs: the indicator's number and code, the group, the total, the rank."""
    for indicator in issue.indicators:
        if indicator["code"] == one.what:
            return f"{indicator['number']} {words.indicator(indicator['name_vi'])}"
    group = next((group["name_vi"] for group in issue.groups if group["code"] == one.what), None)
    return _NAMED.get(one.what) or (f"Nhóm {group}" if group else one.what)


def figure_name(code: str) -> str:
    """Name a figure: điểm, tử số, mẫu số, thứ hạng."""
    return _FIGURES[code]


def shown(value: str) -> str:
    """Write a published figure the Vietnamese way; a dash where there is none."""
    if not value:
        return "–"
    if value.isdecimal():
        return words.count(int(value))
    return value.replace(".", ",")


def _method(issue: PublicIssue, occasion: Occasion) -> list[str]:
    rules, position = issue.frozen["rules"], issue.frozen["log"]["position"]
    lines = [
        f"Bộ chỉ số {rules['name']} có hiệu lực từ {words.day(date.fromisoformat(rules['effective_from']))},"
        f" mã băm {rules['law_hash']}; các chữ viết tắt ở đầu bảng là mã nhóm: "
        + ", ".join(f"{one['code']} {one['name_vi']}" for one in issue.groups)
        + ".",
        (
            f"Đếm đến sự kiện số {words.count(position)} của nhật ký; mã băm của kết quả đã chốt: {occasion.sha256}."
            " Cùng nhật ký và cùng tệp luật thì tính lại ra đúng từng byte."
        ),
        "Thứ hạng tính trong các đơn vị cùng cấp; bằng điểm thì cùng hạng.",
        words.suppression(issue),
        "Dữ liệu mở (CSV, JSON, XLSX, từ điển dữ liệu) ở cùng trang công bố với bản tin này.",
    ]
    return [line for line in lines if line]


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[str] = (), left: Sequence[int] = ()
) -> dict[str, Any]:
    return {"head": list(head), "rows": [list(row) for row in rows], "widths": list(widths), "left": list(left)}
