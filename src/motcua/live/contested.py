"""The same score once more, without the marks whose contest was accepted; the official one stays as it is.

766/QĐ-TTg knows no contest, so this figure is ours and never replaces the published way of counting. A dossier with an
accepted contest leaves the denominator of that one indicator as long as the indicator counts it as lost; once it counts
as won, nothing is left out, so that a contest can never cost points (docs/decisions/0006-points-lost-and-contests.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import connection

from motcua.facts import fold
from motcua.facts.layout import Layout
from motcua.indicators import evaluate, score
from motcua.indicators.evaluate import LeftOut
from motcua.indicators.score import Scorecard
from motcua.kernel.time import VIETNAM
from motcua.live import losing_marks, models
from motcua.live.losing_marks import LATE_OPEN
from motcua.live.scoring import LiveScore

APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class LeftOutMark:
    """A mark that is left out: the dossier's unit and day of receipt say where it was counted."""

    dossier_code: str
    indicator: str
    unit_code: str
    received_on: date


@dataclass(frozen=True, slots=True)
class Contested:
    """Điểm không tính hồ sơ được chấp nhận kiến nghị, beside the official score."""

    scorecard: Scorecard
    dossiers: Mapping[str, int]
    """Per unit: how many dossiers (each once) are left out, of it and all below."""
    left_out: LeftOut

    def total(self, unit: str) -> Fraction | None:
        """Return the unit's points without them; None where nothing of it is left out."""
        return self.scorecard.of(unit).total if self.dossiers.get(unit) else None


def score_without(live: LiveScore) -> Contested | None:
    """Score once more without the marks of accepted contests; None where there are none in the period."""
    found = _lost(live)
    if not found:
        return None
    evaluation = live.evaluation
    left_out: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    dossiers: dict[str, set[str]] = defaultdict(set)
    for mark in found:
        for unit in _counted_under(live.layout, mark):
            left_out[unit][mark.indicator] += 1
            dossiers[unit].add(mark.dossier_code)
    counts = evaluate.counts_of(evaluation.measures, rules=evaluation.rules, left_out=left_out)
    card = score.score(rules=evaluation.rules, units=evaluate.units_of(evaluation.measures), counts=counts)
    return Contested(card, {unit: len(codes) for unit, codes in dossiers.items()}, left_out)


def states(dossier_codes: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """Return the state of the last contest about each (dossier, indicator) that was contested."""
    found = models.LiveContest.objects.filter(dossier_code__in=list(dossier_codes)).order_by("at", "code")
    return {(one.dossier_code, one.indicator): one.state for one in found}


def _lost(live: LiveScore) -> list[LeftOutMark]:
    """Return the accepted contests of dossiers that the period's figures count as lost now."""
    evaluation = live.evaluation
    period, on = evaluation.period, evaluation.on
    cut_off = fold.cut_off(period=period, on=on).replace(tzinfo=VIETNAM)
    with connection.cursor() as database:
        database.execute(
            "SELECT DISTINCT d.code, c.indicator, d.unit_code, lower(d.days), d.reasons,"
            " coalesce(d.open_due_at < %s, FALSE)"
            " FROM live_livecontest c JOIN live_livedossier d ON d.code = c.dossier_code"
            " WHERE c.state = %s AND d.days && daterange(%s, %s) AND lower(d.days) <= %s ORDER BY 1, 2",
            [cut_off, APPROVED, period.start, period.end, on.date()],
        )
        rows = database.fetchall()
    found = []
    for code, indicator_code, unit, received_on, reasons, is_late_open in rows:
        indicator = evaluation.rules.indicator(indicator_code)
        lost_by = losing_marks.of_indicator(indicator) if indicator else None
        if lost_by is None or (received_on < period.start and not lost_by.is_handled):
            continue
        if lost_by.loses(reasons | (LATE_OPEN if is_late_open else 0)):
            found.append(LeftOutMark(code, indicator_code, unit, received_on))
    return found


def _counted_under(layout: Layout, mark: LeftOutMark) -> Iterable[str]:
    """Go through the unit the dossier is counted under on its day of receipt, and all above it."""
    tree = layout.history.era_on(mark.received_on).tree
    unit: str | None = layout.history.successors.get(mark.unit_code, mark.unit_code)
    while unit is not None and unit in tree.places:
        yield unit
        unit = tree.parent(unit)
