"""The ledger of points lost on a real PostgreSQL: every page in order, every sum equal to the loss."""

from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

import world as the_world
from motcua.catalogue.types import Channel
from motcua.dossiers.types import Paper
from motcua.eventlog import log
from motcua.events.streams import STREAMS
from motcua.ingest import schemas
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period
from motcua.live import (
    contested,
    imports,
    ledger,
    ledger_items,
    ledger_rows,
    ledger_scene,
    models,
    projector,
    proof,
    scoring,
)
from motcua.live.ledger import Narrowing
from motcua.live.ledger_rows import LedgerPage, LosingDossier
from motcua.live.ledger_scene import Place, Scene
from motcua.live.scoring import LiveScore
from world import BIRTH, BUILDING, COMMUNE, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Period.month(2026, 3)
NOW = "2026-03-20 10:00"


@pytest.fixture
def world() -> World:
    return the_world.build()


@pytest.fixture
def busy(world: World) -> World:
    """February's left-overs, dossiers in time and late, asked twice, online and at the counter, of two communes."""
    world.taken("2026-02-24 09:00")
    world.received("2026-02-25 09:00", channel=Channel.ONLINE)
    for day in (2, 3, 4):
        world.received(f"2026-03-0{day} 09:00")
        world.received(f"2026-03-0{day} 10:00", channel=Channel.ONLINE)
    world.received("2026-03-17 10:00", procedure_code=BUILDING)
    world.received("2026-03-18 10:00", by="stranger", competent_unit=OTHER_COMMUNE)
    asked = world.taken("2026-03-02 11:00")
    for day in (3, 5):
        world.do("request_supplement", asked, by="officer", when=f"2026-03-0{day} 09:00", missing_papers=("A",),
                 reason="mờ", legal_basis="Điều 9")  # fmt: skip
        world.do("receive_supplement", asked, by="clerk", when=f"2026-03-0{day + 1} 09:00",
                 papers=(Paper(component_name="A"),))  # fmt: skip
    project()
    return world


def project() -> None:
    moment = at("2026-03-31 23:00")
    while projector.project(options=scoring.options(now=moment), at=moment):
        pass


def score(now: str = NOW, period: Period = MARCH) -> LiveScore:
    return scoring.score(period=period, now=at(now))


def scene(live: LiveScore, unit: str, *, procedure: str = "", officer: str = "") -> Scene:
    return Scene.of_score(live, unit=unit, procedure=procedure, officer=officer)


def everything(live: LiveScore, unit: str, narrowing: Narrowing = ledger.EVERYTHING) -> list[LosingDossier]:
    rules = live.evaluation.rules
    marks = ledger.marks(live.evaluation.scorecard.of(unit), rules=rules)
    return list(ledger_rows.everything(scene(live, unit), marks=marks, narrowing=narrowing, limit=10_000))


def paged(live: LiveScore, unit: str, *, narrowing: Narrowing = ledger.EVERYTHING) -> list[LosingDossier]:
    marks = ledger.marks(live.evaluation.scorecard.of(unit), rules=live.evaluation.rules)
    found: list[LosingDossier] = []
    after: Place | None = None
    while True:
        page: LedgerPage = ledger_rows.page(scene(live, unit), marks=marks, narrowing=narrowing, after=after)
        found += page.dossiers
        if page.next is None:
            return found
        after = Place.parse(str(page.next))


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("unit", [PROVINCE, COMMUNE, OTHER_COMMUNE])
@pytest.mark.parametrize("now", ["2026-03-02 09:30", "2026-03-09 17:00", "2026-03-09 17:01", NOW, "2026-05-04 08:00"])
def test_the_dossiers_of_the_ledger_carry_exactly_the_points_that_are_lost_by_dossiers(unit: str, now: str) -> None:
    live = score(now)
    scored = live.evaluation.scorecard.of(unit)
    rules = live.evaluation.rules
    marks = ledger.marks(scored, rules=rules)
    listed = everything(live, unit)

    account = ledger.balance(scored, rules=rules)
    assert sum((one.points for one in listed), Fraction(0)) == account.dossiers
    assert len({one.code for one in listed}) == len(listed)
    for mark in marks:
        of_mark = [one for one in listed if mark.indicator.code in {lost.mark.indicator.code for lost in one.marks}]
        assert len(of_mark) == mark.loss.missing
    found = ledger_rows.tally(scene(live, unit), marks=marks)
    assert (found.dossiers, found.points) == (len(listed), account.dossiers)
    assert found.repairable == sum(one.is_repairable for one in listed)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("unit", [PROVINCE, COMMUNE])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("few", [0, 12])
