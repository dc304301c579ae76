"""Results on standard output: JSON, CSV and files; messages go to standard error."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from motcua.kernel.errors import UserError


def print_json(shape: Any) -> None:
    """Write one JSON document, letters as they are."""
    write_text(as_json(shape))


def as_json(shape: Any) -> str:
    """Return the document as text: two blanks of indent, one line at the end."""
    return json.dumps(shape, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def print_csv(rows: Iterable[Sequence[Any]]) -> None:
    """Write rows, the first being the head, as CSV; nothing (None) becomes an empty cell."""
    write_text(as_csv(rows))


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV text."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def whole(number: int) -> str:
    """Return a whole number with dots between thousands."""
    return f"{number:,}".replace(",", ".")


def write_text(text: str) -> None:
    """Write text to standard output in UTF-8, whatever the terminal says it is."""
    _utf8()
    sys.stdout.write(text)


def save(content: str | bytes, *, path: Path) -> None:
    """Write a result file.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise UserError(
            f"Không ghi được tệp ({error.strerror}).", remedy="Hãy chọn nơi khác bằng --out.", where=str(path)
        ) from None


def deliver(content: str | bytes, *, out: Path | None) -> None:
    """Write a result to the file, or to standard output where none is named."""
    if out is None:
        write_text(content if isinstance(content, str) else content.decode())
        return
    save(content, path=out)
    sys.stderr.write(f"Đã ghi {out}.\n")


def _utf8() -> None:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
