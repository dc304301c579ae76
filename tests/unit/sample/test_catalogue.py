"""The catalogue of the sample states facts of real procedures and invents only places."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from motcua.kernel import ids, text
from motcua.sample import catalogue, provinces
from motcua.sample.shape import shape


def test_there_are_two_thousand_procedures_with_codes_of_their_own() -> None:
    codes = [one.code for one in catalogue.procedures()]

    assert len(codes) == len(set(codes)) == 2000
    assert all(ids.procedure_code(code) == code for code in codes)


def test_every_procedure_has_someone_to_resolve_it() -> None:
    numbers = {one.number for one in shape().departments}

    assert all(one.agency in numbers or one.at_commune for one in catalogue.procedures())


def test_the_province_has_fourteen_departments_and_ninety_nine_communes() -> None:
    country = provinces.build(shape=shape(), provinces=1, seed=1)
    kinds = [unit.kind for unit in country.units]

    assert (kinds.count("department"), kinds.count("commune")) == (14, 99)


def test_thirty_four_provinces_have_codes_that_the_law_gives_to_none() -> None:
    country = provinces.build(shape=shape(), provinces=34, seed=1)

    assert len({unit.code for unit in country.units}) == 34 * 113
    assert all(ids.unit_code(unit.code) == unit.code for unit in country.units)


@pytest.mark.shared
def test_names_codes_and_sectors_are_those_of_the_national_catalogue(shared_data: Callable[[str], Path]) -> None:
    with shared_data("tthc-catalogue-dvcqg-2026/index.csv").open(encoding="utf-8") as file:
        real = {
            row["ma_thu_tuc"]: (text.nfc(row["ten_thu_tuc"]), text.nfc(row["linh_vuc"])) for row in csv.DictReader(file)
        }

    assert all(real[one.code] == (one.name, one.sector) for one in catalogue.procedures())


@pytest.mark.shared
def test_no_commune_of_vietnam_bears_or_bore_a_name_of_the_sample(shared_data: Callable[[str], Path]) -> None:
    real: set[str] = set()
    for path in ("vn-provinces-2026/wards.csv", "vn-provinces-2026/ward_mapping_2025.csv"):
        with shared_data(path).open(encoding="utf-8") as file:
            real |= {
                unicodedata.normalize("NFC", cell) for row in csv.DictReader(file) for cell in row.values() if cell
            }

    for name in catalogue.commune_names():
        assert real.isdisjoint({name, *(f"{kind} {name}" for kind in ("Xã", "Phường", "Thị trấn", "Đặc khu"))})
