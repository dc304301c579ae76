"""Files that come with a page's form; what may be stored is for ``dossiers.files`` to say."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from motcua.dossiers import files
from motcua.dossiers.types import Paper
from motcua.kernel.errors import UserError


def stored(file: UploadedFile[Any], *, component_name: str) -> Paper:
    """Check and store an uploaded file.

    Raises:
        UserError: ``dossiers.files`` refuses it, with the reason and what to do.
    """
    return read(file).paper(component_name=component_name)


def read(file: UploadedFile[Any]) -> files.KeptFile:
    """Check and store an uploaded file that is not yet a paper of anything.

    Raises:
        UserError: as above; a file that is too large is refused before it is read into memory.
    """
    name = str(file.name or "")
    if file.size is None or file.size > files.MAXIMUM_BYTES:
        raise UserError(
            f"Tệp «{files.shown_name(name)}» lớn hơn 20 MB.", remedy="Hãy quét lại ở 200 dpi hoặc tách tệp."
        )
    return files.keep(file.read(), name=name)
