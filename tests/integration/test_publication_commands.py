"""`motcua publish` as an administrator and the nightly timer run it, and the months that the demo brings."""

from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings
from typer.testing import CliRunner

import world as the_world
from motcua.cli import publication, serving
from motcua.demo import province, publications
from motcua.forms import pdf as forms_pdf
from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM
from motcua.publication import actions, fictitious_ca, freezing, queries, signing
from world import World, at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not forms_pdf.font_folder().is_dir(), reason="./run setup brings the font"),
]


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """The database is there already; the data folder is the test's own."""
    monkeypatch.setattr(serving, "connect", lambda: None)
    settings.HOME = tmp_path


@pytest.fixture
def world() -> World:
    return the_world.build()


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(publication.app, list(arguments))
    if isinstance(done.exception, UserError):
        raise done.exception
    return done.exit_code, done.output


def published(world: World) -> None:
    fictitious_ca.make(actions.default_seal().folder, owner="Tỉnh giả định", at=at("2026-03-01 09:00"))
    for day in ("02", "03", "04", "05", "06", "09"):
        world.received(f"2026-03-{day} 09:00")
    actions.freeze("2026-03", at=at("2026-03-31 17:00"))
    actions.review(month="2026-03", draft=1, by="cb-centre", at=at("2026-04-01 09:00"))
    actions.approve(month="2026-03", draft=1, by="cb-control", at=at("2026-04-01 10:00"))


def test_the_timer_freezes_the_month_that_is_due_and_a_second_run_finds_it(world: World) -> None:
    world.received("2026-03-02 09:00")

    first, second = run("freeze", "2026-03"), run("freeze", "2026-03")

    assert first[0] == second[0] == 0
    assert "Đã chốt: tháng 03/2026, bản đầu, dự thảo số 1" in first[1]
    assert "Đã có từ trước" in second[1]
    assert "2026-03  bản 1  dự thảo 1  Dự thảo, chờ Trung tâm soát xét" in run("list")[1]


def test_a_published_month_recomputes_and_what_came_later_is_named(world: World) -> None:
    published(world)
    world.received("2026-03-10 09:00")

    code, said = run("recompute", "2026-03", "--since")

    assert code == 0
    assert "Khớp từng byte: 2026-03, bản 1" in said
    assert "H99 ON_TIME denominator: 6 → 7" in said


def test_a_recomputation_that_differs_ends_with_two(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    published(world)
    different = freezing.Recomputed("0" * 64, queries.public_issue("2026-03").sha256)
    monkeypatch.setattr(freezing, "recompute", lambda *_, **__: different)

    code, said = run("recompute", "2026-03")

    assert code == 2
    assert "KHÁC" in said


def test_files_and_signature_of_a_month_are_checked_and_a_changed_file_is_refused(world: World, tmp_path: Path) -> None:
    published(world)
    store = actions.default_store()
    row = next(one for one in queries.artifacts(queries.public_issue("2026-03")) if one.name == "ban-tin.pdf")
    bulletin = tmp_path / "ban-tin.pdf"
    bulletin.write_bytes(store.get(row.sha256))

    code, said = run("verify", "2026-03")
    assert code == 0
    assert "nội dung nguyên vẹn, chứng thư tin cậy, chữ ký bao toàn tệp" in said
    assert "8 tệp đúng mã băm" in said
    assert run("verify", str(bulletin))[0] == 0
    bulletin.write_bytes(bulletin.read_bytes() + b"%")
    assert run("verify", str(bulletin))[0] == 2
    (store.folder / row.sha256[:2] / row.sha256).write_bytes(b"khac")
    with pytest.raises(UserError, match="mã băm không khớp"):
        run("verify", "2026-03")


def test_neither_a_file_nor_a_month_is_refused_with_what_to_write() -> None:
    with pytest.raises(UserError, match="cũng không phải một tháng"):
        run("verify", "khong-co.pdf")


def test_the_demo_brings_two_months_one_of_them_corrected_and_signed_by_nobody() -> None:
    now = datetime(2026, 11, 21, 16, tzinfo=VIETNAM)
    province.build(now=now, dossiers=10, progress=lambda *_: None)

    issues = publications.build(now=now, progress=lambda *_: None)

    assert [(one.month, one.edition) for one in issues] == [("2026-09", 1), ("2026-10", 1), ("2026-10", 2)]
    assert publications.is_built()
    assert issues[0].days_late == issues[1].days_late == 0
    store = actions.default_store()
    for issue in issues:
        assert freezing.recompute(issue.sha256, store=store).is_same
        row = queries.artifacts(issue)[0]
        signed = signing.signatures(store.get(row.sha256), roots=actions.default_seal().roots)
        assert [(one.is_good, one.signer) for one in signed] == [(True, "UBND tỉnh giả định (giả định)")]
