"""Goes through JSON too large to hold: arrays, JSON lines, documents one after the other, and envelopes with ``data``.

Pieces of a few megabytes are cut where a record ends and handed on as JSON arrays. The cut is guessed (the next record
begins as the first one did) and proved by decoding, which is fast; where the guess fails, brackets are counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt

from motcua.ingest.limits import LIMITS, Limits
from motcua.kernel.errors import UserError

_WINDOW = 8 << 20
_HEAD = 1 << 20
_SPACE = b" \t\r\n"
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_FIRST_KEY = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"')
_DATA_KEY = re.compile(rb'"data"\s*:\s*\Z')
_OWNER = re.compile(rb'"madonvi"\s*:\s*"([^"\\]{1,64})"', re.IGNORECASE)

_STEP = np.zeros(256, np.int8)
_STEP[[0x7B, 0x5B]] = 1
_STEP[[0x7D, 0x5D]] = -1

_Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some records as one JSON array. ``owner``: the sender's unit (``madonvi``) of the envelope they lay in."""

    array: bytes
    owner: str | None


def pieces(path: Path, *, name: str, limits: Limits = LIMITS) -> Iterator[Piece]:
    """Go through the records of a file.

    Raises:
        UserError: the file is cut off, is no JSON, or has a record too large to be one.
    """
    with path.open("rb") as file:
        yield from _Splitter(file, name=name, limits=limits).pieces()


class _Splitter:
    def __init__(self, file: BinaryIO, *, name: str, limits: Limits) -> None:
        self._file = file
        self._name = name
        self._limits = limits
        self._buffer = b""
        self._at_end = False
        self._signature: bytes | None = None
        self._fill(_HEAD)
        self._buffer = self._buffer.removeprefix(b"\xef\xbb\xbf")

    def pieces(self) -> Iterator[Piece]:
        while self._skip(_SPACE):
            if self._buffer.startswith(b"["):
                self._advance(1)
                yield from self._array(owner=None)
            elif not self._buffer.startswith(b"{"):
                raise self._damaged()
            elif (start := self._large_envelope()) is not None:
                owner = _OWNER.search(self._buffer, 0, start)
                self._advance(start)
                yield from self._array(owner=owner[1].decode("utf-8", "replace") if owner else None)
                self._leave_envelope()
            else:
                yield self._documents()

    def _array(self, *, owner: str | None) -> Iterator[Piece]:
        """Go through the elements up to the bracket that closes the array."""
        self._signature = None
        while self._skip(_SPACE + b","):
            if self._buffer.startswith(b"]"):
                self._advance(1)
                return
            yield Piece(self._elements(), owner)
        raise self._damaged()

    def _elements(self) -> bytes:
        self._fill(_WINDOW)
        if self._signature is None:
            found = _FIRST_KEY.match(self._buffer)
            self._signature = found[0] if found else b"{"
        cut = self._buffer.rfind(b"]") if self._at_end else self._buffer.rfind(self._signature)
        if cut > 0 and (array := _proved(self._buffer[:cut].rstrip(_SPACE + b","))) is not None:
            self._advance(cut)
            return array
        return self._counted()

    def _documents(self) -> Piece:
        """Take the complete documents at the start of the buffer; usually one a line."""
        self._fill(_WINDOW)
        cut = len(self._buffer) if self._at_end else self._buffer.rfind(b"\n")
        if cut > 0:
            # A line break inside a string is always written \n, so a bare one only stands between tokens.
            lines = re.sub(rb"\s*\n\s*", b",", self._buffer[:cut].strip())
            if (array := _proved(lines)) is not None:
                self._advance(cut)
                return Piece(array, None)
        return Piece(self._counted(), None)

    def _counted(self) -> bytes:
        """Take the complete objects at the start of the buffer by counting brackets."""
        while True:
            starts, ends, _ = _brackets(self._buffer)
            if len(ends):
                records = [
                    _or_null(self._buffer[a : b + 1]) for a, b in zip(starts.tolist(), ends.tolist(), strict=False)
                ]
                between = self._buffer[: int(starts[0])] + b"".join(
                    self._buffer[b + 1 : a] for a, b in zip(starts[1:].tolist(), ends[:-1].tolist(), strict=False)
                )
                if between.strip(_SPACE + b","):
                    raise self._damaged()
                self._advance(int(ends[-1]) + 1)
                return b"[" + b",".join(records) + b"]"
            if self._at_end:
                raise self._damaged()
            if len(self._buffer) >= self._limits.record:
                raise UserError(
                    f"Có bản ghi dài hơn {self._limits.record >> 20} MB.",
                    remedy="Hãy kiểm tra tệp có đúng là gói tin hồ sơ không; chưa có gì được ghi.",
                    where=self._name,
                )
            self._fill(2 * len(self._buffer))

    def _large_envelope(self) -> int | None:
        """Return where the records of an envelope begin, if the envelope is not complete in the buffer."""
        _, ends, _ = _brackets(self._buffer)
        if len(ends) or self._at_end:
            return None
        for opening in re.finditer(rb"\[", self._buffer):
            before = self._buffer[: opening.start()]
            if _DATA_KEY.search(before[-64:]) and _brackets(before)[2] == 1:
                return opening.end()
        return None

    def _leave_envelope(self) -> None:
        """Skip the keys after ``data`` up to the brace that closes the envelope."""
        self._fill(_HEAD)
        _, ends, _ = _brackets(b"{" + self._buffer)
        if not len(ends):
            raise self._damaged()
        self._advance(int(ends[0]))

    def _skip(self, marks: bytes) -> bool:
        """Drop these bytes from the start; False at the end of the file."""
        while True:
            self._buffer = self._buffer.lstrip(marks)
            if self._buffer or self._at_end:
                return bool(self._buffer)
            self._fill(_HEAD)

    def _advance(self, count: int) -> None:
        self._buffer = self._buffer[count:]

    def _fill(self, size: int) -> None:
        wanted = size - len(self._buffer)
        if wanted > 0 and not self._at_end:
            more = self._file.read(wanted)
            self._at_end = len(more) < wanted
            self._buffer += more

    def _damaged(self) -> UserError:
        return UserError(
            "Tệp JSON bị hỏng hoặc bị cắt cụt.",
            remedy="Hãy xuất hoặc tải lại tệp rồi nhập lại; chưa có gì được ghi.",
            where=self._name,
        )


