"""The other tables of the sample: units, procedures, services, assignments, decisions, petitions, reports."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from motcua.events.streams import STREAMS
from motcua.ingest import schemas
from motcua.sample.dossiers import Chunk, Sample
from motcua.sample.office_time import DAY, WORKING_DAY
from motcua.sample.provinces import Country, Unit

MONTHS_OF_YEAR = 12
SERVICE_STATES = ("public", "testing", "waiting_stop", "stopped")
FLAGGED = {
    "DOSSIER_SYNC": None,
    "SO_HOA_GIAY_TO_GIAI_QUYET": "digitised",
    "REUSED_DIGITIZED_DATA": "reused",
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": "shared",
    "CITIZEN_DATA_CONNECTED_DOSSIER": "population_data",
}
"""Portal metrics (domain: indicators 1.4 and 4.2-4.5b) that the sample's portal shows, by the count they rest on."""


class Tally:
    """What the national systems saw of the dossiers, counted chunk by chunk."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._units = len(sample.country.units)
        self.received = np.zeros((self._units, MONTHS_OF_YEAR), dtype=np.int64)
        self.synced = {metric: np.zeros(self._units, dtype=np.int64) for metric in FLAGGED}
        start = (date(sample.year, 1, 1) - sample.first).days
        firsts = [(date(sample.year, month, 1) - sample.first).days for month in range(1, 13)]
        self._start = start * DAY
        self._month_starts = np.array(firsts) * DAY

    def add(self, chunk: Chunk) -> None:
        """Count the dossiers received in the year, and among the synchronised ones those with each flag."""
        counted = chunk.received >= self._start
        month = np.searchsorted(self._month_starts, chunk.received[counted], side="right") - 1
        cell = chunk.unit[counted].astype(np.int64) * MONTHS_OF_YEAR + month
        self.received += np.bincount(cell, minlength=self.received.size).reshape(self.received.shape)
        needs_result = np.array([one.is_result_required for one in self._sample.country.listed])[chunk.procedure]
        flags = {
            None: np.ones(len(chunk), dtype=np.bool_),
            "digitised": chunk.has_component_file & (chunk.has_result_file | ~needs_result),
            "reused": chunk.has_reused_component,
            "shared": chunk.from_personal_store | chunk.result_in_catalogue,
            "population_data": chunk.uses_population_data,
        }
        for metric, name in FLAGGED.items():
            seen = counted & chunk.is_synced & flags[name]
            self.synced[metric] += np.bincount(chunk.unit[seen], minlength=self._units)


def table(stream: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Return the rows as a table of the stream; columns that a row does not name are unknown."""
    return pa.Table.from_pylist(list(rows), schema=schemas.table_schema(STREAMS[stream]))


def units(country: Country) -> pa.Table:
    """Return the provinces and all units below them; nearly all communes certify electronic copies."""
    rows: list[dict[str, Any]] = [
        {"unit_code": one.code, "name": one.name, "kind": "province"} for one in country.provinces
    ]
    for n, one in enumerate(country.units):
        certified = (n % 50 != 17) if one.kind == "commune" else None
        rows.append(
            {
                "unit_code": one.code,
                "name": one.name,
                "kind": one.kind,
                "parent_code": one.parent,
                "certified_copy": certified,
            }
        )
    return table("units", rows)


def procedures(sample: Sample) -> pa.Table:
    """Return the catalogue as published; a few procedures lack one of the seven parts."""
    rng = _stream(sample, 3)
    country = sample.country
    complete = rng.random(len(country.listed)) < sample.shape.procedures["complete"]
    parts = ("part_name", "part_sequence", "part_channels", "part_components", "part_limit", "part_applicants",
             "part_agency")  # fmt: skip
    lacking = rng.integers(1, len(parts), len(country.listed))
    return table(
        "procedures",
        (
            {
                "procedure_code": one.code,
                "name": one.name,
                "sector": one.sector,
                "levels": one.levels,
                "result_required": one.is_result_required,
                "fee_bearing": one.is_fee_bearing,
                "citizen_applicant": one.is_for_citizens,
                "fully_online_eligible": bool(country.traits.is_fully_online_eligible[n]),
                "limit_value": one.limit_value,
                "limit_unit": one.limit_unit,
                "state": "public",
                **{part: bool(complete[n] or place != lacking[n]) for place, part in enumerate(parts)},
            }
            for n, one in enumerate(country.listed)
        ),
    )


