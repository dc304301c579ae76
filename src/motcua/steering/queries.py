"""Reads about owners and targets."""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from motcua import lawbook
from motcua.lawbook import targets as stated_targets
from motcua.lawbook.targets import Metric
from motcua.organisations import queries as organisations
from motcua.organisations.types import UnitRef
from motcua.steering import models
from motcua.steering.types import Owner, Target, TargetScope, TargetVersion


def owners(unit_code: str, *, on: date) -> Mapping[str, Owner]:
    """Return the owner of each group of the unit's indicators on the day."""
    rows = models.Owner.objects.filter(unit=unit_code, days__contains=on).select_related("owner")
    return {row.group: Owner(row.group, row.owner_id, row.owner.name, row.days.lower) for row in rows}


def targets(unit: UnitRef, *, year: int, on: date) -> Mapping[str, Target]:
    """Return the targets in force for the unit in the year, by subject.

    The unit's own goes first, then what the nearest unit above set for all units of its level, then what documents
    state (``law/targets``, in force on the day).
    """
    found = {
        code: Target(code, Metric.RATIO, one.ratio, str(one.citation))
        for code, one in stated_targets.stated(lawbook.load().root, on=on).items()
    }
    for scope in reversed(_scopes(unit)):
        for row in _latest(scope, year=year):
            where = f"{row.unit.name} đặt" if scope.level == "" else f"{row.unit.name} đặt cho các đơn vị cùng cấp"
            if row.value is not None:
                found[row.subject] = Target(row.subject, Metric(row.metric), row.value, where)
    return found


def latest(scope: TargetScope, *, year: int) -> Mapping[str, TargetVersion]:
    """Return the last version of each target of the scope in the year, withdrawn ones included, by subject."""
    return {row.subject: _version(row) for row in _latest(scope, year=year)}


def history(scope: TargetScope, *, year: int) -> list[TargetVersion]:
    """Return every version of the scope's targets in the year, the latest first."""
    return [_version(row) for row in _of(scope, year=year).order_by("-set_at", "-pk")]


def newest(unit_code: str) -> int:
    """Return the number of the last target set for the unit or below it; 0 for none."""
    return models.Target.objects.filter(unit=unit_code).order_by("-pk").values_list("pk", flat=True).first() or 0


def _scopes(unit: UnitRef) -> list[TargetScope]:
    """Return whose targets may hold for the unit, the first before the later ones."""
    found, above, seen = [TargetScope(unit.code)], unit.parent_code, {unit.code}
    while above is not None and above not in seen:
        found.append(TargetScope(above, unit.kind.value))
        seen.add(above)
        parent = organisations.unit(above)
        above = parent.parent_code if parent else None
    return found


def _of(scope: TargetScope, *, year: int) -> QuerySet[models.Target]:
    rows = models.Target.objects.filter(unit=scope.unit_code, level=scope.level, year=year)
    return rows.select_related("unit", "set_by")


def _latest(scope: TargetScope, *, year: int) -> QuerySet[models.Target]:
    return _of(scope, year=year).order_by("subject", "-version").distinct("subject")


def _version(row: models.Target) -> TargetVersion:
    return TargetVersion(
        row.pk, row.subject, row.level, row.year, Metric(row.metric), row.value, row.version, row.set_by.name,
        row.set_at, row.note,
    )  # fmt: skip
