"""The nightly proof: once a night, kept with its outcome; a difference stands until somebody deals with it."""

from datetime import timedelta

import pytest

import world as the_world
from motcua.eventlog.models import LoggedEvent
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period
from motcua.live import models, nightly, projector, scoring
from world import World, at

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = at("2026-03-10 01:30")


@pytest.fixture
def world() -> World:
    built = the_world.build()
    built.received("2026-03-09 09:00")
    while projector.project(options=scoring.options(now=NIGHT), at=NIGHT):
        pass
    return built


def tampered() -> None:
    models.LiveDossier.objects.update(flags=0)


def test_yesterday_and_its_month_are_proved_once_a_night(world: World) -> None:
    del world
    first = nightly.prove(now=NIGHT, hour=1)
    again = nightly.prove(now=NIGHT + timedelta(hours=3), hour=1)

    assert [str(one.period) for one in first] == ["2026-03-09..2026-03-09", "2026-03"]
    assert again == ()
    kept = nightly.runs()
    assert [(one.period, one.is_nightly, one.differences) for one in kept] == [
        ("2026-03", True, 0), ("2026-03-09..2026-03-09", True, 0),
    ]  # fmt: skip
    assert (kept[0].dossiers, kept[0].units, kept[0].incident) == (1, len(world_units()), None)


def world_units() -> list[str]:
    return list(models.LiveSubject.objects.filter(stream="unit").values_list("code", flat=True))


def test_it_waits_for_its_hour_and_comes_again_the_next_night(world: World) -> None:
    del world
    assert not nightly.is_due(now=at("2026-03-10 00:59"), hour=1)
    assert nightly.is_due(now=NIGHT, hour=1)
    nightly.prove(now=NIGHT, hour=1)

    assert not nightly.is_due(now=at("2026-03-10 23:59"), hour=1)
    assert nightly.is_due(now=at("2026-03-11 01:00"), hour=1)


def test_on_the_first_of_a_month_the_month_before_is_proved_whole() -> None:
    assert nightly.periods(now=at("2026-04-01 01:00")) == (
        Period.parse("2026-03-31..2026-03-31"),
        Period.month(2026, 3),
    )


def test_a_proof_asked_for_does_not_stand_for_that_of_the_night(world: World) -> None:
    del world
    nightly.prove_now(Period.month(2026, 3), now=NIGHT)

    assert nightly.is_due(now=NIGHT, hour=1)
    assert [one.is_nightly for one in nightly.runs()] == [False]


def test_a_difference_stands_until_somebody_says_what_it_was(world: World) -> None:
    tampered()
    nightly.prove_now(Period.month(2026, 3), now=NIGHT)
    incident = nightly.open_incidents()[0]
    assert nightly.runs()[0].incident == incident.number

    note = "Bảng đếm bị sửa tay; đã chạy live rebuild và chứng minh lại khớp."
    nightly.handle(incident.number, note=note, by=world["administrator"].code, at=NIGHT)

    assert nightly.open_incidents() == []
    handled = nightly.handled_incidents()[0]
    assert (handled.note, handled.handled_by) == (note, world["administrator"].code)
    assert LoggedEvent.objects.filter(stream="incident", kind="IncidentHandled").count() == 1


@pytest.mark.parametrize("note", ["", "xong", "   .   ", "x" * 2001])
def test_a_note_that_says_nothing_is_refused(world: World, note: str) -> None:
    del world
    tampered()
    nightly.prove_now(Period.month(2026, 3), now=NIGHT)

    with pytest.raises(UserError, match="nguyên nhân"):
        nightly.handle(nightly.open_incidents()[0].number, note=note, by="x", at=NIGHT)

    assert len(nightly.open_incidents()) == 1


def test_an_incident_is_dealt_with_once(world: World) -> None:
    del world
    tampered()
    nightly.prove_now(Period.month(2026, 3), now=NIGHT)
    number = nightly.open_incidents()[0].number
    nightly.handle(number, note="Đã khôi phục và chứng minh lại khớp.", by="x", at=NIGHT)

    with pytest.raises(UserError, match="đã được xử lý"):
        nightly.handle(number, note="Một ghi chú khác, muộn hơn.", by="y", at=NIGHT)
    with pytest.raises(UserError, match="Không có sai lệch số 999"):
        nightly.handle(999, note="Một ghi chú khác, muộn hơn.", by="y", at=NIGHT)

    assert nightly.handled_incidents()[0].handled_by == "x"
