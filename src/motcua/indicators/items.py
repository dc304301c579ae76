"""What stands behind a loss besides dossiers: the procedures, services, decisions, petitions and communes one by one.

Each lister returns what its denominator counts and its numerator does not, under the same rules as the measures;
where the two should ever differ, ``explain`` says so in an item of its own, so that the lists still add up.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from motcua.deadlines.working_time import WorkingCalendar
from motcua.facts import decisions, petitions, procedures
from motcua.facts.layout import Layout
from motcua.facts.options import FactOptions
from motcua.facts.reasons import Reason
from motcua.facts.units import UnitTree
from motcua.facts.world import World
from motcua.kernel.time import Period
from motcua.lawbook.indicator_sets import Indicator


class ItemKind(StrEnum):
    """What a lost share hangs on."""

    DOSSIER = "dossier"
    PROCEDURE = "procedure"
    SERVICE = "service"
    DECISION = "decision"
    PETITION = "petition"
    UNIT = "unit"
    REPORT = "report"
    """Dossiers that the national reporting system counts and the data does not have."""
    DATA = "data"
    """No number to compute from: the whole loss hangs on the missing data."""
    FACTOR = "factor"
    """The ratio of another indicator that multiplies this one."""
    UNLISTED = "unlisted"
    """Counted as lost, but not found one by one."""


@dataclass(frozen=True, slots=True)
class LossItem:
    """Một mục làm mất điểm. ``weight`` is how many shares of the loss it carries (1 but for summed-up items)."""

    kind: ItemKind
    code: str
    unit_code: str
    reasons: tuple[Reason, ...]
    procedure_code: str | None = None
    officer_code: str | None = None
    weight: int = 1

    @property
    def is_repairable(self) -> bool:
        """Whether an honest correction now would win the share back."""
        return bool(self.reasons) and all(reason.is_repairable for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a lister looks: one unit with all below it, one period, what is known."""

    world: World
    layout: Layout
    unit: str
    period: Period
    options: FactOptions
    calendar: WorkingCalendar | None
    dossiers: pl.DataFrame | None
    """``engine.dossiers`` of the unit."""
    procedures: Mapping[str, Mapping[str, Any]]
    """The rows of the table ``procedures``, by code."""

    @property
    def cut_off(self) -> date:
        """The last day that counts."""
        return min(self.period.last_day, self.world.on.date())

    @property
    def tree(self) -> UnitTree:
        """The units as they stand on the last day that counts."""
        return self.layout.history.era_on(self.cut_off).tree

    @property
    def below(self) -> frozenset[str]:
        """The unit and all below it."""
        return frozenset(self.tree.below(self.unit))

    def authority(self) -> NDArray[np.bool_]:
        """Return which procedures the unit or one below is competent for."""
        flags = procedures.in_authority(self.world.catalogue, layout=self.layout, on=self.cut_off)
        if flags is None:
            return np.zeros(len(self.world.catalogue.codes), dtype=np.bool_)
        own: NDArray[np.bool_] = flags[self.layout.codes.index(self.unit)]
        return own

    def codes(self, chosen: NDArray[np.bool_]) -> list[str]:
        """Return the codes of the procedures chosen, in order."""
        return [code for code, place in self.world.catalogue.codes.items() if chosen[place]]

    def offered(self, *, states: str) -> NDArray[np.bool_]:
        """Return (unit, procedure) of online services that are ``public``, or ``offered`` in any state."""
        catalogue = self.world.catalogue
        services = catalogue.services
        if services is None:
            return np.zeros((len(self.layout.codes), len(catalogue.codes)), dtype=np.bool_)
        chosen = services.is_public if states == "public" else services.is_offered
        return services.on(self.cut_off, chosen=chosen, layout=self.layout, procedures=len(catalogue.codes))

    def shown(self, *flags: str) -> set[str]:
        """Return the procedures with a dossier received in the period that has all the flags."""
        return {procedure for _, procedure in self.shown_by(*flags)}

    def shown_by(self, *flags: str) -> set[tuple[str, str]]:
        """Return (unit, procedure) of dossiers received in the period that have all the flags."""
        if self.dossiers is None:
            return set()
        chosen = self.dossiers.lazy().filter(pl.col("is_received"), *(pl.col(flag) for flag in flags))
        unique = chosen.select("unit_code", "procedure_code").unique().drop_nulls()
        pairs = unique.select(pl.all().cast(pl.String)).collect()
        return {(unit, procedure) for unit, procedure in pairs.iter_rows()}


