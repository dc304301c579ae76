"""Ranh giới đơn vị: outlines from a GeoJSON file, matched with the units of a province, simplified and kept.

What cannot be matched is said, feature by feature and unit by unit; nothing is guessed.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from motcua.eventlog import log
from motcua.eventlog.models import LoggedEvent
from motcua.geometry import simplifying
from motcua.geometry.geojson import Feature
from motcua.geometry.shapes import Shape, bounds
from motcua.kernel.errors import UserError
from motcua.kernel.text import fold
from motcua.organisations import models, queries
from motcua.organisations.types import UnitRef

OF_UNITS, OF_THE_COUNTRY = "units", "country"
STREAM = "outline"

_DOTS_ACROSS = 1_600
"""The finest detail worth keeping: a map is never drawn wider than this."""

_CODE_NAMES = ("code", "ma", "maxa", "ma_xa", "madonvi", "mahc", "ma_dvhc")
_NAME_NAMES = ("fullname", "full_name", "ten_dvhc", "tenxa", "ten_xa", "ten", "name")
_ARCHIPELAGOS = ((111.0, 15.5), (113.0, 17.5)), ((111.0, 7.0), (118.0, 12.0))
"""Where Hoàng Sa and Trường Sa lie: (west, south), (east, north)."""
_KINDS = ("phuong ", "xa ", "dac khu ", "thi tran ")


@dataclass(frozen=True, slots=True)
class Planned:
    """What a file gives: outlines by code with their names, and what did not fit."""

    sheet: str
    shapes: Mapping[str, Shape]
    names: Mapping[str, str]
    problems: tuple[str, ...]


def plan(features: Iterable[Feature], *, province: str, on: date) -> Planned:
    """Match the areas of a file with the communes of a province: by code, else by full name, else by name alone.

    Raises:
        UserError: there is no such unit, or not one area matches.
    """
    units = [one for one in queries.subtree(province, on=on) if one.parent_code == province]
    if not units:
        raise UserError(
            f"Không có đơn vị nào dưới mã {province}.", remedy="Hãy tạo hoặc nạp đơn vị trước (load-reform)."
        )
    old_codes = dict(models.Unit.objects.filter(code__in=[one.code for one in units]).values_list("code", "old_code"))
    finder = _Finder.of(units, old_codes)
    shapes: dict[str, list[Shape]] = defaultdict(list)
    problems = []
    for feature in features:
        unit = finder.find(feature)
        if unit is None:
            problems.append(
                f"Đối tượng thứ {feature.number} ({_called(feature)}) không khớp đơn vị nào của {province}."
            )
        else:
            shapes[unit.code].append(feature.shape)
    if not shapes:
        raise UserError(
            f"Không vùng nào trong tệp khớp với đơn vị của {province}.",
            remedy="Hãy kiểm tra tệp có đúng tỉnh, có thuộc tính mã hoặc tên xã (code, fullName, …).",
        )
    known = {one.code: one.name for one in units}
    problems += [
        f"{known[code]} ({code}) có {len(found)} vùng; được gộp." for code, found in shapes.items() if len(found) > 1
    ]
    problems += [
        f"{one.name} ({one.code}) không có trong tệp."
        for one in units
        if one.kind in _MAPPED and one.code not in shapes
    ]
    whole = {code: tuple(part for shape in found for part in shape) for code, found in shapes.items()}
    return Planned(OF_UNITS, _simple(whole), {code: known[code] for code in whole}, tuple(problems))


_MAPPED = frozenset({"commune"})
"""Kinds of units that have land of their own; departments are not missed on a map."""


def plan_country(features: Iterable[Feature]) -> Planned:
    """Read the provinces of the country.

    Raises:
        UserError: two areas have one code, or Hoàng Sa or Trường Sa are not among the areas.
    """
    shapes: dict[str, Shape] = {}
    names: dict[str, str] = {}
    for feature in features:
        properties = _folded(feature)
        code = next((properties[name] for name in _CODE_NAMES if name in properties), "")
        if not code or code in shapes:
            raise UserError(
                f"Đối tượng thứ {feature.number} ({_called(feature)}) thiếu mã hoặc trùng mã.",
                remedy="Hãy ghi mã tỉnh riêng cho từng vùng ở thuộc tính «code».",
            )
        shapes[code], names[code] = feature.shape, _called(feature)
    lacking = [
        name
        for name, (low, high) in zip(("Hoàng Sa", "Trường Sa"), _ARCHIPELAGOS, strict=True)
        if not any(_within(shape, low, high) for shape in shapes.values())
    ]
    if lacking:
        raise UserError(
            f"Bản đồ cả nước thiếu quần đảo {', '.join(lacking)}.",
            remedy="Hãy dùng lớp ranh giới có đủ quần đảo Hoàng Sa và quần đảo Trường Sa.",
        )
    return Planned(OF_THE_COUNTRY, _simple(shapes), names, ())


@transaction.atomic
def load(planned: Planned, *, subject: str, source: str, content: bytes, by: str, at: datetime) -> bool:
    """Keep the outlines in the place of those of the same units; False where this very file was the last one loaded.

    ``subject`` is the province, or ``outlines.OF_THE_COUNTRY``.
    """
    digest = hashlib.sha256(content).hexdigest()
    last = _last_loaded(subject)
    if last == digest:
        return False
    told = {
        "sheet": planned.sheet,
        "source": source,
        "sha256": digest,
        "outlines": {
            code: {"name": planned.names[code], "shape": as_data(shape)} for code, shape in planned.shapes.items()
        },
    }
    log.record(stream=STREAM, subject=subject, kind="OutlinesLoaded", at=at, by=by, content=told)
    rows = [
        models.Outline(
            sheet=planned.sheet, code=code, name=planned.names[code], shape=as_data(shape), source=source, at=at
        )
        for code, shape in planned.shapes.items()
    ]
    models.Outline.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sheet", "code"],
        update_fields=["name", "shape", "source", "at"],
    )
    return True


@dataclass(frozen=True, slots=True)
class Outlined:
    """One outline with its name and where it is from."""

    code: str
    name: str
    shape: Shape
    source: str
    at: datetime


def of_units(codes: Iterable[str]) -> dict[str, Outlined]:
    """Return the outlines of those of the units that have one."""
    return _read(models.Outline.objects.filter(sheet=OF_UNITS, code__in=list(codes)))


def of_the_country() -> dict[str, Outlined]:
    """Return the outlines of the provinces; empty until a file has been loaded."""
    return _read(models.Outline.objects.filter(sheet=OF_THE_COUNTRY))


def as_data(shape: Shape) -> list[list[list[list[float]]]]:
    """Return the shape as JSON has it; five decimals are about a metre."""
    return [[[[round(x, 5), round(y, 5)] for x, y in ring] for ring in polygon] for polygon in shape]


def _read(rows: Iterable[models.Outline]) -> dict[str, Outlined]:
    return {
        row.code: Outlined(
            row.code,
            row.name,
            tuple(tuple(tuple((x, y) for x, y in ring) for ring in polygon) for polygon in row.shape),
            row.source,
            row.at,
        )
        for row in rows
    }


def _last_loaded(subject: str) -> str | None:
    events = LoggedEvent.objects.filter(stream=STREAM, subject=subject).order_by("-version")
    digest = events.values_list("content__sha256", flat=True).first()
    return str(digest) if digest else None


@dataclass(frozen=True, slots=True)
class _Finder:
    by_code: Mapping[str, UnitRef]
    by_name: Mapping[str, UnitRef]

    @classmethod
    def of(cls, units: Iterable[UnitRef], old_codes: Mapping[str, str]) -> "_Finder":
        """Index the units by every code and name that means one of them only."""
        codes: list[tuple[str, UnitRef]] = []
        names: list[tuple[str, UnitRef]] = []
        for unit in units:
            written = {unit.code, old_codes.get(unit.code, "")}
            if unit.code.startswith("TK."):  # no identifier yet: the statistical code stands in its place
                written.add(unit.code.rpartition(".")[2])
            codes += [(code.upper(), unit) for code in written if code]
            if unit.kind in _MAPPED:
                full = fold(unit.name)
                names += [(name, unit) for name in {full, _bare(full)}]
        return cls(_only(codes), _only(names))

    def find(self, feature: Feature) -> UnitRef | None:
        """Return the unit the feature means."""
        properties = _folded(feature)
        for name in _CODE_NAMES:
            if (code := properties.get(name, "").upper()) in self.by_code:
                return self.by_code[code]
        for name in _NAME_NAMES:
            if (called := fold(properties.get(name, ""))) in self.by_name:
                return self.by_name[called]
        return None


def _only(pairs: Iterable[tuple[str, UnitRef]]) -> dict[str, UnitRef]:
    found = list(pairs)
    times = Counter(key for key, _ in found)
    return {key: unit for key, unit in found if times[key] == 1}


def _bare(name: str) -> str:
    """Return the name without the kind of unit: files often leave it out."""
    return next((name.removeprefix(kind) for kind in _KINDS if name.startswith(kind)), name)


def _folded(feature: Feature) -> dict[str, str]:
    return {key.lower(): str(value).strip() for key, value in feature.properties.items() if value is not None}


def _called(feature: Feature) -> str:
    properties = _folded(feature)
    return next((properties[name] for name in _NAME_NAMES if properties.get(name)), "không tên")


def _simple(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    extent = bounds(shapes.values())
    return simplifying.simplified(shapes, tolerance=max(extent.width, extent.height, 1e-6) / _DOTS_ACROSS)


def _within(shape: Shape, low: tuple[float, float], high: tuple[float, float]) -> bool:
    return any(low[0] <= x <= high[0] and low[1] <= y <= high[1] for polygon in shape for x, y in polygon[0])
