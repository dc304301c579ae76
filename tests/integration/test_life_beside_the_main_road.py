"""What happens beside the main road of a dossier: online intake, linked agencies, corrections."""

import pytest

import world as the_world
from motcua.catalogue.types import Channel
from motcua.dossiers import access, clock, corrections, law, legs, models, online
from motcua.dossiers.types import Given, Outcome, Paper
from motcua.eventlog import log
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.kernel.time import local, local_day
from world import BUILDING, COMMUNE, DEPARTMENT, World, an_intake, at

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


def received_online(world: World, code: str, *, by: str = "clerk", when: str = "2026-03-02 14:00") -> Outcome:
    moment = at(when)
    return online.receive(
        code=code, staff=world[by], at=moment, version_number=version(code),
        rulebook=law.rulebook(on=local_day(moment)),
    )  # fmt: skip


# Online intake


def test_a_dossier_sent_online_waits_at_the_desk_without_a_clock(world: World) -> None:
    row = models.Dossier.objects.get(code=submitted())

    assert (row.state, row.local_state, row.received_at, row.due_at) == (1, "registered", None, None)
    assert online.waits_at_desk(row)
    assert world["clerk"].unit_code == row.current_unit_id


@pytest.mark.law("45/2020/NĐ-CP", "Điều 11")
def test_the_desk_has_eight_working_hours_to_answer() -> None:
    answer = online.answer_clock(submitted_at=at("2026-03-02 09:00"), now=at("2026-03-02 10:00"))

    assert local(answer.due_at).isoformat(" ", "minutes") == "2026-03-03 09:00"
    assert answer.lines


def test_a_supplement_before_receipt_gives_the_desk_its_hours_again() -> None:
    answer = online.answer_clock(
        submitted_at=at("2026-03-02 09:00"), supplemented_at=at("2026-03-04 14:00"), now=at("2026-03-04 15:00")
    )

    assert answer.due_at > at("2026-03-05 13:00")


def test_the_clock_of_an_online_dossier_starts_when_it_is_received(world: World) -> None:
    code = submitted("2026-02-27 16:00")
    outcome = received_online(world, code, when="2026-03-02 09:00")

    assert outcome.due_at is not None
    assert local(outcome.due_at).isoformat(" ") == "2026-03-09 17:00:00"
    row = models.Dossier.objects.get(code=code)
    assert (row.state, row.submitted_at) == (2, at("2026-02-27 16:00"))


def test_an_online_dossier_with_a_paper_missing_is_not_received(world: World) -> None:
    code = submitted(papers=(Paper(component_name="Tờ khai"),))

    with pytest.raises(UserError, match="Giấy chứng sinh"):
        received_online(world, code)
    assert models.Dossier.objects.get(code=code).local_state == "registered"


def test_it_is_received_once_the_applicant_has_sent_the_missing_paper(world: World) -> None:
    code = submitted(papers=(Paper(component_name="Tờ khai"),))
    world.do(
        "request_supplement", code, by="clerk", when="2026-03-02 10:00", missing_papers=("Giấy chứng sinh",),
        reason="Chưa có",
    )  # fmt: skip
    world.do(
        "receive_supplement", code, by="clerk", when="2026-03-03 10:00",
        papers=(Paper(component_name="Giấy chứng sinh"),),
    )  # fmt: skip

    assert received_online(world, code, when="2026-03-03 11:00").local_state == "received"


def test_an_online_dossier_can_be_refused_with_a_paper_and_a_basis(world: World) -> None:
    code = submitted()
    with pytest.raises(UserError, match="căn cứ"):
        world.do("refuse_intake", code, by="clerk", when="2026-03-02 10:00", missing_papers=("Tờ khai",))

    world.do(
        "refuse_intake", code, by="clerk", when="2026-03-02 10:00", missing_papers=("Tờ khai",), legal_basis="Điều 1"
    )
    assert models.Dossier.objects.get(code=code).state == 3


def test_another_commune_cannot_receive_it(world: World) -> None:
    with pytest.raises(access.NotVisibleError):
        received_online(world, submitted(), by="stranger")


def test_nobody_receives_it_twice(world: World) -> None:
    code = submitted()
    received_online(world, code)

    with pytest.raises(UserError, match="Đã tiếp nhận"):
        received_online(world, code)


@pytest.mark.usefixtures("world")
def test_only_the_portal_and_the_desk_submit() -> None:
    with pytest.raises(UserError, match="chỉ dành cho"):
        online.submit(
            an_intake(), by="ai-do", role="leader", at=at(MONDAY), rulebook=law.rulebook(on=local_day(at(MONDAY)))
        )
    assert not models.Dossier.objects.exists()


# Linked agencies