def services(sample: Sample) -> pa.Table:
    """Return the online services: every unit offers nearly all it can."""
    rng = _stream(sample, 4)
    country = sample.country
    online = np.array([one.is_online for one in country.listed])[country.assigned.procedure]
    unit, procedure = country.assigned.unit[online], country.assigned.procedure[online]
    states = rng.choice(len(SERVICE_STATES), len(unit), p=[0.955, 0.02, 0.015, 0.01])
    full = country.traits.is_fully_online_eligible[procedure]
    return _columns(
        "services",
        unit_code=_texts([one.code for one in country.units], unit),
        procedure_code=_texts([one.code for one in country.listed], procedure),
        service_code=_texts([f"{one.code}.01" for one in country.listed], procedure),
        online_level=_texts(["partial", "full"], full.astype(np.int32)),
        state=_texts(list(SERVICE_STATES), states),
        valid_from=pa.repeat(pa.scalar(date(sample.year - 1, 7, 1)), len(unit)),
    )


def assignments(sample: Sample) -> pa.Table:
    """Return who resolves which procedure."""
    country = sample.country
    return _columns(
        "assignments",
        unit_code=_texts([one.code for one in country.units], country.assigned.unit),
        procedure_code=_texts([one.code for one in country.listed], country.assigned.procedure),
        valid_from=pa.repeat(pa.scalar(date(sample.year - 1, 7, 1)), len(country.assigned.unit)),
    )


def _texts(words: list[str], places: npt.NDArray[np.integer[Any]]) -> Any:
    indices: Any = pa.array(places)
    return pa.array(words).take(indices)


def _columns(stream: str, **columns: Any) -> pa.Table:
    """Return a table of the stream from whole columns; those not given are unknown."""
    schema = schemas.table_schema(STREAMS[stream])
    rows = len(next(iter(columns.values())))
    return pa.table([columns.get(field.name, pa.nulls(rows, field.type)) for field in schema], schema=schema)


def decisions(sample: Sample) -> pa.Table:
    """Return the decisions (quyết định công bố) of the year: most signed too late, half published in time."""
    rng = _stream(sample, 5)
    numbers = sample.shape.decisions
    rows = []
    for head in sample.country.provinces:
        for n in range(int(numbers["count"])):
            signed = date(sample.year, 1, 5) + timedelta(days=int(rng.integers(0, 345)))
            is_on_time = rng.random() < numbers["promulgated_on_time"]
            effective = signed + timedelta(days=int(rng.integers(12, 40) if is_on_time else rng.integers(-20, 5)))
            is_published_on_time = rng.random() < numbers["published_on_time"]
            published = signed + timedelta(
                days=int(rng.integers(0, 5) if is_published_on_time else rng.integers(16, 40))
            )
            chosen = rng.choice(len(sample.country.listed), int(numbers["procedures_each"]), replace=False)
            rows += [
                {
                    "procedure_code": sample.country.listed[place].code,
                    "decision_number": f"{1000 + 37 * n}/QĐ-UBND",
                    "kind": ("new", "amended", "amended", "abolished")[int(rng.integers(0, 4))],
                    "issuer": "province",
                    "unit_code": head.code,
                    "signed_on": signed,
                    "effective_on": effective,
                    "published_on": published,
                }
                for place in sorted(int(one) for one in chosen)
            ]
    return table("decisions", rows)


