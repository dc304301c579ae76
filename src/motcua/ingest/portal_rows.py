"""Gathers figures of the national portal into batches, and tells which period a file is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from motcua.events.streams import STREAMS
from motcua.ingest.reading import Batch
from motcua.kernel import ids, text
from motcua.kernel.errors import Problem, UserError
from motcua.kernel.time import Period

COUNTRY = "VN"
"""The unit code that stands for the whole country, to which the portal gives none."""

_COLUMNS = tuple(column.name for column in STREAMS["portal_figures"].columns)
_MONTH = re.compile(r"(?<![0-9A-Za-z])[Tt](?:hang)?[ _-]?(1[0-2]|0?[1-9])[ _./-](20\d{2})(?!\d)")
_QUARTER = re.compile(r"(20\d{2})[ _-]?[Qq](?:uy)?[ _-]?([1-4])(?!\d)")
_QUARTER_FIRST = re.compile(r"(?<![0-9A-Za-z])[Qq](?:uy)?[ _-]?([1-4])[ _./-](20\d{2})(?!\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)(20\d{2})-(0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")


def period_named(name: str) -> str | None:
    """Return the period a file's name tells: ``bao_cao_T10_2025``, ``…-2026-Q3``, ``…2026-09``, ``…2026``."""
    if found := _MONTH.search(name):
        return str(Period.month(int(found[2]), int(found[1])))
    if found := _QUARTER.search(name):
        return str(Period.quarter(int(found[1]), int(found[2])))
    if found := _QUARTER_FIRST.search(name):
        return str(Period.quarter(int(found[2]), int(found[1])))
    if found := _YEAR_MONTH.search(name):
        return f"{found[1]}-{found[2]}"
    years = set(_YEAR.findall(name))
    return years.pop() if len(years) == 1 else None


def no_period(name: str) -> UserError:
    """Return the refusal of a file that does not say its period."""
    return UserError(
        "Không biết số liệu thuộc kỳ nào: trong tệp không ghi.",
        remedy="Hãy đặt kỳ vào tên tệp, ví dụ transparency-2026-Q3.json, bao_cao_T10_2025.xlsx, ket-qua-2026.json.",
        where=name,
    )


@dataclass(slots=True)
class Figures:
    """Rows of ``portal_figures`` on their way to a batch."""

    where: str
    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    problems: list[Problem] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    rows: int = 0

    def add(
        self, *, unit_code: str, unit_name: str | None, period: str, metric: str, given: Mapping[str, object],
        row: int | None = None,
    ) -> None:  # fmt: skip
        """Take one figure; ``given`` are the columns from ``numerator`` to ``rank`` as the source has them."""
        values = {
            name: self.number(given.get(name), column=name, about=f"{unit_code}, {metric}", row=row)
            for name in ("numerator", "denominator", "ratio", "points", "max_points", "rank")
        }
        rank = values["rank"]
        flag = given.get("flag")
        full: dict[str, Any] = {
            **values,
            "unit_code": unit_code,
            "unit_name": unit_name,
            "period": period,
            "metric": metric,
            "flag": flag if isinstance(flag, str) and flag else None,
            "rank": int(rank) if rank is not None and abs(rank) < 2**31 and rank == int(rank) else None,
        }
        for name in _COLUMNS:
            self.columns[name].append(full[name])

    def number(self, value: object, *, column: str, about: str, row: int | None = None) -> float | None:
        """Read a number; the portal's null stays unknown, and what is no number is told and left unknown."""
        if value is None or value == "":
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15:
            return float(value)
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            return float(value)
        self.problems.append(
            Problem(
                where=self.where, row=row, column=column,
                what=f"giá trị «{str(value)[:60]}» ({about}) không phải số.",
                remedy="Giá trị được để trống (không biết); hãy tải lại tệp từ Cổng.",
            )
        )  # fmt: skip
        return None

    def batch(self) -> Batch:
        """Return what was gathered."""
        return Batch(
            stream="portal_figures", columns=self.columns, rows_read=self.rows, refused=self.refused,
            problems=self.problems,
        )  # fmt: skip


def unit_of(*, code: object, name: object, department_id: object) -> str | None:
    """Return the unit's code; the portal's internal id where it gives no code; None if neither is there."""
    if isinstance(code, str) and code.strip():
        return ids.unit_code(code) or code.strip()[:100]
    if isinstance(name, str) and text.fold(name) == "ca nuoc":
        return COUNTRY
    if isinstance(department_id, (str, int)) and str(department_id).strip():
        return str(department_id).strip()[:100]
    return None
