"""Which dossiers to set right for so many more points: from the data to the classes, and back to dossier codes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from motcua.facts import listing
from motcua.indicators import evaluate, score
from motcua.indicators.evaluate import Evaluation
from motcua.indicators.score import ONE, ZERO, Basis, Row
from motcua.lawbook.indicator_sets import Indicator
from motcua.simulation import repairs as repairing
from motcua.simulation import smallest
from motcua.simulation.repairs import DOSSIERS, Choice, Repair
from motcua.simulation.smallest import Lift, PatternClass, Smallest


@dataclass(frozen=True, slots=True)
class Gaining:
    """The dossiers to set right, by repair, and the points that follow.

    ``found`` counts only indicators of dossiers, before rounding; ``after`` is everything computed again, with the
    procedures that a repaired dossier brings along and the rounding of the law.
    """

    found: Smallest
    codes: Mapping[Repair, tuple[str, ...]]
    after: Evaluation

    @property
    def dossiers(self) -> tuple[str, ...]:
        """The codes of all dossiers to set right."""
        return tuple(sorted({code for codes in self.codes.values() for code in codes}))


def find(
    evaluation: Evaluation, *, unit: str, repairs: Collection[Repair], points: Fraction, choice: Choice
) -> Gaining | None:
    """Return the smallest set of dossiers whose repair gains the points for the unit; None if all are not enough.

    Args:
        evaluation: the scores as they are.
        unit: whose points.
        repairs: what may be set right.
        points: how many more, before rounding.
        choice: which dossiers may be touched.
    """
    before = repairing.facts(evaluation, unit=unit)
    allowed = {
        repair: frozenset(
            repairing.missed(
                evaluation, before, indicator=repairing.indicator_of(repair, evaluation.rules), choice=choice
            )["dossier_code"].to_list()
        )
        for repair in repairs
    }
    all_repaired = repairing.repaired(evaluation.data, repairs=allowed, on=evaluation.on)
    after = repairing.facts(evaluation, unit=unit, data=all_repaired)
    lifts = {
        row.code: given
        for row in evaluation.scorecard.of(unit).rows
        if (indicator := evaluation.rules.indicator(row.code)) is not None
        and (given := lift_of(indicator, row)) is not None
    }
    lifted = _lifted(evaluation, before, after, codes=tuple(lifts))
    patterns = lifted.group_by(list(lifts)).agg(pl.col("dossier_code").sort()).sort(list(lifts)) if lifts else lifted
    classes, members = [], []
    for row in patterns.iter_rows(named=True) if lifts else ():
        named = frozenset(code for code in lifts if row[code])
        if named:
            classes.append(PatternClass(named, len(row["dossier_code"])))
            members.append(row["dossier_code"])
    found = smallest.smallest(classes=classes, lifts=lifts, points=points)
    if found is None:
        return None
    taken = {code for number, codes in zip(found.taken, members, strict=True) for code in codes[:number]}
    chosen = {repair: tuple(sorted(codes & taken)) for repair, codes in allowed.items()}
    data = repairing.repaired(evaluation.data, repairs=chosen, on=evaluation.on)
    evaluated = evaluate.evaluate(
        data, rules=evaluation.rules, period=evaluation.period, on=evaluation.on, clock=evaluation.clock
    )
    return Gaining(found, chosen, evaluated)


def lift_of(indicator: Indicator, row: Row) -> Lift | None:
    """Return what one more dossier gives; None where the indicator does not follow from this unit's own dossiers."""
    is_of_dossiers = (indicator.numerator or "").startswith(DOSSIERS) and any(
        name.startswith(DOSSIERS) for name in indicator.denominator
    )
    count = row.count
    if row.basis is not Basis.COUNTED or not is_of_dossiers or not count.denominator or row.exact is None:
        return None
    factor = ONE if count.factor is None else count.factor
    slope = Fraction(indicator.max_points) * factor / (count.denominator * Fraction(indicator.scoring.full_at))
    return Lift(slope, max(ZERO, score.exact_points(indicator, factor) - row.exact))


def _lifted(
    evaluation: Evaluation, before: pl.DataFrame, after: pl.DataFrame, *, codes: tuple[str, ...]
) -> pl.DataFrame:
    """Return one row per dossier: which indicators count it after the repair and did not before."""
    counted = {}
    for code in codes:
        indicator = evaluation.rules.indicator(code)
        if indicator is not None and indicator.numerator is not None:
            denominator = next(name for name in indicator.denominator if name.startswith(DOSSIERS))
            counted[code] = listing.counted(denominator) & listing.counted(indicator.numerator)
    was = before.select("dossier_code", **counted)
    now = after.select("dossier_code", **counted)
    joined = was.join(now, on="dossier_code", suffix="_after")
    return joined.select("dossier_code", *((pl.col(f"{code}_after") & ~pl.col(code)).alias(code) for code in counted))
