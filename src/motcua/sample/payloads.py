"""The sample as a provincial system sends it to the national portal: dossier and progress payloads (766 extension).

One JSON object a line (NDJSON). All values are texts, moments are ``yyyyMMddHHmmss``. People are invented, visibly so.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from motcua.sample import columnar
from motcua.sample.dossiers import Chunk, Sample

ROWS = 50_000
"""Dossiers a file."""

TITLE = "Chuyên viên"
LOCAL_SUFFIX_EVERY = 7
"""Each so-many-th unit writes procedure codes with its province's suffix, as some systems do."""


def write(*, sample: Sample, drawn: Iterator[Chunk], folder: Path) -> Iterator[Chunk]:
    """Write ``dossiers-NNNN.ndjson`` and ``progress-NNNN.ndjson``; give each part on once it is written."""
    words = columnar.texts(sample)
    moments = Moments(sample)
    encoder = msgspec.json.Encoder()
    number = 0
    for chunk in drawn:
        for start in range(0, len(chunk), ROWS):
            part = chunk.part(start, start + ROWS)
            number += 1
            codes = columnar.dossier_codes(part, words).to_pylist()
            told = _Telling(sample, part, codes, moments)
            with (folder / f"dossiers-{number:04}.ndjson").open("wb") as file:
                file.write(encoder.encode_lines(told.dossier(n) for n in range(len(part))))
            with (folder / f"progress-{number:04}.ndjson").open("wb") as file:
                file.write(encoder.encode_lines(step for n in range(len(part)) for step in told.progress(n)))
            yield part


class Moments:
    """Writes moments, given in minutes, as the payloads do."""

    def __init__(self, sample: Sample) -> None:
        self._origin = datetime.combine(sample.first, datetime.min.time())

    def text(self, minutes: int, seconds: int = 0) -> str:
        """Return ``yyyyMMddHHmmss``, "" where there is no moment."""
        if minutes < 0:
            return ""
        return f"{self._origin + timedelta(minutes=minutes, seconds=seconds):%Y%m%d%H%M%S}"


def person(number: int) -> str:
    """Return the name of an invented applicant, which nobody can take for a real one."""
    return f"Người Nộp Mẫu {number:07}"


def officer_name(number: int, unit: str) -> str:
    """Return the name of an invented officer (cán bộ)."""
    return f"Cán Bộ Mẫu {number:02} ({unit})"


