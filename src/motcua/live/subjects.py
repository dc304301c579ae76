"""Units and procedures as their events tell them, and the small tables of the columnar format that follow."""

from collections.abc import Iterable, Mapping, MutableMapping
from datetime import date, datetime
from typing import Any

import polars as pl

from motcua.eventlog.log import Event
from motcua.facts.procedures import PARTS
from motcua.kernel.time import local_day

STREAMS = ("unit", "procedure")
Told = MutableMapping[str, Any]


def apply(told: Told, event: Event) -> None:
    """Take one event of a unit or a procedure in; kinds the index does not ask about change nothing."""
    if event.stream == "unit":
        _unit(told, event)
    elif event.stream == "procedure":
        _procedure(told, event)


def _unit(told: Told, event: Event) -> None:
    content = event.content
    match event.kind:
        case "UnitCreated":
            told.update((name, content.get(name)) for name in ("name", "kind", "parent", "valid_from"))
        case "UnitRenamed":
            told["name"] = content["name"]
        case "UnitMerged":
            told["valid_to"], told["successor"] = content["on"], content["into"]
        case "UnitSplit":
            told["valid_to"] = content["on"]
        case _:
            pass


def _procedure(told: Told, event: Event) -> None:
    content, decisions = event.content, told.setdefault("decisions", {})
    day = local_day(event.at).isoformat()
    match event.kind:
        case "ProcedurePromulgated":
            decisions[str(content["number"])] = {name: content[name] for name in ("signed_on", "effective_on")}
        case "ProcedurePublished":
            told["state"] = "public"
            decisions.setdefault(str(content["number"]), {})["published_on"] = day
            told.update((name, content[name]) for name in _PUBLISHED if name in content)
        case "ProcedureAbolished":
            told["state"] = "abolished"
            signed = {"signed_on": content["signed_on"], "effective_on": content["effective_on"]}
            decisions["abolished"] = {**signed, "published_on": day}
        case "ProcedureAssigned":
            told.setdefault("assigned", []).extend([unit, content["since"], None] for unit in content["units"])
        case "ProcedureUnassigned":
            for one in told.get("assigned", []):
                if one[0] == content["unit"] and one[2] is None:
                    one[2] = content["until"]
        case _:
            pass


_PUBLISHED = ("levels", "requires_result", "bears_fee", "is_for_citizens", "online_level")
_OFFERED = ("full", "partial")


def tables(subjects: Iterable[tuple[str, str, Mapping[str, Any]]]) -> dict[str, pl.DataFrame]:
    """Return units, procedures, assignments, services and decisions; a table without rows is left out.

    A unit that handles a procedure which is offered online offers it online.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _SCHEMAS}
    for stream, code, told in sorted(subjects, key=lambda one: one[:2]):
        if stream == "unit":
            rows["units"].append(_unit_row(code, told))
        else:
            _procedure_rows(rows, code, told)
    return {name: pl.DataFrame(found, schema=_SCHEMAS[name]) for name, found in rows.items() if found}


def _unit_row(code: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unit_code": code,
        "name": told.get("name"),
        "kind": told.get("kind"),
        "parent_code": told.get("parent"),
        "valid_from": _day(told.get("valid_from")),
        "valid_to": _day(told.get("valid_to")),
        "successor_code": told.get("successor"),
    }


def _procedure_rows(rows: dict[str, list[dict[str, Any]]], code: str, told: Mapping[str, Any]) -> None:
    is_public = told.get("state") == "public"
    rows["procedures"].append({
        "procedure_code": code,
        "name": code,
        "levels": told.get("levels"),
        "result_required": told.get("requires_result"),
        "fee_bearing": told.get("bears_fee"),
        "citizen_applicant": told.get("is_for_citizens"),
        "fully_online_eligible": told["online_level"] == "full" if "online_level" in told else None,
        "state": told.get("state", "draft"),
        # A version is published only with all seven parts.
        **dict.fromkeys(PARTS, is_public),
    })  # fmt: skip
    for unit, since, until in told.get("assigned", []):
        days = {"unit_code": unit, "procedure_code": code, "valid_from": _day(since), "valid_to": _day(until)}
        rows["assignments"].append(days)
        if is_public and told.get("online_level") in _OFFERED:
            rows["services"].append({**days, "online_level": told["online_level"], "state": "public"})
    for decision in told.get("decisions", {}).values():
        if "signed_on" in decision:
            rows["decisions"].append({
                "procedure_code": code,
                "issuer": "province",
                "unit_code": None,
                **{name: _day(decision.get(name)) for name in ("signed_on", "effective_on", "published_on")},
            })  # fmt: skip


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None


_DAYS = {"valid_from": pl.Date(), "valid_to": pl.Date()}
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "units": {
        **dict.fromkeys(("unit_code", "name", "kind", "parent_code"), pl.String()),
        **_DAYS,
        "successor_code": pl.String(),
    },
    "procedures": {
        **dict.fromkeys(("procedure_code", "name", "levels", "state"), pl.String()),
        **dict.fromkeys(("result_required", "fee_bearing", "citizen_applicant", "fully_online_eligible"), pl.Boolean()),
        **dict.fromkeys(PARTS, pl.Boolean()),
    },
    "assignments": {"unit_code": pl.String(), "procedure_code": pl.String(), **_DAYS},
    "services": {
        **dict.fromkeys(("unit_code", "procedure_code", "online_level", "state"), pl.String()),
        **_DAYS,
    },
    "decisions": {
        **dict.fromkeys(("procedure_code", "issuer", "unit_code"), pl.String()),
        **dict.fromkeys(("signed_on", "effective_on", "published_on"), pl.Date()),
    },
}
