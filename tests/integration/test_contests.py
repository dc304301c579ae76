"""Contests on a real PostgreSQL: filed once, decided by another, never changed afterwards."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

import world as the_world
from motcua.contests import access, actions, models, queries
from motcua.contests.types import ContestState, EvidenceFile, LostMark
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day
from world import COMMUNE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
NOW = "2026-03-20 10:00"
DAY = local_day(at(NOW))
PROOF = EvidenceFile("bien-nhan.pdf", "application/pdf", 10, "a" * 64)
MARK = LostMark(
    dossier_code="H99.101-260302-0001", unit_code=COMMUNE, indicator="ON_TIME", rules="qd766/portal",
    reasons=("late_finish",),
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return the_world.build()


def filed(world: World, *, by: str = "officer", mark: LostMark = MARK) -> str:
    return actions.file(mark, reason="Ông A báo mất điện cả ngày", evidence=[PROOF], staff=world[by], at=at(NOW))


def events() -> list[Any]:
    return [one for one in log.read(after=log.START, limit=10_000) if one.stream == "contest"]


def test_a_contest_is_filed_and_approved_and_the_log_carries_no_words(world: World) -> None:
    code = filed(world)
    actions.approve(code=code, decision="Đủ căn cứ", staff=world["centre"], at=at(NOW))

    row = models.Contest.objects.get(code=code)
    assert (row.state, row.decided_by_id, row.decision) == ("approved", "cb-centre", "Đủ căn cứ")
    assert [(one.kind, one.by) for one in events()] == [
        ("ContestFiled", "cb-officer"), ("ContestApproved", "cb-centre"),
    ]  # fmt: skip
    for one in events():
        assert (one.content["dossier"], one.content["indicator"]) == (MARK.dossier_code, "ON_TIME")
        assert "Ông A" not in str(one.content)
        assert "Đủ căn cứ" not in str(one.content)
    assert events()[0].content["evidence_sha256"] == [PROOF.sha256]
    assert log.verify() == []


@pytest.mark.parametrize("part", ["clerk", "officer", "records", "head", "leader"])
def test_who_works_in_the_unit_or_leads_it_may_contest(world: World, part: str) -> None:
    assert filed(world, by=part)


@pytest.mark.parametrize("part", ["stranger", "postal", "department_officer", "department_leader", "centre",
                                  "control", "administrator"])  # fmt: skip
def test_nobody_else_may(world: World, part: str) -> None:
    with pytest.raises(UserError, match="không kiến nghị được"):
        filed(world, by=part)
    assert events() == []


@pytest.mark.parametrize("act", [actions.approve, actions.refuse])
@pytest.mark.parametrize("part", ["officer", "head", "leader", "control"])
def test_only_the_centre_decides(world: World, part: str, act: Callable[..., None]) -> None:
    code = filed(world)

    with pytest.raises(UserError, match="Chỉ Trung tâm"):
        act(code=code, decision="Được", staff=world[part], at=at(NOW))
    assert models.Contest.objects.get(code=code).state == "filed"


def test_the_centres_head_does_not_decide_on_their_own_contest(world: World) -> None:
    both = replace(world["centre"], grants=(*world["centre"].grants, *world["officer"].grants))
    code = actions.file(MARK, reason="Mất điện", evidence=[PROOF], staff=both, at=at(NOW))

    with pytest.raises(UserError, match="Không ai tự quyết định"):
        actions.approve(code=code, decision="Được", staff=both, at=at(NOW))
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Contest.objects.update(state="approved", decided_by=both.code, decided_at=at(NOW))


def test_another_commune_sees_nothing_of_it(world: World) -> None:
    code = filed(world)

    for part in ("stranger", "department_officer", "administrator"):
        with pytest.raises(access.NotVisibleError):
            access.readable(code=code, staff=world[part], on=DAY)
        assert queries.listed(world[part], on=DAY, state=None).rows == ()
        assert queries.count(world[part], on=DAY, state=ContestState.FILED) == 0
        assert queries.of_dossiers([MARK.dossier_code], staff=world[part], on=DAY) == []
        with pytest.raises(access.NotVisibleError):
            actions.withdraw(code=code, staff=world[part], at=at(NOW))
    assert [one.code for one in queries.listed(world["centre"], on=DAY, state=None).rows] == [code]


def test_a_mark_is_contested_once_at_a_time_and_again_after_a_refusal(world: World) -> None:
    first = filed(world)
    with pytest.raises(UserError, match="đang có một kiến nghị"):
        filed(world, by="head")
    actions.refuse(code=first, decision="Thiếu căn cứ", staff=world["centre"], at=at(NOW))

    second = filed(world, by="head")

    assert (first, second) == (f"KN-{MARK.dossier_code}-1", f"KN-{MARK.dossier_code}-2")
    actions.withdraw(code=second, staff=world["head"], at=at(NOW))
    assert [one.state for one in queries.of_dossiers([MARK.dossier_code], staff=world["head"], on=DAY)] == [
        ContestState.REFUSED, ContestState.WITHDRAWN,
    ]  # fmt: skip


def test_two_who_contest_the_same_mark_at_once_make_one_contest(world: World) -> None:
    told: list[str] = []
    start = threading.Barrier(2)

    def press(part: str) -> None:
        start.wait()
        try:
            told.append(filed(world, by=part))
        except UserError as error:
            told.append(error.what)
        finally:
            connection.close()

    both = [threading.Thread(target=press, args=(part,)) for part in ("officer", "head")]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(told) == ["KN-H99.101-260302-0001-1", "Điểm này đang có một kiến nghị chờ xem xét."]
    assert models.Contest.objects.count() == 1


def test_a_refused_contest_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(UserError, match="Thiếu chứng cứ"):
        actions.file(MARK, reason="Mất điện", evidence=[], staff=world["officer"], at=at(NOW))

    assert (models.Contest.objects.count(), models.Evidence.objects.count(), events()) == (0, 0, [])


def test_lists_page_without_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    codes = [filed(world, mark=replace(MARK, dossier_code=f"D{number}")) for number in range(5)]

    found, after = [], ""
    while True:
        page = queries.listed(world["centre"], on=DAY, state=ContestState.FILED, after=after)
        found += [one.code for one in page.rows]
        if page.next is None:
            break
        after = page.next

    assert found == sorted(codes, reverse=True)
    assert [one.code for one in queries.filed_by(world["officer"], after=codes[1]).rows] == [codes[0]]
    assert queries.filed_by(world["head"]).rows == ()
