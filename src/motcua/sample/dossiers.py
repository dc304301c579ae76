"""The dossiers themselves, drawn in chunks: the same for the same seed, however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from motcua.sample.office_time import DAY, WORKING_DAY, Minutes, OfficeTime
from motcua.sample.provinces import OFFICERS, Country
from motcua.sample.seasons import Arrivals
from motcua.sample.shape import Shape

CHUNK = 1 << 18
NEVER = np.int64(-1)
"""A moment that has not come (or is not known)."""

Flags = npt.NDArray[np.bool_]
Small = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Columns of consecutive dossiers. Moments are minutes since ``Sample.first`` at midnight, -1 where there is none.

    ``unit`` and ``procedure`` are places in ``Country.units`` and ``Country.listed``; ``number`` is the running
    number of the dossier in its unit and day; ``channel`` 0 and ``payment_place`` -1 are unknown.
    """

    unit: npt.NDArray[np.int32]
    procedure: npt.NDArray[np.int32]
    officer: Small
    number: npt.NDArray[np.int32]
    day: Minutes
    seconds: npt.NDArray[np.int64]
    state: Small
    channel: Small
    submitted: Minutes
    received: Minutes
    due: Minutes
    resolved: Minutes
    returned: Minutes
    refused: Minutes
    stopped: Minutes
    withdrawn: Minutes
    supplement_asked: Minutes
    supplement_answered: Minutes
    supplement_requests: npt.NDArray[np.int16]
    supplement_seconds: npt.NDArray[np.int64]
    payment_place: Small
    officer_named: Flags
    has_component_file: Flags
    has_result_file: Flags
    has_reused_component: Flags
    from_personal_store: Flags
    result_in_catalogue: Flags
    uses_population_data: Flags
    has_fee_data: Flags
    fees_all_zero: Flags
    is_synced: Flags
    is_disliked: Flags
    has_petition: Flags

    def __len__(self) -> int:
        """How many dossiers the chunk has."""
        return len(self.unit)

    def part(self, start: int, stop: int) -> "Chunk":
        """Return the dossiers from ``start`` up to ``stop``."""
        return Chunk(**{field.name: getattr(self, field.name)[start:stop] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Sample:
    """What is drawn: how many dossiers, from which seed, over which days; ``end`` is the moment of the export."""

    country: Country
    shape: Shape
    office: OfficeTime
    arrivals: Arrivals
    dossiers: int
    seed: int
    start: date
    year: int
    limits: npt.NDArray[np.float64]
    limit_units: Small

    @property
    def first(self) -> date:
        """The day from which moments count."""
        return self.office.first

    @property
    def end(self) -> int:
        """The moment of the export, in minutes: the last minute of the year."""
        return (date(self.year + 1, 1, 1) - self.first).days * DAY - 1


UNSTATED, HOURS, WORKING_DAYS, CALENDAR_DAYS, MONTHS = range(5)
LIMIT_UNITS = {
    None: UNSTATED,
    "working_hours": HOURS,
    "working_days": WORKING_DAYS,
    "calendar_days": CALENDAR_DAYS,
    "months": MONTHS,
}


def chunks(sample: Sample) -> Iterator[Chunk]:
    """Draw all dossiers in the order of receipt, in bounded memory."""
    numbered = _Numbers(len(sample.country.units))
    for place, start in enumerate(range(0, sample.dossiers, CHUNK)):
        # Each chunk has its own stream, so that no chunk depends on how the others were drawn.
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence([sample.seed, 2, place])))
        yield _draw(sample, numbered, rng, start, min(CHUNK, sample.dossiers - start))


class _Numbers:
    """Running numbers of each unit and day, carried from chunk to chunk; dossiers come day after day."""

    def __init__(self, units: int) -> None:
        self._units = units
        self._day = -1
        self._given = np.zeros(units, dtype=np.int64)

    def give(self, unit: npt.NDArray[np.int32], day: Minutes) -> npt.NDArray[np.int32]:
        key = (day - day[0]) * self._units + unit
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        begins = np.concatenate([[True], np.diff(ordered) != 0])
        starts = np.flatnonzero(begins)
        rank = np.arange(len(key)) - starts[np.cumsum(begins) - 1]
        number = np.empty(len(key), dtype=np.int32)
        number[order] = rank + 1
        if self._day == day[0]:
            today = day == self._day
            number[today] += self._given[unit[today]].astype(np.int32)
        last = day == day[-1]
        if self._day != day[-1]:
            self._given[:] = 0
        np.maximum.at(self._given, unit[last], number[last])
        self._day = int(day[-1])
        return number


