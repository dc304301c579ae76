"""Follows the event log in commit order and keeps the figures of bottlenecks; each batch is one transaction.

The cursor and everything counted change together, so each event counts exactly once whenever the process dies.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from motcua.bottlenecks import counting, fold, histogram, hours, models, watch
from motcua.bottlenecks.histogram import Counts
from motcua.bottlenecks.hours import Hours
from motcua.bottlenecks.types import Arrival, Cause, Ending, Outcome, Passage, Sign
from motcua.bottlenecks.watch import Watch
from motcua.eventlog import log
from motcua.eventlog.log import Cursor, Event
from motcua.kernel.time import VIETNAM, local_day

BATCH = 1_000
REBUILD_BATCH = 10_000
REVIEWS = "sign"
"""Stream of the events by which somebody says to have looked at a sign."""

_SECONDS = 60
_KNOWN = ("dossier", "unit", REVIEWS)


def cursor() -> Cursor:
    """Return how far the figures have come."""
    row = models.Progress.objects.filter(number=1).values_list("transaction", "position").first()
    return Cursor(*row) if row else log.START


def has_news() -> bool:
    """Tell whether the log has something to take in."""
    return bool(log.read(after=cursor(), limit=1))


@transaction.atomic
def project(*, limit: int = BATCH) -> int:
    """Take the next events in and return how many there were; one transaction. A second projector waits."""
    return _advance(_locked(), limit=limit)


@transaction.atomic
def rebuild() -> int:
    """Throw every figure away and fold the log from zero; what people wrote when reviewing stays."""
    progress = _locked()
    for table in (
        models.Standing, models.Unit, models.Cell, models.LostPassage, models.Told, models.Usual, models.Sign,
        models.Review,
    ):  # fmt: skip
        table.objects.all().delete()
    progress.transaction = progress.position = progress.events = 0
    progress.last_event_at = None
    progress.save()
    whole = 0
    while taken := _advance(progress, limit=REBUILD_BATCH):
        whole += taken
    return whole


def _locked() -> models.Progress:
    models.Progress.objects.bulk_create([models.Progress(number=1)], ignore_conflicts=True)
    return models.Progress.objects.select_for_update().get(number=1)


def _advance(progress: models.Progress, *, limit: int) -> int:
    events = log.read(after=Cursor(progress.transaction, progress.position), limit=limit)
    if not events:
        return 0
    batch = _Batch.opened([event for event in events if event.stream in _KNOWN])
    for event in events:
        batch.take(event)
    batch.keep()
    last = events[-1].cursor
    progress.transaction, progress.position = last.transaction, last.position
    progress.events += len(events)
    progress.last_event_at = max(*(event.at for event in events), progress.last_event_at or events[0].at)
    progress.save()
    return len(events)


@dataclass(frozen=True, slots=True)
class _Ended:
    code: str
    at: datetime
    how: str


class _Batch:
    """What a batch of events needs to know, and what it leads to."""

    def __init__(self, hours_: Hours) -> None:
        self.hours = hours_
        self.told: dict[str, fold.Told] = {}
        self.parents: dict[str, str] = {}
        self.new_units: set[str] = set()
        self.ended: dict[tuple[str, str], list[_Ended]] = defaultdict(list)
        self.usual: dict[str, Counts] = {}
        self.new_usual: set[str] = set()
        self.gains = counting.Gains()
        self.lost: list[models.LostPassage] = []
        self.causes: list[models.Told] = []
        self.signs: dict[tuple[str, str], models.Sign] = {}
        self.near: dict[str, date] = {}
        self.reviews: dict[tuple[str, str], models.Review] = {}

    @classmethod
    def opened(cls, events: Sequence[Event]) -> "_Batch":
        """Read what the events' dossiers, owners and procedures left behind earlier."""
        batch = cls(hours.national())
        batch.parents = dict(models.Unit.objects.values_list("code", "parent_code"))
        subjects = {event.subject for event in events if event.stream == "dossier"}
        batch.told = dict(models.Standing.objects.filter(code__in=subjects).values_list("code", "told"))
        owners = {event.content.get("owner_key") for event in events} - {None, ""}
        before = models.Standing.objects.filter(owner_key__in=owners, ended_how__in=fold.UNRESOLVED)
        # ``told`` holds the moment as the fold has it, on the wall clock of Vietnam.
        for code, owner, procedure, how, told in before.order_by("ended_at", "code").values_list(
            "code", "owner_key", "procedure_code", "ended_how", "told"
        ):
            at = datetime.fromisoformat(told["ended_at"])
            batch.ended[owner, procedure].append(_Ended(code, at, how))
        procedures = {told.get("procedure") for told in batch.told.values()}
        procedures |= {event.content.get("procedure") for event in events if event.stream == "dossier"}
        for code, kept in models.Usual.objects.filter(procedure_code__in=procedures - {None}).values_list(
            "procedure_code", "histogram"
        ):
            batch.usual[code] = histogram.unpacked(kept)
        return batch

    def take(self, event: Event) -> None:
        """Take one event in."""
        if event.stream == "unit" and event.kind == "UnitCreated":
            self.parents[event.subject] = str(event.content.get("parent") or "")
            self.new_units.add(event.subject)
        elif event.stream == REVIEWS and event.kind == "SignReviewed":
            dossier, monitor = str(event.content["dossier"]), str(event.content["monitor"])
            self.reviews[dossier, monitor] = models.Review(
                dossier_code=dossier, monitor=monitor, at=event.at, by=event.by, event=event.cursor.position
            )
        elif event.stream == "dossier":
            told = self.told.setdefault(event.subject, {})
            levels = watch.on(max(local_day(event.at), _EARLIEST))
            for outcome in fold.apply(told, event, hours=self.hours, watch=levels):
                self._take_outcome(event.subject, told, outcome, levels)

    def _take_outcome(self, code: str, told: fold.Told, outcome: Outcome, levels: Watch) -> None:
        procedure, unit = told.get("procedure") or "", told.get("unit") or ""
        at_unit = outcome.unit if isinstance(outcome, Passage) else unit
        scopes = self._scopes(at_unit)
        for share in counting.shares(outcome, procedure=procedure, unit=unit):
            self.gains.add(share, scopes=scopes)
        match outcome:
            case Passage(lost=lost) if lost > 0:
                self.lost.append(_lost(code, procedure, outcome))
            case Cause():
                self.causes.append(_cause(code, procedure, unit, outcome))
            case Sign():
                self._sign(code, told, outcome)
            case Arrival():
                self._arrived(code, told, outcome, levels)
            case Ending():
                self._ended(code, told, outcome, levels)
            case _:
                pass

    def _scopes(self, unit: str) -> list[str]:
        found: list[str] = []
        while unit and unit not in found:
            found.append(unit)
            unit = self.parents.get(unit, "")
        return found

    def _arrived(self, code: str, told: fold.Told, one: Arrival, levels: Watch) -> None:
        """See whether the same owner had the same thing refused, stopped or withdrawn shortly before."""
        if not one.owner_key:
            return
        within = timedelta(days=levels.level("REFILED", "days"))
        for before in reversed(self.ended[one.owner_key, told.get("procedure") or ""]):
            if before.code != code and before.at <= one.at <= before.at + within:
                seen = {"earlier": before.code, "how": before.how, "ended_at": before.at.isoformat()}
                self._sign(code, told, Sign("REFILED", one.at, "", seen))
                return

    def _ended(self, code: str, told: fold.Told, one: Ending, levels: Watch) -> None:
        if one.how in fold.UNRESOLVED:
            if told.get("owner_key"):
                self.ended[told["owner_key"], told.get("procedure") or ""].append(_Ended(code, one.at, one.how))
            return
        if one.is_near:
            self.near[code] = one.at.date()
        procedure = told.get("procedure") or ""
        usual = self.usual.setdefault(procedure, Counter())
        monitor = levels.monitors["CLOSED_FAST"].levels
        half = histogram.quantile(usual, 0.5) or 0
        is_fast = one.worked <= _SECONDS * monitor["minutes"] and 100 * one.worked <= monitor["percent"] * half
        if is_fast and usual.total() >= monitor["compared"]:
            seen = {"worked": one.worked, "usual": half, "compared": usual.total()}
            self._sign(code, told, Sign("CLOSED_FAST", one.at, one.by, seen))
        usual[histogram.bucket(one.worked)] += 1
        self.new_usual.add(procedure)

    def _sign(self, code: str, told: fold.Told, one: Sign) -> None:
        self.signs[code, one.monitor] = models.Sign(
            dossier_code=code,
            monitor=one.monitor,
            unit_code=told.get("unit") or "",
            procedure_code=told.get("procedure") or "",
            officer_code=one.by or told.get("officer") or "",
            at=one.at.replace(tzinfo=VIETNAM),
            seen=dict(one.seen),
        )

    def keep(self) -> None:
        """Write everything down."""
        models.Unit.objects.bulk_create(
            [models.Unit(code=code, parent_code=self.parents[code]) for code in sorted(self.new_units)],
            update_conflicts=True, unique_fields=["code"], update_fields=["parent_code"],
        )  # fmt: skip
        _keep_standing(self.told, near=self.near, hours_=self.hours)
        self.gains.keep()
        models.LostPassage.objects.bulk_create(self.lost, batch_size=2_000)
        models.Told.objects.bulk_create(self.causes, batch_size=2_000)
        models.Usual.objects.bulk_create(
            [
                models.Usual(
                    procedure_code=code, number=self.usual[code].total(), histogram=histogram.packed(self.usual[code])
                )
                for code in sorted(self.new_usual)
            ],
            update_conflicts=True, unique_fields=["procedure_code"], update_fields=["number", "histogram"],
        )  # fmt: skip
        models.Review.objects.bulk_create(
            [self.reviews[key] for key in sorted(self.reviews)],
            update_conflicts=True, unique_fields=["dossier_code", "monitor"], update_fields=["at", "by", "event"],
        )  # fmt: skip
        _keep_signs([self.signs[key] for key in sorted(self.signs)])
        _keep_clusters({(str(self.told[code].get("unit") or ""), day) for code, day in self.near.items()})


