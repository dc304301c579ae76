"""An internal workflow for tests: five steps of a commune, published as the province would."""

from datetime import date
from decimal import Decimal

import world as the_world
from motcua.catalogue import actions as catalogue
from motcua.dossiers import models
from motcua.workflow import definitions
from motcua.workflow.definitions import Stage, Step, WorkflowDefinition
from world import BIRTH, at

FLOW = WorkflowDefinition(
    code="commune-1.ordinary",
    number="1",
    title="Đăng ký khai sinh",
    level="commune",
    variant="ordinary",
    limit_text="5 ngày làm việc",
    limit_working_days=Decimal(5),
    stages=(
        Stage(
            order=1,
            name="",
            steps=(
                Step(order=1, name="Tiếp nhận", unit="Bộ phận Một cửa", role="clerk", working_days=Decimal("0.5")),
                Step(order=2, name="Thẩm tra", unit="Công chức tư pháp", role="case_officer", working_days=Decimal(2)),
                Step(order=3, name="Soát xét", unit="Trưởng phòng", role="unit_head", working_days=Decimal("0.5")),
                Step(order=4, name="Ký", unit="Chủ tịch UBND cấp xã", role="leader", working_days=Decimal(1)),
                Step(order=5, name="Phát hành", unit="Văn thư", role="records_clerk", working_days=Decimal(1)),
            ),
        ),
    ),
)


def publish(flow: WorkflowDefinition, *, variant: str = "ordinary", valid_from: date = the_world.FOUNDED) -> int:
    """Publish a flow of the birth registration."""
    return catalogue.publish_workflow(
        procedure_code=BIRTH,
        case_code="",
        variant=variant,
        definition=definitions.as_data(flow),
        valid_from=valid_from,
        by="test",
        at=at("2026-01-05 09:00"),
    )


def run(code: str) -> models.StepRun:
    """Return the open run of the leading step."""
    return models.StepRun.objects.get(dossier=code, left_at=None, opinion=None)
