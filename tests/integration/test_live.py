"""The live index on a real PostgreSQL: what the desk does shows in the figures, and the proof says the same."""

from datetime import datetime, timedelta
from typing import Any

import pytest

import world as the_world
from motcua.catalogue.types import Channel
from motcua.dossiers.types import Paper
from motcua.eventlog import log
from motcua.kernel.time import Period
from motcua.live import figures, models, projector, proof, rollups, scoring
from world import BIRTH, BUILDING, COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Period.month(2026, 3)


@pytest.fixture
def world() -> World:
    return the_world.build()


def _project(now: str = "2026-03-31 23:00") -> int:
    taken, moment = 0, at(now)
    while more := projector.project(options=scoring.options(now=moment), at=moment):
        taken += more
    return taken


def _measures(now: str, *, period: Period = MARCH, unit: str = PROVINCE) -> dict[str, int | None]:
    moment = at(now)
    day = moment.date()
    reading = figures.read(period=period, now=moment, options=scoring.options(now=moment), clock=scoring.clock(day))
    return reading.measures.of(unit)


def _differences(now: str, *, period: Period = MARCH) -> tuple[proof.Difference, ...]:
    moment = at(now)
    return proof.prove(
        period=period, now=moment, options=scoring.options(now=moment), clock=scoring.clock(moment.date())
    ).differences