def referred(world: World, *, when: str = "2026-03-03 09:00", due: str = "2026-03-05 17:00") -> tuple[str, str]:
    code = world.received(MONDAY, procedure_code=BUILDING)
    world.do("forward", code, by="clerk", when="2026-03-02 10:00", unit=COMMUNE)
    world.do("take", code, by="officer", when="2026-03-02 10:30")
    moment = at(when)
    legs.refer(
        code=code, staff=world["officer"], at=moment, version_number=version(code),
        given=Given(unit=DEPARTMENT, question="Thẩm định thiết kế", new_due_at=at(due)),
        rulebook=law.rulebook(on=local_day(moment)),
    )  # fmt: skip
    return code, models.Dossier.objects.get(parent=code).code


def taken_in(world: World, code: str, leg: str, *, when: str, result: str = "12/SXD") -> Outcome:
    moment = at(when)
    return legs.receive_result(
        code=code, staff=world["officer"], at=moment, version_number=version(code),
        given=Given(leg=leg, result=result), rulebook=law.rulebook(on=local_day(moment)),
    )  # fmt: skip


def settled(world: World, leg: str) -> None:
    world.do("take", leg, by="department_officer", when="2026-03-03 14:00")
    world.do("submit_for_signature", leg, by="department_officer", when="2026-03-04 09:00", draft="01/DT")
    world.do("approve", leg, by="department_leader", when="2026-03-04 10:00", draft="01/DT")
    world.do("resolve", leg, by="department_officer", when="2026-03-04 11:00", result="12/SXD",
             papers=(Paper(component_name="Văn bản thẩm định", sha256="a" * 64, file_name="12.pdf"),))  # fmt: skip


def test_a_leg_has_its_own_clock_and_the_first_dossier_waits(world: World) -> None:
    code, leg = referred(world)

    first, second = models.Dossier.objects.get(code=code), models.Dossier.objects.get(code=leg)
    assert (first.local_state, second.local_state) == ("awaiting_linked_result", "forwarded")
    assert local(second.due_at).isoformat(" ", "minutes") == "2026-03-05 17:00"  # type: ignore[arg-type]
    assert first.due_at != second.due_at


def test_the_other_agency_sees_the_leg_with_its_papers_and_not_the_first_dossier(world: World) -> None:
    code, leg = referred(world)
    them, day = world["department_officer"], local_day(at(MONDAY))

    assert [one.component_name for one in access.readable(code=leg, staff=them, on=day).documents.order_by("pk")] == [
        "Tờ khai",
        "Giấy chứng sinh",
    ]
    with pytest.raises(access.NotVisibleError):
        access.readable(code=code, staff=them, on=day)


def test_a_pause_of_the_leg_moves_the_leg_and_not_the_first_dossier(world: World) -> None:
    code, leg = referred(world)
    before = models.Dossier.objects.get(code=code).due_at
    world.do("take", leg, by="department_officer", when="2026-03-03 14:00")
    world.do("pause", leg, by="department_officer", when="2026-03-04 08:00", pause_ground="field_survey",
             legal_basis="Quy chế", evidence="01")  # fmt: skip
    world.do("resume", leg, by="department_officer", when="2026-03-05 08:00")

    assert models.Dossier.objects.get(code=leg).due_at > at("2026-03-06 12:00")  # type: ignore[operator]
    assert models.Dossier.objects.get(code=code).due_at == before


@pytest.mark.parametrize("due", ["2026-03-04 09:20", "2026-03-05 16:59", "2026-03-05 17:00", "2026-03-06 10:07"])
def test_a_leg_keeps_the_very_minute_that_was_agreed(world: World, due: str) -> None:
    _, leg = referred(world, when="2026-03-03 09:01", due=due)
    world.do("take", leg, by="department_officer", when="2026-03-03 14:00")
    row = models.Dossier.objects.get(code=leg)
    clock.refresh(row, at=at("2026-03-03 14:00"))

    assert row.due_at == at(due)


def test_the_result_of_a_leg_comes_back_with_its_paper_and_the_dossier_goes_on(world: World) -> None:
    code, leg = referred(world)
    settled(world, leg)

    outcome = taken_in(world, code, leg, when="2026-03-04 14:00")

    assert outcome.local_state == "in_progress"
    assert models.Dossier.objects.get(code=leg).returned_at == at("2026-03-04 14:00")
    assert models.Document.objects.filter(dossier=code, component_name="Văn bản thẩm định").exists()
    assert log.verify() == []


def test_a_leg_that_is_being_handled_is_not_closed_over_its_officers_head(world: World) -> None:
    code, leg = referred(world)
    world.do("take", leg, by="department_officer", when="2026-03-03 14:00")

    with pytest.raises(UserError, match="chưa có kết quả"):
        taken_in(world, code, leg, when="2026-03-04 14:00")


