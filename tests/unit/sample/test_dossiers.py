"""The drawn dossiers: the same for the same seed, in order, and possible."""

import tracemalloc
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from motcua import lawbook
from motcua.deadlines import calendars
from motcua.deadlines.working_time import WorkingCalendar
from motcua.events.streams import STREAMS
from motcua.sample import columnar, dossiers, writing
from motcua.sample.dossiers import NEVER, Chunk, Sample
from motcua.sample.writing import Form


@cache
def the_calendar() -> WorkingCalendar:
    first, last = writing.years_needed(2026)
    return calendars.working_calendar(lawbook.load(), "vn", first=first, last=last)


def a_sample(count: int, *, seed: int = 1, provinces: int = 1) -> Sample:
    return writing.prepare(
        dossiers_wanted=count, seed=seed, year=2026, province_count=provinces, calendar=the_calendar()
    )


def written(folder: Path, *, form: Form = Form.PARQUET, seed: int = 1, count: int = 2000) -> dict[str, bytes]:
    writing.write(sample=a_sample(count, seed=seed), form=form, folder=folder, progressed=lambda _: None)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def drawn() -> Chunk:
    (chunk,) = dossiers.chunks(a_sample(60_000))
    return chunk


@pytest.mark.parametrize("form", list(Form))
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, form: Form) -> None:
    assert written(tmp_path / "a", form=form) == written(tmp_path / "b", form=form)


def test_another_seed_gives_another_province(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a"), written(tmp_path / "b", seed=2)

    assert first["dossiers.parquet"] != second["dossiers.parquet"]


def test_the_tables_have_exactly_the_columns_of_their_streams(tmp_path: Path) -> None:
    written(tmp_path)

    for path in tmp_path.iterdir():
        assert pq.read_schema(path).names == [column.name for column in STREAMS[path.stem].columns]


def test_every_dossier_code_is_unique_also_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossiers, "CHUNK", 700)
    written(tmp_path, count=20_000)

    codes = pq.read_table(tmp_path / "dossiers.parquet", columns=["dossier_code"])["dossier_code"].to_pylist()

    assert len(set(codes)) == len(codes) == 20_000


def test_dossiers_come_in_the_order_of_receipt(drawn: Chunk) -> None:
    assert np.all(np.diff(drawn.day) >= 0)


def test_nothing_happens_before_receipt_or_after_the_export(drawn: Chunk) -> None:
    end = a_sample(10).end
    for column in (drawn.resolved, drawn.stopped, drawn.withdrawn, drawn.supplement_asked):
        happened = column != NEVER
        assert np.all(column[happened] > drawn.received[happened])
        assert np.all(column[happened] <= end)
    assert np.all((drawn.returned == NEVER) | (drawn.returned > drawn.resolved))
    assert np.all((drawn.due == NEVER) | (drawn.due > drawn.received))


def test_a_dossier_ends_in_one_way_only(drawn: Chunk) -> None:
    ends = [one != NEVER for one in (drawn.resolved, drawn.refused, drawn.stopped, drawn.withdrawn)]

    assert np.all(np.sum(ends, axis=0) <= 1)


def test_the_state_says_what_the_moments_say(drawn: Chunk) -> None:
    assert np.array_equal(drawn.state == 10, drawn.returned != NEVER)
    assert np.array_equal((drawn.state == 9) | (drawn.state == 10), drawn.resolved != NEVER)
    assert np.array_equal(drawn.state == 3, drawn.refused != NEVER)
    assert np.all(drawn.received[drawn.state == 1] == NEVER)


def test_a_file_of_the_result_exists_only_for_what_is_done(drawn: Chunk) -> None:
    assert not np.any(drawn.has_result_file & (drawn.resolved == NEVER))


def test_mondays_are_the_busiest_days_and_weekends_nearly_idle(drawn: Chunk) -> None:
    weekday = (a_sample(10).first.weekday() + drawn.day) % 7
    counts = np.bincount(weekday, minlength=7)

    assert counts.argmax() == 0
    assert counts[5] + counts[6] < 0.05 * counts.sum()


def test_counters_work_in_office_hours_and_the_internet_at_night(drawn: Chunk) -> None:
    hour = drawn.submitted % 1440 // 60
    at_counter, online = hour[drawn.channel == 1], hour[drawn.channel == 2]

    assert at_counter.min() >= 6
    assert np.mean((online < 6) | (online >= 19)) > 0.05


def test_some_dossiers_are_carried_over_from_the_year_before(drawn: Chunk) -> None:
    new_year = (date(2026, 1, 1) - a_sample(10).first).days * 1440
    before = (drawn.received != NEVER) & (drawn.received < new_year)

    assert 0.02 < before.mean() < 0.10
    assert np.any(before & (drawn.resolved > new_year))


def test_small_and_large_samples_use_the_same_share_of_services(drawn: Chunk) -> None:
    few, many = drawn, next(dossiers.chunks(a_sample(250_000)))

    def in_use(chunk: Chunk) -> int:
        online = chunk.channel == 2
        return len(np.unique(chunk.unit[online].astype(np.int64) * 10_000 + chunk.procedure[online]))

    assert in_use(few) == pytest.approx(in_use(many), rel=0.1)


def test_hardly_anyone_comes_at_tet_and_many_come_after_it(drawn: Chunk) -> None:
    per_day = np.bincount(drawn.day, minlength=800)

    def on(month: int, day: int) -> int:
        return int(per_day[(date(2026, month, day) - a_sample(10).first).days])

    a_usual_monday = on(2, 2)
    assert on(2, 17) < 0.1 * a_usual_monday
    assert on(2, 23) > 1.2 * a_usual_monday


def test_twice_the_dossiers_take_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossiers, "CHUNK", 4096)

    def peak(count: int) -> int:
        sample = a_sample(count)
        tracemalloc.start()
        for _ in columnar.write(sample=sample, drawn=dossiers.chunks(sample), folder=tmp_path):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(80_000) < 1.2 * peak(40_000)
