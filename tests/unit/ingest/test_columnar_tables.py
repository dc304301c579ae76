# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""The project's own table format: what it takes, what it refuses, and that numbers never change on the way."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.events.streams import STREAMS
from motcua.ingest import columnar, dataset, importing, schemas
from motcua.ingest.reading import ImportContext
from motcua.kernel.errors import Problem, UserError

AT = datetime(2026, 10, 10)


def _read(path: Path) -> tuple[pl.DataFrame, list[Problem], list[Problem], list[Problem]]:
    batches = list(columnar.read(path, context=ImportContext(name=path.name, observed_at=AT)))
    frames = [pl.DataFrame(batch.columns) for batch in batches if batch.columns]
    return (
        pl.concat(frames) if frames else pl.DataFrame(),
        [one for batch in batches for one in batch.refused],
        [one for batch in batches for one in batch.problems],
        [one for batch in batches for one in batch.warnings],
    )


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_with_bom_and_semicolons_reads_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "dossiers.csv"
    file.write_text("\ufeffdossier_code;unit_code;received_at\nA;H05;2026-03-02\n", encoding="utf-8")

    table, refused, problems, _ = _read(file)

    assert (table["dossier_code"].to_list(), refused, problems) == (["A"], [], [])


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T14:05:00", datetime(2026, 3, 2, 14, 5)),
        ("2026-03-02", datetime(2026, 3, 2)),
        ("2026-03-02 14:05:00.25", datetime(2026, 3, 2, 14, 5, 0, 250000)),
        ("2026-03-02T00:30:00Z", datetime(2026, 3, 2, 7, 30)),
        ("2026-03-02T00:30:00+07:00", datetime(2026, 3, 2, 0, 30)),
    ],
)
def test_moments_are_vietnamese_wall_clock_time(tmp_path: Path, text: str, moment: Any) -> None:
    file = _write(tmp_path / "dossiers.csv", f"dossier_code,unit_code,received_at\nA,H05,{text}\n")

    assert _read(file)[0]["received_at"].to_list() == [moment]


@pytest.mark.parametrize("text", ["02/03/2026", "45718", "hôm qua", "2026-13-01", "0001-01-01", "2026-03-02T25:00:00"])
def test_a_row_whose_receipt_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = _write(tmp_path / "dossiers.csv", f"dossier_code,unit_code,received_at\nA,H05,2026-01-01\nB,H05,{text}\n")

    table, refused, _, _ = _read(file)

    assert table["dossier_code"].to_list() == ["A"]
    assert [(problem.row, problem.column) for problem in refused] == [(3, "received_at")]


def test_an_unusable_value_elsewhere_is_left_unknown_and_told(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "dossiers.csv",
        "dossier_code,unit_code,received_at,state,channel,supplement_requests,officer_named\n"
        "A,H05,2026-01-01,11,2.5,99999,maybe\n",
    )

    table, refused, problems, _ = _read(file)

    assert refused == []
    assert table.select("state", "channel", "supplement_requests", "officer_named").row(0) == (None, None, None, None)
    assert {problem.column for problem in problems} == {"state", "channel", "supplement_requests", "officer_named"}


def test_a_line_with_too_few_cells_is_refused_and_the_lines_after_keep_their_numbers(tmp_path: Path) -> None:
    file = _write(
        tmp_path / "dossiers.csv", "dossier_code,unit_code,received_at\nA,H05,2026-01-01\nB,H05\n,H05,2026-01-01\n"
    )

    _, refused, _, _ = _read(file)

    assert sorted(problem.row or 0 for problem in refused) == [3, 4]


def test_a_file_of_nothing_but_lines_that_do_not_fit_is_refused_whole(tmp_path: Path) -> None:
    file = _write(tmp_path / "dossiers.csv", "dossier_code,unit_code,received_at\n" + "x\n" * 20_000)

    with pytest.raises(UserError, match="hỏng"):
        _read(file)


def test_missing_needed_columns_are_named_with_what_was_probably_meant(tmp_path: Path) -> None:
    file = _write(tmp_path / "dossiers.csv", "dossier_code,unitcode,received_at\nA,H05,2026-01-01\n")

    with pytest.raises(UserError, match="unit_code") as caught:
        _read(file)

    assert "unitcode" in caught.value.remedy


def test_a_column_of_no_meaning_is_told_and_passed_over(tmp_path: Path) -> None:
    file = _write(tmp_path / "dossiers.csv", "dossier_code,unit_code,received_at,chanel\nA,H05,2026-01-01,2\n")

    table, _, _, warnings = _read(file)

    assert "chanel" not in table.columns
    assert [problem.column for problem in warnings] == ["chanel"]


def test_a_repeated_heading_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lặp lại"):
        _read(_write(tmp_path / "dossiers.csv", "dossier_code,unit_code,received_at,unit_code\n"))


def test_a_table_is_known_by_its_columns_when_its_name_says_nothing() -> None:
    assert columnar.recognise(name="export.csv", columns=["petition_code", "unit_code", "received_at"]) == "petitions"
    assert columnar.recognise(name="x.csv", columns=["Số hồ sơ", "Trạng thái"]) is None


