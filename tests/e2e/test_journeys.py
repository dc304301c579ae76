"""One test per journey: what people really do at the desk, from the first click to the last."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from motcua.catalogue.types import Channel
from motcua.dossiers import law, models, online
from motcua.kernel.time import local, local_day
from people_in_browsers import Province
from world import BIRTH, COMMUNE, DEPARTMENT, PASSWORD, an_intake

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def when(*, days: float = 0) -> str:
    """Return a moment near now, as the world reads it."""
    return local(timezone.now() + timedelta(days=days)).isoformat(" ", "minutes")[:16]


def field_moment(*, days: float) -> str:
    """Return a moment as a browser's date field takes it."""
    return local(timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def open_act(page: Page, name: str) -> None:
    """Open an act on the dossier's page."""
    page.locator(".mc-acts details > summary", has_text=re.compile(rf"^{name}")).click()


def confirm(page: Page, name: str) -> None:
    """Press the act's own button and wait for the page that follows."""
    page.locator(".mc-acts details[open] form button", has_text=re.compile(rf"^{name}$")).click()
    page.wait_for_load_state()


def done(page: Page, name: str) -> None:
    """Expect the act to be recorded."""
    expect(page.get_by_role("status").filter(has_text=f"{name}: đã ghi nhận.")).to_be_visible()


def take_in(page: Page, *, name: str = "Nguyễn Thị Quầy", phone: str = "0912345678") -> str:
    """Take a dossier in at the counter, from the search for the procedure on, and return its code."""
    page.goto("/can-bo/tiep-nhan/")
    page.get_by_label("Thủ tục (tên, mã hoặc lĩnh vực, không cần dấu)").fill("khai sinh")
    page.get_by_role("link", name="Đăng ký khai sinh").click()
    page.get_by_label("Họ tên chủ hồ sơ (hoặc tên tổ chức)").fill(name)
    page.get_by_label("Điện thoại", exact=True).fill(phone)
    page.get_by_label("Đã nhận Tờ khai").check()
    page.get_by_label("Tệp quét Giấy chứng sinh").set_input_files(
        FilePayload(name="giay-chung-sinh.pdf", mimeType="application/pdf", buffer=PDF)
    )
    page.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(page.get_by_text("Đã tiếp nhận hồ sơ")).to_be_visible()
    return str(models.Dossier.objects.latest("submitted_at").code)


def test_from_the_counter_through_a_supplement_to_the_result_in_hand(province: Province) -> None:
    clerk, officer = province.page("clerk"), province.page("officer")
    code = take_in(clerk)
    expect(clerk.get_by_role("link", name="in bản PDF")).to_be_visible()
    open_act(clerk, "Chuyển xử lý")
    clerk.get_by_label("Cơ quan, đơn vị nhận").select_option(COMMUNE)
    confirm(clerk, "Chuyển xử lý")
    done(clerk, "Chuyển xử lý")

    officer.goto(f"/can-bo/ho-so/{code}/")
    open_act(officer, "Nhận thụ lý")
    confirm(officer, "Nhận thụ lý")
    open_act(officer, "Yêu cầu bổ sung")
    officer.get_by_label("Giấy tờ còn thiếu hoặc chưa đúng").fill("Giấy chứng sinh bản rõ")
    confirm(officer, "Yêu cầu bổ sung")
    expect(officer.get_by_role("alert")).to_contain_text("Phải nêu lý do")
    expect(officer.get_by_label("Giấy tờ còn thiếu hoặc chưa đúng")).to_have_value("Giấy chứng sinh bản rõ")
    officer.locator("[name=request_supplement-reason]").fill("Bản chụp mờ")
    confirm(officer, "Yêu cầu bổ sung")
    done(officer, "Yêu cầu bổ sung")

    clerk.goto(f"/can-bo/ho-so/{code}/")
    expect(clerk.get_by_text("Đang tạm dừng từ")).to_be_visible()
    open_act(clerk, "Nhận bổ sung")
    clerk.get_by_label("Giấy tờ nhận được").fill("Giấy chứng sinh bản rõ")
    confirm(clerk, "Nhận bổ sung")
    done(clerk, "Nhận bổ sung")

    officer.goto(f"/can-bo/ho-so/{code}/")
    open_act(officer, "Trình ký")
    officer.get_by_label("Số, ký hiệu dự thảo kết quả").fill("01/DT")
    confirm(officer, "Trình ký")
    leader, records = province.page("leader"), province.page("records")
    leader.goto(f"/can-bo/ho-so/{code}/")
    open_act(leader, "Ký duyệt")
    leader.get_by_label("Số, ký hiệu dự thảo kết quả").fill("01/DT")
    confirm(leader, "Ký duyệt")
    records.goto(f"/can-bo/ho-so/{code}/")
    open_act(records, "Phát hành kết quả")
    records.get_by_label("Số, ký hiệu kết quả giải quyết").fill("01/KS")
    records.get_by_label("Tệp kết quả").set_input_files(
        FilePayload(name="khai-sinh.pdf", mimeType="application/pdf", buffer=PDF)
    )
    confirm(records, "Phát hành kết quả")
    done(records, "Phát hành kết quả")

    clerk.goto("/can-bo/danh-sach/to_hand_over/")
    clerk.get_by_role("link", name=code).click()
    open_act(clerk, "Trả kết quả")
    clerk.get_by_label("Người nhận kết quả").fill("Nguyễn Thị Quầy")
    confirm(clerk, "Trả kết quả")
    done(clerk, "Trả kết quả")
    row = models.Dossier.objects.get(code=code)
    assert (row.state, row.supplement_count, row.documents.filter(is_result=True).count()) == (10, 1, 1)


def test_a_refusal_names_the_paper_and_the_law_and_prints_its_form(province: Province) -> None:
    now = timezone.now()
    code = online.submit(
        an_intake(channel=Channel.ONLINE), by="cong-dvc", role="exchange", at=now,
        rulebook=law.rulebook(on=local_day(now)),
    ).code  # fmt: skip
    clerk = province.page("clerk")
    clerk.goto("/can-bo/danh-sach/registered/")
    clerk.get_by_role("link", name=code).click()
    open_act(clerk, "Từ chối tiếp nhận")
    clerk.locator("[name=refuse_intake-missing_papers]").fill("Tờ khai có chữ ký")
    confirm(clerk, "Từ chối tiếp nhận")
    expect(clerk.get_by_role("alert")).to_contain_text("Phải nêu căn cứ pháp lý")

    clerk.locator("[name=refuse_intake-legal_basis]").fill("Điều 16 quy định giả định")
    confirm(clerk, "Từ chối tiếp nhận")
    done(clerk, "Từ chối tiếp nhận")
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="DOCX Phiếu từ chối tiếp nhận").click()
    assert download.value.suggested_filename == f"{code}-phieu-tu-choi-1.docx"
    assert models.Dossier.objects.get(code=code).state == 3


