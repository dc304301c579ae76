"""The pages of keeping: who may enter which, and the acts of the catalogue, workflows, units and people on them."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

import world as the_world
from motcua.catalogue import actions as catalogue
from motcua.catalogue import comparison, models, queries, workflow_imports
from motcua.catalogue.records import ProcedureRecord
from motcua.organisations.models import Delegation, RoleGrant, Staff, Unit
from motcua.workflow import tables
from world import BIRTH, COMMUNE, PASSWORD, PROVINCE, World

pytestmark = pytest.mark.django_db
MOMENT = the_world.at("2026-07-10 09:00")

STEPS = (
    "cấp,TT,tên TTHC,thời hạn,bước,nội dung,bộ phận,thời gian (ngày),phân công\n"
    "xa,1,Đăng ký khai sinh,03 ngày làm việc,Bước 1,Tiếp nhận,Bộ phận Một cửa,0.5,\n"
    "xa,1,Đăng ký khai sinh,03 ngày làm việc,Bước 2,Thẩm tra,Công chức tư pháp,2,khối lượng\n"
    "xa,1,Đăng ký khai sinh,03 ngày làm việc,Bước 3,Ký,Lãnh đạo UBND xã,1,\n"
    "xa,2,Việc chưa ai biết,02 ngày làm việc,Bước 1,Tiếp nhận,Bộ phận Một cửa,2,\n"
).replace("thời gian (ngày)", "thời gian")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings, tmp_path: Path) -> None:
    """Answer pages without the collected files of an installation."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def world() -> World:
    return the_world.build()


@pytest.fixture
def enter(world: World, client: Client) -> Callable[[str], Client]:
    del world

    def as_person(part: str) -> Client:
        client.force_login(Staff.objects.get(code=f"cb-{part}").user)
        return client

    return as_person


READING = [
    "danh-muc/",
    f"danh-muc/{BIRTH}/",
    "kiem-tra/",
    "quy-trinh/",
    "don-vi/",
    f"don-vi/{COMMUNE}/",
]
KEEPING_THE_CATALOGUE = ["doi-chieu/", "phan-cong/", "danh-muc-moi/", f"danh-muc/{BIRTH}/soan/"]
KEEPING_PEOPLE = ["can-bo/", "can-bo/cb-officer/"]
OPENING_ACCOUNTS = ["can-bo-moi/"]
WHO = {
    "control": READING + KEEPING_THE_CATALOGUE,
    "administrator": READING + KEEPING_PEOPLE + OPENING_ACCOUNTS,
    "head": READING + KEEPING_PEOPLE,
    "clerk": [],
    "centre": [],
    "stranger": [],
}
ALL = [*READING, *KEEPING_THE_CATALOGUE, *KEEPING_PEOPLE, *OPENING_ACCOUNTS]


@pytest.mark.parametrize("part", WHO)
def test_each_page_lets_in_its_roles_and_nobody_else(enter: Callable[[str], Client], part: str) -> None:
    person = enter(part)

    answers = {path: person.get(f"/quan-ly/{path}").status_code for path in ALL}
    assert answers == {path: 200 if path in WHO[part] else 403 for path in ALL}


@pytest.mark.usefixtures("world")
def test_strangers_are_sent_to_log_in(client: Client) -> None:
    assert "/tai-khoan/login/" in client.get("/quan-ly/danh-muc/").headers["Location"]


