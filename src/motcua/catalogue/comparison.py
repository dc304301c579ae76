"""Lay the national catalogue beside ours, list the differences, and let a person approve them one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from motcua.catalogue import actions, models, queries
from motcua.catalogue.records import ProcedureRecord
from motcua.catalogue.types import Channel, ChannelTerm, Component, OnlineLevel, ProcedureDetail
from motcua.deadlines.types import Limit, LimitUnit
from motcua.kernel.errors import UserError
from motcua.kernel.time import local_day

COMPARED = ("name", "sector", "decision_number", "online_level", "applicant_kinds", "results", "terms", "components")
"""Fields in which a difference matters to a citizen or to the index; wording of the steps is not compared."""


@transaction.atomic
def lay_beside(
    records: Iterable[ProcedureRecord], *, source: str, sha256: str, on: date, by: str, at: datetime
) -> models.CatalogueImport:
    """Store the differences between the records and our published versions, as proposals waiting for approval.

    The same file twice returns the first comparison and changes nothing.
    """
    known = models.CatalogueImport.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    run = models.CatalogueImport.objects.create(source=source, sha256=sha256, at=at, by=by, read_count=0)
    theirs = {record.code: record for record in records}
    run.read_count = len(theirs)
    run.save(update_fields=["read_count"])
    ours = set(
        models.Procedure.objects.filter(is_national=True, versions__state="published").values_list("code", flat=True)
    )
    rows = [_difference(run, record, on=on) for record in theirs.values()]
    rows += [
        models.CatalogueDifference(catalogue_import=run, procedure_code=code, kind="missing", fields={})
        for code in sorted(ours - theirs.keys())
    ]
    models.CatalogueDifference.objects.bulk_create(row for row in rows if row is not None)
    return run


@transaction.atomic
def approve(*, difference_id: int, by: str, at: datetime) -> None:
    """Take a proposed difference over: a new published version, or the end of a procedure that is no longer there.

    A version that lacks one of the seven parts is entered as promulgated and not made public: the difference then says
    what is missing, and so does the page of checks.

    Raises:
        UserError: it was decided before.
    """
    row = _pending(difference_id)
    today = local_day(at)
    row.fault = ""
    if row.kind == "missing":
        actions.abolish(
            procedure_code=row.procedure_code, decision_number="", signed_on=today, effective_on=today, by=by, at=at
        )
    else:
        record = from_json(row.fields["record"])
        version_id = actions.draft(record, by=by, at=at)
        actions.promulgate(
            version_id=version_id,
            decision_number=record.decision_number,
            signed_on=record.signed_on or today,
            effective_on=record.effective_on or today,
            by=by,
            at=at,
        )
        detail = queries.version(version_id)
        missing = queries.missing_parts(detail) if detail else []
        if missing:
            row.fault = f"Đã nhập, chưa công khai: còn thiếu {', '.join(missing)}."
        else:
            actions.publish(version_id=version_id, by=by, at=at)
    _decide(row, "approved", by=by, at=at)


def approve_some(
    import_id: int, *, kinds: Sequence[str], by: str, at: datetime, limit: int, codes: Sequence[str] = ()
) -> int:
    """Take over the next waiting differences, each in a transaction of its own; return how many were looked at.

    One that cannot be taken over keeps waiting with its reason and is not looked at again here, so that calling this
    until it returns 0 always ends. ``codes`` narrows it to some procedures.
    """
    rows = models.CatalogueDifference.objects.filter(
        catalogue_import_id=import_id, state="pending", kind__in=kinds, fault=""
    )
    if codes:
        rows = rows.filter(procedure_code__in=codes)
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in chosen:
        try:
            approve(difference_id=pk, by=by, at=at)
        except UserError as fault:
            models.CatalogueDifference.objects.filter(pk=pk).update(fault=str(fault))
    return len(chosen)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the approval of one comparison has come."""

    total: int
    decided: int
    faulty: int
    """Waiting, and could not be taken over."""
    with_fault: int
    """Anything with a reason to look again, taken over or not."""

    @property
    def waiting(self) -> int:
        """Differences nobody has looked at."""
        return self.total - self.decided - self.faulty


