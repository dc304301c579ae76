"""Units with their history: old and new codes, mergers, the reform of 2025, people and their roles."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.organisations import queries, reform
from motcua.organisations.types import UnitKind
from world import at

pytestmark = pytest.mark.django_db
AT = at("2026-03-02 09:00")
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)

PROVINCES = "code,full_name,n_wards\n91,Tỉnh Thử,2\n"
WARDS = (
    "code,full_name,province_code,province\n"
    "00001,Phường An,91,Tỉnh Thử\n"
    "00002,Xã Bình,91,Tỉnh Thử\n"
    "00003,Đặc khu Cồn,91,Tỉnh Thử\n"
)
HEAD = (
    "old_province,old_district,old_ward,old_province_code,old_district_code,old_ward_code,"
    "new_province,new_ward,new_province_code,new_ward_code,kind\n"
)
MAPPING = (
    HEAD + "Tỉnh Thử,Huyện Một,Phường An,91,901,00001,Tỉnh Thử,Phường An,91,00001,whole\n"
    "Tỉnh Thử,Huyện Một,Xã Chia,91,901,00004,Tỉnh Thử,Phường An,91,00001,split_default\n"
    "Tỉnh Thử,Huyện Một,Xã Chia,91,901,00004,Tỉnh Thử,Xã Bình,91,00002,split\n"
    "Tỉnh Xưa,Huyện Hai,Xã Bình,89,902,00002,Tỉnh Thử,Xã Bình,91,00002,whole\n"
    "Tỉnh Xưa,Huyện Hai,Xã Lạc,89,902,00005,Tỉnh Thử,Xã Không Có,91,09999,whole\n"
)
CODES = (
    "code,name,level\nH98,UBND tỉnh Thử,PROVINCE\n000.00.12.H98,UBND phường An,COMMUNE\nH97.05,UBND xã Bình,COMMUNE\n"
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    found = []
    for name, text in (("tinh", PROVINCES), ("xa", WARDS), ("chuyen", MAPPING), ("ma", CODES)):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        found.append(path)
    return found


def loaded(files: list[Path]) -> reform.Plan:
    planned = reform.plan(reform.read(files), province="91")
    reform.load(planned, by="test", at=AT)
    return planned


def test_old_communes_and_districts_end_with_june_2025_and_are_still_there(files: list[Path]) -> None:
    loaded(files)

    before = {unit.name for unit in queries.units(on=BEFORE)}
    after = {unit.name for unit in queries.units(on=AFTER)}
    assert before == {"Tỉnh Thử", "Tỉnh Xưa", "Huyện Một", "Huyện Hai", "Phường An", "Xã Chia", "Xã Bình"}
    assert after == {"Tỉnh Thử", "Phường An", "Xã Bình", "Đặc khu Cồn"}


def test_successors_of_old_units_are_found_through_the_reform(files: list[Path]) -> None:
    loaded(files)

    def of(code: str) -> set[str]:
        return {unit.name for one in queries.successors(code, on=AFTER) if (unit := queries.unit(one))}

    assert of("TK.C91.901.00001") == {"Phường An"}
    assert of("TK.C91.901.00004") == {"Phường An", "Xã Bình"}
    assert of("TK.C91.901") == {"Phường An", "Xã Bình"}
    assert of("TK.C89") == {"Tỉnh Thử"}


def test_identifier_codes_are_used_where_known_and_the_others_told(files: list[Path]) -> None:
    planned = loaded(files)

    assert {unit.code for unit in queries.units(on=AFTER)} == {"H98", "H98.12", "TK.91.00002", "TK.91.00003"}
    told = " ".join(str(problem) for problem in planned.problems)
    assert "2 đơn vị cấp xã chưa có mã định danh" in told
    assert "Xã Lạc (Huyện Hai)" in told
    assert "không có xã cũ nào chuyển đến: Đặc khu Cồn" in told
    assert "ghi 2 đơn vị cấp xã, danh sách xã có 3" in told


@pytest.mark.parametrize("typed", ["H98.12", "h98.12", "000.00.12.H98", " 000.00.12.h98 "])
def test_a_unit_is_found_by_its_code_as_written_today_or_before_2020(files: list[Path], typed: str) -> None:
    loaded(files)
    found = queries.unit(typed)

    assert found is not None
    assert found.name == "Phường An"


def test_loading_twice_changes_nothing(files: list[Path]) -> None:
    planned = loaded(files)
    again = reform.load(planned, by="test", at=AT)

    assert again == reform.Loaded(0, 0)
    assert log.verify() == []


def test_a_file_that_is_no_list_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "la.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(UserError, match=r"la\.csv"):
        reform.read([path])


@pytest.mark.shared
def test_the_reform_of_every_province_can_be_planned_from_the_real_lists(shared_data: Callable[[str], Path]) -> None:
    lists = real(shared_data)
    plans = {row["code"]: reform.plan(lists, province=row["code"]) for row in lists.provinces}
    units = [unit for planned in plans.values() for unit in planned.units]
    count = Counter((unit.kind, unit.valid_to is None) for unit in units)

    assert len(plans) == 34
    assert count[UnitKind.COMMUNE, True] == 3321
    assert count[UnitKind.COMMUNE, False] == 10_035
    assert len({unit.code for unit in units}) == len(units)
    whole = [
        one
        for planned in plans.values()
        for one in planned.successions
        if one.is_whole and one.old_code.count(".") == 3
    ]
    assert len(whole) == 9564


@pytest.mark.shared
def test_an_giang_loads_from_the_real_lists_with_its_identifier_codes(shared_data: Callable[[str], Path]) -> None:
    planned = reform.plan(real(shared_data), province="91")
    begun = time.perf_counter()
    reform.load(planned, by="test", at=AT)
    spent = time.perf_counter() - begun
    now = queries.units(on=date(2026, 3, 2))

    assert sum(unit.kind is UnitKind.COMMUNE for unit in now) == 102
    assert sum(unit.code.startswith("H01.") for unit in now) >= 95
    assert {unit.name for unit in queries.units(on=BEFORE) if unit.kind is UnitKind.PROVINCE} == {
        "Tỉnh Kiên Giang",
        "Tỉnh An Giang",
    }
    assert spent < 60


def real(shared_data: Callable[[str], Path]) -> reform.Lists:
    folder = shared_data("vn-provinces-2026")
    names = ("provinces.csv", "wards.csv", "ward_mapping_2025.csv")
    return reform.read([*(folder / name for name in names), shared_data("agency-codes/agency_codes.csv")])
