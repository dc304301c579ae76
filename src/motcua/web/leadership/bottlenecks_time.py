"""Mất thời gian ở đâu: by place, step, procedure, unit, weekday and hour; each line leads to its dossiers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from motcua.bottlenecks import counting, figures
from motcua.bottlenecks.figures import Line
from motcua.bottlenecks.types import PLACES
from motcua.reports import figures as written
from motcua.web.leadership import bottlenecks_parts as parts
from motcua.web.leadership.bottlenecks_parts import Cell, Names, Part
from motcua.web.leadership.frame import Standing

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_HEAD = ("Lượt", "Trung vị", "Mức 90%", "Quá hạn", "Tỷ lệ", "Mất")
_SHOWN = 15
_ROUNDED = (
    "Thời gian tính theo giờ làm việc, không tính lúc tạm dừng, chờ bổ sung. Trung vị: một nửa số lượt không quá mức "
    "này; mức 90%: chín phần mười số lượt không quá; mất: phần sau hạn. Hai mức làm tròn lên: 15 phút "
    "trong một ngày, 2 giờ trong mười ngày, 1 ngày khi dài hơn. Ngày làm việc là 8 giờ."
)

_LIMITS = (
    "Hạn của một lượt: hạn riêng của bước trong quy trình nội bộ, không có thì ngày hẹn trả của hồ sơ; chuyển hồ sơ: "
    "trong ngày, nhận sau 15 giờ thì đầu giờ ngày làm việc sau (Điều 18 Nghị định 61/2018/NĐ-CP)."
)


def parts_of(standing: Standing, *, units: Collection[str], names: Names, now: datetime) -> list[Part]:
    """Return the parts of the page, the greatest loss first in each."""
    found = figures.lines(standing.unit.code, figures.TIME_KINDS, period=standing.period)
    procedures, steps = found[counting.PROCEDURE], found[counting.STEP]
    of_units = [line for line in found[counting.UNIT] if line.key in standing.led]
    names.read(
        procedures=[line.key for line in procedures[:_SHOWN]] + [_step(line)[0] for line in steps[:_SHOWN]],
        units=[line.key for line in of_units],
    )
    made = [_places(standing, found[counting.PLACE]), _now(standing, units, now)]
    made.append(_procedures(standing, procedures, names))
    if steps:
        made.append(_steps(standing, steps, names))
    made += [_units(standing, of_units, names), _slots(standing, found[counting.SLOT])]
    return made


def _amounts(line: Line) -> tuple[Cell, ...]:
    return (
        parts.count(line.number), parts.span(line.half), parts.span(line.most), parts.count(line.over),
        parts.share(line.over, line.limited), parts.span(line.lost),
    )  # fmt: skip


def _places(standing: Standing, lines: Sequence[Line]) -> Part:
    lost = sum(line.lost for line in lines)
    first = lines[0] if lines else None
    if first is None or not lost:
        finding = "Không công đoạn nào mất giờ làm việc vì quá hạn"
    else:
        finding = (
            f"Mất {parts.hours(lost)} làm việc vì quá hạn công đoạn, nhiều nhất ở «{PLACES[first.key]}» "
            f"({written.number(round(100 * first.lost / lost))}%)"
        )
    rows = [
        (Cell(PLACES[line.key], _listed(standing, line, cong_doan=line.key)), *_amounts(line))
        for line in lines
        if line.key in PLACES
    ]
    return Part(
        "cong-doan", finding, ("Công đoạn", *_HEAD), rows,
        note=f"{_ROUNDED} {_LIMITS}",
        empty="Chưa có lượt xử lý nào kết thúc trong kỳ.",
        chart=parts.drawn(
            ((PLACES.get(one.key, one.key), one.lost) for one in lines), finding=finding, head="Công đoạn"
        ),
    )  # fmt: skip


def _listed(standing: Standing, line: Line, **chosen: str) -> str:
    return parts.drill(standing, "mat-gio", **chosen) if line.over else ""


def _now(standing: Standing, units: Collection[str], now: datetime) -> Part:
    stuck = figures.stuck(units, now=now)
    whole, lost = sum(one.number for one in stuck), sum(one.lost for one in stuck)
    finding = (
        f"Lúc này {written.number(whole)} hồ sơ đang quá hạn công đoạn, đã mất {parts.hours(lost)} làm việc"
        if stuck
        else "Lúc này không hồ sơ nào quá hạn công đoạn"
    )
    rows = [(Cell(PLACES.get(one.place, one.place)), parts.count(one.number), parts.span(one.lost)) for one in stuck]
    return Part(
        "dang-qua-han", finding, ("Công đoạn", "Hồ sơ đang quá hạn", "Giờ làm việc đã mất"), rows,
        empty="Mọi hồ sơ đang giải quyết còn trong hạn của công đoạn.",
        more=Cell("Xem các hồ sơ đang quá hạn", parts.drill(standing, "dang-qua-han")) if stuck else None,
    )  # fmt: skip


def _procedures(standing: Standing, lines: Sequence[Line], names: Names) -> Part:
    late = [line for line in lines if line.over]
    lost = sum(line.lost for line in lines)
    finding = (
        f"{len(late)} thủ tục trả kết quả muộn, mất {parts.hours(lost)} làm việc; nhiều nhất: "
        f"{names.procedure(late[0].key)}"
        if late
        else "Không thủ tục nào trả kết quả muộn"
    )
    rows = [
        (Cell(names.procedure(line.key), _listed(standing, line, thu_tuc=line.key)), Cell(line.key), *_amounts(line))
        for line in lines[:_SHOWN]
    ]
    head = ("Thủ tục", "Mã", "Hồ sơ xong", *_HEAD[1:])
    return Part("thu-tuc", finding, head, rows, note=_first(lines), empty="Chưa có hồ sơ nào xong trong kỳ.")


def _first(lines: Sequence[Line]) -> str:
    return f"{_SHOWN} dòng mất nhiều nhất trong {len(lines)} dòng." if len(lines) > _SHOWN else ""


def _step(line: Line) -> tuple[str, str]:
    procedure, _, order = line.key.rpartition("|")
    return procedure, order


def _steps(standing: Standing, lines: Sequence[Line], names: Names) -> Part:
    worst = lines[0]
    procedure, order = _step(worst)
    finding = (
        f"Bước {order} của «{names.procedure(procedure)}» mất nhiều nhất: {parts.hours(worst.lost)} làm việc"
        if worst.lost
        else "Mọi bước của quy trình nội bộ đều trong hạn riêng của bước"
    )
    rows = [
        (
            Cell(f"Bước {_step(line)[1]}", _listed(standing, line, thu_tuc=_step(line)[0], buoc=_step(line)[1])),
            Cell(names.procedure(_step(line)[0])),
            *_amounts(line),
        )
        for line in lines[:_SHOWN]
    ]
    return Part("buoc", finding, ("Bước", "Thủ tục", *_HEAD), rows, note=_first(lines))


def _units(standing: Standing, lines: Sequence[Line], names: Names) -> Part:
    late = [line for line in lines if line.over]
    finding = (
        f"{len(late)}/{len(lines)} đơn vị có hồ sơ trả muộn; mất nhiều nhất: {names.unit(late[0].key)}, "
        f"{parts.hours(late[0].lost)} làm việc"
        if late
        else "Không đơn vị nào có hồ sơ trả muộn"
    )
    rows = [
        (Cell(names.unit(line.key), standing.url("bottlenecks", code=line.key)), *_amounts(line))
        for line in lines[:_SHOWN]
    ]
    return Part(
        "don-vi", finding, ("Đơn vị", "Hồ sơ xong", *_HEAD[1:]), rows, note=_first(lines),
        empty="Chưa có hồ sơ nào xong trong kỳ.",
        chart=parts.drawn(((names.unit(one.key), one.lost) for one in lines), finding=finding, head="Đơn vị"),
    )  # fmt: skip


def _slots(standing: Standing, lines: Sequence[Line]) -> Part:
    """Weekday by part of the day: when the stays began that then went over their limit."""
    found = figures.by_slot(lines)
    rows = []
    sums: dict[tuple[int, int], tuple[int, int, int]] = {}
    for (day, hour), line in found.items():
        part = next(n for n, (_, end) in enumerate(_PARTS) if hour < end)
        number, over, lost = sums.get((day, part), (0, 0, 0))
        sums[day, part] = (number + line.number, over + line.over, lost + line.lost)
    worst = max(sums, key=lambda key: (sums[key][2], key), default=None)
    for day in range(len(WEEKDAYS)):
        if not any(key[0] == day for key in sums):
            continue
        cells = [Cell(WEEKDAYS[day])]
        for part in range(len(_PARTS)):
            number, over, lost = sums.get((day, part), (0, 0, 0))
            url = parts.drill(standing, "mat-gio", thu=str(day), buoi=str(part)) if over else ""
            text = f"{over}/{number} quá hạn" + (f", mất {parts.hours(lost)}" if lost else "") if number else "–"
            cells.append(Cell(text, url))
        rows.append(tuple(cells))
    finding = (
        f"Việc đến {weekday(worst[0])}, {_PARTS[worst[1]][0].lower()} mất nhiều nhất: "
        f"{parts.hours(sums[worst][2])} làm việc"
        if worst is not None and sums[worst][2]
        else "Không giờ nào trong tuần nổi lên là điểm nghẽn"
    )
    return Part(
        "gio-trong-tuan", finding, ("Ngày đến công đoạn", *(name for name, _ in _PARTS)), rows,
        note="Một lượt tính vào ngày, giờ hồ sơ đến công đoạn đó.",
    )  # fmt: skip


_PARTS = (("Trước 10 giờ", 10), ("10 đến 13 giờ", 13), ("13 đến 15 giờ", 15), ("Sau 15 giờ", 24))
"""Parts of a day, each up to this hour; the last begins where forwarding may wait for the next morning."""


def weekday(day: int) -> str:
    """Name a weekday inside a sentence: ``thứ Hai``."""
    name = WEEKDAYS[day]
    return name[:1].lower() + name[1:]


def slots_of(day: int, part: int) -> list[int]:
    """Return the numbers of the weekday's hours in a part of the day, as stays know them."""
    begin = _PARTS[part - 1][1] if part else 0
    return [24 * day + hour for hour in range(begin, _PARTS[part][1])]


def part_count() -> int:
    """Return how many parts a day has."""
    return len(_PARTS)
