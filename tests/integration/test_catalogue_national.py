"""The real national catalogue laid beside ours and taken over, through the path that the command and the page use."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from motcua.catalogue import comparison, models, national, queries
from motcua.catalogue.records import ProcedureRecord
from motcua.catalogue.types import Channel
from motcua.deadlines.types import Limit, LimitUnit
from motcua.ingest import catalogue_records
from world import at

AT = at("2026-03-02 09:00")
DAY = date(2026, 3, 2)


def records(path: Path) -> list[ProcedureRecord]:
    return [
        national.record(one, levels=catalogue_records.levels(one.levels), limit_of=catalogue_records.limit)
        for one in catalogue_records.read(path, name=path.name)
    ]


PAGE = (
    '{"ma_thu_tuc": "1.001193", "ten_thu_tuc": "Đăng ký thử", "so_quyet_dinh": "1/QĐ-BTP", "cap_thuc_hien": "Cấp xã",'
    ' "linh_vuc": "Hộ tịch", "doi_tuong_thuc_hien": "Công dân Việt Nam, Người nước ngoài",'
    ' "co_quan_thuc_hien": "UBND cấp xã", "trinh_tu_thuc_hien": "Nộp; nhận.",'
    ' "thanh_phan_ho_so": "--Tên giấy tờMẫu đơn, tờ khaiSố lượngTờ khai1 bản chínhGiấy chứng sinh1 bản sao",'
    ' "can_cu_phap_ly": "Luật Hộ tịch60/2014/QH13", "ket_qua_xu_ly": "Giấy khai sinhMã: KQ.G15.000001",'
    ' "cach_thuc_parsed": [{"kenh": "Trực tuyến", "so": 5.0, "don_vi": "Ngày làm việc", "phi": "8.000 đồng"},'
    ' {"kenh": "Trực tiếp", "so": 5.0, "don_vi": "Ngày làm việc", "phi": "Miễn phí"}]}\n'
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "mot-trang.jsonl"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_page_of_the_portal_becomes_a_record_with_its_papers_limits_and_fees(page: Path) -> None:
    (record,) = records(page)

    assert [(one.name, one.originals, one.copies) for one in record.components] == [
        ("Tờ khai", 1, 0),
        ("Giấy chứng sinh", 0, 1),
    ]
    assert {term.channel: term.fee_dong for term in record.terms} == {Channel.ONLINE: 8000, Channel.DIRECT: 0}
    assert {term.limit for term in record.terms} == {Limit(Decimal(5), LimitUnit.WORKING_DAYS)}
    assert (record.levels, record.results, record.legal_bases) == (("commune",), ("Giấy khai sinh",), ("60/2014/QH13",))


@pytest.mark.django_db
def test_an_incomplete_procedure_is_entered_but_not_made_public_and_says_why(page: Path) -> None:
    page.write_text(PAGE.replace("Nộp; nhận.", ""), encoding="utf-8")
    run = comparison.lay_beside(records(page), source="a", sha256="1", on=DAY, by="cb-1", at=AT)
    comparison.approve_some(run.pk, kinds=("new",), by="cb-1", at=AT, limit=10)
    row = run.differences.get()

    assert (row.state, row.fault) == ("approved", "Đã nhập, chưa công khai: còn thiếu trình tự thực hiện.")
    assert queries.in_force("1.001193", on=DAY) is None
    assert models.ProcedureVersion.objects.get().state == "promulgated"


@pytest.mark.django_db
def test_what_cannot_be_taken_over_waits_with_its_reason_and_the_rest_goes_on(page: Path) -> None:
    run = comparison.lay_beside(records(page), source="a", sha256="1", on=DAY, by="cb-1", at=AT)
    models.CatalogueDifference.objects.create(
        catalogue_import=run, procedure_code="9.999999", kind="missing", fields={}
    )
    while comparison.approve_some(run.pk, kinds=("new", "missing"), by="cb-1", at=AT, limit=1):
        pass
    progress = comparison.progress(run.pk)

    assert (progress.total, progress.decided, progress.faulty, progress.waiting) == (2, 1, 1, 0)
    assert "9.999999" in run.differences.get(procedure_code="9.999999").fault


@pytest.mark.shared
@pytest.mark.django_db
def test_the_2642_real_procedures_are_taken_over_and_found(shared_data: Callable[[str], Path]) -> None:
    path = shared_data("tthc-catalogue-dvcqg-2026/procedures.jsonl")
    read = records(path)
    run = comparison.lay_beside(read, source=path.name, sha256=catalogue_records.sha256(path), on=DAY, by="x", at=AT)
    begun = time.perf_counter()
    while comparison.approve_some(run.pk, kinds=("new",), by="x", at=AT, limit=500):
        pass
    spent = time.perf_counter() - begun
    progress = comparison.progress(run.pk)

    assert (len(read), run.read_count) == (2642, 2642)
    assert (progress.total, progress.waiting, progress.faulty) == (2642, 0, 0)
    assert models.ProcedureVersion.objects.filter(state="published").count() + progress.with_fault == 2642
    assert progress.with_fault < 600
    # 34 ms each on a busy machine of two cores; far more would mean that a step began to read the whole catalogue.
    assert spent < 400
    assert any("khai sinh" in card.name for card in queries.search("dang ky khai sinh"))
    again = comparison.lay_beside(read, source="lai", sha256="2", on=DAY, by="x", at=AT)
    assert set(again.differences.values_list("kind", flat=True)) <= {"new"}
    assert again.differences.count() == progress.with_fault
