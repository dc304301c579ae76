"""What is in the repository: tracked files and parsed modules, for tests about the code itself."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BINARY = {".png", ".xlsx", ".parquet", ".gz", ".docx", ".pdf", ".zip", ".xls", ".ods", ".xlsb"}


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that git tracks and that is still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> tuple[Path, ...]:
    """Return the tracked files that hold text."""
    return tuple(path for path in tracked() if path.suffix not in BINARY)


def modules(folder: str) -> tuple[Path, ...]:
    """Return the tracked Python modules below a folder of the repository, but for migrations, which a tool writes."""
    return tuple(
        path
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / folder) and path.parent.name != "migrations"
    )


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    """Return the path as the repository names it."""
    return path.relative_to(ROOT).as_posix()
