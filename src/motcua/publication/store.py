"""The folder of what was published: every file under its own sha256, written once, never changed."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from motcua.kernel.errors import UserError
from motcua.publication import canonical


@dataclass(frozen=True, slots=True)
class Store:
    """Kho bản công bố below the data folder (``MOTCUA_HOME/publications``)."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their sha256; the same bytes are kept once.

        The file appears whole or not at all: it is written beside and moved into place.
        """
        digest = canonical.sha256(content)
        path = self._path(digest)
        if path.is_file() and canonical.sha256(path.read_bytes()) == digest:
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes.

        Raises:
            UserError: the file is gone, or is not what it was.
        """
        path = self._path(digest)
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise UserError(
                f"Không còn tệp đã công bố {digest[:12]}….",
                remedy="Hãy khôi phục thư mục publications từ bản sao lưu.",
                where=str(path),
            ) from fault
        if canonical.sha256(content) != digest:
            raise UserError(
                f"Tệp đã công bố {digest[:12]}… bị thay đổi: mã băm không khớp.",
                remedy="Hãy khôi phục tệp này từ bản sao lưu và tìm nguyên nhân.",
                where=str(path),
            )
        return content

    def has(self, digest: str) -> bool:
        """Tell whether a file of this name is there, without reading it."""
        return self._path(digest).is_file()

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest
