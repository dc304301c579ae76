"""Petitions (phản ánh, kiến nghị): which were handled in a period, which within the days that every step may take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.deadlines.working_time import WorkingCalendar
from motcua.facts import working_days
from motcua.facts.options import FactOptions
from motcua.kernel.time import Period


@dataclass(frozen=True, slots=True)
class Petition:
    """Phản ánh, kiến nghị, as known at one moment."""

    petition_code: str
    unit_code: str
    kind: str | None
    received_at: datetime
    forwarded_at: datetime | None
    rejected_at: datetime | None
    supplement_requested_at: datetime | None
    resolved_at: datetime | None
    published_at: datetime | None
    is_disliked: bool
    """More dislikes than likes."""
    is_repeated: bool

    @property
    def ended_at(self) -> datetime | None:
        """When it was answered or refused."""
        return self.rejected_at or self.resolved_at


def read(rows: Sequence[Mapping[str, Any]], *, on: datetime) -> tuple[Petition, ...]:
    """Return the petitions received by the moment ``on``; what happened to them later is not known yet."""

    def known(row: Mapping[str, Any], name: str) -> datetime | None:
        moment: datetime | None = row.get(name)
        return moment if moment is not None and moment <= on else None

    return tuple(
        Petition(
            petition_code=row["petition_code"],
            unit_code=row["unit_code"],
            kind=row.get("kind"),
            received_at=row["received_at"],
            forwarded_at=known(row, "forwarded_at"),
            rejected_at=known(row, "rejected_at"),
            supplement_requested_at=known(row, "supplement_requested_at"),
            resolved_at=known(row, "resolved_at"),
            published_at=known(row, "published_at"),
            is_disliked=(row.get("dislikes") or 0) > (row.get("likes") or 0),
            is_repeated=bool(row.get("is_repeated")),
        )
        for row in rows
        if row["received_at"] is not None and row["received_at"] <= on
    )


def is_received(petition: Petition, *, period: Period) -> bool:
    """Tell whether the petition was first received in the period."""
    return petition.received_at.date() in period


def is_handled(petition: Petition, *, period: Period) -> bool:
    """Tell whether it was received in the period, or earlier and still open when the period began."""
    if petition.received_at.date() >= period.start:
        return petition.received_at.date() < period.end
    return petition.ended_at is None or petition.ended_at.date() >= period.start


def is_on_time(petition: Petition, *, cut_off: date, options: FactOptions, calendar: WorkingCalendar) -> bool | None:
    """Tell whether every step was, or still is, within its working days; None if a limit needed is not given.

    The clock starts with the last forward, else with the receipt. A step not done yet is judged at ``cut_off``.
    """
    start = (petition.forwarded_at or petition.received_at).date()

    def is_within(begin: date, end: datetime | None, limit: int | None) -> bool | None:
        if limit is None:
            return None
        return working_days.after(begin, end.date() if end else max(begin, cut_off), calendar=calendar) <= limit

    steps = []
    if petition.rejected_at:
        steps.append(is_within(start, petition.rejected_at, options.petition_refuse_within))
    if petition.supplement_requested_at:
        steps.append(is_within(start, petition.supplement_requested_at, options.petition_supplement_within))
    if petition.resolved_at:
        steps.append(is_within(start, petition.resolved_at, options.petition_resolve_within))
        steps.append(is_within(petition.resolved_at.date(), petition.published_at, options.petition_publish_within))
    elif not petition.rejected_at and not petition.supplement_requested_at:
        steps.append(is_within(start, None, options.petition_resolve_within))
    if False in steps:
        return False
    return None if None in steps else True


@dataclass(frozen=True, slots=True)
class Judged:
    """A petition of the period, with what the measures count of it."""

    petition: Petition
    is_received: bool
    is_on_time: bool | None

    @property
    def is_satisfied(self) -> bool | None:
        """On time, not more dislikes than likes, not repeated; None if it is not known whether on time."""
        if self.petition.is_disliked or self.petition.is_repeated:
            return False
        return self.is_on_time


def judge(
    petitions: Sequence[Petition], *, period: Period, on: date, options: FactOptions, calendar: WorkingCalendar | None
) -> tuple[Judged, ...]:
    """Return the petitions handled in the period; without a calendar it is not known which were on time."""
    cut_off = min(period.last_day, on)
    return tuple(
        Judged(
            petition=petition,
            is_received=is_received(petition, period=period),
            is_on_time=is_on_time(petition, cut_off=cut_off, options=options, calendar=calendar) if calendar else None,
        )
        for petition in petitions
        if is_handled(petition, period=period)
    )
