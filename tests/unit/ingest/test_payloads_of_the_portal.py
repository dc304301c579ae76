# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""The sync payloads: what the portal computes from a record is in the snapshot, and nobody's name comes along."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from motcua.ingest import importing, payload_values
from payload_files import AT, dossier, read, step


def test_a_record_becomes_the_snapshot_of_its_dossier(tmp_path: Path) -> None:
    got = read(tmp_path, dossier(NgayKetThucXuLy="20260308150000", NgayTra="20260309", NgayTuChoi=None))

    expected = {
        "dossier_code": "H05.12-260302-0001",
        "unit_code": "H05.12",
        "procedure_code": "1.001193",
        "state": 4,
        "channel": 2,
        "submitted_at": datetime(2026, 3, 1, 20),
        "received_at": datetime(2026, 3, 2, 8),
        "due_at": datetime(2026, 3, 9, 17),
        "resolved_at": datetime(2026, 3, 8, 15),
        "returned_at": datetime(2026, 3, 9),
        "refused_at": None,
    }
    assert {name: got.column(name) for name in expected} == {name: [value] for name, value in expected.items()}
    assert (got.refused, got.problems) == ([], [])


def test_what_a_record_does_not_say_is_unknown_not_false(tmp_path: Path) -> None:
    got = read(tmp_path, dossier(KenhThucHien=None))

    for name in (
        "channel", "has_component_file", "has_result_file", "has_reused_component", "from_personal_store",
        "uses_population_data", "has_fee_data", "fees_all_zero", "payment_place", "supplement_requests",
    ):  # fmt: skip
        assert got.column(name) == [None], name


@pytest.mark.parametrize(
    ("components", "has_file", "reused", "store"),
    [
        ([], False, None, None),
        ([{"DuongDanTaiTepTin": "https://a/1"}], True, None, None),
        ([{"DuongDanTaiTepTin": "", "DuocSoHoa": "0"}], False, False, None),
        ([{"DuongDanTaiTepTin": "https://a/1", "DuocSoHoa": 1}], True, True, None),
        ([{"DuocTaiSuDung": "2", "DuocLayTuKhoDMQG": "0"}, {"DuocLayTuKhoDMQG": "1"}], False, True, True),
        ([{"DuongDanTaiTepTin": "https://a/1", "IsDeleted": "True", "DuocSoHoa": "1"}], False, None, None),
    ],
)
def test_components_say_files_reuse_and_store(
    tmp_path: Path, components: Any, has_file: Any, reused: Any, store: Any
) -> None:
    got = read(tmp_path, dossier(TaiLieuNop=components))

    assert got.column("has_component_file") == [has_file]
    assert got.column("has_reused_component") == [reused]
    assert got.column("from_personal_store") == [store]


@pytest.mark.parametrize(
    ("prices", "has_fee", "all_zero"),
    [
        ([], False, False),
        (["0", "0.0"], False, True),
        (["0", "10.000"], True, False),
        ([20000], True, False),
        ([None], None, None),
        (["miễn"], None, None),
        (["0", "miễn", "5000"], True, False),
    ],
)
def test_a_fee_list_counts_only_when_not_every_price_is_zero(
    tmp_path: Path, prices: Any, has_fee: Any, all_zero: Any
) -> None:
    got = read(tmp_path, dossier(DanhSachLePhi=[{"Gia": price} for price in prices]))

    assert (got.column("has_fee_data"), got.column("fees_all_zero")) == ([has_fee], [all_zero])
    assert [problem.column for problem in got.problems] == ["Gia"] * ("miễn" in prices)