Lister = Callable[[Scene, Indicator], Iterator[LossItem]]


def listers() -> Mapping[str, Lister]:
    """Return the lister of each measure that counts other things than dossiers."""
    return _LISTERS


def reason(indicator: Indicator, *, code: str, text_vi: str, is_repairable: str) -> Reason:
    """Return a reason that rests on the indicator's own wording; ``is_repairable`` is ``yes`` or ``no``."""
    return Reason(code, text_vi, indicator.name_vi, indicator.citation, is_repairable=is_repairable == "yes")


def _procedures_without(
    scene: Scene,
    indicator: Indicator,
    *,
    among: str,
    flags: Sequence[str],
    code: str,
    text_vi: str,
) -> Iterator[LossItem]:
    catalogue = scene.world.catalogue
    shown = scene.shown(*flags)
    why = (reason(indicator, code=code, text_vi=text_vi, is_repairable="yes"),)
    marked = catalogue.marked.get(among)
    for procedure in scene.codes(scene.authority() & marked) if marked is not None else ():
        if procedure not in shown:
            yield LossItem(ItemKind.PROCEDURE, procedure, scene.unit, why, procedure_code=procedure)


def _procedures_not_online(scene: Scene, indicator: Indicator) -> Iterator[LossItem]:
    why = (
        reason(
            indicator,
            code="no_online_service",
            text_vi="Chưa có dịch vụ công trực tuyến đang công khai",
            is_repairable="yes",
        ),
    )
    era = scene.layout.era_on(scene.cut_off)
    offered = scene.layout.any_below(scene.offered(states="public"), era=era)[scene.layout.codes.index(scene.unit)]
    for procedure in scene.codes(scene.authority() & ~offered):
        yield LossItem(ItemKind.PROCEDURE, procedure, scene.unit, why, procedure_code=procedure)


def _procedures_incomplete(scene: Scene, indicator: Indicator) -> Iterator[LossItem]:
    catalogue = scene.world.catalogue
    for procedure in scene.codes(scene.authority() & catalogue.public & ~catalogue.complete):
        row = scene.procedures.get(procedure, {})
        lacking = [part for part in procedures.PARTS if not row.get(part)]
        if lacking:
            text = "Thiếu bộ phận: " + ", ".join(_PARTS_VI[part] for part in lacking)
            code = "incomplete:" + "+".join(part.removeprefix("part_") for part in lacking)
            why = reason(indicator, code=code, text_vi=text, is_repairable="yes")
            yield LossItem(ItemKind.PROCEDURE, procedure, scene.unit, (why,), procedure_code=procedure)


def _services_unused(scene: Scene, indicator: Indicator) -> Iterator[LossItem]:
    used = set()
    tree = scene.tree
    for unit, procedure in scene.shown_by("is_online"):
        above: str | None = unit if unit in tree.places else None
        while above is not None:
            used.add((above, procedure))
            above = tree.parent(above)
    why = (
        reason(
            indicator,
            code="unused_service",
            text_vi="Chưa có hồ sơ nộp trực tuyến trong kỳ",
            is_repairable="yes",
        ),
    )
    offered = scene.offered(states="any")
    for unit in tree.below(scene.unit):
        for procedure in scene.codes(offered[scene.layout.codes.index(unit)]):
            if (unit, procedure) not in used:
                yield LossItem(ItemKind.SERVICE, f"{unit}/{procedure}", unit, why, procedure_code=procedure)


