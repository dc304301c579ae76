"""A province of three units and a few dossiers drawn by Hypothesis: small enough to measure hundreds of times."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from motcua import lawbook
from motcua.facts.dataset import Dataset
from motcua.indicators import evaluate
from motcua.indicators.evaluate import Data, Evaluation
from motcua.kernel.time import Period
from motcua.lawbook.indicator_sets import IndicatorSet

ON = date(2026, 10, 10)
FIRST = datetime.fromisoformat("2025-12-20T09:00")
PERIOD = Period.year(2026)
BOOK = lawbook.load()
PORTAL = BOOK.indicator_set("qd766/portal", on=ON)
CLOCK = evaluate.clock_of(BOOK, on=ON)
UNITS = ("H20.1", "H20.12", "H20.13")
PROCEDURES = ("1.000001", "1.000002", "1.000003")
MAYBE = st.sampled_from([True, False, None])


@st.composite
def dossiers(draw: st.DrawFn, *, least: int = 1, most: int = 12) -> list[dict[str, Any]]:
    """Dossiers around the turn of the year, in time and late, ended and open, with every flag known or unknown."""
    rows = []
    for number in range(draw(st.integers(least, most))):
        received = FIRST + timedelta(days=draw(st.integers(0, 290)))
        due = received + timedelta(days=draw(st.integers(1, 20)))
        took = draw(st.one_of(st.none(), st.integers(0, 30)))
        ended = None if took is None else received + timedelta(days=took)
        rows.append(
            {
                "dossier_code": f"H20-{number:03}",
                "unit_code": draw(st.sampled_from(UNITS)),
                "procedure_code": draw(st.sampled_from(PROCEDURES)),
                "officer_code": draw(st.sampled_from(["CB1", "CB2", None])),
                "officer_named": draw(st.sampled_from([True, True, False, None])),
                "channel": draw(st.sampled_from([1, 2, 2, 3, None])),
                "received_at": received,
                "due_at": draw(st.sampled_from([due, due, None])),
                "resolved_at": ended,
                "supplement_requests": draw(st.sampled_from([0, 1, 2, None])),
                "result_required": draw(MAYBE),
                "has_component_file": draw(MAYBE),
                "has_result_file": draw(MAYBE),
                "has_reused_component": draw(MAYBE),
                "result_in_catalogue": draw(MAYBE),
                "uses_population_data": draw(MAYBE),
                "fee_bearing": draw(MAYBE),
                "has_fee_data": draw(MAYBE),
                "fees_all_zero": draw(MAYBE),
                "payment_place": draw(st.sampled_from([0, 1, 2, 3, None])),
                "is_synced": draw(st.sampled_from([True, True, False])),
                "is_disliked": draw(st.sampled_from([False, False, True])),
                "has_petition": draw(st.sampled_from([False, False, True])),
            }
        )
    return rows


SCHEMA: dict[str, Any] = {
    "dossier_code": pl.String, "unit_code": pl.String, "procedure_code": pl.String, "officer_code": pl.String,
    "officer_named": pl.Boolean, "channel": pl.Int8, "received_at": pl.Datetime("us"), "due_at": pl.Datetime("us"),
    "resolved_at": pl.Datetime("us"), "supplement_requests": pl.Int16, "result_required": pl.Boolean,
    "has_component_file": pl.Boolean, "has_result_file": pl.Boolean, "has_reused_component": pl.Boolean,
    "result_in_catalogue": pl.Boolean, "uses_population_data": pl.Boolean, "fee_bearing": pl.Boolean,
    "has_fee_data": pl.Boolean, "fees_all_zero": pl.Boolean, "payment_place": pl.Int8, "is_synced": pl.Boolean,
    "is_disliked": pl.Boolean, "has_petition": pl.Boolean,
}  # fmt: skip


def data(rows: list[dict[str, Any]]) -> Data:
    """Return the province with these dossiers, three procedures, a service, a decision and two petitions."""
    units = pl.DataFrame(
        {
            "unit_code": ["H20", *UNITS],
            "name": ["Tỉnh", "Sở", "Xã A", "Xã B"],
            "kind": ["province", "department", "commune", "commune"],
            "parent_code": [None, "H20", "H20", "H20"],
            "certified_copy": [None, None, True, False],
        }
    )
    procedures = pl.DataFrame(
        {
            "procedure_code": PROCEDURES,
            "name": ["Một", "Hai", "Ba"],
            "levels": ["province,commune", "commune", "province"],
            "result_required": [True, False, None],
            "fee_bearing": [True, True, False],
            "citizen_applicant": [True, False, True],
            "state": ["public", "public", "public_amended"],
            "part_name": [True, True, True],
            "part_sequence": [True, False, True],
            "part_channels": [True, True, True],
            "part_components": [True, True, True],
            "part_limit": [True, True, None],
            "part_applicants": [True, True, True],
            "part_agency": [True, True, True],
        }
    )
    assignments = pl.DataFrame(
        [(unit, procedure) for unit in UNITS for procedure in PROCEDURES],
        schema=["unit_code", "procedure_code"],
        orient="row",
    )
    services = pl.DataFrame(
        {"unit_code": ["H20.12", "H20.1"], "procedure_code": PROCEDURES[:2], "state": ["public", "testing"]}
    )
    decisions = pl.DataFrame(
        {
            "procedure_code": PROCEDURES[:2],
            "issuer": ["province", "province"],
            "unit_code": ["H20", "H20"],
            "signed_on": [date(2026, 3, 2), date(2026, 3, 2)],
            "effective_on": [date(2026, 3, 3), date(2026, 4, 3)],
            "published_on": [date(2026, 3, 4), date(2026, 5, 4)],
        }
    )
    petitions = pl.DataFrame(
        {
            "petition_code": ["P1", "P2"],
            "unit_code": ["H20.12", "H20.12"],
            "kind": ["CONDUCT", "REGULATION"],
            "received_at": [datetime.fromisoformat("2026-05-04T08:00"), datetime.fromisoformat("2026-05-05T08:00")],
            "resolved_at": [datetime.fromisoformat("2026-05-06T08:00"), datetime.fromisoformat("2026-08-05T08:00")],
            "published_at": [datetime.fromisoformat("2026-05-06T09:00"), datetime.fromisoformat("2026-08-05T09:00")],
            "likes": [0, 3],
            "dislikes": [2, 0],
        }
    )
    reports = pl.DataFrame({"unit_code": ["H20.1"], "period": ["2026"], "received": [7]})
    tables = {
        "dossiers": pl.DataFrame(rows, schema=SCHEMA),
        "units": units,
        "procedures": procedures,
        "assignments": assignments,
        "services": services,
        "decisions": decisions,
        "petitions": petitions,
        "national_reports": reports,
    }
    return Data(Dataset.of_tables(tables), ("bộ nhớ",), None, None, None)


def scored(rows: list[dict[str, Any]], *, rules: IndicatorSet = PORTAL) -> Evaluation:
    """Return the province's points for 2026 as known on 10/10/2026."""
    return evaluate.evaluate(data(rows), rules=rules, period=PERIOD, on=ON, clock=CLOCK)