def test_a_dossier_received_and_resolved_counts_under_its_unit_and_the_province(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    world.do("submit_for_signature", code, by="officer", when="2026-03-03 09:00", draft="01")
    world.do("approve", code, by="leader", when="2026-03-03 10:00", draft="01")
    world.do("resolve", code, by="records", when="2026-03-03 11:00", result="01")
    _project()

    for unit in (COMMUNE, PROVINCE):
        found = _measures("2026-03-31 23:00", unit=unit)
        assert (found["dossiers.received"], found["dossiers.on_time"]) == (1, 1)
    assert _measures("2026-03-31 23:00", unit=OTHER_COMMUNE)["dossiers.received"] == 0
    assert _differences("2026-03-31 23:00") == ()


def test_an_open_dossier_is_late_from_its_due_moment_on_without_another_event(world: World) -> None:
    world.received("2026-03-02 09:00")  # five working days: due on the 9th at 17:00
    _project()

    assert _measures("2026-03-09 17:00")["dossiers.on_time"] == 1
    assert _measures("2026-03-09 17:01")["dossiers.on_time"] == 0
    assert _differences("2026-03-09 17:01") == _differences("2026-03-09 17:00") == ()


def test_an_open_dossier_is_carried_into_the_next_month(world: World) -> None:
    world.received("2026-03-30 09:00")
    _project("2026-04-02 09:00")

    april = _measures("2026-04-02 09:00", period=Period.month(2026, 4))
    assert (april["dossiers.received"], april["dossiers.handled"]) == (0, 1)
    assert _differences("2026-04-20 09:00", period=Period.month(2026, 4)) == ()


def test_a_late_event_takes_the_old_fact_back(world: World) -> None:
    code = world.taken("2026-03-02 09:00")
    world.do("submit_for_signature", code, by="officer", when="2026-03-12 09:00", draft="01")
    world.do("approve", code, by="leader", when="2026-03-12 10:00", draft="01")
    world.do("resolve", code, by="records", when="2026-03-12 11:00", result="01")
    _project()
    late = _measures("2026-03-31 23:00")["dossiers.on_time"]

    # The same moment reported anew: it was done in time, and by another unit.
    content = {"procedure": BIRTH, "unit": OTHER_COMMUNE, "channel": 2, "due_at": "2026-03-20T17:00:00+07:00",
               "requires_result": True, "fee_dong": 0, "state": 9}  # fmt: skip
    log.record(
        stream="dossier", subject=code, kind="DossierReceived", at=at("2026-03-05 09:00"), by="x", content=content
    )
    _project()

    assert late == 0
    assert _measures("2026-03-31 23:00", unit=COMMUNE)["dossiers.received"] == 0
    moved = _measures("2026-03-31 23:00", unit=OTHER_COMMUNE)
    assert (moved["dossiers.received"], moved["dossiers.on_time"], moved["dossiers.online"]) == (1, 1, 1)
    assert _differences("2026-03-31 23:00") == ()


def test_supplements_fees_stops_and_withdrawals_are_proved_too(world: World) -> None:
    asked: dict[str, Any] = {"missing_papers": ("Tờ khai",), "reason": "mờ", "legal_basis": "Điều 9"}
    one = world.taken("2026-03-02 09:00")
    world.do("request_supplement", one, by="officer", when="2026-03-04 09:00", **asked)
    world.do("receive_supplement", one, by="clerk", when="2026-03-06 09:00", papers=(Paper(component_name="Tờ khai"),))
    two = world.taken("2026-03-03 09:00")
    world.do("request_supplement", two, by="officer", when="2026-03-04 09:00", **asked)
    three = world.received("2026-03-03 10:00", procedure_code=BUILDING)
    paid: dict[str, Any] = {"amount": 75_000, "receipt": "1", "payment_place": "portal"}
    world.do("record_fee", three, by="clerk", when="2026-03-03 10:05", **paid)
    _project()

    found = _measures("2026-03-31 23:00")
    assert (found["dossiers.fee_due"], found["dossiers.paid_online"]) == (1, 1)
    assert found["dossiers.on_time"] == 1  # two are open past their due moment, one waits for papers since before
    assert _differences("2026-03-31 23:00") == ()
    assert _differences("2026-03-10 09:30", period=Period.year(2026)) == ()


def test_what_the_desk_does_not_record_is_unknown_and_not_nought(world: World) -> None:
    world.received()
    _project()

    found = _measures("2026-03-31 23:00")
    assert found["dossiers.synced"] is found["dossiers.satisfied"] is found["dossiers.shared"] is None
    assert found["petitions.handled"] is None


def test_procedures_services_and_decisions_are_counted_from_the_catalogue_events(world: World) -> None:
    world.received(channel=Channel.ONLINE)
    _project()

    found = _measures("2026-03-31 23:00")
    assert (found["procedures.in_authority"], found["procedures.fee_bearing"]) == (2, 1)
    assert found["services.with_online_dossier"] == 1
    july = Period.month(2025, 7)
    assert _measures("2026-03-31 23:00", period=july)["decisions.promulgated"] == 2
    assert _differences("2026-03-31 23:00", period=july) == ()


def test_folding_the_log_again_from_zero_gives_the_same_figures(world: World) -> None:
    for day in range(2, 7):
        world.received(f"2026-03-0{day} 09:00")
    world.received("2026-02-10 09:00", channel=Channel.ONLINE)
    code = world.taken("2026-01-05 09:00")
    world.do("submit_for_signature", code, by="officer", when="2026-03-03 09:00", draft="01")
    world.do("approve", code, by="leader", when="2026-03-03 10:00", draft="01")
    world.do("resolve", code, by="records", when="2026-03-03 11:00", result="01")
    _project()
    before = _measures("2026-03-31 23:00"), _kept()

    moment = at("2026-03-31 23:00")
    projector.rebuild(options=scoring.options(now=moment), at=moment)

    assert (_measures("2026-03-31 23:00"), _kept()) == before
    assert models.LiveCarried.objects.filter(month="2026-02-01", dossiers=1).count() == 1


def _kept() -> list[list[tuple[Any, ...]]]:
    """Return every table of the figures, without the number of the batch."""
    tables = [*rollups.TABLES, models.LiveDossier, models.LiveSubject]
    return [
        sorted(
            tuple(repr(value) for value in row)
            for row in table._default_manager.values_list(
                *(field.name for field in table._meta.concrete_fields if field.name != "shown_in")
            )
        )
        for table in tables
    ]


def test_a_counter_that_was_tampered_with_is_an_incident_that_names_the_unit(world: World) -> None:
    world.received()
    _project()
    models.LiveMonth.objects.update(dossiers=2)

    found = _differences("2026-03-31 23:00")

    assert {(one.unit, one.live, one.recomputed) for one in found if one.what == "dossiers.received"} == {
        (COMMUNE, "2", "1"), (PROVINCE, "2", "1"),
    }  # fmt: skip
    assert models.Incident.objects.count() == 1


def test_a_day_that_was_tampered_with_no_longer_adds_up_to_its_month(world: World) -> None:
    world.received()
    _project()
    models.LiveDay.objects.update(is_online=7)

    assert [(one.unit, one.what) for one in _differences("2026-03-31 23:00")] == [(COMMUNE, "bộ đếm tháng 03/2026")]


def test_a_dossier_that_was_tampered_with_is_named(world: World) -> None:
    code = world.received()
    _project()
    models.LiveDossier.objects.update(flags=0)

    assert code in {one.dossier for one in _differences("2026-03-31 23:00")}


def test_figures_say_when_an_event_waits_too_long(world: World) -> None:
    world.received()
    _project()
    now = datetime.now(at("2026-03-02 09:00").tzinfo)
    assert figures.stamp(now=now).waiting_since is None

    world.received("2026-03-03 09:00")

    soon = figures.stamp(now=now + timedelta(seconds=1))
    assert (soon.waiting_since is not None, soon.is_stale) == (True, False)
    assert figures.stamp(now=now + timedelta(minutes=1)).is_stale


def test_the_province_is_scored_from_the_live_figures(world: World) -> None:
    world.received()
    _project()

    found = scoring.score(period=MARCH, now=at("2026-03-04 09:00"))

    row = found.evaluation.scorecard.of(PROVINCE).row("ON_TIME")
    assert (row.count.numerator, row.count.denominator) == (1, 1)
    assert found.evaluation.scorecard.of(DEPARTMENT).rank_of == 1


def test_a_score_is_kept_while_nothing_can_have_changed_and_not_a_moment_longer(world: World) -> None:
    def on_time(now: str) -> int | None:
        found = scoring.score(period=MARCH, now=at(now)).evaluation
        assert found.on == at(now).replace(tzinfo=None)
        return found.scorecard.of(PROVINCE).row("ON_TIME").count.numerator

    world.received("2026-03-02 09:00")  # due on the 9th at 17:00
    _project()
    first = scoring.score(period=MARCH, now=at("2026-03-09 16:00"))

    assert scoring.score(period=MARCH, now=at("2026-03-09 16:30")).evaluation.scorecard is first.evaluation.scorecard
    assert on_time("2026-03-09 17:00") == 1
    assert on_time("2026-03-09 17:01") == 0
    assert on_time("2026-03-09 16:59") == 1

    world.received("2026-03-09 16:00")
    _project()
    assert on_time("2026-03-09 17:01") == 1


@pytest.mark.parametrize("start", ["2026-03-01", "2026-03-05", "2026-03-18", "2026-04-01", "2026-04-09", "2026-05-20"])
def test_what_is_carried_into_any_day_is_what_the_log_says(world: World, start: str) -> None:
    for day in (2, 4, 17, 30):
        code = world.taken(f"2026-03-{day:02} 09:00")
        if day in {2, 17}:
            finished = at(f"2026-03-{day:02} 09:00") + timedelta(days=day * 2)  # the 6th of March, the 20th of April
            acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
                ("submit_for_signature", "officer", {"draft": "01"}),
                ("approve", "leader", {"draft": "01"}),
                ("resolve", "records", {"result": "01"}),
            )
            for act, by, given in acts:
                world.do(act, code, by=by, when=f"{finished:%Y-%m-%d %H:%M}", **given)
    _project("2026-06-30 23:00")

    period = Period(datetime.fromisoformat(start).date(), datetime.fromisoformat("2026-06-15").date())
    assert _differences("2026-06-30 23:00", period=period) == ()
    carried = {"2026-03-01": 0, "2026-03-05": 2, "2026-03-18": 2, "2026-04-01": 3, "2026-04-09": 3, "2026-05-20": 2}
    found = _measures("2026-06-30 23:00", period=period)
    assert (found["dossiers.handled"] or 0) - (found["dossiers.received"] or 0) == carried[start]


