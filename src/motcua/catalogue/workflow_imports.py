"""Internal workflows from a decision's table, put to the procedures their titles name, and approved by a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Count, Q

from motcua.catalogue import actions, models
from motcua.kernel.errors import UserError
from motcua.kernel.text import fold
from motcua.workflow import definitions
from motcua.workflow.definitions import WorkflowDefinition
from motcua.workflow.entries import Import

CANDIDATES = 3
# Likeness of names (trigrams, 0 to 1) for telling people why nothing matched; nothing is decided by it. Own choice.
_NEARLY_THE_SAME, _ALIKE = 0.75, 0.5
_LEAD_WORDS = ("trinh tu thu tuc ", "thu tuc ")


@dataclass(frozen=True, slots=True)
class Report:
    """How an import stands: how many workflows found their procedure, how many are in force."""

    total: int
    matched: int
    approved: int
    unmatched: int


@transaction.atomic
def propose(
    found: Import, *, source: str, sha256: str, decision: str, valid_from: date, by: str, at: datetime
) -> models.WorkflowImport:
    """Store the workflows as proposals, each with the procedure whose name is its title, or the nearest ones.

    Only the same name, marks and punctuation aside, is taken for a match; anything else waits for a person. The same
    file twice returns the first import.
    """
    known = models.WorkflowImport.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    run = models.WorkflowImport.objects.create(
        source=source,
        sha256=sha256,
        decision=decision,
        valid_from=valid_from,
        at=at,
        by=by,
        problems=[str(problem) for problem in found.problems],
    )
    names = {_bare(name): code for code, name in models.Procedure.objects.values_list("code", "name")}
    nearest: dict[str, list[list[str]]] = {}
    rows = []
    for workflow in found.workflows:
        title = _title(workflow, found.titles)
        code = names.get(_bare(title)) or names.get(_bare(title.split(" (")[0]))
        if code is None and title not in nearest:
            nearest[title] = _nearest(title)
        rows.append(
            models.WorkflowProposal(
                workflow_import=run,
                code=workflow.code,
                title=title,
                definition=definitions.as_data(workflow),
                procedure_id=code,
                case_code="" if "." not in workflow.number else workflow.number,
                candidates=[] if code else nearest[title],
            )
        )
    models.WorkflowProposal.objects.bulk_create(rows)
    return run


@transaction.atomic
def approve(*, proposal_id: int, procedure_code: str, by: str, at: datetime) -> int:
    """Publish a proposed workflow for the procedure and return its version number.

    Raises:
        UserError: it was decided before, or there is no such procedure.
    """
    row = _pending(proposal_id)
    workflow = definitions.from_data(row.definition)
    number = actions.publish_workflow(
        procedure_code=procedure_code,
        case_code=row.case_code,
        variant=workflow.variant,
        definition=row.definition,
        valid_from=row.workflow_import.valid_from,
        by=by,
        at=at,
    )
    row.procedure_id = procedure_code
    _decide(row, "approved", by=by, at=at)
    return number


@transaction.atomic
def refuse(*, proposal_id: int, by: str, at: datetime) -> None:
    """Leave a proposed workflow out; the decision stays on record."""
    _decide(_pending(proposal_id), "refused", by=by, at=at)


def approve_matched(import_id: int, *, by: str, at: datetime) -> int:
    """Publish every waiting workflow whose procedure is known; return how many."""
    rows = models.WorkflowProposal.objects.filter(
        workflow_import_id=import_id, state="pending", procedure__isnull=False
    )
    chosen = list(rows.order_by("pk").values_list("pk", "procedure_id"))
    for pk, code in chosen:
        approve(proposal_id=pk, procedure_code=code, by=by, at=at)
    return len(chosen)


def why_unmatched(row: models.WorkflowProposal) -> str:
    """Say why a proposed workflow found no procedure by itself; empty where it did."""
    if row.procedure_id is not None:
        return ""
    likeness = float(row.candidates[0][2]) if row.candidates else 0.0
    if likeness >= _NEARLY_THE_SAME:
        return "Danh mục có thủ tục tên gần giống nhưng không trùng: cần người xác nhận có phải là một."
    if likeness >= _ALIKE:
        return "Danh mục chỉ có thủ tục gộp, tách hoặc ghi phạm vi khác: cần người chọn."
    return "Danh mục không có thủ tục nào tên như vậy: có thể đã bãi bỏ, đổi tên hoặc chưa công khai."


def report(import_id: int) -> Report:
    """Return how the import stands."""
    counts = models.WorkflowProposal.objects.filter(workflow_import_id=import_id).aggregate(
        total=Count("pk"),
        matched=Count("pk", filter=Q(procedure__isnull=False)),
        approved=Count("pk", filter=Q(state="approved")),
        unmatched=Count("pk", filter=Q(procedure__isnull=True, state="pending")),
    )
    return Report(**counts)


def _title(workflow: WorkflowDefinition, titles: Mapping[str, str]) -> str:
    """Return the procedure's title: a case (``17.1.2``) stands under the heading of its first number."""
    return titles.get(f"{workflow.level}-{workflow.number.split('.')[0]}", workflow.title)


def _bare(name: str) -> str:
    words = fold(name)
    for lead in _LEAD_WORDS:
        words = words.removeprefix(lead)
    return words


def _nearest(title: str) -> list[list[str]]:
    likeness = TrigramSimilarity("search_key", _bare(title)[:500])
    rows = models.Procedure.objects.annotate(likeness=likeness).order_by("-likeness", "code")[:CANDIDATES]
    return [[row.code, row.name, f"{row.likeness:.2f}"] for row in rows]


def _pending(proposal_id: int) -> models.WorkflowProposal:
    row = (
        models.WorkflowProposal.objects.select_for_update(of=("self",))
        .select_related("workflow_import")
        .filter(pk=proposal_id)
        .first()
    )
    if row is None or row.state != "pending":
        raise UserError("Quy trình này đã được xử lý.", remedy="Hãy tải lại trang để xem kết quả.")
    return row


def _decide(row: models.WorkflowProposal, state: str, *, by: str, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save(update_fields=["state", "procedure", "decided_by", "decided_at"])
