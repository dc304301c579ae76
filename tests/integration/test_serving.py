"""Stopping the program stops everything it started: the server, its workers, the projector, the database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import repository


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home of its own: the database's socket needs a short path."""
    with tempfile.TemporaryDirectory(prefix="mc-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def living(home: Path) -> dict[int, str]:
    """Return the processes that were started for this home, however they were started: number -> command."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue  # it ended while we looked, or is a zombie
        if command and (str(home) in command or f"MOTCUA_HOME={home}".encode() in environment):
            found[int(folder.name)] = command
    return found


def answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as caller:
        try:
            caller.request("GET", "/")
            with caller.getresponse() as answer:
                return answer.status == 200
        except OSError:
            return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    ("sign", "whole_group"), [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGHUP, True)]
)
def test_being_asked_to_stop_leaves_nothing_behind(home: Path, sign: signal.Signals, whole_group: bool) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"MOTCUA_HOME": str(home), "PYTHONPATH": str(repository.ROOT / "src"), "PYTHONWARNINGS": "ignore"}
    program = subprocess.Popen(
        [sys.executable, "-m", "motcua", "serve", "--port", str(port)], env=environment, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 300
        while not (answers(port) and any(" live run " in command for command in living(home).values())):
            assert program.poll() is None, "the program ended by itself"
            assert time.monotonic() < deadline, "the program does not serve"
            time.sleep(0.2)
        assert any("granian" in command for command in living(home).values())
        assert any("postgres" in command for command in living(home).values())

        # A terminal's Ctrl-C goes to the whole foreground group, a service manager's to the program alone.
        (os.killpg if whole_group else os.kill)(program.pid, sign)

        assert program.wait(timeout=120) == 0
        deadline = time.monotonic() + 60
        while living(home) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert living(home) == {}
    finally:
        for number in living(home):
            os.kill(number, signal.SIGKILL)
        program.wait()