def test_supplements_are_counted_and_their_finished_time_summed(tmp_path: Path) -> None:
    done = {"NgayBoSung": "20260303080000", "NgayTiepNhanBoSung": "20260305080000", "TrangThaiBoSung": "True"}
    waiting = {"NgayBoSung": "20260306080000", "NgayTiepNhanBoSung": "", "TrangThaiBoSung": "False"}

    got = read(tmp_path, dossier(DanhSachHoSoBoSung=[done, waiting]))

    assert got.column("supplement_requests") == [2]
    assert got.column("supplement_seconds") == [2 * 86_400]
    assert got.column("supplement_waiting_since") == [datetime(2026, 3, 6, 8)]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20260302080000", datetime(2026, 3, 2, 8)),
        (20260302080000, datetime(2026, 3, 2, 8)),
        ("20260302", datetime(2026, 3, 2)),
        ("202603020805", datetime(2026, 3, 2, 8, 5)),
        ("2026-03-02 08:00:00", datetime(2026, 3, 2, 8)),
        ("2026-03-02T01:00:00.000Z", datetime(2026, 3, 2, 8)),
        ("02/03/2026 08:00:00", datetime(2026, 3, 2, 8)),
    ],
)
def test_dates_are_read_in_the_ways_feeds_write_them(tmp_path: Path, written: Any, moment: Any) -> None:
    assert read(tmp_path, dossier(NgayTiepNhan=written)).column("received_at") == [moment]


@pytest.mark.parametrize("written", ["20261302080000", "hôm qua", "00010101000000", "29990101", "", None, True])
def test_a_dossier_in_process_without_a_readable_receipt_is_refused(tmp_path: Path, written: Any) -> None:
    got = read(tmp_path, dossier(), dossier(NgayTiepNhan=written))

    assert len(got.column("dossier_code")) == 1
    assert [(problem.row, problem.column) for problem in got.refused] == [(2, "NgayTiepNhan")]


def test_a_dossier_not_yet_received_is_kept_without_a_receipt(tmp_path: Path) -> None:
    got = read(tmp_path, dossier(TrangThaiHoSo="1", NgayTiepNhan=""))

    assert (got.column("received_at"), got.refused) == ([None], [])


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"TrangThaiHoSo": "12"}, "TrangThaiHoSo"),
        ({"KenhThucHien": "x"}, "KenhThucHien"),
        ({"NgayHenTra": "99999999999999"}, "NgayHenTra"),
        ({"MaTTHC": "không có"}, "MaTTHC"),
        ({"TaiLieuNop": "không phải danh sách"}, "TaiLieuNop"),
        ({"NgayTra": {"a": 1}}, "NgayTra"),
        ({"TaiKhoanDuocXacThucVoiVNeID": "2"}, "TaiKhoanDuocXacThucVoiVNeID"),
        ({"HoSoCoThanhPhanSoHoa": "có"}, "HoSoCoThanhPhanSoHoa"),
        ({"TaiLieuNop": [{"DuocSoHoa": "?"}]}, "DuocSoHoa"),
        ({"TaiLieuNop": [{"DuocLayTuKhoDMQG": 7}]}, "DuocLayTuKhoDMQG"),
    ],
)
def test_an_odd_value_is_told_and_left_unknown_and_the_record_kept(tmp_path: Path, changes: Any, column: str) -> None:
    got = read(tmp_path, dossier(**changes))

    assert len(got.column("dossier_code")) == 1
    assert [problem.column for problem in got.problems] == [column]


@pytest.mark.parametrize("record", [5, "x", None, [], {}, {"MaHoSo": ""}, {"MaHoSo": "a\nb"}])
def test_a_record_without_a_usable_code_is_refused_and_the_others_are_kept(tmp_path: Path, record: Any) -> None:
    got = read(tmp_path, dossier(), record, dossier(MaHoSo="H05.12-260302-0002"))

    assert len(got.column("dossier_code")) == 2
    assert [problem.row for problem in got.refused] == [2]
    assert got.rows == 3


