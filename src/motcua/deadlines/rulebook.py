"""Deadline rules out of law files (``law/deadlines/<code>/<from>.toml``), and which of them governs a dossier."""

from collections.abc import Mapping, Sequence
from datetime import date

from motcua.deadlines import moments
from motcua.deadlines.rules import (
    ClockKind,
    DeadlineRule,
    ExtensionRule,
    LimitChoice,
    OpenDossiers,
    PauseGround,
    PauseMeasure,
    SupplementEffect,
)
from motcua.deadlines.types import Counting, Limit, LimitUnit
from motcua.deadlines.working_time import time_of_day
from motcua.kernel.errors import UserError
from motcua.lawbook import as_of
from motcua.lawbook.reading import Table


def rule(document: Table, *, known_grounds: Mapping[str, PauseGround]) -> DeadlineRule:
    """Return the rule version that a law file states.

    Raises:
        LawFileError: a value is missing, misspelt, without citation, or cannot be understood.
    """
    document.only(
        *("code", "name_vi", "clock", "effective_from", "effective_to", "citation"),
        *("counting", "warning", "receipt", "pauses", "supplement", "extension", "transition", "limit"),
    )
    parts = {name: document.table(name) for name in _PARTS}
    for name, keys in _PARTS.items():
        parts[name].only(*keys)
    counting, extension = parts["counting"], parts["extension"]
    return DeadlineRule(
        code=document.text("code"),
        effective_from=document.day("effective_from"),
        effective_to=document.day_if_given("effective_to"),
        name_vi=document.text("name_vi"),
        kind=ClockKind(document.one_of("clock", tuple(ClockKind))),
        counting=Counting(counting.one_of("default", tuple(Counting))),
        day_length=_working_time(counting, "day_working_hours"),
        approaching=_working_time(parts["warning"], "working_hours"),
        approaching_share=parts["warning"].number("at_most_share"),
        receipt_cut_off=_cut_off(document) if document.has("receipt") else None,
        pause_measure=PauseMeasure(parts["pauses"].one_of("measure", tuple(PauseMeasure), "working_time")),
        pausing=_pausing(parts["pauses"], known_grounds),
        known_grounds=known_grounds,
        supplement=SupplementEffect(parts["supplement"].one_of("after", tuple(SupplementEffect))),
        supplement_requests=parts["supplement"].whole("requests"),
        extension=ExtensionRule(extension.whole("times"), extension.number("at_most_share"), extension.citation()),
        open_dossiers=OpenDossiers(parts["transition"].one_of("open_dossiers", tuple(OpenDossiers))),
        limits=tuple(_choice(one) for one in document.tables("limit", named_by="amount")),
        citations={"": document.citation(), "day": counting.citation("day_citation")}
        | {name: part.citation() for name, part in parts.items()},
    )


_PARTS = {
    "counting": ("default", "citation", "day_working_hours", "day_citation"),
    "warning": ("working_hours", "at_most_share", "citation"),
    "pauses": ("grounds", "measure", "citation"),
    "supplement": ("after", "requests", "citation"),
    "extension": ("times", "at_most_share", "citation"),
    "transition": ("open_dossiers", "citation"),
}


def _cut_off(document: Table) -> int:
    receipt = document.table("receipt")
    receipt.only("cut_off", "citation")
    receipt.citation()
    text = receipt.text("cut_off")
    try:
        return time_of_day(text)
    except ValueError:
        receipt.fail(f"giờ chốt nhận «{text}» không đọc được.", 'Hãy ghi ví dụ "15:00".')


def _pausing(pauses: Table, known: Mapping[str, PauseGround]) -> dict[str, PauseGround]:
    found = {}
    for code in pauses.texts("grounds"):
        if code not in known:
            pauses.fail(
                f"không có căn cứ tạm dừng «{code}».",
                f"Hãy dùng mã trong law/codelists/pause_ground: {', '.join(sorted(known))}.",
            )
        found[code] = known[code]
    return found


def _choice(one: Table) -> LimitChoice:
    one.only("amount", "unit", "channel", "situation", "area", "citation")
    return LimitChoice(
        Limit(one.number("amount"), LimitUnit(one.one_of("unit", tuple(LimitUnit)))),
        one.citation(),
        channel=one.text("channel", ""),
        situation=one.text("situation", ""),
        area=one.text("area", ""),
    )


def _working_time(table: Table, name: str) -> int:
    length = table.number(name) * moments.HOUR
    if length <= 0 or length % moments.SECOND:
        table.fail(f"«{name}» phải là số giờ dương, tròn giây.", "Hãy ghi ví dụ 8 hoặc 7.5.")
    return int(length)


def in_force(versions: Sequence[DeadlineRule], *, received_on: date, on: date) -> DeadlineRule:
    """Return the version that governs a dossier received on a day, as it stands on the day ``on``.

    A dossier keeps the version it was received under, unless a later one that is in force on ``on`` says that open
    dossiers move to it. Whoever moves takes all its happenings along, so no earlier pause is forgotten.

    Raises:
        UserError: no version was in force on the day of receipt.
    """
    ordered = sorted(versions, key=lambda version: version.effective_from)
    chosen = as_of(ordered, received_on)
    if chosen is None:
        starts = ", ".join(f"{version.effective_from:%d/%m/%Y}" for version in ordered)
        raise UserError(
            f"Không có phiên bản nào của quy tắc «{ordered[0].code}» có hiệu lực ngày {received_on:%d/%m/%Y}.",
            remedy=f"Các phiên bản có hiệu lực từ: {starts}; hãy sửa ngày tiếp nhận hoặc thêm phiên bản vào "
            f"law/deadlines/{ordered[0].code}/.",
        )
    for version in ordered[ordered.index(chosen) + 1 :]:
        if version.effective_from <= on and version.open_dossiers is OpenDossiers.MOVE:
            chosen = version
    return chosen


def limit_of(versioned: DeadlineRule, *, channel: str = "", situation: str = "", area: str = "") -> LimitChoice:
    """Return the limit that the rule itself fixes for a dossier: the choice whose conditions fit most closely.

    Raises:
        UserError: the rule fixes no limit for such a dossier.
    """
    asked = {"channel": channel, "situation": situation, "area": area}
    fitting = [
        choice
        for choice in versioned.limits
        if all(not getattr(choice, name) or getattr(choice, name) == value for name, value in asked.items())
    ]
    if not fitting:
        said = ", ".join(f"{name} = {value}" for name, value in asked.items() if value) or "không có điều kiện"
        raise UserError(
            f"Quy tắc {versioned.version} không định sẵn thời hạn cho hồ sơ này ({said}).",
            remedy="Hãy ghi thời hạn (limit và unit) của hồ sơ.",
        )
    return max(fitting, key=lambda choice: bool(choice.channel) + bool(choice.situation) + bool(choice.area))
