"""Âm lịch Việt Nam: days of the lunisolar calendar at the meridian of UTC+7, for holidays of years not yet announced.

The rules: a month begins on the day of the new moon; month 11 holds the winter solstice; where thirteen months lie
between two months 11, the first that holds no principal term (the sun entering no new twelfth of its course) is leap.
Moments of new moon and the sun's longitude follow Meeus, *Astronomical Algorithms* (chapters 25 and 49), good to about
a minute of time for 1900-2199; a new moon within that distance of midnight could move a date by a day.
"""

from datetime import date
from functools import lru_cache
from math import floor, pi, sin

_SYNODIC = 29.530588861
_ZONE_DAYS = 7 / 24
_JULIAN_DAY_OF_ORDINAL_0 = 1721424.5

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years for which the series are good."""


def day_of(*, year: int, month: int, day: int) -> date:
    """Return the day of the common calendar of a day in an ordinary (not leap) month 1 to 10 of the lunar year.

    Raises:
        ValueError: the year or the month lies outside what is computed.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 10:
        raise ValueError(f"lunar month {month} of {year} is not computed")
    eleventh = _month_eleven(year - 1)
    after = month + 1
    leap = _leap_after(eleventh, _month_eleven(year))
    if leap is not None and leap <= after:
        after += 1
    return date.fromordinal(_new_moon_day(eleventh + after) + day - 1)


@lru_cache(maxsize=1024)
def _month_eleven(year: int) -> int:
    """Return the number of the new moon that begins month 11 of the year: the last one not after the solstice."""
    solstice_at_latest = date(year, 12, 31).toordinal()
    k = floor((year - 2000) * 12.3685 + 10)
    while _new_moon_day(k + 1) <= solstice_at_latest:
        k += 1
    # The solstice is where the sun's longitude reaches 270 degrees, the ninth twelfth of its course.
    return k if _twelfth(_new_moon_day(k)) < 9 else k - 1


def _leap_after(eleventh: int, next_eleventh: int) -> int | None:
    """Return how many months after month 11 the leap month comes; None where the year has none."""
    if next_eleventh - eleventh < 13:
        return None
    return next(
        n for n in range(1, 13) if _twelfth(_new_moon_day(eleventh + n)) == _twelfth(_new_moon_day(eleventh + n + 1))
    )


@lru_cache(maxsize=8192)
def _new_moon_day(k: int) -> int:
    """Return the ordinal of the Vietnamese day on which new moon ``k`` (0 = January 2000) falls."""
    t = k / 1236.85
    moment = 2451550.09766 + _SYNODIC * k + 0.00015437 * t**2 - 0.00000015 * t**3 + 0.00000000073 * t**4
    e = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = _radians(2.5534 + 29.10535670 * k - 0.0000014 * t**2)
    moon = _radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2)
    node = _radians(160.7108 + 390.67050284 * k - 0.0016118 * t**2)
    ascending = _radians(124.7746 - 1.56375588 * k + 0.0020672 * t**2)
    moment += (
        -0.40720 * sin(moon)
        + 0.17241 * e * sin(sun)
        + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * node)
        + 0.00739 * e * sin(moon - sun)
        - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e**2 * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * node)
        - 0.00057 * sin(moon + 2 * node)
        + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon)
        + 0.00042 * e * sin(sun + 2 * node)
        + 0.00038 * e * sin(sun - 2 * node)
        - 0.00024 * e * sin(2 * moon - sun)
        - 0.00017 * sin(ascending)
        - 0.00007 * sin(moon + 2 * sun)
        + 0.000325 * sin(_radians(299.77 + 0.107408 * k - 0.009173 * t**2))
        + 0.000165 * sin(_radians(251.88 + 0.016321 * k))
    )
    return floor(moment - _dynamical_minus_universal(2000 + k / 12.3685) + _ZONE_DAYS - _JULIAN_DAY_OF_ORDINAL_0)


def _dynamical_minus_universal(year: float) -> float:
    """Return the clock correction in days; the long-term parabola, fitted to about 70 s near 2020."""
    return (-20 + 32 * ((year - 1820) / 100) ** 2 - (0.5628 * (2150 - year) if year > 2005 else 0)) / 86400


def _twelfth(day: int) -> int:
    """Return in which twelfth of its course (0 to 11) the sun stands at the Vietnamese midnight that begins the day."""
    julian = day + _JULIAN_DAY_OF_ORDINAL_0 - _ZONE_DAYS
    t = (julian - 2451545.0) / 36525
    anomaly = _radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = _radians(125.04 - 1934.136 * t)
    longitude = 280.46646 + 36000.76983 * t + 0.0003032 * t**2 + centre - 0.00569 - 0.00478 * sin(node)
    return int(longitude % 360 // 30)


def _radians(degrees: float) -> float:
    return degrees % 360 * pi / 180
