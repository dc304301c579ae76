"""Imports live too: exported files stand beside the desk, each dossier told once, unknown kept unknown."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world as the_world
from motcua.events.streams import STREAMS
from motcua.ingest import schemas
from motcua.kernel.errors import UserError
from motcua.kernel.time import Period
from motcua.live import (
    figures,
    holding,
    imports,
    imports_folding,
    imports_kept,
    models,
    projector,
    proof,
    rollups,
    scoring,
)  # fmt: skip
from world import BIRTH, COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Period.month(2026, 3)
NOW = "2026-03-31 23:00"
FIGURES = (
    models.LiveDay, models.LiveMonth, models.LiveEnded, models.LiveCarried, models.LiveShown, models.LiveImported,
)  # fmt: skip


def on(text: str) -> datetime:
    """Return the wall-clock moment as files have it, without zone."""
    return datetime.fromisoformat(text)


@pytest.fixture
def world() -> World:
    return the_world.build()


def dossier(number: int, **changes: Any) -> dict[str, Any]:
    """Return a dossier of another commune, received and ended in time, of which everything is told."""
    row = {
        "dossier_code": f"NHAP-{number:03}",
        "unit_code": OTHER_COMMUNE,
        "procedure_code": BIRTH,
        "channel": 2,
        "received_at": on("2026-03-02 09:00"),
        "due_at": on("2026-03-09 17:00"),
        "resolved_at": on("2026-03-05 09:00"),
        "result_required": True,
        "has_component_file": True,
        "has_result_file": True,
        "fee_bearing": False,
        "is_synced": True,
        "is_disliked": False,
    }
    return {**row, **changes}


def folder(path: Path, dossiers: list[dict[str, Any]], **tables: list[dict[str, Any]]) -> Path:
    """Write the tables as a source exports them."""
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in {"dossiers": dossiers, **tables}.items():
        schema = {column.name: schemas.POLARS[column.type] for column in STREAMS[name].columns}
        pl.DataFrame(rows, schema=schema, orient="row").write_parquet(path / f"{name}.parquet")
    return path


def take(path: Path, *, source: str = "xa", now: str = NOW) -> imports.Taken:
    moment = at(now)
    taken = imports.take(
        [path],
        source=source,
        name="",
        by="cli",
        at=moment,
        clock=scoring.clock(moment.date()),
        progressed=lambda _: None,
    )
    project(now)
    return taken


def project(now: str = NOW) -> None:
    while projector.project(options=scoring.options(now=at(now)), at=at(now)):
        pass


def measures(unit: str = PROVINCE, *, period: Period = MARCH, now: str = NOW) -> dict[str, int | None]:
    return reading(period, now).measures.of(unit)


def reading(period: Period = MARCH, now: str = NOW) -> figures.Reading:
    moment = at(now)
    return figures.read(
        period=period, now=moment, options=scoring.options(now=moment), clock=scoring.clock(moment.date())
    )


def differences(*, period: Period = MARCH, now: str = NOW) -> tuple[proof.Difference, ...]:
    moment = at(now)
    return proof.prove(
        period=period, now=moment, options=scoring.options(now=moment), clock=scoring.clock(moment.date())
    ).differences


def everything() -> list[Any]:
    """Return every figure and every dossier as it is kept."""
    dossiers = models.LiveDossier.objects.order_by("code").values_list(
        "code", "row", "unit_code", "days", "flags", "open_due_at", "reasons", "source", "beside"
    )
    told = [
        sorted(
            str({**row, "shown_in": 0}) for row in table.objects.values() if any(row.get("dossiers", 1) for _ in "x")
        )
        for table in FIGURES
    ]
    return [*told, list(dossiers)]


def test_an_imported_dossier_counts_beside_those_of_the_desk(world: World, tmp_path: Path) -> None:
    world.received("2026-03-02 09:00")
    take(folder(tmp_path, [dossier(1), dossier(2, resolved_at=on("2026-03-20 00:00"))]))

    found = measures(OTHER_COMMUNE)
    assert (found["dossiers.received"], found["dossiers.on_time"], found["dossiers.synced"]) == (2, 1, 2)
    assert measures()["dossiers.received"] == 3
    assert differences() == ()


def test_a_province_that_only_imports_is_scored(world: World, tmp_path: Path) -> None:
    del world
    take(folder(tmp_path, [dossier(n) for n in range(5)]))

    card = scoring.score(period=MARCH, now=at(NOW)).evaluation.scorecard
    assert card.of(OTHER_COMMUNE).row("ON_TIME").count.numerator == 5
    assert card.of(PROVINCE).row("DOSSIER_SYNC").count.numerator == 5
    assert differences() == ()


def test_taking_the_same_thing_twice_changes_nothing(world: World, tmp_path: Path) -> None:
    del world
    path = folder(tmp_path, [dossier(1)])
    take(path)
    before = everything()

    again = take(path)

    assert not again.is_new
    assert everything() == before
    assert len(imports_kept.latest()) == 1


def test_the_next_import_of_a_source_replaces_what_it_said(world: World, tmp_path: Path) -> None:
    world.received("2026-03-02 09:00")
    take(folder(tmp_path / "cu", [dossier(1), dossier(2), dossier(3)]))

    changed = dossier(2, unit_code=DEPARTMENT, received_at=on("2026-02-27 09:00"), resolved_at=None)
    take(folder(tmp_path / "moi", [dossier(1), changed]))

    assert measures(OTHER_COMMUNE)["dossiers.received"] == 1
    assert (measures(DEPARTMENT)["dossiers.received"], measures(DEPARTMENT)["dossiers.handled"]) == (0, 1)
    assert not models.LiveDossier.objects.filter(code="NHAP-003").exists()
    assert differences() == differences(period=Period.month(2026, 2)) == ()


def test_folding_everything_again_from_zero_gives_the_same(world: World, tmp_path: Path) -> None:
    code = world.taken("2026-03-02 09:00")
    take(folder(tmp_path / "cu", [dossier(1), dossier(2), dossier(3), dossier(9, dossier_code=code, is_synced=True)]))
    take(folder(tmp_path / "moi", [dossier(1), dossier(4), dossier(9, dossier_code=code, is_disliked=True)]))
    world.received("2026-03-10 09:00")
    project()
    before = everything()

    projector.rebuild(options=scoring.options(now=at(NOW)), at=at(NOW))

    assert everything() == before
    assert differences() == ()


@pytest.mark.parametrize("is_first", [True, False], ids=["the import came first", "the desk came first"])
def test_the_desk_wins_for_a_dossier_it_holds(world: World, tmp_path: Path, *, is_first: bool) -> None:
    code = world.received("2026-03-02 09:00")
    if not is_first:
        project()
    theirs = dossier(1, dossier_code=code, received_at=on("2026-01-05 00:00"), is_disliked=True)
    take(folder(tmp_path, [theirs]))

    row = models.LiveDossier.objects.get(code=code)
    assert (row.source, row.beside, row.unit_code) == ("", "xa", COMMUNE)
    assert row.row["received_at"].startswith("2026-03-02")
    # What no event of the desk tells, the import does.
    assert (row.row["is_disliked"], row.row["is_synced"]) == (True, True)
    assert measures(OTHER_COMMUNE)["dossiers.handled"] == 0
    assert (measures(COMMUNE)["dossiers.satisfied"], measures(COMMUNE)["dossiers.synced"]) == (0, 1)
    assert differences() == ()


def test_the_desk_takes_an_imported_dossier_over_with_its_first_event(world: World, tmp_path: Path) -> None:
    code = world.received("2026-03-02 09:00")
    moment = at(NOW)
    imports.take(
        [folder(tmp_path, [dossier(1, dossier_code=code)])], source="xa", name="", by="cli", at=moment, clock=None,
        progressed=lambda _: None,
    )  # fmt: skip
    # As if the events of the desk came later: the import alone is folded first.
    event = imports_kept.latest()[0]
    models.Progress.objects.all().delete()
    frame = imports_kept.rows(event.of("dossiers")[0])
    moved, tellers = imports_folding._put(frame, source="xa", options=scoring.options(now=moment))
    rollups.move(moved, batch=1)
    holding.count(tellers)
    assert models.LiveDossier.objects.get(code=code).source == "xa"

    project()

    assert models.LiveDossier.objects.get(code=code).source == ""
    assert differences() == ()


def test_what_an_import_no_longer_says_of_a_dossier_of_the_desk_is_taken_back(world: World, tmp_path: Path) -> None:
    code = world.received("2026-03-02 09:00")
    take(folder(tmp_path / "cu", [dossier(1, dossier_code=code, is_disliked=True), dossier(2)]))
    take(folder(tmp_path / "moi", [dossier(2)]))

    row = models.LiveDossier.objects.get(code=code)
    assert (row.beside, "is_disliked" in row.row) == ("", False)
    assert differences() == ()


def test_what_nobody_tells_of_a_unit_is_unknown_and_not_nought(world: World, tmp_path: Path) -> None:
    world.received("2026-03-02 09:00")
    take(folder(tmp_path, [dossier(1)]))

    # The desk tells nothing of its own commune's synchronisation; the import does of the other's.
    assert measures(COMMUNE)["dossiers.synced"] is None
    assert measures(OTHER_COMMUNE)["dossiers.synced"] == 1
    assert measures(OTHER_COMMUNE)["dossiers.shared"] is None


def test_where_some_is_told_the_untold_is_not_counted_as_done_and_the_page_can_say_so(
    world: World, tmp_path: Path
) -> None:
    world.received("2026-03-02 09:00")
    take(folder(tmp_path, [dossier(1), dossier(2, is_synced=False)]))

    found = reading()
    assert found.measures.of(PROVINCE)["dossiers.synced"] == 1  # of three: one told, one told not to be, one untold
    assert found.coverage is not None
    partly = {one.measure: (one.told, one.received) for one in found.coverage.partly(found.layout, PROVINCE)}
    assert partly["dossiers.synced"] == partly["dossiers.satisfied"] == (2, 3)
    assert "dossiers.on_time" not in partly
    assert differences() == ()


def test_petitions_reports_and_units_are_taken_too(world: World, tmp_path: Path) -> None:
    world.received("2026-03-02 09:00")
    petition = {"petition_code": "P1", "unit_code": OTHER_COMMUNE, "kind": "CONDUCT",
                "received_at": on("2026-03-03 09:00"), "resolved_at": on("2026-03-05 09:00")}  # fmt: skip
    later = {**petition, "petition_code": "P2", "received_at": on("2026-04-03 09:00")}
    path = folder(
        tmp_path, [dossier(1)],
        petitions=[petition, later],
        national_reports=[{"unit_code": OTHER_COMMUNE, "period": "2026-03", "received": 7}],
        units=[{"unit_code": OTHER_COMMUNE, "name": "tên khác", "kind": "commune", "certified_copy": True},
               {"unit_code": f"{PROVINCE}.103", "name": "Xã chỉ có trong tệp", "kind": "commune",
                "parent_code": PROVINCE, "certified_copy": False}],
    )  # fmt: skip
    take(path)

    found = reading()
    assert found.measures.of(PROVINCE)["petitions.received"] == 1
    assert found.measures.of(OTHER_COMMUNE)["national_reports.received"] == 7
    assert found.measures.of(PROVINCE)["units.certified_copy"] == 1
    assert found.measures.tree.name(OTHER_COMMUNE) != "tên khác"  # the desk's own name of its unit
    assert found.measures.tree.name(f"{PROVINCE}.103") == "Xã chỉ có trong tệp"
    assert differences() == ()


def test_a_petition_about_a_dossier_of_the_desk_marks_it(world: World, tmp_path: Path) -> None:
    code = world.received("2026-03-02 09:00")
    petition = {"petition_code": "P1", "unit_code": COMMUNE, "kind": "CONDUCT", "dossier_code": code,
                "received_at": on("2026-03-03 09:00")}  # fmt: skip
    take(folder(tmp_path, [dossier(1, is_disliked=None)], petitions=[petition]))

    assert models.LiveDossier.objects.get(code=code).row["has_petition"] is True
    assert measures(COMMUNE, now="2026-03-04 09:00")["dossiers.satisfied"] == 0
    assert differences() == ()


def test_what_lies_after_the_moment_of_taking_is_not_known_yet(world: World, tmp_path: Path) -> None:
    del world
    ahead = dossier(1, resolved_at=on("2026-03-20 09:00"), due_at=on("2026-03-30 17:00"))
    take(folder(tmp_path, [ahead, dossier(2, received_at=on("2026-03-25 00:00"))]), now="2026-03-10 09:00")

    row = models.LiveDossier.objects.get(code="NHAP-001")
    assert ("resolved_at" in row.row, row.days.upper) == (False, None)
    assert not models.LiveDossier.objects.filter(code="NHAP-002").exists()


def test_two_sources_may_not_tell_of_the_same_dossier(world: World, tmp_path: Path) -> None:
    del world
    take(folder(tmp_path / "mot", [dossier(1)]), source="mot")

    with pytest.raises(UserError, match="đã có những hồ sơ này: NHAP-001"):
        take(folder(tmp_path / "hai", [dossier(1)]), source="hai")

    assert [one.source for one in imports_kept.latest()] == ["mot"]
    take(folder(tmp_path / "ba", [dossier(2)]), source="ba")
    assert measures(OTHER_COMMUNE)["dossiers.received"] == 2
    assert differences() == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [([dossier(1), dossier(1)], "lặp lại mã"), ([dossier(1, unit_code=None)], "không có đơn vị")],
)
def test_a_faulty_source_is_refused_whole(world: World, tmp_path: Path, rows: list[dict[str, Any]], said: str) -> None:
    del world
    with pytest.raises(UserError, match=said):
        take(folder(tmp_path, rows))

    assert (imports_kept.latest(), models.ImportedPart.objects.count()) == ((), 0)


def test_an_older_state_of_a_source_is_refused(world: World, tmp_path: Path) -> None:
    del world
    path = folder(tmp_path, [dossier(1)])
    take(path)
    for file in path.iterdir():
        os.utime(file, (1_000_000_000, 1_000_000_000))

    with pytest.raises(UserError, match="cũ hơn lần nhập trước"):
        take(path)


def test_a_part_that_was_tampered_with_is_noticed(world: World, tmp_path: Path) -> None:
    del world
    take(folder(tmp_path, [dossier(1)]))
    models.ImportedPart.objects.filter(table="dossiers").update(content=b"x")

    with pytest.raises(UserError, match="bị xóa hoặc sửa"):
        differences()


def test_a_month_without_news_is_not_kept_twice(world: World, tmp_path: Path) -> None:
    del world
    january = dossier(1, received_at=on("2026-01-05 09:00"), resolved_at=on("2026-01-06 09:00"))
    take(folder(tmp_path / "cu", [january, dossier(2)]))
    take(folder(tmp_path / "moi", [january, dossier(2), dossier(3)]))

    assert models.ImportedPart.objects.filter(table="dossiers").count() == 3  # January once, March twice


_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "unit_code": st.sampled_from([COMMUNE, OTHER_COMMUNE, DEPARTMENT]),
        "received_at": st.sampled_from([on("2026-01-05 09:00"), on("2026-02-27 09:00"), on("2026-03-09 09:00")]),
        "resolved_at": st.sampled_from([None, on("2026-03-12 09:00")]),
        "is_synced": st.sampled_from([None, True, False]),
        "is_disliked": st.sampled_from([None, True]),
        "channel": st.sampled_from([1, 2, 3]),
    },
)
_SAID = st.dictionaries(st.integers(1, 6), _CHANGES, min_size=1, max_size=6)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(_SAID, min_size=1, max_size=3))
def test_whatever_a_source_says_one_after_the_other_the_last_is_what_counts(
    world: World, tmp_path_factory: pytest.TempPathFactory, told: list[dict[int, dict[str, Any]]]
) -> None:
    own = world.received("2026-03-02 09:00")
    codes = {1: own}
    for said in told:
        rows = [dossier(n, **({"dossier_code": codes[n]} if n in codes else {}), **more) for n, more in said.items()]
        take(folder(tmp_path_factory.mktemp("nguon"), rows))

    assert differences() == differences(period=Period.year(2026)) == ()
    before = everything()
    projector.rebuild(options=scoring.options(now=at(NOW)), at=at(NOW))
    assert everything() == before
