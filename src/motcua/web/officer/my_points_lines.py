"""How lost points are told, dossier by dossier: on the ledger of a unit and on an officer's own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse

from motcua.catalogue.models import Procedure
from motcua.contests import access as contests
from motcua.contests.types import STATE_NAMES, ContestState
from motcua.dossiers import access as dossiers
from motcua.facts.reasons import REASONS, Reason
from motcua.facts.units import UnitTree
from motcua.live import contested, ledger, losing_marks
from motcua.live.ledger import Mark
from motcua.live.ledger_rows import LosingDossier
from motcua.live.ledger_scene import Place
from motcua.live.scoring import LiveScore
from motcua.organisations.types import StaffRef
from motcua.reports import figures, wording
from motcua.web.officer import my_points_access


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the list, and what may be named to them."""

    staff: StaffRef
    day: date

    def lines(self, found: Sequence[LosingDossier], *, tree: UnitTree) -> list[dict[str, Any]]:
        """Return the dossiers with names, links, and where their contests stand."""
        codes = [one.code for one in found]
        opened = set(dossiers.visible(self.staff, on=self.day).filter(code__in=codes).values_list("code", flat=True))
        procedures = dict(
            Procedure.objects.filter(code__in={one.procedure_code for one in found}).values_list("code", "name")
        )
        officers = my_points_access.names(self.staff, {one.officer_code for one in found}, on=self.day)
        states = contested.states(codes)
        may_file = {
            unit: contests.may_file(self.staff, unit_code=unit, on=self.day)
            for unit in {one.unit_code for one in found}
        }
        return [
            {
                "dossier": one,
                "url": reverse("officer:dossier", args=[one.code]) if one.code in opened else "",
                "procedure": procedures.get(one.procedure_code, ""),
                "unit": tree.name(one.unit_code),
                "officer": officers.get(one.officer_code, ""),
                "points": share(one.points),
                "marks": [
                    {
                        "number": lost.mark.indicator.number,
                        "name": wording.short_name(lost.mark.indicator.name_vi),
                        "points": share(lost.mark.share),
                        "reasons": lost.reasons,
                        "is_repairable": lost.is_repairable,
                        "contest": STATE_NAMES[ContestState(state)] if state else "",
                        "contest_url": reverse("officer:contest_new", args=[one.code, lost.mark.indicator.code])
                        if may_file[one.unit_code] and state not in {"filed", "approved"}
                        else "",
                    }
                    for lost in one.marks
                    for state in [states.get((one.code, lost.mark.indicator.code), "")]
                ],
            }
            for one in found
        ]


def share(value: Fraction) -> str:
    """Write the points of one dossier: two decimals, or as many as show three figures of a small one."""
    decimals = 2
    while decimals < 8 and abs(value) * 10**decimals < 100:
        decimals += 1
    return figures.number(value, decimals=decimals)


def marks_told(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Return, for each indicator, how its loss is divided: among how many, how much each, what one more brings."""
    return [
        {
            "code": mark.indicator.code,
            "number": mark.indicator.number,
            "name": wording.short_name(mark.indicator.name_vi),
            "lost": figures.number(mark.loss.lost, decimals=2),
            "missing": mark.loss.missing,
            "share": share(mark.share),
            "one_more": share(mark.loss.one_more) if mark.loss.one_more is not None else "–",
            "to_fill": mark.loss.to_fill,
            "is_capped_early": mark.loss.to_fill is not None and mark.loss.to_fill < (mark.loss.missing or 0),
            "remedy": mark.indicator.remedy_vi,
        }
        for mark in sorted(marks, key=lambda one: -one.loss.lost)
    ]


def reasons_shown(lines: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """Return the reasons that occur in the lines, each once: their rules and citations stand below the list."""
    codes = {why.code for line in lines for mark in line["marks"] for why in mark["reasons"]}
    return [REASONS[code] for code in losing_marks.BITS if code in codes]


def next_address(place: Place | None, query: str) -> str:
    """Return where the next page stands, with the same filters."""
    return f"?{query}&sau={place}" if place else ""


def marks_for(live: LiveScore, code: str) -> tuple[Mark, ...]:
    """Return what one dossier loses at each indicator of the unit; nothing where the unit is not scored."""
    card = live.evaluation.scorecard
    scored = next((one for one in card.units if one.unit.code == code), None)
    return ledger.marks(scored, rules=live.evaluation.rules) if scored else ()
