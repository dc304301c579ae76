"""Promulgating decisions (quyết định công bố): procedures promulgated and published in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.deadlines.working_time import WorkingCalendar
from motcua.facts import working_days
from motcua.facts.options import FactOptions
from motcua.kernel.time import Period

MINISTRY = "ministry"


@dataclass(frozen=True, slots=True)
class Decision:
    """Quyết định công bố, for one of its procedures."""

    procedure_code: str
    unit_code: str | None
    issuer: str | None
    signed_on: date
    effective_on: date | None
    published_on: date | None


def read(rows: Sequence[Mapping[str, Any]], *, on: date) -> tuple[Decision, ...]:
    """Return the decisions signed by the day ``on``; a later publication is not known yet."""
    found = []
    for row in rows:
        signed, published = _day(row.get("signed_on")), _day(row.get("published_on"))
        if signed is None or signed > on:
            continue
        found.append(
            Decision(
                procedure_code=row["procedure_code"],
                unit_code=row.get("unit_code"),
                issuer=row.get("issuer"),
                signed_on=signed,
                effective_on=_day(row.get("effective_on")),
                published_on=published if published and published <= on else None,
            )
        )
    return tuple(found)


def is_promulgated_on_time(decision: Decision, *, options: FactOptions, calendar: WorkingCalendar) -> bool | None:
    """Tell whether it was signed the working days before it takes effect; None if the rule set gives no limit.

    A decision without a day of effect cannot be shown to be in time, so it is not.
    """
    is_ministry = decision.issuer == MINISTRY
    lead = options.promulgate_lead_ministry if is_ministry else options.promulgate_lead_province
    if lead is None:
        return None
    if decision.effective_on is None:
        return False
    return working_days.until(decision.signed_on, decision.effective_on, calendar=calendar) >= lead


def is_to_publish(
    decision: Decision, *, period: Period, on: date, options: FactOptions, calendar: WorkingCalendar
) -> bool | None:
    """Tell whether it was published in the period, or had not been when its days were over by the period's end."""
    if decision.published_on is not None and decision.published_on < period.end:
        return decision.published_on >= period.start
    within = _publish_within(decision, options)
    if within is None:
        return None
    cut_off = min(period.last_day, on)
    if decision.signed_on > cut_off:
        return False
    return working_days.after(decision.signed_on, cut_off, calendar=calendar) >= within


def is_published_on_time(
    decision: Decision, *, period: Period, on: date, options: FactOptions, calendar: WorkingCalendar
) -> bool | None:
    """Tell whether it was published within its working days of signing; not published yet, they are not over."""
    within = _publish_within(decision, options)
    if within is None:
        return None
    end = decision.published_on or max(min(period.last_day, on), decision.signed_on)
    return working_days.after(decision.signed_on, end, calendar=calendar) <= within


def _publish_within(decision: Decision, options: FactOptions) -> int | None:
    is_ministry = decision.issuer == MINISTRY
    return options.publish_within_ministry if is_ministry else options.publish_within_province


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value
