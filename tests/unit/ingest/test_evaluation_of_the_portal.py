# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""The portal's own figures: every number as it stands, and null never 0."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.ingest import evaluation, importing, portal_rows, ranking
from motcua.ingest.reading import Batch, ImportContext
from motcua.kernel.errors import UserError

AT = datetime(2026, 10, 10)
SYNC = {
    "code": "DOSSIER_SYNC", "name": "x", "numerator": 349383, "denominator": 349383, "ratio": 100, "score": 6,
    "maxScore": 6, "dataQualityStatus": "TEMP_NATIONAL_REPORT_DENOMINATOR",
}  # fmt: skip
COPY = {"code": "ELECTRONIC_CERTIFIED_COPY", "numerator": None, "denominator": None, "ratio": 100, "score": 2,
        "maxScore": 2}  # fmt: skip


def _rows(batch: Batch) -> list[dict[str, Any]]:
    return [dict(zip(batch.columns, values, strict=True)) for values in zip(*batch.columns.values(), strict=True)]


def _read(tmp_path: Path, document: Any, name: str = "x-2026-Q3.json") -> dict[tuple[str, str, str], dict[str, Any]]:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    batches = list(evaluation.read(path, context=ImportContext(name=name, observed_at=AT)))
    rows = [
        dict(zip(b.columns, values, strict=True)) for b in batches for values in zip(*b.columns.values(), strict=True)
    ]
    return {(row["unit_code"], row["period"], row["metric"]): row for row in rows}


def test_a_service_with_metrics_gives_them_and_the_groups_score(tmp_path: Path) -> None:
    unit = {"departmentCode": "H20", "departmentName": "UBND tỉnh Đồng Tháp", "score": 11.46, "maxScore": 18,
            "metrics": [SYNC, COPY]}  # fmt: skip

    got = _read(tmp_path, {"code": "OK", "data": {"overview": {"score": 1}, "evaluation": [unit]}, "message": ""})

    sync = got["H20", "2026-Q3", "DOSSIER_SYNC"]
    assert (sync["numerator"], sync["points"], sync["flag"]) == (349383, 6, "TEMP_NATIONAL_REPORT_DENOMINATOR")
    assert got["H20", "2026-Q3", "ELECTRONIC_CERTIFIED_COPY"]["numerator"] is None
    assert got["H20", "2026-Q3", "CKMB"]["points"] == 11.46


def test_a_tree_gives_its_counts_under_the_codes_of_motcua_points(tmp_path: Path) -> None:
    tree = {
        "parent": {"departmentCode": "H20", "totalReceived": 405424, "totalOnTime": 358660, "score": 17.69},
        "children": [
            {"departmentCode": "H20.05", "partialCount": 3, "fullCount": 4, "authorityCount": 10},
            {"departmentCode": "H20.06", "partialCount": None, "fullCount": 4, "authorityCount": 10},
            {"departmentId": "019d2be3", "totalFeeFormality": 330, "totalFeeDossierFormality": 0},
        ],
    }

    got = _read(tmp_path, {"code": "OK", "data": tree, "message": None})

    assert got["H20", "2026-Q3", "ON_TIME"]["numerator"] == 358660
    assert got["H20", "2026-Q3", "TDGQ"]["points"] == 17.69
    assert got["H20.05", "2026-Q3", "ONLINE_PROVISION"]["numerator"] == 7
    assert got["H20.06", "2026-Q3", "ONLINE_PROVISION"]["numerator"] is None
    assert got["019d2be3", "2026-Q3", "PAY_PROVISION"]["numerator"] == 0


def test_the_combined_shape_gives_total_groups_components_and_rank(tmp_path: Path) -> None:
    unit = {
        "departmentCode": "H20", "departmentName": "Đồng Tháp", "totalScore": 68.8, "totalMaxScore": 100, "rank": 1,
        "groupScores": {"CKMB": 11.46, "ONLINE": 8.84},
        "componentIndicators": {
            "CKMB_CongKhaiMinhBach": {"score": 11.46, "maxScore": 18, "ratio": 63.67, "metrics": [SYNC]},
            "TTTT_x": {"score": 6.42, "totalFeeFormality": 330, "totalDossierOnlineFormalityPaymentSuccess": 113},
        },
    }  # fmt: skip
    country = {"departmentName": "Cả nước", "totalScore": 62.59}

    got = _read(tmp_path, {"metadata": {"timeType": "year", "year": 2026}, "overview": country, "provinces": [unit]})

    assert (got["H20", "2026", "TOTAL"]["points"], got["H20", "2026", "TOTAL"]["rank"]) == (68.8, 1)
    assert (got["H20", "2026", "CKMB"]["points"], got["H20", "2026", "CKMB"]["max_points"]) == (11.46, 18)
    assert got["H20", "2026", "ONLINE"]["points"] == 8.84
    assert got["H20", "2026", "PAY_FORMALITIES"]["numerator"] == 113
    assert got["VN", "2026", "TOTAL"]["points"] == 62.59


