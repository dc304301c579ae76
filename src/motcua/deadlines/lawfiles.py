"""The clock's rules out of the lawbook's folder."""

from functools import lru_cache
from pathlib import Path

from motcua.deadlines import rulebook
from motcua.deadlines.rules import DeadlineRule, PauseGround
from motcua.kernel.errors import UserError
from motcua.lawbook import Lawbook, codelists, files
from motcua.lawbook.reading import Table


def rule_versions(book: Lawbook, code: str) -> tuple[DeadlineRule, ...]:
    """Return every version of a deadline rule, the oldest first.

    Raises:
        UserError: there is no rule of that name.
        LawFileError: a law file cannot be understood.
    """
    names = sorted(path.name for path in (book.root / "deadlines").iterdir() if path.is_dir())
    if code not in names:
        raise UserError(
            f"Không có quy tắc thời hạn «{code}».", remedy=f"Hãy chọn một trong: {', '.join(names)}.", where="--rule"
        )
    return _versions(book.root, code)


@lru_cache(maxsize=64)
def _versions(root: Path, code: str) -> tuple[DeadlineRule, ...]:
    known = pause_grounds(root)
    return tuple(
        rulebook.rule(Table(path, "", files.read(path)), known_grounds=known)
        for path in files.version_files(root / "deadlines" / code)
    )


@lru_cache(maxsize=8)
def pause_grounds(root: Path) -> dict[str, PauseGround]:
    """Return every ground on which a clock may stand still, by code; a later version of the list adds to it."""
    found: dict[str, PauseGround] = {}
    for path in files.version_files(root / "codelists" / "pause_ground"):
        found |= {
            str(item.code): PauseGround(str(item.code), item.name_vi, item.citation)
            for item in codelists.read(path).items
        }
    return found