def petitions(sample: Sample) -> pa.Table:
    """Return the petitions (phản ánh, kiến nghị) of the year, each with its moments and how the answer was judged."""
    rng = _stream(sample, 6)
    country, numbers, office = sample.country, sample.shape.petitions, sample.office
    count = max(round(sample.dossiers / numbers["per_dossiers"]), int(numbers["at_least"]) * len(country.provinces))
    weights = np.diff(np.concatenate([[0.0], country.pairs.cumulative]))
    per_unit = np.bincount(country.pairs.unit, weights=weights, minlength=len(country.units))
    unit = rng.choice(len(country.units), count, p=per_unit / per_unit.sum())
    start = office.elapsed(np.array([(date(sample.year, 1, 1) - sample.first).days * DAY]))[0]
    end = office.elapsed(np.array([sample.end]))[0]
    received = np.sort(rng.integers(start + 1, end, count))
    forwarded = received + rng.integers(0, WORKING_DAY, count)
    rejected = rng.random(count) < 0.06
    days = np.where(rng.random(count) < numbers["late"], rng.uniform(17, 45, count), rng.uniform(1, 13, count))
    resolved = forwarded + (days * WORKING_DAY).astype(np.int64)
    published = resolved + rng.integers(30, WORKING_DAY, count)
    unhappy = rng.random(count) < numbers["dissatisfied"]
    repeated = rng.random(count) < 0.03
    regulation = rng.random(count) < numbers["regulation"]
    likes = rng.poisson(1.0, count)

    def moments(elapsed: npt.NDArray[np.int64]) -> list[datetime | None]:
        base = datetime.combine(sample.first, datetime.min.time())
        found = office.moment(elapsed)
        return [base + timedelta(minutes=int(one)) if one <= sample.end else None for one in found]

    refusals = moments(forwarded + rng.integers(60, WORKING_DAY, count))
    columns = (moments(received), moments(forwarded), moments(resolved), moments(published))
    return table(
        "petitions",
        (
            {
                "petition_code": f"PAKN-{country.units[unit[n]].code}-{sample.year % 100:02}-{n + 1:06}",
                "unit_code": country.units[unit[n]].code,
                "kind": "REGULATION" if regulation[n] else "CONDUCT",
                "received_at": columns[0][n],
                "forwarded_at": columns[1][n],
                "forwarded_by_centre": True,
                "rejected_at": refusals[n] if rejected[n] else None,
                "resolved_at": None if rejected[n] else columns[2][n],
                "published_at": None if rejected[n] else columns[3][n],
                "likes": int(likes[n]),
                "dislikes": int(likes[n] + 1 if unhappy[n] else 0),
                "is_repeated": bool(repeated[n]),
                "is_vertical": False,
            }
            for n in range(count)
        ),
    )


def national_reports(sample: Sample, tally: Tally) -> pa.Table:
    """Return what each unit reported per month to the national reporting system: a little more than the portal has."""
    rng = _stream(sample, 7)
    excess = rng.exponential(sample.shape.national_report_excess, tally.received.shape)
    reported = np.round(tally.received * (1 + excess)).astype(np.int64)
    return table(
        "national_reports",
        (
            {"unit_code": unit.code, "period": f"{sample.year}-{month + 1:02}", "received": int(reported[n, month])}
            for n, unit in enumerate(sample.country.units)
            for month in range(MONTHS_OF_YEAR)
        ),
    )


def portal_figures(sample: Sample, tally: Tally) -> pa.Table:
    """Return the portal's own counts for the year: it knows only what was synchronised."""
    country = sample.country
    rows = []
    synced = tally.synced["DOSSIER_SYNC"]
    for metric, numerators in tally.synced.items():
        denominators = tally.received.sum(axis=1) if metric == "DOSSIER_SYNC" else synced
        for head in country.provinces:
            mine = np.array([unit.parent == head.code for unit in country.units])
            rows.append(_figure(sample, head, metric, numerators[mine].sum(), denominators[mine].sum()))
        rows += [_figure(sample, unit, metric, numerators[n], denominators[n]) for n, unit in enumerate(country.units)]
    return table("portal_figures", rows)


def _figure(sample: Sample, unit: Unit, metric: str, numerator: np.int64, denominator: np.int64) -> dict[str, Any]:
    return {
        "unit_code": unit.code,
        "unit_name": unit.name,
        "period": str(sample.year),
        "metric": metric,
        "numerator": float(numerator),
        "denominator": float(denominator),
    }


def _stream(sample: Sample, number: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([sample.seed, number])))
