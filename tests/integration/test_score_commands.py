"""``score``, ``explain``, ``simulate`` and ``compare`` on one small data directory, in every format."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # openpyxl ships no types
import polars as pl
import pytest

from motcua import lawbook
from motcua.cli import main
from motcua.kernel.errors import UserError

Run = Callable[..., str]
COMMON = ("--period", "2026", "--on", "2026-10-10")
AS_JSON = ("--format", "json")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fictitious province of 3.000 dossiers."""
    folder = tmp_path_factory.mktemp("data") / "province"
    arguments = ["sample", "--dossiers", "3000", "--seed", "7", "--out", str(folder)]
    main.application(arguments)(arguments, standalone_mode=False)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], province: Path) -> Run:
    def called(command: str, *arguments: str) -> str:
        given = [command, str(province), *arguments]
        main.application(given)(given, standalone_mode=False)
        return capsys.readouterr().out

    return called


def test_the_score_says_with_what_it_was_computed(run: Run) -> None:
    shape = json.loads(run("score", *COMMON, "--format", "json"))

    assert shape["schema"] == "motcua.score/1"
    assert shape["period"] == "2026"
    assert shape["on"].startswith("2026-10-10")
    assert shape["rules"]["law_hash"] == lawbook.load().indicator_versions("qd766/portal")[-1].law_hash
    levels = [unit["level"] for unit in shape["units"]]
    assert (levels.count("province"), levels.count("department"), levels.count("commune")) == (1, 14, 99)
    for unit in shape["units"]:
        assert abs(sum(group["points"] for group in unit["groups"]) - unit["total"]) < 1e-9


def test_the_same_data_gives_the_same_bytes(run: Run) -> None:
    assert run("score", *COMMON, "--format", "json") == run("score", *COMMON, "--format", "json")


def test_one_unit_can_be_asked_for(run: Run) -> None:
    shape = json.loads(run("score", *COMMON, "--unit", "H99.03", "--format", "json"))

    assert [unit["code"] for unit in shape["units"]] == ["H99.03"]
    assert shape["units"][0]["rank_of"] == 14


def test_months_stand_side_by_side(run: Run) -> None:
    shape = json.loads(run("score", *COMMON, "--unit", "H99", "--by", "month", "--format", "json"))

    assert [period["period"] for period in shape["periods"]] == [f"2026-{month:02}" for month in range(1, 11)]
    assert "2026-09" in run("score", *COMMON, "--by", "month")


def test_the_terminal_page_fits_a_hundred_columns(run: Run) -> None:
    for written in (
        run("score", *COMMON),
        run("score", *COMMON, "--by", "month"),
        run("explain", *COMMON),
        run("explain", *COMMON, "--indicator", "2.1", "--indicator", "1.1"),
        run("compare", *COMMON, "--with-rules", "qd766/docx"),
        run("simulate", *COMMON, "--target", "3.3=60%"),
    ):
        assert max(map(len, written.splitlines())) <= 100
        assert "Bộ chỉ số qd766/" in written


def test_the_page_needs_nothing_from_outside(run: Run) -> None:
    page = run("score", *COMMON, "--format", "html")

    assert page.startswith("<!doctype html>")
    assert "Mất điểm ở đâu?" in page
    for outside in ("http://", "https://", "<script", "src=", "@import", "url("):
        assert outside not in page
    assert page.count("<table") == page.count("<caption") >= 6
    assert page.count("<svg") == page.count('role="img"')


def test_the_page_shows_names_as_text(province: Path, tmp_path: Path) -> None:
    folder = tmp_path / "named"
    shutil.copytree(province, folder)
    units = pl.read_parquet(folder / "units.parquet")
    named = units.with_columns(
        name=pl.when(pl.col("unit_code") == "H99").then(pl.lit("<b>=1+1 & «tỉnh»</b>")).otherwise("name")
    )
    named.write_parquet(folder / "units.parquet")
    given = ["score", str(folder), *COMMON, "--format", "html", "--out", str(tmp_path / "page.html")]
    main.application(given)(given, standalone_mode=False)

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;=1+1 &amp; «tỉnh»&lt;/b&gt;" in page
    assert "<b>" not in page


