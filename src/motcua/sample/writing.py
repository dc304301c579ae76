"""Writes the fictitious province into a folder, in one of three forms that tell the same story."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from motcua.deadlines.working_time import WorkingCalendar
from motcua.sample import columnar, dossiers, igate, payloads, provinces, seasons, tables
from motcua.sample.dossiers import Sample
from motcua.sample.office_time import OfficeTime
from motcua.sample.shape import shape

YEARS_AHEAD = 4  # the longest limits and delays end within this many years


class Form(StrEnum):
    """In which shape the dossiers are written; the other tables are Parquet in every form."""

    PARQUET = "parquet"
    """The project's own columns."""
    PAYLOADS = "payloads"
    """What a provincial system sends to the national portal: dossier and progress payloads."""
    IGATE = "igate"
    """The dossier lists that offices export from iGate."""


def years_needed(year: int) -> tuple[int, int]:
    """Return the first and last year that the calendar of a sample of the year must cover."""
    return year - 1, year + YEARS_AHEAD


def prepare(*, dossiers_wanted: int, seed: int, year: int, province_count: int, calendar: WorkingCalendar) -> Sample:
    """Lay out the province and its year by the office calendar; nothing is drawn yet."""
    form = shape()
    first = date(year - 1, 1, 1)
    days = (date(year + YEARS_AHEAD, 12, 31) - first).days + 1
    office = OfficeTime.of(calendar, first=first, days=days)
    start = date(year, 1, 1) - timedelta(days=form.carried_over_days)
    return dossiers.draw(
        country=provinces.build(shape=form, provinces=province_count, seed=seed),
        shape=form,
        office=office,
        arrivals=seasons.arrivals(shape=form, office=office, start=start, end=date(year + 1, 1, 1)),
        dossiers=dossiers_wanted,
        seed=seed,
        year=year,
    )


def write(*, sample: Sample, form: Form, folder: Path, progressed: Callable[[int], None]) -> None:
    """Write all tables of the sample into ``folder``; files of the same name are replaced.

    ``progressed`` is told how many dossiers have been written since the last time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tally = tables.Tally(sample)
    for name, made in (
        ("units", tables.units(sample.country)),
        ("procedures", tables.procedures(sample)),
        ("services", tables.services(sample)),
        ("assignments", tables.assignments(sample)),
        ("decisions", tables.decisions(sample)),
        ("petitions", tables.petitions(sample)),
    ):
        _save(made, folder / f"{name}.parquet")
    writers = {Form.PARQUET: columnar.write, Form.PAYLOADS: payloads.write, Form.IGATE: igate.write}
    for chunk in writers[form](sample=sample, drawn=dossiers.chunks(sample), folder=folder):
        tally.add(chunk)
        progressed(len(chunk))
    for name, made in (
        ("national_reports", tables.national_reports(sample, tally)),
        ("portal_figures", tables.portal_figures(sample, tally)),
    ):
        _save(made, folder / f"{name}.parquet")


def _save(made: pa.Table, path: Path) -> None:
    pq.write_table(made, path, compression="zstd", store_schema=False)
