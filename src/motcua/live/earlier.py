"""Các kỳ trước: scores of periods that are over, kept a little longer than those of now.

A page that compares with a year of months would score twelve periods anew after every event. What is over changes
seldom (a late or corrected event, an open dossier that becomes late), so a score of it may be up to ``KEPT`` old; its
stamp says of when it is.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from django.db import connection

from motcua.kernel.time import Period
from motcua.live import figures, scoring
from motcua.live.scoring import LiveScore

KEPT = timedelta(minutes=1)
_MOST = 64

_kept: OrderedDict[tuple[str, Period], LiveScore] = OrderedDict()
_lock = threading.Lock()


def score(*, period: Period, now: datetime) -> LiveScore:
    """Score every unit for an earlier period, as it stood at most ``KEPT`` before now."""
    key = (str(connection.settings_dict["NAME"]), period)
    with _lock:
        found = _kept.get(key)
    # What was folded anew is other figures, however young the kept score is.
    is_same_fold = found is not None and found.stamp.fold == figures.stamp(now=now).fold
    if found is not None and is_same_fold and timedelta(0) <= now - found.stamp.now <= KEPT:
        return found
    found = scoring.score(period=period, now=now)
    with _lock:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found
