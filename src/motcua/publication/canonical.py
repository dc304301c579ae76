"""One way to write a document as bytes, so that the same figures are the same file for ever."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from motcua.reports import figures


def encoded(document: Mapping[str, Any]) -> bytes:
    """Return JSON in UTF-8 and NFC: keys sorted, no spaces, one line with its end.

    Fractions are not allowed as such: whoever builds the document writes them with ``decimal``, to a stated number of
    decimals, because a float would depend on the machine.

    Raises:
        TypeError: a value is a float or another thing that has no one way to be written.
    """
    _refuse_floats(document)
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_text)
    return unicodedata.normalize("NFC", text).encode() + b"\n"


def decimal(value: Fraction | None, *, decimals: int) -> str | None:
    """Return the number with exactly so many decimals, halves upwards; None stays None."""
    return None if value is None else str(figures.rounded(value, decimals=decimals))


def sha256(content: bytes) -> str:
    """Return the digest by which a file is named and found."""
    return hashlib.sha256(content).hexdigest()


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be frozen")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a float cannot be frozen")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
