"""From a lost point to an accepted contest: the officer, the centre and the leader, each in their own browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from motcua.contests import models
from motcua.kernel.time import local
from motcua.live import projector, scoring
from motcua.web.leadership import ledger
from people_in_browsers import Province
from world import COMMUNE

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def late_dossier(province: Province) -> str:
    """Return a dossier of the commune's officer that is open past its due moment."""
    moment = local(timezone.now() - timedelta(days=20)).isoformat(" ", "minutes")[:16]
    return province.world.taken(moment)


def project() -> None:
    now = timezone.now()
    while projector.project(options=scoring.options(now=now), at=now):
        pass


def test_an_officer_contests_with_evidence_the_centre_accepts_and_the_leader_sees_both_figures(
    province: Province,
) -> None:
    code = late_dossier(province)
    project()
    leader = province.page("leader")
    leader.goto(f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/")
    expect(leader.get_by_role("link", name=code, exact=True)).to_be_visible()
    expect(leader.get_by_text("Điểm chính thức")).to_have_count(0)

    officer = province.page("officer", width=360, height=740)
    officer.goto("/can-bo/diem-cua-toi/")
    expect(officer.get_by_role("heading", name=re.compile("Hồ sơ của tôi làm Xã Thử Một mất"))).to_be_visible()
    officer.get_by_role("link", name=f"Kiến nghị về 2.1 của {code}").click()
    officer.get_by_label("Lý do kiến nghị").fill("Mất điện cả xã từ ngày 2 đến ngày 9, có thông báo của điện lực")
    officer.get_by_label("Chứng cứ").set_input_files(
        FilePayload(name="thong-bao-mat-dien.pdf", mimeType="application/pdf", buffer=PDF)
    )
    officer.get_by_role("button", name="Gửi kiến nghị").click()
    expect(officer.get_by_text("Chờ Trung tâm xem xét").first).to_be_visible()
    number = models.Contest.objects.get().code

    centre = province.page("centre")
    centre.goto("/can-bo/")
    centre.get_by_role("link", name="Kiến nghị về điểm").click()
    centre.get_by_role("link", name=number).click()
    with centre.expect_download() as download:
        centre.get_by_role("link", name="thong-bao-mat-dien.pdf").click()
    assert download.value.path().read_bytes() == PDF
    centre.get_by_label("Lý do quyết định").fill("Đã đối chiếu thông báo của điện lực")
    centre.get_by_role("button", name="Chấp nhận", exact=True).click()
    expect(centre.get_by_text("Đã ghi quyết định về kiến nghị.")).to_be_visible()
    project()

    for path in (f"/lanh-dao/don-vi/{COMMUNE}/", f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/"):
        leader.goto(path)
        expect(leader.get_by_text(re.compile(r"không tính 1 hồ sơ được chấp nhận kiến nghị"))).to_be_visible()
    expect(leader.get_by_text("Kiến nghị: Được chấp nhận")).to_be_visible()
    officer.goto(f"/can-bo/ho-so/{code}/")
    expect(officer.get_by_role("link", name=number)).to_be_visible()
    expect(officer.get_by_text("Được chấp nhận").first).to_be_visible()


def test_a_leader_narrows_the_ledger_to_what_can_still_be_repaired_and_takes_it_along(province: Province) -> None:
    code = late_dossier(province)
    project()
    leader = province.page("leader", width=360, height=740)
    leader.goto(f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/")
    leader.get_by_label("Còn sửa được").select_option("co")
    leader.get_by_role("button", name="Lọc", exact=True).click()
    expect(leader.get_by_role("link", name=code, exact=True)).to_be_visible()
    expect(leader.get_by_text("– không sửa được")).to_have_count(0)
    leader.get_by_text("Tải về").click()
    with leader.expect_download() as download:
        leader.get_by_role("link", name="CSV").click()
    written = download.value.path().read_text(encoding="utf-8-sig")
    assert code in written
    assert ",Không," not in written


def test_a_long_list_counts_itself_after_the_page(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "COUNTED_AT_ONCE", 0)
    late_dossier(province)
    project()
    leader = province.page("leader")
    leader.goto(f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/")

    expect(leader.get_by_text(re.compile(r"1 hồ sơ, cộng"))).to_be_visible()


def test_the_ledger_prints_without_filters_and_buttons(province: Province) -> None:
    code = late_dossier(province)
    project()
    leader = province.page("leader")
    leader.goto(f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/")
    leader.emulate_media(media="print")

    for hidden in (".mc-bar", ".mc-side", ".mc-filter", ".mc-menus"):
        assert not leader.locator(hidden).first.is_visible()
    assert leader.get_by_text(code).first.is_visible()
    assert leader.pdf()[:5] == b"%PDF-"
