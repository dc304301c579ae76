"""``motcua law``: check the law files, show a rule set as a page, compare two, list and publish what there is."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from motcua import lawbook
from motcua.cli import choosing, output
from motcua.kernel.errors import UserError
from motcua.lawbook.indicator_sets import IndicatorSet

if TYPE_CHECKING:
    from motcua.lawbook.checking import Knowledge

app = typer.Typer(
    help="Luật dưới dạng dữ liệu: kiểm tra, xem, so sánh, công bố.", no_args_is_help=True, add_completion=False
)

Variant = Annotated[str, typer.Option("--variant", help="Biến thể: portal, docx, metrics.")]
DEFAULT_VARIANT = "portal"


class Format(StrEnum):
    """How the page is written."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


@app.command("check")
def check(*, law: choosing.Law = None) -> None:
    """Kiểm tra toàn bộ thư mục luật: khoảng trống, chồng lấn, giá trị thiếu căn cứ, điểm không cộng đủ."""
    from motcua.lawbook import checking

    book = lawbook.load(law)
    problems = checking.check(book, knowledge(book))
    if problems:
        raise UserError(
            f"Thư mục luật có {len(problems)} chỗ chưa đúng.",
            remedy="Hãy sửa các chỗ sau rồi kiểm tra lại.",
            where=str(book.root),
            problems=problems,
        )
    count = sum(1 for _ in book.root.rglob("*.toml"))
    examples = sum(1 for _ in (book.root / "cases").rglob("*.toml"))
    typer.echo(f"Luật: {count} tệp, không có lỗi; {examples} tệp ví dụ tính ra đúng như đã ghi.", err=True)


def knowledge(book: lawbook.Lawbook) -> "Knowledge":
    """Return what the program knows that the law folder must agree with."""
    from motcua.bottlenecks import watch
    from motcua.deadlines import lawfiles
    from motcua.deadlines import worked as worked_deadlines
    from motcua.facts.measures import MEASURES
    from motcua.facts.options import FactOptions
    from motcua.forms import formlaw
    from motcua.indicators import worked as worked_points
    from motcua.lawbook import targets
    from motcua.lawbook.checking import Knowledge
    from motcua.publication import monthlaw
    from motcua.workflow import rulebook

    return Knowledge(
        measures=MEASURES,
        read_facts=FactOptions.read,
        readers={
            "deadlines": lambda path: lawfiles.rule_versions(book, path.parent.name),
            "forms": formlaw.read_form,
            "monitors": watch.read,
            "publication": monthlaw.read,
            "targets": targets.read,
            "workflow": rulebook.read_rulebook,
        },
        examples={
            "points": lambda path: worked_points.differences(path, book),
            "deadlines": lambda path: worked_deadlines.differences(path, book),
        },
    )


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Bộ chỉ số: qd766 hoặc qd766/portal.")] = "qd766",
    *,
    variant: Variant = DEFAULT_VARIANT,
    on: choosing.On = None,
    law: choosing.Law = None,
    written_as: Annotated[Format, typer.Option("--format", help="Dạng kết quả.")] = Format.TABLE,
) -> None:
    """Xem một bộ chỉ số thành trang văn bản: công thức, điểm, quy tắc và căn cứ của từng giá trị."""
    from motcua.cli import law_pages
    from motcua.facts.measures import MEASURES
    from motcua.lawbook import pages

    book = lawbook.load(law)
    rules = book.indicator_set(_full_name(book, name, variant), on=choosing.day(on) or choosing.today())
    names = {measure.name: measure.name_vi for measure in MEASURES.values()}
    if written_as is Format.JSON:
        output.print_json(law_pages.as_shape(rules))
        return
    page = pages.page(rules, measure_names=names)
    if written_as is Format.HTML:
        output.write_text(law_pages.as_html(page))
    else:
        law_pages.print_page(page)


@app.command("diff")
def diff(
    before: Annotated[str, typer.Argument(help="Bộ hoặc bản: qd766/docx, qd766/portal/2026-01-01, hoặc tệp .toml.")],
    after: Annotated[str, typer.Argument(help="Bộ hoặc bản để so với bộ trước.")],
    *,
    on: choosing.On = None,
    law: choosing.Law = None,
    written_as: Annotated[Format, typer.Option("--format", help="Dạng kết quả: table hoặc json.")] = Format.TABLE,
) -> None:
    """So sánh hai bộ chỉ số hoặc hai bản của một bộ, từng giá trị."""
    from motcua.cli import law_pages
    from motcua.lawbook import differences

    book = lawbook.load(law)
    day = choosing.day(on) or choosing.today()
    one, other = _named(book, before, day), _named(book, after, day)
    found = differences.between(one, other)
    if written_as is Format.JSON:
        output.print_json(law_pages.differences_shape(one, other, found))
    elif written_as is Format.TABLE:
        law_pages.print_differences(one, other, found)
    else:
        raise UserError("So sánh không có dạng html.", remedy="Hãy chọn table hoặc json.", where="--format")


@app.command("list")
def list_all(*, law: choosing.Law = None) -> None:
    """Liệt kê các bộ chỉ số, danh mục mã và lịch làm việc đang có."""
    from motcua.cli import law_pages

    law_pages.print_list(lawbook.load(law))


@app.command("publish")
def publish(
    files: Annotated[list[Path], typer.Argument(help="Các tệp luật (một bản mỗi tệp) cần công bố.")],
    *,
    law: choosing.Law = None,
) -> None:
    """Ghi nhận các bản đã công bố: từ đó «motcua law check» từ chối nếu nội dung bị sửa."""
    from motcua.lawbook import publishing

    book = lawbook.load(law)
    root = book.root.resolve()
    paths = tuple(path.resolve() for path in files)
    for path in paths:
        if not path.is_relative_to(root):
            raise UserError("Tệp không thuộc thư mục luật.", remedy=f"Hãy chọn tệp trong {root}.", where=str(path))
    for added in publishing.publish(root, paths):
        typer.echo(f"Đã công bố: law/{added}", err=True)


def _full_name(book: lawbook.Lawbook, name: str, variant: str) -> str:
    if "/" in name or name in book.indicator_set_names():
        return name
    return f"{name}/{variant}"


def _named(book: lawbook.Lawbook, text: str, day: date) -> IndicatorSet:
    if text.endswith(".toml"):
        return book.indicator_set_in(Path(text))
    name, _, last = text.rpartition("/")
    try:
        start = date.fromisoformat(last)
    except ValueError:
        return book.indicator_set(_full_name(book, text, DEFAULT_VARIANT), on=day)
    for version in book.indicator_versions(name):
        if version.effective_from == start:
            return version
    starts = ", ".join(version.version for version in book.indicator_versions(name))
    raise UserError(f"Không có bản «{text}».", remedy=f"Hãy chọn một trong: {starts}.", where=text)
