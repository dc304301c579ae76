"""Reads about units and staff."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from motcua.kernel import ids
from motcua.organisations import models
from motcua.organisations.types import Person, Role, UnitKind, UnitRef


def unit(code: str) -> UnitRef | None:
    """Return the unit with this code, dissolved ones included."""
    row = find(code)
    return _ref(row) if row else None


def find(code: str) -> models.Unit | None:
    """Return the unit by its code as written today or before 2020 (``000.00.12.H05``), dissolved ones included."""
    typed = code.strip().upper()
    rows = {
        row.code: row
        for row in models.Unit.objects.filter(Q(code__in=[typed, ids.unit_code(typed)]) | Q(old_code=typed))
    }
    # An old code that is written down for a unit goes before what can be computed from it.
    noted = next((row for row in rows.values() if row.old_code == typed), None)
    return rows.get(typed) or noted or rows.get(ids.unit_code(typed) or "")


def units(*, on: date) -> list[UnitRef]:
    """Return every unit that existed on the day, by code."""
    return [_ref(row) for row in _existing(on).order_by("code")]


def units_below(code: str, *, on: date) -> set[str]:
    """Return the codes of the unit and of every unit under it on the day, whatever the depth."""
    children = defaultdict(list)
    for child, parent in _existing(on).values_list("code", "parent_id"):
        children[parent].append(child)
    found, waiting = {code}, [code]
    while waiting:
        new = [child for child in children[waiting.pop()] if child not in found]
        found.update(new)
        waiting += new
    return found


def subtree(code: str, *, on: date) -> list[UnitRef]:
    """Return the unit and every unit under it on the day."""
    return [_ref(row) for row in _existing(on).filter(code__in=units_below(code, on=on)).order_by("code")]


def holders(role: Role, *, unit_code: str, on: date) -> list[Person]:
    """Return who does the work of a role in a unit that day: a deputy in the place of whoever is away."""
    granted = models.RoleGrant.objects.filter(
        role=role, unit=unit_code, days__contains=on, staff__is_active=True
    ).select_related("staff")
    people = {row.staff_id: row.staff for row in granted}
    away = {
        row.absent_id: row.deputy
        for row in models.Delegation.objects.filter(absent__in=people, days__contains=on).select_related("deputy")
        if row.deputy.is_active
    }
    found: dict[str, Person] = {}
    for code, row in people.items():
        present = away.get(code, row)
        absent = code if present is not row else None
        if present.code not in found or absent is None:
            found[present.code] = Person(present.code, present.name, present.job_title, present.unit_id, absent)
    return list(found.values())


def staff_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the name behind each staff code that is one; who has left keeps theirs."""
    return dict(models.Staff.objects.filter(code__in=set(codes)).values_list("code", "name"))


def successors(code: str, *, on: date) -> set[str]:
    """Return the units that hold the unit's duties on the day: itself while it exists, else who took over."""
    found: set[str] = set()
    waiting, seen = [code], {code}
    while waiting:
        current = waiting.pop()
        if _existing(on).filter(code=current).exists():
            found.add(current)
            continue
        rows = models.UnitSuccession.objects.filter(old_id=current, on__lte=on).values_list("new_id", flat=True)
        for new in rows:
            if new not in seen:
                seen.add(new)
                waiting.append(new)
    return found


def absorbed(codes: Iterable[str], *, on: date) -> dict[str, str]:
    """Return the units merged whole into one of these by the day, however many mergers ago, each with that one.

    A unit that was split is nobody's whole: which part went where is for an act to say, so nobody inherits by itself.
    """
    found: dict[str, str] = {}
    waiting = {code: code for code in codes}
    while waiting:
        rows = models.UnitSuccession.objects.filter(new__in=waiting, on__lte=on, is_whole=True)
        older = {old: waiting[new] for old, new in rows.values_list("old_id", "new_id") if old not in found}
        found |= older
        waiting = older
    return found


def exists(code: str, *, on: date) -> bool:
    """Tell whether there was a unit with this code on the day."""
    return _existing(on).filter(code=code).exists()


def acts_in(staff_code: str, *, unit_codes: set[str], on: date) -> bool:
    """Tell whether this is an active staff member with a role of their own in one of the units on the day."""
    return models.RoleGrant.objects.filter(
        staff_id=staff_code, staff__is_active=True, unit__in=unit_codes, days__contains=on
    ).exists()


@dataclass(frozen=True, slots=True)
class Branch:
    """Một dòng của cây đơn vị: the unit and how deep it lies."""

    unit: UnitRef
    depth: int
    staff: int


def tree(*, on: date) -> list[Branch]:
    """Return the units of the day, each before those under it, with how many active people each has."""
    rows = list(_existing(on).annotate(people=Count("staff", filter=Q(staff__is_active=True))).order_by("code"))
    there = {row.code for row in rows}
    children = defaultdict(list)
    for row in rows:
        # A unit under one that has ended stands at the top rather than nowhere.
        children[row.parent_id if row.parent_id in there else None].append(row)
    found: list[Branch] = []
    waiting = [(row, 0) for row in reversed(children[None])]
    while waiting:
        row, depth = waiting.pop()
        found.append(Branch(_ref(row), depth, row.people))
        waiting += [(child, depth + 1) for child in reversed(children[row.code])]
    return found


def _existing(on: date) -> QuerySet[models.Unit]:
    return models.Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


def _ref(row: models.Unit) -> UnitRef:
    return UnitRef(row.code, row.name, UnitKind(row.kind), row.parent_id)
