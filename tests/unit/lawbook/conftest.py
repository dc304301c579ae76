"""A copy of the law folder that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from motcua import lawbook
from motcua.cli.law import knowledge
from motcua.lawbook import checking

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A copy of the repository's law folder."""
    return Path(shutil.copytree(REPOSITORY / "law", tmp_path / "law"))


@pytest.fixture
def faults(law: Path) -> Callable[[], list[str]]:
    """Check the copy; the faults as a person reads them."""

    def check() -> list[str]:
        book = lawbook.load(law)
        return [str(problem) for problem in checking.check(book, knowledge(book))]

    return check
