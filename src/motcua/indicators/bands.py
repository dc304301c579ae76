"""Khoảng tin cậy: how far points could lie from those counted if the same work came again. Pure.

The dossiers of a period are all there, nothing was sampled. The band asks another question: between two units that work
equally well, how far apart does chance alone put their points? A unit of forty dossiers is moved by one; one of forty
thousand is not (docs/decisions, "Ranking with a band").

* A ratio of dossiers or petitions has Wilson's interval, which is sound near 0 and 1 and for few dossiers.
* Points follow the two ends of the ratio, caps included: above the target there is nothing left to vary.
* A ratio over procedures or units is a stock that is what it is: no band. So is one inherited from the unit above.
* Indicators that count the same dossiers go up and down together, so their bands are added (true whatever their
  dependence), and so are those of petitions; the two are independent of each other and are added as squares.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import hypot, sqrt

from motcua.indicators import score
from motcua.indicators.score import Basis, Row
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet

DOSSIERS, PETITIONS = "dossiers", "petitions"


@dataclass(frozen=True, slots=True)
class Band:
    """Khoảng điểm: the points counted and the two ends."""

    points: float
    low: float
    high: float

    def overlaps(self, other: "Band") -> bool:
        """Tell whether the two cannot be told apart; ends that touch overlap."""
        return self.low <= other.high and other.low <= self.high


def wilson(numerator: int, denominator: int, *, z: float) -> tuple[float, float]:
    """Return the two ends of Wilson's interval for a ratio, within 0..1 and around the ratio itself.

    Args:
        numerator: how many did; no more than the denominator counts.
        denominator: out of how many, at least 1.
        z: how many standard errors to either side.

    Raises:
        ValueError: the counts are no ratio.
    """
    if denominator < 1 or not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator}/{denominator}")
    ratio, square = numerator / denominator, z * z / denominator
    middle = (ratio + square / 2) / (1 + square)
    half = z * sqrt(ratio * (1 - ratio) / denominator + square / (4 * denominator)) / (1 + square)
    # Floating point must not put an end on the wrong side of the ratio.
    return max(0.0, min(middle - half, ratio)), min(1.0, max(middle + half, ratio))


def counts(indicator: Indicator) -> str:
    """Return what the indicator counts: ``dossiers``, ``petitions``, ``procedures`` …; empty where nothing is."""
    return indicator.numerator.partition(".")[0] if indicator.numerator else ""


def of_row(row: Row, indicator: Indicator, *, z: float) -> Band:
    """Return the band of one indicator's points; without a width where nothing in it is left to chance."""
    points = float(row.points or 0)
    count = row.count
    if row.basis is not Basis.COUNTED or counts(indicator) not in {DOSSIERS, PETITIONS}:
        return Band(points, points, points)
    numerator, denominator = count.numerator, count.denominator
    if numerator is None or not denominator or count.factor is None:
        return Band(points, points, points)
    factor = float(count.factor)
    low, high = wilson(min(numerator, denominator), denominator, z=z)
    ends = [float(score.exact_points(indicator, Fraction(end * factor))) for end in (low, high)]
    return Band(points, min(points, ends[0]), max(points, ends[1]))


def of_rows(rows: Iterable[Row], *, rules: IndicatorSet, points: Fraction, maximum: Fraction, z: float) -> Band:
    """Return the band of the sum of some rows.

    Args:
        rows: of one unit.
        rules: the rule set they were scored by.
        points: the official sum, rounded as the law says.
        maximum: what the sum can reach.
        z: how many standard errors to either side.
    """
    down, up = {DOSSIERS: 0.0, PETITIONS: 0.0}, {DOSSIERS: 0.0, PETITIONS: 0.0}
    for row in rows:
        indicator = rules.indicator(row.code)
        if indicator is None or counts(indicator) not in down:
            continue
        band = of_row(row, indicator, z=z)
        same = counts(indicator)
        down[same] += band.points - band.low
        up[same] += band.high - band.points
    middle = float(points)
    return Band(
        middle, max(0.0, middle - hypot(*down.values())), min(float(max(maximum, points)), middle + hypot(*up.values()))
    )