def test_without_a_period_in_file_or_name_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="kỳ nào"):
        _read(tmp_path, {"departmentCode": "H20", "totalScore": 1}, name="ket-qua.json")


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("bao_cao_T10_2025", "2025-10"),
        ("transparency-2026-Q3", "2026-Q3"),
        ("quy 3-2026", "2026-Q3"),
        ("hs-2026-09", "2026-09"),
        ("ket qua nam 2026", "2026"),
        ("ket qua", None),
        ("2025 va 2026", None),
        ("scores_Provinces_10102026", None),
    ],
)
def test_the_period_is_read_from_the_files_name_only_where_it_is_clear(name: str, period: Any) -> None:
    assert portal_rows.period_named(name) == period


def _workbook(path: Path, *, changes: dict[int, Any] | None = None) -> Path:
    heads = ["ID", "TEN", "TEN_COQUAN", "MA_COQUAN", "LOAI_COQUAN", "CAPDONVIID", "ID_COQUAN", "TDGQ", "MDHL", "MDSH",
             "TTTT", "CLGQ", "CKMB", "TONG_SCORE", "ROW_STT"]  # fmt: skip
    row: list[Any] = [398155, "Sở Công Thương - tỉnh An Giang", "Sở Công Thương", "H01.06", 2, 1, 7, 19.03, 18, 15.37,
                      9.79, 10, 18, 90.19, 37]  # fmt: skip
    for place, value in (changes or {}).items():
        row[place] = value
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("Điểm năm", "Điểm tháng", "Sở Ban"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, heads)
            sheet.write_row(1, 0, row)
        trend = book.add_worksheet("Xu hướng quý")
        trend.write_row(0, 0, ["quarter", "year", "score"])
        trend.write_row(1, 0, [3, 2025, 88.5])
    return path


def _figures(path: Path, name: str) -> tuple[dict[tuple[str, str, str], dict[str, Any]], list[Any], list[Any]]:
    batches = list(ranking.read(path, context=ImportContext(name=name, observed_at=AT)))
    rows = [
        dict(zip(b.columns, values, strict=True)) for b in batches for values in zip(*b.columns.values(), strict=True)
    ]
    return (
        {(row["unit_code"], row["period"], row["metric"]): row for row in rows},
        [one for batch in batches for one in batch.problems],
        [one for batch in batches for one in batch.refused],
    )


def test_the_ranking_workbook_keeps_the_portals_raw_keys(tmp_path: Path) -> None:
    got, problems, refused = _figures(_workbook(tmp_path / "x.xlsx"), "bao_cao_T10_2025.xlsx")

    total = got["H01.06", "2025-10", "TOTAL"]
    assert (total["points"], total["rank"], total["flag"]) == (90.19, 37, "LOAI_COQUAN=2;CAPDONVIID=1")
    assert (got["H01.06", "2025-10", "CLGQ"]["points"], got["H01.06", "2025", "TDGQ"]["points"]) == (10, 19.03)
    assert got["H01", "2025-Q3", "TOTAL"]["points"] == 88.5
    assert (problems, refused) == ([], [])


def test_a_score_that_is_no_number_is_told_and_left_unknown(tmp_path: Path) -> None:
    got, problems, _ = _figures(_workbook(tmp_path / "x.xlsx", changes={13: "N/A"}), "bao_cao_T10_2025.xlsx")

    assert got["H01.06", "2025-10", "TOTAL"]["points"] is None
    assert {problem.row for problem in problems} == {2}


def test_a_unit_without_a_code_is_refused_with_sheet_and_row(tmp_path: Path) -> None:
    _, _, refused = _figures(_workbook(tmp_path / "x.xlsx", changes={3: ""}), "bao_cao_T10_2025.xlsx")

    assert any("Sở Ban" in problem.where and problem.row == 2 for problem in refused)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["departmentCode", "departmentName", "metrics", "code", "score", "groupScores", "children", "totalReceived",
             "totalOnTime", "componentIndicators", "totalScore", "numerator", "rank", "metadata", "year", "data"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(_JSON)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_document_ends_in_anything_but_a_report_or_a_refusal(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "figures-2026.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    reports, refusals = importing.import_files(
        [path], into=tmp_path / "data", options=importing.ImportOptions(observed_at=AT, kind="evaluation")
    )

    assert len(reports) + len(refusals) == 1
