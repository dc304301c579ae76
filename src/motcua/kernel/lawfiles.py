"""Law files on disk: which version is in force on a day, and what it says."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from motcua.kernel.citation import Certainty, Citation
from motcua.kernel.errors import UserError


def version_on(folder: Path, day: date) -> Path:
    """Return the file ``<effective_from>.toml`` in force on the day: the latest that does not start after it.

    Raises:
        UserError: the folder has no version that old, or none at all.
    """
    versions = {date.fromisoformat(path.stem): path for path in folder.glob("*.toml")}
    in_force = [start for start in versions if start <= day]
    if not in_force:
        raise UserError(
            f"Không có quy định «{folder.name}» có hiệu lực ngày {day:%d/%m/%Y}.",
            remedy="Hãy chọn ngày khác hoặc bổ sung tệp luật có hiệu lực từ ngày đó.",
            where=str(folder),
        )
    return versions[max(in_force)]


def read(path: Path) -> dict[str, Any]:
    """Return the content of a law file.

    Raises:
        UserError: the file is not TOML in UTF-8.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UserError(
            f"Tệp luật không đọc được: {fault}.", remedy="Hãy sửa cú pháp TOML, mã UTF-8.", where=str(path)
        ) from fault


def citation(table: Mapping[str, Any]) -> Citation:
    """Return the citation written as ``{ document, where, certainty }``."""
    return Citation(document=table["document"], where=table["where"], certainty=Certainty(table["certainty"]))
