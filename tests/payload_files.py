# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""Records of the sync payloads as feeds send them, and a reader that gathers what a file of them gives."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from motcua.ingest import payloads
from motcua.ingest.reading import ImportContext

AT = datetime(2026, 10, 10)


def dossier(**changes: Any) -> dict[str, Any]:
    """A dossier of generation B as a province would send it."""
    return {
        "MaHoSo": "H05.12-260302-0001",
        "MaTTHC": "1.001193.000.00.00.H05",
        "ChuHoSo": "NGUYỄN THỊ BÍ MẬT",
        "SoDienThoai": "0912345678",
        "KenhThucHien": "2",
        "NgayNopHoSo": "20260301200000",
        "NgayTiepNhan": "20260302080000",
        "NgayHenTra": "20260309170000",
        "TrangThaiHoSo": "4",
        "DonViXuLy": "H05.12",
        "DinhDanhCHS": [{"LoaiDinhDanh": "1", "SoDinhDanh": "001099123456"}],
        **changes,
    }


def step(**changes: Any) -> dict[str, Any]:
    """A progress row."""
    return {
        "MaHoSo": "H05.12-260302-0001",
        "NguoiXuLy": "TRẦN VĂN KÍN",
        "ChucDanh": "Chuyên viên chính",
        "ThoiDiemXuLy": "20260302080000",
        "TrangThai": "2",
        **changes,
    }


class Outcome:
    """What reading a file gave."""

    def __init__(self, path: Path, **context: Any) -> None:
        self.batches = list(payloads.read(path, context=ImportContext(name=path.name, observed_at=AT, **context)))
        self.refused = [one for batch in self.batches for one in batch.refused]
        self.problems = [one for batch in self.batches for one in batch.problems]
        self.warnings = [one for batch in self.batches for one in batch.warnings]
        self.rows = sum(batch.rows_read for batch in self.batches)

    def column(self, name: str, stream: str = "dossiers") -> list[Any]:
        return [
            value for batch in self.batches if batch.stream == stream and batch.columns
            for value in list(batch.columns[name])
        ]  # fmt: skip


def read(tmp_path: Path, *records: Any, **context: Any) -> Outcome:
    path = tmp_path / "payload.json"
    path.write_text(json.dumps(list(records), ensure_ascii=False), encoding="utf-8")
    return Outcome(path, **context)
