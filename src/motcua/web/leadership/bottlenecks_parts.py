"""What pages of bottlenecks are made of: a part states its finding, draws it, and has the table behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from motcua.bottlenecks.histogram import UPPER, WORKING_DAY
from motcua.catalogue.models import Procedure
from motcua.kernel.time import local
from motcua.organisations.models import Staff, Unit
from motcua.organisations.queries import units_below
from motcua.organisations.types import Role, StaffRef
from motcua.reports import figures
from motcua.web.charts import bars
from motcua.web.charts.bars import Bar
from motcua.web.charts.figures import Chart
from motcua.web.leadership import ledger_export
from motcua.web.leadership.frame import Standing

HOUR = 3600
LEADING_ROLES = frozenset({Role.UNIT_HEAD, Role.LEADER, Role.PROVINCE_LEADER})
"""Those who lead people: they alone see figures of persons, and of their own people only."""
_SHORT = 90
_BARS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, where it leads, and the plain number for a file where the text is a figure."""

    text: str
    url: str = ""
    number: str | int | None = None

    @property
    def is_number(self) -> bool:
        """Whether it stands right-aligned."""
        return self.number is not None

    @property
    def written(self) -> ledger_export.Cell:
        """The cell in a file."""
        return self.text if self.number is None else self.number


@dataclass(frozen=True, slots=True)
class Part:
    """Một phần của trang: the finding as its title, and the rows that show it."""

    code: str
    finding: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""
    empty: str = "Không có gì trong kỳ này."
    chart: Chart | None = None
    more: Cell | None = None
    labelled: Sequence[tuple[tuple[str, Cell], ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labelled", [tuple(zip(self.head, row, strict=True)) for row in self.rows])

    @property
    def numeric(self) -> tuple[tuple[str, bool], ...]:
        """The heads, and whether figures stand below them."""
        first = self.rows[0] if self.rows else ()
        return tuple((name, n < len(first) and first[n].is_number) for n, name in enumerate(self.head))


def drill(standing: Standing, listed: str, **chosen: str) -> str:
    """Return the address of a list of dossiers; names of what is chosen are written with hyphens there."""
    return standing.url("bottleneck_dossiers", xem=listed, **{k.replace("_", "-"): v for k, v in chosen.items()})


def count(value: int) -> Cell:
    """Return a cell with a number of things."""
    return Cell(figures.number(value), number=value)


def span(seconds: int | None) -> Cell:
    """Return a cell with working time; a file gets minutes."""
    return Cell(duration(seconds), number="" if seconds is None else round(seconds / 60))


def share(part: int, whole: int) -> Cell:
    """Return a cell with a share in percent; a dash of nothing."""
    if not whole:
        return Cell("–", number="")
    text = f"{100 * part / whole:.1f}".replace(".", ",")
    return Cell(f"{text}%", number=text)


def moment(value: datetime) -> Cell:
    """Return a cell with a moment."""
    return Cell(f"{local(value):%d/%m/%Y %H:%M}")


def duration(seconds: int | None) -> str:
    """Write working time: ``2 ngày 3 giờ``, ``45 phút``; a day is eight working hours."""
    if seconds is None:
        return "–"
    if seconds >= UPPER[-1]:
        return "trên 60 ngày" if seconds == UPPER[-1] else f"{figures.number(seconds // WORKING_DAY)} ngày"
    days, rest = divmod(seconds, WORKING_DAY)
    hours, left = divmod(rest, HOUR)
    parts = [f"{days} ngày"] if days else []
    parts += [f"{hours} giờ"] if hours else []
    parts += [f"{left // 60} phút"] if left >= 60 and not days else []
    return " ".join(parts) or "0 phút"


def hours(seconds: int) -> str:
    """Write a sum of working time in hours: ``1.234 giờ``; a decimal where there are few."""
    return f"{figures.number(seconds // HOUR)} giờ" if seconds >= 10 * HOUR else duration(seconds)


def drawn(lines: Iterable[tuple[str, int]], *, finding: str, head: str) -> Chart | None:
    """Return bars of working hours lost, the first few; None where nothing is lost."""
    found = [(name, seconds / HOUR) for name, seconds in lines if seconds > 0][:_BARS]
    if not found:
        return None
    most = max(value for _, value in found)
    return bars.bars([Bar(name, value, most) for name, value in found], finding=finding, head=head, unit="giờ")


class Names:
    """Names of procedures, units and people, read once a page."""

    def __init__(self, *, staff: StaffRef, on: date) -> None:
        self._led = frozenset(
            code
            for grant in staff.grants
            if grant.role in LEADING_ROLES
            for code in units_below(grant.unit_code, on=on)
        )
        self._units: dict[str, str] = {}
        self._procedures: dict[str, str] = {}

    def read(self, *, procedures: Iterable[str] = (), units: Iterable[str] = ()) -> "Names":
        """Read the names of these."""
        self._procedures |= dict(Procedure.objects.filter(code__in=set(procedures)).values_list("code", "name"))
        self._units |= dict(Unit.objects.filter(code__in=set(units)).values_list("code", "name"))
        return self

    def procedure(self, code: str) -> str:
        """Return a procedure's name, shortened; its code where it has none."""
        name = self._procedures.get(code, code)
        return name if len(name) <= _SHORT else f"{name[:_SHORT].rsplit(' ', 1)[0]}…"

    def unit(self, code: str) -> str:
        """Return a unit's name."""
        return self._units.get(code, code)

    @property
    def leads_people(self) -> bool:
        """Whether the reader leads anybody."""
        return bool(self._led)

    def people(self, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return name and unit of those whom the reader leads; the others are left out."""
        rows = Staff.objects.filter(code__in=set(codes), unit__in=self._led).values_list("code", "name", "unit__name")
        return {code: (name, unit) for code, name, unit in rows}
