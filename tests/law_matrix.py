"""A pytest plug-in: ``--law-matrix`` prints which article of law each test holds the code to."""

from collections import defaultdict

import pytest

MATRIX: pytest.StashKey[dict[tuple[str, str], list[str]]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--law-matrix``."""
    parser.addoption("--law-matrix", action="store_true", help="print article of law -> tests, without running them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Collect the markers; with ``--law-matrix`` nothing is run."""
    matrix: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in items:
        for marker in item.iter_markers("law"):
            document, where = marker.args
            name = item.nodeid.partition("[")[0]
            if name not in matrix[document, where]:
                matrix[document, where].append(name)
    config.stash[MATRIX] = dict(matrix)
    if config.getoption("--law-matrix"):
        items.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the matrix, ordered by document and article."""
    if not config.getoption("--law-matrix"):
        return
    terminalreporter.section("article of law -> tests")
    for (document, where), names in sorted(config.stash[MATRIX].items()):
        terminalreporter.write_line(f"{document}, {where}")
        for name in sorted(names):
            terminalreporter.write_line(f"    {name}")
