"""Operations on the catalogue, the units and the public board: what anybody with a token may read."""

from dataclasses import asdict
from typing import Annotated, Any

from django.http import Http404
from ninja import Query

from motcua.api import schemas
from motcua.api.answering import FAULTS, ProcedureCode, router
from motcua.api.security import Bearer, caller
from motcua.api.tokens import ApiScope
from motcua.catalogue import queries as catalogue
from motcua.dossiers import queries
from motcua.kernel.time import local_day
from motcua.organisations import queries as organisations
from motcua.web.middleware import StaffRequest

_READ = Bearer(ApiScope.READ_CATALOGUE)


@router.get("/me", response={200: schemas.Me, **FAULTS}, auth=Bearer(None), tags=["Kết nối"])
def me(request: StaffRequest) -> Any:
    """Hệ thống đang gọi là ai, có phạm vi nào: dùng để thử kết nối."""
    found = caller(request)
    return {
        "token": found.token_name,
        "staff_code": found.staff.code,
        "name": found.staff.name,
        "job_title": found.staff.job_title,
        "unit_code": found.staff.unit_code,
        "roles": sorted(found.staff.roles),
        "scopes": sorted(found.scopes),
    }


@router.get("/units", response={200: list[schemas.Unit], **FAULTS}, auth=_READ, tags=["Danh mục"])
def list_units(request: StaffRequest) -> Any:
    """Đơn vị đang hoạt động hôm nay."""
    return [asdict(unit) for unit in organisations.units(on=local_day(request.now))]


@router.get("/procedures", response={200: list[schemas.ProcedureCard], **FAULTS}, auth=_READ, tags=["Danh mục"])
def find_procedures(
    request: StaffRequest,
    q: Annotated[str, Query(max_length=200, pattern=schemas.NO_NUL)] = "",
    unit: Annotated[str, Query(max_length=60, pattern=schemas.NO_NUL)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Any:
    """Tìm thủ tục đang công khai theo tên, mã hoặc lĩnh vực, không cần dấu; ``unit``: chỉ thủ tục đơn vị đó nhận."""
    return catalogue.search(q, limit=limit, unit_code=unit or None, on=local_day(request.now))


@router.get("/procedures/{code}", response={200: schemas.Procedure, **FAULTS}, auth=_READ, tags=["Danh mục"])
def get_procedure(request: StaffRequest, code: ProcedureCode) -> Any:
    """Một thủ tục với thời hạn, phí, thành phần và nơi giải quyết, theo phiên bản có hiệu lực hôm nay."""
    today = local_day(request.now)
    found = catalogue.in_force(code, on=today)
    if found is None:
        raise Http404
    return {
        "code": found.code,
        "name": found.name,
        "sector": found.sector,
        "online_level": found.online_level,
        "decision_number": found.decision_number,
        "sequence": found.sequence,
        "agency": found.agency,
        "requires_result": found.requires_result,
        "requirements": found.requirements,
        "legal_bases": found.legal_bases,
        "results": found.results,
        "cases": [{"code": case, "name": name} for case, name in found.cases],
        "terms": [
            {
                "channel": term.channel,
                "case_code": term.case_code,
                "fee_dong": term.fee_dong,
                "limit_amount": term.limit.amount if term.limit else None,
                "limit_unit": term.limit.unit if term.limit else None,
            }
            for term in found.terms
        ],
        "components": [asdict(one) for one in found.components],
        "units": catalogue.units_handling(code, on=today),
    }


@router.get("/board", response={200: list[schemas.BoardLine], **FAULTS}, auth=_READ, tags=["Danh mục"])
def get_board(request: StaffRequest) -> Any:
    """Tiến độ công khai theo đơn vị: chỉ số lượng, không có dữ liệu cá nhân."""
    return [asdict(line) for line in queries.board(now=request.now)]