def test_a_procedure_goes_from_draft_to_public_to_abolished_on_the_pages(enter: Callable[[str], Client]) -> None:
    office = enter("control")
    page = f"/quan-ly/danh-muc/{BIRTH}/"
    form = office.get(f"{page}soan/").context["form"]
    typed = {name: value for name, value in form.initial.items() if value not in (None, False)}
    office.post(f"{page}soan/", {**typed, "name": "Đăng ký khai sinh mới", "terms": "1 | 3 | ngày làm việc | 8.000 |"})
    days = {"cong-bo-decision_number": "5/QĐ", "cong-bo-signed_on": "2026-01-05", "cong-bo-effective_on": "2026-02-01"}
    office.post(page, {"viec": "cong-bo", **days})
    version = models.ProcedureVersion.objects.get(procedure=BIRTH, state="promulgated")
    office.post(page, {"viec": "cong-khai", "phien_ban": version.pk})

    after = queries.in_force(BIRTH, on=date(2026, 3, 2))
    before = queries.in_force(BIRTH, on=date(2026, 1, 31))
    assert after is not None
    assert before is not None
    assert (before.name, after.name) == ("Đăng ký khai sinh", "Đăng ký khai sinh mới")
    assert "khác nhau" in office.get(page).content.decode()
    end = {"bai-bo-decision_number": "6/QĐ", "bai-bo-signed_on": "2026-03-01", "bai-bo-effective_on": "2026-04-01"}
    office.post(page, {"viec": "bai-bo", **end})
    assert queries.in_force(BIRTH, on=date(2026, 4, 1)) is None


def test_a_draft_with_a_line_nobody_understands_comes_back_with_what_was_typed(
    enter: Callable[[str], Client],
) -> None:
    typed = {"code": "X.1", "name": "Thử", "sector": "A", "levels": ["commune"], "online_level": "none"}
    answer = enter("control").post("/quan-ly/danh-muc-moi/", {**typed, "terms": "sáng | 3 | ngày"})

    assert answer.status_code == 422
    assert "Không hiểu dòng «sáng | 3 | ngày" in answer.content.decode()
    assert "sáng | 3 | ngày" in answer.context["form"]["terms"].value()


def test_heads_look_at_the_catalogue_but_change_nothing(enter: Callable[[str], Client]) -> None:
    answer = enter("head").post(f"/quan-ly/danh-muc/{BIRTH}/", {"viec": "ma", "ma-local_code": "X"})

    assert answer.status_code == 403
    assert not models.LocalCode.objects.exists()


def test_assignments_are_changed_by_a_table_and_a_wrong_row_stops_all(enter: Callable[[str], Client]) -> None:
    office = enter("control")
    head = "ma_tthc,ma_don_vi,viec,tu_ngay\n"

    def load(rows: str) -> int:
        file = SimpleUploadedFile("bang.csv", (head + rows).encode())
        return office.post("/quan-ly/phan-cong/", {"tep": file}).status_code

    assert load(f"{BIRTH},{PROVINCE},giao,2026-03-01\n{BIRTH},H00.1,giao,\n") == 422
    assert PROVINCE not in queries.units_handling(BIRTH, on=date(2026, 3, 2))
    assert load(f"{BIRTH},{PROVINCE},giao,2026-03-01\n{BIRTH},{COMMUNE},thôi,2026-03-01\n") == 302
    handling = queries.units_handling(BIRTH, on=date(2026, 3, 2))
    assert PROVINCE in handling
    assert COMMUNE not in handling
    assert f"{BIRTH},{PROVINCE},giao,2026-03-01" in office.get("/quan-ly/phan-cong/?tai=csv").content.decode()


def test_the_national_catalogue_is_compared_and_approved_in_parts_on_the_page(enter: Callable[[str], Client]) -> None:
    office = enter("control")
    line = '{{"ma_thu_tuc": "9.{0:06}", "ten_thu_tuc": "Việc {0}", "trinh_tu_thuc_hien": ""}}\n'
    file = SimpleUploadedFile("quoc-gia.jsonl", "".join(line.format(n) for n in range(60)).encode())
    office.post("/quan-ly/doi-chieu/", {"tep": file})
    run = models.CatalogueImport.objects.get()
    page = f"/quan-ly/doi-chieu/{run.pk}/"
    assert office.get(page).status_code == 200
    first = office.post(f"{page}duyet/", {"loai": ["new"]}, headers={"HX-Request": "true"}).content.decode()
    second = office.post(f"{page}duyet/", {"loai": ["new"]}, headers={"HX-Request": "true"}).content.decode()

    assert "Đang tiếp tục" in first
    assert "<strong>60</strong> / 62" in second
    progress = comparison.progress(run.pk)
    assert (progress.decided, progress.waiting) == (60, 2)
    missing = run.differences.filter(kind="missing").first()
    assert missing is not None
    office.post(f"{page}quyet-dinh/", {"viec": "giu", "ma": missing.pk})
    assert run.differences.get(pk=missing.pk).state == "refused"


