"""Pages of the officers: what they show to whom, what they keep, what they refuse, what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import world as the_world
from flows import FLOW, publish
from motcua.catalogue.types import Channel
from motcua.dossiers import models, queries
from motcua.kernel.time import local
from motcua.organisations import actions as organisations
from motcua.organisations.types import Role
from pages import Browser, act, now_text, sent_in, text
from world import BIRTH, COMMUNE, DEPARTMENT, FOUNDED, World

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

# Who sees what


@pytest.mark.parametrize(
    "path", ["/can-bo/danh-sach/mine/", "/can-bo/dem/", "/can-bo/so-theo-doi/", "/can-bo/tiep-nhan/"]
)
def test_a_stranger_is_sent_to_the_login_page(browser: Browser, path: str) -> None:
    assert browser(None).get(path)["Location"].startswith("/tai-khoan/login/?next=")


def test_another_commune_finds_nothing_and_is_told_nothing(browser: Browser, world: World) -> None:
    code = world.received(now_text())
    stranger = browser("stranger")

    pages = [
        stranger.get(f"/can-bo/ho-so/{code}/"),
        act(stranger, code, "forward", unit=COMMUNE),
        stranger.post(f"/can-bo/ho-so/{code}/phieu/intake_receipt/"),
        stranger.get(f"/can-bo/ho-so/{code}/phieu/intake_receipt/1.pdf"),
        stranger.post(f"/can-bo/ho-so/{code}/dinh-chinh/", {"muc": "owner.name", "noi_dung_dung": "X", "ly_do": "Y"}),
    ]
    assert {page.status_code for page in pages} == {404}
    assert "Nguyễn Văn Thử" not in "".join(text(page) for page in pages)
    assert code not in text(stranger.get("/can-bo/danh-sach/all/?q=nguyen"))
    assert code not in text(stranger.get("/can-bo/danh-sach/all/?tai=csv"))


def test_an_account_that_is_nobodys_may_not_enter(django_user_model: Any) -> None:
    client = Client()
    client.force_login(django_user_model.objects.create_user("ai-do"))

    assert client.get("/can-bo/danh-sach/mine/").status_code == 403


# Lists


def test_the_list_names_who_is_late_with_title_and_working_time(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-20))
    page = text(browser("officer").get("/can-bo/danh-sach/overdue/"))

    for words in (code, "Lê Văn Thử", "Công chức tư pháp", "Quá hạn", "ngày"):
        assert words in page


def test_a_paused_dossier_says_since_when(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-4))
    world.do("pause", code, by="officer", when=now_text(days=-2), pause_ground="field_survey", legal_basis="Quy chế")

    page = text(browser("officer").get("/can-bo/danh-sach/paused/"))
    assert "dừng từ" in page
    assert "đã 2 ngày" in page


def test_what_was_sent_in_waits_in_its_own_list_with_its_hours(browser: Browser, world: World) -> None:
    code, _ = sent_in(), world
    page = text(browser("clerk").get("/can-bo/danh-sach/registered/"))

    assert code in page
    assert "trả lời trước" in page
    assert code not in text(browser("clerk").get("/can-bo/danh-sach/open/"))


def test_chosen_columns_are_remembered_and_exported(browser: Browser, world: World) -> None:
    world.received(now_text())
    clerk = browser("clerk")
    clerk.post("/can-bo/danh-sach/mine/cot/", {"cot": ["owner", "channel"]})

    page, sheet = text(clerk.get("/can-bo/danh-sach/mine/")), text(clerk.get("/can-bo/danh-sach/mine/?tai=csv"))
    assert '<th scope="col">Hình thức nộp</th>' in page
    assert '<th scope="col">Người xử lý</th>' not in page
    assert sheet.splitlines()[0].lstrip("\ufeff") == "Mã hồ sơ,Chủ hồ sơ,Hình thức nộp"
    assert "Trực tiếp" in sheet.splitlines()[1]


def test_a_name_that_looks_like_a_formula_stays_text_in_the_export(browser: Browser, world: World) -> None:
    owner = the_world.an_intake().owner
    world.received(now_text(), owner=type(owner)(name="=HYPERLINK(1)", phone=owner.phone))

    assert "'=HYPERLINK(1)" in text(browser("clerk").get("/can-bo/danh-sach/mine/?tai=csv"))


def test_a_saved_filter_comes_back_and_can_be_dropped(browser: Browser, world: World) -> None:
    world.received(now_text())
    clerk = browser("clerk")
    clerk.post("/can-bo/bo-loc/", {"view": "mine", "q": "thu", "ten_bo_loc": "Họ Thử"})
    assert "Họ Thử" in text(clerk.get("/can-bo/danh-sach/mine/"))

    clerk.post("/can-bo/bo-loc/", {"view": "mine", "bo": models.SavedView.objects.get().pk})
    assert not models.SavedView.objects.exists()


def test_a_saved_filter_is_its_owners_alone(browser: Browser, world: World) -> None:
    del world
    browser("clerk").post("/can-bo/bo-loc/", {"view": "mine", "q": "thu", "ten_bo_loc": "Của tôi"})
    kept = models.SavedView.objects.get()

    browser("stranger").post("/can-bo/bo-loc/", {"view": "mine", "bo": kept.pk})
    assert models.SavedView.objects.filter(pk=kept.pk).exists()
    assert "Của tôi" not in text(browser("stranger").get("/can-bo/danh-sach/mine/"))


def test_a_list_of_fifty_costs_no_more_queries_than_a_list_of_two(browser: Browser, world: World) -> None:
    clerk = browser("clerk")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert clerk.get("/can-bo/danh-sach/mine/").status_code == 200
        return len(seen)

    for _ in range(2):
        world.received(now_text())
    few = cost()
    for _ in range(20):
        world.received(now_text())

    assert cost() == few
    assert few <= 20


def test_the_counts_come_without_the_page_and_agree_with_the_lists(browser: Browser, world: World) -> None:
    world.received(now_text())
    sent_in()
    counts = queries.counts([queries.View.MINE, queries.View.REGISTERED], staff=world["clerk"], now=timezone.now())

    assert counts == {queries.View.MINE: 1, queries.View.REGISTERED: 1}
    part = text(browser("clerk").get("/can-bo/dem/?o=mine"))
    assert "<html" not in part
    assert part.count('aria-current="page"') == 1


def test_a_head_assigns_many_at_once_and_hears_which_could_not_be(browser: Browser, world: World) -> None:
    codes = [world.received(now_text()) for _ in range(2)]
    for code in codes:
        world.do("forward", code, by="clerk", when=now_text(), unit=COMMUNE)
    other = world.received(now_text(), by="stranger", competent_unit="H99.102")

    page = text(
        browser("head").post(
            "/can-bo/phan-cong/",
            {"ho_so": [*codes, other], "nguoi": "cb-officer", "tro_lai": "/can-bo/danh-sach/open/"},
            follow=True,
        )
    )
    assert "Đã phân công 2 hồ sơ" in page
    assert f"{other}: Không tìm thấy" in page
    assert set(models.Dossier.objects.filter(assignee="cb-officer").values_list("pk", flat=True)) == set(codes)


def test_the_way_back_after_assigning_leads_nowhere_else(browser: Browser, world: World) -> None:
    del world
    response = browser("head").post("/can-bo/phan-cong/", {"tro_lai": "https://noi-khac.example/"})

    assert response["Location"] == "/can-bo/"


# One dossier


def test_a_refused_act_keeps_what_was_typed(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-1))
    response = act(browser("officer"), code, "pause", legal_basis="Quy chế đo đạc của tỉnh")

    assert response.status_code == 422
    assert "Quy chế đo đạc của tỉnh" in text(response)
    assert "Phải chọn lý do tạm dừng" in text(response)


def test_who_comes_second_is_told_and_loses_nothing_typed(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-1))
    seen = models.Dossier.objects.get(code=code).version_number
    world.do("complete_step", code, by="officer", when=now_text())

    response = act(browser("officer"), code, "submit_for_signature", version=seen, draft="Dự thảo số 77")
    assert response.status_code == 409
    assert "vừa được người khác xử lý" in text(response)
    assert "Dự thảo số 77" in text(response)


def test_the_history_tells_names_units_and_reasons(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-1))
    world.do("request_opinion", code, by="officer", when=now_text(), unit=DEPARTMENT, question="Thửa đất số 5?")

    page = text(browser("officer").get(f"/can-bo/ho-so/{code}/"))
    for words in ("Xin ý kiến", "Sở giả định", "Thửa đất số 5?", "Lê Văn Thử, Công chức tư pháp"):
        assert words in page


def test_both_clocks_are_open_on_the_page(browser: Browser, world: World) -> None:
    page = text(browser("clerk").get(f"/can-bo/ho-so/{world.received(now_text())}/"))

    assert "<details open><summary>Vì sao?</summary>" in page
    assert "Theo quy định" in page
    assert "Theo Bộ chỉ số 766" in page


def test_receiving_at_the_counter_issues_the_receipt(browser: Browser, world: World) -> None:
    del world
    typed = {
        "name": "Nguyễn Thị Quầy", "kind": "person", "phone": "0900000009", "competent_unit": COMMUNE, "channel": 1,
        "return_form": "counter", "giay_to": ["Tờ khai"],
        "tep_1": SimpleUploadedFile("giay-chung-sinh.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    page = text(browser("clerk").post(f"/can-bo/tiep-nhan/{BIRTH}/", typed, follow=True))

    assert "Đã tiếp nhận hồ sơ" in page
    assert "Giấy tiếp nhận và hẹn trả, số 1" in page
    code = models.Dossier.objects.get().code
    made = browser("clerk").get(f"/can-bo/ho-so/{code}/phieu/intake_receipt/1.pdf")
    assert (made["Content-Type"], made.content[:5]) == ("application/pdf", b"%PDF-")
    assert browser("clerk").get(f"/can-bo/ho-so/{code}/phieu/intake_receipt/1.docx").content[:2] == b"PK"


def test_papers_are_counted_as_what_was_handed_in(browser: Browser, world: World) -> None:
    del world
    form = text(browser("clerk").get(f"/can-bo/tiep-nhan/{BIRTH}/"))
    typed = {
        "name": "Nguyễn Thị Quầy", "kind": "person", "phone": "0900000009", "competent_unit": COMMUNE, "channel": 1,
        "return_form": "counter", "giay_to": ["Tờ khai"], "loai_1": "copy",
        "tep_1": SimpleUploadedFile("giay-chung-sinh.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    browser("clerk").post(f"/can-bo/tiep-nhan/{BIRTH}/", typed, follow=True)

    assert '<option value="original" selected>Bản chính</option>' in form, "what the procedure asks for stands first"
    kinds = dict(models.Document.objects.values_list("component_name", "copy_kind"))
    assert sorted(kinds.values()) == ["copy", "original"]
    assert kinds["Tờ khai"] == "original"


def test_a_dossier_sent_in_is_received_on_its_page(browser: Browser, world: World) -> None:
    code, _ = sent_in(), world

    page = text(browser("clerk").get(f"/can-bo/ho-so/{code}/"))
    assert "Trả lời trước" in page
    assert act(browser("clerk"), code, "receive").status_code == 302
    assert models.Dossier.objects.get(code=code).state == 2


def test_postal_staff_must_name_who_watches_over_them(browser: Browser, world: World) -> None:
    code, _ = sent_in(channel=Channel.POSTAL), world
    postal = browser("postal")

    assert "Người giám sát của cơ quan" in text(postal.get(f"/can-bo/ho-so/{code}/"))
    assert act(postal, code, "receive").status_code == 422
    assert act(postal, code, "receive", supervisor="Hà Thị Giám Sát").status_code == 302


def test_a_correction_goes_from_the_clerk_to_the_head(browser: Browser, world: World) -> None:
    code = world.received(now_text())
    typed = {"muc": "owner.name", "noi_dung_dung": "Nguyễn Thị Đúng", "ly_do": "Gõ nhầm", "phien_ban": 1}
    browser("clerk").post(f"/can-bo/ho-so/{code}/dinh-chinh/", typed)
    correction = models.Correction.objects.get()
    assert "Duyệt đính chính" not in text(browser("clerk").get(f"/can-bo/ho-so/{code}/"))

    assert "Duyệt đính chính" in text(browser("head").get(f"/can-bo/ho-so/{code}/"))
    browser("head").post(f"/can-bo/ho-so/{code}/dinh-chinh/{correction.pk}/", {"duyet": "1", "phien_ban": 2})
    assert models.Dossier.objects.get(code=code).owner.name == "Nguyễn Thị Đúng"


def test_a_linked_agency_answers_and_the_dossier_goes_on(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-1))
    due = local(timezone.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    act(browser("officer"), code, "refer", unit=DEPARTMENT, question="Thẩm định", new_due_at=due)
    leg = models.Dossier.objects.get(parent=code).code

    assert leg in text(browser("officer").get(f"/can-bo/ho-so/{code}/"))
    assert "Thẩm định" in text(browser("department_officer").get(f"/can-bo/ho-so/{leg}/"))
    act(browser("officer"), code, "receive_linked_result", leg=leg, result="12/KQ")
    assert models.Dossier.objects.get(code=code).local_state == "in_progress"


def test_the_result_file_comes_with_the_act_and_a_page_in_disguise_is_refused(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-1))
    world.do("submit_for_signature", code, by="officer", when=now_text(), draft="01/DT")
    world.do("approve", code, by="leader", when=now_text(), draft="01/DT")
    false = SimpleUploadedFile("ket-qua.pdf", b"<html><script>alert(1)</script>", "application/pdf")
    refused = act(browser("records"), code, "resolve", result="01/KQ", result_file=false)
    assert refused.status_code == 422

    act(browser("records"), code, "resolve", result="01/KQ", result_file=SimpleUploadedFile("kq.pdf", PDF))
    document = models.Document.objects.get(dossier=code, is_result=True)
    assert browser("clerk").get(f"/can-bo/ho-so/{code}/tep/{document.pk}/").getvalue() == PDF


def test_a_letter_of_apology_is_drafted_for_a_late_dossier(browser: Browser, world: World) -> None:
    code = world.taken(now_text(days=-20))
    later = local(timezone.now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")

    response = browser("officer").get(f"/can-bo/ho-so/{code}/du-thao-xin-loi/", {"hen": later, "ly_do": "Chờ xác minh"})
    assert response.content[:2] == b"PK"
    assert browser("officer").get(f"/can-bo/ho-so/{code}/du-thao-xin-loi/").status_code == 422


@pytest.mark.parametrize(("kind", "mark"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_the_register_of_the_desk_is_printed(browser: Browser, world: World, kind: str, mark: bytes) -> None:
    code = world.received(now_text())
    assert code in text(browser("clerk").get("/can-bo/so-theo-doi/"))

    assert browser("clerk").get(f"/can-bo/so-theo-doi/?tai={kind}").content.startswith(mark)


def test_the_register_of_another_desk_stays_closed(browser: Browser, world: World) -> None:
    code = world.received(now_text())

    assert code not in text(browser("stranger").get(f"/can-bo/so-theo-doi/?don_vi={COMMUNE}"))


def test_many_are_shared_out_to_whoever_has_least_to_do(browser: Browser, world: World) -> None:
    busy = [world.taken(now_text(days=-1)) for _ in range(2)]
    waiting = [world.received(now_text(days=-1)) for _ in range(4)]
    for code in waiting:
        world.do("forward", code, by="clerk", when=now_text(days=-0.5), unit=COMMUNE)
    browser("head").post("/can-bo/phan-cong/", {"ho_so": waiting, "nguoi": "theo-tai"})

    held = models.Dossier.objects.filter(code__in=[*busy, *waiting]).values_list("assignee", flat=True)
    assert sorted(held) == ["cb-officer"] * 3 + ["cb-second_officer"] * 3


def test_the_next_step_of_the_workflow_is_filled_in_beforehand(browser: Browser, world: World) -> None:
    publish(FLOW)
    code = world.received(now_text(days=-1))
    page = text(browser("clerk").get(f"/can-bo/ho-so/{code}/"))

    assert "Theo quy trình: Bước 2. Thẩm tra" in page
    assert f'<option value="{COMMUNE}" selected>' in page


@pytest.mark.parametrize("part", ["head", "leader"])
def test_heads_keep_the_list_of_all_in_hand_beside_the_letters(browser: Browser, part: str) -> None:
    page = text(browser(part).get("/can-bo/dem/"))

    assert "Đang giải quyết" in page
    assert "Thư xin lỗi chờ ký" in page
    assert page.count("<a ") == 7


def test_who_both_receives_and_signs_has_seven_places_too(browser: Browser) -> None:
    organisations.grant_role(
        staff_code="cb-head",
        role=Role.CLERK,
        unit_code=COMMUNE,
        since=FOUNDED,
        until=None,
        by="test",
        at=timezone.now(),
    )
    page = text(browser("head").get("/can-bo/dem/"))

    assert page.count("<a ") == 7
    for name in ("Chờ tiếp nhận", "Chưa phân công", "Thư xin lỗi chờ ký", "Chờ trả kết quả"):
        assert name in page