def test_a_unit_that_moves_within_a_month_takes_along_only_what_it_receives_afterwards(world: World) -> None:
    world.received("2026-03-03 09:00")
    log.record(
        stream="unit", subject=COMMUNE, kind="UnitMerged", at=at("2026-03-10 08:00"), by="x",
        content={"on": "2026-03-10", "into": OTHER_COMMUNE},
    )  # fmt: skip
    world.received("2026-03-12 09:00")
    _project("2026-04-20 23:00")

    for period in (Period.month(2026, 4), Period(at("2026-03-15 00:00").date(), at("2026-04-15 00:00").date())):
        assert _differences("2026-04-20 23:00", period=period) == ()
        assert _measures("2026-04-20 23:00", period=period)["dossiers.handled"] == 2


def test_what_no_dossier_shows_any_more_is_taken_back_from_its_procedure(world: World) -> None:
    code = world.received("2026-03-05 09:00", channel=Channel.ONLINE)
    _project()
    shown = _measures("2026-03-31 23:00")["services.with_online_dossier"]

    content = {"procedure": BIRTH, "unit": COMMUNE, "channel": 1, "due_at": "2026-03-20T17:00:00+07:00",
               "requires_result": True, "fee_dong": 0, "state": 2}  # fmt: skip
    log.record(
        stream="dossier", subject=code, kind="DossierReceived", at=at("2026-03-05 09:00"), by="x", content=content
    )
    _project()

    assert (shown, _measures("2026-03-31 23:00")["services.with_online_dossier"]) == (1, 0)
    assert _differences("2026-03-31 23:00") == ()


