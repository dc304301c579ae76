"""Dự báo cuối tháng, kept: computed once a day from the whole log, read by pages at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction

from motcua.facts import engine
from motcua.facts.layout import day_number
from motcua.indicators import forecast
from motcua.indicators.forecast import Check, Forecast
from motcua.kernel.time import Period, local_day
from motcua.live import bulk, figures, models, scoring


@dataclass(frozen=True, slots=True)
class Kept:
    """A forecast with the day whose end it knows and when it was computed."""

    month: Period
    day: date
    computed_at: datetime
    forecast: Forecast


def compute(*, now: datetime) -> int:
    """Foresee the end of the running month for every unit and keep it; return for how many units.

    Known are the days that are over. On the first of a month the month before is foreseen: it has ended, so that the
    forecast is what it came to.
    """
    today = local_day(now)
    day = today - timedelta(days=1)
    month = Period.month(day.year, day.month)
    rules, clock = scoring.rule_set(today), scoring.clock(today)
    reading = figures.read(period=month, now=now, options=scoring.options(now=now), clock=clock)
    data = bulk.dataset(until=reading.stamp.cursor)
    if clock is None or not data.has("dossiers"):
        return 0
    profile = engine.profile(data, on=day, options=scoring.options(now=now), clock=clock)
    calendar = clock.calendar
    found = forecast.month_end(
        reading.measures,
        day=day,
        known=lambda period, on: profile.totals(period=period, on=on),
        first=data.frame("dossiers")["received_at"].min().date(),  # type: ignore[union-attr]
        rules=rules,
        is_working=lambda one: calendar.is_working(day_number(one)),
    )
    with transaction.atomic():
        models.Forecast.objects.filter(day=day).delete()
        models.Forecast.objects.bulk_create(
            models.Forecast(day=day, unit_code=unit, month=str(month), computed_at=now, content=_written(one))
            for unit, one in found.items()
        )
    return len(found)


def is_kept(*, now: datetime) -> bool:
    """Tell whether what was known at the end of yesterday has been looked at."""
    return models.Forecast.objects.filter(day=local_day(now) - timedelta(days=1)).exists()


def latest(unit: str) -> Kept | None:
    """Return the last forecast kept of the unit."""
    row = models.Forecast.objects.filter(unit_code=unit).order_by("-day").first()
    return Kept(Period.parse(row.month), row.day, row.computed_at, _read(unit, row.content)) if row else None


def _written(one: Forecast) -> dict[str, Any]:
    return {
        "now": str(one.now),
        "end": str(one.end),
        "half_width": None if one.half_width is None else str(one.half_width),
        "points": {code: [_text(before), _text(after)] for code, (before, after) in one.points.items()},
        "checks": [[str(check.period), str(check.forecast), str(check.actual)] for check in one.checks],
    }


def _read(unit: str, content: dict[str, Any]) -> Forecast:
    return Forecast(
        unit=unit,
        now=Fraction(content["now"]),
        end=Fraction(content["end"]),
        half_width=_number(content["half_width"]),
        points={code: (_number(before), _number(after)) for code, (before, after) in content["points"].items()},
        checks=tuple(
            Check(Period.parse(period), Fraction(foreseen), Fraction(actual))
            for period, foreseen, actual in content["checks"]
        ),
    )


def _text(points: Fraction | None) -> str | None:
    return None if points is None else str(points)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
