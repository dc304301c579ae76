"""A fictitious province's event log, several years long, written into PostgreSQL month by month.

Rows are inserted by SQL with the log's own numbering, chains and heads (``motcua`` verifies them like any other), only
without its trigger, which would write them one by one. The same numbers give the same log.

113 units (14 departments, 99 communes), 1,850 procedures, a few of them most of the work. A dossier is received, taken,
ended after 3 days in the mean and handed over; 8 % are supplemented, 25 % pay a fee, 3 in 1,000 stay open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from motcua.kernel.time import VIETNAM

PROVINCE = "H99"
DEPARTMENTS = tuple(f"H99.{number}" for number in range(1, 15))
COMMUNES = tuple(f"H99.{number}" for number in range(101, 200))
OF_A_DEPARTMENT, OF_COMMUNES = 107, 350
"""Procedures of each department, and those that every commune handles."""

_CHAIN = """
CREATE OR REPLACE FUNCTION bench_link(hash bytea, told text) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT sha256(hash || convert_to(told, 'UTF8')) $$;
CREATE OR REPLACE AGGREGATE bench_chain(text) (SFUNC = bench_link, STYPE = bytea, INITCOND = '')
"""
_MONTH = """
WITH chance AS (
    SELECT n, {chances} FROM generate_series(%(low)s::bigint, %(high)s::bigint) AS n
), life AS MATERIALIZED (
    SELECT n, unit, procedure, received, r3, r5, r8, r9, r10, r11, days,
        'H99.' || to_char(received, 'YYMMDD') || '-' || lpad(n::text, 8, '0') AS code,
        received + days * interval '1 day' AS ended
    FROM (SELECT *,
            CASE WHEN r1 < 0.3 THEN 'H99.' || 1 + floor(r2 * 14)::int
                ELSE 'H99.' || 101 + floor(r2 * 99)::int END AS unit,
            '1.' || lpad((CASE WHEN r1 < 0.3 THEN 10000 + floor(r2 * 14) * 107 + floor(107 * r3 ^ 3)
                ELSE floor(350 * r3 ^ 3) END)::int::text, 6, '0') AS procedure,
            %(month)s::timestamptz + floor(r4 * %(days)s) * interval '1 day'
                + (7.5 + 9 * r5) * interval '1 hour' AS received,
            CASE WHEN r6 < 0.003 THEN 100000 ELSE 0.02 - ln(1 - r7) * 3.2 END AS days
        FROM chance) AS drawn
), happened AS (
    SELECT n, code, step, kind, at, content FROM life, LATERAL (VALUES
        (1, 'DossierReceived', received, jsonb_build_object(
            'procedure', procedure, 'unit', unit,
            'channel', CASE WHEN r8 < 0.55 THEN 2 WHEN r8 < 0.97 THEN 1 ELSE 3 END,
            'due_at', to_char(date_trunc('day', received) + interval '7 days 17 hours',
                'YYYY-MM-DD"T"HH24:MI:SS+07:00'),
            'requires_result', r9 < 0.9, 'has_component_file', r10 < 0.8, 'has_reused_component', r11 < 0.3,
            'fee_dong', CASE WHEN r3 < 0.4 THEN 50000 ELSE 0 END, 'state', 2)),
        (2, 'FeeRecorded', received + days * interval '2 hours', CASE WHEN r3 < 0.25 THEN
            jsonb_build_object('amount', 50000, 'place', CASE WHEN r9 < 0.6 THEN 'portal' ELSE 'counter' END) END),
        (3, 'DossierTaken', received + days * interval '4 hours',
            jsonb_build_object('assignee', 'cb-' || unit || '-' || n %% 7, 'state', 4)),
        (4, 'SupplementRequested', received + days * interval '7 hours',
            CASE WHEN r10 > 0.92 THEN jsonb_build_object('number', 1, 'state', 5) END),
        (5, 'SupplementReceived', received + days * interval '12 hours',
            CASE WHEN r10 > 0.92 THEN jsonb_build_object('number', 1, 'has_component_file', true, 'state', 4) END),
        (6, 'DossierResolved', ended, jsonb_build_object('has_file', r11 < 0.85, 'state', 9)),
        (7, 'ResultHandedOver', ended + r5 * interval '1 day', jsonb_build_object('state', 10))
    ) AS step(step, kind, at, content) WHERE content IS NOT NULL AND at <= %(now)s
), versions AS (
    SELECT *, row_number() OVER one AS version, lead(1) OVER one IS NULL AS is_last
    FROM happened WINDOW one AS (PARTITION BY n ORDER BY step)
), chained AS (
    SELECT *, bench_chain(concat_ws(chr(31), 'dossier', code, version, kind, (extract(epoch FROM at) * 1000000)::bigint,
            'cb', content::text)) OVER (PARTITION BY n ORDER BY step ROWS UNBOUNDED PRECEDING) AS hash
    FROM versions
), linked AS MATERIALIZED (
    SELECT *, coalesce(lag(hash) OVER (PARTITION BY n ORDER BY step), '') AS previous FROM chained
), headed AS (
    INSERT INTO eventlog_head (stream, subject, version, hash)
    SELECT 'dossier', code, version, hash FROM linked WHERE is_last
)
INSERT INTO eventlog_loggedevent
    (transaction, stream, subject, version, kind, at, recorded_at, by, content, previous, hash)
