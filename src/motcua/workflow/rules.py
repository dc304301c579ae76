"""May this act happen now? Allowed with the state that follows, or refused with the reason and the law."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Never

from motcua.kernel.citation import Citation
from motcua.kernel.errors import UserError
from motcua.workflow.demands import DEMANDS, ActFacts
from motcua.workflow.rulebook import Act, Rulebook
from motcua.workflow.states import PortalState


class Mark(StrEnum):
    """What an allowed act must be remembered for, because it costs points or trust."""

    REPEATED_SUPPLEMENT = "repeated_supplement"
    """Asked for a supplement again: the portal counts the dossier as overdue."""
    APOLOGY_AFTER_DUE = "apology_after_due"
    """Extended only after the promised moment had passed."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The act may happen; the dossier is then in ``local_state``, on the portal in ``state``."""

    act: Act
    local_state: str
    state: PortalState
    marks: frozenset[Mark] = frozenset()

    def or_raise(self) -> "Allowed":
        """Return itself, so that an action reads ``decide(...).or_raise()``."""
        return self


@dataclass(frozen=True, slots=True)
class Refused:
    """The act may not happen: why, as a Vietnamese sentence for the person who tried, and the law behind it."""

    why: str
    law: Citation

    def or_raise(self) -> Never:
        """Raise the refusal as an error the person can act on.

        Raises:
            UserError: always; ``where`` names the law.
        """
        raise UserError(self.why, remedy="Hãy kiểm tra lại rồi thực hiện.", where=str(self.law))


def decide(
    act: str, *, rulebook: Rulebook, local_state: str | None, roles: frozenset[str], facts: ActFacts
) -> Allowed | Refused:
    """Decide one act on one dossier.

    Args:
        act: code of the act in the rulebook (an unknown code is a defect of the program: KeyError).
        rulebook: the law in force on the day of the act.
        local_state: state of the dossier; None where the act would open a new one.
        roles: what the person is to this dossier (access has already said that they may see it).
        facts: what the act comes with.
    """
    deed = rulebook.acts[act]
    following = _following(deed, local_state, facts)
    if following is None:
        return Refused(_wrong_state(deed, rulebook, local_state), deed.law)
    acting = [rulebook.roles[role] for role in deed.roles if role in roles]
    if not acting:
        names = ", ".join(rulebook.roles[role].name_vi.lower() for role in deed.roles)
        return Refused(f"«{deed.name_vi}» chỉ dành cho: {names}.", deed.law)

    # A person with several roles acts in the one of which least is demanded.
    extra = min((role.also_demands for role in acting), key=len)
    named = ("actor",) if all(role.is_staff for role in acting) else ()
    for code in (*named, *extra, *deed.demands):
        if not DEMANDS[code](facts, rulebook.bounds):
            return Refused(rulebook.demands[code].refusal_vi, rulebook.demands[code].law)
    return Allowed(deed, following, rulebook.states[following].portal, _marks(deed, rulebook, facts))


def open_acts(*, rulebook: Rulebook, local_state: str | None, roles: frozenset[str]) -> tuple[Act, ...]:
    """Return the acts to offer a person with these roles on a dossier in this state, in the order of the law file.

    Whether each may really happen depends on what it comes with: ``decide`` has the last word.
    """
    return tuple(
        act
        for act in rulebook.acts.values()
        if roles.intersection(act.roles)
        and (act.opens is not None if local_state is None else local_state in act.moves)
    )


def _following(deed: Act, local_state: str | None, facts: ActFacts) -> str | None:
    if local_state is None:
        return deed.opens
    if deed.stays_while is not None and local_state in deed.moves and getattr(facts, deed.stays_while) > 1:
        return local_state
    return deed.moves.get(local_state)


def _wrong_state(deed: Act, rulebook: Rulebook, local_state: str | None) -> str:
    if local_state is None:
        return f"Chưa có hồ sơ nên chưa thể «{deed.name_vi}»."
    state = rulebook.states[local_state]
    if local_state in deed.too_late_in:
        return deed.too_late_vi
    if rulebook.is_terminal(local_state):
        return f"Hồ sơ đã kết thúc ({state.name_vi.lower()}) nên không thể «{deed.name_vi}»."
    return f"Hồ sơ đang ở trạng thái «{state.name_vi}» nên chưa thể «{deed.name_vi}»."


def _marks(deed: Act, rulebook: Rulebook, facts: ActFacts) -> frozenset[Mark]:
    marks = set()
    if deed.code == "request_supplement" and facts.supplement_requests >= rulebook.supplement_requests.value:
        marks.add(Mark.REPEATED_SUPPLEMENT)
    if deed.code == "extend" and facts.due_at is not None and facts.at > facts.due_at:
        marks.add(Mark.APOLOGY_AFTER_DUE)
    return frozenset(marks)