_EARLIEST = date(2025, 7, 1)
"""Before the first version of the levels, its own are used: old dossiers are looked at as new ones are."""


def _lost(code: str, procedure: str, one: Passage) -> models.LostPassage:
    return models.LostPassage(
        dossier_code=code,
        unit_code=one.unit,
        procedure_code=procedure,
        place=one.place,
        step=one.step,
        officer_code=one.officer,
        slot=one.slot,
        entered_at=one.entered_at.replace(tzinfo=VIETNAM),
        left_at=one.left_at.replace(tzinfo=VIETNAM),
        worked=one.worked,
        lost=one.lost,
    )


def _cause(code: str, procedure: str, unit: str, one: Cause) -> models.Told:
    known = asdict(one)
    return models.Told(
        dossier_code=code,
        kind=one.kind,
        unit_code=unit,
        procedure_code=procedure,
        at=one.at.replace(tzinfo=VIETNAM),
        components=list(known["components"]),
        others=one.others,
        basis=list(known["basis"]),
        officer_code=one.by,
    )


def _keep_signs(signs: Iterable[models.Sign]) -> None:
    models.Sign.objects.bulk_create(
        list(signs), update_conflicts=True, unique_fields=["dossier_code", "monitor"],
        update_fields=["at", "seen", "officer_code", "unit_code", "procedure_code"],
    )  # fmt: skip