def test_the_unit_comes_from_the_code_the_name_or_the_dossier_code(tmp_path: Path) -> None:
    units = tmp_path / "units.parquet"
    pl.DataFrame({"unit_code": ["H05.14"], "name": ["Sở Xây dựng"]}).write_parquet(units)

    got = read(
        tmp_path,
        dossier(DonViXuLy="000.00.14.H05"),
        dossier(DonViXuLy="SỞ XÂY DỰNG"),
        dossier(DonViXuLy="Sở Nào Đó"),
        dossier(DonViXuLy=None, MaHoSo="000.00.16.H05-260302-0001"),
        tables={"units": units},
    )

    assert got.column("unit_code") == ["H05.14", "H05.14", "H05.12", "H05.16"]
    assert "Sở Nào Đó" in got.warnings[0].what


def test_no_name_phone_or_identity_number_reaches_an_event_or_a_report(tmp_path: Path) -> None:
    path = tmp_path / "payload.json"
    path.write_text(json.dumps([dossier(NgayTra="sai"), step()], ensure_ascii=False), encoding="utf-8")
    importing.import_files([path], into=tmp_path / "data", options=importing.ImportOptions(observed_at=AT))

    kept = "".join(
        str(pl.read_parquet(file).rows()) for folder in ("events", "tables")
        for file in (tmp_path / "data" / folder).glob("*.parquet")
    ) + "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "data/reports").iterdir())  # fmt: skip

    for secret in ("BÍ MẬT", "0912345678", "001099123456", "KÍN"):
        assert secret not in kept
    assert "cb-" in kept


def test_an_officer_has_one_code_however_the_name_is_written() -> None:
    code = payload_values.officer_code("Trần Văn Kín", "H05.12")

    assert code == payload_values.officer_code("TRẦN  VĂN KÍN", "H05.12")
    assert code != payload_values.officer_code("Trần Văn Kín", "H05.14")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, True),
        ({"NguoiXuLy": ""}, False),
        ({"ChucDanh": None}, False),
        ({"ChucDanh": ...}, None),
        ({"ChucDanh": ..., "NguoiXuLy": " "}, False),
    ],
)
def test_a_step_shows_its_officer_only_with_name_and_title(tmp_path: Path, changes: Any, named: Any) -> None:
    row = {key: value for key, value in step(**changes).items() if value is not ...}

    assert read(tmp_path, row).column("officer_named", "progress") == [named]


def test_a_step_without_state_or_moment_is_refused(tmp_path: Path) -> None:
    got = read(tmp_path, step(TrangThai="0"), step(ThoiDiemXuLy="x"), step(MaHoSo=None), step(TrangThai=None))

    assert [problem.column for problem in got.refused] == ["TrangThai", "ThoiDiemXuLy", "MaHoSo", "TrangThai"]
    assert got.column("state", "progress") == []


def test_what_feeds_are_known_to_distort_is_told_and_not_repaired(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        dossier(
            TaiLieuNop=[{"DuongDanTaiTepTin": "https://a/1"}],
            DanhSachGiayToKetQua=[{"DuongDanTepTinKetQua": "https://a/1"}],
            DinhDanhCHS=[{"LoaiDinhDanh": "2", "SoDinhDanh": "000000001"}],
            TrichYeuHoSo="Dinhkem",
        ),
        step(NguoiXuLy="Chuyên viên"),
    )

    assert got.column("has_result_file") == [True]
    assert {problem.column for problem in got.warnings} == {
        "DanhSachGiayToKetQua", "DinhDanhCHS", "TrichYeuHoSo", "NguoiXuLy",
    }  # fmt: skip


def test_a_generation_c_dossier_is_understood(tmp_path: Path) -> None:
    got = read(
        tmp_path,
        {
            "MaHoSo": "G09.20-20260609-0092637", "MaTTHC": "1.001193", "MaDonViTiepNhan": "G09.20",
            "NgayNop": "2026-06-09 08:00:00", "NgayTiepNhan": "2026-06-09 09:00:00",
            "ThanhPhanHoSo": [{"LoaiBan": 2, "GiayToDinhKem": [{"IdGiayTo": "1"}]}],
        },
    )  # fmt: skip

    assert got.column("unit_code") == ["G09.20"]
    assert got.column("submitted_at") == [datetime(2026, 6, 9, 8)]
    assert got.column("has_component_file") == [True]
