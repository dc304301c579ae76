"""Official forms of dossiers: what stands on them, their numbers, printing again, the register, verification."""

import io
from dataclasses import replace

import pypdf
import pytest

import world as the_world
from motcua.catalogue.types import Channel
from motcua.dossiers import access, corrections, forms_issued, law, models, online, queries
from motcua.dossiers.types import Issue, Paper
from motcua.eventlog.models import LoggedEvent
from motcua.forms import content, formlaw, layout, pdf
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from world import COMMUNE, World, an_intake, at

pytestmark = pytest.mark.django_db
MONDAY = "2026-03-02 09:00"


@pytest.fixture
def world() -> World:
    return the_world.build()


def version(code: str) -> int:
    return models.Dossier.objects.get(code=code).version_number


def submitted(when: str = MONDAY, **changes: object) -> str:
    moment = at(when)
    intake = an_intake(**{"channel": Channel.ONLINE, **changes})
    return online.submit(
        intake, by="cong-dvc", role="exchange", at=moment, rulebook=law.rulebook(on=local_day(moment))
    ).code


def asked(
    world: World, code: str, *, by: str = "clerk", field: str = "owner.name", after: str = "Nguyễn Thị Thử"
) -> int:
    corrections.request(
        code=code, field=field, after=after, reason="Gõ nhầm", staff=world[by], at=at("2026-03-02 11:00"),
        version_number=version(code), rulebook=law.rulebook(on=local_day(at(MONDAY))),
    )  # fmt: skip
    return models.Correction.objects.latest("pk").pk


def approved(world: World, code: str, correction: int, *, by: str) -> None:
    corrections.approve(
        code=code, correction=correction, staff=world[by], at=at("2026-03-02 14:00"), version_number=version(code),
        rulebook=law.rulebook(on=local_day(at(MONDAY))),
    )  # fmt: skip


def issued(world: World, code: str, form: str, *, by: str = "clerk", when: str = MONDAY) -> Issue:
    return forms_issued.issue(
        form, code=code, staff=world[by], at=at(when), tracking_url=f"https://a.vn/tra-cuu/{code}/bi-mat/",
        verify_base=f"https://a.vn/xac-thuc/{code}/",
    )  # fmt: skip


def text_of(world: World, issue: Issue) -> str:
    filled = forms_issued.content_of(
        code=issue.dossier_code, number=issue.number, form=issue.form, staff=world["clerk"], on=local_day(at(MONDAY))
    )
    page = layout.compose(filled, formlaw.form_on(law.book().root, filled))
    made = pdf.typesetter(pdf.font_folder()).pdf(page)
    return " ".join(" ".join(one.extract_text().split()) for one in pypdf.PdfReader(io.BytesIO(made)).pages)


def test_the_receipt_says_who_what_and_until_when(world: World) -> None:
    text = text_of(world, issued(world, world.received(MONDAY), "intake_receipt"))

    for words in ("Nguyễn Văn Thử", "Tờ khai", "Giấy chứng sinh", "5 ngày làm việc", "Ngô Thị Thử", "Không thu"):
        assert words in text
    assert "ngày 09 tháng 3 năm 2026" in text


def test_a_form_keeps_its_number_and_its_words_when_printed_again(world: World) -> None:
    code = world.received(MONDAY)
    first = issued(world, code, "intake_receipt")
    before = text_of(world, first)
    approved(world, code, asked(world, code), by="head")

    again = issued(world, code, "intake_receipt", when="2026-03-04 09:00")

    assert (again.number, again.at) == (first.number, first.at)
    assert text_of(world, again) == before


def test_numbers_of_a_form_run_through_the_year_without_a_gap(world: World) -> None:
    codes = [world.received(MONDAY) for _ in range(3)]

    assert [issued(world, code, "intake_receipt").number for code in codes] == [1, 2, 3]
    assert issued(world, codes[0], "control_slip").number == 1


def test_a_second_supplement_request_is_a_second_paper(world: World) -> None:
    code = world.taken(MONDAY)
    for when, back in (("2026-03-03 09:00", "2026-03-03 14:00"), ("2026-03-04 09:00", "2026-03-04 14:00")):
        world.do("request_supplement", code, by="officer", when=when, missing_papers=("Giấy chứng sinh",), reason="Mờ")
        issued(world, code, "supplement_request", by="officer", when=when)
        world.do("receive_supplement", code, by="clerk", when=back, papers=(Paper(component_name="Giấy chứng sinh"),))

    assert [one.number for one in forms_issued.issued(models.Dossier.objects.get(code=code))] == [1, 2]


