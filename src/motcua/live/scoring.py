"""The live figures scored: the 100 points of every unit, at this moment."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from motcua import lawbook
from motcua.facts.dataset import Dataset
from motcua.facts.layout import Layout
from motcua.facts.options import FactOptions
from motcua.facts.preparing import FactClock
from motcua.indicators import evaluate
from motcua.indicators.evaluate import Data, Evaluation
from motcua.kernel.time import Period, local_day
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.live import figures
from motcua.live.figures import Stamp

RULES = "qd766/portal"
"""The rule set the figures are counted by; others read the facts in the same way or need figures of their own."""


@dataclass(frozen=True, slots=True)
class LiveScore:
    """Điểm lúc này: the evaluation and what it knows."""

    evaluation: Evaluation
    stamp: Stamp
    layout: Layout
    """Under which units dossiers are counted, by the day of receipt."""


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


def score(*, period: Period, now: datetime) -> LiveScore:
    """Score every unit for the period as it stands now."""
    day = local_day(now)
    reading = figures.read(period=period, now=now, options=options(now=now), clock=clock(day))
    data = Data(
        dataset=Dataset.of_tables({}),
        sources=("live",),
        position=reading.stamp.cursor.position,
        chain=None,
        observed_at=reading.stamp.last_event_at,
    )
    found = evaluate.of_measures(reading.measures, data=data, rules=rule_set(day), clock=clock(day))
    return LiveScore(found, reading.stamp, reading.layout)
