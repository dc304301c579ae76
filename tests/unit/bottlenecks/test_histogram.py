"""How long things took: counts of rounded durations give the same quantiles as the durations themselves."""

import math
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.bottlenecks import histogram
from motcua.bottlenecks.histogram import MINUTE, UPPER, WORKING_DAY

DURATIONS = st.lists(st.integers(0, 70 * WORKING_DAY), min_size=1, max_size=60)
SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 1.0])


def naive(durations: list[int], share: float) -> int:
    """The smallest of the durations that at least the share of them do not exceed, rounded up as the counts are."""
    ordered = sorted(durations)
    needed = max(1, math.ceil(len(ordered) * share))
    return histogram.rounded(ordered[needed - 1])


@given(DURATIONS, SHARES)
def test_a_quantile_of_the_counts_is_the_rounded_quantile_of_the_durations(durations: list[int], share: float) -> None:
    counts = Counter(histogram.bucket(one) for one in durations)

    assert histogram.quantile(counts, share) == naive(durations, share)


@given(st.lists(DURATIONS, min_size=1, max_size=4))
def test_counts_kept_apart_add_up_to_the_counts_of_all(parts: list[list[int]]) -> None:
    apart = [histogram.packed(Counter(histogram.bucket(one) for one in part)) for part in parts]
    together = Counter(histogram.bucket(one) for part in parts for one in part)

    assert histogram.added(apart) == together
    assert histogram.unpacked(histogram.packed(together)) == together


@given(st.integers(0, 60 * WORKING_DAY))
def test_a_duration_is_rounded_up_by_less_than_its_band_allows(seconds: int) -> None:
    above = histogram.rounded(seconds) - seconds

    step = 15 * MINUTE if seconds <= WORKING_DAY else 120 * MINUTE if seconds <= 10 * WORKING_DAY else WORKING_DAY
    assert 0 <= above < step


def test_buckets_are_in_order_and_nothing_is_too_long_to_be_counted() -> None:
    assert all(low < high for low, high in pairwise(UPPER))
    assert histogram.bucket(10_000 * WORKING_DAY) == len(UPPER) - 1


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_nothing_has_no_quantile(share: float) -> None:
    assert histogram.quantile(Counter(), share) is None
    assert histogram.added([]) == Counter()
