"""`motcua demo --live`: citizens keep arriving while the demo runs."""

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from motcua.demo import province

SECONDS_BETWEEN = 20.0


def start(clock: Callable[[], datetime]) -> threading.Thread:
    """Let a citizen come to one of the two desks every twenty seconds, in a thread that ends with the program."""
    thread = threading.Thread(target=_arrivals, args=(clock,), name="demo-arrivals", daemon=True)
    thread.start()
    return thread


def _arrivals(clock: Callable[[], datetime]) -> None:
    chance = random.Random()  # noqa: S311 - arrivals of a demo
    handled = province.handled_now()
    while True:
        time.sleep(chance.expovariate(1 / SECONDS_BETWEEN))
        province.arrive(at=clock(), chance=chance, handled=handled)
        connection.close()
