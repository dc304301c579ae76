"""Procedures of a catalogue in its own words, for whoever keeps a catalogue of their own beside it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from motcua.ingest import catalogue_facts, catalogue_json, json_pieces
from motcua.ingest.catalogue_facts import Described
from motcua.kernel import ids
from motcua.kernel.errors import UserError


def read(path: Path, *, name: str) -> Iterator[Described]:
    """Read the procedures of a catalogue in JSON (lines or an array), in order; those without a code are left out.

    Raises:
        UserError: the file is damaged or holds no procedure.
    """
    found = 0
    for piece in json_pieces.pieces(path, name=name):
        try:
            records = msgspec.json.decode(piece.array, type=list[object])
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise UserError("Tệp JSON bị hỏng.", remedy="Hãy tải lại tệp rồi đối chiếu lại.", where=name) from error
        for record in records:
            one = catalogue_json.described(record) if isinstance(record, dict) else None
            if one is not None and one.name and ids.procedure_code(one.code):
                found += 1
                yield one
    if not found:
        raise UserError(
            "Tệp không có thủ tục nào đọc được.",
            remedy="Cần tệp JSON của Cổng DVCQG, mỗi thủ tục một dòng.",
            where=name,
        )


def sha256(path: Path) -> str:
    """Return the digest of the file, by which the same file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def limit(words: str | None) -> tuple[float, str] | None:
    """Return number and unit of a limit's text; None where it is vaguer, zero or has no unit."""
    return catalogue_facts.limit(words)


def levels(words: str | None) -> tuple[str, ...]:
    """Return the levels the text names, as the streams have them."""
    return tuple((catalogue_facts.levels(words) or "").split(",")) if words else ()
