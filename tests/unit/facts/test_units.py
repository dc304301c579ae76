"""Units stand in a tree, the tree changes on known days, and every dossier keeps the tree it was received under."""

from datetime import date, datetime

import polars as pl
import pytest

from motcua.facts import engine
from motcua.facts.dataset import Dataset
from motcua.facts.options import FactOptions
from motcua.facts.units import Unit, UnitHistory
from motcua.facts.world import View
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period

MERGER = date(2025, 7, 1)
UNITS = [
    {"unit_code": "H05", "name": "Tỉnh", "kind": "province"},
    {"unit_code": "H05.2", "name": "Huyện", "kind": "district", "parent_code": "H05", "valid_to": MERGER},
    {
        "unit_code": "H05.2.1",
        "name": "Xã cũ",
        "kind": "commune",
        "parent_code": "H05.2",
        "valid_to": MERGER,
        "successor_code": "H05.9",
    },
    {"unit_code": "H05.9", "name": "Xã mới", "kind": "commune", "parent_code": "H05", "valid_from": MERGER},
]
ON = date(2025, 12, 31)


def _dataset() -> Dataset:
    days = {"H05.2.1": ["2025-06-30", "2025-06-01"], "H05.9": ["2025-07-01"], "H05": ["2025-03-01"]}
    rows = [
        {"unit_code": code, "received_at": datetime.fromisoformat(day)} for code, found in days.items() for day in found
    ]
    return Dataset.of_tables({"dossiers": pl.DataFrame(rows), "units": pl.DataFrame(UNITS, infer_schema_length=None)})


def _received(view: View) -> dict[str, int | None]:
    year = Period.year(2025)
    measured = engine.measure(_dataset(), period=year, on=ON, options=FactOptions(), view=view)
    return {unit: measured.of(unit)["dossiers.received"] for unit in measured.units}


def test_a_parent_counts_itself_and_all_below_under_the_tree_of_the_day_of_receipt() -> None:
    assert _received(View.THEN) == {"H05": 4, "H05.2": 2, "H05.2.1": 2, "H05.9": 1}


def test_seen_from_today_merged_units_stand_under_their_successor() -> None:
    assert _received(View.CURRENT) == {"H05": 4, "H05.9": 3}


def test_a_unit_that_had_ended_before_the_period_is_not_shown() -> None:
    period = Period.quarter(2025, 4)

    measured = engine.measure(_dataset(), period=period, on=ON, options=FactOptions())

    assert "H05.9" in measured.units
    assert measured.of("H05")["units.communes"] == 1
    assert measured.of("H05")["dossiers.received"] == 0


def test_a_unit_met_only_in_the_data_stands_under_the_one_its_code_names() -> None:
    history = UnitHistory.of([], seen=["H20.12.3", "XYZ"])

    tree = history.eras[-1].tree
    assert tree.codes == ("H20", "H20.12", "H20.12.3", "XYZ")
    assert tree.roots == ("H20", "XYZ")
    assert tree.below("H20") == ("H20", "H20.12", "H20.12.3")
    assert tree.children("H20") == ("H20.12",)


def test_codes_stand_in_the_order_people_count() -> None:
    assert UnitHistory.of([], seen=["H1.10", "H1.9", "H1.2"]).eras[0].tree.codes == ("H1", "H1.2", "H1.9", "H1.10")


def test_a_unit_under_itself_is_refused_with_its_name() -> None:
    with pytest.raises(UserError, match="A"):
        UnitHistory.of([Unit("A", parent_code="B"), Unit("B", parent_code="A")])
    with pytest.raises(UserError, match="kế thừa"):
        UnitHistory.of([Unit("A", successor_code="A", valid_to=MERGER)]).as_it_is(on=ON)
