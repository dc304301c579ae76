"""What the commands that measure data share: their arguments, and the evaluation these ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua import lawbook
from motcua.cli import choosing
from motcua.kernel import time
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period
from motcua.lawbook.indicator_sets import IndicatorSet

if TYPE_CHECKING:
    from motcua.facts.preparing import FactClock
    from motcua.facts.world import View
    from motcua.indicators.evaluate import Data, Evaluation

Sources = Annotated[
    list[Path], typer.Argument(help="Thư mục dữ liệu, hoặc các tệp.", metavar="THƯ-MỤC|TỆP…", show_default=False)
]
PeriodText = Annotated[
    str, typer.Option("--period", help="Kỳ: 2026, 2026-Q3, 2026-09 hoặc 2026-01-01..2026-10-10.", metavar="KỲ")
]
UnitCode = Annotated[str | None, typer.Option("--unit", help="Mã đơn vị, ví dụ H20.12.", metavar="MÃ")]


class Units(StrEnum):
    """Under which units dossiers of a unit that has since merged are counted."""

    THEN = "then"
    NOW = "now"


AsOfUnits = Annotated[
    Units,
    typer.Option(
        "--units", help="Đơn vị như lúc đó (then), hay đơn vị cũ tính vào đơn vị đã kế thừa tại ngày tính (now)."
    ),
]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the data: which period, under which rules, with what known."""

    data: "Data"
    rules: IndicatorSet
    period: Period
    on: date | datetime
    clock: "FactClock | None"
    units: "Units"

    @property
    def day(self) -> date:
        """The day of knowledge."""
        return self.on.date() if isinstance(self.on, datetime) else self.on


def question(
    *,
    sources: Sequence[Path],
    period: str,
    rules: str,
    on: str | None,
    law: Path | None,
    units: Units = Units.THEN,
) -> Question:
    """Open the data and find the rules.

    Without ``--on`` a data directory is measured as of its newest source, so that the same directory always gives the
    same figures; files as of today.

    Raises:
        UserError: data, period, day or rule set cannot be used.
    """
    wanted = Period.parse(period)
    day = choosing.day(on)
    from motcua.indicators import evaluate

    data = evaluate.open_data(list(sources))
    known: date | datetime = day or choosing.today()
    if day is None and data.position is not None and data.observed_at is not None:
        known = time.local(data.observed_at)
    known_day = known.date() if isinstance(known, datetime) else known
    if wanted.start > known_day:
        raise UserError(
            f"Kỳ {wanted} chưa bắt đầu vào ngày {known_day:%d/%m/%Y}.",
            remedy="Hãy chọn kỳ trước đó, hoặc ngày tính sau ngày đầu kỳ bằng --on.",
            where="--period",
        )
    chosen = lawbook.load(law).indicator_set(rules, on=known_day)
    if chosen.effective_from >= wanted.end:
        # Comparing years under one rule set is a fair wish, but nobody was ever scored that way.
        typer.echo(
            f"Lưu ý: bộ chỉ số {chosen.version} có hiệu lực từ {chosen.effective_from:%d/%m/%Y}, sau kỳ {wanted};"
            " điểm dưới đây chỉ để so sánh, không phải điểm của kỳ đó.",
            err=True,
        )
    return Question(
        data=data,
        rules=chosen,
        period=wanted,
        on=known,
        clock=evaluate.clock_of(lawbook.load(), on=known_day) if law is None else clock_of(law, on=known_day),
        units=units,
    )


def clock_of(law: Path, *, on: date) -> "FactClock | None":
    """Return the clock of the law folder; of the program's own where the folder has none."""
    from motcua.indicators import evaluate

    return evaluate.clock_of(lawbook.load(law), on=on) or evaluate.clock_of(lawbook.load(), on=on)


def evaluation(asked: Question) -> "Evaluation":
    """Return the answer."""
    from motcua.indicators import evaluate

    return evaluate.evaluate(
        asked.data, rules=asked.rules, period=asked.period, on=asked.on, clock=asked.clock, view=_view(asked.units)
    )


def _view(units: Units) -> "View":
    from motcua.facts.world import View

    return View.CURRENT if units is Units.NOW else View.THEN


def months(asked: Question) -> "tuple[Evaluation, ...]":
    """Return the answer for every month that the period touches, up to the day of knowledge.

    The first and the last month are cut to the period.
    """
    from motcua.indicators import evaluate

    periods = []
    first = asked.period.start
    while first < asked.period.end and first <= asked.day:
        month = Period.month(first.year, first.month)
        periods.append(Period(first, min(month.end, asked.period.end)))
        first = month.end
    return evaluate.evaluate_each(
        asked.data, rules=asked.rules, periods=periods, on=asked.on, clock=asked.clock, view=_view(asked.units)
    )


def must_have(evaluated: "Evaluation", *, unit: str | None) -> None:
    """Refuse a unit that was not measured.

    Raises:
        UserError: naming some units that were.
    """
    codes = [scored.unit.code for scored in evaluated.scorecard.units]
    if not codes:
        raise UserError("Dữ liệu không có đơn vị nào trong kỳ này.", remedy="Hãy chọn kỳ khác hoặc nạp thêm dữ liệu.")
    handled = evaluated.measures.values["dossiers.handled"]
    if not handled.any() and evaluated.measures.known["dossiers.handled"].any():
        # A mistyped year must not read as a score: what is left are the points given where nothing had to be done.
        typer.echo(
            f"Lưu ý: kỳ {evaluated.period} không có hồ sơ nào trong dữ liệu; điểm dưới đây chỉ gồm các chỉ số không cần"
            " hồ sơ. Hãy kiểm tra lại --period.",
            err=True,
        )
    if unit is not None and unit not in codes:
        some = ", ".join(codes[:8]) + (", …" if len(codes) > 8 else "")
        raise UserError(f"Không có đơn vị «{unit}».", remedy=f"Các đơn vị có số liệu: {some}.", where="--unit")


def main_unit(evaluated: "Evaluation") -> str:
    """Return the unit a page is about when none is named: the one at the top of the tree with the most below it."""
    roots = [scored.unit.code for scored in evaluated.scorecard.units if scored.unit.parent is None]
    tree = evaluated.measures.tree
    return max(roots, key=lambda code: len(tree.below(code)))
