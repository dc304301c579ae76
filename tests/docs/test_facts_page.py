"""The facts, measures and switches in the documents and in the law are those of the code."""

import re
from dataclasses import fields

import repository
from motcua.facts import columns
from motcua.facts.fold import DossierFacts
from motcua.facts.measures import MEASURES
from motcua.facts.options import FactOptions


def test_every_fact_is_explained() -> None:
    page = (repository.ROOT / "docs/dev/facts.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z_]+)`", page))

    facts = {field.name for field in fields(DossierFacts)} | set(columns.FLAGS)
    assert facts - explained == set()


def test_every_measure_is_in_the_contract_and_the_contract_names_no_other() -> None:
    seams = (repository.ROOT / "docs/dev/seams.md").read_text(encoding="utf-8")
    section = seams.split("## 3. Measures")[1].split("\n## 4.")[0]
    cells = "".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| "))
    named = set(re.findall(r"\b[a-z_]+\.[a-z_]+\b", cells))

    assert named <= MEASURES.keys()
    assert {name for name in MEASURES if not name.startswith("dossiers.handled_")} <= named


def test_every_switch_of_the_contract_exists() -> None:
    seams = (repository.ROOT / "docs/dev/seams.md").read_text(encoding="utf-8")
    options = {field.name for field in fields(FactOptions)}

    named = set(
        re.findall(r"^(late_if_\w+|unknown_due|promulgate_\w+|publish_\w+|petition_\w+)\s*=", seams, re.MULTILINE)
    )
    assert named <= options
    assert {"late_if_repeated_supplement", "late_if_officer_unnamed", "unknown_due"} <= named
