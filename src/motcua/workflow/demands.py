"""What the law demands of an act, as predicates over what the act comes with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFacts:
    """What an act comes with and what is already true of the dossier. Moments are Vietnamese wall-clock time.

    Empty text, None and 0 mean: not given. Amounts are in đồng.
    """

    at: datetime
    """When the act happens."""
    actor_name: str = ""
    actor_title: str = ""
    supervisor_name: str = ""
    """Official answering for a postal clerk."""
    is_complete: bool = False
    """Every component that the procedure's case asks for is there."""
    due_at: datetime | None = None
    """The due moment promised so far (on receipt: the one being promised)."""
    new_due_at: datetime | None = None
    missing_papers: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    reason: str = ""
    legal_basis: str = ""
    pause_ground: str = ""
    apology: str = ""
    """Number or text of the apology letter."""
    approver_name: str = ""
    assignee: str = ""
    receiving_unit: str = ""
    question: str = ""
    opinion: str = ""
    amount: int = 0
    receipt: str = ""
    outstanding_fees: int = 0
    step: str = ""
    passed_steps: tuple[str, ...] = ()
    draft: str = ""
    result: str = ""
    recipient_name: str = ""
    handed_over_by: str = ""
    """Channel of hand-over: direct, postal, online."""
    supplement_requests: int = 0
    extensions: int = 0
    open_opinions: int = 0
    open_referrals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the law file allows an act to name or repeat."""

    pause_grounds: frozenset[str]
    extensions: int


def _due_moment(facts: ActFacts, _: Bounds) -> bool:
    return facts.due_at is not None and facts.due_at > facts.at


def _later_due(facts: ActFacts, _: Bounds) -> bool:
    return facts.due_at is not None and facts.new_due_at is not None and facts.new_due_at > facts.due_at


def _approval(facts: ActFacts, _: Bounds) -> bool:
    # Nobody approves a correction of their own entry.
    return bool(facts.approver_name.strip()) and facts.approver_name.strip() != facts.actor_name.strip()


def _any_named(names: tuple[str, ...]) -> bool:
    return any(name.strip() for name in names)


DEMANDS: Mapping[str, Callable[[ActFacts, Bounds], bool]] = {
    "actor": lambda facts, _: bool(facts.actor_name.strip() and facts.actor_title.strip()),
    "supervisor": lambda facts, _: bool(facts.supervisor_name.strip()),
    "complete_components": lambda facts, _: facts.is_complete,
    "due_moment": _due_moment,
    "missing_paper": lambda facts, _: _any_named(facts.missing_papers),
    "legal_basis": lambda facts, _: bool(facts.legal_basis.strip()),
    "reason": lambda facts, _: bool(facts.reason.strip()),
    "pause_ground": lambda facts, bounds: facts.pause_ground in bounds.pause_grounds,
    "later_due": _later_due,
    "apology": lambda facts, _: bool(facts.apology.strip()),
    "extension_left": lambda facts, bounds: facts.extensions < bounds.extensions,
    "approval": _approval,
    "assignee": lambda facts, _: bool(facts.assignee.strip()),
    "receiving_unit": lambda facts, _: bool(facts.receiving_unit.strip()),
    "question": lambda facts, _: bool(facts.question.strip()),
    "opinion": lambda facts, _: bool(facts.opinion.strip()),
    "open_question": lambda facts, _: facts.open_opinions > 0,
    "open_referral": lambda facts, _: facts.open_referrals > 0,
    "papers": lambda facts, _: _any_named(facts.papers),
    "amount": lambda facts, _: facts.amount > 0,
    "receipt": lambda facts, _: bool(facts.receipt.strip()),
    "earlier_step": lambda facts, _: facts.step in facts.passed_steps,
    "draft": lambda facts, _: bool(facts.draft.strip()),
    "result": lambda facts, _: bool(facts.result.strip()),
    "fees_settled": lambda facts, _: facts.outstanding_fees == 0,
    "recipient": lambda facts, _: bool(facts.recipient_name.strip() and facts.handed_over_by.strip()),
}
"""Demand code of the law file -> whether the act satisfies it."""
