"""What is wrong with the catalogue today, and lists for whoever keeps it. Citizens' reads are in ``queries``."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from motcua.catalogue import actions, models, queries
from motcua.catalogue.types import VersionState
from motcua.kernel.errors import Problem, UserError
from motcua.kernel.text import fold

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to set right: where, and what."""

    subject: str
    what: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check with what it found; ``total`` may exceed the findings shown."""

    code: str
    name_vi: str
    why: str
    findings: tuple[Finding, ...]
    total: int


def checks(*, on: date, unit_names: dict[str, str], shown: int = 100) -> list[Check]:
    """Return every check on the catalogue; ``unit_names`` are the units that ought to have a list."""
    longer = [
        Finding(code, f"{channel}: {ours} dài hơn mức quốc gia {national}")
        for code, channel, ours, national in queries.limits_longer_than_national()
    ]
    waiting = models.ProcedureVersion.objects.filter(state=VersionState.PROMULGATED).order_by("procedure_id")
    incomplete = [
        Finding(row.procedure_id, f"thiếu {', '.join(missing)}")
        for row in waiting[: shown * 2]
        if (detail := queries.version(row.pk)) is not None and (missing := queries.missing_parts(detail))
    ]
    without = [Finding(code, "chưa có quy trình nội bộ") for code in queries.without_workflow(on=on)]
    units = [
        Finding(code, f"{unit_names[code]} chưa có danh mục TTHC được giao")
        for code in sorted(queries.units_without_catalogue(set(unit_names), on=on))
    ]
    ambiguous = [
        Finding(code, f"một mã địa phương ứng với {', '.join(found)}")
        for code, found in queries.ambiguous_local_codes().items()
    ]
    outside = [
        Finding(row.procedure_id, row.name)
        for row in models.ProcedureVersion.objects.filter(state=VersionState.PUBLISHED, is_one_stop=False).order_by(
            "procedure_id"
        )
    ]
    return [
        _check("thoi-han", "Thời hạn dài hơn mức quốc gia", "Hồ sơ bị tính quá hạn trên Cổng DVCQG.", longer, shown),
        _check(
            "thieu-bo-phan",
            "Thiếu bộ phận tạo thành",
            "Chưa công khai được (khoản 2 Điều 8 NĐ 63/2010/NĐ-CP).",
            incomplete,
            shown,
            total=max(len(incomplete), waiting.count() if len(incomplete) >= shown else 0),
        ),
        _check("quy-trinh", "Thiếu quy trình nội bộ", "Hồ sơ không có bước và hạn từng bước.", without, shown),
        _check("don-vi", "Đơn vị chưa có danh mục", "Người dân không nộp được hồ sơ đến đơn vị này.", units, shown),
        _check("ma-dia-phuong", "Mã địa phương không rõ nghĩa", "Không đồng bộ được lên Cổng DVCQG.", ambiguous, shown),
        _check("ngoai-mot-cua", "Thực hiện ngoài Một cửa", "Để biết; vẫn phải ghi nhận hồ sơ.", outside, shown),
    ]


def _check(
    code: str, name_vi: str, why: str, findings: list[Finding], shown: int, *, total: int | None = None
) -> Check:
    return Check(code, name_vi, why, tuple(findings[:shown]), len(findings) if total is None else total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a keeper's list is narrowed to; empty = not narrowed."""

    text: str = ""
    state: str = ""
    sector: str = ""
    place: str = ""
    """``one_stop``, ``outside`` or ``internal``."""


def listed(wanted: Wanted) -> QuerySet[models.Procedure]:
    """Return the procedures of every state that fit, by code: drafts and internal ones too."""
    rows = models.Procedure.objects.all()
    for word in fold(wanted.text).split():
        rows = rows.filter(search_key__contains=word)
    if wanted.sector:
        rows = rows.filter(sector=wanted.sector)
    version = Q()
    if wanted.state:
        version &= Q(versions__state=wanted.state)
    if wanted.place in {"one_stop", "outside"}:
        version &= Q(versions__is_one_stop=wanted.place == "one_stop") & ~Q(versions__state=VersionState.REPLACED)
    if wanted.place == "internal":
        rows = rows.filter(is_internal=True)
    if version:
        rows = rows.filter(version).distinct()
    return rows.order_by("code")


