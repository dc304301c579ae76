"""The monthly job: which month is due on a day."""

from datetime import date, timedelta
from pathlib import Path

from motcua.kernel.time import Period
from motcua.publication import freezing


def latest_due(*, today: date, root: Path | None = None) -> str:
    """Return the latest month whose figures are to be taken on the day or before."""
    period = Period.month(today.year, today.month)
    while True:
        book, _ = freezing.law_of(period, root=root)
        if freezing.due_on(period, book=book).date() <= today:
            return str(period)
        last = period.start - timedelta(days=1)
        period = Period.month(last.year, last.month)
