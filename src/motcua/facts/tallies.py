"""The measures of decisions, petitions, national reports and units, under every unit of the tree."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from motcua.deadlines.working_time import WorkingCalendar
from motcua.facts import decisions, national_reports, petitions
from motcua.facts.layout import Layout, day_number, era_of
from motcua.facts.options import FactOptions
from motcua.kernel.time import Period

Values = dict[str, NDArray[np.int64]]


def of_decisions(
    rows: Sequence[decisions.Decision],
    layout: Layout,
    *,
    period: Period,
    on: datetime,
    options: FactOptions,
    calendar: WorkingCalendar,
) -> Values:
    """Return the measures of distinct procedures; one decision out of time makes its procedure so for the period."""
    found: Values = {}
    signed = [row for row in rows if row.signed_on in period]
    in_time = [decisions.is_promulgated_on_time(row, options=options, calendar=calendar) for row in signed]
    day = on.date()
    due = [decisions.is_to_publish(row, period=period, on=day, options=options, calendar=calendar) for row in rows]
    to_publish = [row for row, is_due in zip(rows, due, strict=True) if is_due]
    published = [
        decisions.is_published_on_time(row, period=period, on=day, options=options, calendar=calendar)
        for row in to_publish
    ]
    for name, chosen, good, is_known in (
        ("promulgated", signed, in_time, None not in in_time),
        ("to_publish", to_publish, published, None not in (*due, *published)),
    ):
        codes = {code: place for place, code in enumerate(sorted({row.procedure_code for row in chosen}))}
        named = np.zeros((len(layout.codes), len(codes)), dtype=np.int64)
        late = np.zeros_like(named)
        for row, is_good in zip(chosen, good, strict=True):
            # A decision that names no unit is one of the whole tree.
            roots = layout.history.era_on(row.signed_on).tree.roots
            for unit in layout.places([row.unit_code] if row.unit_code else roots):
                named[unit, codes[row.procedure_code]] = 1
                late[unit, codes[row.procedure_code]] |= not is_good
        below = layout.roll_up_on(named, day=min(period.last_day, day)) > 0
        below_late = layout.roll_up_on(late, day=min(period.last_day, day)) > 0
        if is_known or name == "promulgated":
            found[f"decisions.{name}"] = below.sum(axis=1)
        if is_known:
            good_name = "promulgated_on_time" if name == "promulgated" else "published_on_time"
            found[f"decisions.{good_name}"] = (below & ~below_late).sum(axis=1)
    return found


def of_petitions(
    rows: Sequence[petitions.Petition],
    layout: Layout,
    *,
    period: Period,
    on: datetime,
    options: FactOptions,
    calendar: WorkingCalendar | None,
) -> Values:
    """Return the measures of petitions, each counted under the unit it stood under when it was received."""
    judged = petitions.judge(rows, period=period, on=on.date(), options=options, calendar=calendar)
    units = layout.places([each.petition.unit_code for each in judged])
    received = [each.is_received for each in judged]
    counted = {
        "handled": [True] * len(judged),
        "received": received,
        "regulation": [each.is_received and each.petition.kind == "REGULATION" for each in judged],
        "conduct": [each.is_received and each.petition.kind == "CONDUCT" for each in judged],
    }
    if calendar and all(each.is_on_time is not None for each in judged):
        counted["on_time"] = [each.is_on_time is True for each in judged]
        counted["satisfied"] = [each.is_received and each.is_satisfied is True for each in judged]
    found: Values = {}
    for name, chosen in counted.items():
        direct = np.zeros((len(layout.starts), len(layout.codes)), dtype=np.int64)
        if judged:
            days = np.array([day_number(each.petition.received_at.date()) for each in judged])
            np.add.at(direct, (era_of(days, layout.starts), units), np.array(chosen, dtype=np.int64))
        found[f"petitions.{name}"] = layout.roll_up(direct)
    return found


def of_reports(
    reports: national_reports.Reports, layout: Layout, *, period: Period, on: date, notes: dict[str, tuple[str, ...]]
) -> Values:
    """Return the national system's counts: a unit's own reports, else the sum of what the units below reported."""
    tree = layout.history.era_on(min(period.last_day, on)).tree
    counts = np.zeros(len(layout.codes), dtype=np.int64)
    if not reports:
        notes |= dict.fromkeys(tree.codes, (national_reports.MISSING,))
        return {"national_reports.received": counts}
    places = {code: place for place, code in enumerate(layout.codes)}
    flags: dict[str, set[str]] = {}
    for code in reversed(tree.codes):
        if code in reports:
            found = national_reports.received(reports[code], period=period, on=on)
            counts[places[code]] = found.received
            flags[code] = {found.flag} if found.flag else set()
            continue
        children = [child for child in tree.children(code) if flags[child] != {national_reports.MISSING}]
        counts[places[code]] = sum(counts[places[child]] for child in children)
        below = set().union(*(flags[child] for child in children)) - {national_reports.MISSING}
        flags[code] = below if children else {national_reports.MISSING}
    notes |= {code: tuple(sorted(flag)) for code, flag in flags.items() if flag}
    return {"national_reports.received": counts}


def of_units(layout: Layout, *, day: date) -> Values:
    """Return the measures of units that exist on the day."""
    tree = layout.history.era_on(day).tree
    communes = [
        row
        for row in tree.rows.values()
        if row.kind == "commune" and row.is_valid(day) and layout.history.successors.get(row.code, row.code) == row.code
    ]
    found: Values = {}
    chosen = {"communes": communes, "certified_copy": [row for row in communes if row.certified_copy]}
    if all(row.certified_copy is None for row in communes):
        del chosen["certified_copy"]
    for name, rows in chosen.items():
        direct = np.zeros(len(layout.codes), dtype=np.int64)
        np.add.at(direct, layout.places([row.code for row in rows])[: len(rows)], 1)
        found[f"units.{name}"] = layout.roll_up_on(direct, day=day)
    return found
