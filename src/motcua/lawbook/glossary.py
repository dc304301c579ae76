"""Bảng thuật ngữ: one identifier for one legal term, and the words not to use."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from motcua.lawbook import files
from motcua.lawbook.reading import Table


@dataclass(frozen=True, slots=True)
class Term:
    """Thuật ngữ: ``identifier`` in code, ``term_vi`` in law; ``avoid`` are words that must not stand for it."""

    identifier: str
    term_vi: str
    definition_vi: str
    avoid: tuple[str, ...]


def read(path: Path) -> Mapping[str, Term]:
    """Return every term by its identifier.

    Raises:
        LawFileError: an identifier stands twice, or one term forbids another's identifier.
    """
    top = Table(path, "", files.read(path))
    top.only("term")
    terms: dict[str, Term] = {}
    for table in top.tables("term", named_by="identifier"):
        table.only("identifier", "term_vi", "definition_vi", "not")
        term = Term(
            identifier=table.text("identifier"),
            term_vi=table.text("term_vi"),
            definition_vi=table.text("definition_vi"),
            avoid=table.texts("not"),
        )
        if term.identifier in terms:
            table.fail("định danh có hai lần.", "Hãy gộp thành một.")
        terms[term.identifier] = term
    for term in terms.values():
        for word in term.avoid:
            if word in terms:
                top.fail(
                    f"[[term]] {term.identifier}: cấm từ «{word}» nhưng chính từ đó là một định danh.",
                    "Hãy bỏ khỏi not hoặc đổi định danh kia.",
                )
    return MappingProxyType(terms)
