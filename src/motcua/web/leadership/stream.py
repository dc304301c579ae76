"""Số liệu sống: tells open pages how far the figures have come and which parts of the page that changes.

Server-sent events over WSGI hold a thread each, so streams are few, short and quick to stop; whoever gets none asks the
same question from time to time (``now``). A page that went to sleep says where it stood and is told what came since.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from motcua.eventlog.log import Cursor
from motcua.kernel.time import local, local_day
from motcua.live import figures, news
from motcua.live.figures import Stamp
from motcua.organisations import access
from motcua.organisations import queries as organisations
from motcua.organisations.types import ROLES_SEEING_BELOW
from motcua.runtime import stopping
from motcua.web.leadership import frame
from motcua.web.middleware import StaffRequest
from motcua.web.officer.frame import for_staff

MOST_STREAMS = 8
"""Of one process, which has 32 threads for requests: three quarters of them stay for pages."""

PAUSE = 2.0
"""Seconds between two looks: an open page changes no oftener."""

_ASK_AGAIN = timedelta(seconds=30)
"""How often a stream asks whether its reader is still logged in and still leads the unit."""

_ALL_ROUND = timedelta(seconds=60)
"""Ranks and inherited points hang on other units too: news of theirs are told at most this often."""

_COUNTED = frozenset({"dossier", "unit", "procedure", "contest"})
_PARTS = {"contest": "contests", "steering": "steering"}

_free = threading.BoundedSemaphore(MOST_STREAMS)


@for_staff
@require_GET
def stream(request: StaffRequest, code: str) -> HttpResponseBase:
    """Push what changes about a unit until the page closes, the session ends or the time is up."""
    frame.standing(request, code)
    follower = _Follower(code, _seen(request), request.now, _below(code, request.now))
    may_go_on = _still_allowed(request.session.session_key, code)
    if not _free.acquire(blocking=False):
        return HttpResponse(
            "Đang có nhiều trang cùng theo dõi số liệu.", status=503, content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "60"},
        )  # fmt: skip
    response = StreamingHttpResponse(_Pushing(follower, may_go_on), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    # Compressing would hold back what must go out at once.
    response["Content-Encoding"] = "identity"
    return response


@for_staff
@require_GET
def now(request: StaffRequest, code: str) -> JsonResponse:
    """Answer once what a stream would push: for browsers, proxies and moments that allow no stream."""
    frame.standing(request, code)
    follower = _Follower(code, _seen(request), request.now, _below(code, request.now))
    told = follower.look(figures.stamp(now=request.now))
    return JsonResponse(told or {"parts": []}, headers={"Cache-Control": "no-store"})


@dataclass(slots=True)
class _Follower:
    """Knows what its page has seen, and says what the page does not know yet."""

    code: str
    seen: Cursor
    looked_at: datetime
    units: set[str]
    is_stale: bool = False
    all_round_at: datetime | None = None
    held_from: Cursor | None = None
    """News of other units after this cursor wait for the next round."""

    def look(self, stamp: Stamp) -> dict[str, object] | None:
        """Return what to tell, None where nothing is new."""
        came = news.between(self.seen, stamp.cursor)
        parts = {_PARTS[stream] for stream in came.streams if stream in _PARTS}
        is_own = bool(came.streams & _COUNTED) and (
            came.concerns(self.units) or not came.streams.isdisjoint(_COUNTED - {"dossier"})
        )
        is_own = is_own or news.became_late(after=self.looked_at, until=stamp.now, units=self.units)
        if came.streams & _COUNTED and self.held_from is None:
            self.held_from = self.seen
        is_round = self.all_round_at is None or stamp.now - self.all_round_at >= _ALL_ROUND
        if is_own or (self.held_from is not None and is_round):
            parts.add("figures")
            self.held_from, self.all_round_at = None, stamp.now
        is_news = bool(parts) or stamp.cursor != self.seen or stamp.is_stale != self.is_stale
        self.seen, self.looked_at, self.is_stale = max(self.seen, stamp.cursor), stamp.now, stamp.is_stale
        if not is_news:
            return None
        # A line that breaks now takes up again before what is held back, so that it is told then.
        told = self.held_from or self.seen
        return {
            "at": f"{told.transaction}-{told.position}",
            "parts": sorted(parts),
            "stamp": _words(stamp),
            "stale": stamp.is_stale,
        }


@dataclass(slots=True)
class _Pushing:
    """The stream as an iterator: gives its place back whether or not it was ever begun."""

    follower: _Follower
    may_go_on: Callable[[], bool]
    _steps: Iterator[bytes] = field(init=False)
    _is_open: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        self._steps = self._run()

    def __iter__(self) -> "_Pushing":
        return self

    def __next__(self) -> bytes:
        return next(self._steps)

    def close(self) -> None:
        """Let the next one in; the server calls this when the page has gone."""
        if self._is_open:
            self._is_open = False
            _free.release()

    def _run(self) -> Iterator[bytes]:
        # Ends after some minutes; the browser opens the next one by itself, maybe at another process.
        until = timezone.now() + timedelta(seconds=settings.LIVE_STREAM_SECONDS)
        asked = timezone.now()
        yield b"retry: 5000\n\n"
        while self._is_open:
            moment = timezone.now()
            if moment - asked >= _ASK_AGAIN:
                asked = moment
                if not self.may_go_on():
                    yield b"event: het\ndata: {}\n\n"
                    return
            told = self.follower.look(figures.stamp(now=moment))
            # A line that says nothing finds out whether anybody still listens.
            yield _event(told) if told else b":\n\n"
            if timezone.now() >= until or stopping.wait(PAUSE):
                return


def _event(told: dict[str, object]) -> bytes:
    return f"id: {told['at']}\nevent: figures\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()


def _seen(request: StaffRequest) -> Cursor:
    """Return where the page stands: where its last stream broke off, else where it was written."""
    asked = request.headers.get("Last-Event-ID") or request.GET.get("sau", "")
    first, _, second = asked.partition("-")
    if not (first.isdecimal() and second.isdecimal() and len(asked) < 40):
        return figures.stamp(now=request.now).cursor
    return Cursor(int(first), int(second))


def _still_allowed(session_key: str | None, code: str) -> Callable[[], bool]:
    """Return what asks anew whether the session lives and its person leads the unit: nothing is remembered."""
    store = import_module(settings.SESSION_ENGINE).SessionStore

    def ask() -> bool:
        fresh = HttpRequest()
        fresh.session = store(session_key)
        user = auth.get_user(fresh)
        if not user.is_authenticated or user.pk is None:
            return False
        day = local_day(timezone.now())
        staff = access.staff_of(user.pk, on=day)
        tops = {grant.unit_code for grant in staff.grants if grant.role in ROLES_SEEING_BELOW} if staff else set()
        return any(code in organisations.units_below(top, on=day) for top in tops)

    return ask


def _below(code: str, moment: datetime) -> set[str]:
    return organisations.units_below(code, on=local_day(moment))


def _words(stamp: Stamp) -> str:
    last = f", {local(stamp.last_event_at):%H:%M, %d/%m/%Y}" if stamp.last_event_at else ""
    return f"Tính đến sự kiện số {stamp.cursor.position}{last}; xem lúc {local(stamp.now):%H:%M, %d/%m/%Y}"