@pytest.mark.parametrize("small", [0, 20_000])
def test_pages_follow_one_another_without_gap_or_repetition_in_the_order_of_points(
    unit: str, size: int, few: int, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_rows, "PAGE", size)
    monkeypatch.setattr(ledger_rows, "_FEW_UNITS", few)
    monkeypatch.setattr(ledger_scene, "_SMALL", small)
    monkeypatch.setattr(ledger_rows, "_FIRST_BATCH", 2)
    live = score()

    found = paged(live, unit)

    assert [one.code for one in found] == [one.code for one in everything(live, unit)]
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)


@pytest.mark.usefixtures("busy")
def test_a_filter_keeps_the_marks_it_names_and_their_points() -> None:
    live = score()
    marks = ledger.marks(live.evaluation.scorecard.of(PROVINCE), rules=live.evaluation.rules)
    late = next(mark for mark in marks if mark.indicator.code == "ON_TIME")

    of_indicator = paged(live, PROVINCE, narrowing=Narrowing(indicator="ON_TIME"))
    assert sum((one.points for one in of_indicator), Fraction(0)) == late.loss.lost
    twice = paged(live, PROVINCE, narrowing=Narrowing(indicator="ON_TIME", reason="repeated_supplement"))
    assert len(twice) == 1
    repairable, lasting = (paged(live, PROVINCE, narrowing=Narrowing(repair=repair)) for repair in ("yes", "no"))
    whole = sum((mark.loss.lost for mark in marks), Fraction(0))
    assert sum((one.points for one in [*repairable, *lasting]), Fraction(0)) == whole
    assert all(lost.is_repairable for one in repairable for lost in one.marks)
    assert repairable


@pytest.mark.usefixtures("busy")
def test_one_procedure_and_one_officer_can_be_singled_out() -> None:
    live = score()
    marks = ledger.marks(live.evaluation.scorecard.of(PROVINCE), rules=live.evaluation.rules)
    whole = everything(live, PROVINCE)

    of_procedure = ledger_rows.page(scene(live, PROVINCE, procedure=BUILDING), marks=marks).dossiers
    assert [one.code for one in of_procedure] == [one.code for one in whole if one.procedure_code == BUILDING]
    of_officer = ledger_rows.page(scene(live, PROVINCE, officer="cb-officer"), marks=marks).dossiers
    assert {one.code for one in of_officer} == {one.code for one in whole if one.officer_code == "cb-officer"}
    assert len(of_officer) == 2
    assert ledger_rows.page(scene(live, OTHER_COMMUNE, officer="cb-officer"), marks=marks).dossiers == ()


@pytest.mark.usefixtures("busy")
def test_the_marks_of_one_dossier_are_those_of_the_list() -> None:
    live = score()
    marks = ledger.marks(live.evaluation.scorecard.of(COMMUNE), rules=live.evaluation.rules)
    first = everything(live, COMMUNE)[0]

    found = ledger_rows.marks_of([first.code, "không có"], scene=scene(live, COMMUNE), marks=marks)

    assert found == {first.code: first}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    "text", ["x", "1.00.20260302", "1.0.20260302.a", "1.00.20261399.a", "-1.00.20260302.a", "1.00.20260302.\0"]
)
def test_a_place_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="Không đọc được vị trí trang"):
        Place.parse(text)


@pytest.mark.usefixtures("busy")
def test_procedures_that_lose_points_are_listed_and_carry_their_loss() -> None:
    live = score(period=Period.year(2026))
    account = ledger.balance(live.evaluation.scorecard.of(PROVINCE), rules=live.evaluation.rules)

    listed = ledger_items.listed(live, losses=account.others)

    assert {one.loss for one in listed} == set(account.others)
    for one in listed:
        assert one.share * (sum(item.weight for item in one.items) + one.unlisted) == one.loss.lost
        assert one.unlisted == 0, one.indicator.code
    assert BUILDING in {item.procedure_code for one in listed for item in one.items}