def test_an_extension_comes_with_an_apology_and_the_citizen_sees_it(province: Province) -> None:
    code = province.world.taken(when(days=-2))
    leader = province.page("leader")
    leader.goto(f"/can-bo/ho-so/{code}/")
    open_act(leader, "Gia hạn")
    leader.locator("[name=extend-reason]").fill("Chờ xác minh nơi cư trú")
    leader.locator("[name=extend-new_due_at]").fill(field_moment(days=20))
    leader.get_by_label("Số văn bản xin lỗi").fill("05/XL-UBND")
    confirm(leader, "Gia hạn")
    done(leader, "Gia hạn")
    expect(leader.get_by_text("Văn bản xin lỗi, hẹn lại, số 1").first).to_be_visible()

    citizen = province.page(None)
    row = models.Dossier.objects.get(code=code)
    citizen.goto(f"/tra-cuu/{code}/{row.tracking_secret}/")
    expect(citizen.get_by_text("Cơ quan xin lỗi vì chậm trễ")).to_be_visible()


def test_a_second_agency_gives_its_opinion(province: Province) -> None:
    code = province.world.taken(when(days=-1))
    officer, other = province.page("officer"), province.page("department_officer")
    officer.goto(f"/can-bo/ho-so/{code}/")
    open_act(officer, "Xin ý kiến")
    officer.locator("[name=request_opinion-unit]").select_option(DEPARTMENT)
    officer.locator("[name=request_opinion-question]").fill("Sổ gốc có lưu không?")
    confirm(officer, "Xin ý kiến")
    done(officer, "Xin ý kiến")

    other.goto(f"/can-bo/ho-so/{code}/")
    expect(other.get_by_text("Sổ gốc có lưu không?").first).to_be_visible()
    open_act(other, "Cho ý kiến")
    other.get_by_label("Nội dung trả lời").fill("Có, quyển 3")
    confirm(other, "Cho ý kiến")

    officer.goto(f"/can-bo/ho-so/{code}/")
    expect(officer.get_by_text("Có, quyển 3").first).to_be_visible()
    assert models.Dossier.objects.get(code=code).local_state == "in_progress"


