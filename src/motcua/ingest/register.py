"""The register (sổ theo dõi hồ sơ) and the annex of late dossiers (phụ lục hồ sơ quá hạn)."""

from collections.abc import Iterator
from pathlib import Path

from motcua.ingest import sheets_dossiers
from motcua.ingest.reading import Batch, ImportContext


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read a register or an annex; a workbook may hold both.

    Raises:
        UserError: the file cannot be opened or holds neither.
    """
    return sheets_dossiers.read(path, context=context, kinds={"register", "overdue"})
