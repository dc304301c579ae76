"""The registry of measures: every whole number that an indicator may name, what it counts and why.

The names are the contract with ``law/indicators`` (docs/dev/seams.md, section 3). A measure is counted per unit, the
unit with all below it, and per period; it is unknown (None), never 0, where the data to count it is absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from motcua.kernel.citation import Certainty, Citation

FORMULA_DOCUMENT = "Mô tả công thức tính chỉ số 766"
"""The business description of every indicator; an unofficial copy, so its legal status is not verified."""


class Counting(StrEnum):
    """How the figure of a parent follows from the figures below it."""

    SUM = "sum"
    """Adds up over units and days."""
    DISTINCT = "distinct"
    """A procedure counts once, however many units or days it appears in."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Số đếm: one number an indicator may divide by another.

    ``table`` is the table counted; ``needs`` are the columns without which the measure is unknown.
    """

    name: str
    table: str
    name_vi: str
    meaning: str
    citation: Citation
    needs: tuple[str, ...] = ()
    counting: Counting = Counting.SUM


def _formula(where: str, certainty: Certainty = Certainty.FOUND) -> Citation:
    return Citation(document=FORMULA_DOCUMENT, where=where, certainty=certainty)


def _dossiers(name: str, name_vi: str, meaning: str, where: str, *needs: str) -> Measure:
    return Measure(f"dossiers.{name}", "dossiers", name_vi, meaning, _formula(where), needs)


def _both(name: str, name_vi: str, meaning: str, where: str, *needs: str) -> tuple[Measure, Measure]:
    """Return the measure over the dossiers received in the period, and over those handled in it."""
    return (
        _dossiers(name, name_vi, f"received in the period: {meaning}", where, *needs),
        _dossiers(f"handled_{name}", f"{name_vi} (kể cả kỳ trước chuyển qua)", f"handled: {meaning}", where, *needs),
    )


def _distinct(name: str, name_vi: str, meaning: str, where: str, *needs: str) -> Measure:
    return Measure(name, name.split(".", maxsplit=1)[0], name_vi, meaning, _formula(where), needs, Counting.DISTINCT)


_ALL: tuple[Measure, ...] = (
    _dossiers("received", "Hồ sơ tiếp nhận trong kỳ", "dossiers with received_at in the period", "chỉ số 1.4, 3.3"),
    _dossiers(
        "handled",
        "Hồ sơ tiếp nhận, xử lý trong kỳ (kể cả kỳ trước chuyển qua)",
        "received in the period, or received before it and not ended before it",
        "chỉ số 2.1",
    ),
    *_both(
        "on_time",
        "Hồ sơ xử lý trước hạn, đúng hạn, trong hạn",
        "ended, or the clock stopped, at or before the due moment; not ended and not yet due at the end of the period",
        "chỉ số 2.1",
    ),
    *_both("due_unknown", "Hồ sơ không rõ hạn", "neither a due moment nor a limit of the procedure", "chỉ số 2.1"),
    _dossiers("online", "Hồ sơ nộp trực tuyến", "channel 2", "chỉ số 3.3", "channel"),
    _dossiers("direct", "Hồ sơ nộp trực tiếp", "channel 1 or unknown", "chỉ số 3.3", "channel"),
    _dossiers("postal", "Hồ sơ nộp qua bưu chính công ích", "channel 3", "chỉ số 3.3", "channel"),
    _dossiers(
        "online_counted",
        "Hồ sơ trực tuyến có kết quả điện tử khi phải trả kết quả",
        "channel 2 and, where the procedure must return a document, an electronic result",
        "chỉ số 3.3",
        "channel",
        "has_result_file",
    ),
    _dossiers("online_on_time", "Hồ sơ trực tuyến đúng hạn", "channel 2 and on time", "chỉ số 3.4", "channel"),
    _dossiers(
        "synced", "Hồ sơ đã đồng bộ lên Cổng DVCQG", "is_synced, unknown = the portal itself", "chỉ số 1.4", "is_synced"
    ),
    *_both(
        "result_required",
        "Hồ sơ phải trả kết quả bằng văn bản",
        "result_required of the dossier, else of its procedure, else required",
        "chỉ số 4.1",
    ),
    *_both(
        "electronic_result",
        "Hồ sơ có kết quả điện tử",
        "of those that must return a document, with a result file",
        "chỉ số 4.1",
        "has_result_file",
    ),
    *_both(
        "digitised",
        "Hồ sơ được số hóa",
        "a component file and, where a document must be returned, a result file",
        "chỉ số 4.2",
        "has_component_file",
        "has_result_file",
    ),
    *_both(
        "reused",
        "Hồ sơ có thành phần dùng lại dữ liệu số hóa",
        "has_reused_component",
        "chỉ số 4.3",
        "has_reused_component",
    ),
    *_both(
        "shared",
        "Hồ sơ có giấy tờ từ kho cá nhân hoặc có kết quả lên danh mục",
        "from_personal_store or result_in_catalogue",
        "chỉ số 4.4",
        "from_personal_store|result_in_catalogue",
    ),
    *_both(
        "population_data",
        "Hồ sơ dùng dữ liệu dân cư",
        "uses_population_data, or a paper from the personal store",
        "chỉ số 4.5b",
        "uses_population_data|from_personal_store",
    ),
    *_both(
        "fee_due",
        "Hồ sơ có nghĩa vụ tài chính",
        "of a fee-bearing procedure, without those whose whole fee list is 0",
        "chỉ số 3.6",
        "fee_bearing",
    ),
    *_both(
        "paid_online",
        "Hồ sơ thanh toán trực tuyến",
        "of those, payment_place 1 or 2",
        "chỉ số 3.6",
        "fee_bearing",
        "payment_place",
    ),
    *_both(
        "satisfied",
        "Hồ sơ hài lòng",
        "on time, no petition about it, not marked dissatisfied",
        "chỉ số 5.4",
        "is_disliked|has_petition",
    ),
    _distinct(
        "procedures.in_authority",
        "TTHC thuộc thẩm quyền",
        "procedures assigned to the unit or any unit below",
        "chỉ số 3.1",
    ),
    _distinct(
        "procedures.with_online_service",
        "TTHC có dịch vụ công trực tuyến",
        "of those, with a public online service (fully or partly online, the highest level once)",
        "chỉ số 3.1",
    ),
    _distinct(
        "procedures.fully_online_eligible",
        "TTHC đủ điều kiện trực tuyến toàn trình",
        "of those in authority, fully_online_eligible",
        "chỉ số 3.1",
    ),
    _distinct("procedures.fee_bearing", "TTHC có phí, lệ phí", "procedures in authority that bear a fee", "chỉ số 3.5"),
    _distinct(
        "procedures.with_fee_dossier",
        "TTHC có hồ sơ đồng bộ phí, lệ phí",
        "of those, with a dossier received in the period whose fee list is present and not 0",
        "chỉ số 3.5",
        "has_fee_data",
    ),
    _distinct(
        "procedures.with_online_payment",
        "TTHC có giao dịch thanh toán trực tuyến",
        "of those, with a dossier received in the period and paid online",
        "chỉ số 3.5",
        "payment_place",
    ),
    _distinct(
        "procedures.citizen", "TTHC có đối tượng là người dân", "procedures in authority for citizens", "chỉ số 4.5a"
    ),
    _distinct(
        "procedures.with_population_data",
        "TTHC có hồ sơ dùng dữ liệu dân cư",
        "of those, with a dossier received in the period that uses population data",
        "chỉ số 4.5a",
        "uses_population_data|from_personal_store",
    ),
    _distinct("procedures.public", "TTHC đang công khai", "public or public_amended, as of now", "chỉ số 1.3"),
    _distinct(
        "procedures.complete",
        "TTHC công khai đủ bảy bộ phận",
        "of the public ones, with all seven parts",
        "chỉ số 1.3; khoản 2 Điều 8 Nghị định 63/2010/NĐ-CP",
    ),
    _distinct(
        "services.public", "Dịch vụ công đang cung cấp", "public, waiting to stop, or testing, per unit", "chỉ số 3.2"
    ),
    _distinct(
        "services.with_online_dossier",
        "Dịch vụ công có hồ sơ trực tuyến",
        "of those, with an online dossier of the unit received in the period",
        "chỉ số 3.2",
        "channel",
    ),
    _distinct(
        "decisions.promulgated",
        "TTHC công bố trong kỳ",
        "distinct procedures in decisions signed in the period",
        "chỉ số 1.1",
    ),
    _distinct(
        "decisions.promulgated_on_time",
        "TTHC công bố đúng hạn",
        "of those, no decision of the period signed later than the lead before it takes effect",
        "chỉ số 1.1",
    ),
    _distinct(
        "decisions.to_publish",
        "TTHC phải công khai trong kỳ",
        "published in the period, or still to be published",
        "chỉ số 1.2",
    ),
    _distinct(
        "decisions.published_on_time",
        "TTHC công khai đúng hạn",
        "of those, every decision published within its working days of signing",
        "chỉ số 1.2",
    ),
    Measure(
        "national_reports.received",
        "national_reports",
        "Hồ sơ tiếp nhận theo Hệ thống báo cáo quốc gia",
        "the unit's own report of the period; else last year's total divided by 12, 4 or 1; else 0",
        _formula("chỉ số 1.4"),
    ),
    Measure(
        "petitions.received",
        "petitions",
        "PAKN tiếp nhận trong kỳ",
        "first received in the period",
        _formula("chỉ số 5.3"),
    ),
    Measure(
        "petitions.handled",
        "petitions",
        "PAKN thuộc thẩm quyền tiếp nhận, xử lý trong kỳ",
        "received in the period, or earlier and still open when it began",
        _formula("chỉ số 5.2"),
    ),
    Measure(
        "petitions.on_time",
        "petitions",
        "PAKN xử lý đúng hạn, đang xử lý trong hạn",
        "of those, every step within its working days",
        _formula("chỉ số 5.2"),
    ),
    Measure(
        "petitions.satisfied",
        "petitions",
        "PAKN xử lý hài lòng",
        "received, not overdue, not more dislikes than likes, not repeated",
        _formula("chỉ số 5.3"),
    ),
    Measure(
        "petitions.regulation",
        "petitions",
        "PAKN về quy định hành chính",
        "received, kind REGULATION",
        _formula("chỉ số 5.1"),
    ),
    Measure(
        "petitions.conduct", "petitions", "PAKN về hành vi hành chính", "received, kind CONDUCT", _formula("chỉ số 5.1")
    ),
    Measure(
        "units.communes",
        "units",
        "Số xã, phường, đặc khu",
        "communes of the unit, itself included",
        _formula("chỉ số 4.6"),
    ),
    Measure(
        "units.certified_copy",
        "units",
        "Xã cung cấp chứng thực bản sao điện tử",
        "of those, providing certified electronic copies",
        _formula("chỉ số 4.6"),
        ("certified_copy",),
    ),
)

MEASURES: Mapping[str, Measure] = MappingProxyType({measure.name: measure for measure in _ALL})
"""Every measure by its name."""
