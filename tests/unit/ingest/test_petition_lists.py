# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""Lists of petitions with the headings and words that provinces use."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from motcua.ingest import petitions, sheets
from sheet_files import imported, units_table, write_csv, write_xlsx

HEADINGS = [
    "STT", "Mã phản ánh, kiến nghị", "Người gửi", "Nội dung phản ánh", "Cơ quan xử lý", "Loại phản ánh, kiến nghị",
    "Ngày tiếp nhận", "Ngày chuyển", "Ngày xử lý xong", "Ngày công khai", "Số lượt hài lòng", "Số lượt không hài lòng",
    "Phản ánh lại", "Mã hồ sơ",
]  # fmt: skip
ROW = [
    1, "PAKN.20260302.0001", "Trần Thị Mẫu", "Chậm trả kết quả", "UBND xã Mỹ Đức", "Hành vi hành chính",
    "02/03/2026 08:00", "03/03/2026", "10/03/2026 16:00", "11/03/2026", "3", 1.0, "Có", "H01.123-260201-0007",
]  # fmt: skip


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    return {"units": units_table(tmp_path / "units.parquet")}


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_a_list_gives_petitions_without_what_was_written_or_by_whom(
    tmp_path: Path, tables: dict[str, Path], write: Any
) -> None:
    headings = [f'"{one}"' if write is write_csv and "," in one else one for one in HEADINGS]
    file = write(tmp_path / ("a.xlsx" if write is write_xlsx else "a.csv"), [headings, ROW])

    found = imported(petitions.read, file, tables=tables)

    assert sheets.recognise(file, container="") == "petitions"
    assert found.one() == {
        "petition_code": "PAKN.20260302.0001",
        "unit_code": "H01.123",
        "kind": "CONDUCT",
        "received_at": datetime(2026, 3, 2, 8),
        "forwarded_at": datetime(2026, 3, 3),
        "forwarded_by_centre": None,
        "rejected_at": None,
        "supplement_requested_at": None,
        "resolved_at": datetime(2026, 3, 10, 16),
        "published_at": datetime(2026, 3, 11),
        "likes": 3,
        "dislikes": 1,
        "is_repeated": True,
        "is_vertical": None,
        "dossier_code": "H01.123-260201-0007",
    }
    assert (found.refused, found.problems, found.warnings) == ([], [], [])


def test_a_petition_without_unit_or_day_is_refused_and_odd_words_are_told_once(
    tmp_path: Path, tables: dict[str, Path]
) -> None:
    def row(code: Any, **changes: Any) -> Any:
        return [changes.get(name, value) for name, value in zip(HEADINGS, [0, code, *ROW[2:]], strict=True)]

    rows = [
        HEADINGS,
        row("P1", **{"Cơ quan xử lý": "", "Mã hồ sơ": ""}),
        row("P2", **{"Ngày tiếp nhận": "hôm qua"}),
        row("P3", **{"Loại phản ánh, kiến nghị": "Linh tinh", "Số lượt hài lòng": "nhiều"}),
        row("P4", **{"Loại phản ánh, kiến nghị": "Linh tinh", "Cơ quan xử lý": "Ban Mẫu", "Mã hồ sơ": ""}),
        row("P3"),
    ]

    found = imported(petitions.read, write_xlsx(tmp_path / "a.xlsx", rows), tables=tables)

    assert [row["petition_code"] for row in found.rows] == ["P3", "P4", "P3"]
    assert [one.row for one in found.refused] == [2, 3]
    assert [(row["kind"], row["unit_code"]) for row in found.rows[:2]] == [(None, "H01.123"), (None, "name:ban mau")]
    assert found.says("2 ô ghi «Linh tinh»", "dòng 4, 5")
    assert found.says("«nhiều» không phải số lượt")
    assert found.says("1 mã phản ánh có nhiều lần")
    assert found.says("1 phản ánh có đơn vị không khớp")
