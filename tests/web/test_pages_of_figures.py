"""Where the live figures come from, on screen: sources with their as-of times, proofs, incidents until dealt with."""

from pathlib import Path

import polars as pl
import pytest

from motcua.kernel.time import Period, local_day
from motcua.live import imports, models, nightly, projector, scoring
from motcua.organisations import actions
from pages import Browser
from world import COMMUNE, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at("2026-03-10 01:30")
PAGE = "/quan-ly/so-lieu/"


@pytest.fixture(autouse=True)
def one_dossier(world: World) -> None:
    world.received("2026-03-09 09:00")
    project()


def project() -> None:
    while projector.project(options=scoring.options(now=NOW), at=NOW):
        pass


def incident() -> int:
    models.LiveDossier.objects.update(flags=0)
    nightly.prove_now(Period.month(2026, 3), now=NOW)
    return nightly.open_incidents()[0].number


def test_a_source_is_named_with_its_as_of_time_beside_the_figures(browser: Browser, tmp_path: Path) -> None:
    rows = {
        "dossier_code": ["N1"],
        "unit_code": [COMMUNE],
        "received_at": [at("2026-03-02 09:00").replace(tzinfo=None)],
    }
    pl.DataFrame(rows).write_parquet(tmp_path / "dossiers.parquet")
    imports.take(
        [tmp_path / "dossiers.parquet"], source="igate", name="iGate tỉnh", by="cli", at=NOW, clock=None,
        progressed=lambda _: None, observed_at=at("2026-03-08 17:00"),
    )  # fmt: skip
    project()
    centre = browser("centre")

    for path in (f"/lanh-dao/don-vi/{PROVINCE}/?ky=2026-03", PAGE):
        shown = centre.get(path).content.decode()
        assert "iGate tỉnh" in shown
        assert "17:00, 08/03/2026" in shown


def test_an_incident_stands_on_the_leaders_pages_until_it_is_dealt_with(browser: Browser) -> None:
    number = incident()
    centre, path = browser("centre"), f"/lanh-dao/don-vi/{PROVINCE}/?ky=2026-03"
    assert "Số liệu đang được kiểm tra" in centre.get(path).content.decode()

    answer = centre.post(PAGE, {"so": number, f"sl{number}-note": "Đã khôi phục, chứng minh lại khớp."})

    assert answer.status_code == 302
    assert "Số liệu đang được kiểm tra" not in centre.get(path).content.decode()
    assert "Đã khôi phục, chứng minh lại khớp." in centre.get(PAGE).content.decode()


def test_a_note_that_says_too_little_keeps_what_was_typed(browser: Browser) -> None:
    number = incident()

    answer = browser("administrator").post(PAGE, {"so": number, f"sl{number}-note": "xong rồi"})

    assert answer.status_code == 422
    assert "xong rồi" in answer.content.decode()
    assert len(nightly.open_incidents()) == 1


def test_two_people_deal_with_the_same_incident_and_the_second_is_told(browser: Browser) -> None:
    number = incident()
    sent = {"so": number, f"sl{number}-note": "Đã khôi phục, chứng minh lại khớp."}
    browser("centre").post(PAGE, sent)

    answer = browser("control").post(PAGE, sent)

    assert answer.status_code == 422
    assert "đã được xử lý" in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 40, ""])
def test_a_number_of_no_incident_is_answered_and_changes_nothing(browser: Browser, number: str) -> None:
    incident()

    answer = browser("centre").post(PAGE, {"so": number, "sl0-note": "Một ghi chú đủ dài."})

    assert answer.status_code == 422
    assert len(nightly.open_incidents()) == 1


@pytest.mark.parametrize("part", ["clerk", "officer", "head", "leader", "stranger", "department_leader"])
def test_others_neither_see_nor_deal_with_incidents(browser: Browser, part: str) -> None:
    number = incident()
    person = browser(part)

    assert person.get(PAGE).status_code == 403
    assert person.post(PAGE, {"so": number, f"sl{number}-note": "Một ghi chú đủ dài."}).status_code == 403
    assert len(nightly.open_incidents()) == 1


def test_a_proof_is_shown_with_what_it_compared(browser: Browser) -> None:
    nightly.prove(now=NOW, hour=1)

    shown = browser("control").get(PAGE).content.decode()

    assert "Khớp" in shown
    assert "hằng đêm" in shown
    assert "tháng 03/2026" in shown


def test_a_merged_unit_is_shown_in_both_views_and_only_to_who_leads_it(browser: Browser) -> None:
    actions.merge_units(
        old_codes=[OTHER_COMMUNE], new_code=COMMUNE, on=local_day(at("2026-03-10 00:00")), by="x", at=NOW
    )
    project()
    path = f"/lanh-dao/don-vi/{COMMUNE}/sap-xep/?ky=2026-03"

    shown = browser("leader").get(path).content.decode()
    overview = browser("leader").get(f"/lanh-dao/don-vi/{COMMUNE}/?ky=2026-03").content.decode()

    assert "Điểm lúc đó" in shown
    assert OTHER_COMMUNE in shown
    assert path.partition("?")[0] in overview
    assert browser("department_leader").get(path).status_code == 404


def test_an_imported_dossier_that_loses_points_is_listed_for_those_who_lead_its_unit(
    browser: Browser, tmp_path: Path
) -> None:
    rows = {"dossier_code": ["NHAP-LATE"], "unit_code": [COMMUNE], "procedure_code": ["1.001193"],
            "received_at": [at("2026-03-02 09:00").replace(tzinfo=None)],
            "due_at": [at("2026-03-04 17:00").replace(tzinfo=None)]}  # fmt: skip
    pl.DataFrame(rows).write_parquet(tmp_path / "dossiers.parquet")
    imports.take(
        [tmp_path / "dossiers.parquet"], source="igate", name="iGate tỉnh", by="cli", at=NOW, clock=None,
        progressed=lambda _: None,
    )  # fmt: skip
    project()
    path = f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/ON_TIME/?ky=2026-03"

    shown = browser("leader").get(path).content.decode()

    assert "NHAP-LATE" in shown
    assert "/can-bo/ho-so/NHAP-LATE/" not in shown
    assert browser("department_leader").get(path).status_code == 404