def _decisions_late(scene: Scene, indicator: Indicator, *, is_publishing: bool) -> Iterator[LossItem]:
    if scene.calendar is None:
        return
    on, options, calendar, period = scene.world.on.date(), scene.options, scene.calendar, scene.period
    late: dict[str, decisions.Decision] = {}
    for row in scene.world.decisions or ():
        if (row.unit_code or scene.unit) not in scene.below:
            continue
        if is_publishing:
            is_due = decisions.is_to_publish(row, period=period, on=on, options=options, calendar=calendar)
            good = decisions.is_published_on_time(row, period=period, on=on, options=options, calendar=calendar)
        else:
            is_due = row.signed_on in period
            good = decisions.is_promulgated_on_time(row, options=options, calendar=calendar)
        if is_due and not good:
            late.setdefault(row.procedure_code, row)
    text = "Công khai sau thời hạn kể từ ngày ký" if is_publishing else "Ký công bố quá sát hoặc sau ngày có hiệu lực"
    code = "published_late" if is_publishing else "promulgated_late"
    why = (reason(indicator, code=code, text_vi=text, is_repairable="no"),)
    for procedure, row in sorted(late.items()):
        yield LossItem(ItemKind.DECISION, procedure, row.unit_code or scene.unit, why, procedure_code=procedure)


def _petitions(scene: Scene, indicator: Indicator, *, is_satisfaction: bool) -> Iterator[LossItem]:
    judged = petitions.judge(
        scene.world.petitions or (),
        period=scene.period,
        on=scene.world.on.date(),
        options=scene.options,
        calendar=scene.calendar,
    )
    for each in judged:
        petition = each.petition
        if petition.unit_code not in scene.below:
            continue
        whys = []
        if not each.is_on_time:
            whys.append(("petition_late", "Xử lý phản ánh, kiến nghị quá hạn"))
        if is_satisfaction and petition.is_disliked:
            whys.append(("petition_disliked", "Nhiều đánh giá không hài lòng hơn hài lòng"))
        if is_satisfaction and petition.is_repeated:
            whys.append(("petition_repeated", "Phản ánh lại cùng vụ việc"))
        if whys and (each.is_received or not is_satisfaction):
            reasons = tuple(reason(indicator, code=code, text_vi=text, is_repairable="no") for code, text in whys)
            yield LossItem(ItemKind.PETITION, petition.petition_code, petition.unit_code, reasons)


def _communes_without_copies(scene: Scene, indicator: Indicator) -> Iterator[LossItem]:
    why = (
        reason(
            indicator,
            code="no_certified_copy",
            text_vi="Chưa cung cấp chứng thực bản sao điện tử",
            is_repairable="yes",
        ),
    )
    for code in scene.tree.below(scene.unit):
        row = scene.tree.rows.get(code)
        is_commune = row is not None and row.kind == "commune" and row.is_valid(scene.cut_off)
        if is_commune and row is not None and not row.certified_copy:
            yield LossItem(ItemKind.UNIT, code, code, why)


_PARTS_VI = MappingProxyType(
    dict(
        zip(
            procedures.PARTS,
            (
                "tên",
                "trình tự",
                "cách thức",
                "thành phần, số lượng hồ sơ",
                "thời hạn",
                "đối tượng",
                "cơ quan thực hiện",
            ),
            strict=True,
        )
    )
)
_LISTERS: Mapping[str, Lister] = MappingProxyType(
    {
        "decisions.promulgated_on_time": partial(_decisions_late, is_publishing=False),
        "decisions.published_on_time": partial(_decisions_late, is_publishing=True),
        "procedures.complete": _procedures_incomplete,
        "procedures.with_online_service": _procedures_not_online,
        "services.with_online_dossier": _services_unused,
        "procedures.with_fee_dossier": partial(
            _procedures_without,
            among="fee_bearing",
            flags=("is_synced", "has_fee_amount"),
            code="no_fee_dossier",
            text_vi="Chưa có hồ sơ đồng bộ phí, lệ phí khác 0 trong kỳ",
        ),
        "procedures.with_online_payment": partial(
            _procedures_without,
            among="fee_bearing",
            flags=("has_online_payment",),
            code="no_online_payment",
            text_vi="Chưa có giao dịch thanh toán trực tuyến trong kỳ",
        ),
        "procedures.with_population_data": partial(
            _procedures_without,
            among="citizen_applicant",
            flags=("is_synced", "has_population_data"),
            code="no_population_dossier",
            text_vi="Chưa có hồ sơ dùng dữ liệu dân cư trong kỳ",
        ),
        "petitions.on_time": partial(_petitions, is_satisfaction=False),
        "petitions.satisfied": partial(_petitions, is_satisfaction=True),
        "units.certified_copy": _communes_without_copies,
    }
)
