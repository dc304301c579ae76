"""The records of the DVCQG sync payloads as they come: every value text by contract, anything in practice."""

from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

Scalar = str | int | float | bool | None
"""What a field may be; the contract says text, feeds also send numbers and null."""


class Component(msgspec.Struct, gc=False, rename={
    "url": "DuongDanTaiTepTin", "is_deleted": "IsDeleted", "is_digitised": "DuocSoHoa", "reused": "DuocTaiSuDung",
    "from_store": "DuocLayTuKhoDMQG", "attached": "GiayToDinhKem",
}):  # fmt: skip
    """TaiLieuNop[] (generations A, B) and ThanhPhanHoSo[] (C): a submitted document."""

    url: Scalar = None
    is_deleted: Scalar = None
    is_digitised: Scalar = None
    reused: Scalar = None
    from_store: Scalar = None
    attached: list[Any] | None = None


class Result(msgspec.Struct, gc=False, rename={"url": "DuongDanTepTinKetQua"}):
    """DanhSachGiayToKetQua[]: a result document."""

    url: Scalar = None


class FeeLine(msgspec.Struct, gc=False, rename={"price": "Gia"}):
    """DanhSachLePhi[]: one fee."""

    price: Scalar = None


class Supplement(msgspec.Struct, gc=False, rename={
    "requested": "NgayBoSung", "completed": "NgayTiepNhanBoSung", "is_done": "TrangThaiBoSung",
}):  # fmt: skip
    """DanhSachHoSoBoSung[]: a supplement that was asked for."""

    requested: Scalar = None
    completed: Scalar = None
    is_done: Scalar = None


class Identity(msgspec.Struct, gc=False, rename={"number": "SoDinhDanh"}):
    """DinhDanhCHS[]: only looked at to find dummies; no identity number leaves the reader."""

    number: Scalar = None


class DossierRecord(msgspec.Struct, gc=False, rename={
    "code": "MaHoSo", "procedure": "MaTTHC", "unit": "DonViXuLy", "receiving_unit": "MaDonViTiepNhan",
    "channel": "KenhThucHien", "received": "NgayTiepNhan", "due": "NgayHenTra", "state": "TrangThaiHoSo",
    "returned": "NgayTra", "resolved": "NgayKetThucXuLy", "refused": "NgayTuChoi", "submitted": "NgayNopHoSo",
    "submitted_c": "NgayNop", "reuses": "HoSoCoThanhPhanSoHoa", "vneid": "TaiKhoanDuocXacThucVoiVNeID",
    "payment": "DuocThanhToanTrucTuyen", "subject": "TrichYeuHoSo", "components": "TaiLieuNop",
    "components_c": "ThanhPhanHoSo", "results": "DanhSachGiayToKetQua", "fees": "DanhSachLePhi",
    "fees_too": "DanhSachPhiLePhi", "supplements": "DanhSachHoSoBoSung", "identities": "DinhDanhCHS",
}):  # fmt: skip
    """A dossier of DongBoHoSoMC, generation A, B or C; a list that is absent is None, an empty one is empty."""

    code: Scalar = None
    procedure: Scalar = None
    unit: Scalar = None
    receiving_unit: Scalar = None
    channel: Scalar = None
    received: Scalar = None
    due: Scalar = None
    state: Scalar = None
    returned: Scalar = None
    resolved: Scalar = None
    refused: Scalar = None
    submitted: Scalar = None
    submitted_c: Scalar = None
    reuses: Scalar = None
    vneid: Scalar = None
    payment: Scalar = None
    subject: Scalar = None
    components: list[Component] | None = None
    components_c: list[Component] | None = None
    results: list[Result] | None = None
    fees: list[FeeLine] | None = None
    fees_too: list[FeeLine] | None = None
    supplements: list[Supplement] | None = None
    identities: list[Identity] | None = None


class StepRecord(msgspec.Struct, gc=False, rename={
    "code": "MaHoSo", "officer": "NguoiXuLy", "title": "ChucDanh", "at": "ThoiDiemXuLy", "state": "TrangThai",
    "office": "PhongBanXuLy",
}):  # fmt: skip
    """A row of CapNhatTienDoHoSoMC or CapNhatTienTrinh. A title that is absent is not the same as an empty one."""

    code: Scalar = None
    officer: Scalar | UnsetType = UNSET
    title: Scalar | UnsetType = UNSET
    office: Scalar = None
    at: Scalar = None
    state: Scalar = None


class Envelope(msgspec.Struct, rename={"owner": "madonvi"}):
    """The call of generation A: who sends, and the records."""

    owner: Scalar = None
    data: msgspec.Raw | UnsetType = UNSET


Record = TypeVar("Record", DossierRecord, StepRecord)


@lru_cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, tuple[str, "msgspec.json.Decoder[Any]"]]:
    return {field.encode_name: (field.name, msgspec.json.Decoder(field.type)) for field in msgspec.structs.fields(kind)}


_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def leniently(raw: bytes, *, kind: type[Record]) -> tuple[Record, list[str]]:
    """Read one record field by field, leaving unknown what has another shape; return it with the names of such fields.

    Raises:
        msgspec.DecodeError: it is no JSON object at all.
        RecursionError: it is nested too deeply to be one.
    """
    known = _fields(kind)
    found: dict[str, Any] = {}
    odd: list[str] = []
    for key, value in _PARTS.decode(raw).items():
        if key in known:
            name, decoder = known[key]
            try:
                found[name] = decoder.decode(value)
            except (msgspec.DecodeError, RecursionError):
                odd.append(key)
    return kind(**found), odd
