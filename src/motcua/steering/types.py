"""What may cross the border of steering."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from motcua.lawbook.targets import Metric

STREAM = "steering"
"""The stream of the log that owners and targets are recorded in."""

METRIC_NAMES: Mapping[Metric, str] = {
    Metric.RATIO: "Tỷ lệ (%)",
    Metric.POINTS: "Điểm",
    Metric.COUNT: "Số lượng (tử số)",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Mục tiêu in force for a unit, a year and a subject (an indicator, ``nhom-`` and a group, or ``TONG``).

    ``value`` is a share in (0, 1] for a ratio, else points or a number. ``source`` says who set it, in Vietnamese.
    """

    subject: str
    metric: Metric
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class TargetScope:
    """For whom a target is set: a unit itself, or every unit of a level below it."""

    unit_code: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """Một lần đặt mục tiêu; ``value`` is None where it was withdrawn."""

    number: int
    """Of the order in which targets were set."""
    subject: str
    level: str
    year: int
    metric: Metric
    value: Decimal | None
    version: int
    by_name: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Đơn vị chịu trách nhiệm chính of one group of indicators of a unit."""

    group: str
    code: str
    name: str
    since: date
