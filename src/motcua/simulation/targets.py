"""What would be under another target: the same rule set with another ratio from which the points are full."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from motcua.indicators import evaluate
from motcua.indicators.evaluate import Evaluation
from motcua.kernel.errors import UserError
from motcua.lawbook.indicator_sets import Indicator, IndicatorSet


def with_targets(rules: IndicatorSet, targets: Mapping[str, Decimal]) -> IndicatorSet:
    """Return the rule set with other targets, by indicator code or number.

    Raises:
        UserError: no such scored indicator, or a target outside (0, 1].
    """
    codes = {name: indicator.code for indicator in rules.indicators for name in (indicator.code, indicator.number)}
    by_code: dict[str, Decimal] = {}
    for name, target in targets.items():
        code = codes.get(name)
        found = rules.indicator(code) if code else None
        if found is None or not found.is_scored:
            raise UserError(
                f"Bộ chỉ số {rules.name} không chấm điểm chỉ số «{name}».",
                remedy="Hãy ghi mã hoặc số của một chỉ số được chấm điểm, ví dụ 3.3=60%.",
                where="--target",
            )
        if not 0 < target <= 1:
            raise UserError(
                f"Ngưỡng {target} nằm ngoài (0; 1].", remedy="Hãy ghi tỷ lệ, ví dụ 60% hoặc 0.6.", where="--target"
            )
        by_code[found.code] = target
    return replace(
        rules, indicators=tuple(_with(indicator, by_code.get(indicator.code)) for indicator in rules.indicators)
    )


def under(evaluation: Evaluation, *, rules: IndicatorSet) -> Evaluation:
    """Score the same measures under rules that read the facts in the same way."""
    return evaluate.of_measures(evaluation.measures, data=evaluation.data, rules=rules, clock=evaluation.clock)


def _with(indicator: Indicator, target: Decimal | None) -> Indicator:
    if target is None:
        return indicator
    return replace(indicator, scoring=replace(indicator.scoring, full_at=target))
