# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""A catalogue, a unit list, decisions or a mapping that come after the lists still count for them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from motcua.ingest import importing, log
from motcua.ingest.directory import DataDirectory
from motcua.kernel.errors import UserError
from sheet_files import IGATE, igate_row, write_csv, write_xlsx

SEPTEMBER, OCTOBER, NOVEMBER = datetime(2026, 9, 1), datetime(2026, 10, 1), datetime(2026, 11, 1)
CODE = "H01.112-260302-0001"
CATALOGUE = [
    ["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"],
    ["1.001193", "Thủ tục đăng ký khai sinh", "Bộ Tư pháp", "UBND cấp xã", "Hộ tịch"],
]
UNITS = [["code", "name", "level"], ["H01", "UBND tỉnh An Giang", "PROVINCE"], ["H01.123", "UBND xã Mỹ Đức", "COMMUNE"]]


def _import(*files: Path, into: Path, at: datetime = NOVEMBER, **more: Any) -> Any:
    reports, refusals = importing.import_files(
        files, into=into, options=importing.ImportOptions(observed_at=at, **more)
    )
    assert refusals == []
    return reports[-1]


def _rematch(into: Path, **more: Any) -> Any:
    return importing.rematch(into, options=importing.ImportOptions(observed_at=NOVEMBER, **more))


def _dossiers(into: Path) -> dict[str, dict[str, Any]]:
    rows = pl.read_parquet(into / "tables" / "dossiers.parquet").iter_rows(named=True)
    return {row["dossier_code"]: row for row in rows}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory with one list that was imported before anything to match it with."""
    rows = [IGATE, igate_row(), igate_row(code="SO-CU-17", unit="Xã Mỹ Đức")]
    _import(write_xlsx(tmp_path / "ho-so.xlsx", rows), into=tmp_path / "data", at=OCTOBER)
    return tmp_path / "data"


def test_a_catalogue_and_units_that_come_later_give_old_lists_their_codes(data: Path, tmp_path: Path) -> None:
    before = _dossiers(data)
    _import(write_xlsx(tmp_path / "danh-muc.xlsx", CATALOGUE), write_csv(tmp_path / "dv.csv", UNITS), into=data)
    waiting = importing.matched_before(data)

    (report,), refusals = _rematch(data)

    assert [before[code]["procedure_code"] for code in (CODE, "SO-CU-17")] == [None, None]
    assert before["SO-CU-17"]["unit_code"].startswith("name:")
    assert (waiting, refusals, report.file, report.observed_at) == (["ho-so.xlsx"], [], "ho-so.xlsx", OCTOBER)
    after = _dossiers(data)
    assert {row["procedure_code"] for row in after.values()} == {"1.001193"}
    assert after["SO-CU-17"]["unit_code"] == "H01.123"
    assert after[CODE]["observed_at"] == OCTOBER
    assert importing.matched_before(data) == []
    assert log.verify(DataDirectory(data)) == ()


def test_matching_again_with_nothing_new_changes_nothing(data: Path, tmp_path: Path) -> None:
    _import(write_xlsx(tmp_path / "danh-muc.xlsx", CATALOGUE), into=data)
    _rematch(data)
    spine = (data / "log.jsonl").read_bytes()

    (report,), _ = _rematch(data)

    assert (report.is_new, report.events_made) == (False, 0)
    assert (data / "log.jsonl").read_bytes() == spine


def test_a_catalogue_that_matches_nothing_more_adds_no_events(data: Path, tmp_path: Path) -> None:
    other = [CATALOGUE[0], ["1.000001", "Cấp phép bay", "Bộ Quốc phòng", "Cục Tác chiến", "Hàng không"]]
    _import(write_xlsx(tmp_path / "danh-muc.xlsx", other), into=data)
    spine = (data / "log.jsonl").read_bytes()

    (report,), _ = _rematch(data)

    assert (report.is_new, report.events_made) == (False, 0)
    assert (data / "log.jsonl").read_bytes() == spine


def test_naming_the_file_again_matches_it_again_too(data: Path, tmp_path: Path) -> None:
    _import(write_xlsx(tmp_path / "danh-muc.xlsx", CATALOGUE), into=data)

    report = _import(tmp_path / "ho-so.xlsx", into=data)

    assert report.observed_at == OCTOBER
    assert _dossiers(data)[CODE]["procedure_code"] == "1.001193"


def test_an_old_list_matched_again_does_not_go_before_a_newer_one(data: Path, tmp_path: Path) -> None:
    """Both lists are of the same moment: then the one imported later is the newer one, however often each is read."""
    newer = [IGATE, igate_row(name="Thủ tục lạ", state="Đang xử lý", ended="")]
    _import(write_xlsx(tmp_path / "moi.xlsx", newer), into=data, at=OCTOBER)
    _import(write_xlsx(tmp_path / "danh-muc.xlsx", CATALOGUE), into=data)

    _rematch(data)

    assert (_dossiers(data)[CODE]["state"], _dossiers(data)[CODE]["procedure_code"]) == (4, None)


def test_decisions_hold_until_others_are_given(data: Path, tmp_path: Path) -> None:
    decisions = tmp_path / "quyet-dinh.csv"
    decisions.write_text("name,sector,procedure_code\nĐăng ký khai sinh,,2.000001\n", encoding="utf-8")
    _rematch(data, decisions=decisions)
    decided = _dossiers(data)[CODE]["procedure_code"]
    _import(write_xlsx(tmp_path / "danh-muc.xlsx", CATALOGUE), into=data)
    decisions.unlink()

    _rematch(data)
    again = _import(tmp_path / "ho-so.xlsx", into=data)

    assert (decided, _dossiers(data)[CODE]["procedure_code"]) == ("2.000001", "2.000001")
    assert again.is_new is False
    assert log.verify(DataDirectory(data)) == ()


def test_a_label_that_the_province_explains_later_gives_the_state(tmp_path: Path) -> None:
    data = tmp_path / "data"
    file = write_xlsx(tmp_path / "a.xlsx", [IGATE, igate_row(state="Chờ Chủ tịch ký", ended="")])
    _import(file, into=data)
    before = _dossiers(data)[CODE]["state"]
    (tmp_path / "tinh").mkdir()
    (tmp_path / "tinh" / "states.toml").write_text('[labels]\n4 = ["Chờ Chủ tịch ký"]\n', encoding="utf-8")

    _import(file, into=data, mapping=tmp_path / "tinh")

    assert (before, _dossiers(data)[CODE]["state"]) == (None, 4)


def test_a_list_read_with_a_mapping_is_not_read_again_without_it(tmp_path: Path) -> None:
    data, mapping = tmp_path / "data", tmp_path / "tinh"
    mapping.mkdir()
    (mapping / "dossier-list.toml").write_text('[fields]\ndossier_code = ["Số lưu"]\n', encoding="utf-8")
    file = write_xlsx(tmp_path / "a.xlsx", [["Số lưu", *IGATE[1:]], igate_row()])
    _import(file, into=data, mapping=mapping)
    _import(write_xlsx(tmp_path / "danh-muc.xlsx", CATALOGUE), into=data)

    reports, (refusal,) = _rematch(data)
    (report,), refusals = _rematch(data, mapping=mapping)

    assert (reports, refusals, report.events_made) == ([], [], 1)
    assert "--mapping" in str(refusal)
    assert _dossiers(data)[CODE]["procedure_code"] == "1.001193"


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="chưa có dữ liệu"):
        _rematch(tmp_path / "data")

    assert not (tmp_path / "data").exists()