def test_a_month_is_proved_by_the_dossiers_it_touches_and_everything_by_all(world: World) -> None:
    may = world.received("2026-05-05 09:00")
    world.received("2026-03-30 09:00")
    world.received("2026-05-06 09:00")  # the unit's last: one of each unit is always looked at
    _project("2026-05-31 23:00")
    moment = at("2026-05-31 23:00")
    given: dict[str, Any] = {
        "now": moment, "options": scoring.options(now=moment), "clock": scoring.clock(moment.date()),
    }  # fmt: skip
    models.LiveDossier.objects.filter(code=may).update(officer_code="cb-khác")

    of_april = proof.prove(period=Period.month(2026, 4), **given)
    of_may = proof.prove(period=Period.month(2026, 5), **given)
    of_all = proof.prove_everything(period=Period.month(2026, 4), **given)

    assert of_april.differences == ()
    assert {one.dossier for one in of_may.differences} == {one.dossier for one in of_all.differences} == {may}
    assert (of_all.dossiers, models.Incident.objects.count()) == (3, 2)


def test_a_dossier_that_the_figures_have_lost_is_named(world: World) -> None:
    code = world.received("2026-03-30 09:00")
    _project()
    models.LiveDossier.objects.filter(code=code).delete()

    assert (code, "hồ sơ") in {(one.dossier, one.what) for one in _differences("2026-03-31 23:00")}


def test_an_event_that_cannot_be_read_leaves_the_old_figures_when_folding_again(world: World) -> None:
    world.received("2026-03-02 09:00")
    _project()
    before = _measures("2026-03-31 23:00"), _kept()
    content = {"procedure": BIRTH, "unit": COMMUNE, "channel": 1, "due_at": "hôm qua"}
    log.record(
        stream="dossier", subject="H99-hỏng", kind="DossierReceived", at=at("2026-03-05 09:00"), by="x", content=content
    )

    moment = at("2026-03-31 23:00")
    with pytest.raises(ValueError, match="hôm qua"):
        projector.rebuild(options=scoring.options(now=moment), at=moment)

    assert (_measures("2026-03-31 23:00"), _kept()) == before
