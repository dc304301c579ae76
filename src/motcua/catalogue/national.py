"""A procedure as the national catalogue words it, made a record of ours. What the words leave open stays open."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Protocol

from motcua.catalogue.records import ProcedureRecord
from motcua.catalogue.types import Channel, ChannelTerm, Component, OnlineLevel
from motcua.deadlines.types import Limit, LimitUnit
from motcua.kernel.ids import procedure_code
from motcua.kernel.text import fold, nfc

_CHANNELS = (("truc tuyen", Channel.ONLINE), ("buu chinh", Channel.POSTAL), ("truc tiep", Channel.DIRECT))
# The page's table of papers comes flattened: each paper ends with how many originals or copies are asked for.
_PAPER = re.compile(r"(.+?)(\d{1,2})\s*bản (chính|sao)(?:\s*[,;+]?\s*(\d{1,2})\s*bản sao)?", re.DOTALL | re.IGNORECASE)
_RESULT = re.compile(r"(.+?)(?:Mã:\s*KQ\.[A-Z0-9.]+|$)", re.DOTALL)
_LAW_NUMBER = re.compile(r"\d{1,4}/\d{4}/[A-ZĐ][A-ZĐ0-9-]*")
_DONG = re.compile(r"([1-9]\d{0,2}(?:[.,]\d{3})+|[1-9]\d*|0)\s*(?:đồng|vnđ|đ|việt nam đồng)?", re.IGNORECASE)
_PAPER_LENGTH = 2000


class Way(Protocol):
    """One way to hand in, in words."""

    @property
    def name(self) -> str:
        """Trực tuyến, trực tiếp, bưu chính."""

    @property
    def limit(self) -> str | None:
        """The limit as a text."""

    @property
    def fee(self) -> str | None:
        """The fee as a text."""

    @property
    def remark(self) -> str:
        """What stands beside."""


class Worded(Protocol):
    """What a catalogue says of a procedure, in words."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def sector(self) -> str | None: ...
    @property
    def levels(self) -> str | None: ...
    @property
    def applicants(self) -> str | None: ...
    @property
    def agency(self) -> str | None: ...
    @property
    def sequence(self) -> str | None: ...
    @property
    def components(self) -> str | None: ...
    @property
    def result(self) -> str | None: ...
    @property
    def decision(self) -> str | None: ...
    @property
    def requirements(self) -> str | None: ...
    @property
    def legal_bases(self) -> str | None: ...
    @property
    def channels(self) -> Sequence[Way] | None: ...


LimitReader = Callable[[str | None], tuple[float, str] | None]


def record(worded: Worded, *, levels: tuple[str, ...], limit_of: LimitReader) -> ProcedureRecord:
    """Return our record of the procedure; ``limit_of`` reads a limit's words.

    The same channel named twice keeps its first line: a difference by case is not told apart in these pages. Whether
    a procedure may be fully online is not said by them: an online channel gives ``PARTIAL``.
    """
    terms: dict[Channel, ChannelTerm] = {}
    for way in worded.channels or ():
        channel = next((one for word, one in _CHANNELS if word in fold(way.name)), None)
        if channel is not None and channel not in terms:
            terms[channel] = ChannelTerm(
                channel, "", _limit(limit_of(way.limit)), None, _dong(way.fee), nfc(f"{way.fee or ''} {way.remark}")
            )
    requirements = nfc(worded.requirements or "")
    return ProcedureRecord(
        code=procedure_code(worded.code) or worded.code,
        name=nfc(worded.name),
        sector=nfc(worded.sector or ""),
        levels=levels,
        decision_number=nfc(worded.decision or ""),
        sequence=(worded.sequence or "").strip(),
        agency=nfc(worded.agency or ""),
        applicant_kinds=tuple(part for part in (nfc(one) for one in (worded.applicants or "").split(", ")) if part),
        results=results(worded.result or ""),
        requirements="" if fold(requirements) in {"khong co thong tin", "khong"} else requirements,
        legal_bases=tuple(dict.fromkeys(_LAW_NUMBER.findall(worded.legal_bases or ""))),
        online_level=OnlineLevel.PARTIAL if Channel.ONLINE in terms else OnlineLevel.NONE,
        accepts_postal=Channel.POSTAL in terms,
        requires_result=bool(results(worded.result or "")),
        terms=tuple(terms[channel] for channel in sorted(terms)),
        components=papers(worded.components or ""),
    )


def papers(text: str) -> tuple[Component, ...]:
    """Return the papers of a flattened table; one of unread count where the text has none, so that nothing is lost."""
    text = re.sub(r"^-+", "", text.strip())
    found: dict[str, Component] = {}
    end = 0
    for match in _PAPER.finditer(text):
        end = match.end()
        name = nfc(match[1]).strip("-–+;,. ")[:_PAPER_LENGTH]
        is_original = fold(match[3]) == "chinh"
        originals = int(match[2]) if is_original else 0
        copies = int(match[4] or 0) if is_original else int(match[2])
        if name and name not in found:
            # «0 bản chính» stands beside headings of cases and remarks: nothing is asked for there.
            found[name] = Component("", name, "", "", originals, copies, is_required=originals + copies > 0)
    rest = nfc(text[end:]).strip("-–+;,. ")
    if not found and fold(rest) not in {"", "khong co thong tin"}:
        found[rest] = Component("", rest[:_PAPER_LENGTH], "", "", 1, 0, is_required=False)
    return tuple(found.values())


def results(text: str) -> tuple[str, ...]:
    """Return the results named, without their codes."""
    if fold(text) in {"", "khong co thong tin", "khong"}:
        return ()
    return tuple(dict.fromkeys(name for match in _RESULT.finditer(text) if (name := nfc(match[1]).strip("-–+;,. "))))


def _limit(found: tuple[float, str] | None) -> Limit | None:
    return Limit(Decimal(str(found[0])), LimitUnit(found[1])) if found else None


def _dong(words: str | None) -> int | None:
    """Return a fee in đồng where the words name exactly one amount of đồng, 0 for "free"; None: no fee read."""
    if words is None or not words.strip():
        return None
    if "mien phi" in fold(words):
        return 0
    if "usd" in fold(words):
        return None
    amounts = {one[1].replace(".", "").replace(",", "") for one in _DONG.finditer(words)}
    return int(amounts.pop()) if len(amounts) == 1 else None