def sectors() -> list[tuple[str, int]]:
    """Return every sector with how many procedures it has."""
    rows = models.Procedure.objects.exclude(sector="").values_list("sector").annotate(n=Count("code"))
    return [(name, count) for name, count in rows.order_by("sector")]


@transaction.atomic
def link(*, procedure_code: str, other_code: str, kind: str, by: str, at: datetime) -> None:
    """Note that a procedure goes together with, or needs the result of, another (liên thông).

    Raises:
        UserError: one of them does not exist, or they are the same.
    """
    known = models.Procedure.objects.filter(code__in={procedure_code, other_code}).count()
    if known != 2 or kind not in {"together", "needs_result"}:
        raise UserError("Phải chọn hai TTHC khác nhau có trong danh mục.", remedy="Hãy kiểm tra lại mã TTHC.")
    _, is_new = models.Link.objects.get_or_create(procedure_id=procedure_code, other_id=other_code, kind=kind)
    if is_new:
        actions.note("ProcedureLinked", procedure_code, by=by, at=at, content={"other": other_code, "kind": kind})


ASSIGNMENT_HEAD = ("ma_tthc", "ma_don_vi", "viec", "tu_ngay")


def assignments_csv(*, on: date) -> str:
    """Return who handles what on the day, in the form that ``assign_by_csv`` reads."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(ASSIGNMENT_HEAD)
    rows = models.Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    for procedure, unit, since in rows.order_by("procedure_id", "unit_id").values_list(
        "procedure_id", "unit_id", "valid_from"
    ):
        lines.writerow([procedure, unit, "giao", since.isoformat()])
    return text.getvalue()


@transaction.atomic
def assign_by_csv(text: str, *, name: str, known_units: Iterable[str], on: date, by: str, at: datetime) -> int:
    """Give and end authority as a table says: columns ma_tthc, ma_don_vi, viec (giao | thôi), tu_ngay; all or nothing.

    Raises:
        UserError: columns are missing, or rows are wrong; every wrong row is named and nothing is changed.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    if not {"ma_tthc", "ma_don_vi"} <= set(reader.fieldnames or ()):
        raise UserError(
            "Tệp thiếu cột ma_tthc hoặc ma_don_vi.", remedy="Hãy tải tệp hiện có về, sửa rồi nạp lại.", where=name
        )
    rows = list(reader)
    units = set(known_units)
    procedures = set(
        models.Procedure.objects.filter(code__in={row["ma_tthc"] for row in rows}).values_list("code", flat=True)
    )
    problems = []
    wanted: list[tuple[str, str, bool, date]] = []
    for number, row in enumerate(rows, start=2):
        try:
            since = date.fromisoformat((row.get("tu_ngay") or "").strip() or on.isoformat())
        except ValueError:
            problems.append(Problem(name, f"«{row['tu_ngay']}» không phải ngày.", "Hãy ghi năm-tháng-ngày.", number))
            continue
        verb = fold(row.get("viec") or "giao")
        if row["ma_tthc"] not in procedures:
            problems.append(Problem(name, f"Không có TTHC «{row['ma_tthc']}».", "Hãy kiểm tra mã TTHC.", number))
        elif row["ma_don_vi"] not in units:
            problems.append(Problem(name, f"Không có đơn vị «{row['ma_don_vi']}».", "Hãy kiểm tra mã.", number))
        elif verb not in {"giao", "thoi"}:
            problems.append(Problem(name, f"Không hiểu việc «{row['viec']}».", "Hãy ghi giao hoặc thôi.", number))
        else:
            wanted.append((row["ma_tthc"], row["ma_don_vi"], verb == "giao", since))
    if problems:
        raise UserError(
            f"{len(problems)} dòng không đúng; chưa thay đổi gì.",
            remedy="Hãy sửa các dòng sau rồi nạp lại.",
            where=name,
            problems=tuple(problems[:50]),
        )
    for procedure, unit, is_given, since in wanted:
        if is_given:
            actions.assign(procedure_code=procedure, unit_codes=[unit], since=since, by=by, at=at)
        else:
            actions.unassign(procedure_code=procedure, unit_code=unit, until=since, by=by, at=at)
    return len(wanted)
