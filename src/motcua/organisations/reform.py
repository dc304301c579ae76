"""Sắp xếp đơn vị hành chính 2025: what the lists of old and new communes say, as units and successions to enter."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from motcua.eventlog import log
from motcua.kernel import ids
from motcua.kernel.errors import Problem, UserError
from motcua.kernel.text import fold, nfc
from motcua.organisations import models
from motcua.organisations.types import UnitKind

FIRST_DAY = date(2025, 7, 1)
"""Districts ended, and new provinces and communes began (Nghị quyết 202/2025/QH15, 203/2025/QH15)."""
UNKNOWN_START = date(2000, 1, 1)
"""Stands for a founding day that the lists do not give."""

_PROVINCES = frozenset({"code", "full_name", "n_wards"})
_WARDS = frozenset({"code", "full_name", "province_code"})
_MAPPING = frozenset({"old_ward_code", "old_district_code", "old_province_code", "new_ward_code", "kind"})
_CODES = frozenset({"code", "name", "level"})
_LEAD_WORDS = ("ubnd ", "uy ban nhan dan ")
_PROVINCE_WORDS = ("tinh ", "thanh pho ")
_KINDS = frozenset({"whole", "split", "split_default"})

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUnit:
    """A unit to enter: ended ones first existed, new ones go on."""

    code: str
    name: str
    kind: UnitKind
    parent_code: str | None
    valid_from: date
    valid_to: date | None
    old_code: str = ""


@dataclass(frozen=True, slots=True, order=True)
class PlannedSuccession:
    """The old unit became the new one whole, or in part."""

    old_code: str
    new_code: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to enter for one province, parents before children, and what the lists leave open."""

    units: tuple[PlannedUnit, ...]
    successions: tuple[PlannedSuccession, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists as read: new provinces, new communes, old -> new, and identifier codes (may be none)."""

    provinces: tuple[Row, ...]
    wards: tuple[Row, ...]
    mapping: tuple[Row, ...]
    codes: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a plan changed."""

    units: int
    successions: int


def read(paths: Sequence[Path]) -> Lists:
    """Read CSV files, each recognised by its headings.

    Raises:
        UserError: a file is none of the four lists, is given twice, or one of the needed three is missing.
    """
    found: dict[str, tuple[Row, ...]] = {}
    for path in paths:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                name = _list_of(frozenset(reader.fieldnames or ()))
                rows = tuple(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as fault:
            raise UserError("Không đọc được tệp.", remedy="Hãy kiểm tra tệp CSV (UTF-8).", where=str(path)) from fault
        if name is None or name in found:
            raise UserError(
                "Không nhận ra danh sách trong tệp, hoặc danh sách này đã có ở tệp khác.",
                remedy="Cần: tỉnh (code, full_name, n_wards), xã (code, full_name, province_code), bảng chuyển đổi "
                "(old_ward_code … new_ward_code, kind) và có thể thêm mã định danh (code, name, level).",
                where=str(path),
            )
        found[name] = rows
    if missing := {"provinces", "wards", "mapping"} - found.keys():
        raise UserError(f"Còn thiếu danh sách: {', '.join(sorted(missing))}.", remedy="Hãy thêm tệp tương ứng.")
    return Lists(found["provinces"], found["wards"], found["mapping"], found.get("codes", ()))


def _list_of(headings: frozenset[str]) -> str | None:
    # The list of communes also has «code, full_name», so the richer one is asked for first.
    known = (("mapping", _MAPPING), ("wards", _WARDS), ("provinces", _PROVINCES), ("codes", _CODES))
    return next((name for name, wanted in known if wanted <= headings), None)


def plan(lists: Lists, *, province: str) -> Plan:
    """Return what to enter for a new province, given by its statistical code (``91``).

    Units with an identifier in the list of codes get it; the others get their statistical code after ``TK.``, and a
    problem says so. Units that ended on 30/6/2025 get ``TK.`` with their old place in the tree.

    Raises:
        UserError: there is no such province in the list.
    """
    row = next((one for one in lists.provinces if one["code"] == province), None)
    if row is None:
        raise UserError(
            f"Không có tỉnh mã {province} trong danh sách.", remedy="Hãy ghi mã thống kê hai chữ số, ví dụ 91."
        )
    return _Planner(lists, row).plan()


class _Planner:
    def __init__(self, lists: Lists, row: Row) -> None:
        self._lists = lists
        self._name = nfc(row["full_name"])
        self._stated = row.get("n_wards", "")
        self._wards = [one for one in lists.wards if one["province_code"] == row["code"]]
        self._mapping = [one for one in lists.mapping if one["new_province_code"] == row["code"]]
        self._problems: list[Problem] = []
        root = self._identified("PROVINCE", self._name, under="")
        self._codes_below = root[0].split(".")[0] if root else ""
        self._root = root or (f"TK.{row['code']}", "")

    def plan(self) -> Plan:
        units, new_codes = self._new_units()
        old_units, successions = self._old_units(new_codes)
        return Plan((*old_units, *units), tuple(sorted(set(successions))), tuple(self._problems))

    def _new_units(self) -> tuple[list[PlannedUnit], dict[str, str]]:
        begun = UNKNOWN_START if self._is_unmerged else FIRST_DAY
        units = [_planned(self._root, self._name, UnitKind.PROVINCE, parent=None, since=begun)]
        if self._stated.isdigit() and int(self._stated) != len(self._wards):
            self._tell(
                f"{self._name}: danh sách tỉnh ghi {self._stated} đơn vị cấp xã, danh sách xã có {len(self._wards)}.",
                "Hãy đối chiếu hai danh sách.",
            )
        codes: dict[str, str] = {}
        without: list[str] = []
        names = Counter(fold(ward["full_name"]) for ward in self._wards)
        for ward in self._wards:
            name = nfc(ward["full_name"])
            # Two communes of one name and one code for it: nobody can tell whose it is.
            is_alone = names[fold(name)] == 1 and self._codes_below
            known = self._identified("COMMUNE", name, under=self._codes_below) if is_alone else None
            if known is None:
                without.append(name)
            code = known or (f"TK.{ward['province_code']}.{ward['code']}", "")
            codes[ward["code"]] = code[0]
            units.append(_planned(code, name, UnitKind.COMMUNE, parent=self._root[0], since=FIRST_DAY))
        if without:
            self._tell(
                f"{len(without)} đơn vị cấp xã chưa có mã định danh điện tử, dùng tạm mã thống kê: {_some(without)}.",
                "Hãy bổ sung mã (QĐ 20/2020/QĐ-TTg) vào danh sách mã định danh rồi nạp vào cơ sở dữ liệu trống.",
            )
        return units, codes

    def _old_units(self, new_codes: Mapping[str, str]) -> tuple[list[PlannedUnit], list[PlannedSuccession]]:
        units: dict[str, PlannedUnit] = {}
        successions: list[PlannedSuccession] = []
        reached: set[str] = set()
        pieces: dict[str, int] = defaultdict(int)
        for number, row in enumerate(self._mapping, start=2):
            new = new_codes.get(row["new_ward_code"]) or self._by_name(row, new_codes)
            if new is None or row["kind"] not in _KINDS:
                self._tell(
                    f"{row['old_ward']} ({row['old_district']}): không có xã mới «{row['new_ward']}» "
                    f"mã {row['new_ward_code']} trong danh sách, hoặc kiểu chuyển «{row['kind']}» không hiểu.",
                    "Hãy bổ sung danh sách xã hoặc sửa bảng chuyển đổi; dòng này không được nạp.",
                    row=number,
                )
                continue
            reached.add(new)
            for unit in self._ended(row):
                units.setdefault(unit.code, unit)
            commune, district = _old_commune(row), _old_district(row)
            is_whole = row["kind"] == "whole"
            pieces[commune] += 0 if is_whole else 1
            successions += [PlannedSuccession(commune, new, is_whole), PlannedSuccession(district, new, is_whole=False)]
            if not self._is_unmerged:
                successions.append(PlannedSuccession(_old_province(row), self._root[0], is_whole=True))
        names = {new_codes[ward["code"]]: ward["full_name"] for ward in self._wards}
        if from_nowhere := sorted(names[code] for code in names.keys() - reached):
            self._tell(
                f"{len(from_nowhere)} xã mới không có xã cũ nào chuyển đến: {_some(from_nowhere)}.",
                "Thường là đặc khu lập từ huyện đảo: hãy ghi kế thừa bằng tay nếu cần.",
            )
        if alone := sorted(units[code].name for code, count in pieces.items() if count == 1):
            self._tell(
                f"{len(alone)} xã cũ ghi là chia tách nhưng chỉ có một phần trong bảng: {_some(alone)}.",
                "Hãy đối chiếu nghị quyết sắp xếp.",
            )
        order = (UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE)
        return sorted(units.values(), key=lambda unit: (order.index(unit.kind), unit.code)), successions

    def _by_name(self, row: Row, new_codes: Mapping[str, str]) -> str | None:
        """Return the new commune by its name where the mapping has another code for it."""
        named = [ward for ward in self._wards if fold(ward["full_name"]) == fold(row["new_ward"])]
        return new_codes[named[0]["code"]] if len(named) == 1 else None

    def _ended(self, row: Row) -> Iterable[PlannedUnit]:
        province = self._root[0] if self._is_unmerged else _old_province(row)
        if not self._is_unmerged:
            yield _ended(province, row["old_province"], UnitKind.PROVINCE, None)
        yield _ended(_old_district(row), row["old_district"], UnitKind.DISTRICT, province)
        yield _ended(_old_commune(row), row["old_ward"], UnitKind.COMMUNE, _old_district(row))

    @property
    def _is_unmerged(self) -> bool:
        """Whether the province went on as it was: all its communes come from one old province of the same code."""
        return {one["old_province_code"] for one in self._mapping} <= {
            one["new_province_code"] for one in self._mapping
        }

    def _identified(self, level: str, name: str, *, under: str) -> tuple[str, str] | None:
        """Return the identifier and its old form, where the list of codes has exactly one for the name."""
        found = set()
        for row in self._lists.codes:
            code = ids.unit_code(row["code"])
            if (
                code is None
                or row["level"] != level
                or not (code == under or code.startswith(f"{under}.") or not under)
            ):
                continue
            if _bare(row["name"]) == _bare(name):
                found.add((code, row["code"] if row["code"].strip().upper() != code else ""))
        return found.pop() if len(found) == 1 else None

    def _tell(self, what: str, remedy: str, *, row: int | None = None) -> None:
        self._problems.append(Problem(where=self._name, row=row, what=what, remedy=remedy))


def _bare(name: str) -> str:
    words = fold(name)
    # «UBND thành phố Bắc Ninh» and «Tỉnh Bắc Ninh» are one authority: the portal calls some provinces cities already.
    for lead in (*_LEAD_WORDS, *_PROVINCE_WORDS):
        words = words.removeprefix(lead)
    return words


def _old_province(row: Row) -> str:
    return f"TK.C{row['old_province_code']}"


def _old_district(row: Row) -> str:
    return f"{_old_province(row)}.{row['old_district_code']}"


def _old_commune(row: Row) -> str:
    return f"{_old_district(row)}.{row['old_ward_code']}"


def _planned(code: tuple[str, str], name: str, kind: UnitKind, *, parent: str | None, since: date) -> PlannedUnit:
    return PlannedUnit(
        code=code[0], name=name, kind=kind, parent_code=parent, valid_from=since, valid_to=None, old_code=code[1]
    )


def _ended(code: str, name: str, kind: UnitKind, parent: str | None) -> PlannedUnit:
    return PlannedUnit(
        code=code, name=nfc(name), kind=kind, parent_code=parent, valid_from=UNKNOWN_START, valid_to=FIRST_DAY
    )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")


@transaction.atomic
def load(planned: Plan, *, by: str, at: datetime) -> Loaded:
    """Enter a plan; what is there already stays as it is, so that loading twice changes nothing."""
    there = set(models.Unit.objects.values_list("code", flat=True))
    # The new province may be the parent of districts that ended: it must be there before them.
    waiting = [unit for unit in planned.units if unit.code not in there]
    ordered = sorted(waiting, key=lambda unit: (unit.parent_code is not None, unit.kind is UnitKind.COMMUNE))
    models.Unit.objects.bulk_create(
        models.Unit(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            parent_id=unit.parent_code,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            old_code=unit.old_code,
        )
        for unit in ordered
    )
    for unit in ordered:
        content = {
            "name": unit.name,
            "kind": unit.kind.value,
            "parent": unit.parent_code,
            "valid_from": unit.valid_from.isoformat(),
        }
        log.record(stream="unit", subject=unit.code, kind="UnitCreated", at=at, by=by, content=content)
    known = set(models.UnitSuccession.objects.filter(on=FIRST_DAY).values_list("old_id", "new_id"))
    new = [one for one in planned.successions if (one.old_code, one.new_code) not in known]
    models.UnitSuccession.objects.bulk_create(
        models.UnitSuccession(old_id=one.old_code, new_id=one.new_code, on=FIRST_DAY, is_whole=one.is_whole)
        for one in new
    )
    for one in new:
        kind = "UnitMerged" if one.is_whole else "UnitSplit"
        content = {"into": one.new_code, "on": FIRST_DAY.isoformat()}
        log.record(stream="unit", subject=one.old_code, kind=kind, at=at, by=by, content=content)
    return Loaded(len(ordered), len(new))
