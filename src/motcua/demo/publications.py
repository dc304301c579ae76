"""The demo's published months: two, the later one corrected too, signed by an authority that is nobody's."""

import random
from datetime import date, datetime, time, timedelta

from motcua import lawbook
from motcua.demo import province
from motcua.kernel.time import VIETNAM, Period, local_day
from motcua.publication import actions, fictitious_ca, freezing, queries
from motcua.publication.types import IssueRow

CENTRE, OFFICE = "cb-trung-tam", "cb-van-phong"
_LATE_PAPERS = 12
"""How many dossiers of the corrected month are entered after it was published."""


def is_built() -> bool:
    """Tell whether this database has publications already."""
    return bool(queries.drafts())


def build(*, now: datetime, progress: province.Progress) -> list[IssueRow]:
    """Publish the two months that are due at ``now``, and correct the later one for dossiers entered late."""
    fictitious_ca.make(actions.default_seal().folder, owner="UBND tỉnh giả định", at=now)
    months = _due(local_day(now))
    published: list[IssueRow] = []
    for month in months:
        published.append(_publish(month, _day(month)))
        progress("Công bố hằng tháng", len(published), len(months) + 1)
    last = months[-1]
    _enter_late(last)
    at = min(now, _day(last) + timedelta(days=7))
    published.append(
        _publish(last, at, reason=f"Bộ phận Một cửa nhập muộn {_LATE_PAPERS} hồ sơ giấy nhận trong tháng.")
    )
    progress("Công bố hằng tháng", len(published), len(months) + 1)
    return published


def _publish(month: Period, at: datetime, *, reason: str = "") -> IssueRow:
    issue = actions.freeze(str(month), at=at, reason=reason).issue
    actions.review(month=issue.month, draft=issue.draft, by=CENTRE, at=at + timedelta(minutes=40))
    return actions.approve(month=issue.month, draft=issue.draft, by=OFFICE, at=at + timedelta(hours=2))


def _due(today: date) -> list[Period]:
    """Return the two latest months whose day has come, the earlier first."""
    found: list[Period] = []
    first = today.replace(day=1)
    while len(found) < 2:
        month = Period.month(first.year, first.month)
        if _day(month).date() < today:
            found.insert(0, month)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _day(month: Period) -> datetime:
    """Return the afternoon on which the month's figures are taken."""
    day = freezing.due_on(month, book=lawbook.load()).date()
    return datetime.combine(day, time(15), VIETNAM)


def _enter_late(month: Period) -> None:
    chance, handled = random.Random(2026), province.handled_now()  # noqa: S311 - a demo
    last = month.last_day
    while last.weekday() >= 5:
        last -= timedelta(days=1)
    for number in range(_LATE_PAPERS):
        at = datetime.combine(last, time(8), VIETNAM) + timedelta(minutes=20 * number)
        province.arrive(at=at, chance=chance, handled=handled)