def _draw(sample: Sample, numbered: _Numbers, rng: np.random.Generator, start: int, count: int) -> Chunk:
    country, rates, outcomes = sample.country, sample.shape.rates, sample.shape.outcomes
    places = np.arange(start, start + count)
    pair, is_first = _pick(sample, rng, places)
    unit, procedure = country.pairs.unit[pair], country.pairs.procedure[pair]

    def chance(rate: float | npt.NDArray[np.float32]) -> Flags:
        return rng.random(count, dtype=np.float32) < rate

    def of_unit(name: str) -> npt.NDArray[np.float32]:
        return country.rates[name][unit]

    day, received = _receipts(sample, rng, places)
    seconds = rng.integers(0, 60, count)
    channel = _channels(sample, rng, country.pairs.is_online[pair], of_unit("online"), is_first)
    submitted = _submissions(rng, received, channel)
    due, working_limit = _due(sample, received, procedure)

    fate = rng.random(count, dtype=np.float32)
    edges = np.cumsum(
        [outcomes[name] for name in ("not_yet_received", "refused_at_intake", "refused", "stopped", "withdrawn")]
    )
    not_received, refused_at_intake, is_refused, is_stopped, is_withdrawn = (
        (fate < high) & (fate >= low) for low, high in zip(np.concatenate([[0.0], edges[:-1]]), edges, strict=True)
    )
    stays_out = not_received | refused_at_intake
    asked, answered, requests, waits = _supplements(sample, rng, received, working_limit)

    used = _working_minutes_used(rng, working_limit, chance(of_unit("late")))
    paused = np.where(answered >= 0, sample.office.elapsed(answered) - sample.office.elapsed(asked), 0)
    done = sample.office.moment(sample.office.elapsed(received) + used + paused)
    done[waits | chance(outcomes["never_finished"])] = sample.end + 1
    ended_otherwise = is_refused | is_stopped | is_withdrawn
    resolved = _until(sample, done, ~stays_out & ~ended_otherwise)
    collected = sample.office.moment(sample.office.elapsed(done) + rng.integers(1, 3 * WORKING_DAY, count))
    returned = _until(sample, collected, (resolved != NEVER) & ~chance(outcomes["not_collected"]))
    refused = _until(sample, np.where(stays_out, received, done), is_refused | refused_at_intake)
    stopped = _until(sample, done, is_stopped)
    withdrawn = _until(sample, done, is_withdrawn)
    for column in (asked, answered):
        column[(column > sample.end) | stays_out] = NEVER
    requests[asked == NEVER] = 0

    state = np.full(count, 4, dtype=np.int8)
    state[(asked != NEVER) & (answered == NEVER)] = 5
    for code, moment in ((7, withdrawn), (8, stopped), (3, refused), (9, resolved), (10, returned)):
        state[moment != NEVER] = code
    state[not_received] = 1

    needs_result = _of_procedures(country, "is_result_required")[procedure]
    is_done = resolved != NEVER
    has_result = needs_result & is_done & (chance(of_unit("electronic_result")) | is_first)
    fees, zero, place = _payments(sample, rng, procedure, of_unit("paid_online"), is_first)
    unknown_due = chance(rates["due_unknown"]) & (sample.limit_units[procedure] != UNSTATED)
    seen_people = country.traits.reads_population_data[procedure] & (chance(of_unit("population_data")) | is_first)
    return Chunk(
        unit=unit,
        procedure=procedure,
        officer=rng.integers(1, OFFICERS + 1, count).astype(np.int8),
        number=numbered.give(unit, day),
        day=day,
        seconds=seconds,
        state=state,
        channel=np.where(chance(rates["channel_unknown"]) & ~is_first, 0, channel).astype(np.int8),
        submitted=submitted,
        received=np.where(stays_out, NEVER, received),
        due=np.where(stays_out | unknown_due, NEVER, due),
        resolved=resolved,
        returned=returned,
        refused=refused,
        stopped=stopped,
        withdrawn=withdrawn,
        supplement_asked=asked,
        supplement_answered=answered,
        supplement_requests=requests,
        supplement_seconds=np.where(answered != NEVER, (answered - asked) * 60, 0),
        payment_place=place,
        officer_named=~chance(of_unit("officer_unnamed")),
        has_component_file=chance(of_unit("component_file")),
        has_result_file=has_result,
        has_reused_component=chance(of_unit("reused")),
        from_personal_store=country.traits.reads_population_data[procedure] & chance(rates["personal_store"]),
        result_in_catalogue=has_result & chance(rates["in_catalogue"]),
        uses_population_data=seen_people,
        has_fee_data=fees,
        fees_all_zero=zero,
        is_synced=~chance(of_unit("unsynced")),
        is_disliked=chance(rates["disliked"]) & is_done,
        has_petition=chance(rates["petition"]),
    )


