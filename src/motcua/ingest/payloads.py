"""Reads files of DVCQG sync payloads: dossiers and progress, every generation, in any of the ways they are kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic

import msgspec
from msgspec import UNSET

from motcua.ingest import json_pieces, payload_dossiers, payload_progress
from motcua.ingest.payload_audit import Audit
from motcua.ingest.payload_records import DossierRecord, Envelope, Record, StepRecord, leniently
from motcua.ingest.payload_units import Units
from motcua.ingest.payload_values import plain
from motcua.ingest.reading import BATCH_ROWS, Batch, ImportContext
from motcua.kernel.errors import Problem, UserError

_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_DOSSIERS = msgspec.json.Decoder(list[DossierRecord])
_STEPS = msgspec.json.Decoder(list[StepRecord])
_ENVELOPE = msgspec.json.Decoder(Envelope)
_STEP_KEY = b'"ThoiDiemXuLy"'
_HOPELESS = 1_000
"""After so many unreadable records and no readable one the file is refused whole."""


@dataclass(slots=True)
class _Waiting(Generic[Record]):
    """Records of one stream not yet handed on."""

    records: list[Record] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    owners: list[str | None] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    odd_shapes: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.records) + len(self.unreadable)


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read the payloads of a file in batches of dossiers and of steps.

    Raises:
        UserError: the file is cut off, is no JSON, or holds nothing that can be read as records.
    """
    yield from _Reading(context).batches(path)


class _Reading:
    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._where = context.name
        self._units = Units(tables=context.tables)
        self._audit = Audit(where=context.name)
        self._dossiers: _Waiting[DossierRecord] = _Waiting()
        self._steps: _Waiting[StepRecord] = _Waiting()
        self._number = 0
        self._readable = 0
        self._unreadable = 0

    def batches(self, path: Path) -> Iterator[Batch]:
        for piece in json_pieces.pieces(path, name=self._where):
            for owner, array in _opened(piece):
                self._take(array, owner=owner)
                yield from self._ready(BATCH_ROWS)
        yield from self._ready(1)
        warnings = self._audit.warnings()
        if warnings or not self._number:
            yield Batch(stream="dossiers", columns={}, rows_read=0, warnings=warnings)

    def _take(self, array: bytes, *, owner: str | None) -> None:
        """Read an array of records, quickly if all have the shape they should, else one by one."""
        try:
            if _STEP_KEY in array:
                if b'"NgayTiepNhan"' not in array and b'"MaTTHC"' not in array:
                    self._add(self._steps, _STEPS.decode(array), owner=owner)
                    return
            else:
                self._add(self._dossiers, _DOSSIERS.decode(array), owner=owner)
                return
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            pass
        for raw in _RAWS.decode(array):
            one = bytes(raw)
            if _STEP_KEY in one and b'"NgayTiepNhan"' not in one:
                self._take_one(one, kind=StepRecord, waiting=self._steps, owner=owner)
            else:
                self._take_one(one, kind=DossierRecord, waiting=self._dossiers, owner=owner)

    def _take_one(self, raw: bytes, *, kind: type[Record], waiting: _Waiting[Record], owner: str | None) -> None:
        try:
            record, odd = leniently(raw, kind=kind)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            self._number += 1
            self._unreadable += 1
            waiting.unreadable.append(
                Problem(
                    where=self._where, row=self._number, what="bản ghi không phải một đối tượng JSON đọc được.",
                    remedy="Bản ghi không được nhập; hãy xuất lại từ phần mềm nguồn.",
                )
            )  # fmt: skip
            if self._unreadable >= _HOPELESS and not self._readable:
                raise UserError(
                    f"{_HOPELESS} bản ghi đầu đều không đọc được.",
                    remedy="Hãy kiểm tra tệp có đúng là gói tin hồ sơ không; chưa có gì được ghi.",
                    where=self._where,
                ) from None
            return
        self._add(waiting, [record], owner=owner)
        waiting.odd_shapes += [
            Problem(
                where=self._where, row=self._number, column=key, what="giá trị không có dạng quy định.",
                remedy="Giá trị được để trống (không biết); hãy sửa ở phần mềm nguồn rồi xuất lại.",
            )
            for key in odd
        ]  # fmt: skip

    def _add(self, waiting: _Waiting[Record], records: Sequence[Record], *, owner: str | None) -> None:
        waiting.records += records
        waiting.numbers += range(self._number + 1, self._number + 1 + len(records))
        waiting.owners += [owner] * len(records)
        self._number += len(records)
        self._readable += len(records)

    def _ready(self, rows: int) -> Iterator[Batch]:
        """Hand on what has gathered, once it is enough."""
        if self._dossiers.rows >= rows:
            waiting, self._dossiers = self._dossiers, _Waiting()
            yield payload_dossiers.batch(
                waiting.records, numbers=waiting.numbers, owners=waiting.owners, units=self._units,
                audit=self._audit, where=self._where, unreadable=waiting.unreadable, odd_shapes=waiting.odd_shapes,
            )  # fmt: skip
        if self._steps.rows >= rows:
            taken, self._steps = self._steps, _Waiting()
            yield payload_progress.batch(
                taken.records, numbers=taken.numbers, owners=taken.owners, units=self._units,
                audit=self._audit, where=self._where, unreadable=taken.unreadable, odd_shapes=taken.odd_shapes,
            )  # fmt: skip


def _opened(piece: json_pieces.Piece) -> Iterator[tuple[str | None, bytes]]:
    """Take records out of their envelopes: the sender and an array of records each time."""
    if not _is_envelope(piece.array):
        yield piece.owner, piece.array
        return
    bare: list[bytes] = []
    for raw in _RAWS.decode(piece.array):
        try:
            envelope = _ENVELOPE.decode(raw)
        except (msgspec.DecodeError, RecursionError):
            envelope = Envelope()
        if envelope.data is UNSET:
            bare.append(bytes(raw))
            continue
        data = bytes(envelope.data)
        # Some feeds send the one record itself in place of a list of one.
        yield plain(envelope.owner), data if data.lstrip()[:1] == b"[" else b"[" + data + b"]"
    if bare:
        yield piece.owner, b"[" + b",".join(bare) + b"]"


def _is_envelope(array: bytes) -> bool:
    """Tell by the first element, as a file keeps to one way."""
    head = array[:65_536]
    at = head.find(b'"data"')
    return at >= 0 and not -1 < head.find(b'"MaHoSo"') < at
