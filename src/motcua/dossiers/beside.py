"""Steps side by side: opinions of several units or people at the same time, each with its own clock.

The first step of a parallel group leads and has the dossier; each other step is a question to its unit, open from the
same moment. All belong to one dossier: lists, scores and counts see one dossier however many are asked.
"""

from datetime import datetime
from typing import Any

from motcua.dossiers import models, steps
from motcua.kernel.errors import UserError
from motcua.organisations.types import StaffRef
from motcua.workflow.definitions import Join


def answer(dossier: models.Dossier, staff: StaffRef, *, opinion: str, at: datetime) -> dict[str, Any]:
    """Keep the answer to the oldest question of the person's units, end the step that asked, and say what that was.

    Raises:
        UserError: none of the person's units is asked.
    """
    own = {grant.unit_code for grant in staff.grants}
    waiting = dossier.opinions.filter(answered_at=None, withdrawn_at=None, unit__in=own)
    row = waiting.order_by("asked_at", "pk").first()
    if row is None:
        raise UserError(
            "Đơn vị của bạn không có câu hỏi nào đang chờ trả lời ở hồ sơ này.", remedy="Hãy tải lại trang hồ sơ."
        )
    row.answered_at, row.answered_by_id, row.answer = at, staff.code, opinion
    row.save(update_fields=["answered_at", "answered_by", "answer"])
    run = models.StepRun.objects.filter(opinion=row, left_at=None).first()
    if run is None:
        return {"unit": row.unit_id}
    run.left_at, run.outcome, run.staff_id = at, "answered", staff.code
    run.save(update_fields=["left_at", "outcome", "staff"])
    return {"unit": row.unit_id, "step_beside": run.order}


def told(dossier: models.Dossier) -> dict[str, Any]:
    """Return what an event says of the steps that now run beside the leading one, and where."""
    found = steps.open_beside(dossier).values_list("order", "unit_id")
    return {"beside": [{"step": order, "unit": unit} for order, unit in found]} if found else {}


def require_joined(dossier: models.Dossier) -> None:
    """Let the dossier leave its step only when what runs beside it is done, as the step's rule has it.

    Raises:
        UserError: opinions are still waited for, named by unit.
    """
    waiting = list(steps.open_beside(dossier).select_related("unit"))
    definition = steps.definition_of(dossier)
    step = definition.step(dossier.step_order) if definition is not None else None
    if not waiting or definition is None or step is None:
        return
    names = "; ".join(f"{run.unit.name} ({run.name})" for run in waiting)
    if definition.join_of(step) is Join.ALL:
        raise UserError(
            f"Còn chờ ý kiến của: {names}.",
            remedy="Hãy đợi đủ ý kiến các bước song song, hoặc nhắc đơn vị được hỏi.",
        )
    entered = min(run.entered_at for run in waiting)
    if not dossier.steps.filter(opinion__isnull=False, outcome="answered", entered_at=entered).exists():
        raise UserError(f"Cần ít nhất một ý kiến của: {names}.", remedy="Hãy đợi một đơn vị trả lời.")
