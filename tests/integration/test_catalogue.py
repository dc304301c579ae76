"""The catalogue on a real PostgreSQL: versions, search, checks, comparison with the national one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from motcua.catalogue import actions, comparison, models, queries
from motcua.catalogue.records import ProcedureRecord
from motcua.catalogue.types import Channel, ChannelTerm, Component, OnlineLevel
from motcua.deadlines.types import Limit, LimitUnit
from motcua.kernel.errors import UserError
from motcua.organisations import actions as organisations
from motcua.organisations.types import UnitKind

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)

BIRTH = ProcedureRecord(
    code="1.001193",
    name="Thủ tục đăng ký khai sinh",
    sector="Hộ tịch",
    levels=("commune",),
    sequence="Nộp hồ sơ; kiểm tra; ghi sổ; trả kết quả.",
    agency="Ủy ban nhân dân cấp xã",
    applicant_kinds=("Công dân Việt Nam",),
    results=("Giấy khai sinh",),
    online_level=OnlineLevel.FULL,
    terms=(ChannelTerm(Channel.DIRECT, "", Limit(Decimal(1), LimitUnit.WORKING_DAYS), None, 0, ""),),
    components=(Component("", "Tờ khai đăng ký khai sinh", "", "Mẫu tờ khai", 1, 0, is_required=True),),
)


def publish(record: ProcedureRecord, *, effective_on: date = date(2026, 1, 1)) -> int:
    version = actions.draft(record, by="cb-1", at=AT)
    actions.promulgate(
        version_id=version, decision_number="1/QĐ", signed_on=effective_on, effective_on=effective_on, by="cb-1", at=AT
    )
    actions.publish(version_id=version, by="cb-1", at=AT)
    return version


@pytest.mark.parametrize("typed", ["khai sinh", "KHAI SINH", "dang ky khai sinh", "1.001193", "ho tich", "sinh khai"])
def test_a_procedure_is_found_without_diacritics_by_name_code_or_sector(typed: str) -> None:
    publish(BIRTH)

    assert [card.code for card in queries.search(typed)] == ["1.001193"]


def test_a_draft_is_not_found_by_citizens() -> None:
    actions.draft(BIRTH, by="cb-1", at=AT)

    assert queries.search("khai sinh") == []


@pytest.mark.law("63/2010/NĐ-CP", "Điều 8 khoản 2")
def test_a_version_without_its_parts_cannot_be_published_and_the_message_names_them() -> None:
    with pytest.raises(UserError, match="trình tự thực hiện, thành phần"):
        publish(replace(BIRTH, sequence="", components=()))


def test_a_new_version_replaces_the_old_one_from_its_day_and_the_past_still_knows_the_old() -> None:
    publish(BIRTH)
    publish(replace(BIRTH, name="Đăng ký khai sinh"), effective_on=date(2026, 6, 1))

    before, after = queries.in_force("1.001193", on=DAY), queries.in_force("1.001193", on=date(2026, 6, 1))

    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("Thủ tục đăng ký khai sinh", "Đăng ký khai sinh")


def test_an_abolished_procedure_ends_on_its_day() -> None:
    publish(BIRTH)
    actions.abolish(
        procedure_code="1.001193",
        decision_number="2/QĐ",
        signed_on=DAY,
        effective_on=date(2026, 5, 1),
        by="cb-1",
        at=AT,
    )

    assert queries.in_force("1.001193", on=date(2026, 4, 30)) is not None
    assert queries.in_force("1.001193", on=date(2026, 5, 1)) is None


def test_a_local_limit_longer_than_the_national_one_is_flagged() -> None:
    version = publish(BIRTH)
    models.ChannelTerm.objects.filter(version_id=version).update(
        limit_amount=3, national_limit_amount=1, national_limit_unit="working_days"
    )

    assert [
        (code, ours.amount, national.amount) for code, _, ours, national in queries.limits_longer_than_national()
    ] == [("1.001193", Decimal(3), Decimal(1))]


def test_a_local_code_that_stands_for_two_procedures_is_reported() -> None:
    publish(BIRTH)
    publish(replace(BIRTH, code="1.001194", name="Đăng ký lại khai sinh"))
    for code in ("1.001193", "1.001194"):
        actions.map_local_code(local_code="BN-HT-01", procedure_code=code, by="cb-1", at=AT)

    assert queries.ambiguous_local_codes() == {"BN-HT-01": ["1.001193", "1.001194"]}


def test_a_unit_that_handles_nothing_is_reported_and_so_is_a_procedure_without_workflow() -> None:
    for code in ("H99.101", "H99.102"):
        organisations.create_unit(
            code=code, name=f"Xã {code}", kind=UnitKind.COMMUNE, parent_code=None, valid_from=DAY, by="cb-1", at=AT
        )
    publish(BIRTH)
    actions.assign(procedure_code="1.001193", unit_codes=["H99.101"], since=DAY, by="cb-1", at=AT)

    assert queries.units_without_catalogue({"H99.101", "H99.102"}, on=DAY) == {"H99.102"}
    assert queries.without_workflow(on=DAY) == ["1.001193"]


def test_the_national_catalogue_changes_ours_only_after_approval() -> None:
    publish(BIRTH)
    theirs = [replace(BIRTH, online_level=OnlineLevel.PARTIAL), replace(BIRTH, code="1.001195", name="Đăng ký khai tử")]

    run = comparison.lay_beside(theirs, source="dvcqg.jsonl", sha256="aa", on=DAY, by="cb-1", at=AT)
    proposed = {row.procedure_code: row for row in run.differences.all()}
    before = queries.in_force("1.001193", on=DAY)
    for row in proposed.values():
        comparison.approve(difference_id=row.pk, by="cb-2", at=AT)
    after = queries.in_force("1.001193", on=DAY)

    assert {code: row.kind for code, row in proposed.items()} == {"1.001193": "changed", "1.001195": "new"}
    assert proposed["1.001193"].fields["online_level"] == ["full", "partial"]
    assert (before and before.online_level, after and after.online_level) == (OnlineLevel.FULL, OnlineLevel.PARTIAL)
    assert queries.in_force("1.001195", on=DAY) is not None


def test_a_difference_is_decided_once() -> None:
    run = comparison.lay_beside([BIRTH], source="dvcqg.jsonl", sha256="bb", on=DAY, by="cb-1", at=AT)
    only = run.differences.get()
    comparison.refuse(difference_id=only.pk, by="cb-1", at=AT)

    with pytest.raises(UserError, match="đã được xử lý"):
        comparison.approve(difference_id=only.pk, by="cb-2", at=AT)


def test_the_same_file_laid_beside_twice_changes_nothing() -> None:
    first = comparison.lay_beside([BIRTH], source="a.jsonl", sha256="cc", on=DAY, by="cb-1", at=AT)
    second = comparison.lay_beside([BIRTH], source="b.jsonl", sha256="cc", on=DAY, by="cb-1", at=AT)

    assert first.pk == second.pk
    assert models.CatalogueDifference.objects.count() == 1
