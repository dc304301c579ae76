"""The same lifecycles over HTTP: granian with its workers, a token for each person, an Idempotency-Key for each act.

Every request passes the whole of it: the socket, the token, the scope, the law, one transaction with its event and its
answer kept for a repetition. The callers are threads of the measuring process and take their share of the processor.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

SECONDS = 15.0
CALLERS = 4
WORKERS = 2
READY_WITHIN_SECONDS = 120
STORY: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("forward", "clerk", {"unit": "H99.101"}),
    ("take", "officer", {}),
    ("submit_for_signature", "officer", {"draft": "01"}),
    ("approve", "leader", {"draft": "01"}),
    ("resolve", "records", {"result": "01"}),
    ("hand_over", "clerk", {"recipient_name": "Chủ hồ sơ", "handed_over_by": "direct"}),
)
INTAKE = {
    "procedure_code": "1.001193",
    "channel": 1,
    "competent_unit": "H99.101",
    "owner": {"name": "Nguyễn Văn Thử", "phone": "0900000001", "identity_number": "000000000001"},
    "papers": [{"component_name": "Tờ khai"}, {"component_name": "Giấy chứng sinh"}],
}


def measure() -> dict[str, list[float]]:
    """Return the seconds of every request by act, and under ``lifecycles/s`` how many lifecycles a second there were.

    Raises:
        RuntimeError: the server refused a request: what is refused is no measurement.
    """
    tokens = _tokens()
    taken: dict[str, list[float]] = defaultdict(list)
    faults: list[Exception] = []
    with _served() as port:
        _lifecycle(port, tokens, defaultdict(list))  # the first one loads the law
        until = time.perf_counter() + SECONDS

        def call() -> None:
            try:
                while time.perf_counter() < until:
                    _lifecycle(port, tokens, taken)
            except Exception as fault:  # noqa: BLE001 - told to the measuring thread below
                faults.append(fault)

        started = time.perf_counter()
        callers = [threading.Thread(target=call) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        seconds = time.perf_counter() - started
    if faults:
        raise faults[0]
    return {**taken, "lifecycles/s": [len(taken["search"]) / seconds]}


def show(size: int, found: Mapping[str, list[float]]) -> None:
    """Print the table of one size: median and p95 of each act."""
    print(f"\nThe desk over HTTP, {size:,} dossiers, {WORKERS} workers, {CALLERS} callers: ", end="")
    print(f"{found['lifecycles/s'][0]:.1f} lifecycles/s")
    print(f"{'act':>24}{'requests':>12}{'median ms':>12}{'p95 ms':>12}")
    for act, seconds in found.items():
        if act != "lifecycles/s":
            ordered = sorted(seconds)
            middle, high = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
            print(f"{act:>24}{len(ordered):>12,}{1000 * middle:>12.1f}{1000 * high:>12.1f}")


def _tokens() -> dict[str, str]:
    from django.utils import timezone

    from motcua.api import tokens

    now = timezone.now()
    return {
        part: tokens.issue(
            name=f"do-toc-do-{part}",
            staff_code=f"cb-{part}",
            scopes=frozenset(tokens.ApiScope),
            at=now,
            expires_at=now + timedelta(hours=1),
            by="bench",
        )
        for part in ("clerk", "officer", "leader", "records")
    }


@contextmanager
def _served() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = subprocess.Popen([
        sys.executable, "-m", "granian", "--interface", "wsgi", "motcua.config.wsgi:application", "--host",
        "127.0.0.1", "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "32", "--log-level", "error",
    ], env={**os.environ, "PYTHONWARNINGS": "ignore"})  # fmt: skip
    try:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server does not answer")
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as caller:
        try:
            # Without a token it refuses, and so it is there; pages would need their static files.
            caller.request("GET", "/api/v1/me")
            return caller.getresponse().status == http.HTTPStatus.UNAUTHORIZED
        except OSError:
            return False


def _lifecycle(port: int, tokens: Mapping[str, str], taken: dict[str, list[float]]) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:

        def ask(name: str, by: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
            headers = {"Authorization": f"Bearer {tokens[by]}", "Content-Type": "application/json"}
            if body is not None:
                headers["Idempotency-Key"] = uuid.uuid4().hex
            at = time.perf_counter()
            sent = None if body is None else json.dumps(body)
            line.request("GET" if body is None else "POST", f"/api/v1{path}", sent, headers)
            answer = line.getresponse()
            content = answer.read()
            taken[name].append(time.perf_counter() - at)
            if answer.status >= http.HTTPStatus.BAD_REQUEST:
                raise RuntimeError(f"{name}: {answer.status} {content.decode()[:500]}")
            return json.loads(content)

        outcome = ask("receive", "clerk", "/dossiers", INTAKE)
        code = outcome["code"]
        for act, by, given in STORY:
            body = {"version_number": outcome["version_number"], **given}
            outcome = ask(act, by, f"/dossiers/{code}/acts/{act}", body)
        found = ask("search", "clerk", f"/dossiers?view=all&q={code[-11:]}")
        if code not in json.dumps(found):
            raise RuntimeError(f"{code} is not found again")
