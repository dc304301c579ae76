"""Dossier lists (danh sách hồ sơ) of iGate and Tan Dan, as workbooks or CSV."""

from collections.abc import Iterator
from pathlib import Path

from motcua.ingest import sheets_dossiers
from motcua.ingest.reading import Batch, ImportContext


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read a dossier list; the channel is not in it and stays unknown.

    Raises:
        UserError: the file cannot be opened or holds no such list.
    """
    return sheets_dossiers.read(path, context=context, kinds={"dossier-list"})
