"""The commands in the READMEs run as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import repository

BLOCK = re.compile(r"^```(?:bash|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What a fresh clone does once is held by .ci/run and by the integration test of the demo.
ELSEWHERE = {"test", "check", "bench", "demo", "help", "docs"}


def commands(name: str) -> list[str]:
    """Return the lines of the README's shell blocks that call motcua through ./run, without comments."""
    text = (repository.ROOT / name).read_text(encoding="utf-8")
    lines = [line.partition(" #")[0].strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    return [line for line in lines if line.startswith("./run ") and line.split()[1] not in ELSEWHERE]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample where the READMEs expect it."""
    folder = tmp_path_factory.mktemp("office")
    motcua("sample --dossiers 3000 --out demo-data", within=folder)
    return folder


def motcua(arguments: str, *, within: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(repository.ROOT / "src"), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *shlex.split(arguments)],
        cwd=within, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, f"motcua {arguments}\n{done.stdout}\n{done.stderr}"


def test_the_commands_of_both_readmes_run(office: Path) -> None:
    lines = dict.fromkeys(line for readme in ("README.md", "README.vi.md") for line in commands(readme))

    assert lines
    for line in lines:
        motcua(line.removeprefix("./run "), within=office)


def test_both_readmes_try_the_same_commands() -> None:
    assert commands("README.md") == commands("README.vi.md")
