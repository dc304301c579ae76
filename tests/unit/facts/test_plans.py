"""A plan read back is the plan compiled, and a damaged one is compiled again."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from motcua.facts import plans
from motcua.facts.columns import COLUMNS, POLARS_TYPES
from motcua.facts.options import FactOptions

ON = datetime.fromisoformat("2026-06-30T12:00:00")
OPTIONS = FactOptions(late_if_repeated_supplement=True)
RECEIVED = datetime.fromisoformat("2026-06-01T08:00:00")
FRAME = pl.LazyFrame(
    {"received_at": [RECEIVED, RECEIVED], "due_at": [ON, RECEIVED], "channel": [2, None]},
    schema_overrides={"channel": pl.Int8},
).select(
    pl.col(name) if name in {"received_at", "due_at", "channel"} else pl.lit(None, dtype=POLARS_TYPES[kind]).alias(name)
    for name, kind in COLUMNS.items()
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    plans._steps.cache_clear()
    return tmp_path / "motcua" / "plans"


def test_a_plan_read_back_is_the_plan_compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = plans.packed(FRAME, on=ON, options=OPTIONS).collect()
    plans._steps.cache_clear()
    monkeypatch.setattr(plans, "_compiled", None)

    assert len(list(folder.glob("*.plan"))) == 1
    assert plans.packed(FRAME, on=ON, options=OPTIONS).collect().equals(compiled)
    assert compiled["late_from"].is_not_null().all()


def test_another_day_and_other_switches_have_plans_of_their_own(folder: Path) -> None:
    plans.packed(FRAME, on=ON, options=OPTIONS)
    plans.packed(FRAME, on=ON.replace(hour=13), options=OPTIONS)
    plans.packed(FRAME, on=ON, options=FactOptions())
    plans.facts(FRAME, on=ON, options=OPTIONS)

    assert len(list(folder.glob("*.plan"))) == 4


@pytest.mark.parametrize("damage", [b"", b"\x91", b"\x91\x92\xa6select\x91\xc4\x03abc"])
def test_a_damaged_plan_is_compiled_again(folder: Path, damage: bytes) -> None:
    compiled = plans.facts(FRAME, on=ON, options=OPTIONS).collect()
    plans._steps.cache_clear()
    (path,) = folder.glob("*.plan")
    path.write_bytes(damage)

    assert plans.facts(FRAME, on=ON, options=OPTIONS).collect().equals(compiled)
    assert path.read_bytes() != damage


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert plans.facts(FRAME, on=ON, options=OPTIONS).collect().height == 2