def test_postal_staff_take_in_under_supervision_and_decide_nothing(province: Province) -> None:
    postal = province.page("postal")
    postal.goto(f"/can-bo/tiep-nhan/{BIRTH}/")
    postal.get_by_label("Họ tên chủ hồ sơ (hoặc tên tổ chức)").fill("Trần Văn Gửi")
    postal.get_by_label("Hình thức nộp").select_option("3")
    postal.get_by_label("Đã nhận Tờ khai").check()
    postal.get_by_label("Đã nhận Giấy chứng sinh").check()
    postal.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(postal.get_by_role("alert")).to_contain_text("phải ghi người giám sát")
    expect(postal.get_by_label("Họ tên chủ hồ sơ (hoặc tên tổ chức)")).to_have_value("Trần Văn Gửi")

    postal.get_by_label("Người giám sát (khi nhân viên bưu chính tiếp nhận)").fill("Hà Thị Giám Sát")
    postal.get_by_role("button", name="Tiếp nhận và hẹn trả").click()
    expect(postal.get_by_text("Đã tiếp nhận hồ sơ")).to_be_visible()
    offered = postal.locator(".mc-acts details > summary").all_inner_texts()
    assert not any(word in " ".join(offered) for word in ("Từ chối", "Yêu cầu bổ sung", "Dừng xử lý"))


def test_a_citizen_follows_the_link_of_the_receipt_on_a_phone(province: Province) -> None:
    code = take_in(province.page("clerk"))
    row = models.Dossier.objects.get(code=code)
    address = row.forms.get(form="intake_receipt").content["filled"]["verify_url"]
    assert address == f"{province.base}/tra-cuu/{code}/{row.tracking_secret}/"

    citizen = province.page(None, width=360, height=740)
    citizen.goto(address)
    expect(citizen.get_by_role("heading", name=code)).to_be_visible()
    expect(citizen.get_by_text("Được tiếp nhận").first).to_be_visible()
    expect(citizen.get_by_text("Nguyễn Thị Quầy")).to_have_count(0)
    assert citizen.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_head_gives_the_work_of_one_officer_to_another(province: Province) -> None:
    codes = [province.world.taken(when(days=-1)) for _ in range(2)]
    head = province.page("head")
    head.goto("/can-bo/danh-sach/open/")
    for code in codes:
        head.get_by_label(f"Chọn {code}").check()
    expect(head.get_by_text("2 hồ sơ đã chọn")).to_be_visible()
    head.get_by_label("phân công cho").select_option("cb-second_officer")
    head.get_by_role("button", name="Phân công").click()

    expect(head.get_by_text("Đã phân công 2 hồ sơ.")).to_be_visible()
    expect(head.get_by_text("Vũ Văn Thử").first).to_be_visible()
    assert set(models.Dossier.objects.values_list("assignee", flat=True)) == {"cb-second_officer"}