def test_columns_that_fit_two_tables_are_not_guessed() -> None:
    with pytest.raises(UserError, match="nhiều bảng"):
        columnar.recognise(name="export.csv", columns=["unit_code", "procedure_code"])


def test_parquet_as_pandas_writes_it_is_understood(tmp_path: Path) -> None:
    table = pa.table(
        {
            "dossier_code": pa.array(["A", "B"]).dictionary_encode(),
            "unit_code": ["H05", "H05"],
            "received_at": pa.array([datetime(2026, 3, 2), None], pa.timestamp("ns")),
            "state": pa.array([4.0, None], pa.float64()),
            "due_at": pa.array([date(2026, 4, 1), None]),
            "is_disliked": pa.array([1, 0], pa.int64()),
        }
    )
    pq.write_table(table, tmp_path / "dossiers.parquet")

    read, refused, problems, _ = _read(tmp_path / "dossiers.parquet")

    assert (refused, problems) == ([], [])
    assert read["state"].to_list() == [4, None]
    assert read["due_at"].to_list() == [datetime(2026, 4, 1), None]
    assert read["is_disliked"].to_list() == [True, False]


def test_a_moment_with_a_zone_is_brought_to_vietnam(tmp_path: Path) -> None:
    when = pa.array([datetime(2026, 3, 1, 20)], pa.timestamp("us", tz="UTC"))
    pq.write_table(
        pa.table({"dossier_code": ["A"], "unit_code": ["H05"], "received_at": when}), tmp_path / "dossiers.parquet"
    )

    assert _read(tmp_path / "dossiers.parquet")[0]["received_at"].to_list() == [datetime(2026, 3, 2, 3)]


def test_a_column_of_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"dossier_code": [1.5], "unit_code": ["H05"], "received_at": [datetime(2026, 3, 2)]}),
        tmp_path / "dossiers.parquet",
    )

    with pytest.raises(UserError, match="dossier_code"):
        _read(tmp_path / "dossiers.parquet")


def test_an_exact_parquet_table_is_used_where_it_lies(tmp_path: Path) -> None:
    schema = schemas.table_schema(STREAMS["petitions"])
    pq.write_table(schema.empty_table(), tmp_path / "petitions.parquet")

    opened = dataset.open([tmp_path / "petitions.parquet"])

    assert opened.tables["petitions"].paths == (tmp_path / "petitions.parquet",)
    assert opened.position is None


def test_a_table_given_as_csv_is_read_with_the_checks_of_an_import(tmp_path: Path) -> None:
    file = _write(tmp_path / "dossiers.csv", "dossier_code,unit_code,received_at\nA,H05,2026-01-01\n,H05,2026-01-01\n")

    opened = dataset.open([file])

    assert pl.read_parquet(opened.tables["dossiers"].paths[0])["dossier_code"].to_list() == ["A"]
    assert opened.reports[0].rows_refused == 1


def test_a_folder_of_tables_opens_without_an_import(tmp_path: Path) -> None:
    _write(tmp_path / "dossiers.csv", "dossier_code,unit_code,received_at\nA,H05,2026-01-01\n")
    _write(tmp_path / "units.csv", "unit_code,name\nH05,Bắc Ninh\n")

    assert set(dataset.open([tmp_path]).tables) == {"dossiers", "units"}


_PLACES = st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1))


@given(
    st.lists(st.tuples(st.integers(0, 2**53), st.floats(allow_nan=False, allow_infinity=False), _PLACES), max_size=20)
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_come_through_csv_and_parquet_unchanged(tmp_path: Path, rows: Any) -> None:
    lines = [f"U{n},2026,M,{a},{b!r},{'' if c is None else c}" for n, (a, b, c) in enumerate(rows)]
    file = _write(
        tmp_path / "portal_figures.csv", "\n".join(["unit_code,period,metric,numerator,points,rank", *lines]) + "\n"
    )
    expected = [(float(a), b, c) for a, b, c in rows]

    table, refused, problems, _ = _read(file)

    assert (refused, problems) == ([], [])
    if rows:
        assert table.select("numerator", "points", "rank").rows() == expected
        table.write_parquet(tmp_path / "portal_figures.parquet")
        assert _read(tmp_path / "portal_figures.parquet")[0].equals(table)


@given(st.binary(max_size=400))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_after_a_good_start_end_in_a_report_or_a_refusal(tmp_path: Path, tail: bytes) -> None:
    good = b"dossier_code,unit_code,received_at,state\nA,H05,2026-01-01,4\n"
    for name, content in (("dossiers.csv", good + tail), ("dossiers.parquet", b"PAR1" + tail)):
        (tmp_path / name).write_bytes(content)
        reports, refusals = importing.import_files(
            [tmp_path / name], into=tmp_path / "data", options=importing.ImportOptions(observed_at=AT)
        )
        assert len(reports) + len(refusals) == 1