def progress(import_id: int) -> Progress:
    """Return how far the approval has come; it is kept in the table, so it can be left and found again."""
    rows = models.CatalogueDifference.objects.filter(catalogue_import_id=import_id)
    counts = rows.aggregate(
        total=Count("pk"),
        decided=Count("pk", filter=~Q(state="pending")),
        faulty=Count("pk", filter=Q(state="pending") & ~Q(fault="")),
        with_fault=Count("pk", filter=~Q(fault="")),
    )
    return Progress(**counts)


@transaction.atomic
def refuse(*, difference_id: int, by: str, at: datetime) -> None:
    """Keep ours as it is; the decision stays on record."""
    _decide(_pending(difference_id), "refused", by=by, at=at)


def _difference(run: models.CatalogueImport, record: ProcedureRecord, *, on: date) -> models.CatalogueDifference | None:
    ours = queries.in_force(record.code, on=on)
    if ours is None:
        return models.CatalogueDifference(
            catalogue_import=run, procedure_code=record.code, kind="new", fields={"record": to_json(record)}
        )
    changed: dict[str, object] = {
        name: [_plain(getattr(ours, name)), _plain(getattr(record, name))]
        for name in COMPARED
        if _plain(getattr(ours, name)) != _plain(getattr(record, name))
    }
    if not changed:
        return None
    fields: dict[str, object] = {**changed, "record": to_json(_keeping_ours(record, ours))}
    return models.CatalogueDifference(catalogue_import=run, procedure_code=record.code, kind="changed", fields=fields)


def _keeping_ours(record: ProcedureRecord, ours: ProcedureDetail) -> ProcedureRecord:
    """Keep what the national catalogue does not say: how our desk takes the procedure in."""
    return replace(
        record, is_boundary_free=ours.is_boundary_free, is_one_stop=ours.is_one_stop, accepts_postal=ours.accepts_postal
    )


def _pending(difference_id: int) -> models.CatalogueDifference:
    row = models.CatalogueDifference.objects.select_for_update().filter(pk=difference_id).first()
    if row is None or row.state != "pending":
        raise UserError("Chênh lệch này đã được xử lý.", remedy="Hãy tải lại trang để xem kết quả.")
    return row


def _decide(row: models.CatalogueDifference, state: str, *, by: str, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save(update_fields=["state", "fault", "decided_by", "decided_at"])


def to_json(record: ProcedureRecord) -> dict[str, Any]:
    """Return the record as JSON can hold it."""
    plain = _plain(asdict(record))
    assert isinstance(plain, dict)  # noqa: S101 - asdict gives a dict
    return plain


def from_json(data: dict[str, Any]) -> ProcedureRecord:
    """Read back what ``to_json`` wrote."""
    values = dict(data)
    for name in ("signed_on", "received_on", "effective_on"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in ("levels", "applicant_kinds", "results", "legal_bases"):
        values[name] = tuple(values[name])
    values["online_level"] = OnlineLevel(values["online_level"])
    values["cases"] = tuple((code, name) for code, name in values["cases"])
    values["components"] = tuple(Component(**one) for one in values["components"])
    values["terms"] = tuple(
        ChannelTerm(
            Channel(one["channel"]),
            one["case_code"],
            _limit(one["limit"]),
            _limit(one["limit_in_difficult_area"]),
            one["fee_dong"],
            one["fee_note"],
        )
        for one in values["terms"]
    )
    return ProcedureRecord(**values)


def _limit(data: dict[str, str] | None) -> Limit | None:
    return Limit(Decimal(data["amount"]), LimitUnit(data["unit"])) if data else None


def _plain(value: object) -> object:
    """Return the value as JSON would give it back, so that two of them compare equal when they mean the same."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Limit | ChannelTerm | Component):
        return _plain(asdict(value))
    return value
