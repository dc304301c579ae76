"""Pages for what went wrong: what, why, what to do. Never a bare number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.contests import access as contests
from motcua.dossiers import access
from motcua.kernel.errors import UserError


def refused(request: HttpRequest, error: UserError) -> HttpResponse:
    """Show a refusal; what is out of scope answers as what does not exist."""
    is_hidden = isinstance(error, access.NotVisibleError | contests.NotVisibleError)
    status = 404 if is_hidden else 409 if isinstance(error, access.StaleError) else 422
    return _page(request, title="Chưa thực hiện được", what=error.what, remedy=error.remedy, status=status)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open for too long, or that cookies are off."""
    del reason
    return _page(
        request,
        title="Trang đã mở quá lâu",
        what="Phiên làm việc của trang này đã hết hoặc trình duyệt đang chặn cookie.",
        remedy="Hãy quay lại, tải lại trang rồi gửi lại; nội dung đã gõ vẫn còn trong trình duyệt.",
        status=403,
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    del exception
    return _page(
        request,
        title="Không có trang này",
        what="Địa chỉ không đúng, hoặc nội dung không còn.",
        remedy="Hãy kiểm tra lại địa chỉ, hoặc bắt đầu từ trang chủ.",
        status=404,
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the account may not do this."""
    del exception
    return _page(
        request,
        title="Không có quyền",
        what="Tài khoản này không có quyền ở trang này.",
        remedy="Nếu cần, hãy liên hệ quản trị hệ thống của đơn vị.",
        status=403,
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return _page(
        request,
        title="Hệ thống gặp lỗi",
        what="Việc vừa làm chưa được ghi nhận.",
        remedy="Hãy thử lại sau ít phút; nếu vẫn lỗi, hãy báo quản trị hệ thống kèm giờ xảy ra.",
        status=500,
    )


def _page(request: HttpRequest, *, title: str, what: str, remedy: str, status: int) -> HttpResponse:
    context = {"title": title, "what": what, "remedy": remedy}
    return render(request, "fault.html", context, status=status)