def test_the_refusal_names_the_paper_and_the_basis_that_were_written(world: World) -> None:
    code = submitted()
    world.do("refuse_intake", code, by="clerk", when="2026-03-02 10:00", missing_papers=("Tờ khai bản chính",),
             legal_basis="Điều 7 quy định giả định")  # fmt: skip

    text = text_of(world, issued(world, code, "refusal"))
    assert "Tờ khai bản chính" in text
    assert "Điều 7 quy định giả định" in text


def test_the_apology_names_both_moments_and_the_reason(world: World) -> None:
    code = world.taken(MONDAY)
    world.do("extend", code, by="leader", when="2026-03-06 09:00", new_due_at=at("2026-03-12 17:00"),
             reason="Chờ xác minh", apology="05/XL")  # fmt: skip

    text = text_of(world, issued(world, code, "apology", by="leader"))
    assert "Chờ xác minh" in text
    assert "ngày 12 tháng 3 năm 2026" in text


def test_the_stop_notice_and_the_control_slip_are_filled(world: World) -> None:
    code = world.taken(MONDAY)
    world.do("stop", code, by="leader", when="2026-03-06 09:00", reason="Người nộp không bổ sung", legal_basis="Điều 8")

    assert "Người nộp không bổ sung" in text_of(world, issued(world, code, "stop_notice", by="leader"))
    assert "Xã Thử Một" in text_of(world, issued(world, code, "control_slip", by="leader"))


def test_a_form_that_nothing_has_happened_for_is_not_issued(world: World) -> None:
    code = world.received(MONDAY)

    assert forms_issued.open_forms(models.Dossier.objects.get(code=code)) == ["intake_receipt", "control_slip"]
    with pytest.raises(UserError, match="chưa đến lúc"):
        issued(world, code, "apology")
    assert not models.FormIssue.objects.exists()


def test_a_stranger_issues_and_reads_no_form(world: World) -> None:
    code = world.received(MONDAY)
    issue = issued(world, code, "intake_receipt")

    with pytest.raises(access.NotVisibleError):
        issued(world, code, "intake_receipt", by="stranger")
    with pytest.raises(access.NotVisibleError):
        forms_issued.content_of(
            code=code, number=issue.number, form="intake_receipt", staff=world["stranger"], on=local_day(at(MONDAY))
        )


def test_papers_for_the_applicant_lead_to_tracking_and_papers_of_the_office_to_verification(world: World) -> None:
    code = world.received(MONDAY)
    urls = []
    for form in ("intake_receipt", "control_slip"):
        issue = issued(world, code, form)
        filled = forms_issued.content_of(
            code=code, number=issue.number, form=form, staff=world["clerk"], on=local_day(at(MONDAY))
        )
        urls.append(filled.verify_url)

    assert urls == [f"https://a.vn/tra-cuu/{code}/bi-mat/", f"https://a.vn/xac-thuc/{code}/phieu-kiem-soat-1/"]


def test_a_genuine_form_is_known_and_an_invented_number_is_not(world: World) -> None:
    code = world.received(MONDAY)
    issue = issued(world, code, "intake_receipt")

    assert forms_issued.genuine(code=code, form="intake_receipt", number=issue.number) == issue
    assert forms_issued.genuine(code=code, form="intake_receipt", number=issue.number + 1) is None


def test_the_register_has_each_dossier_of_the_desk_and_none_of_another(world: World) -> None:
    mine = [world.received(MONDAY), world.received("2026-03-04 09:00")]
    world.received("2026-03-09 09:00")
    world.received(MONDAY, by="stranger", competent_unit="H99.102")
    moment = at("2026-03-10 09:00")

    register = forms_issued.register(
        unit_code=COMMUNE, staff=world["clerk"], at=moment, first=local_day(at(MONDAY)),
        last=local_day(at("2026-03-06 09:00")), limit=100,
    )  # fmt: skip

    assert [line.dossier.code for line in register.lines] == mine
    assert isinstance(replace(register, lines=()), content.Register)


def test_what_was_written_with_an_act_is_kept_beside_the_log(world: World) -> None:
    code = world.taken(MONDAY)
    world.do("pause", code, by="officer", when="2026-03-03 09:00", pause_ground="field_survey",
             legal_basis="Quy chế đo đạc", evidence="01/GM")  # fmt: skip

    note = models.ActNote.objects.get(dossier=code, act="pause")
    assert note.content == {"legal_basis": "Quy chế đo đạc", "evidence": "01/GM"}
    assert LoggedEvent.objects.get(position=note.event).kind == "DossierPaused"


def test_tracking_needs_the_secret_or_the_phone(world: World) -> None:
    row = models.Dossier.objects.get(code=world.received(MONDAY))

    assert queries.tracked_by_receipt(code=row.code, secret=row.tracking_secret) == row
    assert queries.tracked_by_phone(code=row.code, phone="0900 000 001") == row
    assert queries.tracked_by_phone(code=row.code, phone="0900000002") is None
