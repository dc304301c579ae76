"""Catalogues in JSON: the portal's pages of 2026, the pages of 2021, and ministries' own structured ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from motcua.ingest.catalogue_facts import Channel, Described

_PORTAL = frozenset({"ma_thu_tuc", "ten_thu_tuc"})
_PAGE_2021 = frozenset({"title", "Trình tự thực hiện", "Cách thức thực hiện"})
_MINISTRY = frozenset({"metadata", "content"})

Record = Mapping[str, Any]


def recognises(record: object) -> bool:
    """Tell whether a JSON record is a procedure of one of the catalogues known here."""
    if not isinstance(record, Mapping):
        return False
    keys = record.keys()
    return keys >= _PORTAL or keys >= _PAGE_2021 or (keys >= _MINISTRY and "mã_thủ_tục" in _part(record, "metadata"))


def described(record: Record) -> Described | None:
    """Return the procedure in the catalogue's own words; None if the record is none. A code it lacks is ""."""
    if not recognises(record):
        return None
    if record.keys() >= _PORTAL:
        return _portal(record)
    return _page_2021(record) if record.keys() >= _PAGE_2021 else _ministry(record)


def _portal(record: Record) -> Described:
    parsed = record.get("cach_thuc_parsed")
    channels = None
    if isinstance(parsed, Sequence) and parsed:
        channels = [
            Channel(
                name=_text(row, "kenh") or "",
                limit=_number_and_unit(row),
                fee=_text(row, "phi"),
                remark=_text(row, "mo_ta") or "",
            )
            for row in parsed
            if isinstance(row, Mapping)
        ]
    components = _text(record, "thanh_phan_ho_so")
    return Described(
        code=_text(record, "ma_thu_tuc") or "",
        name=_text(record, "ten_thu_tuc") or "",
        sector=_text(record, "linh_vuc"),
        levels=_text(record, "cap_thuc_hien"),
        applicants=_text(record, "doi_tuong_thuc_hien"),
        agency=_text(record, "co_quan_thuc_hien"),
        sequence=_text(record, "trinh_tu_thuc_hien"),
        # The page's table flattened: its headings alone are no components.
        components=None if components is None else components.replace("Tên giấy tờMẫu đơn, tờ khaiSố lượng", ""),
        result=_text(record, "ket_qua_xu_ly"),
        state="public",
        channels=channels,
        channel_text=_text(record, "cach_thuc_thuc_hien"),
        decision=_text(record, "so_quyet_dinh"),
        requirements=_text(record, "yeu_cau_dieu_kien"),
        legal_bases=_text(record, "can_cu_phap_ly"),
    )


def _page_2021(record: Record) -> Described:
    return Described(
        code=_text(record, "Mã thủ tục") or "",
        name=_text(record, "title") or "",
        agency=_text(record, "Cơ quan thực hiện"),
        sequence=_text(record, "Trình tự thực hiện"),
        components=_joined(record.get("Thành phần hồ sơ"), "Tên giấy tờ"),
        channels=[
            Channel(
                name=_text(row, "Hình thức nộp") or "",
                limit=_text(row, "Thời hạn giải quyết"),
                fee=(_text(row, "Phí, lệ phí") or "").replace("Xem chi tiết", ""),
                remark=_text(row, "Mô tả") or "",
            )
            for row in _rows(record.get("Cách thức thực hiện"))
        ],
    )


def _ministry(record: Record) -> Described:
    metadata, content, tables = (_part(record, name) for name in ("metadata", "content", "tables"))
    return Described(
        code=_text(metadata, "mã_thủ_tục") or "",
        name=_text(metadata, "tên_thủ_tục") or "",
        sector=_text(metadata, "lĩnh_vực"),
        levels=_text(metadata, "cấp_thực_hiện"),
        applicants=_text(content, "đối_tượng_thực_hiện"),
        agency=_text(content, "cơ_quan_thực_hiện"),
        sequence=_text(content, "trình_tự_thực_hiện"),
        components=_joined(tables.get("thanh_phan_ho_so"), "ten_giay_to"),
        result=_text(content, "kết_quả_thực_hiện"),
        channels=[
            Channel(
                name=_text(row, "hinh_thuc") or "",
                limit=_text(row, "thoi_han_giai_quyet"),
                fee=_text(row, "phi_le_phi"),
                remark=_text(row, "mo_ta") or "",
            )
            for row in _rows(tables.get("hinh_thuc_nop"))
        ],
    )


def _part(record: Record, name: str) -> Record:
    part = record.get(name)
    return part if isinstance(part, Mapping) else {}


def _rows(value: object) -> list[Record]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _joined(value: object, name: str) -> str | None:
    return None if value is None else " ".join(filter(None, (_text(row, name) for row in _rows(value))))


def _text(record: Record, name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) else None


def _number_and_unit(row: Record) -> str | None:
    number, unit = row.get("so"), row.get("don_vi")
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return ""
    return f"{number:g} {unit}" if isinstance(unit, str) else f"{number:g}"