def test_a_leg_that_nobody_took_up_is_closed_by_a_result_on_paper(world: World) -> None:
    code, leg = referred(world)

    assert taken_in(world, code, leg, when="2026-03-04 14:00").local_state == "in_progress"
    assert models.Dossier.objects.get(code=leg).state == 10


def test_a_leg_is_not_handed_to_the_citizen(world: World) -> None:
    _, leg = referred(world)
    settled(world, leg)

    with pytest.raises(UserError, match="nhánh liên thông"):
        world.do("hand_over", leg, by="officer", when="2026-03-04 14:00", recipient_name="Ai", handed_over_by="direct")


def test_with_two_legs_the_dossier_waits_for_both(world: World) -> None:
    code, leg = referred(world)
    moment = at("2026-03-03 10:00")
    legs.refer(
        code=code, staff=world["officer"], at=moment, version_number=version(code),
        given=Given(unit="H99.102", question="Xác minh", new_due_at=at("2026-03-06 17:00")),
        rulebook=law.rulebook(on=local_day(moment)),
    )  # fmt: skip
    second = models.Dossier.objects.filter(parent=code).order_by("-code").first()
    assert second is not None

    assert taken_in(world, code, leg, when="2026-03-04 14:00").local_state == "awaiting_linked_result"
    assert taken_in(world, code, second.code, when="2026-03-04 15:00").local_state == "in_progress"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (Given(unit=COMMUNE, question="Hỏi", new_due_at=at("2026-03-05 17:00")), "cơ quan khác"),
        (Given(unit=DEPARTMENT, question="Hỏi", new_due_at=at("2026-03-01 17:00")), "hạn trả lời"),
        (Given(unit=DEPARTMENT, new_due_at=at("2026-03-05 17:00")), "nội dung"),
    ],
)
def test_a_referral_names_another_unit_a_question_and_a_moment_to_come(world: World, given: Given, why: str) -> None:
    code = world.taken(MONDAY)

    with pytest.raises(UserError, match=why):
        legs.refer(
            code=code, staff=world["officer"], at=at("2026-03-03 09:00"), version_number=version(code), given=given,
            rulebook=law.rulebook(on=local_day(at(MONDAY))),
        )  # fmt: skip
    assert not models.Dossier.objects.exclude(parent=None).exists()


# Corrections


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


def test_a_requested_correction_changes_nothing_until_another_approves(world: World) -> None:
    code = world.received(MONDAY)
    correction = asked(world, code)
    assert models.Dossier.objects.get(code=code).owner.name == "Nguyễn Văn Thử"

    approved(world, code, correction, by="head")

    row = models.Dossier.objects.get(code=code)
    assert row.owner.name == "Nguyễn Thị Thử"
    assert "nguyen thi thu" in row.search_key


def test_nobody_approves_their_own_correction(world: World) -> None:
    code = world.taken(MONDAY)
    correction = asked(world, code, by="head")

    with pytest.raises(UserError, match="tự duyệt"):
        approved(world, code, correction, by="head")


def test_a_clerk_approves_no_correction(world: World) -> None:
    code = world.received(MONDAY)
    correction = asked(world, code)

    with pytest.raises(UserError, match="duyệt đính chính"):
        approved(world, code, correction, by="clerk")
    assert models.Dossier.objects.get(code=code).owner.name == "Nguyễn Văn Thử"


def test_a_correction_turned_down_leaves_the_entry_and_a_trace(world: World) -> None:
    code = world.received(MONDAY)
    correction = asked(world, code)
    corrections.turn_down(
        code=code, correction=correction, staff=world["head"], at=at("2026-03-02 14:00"), version_number=version(code)
    )

    assert models.Dossier.objects.get(code=code).owner.name == "Nguyễn Văn Thử"
    kinds = LoggedEvent.objects.filter(subject=code).order_by("version").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["CorrectionRequested", "CorrectionRejected"]


def test_one_entry_has_one_open_request(world: World) -> None:
    code = world.received(MONDAY)
    asked(world, code)

    with pytest.raises(UserError, match="chờ duyệt"):
        asked(world, code, after="Nguyễn Văn Khác")


def test_moments_and_states_cannot_be_corrected(world: World) -> None:
    code = world.received(MONDAY)

    with pytest.raises(UserError, match="Không đính chính"):
        asked(world, code, field="received_at", after="2026-03-01")
    assert not models.Correction.objects.exists()


def test_what_is_corrected_stays_out_of_the_log(world: World) -> None:
    code = world.received(MONDAY)
    approved(world, code, asked(world, code), by="leader")

    text = " ".join(str(event.content) for event in LoggedEvent.objects.all())
    assert "Nguyễn" not in text
    assert "Gõ nhầm" not in text
    assert log.verify() == []
