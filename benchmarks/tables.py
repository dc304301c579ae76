"""Times side by side: the contenders take turns, so that a busy machine slows all of them."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Times = list[float]


def race(contenders: Mapping[str, Callable[[], Any]], *, rounds: int) -> dict[str, tuple[Times, Any]]:
    """Return the seconds of each round and the last answer of each contender; the first, cold round is not kept."""
    found: dict[str, tuple[Times, Any]] = {name: ([], None) for name in contenders}
    for turn in range(rounds + 1):
        for name, ask in contenders.items():
            started = time.perf_counter()
            answer = ask()
            seconds = time.perf_counter() - started
            times = found[name][0]
            found[name] = ([*times, seconds] if turn else times, answer)
    return found


def show(title: str, times: Mapping[str, Times]) -> None:
    """Print the median and best of each contender, and how often the first one's median fits into it."""
    first = statistics.median(next(iter(times.values())))
    width = max(len(name) for name in times)
    print(f"\n{title}\n{'':{width}}  {'median':>10}  {'best':>10}  {'to first':>8}")
    for name, each in times.items():
        median = statistics.median(each)
        print(f"{name:{width}}  {median * 1000:>7.1f} ms  {min(each) * 1000:>7.1f} ms  {median / first:>8.2f}")
