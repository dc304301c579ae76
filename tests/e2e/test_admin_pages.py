"""The pages of keeping in a real browser: accessible and no wider than the screen, and worked by keyboard."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import repository
from motcua.catalogue import actions as catalogue
from motcua.catalogue import comparison, models, workflow_imports
from motcua.catalogue.records import ProcedureRecord
from motcua.workflow import definitions, entries
from motcua.workflow.definitions import Stage, Step, WorkflowDefinition
from people_in_browsers import Province
from world import BIRTH, COMMUNE, PROVINCE, at

pytestmark = pytest.mark.django_db(transaction=True)
AXE = repository.ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 360)
AT = at("2026-03-02 09:00")
LONG = "Cấp giấy phép môi trường đối với dự án đầu tư thuộc thẩm quyền của Ủy ban nhân dân cấp tỉnh"
PICTURES = os.environ.get("MOTCUA_PICTURES", "")
"""Folder in which to leave a picture of each page, for whoever wants to look."""


def faults(page: Page, path: str) -> list[str]:
    """Return what axe finds and what is too wide, in both colours at both widths."""
    found = []
    page.goto(path)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path} at {width} px is {wide} px wide")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{path.strip('/').replace('/', '_')}-{width}.png")
        for colour in ("light", "dark"):
            page.emulate_media(color_scheme=colour)
            rules = page.evaluate(
                "axe.run({resultTypes: ['violations']}).then(r => r.violations.map("
                "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')))"
            )
            found += [f"{path} {width} px {colour}: {rule}" for rule in rules]
        page.emulate_media(color_scheme="light")
    return found


def flow(title: str, number: str) -> WorkflowDefinition:
    step = Step(order=1, name="Tiếp nhận", unit="Bộ phận Một cửa", role="clerk", working_days=Decimal(1))
    long = Step(order=2, name="Thẩm định hồ sơ", unit=LONG, role="case_officer", working_days=Decimal(3))
    return WorkflowDefinition(
        code=f"province-{number}.ordinary",
        number=number,
        title=title,
        level="province",
        variant="ordinary",
        limit_text="05 ngày làm việc",
        limit_working_days=Decimal(5),
        stages=(Stage(order=1, name="Giai đoạn 1", steps=(step, long)),),
    )


def filled() -> list[str]:
    """Fill what the pages show, and return every address of the office's pages."""
    catalogue.draft(ProcedureRecord(code="1.004444", name=LONG, sector="Môi trường"), by="cb-control", at=AT)
    catalogue.map_local_code(local_code="DP.01", procedure_code=BIRTH, by="cb-control", at=AT)
    catalogue.publish_workflow(
        procedure_code=BIRTH,
        case_code="",
        definition=definitions.as_data(flow("Đăng ký khai sinh", "1")),
        valid_from=date(2026, 1, 1),
        by="cb-control",
        at=AT,
    )
    records = [ProcedureRecord(code=f"2.{number:06}", name=f"{LONG} {number}") for number in range(60)]
    run = comparison.lay_beside(records, source="quoc-gia.jsonl", sha256="1", on=AT.date(), by="cb-control", at=AT)
    found = entries.Import((flow("Đăng ký khai sinh", "1"), flow(LONG, "2")), (), ())
    imported = workflow_imports.propose(
        found, source="buoc.csv", sha256="2", decision="1/QĐ", valid_from=AT.date(), by="cb-control", at=AT
    )
    return [
        "/quan-ly/danh-muc/",
        f"/quan-ly/danh-muc/{BIRTH}/",
        f"/quan-ly/danh-muc/{BIRTH}/soan/",
        "/quan-ly/kiem-tra/",
        "/quan-ly/phan-cong/",
        "/quan-ly/doi-chieu/",
        f"/quan-ly/doi-chieu/{run.pk}/",
        "/quan-ly/quy-trinh/",
        f"/quan-ly/quy-trinh/{models.Workflow.objects.get().pk}/",
        f"/quan-ly/quy-trinh/dot-nhap/{imported.pk}/",
    ]


def test_axe_finds_nothing_on_the_pages_of_keeping_and_none_is_too_wide(province: Province) -> None:
    office, administrator = province.page("control"), province.page("administrator")
    found = []
    for path in filled():
        found += faults(office, path)
    for path in (
        "don-vi/",
        f"don-vi/{COMMUNE}/",
        f"don-vi/{PROVINCE}/",
        "can-bo/",
        "can-bo-moi/",
        "can-bo/cb-officer/",
        "so-lieu/",
    ):
        found += faults(administrator, f"/quan-ly/{path}")
    assert found == []


def test_a_long_approval_goes_on_by_itself_and_ends_with_its_report(province: Province) -> None:
    pages = filled()
    office = province.page("control")
    office.goto(next(path for path in pages if "doi-chieu/" in path and path[-2].isdigit()))
    office.get_by_role("button", name="Duyệt hàng loạt").click()

    # Sixty are new; the two of ours that are missing there stay for a person to decide.
    expect(office.locator("#tien-trinh")).to_contain_text("Đã xử lý 60 / 62", timeout=30_000)
    expect(office.locator("#tien-trinh")).to_contain_text("60 cần xem lại")


def test_a_unit_is_renamed_by_keyboard_alone(province: Province) -> None:
    administrator = province.page("administrator")
    administrator.goto(f"/quan-ly/don-vi/{COMMUNE}/")
    administrator.locator("summary", has_text="Đổi tên").focus()
    administrator.keyboard.press("Enter")
    administrator.keyboard.press("Tab")
    administrator.keyboard.type("Xã Thử Mới")
    administrator.keyboard.press("Enter")

    expect(administrator.get_by_role("heading", level=1)).to_have_text("Xã Thử Mới")
