"""Reads of the bottlenecks: where time was lost in a period, and what stands still now. Sums of small counters."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from motcua.bottlenecks import counting, fold, histogram, hours, models, watch
from motcua.bottlenecks.types import WAITING
from motcua.eventlog.log import Cursor
from motcua.kernel.time import VIETNAM, Period, local, local_day


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of bottlenecks; durations are working seconds."""

    key: str
    number: int
    limited: int
    over: int
    worked: int
    lost: int
    half: int | None
    """p50: half of them took at most so long (rounded up, see ``histogram``)."""
    most: int | None
    """p90: nine of ten took at most so long."""

    @property
    def over_percent(self) -> float | None:
        """Share over the limit, of those that had one; None where none had."""
        return 100 * self.over / self.limited if self.limited else None


@dataclass(frozen=True, slots=True)
class Stuck:
    """Now: how many dossiers are over the limit of a place, and how many working seconds they have lost so far."""

    place: str
    number: int
    lost: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hồ sơ đang dừng of one ground, by age: ``ages`` counts them up to each of the levels' days, the last beyond."""

    place: str
    ground: str
    ages: tuple[int, ...]
    oldest: datetime

    @property
    def number(self) -> int:
        """How many of them there are."""
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class CauseLine:
    """What applicants were told of a procedure, why: how many dossiers."""

    kind: str
    procedure: str
    component: str
    """Name of the missing component in the catalogue; empty where none was named there."""
    basis: str
    """Numbers of the legal documents that were named; empty where none was."""
    number: int


