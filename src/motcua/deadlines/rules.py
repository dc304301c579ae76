"""One version of a deadline rule: how a limit runs, stops, resumes and is extended, with the law beside each value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from motcua.deadlines.types import Counting, Limit
from motcua.kernel.citation import Citation


class SupplementEffect(StrEnum):
    """What an answered supplement request does to the clock."""

    RESUME = "resume"
    """The clock goes on with what was left."""
    RESTART = "restart"
    """The whole limit runs again from the moment the dossier is complete."""


class OpenDossiers(StrEnum):
    """Điều khoản chuyển tiếp: what a new version does to dossiers received before it."""

    KEEP = "keep"
    """A dossier keeps the rule it was received under."""
    MOVE = "move"
    """Dossiers still open on the day the version takes effect go on under it."""


class PauseMeasure(StrEnum):
    """How long a pause is, for a limit in working time (calendar terms always count the wall calendar)."""

    WORKING_TIME = "working_time"
    WALL = "wall"
    """Every hour from beginning to end, nights and days off included."""


class ClockKind(StrEnum):
    """Which of the two clocks of a dossier a rule describes."""

    STATUTORY = "statutory"
    QD766 = "qd766"


SUPPLEMENT = "supplement"
"""The code of the pause ground «waiting for the applicant's supplement» in ``law/codelists/pause_ground``."""


@dataclass(frozen=True, slots=True)
class PauseGround:
    """Căn cứ tạm dừng: a reason for which the law lets the clock stand still."""

    code: str
    name_vi: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class LimitChoice:
    """A limit that a rule fixes itself, for the dossiers that meet every condition given (empty = any)."""

    limit: Limit
    citation: Citation
    channel: str = ""
    situation: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """Gia hạn: how often, and how long at most as a share of the limit (0 times: not allowed)."""

    times: int = 0
    at_most_share: Decimal = Decimal(0)
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """Quy tắc thời hạn: one dated version.

    ``day_length`` is how much working time is «a day» for elapsed_hours, ``approaching`` the working time left from
    which a dossier is about to be late (but never more than ``approaching_share`` of its whole time),
    ``receipt_cut_off`` the time of day after which receipt is deemed to be at the next opening (None: never); all in
    microseconds. ``pausing`` holds the grounds that stop this clock; a pause whose ground the source does not give
    (the empty code) stops every clock. ``known_grounds`` holds every ground. Beyond ``supplement_requests`` further
    requests still count, but the dossier is marked.
    """

    code: str
    effective_from: date
    name_vi: str
    day_length: int
    approaching: int
    supplement_requests: int
    effective_to: date | None = None
    approaching_share: Decimal = Decimal(1)
    kind: ClockKind = ClockKind.STATUTORY
    counting: Counting = Counting.WHOLE_DAYS
    receipt_cut_off: int | None = None
    pause_measure: PauseMeasure = PauseMeasure.WORKING_TIME
    pausing: Mapping[str, PauseGround] = field(default_factory=dict)
    known_grounds: Mapping[str, PauseGround] = field(default_factory=dict)
    supplement: SupplementEffect = SupplementEffect.RESUME
    extension: ExtensionRule = field(default_factory=ExtensionRule)
    open_dossiers: OpenDossiers = OpenDossiers.KEEP
    limits: tuple[LimitChoice, ...] = ()
    citations: Mapping[str, Citation] = field(default_factory=dict)

    version: str = field(init=False)
    """The name that results carry: code and first day in force."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", f"{self.code}/{self.effective_from.isoformat()}")
