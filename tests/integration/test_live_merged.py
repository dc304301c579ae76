"""Merged units: the same month with the units of the time, and with those that have followed them."""

import csv
import io
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import world as the_world
from motcua.cli.main import application
from motcua.facts.world import View
from motcua.kernel.time import Period, local_day
from motcua.live import figures, merged, projector, scoring
from motcua.organisations import actions
from world import COMMUNE, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Period.month(2026, 3)
NOW = at("2026-04-20 09:00")


@pytest.fixture
def world() -> World:
    """Two communes with a dossier each in March, one of them late; in April the other is merged into the commune."""
    built = the_world.build()
    built.received("2026-03-02 09:00")
    built.received("2026-03-26 09:00", by="stranger", competent_unit=OTHER_COMMUNE)
    actions.merge_units(
        old_codes=[OTHER_COMMUNE],
        new_code=COMMUNE,
        on=local_day(at("2026-04-10 00:00")),
        by="x",
        at=at("2026-04-09 09:00"),
    )
    while projector.project(options=scoring.options(now=NOW), at=NOW):
        pass
    return built


def received(view: View, *, period: Period = MARCH) -> dict[str, int | None]:
    found = figures.read(
        period=period, now=NOW, options=scoring.options(now=NOW), clock=scoring.clock(NOW.date()), view=view
    ).measures
    return {code: found.of(code)["dossiers.received"] for code in found.units}


def test_the_old_view_counts_each_under_the_unit_of_the_time(world: World) -> None:
    del world
    found = received(View.THEN)

    assert (found[COMMUNE], found[OTHER_COMMUNE], found[PROVINCE]) == (1, 1, 2)


def test_the_new_view_counts_predecessors_with_their_successor(world: World) -> None:
    del world
    found = received(View.CURRENT)

    assert (found[COMMUNE], found[PROVINCE]) == (2, 2)
    assert OTHER_COMMUNE not in found


def test_both_views_stand_beside_each_other(world: World) -> None:
    del world
    then, now = merged.both(period=MARCH, now=NOW)

    (row,) = merged.below(PROVINCE, then=then, now=now)
    assert row.code == COMMUNE
    assert [one.unit.code for one in row.predecessors] == [OTHER_COMMUNE]
    assert row.then is not None
    assert row.now is not None
    assert (row.then.row("ON_TIME").count.denominator, row.now.row("ON_TIME").count.denominator) == (1, 2)
    assert merged.below(OTHER_COMMUNE, then=then, now=now) == ()


def test_asking_for_one_view_does_not_change_the_other(world: World) -> None:
    del world
    first = scoring.score(period=MARCH, now=NOW)
    scoring.score(period=MARCH, now=NOW, view=View.CURRENT)

    again = scoring.score(period=MARCH, now=NOW)

    assert again.evaluation.scorecard == first.evaluation.scorecard


@pytest.mark.parametrize(("units", "handled"), [("then", {"H99.1": "1", "H99.2": "1"}), ("now", {"H99.1": "2"})])
def test_files_are_scored_in_either_view(tmp_path: Path, units: str, handled: dict[str, str]) -> None:
    rows = [
        {"dossier_code": code, "unit_code": unit, "received_at": datetime.fromisoformat("2026-03-02T09:00")}
        for code, unit in (("A", "H99.1"), ("B", "H99.2"))
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "dossiers.parquet")
    merged_on = date(2026, 4, 10)
    of_units = [
        {"unit_code": "H99.1", "name": "Một", "kind": "commune", "valid_to": None, "successor_code": None},
        {"unit_code": "H99.2", "name": "Hai", "kind": "commune", "valid_to": merged_on, "successor_code": "H99.1"},
    ]
    pl.DataFrame(of_units, schema_overrides={"valid_to": pl.Date}).write_parquet(tmp_path / "units.parquet")
    given = ["score", str(tmp_path), "--period", "2026-03", "--on", "2026-04-20", "--format", "csv", "--units", units]

    shown = CliRunner().invoke(application(given), given, catch_exceptions=False)

    lines = list(csv.DictReader(io.StringIO(shown.stdout)))
    found = {line["unit_code"]: line["denominator"] for line in lines if line["metric"] == "ON_TIME"}
    assert found == handled