def _keep_clusters(days: set[tuple[str, date]]) -> None:
    """Mark every dossier of a unit's day on which many ended just before they were due.

    Looked at after the batch, over everything known of the day: the same whichever way the events were cut up.
    """
    for unit, day in sorted(days):
        level = watch.on(max(day, _EARLIEST)).monitors["CLUSTERED"].levels
        rows = list(models.Standing.objects.filter(competent_unit=unit, near_day=day).order_by("code"))
        if len(rows) < level["dossiers"]:
            continue
        _keep_signs(
            models.Sign(
                dossier_code=row.code,
                monitor="CLUSTERED",
                unit_code=unit,
                procedure_code=row.procedure_code,
                officer_code=row.told.get("officer") or "",
                at=row.ended_at or datetime.combine(day, datetime.min.time(), VIETNAM),
                seen={"day": day.isoformat(), "together": len(rows)},
            )
            for row in rows
        )


def _keep_standing(told: dict[str, fold.Told], *, near: dict[str, date], hours_: Hours) -> None:
    codes = sorted(code for code, one in told.items() if not one.get("is_leg"))
    rows = [_standing(code, told[code], near=near.get(code), hours_=hours_) for code in codes]
    if not rows:
        return
    names = list(rows[0])
    columns = ", ".join(names)
    kinds = ", ".join(f"%s::{_TYPES.get(name, 'text')}[]" for name in names)
    changes = ", ".join(
        # A day on which it ended near its due moment stays known when a later event (handing over) says nothing of it.
        f"{name} = coalesce(EXCLUDED.{name}, t.{name})" if name == "near_day" else f"{name} = EXCLUDED.{name}"
        for name in names
        if name != "code"
    )
    with connection.cursor() as database:
        database.execute(
            f"INSERT INTO bottlenecks_standing AS t ({columns}) SELECT * FROM unnest({kinds})"  # noqa: S608 - own names
            f" ON CONFLICT (code) DO UPDATE SET {changes}",
            [[row[name] for row in rows] for name in names],
        )


_TYPES = {
    "told": "jsonb", "limit_at": "timestamptz", "waiting_since": "timestamptz", "ended_at": "timestamptz",
    "near_day": "date", "returns": "smallint",
}  # fmt: skip


def _standing(code: str, told: fold.Told, *, near: date | None, hours_: Hours) -> dict[str, Any]:
    waiting = told.get("waiting") or {}
    is_running = bool(told.get("since")) and "ended_at" not in told
    limit = fold.limit_of(told, hours=hours_) if is_running else None
    return {
        "code": code,
        "told": json.dumps(told),
        "unit_code": told.get("at_unit") or told.get("unit") or "",
        "procedure_code": told.get("procedure") or "",
        "place": told.get("place") or "",
        "limit_at": limit.replace(tzinfo=VIETNAM) if limit else None,
        "waiting_place": waiting.get("place", ""),
        "waiting_ground": waiting.get("ground", ""),
        "waiting_since": _aware(waiting.get("since")),
        "owner_key": told.get("owner_key") or "",
        "ended_at": _aware(told.get("ended_at")),
        "ended_how": told.get("ended_how") or "",
        "competent_unit": told.get("unit") or "",
        "near_day": near,
        "returns": told.get("returns", 0),
    }


def _aware(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM) if text else None
