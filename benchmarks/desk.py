"""The one-stop desk on PostgreSQL: lifecycles a second, search and work lists, at 100,000 and 1,000,000 dossiers.

One lifecycle is what a dossier goes through at least: received, forwarded, taken, submitted for signature, approved,
resolved, handed over, and found again by search; each act through the same action that a page calls, one transaction
with its event each; then the same over HTTP (``desk_http``). The floor beside it is what PostgreSQL itself takes for as
many transactions that insert one row.
"""

import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import desk_http
from motcua.kernel.time import VIETNAM

SIZES = (100_000, 1_000_000)
SECONDS = 15.0
CLERKS = 4
COLUMNS = (
    "lifecycles/s", "acts/s", "act p95 ms", "search p95 ms", "list p95 ms", "filtered p95", "floor tx/s", "filled in s",
)  # fmt: skip
OPEN = 3_000
"""Open dossiers whatever the history: a unit's work in hand does not grow with its archive."""

FILL = """
INSERT INTO dossiers_applicant (kind, name, identity_number, phone, email, address)
SELECT 'person', 'Người thử ' || n, lpad(n::text, 12, '0'), '09' || lpad((n %% 100000000)::text, 8, '0'), '', ''
FROM generate_series(1, 20000) n;
INSERT INTO dossiers_dossier (code, procedure_id, version_id, case_code, channel, receiving_unit_id, competent_unit_id,
    current_unit_id, owner_id, subject, copies, state, local_state, step_order, version_number, submitted_at,
    received_at, due_at, portal_due_at, deadline_rule, calendar_version,
    supplement_count, extension_count, resolved_at, ended_at,
    returned_at, return_form, tracking_secret, was_submitted_on_behalf, was_paper_copy_demanded, search_key)
SELECT 'H99.101-' || to_char(at, 'YYMMDD') || '-' || lpad(n::text, 7, '0'), %(procedure)s, %(version)s, '',
    1 + n %% 3, unit, unit, unit, %(applicant)s + n %% 20000, '', 1, CASE WHEN is_open THEN 4 ELSE 10 END,
    CASE WHEN is_open THEN 'in_progress' ELSE 'handed_over' END, 3, 7, at, at,
    at + interval '7 days', at + interval '7 days', '', '', 0, 0,
    CASE WHEN is_open THEN NULL ELSE at + interval '4 days' END,
    CASE WHEN is_open THEN NULL ELSE at + interval '4 days' END,
    CASE WHEN is_open THEN NULL ELSE at + interval '5 days' END,
    'counter', 's', false, false, ' h99 101 ' || to_char(at, 'YYMMDD') || ' ' || lpad(n::text, 7, '0') || ' nguoi thu '
    || (1 + n %% 20000) || ' dang ky khai sinh '
FROM (SELECT n, n > %(size)s - %(open)s AS is_open,
        CASE n %% 2 WHEN 0 THEN 'H99.101' ELSE 'H99.102' END AS unit,
        %(now)s::timestamptz - CASE WHEN n > %(size)s - %(open)s THEN interval '5 days' * random()
            ELSE interval '20 days' + interval '1 year' * (n::float / %(size)s) END AS at
      FROM generate_series(1, %(size)s) n) made;
INSERT INTO dossiers_participation (dossier_id, unit_id) SELECT code, competent_unit_id FROM dossiers_dossier;
"""
EVENTS = """
INSERT INTO eventlog_loggedevent (transaction, stream, subject, version, kind, at, recorded_at, by, content,
    previous, hash)
SELECT 0, 'dossier', code, 0, kind, received_at, received_at, 'cb-clerk', '{"state": 4}', '', ''
FROM dossiers_dossier, unnest(ARRAY['DossierReceived', 'DossierForwarded', 'DossierResolved', 'ResultHandedOver']) kind
"""


def run(*, size: str = "full") -> None:
    """Measure at each size and print one table."""
    sizes = SIZES[:1] if size == "small" else SIZES
    print("\nThe desk on PostgreSQL, 2 processes of clerks, one lifecycle = 7 acts + 1 search")
    heads = ("dossiers", *COLUMNS)
    print("".join(f"{head:>14}" for head in heads))
    first, over_http = None, []
    for dossiers in sizes:
        with tempfile.TemporaryDirectory(prefix="motcua-bench-") as home:
            row, http = _measure(dossiers, Path(home))
        first = first or row[COLUMNS[0]]
        over_http.append((dossiers, http))
        cells = "".join(f"{row[column]:>14,.1f}" for column in COLUMNS)
        share = f"   ({row[COLUMNS[0]] / first:.0%} of the smaller size)" if dossiers != sizes[0] else ""
        print(f"{dossiers:>14,}{cells}{share}")
    for dossiers, http in over_http:
        desk_http.show(dossiers, http)


def _measure(size: int, home: Path) -> tuple[dict[str, float], dict[str, list[float]]]:
    child = multiprocessing.get_context("spawn")
    parent_end, child_end = child.Pipe()
    process = child.Process(target=_in_own_process, args=(size, str(home), child_end))
    process.start()
    child_end.close()  # or a measurement that failed would be waited for without end
    row, http = parent_end.recv()
    process.join()
    return row, http


