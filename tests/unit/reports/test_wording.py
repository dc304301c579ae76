"""Words for codes."""

from datetime import date

import pytest

from motcua import lawbook
from motcua.indicators import score
from motcua.indicators.score import Basis, Count, RatedUnit
from motcua.kernel.citation import Certainty
from motcua.reports import wording

PORTAL = lawbook.load().indicator_set("qd766/portal", on=date(2026, 10, 10))


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Sở Y tế - tỉnh Gia Lai", "Sở Y tế"),
        ("Sở Y tế - Thành phố Huế", "Sở Y tế"),
        ("Trạm A - Khu B", "Trạm A - Khu B"),
        ("Xã Vân Canh", "Xã Vân Canh"),
    ],
)
def test_a_department_is_named_without_its_province(name: str, own: str) -> None:
    assert wording.own_name(name) == own


def test_every_basis_and_certainty_has_words() -> None:
    assert all(wording.basis(basis) for basis in Basis)
    assert all(wording.certainty(certainty) for certainty in Certainty)
    assert wording.basis_mark(Basis.COUNTED) == ""


def test_a_level_without_a_name_keeps_its_own() -> None:
    assert (wording.level("commune"), wording.level("đảo")) == ("Xã, phường, đặc khu", "đảo")


def test_indicators_are_named_as_short_as_offices_do() -> None:
    name = "Tỷ lệ thủ tục hành chính cung cấp dịch vụ công trực tuyến"

    assert wording.short_name(name) == "TTHC cung cấp DVCTT"


def test_measures_are_named_and_of_several_the_larger_counts() -> None:
    assert wording.measures(["dossiers.received"]) == "Hồ sơ tiếp nhận trong kỳ"
    assert wording.measures(["dossiers.received", "national_reports.received"]).startswith("Số lớn hơn của: ")
    assert wording.measures([]) == "–"


def test_points_that_hang_on_missing_numbers_are_told() -> None:
    unit = RatedUnit("H20", "Tỉnh", "province")
    card = score.score(rules=PORTAL, units=[unit], counts={"H20": {"ON_TIME": Count(1, 1)}})

    assert wording.unknown(PORTAL, card.units[0]).startswith("Thiếu số liệu nên chưa tính được 80 điểm: chỉ số 1.1, ")