def test_the_workbook_has_numbers_for_numbers_and_a_frozen_head(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "score.xlsx"
    run("score", *COMMON, "--format", "xlsx", "--out", str(path))

    book = openpyxl.load_workbook(path)
    sheet = book["Bảng điểm"]
    assert sheet.freeze_panes == "E2"
    assert sheet.max_row == 1 + 114
    assert isinstance(sheet["L2"].value, float)
    shape = json.loads(run("score", *COMMON, "--format", "json"))
    totals = {unit["code"]: unit["total"] for unit in shape["units"]}
    assert {row[2].value: row[11].value for row in sheet.iter_rows(min_row=2)} == totals


def test_every_form_of_the_score_has_the_same_figures(run: Run) -> None:
    shape = json.loads(run("score", *COMMON, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(run("score", *COMMON, "--format", "csv"))))
    page = run("score", *COMMON, "--unit", "H99", "--format", "html")
    terminal = run("score", *COMMON)

    written = {
        (unit["code"], metric["code"]): (metric["numerator"], metric["denominator"], metric["points"])
        for unit in shape["units"]
        for metric in unit["metrics"]
    }
    read = {
        (row["unit_code"], row["metric"]): (
            int(row["numerator"]) if row["numerator"] else None,
            int(row["denominator"]) if row["denominator"] else None,
            float(row["points"]) if row["points"] else None,
        )
        for row in rows
        if (row["unit_code"], row["metric"]) in written
    }
    assert read == written
    totals = {row["unit_code"]: float(row["points"]) for row in rows if row["metric"] == "TOTAL"}
    assert totals == {unit["code"]: unit["total"] for unit in shape["units"]}
    (province,) = (unit for unit in shape["units"] if unit["code"] == "H99")
    shown = f"{province['total']:.2f}".replace(".", ",")
    assert shown in page
    assert shown in terminal


def test_a_workbook_must_go_into_a_file(run: Run) -> None:
    with pytest.raises(UserError, match="Excel"):
        run("score", *COMMON, "--format", "xlsx")


def test_csv_has_the_period_and_every_indicator(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("score", *COMMON, "--unit", "H99", "--format", "csv"))))

    assert {row["period"] for row in rows} == {"2026"}
    assert rows[-1]["metric"] == "TOTAL"
    assert next(row for row in rows if row["metric"] == "ON_TIME")["denominator"].isdigit()


def test_explained_items_add_up_in_json_and_csv(run: Run) -> None:
    shape = json.loads(run("explain", *COMMON, "--unit", "H99.03", "--format", "json", "--limit", "100000"))
    rows = list(csv.DictReader(io.StringIO(run("explain", *COMMON, "--unit", "H99.03", "--format", "csv"))))

    assert shape["schema"] == "motcua.explain/1"
    for loss in shape["losses"]:
        assert sum(item["lost"] for item in loss["items"]) == pytest.approx(loss["lost"], abs=1e-9)
        of_csv = [float(row["lost"]) for row in rows if row["indicator"] == loss["code"]]
        assert sum(of_csv) == pytest.approx(loss["lost"], abs=1e-9)
        for reason in loss["reasons"]:
            assert reason["citation"]["document"]


def test_a_limit_bounds_the_items_and_keeps_the_total(run: Run) -> None:
    shape = json.loads(run("explain", *COMMON, "--indicator", "ON_TIME", "--format", "json", "--limit", "3"))

    loss = shape["losses"][0]
    assert len(loss["items"]) == 3
    assert loss["items_total"] == loss["missing"] > 3
    assert sum(unit["lost"] for unit in loss["units"]) == pytest.approx(loss["lost"])


def test_dossiers_of_a_file_are_repaired_and_the_others_are_not(run: Run, tmp_path: Path) -> None:
    shape = json.loads(run("explain", *COMMON, "--indicator", "2.1", "--format", "json", "--limit", "5"))
    codes = [item["code"] for item in shape["losses"][0]["items"]]
    chosen = tmp_path / "codes.csv"
    chosen.write_text("dossier_code\n" + "\n".join([*codes, "H99-none"]) + "\n", encoding="utf-8")

    simulated = json.loads(
        run("simulate", *COMMON, "--repair", "on_time", "--dossiers", str(chosen), "--format", "json")
    )

    assert simulated["assumed"]["dossiers"] == {"on_time": sorted(codes)}
    unit = next(unit for unit in simulated["units"] if unit["code"] == "H99")
    row = next(row for row in unit["metrics"] if row["code"] == "ON_TIME")
    one = shape["losses"][0]["one_more"] / 20
    assert row["ratio"]["after"] - row["ratio"]["before"] == pytest.approx(5 * one)


