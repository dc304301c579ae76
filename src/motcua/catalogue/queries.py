"""Reads of the catalogue: search, the version in force on a day, what is wrong with it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from motcua.catalogue import models
from motcua.catalogue.types import (
    Channel,
    ChannelTerm,
    Component,
    OnlineLevel,
    ProcedureCard,
    ProcedureDetail,
    VersionState,
)
from motcua.deadlines.types import Limit, LimitUnit
from motcua.kernel.text import fold


def search(text: str, *, limit: int = 20, unit_code: str | None = None, on: date | None = None) -> list[ProcedureCard]:
    """Return published procedures whose code, name or sector has every word of the text, best match first.

    Blind to diacritics, case and punctuation. With ``unit_code`` and ``on``: only what that unit handles that day.
    """
    words = fold(text).split()
    rows = models.Procedure.objects.filter(versions__state=VersionState.PUBLISHED, is_internal=False)
    for word in words:
        rows = rows.filter(search_key__contains=word)
    if unit_code is not None and on is not None:
        rows = rows.filter(Exists(_assignments(on).filter(procedure=OuterRef("pk"), unit=unit_code)))
    # A name that starts with what was typed comes first, then shorter names: people type the beginning.
    ordered = rows.extra(
        select={"rank": "CASE WHEN search_key LIKE %s THEN 0 ELSE 1 END"}, select_params=[f"% {' '.join(words)}%"]
    ).order_by("rank", "name", "code")
    versions = {
        row.procedure_id: row
        for row in models.ProcedureVersion.objects.filter(
            state=VersionState.PUBLISHED, procedure__in=[row.pk for row in ordered[:limit]]
        )
    }
    return [
        ProcedureCard(
            row.code, row.name, row.sector, OnlineLevel(versions[row.pk].online_level), VersionState.PUBLISHED
        )
        for row in ordered[:limit]
    ]


def in_force(procedure_code: str, *, on: date) -> ProcedureDetail | None:
    """Return the version that the law in force on the day knows; None if there was none."""
    states = [VersionState.PUBLISHED, VersionState.REPLACED, VersionState.ABOLISHED]
    row = (
        models.ProcedureVersion.objects.filter(procedure_id=procedure_code, state__in=states, effective_on__lte=on)
        .filter(Q(effective_to__isnull=True) | Q(effective_to__gt=on))
        .order_by("-effective_on", "-number")
        .first()
    )
    return _remembered(row) if row else None


def version(version_id: int) -> ProcedureDetail | None:
    """Return one version, whatever its state."""
    known = _published.get(version_id)
    if known is not None:
        return known
    row = models.ProcedureVersion.objects.filter(pk=version_id).first()
    return _remembered(row) if row else None


def units_handling(procedure_code: str, *, on: date) -> list[str]:
    """Return the codes of the units that handle the procedure on the day."""
    rows = _assignments(on).filter(procedure_id=procedure_code)
    return sorted(set(rows.values_list("unit_id", flat=True)))


def handled_by(unit_code: str, *, on: date) -> list[str]:
    """Return the codes of the procedures the unit handles on the day."""
    rows = _assignments(on).filter(unit_id=unit_code)
    return sorted(set(rows.values_list("procedure_id", flat=True)))


def workflow_for(procedure_code: str, *, case_code: str, on: date, variant: str = "ordinary") -> models.Workflow | None:
    """Return the published workflow of the case in force on the day; the general one where the case has none.

    A workflow for the kind of area (``difficult``) goes before the ordinary one.
    """
    variants = list(dict.fromkeys((variant, "ordinary")))
    rows = models.Workflow.objects.filter(
        procedure_id=procedure_code,
        case_code__in={case_code, ""},
        variant__in=variants,
        is_published=True,
        valid_from__lte=on,
    )
    found = {(row.case_code, row.variant): row for row in rows.order_by("valid_from", "number")}
    wanted = [(case, area) for case in (case_code, "") for area in variants]
    return next((found[key] for key in wanted if key in found), None)


def workflow_data(workflow_id: int) -> dict[str, Any] | None:
    """Return the definition of a workflow as data."""
    return models.Workflow.objects.filter(pk=workflow_id).values_list("definition", flat=True).first()


def ambiguous_local_codes() -> dict[str, list[str]]:
    """Return local codes that stand for more than one national procedure, with those procedures."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, array_agg(procedure_id ORDER BY procedure_id) FROM catalogue_localcode"
            " GROUP BY code HAVING count(*) > 1 ORDER BY code"
        )
        return dict(cursor.fetchall())


