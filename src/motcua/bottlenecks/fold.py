"""One dossier, event by event: what its way through the offices shows about lost time and about what to look at.

Pure: the same events in the same order always bring the same outcomes. Moments are Vietnamese wall-clock time.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.bottlenecks.hours import Hours
from motcua.bottlenecks.types import (
    HANDLING,
    PLACES,
    WAITING,
    Arrival,
    Cause,
    Digitising,
    Ending,
    Outcome,
    Passage,
    Return,
    Sign,
    Wait,
)
from motcua.bottlenecks.watch import Watch
from motcua.eventlog.log import Event
from motcua.kernel.time import local

Told = MutableMapping[str, Any]
"""What is remembered of a dossier between two events; JSON."""

ENDS: Mapping[str, str] = {
    "DossierResolved": "resolved",
    "IntakeRefused": "refusal",
    "DossierDeclined": "decline",
    "DossierStopped": "stop",
    "DossierWithdrawn": "withdrawal",
}
"""Kinds of events that end a dossier -> how."""

UNRESOLVED = frozenset({"refusal", "decline", "stop", "withdrawal"})

_AT_DESK = frozenset({"registered", "intake_supplemented", "received", "resolved"})
# After these the due moment may stand elsewhere by the law's own clock; after any other act it may not.
_MOVES_DUE = frozenset({
    "DossierSubmitted", "DossierReceived", "SupplementRequested", "SupplementReceived", "DossierPaused",
    "DossierResumed", "PaymentRequested", "FeeRecorded", "DossierExtended",
})  # fmt: skip
_ASSIGNING = frozenset({"DossierTaken", "DossierAssigned"})


@dataclass(frozen=True, slots=True)
class _Step:
    """One event on its way through the fold."""

    told: Told
    event: Event
    at: datetime
    hours: Hours
    watch: Watch

    @property
    def content(self) -> Mapping[str, Any]:
        return self.event.content

    def moment(self, name: str) -> datetime | None:
        kept = self.told.get(name)
        return datetime.fromisoformat(kept) if kept else None


def apply(told: Told, event: Event, *, hours: Hours, watch: Watch) -> list[Outcome]:
    """Take one event of the dossier in and return what it brings to light.

    A leg of a linked dossier is a part of another one and brings nothing.
    """
    if event.kind == "LegOpened":
        told["is_leg"] = True
    if told.get("is_leg"):
        return []
    # Entered late or by a clock that runs behind: time never goes back for one dossier.
    at = max(local(event.at), datetime.fromisoformat(told["last_at"])) if "last_at" in told else local(event.at)
    told["last_at"] = at.isoformat()
    step = _Step(told, event, at, hours, watch)
    found: list[Outcome] = []
    if event.kind in {"DossierSubmitted", "DossierReceived"}:
        _learn(step)
    if event.kind in _READERS:
        found += _READERS[event.kind](step)
    found += _due_moved(step)
    if event.kind in _ASSIGNING:
        told["officer"] = event.content.get("assignee") or told.get("officer")
    found += _moved(step)
    if event.kind in ENDS:
        found += _ended(step)
    _keep_clock(step)
    return found


def _learn(step: _Step) -> None:
    told, content = step.told, step.content
    told["unit"], told["procedure"] = content.get("unit") or "", content.get("procedure") or ""
    told["desk"] = content.get("desk") or told.get("desk") or told["unit"]
    told["owner_key"] = content.get("owner_key") or told.get("owner_key") or ""
    if step.event.kind == "DossierReceived":
        told["received_at"] = step.at.isoformat()
        told["requires_result"] = bool(content.get("requires_result"))
        told["due_at"] = _local_text(content.get("due_at"))
        told["total"] = 0


def _moved(step: _Step) -> Iterator[Outcome]:
    """Follow the dossier from place to place; pauses stand between without ending a stay."""
    told, content = step.told, step.content
    place = content.get("local_state")
    if place is None:
        return
    order = (content.get("clock") or {}).get("step")
    if told.get("waiting", {}).get("place", place) != place:
        waiting = told.pop("waiting")
        began = datetime.fromisoformat(waiting["since"])
        yield Wait(waiting["place"], waiting["ground"], began, step.at, step.hours.between(began, step.at))
    if place in WAITING:
        _stand(step, place)
        return
    here = told.get("place")
    if here is not None and (place != here or (order is not None and order != told.get("step"))):
        yield _left(step)
        here = None
    if here is None and place in PLACES:
        told["place"], told["step"] = place, order
        told["entered_at"] = told["since"] = step.at.isoformat()
        told["worked"] = 0
        told["at_unit"] = told.get("desk") if place in _AT_DESK else content.get("unit") or _unit(told)
    elif here is not None and told.get("since") is None:
        told["since"] = step.at.isoformat()


def _unit(told: Told) -> str:
    was = told.get("at_unit")
    return str(was if was and was != told.get("desk") else told.get("unit") or "")


def _stand(step: _Step, place: str) -> None:
    """The clock stops: what has been worked so far is kept, the stay goes on afterwards."""
    told = step.told
    since = step.moment("since")
    if since is not None:
        told["worked"] = told.get("worked", 0) + step.hours.between(since, step.at)
        told["since"] = None
    if "waiting" not in told:
        ground = step.content.get("ground") or place
        told["waiting"] = {"place": place, "ground": ground, "since": step.at.isoformat()}


def _left(step: _Step) -> Passage:
    """End the stay in the present place."""
    told, hours = step.told, step.hours
    place, entered = told["place"], datetime.fromisoformat(told["entered_at"])
    since = step.moment("since")
    worked = told.get("worked", 0) + (hours.between(since, step.at) if since is not None else 0)
    limit = limit_of(told, hours=hours)
    lost = min(worked, over(told, limit=limit, at=step.at, hours=hours, watch=step.watch))
    if place in HANDLING and "received_at" in told:
        told["total"] = told.get("total", 0) + worked
    officer = told.get("officer") if place == "in_progress" else step.event.by
    order = told.get("step") if told.get("step_due_at") else None
    for name in ("place", "step", "entered_at", "since"):
        told.pop(name, None)
    return Passage(
        place=place,
        step=order,
        unit=told.get("at_unit") or told.get("unit") or "",
        officer=officer or step.event.by,
        entered_at=entered,
        left_at=step.at,
        worked=worked,
        limit_at=limit,
        lost=lost,
    )


def limit_of(told: Mapping[str, Any], *, hours: Hours) -> datetime | None:
    """Return until when the dossier's present stay may last; None where nothing limits it.

    A dossier just received must be forwarded the same day, or early on the next working day when it came late; a step
    of the internal workflow has its own due moment; any other place of the office lasts at most to the dossier's.
    """
    place = told.get("place")
    if place == "received":
        return hours.until_close(datetime.fromisoformat(told["entered_at"]))
    if place not in HANDLING:
        return None
    kept = told.get("step_due_at") or told.get("due_at")
    return datetime.fromisoformat(kept) if kept else None


def over(told: Mapping[str, Any], *, limit: datetime | None, at: datetime, hours: Hours, watch: Watch) -> int:
    """Return the working seconds by which the present stay has gone over its limit at the moment."""
    if limit is None:
        return 0
    beyond = hours.between(limit, at)
    if told.get("place") == "received":
        entered = datetime.fromisoformat(told["entered_at"])
        # Also for what was taken in after closing time or on a day off: its first working hours are the next day's.
        is_late_in_day = entered.hour >= watch.same_day_until_hour or hours.between(entered, limit) == 0
        beyond = max(0, beyond - (60 * watch.next_day_minutes if is_late_in_day else 0))
    return beyond


def _ended(step: _Step) -> Iterator[Outcome]:
    told = step.told
    how = ENDS[step.event.kind]
    due = step.moment("due_at")
    left = step.hours.between(step.at, due) if due is not None and step.at <= due else None
    is_near = how == "resolved" and left is not None and left <= 60 * step.watch.level("CLUSTERED", "minutes")
    told["ended_at"], told["ended_how"] = step.at.isoformat(), how
    if "received_at" in told:
        yield Ending(
            how=how,
            at=step.at,
            worked=told.get("total", 0),
            lost=step.hours.between(due, step.at) if due is not None else 0,
            is_promised=due is not None,
            is_near=is_near,
            by=step.event.by,
        )


def _due_moved(step: _Step) -> Iterator[Outcome]:
    """See a due moment that stands elsewhere although nothing happened that may move it."""
    clock = step.content.get("clock")
    before, after = step.moment("due_at"), _local_text((clock or {}).get("due_at"))
    if before is None or after is None or step.event.kind in _MOVES_DUE or "ended_at" in step.told:
        return
    if datetime.fromisoformat(after) != before:
        yield _sign(step, "DUE_MOVED", how="unexplained", before=before.isoformat(), after=after)


def _keep_clock(step: _Step) -> None:
    clock = step.content.get("clock")
    if clock is None:
        return
    step.told["due_at"] = _local_text(clock.get("due_at")) or step.told.get("due_at")
    step.told["step_due_at"] = _local_text(clock.get("step_due_at"))


def _local_text(text: str | None) -> str | None:
    return local(datetime.fromisoformat(text)).isoformat() if text else None


def _sign(step: _Step, monitor: str, **seen: Any) -> Sign:
    return Sign(monitor, step.at, step.event.by, seen)


def _received(step: _Step) -> Iterator[Outcome]:
    yield Arrival(step.at, step.told.get("owner_key", ""))
    yield Digitising("component", step.at, bool(step.content.get("has_component_file")), step.event.by)


def _supplement(step: _Step) -> Iterator[Outcome]:
    if "received_at" not in step.told:
        yield _cause(step, "intake_supplement")
        return
    yield _cause(step, "supplement")
    times = step.told["requests"] = step.told.get("requests", 0) + 1
    if times >= step.watch.level("ASKED_AGAIN", "times"):
        yield _sign(step, "ASKED_AGAIN", times=times)


def _paused(step: _Step) -> Iterator[Outcome]:
    due = step.moment("due_at")
    if due is None or step.at > due:
        return
    left = step.hours.between(step.at, due)
    if left <= 60 * step.watch.level("PAUSED_LATE", "minutes"):
        yield _sign(step, "PAUSED_LATE", left=left, ground=str(step.content.get("ground") or ""))


def _extended(step: _Step) -> Iterator[Outcome]:
    before, after = (_local_text(step.content.get(name)) for name in ("due_before", "due_after"))
    if before is None or after is None:
        return
    due = datetime.fromisoformat(before)
    left = step.hours.between(step.at, due) if step.at <= due else -step.hours.between(due, step.at)
    if left <= 60 * step.watch.level("DUE_MOVED", "minutes"):
        yield _sign(step, "DUE_MOVED", how="extended", before=before, after=after, left=left)


def _signed(step: _Step) -> Iterator[Outcome]:
    step.told["is_signed"] = True
    yield from ()


def _resolved(step: _Step) -> Iterator[Outcome]:
    if step.told.get("requires_result"):
        yield Digitising("result", step.at, bool(step.content.get("has_file")), step.event.by)
    yield from _unsigned(step)


def _unsigned(step: _Step) -> Iterator[Outcome]:
    if not step.told.get("is_signed") and "received_at" in step.told:
        # Told once: handing over what was issued unsigned is the same thing.
        step.told["is_signed"] = True
        yield _sign(step, "HANDED_UNSIGNED", act=step.event.kind)


def _returned(step: _Step) -> Iterator[Outcome]:
    number = step.told["returns"] = step.told.get("returns", 0) + 1
    step.told["is_signed"] = False
    yield Return(step.at, step.event.by, number)


def _paid(step: _Step) -> Iterator[Outcome]:
    if step.content.get("record") == "none":
        yield _sign(
            step, "FEE_UNBACKED", amount=step.content.get("amount") or 0, place=str(step.content.get("place") or "")
        )


def _cause(step: _Step, kind: str) -> Cause:
    content = step.content
    return Cause(
        kind,
        step.at,
        tuple(content.get("components") or ()),
        int(content.get("others") or 0),
        tuple(content.get("basis") or ()),
        step.event.by,
    )


def _told_no(step: _Step) -> Iterator[Outcome]:
    yield _cause(step, ENDS[step.event.kind])


_READERS: Mapping[str, Callable[[_Step], Iterator[Outcome]]] = {
    "DossierReceived": _received,
    "SupplementRequested": _supplement,
    "DossierPaused": _paused,
    "DossierExtended": _extended,
    "ResultApproved": _signed,
    "DossierResolved": _resolved,
    "ResultHandedOver": _unsigned,
    "DossierSentBack": _returned,
    "StepReturned": _returned,
    "FeeRecorded": _paid,
    "IntakeRefused": _told_no,
    "DossierDeclined": _told_no,
    "DossierStopped": _told_no,
    "DossierWithdrawn": _told_no,
}
