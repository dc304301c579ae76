"""What every operation of the interface says of its failures, and the names its addresses take."""

from typing import Annotated, Any

from ninja import Path, Router

from motcua.api import schemas

router = Router()
"""Every operation is on this one: an address with several methods must not be split between two."""
FAULTS: dict[int, type[schemas.Fault]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422), schemas.Fault)
"""Every failure has one form; 401 and 403 come from the token, 413 from the size of the body."""

DossierCode = Annotated[str, Path(max_length=60, pattern=r"^[A-Z0-9][A-Z0-9.\-]*$")]
ProcedureCode = Annotated[str, Path(max_length=60, pattern=r"^[0-9A-Za-z][0-9A-Za-z.\-]*$")]
Word = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z_]*$")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def content(*media_types: str) -> dict[str, Any]:
    """Return what the description says of an answer that is a file."""
    kinds = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {"responses": {200: {"description": "Nội dung tệp", "content": kinds}}}
