"""What would be if a unit had done so many more: the counts changed, everything scored again by the same rules.

What a unit does, the units above it do as well, so their counts change with it. Two indicators that count the same
thing (on time, and satisfied with it) change together only where the same measure stands behind both.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np

from motcua.indicators import evaluate
from motcua.indicators.evaluate import Evaluation
from motcua.kernel.errors import UserError
from motcua.lawbook.indicator_sets import Indicator


def with_more(evaluation: Evaluation, *, unit: str, more: Mapping[str, int]) -> Evaluation:
    """Return the evaluation with so many more (or fewer) of each measure in the unit and all above it.

    Raises:
        UserError: no such unit was measured.
    """
    measures = evaluation.measures
    if unit not in measures.units:
        raise UserError(f"Không có đơn vị «{unit}».", remedy="Hãy chọn một đơn vị có số liệu trong kỳ.", where="unit")
    places = {code: place for place, code in enumerate(measures.units)}
    above, code = [unit], measures.tree.parent(unit)
    while code is not None:
        above.append(code)
        code = measures.tree.parent(code)
    changed = np.array([places[code] for code in above if code in places], dtype=np.intp)
    values = dict(measures.values)
    for name, number in more.items():
        values[name] = values[name].copy()
        values[name][changed] = np.maximum(0, values[name][changed] + number)
    return evaluate.of_measures(
        replace(measures, values=values), data=evaluation.data, rules=evaluation.rules, clock=evaluation.clock
    )


def needed(evaluation: Evaluation, *, unit: str, ratios: Mapping[str, Decimal]) -> dict[str, int]:
    """Return how many more of each measure bring the unit's indicators to these ratios: the least whole number.

    Fewer (a negative number) where the unit is above the ratio already.

    Args:
        evaluation: what is counted now.
        unit: the unit whose counts are asked for.
        ratios: indicator code -> wanted ratio in 0..1.

    Raises:
        UserError: an indicator is not one of counted ratios of the unit, or a ratio lies outside 0..1.
    """
    scored = evaluation.scorecard.of(unit)
    found: dict[str, int] = {}
    for code, ratio in ratios.items():
        indicator = evaluation.rules.indicator(code)
        if indicator is None or not can_be_changed(evaluation, unit=unit, indicator=indicator):
            raise UserError(
                f"Không đặt được tỷ lệ cho chỉ số «{code}».",
                remedy="Hãy chọn chỉ số có tử số, mẫu số của chính đơn vị.",
                where=code,
            )
        if not 0 <= ratio <= 1:
            raise UserError(f"Tỷ lệ {ratio} nằm ngoài 0–100%.", remedy="Hãy ghi từ 0 đến 100.", where=code)
        count = scored.row(code).count
        wanted = ceil(Fraction(ratio) * (count.denominator or 0))
        found[indicator.numerator or ""] = wanted - (count.numerator or 0)
    return found


def can_be_changed(evaluation: Evaluation, *, unit: str, indicator: Indicator) -> bool:
    """Tell whether the indicator is a ratio of counts of the unit itself: scored, known, with something to count.

    A ratio that is multiplied by another one which nobody knows stays unknown whatever is counted.
    """
    row = evaluation.scorecard.of(unit).row(indicator.code)
    is_own = not indicator.inherit or evaluation.measures.tree.parent(unit) is None
    return indicator.is_scored and indicator.numerator is not None and is_own and row.count.ratio is not None