def test_the_fewest_dossiers_come_out_as_a_list(run: Run) -> None:
    arguments = ("simulate", *COMMON, "--repair", "on_time,digitised", "--gain", "0,3")
    shape = json.loads(run(*arguments, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv"))))

    gain = shape["assumed"]["gain"]
    assert gain["is_proven"]
    assert gain["found"] >= 0.3
    assert len({row["dossier_code"] for row in rows}) == gain["dossiers"]


def test_compared_periods_differ_by_what_each_scores(run: Run) -> None:
    compared = json.loads(
        run("compare", "--period", "2026-08", "--with-period", "2026-09", "--on", "2026-10-10", "--format", "json")
    )
    sides = [
        {
            unit["code"]: unit["total"]
            for unit in json.loads(run("score", "--period", period, "--on", "2026-10-10", "--format", "json"))["units"]
        }
        for period in ("2026-08", "2026-09")
    ]

    for unit in compared["units"]:
        before, after = (side.get(unit["code"]) for side in sides)
        assert (unit["total"]["before"], unit["total"]["after"]) == (before, after)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("score", ("--period", "2026-13")),
        ("score", ("--period", "2027", "--on", "2026-10-10")),
        ("score", (*COMMON, "--unit", "H98")),
        ("score", (*COMMON, "--rules", "qd766/none")),
        ("score", (*COMMON, "--by", "month", "--format", "html")),
        ("explain", (*COMMON, "--indicator", "9.9")),
        ("simulate", COMMON),
        ("simulate", (*COMMON, "--repair", "everything")),
        ("simulate", (*COMMON, "--target", "3.3")),
        ("simulate", (*COMMON, "--target", "3.3=0%")),
        ("simulate", (*COMMON, "--target", "9.9=60%")),
        ("simulate", (*COMMON, "--gain", "1")),
        ("simulate", (*COMMON, "--repair", "on_time", "--gain", "99")),
        ("simulate", (*COMMON, "--repair", "on_time", "--dossiers", "no-such-file")),
        ("simulate", (*COMMON, "--repair", "on_time", "--only-unit", "H98")),
        ("compare", COMMON),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(run: Run, command: str, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UserError) as refused:
        run(command, *arguments)

    assert refused.value.remedy


def test_a_new_rule_set_is_one_file_and_no_python(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "law" / "indicators" / "tinh-rieng"
    folder.mkdir(parents=True)
    (folder / "2026-01-01.toml").write_text(OWN_SET, encoding="utf-8")

    shape: dict[str, Any] = json.loads(
        run("score", *COMMON, "--law", str(tmp_path / "law"), "--rules", "tinh/rieng", *("--unit", "H99"), *AS_JSON)
    )

    rows = {row["code"]: row for row in shape["units"][0]["metrics"]}
    assert shape["rules"]["set"] == "tinh"
    assert set(rows) == {"ON_TIME", "POSTAL"}
    assert rows["ON_TIME"]["max_points"] == 70
    assert rows["POSTAL"]["numerator"] > 0
    ratio = rows["POSTAL"]["numerator"] / rows["POSTAL"]["denominator"]
    assert rows["POSTAL"]["points"] == pytest.approx(min(30, 30 * ratio / 0.1), abs=0.005)


CITED = '{ document = "QĐ 1", where = "Điều 1", certainty = "found" }'
OWN_SET = f"""
set = "tinh"
variant = "rieng"
name_vi = "Bộ riêng của tỉnh"
effective_from = 2026-01-01
status = "in_force"
max_points = 100
citation = {CITED}
rounding = {{ decimals = 2, mode = "half_up", citation = {CITED} }}
[[grade]]
code = "any"
name_vi = "Đạt"
from_points = 0
citation = {CITED}
[[group]]
code = "A"
name_vi = "Một nhóm"
max_points = 100
citation = {CITED}
[[indicator]]
code = "ON_TIME"
number = "1"
group = "A"
name_vi = "Tỷ lệ đúng hạn"
numerator = "dossiers.on_time"
denominator = "dossiers.received"
max_points = 70
scoring = {{ rule = "linear" }}
zero_denominator = {{ points = "zero" }}
null_value = {{ points = "zero" }}
citation = {CITED}
[[indicator]]
code = "POSTAL"
number = "2"
group = "A"
name_vi = "Tỷ lệ nộp qua bưu chính công ích"
numerator = "dossiers.postal"
denominator = "dossiers.received"
max_points = 30
scoring = {{ rule = "linear", full_at = 0.1 }}
zero_denominator = {{ points = "zero" }}
null_value = {{ points = "zero" }}
citation = {CITED}
"""


def test_a_period_without_a_dossier_is_told_so_that_a_mistyped_year_is_no_score(
    capsys: pytest.CaptureFixture[str], province: Path
) -> None:
    given = ["score", str(province), "--period", "2024", "--on", "2026-10-10", "--format", "json"]
    main.application(given)(given, standalone_mode=False)

    said = capsys.readouterr().err
    assert "kỳ 2024 không có hồ sơ nào" in said
    assert "có hiệu lực từ 01/01/2026, sau kỳ 2024" in said
