"""A procedure's version as plain data: what a person typed, or what the national catalogue says."""

from dataclasses import dataclass, field, fields
from datetime import date

from motcua.catalogue.types import ChannelTerm, Component, OnlineLevel


@dataclass(frozen=True, slots=True)
class ProcedureRecord:
    """Nội dung một phiên bản TTHC, before it is stored: the seven parts and what the desk needs to know."""

    code: str
    name: str
    sector: str = ""
    is_national: bool = True
    is_internal: bool = False
    levels: tuple[str, ...] = ()
    decision_number: str = ""
    signed_on: date | None = None
    received_on: date | None = None
    effective_on: date | None = None
    sequence: str = ""
    agency: str = ""
    applicant_kinds: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    requirements: str = ""
    legal_bases: tuple[str, ...] = ()
    online_level: OnlineLevel = OnlineLevel.NONE
    accepts_postal: bool = False
    is_boundary_free: bool = False
    is_one_stop: bool = True
    requires_result: bool = True
    cases: tuple[tuple[str, str], ...] = ()
    terms: tuple[ChannelTerm, ...] = ()
    components: tuple[Component, ...] = field(default_factory=tuple)


VERSION_FIELDS = tuple(
    one.name
    for one in fields(ProcedureRecord)
    if one.name not in {"code", "is_national", "is_internal", "cases", "terms", "components"}
)
"""The fields stored on the version itself; the others have tables of their own."""
