"""A dossier's whole life on a real PostgreSQL: every act, who may do it, what it changes and what the log says."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection

import world as the_world
from motcua.dossiers import access, actions, codes, effects, law, models, queries
from motcua.dossiers.types import ApplicantData, Paper
from motcua.eventlog import log
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.kernel.time import local
from world import BUILDING, COMMUNE, DEPARTMENT, World, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return the_world.build()


def test_every_act_of_the_law_that_a_page_can_offer_has_an_effect_and_an_event() -> None:
    book = law.rulebook(on=date(2026, 3, 2))
    elsewhere = {"receive", "submit", "correct", "refer", "receive_linked_result"}

    assert set(book.acts) - set(effects.EFFECTS) == elsewhere
    assert set(effects.EFFECTS) <= set(actions.EVENT_KINDS)


@pytest.mark.law("91/2015/QH13", "Điều 147")
def test_a_dossier_received_on_monday_with_five_days_is_due_the_next_monday_at_closing(world: World) -> None:
    outcome = world.receive("2026-03-02 09:00")

    assert outcome.due_at is not None
    assert local(outcome.due_at).isoformat(" ") == "2026-03-09 17:00:00"


def test_a_whole_life_ends_with_the_result_in_the_citizens_hand(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    world.do("submit_for_signature", code, by="officer", when="2026-03-03 09:00", draft="01/DT")
    world.do("approve", code, by="leader", when="2026-03-04 09:00", draft="01/DT")
    world.do("resolve", code, by="records", when="2026-03-04 10:00", result="01/KQ")
    world.do(
        "hand_over", code, by="clerk", when="2026-03-04 14:00", recipient_name="Chủ hồ sơ", handed_over_by="direct"
    )

    row = models.Dossier.objects.get(code=code)
    kinds = list(
        LoggedEvent.objects.filter(stream="dossier", subject=code).order_by("version").values_list("kind", flat=True)
    )
    assert (row.state, row.returned_at is not None) == (10, True)
    assert kinds == [
        "DossierReceived",
        "DossierForwarded",
        "DossierTaken",
        "SignatureRequested",
        "ResultApproved",
        "DossierResolved",
        "ResultHandedOver",
    ]
    assert log.verify() == []


def test_no_name_phone_or_identity_number_enters_the_log(world: World) -> None:
    code = world.taken()
    world.do(
        "request_supplement",
        code,
        by="officer",
        when="2026-03-03 09:00",
        missing_papers=("Giấy chứng sinh",),
        reason="Mờ",
    )

    text = " ".join(str(event.content) for event in LoggedEvent.objects.all())
    assert not any(word in text for word in ("Nguyễn Văn Thử", "0900000001", "000000000001", "Mờ"))


@pytest.mark.law("118/2025/NĐ-CP", "")
def test_the_clock_stands_while_the_citizen_supplements(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    world.do(
        "request_supplement",
        code,
        by="officer",
        when="2026-03-04 08:00",
        missing_papers=("Giấy chứng sinh",),
        reason="Mờ",
    )
    outcome = world.do(
        "receive_supplement",
        code,
        by="clerk",
        when="2026-03-06 08:00",
        papers=(Paper(component_name="Giấy chứng sinh"),),
    )

    assert outcome.due_at is not None
    assert local(outcome.due_at).isoformat(" ") == "2026-03-11 17:00:00"


@pytest.mark.law("portal-766-formula", "2.1")
def test_a_second_supplement_is_possible_and_marked(world: World) -> None:
    code = world.taken()
    for day in ("03", "05"):
        outcome = world.do(
            "request_supplement",
            code,
            by="officer",
            when=f"2026-03-{day} 09:00",
            missing_papers=("Tờ khai",),
            reason="Sai",
        )
        world.do(
            "receive_supplement",
            code,
            by="clerk",
            when=f"2026-03-{day} 15:00",
            papers=(Paper(component_name="Tờ khai"),),
        )

    assert outcome.marks == ("repeated_supplement",)


def test_a_pause_moves_the_due_moment_by_the_working_time_it_lasted(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    world.do("pause", code, by="officer", when="2026-03-04 08:00", pause_ground="field_survey", legal_basis="Quy trình")
    outcome = world.do("resume", code, by="officer", when="2026-03-04 11:00")

    assert outcome.due_at is not None
    assert local(outcome.due_at).isoformat(" ") == "2026-03-10 11:00:00"


def test_an_extension_needs_an_apology_and_happens_once(world: World) -> None:
    code = world.taken()
    with pytest.raises(UserError, match="xin lỗi"):
        world.do(
            "extend",
            code,
            by="leader",
            when="2026-03-05 09:00",
            reason="Chờ hồ sơ gốc",
            new_due_at=at("2026-03-12 17:00"),
        )
    given: dict[str, Any] = {"reason": "Chờ hồ sơ gốc", "new_due_at": at("2026-03-12 17:00"), "apology": "01/XL"}
    outcome = world.do("extend", code, by="leader", when="2026-03-05 09:00", **given)

    assert outcome.due_at == at("2026-03-12 17:00")
    with pytest.raises(UserError, match="đủ số lần"):
        world.do(
            "extend", code, by="leader", when="2026-03-06 09:00", **{**given, "new_due_at": at("2026-03-20 17:00")}
        )


def test_an_opinion_is_given_by_the_unit_that_was_asked(world: World) -> None:
    code = world.taken()
    world.do(
        "request_opinion",
        code,
        by="officer",
        when="2026-03-03 09:00",
        unit=DEPARTMENT,
        question="Có vướng quy hoạch không?",
    )
    world.do("give_opinion", code, by="department_officer", when="2026-03-04 09:00", opinion="Không vướng.")

    row = models.Dossier.objects.get(code=code)
    assert row.local_state == "in_progress"
    assert row.opinions.get().answer == "Không vướng."


def test_a_dossier_that_lacks_a_paper_is_not_received_and_the_paper_is_named(world: World) -> None:
    with pytest.raises(UserError, match="Giấy chứng sinh"):
        world.receive(papers=(Paper(component_name="Tờ khai"),))


def test_a_unit_without_the_authority_cannot_be_chosen(world: World) -> None:
    with pytest.raises(UserError, match="không được giao"):
        world.receive(competent_unit=DEPARTMENT)


@pytest.mark.law("118/2025/NĐ-CP", "giao nhân viên bưu chính hướng dẫn, tiếp nhận, số hóa, trả kết quả")
def test_a_postal_clerk_takes_in_under_supervision_only_and_decides_nothing(world: World) -> None:
    with pytest.raises(UserError, match="giám sát"):
        world.receive(by="postal")
    code = world.receive(by="postal", supervisor="Trần Thị Thử").code
    with pytest.raises(UserError, match="chỉ dành cho"):
        world.do("stop", code, by="postal", when="2026-03-03 09:00", reason="x", legal_basis="y")


def test_a_fee_must_be_settled_before_the_result_is_handed_over(world: World) -> None:
    code = world.received(procedure_code=BUILDING, competent_unit=COMMUNE)
    world.do("forward", code, by="clerk", when="2026-03-02 10:00", unit=COMMUNE)
    world.do("take", code, by="officer", when="2026-03-02 11:00")
    world.do("submit_for_signature", code, by="officer", when="2026-03-03 09:00", draft="01")
    world.do("approve", code, by="leader", when="2026-03-03 10:00", draft="01")
    world.do("resolve", code, by="records", when="2026-03-03 11:00", result="01")
    hand_over: dict[str, Any] = {"by": "clerk", "recipient_name": "Chủ hồ sơ", "handed_over_by": "direct"}

    with pytest.raises(UserError, match="chưa nộp"):
        world.do("hand_over", code, when="2026-03-03 14:00", **hand_over)
    world.do("record_fee", code, by="clerk", when="2026-03-03 14:05", amount=75_000, receipt="BL-1")
    world.do("hand_over", code, when="2026-03-03 14:10", **hand_over)


@pytest.mark.parametrize("part", ["stranger", "administrator", "department_officer"])
def test_people_of_other_units_find_nothing(world: World, part: str) -> None:
    code = world.taken()
    now = at("2026-03-03 09:00")

    with pytest.raises(access.NotVisibleError):
        access.readable(code=code, staff=world[part], on=date(2026, 3, 3))
    for view in queries.View:
        assert queries.work_list(view, staff=world[part], now=now, filters=queries.Filters(text="thu")).rows == ()
        assert queries.count(view, staff=world[part], now=now) == 0
        assert queries.everything(view, staff=world[part], now=now, filters=queries.Filters(), limit=10) == []


def test_the_centre_sees_everything_and_a_deputy_sees_what_the_absent_saw(world: World) -> None:
    code = world.taken()

    assert access.readable(code=code, staff=world["centre"], on=date(2026, 3, 3)).code == code


def test_of_two_people_on_one_dossier_the_slower_is_told(world: World) -> None:
    code = world.taken()
    seen = models.Dossier.objects.get(code=code).version_number
    world.do(
        "pause", code, by="officer", when="2026-03-03 09:00", version=seen, pause_ground="field_survey", legal_basis="x"
    )

    with pytest.raises(access.StaleError, match="vừa được người khác"):
        world.do("assign", code, by="head", when="2026-03-03 09:00", version=seen, assignee="cb-second_officer")


@pytest.mark.parametrize("text", ["thu nguyen", "NGUYỄN", "0900000001", "khai sinh", "H99.101-260302"])
def test_a_dossier_is_found_by_name_phone_procedure_and_code_without_diacritics(world: World, text: str) -> None:
    code = world.received()
    found = queries.work_list(
        queries.View.ALL, staff=world["clerk"], now=at("2026-03-02 10:00"), filters=queries.Filters(text=text)
    )

    assert [row.code for row in found.rows] == [code]


def test_pages_follow_each_other_without_gap_or_double(world: World) -> None:
    made = [world.received(f"2026-03-02 {hour:02}:{minute:02}") for hour in (8, 9) for minute in range(0, 60, 5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = queries.work_list(
            queries.View.OPEN,
            staff=world["clerk"],
            now=at("2026-03-02 17:00"),
            filters=queries.Filters(),
            after=cursor,
            size=7,
        )
        seen += [row.code for row in page.rows]
        cursor = page.next

    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))


def test_the_holder_of_the_receipt_tracks_without_login_and_nobody_else(world: World) -> None:
    code = world.received()
    row = models.Dossier.objects.get(code=code)

    assert queries.tracked_by_receipt(code=code, secret=row.tracking_secret) is not None
    assert queries.tracked_by_receipt(code=code, secret="0900000001") is None
    assert queries.tracked_by_receipt(code=code, secret="") is None
    assert queries.tracked_by_phone(code=code.lower(), phone="0900 000 001") is not None
    assert queries.tracked_by_phone(code=code, phone="0900000002") is None
    assert queries.tracked_by_phone(code=code, phone="") is None


def test_papers_already_given_are_offered_again(world: World) -> None:
    scanned = Paper(
        component_name="Tờ khai", file_name="to-khai.pdf", sha256="a" * 64, size=10, media_type="application/pdf"
    )
    world.received(papers=(scanned, Paper(component_name="Giấy chứng sinh")))

    mine = queries.earlier_papers(identity_number="000000000001", staff=world["clerk"], now=at("2026-03-03 09:00"))
    others = queries.earlier_papers(identity_number="000000000001", staff=world["stranger"], now=at("2026-03-03 09:00"))
    assert [paper.component_name for paper in mine] == ["Tờ khai"]
    assert list(others) == []


def test_a_dossier_without_an_owners_name_is_not_received(world: World) -> None:
    with pytest.raises(UserError, match="họ tên chủ hồ sơ"):
        world.receive(owner=ApplicantData(name=" "))


@pytest.mark.django_db(transaction=True)
def test_two_hundred_clerks_allot_codes_without_gap_or_double() -> None:
    found: list[str] = []

    def clerk() -> None:
        for _ in range(10):
            found.append(codes.allot(unit_code="H99.101", on=date(2026, 3, 2)))
        connection.close()

    threads = [threading.Thread(target=clerk) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [f"H99.101-260302-{number:04}" for number in range(1, 201)]


def test_a_failed_receipt_gives_its_number_back(world: World) -> None:
    first = world.received()
    with pytest.raises(UserError):
        world.receive(owner=ApplicantData(name=""))
    second = world.received()

    assert (first[-4:], second[-4:]) == ("0001", "0002")