def limits_longer_than_national() -> list[tuple[str, str, Limit, Limit]]:
    """Return (procedure, channel name, ours, national) where ours is longer: such dossiers count late on the portal."""
    rows = (
        models.ChannelTerm.objects.filter(version__state=VersionState.PUBLISHED)
        .exclude(national_limit_amount=None)
        .exclude(limit_amount=None)
        .select_related("version")
    )
    found = []
    for row in rows:
        ours = Limit(_amount(row.limit_amount), LimitUnit(row.limit_unit))
        national = Limit(_amount(row.national_limit_amount), LimitUnit(row.national_limit_unit))
        # Different units cannot be compared without a calendar; only a plain excess is an error in itself.
        if ours.unit is national.unit and ours.amount > national.amount:
            found.append((row.version.procedure_id, Channel(row.channel).name, ours, national))
    return found


def without_workflow(*, on: date) -> list[str]:
    """Return published one-stop procedures that some unit handles but that have no published workflow."""
    flows = models.Workflow.objects.filter(procedure=OuterRef("pk"), is_published=True, valid_from__lte=on)
    rows = models.Procedure.objects.filter(
        Exists(_assignments(on).filter(procedure=OuterRef("pk"))),
        ~Exists(flows),
        versions__state=VersionState.PUBLISHED,
        versions__is_one_stop=True,
    )
    return sorted(rows.values_list("code", flat=True))


def missing_parts(detail: ProcedureDetail) -> list[str]:
    """Return which of the seven parts (khoản 2 Điều 8 NĐ 63/2010/NĐ-CP) a version lacks, by their Vietnamese names."""
    parts = {
        "tên": detail.name,
        "trình tự thực hiện": detail.sequence,
        "cách thức thực hiện": detail.terms,
        "thành phần, số lượng hồ sơ": detail.components,
        "thời hạn giải quyết": any(term.limit for term in detail.terms),
        "đối tượng thực hiện": detail.applicant_kinds,
        "cơ quan thực hiện": detail.agency,
    }
    return [name for name, content in parts.items() if not content]


def units_without_catalogue(unit_codes: set[str], *, on: date) -> set[str]:
    """Return the units of the given ones that handle no procedure on the day: they have no published list."""
    return unit_codes - set(_assignments(on).values_list("unit_id", flat=True))


def _assignments(on: date) -> QuerySet[models.Assignment]:
    return models.Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


def _amount(amount: Decimal | None) -> Decimal:
    assert amount is not None  # noqa: S101 - rows without one were left out by the query
    return amount


_published: dict[int, ProcedureDetail] = {}
"""Versions whose content can no longer change, by id: every act on a dossier asks for its own."""


def _remembered(row: models.ProcedureVersion) -> ProcedureDetail:
    """Return the version, from memory where it was read since it was published (only its state moves after that)."""
    known = _published.get(row.pk)
    if known is not None and known.state == row.state:
        return known
    detail = _detail(row)
    if row.state not in {VersionState.DRAFT, VersionState.PROMULGATED}:
        _published[row.pk] = detail
    return detail


def _limit(amount: Decimal | None, unit: str) -> Limit | None:
    return Limit(amount, LimitUnit(unit)) if amount is not None else None


def _detail(row: models.ProcedureVersion) -> ProcedureDetail:
    return ProcedureDetail(
        version_id=row.pk,
        code=row.procedure_id,
        number=row.number,
        name=row.name,
        sector=row.sector,
        state=VersionState(row.state),
        decision_number=row.decision_number,
        signed_on=row.signed_on,
        effective_on=row.effective_on or date.max,
        sequence=row.sequence,
        agency=row.agency,
        applicant_kinds=tuple(row.applicant_kinds),
        results=tuple(row.results),
        requirements=row.requirements,
        legal_bases=tuple(row.legal_bases),
        online_level=OnlineLevel(row.online_level),
        accepts_postal=row.accepts_postal,
        is_boundary_free=row.is_boundary_free,
        is_one_stop=row.is_one_stop,
        requires_result=row.requires_result,
        cases=tuple((case.code, case.name) for case in row.cases.order_by("code")),
        terms=tuple(
            ChannelTerm(
                Channel(term.channel),
                term.case_code,
                _limit(term.limit_amount, term.limit_unit),
                _limit(term.limit_in_difficult_area, term.limit_unit),
                term.fee_dong,
                term.fee_note,
            )
            for term in row.terms.order_by("case_code", "channel")
        ),
        components=tuple(
            Component(one.code, one.name, one.case_code, one.form_name, one.originals, one.copies, one.is_required)
            for one in row.components.order_by("order")
        ),
    )
