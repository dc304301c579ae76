"""Every page, light and dark, on a desk and on a phone: accessible, no wider than the screen, light to load."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Response
from pytest_django import Settings

import repository
from motcua.catalogue.types import Channel
from motcua.contests import actions as contests
from motcua.contests.types import EvidenceFile, LostMark
from motcua.dossiers import apologies, law, models, online
from motcua.dossiers.types import ApplicantData
from motcua.forms import pdf as forms_pdf
from motcua.kernel.time import local, local_day
from motcua.live import projector, scoring
from motcua.organisations import actions as organisations
from motcua.publication import actions
from people_in_browsers import Province
from world import BIRTH, COMMUNE, DEPARTMENT, OTHER_COMMUNE, an_intake, at

pytestmark = pytest.mark.django_db(transaction=True)
AXE = repository.ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 360)
LONG_NAME = "Công ty trách nhiệm hữu hạn một thành viên Thương mại Dịch vụ Xuất nhập khẩu Nguyễn Thị Thử Nghiệm"


def when(*, days: float) -> str:
    return local(timezone.now() + timedelta(days=days)).isoformat(" ", "minutes")[:16]


def faults(page: Page, path: str) -> list[str]:
    """Return what axe finds and what is too wide, in both colours at both widths."""
    found = []
    page.goto(path)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path} at {width} px is {wide} px wide")
        for colour in ("light", "dark"):
            page.emulate_media(color_scheme=colour)
            rules = page.evaluate(
                "axe.run({resultTypes: ['violations']}).then(r => r.violations.map("
                "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"
            )
            found += [f"{path} {width} px {colour}: {rule}" for rule in rules]
    return found


def busy(province: Province) -> dict[str, str]:
    """Fill the province with a dossier for each thing a page can show, and return their codes."""
    world, now = province.world, timezone.now()
    codes = {"late": world.taken(when(days=-20)), "fresh": world.received(when(days=-1))}
    codes["paused"] = world.taken(when(days=-3))
    world.do("pause", codes["paused"], by="officer", when=when(days=-2), pause_ground="field_survey", legal_basis="Q")
    codes["asked"] = world.taken(when(days=-3))
    world.do("request_opinion", codes["asked"], by="officer", when=when(days=-2), unit=DEPARTMENT, question="Hỏi?")
    codes["lacking"] = world.received(
        when(days=-3), owner=ApplicantData(name=LONG_NAME, phone="0900000011", identity_number="0" * 12)
    )
    world.do("forward", codes["lacking"], by="clerk", when=when(days=-3), unit=COMMUNE)
    world.do(
        "request_supplement", codes["lacking"], by="officer", when=when(days=-2), missing_papers=("A",), reason="B"
    )
    codes["online"] = online.submit(
        an_intake(channel=Channel.ONLINE), by="cong-dvc", role="exchange", at=now - timedelta(hours=2),
        rulebook=law.rulebook(on=local_day(now)),
    ).code  # fmt: skip
    return codes


def test_axe_finds_nothing_and_nothing_is_too_wide_for_the_officers(province: Province) -> None:
    codes = busy(province)
    clerk, head = province.page("clerk"), province.page("head")
    found = []
    for view in ("registered", "mine", "paused", "to_hand_over", "all"):
        found += faults(clerk, f"/can-bo/danh-sach/{view}/")
    for path in ("/can-bo/tiep-nhan/?q=khai", f"/can-bo/tiep-nhan/{BIRTH}/", "/can-bo/so-theo-doi/"):
        found += faults(clerk, path)
    found += faults(clerk, f"/can-bo/ho-so/{codes['online']}/")
    found += faults(head, "/can-bo/danh-sach/overdue/")
    apologies.draft_all(now=timezone.now())
    found += faults(head, "/can-bo/thu-xin-loi/")
    for kind in ("late", "paused", "asked", "lacking"):
        found += faults(head, f"/can-bo/ho-so/{codes[kind]}/")

    assert found == []


def test_axe_finds_nothing_and_nothing_is_too_wide_where_a_dissolved_unit_is_handed_over(province: Province) -> None:
    now = timezone.now()
    organisations.split_unit(
        old_code=OTHER_COMMUNE, new_codes=[COMMUNE, DEPARTMENT], on=local_day(now), by="test", at=now
    )
    administrator = province.page("administrator")
    found = faults(administrator, f"/quan-ly/don-vi/{OTHER_COMMUNE}/ban-giao/")
    found += faults(administrator, f"/quan-ly/don-vi/{OTHER_COMMUNE}/")

    assert found == []


def test_axe_finds_nothing_in_forms_that_are_open(province: Province) -> None:
    codes, found = busy(province), []
    head = province.page("head")
    head.goto(f"/can-bo/ho-so/{codes['late']}/")
    for act in head.locator(".mc-acts details").all():
        act.evaluate("one => { one.removeAttribute('name'); one.open = true; }")
    head.evaluate(AXE.read_text(encoding="utf-8"))
    found += head.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target.join(' ')))")
    head.goto("/can-bo/danh-sach/open/")
    head.keyboard.press("?")
    head.evaluate(AXE.read_text(encoding="utf-8"))
    found += head.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].target.join(' ')))")

    assert found == []


def test_axe_finds_nothing_and_nothing_is_too_wide_for_citizens_and_accounts(province: Province) -> None:
    codes = busy(province)
    row = models.Dossier.objects.get(code=codes["lacking"])
    citizen, clerk, found = province.page(None), province.page("clerk"), []
    for path in (
        "/", "/thu-tuc/", "/thu-tuc/?q=khai", f"/thu-tuc/{BIRTH}/", "/tra-cuu/", "/tien-do/", "/tai-khoan/login/",
        "/khong-co/", f"/tra-cuu/{row.code}/{row.tracking_secret}/", f"/xac-thuc/{row.code}/",
    ):  # fmt: skip
        found += faults(citizen, path)
    for path in ("/tai-khoan/2fa/", "/tai-khoan/password/change/", "/tai-khoan/reauthenticate/"):
        found += faults(clerk, path)

    assert found == []


def test_axe_finds_nothing_and_nothing_is_too_wide_for_points_and_contests(province: Province) -> None:
    codes, now = busy(province), timezone.now()
    mark = LostMark(
        dossier_code=codes["late"], unit_code=COMMUNE, indicator="ON_TIME", rules="qd766/portal", reasons=("late_open",)
    )
    proof = EvidenceFile("bien-nhan.pdf", "application/pdf", 1, "a" * 64)
    contest = contests.file(mark, reason=LONG_NAME, evidence=[proof], staff=province.world["officer"], at=now)
    while projector.project(options=scoring.options(now=now), at=now):
        pass
    officer, head, centre = province.page("officer"), province.page("head"), province.page("centre")
    found = faults(officer, "/can-bo/diem-cua-toi/") + faults(officer, f"/can-bo/ho-so/{codes['late']}/")
    found += faults(officer, f"/can-bo/ho-so/{codes['late']}/kien-nghi/SO_HOA_GIAY_TO_GIAI_QUYET/")
    for path in (f"/can-bo/kien-nghi/{contest}/", "/can-bo/kien-nghi/", "/can-bo/kien-nghi/?tt=refused"):
        found += faults(centre, path)
    contests.approve(code=contest, decision="Đủ căn cứ", staff=province.world["centre"], at=now)
    while projector.project(options=scoring.options(now=now), at=now):
        pass
    for path in ("", "?phan=khac", "?sua=co", "?cb=khong-co"):
        found += faults(head, f"/lanh-dao/don-vi/{COMMUNE}/mat-diem/{path}")
    found += faults(head, "/can-bo/diem-cua-toi/cb-officer/") + faults(centre, f"/can-bo/kien-nghi/{contest}/")

    assert found == []


@pytest.mark.skipif(not forms_pdf.font_folder().is_dir(), reason="./run setup brings the font")
def test_axe_finds_nothing_and_nothing_is_too_wide_where_a_month_is_published(
    province: Province, settings: Settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    for day in ("02", "03", "04", "05", "06", "09"):
        province.world.received(f"2026-03-{day} 09:00")
    actions.freeze("2026-03", at=at("2026-03-31 17:00"))
    actions.review(month="2026-03", draft=1, by="cb-centre", at=at("2026-04-01 09:00"))
    actions.approve(month="2026-03", draft=1, by="cb-control", at=at("2026-04-01 10:00"))
    province.world.received("2026-03-10 09:00")
    actions.freeze("2026-03", at=at("2026-04-08 09:00"), reason="Nhập muộn một hồ sơ")
    citizen, centre, found = province.page(None), province.page("centre"), []
    for path in ("/cong-bo/", "/cong-bo/2026-03/", "/cong-bo/2026-03/ban-1/", f"/cong-bo/don-vi/{COMMUNE}/"):
        found += faults(citizen, path)
    for path in ("/lanh-dao/cong-bo/", "/lanh-dao/cong-bo/2026-03/2/", "/lanh-dao/cong-bo/2026-03/1/?sau=1"):
        found += faults(centre, path)

    assert found == []


@pytest.mark.parametrize(
    ("part", "path"), [("clerk", "/can-bo/danh-sach/mine/"), (None, "/"), (None, f"/thu-tuc/{BIRTH}/")]
)
def test_the_first_load_is_at_most_200_kb_compressed(province: Province, part: str | None, path: str) -> None:
    for _ in range(50 if part else 1):
        province.world.received(when(days=-1))
    page = province.page(part)
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response))  # noqa: PLW0108 - Playwright refuses a bound builtin
    page.goto(path)
    page.wait_for_load_state("networkidle")

    sizes = {response.url: weight(response) for response in seen if response.status == 200}
    assert sum(1 for url in sizes if "/static/" in url) >= 4
    assert sum(sizes.values()) <= 200_000, sizes


def weight(response: Response) -> int:
    """Return the bytes on the line: fonts as they are, everything else as gzip sends it, with its headers."""
    body = response.body()
    packed = body if response.url.endswith(".woff2") else gzip.compress(body, compresslevel=6)
    return len(packed) + sum(len(name) + len(value) + 4 for name, value in response.headers.items())


def test_a_dossier_prints_without_menus_and_buttons(province: Province) -> None:
    codes, clerk = busy(province), province.page("clerk")
    clerk.goto(f"/can-bo/ho-so/{codes['fresh']}/")
    clerk.emulate_media(media="print")

    for hidden in (".mc-bar", ".mc-side", ".mc-acts"):
        assert not clerk.locator(hidden).first.is_visible()
    assert clerk.get_by_role("heading", name="Diễn biến").is_visible()
    assert clerk.pdf()[:5] == b"%PDF-"
