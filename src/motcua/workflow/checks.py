"""Does an internal workflow add up? Steps to their stage, stages to the limit of the procedure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from motcua.workflow.definitions import Stage, WorkflowDefinition


class SumKind(StrEnum):
    """Which sum was compared with which statement."""

    STAGE = "stage"
    """Steps of a stage with the time stated for it."""
    LIMIT = "limit"
    """All stages with the limit of the procedure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumCheck:
    """One comparison, in working days. ``stage`` is empty where the whole workflow was compared."""

    workflow: WorkflowDefinition
    kind: SumKind
    stage: str
    stated: Decimal
    summed: Decimal

    @property
    def holds(self) -> bool:
        """Whether the sum is what the text states."""
        return self.stated == self.summed

    def __str__(self) -> str:
        """Read as the Vietnamese sentence shown to whoever keeps the workflow."""
        place = f"quy trình {self.workflow.number}" + (f", {self.stage}" if self.stage else "")
        area = " (vùng khó khăn)" if self.workflow.variant == "difficult" else ""
        return f"{place}{area}: công bố {_days(self.stated)} ngày, cộng các bước được {_days(self.summed)} ngày."


def sums(workflows: Iterable[WorkflowDefinition]) -> list[SumCheck]:
    """Return every comparison that the workflows allow: stages that state a time, and limits that state days."""
    found = []
    for workflow in workflows:
        found += [_stage_sum(workflow, stage) for stage in workflow.stages if stage.working_days is not None]
        if workflow.limit_working_days is not None:
            found.append(
                SumCheck(
                    workflow=workflow,
                    kind=SumKind.LIMIT,
                    stage="",
                    stated=workflow.limit_working_days,
                    # A stage's own statement goes first, so that one wrong step is reported once, where it stands.
                    summed=sum(
                        (s.sum_of_steps if s.working_days is None else s.working_days for s in workflow.stages),
                        Decimal(0),
                    ),
                )
            )
    return found


def mismatches(workflows: Iterable[WorkflowDefinition]) -> list[SumCheck]:
    """Return the comparisons that do not hold."""
    return [check for check in sums(workflows) if not check.holds]


def faults(workflow: WorkflowDefinition, *, roles: frozenset[str]) -> list[str]:
    """Return, as Vietnamese sentences, what keeps the workflow from being used: ``roles`` are those of the rulebook."""
    found = [] if workflow.steps else ["Quy trình chưa có bước nào."]
    found += [
        f"Bước {step.order}: không có vai trò «{step.role}»." for step in workflow.steps if step.role not in roles
    ]
    found += [
        f"Bước {step.order}: chỉ trả về được bước trước nó, không phải bước {step.returns_to}."
        for step in workflow.steps
        if step.returns_to is not None and not 0 < step.returns_to < step.order
    ]
    alone = Counter(step.parallel_group for step in workflow.steps if step.parallel_group)
    found += [f"Nhóm song song «{group}» chỉ có một bước." for group, steps in alone.items() if steps == 1]
    return found


def _stage_sum(workflow: WorkflowDefinition, stage: Stage) -> SumCheck:
    stated = stage.working_days
    assert stated is not None  # noqa: S101 - the caller filters; for the type checker
    return SumCheck(workflow=workflow, kind=SumKind.STAGE, stage=stage.name, stated=stated, summed=stage.sum_of_steps)


def _days(days: Decimal) -> str:
    return f"{days.normalize():f}".replace(".", ",")