def _proved(elements: bytes) -> bytes | None:
    """Return the array of these elements if they are complete JSON values."""
    array = b"[" + elements + b"]"
    try:
        _RAWS.decode(array)
    except (msgspec.DecodeError, RecursionError):
        return None
    return array


def _or_null(record: bytes) -> bytes:
    """Return the record, or null in its place if it is no JSON: its reader refuses it then, and not the whole file."""
    try:
        msgspec.json.decode(record, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return b"null"
    return record


def _brackets(
    text: bytes,
) -> tuple["np.ndarray[tuple[int], np.dtype[np.int64]]", "np.ndarray[tuple[int], np.dtype[np.int64]]", int]:
    """Return where objects begin and end that lie in no other, up to a bracket that closes more, and the depth left."""
    if b"\\" in text:
        # Same length, but no quote that is only a character of a string.
        text = text.replace(b"\\\\", b"__").replace(b'\\"', b"__")
    bytes_ = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(bytes_ == 0x22)
    steps = _STEP[bytes_]
    places = np.flatnonzero(steps)
    places = places[(np.searchsorted(quotes, places) & 1) == 0]
    steps = steps[places]
    depth = np.cumsum(steps, dtype=np.int32)
    left = int(depth[-1]) if len(depth) else 0
    below = np.flatnonzero(depth < 0)
    if len(below):
        places, steps, depth = places[: below[0]], steps[: below[0]], depth[: below[0]]
    return places[(depth == 1) & (steps > 0)], places[(depth == 0) & (steps < 0)], left
