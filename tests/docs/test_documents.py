"""What the documents say is there: links lead somewhere, commands are listed as they are."""

import re
import tomllib

import repository
from motcua.cli import main, reference

LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")
DOCUMENTS = [path for path in repository.tracked() if path.suffix == ".md"]


def test_every_link_between_documents_resolves() -> None:
    broken = [
        f"{repository.name(path)}: {target}"
        for path in DOCUMENTS
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_the_index_leads_to_every_document() -> None:
    index = repository.ROOT / "docs/README.md"
    led_to = {(index.parent / target).resolve() for target in LINK.findall(index.read_text(encoding="utf-8"))}
    documents = [path for path in DOCUMENTS if path.is_relative_to(index.parent) and path != index]

    assert [repository.name(path) for path in documents if not led_to & {path, path.parent}] == []


def test_the_command_reference_is_what_the_commands_say() -> None:
    assert (repository.ROOT / "docs/vi/lenh.md").read_text(encoding="utf-8") == reference.page(), "chạy: ./run docs"


def test_both_readmes_name_every_command() -> None:
    for readme in ("README.md", "README.vi.md"):
        text = (repository.ROOT / readme).read_text(encoding="utf-8")
        assert [
            command for command in main.COMMANDS if f"`{command}`" not in text and f"run {command}" not in text
        ] == []


def test_every_decision_is_dated() -> None:
    for path in (repository.ROOT / "docs/decisions").glob("*.md"):
        assert re.search(r"^\*\*Decided\*\* \d{4}-\d{2}-\d{2}", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((repository.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert f'softwareVersion: "{version}"' in (repository.ROOT / "publiccode.yml").read_text(encoding="utf-8")
