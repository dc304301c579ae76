"""What the desk's events say of one dossier, folded into a row of the columnar format, one event at a time.

Columns that no event of the desk speaks of (synchronised with the portal, papers from the personal store, population
data, ratings, petitions) stay unknown, so that the indicators which need them are unknown too and never 0.
``live/bulk.py`` says the same by columns; the proof holds the two equal.
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.eventlog.log import Event
from motcua.facts import fold
from motcua.facts.columns import FLAGS
from motcua.facts.options import FactOptions
from motcua.kernel.time import VIETNAM, local
from motcua.live import losing_marks

Row = MutableMapping[str, Any]

PLACES: Mapping[str, int] = {"counter": 0, "postal": 0, "bank": 0, "portal": 1, "gateway": 2}
"""Where a fee was paid at the desk -> ``payment_place`` of the format; any other place is not online."""
UNPAID = 3
MOMENTS = (
    "submitted_at", "received_at", "due_at", "limit_due_at", "resolved_at", "returned_at", "refused_at", "stopped_at",
    "withdrawn_at", "supplement_waiting_since",
)  # fmt: skip
ENDS: Mapping[str, str] = {
    "DossierResolved": "resolved_at",
    "IntakeRefused": "refused_at",
    "DossierDeclined": "refused_at",
    "DossierStopped": "stopped_at",
    "DossierWithdrawn": "withdrawn_at",
}
"""Events that end a dossier -> the column of their moment."""

_EVER = datetime.max  # noqa: DTZ901 - moments of rows are wall-clock time without zone
_COUNTED_BY = tuple(name for name in FLAGS if name not in {"is_online_late", "is_unsatisfied"})


def apply(row: Row, event: Event) -> None:
    """Take one event of the dossier into its row; kinds that the index does not ask about change only the state."""
    at = local(event.at)
    if "state" in event.content:
        row["state"] = event.content["state"]
    if event.kind in ENDS:
        _end(row, event, at)
    elif event.kind in _FOLDS:
        _FOLDS[event.kind](row, event.content, at)


def _submitted(row: Row, content: Mapping[str, Any], at: datetime) -> None:
    row["submitted_at"] = at
    row["procedure_code"], row["unit_code"] = content.get("procedure"), content.get("unit")
    row["channel"] = content.get("channel")


def _received(row: Row, content: Mapping[str, Any], at: datetime) -> None:
    _submitted(row, content, at)
    row["submitted_at"] = moment(content.get("submitted_at")) or at
    row["received_at"], row["due_at"] = at, moment(content.get("due_at"))
    row["result_required"] = content.get("requires_result")
    row["has_component_file"] = bool(content.get("has_component_file"))
    row["has_reused_component"] = bool(content.get("has_reused_component"))
    row.setdefault("has_result_file", False)
    row["fee_bearing"] = row["has_fee_data"] = (content.get("fee_dong") or 0) > 0
    row["payment_place"] = UNPAID
    # What was asked for before the receipt is not the time of the promise given at the receipt.
    row["supplement_seconds"], row["supplement_waiting_since"] = 0, None


def _officer(row: Row, content: Mapping[str, Any], _: datetime) -> None:
    row["officer_code"], row["officer_named"] = content.get("assignee"), True


def _supplement_requested(row: Row, _: Mapping[str, Any], at: datetime) -> None:
    row["supplement_requests"] = (row.get("supplement_requests") or 0) + 1
    row["supplement_waiting_since"] = at


def _supplement_received(row: Row, content: Mapping[str, Any], at: datetime) -> None:
    _close_supplement(row, at)
    if content.get("has_component_file"):
        row["has_component_file"] = True


def _close_supplement(row: Row, at: datetime) -> None:
    since = row.get("supplement_waiting_since")
    if since is not None:
        row["supplement_seconds"] = (row.get("supplement_seconds") or 0) + int((at - since).total_seconds())
        row["supplement_waiting_since"] = None


def _payment_requested(row: Row, content: Mapping[str, Any], _: datetime) -> None:
    if (content.get("amount") or 0) > 0:
        row["fee_bearing"] = row["has_fee_data"] = True


def _fee_recorded(row: Row, content: Mapping[str, Any], at: datetime) -> None:
    _payment_requested(row, content, at)
    row["payment_place"] = PLACES.get(str(content.get("place")), 0)


def _handed_over(row: Row, _: Mapping[str, Any], at: datetime) -> None:
    row["returned_at"] = at


def _end(row: Row, event: Event, at: datetime) -> None:
    _close_supplement(row, at)
    row[ENDS[event.kind]] = at
    if event.kind == "DossierResolved":
        row["has_result_file"] = bool(event.content.get("has_file"))


_FOLDS: Mapping[str, Callable[[Row, Mapping[str, Any], datetime], None]] = {
    "DossierSubmitted": _submitted,
    "DossierReceived": _received,
    "DossierTaken": _officer,
    "DossierAssigned": _officer,
    "SupplementRequested": _supplement_requested,
    "SupplementReceived": _supplement_received,
    "PaymentRequested": _payment_requested,
    "FeeRecorded": _fee_recorded,
    "ResultHandedOver": _handed_over,
}


def moment(text: str | None) -> datetime | None:
    """Return a moment written in an event as Vietnamese wall-clock time."""
    return local(datetime.fromisoformat(text)) if text else None


def stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row as JSON keeps it."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def read(kept: Mapping[str, Any]) -> Row:
    """Return the row from what JSON keeps."""
    return {
        name: datetime.fromisoformat(value) if name in MOMENTS and value is not None else value
        for name, value in kept.items()
    }


@dataclass(frozen=True, slots=True)
class Share:
    """What a dossier adds to the figures: where, when, which flags, from when an open one is late, why it loses."""

    unit_code: str
    procedure_code: str
    received_on: date | None
    ended_on: date | None
    flags: int
    open_due_at: datetime | None
    officer_code: str
    reasons: int


def share(row: Mapping[str, Any], *, options: FactOptions) -> Share:
    """Return what the dossier adds, everything told of it taken as known."""
    fact = fold.facts(row, on=_EVER, options=options)
    values = {name: getattr(fact, name) for name in _COUNTED_BY}
    values["is_online_late"] = fact.is_online and fact.is_late
    values["is_unsatisfied"] = fact.is_late or fact.is_complained
    is_pending = fact.closed_at is None and fact.due_at is not None and not fact.is_always_late
    received_on = fact.received_at.date() if fact.received_at else None
    return Share(
        unit_code=row.get("unit_code") or "",
        procedure_code=row.get("procedure_code") or "",
        received_on=received_on,
        # Ended before it was received is ended on the day of receipt, as the profile counts.
        ended_on=max(fact.ended_at.date(), received_on) if fact.ended_at and received_on else None,
        flags=sum(1 << bit for bit, name in enumerate(FLAGS) if values[name]),
        open_due_at=fact.due_at.replace(tzinfo=VIETNAM) if is_pending and received_on and fact.due_at else None,
        officer_code=row.get("officer_code") or "",
        reasons=losing_marks.reason_set(fact, options=options),
    )
