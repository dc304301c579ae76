"""Where the ledger looks: units by the day of receipt, days, the hour; how PostgreSQL is asked; places of pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from motcua.facts import fold
from motcua.facts.layout import Layout
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM, Period
from motcua.live.scoring import LiveScore

EVER = date(1, 1, 1)
_SMALL = 20_000
"""Up to so many dossiers reading them all costs less than walking the kinds one by one."""
Query = tuple[str, list[Any]]
"""SQL with its values; the columns are code, received_on, reasons, is_late_open, is_carried."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of receipt from ``low`` up to, not including, ``high``, and the units counted under the unit on them."""

    low: date
    high: date
    units: tuple[str, ...]
    is_everything: bool = False
    """Whether these are all units there are, so that nobody needs to look for them."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the ledger looks: a unit with all below it, the days, the moment; and the rows wanted of it."""

    received: tuple[Span, ...]
    """Days of receipt within the period."""
    before: tuple[Span, ...]
    """Days before it: dossiers received then and not ended by its beginning are carried into it."""
    start: date
    cut_off: datetime
    """The moment at which an open dossier is judged."""
    procedure: str = ""
    officer: str = ""
    dossiers: int | None = None
    """How many dossiers the figures count in it, where that is known."""

    @classmethod
    def of(
        cls,
        layout: Layout,
        *,
        unit: str,
        period: Period,
        on: datetime,
        procedure: str = "",
        officer: str = "",
        dossiers: int | None = None,
    ) -> "Scene":
        """Return the scene of a unit as the figures count it: under the tree of the day of receipt."""
        unknown_from = on.date() + timedelta(days=1)
        start, end = min(period.start, unknown_from), min(period.end, unknown_from)
        return cls(
            received=tuple(_spans(layout, unit, low=start, high=end)),
            before=tuple(_spans(layout, unit, low=EVER, high=start)),
            start=start,
            cut_off=fold.cut_off(period=period, on=on).replace(tzinfo=VIETNAM),
            procedure=procedure,
            officer=officer,
            dossiers=dossiers,
        )

    @classmethod
    def of_score(cls, live: LiveScore, *, unit: str, procedure: str = "", officer: str = "") -> "Scene":
        """Return the scene of a unit in the period and at the moment of a score."""
        evaluation = live.evaluation
        measures = evaluation.measures
        place = measures.units.index(unit) if unit in measures.units else None
        return cls.of(
            live.layout,
            unit=unit,
            period=evaluation.period,
            on=evaluation.on,
            procedure=procedure,
            officer=officer,
            dossiers=measures.value("dossiers.handled", place) if place is not None else None,
        )

    @property
    def is_small(self) -> bool:
        """Whether so few are wanted that they are put in order at once: of a person, a procedure, a commune."""
        return bool(self.procedure or self.officer) or (self.dossiers is not None and self.dossiers <= _SMALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the kind, and the last dossier in it."""

    kind: tuple[int, bool, bool]
    received_on: date
    code: str

    def __str__(self) -> str:
        """Write it for an address."""
        reasons, is_late_open, is_carried = self.kind
        return f"{reasons}.{int(is_late_open)}{int(is_carried)}.{self.received_on:%Y%m%d}.{self.code}"

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Read it from an address; empty is the beginning.

        Raises:
            UserError: it is not one of ours.
        """
        if not text:
            return None
        parts = text.split(".", 3)
        try:
            reasons, hours, day, code = parts
            is_late_open, is_carried = (bool(int(digit)) for digit in hours)
            found = cls((int(reasons), is_late_open, is_carried), datetime.strptime(day, "%Y%m%d").date(), code)  # noqa: DTZ007
        except ValueError:
            found = None
        if found is None or not 0 <= found.kind[0] < 2**31 or "\0" in found.code:
            raise UserError("Không đọc được vị trí trang trong địa chỉ.", remedy="Hãy mở lại sổ mất điểm từ trang đầu.")
        return found


def _spans(layout: Layout, unit: str, *, low: date, high: date) -> Iterator[Span]:
    history = layout.history
    for number, era in enumerate(history.eras):
        following = history.eras[number + 1].start if number + 1 < len(history.eras) else None
        begins = max(low, era.start) if era.start else low
        ends = min(high, following) if following else high
        if begins < ends and unit in era.tree.places:
            below = set(era.tree.below(unit))
            units = tuple(code for code in layout.codes if history.successors.get(code, code) in below)
            yield Span(begins, ends, units, is_everything=len(units) == len(layout.codes))


def _in(spans: Sequence[Span]) -> Query:
    """Return the condition that a row was received within the spans."""
    if not spans:
        return "FALSE", []
    conditions: list[str] = []
    values: list[Any] = []
    for span in spans:
        conditions.append("(lower(days) >= %s AND lower(days) < %s" + ("" if span.is_everything else _OF_UNITS) + ")")
        values += [span.low, span.high] if span.is_everything else [span.low, span.high, list(span.units)]
    return f"({' OR '.join(conditions)})", values


_OF_UNITS = " AND unit_code = ANY(%s)"
_ROW = "code, lower(days) AS received_on, reasons"


def carried(scene: Scene) -> Query:
    """Return the dossiers received before the period and not ended by its beginning."""
    where, values = _in(scene.before)
    sql = (
        f"SELECT {_ROW}, coalesce(open_due_at < %s, FALSE) AS is_late_open, TRUE AS is_carried"  # noqa: S608
        f" FROM live_livedossier WHERE days @> daterange(%s, %s, '[]') AND {where}{_narrowed(scene)[0]}"
    )
    return sql, [scene.cut_off, scene.start - timedelta(days=1), scene.start, *values, *_narrowed(scene)[1]]


def late_open(scene: Scene) -> Query:
    """Return the dossiers received in the period that are open past their due moment."""
    where, values = _in(scene.received)
    sql = (
        f"SELECT {_ROW}, TRUE AS is_late_open, FALSE AS is_carried FROM live_livedossier"  # noqa: S608
        f" WHERE open_due_at < %s AND {where}{_narrowed(scene)[0]}"
    )
    return sql, [scene.cut_off, *values, *_narrowed(scene)[1]]


def received(scene: Scene) -> Query:
    """Return all others received in the period."""
    where, values = _in(scene.received)
    sql = (
        f"SELECT {_ROW}, FALSE AS is_late_open, FALSE AS is_carried FROM live_livedossier"  # noqa: S608
        f" WHERE (open_due_at IS NULL OR open_due_at >= %s) AND {where}{_narrowed(scene)[0]}"
    )
    return sql, [scene.cut_off, *values, *_narrowed(scene)[1]]


def _narrowed(scene: Scene) -> Query:
    conditions, values = "", []
    for column, wanted in (("procedure_code", scene.procedure), ("officer_code", scene.officer)):
        if wanted:
            conditions += f" AND {column} = %s"
            values.append(wanted)
    return conditions, values


def all_rows(scene: Scene) -> Query:
    """Return every dossier of the scene once."""
    return union(carried(scene), late_open(scene), received(scene))


def union(*parts: Query) -> Query:
    """Return the rows of all queries."""
    return " UNION ALL ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]
