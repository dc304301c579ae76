"""The dossiers of the ledger, read from the live rows in the order of points lost, fifty at a time.

Dossiers with the same reasons lose the same points, so the order is one of a few hundred kinds. The kinds are walked
from the most expensive down along an index (reasons, day of receipt, code) until a page is full: the cost is that of
the page, whatever the period holds. Two small sets stand outside that walk, because they change with the hour or with
the period: dossiers open past their due moment, and those carried into the period.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import connection

from motcua.facts import fold
from motcua.facts.reasons import Reason
from motcua.kernel.errors import UserError
from motcua.live import ledger, ledger_scene, losing_marks, models, rows
from motcua.live.ledger import LosingKind, Mark, Narrowing
from motcua.live.ledger_scene import Place, Query, Scene, Span

PAGE = 50
_FEW_UNITS = 12
"""With no more units than this the walk goes along the index of each unit."""
_FIRST_BATCH = 24


@dataclass(frozen=True, slots=True)
class LostMark:
    """Một điểm bị trừ as the list shows it."""

    mark: Mark
    reasons: tuple[Reason, ...]
    is_repairable: bool


@dataclass(frozen=True, slots=True)
class LosingDossier:
    """Một hồ sơ mất điểm: once, with the sum over its marks."""

    code: str
    unit_code: str
    procedure_code: str
    officer_code: str
    received_at: datetime
    due_at: datetime | None
    points: Fraction
    marks: tuple[LostMark, ...]

    @property
    def is_repairable(self) -> bool:
        """Whether at least one mark can still be won back."""
        return any(one.is_repairable for one in self.marks)


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Một trang của sổ; ``next`` is where the following one begins, None on the last."""

    dossiers: tuple[LosingDossier, ...]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Found:
    """A row chosen: its kind and what orders it."""

    rank: int
    received_on: date
    code: str