def test_workflows_are_imported_matched_by_name_and_put_into_force(enter: Callable[[str], Client]) -> None:
    office = enter("control")
    file = SimpleUploadedFile("buoc.csv", STEPS.encode())
    answer = office.post("/quan-ly/quy-trinh/", {"file": file, "decision": "1/QĐ", "valid_from": "2026-03-01"})
    run = models.WorkflowImport.objects.get()
    text = office.get(answer.headers["Location"]).content.decode()
    office.post(f"/quan-ly/quy-trinh/dot-nhap/{run.pk}/quyet-dinh/", {"viec": "tat-ca"})
    flow = models.Workflow.objects.get()
    shown = office.get(f"/quan-ly/quy-trinh/{flow.pk}/").content.decode()

    # 0,5 + 2 + 1 working days do not make 3.
    assert "công bố 3 ngày, cộng các bước được 3,5 ngày" in re.sub(r"\s+", " ", text)
    assert workflow_imports.report(run.pk) == workflow_imports.Report(2, 1, 1, 1)
    assert flow.procedure_id == BIRTH
    assert "<svg" in shown
    assert "Lệch" in shown


def test_an_administrator_opens_an_account_whose_temporary_password_works(
    enter: Callable[[str], Client], client: Client
) -> None:
    typed = {"code": "cb-moi", "username": "moi", "name": "Lê Thị Mới", "job_title": "Công chức", "unit": COMMUNE}
    page = enter("administrator").post("/quan-ly/can-bo-moi/", typed, follow=True).content.decode()
    found = re.search(r"Mật khẩu tạm của moi: (\w{14})", page)

    assert found is not None
    assert Client().login(username="moi", password=found[1])
    assert client.get("/quan-ly/can-bo/cb-moi/").status_code == 200


def test_a_reset_link_leads_to_a_page_and_a_new_password_ends_the_old_one(enter: Callable[[str], Client]) -> None:
    admin = enter("administrator")
    page = admin.post("/quan-ly/can-bo/cb-officer/", {"viec": "lien-ket"}, follow=True).content.decode()
    link = re.search(r"http://testserver(/[^ <]+)", page)
    assert link is not None
    assert Client().get(link[1], follow=True).status_code == 200
    admin.post("/quan-ly/can-bo/cb-officer/", {"viec": "mat-khau"})
    assert not Client().login(username="officer", password=PASSWORD)


def test_an_administrator_of_a_commune_gives_no_role_over_the_province(
    enter: Callable[[str], Client],
) -> None:
    RoleGrant.objects.create(
        staff_id="cb-second_officer", role="administrator", unit_id=COMMUNE, days=(date(2026, 1, 1), None)
    )
    person = enter("second_officer")
    days = {"vai-tro-since": "2026-03-01", "vai-tro-unit": COMMUNE}
    refused = person.post("/quan-ly/can-bo/cb-officer/", {"viec": "vai-tro", "vai-tro-role": "control_office", **days})
    allowed = person.post("/quan-ly/can-bo/cb-officer/", {"viec": "vai-tro", "vai-tro-role": "records_clerk", **days})

    assert (refused.status_code, allowed.status_code) == (422, 302)
    assert set(RoleGrant.objects.filter(staff="cb-officer").values_list("role", flat=True)) == {
        "case_officer",
        "records_clerk",
    }
    assert person.get("/quan-ly/can-bo/cb-stranger/").status_code == 404


