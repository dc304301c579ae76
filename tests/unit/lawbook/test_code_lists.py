"""Code lists: official codes kept verbatim, in dated versions."""

from datetime import date

import pytest

from motcua import lawbook
from motcua.kernel.errors import UserError

ON = date(2026, 10, 10)


@pytest.mark.law("portal-dossier-sync", "TrangThaiHoSo 1-10")
def test_the_portal_knows_ten_states_and_three_of_them_are_final() -> None:
    states = lawbook.load().code_list("dossier_state", on=ON)

    assert [item.code for item in states.items] == list(range(1, 11))
    assert [item.code for item in states.items if item.more["is_terminal"]] == [3, 8, 10]
    assert states.name_vi_of(9) == "Đã xử lý xong"


def test_a_final_state_leads_nowhere_and_every_other_leads_to_a_known_state() -> None:
    states = lawbook.load().code_list("dossier_state", on=ON)
    known = {item.code for item in states.items}

    for item in states.items:
        assert bool(item.more["next"]) != item.more["is_terminal"], item.code
        assert set(item.more["next"]) <= known


@pytest.mark.law("portal-dossier-sync", "LoaiDoiTuong")
def test_the_same_code_means_another_applicant_in_another_generation_of_the_interface() -> None:
    book = lawbook.load()

    assert book.code_list("applicant_kind_a", on=ON).name_vi_of(1) == "Cá nhân"
    assert book.code_list("applicant_kind_c", on=ON).name_vi_of(1) == "Doanh nghiệp"


def test_districts_are_a_level_until_30_june_2025() -> None:
    book = lawbook.load()

    assert book.code_list("level", on=date(2025, 6, 30)).item(2) is not None
    assert book.code_list("level", on=date(2025, 7, 1)).item(2) is None


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert lawbook.load().code_list("channel", on=ON).name_vi_of(7) == "7"


def test_an_unknown_list_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UserError, match="Không có danh mục") as refused:
        lawbook.load().code_list("chanel", on=ON)

    assert "channel" in refused.value.remedy