def _of_procedures(country: Country, name: str) -> Flags:
    return np.array([getattr(one, name) for one in country.listed])


def _pick(sample: Sample, rng: np.random.Generator, places: Minutes) -> tuple[npt.NDArray[np.int64], Flags]:
    """Choose each dossier's pair; evenly spread places are reserved for pairs that must occur at least once."""
    pairs = sample.country.pairs
    reserved = min(len(pairs.first), sample.dossiers // 5)
    turn = (places + 1) * reserved // sample.dossiers
    is_first = turn != places * reserved // sample.dossiers
    pair = np.searchsorted(pairs.cumulative, rng.random(len(places)), side="right")
    pair = np.minimum(pair, len(pairs.cumulative) - 1)
    pair[is_first] = pairs.first[turn[is_first] - 1]
    return pair, is_first


def _receipts(sample: Sample, rng: np.random.Generator, places: Minutes) -> tuple[Minutes, Minutes]:
    """Return day and moment of receipt: one dossier from each N-th part of the year's receipts, hence in order."""
    arrivals = sample.arrivals
    share = (places + rng.random(len(places))) / sample.dossiers
    day = np.minimum(np.searchsorted(arrivals.by_day, share, side="right"), len(arrivals.by_day) - 1)
    before = np.where(day > 0, arrivals.by_day[day - 1], 0.0)
    within = np.clip((share - before) / (arrivals.by_day[day] - before), 0.0, 1.0)
    minute = np.interp(within, arrivals.by_minute, arrivals.minutes).astype(np.int64)
    day = day + arrivals.first_day
    return day, day * DAY + minute


def _channels(
    sample: Sample, rng: np.random.Generator, online: Flags, share: npt.NDArray[np.float32], is_first: Flags
) -> Small:
    drawn = rng.random(len(online), dtype=np.float32)
    channel = np.where(drawn > 1 - sample.shape.rates["postal"], 3, 1)
    # Counters make good for procedures that cannot be filed online, so that the unit's online share stays its own.
    channel[online & ((drawn < share) | is_first)] = 2
    return channel.astype(np.int8)


def _submissions(rng: np.random.Generator, received: Minutes, channel: Small) -> Minutes:
    """Return when each was submitted: at a counter minutes before receipt, online or by post at any hour before."""
    waited = np.where(channel == 1, rng.integers(0, 12, len(received)), 0)
    apart = channel != 1
    hours = rng.lognormal(1.3, 1.1, int(apart.sum()))
    waited[apart] = np.minimum(hours * 60, 4 * DAY).astype(np.int64)
    return received - waited


def _due(sample: Sample, received: Minutes, procedure: npt.NDArray[np.int32]) -> tuple[Minutes, Minutes]:
    """Return the due moment and the working minutes until then."""
    value, unit = sample.limits[procedure], sample.limit_units[procedure]
    elapsed = sample.office.elapsed(received)
    days = np.where(unit == UNSTATED, sample.shape.procedures["default_limit_working_days"], value)
    minutes = np.where(unit == HOURS, value * 60, days * WORKING_DAY)
    due = sample.office.moment(elapsed + np.maximum(np.round(minutes), 1).astype(np.int64))
    by_calendar = (unit == CALENDAR_DAYS) | (unit == MONTHS)
    if by_calendar.any():
        whole = np.where(unit == MONTHS, value * 30, value)[by_calendar]
        end = received[by_calendar] // DAY * DAY + (np.maximum(whole, 1) * DAY).astype(np.int64)
        # A term of days ends with the office hours of its last day, or of the next working day.
        due[by_calendar] = sample.office.moment(sample.office.elapsed(end) + WORKING_DAY)
    return due, np.maximum(sample.office.elapsed(due) - elapsed, 1)


def _working_minutes_used(rng: np.random.Generator, limit: Minutes, is_late: Flags) -> Minutes:
    share = rng.random(len(limit), dtype=np.float32)
    used = np.maximum(limit * (0.04 + 0.95 * share), 1).astype(np.int64)
    late = limit[is_late] + 1 + rng.exponential(4 * WORKING_DAY, int(is_late.sum())).astype(np.int64)
    used[is_late] = np.minimum(late, limit[is_late] + 120 * WORKING_DAY)
    return used


def _supplements(
    sample: Sample, rng: np.random.Generator, received: Minutes, limit: Minutes
) -> tuple[Minutes, Minutes, npt.NDArray[np.int16], Flags]:
    """Return when a supplement was asked for and answered, how often, and whether the applicant never came back."""
    outcomes = sample.shape.outcomes
    drawn = rng.random(len(received), dtype=np.float32)
    unanswered = drawn < outcomes["supplement_unanswered"]
    repeated = ~unanswered & (drawn < outcomes["supplement_unanswered"] + outcomes["supplement_repeated"])
    any_of = drawn < outcomes["supplement_unanswered"] + outcomes["supplement_repeated"] + outcomes["supplement"]
    asked = np.full(len(received), NEVER)
    answered = np.full(len(received), NEVER)
    requests = np.zeros(len(received), dtype=np.int16)
    count = int(any_of.sum())
    begun = sample.office.elapsed(received[any_of]) + (limit[any_of] * 0.6 * rng.random(count)).astype(np.int64) + 5
    asked[any_of] = np.maximum(sample.office.moment(begun), received[any_of] + 1)
    answered[any_of] = asked[any_of] + np.minimum(rng.exponential(4.0, count) * DAY + 60, 60 * DAY).astype(np.int64)
    answered[unanswered] = NEVER
    requests[any_of] = 1
    requests[repeated] = 2
    return asked, answered, requests, unanswered


def _until(sample: Sample, moment: Minutes, happens: Flags) -> Minutes:
    """Return the moment where it happens and has come by the export, -1 elsewhere."""
    return np.where(happens & (moment <= sample.end), moment, NEVER)


def _payments(
    sample: Sample,
    rng: np.random.Generator,
    procedure: npt.NDArray[np.int32],
    paying: npt.NDArray[np.float32],
    is_first: Flags,
) -> tuple[Flags, Flags, Small]:
    """Return whether fee lists are present with a price, present with zeros only, and where the fee was paid."""
    traits, rates = sample.country.traits, sample.shape.rates
    count = len(procedure)
    listed = traits.has_fee_lists[procedure]
    zero = listed & (rng.random(count, dtype=np.float32) < rates["fees_all_zero"]) & ~is_first
    fees = listed & ~zero
    online = fees & traits.is_paid_online[procedure] & ((rng.random(count, dtype=np.float32) < paying) | is_first)
    national = rng.random(count, dtype=np.float32) < rates["paid_on_national_portal"]
    place = np.full(count, -1, dtype=np.int8)
    place[listed] = np.where(rng.random(int(listed.sum()), dtype=np.float32) < 0.5, 0, 3)
    place[online] = np.where(national[online], 1, 2)
    return fees, zero, place


def draw(
    *, country: Country, shape: Shape, office: OfficeTime, arrivals: Arrivals, dossiers: int, seed: int, year: int
) -> Sample:
    """Bring together what ``chunks`` needs."""
    return Sample(
        country=country,
        shape=shape,
        office=office,
        arrivals=arrivals,
        dossiers=dossiers,
        seed=seed,
        start=date(year, 1, 1) - timedelta(days=shape.carried_over_days),
        year=year,
        limits=np.array([one.limit_value or 0.0 for one in country.listed]),
        limit_units=np.array([LIMIT_UNITS[one.limit_unit] for one in country.listed], dtype=np.int8),
    )