def test_a_head_names_a_deputy_but_neither_roles_nor_passwords(enter: Callable[[str], Client]) -> None:
    head = enter("head")
    page = "/quan-ly/can-bo/cb-officer/"
    away = {"lam-thay-since": "2026-03-02", "lam-thay-until": "2026-03-03", "lam-thay-reason": "Nghỉ phép"}
    head.post(page, {"viec": "lam-thay", "lam-thay-deputy": "cb-second_officer", **away})
    head.post(page, {"viec": "mat-khau"})

    (found,) = Delegation.objects.all()
    assert (found.deputy_id, found.days.upper) == ("cb-second_officer", date(2026, 3, 4))
    assert Client().login(username="officer", password=PASSWORD)


def test_units_are_made_renamed_and_merged_on_their_page(enter: Callable[[str], Client]) -> None:
    admin = enter("administrator")
    admin.post(
        f"/quan-ly/don-vi/{PROVINCE}/",
        {
            "viec": "tao",
            "tao-code": "H99.103",
            "tao-name": "Xã Mới",
            "tao-kind": "commune",
            "tao-valid_from": "2026-01-01",
            "tao-old_code": "000.00.77.H99",
        },
    )
    admin.post("/quan-ly/don-vi/H99.103/", {"viec": "doi-ten", "doi-ten-name": "Xã Mới Hơn"})
    admin.post(
        f"/quan-ly/don-vi/{COMMUNE}/", {"viec": "sap-xep", "sap-xep-into": "H99.103", "sap-xep-on": "2099-06-01"}
    )
    again = admin.post(
        f"/quan-ly/don-vi/{COMMUNE}/", {"viec": "sap-xep", "sap-xep-into": "H99.103", "sap-xep-on": "2099-07-01"}
    )
    page = admin.get("/quan-ly/don-vi/000.00.77.H99/").content.decode()

    assert "«Xã Mới» thành «Xã Mới Hơn»" in page
    assert "Xã Thử Một" in page
    assert Unit.objects.get(code=COMMUNE).valid_to == date(2099, 6, 1)
    assert again.status_code == 422


@pytest.mark.shared
@pytest.mark.usefixtures("world")
def test_the_98_real_workflows_are_imported_put_to_procedures_and_in_force(
    shared_data: Callable[[str], Path],
) -> None:
    path = shared_data("quy-trinh-noi-bo-quang-ninh-2026/workflows.jsonl")
    found = tables.read_json_lines(path.read_text(encoding="utf-8"), name=path.name, decision="295/QĐ")
    titles = {
        found.titles.get(f"{one.level}-{one.number.split('.')[0]}", one.title): one.level for one in found.workflows
    }
    # Half of the titles are in the catalogue; the others must wait for a person.
    known = sorted(titles)[::2]
    for number, title in enumerate(known):
        record = ProcedureRecord(code=f"5.{number:06}", name=title, sector="Đất đai")
        catalogue.draft(record, by="test", at=MOMENT)
    run = workflow_imports.propose(
        found, source=path.name, sha256="1", decision="295/QĐ", valid_from=date(2026, 7, 10), by="test", at=MOMENT
    )
    workflow_imports.approve_matched(run.pk, by="test", at=MOMENT)
    report = workflow_imports.report(run.pk)

    ordinary = run.proposals.filter(code__endswith=".ordinary")
    assert ordinary.count() == 98
    assert report.total == report.matched + report.unmatched
    assert report.approved == report.matched == models.Workflow.objects.count()
    assert set(run.proposals.filter(state="approved").values_list("title", flat=True)) >= set(known)
    waiting = run.proposals.filter(state="pending").first()
    assert waiting is not None
    assert waiting.candidates
