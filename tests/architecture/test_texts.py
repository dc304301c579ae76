"""Every tracked text is well-formed and speaks of the project alone."""

import re
import unicodedata

import repository

HOME = "/" + "work/"
REGISTRY = re.compile(r"https?://[^ \"]*(pypi|pythonhosted|npmjs|debian)")


def test_every_text_is_utf8_in_nfc() -> None:
    # tests may hold decomposed texts on purpose, but then as escapes
    wrong = [
        repository.name(path)
        for path in repository.texts()
        if not unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))
    ]

    assert wrong == []


def test_no_text_names_a_path_of_a_machine_or_the_host_of_a_registry() -> None:
    wrong = [
        f"{repository.name(path)}:{number}"
        for path in repository.texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if HOME in line or REGISTRY.search(line)
    ]

    assert wrong == []


def test_no_text_ends_lines_with_carriage_returns() -> None:
    assert [repository.name(path) for path in repository.texts() if b"\r\n" in path.read_bytes()] == []
