"""Walking a law file: every value has a citation beside or above it, every text is NFC."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from motcua.kernel.citation import Certainty

# What names or orders a thing is not a value of the law.
_LABELS = frozenset(
    ("code", "set", "variant", "name_vi", "number", "year", "effective_from", "effective_to", "status", "note_vi")
)


def is_citation(name: str) -> bool:
    """Tell whether a key holds a citation."""
    return name == "citation" or name.endswith("_citation") or name == "legal_basis"


def citation_faults(content: Mapping[str, Any], documents: Collection[str]) -> Iterator[tuple[str, str]]:
    """Go through the citations that are malformed or name an unknown document: (place, fault)."""
    for place, name, value in _entries(content, ""):
        if not is_citation(name):
            continue
        if not isinstance(value, Mapping):
            yield place, "căn cứ không phải bảng { document, where, certainty }."
            continue
        document, certainty = value.get("document"), value.get("certainty")
        if document not in documents:
            yield place, f"căn cứ nêu văn bản «{document}» không có trong documents.toml."
        if certainty not in set(Certainty):
            yield place, f"mức chắc chắn «{certainty}» không phải found, derived hay recalled."
        if not isinstance(value.get("where"), str):
            yield place, "căn cứ không nói ở chỗ nào (where)."


def uncited(content: Mapping[str, Any]) -> Iterator[str]:
    """Go through the places of values that have no citation beside them nor in any table around them."""
    yield from _uncited(content, "", is_covered=False)


def _uncited(table: Mapping[str, Any], place: str, *, is_covered: bool) -> Iterator[str]:
    covered = is_covered or any(is_citation(name) for name in table)
    for name, value in table.items():
        if is_citation(name) or (name in _LABELS and not isinstance(value, Mapping)):
            continue
        here = f"{place}.{name}" if place else name
        if isinstance(value, Mapping):
            yield from _uncited(value, here, is_covered=covered or f"{name}_citation" in table)
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            for number, one in enumerate(value, start=1):
                yield from _uncited(one, f"{here}[{one.get('code', number)}]", is_covered=covered)
        elif not covered and not name.endswith("_vi"):
            yield here


def not_nfc(content: Mapping[str, Any]) -> Iterator[str]:
    """Go through the places of texts, and of names, that are not in NFC."""
    for place, name, value in _entries(content, ""):
        if not unicodedata.is_normalized("NFC", name) or (
            isinstance(value, str) and not unicodedata.is_normalized("NFC", value)
        ):
            yield place


def _entries(value: object, place: str) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            here = f"{place}.{name}" if place else str(name)
            yield here, str(name), inner
            yield from _entries(inner, here)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            here = f"{place}[{inner.get('code', number) if isinstance(inner, Mapping) else number}]"
            if not isinstance(inner, Mapping):
                yield here, "", inner
            yield from _entries(inner, here)