class _Telling:
    """Tells the dossiers of one part in the fields of the payload."""

    def __init__(self, sample: Sample, part: Chunk, codes: list[str], moments: Moments) -> None:
        self._sample = sample
        self._part = part
        self._codes = codes
        self._moments = moments

    def _at(self, column: str, n: int) -> str:
        return self._moments.text(int(getattr(self._part, column)[n]))

    def _to_the_second(self, column: str, n: int) -> str:
        return self._moments.text(int(getattr(self._part, column)[n]), int(self._part.seconds[n]))

    def dossier(self, n: int) -> dict[str, Any]:
        """Return the dossier payload of the n-th dossier."""
        part, country = self._part, self._sample.country
        listed = country.listed[part.procedure[n]]
        unit = country.units[part.unit[n]]
        has_suffix = part.unit[n] % LOCAL_SUFFIX_EVERY == 3
        code = self._codes[n]
        channel, place = int(part.channel[n]), int(part.payment_place[n])
        return {
            "MaHoSo": code,
            "MaTTHC": f"{listed.code}.000.00.00.{unit.parent}" if has_suffix else listed.code,
            "TenTTHC": listed.name,
            "TenLinhVuc": listed.sector,
            "KenhThucHien": str(channel) if channel else "",
            "ChuHoSo": person(n + 1),
            "LoaiDoiTuong": "1" if listed.is_for_citizens else "2",
            "TrichYeuHoSo": listed.name[:1000],
            "NgayNopHoSo": self._to_the_second("submitted", n),
            "NgayTiepNhan": self._to_the_second("received", n),
            "NgayHenTra": self._at("due", n),
            "TrangThaiHoSo": str(part.state[n]),
            "NgayTra": self._at("returned", n),
            "ThongTinTra": "",
            "HinhThuc": "1" if channel == 3 else "0",
            "NgayKetThucXuLy": self._at("resolved", n),
            "NgayTuChoi": self._at("refused", n),
            "DonViXuLy": unit.code,
            "GhiChu": "",
            "NoiNopHoSo": "2" if channel == 2 else "",
            "HoSoCoThanhPhanSoHoa": _flag(part.has_reused_component[n]),
            "TaiKhoanDuocXacThucVoiVNeID": _flag(part.uses_population_data[n]),
            "DuocThanhToanTrucTuyen": str(place) if place >= 0 else "",
            "TaiLieuNop": self._components(n),
            "DanhSachLePhi": self._fees(n),
            "DanhSachHoSoBoSung": self._supplements(n),
            "DanhSachGiayToKetQua": self._results(n),
        }

    def _components(self, n: int) -> list[dict[str, str]]:
        """Return the submitted documents; without a file a component is listed only if it came from the store."""
        has_file, from_store = self._part.has_component_file[n], self._part.from_personal_store[n]
        if not has_file and not from_store:
            return []
        url = f"https://tep.example.invalid/{self._codes[n]}/1.pdf"
        return [
            {
                "TepDinhKemId": f"{self._codes[n]}-1",
                "TenTepDinhKem": "Đơn đề nghị.pdf",
                "IsDeleted": "False",
                "MaThanhPhanHoSo": "TP01",
                "DuongDanTaiTepTin": url if has_file else "",
                "DuocSoHoa": _flag(self._part.has_reused_component[n]),
                "DuocTaiSuDung": "0",
                "DuocLayTuKhoDMQG": _flag(from_store),
                "MaKetQuaThayThe": "",
            }
        ]

    def _fees(self, n: int) -> list[dict[str, str]]:
        if not (self._part.has_fee_data[n] or self._part.fees_all_zero[n]):
            return []
        price = "0" if self._part.fees_all_zero[n] else str(5000 * (1 + int(self._part.procedure[n]) % 40))
        return [{"TenPhiLePhi": "Lệ phí", "MaPhiLePhi": "LP01", "HinhThucThu": "1", "Gia": price, "LoaiPhiLePhi": "1"}]

    def _supplements(self, n: int) -> list[dict[str, Any]]:
        """Return the supplement requests; of two, the second follows the first at once."""
        part = self._part
        asked, answered = int(part.supplement_asked[n]), int(part.supplement_answered[n])
        if asked < 0:
            return []
        ends = [answered]
        if part.supplement_requests[n] > 1:
            ends = [(asked + answered) // 2 if answered >= 0 else asked + 1, answered]
        begins = [asked, *ends[:-1]]
        return [
            {
                "HoSoBoSungId": f"{self._codes[n]}-BS{place + 1}",
                "NguoiYeuCauBoSung": self._officer(n),
                "NoiDungBoSung": "Bổ sung giấy tờ còn thiếu (dữ liệu mẫu)",
                "NgayBoSung": self._moments.text(begin),
                "NgayTiepNhanBoSung": self._moments.text(end),
                "TrangThaiBoSung": "True" if end >= 0 else "False",
            }
            for place, (begin, end) in enumerate(zip(begins, ends, strict=True))
        ]

    def _results(self, n: int) -> list[dict[str, str]]:
        if not self._part.has_result_file[n]:
            return []
        catalogued = self._part.result_in_catalogue[n]
        return [
            {
                "TenGiayTo": "Kết quả giải quyết",
                "MaThanhPhanHoSo": "KQ01",
                "GiayToId": f"{self._codes[n]}-KQ",
                "MaGiayToKetQua": f"KQ.{self._codes[n][:3]}.{int(self._part.procedure[n]):06}" if catalogued else "",
                "DuongDanTepTinKetQua": f"https://tep.example.invalid/{self._codes[n]}/ket-qua.pdf",
            }
        ]

    def _officer(self, n: int) -> str:
        unit = self._sample.country.units[self._part.unit[n]].code
        return officer_name(int(self._part.officer[n]), unit) if self._part.officer_named[n] else ""

    def progress(self, n: int) -> Iterator[dict[str, str]]:
        """Go through what happened to the n-th dossier, in order."""
        part = self._part
        received = int(part.received[n])
        steps = [
            (received, 2, int(part.seconds[n])),
            (received + 1 if received >= 0 else -1, 4, int(part.seconds[n])),
            (int(part.supplement_asked[n]), 5, 0),
            (int(part.supplement_answered[n]), 4, 0),
            (int(part.refused[n]), 3, 0),
            (int(part.stopped[n]), 8, 0),
            (int(part.withdrawn[n]), 7, 0),
            (int(part.resolved[n]), 9, 0),
            (int(part.returned[n]), 10, 0),
        ]
        officer = self._officer(n)
        unit = self._sample.country.units[part.unit[n]].code
        for at, state, seconds in sorted(one for one in steps if one[0] >= 0):
            yield {
                "MaHoSo": self._codes[n],
                "NguoiXuLy": officer,
                "ChucDanh": TITLE if officer else "",
                "ThoiDiemXuLy": self._moments.text(at, seconds),
                "PhongBanXuLy": unit,
                "NoiDungXuLy": "",
                "TrangThai": str(state),
            }


def _flag(value: np.bool_) -> str:
    return "1" if value else "0"
