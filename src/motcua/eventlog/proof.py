"""Prove that nobody touched the log: recompute every chain and every seal, look at the rights of the program.

Rows are streamed, so the memory needed does not grow with the log.
"""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

_ROWS = 5_000
# What the trigger of migration 0002 hashes, put together again from the columns; the hash itself is computed here, so
# that a function changed inside the database convinces nobody.
_EVENTS = """
SELECT coalesce(e.stream, h.stream), coalesce(e.subject, h.subject), e.version, e.position,
    convert_to(concat_ws(chr(31), e.stream, e.subject, e.version, e.kind, (extract(epoch FROM e.at) * 1000000)::bigint,
        e."by", e.content::text), 'UTF8'),
    e.previous, e.hash, h.version, h.hash
FROM eventlog_loggedevent e FULL JOIN eventlog_head h ON h.stream = e.stream AND h.subject = e.subject
ORDER BY 1, 2, 3
"""
_SEALED = """
SELECT s.number, s.count, s.digest, s.sealed_at, s.last_position, e.position, e.hash
FROM (SELECT *, lag(last_transaction, 1, 0) OVER w AS after_transaction,
        lag(last_position, 1, 0) OVER w AS after_position
      FROM eventlog_seal WINDOW w AS (ORDER BY number)) s
LEFT JOIN LATERAL (SELECT transaction, position, hash FROM eventlog_loggedevent
    WHERE (transaction, position) > (s.after_transaction, s.after_position)
        AND (transaction, position) <= (s.last_transaction, s.last_position)
    ORDER BY transaction, position) e ON true
ORDER BY s.number, e.transaction, e.position
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the log was tampered with, in words for an auditor (Vietnamese)."""

    stream: str
    subject: str
    position: int | None
    what: str


def faults() -> Iterator[Fault]:
    """Go through what is wrong with the chains, then with the seals; nothing where nobody touched the log."""
    yield from _chain_faults()
    yield from _seal_faults()


def weaknesses() -> list[str]:
    """Return what would let the account the program runs under touch the log, in Vietnamese; none where it is right."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, pg_has_role(current_user, c.relowner, 'MEMBER'),"
            " has_table_privilege('eventlog_loggedevent', 'UPDATE, DELETE, TRUNCATE'),"
            " has_table_privilege('eventlog_head', 'INSERT, UPDATE, DELETE, TRUNCATE'),"
            " has_table_privilege('eventlog_seal', 'UPDATE, DELETE, TRUNCATE'), current_user,"
            " (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid IN (c.oid, 'eventlog_seal'::regclass)"
            "  AND t.tgname LIKE 'eventlog_%%' AND t.tgenabled IN ('O', 'A'))"
            " FROM pg_roles, pg_class c WHERE rolname = current_user AND c.oid = 'eventlog_loggedevent'::regclass"
        )
        is_super, is_owner, may_change, may_move_heads, may_unseal, user, guards = cursor.fetchone()
    found = []
    if is_super or is_owner:
        found.append(f"Tài khoản {user} là chủ dữ liệu: có thể tắt khóa của nhật ký. Hãy chạy bằng tài khoản riêng.")
    elif may_change or may_move_heads or may_unseal:
        found.append(f"Tài khoản {user} có quyền sửa nhật ký. Hãy chạy lại eventlog_grant('{user}').")
    if guards < _GUARDS:
        found.append(f"Chỉ còn {guards}/{_GUARDS} khóa (trigger) của nhật ký đang bật.")
    return found


_GUARDS = 4
"""Chain, append-only and no-truncate on the log; append-only on the seals."""


def _chain_faults() -> Iterator[Fault]:
    current: tuple[str, str] | None = None
    head: tuple[int | None, bytes] = (None, b"")
    version, previous = 0, b""

    def at_the_end() -> Iterator[Fault]:
        if current is not None and version and head != (version, previous):
            yield Fault(*current, None, "Sự kiện cuối không khớp đầu chuỗi: có sự kiện bị xóa, sửa hoặc chèn ở cuối.")

    with closing(streamed(_EVENTS)) as rows:
        for row in rows:
            stream, subject, number, position, text, written_previous, written, head_version, head_hash = row
            if (stream, subject) != current:
                yield from at_the_end()
                current, version, previous = (stream, subject), 0, b""
                head = (head_version, bytes(head_hash) if head_hash is not None else b"")
            if number is None:
                yield Fault(stream, subject, None, f"Mất toàn bộ {head_version} sự kiện: đã bị xóa.")
                continue
            written, is_next = bytes(written), number == version + 1
            if not is_next:
                yield Fault(stream, subject, position, f"Thiếu sự kiện thứ {version + 1} đến {number - 1}: đã bị xóa.")
            elif bytes(written_previous) != previous:
                yield Fault(
                    stream,
                    subject,
                    position,
                    f"Sự kiện thứ {number} không nối tiếp sự kiện trước: một trong hai đã bị sửa hoặc chèn.",
                )
            if hashlib.sha256(bytes(written_previous) + bytes(text)).digest() != written:
                yield Fault(stream, subject, position, f"Sự kiện thứ {number} đã bị sửa hoặc chèn.")
            version, previous = number, written
    yield from at_the_end()


def _seal_faults() -> Iterator[Fault]:
    current: tuple[int, int, bytes, datetime, int] | None = None
    digest, count = hashlib.sha256(), 0

    def at_the_end() -> Iterator[Fault]:
        if current is None:
            return
        number, wanted, written, sealed_at, last = current
        if digest.digest() != written or count != wanted:
            day = f"{sealed_at:%d/%m/%Y}"
            what = f"Niêm phong số {number} ({day}) không khớp: lúc niêm phong có {wanted} sự kiện, nay {count}."
            yield Fault("seal", str(number), last, what)

    with closing(streamed(_SEALED)) as rows:
        for number, wanted, written, sealed_at, last, position, event_hash in rows:
            if current is None or number != current[0]:
                yield from at_the_end()
                if current is not None and number != current[0] + 1:
                    yield Fault("seal", str(number), last, f"Thiếu niêm phong số {current[0] + 1}: đã bị xóa.")
                # Each seal goes on from what the one before was sealed with.
                digest, count = hashlib.sha256(current[2] if current is not None else b""), 0
                current = (number, wanted, bytes(written), sealed_at, last)
            if position is not None:
                digest.update(bytes(event_hash))
                count += 1
    yield from at_the_end()


def streamed(sql: str, values: Sequence[int] = ()) -> Generator[tuple[Any, ...], None, None]:
    """Go through the rows with a cursor of the server, so that they are never all in memory.

    Close it (``contextlib.closing``): left to the garbage collector it would end its transaction in whatever thread and
    in the middle of whatever query happens to run then.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(_ROWS):
            yield from rows
