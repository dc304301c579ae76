"""The interface /api/v1 put together: its operations, and how it answers what goes wrong."""

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from motcua.api import acting, answering, catalogue_reading, dossier_reading, file_exchange, form_exchange
from motcua.api.answers import KeyUsedError
from motcua.api.security import ScopeError, TooLargeError
from motcua.dossiers import access
from motcua.kernel.errors import UserError

api = NinjaAPI(
    title="Một Cửa",
    version="1",
    description=(
        "Danh mục thủ tục và hồ sơ một cửa, theo đúng phạm vi dữ liệu của hệ thống gọi. "
        "Mọi lỗi có dạng {what, remedy} bằng tiếng Việt."
    ),
    urls_namespace="api",
    docs_url=None,
    openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
)
PARTS = (catalogue_reading, dossier_reading, acting, file_exchange, form_exchange)
"""Modules whose operations are on the router once they are imported."""

api.add_router("", answering.router)

_STATUSES: tuple[tuple[type[UserError], int], ...] = (
    (access.NotVisibleError, 404),
    (access.StaleError, 409),
    (KeyUsedError, 422),
    (ScopeError, 403),
    (TooLargeError, 413),
)


@api.exception_handler(UserError)
def refused(request: HttpRequest, error: UserError) -> HttpResponse:
    """Answer what is wrong and what to do; what is out of scope reads as not existing."""
    status = next((code for kind, code in _STATUSES if isinstance(error, kind)), 422)
    where = f" ({error.where})" if error.where else ""
    return _fault(request, f"{error.what}{where}", error.remedy, status)


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
    """Say that a token is needed, the same for none, a wrong, an expired and a revoked one."""
    response = _fault(
        request,
        "Thiếu mã truy cập, hoặc mã sai, hết hạn, đã thu hồi.",
        "Hãy gửi đầu mục Authorization: Bearer <mã> còn hiệu lực.",
        401,
    )
    response["WWW-Authenticate"] = 'Bearer realm="motcua"'
    return response


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the fields at fault, never what they held: it may be personal data."""
    places = sorted({".".join(str(step) for step in one.get("loc", ())) for one in error.errors})
    return _fault(
        request, f"Dữ liệu gửi lên không đúng ở: {', '.join(places)}.", "Hãy sửa theo /api/v1/openapi.json.", 422
    )


@api.exception_handler(DataError)
def unstorable(request: HttpRequest, _: DataError) -> HttpResponse:
    """Answer a value that the database has no place for."""
    return _fault(request, "Nội dung gửi lên có giá trị không lưu được.", "Hãy sửa giá trị rồi gửi lại.", 422)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that is no JSON, or no form."""
    return _fault(
        request, "Không đọc được nội dung gửi lên.", "Hãy gửi đúng dạng trong /api/v1/openapi.json.", error.status_code
    )


@api.exception_handler(Http404)
def missing(request: HttpRequest, _: Http404) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return _fault(request, "Không có nội dung này.", "Hãy kiểm tra lại địa chỉ.", 404)


def _fault(request: HttpRequest, what: str, remedy: str, status: int) -> HttpResponse:
    return api.create_response(request, {"what": what, "remedy": remedy}, status=status)
