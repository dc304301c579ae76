"""What the index needs of a procedure, computed from the words a catalogue describes it with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from motcua.events.streams import STREAMS
from motcua.ingest import sheets_mapping
from motcua.kernel import text

COLUMNS = tuple(column.name for column in STREAMS["procedures"].columns)

_LIMIT = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s+(\D{2,20})")
_AMOUNT = re.compile(r"[1-9]\d*")
_FREE = re.compile(r"miễn phí|(?:lệ )?phí\s*:\s*(?:0|o|không)\s*(?:đồng)?\s*", re.IGNORECASE)
# Beside "Miễn phí" the portal may print what is paid after all: "(8.000.000 đồng/lần)", "(mức thu theo Thông tư …)".
_PAID_AFTER_ALL = re.compile(r"\s*\((?!không|miễn)[^)]*?(?:phí|mức thu|đồng|vnđ|usd)", re.IGNORECASE)

# Only to tell which of several limits is the longest; nothing is computed from these lengths.
_ABOUT_DAYS = {"working_hours": 1.4 / 8, "working_days": 1.4, "calendar_days": 1.0, "months": 30.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to hand in: its limit as a text or as number and unit, its fee, and the remark beside them."""

    name: str
    limit: str | None = None
    fee: str | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A procedure in a catalogue's own words. None: the catalogue does not say; "" or empty: it says there is none."""

    code: str
    name: str
    sector: str | None = None
    levels: str | None = None
    applicants: str | None = None
    agency: str | None = None
    sequence: str | None = None
    components: str | None = None
    result: str | None = None
    state: str | None = None
    channels: Sequence[Channel] | None = None
    channel_text: str | None = None
    decision: str | None = None
    requirements: str | None = None
    legal_bases: str | None = None


@dataclass(slots=True)
class Doubts:
    """Codes of procedures whose description contradicts itself or could not be read in full, by what is odd."""

    fee: list[str] = field(default_factory=list)
    limit: list[str] = field(default_factory=list)


@cache
def _words(table: str) -> Mapping[str, str]:
    return sheets_mapping.words("catalogue-list", table, folder=None)


def said(words: str | None) -> str | None:
    """Return a text that says something, "" where it says there is nothing, None where the source has no such field."""
    if words is None:
        return None
    clean = text.nfc(words)
    return "" if _words("nothing").get(text.fold(clean)) or not text.fold(clean) else clean


def columns(described: Described, *, doubts: Doubts) -> dict[str, object]:
    """Return the procedure's columns of the stream; counts doubts."""
    channels = described.channels
    value, unit = _longest_limit(channels or (), code=described.code or described.name[:40], doubts=doubts)
    applicants, result = said(described.applicants), said(described.result)
    return {
        "procedure_code": described.code,
        "name": text.nfc(described.name),
        "sector": said(described.sector) or None,
        "levels": levels(described.levels),
        "result_required": None if not result else not any(none in text.fold(result) for none in _words("result")),
        "fee_bearing": _fee_bearing(channels or (), code=described.code or described.name[:40], doubts=doubts),
        "citizen_applicant": None if not applicants else _has_citizen(applicants),
        "fully_online_eligible": None,
        "limit_value": value,
        "limit_unit": unit,
        "state": described.state,
        "part_name": bool(text.fold(described.name)),
        "part_sequence": _is_there(described.sequence),
        "part_channels": bool(channels) if channels is not None else _is_there(described.channel_text),
        "part_components": _is_there(described.components),
        "part_limit": _has_limit(described),
        "part_applicants": _is_there(described.applicants),
        "part_agency": _is_there(described.agency),
    }


def _is_there(words: str | None) -> bool | None:
    known = said(words)
    return None if known is None else bool(known)


def levels(words: str | None) -> str | None:
    """Return the levels of a text like "Cấp tỉnh, Cấp xã" as the stream has them; None if it names none of ours."""
    if not words:
        return None
    found = {_words("levels").get(text.fold(one)) for one in re.split(r"[,;/\n]", words)}
    return ",".join(level for level in ("ministry", "province", "district", "commune") if level in found) or None


def _has_citizen(applicants: str) -> bool:
    return any(text.fold(one) in _words("applicants") for one in re.split(r"[,;\n]", applicants))


def limit(words: str | None) -> tuple[float, str] | None:
    """Return number and unit of a text like "07 Ngày làm việc"; None where it is vaguer, zero or has no unit."""
    found = _LIMIT.fullmatch(text.nfc(words or ""))
    unit = _words("limit_units").get(text.fold(found[2])) if found else None
    if found is None or unit is None:
        return None
    value = float(found[1].replace(",", "."))
    return (value, unit) if value > 0 else None


def _longest_limit(channels: Sequence[Channel], *, code: str, doubts: Doubts) -> tuple[float, str] | tuple[None, None]:
    found = [known for channel in channels if (known := limit(channel.limit))]
    if channels and not found:
        doubts.limit.append(code)
    return max(found, key=lambda one: one[0] * _ABOUT_DAYS[one[1]], default=(None, None))


def _has_limit(described: Described) -> bool | None:
    if described.channels is None:
        return None
    # A limit in words, or a number whose unit the page lost, is public all the same.
    return any(said(channel.limit) for channel in described.channels)


def _fee_bearing(channels: Sequence[Channel], *, code: str, doubts: Doubts) -> bool | None:
    """Tell whether a fee is due: an amount says yes, only "free" everywhere says no, all else is unknown."""
    is_free = False
    is_doubtful = False
    for channel in channels:
        fee = said(channel.fee)
        if not fee:
            continue
        if _FREE.fullmatch(fee.strip()):
            is_free = True
            is_doubtful |= bool(_PAID_AFTER_ALL.match(channel.remark))
        elif _AMOUNT.search(_FREE.sub("", fee)):
            return True
        else:
            is_doubtful = True
    if is_doubtful:
        doubts.fee.append(code)
        return None
    return False if is_free else None
