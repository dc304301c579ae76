"""Names come from the glossary, and the words it bans do not occur where they would mean a legal term."""

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

import repository
from motcua.events.streams import STREAMS
from motcua.facts import measures

TERMS = tomllib.loads((repository.ROOT / "law/glossary.toml").read_text(encoding="utf-8"))["term"]
BANNED = {word: term["identifier"] for term in TERMS for word in term.get("not", [])}

# A banned word is allowed where it means something else than the legal term it must not stand for.
OTHER_MEANINGS = {
    "application": "the command line itself",
    "case": "a line of the table that motcua clock is given",
    "citizen": "citizens as one kind of applicant",
    "field": "a field of a dataclass or payload",
    "file": "a file on disk, or one attached to a dossier",
    "metric": "an indicator's code on the portal",
    "output": "what a program writes",
    "price": "Gia, the amount of a fee in a payload",
    "return": "return_form, a code list of the law, and a step that a dossier is returned to",
    "record": "one record of a payload",
    "scan": "a lazy reading of a table",
    "service": "an online service, as against its procedure",
    "user": "whoever uses the program",
}


def words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def banned_words(name: str) -> list[str]:
    said = words(name)
    return [
        banned
        for banned in BANNED
        if banned not in OTHER_MEANINGS
        for parts in [banned.split("_")]
        if any(said[n : n + len(parts)] == parts for n in range(len(said)))
    ]


def declared(tree: ast.Module) -> Iterator[str]:
    """Go through the names of classes, functions and fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


@pytest.mark.parametrize(("name", "word"), [("HoSoReader", "ho_so"), ("business_days_left", "business_days")])
def test_a_banned_word_is_noticed(name: str, word: str) -> None:
    assert banned_words(name) == [word]


def test_no_name_uses_a_word_the_glossary_bans() -> None:
    wrong = [
        f"{repository.name(path)}: {name} ({', '.join(f'{word}: say {BANNED[word]}' for word in found)})"
        for path in repository.modules("src")
        for name in declared(repository.parsed(path))
        if (found := banned_words(name))
    ]

    assert wrong == []


def test_every_excuse_is_still_needed() -> None:
    assert set(OTHER_MEANINGS) <= set(BANNED)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=lambda stream: stream.name)
def test_every_event_opens_with_its_legal_term(stream: object) -> None:
    event = stream.event  # type: ignore[attr-defined]
    term = (event.__doc__ or "").partition(":")[0].casefold()

    assert term in {one["term_vi"].casefold() for one in TERMS}


def test_every_measure_has_its_vietnamese_name() -> None:
    assert [name for name, measure in measures.MEASURES.items() if not measure.name_vi.strip()] == []


def test_no_identifier_is_bound_twice() -> None:
    identifiers = [term["identifier"] for term in TERMS]

    assert len(identifiers) == len(set(identifiers))
