"""Writes of the catalogue: draft, promulgate, publish, replace, abolish; assign to units; publish workflows."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from motcua.catalogue import models, queries
from motcua.catalogue.records import VERSION_FIELDS, ProcedureRecord
from motcua.catalogue.types import VersionState
from motcua.eventlog import log
from motcua.kernel.errors import UserError
from motcua.kernel.text import fold


@transaction.atomic
def draft(record: ProcedureRecord, *, by: str, at: datetime) -> int:
    """Write a new version as a draft (dự thảo) and return its id; the procedure is created where it is new.

    Raises:
        UserError: a limit has no unit, or names a case the version does not have.
    """
    cases = {code for code, _ in record.cases} | {""}
    named = [term.case_code for term in record.terms] + [one.case_code for one in record.components]
    for unknown in set(named) - cases:
        raise UserError(
            f"TTHC {record.code} không có trường hợp «{unknown}».",
            remedy="Hãy thêm trường hợp này vào danh sách trường hợp.",
        )
    procedure, _ = models.Procedure.objects.select_for_update().get_or_create(
        code=record.code,
        defaults={
            "name": record.name,
            "sector": record.sector,
            "is_national": record.is_national,
            "is_internal": record.is_internal,
            "search_key": _search_key(record.code, record.name, record.sector),
        },
    )
    number = (procedure.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    values: dict[str, Any] = {name: getattr(record, name) for name in VERSION_FIELDS}
    for name in ("levels", "applicant_kinds", "results", "legal_bases"):
        values[name] = list(values[name])
    row = models.ProcedureVersion.objects.create(procedure=procedure, number=number, **values)
    _store_parts(row, record)
    note("ProcedureDrafted", procedure.code, by=by, at=at, content={"number": number})
    return row.pk


@transaction.atomic
def promulgate(
    *, version_id: int, decision_number: str, signed_on: date, effective_on: date, by: str, at: datetime
) -> None:
    """Enter the decision that promulgates a draft (công bố): its number, day of signing and day in force."""
    row = _version(version_id)
    _require(row, VersionState.DRAFT)
    row.state = VersionState.PROMULGATED
    row.decision_number, row.signed_on, row.effective_on = decision_number, signed_on, effective_on
    row.save(update_fields=["state", "decision_number", "signed_on", "effective_on"])
    content = {"number": row.number, "signed_on": signed_on.isoformat(), "effective_on": effective_on.isoformat()}
    note("ProcedurePromulgated", row.procedure_id, by=by, at=at, content=content)


@transaction.atomic
def publish(*, version_id: int, by: str, at: datetime) -> None:
    """Make a promulgated version public (công khai); the one before is replaced from the day in force.

    Raises:
        UserError: one of the seven parts is missing, or the version is not promulgated.
    """
    row = _version(version_id)
    _require(row, VersionState.PROMULGATED)
    detail = queries.version(version_id)
    missing = queries.missing_parts(detail) if detail else []
    if missing:
        raise UserError(
            f"TTHC {row.procedure_id} còn thiếu: {', '.join(missing)}.",
            remedy="Hãy bổ sung đủ các bộ phận tạo thành của TTHC (khoản 2 Điều 8 NĐ 63/2010/NĐ-CP) rồi công khai lại.",
        )
    for older in models.ProcedureVersion.objects.select_for_update().filter(
        procedure=row.procedure_id, state=VersionState.PUBLISHED
    ):
        older.state = VersionState.REPLACED
        older.effective_to = (
            max(row.effective_on, older.effective_on) if row.effective_on and older.effective_on else None
        )
        older.save(update_fields=["state", "effective_to"])
    row.state, row.published_at = VersionState.PUBLISHED, at
    row.save(update_fields=["state", "published_at"])
    models.Procedure.objects.filter(pk=row.procedure_id).update(
        name=row.name, sector=row.sector, search_key=_search_key(row.procedure_id, row.name, row.sector)
    )
    content = {"number": row.number, **_told(row)}
    note("ProcedurePublished", row.procedure_id, by=by, at=at, content=content)


@transaction.atomic
def abolish(
    *, procedure_code: str, decision_number: str, signed_on: date, effective_on: date, by: str, at: datetime
) -> None:
    """End a procedure by decision (bãi bỏ); dossiers received before go on under their version."""
    row = (
        models.ProcedureVersion.objects.select_for_update()
        .filter(procedure_id=procedure_code, state=VersionState.PUBLISHED)
        .first()
    )
    if row is None:
        raise UserError(f"TTHC {procedure_code} không ở tình trạng đang công khai.", remedy="Hãy kiểm tra lại mã TTHC.")
    row.state, row.effective_to = VersionState.ABOLISHED, effective_on
    row.save(update_fields=["state", "effective_to"])
    content = {
        "decision": decision_number,
        "signed_on": signed_on.isoformat(),
        "effective_on": effective_on.isoformat(),
    }
    note("ProcedureAbolished", procedure_code, by=by, at=at, content=content)


@transaction.atomic
def assign(*, procedure_code: str, unit_codes: Iterable[str], since: date, by: str, at: datetime) -> None:
    """Give units the authority to handle a procedure from a day on (thẩm quyền); repeating it changes nothing."""
    have = set(queries.units_handling(procedure_code, on=since))
    new = sorted(set(unit_codes) - have)
    if not new:
        return
    models.Assignment.objects.bulk_create(
        models.Assignment(procedure_id=procedure_code, unit_id=code, valid_from=since) for code in new
    )
    content = {"units": new, "since": since.isoformat()}
    note("ProcedureAssigned", procedure_code, by=by, at=at, content=content)


@transaction.atomic
def unassign(*, procedure_code: str, unit_code: str, until: date, by: str, at: datetime) -> None:
    """End a unit's authority for a procedure from a day on."""
    rows = models.Assignment.objects.filter(procedure_id=procedure_code, unit_id=unit_code, valid_to=None)
    if rows.update(valid_to=until):
        content = {"unit": unit_code, "until": until.isoformat()}
        note("ProcedureUnassigned", procedure_code, by=by, at=at, content=content)


