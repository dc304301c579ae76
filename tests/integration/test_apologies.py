"""Letters of apology: drafted for every late dossier without anybody asking, signed and sent by a head."""

import pytest
from django.core import mail

import world as the_world
from motcua.dossiers import apologies, apologies_signed, forms_issued, models
from motcua.dossiers.apologies_signed import Signed
from motcua.dossiers.types import ApplicantData
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from world import World, at

pytestmark = pytest.mark.django_db
LATE = "2026-03-10 07:00"


@pytest.fixture
def world() -> World:
    return the_world.build()


def signed(world: World, letter: models.ApologyLetter, *, when: str, until: str, by: str = "head") -> Signed:
    return apologies_signed.sign(
        letter=letter.pk,
        staff=world[by],
        at=at(when),
        reason="Chờ xác minh",
        new_due_at=at(until),
        tracking_url="http://motcua.example/theo-doi/",
        verify_base="http://motcua.example/xac-thuc/",
    )


def waiting(world: World, part: str, when: str = LATE) -> list[str]:
    return [one.dossier_id for one in apologies.to_sign(world[part], on=local_day(at(when)))]


def test_a_daily_run_drafts_one_letter_for_each_late_dossier_and_none_twice(world: World) -> None:
    late, paused = world.taken("2026-03-02 09:00"), world.taken("2026-03-02 10:00")
    world.taken("2026-03-09 09:00")
    world.do("pause", paused, by="officer", when="2026-03-03 08:00", pause_ground="field_survey", legal_basis="x")

    first, again = apologies.draft_all(now=at(LATE)), apologies.draft_all(now=at("2026-03-11 07:00"))

    assert (first, again) == (1, 0)
    letter = models.ApologyLetter.objects.get()
    assert letter.dossier_id == late
    assert "Thụ lý" in letter.reason
    assert LoggedEvent.objects.filter(subject=late, kind="ApologyDrafted").count() == 1


def test_an_act_on_a_late_dossier_drafts_its_letter_at_that_moment(world: World) -> None:
    code = world.taken("2026-03-02 09:00")

    world.do("assign", code, by="head", when=LATE, assignee="cb-second_officer")

    assert waiting(world, "head") == [code]


def test_only_those_who_may_sign_have_the_letter_in_their_list(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    apologies.draft_all(now=at(LATE))

    assert {part for part in world.people if waiting(world, part) == [code]} == {"head", "leader"}


def test_signing_extends_once_numbers_the_form_and_sends_it_to_who_left_an_address(world: World) -> None:
    owner = ApplicantData(name="Nguyễn Văn Thử", email="nguoi.nop@example.org")
    code = world.received("2026-03-02 09:00", owner=owner)
    apologies.draft_all(now=at(LATE))

    made = signed(world, models.ApologyLetter.objects.get(), when=LATE, until="2026-03-12 17:00")

    dossier = models.Dossier.objects.get(code=code)
    assert (dossier.extension_count, dossier.due_at) == (1, at("2026-03-12 17:00"))
    assert made.is_sent
    assert (made.issue.form, made.issue.number) == ("apology", 1)
    assert mail.outbox[0].to == ["nguoi.nop@example.org"]
    name, content, kind = mail.outbox[0].attachments[0]
    assert (name, kind) == (f"{code}-xin-loi-1.pdf", "application/pdf")
    assert bytes(content)[:5] == b"%PDF-"
    assert waiting(world, "head") == []


def test_without_an_address_the_signed_letter_waits_to_be_handed_over_on_paper(world: World) -> None:
    world.received("2026-03-02 09:00")
    apologies.draft_all(now=at(LATE))
    letter = models.ApologyLetter.objects.get()

    made = signed(world, letter, when=LATE, until="2026-03-12 17:00")
    on = local_day(at(LATE))
    assert not made.is_sent
    assert list(apologies.to_send(world["head"], on=on)) == [letter]
    apologies_signed.mark_sent(letter=letter.pk, staff=world["head"], at=at("2026-03-10 08:00"))

    assert not apologies.to_send(world["head"], on=on).exists()
    assert not mail.outbox


def test_a_second_lateness_gets_a_second_letter_that_moves_no_due_moment(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    apologies.draft_all(now=at(LATE))
    signed(world, models.ApologyLetter.objects.get(), when=LATE, until="2026-03-12 17:00")
    apologies.draft_all(now=at("2026-03-16 07:00"))
    second = models.ApologyLetter.objects.get(signed_at=None)

    made = signed(world, second, when="2026-03-16 08:00", until="2026-03-20 17:00")

    dossier = models.Dossier.objects.get(code=code)
    assert (dossier.extension_count, dossier.due_at) == (1, at("2026-03-12 17:00"))
    filled = forms_issued.content_of(
        code=code, number=made.issue.number, form="apology", staff=world["head"], on=local_day(at("2026-03-16 08:00"))
    )
    assert (made.issue.number, str(filled.new_due_at)) == (2, "2026-03-20 17:00:00")  # type: ignore[attr-defined]
    assert apologies.draft_all(now=at("2026-03-17 07:00")) == 0


def test_extending_by_hand_is_the_letters_signature(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    apologies.draft_all(now=at(LATE))

    world.do("extend", code, by="head", when=LATE, reason="Mưa", new_due_at=at("2026-03-12 17:00"), apology="Xin lỗi")

    letter = models.ApologyLetter.objects.get()
    assert (letter.signed_by_id, letter.reason, letter.new_due_at) == ("cb-head", "Mưa", at("2026-03-12 17:00"))


def test_a_dossier_resolved_late_still_owes_its_letter(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    world.do("submit_for_signature", code, by="officer", when="2026-03-10 08:00", draft="Dự thảo")
    world.do("approve", code, by="leader", when="2026-03-10 09:00", draft="Dự thảo")
    world.do("resolve", code, by="records", when="2026-03-10 10:00", result="Số 1")

    assert waiting(world, "head", "2026-03-10 11:00") == [code]
    signed(world, models.ApologyLetter.objects.get(), when="2026-03-10 11:00", until="2026-03-10 10:00")
    assert models.Dossier.objects.get(code=code).extension_count == 0


@pytest.mark.parametrize("part", ["officer", "clerk", "stranger", "department_leader"])
def test_nobody_else_signs(world: World, part: str) -> None:
    world.taken("2026-03-02 09:00")
    apologies.draft_all(now=at(LATE))

    with pytest.raises(UserError):
        signed(world, models.ApologyLetter.objects.get(), when=LATE, until="2026-03-12 17:00", by=part)
    assert models.ApologyLetter.objects.filter(signed_at=None).count() == 1
