"""What the law says of a form: title, number, paper, fields; chosen by the day the form is issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from motcua.forms.content import FORMS, Content
from motcua.kernel import lawfiles
from motcua.kernel.citation import Citation


class Paper(StrEnum):
    """Khổ giấy."""

    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLaw:
    """One version of one form. ``parts`` are the blocks of its body in order, as the law file has them."""

    form: str
    number: str
    title_vi: str
    effective_from: date
    law: Citation
    paper: Paper
    is_landscape: bool
    number_pattern: str
    has_codes: bool
    parts: tuple[Mapping[str, Any], ...]

    @property
    def mark_vi(self) -> str:
        """What stands in the corner: which form of which circular."""
        return f"Mẫu số {self.number} – Thông tư {self.law.document}"


def form_on(law: Path, content: Content) -> FormLaw:
    """Return the version of the content's form in force on the day it is issued.

    Raises:
        UserError: no version was in force (a stop notice before 15/9/2025, anything before the first circular).
    """
    return read_form(lawfiles.version_on(law / "forms" / FORMS[type(content)], content.issued_on))


def read_form(path: Path) -> FormLaw:
    """Return the form of one law file."""
    raw = lawfiles.read(path)
    return FormLaw(
        form=raw["form"],
        number=raw["number"],
        title_vi=raw["title_vi"],
        effective_from=raw["effective_from"],
        law=lawfiles.citation(raw["citation"]),
        paper=Paper(raw["page"]["paper"]),
        is_landscape=raw["page"]["orientation"] == "landscape",
        number_pattern=raw.get("numbering", {}).get("pattern", ""),
        has_codes=raw["layout"]["has_codes"],
        parts=tuple(raw["part"]),
    )
