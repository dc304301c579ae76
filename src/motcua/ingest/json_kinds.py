"""Tells what a JSON file holds by the keys of its first records."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from motcua.ingest import catalogue_json, evaluation, json_pieces
from motcua.ingest.limits import LIMITS
from motcua.kernel.errors import UserError

_DOSSIER_KEYS = {"NgayTiepNhan", "MaTTHC", "TrangThaiHoSo", "MaDonViTiepNhan", "NgayHenTra"}
_FIRST = 100
_SERVICES = ("DongBoHoSoMC", "CapNhatTienDoHoSoMC")
_STEP_KEYS = {"ThoiDiemXuLy", "TrangThai", "NguoiXuLy"}


def recognise(path: Path, *, name: str) -> str | None:
    """Return the code of the kind of JSON file; None if it is none of those known.

    Raises:
        UserError: the file is damaged.
    """
    if path.stat().st_size <= LIMITS.record:
        document = evaluation.load(path, name=name) if _is_one_document(path) else None
        if document is not None and _kind(document) is None and evaluation.recognises(document):
            return "evaluation"
    piece = next(json_pieces.pieces(path, name=name), None)
    if piece is None:
        raise UserError("Tệp JSON không có bản ghi nào.", remedy="Hãy xuất lại tệp từ phần mềm nguồn.", where=name)
    try:
        first = [msgspec.json.decode(raw) for raw in msgspec.json.decode(piece.array, type=list[msgspec.Raw])[:_FIRST]]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    if first and all(record is None for record in first):
        raise UserError(
            "Các bản ghi không đúng cú pháp JSON (ví dụ NaN, ký tự hỏng).",
            remedy="Hãy xuất lại từ phần mềm nguồn; chưa có gì được ghi.",
            where=name,
        )
    return next((kind for record in first if (kind := _kind(record)) is not None), None)


def _is_one_document(path: Path) -> bool:
    try:
        msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _kind(record: object) -> str | None:
    """Return the kind a record, or an envelope around records, is of."""
    if isinstance(record, list):
        return _kind(record[0]) if record else None
    if not isinstance(record, Mapping):
        return None
    keys = set(record)
    data = record.get("data")
    if (
        ("MaHoSo" in keys and keys & (_DOSSIER_KEYS | _STEP_KEYS))
        or record.get("service") in _SERVICES
        or (isinstance(data, (list, Mapping)) and _kind(data) == "payloads")
    ):
        return "payloads"
    if catalogue_json.recognises(record):
        return "catalogue"
    return "evaluation" if evaluation.recognises(record) else None
