"""The bottlenecks kept beside the log: exactly once, rebuilt the same, and what needs more than one dossier to see."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

import world as the_world
from motcua.bottlenecks import figures, models, projector, signs
from motcua.catalogue.types import Channel
from motcua.dossiers import telling
from motcua.dossiers.models import Dossier
from motcua.dossiers.types import ApplicantData
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period, local
from world import BUILDING, COMMUNE, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Period.month(2026, 3)
TABLES = (
    models.Standing, models.Unit, models.Cell, models.LostPassage, models.Told, models.Usual, models.Sign,
    models.Review,
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return the_world.build()


def take_in(*, limit: int = 1_000) -> None:
    while projector.project(limit=limit):
        pass


def kept() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables, without the numbers that the database gives."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in TABLES:
        names = [one.name for one in table._meta.get_fields() if one.name not in {"id", "pk"}]
        found[table.__name__] = sorted(
            (tuple(repr(bytes(v) if isinstance(v, memoryview) else v) for v in row))
            for row in table.objects.values_list(*names)
        )
    return found


def finish(world: World, code: str, day: str, hour: str = "10") -> None:
    world.do("submit_for_signature", code, by="officer", when=f"{day} {hour}:00", draft="Dự thảo")
    world.do("approve", code, by="leader", when=f"{day} {hour}:01", draft="Dự thảo")
    world.do("resolve", code, by="records", when=f"{day} {hour}:02", result="01/KQ")


def busy(world: World) -> dict[str, str]:
    """A few dossiers with something to see at each."""
    codes = {"late": world.taken("2026-03-02 09:00"), "paused": world.taken("2026-03-03 09:00")}
    finish(world, codes["late"], "2026-03-12")
    world.do(
        "pause", codes["paused"], by="officer", when="2026-03-10 15:00", pause_ground="field_survey", legal_basis="Q"
    )
    codes["asked"] = world.taken("2026-03-04 09:00")
    world.do(
        "request_supplement", codes["asked"], by="officer", when="2026-03-05 09:00",
        missing_papers=("Giấy chứng sinh", "Giấy của ông Nguyễn Văn Thử"), reason="Theo 118/2025/NĐ-CP, ảnh mờ",
    )  # fmt: skip
    return codes


def test_the_same_comes_of_any_cutting_of_the_log_and_of_folding_it_again(world: World) -> None:
    busy(world)
    take_in(limit=3)
    small = kept()

    projector.rebuild()

    assert small["Cell"]
    assert small["Sign"]
    assert kept() == small


def test_an_event_counts_once_however_often_the_projector_runs(world: World) -> None:
    busy(world)
    take_in()
    before = kept()

    assert projector.project() == 0
    assert kept() == before


def test_a_projector_that_dies_before_its_transaction_ends_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(world)

    def dies(*_: object, **__: object) -> Iterator[None]:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(projector, "_keep_clusters", dies)
        with pytest.raises(KeyboardInterrupt):
            projector.project()

    assert projector.cursor() == log.START
    assert not models.Cell.objects.exists()
    take_in()
    assert models.Cell.objects.exists()


def test_lost_time_is_counted_at_the_unit_and_at_everything_above_it(world: World) -> None:
    busy(world)
    take_in()

    of = {
        scope: {line.key: line for line in figures.lines(scope, ["place"], period=MARCH)["place"]}
        for scope in (COMMUNE, PROVINCE, OTHER_COMMUNE)
    }

    assert of[COMMUNE]["in_progress"].lost > 0
    assert of[PROVINCE]["in_progress"] == of[COMMUNE]["in_progress"]
    assert of[OTHER_COMMUNE] == {}


def test_the_sum_over_the_listed_dossiers_is_the_figure_above_them(world: World) -> None:
    busy(world)
    take_in()
    line = next(one for one in figures.lines(COMMUNE, ["place"], period=MARCH)["place"] if one.key == "in_progress")

    listed = list(figures.lost_dossiers([COMMUNE], period=MARCH, chosen={"place": "in_progress"}, limit=50, after=None))

    assert sum(one.lost for _, one in listed) == line.lost
    assert len(listed) == line.over


def test_what_stands_still_is_listed_by_ground_and_age(world: World) -> None:
    codes = busy(world)
    take_in()
    now = at("2026-04-01 09:00")

    found = {one.ground: one for one in figures.waiting([COMMUNE], now=now)}

    assert found["field_survey"].number == 1
    assert found["field_survey"].ages == (0, 0, 1, 0, 0)  # 21 days: more than 15, not more than 30
    assert found["supplement_requested"].number == 1
    assert [one.code for one in figures.still([COMMUNE], limit=5)] == [codes["asked"], codes["paused"]]


def test_an_open_dossier_over_its_limit_loses_time_without_any_event(world: World) -> None:
    world.taken("2026-03-02 09:00")
    take_in()

    assert figures.stuck([COMMUNE], now=at("2026-03-06 09:00")) == []
    (one,) = figures.stuck([COMMUNE], now=at("2026-03-10 09:00"))
    (later,) = figures.stuck([COMMUNE], now=at("2026-03-11 09:00"))
    assert (one.place, one.number) == ("in_progress", 1)
    assert later.lost > one.lost


def test_causes_name_papers_of_the_catalogue_and_documents_and_nothing_else(world: World) -> None:
    codes = busy(world)
    take_in()

    totals, lines = figures.causes([COMMUNE], period=MARCH)

    assert totals == {"supplement": 1}
    assert [(one.component, one.basis, one.number) for one in lines] == [("Giấy chứng sinh", "118/2025/NĐ-CP", 1)]
    content = next(e for e in log.read(after=log.START, limit=1_000) if e.kind == "SupplementRequested").content
    assert content["others"] == 1
    assert "Nguyễn" not in str(content)
    found = figures.told([COMMUNE], kind="supplement", procedure="", component="Giấy chứng sinh", period=MARCH, limit=5)
    assert [one.dossier_code for one in found] == [codes["asked"]]


def test_the_log_knows_an_owner_by_a_keyed_digest_only(world: World) -> None:
    world.received()
    event = next(e for e in log.read(after=log.START, limit=1_000) if e.kind == "DossierReceived")

    assert len(event.content["owner_key"]) == 32
    assert "000000000001" not in str(event.content)


@pytest.mark.parametrize(
    ("place", "receipt", "record"),
    [("counter", "", "receipt"), ("portal", "GD 2026-0312", "transaction"), ("gateway", "đã nộp", "none")],
)
def test_what_backs_a_fee_is_told_without_its_number(place: str, receipt: str, record: str) -> None:
    assert telling.fee_record(place=place, receipt=receipt) == record


def stop(world: World, code: str, when: str) -> None:
    world.do("stop", code, by="leader", when=when, reason="Không bổ sung", legal_basis="118/2025/NĐ-CP")


def seen(monitor: str) -> set[str]:
    return set(models.Sign.objects.filter(monitor=monitor).values_list("dossier_code", flat=True))


def test_the_same_owner_handing_the_same_in_again_after_a_stop_is_seen(world: World) -> None:
    stop(world, world.taken("2026-03-02 09:00"), "2026-03-04 09:00")
    again = world.received("2026-03-06 09:00")
    world.received("2026-03-06 10:00", owner=ApplicantData(name="Người Khác", identity_number="000000000002"))
    world.received("2026-03-06 10:30", procedure_code=BUILDING)
    take_in()

    assert seen("REFILED") == {again}


def test_handing_in_again_much_later_or_after_a_result_is_not_seen(world: World) -> None:
    stop(world, world.taken("2026-03-02 09:00"), "2026-03-04 09:00")
    world.received("2026-04-06 09:00")
    code = world.taken("2026-03-02 10:00")
    finish(world, code, "2026-03-03")
    take_in(limit=5)

    assert seen("REFILED") == set()


def test_a_dossier_finished_far_sooner_than_usual_is_seen_once_there_is_something_to_compare_with(
    world: World,
) -> None:
    quick = world.taken("2026-02-02 09:00")  # an hour after its receipt, when nothing is known yet
    finish(world, quick, "2026-02-02")
    for number in range(20):
        finish(world, world.taken(f"2026-02-03 09:{number:02}"), "2026-02-06")
    sudden, ordinary = world.received("2026-03-02 09:00"), world.taken("2026-03-02 09:00")
    world.do("forward", sudden, by="clerk", when="2026-03-02 09:01", unit=COMMUNE)
    world.do("take", sudden, by="officer", when="2026-03-02 09:02")
    world.do("submit_for_signature", sudden, by="officer", when="2026-03-02 09:05", draft="D")
    world.do("approve", sudden, by="leader", when="2026-03-02 09:05", draft="D")
    world.do("resolve", sudden, by="records", when="2026-03-02 09:05", result="01/KQ")
    finish(world, ordinary, "2026-03-05")
    take_in(limit=7)

    assert seen("CLOSED_FAST") == {sudden}
    assert models.Sign.objects.get(monitor="CLOSED_FAST").seen["worked"] == 300


@pytest.mark.parametrize(("number", "is_seen"), [(5, True), (4, False)])
def test_many_dossiers_finished_just_before_they_are_due_are_seen_together(
    world: World, number: int, *, is_seen: bool
) -> None:
    codes = set()
    for minute in range(number):
        code = world.taken(f"2026-03-02 09:{minute:02}")
        due = day_due(code)
        world.do("submit_for_signature", code, by="officer", when=f"{due} 09:00", draft="D")
        world.do("approve", code, by="leader", when=f"{due} 10:00", draft="D")
        codes.add(code)
    for code in sorted(codes):
        world.do("resolve", code, by="records", when=f"{day_due(code)} {last_minutes(code)}", result="01/KQ")
    take_in(limit=4)

    assert seen("CLUSTERED") == (codes if is_seen else set())


def day_due(code: str) -> str:
    return f"{due_of(code):%Y-%m-%d}"


def last_minutes(code: str) -> str:
    return f"{due_of(code) - timedelta(minutes=20):%H:%M}"


def due_of(code: str) -> datetime:
    due = Dossier.objects.get(code=code).due_at
    assert due is not None
    return local(due)


def pauses(shown: signs.Shown) -> list[signs.Seen]:
    return signs.seen([COMMUNE], monitor="PAUSED_LATE", shown=shown, period=MARCH, limit=10, start=0)


def test_a_sign_that_was_looked_at_leaves_the_list_and_comes_back_when_it_is_seen_again(world: World) -> None:
    code = busy(world)["paused"]
    take_in()
    assert [one.dossier for one in pauses(signs.Shown.WAITING)] == [code]

    signs.review(
        dossier=code, monitor="PAUSED_LATE", note="Có giấy mời đo đạc", by="cb-head", at=at("2026-03-11 09:00")
    )

    assert pauses(signs.Shown.WAITING) == []
    (one,) = pauses(signs.Shown.REVIEWED)
    assert (one.reviewed_by, one.note) == ("cb-head", "Có giấy mời đo đạc")
    assert signs.tallies([COMMUNE], period=MARCH)["PAUSED_LATE"] == signs.Tally(0, 1)
    take_in()
    projector.rebuild()
    assert signs.tallies([COMMUNE], period=MARCH)["PAUSED_LATE"] == signs.Tally(0, 1)
    world.do("resume", code, by="officer", when="2026-03-12 09:00")
    world.do("pause", code, by="officer", when="2026-03-12 09:10", pause_ground="field_survey", legal_basis="Q")
    take_in()
    assert [one.dossier for one in pauses(signs.Shown.WAITING)] == [code]


def test_saying_the_same_twice_is_recorded_once_and_the_words_stay_out_of_the_log(world: World) -> None:
    code = busy(world)["paused"]
    take_in()
    for _ in range(2):
        signs.review(dossier=code, monitor="PAUSED_LATE", note="Đã xem", by="cb-head", at=at("2026-03-11 09:00"))

    events = [one for one in log.read(after=log.START, limit=1_000) if one.stream == "sign"]
    assert len(events) == 1
    assert "Đã xem" not in str(events[0].content)


@pytest.mark.parametrize(
    ("monitor", "note"), [("PAUSED_LATE", "  "), ("REFILED", "Đã xem"), ("PAUSED_LATE", "a" * 1001)]
)
def test_a_review_without_a_sign_or_a_reason_is_refused(world: World, monitor: str, note: str) -> None:
    code = busy(world)["paused"]
    take_in()

    with pytest.raises(UserError):
        signs.review(dossier=code, monitor=monitor, note=note, by="cb-head", at=at("2026-03-11 09:00"))


def test_people_by_place_show_who_forwards_late(world: World) -> None:
    code = world.received("2026-03-02 09:00", channel=Channel.DIRECT)
    world.do("forward", code, by="clerk", when="2026-03-04 09:00", unit=COMMUNE)
    take_in()

    people = figures.officers(figures.lines(COMMUNE, ["officer"], period=MARCH)["officer"])

    assert people["cb-clerk"]["received"].over == 1
