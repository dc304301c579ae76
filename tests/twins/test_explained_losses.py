"""Whatever the dossiers are: what stands behind a loss adds up to it, and winning it back is worth what was said."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import small_province
from motcua.indicators import explain, losses, score
from motcua.indicators.items import ItemKind
from motcua.indicators.score import Count


@settings(max_examples=20)
@given(rows=small_province.dossiers(), unit=st.sampled_from(["H20", *small_province.UNITS]))
def test_the_items_of_every_loss_add_up_to_it_and_are_the_ones_that_are_missing(
    rows: list[dict[str, Any]], unit: str
) -> None:
    evaluation = small_province.scored(rows)
    if unit not in evaluation.measures.units:
        return

    for each in explain.explain(evaluation, unit=unit):
        items = list(each.items())
        assert sum((item.weight * each.share for item in items), Fraction(0)) == each.loss.lost
        assert ItemKind.UNLISTED not in {item.kind for item in items}
        assert all(item.reasons for item in items)
        if each.loss.lost and each.loss.missing:
            assert sum(item.weight for item in items) == each.loss.missing
        assert sum(count for _, count in each.by_unit()) == each.weight


@settings(max_examples=200)
@given(data=st.data())
def test_one_more_and_enough_to_fill_are_what_scoring_says(data: st.DataObject) -> None:
    indicator = data.draw(st.sampled_from([each for each in small_province.PORTAL.indicators if each.is_scored]))
    denominator = data.draw(st.integers(1, 400))
    numerator = data.draw(st.integers(0, denominator))
    factor = data.draw(st.sampled_from([Fraction(1), Fraction(2, 3), Fraction(1, 3), Fraction(0)]))
    unit = score.RatedUnit("H20", "Tỉnh", "province")

    def scored(more: int) -> tuple[losses.Loss, Fraction]:
        counts = {"H20": {indicator.code: Count(numerator + more, denominator, factor)}}
        card = score.score(rules=small_province.PORTAL, units=[unit], counts=counts)
        found = losses.of_unit(card.units[0], rules=small_province.PORTAL)
        loss = next(each for each in found if each.row.code == indicator.code)
        return loss, loss.row.exact or Fraction(0)

    loss, exact = scored(0)

    assert loss.one_more == (scored(1)[1] - exact if numerator < denominator else 0)
    full = Fraction(indicator.max_points)
    if loss.to_fill is None:
        assert scored(denominator - numerator)[1] < full
    else:
        assert scored(loss.to_fill)[1] >= full
        assert loss.to_fill == 0 or scored(loss.to_fill - 1)[1] < full
    if loss.to_show_full is not None:
        assert scored(loss.to_show_full)[0].lost == 0
        assert loss.to_show_full == 0 or scored(loss.to_show_full - 1)[0].lost > 0
