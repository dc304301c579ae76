"""Words for codes, as people of the office read them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from motcua.facts.measures import MEASURES
from motcua.indicators.score import Basis, UnitScore
from motcua.kernel.citation import Certainty
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.reports import figures

if TYPE_CHECKING:
    from motcua.indicators.evaluate import Evaluation

_LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "nation": "Cả nước",
        "province": "Tỉnh, thành phố",
        "ministry": "Bộ, ngành",
        "department": "Sở, ban, ngành",
        "district": "Huyện",
        "commune": "Xã, phường, đặc khu",
        "centre": "Trung tâm Phục vụ hành chính công",
        "desk": "Bộ phận Một cửa",
        "vertical": "Cơ quan ngành dọc",
        "unit": "Đơn vị",
    }
)
_BASES: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.COUNTED: "tính từ số liệu",
        Basis.INHERITED: "lấy theo cấp trên",
        Basis.ZERO_DENOMINATOR: "mẫu số bằng 0",
        Basis.UNKNOWN: "không có số liệu",
        Basis.NOT_APPLICABLE: "không áp dụng",
        Basis.ABSENT: "không có số liệu",
        Basis.INFORMATION: "tham khảo",
    }
)
_SHORTER = (
    ("Tỷ lệ ", ""),
    ("thủ tục hành chính", "TTHC"),
    ("dịch vụ công trực tuyến", "DVCTT"),
    ("Cơ sở dữ liệu quốc gia", "CSDLQG"),
    ("Cổng Dịch vụ công quốc gia", "Cổng DVCQG"),
    ("phản ánh, kiến nghị", "PAKN"),
    ("giải quyết TTHC", "giải quyết"),
)


def level(code: str) -> str:
    """Return the name of a level of units; the code itself where it has none."""
    return _LEVELS.get(code, code)


def basis(code: Basis) -> str:
    """Return what the points of a row rest on."""
    return _BASES[code]


def basis_mark(code: Basis) -> str:
    """Return the remark beside an indicator's name; nothing where it was simply counted."""
    return "" if code is Basis.COUNTED else f" ({_BASES[code]})"


def unknown(rules: IndicatorSet, scored: UnitScore) -> str:
    """Return which indicators could not be computed and how many points hang on them; nothing where all could."""
    rows = [row for row in scored.rows if row.basis in {Basis.UNKNOWN, Basis.ABSENT} and row.lost]
    numbers = [found.number for row in rows if (found := rules.indicator(row.code)) is not None]
    points = figures.number(sum((row.lost for row in rows), Fraction(0)))
    return f"Thiếu số liệu nên chưa tính được {points} điểm: chỉ số {', '.join(numbers)}." if rows else ""


def own_name(name: str) -> str:
    """Return a unit's name without the province that official lists add: «Sở Y tế - tỉnh Gia Lai»."""
    own, mark, above = name.partition(" - ")
    return own if mark and above.casefold().startswith(("tỉnh ", "thành phố ", "tp")) else name


def short_name(name: str) -> str:
    """Return an indicator's name with the usual abbreviations and without «Tỷ lệ», its first letter a capital."""
    for long, short in _SHORTER:
        name = name.replace(long, short)
    return name[:1].upper() + name[1:]


def certainty(code: Certainty) -> str:
    """Return how sure we are of a citation."""
    return {Certainty.FOUND: "đã thấy", Certainty.DERIVED: "suy ra", Certainty.RECALLED: "chưa đối chiếu"}[code]


def measures(names: Iterable[str]) -> str:
    """Return what is counted, in Vietnamese; of several the larger counts."""
    known = [MEASURES[name].name_vi if name in MEASURES else name for name in names]
    return known[0] if len(known) == 1 else "Số lớn hơn của: " + "; ".join(known) if known else "–"


def provenance(evaluated: "Evaluation") -> tuple[tuple[str, str], ...]:
    """Return, line by line, what makes the figures reproducible."""
    rules, data = evaluated.rules, evaluated.data
    lines = [
        ("Kỳ", f"{figures.day(evaluated.period.start)} đến {figures.day(evaluated.period.last_day)}"),
        ("Tính đến", figures.moment(evaluated.on)),
        ("Bộ chỉ số", f"{rules.name_vi} ({rules.version})"),
        ("Mã băm của tệp luật", rules.law_hash),
        ("Nguồn", ", ".join(data.sources)),
    ]
    if data.position is not None:
        lines.append(("Vị trí trong nhật ký sự kiện", figures.number(data.position)))
    if data.chain is not None:
        lines.append(("Mã băm của nhật ký", data.chain))
    if data.observed_at is not None:
        lines.append(("Nguồn mới nhất ghi nhận lúc", figures.moment(data.observed_at)))
    return tuple(lines)
