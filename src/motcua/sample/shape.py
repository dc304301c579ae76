"""The tunable shape of the province, read from ``data/shape.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Department:
    """A department (sở, ban, ngành): its number below the province, its name, its share of departments' dossiers."""

    number: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Shape:
    """Shares and rates by the name they have in the file; all are fractions unless the file says otherwise."""

    departments: tuple[Department, ...]
    commune_share: float
    wards: int
    commune_sectors: dict[str, float]
    procedures: dict[str, float]
    rates: dict[str, float]
    outcomes: dict[str, float]
    petitions: dict[str, float]
    decisions: dict[str, float]
    national_report_excess: float
    carried_over_days: int
    weekdays: tuple[float, ...]
    months: tuple[float, ...]
    hours: tuple[float, ...]
    day_off: float
    swapped_working_day: float
    after_long_holiday: float


@cache
def shape() -> Shape:
    """Read the shape that ships with the program."""
    text = resources.files("motcua.sample").joinpath("data/shape.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)
    seasons = found["seasons"]
    return Shape(
        departments=tuple(Department(one["code"], one["name"], one["share"]) for one in found["departments"]),
        commune_share=found["commune_share"],
        wards=found["communes_that_are_wards"],
        commune_sectors=found["commune_sectors"],
        procedures=found["procedures"],
        rates=found["rates"],
        outcomes=found["outcomes"],
        petitions=found["petitions"],
        decisions=found["decisions"],
        national_report_excess=found["national_reports"]["excess"],
        carried_over_days=seasons["carried_over_days"],
        weekdays=tuple(seasons["weekdays"]),
        months=tuple(seasons["months"]),
        hours=tuple(seasons["hours"]),
        day_off=seasons["day_off"],
        swapped_working_day=seasons["swapped_working_day"],
        after_long_holiday=seasons["after_long_holiday"],
    )