@transaction.atomic
def publish_workflow(
    *,
    procedure_code: str,
    case_code: str,
    definition: Mapping[str, Any],
    valid_from: date,
    by: str,
    at: datetime,
    variant: str = "ordinary",
) -> int:
    """Put a workflow into force (phê duyệt quy trình) and return its number; open dossiers keep theirs."""
    procedure = models.Procedure.objects.select_for_update().filter(code=procedure_code).first()
    if procedure is None:
        raise UserError(f"Không có TTHC {procedure_code}.", remedy="Hãy chọn TTHC trong danh mục.")
    rows = models.Workflow.objects.filter(procedure=procedure, case_code=case_code, variant=variant)
    number = max(rows.values_list("number", flat=True), default=0) + 1
    models.Workflow.objects.create(
        procedure=procedure,
        case_code=case_code,
        variant=variant,
        number=number,
        valid_from=valid_from,
        definition=dict(definition),
        is_published=True,
    )
    content = {"case": case_code, "variant": variant, "number": number, "valid_from": valid_from.isoformat()}
    note("WorkflowPublished", procedure_code, by=by, at=at, content=content)
    return number


@transaction.atomic
def map_local_code(*, local_code: str, procedure_code: str, by: str, at: datetime) -> None:
    """Say which national procedure a province's own code stands for (one may stand for several: that is reported)."""
    _, is_new = models.LocalCode.objects.get_or_create(code=local_code, procedure_id=procedure_code)
    if is_new:
        note("LocalCodeMapped", procedure_code, by=by, at=at, content={"local_code": local_code})


def _store_parts(row: models.ProcedureVersion, record: ProcedureRecord) -> None:
    models.ProcedureCase.objects.bulk_create(
        models.ProcedureCase(version=row, code=code, name=name) for code, name in record.cases
    )
    models.ChannelTerm.objects.bulk_create(
        models.ChannelTerm(
            version=row,
            case_code=term.case_code,
            channel=term.channel.value,
            limit_amount=term.limit.amount if term.limit else None,
            limit_unit=term.limit.unit if term.limit else "",
            limit_in_difficult_area=term.limit_in_difficult_area.amount if term.limit_in_difficult_area else None,
            fee_dong=term.fee_dong,
            fee_note=term.fee_note,
        )
        for term in record.terms
    )
    models.Component.objects.bulk_create(
        models.Component(
            version=row,
            order=order,
            code=one.code,
            name=one.name,
            case_code=one.case_code,
            form_name=one.form_name,
            originals=one.originals,
            copies=one.copies,
            is_required=one.is_required,
        )
        for order, one in enumerate(record.components, start=1)
    )


def _told(row: models.ProcedureVersion) -> dict[str, Any]:
    """Return what the index asks about a procedure, in codes."""
    return {
        "levels": ",".join(row.levels),
        "requires_result": row.requires_result,
        "online_level": row.online_level,
        "bears_fee": row.terms.filter(fee_dong__gt=0).exists(),
        "is_for_citizens": any("công dân" in kind.lower() for kind in row.applicant_kinds),
    }


def _version(version_id: int) -> models.ProcedureVersion:
    row = models.ProcedureVersion.objects.select_for_update().filter(pk=version_id).first()
    if row is None:
        raise UserError("Không có phiên bản TTHC này.", remedy="Hãy tải lại trang danh mục.")
    return row


def _require(row: models.ProcedureVersion, state: VersionState) -> None:
    if row.state != state:
        raise UserError(
            f"Phiên bản {row.number} của TTHC {row.procedure_id} không còn ở tình trạng phù hợp.",
            remedy="Hãy tải lại trang: có thể người khác vừa xử lý.",
        )


def _search_key(code: str, name: str, sector: str) -> str:
    # The blank in front lets "starts with" be a plain substring search, which the trigram index serves.
    return f" {fold(code)} {fold(name)} {fold(sector)} "


def note(kind: str, code: str, *, by: str, at: datetime, content: Mapping[str, Any]) -> None:
    """Append an event about a procedure."""
    log.record(stream="procedure", subject=code, kind=kind, at=at, by=by, content=content)
