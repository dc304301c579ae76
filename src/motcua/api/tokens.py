"""Tokens of other systems: issue, list, recognise, revoke."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from motcua.api import models
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from motcua.organisations import access
from motcua.organisations.models import Staff
from motcua.organisations.types import StaffRef


class ApiScope(StrEnum):
    """Phạm vi của mã truy cập."""

    READ_CATALOGUE = "catalogue:read"
    READ_DOSSIERS = "dossiers:read"
    WRITE_DOSSIERS = "dossiers:write"


@dataclass(frozen=True, slots=True)
class Caller:
    """Hệ thống đang gọi: the staff member it acts as, and what its token allows."""

    staff: StaffRef
    scopes: frozenset[ApiScope]
    token_name: str


@dataclass(frozen=True, slots=True)
class TokenLine:
    """Mã truy cập as a list shows it: never the token itself."""

    name: str
    staff_code: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@transaction.atomic
def issue(
    *, name: str, staff_code: str, scopes: frozenset[ApiScope], at: datetime, expires_at: datetime, by: str
) -> str:
    """Create a token for a system and return it; it is shown this once and never stored.

    Raises:
        UserError: the name is taken by a living token, there is no such active account, no scope, or no time to live.
    """
    if not name.strip() or not scopes or expires_at <= at:
        raise UserError(
            "Mã truy cập cần có tên, ít nhất một phạm vi và ngày hết hạn ở tương lai.",
            remedy=f"Hãy xem lại tên, phạm vi ({', '.join(ApiScope)}) và thời hạn.",
        )
    if not Staff.objects.filter(code=staff_code, is_active=True).exists():
        raise UserError(
            f"Không có tài khoản cán bộ đang hoạt động mã {staff_code}.",
            remedy="Hãy mở cho hệ thống một tài khoản riêng rồi cấp mã cho tài khoản đó.",
        )
    if models.Token.objects.filter(name=name, revoked_at=None, expires_at__gt=at).exists():
        raise UserError(f"Đã có mã truy cập tên «{name}» còn hiệu lực.", remedy="Hãy thu hồi mã cũ hoặc đặt tên khác.")
    token = f"mc_{secrets.token_urlsafe(32)}"
    models.Token.objects.create(
        digest=_digest(token),
        name=name,
        staff_id=staff_code,
        scopes=sorted(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    content = {"name": name, "scopes": sorted(scopes), "expires_at": expires_at.isoformat()}
    log.record(stream="staff", subject=staff_code, kind="TokenIssued", at=at, by=by, content=content)
    return token


@transaction.atomic
def revoke(*, name: str, at: datetime, by: str) -> int:
    """End every token of this name now; return how many there were."""
    rows = list(models.Token.objects.select_for_update().filter(name=name, revoked_at=None))
    for row in rows:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        log.record(stream="staff", subject=row.staff_id, kind="TokenRevoked", at=at, by=by, content={"name": name})
    return len(rows)


def issued() -> list[TokenLine]:
    """Return every token ever issued, newest first."""
    return [
        TokenLine(row.name, row.staff_id, tuple(row.scopes), row.created_at, row.expires_at, row.revoked_at)
        for row in models.Token.objects.order_by("-created_at", "name")
    ]


def recognise(token: str, *, now: datetime) -> Caller | None:
    """Return who the token acts as and within which scopes; None for a wrong, expired or revoked one.

    The token is looked up by its digest, so the time that takes tells nothing of how near a guess was.
    """
    row = (
        models.Token.objects.filter(digest=_digest(token), revoked_at=None, expires_at__gt=now)
        .select_related("staff")
        .first()
    )
    if row is None:
        return None
    staff = access.staff_of(row.staff.user_id, on=local_day(now))
    return Caller(staff, frozenset(ApiScope(scope) for scope in row.scopes), row.name) if staff else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