def imported(folder: Path, *, synced: list[bool | None]) -> None:
    """Take an export of the commune that tells of each dossier whether the portal has it, or not."""
    rows = [
        {
            "dossier_code": f"NHAP-{number}",
            "unit_code": COMMUNE,
            "procedure_code": BIRTH,
            "channel": 2,
            "received_at": datetime.fromisoformat("2026-03-02T09:00"),
            "due_at": datetime.fromisoformat("2026-03-09T17:00"),
            "resolved_at": datetime.fromisoformat("2026-03-05T09:00"),
            "is_synced": is_synced,
        }
        for number, is_synced in enumerate(synced)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    schema = {column.name: schemas.POLARS[column.type] for column in STREAMS["dossiers"].columns}
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(folder / "dossiers.parquet")
    moment = at(NOW)
    imports.take(
        [folder], source="cong", name="", by="cli", at=moment, clock=scoring.clock(moment.date()),
        progressed=lambda _: None,
    )  # fmt: skip
    project()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("unit", [PROVINCE, COMMUNE])
def test_beside_an_import_that_says_what_is_synchronised_the_account_still_adds_up(unit: str, tmp_path: Path) -> None:
    imported(tmp_path, synced=[True, False, False])
    live = score()
    scored, rules = live.evaluation.scorecard.of(unit), live.evaluation.rules
    marks = ledger.marks(scored, rules=rules)

    unlisted = ledger_items.unlisted(live, unit=unit, marks=marks)
    account = ledger.balance(scored, rules=rules, unlisted=unlisted)

    received = live.evaluation.measures.of(unit)["dossiers.received"] or 0
    assert unlisted == (("DOSSIER_SYNC", received - 3),)  # of the desk's own nobody says it
    assert sum((one.points for one in everything(live, unit)), Fraction(0)) == account.dossiers
    assert account.unlisted > 0
    assert (
        account.dossiers + account.unlisted + account.other_points + account.unknown_points + account.rounding
        == account.lost
    )


def contest(code: str, dossier: str, kind: str, *, indicator: str = "ON_TIME") -> None:
    content = {"dossier": dossier, "indicator": indicator}
    log.record(stream="contest", subject=code, kind=kind, at=at(NOW), by="test", content=content)


@pytest.mark.usefixtures("busy")
def test_an_accepted_contest_shows_a_second_figure_and_leaves_the_official_one() -> None:
    late = next(
        one for one in everything(score(), COMMUNE) if any(m.mark.indicator.code == "ON_TIME" for m in one.marks)
    )
    before = score()
    contest("KN1", late.code, "ContestFiled")
    project()
    assert contested.score_without(score()) is None

    contest("KN1", late.code, "ContestApproved")
    contest("KN2", late.code, "ContestApproved")  # the same mark twice counts once
    project()
    after = score()
    assert after.evaluation.scorecard == before.evaluation.scorecard
    without = contested.score_without(after)
    assert without is not None
    assert without.dossiers == {COMMUNE: 1, PROVINCE: 1}
    official = after.evaluation.scorecard.of(COMMUNE).row("ON_TIME").count
    second = without.scorecard.of(COMMUNE).row("ON_TIME").count
    assert (second.numerator, second.denominator) == (official.numerator, (official.denominator or 0) - 1)
    assert (without.total(COMMUNE) or 0) > after.evaluation.scorecard.of(COMMUNE).total
    assert without.total(OTHER_COMMUNE) is None
    assert contested.states([late.code]) == {(late.code, "ON_TIME"): "approved"}


def test_a_dossier_that_counts_as_won_is_not_left_out(busy: World) -> None:
    open_one = busy.received("2026-03-18 09:00")
    contest("KN1", open_one, "ContestApproved")
    project()

    assert contested.score_without(score()) is None
    assert contested.score_without(score("2026-04-20 09:00")) is not None


def test_a_contest_outside_the_period_changes_nothing_of_it(busy: World) -> None:
    old = busy.taken("2026-01-05 09:00")
    busy.do("submit_for_signature", old, by="officer", when="2026-01-22 09:00", draft="01")
    busy.do("approve", old, by="leader", when="2026-01-22 10:00", draft="01")
    busy.do("resolve", old, by="records", when="2026-01-22 11:00", result="01")
    contest("KN1", old, "ContestApproved")
    project()

    assert contested.score_without(score()) is None
    assert contested.score_without(score(period=Period.month(2026, 1))) is not None


def test_contests_are_folded_again_and_proved(busy: World) -> None:
    contest("KN1", busy.received("2026-03-18 09:00"), "ContestFiled")
    contest("KN1", "x", "ContestRefused")
    project()
    moment = at(NOW)
    options = scoring.options(now=moment)
    before = contested.states(["x"]), proof.prove(period=MARCH, now=moment, options=options, clock=None).differences

    projector.rebuild(options=options, at=moment + timedelta(hours=1))

    assert before[1] == ()
    assert proof.prove(period=MARCH, now=moment, options=options, clock=None).differences == ()
    models.LiveContest.objects.update(state="approved")
    found = proof.prove(period=MARCH, now=moment, options=options, clock=None).differences
    assert [(one.what, one.live, one.recomputed) for one in found] == [("kiến nghị KN1", "approved", "refused")]
