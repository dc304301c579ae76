"""A profile on disk: one compressed file of arrays, with the units as they were read."""

import zlib
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

import msgspec
import numpy as np

from motcua.facts.layout import Layout
from motcua.facts.profile import Pending, Profile
from motcua.facts.units import Unit, UnitHistory
from motcua.kernel.errors import UserError

_VERSION = 1


class _Head(msgspec.Struct, frozen=True):
    """What is not an array."""

    version: int
    on: datetime
    unknown: frozenset[str]
    units: tuple[Unit, ...]
    codes: tuple[str, ...]
    is_current: bool


def save(profile: Profile, path: Path) -> None:
    """Write the profile; a file that is there is replaced whole."""
    history = profile.layout.history
    head = _Head(
        version=_VERSION,
        on=profile.on,
        unknown=profile.unknown,
        units=tuple(row for rows in history.units.values() for row in rows),
        codes=tuple(history.units),
        is_current=bool(history.successors),
    )
    pending = {f"pending_{field.name}": getattr(profile.pending, field.name) for field in fields(Pending)}
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez_compressed(
            file,
            head=np.frombuffer(msgspec.json.encode(head), dtype=np.uint8),
            edges=profile.edges,
            received=profile.received,
            carried=profile.carried,
            **pending,
        )
    part.replace(path)


def load(path: Path) -> Profile:
    """Read a profile that ``save`` has written.

    Raises:
        UserError: the file is no profile, or one of another version of the program.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            head = msgspec.json.decode(stored["head"].tobytes(), type=_Head)
            arrays = {name: stored[name] for name in stored.files if name != "head"}
        if head.version != _VERSION:
            raise ValueError(head.version)
        history = UnitHistory.of(head.units, seen=head.codes)
        layout = Layout.of(history.as_it_is(on=head.on.date()) if head.is_current else history)
        pending = Pending(**{field.name: arrays[f"pending_{field.name}"] for field in fields(Pending)})
        return Profile(layout, head.on, arrays["edges"], arrays["received"], arrays["carried"], pending, head.unknown)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error, msgspec.MsgspecError) as error:
        raise UserError(
            "Tệp không phải hồ sơ theo ngày của phiên bản này.", remedy="Hãy lập lại từ dữ liệu.", where=str(path)
        ) from error