def page(
    scene: Scene, *, marks: Sequence[Mark], narrowing: Narrowing = ledger.EVERYTHING, after: Place | None = None
) -> LedgerPage:
    """Return the next fifty dossiers, the most points a dossier first; equal ones by day of receipt, then code."""
    kinds = ledger.kinds(stored_reasons(), marks=marks, narrowing=narrowing)
    ordered = _ordered if scene.is_by_person_or_procedure else _walked
    found = ordered(scene, kinds, after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    following = Place(kinds[last.rank].key, last.received_on, last.code) if last else None
    return LedgerPage(tuple(_told(shown, kinds)), following)


def everything(
    scene: Scene, *, marks: Sequence[Mark], narrowing: Narrowing = ledger.EVERYTHING, limit: int
) -> Iterator[LosingDossier]:
    """Go through the dossiers in the same order, at most ``limit`` of them."""
    kinds = ledger.kinds(stored_reasons(), marks=marks, narrowing=narrowing)
    found = _ordered(scene, kinds, after=None, limit=limit)
    for start in range(0, len(found), 1_000):
        yield from _told(found[start : start + 1_000], kinds)


@dataclass(frozen=True, slots=True)
class Tally:
    """Cộng: how many dossiers the list holds and the points they lose together."""

    dossiers: int
    points: Fraction
    repairable: int
    """How many of them have a mark that can still be won back."""


def tally(scene: Scene, *, marks: Sequence[Mark], narrowing: Narrowing = ledger.EVERYTHING) -> Tally:
    """Count the whole list; unlike a page this reads every dossier of the period."""
    counted = counted_kinds(scene, marks=marks, narrowing=narrowing)
    return Tally(
        dossiers=sum(number for _, number in counted),
        points=sum((kind.points * number for kind, number in counted), Fraction(0)),
        repairable=sum(number for kind, number in counted if kind.is_repairable),
    )


def counted_kinds(
    scene: Scene, *, marks: Sequence[Mark], narrowing: Narrowing = ledger.EVERYTHING
) -> list[tuple[LosingKind, int]]:
    """Return each kind of losing dossiers with how many there are; this reads every dossier of the period."""
    kinds = ledger.kinds(stored_reasons(), marks=marks, narrowing=narrowing)
    by_key = {kind.key: kind for kind in kinds}
    sql, values = ledger_scene.all_rows(scene)
    with connection.cursor() as database:
        database.execute(
            f"SELECT reasons, is_late_open, is_carried, count(*) FROM ({sql}) AS r GROUP BY 1, 2, 3",  # noqa: S608
            values,
        )
        return [(by_key[key], number) for *parts, number in database.fetchall() if (key := tuple(parts)) in by_key]


def marks_of(codes: Iterable[str], *, scene: Scene, marks: Sequence[Mark]) -> Mapping[str, LosingDossier]:
    """Return what each of the dossiers loses within the scene; those that lose nothing are left out."""
    wanted = list(codes)
    sql, values = ledger_scene.all_rows(scene)
    with connection.cursor() as database:
        database.execute(
            "SELECT code, received_on, reasons, is_late_open, is_carried"  # noqa: S608 - the parts are our own
            f" FROM ({sql}) AS r WHERE code = ANY(%s)",
            [*values, wanted],
        )
        found = database.fetchall()
    kinds = ledger.kinds(sorted({row[2] for row in found}), marks=marks)
    ranks = {kind.key: rank for rank, kind in enumerate(kinds)}
    chosen = [Found(ranks[key], day, code) for code, day, *parts in found if (key := tuple(parts)) in ranks]
    return {one.code: one for one in _told(chosen, kinds)}


def stored_reasons() -> list[int]:
    """Return every set of reasons that occurs, stepping from one to the next along the index."""
    with connection.cursor() as database:
        database.execute(
            "WITH RECURSIVE step(reasons) AS ((SELECT min(reasons) FROM live_livedossier) UNION ALL"
            " SELECT (SELECT min(d.reasons) FROM live_livedossier d WHERE d.reasons > step.reasons)"
            " FROM step WHERE step.reasons IS NOT NULL)"
            " SELECT reasons FROM step WHERE reasons IS NOT NULL"
        )
        return [reasons for (reasons,) in database.fetchall()]


def _ordered(scene: Scene, kinds: Sequence[LosingKind], *, after: Place | None, limit: int) -> list[Found]:
    """Put all rows of the scene in order at once."""
    return _ranked(ledger_scene.all_rows(scene), kinds, after=after, limit=limit)


def _walked(scene: Scene, kinds: Sequence[LosingKind], *, after: Place | None, limit: int) -> list[Found]:
    """Walk the kinds along the index until the page is full, and put the two small sets in their places."""
    small = _ranked(
        ledger_scene.union(ledger_scene.carried(scene), ledger_scene.late_open(scene)), kinds, after=after, limit=limit
    )
    first = _first_rank(kinds, after)
    of_index = [
        (rank, kind)
        for rank, kind in enumerate(kinds)
        if rank >= first and not kind.is_late_open and not kind.is_carried
    ]
    found: list[Found] = []
    size, begin = _FIRST_BATCH, 0
    while begin < len(of_index) and len(found) < limit:
        if len(small) >= limit and small[-1].rank < of_index[begin][0]:
            break
        batch = of_index[begin : begin + size]
        for span in scene.received:
            found += _probed(span, batch, cut_off=scene.cut_off, after=after, first=first, limit=limit)
        begin, size = begin + size, size * 3
    return sorted([*small, *found], key=lambda one: (one.rank, one.received_on, one.code))[:limit]


def _probed(
    span: Span,
    batch: Sequence[tuple[int, LosingKind]],
    *,
    cut_off: datetime,
    after: Place | None,
    first: int,
    limit: int,
) -> list[Found]:
    """Return the first rows of each kind, received in the span and not late by the hour."""
    # Within the kind at which the last page ended, only what follows its last dossier.
    goes_on = after is not None and batch[0][0] == first and batch[0][1].key == after.kind
    begins = [(after.received_on, after.code) if goes_on and place == 0 and after else (span.low, "")
              for place in range(len(batch))]  # fmt: skip
    ranks = [rank for rank, _ in batch]
    reasons = [kind.reasons for _, kind in batch]
    is_by_unit = len(span.units) <= _FEW_UNITS
    units = "CROSS JOIN unnest(%s::text[]) AS u(unit)" if is_by_unit else ""
    unit = "d.unit_code = u.unit" if is_by_unit else "d.unit_code = ANY(%s)"
    with connection.cursor() as database:
        database.execute(
            "SELECT k.rank, d.received_on, d.code"  # noqa: S608 - the parts put together are those above
            " FROM unnest(%s::int[], %s::int[], %s::date[], %s::text[]) AS k(rank, reasons, day, code)"
            f" {units} CROSS JOIN LATERAL (SELECT lower(d.days) AS received_on, d.code FROM live_livedossier d"
            f" WHERE d.reasons = k.reasons AND {unit} AND (lower(d.days), d.code) > (k.day, k.code)"
            " AND lower(d.days) >= %s AND lower(d.days) < %s AND (d.open_due_at IS NULL OR d.open_due_at >= %s)"
            " ORDER BY lower(d.days), d.code LIMIT %s) AS d ORDER BY 1, 2, 3 LIMIT %s",
            [
                ranks, reasons, [day for day, _ in begins], [code for _, code in begins], list(span.units),
                span.low, span.high, cut_off, limit, limit,
            ],
        )  # fmt: skip
        return [Found(*row) for row in database.fetchall()]


def _first_rank(kinds: Sequence[LosingKind], after: Place | None) -> int:
    """Return the kind at which the list goes on.

    Raises:
        UserError: nothing loses in that way any more: the figures have moved on since the page was shown.
    """
    if after is None:
        return 0
    found = next((rank for rank, kind in enumerate(kinds) if kind.key == after.kind), None)
    if found is None:
        raise UserError("Số liệu đã thay đổi từ khi mở trang trước.", remedy="Hãy mở lại sổ mất điểm từ trang đầu.")
    return found


def _ranked(rows_of: Query, kinds: Sequence[LosingKind], *, after: Place | None, limit: int) -> list[Found]:
    sql, values = rows_of
    first = _first_rank(kinds, after)
    shown = list(enumerate(kinds))[first:]
    if not shown:
        return []
    day, code = (after.received_on, after.code) if after else (ledger_scene.EVER, "")
    with connection.cursor() as database:
        database.execute(
            "SELECT k.rank, r.received_on, r.code"  # noqa: S608 - the parts put together are those above
            f" FROM ({sql}) AS r JOIN unnest(%s::int[], %s::int[], %s::bool[], %s::bool[])"
            " AS k(rank, reasons, is_late_open, is_carried)"
            " USING (reasons, is_late_open, is_carried)"
            " WHERE k.rank > %s OR (r.received_on, r.code) > (%s, %s)"
            " ORDER BY 1, 2, 3 LIMIT %s",
            [
                *values, [rank for rank, _ in shown], [kind.reasons for _, kind in shown],
                [kind.is_late_open for _, kind in shown], [kind.is_carried for _, kind in shown],
                first if after else -1, day, code, limit,
            ],
        )  # fmt: skip
        return [Found(*row) for row in database.fetchall()]


def _told(found: Sequence[Found], kinds: Sequence[LosingKind]) -> Iterator[LosingDossier]:
    kept = {one.code: one for one in models.LiveDossier.objects.filter(code__in=[row.code for row in found])}
    for one in found:
        stored, kind = kept.get(one.code), kinds[one.rank]
        if stored is None:
            continue  # folded anew between the two questions
        row = rows.read(stored.row)
        held = kind.all_reasons
        yield LosingDossier(
            code=one.code,
            unit_code=stored.unit_code,
            procedure_code=stored.procedure_code,
            officer_code=stored.officer_code,
            received_at=row["received_at"],
            due_at=fold.due_at(row),
            points=kind.points,
            marks=tuple(
                LostMark(mark, losing_marks.reasons(mark.lost_by.of(held)), mark.lost_by.is_repairable(held))
                for mark in sorted(kind.marks, key=lambda one: -one.share)
            ),
        )
