"""`motcua publish …`: freeze a month, see what there is, check files and signatures, compute a month again."""

import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua.kernel.errors import UserError
from motcua.kernel.time import VIETNAM

if TYPE_CHECKING:
    from motcua.publication.signing import Signature

app = typer.Typer(help="Công bố hằng tháng: chốt số liệu, kiểm tra tệp và chữ ký, tính lại.", no_args_is_help=True)

_Month = Annotated[str, typer.Argument(help="Tháng, ví dụ 2026-10.", metavar="THÁNG")]
_Edition = Annotated[int | None, typer.Option("--edition", help="Bản số mấy; bỏ trống là bản mới nhất.")]


@app.command("freeze")
def freeze(
    month: Annotated[
        str | None, typer.Argument(help="Tháng, ví dụ 2026-10; bỏ trống là tháng đến hạn gần nhất.", metavar="THÁNG")
    ] = None,
    *,
    reason: Annotated[str, typer.Option(help="Lý do, khi lập bản đính chính của tháng đã công bố.")] = "",
) -> None:
    """Chốt số liệu một tháng thành dự thảo; chạy lại không tạo thêm bản (đặt lịch chạy hằng ngày)."""
    _connect()
    from motcua.publication import actions, job, words

    now = datetime.now(VIETNAM)
    wanted = month or job.latest_due(today=now.date())
    found = actions.freeze(wanted, at=now, reason=reason)
    issue = found.issue
    said = "Đã chốt" if found.is_new else "Đã có từ trước"
    typer.echo(
        f"{said}: {words.month(issue.month)}, {words.edition(issue.edition)}, dự thảo số {issue.draft}:"
        f" {issue.state_name}. Đến sự kiện {issue.position}. {words.days_late(issue.days_late)}".rstrip()
    )
    typer.echo(f"sha256 {issue.sha256}")


@app.command("list")
def listing() -> None:
    """Liệt kê mọi bản, kể cả dự thảo và bản trả lại."""
    _connect()
    from motcua.publication import queries

    found = queries.drafts()
    if not found:
        typer.echo("Chưa có bản nào. Hãy chạy: motcua publish freeze THÁNG.")
    for one in found:
        typer.echo(f"{one.month}  bản {one.edition}  dự thảo {one.draft}  {one.state_name}  {one.sha256[:16]}")


@app.command("recompute")
def recompute(
    month: _Month,
    *,
    edition: _Edition = None,
    since: Annotated[bool, typer.Option("--since", help="Cũng nêu thay đổi sau công bố.")] = False,
) -> None:
    """Tính lại một tháng từ nhật ký và tệp luật đã dùng, so từng byte; khác nhau là mã thoát 2."""
    _connect()
    from motcua.publication import actions, changes, freezing, queries

    issue, store = queries.public_issue(month, edition), actions.default_store()
    begin = time.perf_counter()
    found = freezing.recompute(issue.sha256, store=store)
    seconds = time.perf_counter() - begin
    if not found.is_same:
        typer.echo(f"KHÁC: tính lại ra {found.sha256}, đã công bố {found.expected} ({seconds:.1f} giây).", err=True)
        raise typer.Exit(2)
    typer.echo(f"Khớp từng byte: {issue.name}, sự kiện {issue.position}, sha256 {found.sha256} ({seconds:.1f} giây).")
    if since:
        later = changes.since(issue, at=datetime.now(VIETNAM), store=store)
        typer.echo(f"Thay đổi sau công bố: {len(later)} số liệu.")
        for one in later[:50]:
            typer.echo(f"  {one.unit_code} {one.what} {one.figure}: {one.before or '–'} → {one.after or '–'}")


@app.command("verify")
def verify(
    what: Annotated[str, typer.Argument(help="Tệp PDF bản tin, hoặc tháng đã công bố (2026-10).", metavar="TỆP|THÁNG")],
    *,
    roots: Annotated[
        Path | None, typer.Option(help="Chứng thư tin cậy (PEM); bỏ trống là của máy này.", exists=True)
    ] = None,
    edition: _Edition = None,
) -> None:
    """Kiểm tra chữ ký số của bản tin; với một tháng, kiểm tra cả mã băm của mọi tệp đã công bố."""
    path = Path(what)
    if path.is_file():
        from motcua.publication import signing

        if roots is None:
            _connect()
            from motcua.publication import actions

            roots = actions.default_seal().roots
        _signatures(signing.signatures(path.read_bytes(), roots=roots), path.name)
        return
    _month_of(what)
    _connect()
    from motcua.publication import actions, queries, signing
    from motcua.publication.types import SignatureState

    store = actions.default_store()
    issue = queries.public_issue(what, edition)
    store.get(issue.sha256)
    files = queries.artifacts(issue)
    for one in files:
        content = store.get(one.sha256)
        if one.signature == SignatureState.SIGNED.value:
            _signatures(signing.signatures(content, roots=roots or actions.default_seal().roots), one.name)
        elif one.signature:
            typer.echo(f"{one.name}: chưa ký số.")
    typer.echo(f"{issue.name}: {len(files) + 1} tệp đúng mã băm đã ghi trong nhật ký.")


def _month_of(text: str) -> None:
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UserError(
            f"Không có tệp «{text}», cũng không phải một tháng.", remedy="Hãy ghi tên tệp PDF, hoặc tháng như 2026-10."
        ) from None


def _signatures(found: "tuple[Signature, ...]", name: str) -> None:
    if not found:
        typer.echo(f"{name}: không có chữ ký số.", err=True)
        raise typer.Exit(2)
    for one in found:
        parts = (
            "nội dung nguyên vẹn" if one.is_intact else "NỘI DUNG BỊ THAY ĐỔI",
            "chứng thư tin cậy" if one.is_trusted else "CHỨNG THƯ CHƯA TIN CẬY",
            "chữ ký bao toàn tệp" if one.covers_all else "TỆP BỊ THÊM SAU KHI KÝ",
        )
        when = f"{one.signed_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if one.signed_at else "không rõ lúc ký"
        typer.echo(f"{name}: {one.signer or 'không rõ người ký'}, {when}: {', '.join(parts)}.")
    if not all(one.is_good for one in found):
        raise typer.Exit(2)


def _connect() -> None:
    from motcua.cli import serving

    serving.connect()