def _prepare(home: str) -> None:
    os.environ["MOTCUA_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.config.settings"
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    import django

    django.setup()


def _in_own_process(size: int, home: str, answer: object) -> None:
    _prepare(home)
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    import world as the_world

    the_world.build()
    started = time.perf_counter()
    _fill(size)
    filled = time.perf_counter() - started
    row = {"filled in s": filled, "floor tx/s": _floor()}
    row.update(_clerks(home))
    row.update(_lists())
    http = desk_http.measure()
    connection.close()
    answer.send((row, http))  # type: ignore[attr-defined]


def _fill(size: int) -> None:
    from django.db import connection

    from motcua.catalogue.models import ProcedureVersion

    version = ProcedureVersion.objects.get(procedure_id="1.001193")
    values: dict[str, Any] = {
        "size": size,
        "open": OPEN,
        "procedure": "1.001193",
        "version": version.pk,
        "applicant": 1,
        "now": datetime(2026, 3, 2, 1, tzinfo=UTC),
    }
    with connection.cursor() as cursor:
        for statement in filter(str.strip, FILL.split(";\n")):
            cursor.execute(statement, values)
        cursor.execute(EVENTS)
        cursor.execute("VACUUM ANALYZE")


def _floor() -> float:
    """Return how many transactions of one inserted row each PostgreSQL commits a second, one connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE floor (n int)")
        started, count = time.perf_counter(), 0
        while time.perf_counter() - started < 3:
            cursor.execute("INSERT INTO floor VALUES (1)")
            count += 1
        cursor.execute("DROP TABLE floor")
    return count / (time.perf_counter() - started)


def _clerks(home: str) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    pipes = []
    for number in range(2):
        ours, theirs = context.Pipe()
        process = context.Process(target=_clerk, args=(home, number, theirs))
        process.start()
        pipes.append((process, ours))
    answers = [ours.recv() for _, ours in pipes]
    for process, _ in pipes:
        process.join()
    acts = sorted(one for answer in answers for one in answer["acts"])
    searches = sorted(one for answer in answers for one in answer["searches"])
    seconds = statistics.mean(answer["seconds"] for answer in answers)
    return {
        "lifecycles/s": sum(answer["lifecycles"] for answer in answers) / seconds,
        "acts/s": len(acts) / seconds,
        "act p95 ms": 1000 * acts[int(len(acts) * 0.95)],
        "search p95 ms": 1000 * searches[int(len(searches) * 0.95)],
    }


def _clerk(home: str, number: int, answer: object) -> None:
    _prepare(home)
    from django.db import connection

    import world as the_world
    from motcua.dossiers import models, queries
    from motcua.organisations import access
    from motcua.organisations.models import Staff

    world = the_world.World()
    for row in Staff.objects.all():
        found = access.staff_of(row.user_id, on=datetime(2026, 3, 2, tzinfo=UTC).date())
        assert found is not None
        world.people[row.code.removeprefix("cb-")] = found
    story: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("forward", "clerk", {"unit": "H99.101"}),
        ("take", "officer", {}),
        ("submit_for_signature", "officer", {"draft": "01"}),
        ("approve", "leader", {"draft": "01"}),
        ("resolve", "records", {"result": "01"}),
        ("hand_over", "clerk", {"recipient_name": "Chủ hồ sơ", "handed_over_by": "direct"}),
    )
    acts, searches, lifecycles = [], [], 0
    # Clocks side by side: the 0302nd of the day is found with all others of 260302, and a page shows the newest 50.
    moment = datetime(2026, 3, 2, 9, 0, number, tzinfo=VIETNAM)
    started = time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        moment += timedelta(seconds=1)
        when = f"{moment:%Y-%m-%d %H:%M:%S}"
        at = time.perf_counter()
        version = 1
        code = world.received(when)
        acts.append(time.perf_counter() - at)
        for act, by, given in story:
            at = time.perf_counter()
            version = world.do(act, code, by=by, when=when, version=version, **given).version_number
            acts.append(time.perf_counter() - at)
        at = time.perf_counter()
        filters = queries.Filters(text=code[-11:])
        rows = queries.work_list(queries.View.ALL, staff=world["clerk"], now=the_world.at(when), filters=filters).rows
        searches.append(time.perf_counter() - at)
        assert code in {row.code for row in rows}
        lifecycles += 1
    seconds = time.perf_counter() - started
    assert models.Dossier.objects.filter(returned_at__isnull=False).exists()
    connection.close()
    answer.send({"acts": acts, "searches": searches, "lifecycles": lifecycles, "seconds": seconds})  # type: ignore[attr-defined]


def _lists() -> dict[str, float]:
    import world as the_world
    from motcua.dossiers import queries
    from motcua.organisations import access
    from motcua.organisations.models import Staff

    found = {}
    for part in ("head", "centre"):
        found[part] = access.staff_of(
            Staff.objects.get(code=f"cb-{part}").user_id, on=datetime(2026, 3, 2, tzinfo=UTC).date()
        )
    now = the_world.at("2026-03-02 16:00")

    def p95(filters: queries.Filters) -> float:
        taken = []
        for view in (queries.View.OPEN, queries.View.OVERDUE, queries.View.APPROACHING) * 10:
            for staff in found.values():
                at = time.perf_counter()
                queries.work_list(view, staff=staff, now=now, filters=filters)
                taken.append(time.perf_counter() - at)
        return 1000 * sorted(taken)[int(len(taken) * 0.95)]

    return {"list p95 ms": p95(queries.Filters()), "filtered p95": p95(queries.Filters(text="nguoi thu 77", channel=2))}


if __name__ == "__main__":
    run()
