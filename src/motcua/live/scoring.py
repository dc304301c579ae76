"""The live figures scored: the 100 points of every unit, at this moment."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from motcua import lawbook
from motcua.facts import fold
from motcua.facts.dataset import Dataset
from motcua.facts.layout import Layout
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.facts.world import View
from motcua.indicators import evaluate
from motcua.indicators.evaluate import Data, Evaluation
from motcua.kernel.time import VIETNAM, Period, local_day
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.live import figures
from motcua.live.figures import Stamp
from motcua.live.told import Coverage

RULES = "qd766/portal"
"""The rule set the figures are counted by; others read the facts in the same way or need figures of their own."""


@dataclass(frozen=True, slots=True)
class LiveScore:
    """Điểm lúc này: the evaluation and what it knows."""

    evaluation: Evaluation
    stamp: Stamp
    layout: Layout
    """Under which units dossiers are counted, by the day of receipt."""
    coverage: Coverage | None = None
    """Who tells of the dossiers; None where the desk tells of all."""


@lru_cache(maxsize=4)
def rule_set(on: date) -> IndicatorSet:
    """Return the rule set in force on the day."""
    return lawbook.load().indicator_set(RULES, on=on)


@lru_cache(maxsize=4)
def clock(on: date) -> FactClock | None:
    """Return what counts working days on the day."""
    return evaluate.clock_of(lawbook.load(), on=on)


def options(*, now: datetime) -> FactOptions:
    """Return how the rule set in force reads the facts."""
    return evaluate.fact_options(rule_set(local_day(now)))


def score(*, period: Period, now: datetime, view: View = View.THEN) -> LiveScore:
    """Score every unit for the period as it stands now, merged units as ``view`` says.

    A score is kept while it cannot have changed: no batch of events was taken in since, it is the same day, and no
    open dossier has become due. The stamp is always of now.
    """
    stamp = figures.stamp(now=now)
    found = _kept_score(period, view, stamp)
    if found is None:
        found = _scored(period=period, now=now, view=view)
        with _lock:
            _kept[period, view] = found
            _kept.move_to_end((period, view))
            while len(_kept) > _PERIODS_KEPT:
                _kept.popitem(last=False)
        return found.live
    on = figures.known_until(stamp)
    evaluation = replace(found.live.evaluation, on=on, measures=replace(found.live.evaluation.measures, on=on))
    return replace(found.live, evaluation=evaluation, stamp=stamp)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A score, the database it was read from, and how long it holds."""

    database: str
    live: LiveScore
    holds_until: datetime | None


_PERIODS_KEPT = 48
_kept: OrderedDict[tuple[Period, View], _Kept] = OrderedDict()
_lock = threading.Lock()


def forget() -> None:
    """Let go of every score kept: the next is counted anew."""
    with _lock:
        _kept.clear()


def _kept_score(period: Period, view: View, stamp: Stamp) -> _Kept | None:
    """Return the score kept of the period if it is still what scoring anew would give."""
    with _lock:
        found = _kept.get((period, view))
    if found is None or found.database != str(connection.settings_dict["NAME"]):
        return None
    kept, before, on = found.live.stamp, found.live.evaluation.on, figures.known_until(stamp)
    if (kept.fold, kept.batch) != (stamp.fold, stamp.batch) or not before <= on or before.date() != on.date():
        return None
    cut_off = fold.cut_off(period=period, on=on).replace(tzinfo=VIETNAM)
    return found if found.holds_until is None or cut_off <= found.holds_until else None


def _scored(*, period: Period, now: datetime, view: View) -> _Kept:
    day = local_day(now)
    reading = figures.read(period=period, now=now, options=options(now=now), clock=clock(day), view=view)
    data = Data(
        dataset=Dataset.of_tables({}),
        sources=("live",),
        position=reading.stamp.cursor.position,
        chain=None,
        observed_at=reading.stamp.last_event_at,
    )
    found = evaluate.of_measures(reading.measures, data=data, rules=rule_set(day), clock=clock(day), view=view)
    live = LiveScore(found, reading.stamp, reading.layout, reading.coverage)
    return _Kept(str(connection.settings_dict["NAME"]), live, reading.holds_until)
