"""The law files a result rests on, kept with it byte by byte, so that it can be computed again under the law of then.

``law/published.toml`` says that a sealed file never changes; a copy does not have to trust that, and also holds what
is not sealed, such as a calendar that was announced later than it was computed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from motcua.indicators import evaluate
from motcua.kernel.errors import UserError
from motcua.lawbook import Lawbook
from motcua.publication import canonical, monthlaw
from motcua.publication.store import Store


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Tệp luật đã lưu: its path below the law folder, and the sha256 of its bytes."""

    path: str
    sha256: str


def keep(book: Lawbook, *, rules: Path, month_law: Path, store: Store) -> tuple[KeptFile, ...]:
    """Put every file that measuring, scoring and publishing read into the store.

    Args:
        book: the lawbook in use.
        rules: the file of the indicator set in force.
        month_law: the file of the publication rule in force.
        store: where to.
    """
    found = []
    for path in sorted({rules, month_law, *_of_the_clock(book.root)}):
        name = path.relative_to(book.root).as_posix()
        found.append(KeptFile(name, store.put(path.read_bytes())))
    return tuple(found)


def unfold(files: Sequence[KeptFile], *, store: Store, root: Path, into: Path) -> Lawbook:
    """Lay the files out in a folder and return the lawbook they are.

    A file that the store has lost is taken from ``root`` where that folder still holds the very same bytes.

    Raises:
        UserError: a file is in neither, or was changed.
    """
    for one in files:
        path = into / one.path
        if not path.resolve().is_relative_to(into.resolve()):
            raise UserError(f"Tên tệp luật «{one.path}» không hợp lệ.", remedy="Hãy khôi phục tệp công bố.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_content(one, store=store, root=root))
    return Lawbook(into)


def _content(one: KeptFile, *, store: Store, root: Path) -> bytes:
    if store.has(one.sha256):
        return store.get(one.sha256)
    beside = root / one.path
    content = beside.read_bytes() if beside.is_file() else b""
    if canonical.sha256(content) != one.sha256:
        raise UserError(
            f"Không còn bản luật {one.path} đã dùng khi công bố.",
            remedy="Hãy khôi phục thư mục publications từ bản sao lưu.",
            where=one.sha256,
        )
    return content


def _of_the_clock(root: Path) -> Iterator[Path]:
    yield from (root / "deadlines" / evaluate.DEADLINE_RULE).glob("*.toml")
    yield from (root / "codelists").glob("*/*.toml")
    yield from (root / "calendar").glob("*.toml")
    yield from (root / "calendar" / "rules").glob("*.toml")


def month_law_of(book: Lawbook, files: Sequence[KeptFile]) -> monthlaw.MonthLaw:
    """Return the publication rule among the kept files."""
    name = next(one.path for one in files if one.path.startswith(f"publication/{monthlaw.CODE}/"))
    return monthlaw.read(book.root / name)
