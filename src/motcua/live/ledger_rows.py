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
from motcua.live import ledger, ledger_order, ledger_scene, losing_marks, models, rows
from motcua.live.ledger import LosingKind, Mark, Narrowing
from motcua.live.ledger_order import Weighing
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
    """A row chosen, and what orders it."""

    weight: int
    reasons: int
    is_late_open: bool
    is_carried: bool
    received_on: date
    code: str

    @property
    def kind(self) -> tuple[int, bool, bool]:
        """The kind it is of."""
        return self.reasons, self.is_late_open, self.is_carried

    @property
    def order(self) -> tuple[int, int, bool, bool, date, str]:
        """What comes first in the list is the smallest."""
        return -self.weight, self.reasons, self.is_late_open, self.is_carried, self.received_on, self.code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is listed: marks, what is left out of them, and how the rest weighs."""

    marks: Sequence[Mark]
    narrowing: Narrowing
    weighings: tuple[Weighing, ...]

    @classmethod
    def of(cls, marks: Sequence[Mark], narrowing: Narrowing) -> "Wanted":
        """Weigh the marks."""
        return cls(marks, narrowing, ledger_order.weighings(marks, narrowing=narrowing))

    def begin(self, after: Place | None) -> Found | None:
        """Return the dossier after which the list goes on.

        Raises:
            UserError: nothing loses in that way any more: the figures have moved on since the page was shown.
        """
        if after is None:
            return None
        weight = ledger_order.weight(after.kind, weighings=self.weighings)
        if not weight:
            raise UserError("Số liệu đã thay đổi từ khi mở trang trước.", remedy="Hãy mở lại sổ mất điểm từ trang đầu.")
        return Found(weight, *after.kind, after.received_on, after.code)


def page(
    scene: Scene, *, marks: Sequence[Mark], narrowing: Narrowing = ledger.EVERYTHING, after: Place | None = None
) -> LedgerPage:
    """Return the next fifty dossiers, the most points a dossier first; equal ones by day of receipt, then code."""
    wanted = Wanted.of(marks, narrowing)
    listed = (
        _ordered(ledger_scene.all_rows(scene), wanted, after=after, limit=PAGE + 1)
        if scene.is_small
        else (_walked(scene, wanted, after=after, limit=PAGE + 1))
    )
    shown = listed[:PAGE]
    last = shown[-1] if len(listed) > PAGE else None
    following = Place(last.kind, last.received_on, last.code) if last else None
    return LedgerPage(tuple(_told(shown, wanted)), following)


def everything(
    scene: Scene, *, marks: Sequence[Mark], narrowing: Narrowing = ledger.EVERYTHING, limit: int
) -> Iterator[LosingDossier]:
    """Go through the dossiers in the same order, at most ``limit`` of them."""
    wanted = Wanted.of(marks, narrowing)
    listed = _ordered(ledger_scene.all_rows(scene), wanted, after=None, limit=limit)
    for start in range(0, len(listed), 1_000):
        yield from _told(listed[start : start + 1_000], wanted)


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
    sql, values = ledger_scene.all_rows(scene)
    with connection.cursor() as database:
        database.execute(
            f"SELECT reasons, is_late_open, is_carried, count(*) FROM ({sql}) AS r GROUP BY 1, 2, 3",  # noqa: S608
            values,
        )
        counted = database.fetchall()
    found = [(ledger.kind(tuple(key), marks=marks, narrowing=narrowing), number) for *key, number in counted]
    return [(kind, number) for kind, number in found if kind]


def marks_of(codes: Iterable[str], *, scene: Scene, marks: Sequence[Mark]) -> Mapping[str, LosingDossier]:
    """Return what each of the dossiers loses within the scene; those that lose nothing are left out."""
    wanted = Wanted.of(marks, ledger.EVERYTHING)
    rows_of, values = ledger_scene.all_rows(scene)
    chosen = f"SELECT * FROM ({rows_of}) AS a WHERE code = ANY(%s)"  # noqa: S608 - the parts are our own
    listed = list(codes)
    found = _ordered((chosen, [*values, listed]), wanted, after=None, limit=len(listed))
    return {one.code: one for one in _told(found, wanted)}


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


def _walked(scene: Scene, wanted: Wanted, *, after: Place | None, limit: int) -> list[Found]:
    """Walk the kinds along the index until the page is full, and put the two small sets in their places."""
    small_rows = ledger_scene.union(ledger_scene.carried(scene), ledger_scene.late_open(scene))
    found = _ordered(small_rows, wanted, after=after, limit=limit)
    begin = wanted.begin(after)
    walk = [
        kind for kind in ledger_order.walk(stored_reasons(), weighings=wanted.weighings) if not _is_passed(kind, begin)
    ]
    size, place = _FIRST_BATCH, 0
    while place < len(walk):
        batch = walk[place : place + size]
        for span in scene.received:
            found += _probed(span, batch, cut_off=scene.cut_off, begin=begin, limit=limit)
        # Rows that agree in all but the code come of one question and stand in its order already.
        found = sorted(found, key=lambda one: one.order[:5])[:limit]
        place, size = place + size, size * 3
        # Whatever follows comes after the last kind of the batch.
        if len(found) == limit and found[-1].order[:4] <= (-batch[-1][0], batch[-1][1], False, False):
            break
    return found


def _is_passed(kind: tuple[int, int], begin: Found | None) -> bool:
    """Tell whether all dossiers of the kind stand on earlier pages."""
    if begin is None:
        return False
    order = (-kind[0], kind[1], False, False)
    return order < begin.order[:4]


def _probed(
    span: Span, batch: Sequence[tuple[int, int]], *, cut_off: datetime, begin: Found | None, limit: int
) -> list[Found]:
    """Return the first rows of each kind, received in the span and not late by the hour."""
    # Within the kind at which the last page ended, only what follows its last dossier.
    begins = [
        (begin.received_on, begin.code) if begin and begin.order[:4] == (-weight, reasons, False, False)
        else (span.low, "")
        for weight, reasons in batch
    ]  # fmt: skip
    is_by_unit = len(span.units) <= _FEW_UNITS
    units = "CROSS JOIN unnest(%s::text[]) AS u(unit)" if is_by_unit else ""
    unit = "d.unit_code = u.unit" if is_by_unit else "TRUE" if span.is_everything else "d.unit_code = ANY(%s)"
    with connection.cursor() as database:
        database.execute(
            "SELECT k.weight, k.reasons, FALSE, FALSE, d.received_on, d.code"  # noqa: S608 - the parts are those above
            " FROM unnest(%s::bigint[], %s::int[], %s::date[], %s::text[]) AS k(weight, reasons, day, code)"
            f" {units} CROSS JOIN LATERAL (SELECT lower(d.days) AS received_on, d.code FROM live_livedossier d"
            f" WHERE d.reasons = k.reasons AND {unit} AND (lower(d.days), d.code) > (k.day, k.code)"
            " AND lower(d.days) >= %s AND lower(d.days) < %s AND (d.open_due_at IS NULL OR d.open_due_at >= %s)"
            " ORDER BY lower(d.days), d.code LIMIT %s) AS d ORDER BY k.weight DESC, k.reasons, 5, 6 LIMIT %s",
            [
                [weight for weight, _ in batch], [reasons for _, reasons in batch], [day for day, _ in begins],
                [code for _, code in begins], *([list(span.units)] if is_by_unit or not span.is_everything else []),
                span.low, span.high, cut_off, limit, limit,
            ],
        )  # fmt: skip
        return [Found(*row) for row in database.fetchall()]


def _ordered(rows_of: Query, wanted: Wanted, *, after: Place | None, limit: int) -> list[Found]:
    """Weigh all the rows and return the first of them."""
    sql, values = rows_of
    begin = wanted.begin(after)
    further = "AND (-weight, reasons, is_late_open, is_carried, received_on, code) > (%s, %s, %s, %s, %s, %s)"
    with connection.cursor() as database:
        database.execute(
            "SELECT weight, reasons, is_late_open, is_carried, received_on, code"  # noqa: S608 - the parts are our own
            f" FROM (SELECT r.*, {ledger_order.sql(wanted.weighings)} AS weight FROM ({sql}) AS r) AS w"
            f" WHERE weight > 0 {further if begin else ''}"
            " ORDER BY weight DESC, reasons, is_late_open, is_carried, received_on, code LIMIT %s",
            [*values, *(begin.order if begin else ()), limit],
        )
        return [Found(*row) for row in database.fetchall()]


def _told(found: Sequence[Found], wanted: Wanted) -> Iterator[LosingDossier]:
    kept = {one.code: one for one in models.LiveDossier.objects.filter(code__in=[row.code for row in found])}
    kinds = {
        key: ledger.kind(key, marks=wanted.marks, narrowing=wanted.narrowing) for key in {row.kind for row in found}
    }
    for one in found:
        stored, kind = kept.get(one.code), kinds[one.kind]
        if stored is None or kind is None:
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
