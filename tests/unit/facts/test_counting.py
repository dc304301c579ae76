"""Counting flags by cell gives what counting them one by one gives."""

import numpy as np
import pytest

from motcua.facts import counting
from motcua.facts.columns import COUNTED


@pytest.mark.parametrize("size", [3, 40_000, 600_000, 2_200_000], ids=["bytes", "nibbles", "pairs", "bits"])
def test_every_width_of_the_histogram_counts_the_same(size: int) -> None:
    generator = np.random.default_rng(7)
    cells = generator.integers(max(0, size - 3), size, 500).astype(np.int32)
    flags = generator.integers(0, 1 << len(COUNTED), 500).astype(np.int32)

    histogram = counting.Histogram(size)
    histogram.add(cells[:200], flags[:200])
    histogram.add(cells[200:], flags[200:])
    counts = histogram.counts()

    for cell in range(size - 3, size):
        here = flags[cells == cell]
        expected = [len(here), *(int(((here >> bit) & 1).sum()) for bit in range(len(COUNTED)))]
        assert counts[cell].tolist() == expected
    assert counts[:, 0].sum() == 500


def test_bits_above_the_counted_ones_do_not_disturb_the_counts() -> None:
    histogram = counting.Histogram(1)
    histogram.add(np.zeros(1, dtype=np.int32), np.array([1 << 16 | 1], dtype=np.int32))

    assert histogram.counts()[0].tolist() == [1, 1, *([0] * 15)]


def test_counts_stay_with_their_unit_when_more_units_turn_up() -> None:
    seen, counts = counting.Seen(), counting.UnitCounts(2)
    for part in range(3):
        codes = {number: f"H{part:02}.{number}" for number in range(100)} | {100: "H20"}
        unit = seen.of(codes)[np.arange(101)]
        flags = np.full(101, 1, dtype=np.int32)
        counts.add(row=np.full(101, part % 2, dtype=np.int32), unit=unit, flags=flags, units=len(seen.codes))

    places = np.array([0 if code == "H20" else 1 for code in seen.codes])
    found = counts.placed(places, units=2)

    assert len(seen.codes) == 301
    assert found[:, :, :2].tolist() == [[[2, 2], [200, 200]], [[1, 1], [100, 100]]]


def test_days_beyond_the_edges_fall_into_the_open_intervals() -> None:
    bins = counting.Bins([10, 20, 31])

    assert bins.of(np.array([-5, 9, 10, 19, 20, 30, 31, 2**31 - 1])).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert len(bins) == 4
    assert bins.ends(99).tolist() == [10, 20, 31, 99]
    assert bins.starting(20) == 2
    with pytest.raises(ValueError, match="21"):
        bins.starting(21)


def test_days_before_1970_have_their_interval_too() -> None:
    bins = counting.Bins([-20, 5])

    assert bins.of(np.array([-(2**31), -21, -20, 4, 5, 2**31 - 1], dtype=np.int32)).tolist() == [0, 0, 1, 1, 2, 2]
