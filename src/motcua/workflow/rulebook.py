"""The rulebook of a dossier's life: states, roles, acts and demands, read from ``law/workflow`` and checked whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from motcua.kernel import lawfiles
from motcua.kernel.citation import Citation
from motcua.kernel.errors import Problem, UserError
from motcua.workflow.demands import DEMANDS, Bounds
from motcua.workflow.states import PortalState


@dataclass(frozen=True, slots=True)
class LocalState:
    """Trạng thái nội bộ: finer than the portal's, always mapped to one of the ten."""

    code: str
    name_vi: str
    portal: PortalState
    waits_for_applicant: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """Vai trò. ``decides``: may take a decision of the agency; ``staff``: acts for it and must be named with title."""

    code: str
    name_vi: str
    is_staff: bool
    decides: bool
    also_demands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """What an act must come with, the Vietnamese sentence said when it is missing, and the law behind it."""

    code: str
    refusal_vi: str
    law: Citation


@dataclass(frozen=True, slots=True)
class PauseGround:
    """Lý do tạm dừng."""

    code: str
    name_vi: str
    law: Citation


@dataclass(frozen=True, slots=True)
class Act:
    """Hành động: from which state to which, who may do it, what it demands, which form it prints.

    ``opens`` is the state of a new dossier where the act may start one. ``stays_while`` names the count of open
    questions; while more than one is open the answer leaves the dossier waiting.
    """

    code: str
    name_vi: str
    moves: Mapping[str, str]
    roles: tuple[str, ...]
    demands: tuple[str, ...]
    law: Citation
    opens: str | None = None
    stays_while: str | None = None
    is_decision: bool = False
    form: str | None = None
    too_late_in: frozenset[str] = frozenset()
    too_late_vi: str = ""
    """What to say where the dossier has gone too far for the act."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A number the law sets on repeated acts."""

    value: int
    law: Citation


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything one workflow law file says, checked to be closed: no act leads to a state that does not exist."""

    code: str
    name_vi: str
    effective_from: date
    law: Citation
    states: Mapping[str, LocalState]
    portal_names: Mapping[PortalState, str]
    portal_order: Mapping[PortalState, frozenset[PortalState]]
    roles: Mapping[str, Role]
    demands: Mapping[str, Demand]
    pause_grounds: Mapping[str, PauseGround]
    acts: Mapping[str, Act]
    extensions: Limit
    supplement_requests: Limit

    def is_terminal(self, state: str) -> bool:
        """Tell whether the dossier has ended there (refused, stopped, handed over): nothing can follow."""
        return not self.portal_order[self.states[state].portal]

    @property
    def bounds(self) -> Bounds:
        """What acts may name or repeat."""
        return Bounds(pause_grounds=frozenset(self.pause_grounds), extensions=self.extensions.value)


def rulebook_on(law: Path, day: date, *, code: str = "one_stop") -> Rulebook:
    """Return the rulebook in force on the day; ``law`` is the folder of the law files."""
    return read_rulebook(lawfiles.version_on(law / "workflow" / code, day))


def read_rulebook(path: Path) -> Rulebook:
    """Return the rulebook of one law file.

    Raises:
        UserError: the file contradicts itself; every fault is listed.
    """
    raw = lawfiles.read(path)
    book = Rulebook(
        code=raw["code"],
        name_vi=raw["name_vi"],
        effective_from=raw["effective_from"],
        law=lawfiles.citation(raw["citation"]),
        states={
            row["code"]: LocalState(
                code=row["code"],
                name_vi=row["name_vi"],
                portal=PortalState(row["portal"]),
                waits_for_applicant=row.get("waits_for_applicant", False),
            )
            for row in raw["state"]
        },
        portal_names={PortalState(row["code"]): row["name_vi"] for row in raw["portal_state"]},
        portal_order={
            PortalState(row["code"]): frozenset(PortalState(code) for code in row["next"])
            for row in raw["portal_state"]
        },
        roles={
            row["code"]: Role(
                code=row["code"],
                name_vi=row["name_vi"],
                is_staff=row["staff"],
                decides=row["decides"],
                also_demands=tuple(row.get("also_demands", ())),
            )
            for row in raw["role"]
        },
        demands={
            row["code"]: Demand(code=row["code"], refusal_vi=row["refusal_vi"], law=lawfiles.citation(row["citation"]))
            for row in raw["demand"]
        },
        pause_grounds={
            row["code"]: PauseGround(code=row["code"], name_vi=row["name_vi"], law=lawfiles.citation(row["citation"]))
            for row in raw["pause_ground"]
        },
        acts={row["code"]: _act(row) for row in raw["act"]},
        extensions=_limit(raw["limits"]["extensions"]),
        supplement_requests=_limit(raw["limits"]["supplement_requests"]),
    )
    problems = tuple(Problem(where=path.name, what=what, remedy="Hãy sửa tệp luật.") for what in faults(book))
    if problems:
        raise UserError(
            "Tệp quy trình tự mâu thuẫn.", remedy="Xem từng lỗi dưới đây.", where=str(path), problems=problems
        )
    return book


def faults(book: Rulebook) -> list[str]:
    """Return, in Vietnamese, everything in the rulebook that does not hold together."""
    found = [f"Thiếu tên trạng thái {state} của Cổng." for state in PortalState if state not in book.portal_names]
    if set(book.demands) != set(DEMANDS):
        found.append(f"Điều kiện và phép kiểm không khớp: {sorted(set(book.demands) ^ set(DEMANDS))}.")
    for act in book.acts.values():
        found += _act_faults(act, book)
    return found


def _act_faults(act: Act, book: Rulebook) -> list[str]:
    ends = {state for state in (*act.moves, *act.moves.values(), *act.too_late_in, act.opens) if state is not None}
    unknown = sorted(
        {*(ends - set(book.states)), *(set(act.roles) - set(book.roles)), *(set(act.demands) - set(book.demands))}
    )
    if unknown:
        return [f"Hành động «{act.code}» nhắc đến {', '.join(unknown)} chưa định nghĩa."]
    found = [
        f"Hành động «{act.code}» đưa hồ sơ từ «{start}» sang «{end}», trái thứ tự trạng thái của Cổng."
        for start, end in act.moves.items()
        if book.states[start].portal != book.states[end].portal
        and book.states[end].portal not in book.portal_order[book.states[start].portal]
    ]
    found += [
        f"Hành động «{act.code}» đưa hồ sơ ra khỏi trạng thái kết thúc «{start}»."
        for start, end in act.moves.items()
        if start != end and book.is_terminal(start)
    ]
    if act.is_decision:
        found += [
            f"Vai trò «{role}» không có quyền quyết định nhưng được giao «{act.code}»."
            for role in act.roles
            if not book.roles[role].decides
        ]
    return found


def _act(row: Mapping[str, Any]) -> Act:
    return Act(
        code=row["code"],
        name_vi=row["name_vi"],
        moves={**{state: state for state in row.get("stays_in", ())}, **row.get("moves", {})},
        roles=tuple(row["roles"]),
        demands=tuple(row["demands"]),
        law=lawfiles.citation(row["citation"]),
        opens=row.get("opens"),
        stays_while=row.get("stays_while"),
        is_decision=row.get("decides", False),
        form=row.get("form"),
        too_late_in=frozenset(row.get("too_late_in", ())),
        too_late_vi=row.get("too_late_vi", ""),
    )


def _limit(table: Mapping[str, Any]) -> Limit:
    return Limit(value=table["value"], law=lawfiles.citation(table["citation"]))
