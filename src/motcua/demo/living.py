"""`motcua demo --live`: citizens keep arriving and the offices keep working while the demo runs."""

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from motcua.demo import province
from motcua.kernel.errors import UserError

SECONDS_BETWEEN = 5.0
_ARRIVING = 0.2
"""Share of what happens that is somebody new; the rest is the offices' work, so that the stock stays about the same."""


def start(clock: Callable[[], datetime]) -> threading.Thread:
    """Let something happen every five seconds or so, in a thread that ends with the program."""
    thread = threading.Thread(target=_day, args=(clock,), name="demo-day", daemon=True)
    thread.start()
    return thread


def _day(clock: Callable[[], datetime]) -> None:
    chance = random.Random()  # noqa: S311 - a day of a demo
    handled = province.handled_now()
    while True:
        time.sleep(chance.expovariate(1 / SECONDS_BETWEEN))
        happen(at=clock(), chance=chance, handled=handled)
        connection.close()


def happen(*, at: datetime, chance: random.Random, handled: dict[str, list[str]]) -> str:
    """Let one thing happen, and return what: ``arrive``, an act, or nothing where somebody in a browser was quicker."""
    if chance.random() < _ARRIVING:
        province.arrive(at=at, chance=chance, handled=handled)
        return "arrive"
    try:
        return province.work(at=at, chance=chance)
    except UserError:
        return ""
