"""Search of the catalogue at 3,000 procedures, beside the same question as a plain LIKE without an index.

Run: ``python -m benchmarks.catalogue_search`` with MOTCUA_HOME (or DATABASE_URL) of an EMPTY database; what is made
is rolled back.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

SIZE = 3_000
ROUNDS = 40
QUESTIONS = ("khai sinh", "cap giay phep xay dung", "1.00", "dat dai", "kinh doanh", "dang ky", "khong co gi het")
SECTORS = ("Hộ tịch", "Xây dựng", "Đất đai", "Kinh doanh", "Giáo dục", "Y tế")
VERBS = ("Đăng ký khai sinh", "Cấp giấy phép xây dựng", "Đăng ký biến động đất đai", "Cấp lại giấy phép kinh doanh")
AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def main() -> None:
    """Fill, measure both, print milliseconds: median and 95th percentile over all questions."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        _fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE catalogue_procedure")
            cursor.execute("ANALYZE catalogue_procedureversion")
        _report("search with its index", _search)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
        _report("the floor: plain LIKE, no index", _plain)
        transaction.set_rollback(True)


def _fill() -> None:
    from motcua.catalogue import models
    from motcua.kernel.text import fold

    procedures = []
    for number in range(SIZE):
        code, sector = f"1.{number:06}", SECTORS[number % len(SECTORS)]
        name = f"{VERBS[number % len(VERBS)]} trong trường hợp thứ {number} theo quy định của pháp luật chuyên ngành"
        key = f" {fold(code)} {fold(name)} {fold(sector)} "
        procedures.append(models.Procedure(code=code, name=name, sector=sector, search_key=key))
    models.Procedure.objects.bulk_create(procedures)
    models.ProcedureVersion.objects.bulk_create(
        models.ProcedureVersion(
            procedure=one, number=1, state="published", name=one.name, effective_on=date(2026, 1, 1), published_at=AT
        )
        for one in procedures
    )


def _search(text: str) -> None:
    from motcua.catalogue import queries

    queries.search(text)


def _plain(text: str) -> None:
    from django.db import connection

    from motcua.kernel.text import fold

    words = [f"%{word}%" for word in fold(text).split()]
    conditions = " AND ".join("p.search_key LIKE %s" for _ in words)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.code, p.name, p.sector, v.online_level FROM catalogue_procedure p"
            " JOIN catalogue_procedureversion v ON v.procedure_id = p.code AND v.state = 'published'"
            f" WHERE {conditions} ORDER BY p.name LIMIT 20",
            words,
        )
        cursor.fetchall()


def _report(name: str, ask: Callable[[str], None]) -> None:
    took = []
    for text in QUESTIONS:
        ask(text)
    for _ in range(ROUNDS):
        for text in QUESTIONS:
            begun = time.perf_counter()
            ask(text)
            took.append(1000 * (time.perf_counter() - begun))
    took.sort()
    print(f"{name}: median {statistics.median(took):.1f} ms, p95 {took[int(0.95 * len(took))]:.1f} ms, n {len(took)}")


if __name__ == "__main__":
    main()
