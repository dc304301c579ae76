"""Asking for pages as people of the shared world: moments near now, what was sent in, acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from motcua.catalogue.types import Channel
from motcua.dossiers import law, models, online
from motcua.kernel.time import local, local_day
from world import an_intake

Browser = Callable[[str | None], Client]


def now_text(*, days: float = 0) -> str:
    """Return a moment near now as the world reads it; pages act at the present moment."""
    return local(timezone.now() + timedelta(days=days)).isoformat(" ", "minutes")[:16]


def sent_in(**changes: object) -> str:
    now = timezone.now()
    intake = an_intake(**{"channel": Channel.ONLINE, **changes})
    return online.submit(intake, by="cong-dvc", role="exchange", at=now, rulebook=law.rulebook(on=local_day(now))).code


def text(response: Any) -> str:
    return str(response.content.decode())


def act(client: Client, code: str, act: str, *, version: int | None = None, **typed: object) -> Any:
    number = models.Dossier.objects.get(code=code).version_number if version is None else version
    data = {"phien_ban": number, **{f"{act}-{name}": value for name, value in typed.items()}}
    return client.post(f"/can-bo/ho-so/{code}/viec/{act}/", data)
