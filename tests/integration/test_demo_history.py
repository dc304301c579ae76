"""The demo's past: the sample's exports stand in the live index beside the desk of the same province."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from motcua.cli import sample
from motcua.demo import history
from motcua.kernel.time import VIETNAM, Period
from motcua.live import imports_kept, models, projector, proof, scoring
from motcua.sample.writing import Form

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 20, 9, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folders = tmp_path_factory.mktemp("mau")
    for year in (2026, 2025):
        sample.make(dossiers=3000, seed=1, out=folders / str(year), form=Form.PARQUET, year=year, provinces=1)
    return folders / "2026", folders / "2025"


def take_in(exports: tuple[Path, Path], *, now: datetime = NOW) -> None:
    history.take_in(*exports, now=now, clock=scoring.clock(now.date()), progressed=lambda _: None)
    while projector.project(options=scoring.options(now=now), at=now):
        pass


def test_this_year_and_the_last_are_scored_and_proved(exports: tuple[Path, Path]) -> None:
    take_in(exports)

    for period in (Period.month(2026, 4), Period.month(2025, 10)):
        card = scoring.score(period=period, now=NOW).evaluation.scorecard
        assert len([one for one in card.units if one.unit.parent == "H99"]) > 100
        assert card.of("H99").row("ON_TIME").count.denominator
    found = proof.prove(
        period=Period.year(2026), now=NOW, options=scoring.options(now=NOW), clock=scoring.clock(NOW.date())
    )
    assert found.differences == ()


def test_days_to_come_are_left_out_until_they_come(exports: tuple[Path, Path]) -> None:
    take_in(exports)
    whole = pl.read_parquet(exports[0] / "dossiers.parquet")
    known = whole.filter(pl.col("received_at") <= NOW.replace(tzinfo=None))

    assert models.LiveDossier.objects.filter(days__startswith__gte="2026-01-01").count() == (
        known.filter(pl.col("received_at") >= datetime.fromisoformat("2026-01-01")).height
    )
    assert history.is_up_to_date(now=NOW)
    assert not history.is_up_to_date(now=NOW + timedelta(days=1))

    take_in(exports, now=NOW + timedelta(days=1))

    assert imports_kept.current()[0].dossiers > known.height


def test_the_two_years_share_no_dossier(exports: tuple[Path, Path]) -> None:
    take_in(exports)

    told = imports_kept.latest()[0]
    codes = pl.concat(imports_kept.all_rows(told.of("dossiers"), columns=["dossier_code"]))
    assert codes.n_unique() == codes.height == told.dossiers
