"""How long things took, as counts of durations: additive, small, and good for any quantile.

A duration of working time is rounded up: to a quarter of an hour within a working day, to two hours within ten, to a
day beyond, and everything over sixty days stands together. Rounding keeps the order, so a quantile of the counts is
the rounded quantile of the durations themselves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

MINUTE = 60
WORKING_DAY = 480 * MINUTE
"""Seconds of a working day of eight hours, as remaining time is written everywhere."""

_BANDS = ((WORKING_DAY, 15 * MINUTE), (10 * WORKING_DAY, 120 * MINUTE), (60 * WORKING_DAY, WORKING_DAY))
_PAIR = np.dtype([("bucket", "<u2"), ("count", "<u4")])


def _upper() -> tuple[int, ...]:
    """Return the upper edge of every bucket, in seconds; the first holds what took no working time at all."""
    edges = [0]
    for end, step in _BANDS:
        edges += range(edges[-1] + step, end + 1, step)
    return (*edges, edges[-1] + WORKING_DAY)


UPPER = _upper()
"""The upper edge of each bucket in seconds; the last bucket stands for everything longer than sixty days."""
_EDGES = np.array(UPPER[:-1])

Counts = Counter[int]
"""Bucket -> how many durations fell into it."""


def bucket(seconds: int) -> int:
    """Return the bucket of a duration of working time."""
    return int(np.searchsorted(_EDGES, seconds, side="left"))


def rounded(seconds: int) -> int:
    """Return the duration as the counts know it, in seconds."""
    return UPPER[bucket(seconds)]


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """Return the smallest duration (seconds, rounded up) that at least ``share`` of all do not exceed; None of none."""
    whole = sum(counts.values())
    if whole <= 0:
        return None
    needed, seen = max(1, -(-whole * share // 1)), 0
    for place in sorted(counts):
        seen += counts[place]
        if seen >= needed:
            return UPPER[place]
    raise AssertionError("counts add up to their own sum")


def packed(counts: Mapping[int, int]) -> bytes:
    """Return the counts as the tables keep them."""
    return np.array([(place, counts[place]) for place in sorted(counts) if counts[place]], dtype=_PAIR).tobytes()


def unpacked(kept: bytes | memoryview) -> Counts:
    """Return the counts from what the tables keep."""
    pairs: NDArray[Any] = np.frombuffer(bytes(kept), dtype=_PAIR)
    return Counter(dict(zip(pairs["bucket"].tolist(), pairs["count"].tolist(), strict=True)))


def added(kept: Iterable[bytes | memoryview]) -> Counts:
    """Return the sum of kept counts."""
    pairs: NDArray[Any] = np.frombuffer(b"".join(bytes(one) for one in kept), dtype=_PAIR)
    whole = np.bincount(pairs["bucket"], weights=pairs["count"], minlength=1)
    return Counter({int(place): int(whole[place]) for place in np.flatnonzero(whole)})
