"""A month is frozen once, approved by two persons, and computed again to the last byte whatever came since."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import world as the_world
from motcua.eventlog import models as logged
from motcua.forms import pdf as forms_pdf
from motcua.kernel.errors import UserError
from motcua.lawbook import files as law_files
from motcua.organisations import actions as organisations
from motcua.organisations.types import UnitKind
from motcua.publication import actions, fictitious_ca, freezing, frozen, models, queries, signing
from motcua.publication.signing import Seal
from motcua.publication.store import Store
from motcua.publication.types import IssueRow, IssueState
from world import COMMUNE, OTHER_COMMUNE, PROVINCE, World, at

pytestmark = pytest.mark.django_db(transaction=True)
needs_font = pytest.mark.skipif(not forms_pdf.font_folder().is_dir(), reason="./run setup brings the font")


@pytest.fixture
def world() -> World:
    return the_world.build()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "publications")


@pytest.fixture
def unsigned(tmp_path: Path) -> Seal:
    return Seal(tmp_path / "no-signing")


def freeze(month: str, when: str, store: Store, **more: object) -> IssueRow:
    return actions.freeze(month, at=at(when), store=store, **more).issue  # type: ignore[arg-type]


def publish(month: str, when: str, store: Store, seal: Seal, **more: object) -> IssueRow:
    issue = freeze(month, when, store, **more)
    actions.review(month=month, draft=issue.draft, by="cb-centre", at=at(when))
    return actions.approve(month=month, draft=issue.draft, by="cb-control", at=at(when), store=store, seal=seal)


def on_time(issue: IssueRow, code: str, store: Store) -> dict[str, Any]:
    document = frozen.read(store.get(issue.sha256))
    unit = next(one for one in document["units"] if one["code"] == code)
    return next(row for row in unit["rows"] if row["code"] == "ON_TIME")


def kinds() -> list[str]:
    found = logged.LoggedEvent.objects.filter(stream="publication").order_by("position")
    return list(found.values_list("kind", flat=True))


def test_a_month_is_frozen_once_however_often_the_job_runs(world: World, store: Store) -> None:
    world.received("2026-03-02 09:00")

    first = actions.freeze("2026-03", at=at("2026-03-31 17:00"), store=store)
    world.received("2026-03-31 17:10")
    second = actions.freeze("2026-03", at=at("2026-03-31 18:00"), store=store)

    assert first.is_new
    assert not second.is_new
    assert second.issue == first.issue
    assert kinds() == ["PublicationFrozen"]
    event = logged.LoggedEvent.objects.get(stream="publication")
    assert event.content["sha256"] == first.issue.sha256
    assert event.content["until"] == [models.Issue.objects.get().cursor_transaction, first.issue.position]


@pytest.mark.usefixtures("world")
def test_the_job_refuses_a_month_before_its_day_and_says_so_when_it_is_late(store: Store) -> None:
    with pytest.raises(UserError, match="Chưa đến ngày chốt") as refused:
        freeze("2026-01", "2026-01-31 17:00", store)  # a Saturday
    late = freeze("2026-01", "2026-02-05 08:00", store)

    assert "02/02/2026" in refused.value.remedy
    assert (late.due_on, late.days_late) == (date(2026, 2, 2), 3)
    assert frozen.read(store.get(late.sha256))["days_late"] == 3


def test_a_result_holds_every_unit_every_indicator_its_law_and_its_event(world: World, store: Store) -> None:
    world.received("2026-03-02 09:00")

    issue = freeze("2026-03", "2026-03-31 17:00", store)

    document = frozen.read(store.get(issue.sha256))
    assert [one["code"] for one in document["units"]] == [PROVINCE, "H99.03", COMMUNE, OTHER_COMMUNE]
    codes = [one["code"] for one in document["indicators"]]
    assert all([row["code"] for row in one["rows"]] == codes for one in document["units"])
    row = next(row for row in document["units"][0]["rows"] if row["code"] == "ON_TIME")
    assert (row["numerator"], row["denominator"]) == (0, 1)  # five working days were over on 31/3
    assert document["rules"]["law_hash"] == issue.law_hash
    assert document["log"]["position"] == issue.position
    paths = {one["path"] for one in document["law"]}
    assert {"indicators/qd766-portal/2026-01-01.toml", "calendar/2026.toml"} <= paths


def test_late_events_do_not_change_the_recomputation_and_show_as_changes_since(world: World, store: Store) -> None:
    code = world.taken("2026-03-25 09:00")
    issue = freeze("2026-03", "2026-03-31 17:00", store)
    world.received("2026-03-30 09:00")  # recorded after the freeze, as of before it
    world.do("withdraw", code, by="clerk", when="2026-04-01 09:00", reason="Đổi ý")

    again = freezing.recompute(issue.sha256, store=store)
    now = freezing.as_known_now(issue.sha256, at=at("2026-04-02 09:00"), store=store)

    assert again.is_same
    row = next(row for row in now["units"][0]["rows"] if row["code"] == "ON_TIME")
    assert row["denominator"] == 2
    assert on_time(issue, PROVINCE, store)["denominator"] == 1


def test_months_before_a_change_of_law_and_before_units_merged_recompute_bit_for_bit(
    world: World, store: Store, tmp_path: Path
) -> None:
    root = tmp_path / "law"
    shutil.copytree(law_files.law_folder(), root)
    for day in ("02", "05", "09"):
        world.received(f"2026-03-{day} 09:00")
        world.received(f"2026-04-{day} 09:00")
    before = [freeze("2026-03", "2026-03-31 17:00", store, root=root)]
    before.append(freeze("2026-04", "2026-05-04 17:00", store, root=root))
    # From May on another weight holds, and the older file is even gone from the folder.
    rules = root / "indicators" / "qd766-portal"
    text = (rules / "2026-01-01.toml").read_text(encoding="utf-8")
    changed = text.replace("2026-01-01", "2026-05-01").replace('name_vi        = "', 'name_vi        = "Sửa đổi: ', 1)
    assert changed != text
    (rules / "2026-05-01.toml").write_text(changed, encoding="utf-8")
    (rules / "2026-01-01.toml").unlink()
    made = at("2026-05-04 18:00")
    organisations.create_unit(
        code="H99.103", name="Xã Hợp Nhất", kind=UnitKind.COMMUNE, parent_code=PROVINCE,
        valid_from=date(2026, 5, 10), by="test", at=made,
    )  # fmt: skip
    organisations.merge_units(
        old_codes=[COMMUNE, OTHER_COMMUNE], new_code="H99.103", on=date(2026, 5, 10), by="test", at=made
    )
    may = freeze("2026-05", "2026-06-01 17:00", store, root=root)

    assert may.rules == "qd766/portal/2026-05-01"
    assert {one.rules for one in before} == {"qd766/portal/2026-01-01"}
    codes = [one["code"] for one in frozen.read(store.get(may.sha256))["units"]]
    assert "H99.103" in codes
    for issue in (*before, may):
        assert freezing.recompute(issue.sha256, store=store, root=root).is_same, issue.month


@pytest.mark.usefixtures("world")
def test_a_law_file_that_was_lost_or_changed_is_noticed(store: Store, tmp_path: Path) -> None:
    issue = freeze("2026-03", "2026-03-31 17:00", store)
    kept = {one["path"]: one["sha256"] for one in frozen.read(store.get(issue.sha256))["law"]}
    digest = kept["calendar/2026.toml"]
    path = store.folder / digest[:2] / digest
    content = path.read_bytes()

    path.unlink()
    assert freezing.recompute(issue.sha256, store=store).is_same  # the folder has the same bytes
    path.write_bytes(content + b"\n")
    with pytest.raises(UserError, match="mã băm không khớp"):
        freezing.recompute(issue.sha256, store=store)
    path.unlink()
    empty = tmp_path / "law"
    shutil.copytree(law_files.law_folder(), empty)
    (empty / "calendar" / "2026.toml").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"Không còn bản luật calendar/2026\.toml"):
        freezing.recompute(issue.sha256, store=store, root=empty)


@needs_font
def test_two_persons_publish_and_nothing_is_public_before(world: World, store: Store, unsigned: Seal) -> None:
    world.received("2026-03-02 09:00")
    issue = freeze("2026-03", "2026-03-31 17:00", store)
    when = at("2026-04-01 09:00")

    with pytest.raises(UserError, match="chưa được Trung tâm soát xét"):
        actions.approve(month="2026-03", draft=1, by="cb-control", at=when, store=store, seal=unsigned)
    actions.review(month="2026-03", draft=1, by="cb-centre", at=when)
    with pytest.raises(UserError, match="không được tự duyệt"):
        actions.approve(month="2026-03", draft=1, by="cb-centre", at=when, store=store, seal=unsigned)
    assert queries.published() == []
    with pytest.raises(UserError, match="Chưa có bản công bố"):
        queries.public_issue("2026-03")
    public = actions.approve(month="2026-03", draft=1, by="cb-control", at=when, store=store, seal=unsigned)

    assert queries.published() == [public]
    assert public.sha256 == issue.sha256
    assert kinds() == ["PublicationFrozen", "PublicationReviewed", "PublicationApproved"]
    named = [one.name for one in queries.artifacts(public)]
    assert named == [
        "ban-tin.pdf", "don-vi.csv", "chi-so.csv", "ket-qua.json", "du-lieu.xlsx", "tu-dien-du-lieu.csv",
        "datapackage.json",
    ]  # fmt: skip
    approved = logged.LoggedEvent.objects.get(kind="PublicationApproved")
    assert approved.content["files"] == {one.name: one.sha256 for one in queries.artifacts(public)}
    with pytest.raises(UserError, match="đã được công bố"):
        actions.approve(month="2026-03", draft=1, by="cb-leader", at=when, store=store, seal=unsigned)


@pytest.mark.usefixtures("world")
def test_the_database_itself_refuses_one_person_for_both(store: Store) -> None:
    freeze("2026-03", "2026-03-31 17:00", store)
    actions.review(month="2026-03", draft=1, by="cb-centre", at=at("2026-04-01 09:00"))

    with pytest.raises(IntegrityError, match="publication_two_persons"), transaction.atomic():
        models.Issue.objects.update(state="published", approved_by="cb-centre", approved_at=at("2026-04-01 09:00"))


def test_a_returned_draft_stays_on_record_and_the_month_is_frozen_anew(world: World, store: Store) -> None:
    first = freeze("2026-03", "2026-03-31 17:00", store)
    actions.send_back(month="2026-03", draft=1, by="cb-centre", at=at("2026-04-01 09:00"), reason="Thiếu hồ sơ sở")
    world.received("2026-03-30 09:00")

    second = freeze("2026-03", "2026-04-01 10:00", store)

    assert (second.draft, second.edition, second.state) == (2, 1, IssueState.FROZEN)
    assert second.sha256 != first.sha256
    assert store.has(first.sha256)
    with pytest.raises(UserError, match="không còn là dự thảo"):
        actions.send_back(month="2026-03", draft=1, by="cb-centre", at=at("2026-04-01 11:00"), reason="Lần nữa")


@needs_font
def test_a_correction_is_a_new_issue_beside_the_old_with_its_reason_and_differences(
    world: World, store: Store, unsigned: Seal
) -> None:
    for hour in range(8, 16):
        world.received(f"2026-03-02 {hour:02}:00")
    first = publish("2026-03", "2026-03-31 17:00", store, unsigned)
    files = queries.artifacts(first)
    for hour in range(8, 14):
        world.received(f"2026-03-03 {hour:02}:30")

    with pytest.raises(UserError, match="Thiếu lý do đính chính"):
        actions.freeze("2026-03", at=at("2026-04-10 09:00"), store=store, reason=" ")
    second = publish("2026-03", "2026-04-10 09:00", store, unsigned, reason="Nhập muộn sáu hồ sơ giấy")

    assert [one.edition for one in queries.published_of("2026-03")] == [2, 1]
    assert queries.public_issue("2026-03", 1) == first
    assert queries.artifacts(first) == files
    by_name = {one.name: one for one in queries.artifacts(second)}
    listed = store.get(by_name["dinh-chinh.csv"].sha256).decode("utf-8-sig")
    assert f"2026-03,2,{PROVINCE},Tỉnh giả định,ON_TIME,denominator,8,14" in listed.splitlines()
    assert frozen.read(store.get(second.sha256))["reason"] == "Nhập muộn sáu hồ sơ giấy"


@needs_font
@pytest.mark.usefixtures("world")
def test_the_bulletin_is_signed_and_the_check_sees_a_changed_byte(store: Store, tmp_path: Path) -> None:
    seal = fictitious_ca.make(tmp_path / "signing", owner="Tỉnh giả định", at=at("2026-03-01 09:00"))
    issue = publish("2026-03", "2026-03-31 17:00", store, seal)
    row = next(one for one in queries.artifacts(issue) if one.name == "ban-tin.pdf")
    pdf = store.get(row.sha256)

    found = signing.signatures(pdf, roots=seal.roots)
    stranger = fictitious_ca.make(tmp_path / "other", owner="Tỉnh khác", at=at("2026-03-01 09:00"))
    changed = bytearray(pdf)
    changed[len(pdf) // 4] ^= 1

    assert row.signature == "signed"
    assert [one.is_good for one in found] == [True]
    assert found[0].signer == "Tỉnh giả định (giả định)"
    assert [one.is_trusted for one in signing.signatures(pdf, roots=stranger.roots)] == [False]
    assert [one.covers_all for one in signing.signatures(pdf + b"% them vao\n", roots=seal.roots)] == [False]
    assert not any(one.is_good for one in signing.signatures(bytes(changed), roots=seal.roots))


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    seal = fictitious_ca.make(tmp_path / "signing", owner="Tỉnh giả định", at=at("2026-03-01 09:00"))
    (seal.folder / signing.KEYS).chmod(0o644)

    with pytest.raises(UserError, match="để người khác trên máy đọc được"):
        signing.sign(b"%PDF-1.7", seal=seal, reason="", place="")
