"""Why a dossier loses at each indicator, as bits: the twin of ``facts.listing`` for one dossier, kept beside its row.

Dossiers with the same bits lose the same points, so that the ledger orders a few hundred sets of bits and not a million
dossiers. Being open past the due moment is no bit of the row: it comes with the hour, and is added on reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.facts.fold import DossierFacts
from motcua.facts.options import FactOptions, UnknownDue
from motcua.facts.reasons import REASONS, Reason
from motcua.lawbook.indicator_sets import Indicator

BITS = (
    "late_finish", "late_waiting_supplement", "repeated_supplement", "officer_unnamed", "due_unknown", "not_online",
    "online_without_result", "not_synced", "no_result_file", "no_result_due", "no_component_file", "no_reuse",
    "not_shared", "no_population_data", "no_fee_due", "fee_unpaid", "not_paid_online", "disliked", "petitioned",
    "late_open",
)  # fmt: skip
"""Codes of ``facts.reasons.REASONS`` by their bit; a new one goes to the end, so that stored bits keep their sense."""

_DOSSIERS, _HANDLED = "dossiers.", "handled"


def mask(*codes: str) -> int:
    """Return the bits of the reasons."""
    return sum(1 << BITS.index(code) for code in codes)


LATE_OPEN = mask("late_open")
_LATE = mask(
    "late_finish", "late_waiting_supplement", "repeated_supplement", "officer_unnamed", "due_unknown", "late_open"
)
LASTING = mask(*(code for code in BITS if not REASONS[code].is_repairable))
"""Reasons that no honest correction takes away any more."""

_BITS_OF: Mapping[str, int] = {
    "on_time": _LATE,
    "satisfied": _LATE | mask("disliked", "petitioned"),
    "online": mask("not_online"),
    "online_counted": mask("not_online", "online_without_result"),
    "online_on_time": _LATE | mask("not_online"),
    "synced": mask("not_synced"),
    "electronic_result": mask("no_result_file", "no_result_due"),
    "digitised": mask("no_component_file", "no_result_file"),
    "reused": mask("no_reuse"),
    "shared": mask("not_shared"),
    "population_data": mask("no_population_data"),
    "paid_online": mask("no_fee_due", "fee_unpaid", "not_paid_online"),
}
"""What a numerator counts -> the reasons for which it misses a dossier."""

_NOT_IN: Mapping[str, int] = {"fee_due": mask("no_fee_due"), "result_required": mask("no_result_due")}
"""A denominator that is smaller than all dossiers -> the reason that says a dossier is not in it."""
_WHOLE = frozenset({"received", _HANDLED})


def reason_set(fact: DossierFacts, *, options: FactOptions) -> int:
    """Return the bits of every reason that holds for the dossier whatever the hour."""
    is_past_due = fact.closed_at is not None and fact.due_at is not None and fact.closed_at > fact.due_at
    lacks_result = fact.is_result_required and not fact.has_result_file
    is_paying_late = fact.is_fee_due and fact.is_fee_unpaid
    held = {
        "late_finish": is_past_due and fact.ended_at is not None,
        "late_waiting_supplement": is_past_due and fact.ended_at is None,
        "repeated_supplement": options.late_if_repeated_supplement and fact.is_supplement_repeated,
        "officer_unnamed": options.late_if_officer_unnamed and fact.is_officer_unnamed,
        "due_unknown": options.unknown_due is UnknownDue.LATE and fact.is_due_unknown,
        "not_online": not fact.is_online,
        "online_without_result": fact.is_online and not fact.is_online_counted,
        "not_synced": not fact.is_synced,
        "no_result_file": lacks_result,
        "no_result_due": not fact.is_result_required,
        "no_component_file": not fact.has_component_file,
        "no_reuse": not fact.is_reused,
        "not_shared": not fact.is_shared,
        "no_population_data": not fact.has_population_data,
        "no_fee_due": not fact.is_fee_due,
        "fee_unpaid": is_paying_late,
        "not_paid_online": fact.is_fee_due and not fact.is_fee_unpaid and not fact.is_paid_online,
        "disliked": fact.is_disliked,
        "petitioned": fact.has_petition,
    }
    return mask(*(code for code, is_held in held.items() if is_held))


@dataclass(frozen=True, slots=True)
class LostBy:
    """Cách một chỉ số để mất hồ sơ: which dossiers its denominator counts and its numerator misses, in bits."""

    indicator: str
    bits: int
    """Reasons of the indicator."""
    outside: int
    """Reasons that keep a dossier out of the denominator."""
    is_handled: bool
    """Whether dossiers carried into the period count too, or those received in it only."""

    def loses(self, reasons: int) -> bool:
        """Tell whether a dossier with these reasons is lost; carried ones only where ``is_handled``."""
        return bool(reasons & self.bits) and not reasons & self.outside

    def of(self, reasons: int) -> int:
        """Return those of the dossier's reasons that concern this indicator."""
        return reasons & self.bits

    def is_repairable(self, reasons: int) -> bool:
        """Tell whether an honest correction now would win the mark back: nothing that lasts stands against it."""
        return not reasons & self.bits & LASTING


def of_indicator(indicator: Indicator) -> LostBy | None:
    """Return how the indicator loses dossiers; None where it counts something else, or dossiers in another way."""
    numerator = _bare(indicator.numerator)
    denominator = next((_bare(name) for name in indicator.denominator if name.startswith(_DOSSIERS)), None)
    if denominator is None or numerator not in _BITS_OF or denominator not in _WHOLE | set(_NOT_IN):
        return None
    is_handled = any(name.startswith(f"{_DOSSIERS}{_HANDLED}") for name in indicator.denominator)
    outside = _NOT_IN.get(denominator, 0)
    return LostBy(indicator.code, _BITS_OF[numerator] & ~outside, outside, is_handled)


def reasons(chosen: int) -> tuple[Reason, ...]:
    """Return the reasons of the bits."""
    return tuple(REASONS[code] for bit, code in enumerate(BITS) if chosen >> bit & 1)


def _bare(measure: str | None) -> str:
    if measure is None or not measure.startswith(_DOSSIERS):
        return ""
    name = measure.removeprefix(_DOSSIERS)
    return name if name == _HANDLED else name.removeprefix(f"{_HANDLED}_")
