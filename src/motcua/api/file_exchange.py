"""Operations on files: send one before the act that names it, fetch one of a dossier in scope."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import FileResponse
from ninja import File, Status, UploadedFile

from motcua.api import models, schemas
from motcua.api.answering import FAULTS, DossierCode, Number, content, router
from motcua.api.security import Bearer, actor
from motcua.api.tokens import ApiScope
from motcua.dossiers import access, files
from motcua.dossiers.types import Paper
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations.types import StaffRef
from motcua.web import uploads
from motcua.web.middleware import StaffRequest


@router.post("/files", response={201: schemas.KeptFile, **FAULTS}, auth=Bearer(ApiScope.WRITE_DOSSIERS), tags=["Tệp"])
def send_file(request: StaffRequest, file: Annotated[UploadedFile, File()]) -> Any:
    """Gửi một tệp PDF, PNG, JPEG hoặc TIFF (tối đa 20 MB); dùng ``id`` nhận được ở mục ``papers``."""
    kept = uploads.read(file)
    row = models.Upload.objects.create(
        id=uuid.uuid4(),
        staff_id=actor(request).code,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        at=request.now,
    )
    return Status(201, row)


@router.get(
    "/dossiers/{code}/documents/{document}/content",
    response={200: None, **FAULTS},
    auth=Bearer(ApiScope.READ_DOSSIERS),
    tags=["Tệp"],
    openapi_extra=content(*files.SUFFIXES),
)
def fetch_document(request: StaffRequest, code: DossierCode, document: Number) -> Any:
    """Nội dung một tệp của hồ sơ trong phạm vi."""
    row = access.readable(code=code, staff=actor(request), on=local_day(request.now))
    found = row.documents.filter(pk=document).exclude(sha256="").first()
    if found is None:
        raise access.NotVisibleError(code)
    opened = files.path(found.sha256).open("rb")
    return FileResponse(opened, as_attachment=True, filename=found.name, content_type=found.media_type)


def papers(sent: Sequence[schemas.PaperIn], *, staff: StaffRef) -> tuple[Paper, ...]:
    """Return the papers of an act, with the files that the same caller sent before.

    Raises:
        UserError: a file named was never sent by this caller.
    """
    wanted = {paper.file for paper in sent if paper.file is not None}
    known = {row.pk: row for row in models.Upload.objects.filter(pk__in=wanted, staff_id=staff.code)}
    if unknown := wanted - set(known):
        raise UserError(
            f"Chưa có tệp {', '.join(sorted(str(one) for one in unknown))}.",
            remedy="Hãy gửi tệp trước bằng POST /api/v1/files rồi dùng id nhận được.",
        )
    return tuple(_paper(paper, known) for paper in sent)


def _paper(paper: schemas.PaperIn, known: dict[uuid.UUID, models.Upload]) -> Paper:
    if paper.file is None:
        return Paper(component_name=paper.component_name)
    row = known[paper.file]
    kept = files.KeptFile(row.name, row.media_type, row.size, row.sha256)
    return kept.paper(component_name=paper.component_name)
