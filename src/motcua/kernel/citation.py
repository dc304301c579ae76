"""Where a value of the law stands, and how sure we are of it."""

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How a fact of the law was established."""

    FOUND = "found"
    """Read in the text or in the figures the portal publishes."""
    DERIVED = "derived"
    """Computed or inferred from what was found."""
    RECALLED = "recalled"
    """General knowledge, not verified against the text."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Căn cứ: the document (its key in ``law/documents.toml``), the place in it, and how sure we are."""

    document: str
    where: str
    certainty: Certainty

    def __str__(self) -> str:
        """Read as a jurist cites: place first, then the document."""
        return f"{self.where}, {self.document}" if self.where else self.document
