"""Tells what a file is by its content, never by its name alone, and refuses what is unsafe to open."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from motcua.ingest import columnar, kinds
from motcua.ingest.limits import LIMITS, Limits
from motcua.kernel.errors import UserError

_PEEK = 65_536
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
"""What stands before a member of a zip file: marks, sizes, and the lengths of the name and extra fields after it."""
_BROKEN_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError)


class Container(StrEnum):
    """How a file is packed."""

    PARQUET = "parquet"
    JSON = "json"
    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    CSV = "csv"


def container(path: Path, *, name: str, limits: Limits = LIMITS) -> Container:
    """Return how the file is packed.

    Raises:
        UserError: it is empty, protected by a password, unsafe to unpack, or nothing the import knows.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_PEEK)
    except OSError as error:
        raise UserError(
            f"Không mở được tệp ({error.strerror}).", remedy="Hãy kiểm tra đường dẫn và quyền đọc.", where=name
        ) from error
    if not start:
        raise UserError("Tệp rỗng.", remedy="Hãy xuất lại tệp từ phần mềm nguồn.", where=name)
    if start.startswith(b"PAR1"):
        return Container.PARQUET
    if start.startswith(b"PK"):
        return _workbook(path, name=name, limits=limits)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(start, name=name)
    text = start.removeprefix(b"\xef\xbb\xbf")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Container.CSV  # UTF-16, what Excel calls "Unicode text"; lists are read so, our own tables are UTF-8
    if b"\0" in text:
        raise _unknown(name)
    if text.lstrip()[:1] in {b"{", b"["}:
        return Container.JSON
    if _is_text(text) and any(mark in text for mark in (b",", b";", b"\t")):
        return Container.CSV
    raise _unknown(name)


def _unknown(name: str) -> UserError:
    return UserError(
        "Không nhận ra loại tệp: không phải JSON, CSV, Excel hay Parquet.",
        remedy="Hãy kiểm tra tệp có bị hỏng hoặc đổi đuôi không, rồi xuất lại từ phần mềm nguồn.",
        where=name,
    )


def _is_text(start: bytes) -> bool:
    for encoding in ("utf-8", "cp1258"):
        for cut in range(4):  # the peek may end inside a character
            try:
                start[: len(start) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return not any(byte < 9 or 13 < byte < 32 for byte in start[:_PEEK])
    return False


def _compound(start: bytes, *, name: str) -> Container:
    # An OLE file is either an old .xls or a new workbook encrypted with a password; the stream names tell.
    if "EncryptedPackage".encode("utf-16-le") in start or "EncryptionInfo".encode("utf-16-le") in start:
        raise UserError(
            "Tệp Excel được bảo vệ bằng mật khẩu.",
            remedy="Hãy mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ làm việc), lưu lại rồi nhập.",
            where=name,
        )
    return Container.XLS


def _workbook(path: Path, *, name: str, limits: Limits) -> Container:
    """Look into a zip file without unpacking it: which workbook it is, and whether unpacking it is safe."""
    damaged = UserError(
        "Tệp nén (xlsx, ods) bị hỏng hoặc bị cắt cụt.", remedy="Hãy xuất hoặc tải lại tệp rồi nhập lại.", where=name
    )
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise UserError("Tệp nén có mật khẩu.", remedy="Hãy bỏ mật khẩu rồi nhập lại.", where=name)
            _check_sizes(path, members=members, name=name, limits=limits)
            names = {member.filename for member in members}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise damaged from error
    if "xl/workbook.xml" in names:
        return Container.XLSX
    if "xl/workbook.bin" in names:
        return Container.XLSB
    if "content.xml" in names:
        return Container.ODS
    raise UserError("Tệp nén không phải sổ Excel.", remedy="Hãy giải nén rồi nhập từng tệp bên trong.", where=name)


def _check_sizes(path: Path, *, members: Sequence[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """Refuse a zip bomb: by what the members declare, then by counting what they become, as a declared size may lie."""
    bomb = UserError(
        "Tệp nén bung ra quá lớn so với kích thước của nó, có thể là tệp phá hoại.",
        remedy="Hãy xuất lại từ phần mềm nguồn; nếu dữ liệu thật sự lớn, hãy chia theo tháng hoặc dùng CSV.",
        where=name,
    )
    packed = path.stat().st_size
    declared = sum(member.file_size for member in members)
    starts = [member.header_offset for member in members]
    overlapping = len(starts) != len(set(starts))
    most = min(limits.unpacked, max(packed * limits.ratio, 64 << 20))
    if declared > most or overlapping or any(member.file_size > limits.member for member in members):
        raise bomb
    for member in members:
        # Deflate cannot shrink more than about 1032 times: what the packed bytes could become at most is known, and
        # only a member that could become dangerous is unpacked to see whether its declared size is true.
        if member.compress_size * 1032 > limits.harmless and _unpacked_size(path, member=member) > member.file_size:
            raise bomb


def _unpacked_size(path: Path, *, member: zipfile.ZipInfo) -> int:
    """Return how large a member really is, up to one byte more than it declares, holding only a piece at a time."""
    if member.compress_type == zipfile.ZIP_STORED:
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(member.compress_type)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    with path.open("rb") as file:
        file.seek(member.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise EOFError
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        file.seek(name_length + extra_length, io.SEEK_CUR)
        left = member.compress_size
        while left > 0 and size <= member.file_size and not inflate.eof:
            packed = file.read(min(left, 1 << 16))
            if not packed:
                raise EOFError
            left -= len(packed)
            while packed and size <= member.file_size:
                size += len(inflate.decompress(packed, 1 << 20))
                packed = inflate.unconsumed_tail
    return size


def detect(path: Path, *, name: str, mapping: Path | None = None) -> str:
    """Return the code of the kind of file; ``mapping`` is a folder of a province's own headings.

    Raises:
        UserError: the file is broken, unsafe, or of no kind the import knows; the message says which kinds it does.
    """
    packing = container(path, name=name)
    found: str | None = None
    if packing == Container.PARQUET:
        found = _columnar(name=name, columns=columnar.parquet_columns(path, name=name))
    elif packing == Container.JSON:
        from motcua.ingest import json_kinds  # noqa: PLC0415 - only JSON needs its readers

        found = json_kinds.recognise(path, name=name)
    else:
        if packing == Container.CSV:
            found = _columnar(name=name, columns=columnar.header(path)[0])
        if found is None and packing == Container.XLSX:
            from motcua.ingest import ranking  # noqa: PLC0415 - only workbooks need it

            found = "ranking" if ranking.recognises(path) else None
        if found is None:
            from motcua.ingest import sheets  # noqa: PLC0415 - only spreadsheets need it

            found = sheets.recognise(path, container=packing, folder=mapping, name=name)
    if found is None:
        known = "; ".join(kind.name_vi for kind in kinds.KINDS.values() if not kind.code.startswith(kinds.COLUMNAR))
        raise UserError(
            "Đọc được tệp nhưng không nhận ra nội dung.",
            remedy=f"Hãy thêm --as và mã loại, hoặc kiểm tra tiêu đề. Các loại: {known}; bảng dạng cột của motcua.",
            where=name,
        )
    return found


def _columnar(*, name: str, columns: list[str]) -> str | None:
    table = columnar.recognise(name=name, columns=columns)
    return kinds.COLUMNAR + table if table else None
