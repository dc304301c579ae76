"""The facts of 2,000 real procedures, as the national portal's catalogue of 2026 states them."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Listed:
    """One procedure (thủ tục hành chính) of the catalogue.

    ``limit_value`` and ``limit_unit`` are None where the catalogue states no limit. ``agency`` is the department of
    the fictitious province that resolves it ("" = none), ``at_commune`` tells that communes do.
    """

    code: str
    name: str
    sector: str
    levels: str
    limit_value: float | None
    limit_unit: str | None
    is_result_required: bool
    is_fee_bearing: bool
    is_online: bool
    is_for_citizens: bool
    agency: str
    at_commune: bool


@cache
def procedures() -> tuple[Listed, ...]:
    """Return the catalogue in the order of the codes."""
    text = resources.files("motcua.sample").joinpath("data/procedures.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Listed(
            code=row["code"],
            name=row["name"],
            sector=row["sector"],
            levels=row["levels"],
            limit_value=float(row["limit_value"]) if row["limit_value"] else None,
            limit_unit=row["limit_unit"] or None,
            is_result_required=row["result_required"] == "1",
            is_fee_bearing=row["fee_bearing"] == "1",
            is_online=row["online"] == "1",
            is_for_citizens=row["citizen_applicant"] == "1",
            agency=row["agency"],
            at_commune=row["at_commune"] == "1",
        )
        for row in rows
    )


def commune_names() -> tuple[str, ...]:
    """Return 99 invented names, none of which any commune of Vietnam bears or bore."""
    text = resources.files("motcua.sample").joinpath("data/communes.txt").read_text(encoding="utf-8")
    return tuple(text.split("\n")[:-1])
