"""The demo's past: the sample's exports of this year and the last, taken into the live index like any province's.

The desk of the demo is some weeks old; with the exports beside it every unit has a year, and last year to compare with.
What the sample says of days to come is left out until they come.
"""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from motcua.demo.province import FOUNDED
from motcua.facts.preparing import FactClock
from motcua.kernel.time import local_day
from motcua.live import imports, imports_kept
from motcua.live.imports import Taken

SOURCE, NAME = "mau", "Dữ liệu mẫu của tỉnh giả định"
_OF_A_YEAR = ("petitions", "decisions", "national_reports", "portal_figures")
"""Tables that each year has its own of; the others stand as they are this year."""


def is_up_to_date(*, now: datetime) -> bool:
    """Tell whether the exports were taken in today already."""
    last = next((one for one in imports_kept.latest() if one.source == SOURCE), None)
    return last is not None and local_day(last.taken_at) == local_day(now)


def take_in(
    this_year: Path, last_year: Path, *, now: datetime, clock: FactClock | None, progressed: Callable[[int], None]
) -> Taken:
    """Take both years in, as they stand at ``now``; a day later only what has come since moves the figures."""
    with tempfile.TemporaryDirectory(prefix="motcua-demo-") as folder:
        before = _before(this_year, last_year, Path(folder))
        files = [*sorted(this_year.glob("*.parquet")), before]
        files += [last_year / f"{name}.parquet" for name in _OF_A_YEAR]
        return imports.take(
            files, source=SOURCE, name=NAME, by="he-thong", at=now, clock=clock, progressed=progressed, observed_at=now
        )


def _before(this_year: Path, last_year: Path, folder: Path) -> Path:
    """Write last year's dossiers since the province was founded, up to those this year's export begins with."""
    begins = pl.scan_parquet(this_year / "dossiers.parquet").select(pl.col("received_at").min()).collect().item()
    founded = datetime.combine(FOUNDED, datetime.min.time())
    ends = ("resolved_at", "returned_at", "refused_at", "stopped_at", "withdrawn_at")
    # What was open when that year's export was made went on; only a later export would tell how.
    told = pl.scan_parquet(last_year / "dossiers.parquet").filter(
        pl.col("received_at").is_between(founded, begins - timedelta(seconds=1)),
        pl.any_horizontal(pl.col(name).is_not_null() for name in ends),
    )
    told.sink_parquet(folder / "dossiers.parquet")
    return folder / "dossiers.parquet"
