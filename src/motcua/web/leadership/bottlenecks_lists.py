"""Lists of dossiers behind the figures of bottlenecks: what the address asks for, and one line a dossier."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from motcua.bottlenecks import figures, watch
from motcua.bottlenecks.types import CAUSES, PLACES, WAITING
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.web.leadership import bottlenecks_causes, bottlenecks_time
from motcua.web.leadership import bottlenecks_parts as parts
from motcua.web.leadership.bottlenecks_parts import Cell, Names, Part
from motcua.web.leadership.frame import Standing

LIMIT = 50
Visible = Callable[[list[str]], set[str]]
LISTS: Mapping[str, str] = {
    "mat-gio": "thoi-gian",
    "dang-qua-han": "thoi-gian",
    "nguyen-nhan": "bo-sung",
    "dang-dung": "dang-dung",
    "qua-lai": "so-hoa",
}
"""Lists by their word in the address -> the topic they belong to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Danh sách được hỏi, as the address gives it."""

    list: str
    place: str
    procedure: str
    step: str
    day: str
    part: str
    kind: str
    component: str
    ground: str
    after: str

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Asked":
        """Read what is asked for.

        Raises:
            UserError: it names what there is not.
        """
        names = ("xem", "cong-doan", "thu-tuc", "buoc", "thu", "buoi", "loai", "giay-to", "ly-do", "sau")
        values = [query.get(name, "") for name in names]
        asked = cls(*values)
        is_known = (
            asked.list in LISTS
            and asked.place in {"", *PLACES}
            and asked.kind in {"", *CAUSES}
            and asked.day in {"", *map(str, range(len(bottlenecks_time.WEEKDAYS)))}
            and asked.part in {"", *map(str, range(bottlenecks_time.part_count()))}
            and asked.step.isdecimal() | (asked.step == "")
            and len(asked.step) < 6
            and "\0" not in "".join(values)
        )
        if not is_known:
            raise UserError("Không đọc được danh sách trong địa chỉ.", remedy="Hãy mở lại từ trang Điểm nghẽn.")
        return asked


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list."""

    part: Part
    topic: str
    next: str
    hidden: int
    """How many lines are left out because the reader may not see the dossier."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, of which units, when, and which dossiers are open to them."""

    standing: Standing
    units: Collection[str]
    names: Names
    now: datetime
    visible: Visible


def listed(asked: Asked, reader: Reader) -> Listed:
    """Return the first dossiers of the list, or those after ``asked.after``."""
    made = {
        "mat-gio": _lost,
        "dang-qua-han": _over,
        "nguyen-nhan": _told,
        "dang-dung": _still,
        "qua-lai": _sent_back,
    }
    return made[asked.list](asked, reader)


def number(text: str) -> int:
    """Return how many lines were shown before.

    Raises:
        UserError: the address holds no number.
    """
    if not text:
        return 0
    if not text.isdecimal() or len(text) > 7:
        raise UserError("Không đọc được vị trí trang trong địa chỉ.", remedy="Hãy mở lại từ trang đầu.")
    return int(text)


def dossier_cell(code: str) -> Cell:
    """Return a cell that leads to a dossier."""
    return Cell(code, reverse("officer:dossier", args=[code]))


def _lost(asked: Asked, reader: Reader) -> Listed:
    units, names = reader.units, reader.names
    chosen: dict[str, Any] = {}
    said = []
    if asked.place:
        chosen["place"] = asked.place
        said.append(f"«{PLACES[asked.place]}»")
    if asked.procedure:
        chosen["procedure_code"] = asked.procedure
        said.append(names.read(procedures=[asked.procedure]).procedure(asked.procedure))
    if asked.step:
        chosen["step"] = int(asked.step)
        said.append(f"bước {asked.step}")
    if asked.day and asked.part:
        chosen["slot__in"] = bottlenecks_time.slots_of(int(asked.day), int(asked.part))
        said.append(bottlenecks_time.weekday(int(asked.day)))
    after = None
    if asked.after:
        lost, _, last = asked.after.partition("-")
        after = number(lost), number(last)
    found = list(
        figures.lost_dossiers(units, period=reader.standing.period, chosen=chosen, limit=LIMIT + 1, after=after)
    )
    shown = [one for _, one in found[:LIMIT]]
    seen = reader.visible([one.dossier for one in shown])
    names.read(procedures={one.procedure for one in shown}, units={one.unit for one in shown})
    rows = [
        (
            dossier_cell(one.dossier), Cell(names.procedure(one.procedure)), Cell(names.unit(one.unit)),
            Cell(PLACES.get(one.place, one.place) + (f", bước {one.step}" if one.step is not None else "")),
            parts.moment(one.entered_at), parts.moment(one.left_at), parts.span(one.worked), parts.span(one.lost),
        )
        for one in shown
        if one.dossier in seen
    ]  # fmt: skip
    head = ("Mã hồ sơ", "Thủ tục", "Đơn vị", "Công đoạn", "Đến lúc", "Xong lúc", "Giờ làm việc đã dùng", "Quá hạn")
    finding = f"Lượt xử lý quá hạn{': ' + ', '.join(said) if said else ''}"
    last = f"{found[LIMIT - 1][1].lost}-{found[LIMIT - 1][0]}" if len(found) > LIMIT else ""
    return Listed(Part("luot-qua-han", finding, head, rows), "thoi-gian", last, len(shown) - len(rows))