@dataclass(frozen=True, slots=True)
class LostDossier:
    """One stay that went over its limit, behind a figure."""

    dossier: str
    unit: str
    procedure: str
    place: str
    step: int | None
    officer: str
    entered_at: datetime
    left_at: datetime
    worked: int
    lost: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Tính đến: what the figures know."""

    cursor: Cursor
    last_event_at: datetime | None
    waiting_since: datetime | None
    now: datetime

    @property
    def is_stale(self) -> bool:
        """Whether an event has waited for more than ten seconds."""
        return self.waiting_since is not None and self.now - self.waiting_since > _STALE_AFTER


_STALE_AFTER = timedelta(seconds=10)


def taken(*, now: datetime) -> Taken:
    """Return how far the figures have come, and since when something waits."""
    row = models.Progress.objects.filter(number=1).first() or models.Progress()
    cursor = Cursor(row.transaction, row.position)
    with connection.cursor() as database:
        database.execute(
            "SELECT recorded_at FROM eventlog_loggedevent WHERE (transaction, position) > (%s, %s)"
            " ORDER BY transaction, position LIMIT 1",
            [cursor.transaction, cursor.position],
        )
        waiting = database.fetchone()
    return Taken(cursor, row.last_event_at, waiting[0] if waiting else None, now)


def months(period: Period) -> tuple[date, date]:
    """Return the first days of the first and the last month that the period touches: counters know whole months."""
    return period.start.replace(day=1), period.last_day.replace(day=1)


def lines(scope: str, kinds: Collection[str], *, period: Period) -> dict[str, list[Line]]:
    """Return the lines of each kind for a unit and all below it, the greatest loss first."""
    rows = models.Cell.objects.filter(scope=scope, kind__in=kinds, month__range=months(period)).values_list(
        "kind", "key", "number", "limited", "over", "worked", "lost", "histogram"
    )
    sums: dict[tuple[str, str], list[int]] = {}
    kept: dict[tuple[str, str], list[bytes | memoryview]] = {}
    for kind, key, *amounts, packed in rows:
        whole = sums.setdefault((kind, key), [0] * len(amounts))
        for n, amount in enumerate(amounts):
            whole[n] += amount
        kept.setdefault((kind, key), []).append(packed)
    found: dict[str, list[Line]] = {kind: [] for kind in kinds}
    for (kind, key), (number, limited, over, worked, lost) in sums.items():
        counts = histogram.added(kept[kind, key])
        half, most = histogram.quantile(counts, 0.5), histogram.quantile(counts, 0.9)
        found[kind].append(Line(key, number, limited, over, worked, lost, half, most))
    for one in found.values():
        one.sort(key=lambda line: (-line.lost, -line.over, -line.number, line.key))
    return found


def sums(scope: str, kinds: Collection[str], *, period: Period) -> dict[str, list[Line]]:
    """Return the lines as ``lines`` does, without durations: the database adds up however many people."""
    found: dict[str, list[Line]] = {kind: [] for kind in kinds}
    with connection.cursor() as database:
        database.execute(
            "SELECT kind, key, sum(number)::bigint, sum(limited)::bigint, sum(over)::bigint, sum(worked)::bigint,"
            " sum(lost)::bigint FROM bottlenecks_cell"
            " WHERE scope = %s AND kind = ANY(%s) AND month BETWEEN %s AND %s GROUP BY kind, key",
            [scope, list(kinds), *months(period)],
        )
        for kind, key, number, limited, over, worked, lost in database.fetchall():
            found[kind].append(Line(key, number, limited, over, worked, lost, half=None, most=None))
    for one in found.values():
        one.sort(key=lambda line: (-line.lost, -line.over, -line.number, line.key))
    return found


def stuck(units: Collection[str], *, now: datetime) -> list[Stuck]:
    """Return by place what is over its limit at this moment in the units, the greatest loss first."""
    at, levels, working = local(now), watch.on(local_day(now)), hours.national()
    rows = models.Standing.objects.filter(limit_at__lt=now, unit_code__in=list(units)).values_list(
        "place", "told", "limit_at"
    )
    found: dict[str, list[int]] = {}
    for place, told, limit in rows.iterator(chunk_size=5_000):
        lost = fold.over(told, limit=local(limit), at=at, hours=working, watch=levels) if limit else 0
        if lost > 0:
            whole = found.setdefault(place, [0, 0])
            whole[0] += 1
            whole[1] += lost
    return sorted((Stuck(place, *one) for place, one in found.items()), key=lambda one: (-one.lost, one.place))


def over_now(units: Collection[str], *, now: datetime, start: int, limit: int) -> list[tuple[models.Standing, int]]:
    """Return the dossiers over the limit of their place at this moment with what they have lost, the earliest first."""
    at, levels, working = local(now), watch.on(local_day(now)), hours.national()
    rows = models.Standing.objects.filter(limit_at__lt=now, unit_code__in=list(units)).order_by("limit_at", "code")
    found = [
        (row, lost)
        for row in rows.iterator(chunk_size=5_000)
        if row.limit_at
        and (lost := fold.over(row.told, limit=local(row.limit_at), at=at, hours=working, watch=levels)) > 0
    ]
    return found[start : start + limit]


def waiting(units: Collection[str], *, now: datetime) -> list[Waiting]:
    """Return what stands still at this moment in the units, by place and ground, the most first."""
    levels = watch.on(local_day(now)).pause_age_days
    edges = [now - timedelta(days=days) for days in levels]
    found: dict[tuple[str, str], list[int]] = {}
    oldest: dict[tuple[str, str], datetime] = {}
    rows = models.Standing.objects.filter(waiting_since__isnull=False, unit_code__in=list(units)).values_list(
        "waiting_place", "waiting_ground", "waiting_since"
    )
    for place, ground, since in rows.iterator(chunk_size=5_000):
        if since is None:  # the query leaves none, the type does not know it
            continue
        ages = found.setdefault((place, ground), [0] * (len(edges) + 1))
        ages[sum(1 for edge in edges if since < edge)] += 1
        oldest[place, ground] = min(since, oldest.get((place, ground), since))
    made = (Waiting(*key, tuple(ages), oldest[key]) for key, ages in found.items())
    return sorted(made, key=lambda one: (-one.number, one.place, one.ground))


def still(
    units: Collection[str], *, places: Collection[str] = tuple(WAITING), ground: str = "", start: int = 0, limit: int
) -> list[models.Standing]:
    """Return the dossiers whose clock stands, the longest waiting first."""
    rows = models.Standing.objects.filter(
        waiting_since__isnull=False, unit_code__in=list(units), waiting_place__in=list(places)
    )
    rows = rows.filter(waiting_ground=ground) if ground else rows
    return list(rows.order_by("waiting_since", "code")[start : start + limit])


def sent_back(
    units: Collection[str], *, times: int, period: Period, start: int = 0, limit: int
) -> list[models.Standing]:
    """Return dossiers of which steps were sent back at least so many times, the most often first.

    Those still open, and those ended in the period.
    """
    rows = models.Standing.objects.filter(returns__gt=1, returns__gte=times, unit_code__in=list(units))
    rows = rows.exclude(ended_at__date__lt=period.start).exclude(ended_at__date__gte=period.end)
    return list(rows.order_by("-returns", "code")[start : start + limit])


def causes(units: Collection[str], *, period: Period) -> tuple[dict[str, int], list[CauseLine]]:
    """Return how many times applicants were told each kind of no, and why, the most frequent first."""
    first, beyond = _span(period)
    with connection.cursor() as database:
        database.execute(
            "SELECT kind, count(DISTINCT dossier_code) FROM bottlenecks_told"
            " WHERE at >= %s AND at < %s AND unit_code = ANY(%s) GROUP BY kind",
            [first, beyond, list(units)],
        )
        totals: dict[str, int] = dict(database.fetchall())
        database.execute(
            "SELECT t.kind, t.procedure_code, coalesce(c.name, ''), array_to_string(t.basis, ', '),"
            " count(DISTINCT t.dossier_code) AS number FROM bottlenecks_told t"
            " LEFT JOIN LATERAL unnest(t.components) AS c(name) ON true"
            " WHERE t.at >= %s AND t.at < %s AND t.unit_code = ANY(%s)"
            " GROUP BY 1, 2, 3, 4 ORDER BY number DESC, 1, 2, 3, 4",
            [first, beyond, list(units)],
        )
        return totals, [CauseLine(*row) for row in database.fetchall()]


def told(
    units: Collection[str], *, kind: str, procedure: str, component: str, period: Period, start: int = 0, limit: int
) -> list[models.Told]:
    """Return the dossiers behind a cause, the latest first; what is empty is not asked about."""
    first, beyond = _span(period)
    rows = models.Told.objects.filter(at__gte=first, at__lt=beyond, unit_code__in=list(units))
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(procedure_code=procedure) if procedure else rows
    rows = rows.filter(components__contains=[component]) if component else rows
    return list(rows.order_by("-at", "dossier_code")[start : start + limit])


def lost_dossiers(
    units: Collection[str], *, period: Period, chosen: Mapping[str, Any], limit: int, after: tuple[int, int] | None
) -> Iterator[tuple[int, LostDossier]]:
    """Go through the stays that went over their limit, the greatest loss first, each with its number in the table.

    ``chosen`` holds wanted values of ``place``, ``procedure_code``, ``unit_code``, ``slot``, ``step``; ``after`` is
    the loss and number of the last one shown.
    """
    low, high = months(period)
    rows = models.LostPassage.objects.filter(
        unit_code__in=list(units), left_at__gte=_aware(low), left_at__lt=_aware(_next_month(high)), **chosen
    )
    if after is not None:
        rows = rows.extra(where=["(-lost, id) > (%s, %s)"], params=[-after[0], after[1]])
    for row in rows.order_by("-lost", "id")[:limit]:
        yield (
            row.pk,
            LostDossier(
                row.dossier_code, row.unit_code, row.procedure_code, row.place, row.step, row.officer_code,
                row.entered_at, row.left_at, row.worked, row.lost,
            ),
        )  # fmt: skip


def by_slot(slots: Sequence[Line]) -> dict[tuple[int, int], Line]:
    """Return the lines of weekdays and hours by (weekday, hour)."""
    return {divmod(int(line.key), 24): line for line in slots}


def officers(found: Sequence[Line]) -> dict[str, dict[str, Line]]:
    """Return lines whose keys are ``place|officer`` as officer -> place -> line."""
    people: dict[str, dict[str, Line]] = {}
    for line in found:
        place, _, officer = line.key.partition("|")
        people.setdefault(officer, {})[place] = line
    return people


TIME_KINDS = (counting.PLACE, counting.STEP, counting.SLOT, counting.PROCEDURE, counting.UNIT)
"""What the first page shows."""


def _span(period: Period) -> tuple[datetime, datetime]:
    return _aware(period.start), _aware(period.end)


def _aware(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), VIETNAM)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
