"""Operations that read dossiers, within the scope of the staff account the calling system acts as."""

from typing import Annotated, Any

from ninja import Query

from motcua.api import schemas
from motcua.api.answering import FAULTS, DossierCode, router
from motcua.api.security import Bearer, actor
from motcua.api.tokens import ApiScope
from motcua.catalogue.types import Channel
from motcua.dossiers import access, law, models, queries
from motcua.dossiers.queries import VIEW_NAMES, Filters, View
from motcua.kernel.time import local_day
from motcua.web.middleware import StaffRequest
from motcua.workflow import rules

_READ = Bearer(ApiScope.READ_DOSSIERS)
_COUNTED = tuple(view for view in View if view not in {View.ALL, View.SENT_BACK})
"""Lists that hold work in hand; counting the others would cost more the longer the desk is used."""


@router.get("/dossiers", response={200: schemas.Page, **FAULTS}, auth=_READ, tags=["Hồ sơ"])
def list_dossiers(
    request: StaffRequest,
    *,
    view: View = View.OPEN,
    q: Annotated[str, Query(max_length=200, pattern=schemas.NO_NUL)] = "",
    unit: Annotated[str, Query(max_length=60, pattern=schemas.NO_NUL)] = "",
    procedure: Annotated[str, Query(max_length=60, pattern=schemas.NO_NUL)] = "",
    channel: Channel | None = None,
    after: Annotated[str, Query(max_length=500, pattern="^[A-Za-z0-9_-]*$")] = "",
    size: Annotated[int, Query(ge=1, le=200)] = queries.PAGE_ROWS,
) -> Any:
    """Danh sách hồ sơ trong phạm vi, theo thời hạn; trang sau lấy bằng ``after`` = ``next`` của trang trước."""
    filters = Filters(text=q, unit_code=unit, procedure_code=procedure, channel=channel.value if channel else 0)
    return queries.work_list(view, staff=actor(request), now=request.now, filters=filters, after=after, size=size)


@router.get("/counts", response={200: list[schemas.Count], **FAULTS}, auth=_READ, tags=["Hồ sơ"])
def count_dossiers(request: StaffRequest) -> Any:
    """Số hồ sơ của từng danh sách việc trong phạm vi."""
    numbers = queries.counts(_COUNTED, staff=actor(request), now=request.now)
    return [{"view": view, "name": VIEW_NAMES[view], "count": number} for view, number in numbers.items()]


@router.get("/dossiers/{code}", response={200: schemas.Dossier, **FAULTS}, auth=_READ, tags=["Hồ sơ"])
def get_dossier(request: StaffRequest, code: DossierCode) -> Any:
    """Một hồ sơ; ``version_number`` dùng khi thực hiện hành động."""
    return _shown(_readable(request, code))


@router.get("/dossiers/{code}/history", response={200: list[schemas.Happened], **FAULTS}, auth=_READ, tags=["Hồ sơ"])
def get_history(request: StaffRequest, code: DossierCode) -> Any:
    """Diễn biến, cũ trước, với họ tên và chức danh người xử lý."""
    return queries.history(_readable(request, code))


@router.get("/dossiers/{code}/documents", response={200: list[schemas.Document], **FAULTS}, auth=_READ, tags=["Hồ sơ"])
def list_documents(request: StaffRequest, code: DossierCode) -> Any:
    """Giấy tờ đã nộp và kết quả."""
    return [
        {
            "id": one.pk,
            "component_name": one.component_name,
            "name": one.name,
            "media_type": one.media_type,
            "size": one.size,
            "copy_kind": one.copy_kind,
            "is_result": one.is_result,
            "has_file": bool(one.sha256),
            "at": one.at,
        }
        for one in _readable(request, code).documents.order_by("pk")
    ]


@router.get("/dossiers/{code}/acts", response={200: list[schemas.OpenAct], **FAULTS}, auth=_READ, tags=["Hồ sơ"])
def list_acts(request: StaffRequest, code: DossierCode) -> Any:
    """Hành động mà luật và vai trò cho phép lúc này, kèm điều luật đòi hỏi ở mỗi hành động."""
    row = _readable(request, code)
    offered = rules.open_acts(
        rulebook=law.rulebook(on=local_day(request.now)),
        local_state=row.local_state,
        roles=access.roles_on(row, actor(request)),
    )
    return [{"code": act.code, "name": act.name_vi, "demands": list(act.demands)} for act in offered]


def _readable(request: StaffRequest, code: str) -> models.Dossier:
    return access.readable(code=code, staff=actor(request), on=local_day(request.now))


def _shown(row: models.Dossier) -> dict[str, object]:
    return {
        "code": row.code,
        "procedure_code": row.procedure_id,
        "case_code": row.case_code,
        "state": row.state,
        "local_state": row.local_state,
        "version_number": row.version_number,
        "channel": row.channel,
        "receiving_unit": row.receiving_unit_id,
        "competent_unit": row.competent_unit_id,
        "current_unit": row.current_unit_id,
        "assignee": row.assignee_id,
        "owner": row.owner,
        "return_form": row.return_form,
        "received_at": row.received_at,
        "due_at": row.due_at,
        "is_paused": row.paused_since is not None,
        "ended_at": row.ended_at,
        "returned_at": row.returned_at,
    }
