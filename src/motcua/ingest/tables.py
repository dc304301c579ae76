"""Keeps ``tables/`` in step with the log: a table is rebuilt when a segment of its streams has come."""

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec
import polars as pl

from motcua.events.streams import STREAMS
from motcua.ingest import folding, log
from motcua.ingest.directory import DataDirectory
from motcua.kernel.errors import UserError

# What a change of the folding rules would make of the same events: raise it then, and tables are rebuilt.
_FOLDING = "1"
_STATE = "state.json"

_FEEDS = {"dossiers": ("dossiers", "progress")}


def refresh(directory: DataDirectory, *, only: Collection[str] | None = None) -> dict[str, Path]:
    """Bring the tables up to date with the log and return those that have rows, by stream name.

    Only inside ``directory.writing()``. ``only`` leaves the other tables as they are and does not return them.

    Raises:
        UserError: a segment named by the log is missing or damaged.
    """
    segments = log.read(directory)
    state = _state(directory)
    found: dict[str, Path] = {}
    for name in STREAMS:
        own = [segment for segment in segments if segment.stream in _FEEDS.get(name, (name,))]
        if (only is not None and name not in only) or not any(segment.stream == name for segment in own):
            continue
        target = directory.tables / f"{name}.parquet"
        mark = _mark(own)
        if state.get(name) != mark or not target.is_file():
            _build(directory, name=name, segments=own, target=target)
            state[name] = mark
            _write_state(directory, state=state)
        found[name] = target
    return found


def current(directory: DataDirectory) -> dict[str, Path] | None:
    """Return the tables if all are in step with the log, else None. Writes nothing."""
    segments = log.read(directory)
    state = _state(directory)
    found: dict[str, Path] = {}
    for name in STREAMS:
        own = [segment for segment in segments if segment.stream in _FEEDS.get(name, (name,))]
        if not any(segment.stream == name for segment in own):
            continue
        target = directory.tables / f"{name}.parquet"
        if state.get(name) != _mark(own) or not target.is_file():
            return None
        found[name] = target
    return found


def _mark(segments: Sequence[log.Segment]) -> str:
    return hashlib.sha256("".join([_FOLDING, *(segment.chain for segment in segments)]).encode()).hexdigest()


def _state(directory: DataDirectory) -> dict[str, str]:
    try:
        return msgspec.json.decode((directory.tables / _STATE).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}


def _write_state(directory: DataDirectory, *, state: dict[str, str]) -> None:
    new = directory.tables / (_STATE + ".new")
    new.write_bytes(msgspec.json.encode(state))
    new.replace(directory.tables / _STATE)


def _build(directory: DataDirectory, *, name: str, segments: Sequence[log.Segment], target: Path) -> None:
    stream = STREAMS[name]
    files = {
        feed: [(directory.events / segment.segment, segment) for segment in segments if segment.stream == feed]
        for feed in _FEEDS.get(name, (name,))
    }
    table = folding.latest(stream, segments=files[name])
    if files.get("progress") and name == "dossiers":
        table = folding.with_progress(table, progress=folding.latest(STREAMS["progress"], segments=files["progress"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    try:
        table.sink_parquet(new, compression="zstd", compression_level=1, maintain_order=True)
    except (OSError, pl.exceptions.PolarsError) as error:
        new.unlink(missing_ok=True)
        raise UserError(
            f"Không dựng được bảng «{name}» từ nhật ký: {error}.",
            remedy="Hãy kiểm tra dung lượng đĩa và tính toàn vẹn của nhật ký (motcua import --verify).",
            where=str(directory.root),
        ) from error
    new.replace(target)
