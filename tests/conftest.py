"""What every test stands on: no network, one clock of randomness, the shared reference data where it is there."""

from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
import pytest_socket

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared" / "data"

# Deadlines are off in both: the machine is shared, and a slow example is not a wrong one.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)

pytest_plugins = ("law_matrix",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--profile ci`` draws the same examples each time."""
    parser.addoption("--profile", default="local", choices=("local", "ci"), help="Hypothesis profile")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile before any test module is read."""
    hypothesis.settings.load_profile(config.getoption("--profile"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """Let tests talk to this machine only."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Find a file or folder of ``../shared/data``; the test is skipped where it is absent (mark it ``shared``)."""

    def find(path: str) -> Path:
        found = SHARED / path
        if not found.exists():
            pytest.skip(f"../shared/data/{path} is not here")
        return found

    return find
