"""Why applicants were told no, what stands still, who does not digitise, forwards late or sends back."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from motcua import lawbook
from motcua.bottlenecks import counting, figures, watch
from motcua.bottlenecks.figures import CauseLine, Line, Waiting
from motcua.bottlenecks.types import CAUSES, WAITING
from motcua.kernel.time import local_day
from motcua.organisations.types import UnitRef
from motcua.reports import figures as written
from motcua.web.leadership import bottlenecks_parts as parts
from motcua.web.leadership.bottlenecks_parts import Cell, Names, Part
from motcua.web.leadership.frame import Standing
from motcua.workflow import rulebook

_SHOWN = 20
_MANY = 500


@lru_cache(maxsize=8)
def grounds(on: date) -> Mapping[str, str]:
    """Return the names of the grounds on which a clock may stand."""
    book = rulebook.rulebook_on(lawbook.load().root, on)
    return {**WAITING, **{one.code: one.name_vi for one in book.pause_grounds.values()}}


def told_parts(standing: Standing, *, units: Collection[str], names: Names) -> list[Part]:
    """Return refusals and supplements by kind, by missing paper, by procedure."""
    totals, lines = figures.causes(units, period=standing.period)
    names.read(procedures={line.procedure for line in lines})
    return [_kinds(standing, totals), _papers(standing, lines, names), _by_procedure(standing, lines, names)]


def _kinds(standing: Standing, totals: Mapping[str, int]) -> Part:
    asked = totals.get("supplement", 0) + totals.get("intake_supplement", 0)
    refused = sum(totals.get(kind, 0) for kind in ("refusal", "decline", "stop"))
    finding = (
        f"{written.number(asked)} hồ sơ phải bổ sung, {written.number(refused)} hồ sơ bị từ chối, trả hoặc dừng"
        if totals
        else "Không hồ sơ nào phải bổ sung, bị từ chối hay dừng"
    )
    rows = [
        (Cell(name, parts.drill(standing, "nguyen-nhan", loai=kind)), parts.count(totals[kind]))
        for kind, name in CAUSES.items()
        if totals.get(kind)
    ]
    return Part("loai", finding, ("Người nộp được trả lời", "Hồ sơ"), rows)


def _papers(standing: Standing, lines: Sequence[CauseLine], names: Names) -> Part:
    known = [line for line in lines if line.component]
    finding = (
        f"Thiếu nhiều nhất: «{known[0].component}» ở {names.procedure(known[0].procedure)} ({known[0].number} hồ sơ)"
        if known
        else "Chưa nêu được giấy tờ nào theo danh mục"
    )
    rows = [
        (
            Cell(
                line.component or "(không nêu giấy tờ trong danh mục)",
                parts.drill(standing, "nguyen-nhan", loai=line.kind, thu_tuc=line.procedure,
                    giay_to=line.component,
                ),
            ),
            Cell(CAUSES[line.kind]),
            Cell(names.procedure(line.procedure)),
            Cell(line.basis or "chưa nêu"),
            parts.count(line.number),
        )
        for line in lines[:_SHOWN]
    ]  # fmt: skip
    return Part(
        "giay-to", finding, ("Giấy tờ", "Trả lời", "Thủ tục", "Căn cứ đã nêu", "Hồ sơ"), rows,
        note="Chỉ giấy tờ có trong thành phần hồ sơ của thủ tục và số văn bản được nêu tên; nội dung khác nằm trong "
        "hồ sơ. Một hồ sơ thiếu nhiều giấy tờ đứng ở nhiều dòng.",
    )  # fmt: skip


def _by_procedure(standing: Standing, lines: Sequence[CauseLine], names: Names) -> Part:
    sums: dict[str, dict[str, int]] = {}
    for line in lines:
        group = "asked" if line.kind in {"supplement", "intake_supplement"} else "refused"
        group = "withdrawn" if line.kind == "withdrawal" else group
        of = sums.setdefault(line.procedure, {"asked": 0, "refused": 0, "withdrawn": 0, "basis": 0})
        of[group] += line.number
        of["basis"] += line.number if line.basis else 0
    ordered = sorted(sums.items(), key=lambda one: (-one[1]["refused"], -one[1]["asked"], one[0]))
    refusing = [code for code, one in ordered if one["refused"]]
    finding = (
        f"Từ chối, trả, dừng nhiều nhất: {names.procedure(refusing[0])}"
        if refusing
        else "Không thủ tục nào có hồ sơ bị từ chối"
    )
    rows = [
        (
            Cell(names.procedure(code), parts.drill(standing, "nguyen-nhan", thu_tuc=code)),
            parts.count(one["asked"]),
            parts.count(one["refused"]),
            parts.count(one["withdrawn"]),
            parts.share(one["basis"], one["asked"] + one["refused"] + one["withdrawn"]),
        )
        for code, one in ordered[:_SHOWN]
    ]
    head = ("Thủ tục", "Yêu cầu bổ sung", "Từ chối, trả, dừng", "Người nộp rút", "Có nêu căn cứ pháp lý")
    return Part(
        "theo-thu-tuc", finding, head, rows, note="Số lượt theo nguyên nhân; một hồ sơ có thể có nhiều nguyên nhân."
    )


def still_parts(standing: Standing, *, units: Collection[str], now: datetime) -> list[Part]:
    """Return what stands still now by ground and age, the oldest of it, and how long pauses lasted in the period."""
    named = grounds(local_day(now))
    waits = figures.lines(standing.unit.code, [counting.WAIT], period=standing.period)[counting.WAIT]
    return [_ages(standing, figures.waiting(units, now=now), named, now), _waited(waits, named)]


def _ages(standing: Standing, found: Sequence[Waiting], named: Mapping[str, str], now: datetime) -> Part:
    levels = watch.on(local_day(now)).pause_age_days
    whole = sum(one.number for one in found)
    old = sum(one.ages[-1] + one.ages[-2] for one in found)
    applicants = sum(one.number for one in found if one.place != "paused")
    finding = (
        f"{written.number(whole)} hồ sơ đang dừng ({written.number(applicants)} chờ người nộp), "
        f"{written.number(old)} đã dừng quá {levels[-2]} ngày"
        if found
        else "Không hồ sơ nào đang dừng"
    )
    between = (f"{low + 1} đến {high} ngày" for low, high in pairwise(levels))
    rows = [
        (
            Cell(
                named.get(one.ground, one.ground),
                parts.drill(standing, "dang-dung", ly_do=one.ground),
            ),
            parts.count(one.number),
            *(parts.count(age) for age in one.ages),
            parts.moment(one.oldest),
        )
        for one in found
    ]
    return Part(
        "dang-dung", finding,
        ("Đang dừng vì", "Hồ sơ", f"Đến {levels[0]} ngày", *between, f"Trên {levels[-1]} ngày", "Lâu nhất từ"), rows,
        note="Tuổi tính theo ngày lịch đến lúc này.", empty="Không hồ sơ nào chờ người nộp hay tạm dừng.",
        more=Cell("Xem mọi hồ sơ đang dừng, lâu nhất ở trên", parts.drill(standing, "dang-dung"))
        if found
        else None,
    )  # fmt: skip


def _waited(lines: Sequence[Line], named: Mapping[str, str]) -> Part:
    ordered = sorted(lines, key=lambda line: (-line.worked, line.key))
    finding = (
        f"Đã dừng tổng cộng {parts.hours(sum(line.worked for line in lines))} làm việc, nhiều nhất vì "
        f"«{named.get(ordered[0].key, ordered[0].key)}»"
        if ordered
        else "Không lần dừng nào kết thúc trong kỳ"
    )
    rows = [
        (
            Cell(named.get(line.key, line.key)), parts.count(line.number), parts.span(line.half), parts.span(line.most),
            parts.span(line.worked),
        )
        for line in ordered
    ]  # fmt: skip
    head = ("Dừng vì", "Lần dừng đã xong", "Trung vị", "Mức 90%", "Tổng")
    return Part("da-dung", finding, head, rows)


def people_parts(standing: Standing, *, units: Collection[str], names: Names, now: datetime) -> list[Part]:
    """Return which units do not digitise, forward late, send back; and which persons, for those who lead them."""
    kinds = (
        counting.COMPONENT, counting.RESULT, counting.RETURN, counting.PLACE + ":" + counting.UNIT, counting.OFFICER,
        counting.COMPONENT + counting.OF_OFFICER, counting.RESULT + counting.OF_OFFICER,
        counting.RETURN + counting.OF_OFFICER,
    )  # fmt: skip
    found = figures.sums(standing.unit.code, kinds, period=standing.period)
    forwarded = {
        line.key.partition("|")[2]: line
        for line in found[counting.PLACE + ":" + counting.UNIT]
        if line.key.startswith("received|")
    }
    of_kind = {kind: {line.key: line for line in found[kind]} for kind in kinds}
    components, results, returns = (of_kind[kind] for kind in (counting.COMPONENT, counting.RESULT, counting.RETURN))
    codes = sorted((set(components) | set(results) | set(forwarded) | set(returns)) & standing.led)
    names.read(units=codes)
    officers = figures.officers(found[counting.OFFICER])
    persons = {
        "component": of_kind[counting.COMPONENT + counting.OF_OFFICER],
        "result": of_kind[counting.RESULT + counting.OF_OFFICER],
        "return": of_kind[counting.RETURN + counting.OF_OFFICER],
        "forwarded": {code: places["received"] for code, places in officers.items() if "received" in places},
        "handled": {code: places["in_progress"] for code, places in officers.items() if "in_progress" in places},
    }
    tables = (components, results, forwarded, returns)
    return [_units(codes, tables, names, standing.unit), _persons(persons, names),
            _ping_pong(standing, units=units, now=now)]  # fmt: skip


_DIGIT_HEAD = (
    "Tiếp nhận không kèm tệp", "Kết quả không bản điện tử", "Chuyển muộn", "Lần trả lại",
)  # fmt: skip


def _missing(line: Line | None) -> Cell:
    """Say how many of how many: ``3/12 (25,0%)``."""
    if line is None or not line.limited:
        return Cell("–", number="")
    text = f"{line.over}/{line.limited} ({parts.share(line.over, line.limited).text})"
    return Cell(text, number=text)


def _units(codes: Sequence[str], tables: tuple[Mapping[str, Line], ...], names: Names, unit: UnitRef) -> Part:
    components, results, forwarded, returns = tables

    def weight(code: str) -> int:
        return sum(table[code].over for table in (components, results) if code in table)

    ordered = sorted(codes, key=lambda code: (-weight(code), code))
    whole = [sum(table[code].over for code in codes if code in table) for table in (components, results)]
    finding = (
        f"{written.number(whole[0])} hồ sơ tiếp nhận không số hóa thành phần, {written.number(whole[1])} kết quả không "
        "có bản điện tử"
        + (
            f"; nhiều nhất: {names.unit(ordered[0])}"
            if ordered and weight(ordered[0]) and ordered[0] != unit.code
            else ""
        )
        if any(whole)
        else "Hồ sơ và kết quả đều đã được số hóa"
    )
    rows = [
        (
            Cell(names.unit(code)), _missing(components.get(code)), _missing(results.get(code)),
            _missing(forwarded.get(code)), parts.count(returns[code].number if code in returns else 0),
        )
        for code in ordered[:_SHOWN]
    ]  # fmt: skip
    return Part(
        "so-hoa-don-vi", finding, ("Đơn vị", *_DIGIT_HEAD), rows,
        note="Công văn 4310/UBND-KSTT yêu cầu thống kê đơn vị, cá nhân không số hóa; chuyển muộn: quá thời điểm phải "
        "chuyển theo Điều 18 Nghị định 61/2018/NĐ-CP.",
    )  # fmt: skip


def _persons(persons: Mapping[str, Mapping[str, Line]], names: Names) -> Part:
    everybody = {code for table in persons.values() for code in table}
    known = names.people(everybody)
    if not names.leads_people:
        return Part(
            "ca-nhan", "Số liệu từng cá nhân chỉ lãnh đạo trực tiếp xem được", ("Cá nhân",), [],
            empty="Lãnh đạo đơn vị xem được số liệu của người mình phụ trách.",
        )  # fmt: skip

    def weight(code: str) -> int:
        return sum(persons[kind][code].over for kind in persons if code in persons[kind])

    ordered = sorted((code for code in known if weight(code)), key=lambda code: (-weight(code), known[code][0]))
    rows = [
        (
            Cell(known[code][0]), Cell(known[code][1]),
            _missing(persons["component"].get(code)), _missing(persons["result"].get(code)),
            _missing(persons["forwarded"].get(code)),
            parts.count(persons["return"][code].number if code in persons["return"] else 0),
            _missing(persons["handled"].get(code)),
        )
        for code in ordered[:_SHOWN]
    ]  # fmt: skip
    return Part(
        "ca-nhan",
        f"{len(ordered)} người có việc cần nhắc trong số {len(known)} người thuộc quyền phụ trách của bạn",
        ("Cá nhân", "Đơn vị", *_DIGIT_HEAD, "Thụ lý quá hạn"), rows,
        note="Chỉ lãnh đạo trực tiếp và lãnh đạo cấp trên xem được phần này. Con số nói về việc, chưa nói về nguyên "
        "nhân.",
        empty="Không ai thuộc quyền phụ trách của bạn có việc cần nhắc.",
    )  # fmt: skip


def _ping_pong(standing: Standing, *, units: Collection[str], now: datetime) -> Part:
    times = watch.on(local_day(now)).ping_pong_returns
    found = figures.sent_back(units, times=times, period=standing.period, limit=_MANY)
    said = f"Từ {_MANY}" if len(found) == _MANY else written.number(len(found))
    finding = f"{said} hồ sơ bị trả lại bước trước từ {times} lần" if found else "Không hồ sơ nào bị trả đi trả lại"
    by_number = Counter(one.returns for one in found)
    rows = [(Cell(f"{number} lần"), parts.count(by_number[number])) for number in sorted(by_number, reverse=True)]
    return Part(
        "qua-lai", finding, ("Số lần bị trả lại", "Hồ sơ"), rows,
        note="Hồ sơ đang giải quyết, và hồ sơ kết thúc trong kỳ.",
        more=Cell("Xem các hồ sơ bị trả lại nhiều lần", parts.drill(standing, "qua-lai"))
        if found
        else None,
    )  # fmt: skip
