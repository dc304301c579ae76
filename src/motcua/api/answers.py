"""Do what is asked once, however often it is asked under one key."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from motcua.api import models
from motcua.dossiers.types import Outcome
from motcua.kernel.errors import UserError

KEPT = timedelta(days=30)
"""How long an answer is given again; ``motcua seal`` removes older ones once a day."""


class KeyUsedError(UserError):
    """The key was used for another request: doing either would be a guess."""

    def __init__(self) -> None:
        super().__init__(
            "Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác.",
            remedy="Hãy tạo khóa mới cho mỗi yêu cầu mới; chỉ gửi lại khóa cũ kèm đúng nội dung cũ.",
        )


def once(
    *, actor: str, key: str, asked: str, status: int, at: datetime, perform: Callable[[], Outcome]
) -> tuple[int, dict[str, Any]]:
    """Return the answer given the first time, performing only then; the answer is stored with what was done.

    A refusal is not stored: what was refused has not been done, and may be possible later.

    Raises:
        KeyUsedError: the key was used for something else.
    """
    digest = hashlib.sha256(asked.encode()).hexdigest()
    with transaction.atomic():
        # The key is taken first: the same request sent twice at once waits here for the other's end, and then finds
        # its answer (or, where that one was refused, tries for itself).
        if _take(actor=actor, key=key, digest=digest, at=at):
            answer: dict[str, Any] = json.loads(json.dumps(asdict(perform()), cls=DjangoJSONEncoder))
            models.Answered.objects.filter(actor=actor, key=key).update(status=status, answer=answer)
            return status, answer
        known = models.Answered.objects.get(actor=actor, key=key)
    if known.request_digest != digest:
        raise KeyUsedError
    return known.status, known.answer


def forget(*, before: datetime) -> int:
    """Remove answers older than the moment; return how many."""
    return models.Answered.objects.filter(at__lt=before).delete()[0]


def _take(*, actor: str, key: str, digest: str, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_answered (actor, key, request_digest, status, answer, at)"
            " VALUES (%s, %s, %s, 0, '{}', %s) ON CONFLICT DO NOTHING",
            [actor, key, digest, at],
        )
        return bool(cursor.rowcount == 1)