def test_another_commune_is_locked_out(province: Province) -> None:
    code = province.world.received(when())
    stranger = province.page("stranger")
    stranger.goto(f"/can-bo/ho-so/{code}/")
    expect(stranger.get_by_text("Không tìm thấy hồ sơ")).to_be_visible()

    stranger.goto("/can-bo/danh-sach/all/")
    stranger.get_by_label("Tìm hồ sơ theo mã, tên, thủ tục, điện thoại").fill("nguyen van thu")
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_text("Không có hồ sơ nào khớp bộ lọc.")).to_be_visible()


def test_two_at_one_dossier_the_second_keeps_what_was_typed(province: Province) -> None:
    code = province.world.taken(when(days=-1))
    officer, head = province.page("officer"), province.page("head")
    officer.goto(f"/can-bo/ho-so/{code}/")
    open_act(officer, "Tạm dừng")
    officer.locator("[name=pause-legal_basis]").fill("Quy chế đo đạc")
    head.goto(f"/can-bo/ho-so/{code}/")
    open_act(head, "Phân công")
    head.locator("[name=assign-assignee]").select_option("cb-second_officer")
    confirm(head, "Phân công")

    officer.locator("[name=pause-pause_ground]").select_option("field_survey")
    confirm(officer, "Tạm dừng")
    expect(officer.get_by_role("alert")).to_contain_text("vừa được người khác xử lý")
    expect(officer.locator("[name=pause-legal_basis]")).to_have_value("Quy chế đo đạc")


def test_a_half_typed_intake_survives_a_closed_browser(province: Province) -> None:
    clerk = province.page("clerk")
    clerk.goto(f"/can-bo/tiep-nhan/{BIRTH}/")
    clerk.get_by_label("Họ tên chủ hồ sơ (hoặc tên tổ chức)").fill("Lê Thị Dở Dang")
    clerk.get_by_label("Điện thoại", exact=True).fill("0900000077")
    expect(clerk.get_by_text("Đã lưu nháp lúc")).to_be_visible()
    clerk.context.close()
    province.contexts.pop()

    again = province.page("clerk")
    again.goto("/can-bo/tiep-nhan/")
    again.get_by_role("link", name="Đăng ký khai sinh").first.click()
    expect(again.get_by_label("Họ tên chủ hồ sơ (hoặc tên tổ chức)")).to_have_value("Lê Thị Dở Dang")


def test_the_whole_day_can_be_done_by_keyboard(province: Province) -> None:
    codes = [province.world.received(when(days=-1)) for _ in range(3)]
    page = province.page(None)
    page.goto("/can-bo/")
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/can-bo/danh-sach/mine/")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.is-current")).to_contain_text(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ho-so/{codes[0]}/")
    page.keyboard.press("1")
    expect(page.locator("details[open] [name=forward-unit]")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("Xã Thử Một")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    done(page, "Chuyển xử lý")
    assert models.Dossier.objects.get(code=codes[0]).local_state == "forwarded"

    page.keyboard.press("/")
    expect(page.get_by_label("Tìm hồ sơ theo mã, tên, thủ tục, điện thoại")).to_be_focused()
    page.keyboard.type(codes[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=codes[1])).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url("**/tiep-nhan/")


def test_a_second_factor_guards_the_account(province: Province) -> None:
    page = province.page(None)
    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập").fill("officer")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/can-bo/danh-sach/mine/")
    page.goto("/tai-khoan/2fa/")
    page.get_by_role("link", name="Bật").click()
    secret = page.get_by_label("Không quét được: gõ khóa này vào ứng dụng").input_value()
    page.get_by_label("Mã xác thực").fill(code_now(secret))
    page.get_by_role("button", name="Bật").click()
    page.wait_for_load_state()
    expect(page.get_by_text("Mã dự phòng").first).to_be_visible()
    page.context.clear_cookies()

    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập").fill("officer")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Xác thực hai bước")).to_be_visible()
    page.goto("/can-bo/danh-sach/mine/")
    page.wait_for_url("**/tai-khoan/**")
    expect(page.get_by_role("heading", name="Việc của tôi")).to_have_count(0)


def code_now(secret: str) -> str:
    """Return what an authenticator app would show now."""
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return str(auth.format_hotp_value(auth.hotp_value(secret, counter)))
