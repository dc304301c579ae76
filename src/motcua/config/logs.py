"""What may stand in the program's own log: where and what kind of error, never what people typed."""

import logging
import re
import traceback
from types import TracebackType

_SECRET_IN_PATH = re.compile(r"(/tra-cuu/[^/\s]+/)[^/\s?]+")
"""The link of a receipt holds the secret that opens the dossier's progress."""

_Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Writes tracebacks without messages: the database quotes whole rows in them, names and numbers included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without the secrets of receipts."""
        return _SECRET_IN_PATH.sub(r"\1…", super().format(record))

    def formatException(self, ei: _Exception) -> str:  # noqa: N802 - the name logging calls
        """Return places and kinds of the errors, the first cause first."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            lines[:0] = [*traceback.format_tb(error.__traceback__), f"{_kind(error)}\n"]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip()


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    diagnosis = getattr(error, "diag", None)
    place = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "table_name", None)
    return f"{name} ({place})" if place else name