SELECT pg_current_xact_id()::text::bigint, 'dossier', code, version, kind, at, at, 'cb', content, previous, hash
FROM linked ORDER BY at, n
""".replace(
    "{chances}",
    ", ".join(
        f"(hashint8extended(n, {number}) & 2147483647) / 2147483648.0::float8 AS r{number}" for number in range(1, 12)
    ),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written."""

    dossiers: int
    events: int
    first_day: date


def fill(*, dossiers: int, years: int, now: datetime) -> Filled:
    """Write the log of the province: so many dossiers, received evenly over the years until now."""
    now = now.astimezone(VIETNAM)
    months = list(_months(years, now))
    whole = sum(days for _, days in months)
    catalogue(months[0][0])
    done, passed = 0, 0
    with connection.cursor() as database:
        database.execute("SET TIME ZONE 'Asia/Ho_Chi_Minh'")
        database.execute("SET work_mem = '256MB'")
        database.execute(_CHAIN)
        database.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_chain")
        database.execute("ALTER TABLE eventlog_loggedevent DROP CONSTRAINT event_version_once")
        for month, days in months:
            passed += days
            upto = dossiers * passed // whole
            database.execute(_MONTH, {"low": done + 1, "high": upto, "month": month, "days": days, "now": now})
            done = upto
        database.execute("SET maintenance_work_mem = '512MB'")
        database.execute(
            "ALTER TABLE eventlog_loggedevent ADD CONSTRAINT event_version_once UNIQUE (stream, subject, version)"
        )
        database.execute("ALTER TABLE eventlog_loggedevent ENABLE TRIGGER eventlog_chain")
        database.execute("RESET work_mem")
        database.execute("RESET maintenance_work_mem")
        database.execute("RESET TIME ZONE")
        database.execute("VACUUM ANALYZE eventlog_loggedevent")
        database.execute("VACUUM ANALYZE eventlog_head")
        database.execute("SELECT count(*) FROM eventlog_loggedevent")
        events = database.fetchone()[0]
    return Filled(dossiers, events, months[0][0].date())


def _months(years: int, now: datetime) -> Iterator[tuple[datetime, int]]:
    """Return the months of the years until now, the last up to yesterday: first day, number of days."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(year=today.year - years, day=1)
    while month < today:
        following = (month + timedelta(days=32)).replace(day=1)
        yield month, (min(following, today) - month).days
        month = following


def catalogue(begin: datetime) -> None:
    """Write the events of the units and procedures; they are there from ``begin`` on."""
    from motcua.eventlog import log

    def record(stream: str, subject: str, event: str, /, **content: Any) -> None:
        log.record(stream=stream, subject=subject, kind=event, at=begin, by="cb", content=content)

    since = begin.date().isoformat()
    record("unit", PROVINCE, "UnitCreated", name="Tỉnh Thử", kind="province", parent=None, valid_from=since)
    for kind, codes in (("department", DEPARTMENTS), ("commune", COMMUNES)):
        for code in codes:
            record("unit", code, "UnitCreated", name=f"Đơn vị {code}", kind=kind, parent=PROVINCE, valid_from=since)
    for number, code in enumerate(DEPARTMENTS):
        for place in range(OF_A_DEPARTMENT):
            _procedure(record, 10_000 + number * OF_A_DEPARTMENT + place, units=[code], level="province", since=since)
    for place in range(OF_COMMUNES):
        _procedure(record, place, units=list(COMMUNES), level="commune", since=since)


def _procedure(record: Any, number: int, *, units: list[str], level: str, since: str) -> None:
    code, decision = f"1.{number:06d}", f"{number}/QĐ"
    record("procedure", code, "ProcedurePromulgated", number=decision, signed_on=since, effective_on=since)
    record(
        "procedure", code, "ProcedurePublished", number=decision, levels=level, requires_result=True,
        bears_fee=number % 3 == 0, is_for_citizens=number % 2 == 0, online_level="full" if number % 5 else "partial",
    )  # fmt: skip
    record("procedure", code, "ProcedureAssigned", units=units, since=since)


def received_content(number: int, now: datetime) -> dict[str, Any]:
    """Return what a desk tells of a dossier received now."""
    return {
        "procedure": f"1.{number * 7 % OF_COMMUNES:06d}",
        "unit": COMMUNES[number % len(COMMUNES)],
        "channel": 1 + number % 2,
        "due_at": (now + timedelta(days=7)).isoformat(),
        "requires_result": True,
        "has_component_file": number % 5 != 0,
        "fee_dong": 0,
        "state": 2,
    }