def _over(asked: Asked, reader: Reader) -> Listed:
    units, names, now = reader.units, reader.names, reader.now
    begin = number(asked.after)
    found = figures.over_now(units, now=now, start=begin, limit=LIMIT + 1)
    shown = found[:LIMIT]
    seen = reader.visible([row.code for row, _ in shown])
    names.read(procedures={row.procedure_code for row, _ in shown}, units={row.unit_code for row, _ in shown})
    rows = [
        (
            dossier_cell(row.code), Cell(names.procedure(row.procedure_code)), Cell(names.unit(row.unit_code)),
            Cell(PLACES.get(row.place, row.place)), parts.moment(row.limit_at or now), parts.span(lost),
        )
        for row, lost in shown
        if row.code in seen
    ]  # fmt: skip
    head = ("Mã hồ sơ", "Thủ tục", "Đơn vị", "Đang ở", "Hạn của công đoạn", "Đã quá")
    following = str(begin + LIMIT) if len(found) > LIMIT else ""
    return Listed(
        Part("dang-qua-han", "Hồ sơ đang quá hạn công đoạn", head, rows), "thoi-gian", following, len(shown) - len(rows)
    )


def _told(asked: Asked, reader: Reader) -> Listed:
    units, names = reader.units, reader.names
    begin = number(asked.after)
    found = figures.told(
        units, kind=asked.kind, procedure=asked.procedure, component=asked.component, period=reader.standing.period,
        start=begin, limit=LIMIT + 1,
    )  # fmt: skip
    shown = found[:LIMIT]
    seen = reader.visible([one.dossier_code for one in shown])
    names.read(procedures={one.procedure_code for one in shown}, units={one.unit_code for one in shown})
    rows = [
        (
            dossier_cell(one.dossier_code), Cell(names.procedure(one.procedure_code)), Cell(names.unit(one.unit_code)),
            Cell(CAUSES[one.kind]), Cell("; ".join(one.components) or ("giấy tờ khác" if one.others else "–")),
            Cell(", ".join(one.basis) or "chưa nêu"), parts.moment(one.at),
        )
        for one in shown
        if one.dossier_code in seen
    ]  # fmt: skip
    head = ("Mã hồ sơ", "Thủ tục", "Đơn vị", "Trả lời", "Giấy tờ", "Căn cứ đã nêu", "Lúc")
    finding = CAUSES[asked.kind] if asked.kind else "Bổ sung, từ chối, dừng, rút"
    finding += f": thiếu «{asked.component}»" if asked.component else ""
    following = str(begin + LIMIT) if len(found) > LIMIT else ""
    return Listed(Part("nguyen-nhan", finding, head, rows), "bo-sung", following, len(shown) - len(rows))


def _still(asked: Asked, reader: Reader) -> Listed:
    units, names, now = reader.units, reader.names, reader.now
    begin = number(asked.after)
    found = figures.still(units, ground=asked.ground, start=begin, limit=LIMIT + 1)
    shown = found[:LIMIT]
    seen = reader.visible([row.code for row in shown])
    named = bottlenecks_causes.grounds(reader.standing.today)
    names.read(procedures={row.procedure_code for row in shown}, units={row.unit_code for row in shown})
    rows = [
        (
            dossier_cell(row.code), Cell(names.procedure(row.procedure_code)), Cell(names.unit(row.unit_code)),
            Cell(named.get(row.waiting_ground, WAITING.get(row.waiting_place, row.waiting_place))),
            parts.moment(row.waiting_since or now), parts.count((now - (row.waiting_since or now)).days),
        )
        for row in shown
        if row.code in seen
    ]  # fmt: skip
    head = ("Mã hồ sơ", "Thủ tục", "Đơn vị", "Dừng vì", "Từ lúc", "Số ngày")
    following = str(begin + LIMIT) if len(found) > LIMIT else ""
    return Listed(
        Part("dang-dung", "Hồ sơ đang dừng, lâu nhất ở trên", head, rows),
        "dang-dung",
        following,
        len(shown) - len(rows),
    )


def _sent_back(asked: Asked, reader: Reader) -> Listed:
    units, names, now = reader.units, reader.names, reader.now
    begin, times = number(asked.after), watch.on(local_day(now)).ping_pong_returns
    found = figures.sent_back(units, times=times, period=reader.standing.period, start=begin, limit=LIMIT + 1)
    shown = found[:LIMIT]
    seen = reader.visible([row.code for row in shown])
    names.read(procedures={row.procedure_code for row in shown}, units={row.unit_code for row in shown})
    rows = [
        (
            dossier_cell(row.code), Cell(names.procedure(row.procedure_code)), Cell(names.unit(row.unit_code)),
            Cell(PLACES.get(row.place, "đã kết thúc" if row.ended_at else "–")), parts.count(row.returns),
        )
        for row in shown
        if row.code in seen
    ]  # fmt: skip
    head = ("Mã hồ sơ", "Thủ tục", "Đơn vị", "Đang ở", "Số lần bị trả lại")
    following = str(begin + LIMIT) if len(found) > LIMIT else ""
    return Listed(
        Part("qua-lai", f"Hồ sơ bị trả lại từ {times} lần", head, rows), "so-hoa", following, len(shown) - len(rows)
    )
