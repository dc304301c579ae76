"""The event log on a real PostgreSQL: chained, append-only, provable, readable in commit order."""

import threading
import tracemalloc
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from motcua.eventlog import log, models, proof

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def _write(subject: str, kind: str = "DossierReceived", **content: object) -> int:
    return log.record(stream="dossier", subject=subject, kind=kind, at=AT, by="cb-1", content=content)


def _as_intruder(sql: str) -> None:
    """Do what a person with the owner's rights on the database could do: switch the guards off first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_append_only, DISABLE TRIGGER eventlog_chain"
        )
        cursor.execute(sql)
        cursor.execute(
            "ALTER TABLE eventlog_loggedevent ENABLE TRIGGER eventlog_append_only, ENABLE TRIGGER eventlog_chain"
        )


def test_an_untouched_log_verifies() -> None:
    for subject in ("H99-1", "H99-2"):
        _write(subject, note="đã nhận")
        _write(subject, "DossierForwarded")
    log.seal(at=AT)

    assert log.verify() == []


def test_the_database_refuses_to_change_or_remove_an_event() -> None:
    _write("H99-1")

    for sql in ("UPDATE eventlog_loggedevent SET kind = 'X'", "DELETE FROM eventlog_loggedevent"):
        with (
            pytest.raises(DatabaseError, match="chỉ được ghi thêm"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_an_altered_event_is_named() -> None:
    _write("H99-1", unit="H99.01")
    position = _write("H99-1", "DossierResolved")

    _as_intruder(
        f"UPDATE eventlog_loggedevent SET content = '{{}}', at = at - interval '1 day' WHERE position = {position}"
    )

    assert [(fault.subject, fault.position) for fault in log.verify()] == [("H99-1", position)]


@pytest.mark.parametrize("which", ["first", "middle", "last"])
def test_a_removed_event_is_named(which: str) -> None:
    positions = dict(zip(("first", "middle", "last"), [_write("H99-1", note=n) for n in range(3)], strict=True))

    _as_intruder(f"DELETE FROM eventlog_loggedevent WHERE position = {positions[which]}")

    assert {fault.subject for fault in log.verify()} == {"H99-1"}


def test_removing_a_whole_subject_is_noticed() -> None:
    _write("H99-1")

    _as_intruder("DELETE FROM eventlog_loggedevent WHERE subject = 'H99-1'")

    assert [fault.subject for fault in log.verify()] == ["H99-1"]


def test_an_inserted_event_is_named() -> None:
    _write("H99-1")
    _as_intruder(
        "INSERT INTO eventlog_loggedevent (transaction, stream, subject, version, kind, at, recorded_at, by, content,"
        " previous, hash) SELECT transaction, stream, subject, 2, 'DossierResolved', at, recorded_at, by, content,"
        " hash, sha256('x') FROM eventlog_loggedevent"
    )

    assert {fault.subject for fault in log.verify()} == {"H99-1"}


def test_rewriting_a_sealed_chain_consistently_still_breaks_the_seal() -> None:
    _write("H99-1", note="a")
    log.seal(at=AT)
    # A perfect forger: removes the subject with its head, then writes it anew through the guards.
    _as_intruder("DELETE FROM eventlog_loggedevent")
    models.Head.objects.all().delete()
    _write("H99-1", note="b")

    assert [fault.stream for fault in log.verify()] == ["seal"]


def test_a_removed_seal_is_named() -> None:
    for note in "abc":
        _write("H99-1", note=note)
        log.seal(at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_seal DISABLE TRIGGER eventlog_seal_append_only")
        cursor.execute("DELETE FROM eventlog_seal WHERE number = 2")
        cursor.execute("ALTER TABLE eventlog_seal ENABLE TRIGGER eventlog_seal_append_only")

    assert any("Thiếu niêm phong số 2" in fault.what for fault in log.verify())


def test_an_event_rewritten_with_its_hash_is_betrayed_by_the_next_one() -> None:
    _write("H99-1", note=1)
    forged = _write("H99-1", note=2)
    after = _write("H99-1", note=3)
    _as_intruder(
        f"UPDATE eventlog_loggedevent SET kind = 'X', hash = sha256(previous || convert_to(concat_ws(chr(31), stream,"
        f" subject, version, 'X', (extract(epoch FROM at) * 1000000)::bigint, by, content::text), 'UTF8'))"
        f" WHERE position = {forged}"
    )

    assert [fault.position for fault in log.verify()] == [after]


def test_the_programs_own_account_may_add_and_read_and_nothing_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS motcua_app_test")
        cursor.execute("CREATE ROLE motcua_app_test")
        cursor.execute("SELECT eventlog_grant('motcua_app_test')")
        cursor.execute("SET ROLE motcua_app_test")
        try:
            _write("H99-1", note="đã nhận")
            _write("H99-1", "DossierForwarded")
            log.seal(at=AT)
            assert log.verify() == []
            # (The runner itself switched one guard off, to empty the log between tests.)
            assert proof.weaknesses() == ["Chỉ còn 3/4 khóa (trigger) của nhật ký đang bật."]
            for sql in (
                "UPDATE eventlog_loggedevent SET kind = 'X'",
                "DELETE FROM eventlog_loggedevent",
                "TRUNCATE eventlog_loggedevent",
                "UPDATE eventlog_head SET version = 9",
                "INSERT INTO eventlog_head (stream, subject, version, hash) VALUES ('a', 'b', 1, '')",
                "DELETE FROM eventlog_seal",
                "UPDATE eventlog_seal SET count = 0",
                "ALTER TABLE eventlog_loggedevent DISABLE TRIGGER ALL",
                "DELETE FROM django_migrations",
            ):
                with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                    cursor.execute(sql)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY motcua_app_test")
            cursor.execute("DROP ROLE motcua_app_test")


def test_an_account_that_owns_the_data_is_said_to_be_a_weakness_and_so_is_a_guard_switched_off() -> None:
    assert any("chủ dữ liệu" in line for line in proof.weaknesses())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventlog_loggedevent DISABLE TRIGGER eventlog_append_only")
        try:
            assert any("2/4 khóa" in line for line in proof.weaknesses())
        finally:
            cursor.execute("ALTER TABLE eventlog_loggedevent ENABLE TRIGGER eventlog_append_only")


def test_the_proof_needs_no_more_memory_for_a_longer_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO eventlog_loggedevent (transaction, stream, subject, version, kind, at, recorded_at, by,"
            " content, previous, hash) SELECT 0, 'dossier', 'H99-' || n / 5, 0, 'DossierForwarded', now(), now(), '',"
            " '{\"unit\": \"H99.101\"}', '', '' FROM generate_series(1, 30000) n"
        )
    log.seal(at=AT)
    tracemalloc.start()
    try:
        found = log.verify()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found == []
    assert peak < 8 * 1024 * 1024


def test_a_slow_writer_is_never_skipped() -> None:
    first_has_written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            _write("H99-slow")
            first_has_written.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    first_has_written.wait(10)
    _write("H99-fast")

    before = log.read(after=log.START, limit=10)
    may_commit.set()
    thread.join()
    after = log.read(after=before[-1].cursor if before else log.START, limit=10)

    assert sorted(event.subject for event in [*before, *after]) == ["H99-fast", "H99-slow"]
    assert before == []  # the fast one waits: the slow one may still appear before it


def test_a_subjects_events_are_read_in_the_order_of_their_versions_whoever_began_first() -> None:
    early_has_begun, may_write = threading.Event(), threading.Event()

    def early() -> None:
        with transaction.atomic():
            _write("H99-other")  # the transaction has its number from here on
            early_has_begun.set()
            may_write.wait(10)
            _write("H99-1", "DossierTaken")
        connection.close()

    thread = threading.Thread(target=early)
    thread.start()
    early_has_begun.wait(10)
    _write("H99-1", "DossierReceived")
    may_write.set()
    thread.join()

    read = [(event.subject, event.version, event.kind) for event in log.read(after=log.START, limit=10)]

    assert [line for line in read if line[0] == "H99-1"] == [
        ("H99-1", 1, "DossierReceived"),
        ("H99-1", 2, "DossierTaken"),
    ]
    assert len(read) == 3
    assert log.verify() == []
