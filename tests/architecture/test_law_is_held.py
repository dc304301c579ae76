"""Every article that a rule in `law/` rests on has a test that holds the code to it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import repository

ARTICLE = re.compile(r"Điều (\d+)|chỉ số (\d\.\d)")
RULES = ("law/deadlines", "law/indicators", "law/calendar/rules")


def citations(value: Any) -> Iterator[tuple[str, str]]:
    """Go through the citations anywhere in a law file."""
    if isinstance(value, dict):
        if "document" in value and "where" in value:
            yield value["document"], value["where"]
        for inner in value.values():
            yield from citations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from citations(inner)


def articles(document: str, where: str) -> set[tuple[str, str]]:
    return {(document, found[0]) for found in ARTICLE.finditer(where)}


def cited() -> set[tuple[str, str]]:
    """Return document and article of everything that rules, indicator sets and calendars cite."""
    files = [
        path
        for path in repository.tracked()
        if path.suffix == ".toml" and any(path.is_relative_to(repository.ROOT / folder) for folder in RULES)
    ]
    return {
        article
        for path in files
        for citation in citations(tomllib.loads(path.read_text(encoding="utf-8")))
        for article in articles(*citation)
    }


def constants(tree: ast.Module) -> dict[str, str]:
    """Return the texts that the module gives a name."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def held() -> set[tuple[str, str]]:
    """Return document and article of every ``pytest.mark.law`` in the tests."""
    found = set()
    for path in repository.modules("tests"):
        tree = repository.parsed(path)
        known = constants(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.law":
                document, where = (
                    known.get(one.id, "") if isinstance(one, ast.Name) else str(ast.literal_eval(one))
                    for one in node.args
                )
                found |= articles(document, where)
    return found


def test_every_article_that_a_rule_cites_is_held_by_a_test() -> None:
    assert sorted(cited() - held()) == []
