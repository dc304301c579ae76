"""The one expression of the facts as a Polars plan, kept once compiled so that the next run need not load the compiler.

A kept plan is named by everything it follows from: the source of the expression, the versions of the libraries, the
moment of knowledge and the switches of the rule set. Where there is none, or it cannot be read, it is compiled again.
"""

import hashlib
import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import msgspec
import polars as pl
from polars.exceptions import PolarsError

from motcua.facts.columns import COLUMNS, POLARS_TYPES
from motcua.facts.options import FactOptions

_SOURCES = ("plans.py", "dossiers.py", "columns.py", "fold.py", "options.py")
_MOST_KEPT = 64

Step = tuple[str, tuple[pl.Expr, ...]]
"""``filter``, ``select`` or ``with_columns``, and the expressions it is given."""


def facts(frame: pl.LazyFrame, *, on: datetime, options: FactOptions) -> pl.LazyFrame:
    """Return ``dossiers.facts`` as a Polars plan over the dossiers."""
    return _applied(frame, _steps("facts", on, options))


def packed(frame: pl.LazyFrame, *, on: datetime, options: FactOptions) -> pl.LazyFrame:
    """Return ``dossiers.packed`` of the facts as a Polars plan over the dossiers."""
    return _applied(frame, _steps("packed", on, options))


def _applied(frame: pl.LazyFrame, steps: Sequence[Step]) -> pl.LazyFrame:
    for name, expressions in steps:
        frame = getattr(frame, name)(*expressions)
    return frame


@lru_cache(maxsize=32)
def _steps(form: str, on: datetime, options: FactOptions) -> tuple[Step, ...]:
    path = _folder() / f"{_name(form, on, options)}.plan"
    # A plan that is damaged, or that this version of Polars cannot read, is as good as none.
    with suppress(OSError, ValueError, TypeError, PolarsError, msgspec.MsgspecError):
        kept = msgspec.msgpack.decode(path.read_bytes(), type=list[tuple[str, list[bytes]]])
        return tuple((name, tuple(pl.Expr.deserialize(each) for each in written)) for name, written in kept)
    steps = _compiled(form, on, options)
    # Without a folder to write to, every run compiles.
    with suppress(OSError):
        _keep(path, steps)
    return steps


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "motcua" / "plans"


def _name(form: str, on: datetime, options: FactOptions) -> str:
    digest = hashlib.sha256()
    for source in _SOURCES:
        digest.update((Path(__file__).with_name(source)).read_bytes())
    versions = (platform.python_version(), pl.__version__, metadata.version("ibis-framework"))
    digest.update(repr((form, on.isoformat(), options, versions)).encode())
    return digest.hexdigest()


def _keep(path: Path, steps: Sequence[Step]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(
        msgspec.msgpack.encode([(name, [each.meta.serialize() for each in given]) for name, given in steps])
    )
    part.replace(path)
    kept = sorted(path.parent.glob("*.plan"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in kept[_MOST_KEPT:]:
        old.unlink(missing_ok=True)


def _compiled(form: str, on: datetime, options: FactOptions) -> tuple[Step, ...]:
    # Loading the compiler takes as long as measuring a province's year, so that it waits until it is needed.
    import ibis  # type: ignore[import-untyped]  # noqa: PLC0415 - ibis ships no types

    from motcua.facts import dossiers  # noqa: PLC0415

    table = dossiers.facts(ibis.table(ibis.schema(COLUMNS), name="dossiers"), on=on, options=options)
    if form == "packed":
        table = dossiers.packed(table, on=on)
    empty = pl.LazyFrame(schema={name: POLARS_TYPES[kind] for name, kind in COLUMNS.items()})
    compiled = ibis.polars.connect({"dossiers": _Recorder.over(empty)}).compile(table)
    return cast("_Recorder", compiled).steps


class _Recorder(pl.LazyFrame):
    """A frame that remembers the steps taken from it."""

    steps: tuple[Step, ...]

    @classmethod
    def over(cls, frame: pl.LazyFrame, steps: tuple[Step, ...] = ()) -> "_Recorder":
        recorder = cast("_Recorder", cls._from_pyldf(frame._ldf))  # noqa: SLF001 - how Polars itself derives frames
        recorder.steps = steps
        return recorder

    def filter(self, *predicates: Any, **constraints: Any) -> "_Recorder":
        return self._after("filter", super().filter(*predicates, **constraints), *predicates)

    def select(self, *expressions: Any, **named: Any) -> "_Recorder":
        return self._after("select", super().select(*expressions, **named), *expressions)

    def with_columns(self, *expressions: Any, **named: Any) -> "_Recorder":
        return self._after("with_columns", super().with_columns(*expressions, **named), *expressions)

    def _after(self, name: str, frame: pl.LazyFrame, *given: Any) -> "_Recorder":
        flat = [each for one in given for each in (one if isinstance(one, (list, tuple)) else (one,))]
        return _Recorder.over(frame, (*self.steps, (name, tuple(flat))))
