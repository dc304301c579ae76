"""Checking the whole law folder: everything that must not be published is named, file by file."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from motcua.kernel.errors import Problem, UserError
from motcua.lawbook import calendars, citations, files, publishing, versions
from motcua.lawbook.book import Lawbook
from motcua.lawbook.calendars import DayKind
from motcua.lawbook.errors import LawFileError
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.lawbook.versions import Dated

# Folders of <code>/<effective_from>.toml; the parts that read them check the inside.
_VERSIONED = (
    "codelists",
    "deadlines",
    "indicators",
    "workflow",
    "forms",
    "reminders",
    "targets",
    "monitors",
    "publication",
)
_UNCITED = ("documents.toml", "glossary.toml", publishing.RECORD)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the law folder cannot know itself: the measures that exist, and how other parts read their own files.

    ``readers`` maps a folder of ``law/`` to a function that reads one file of it and raises ``UserError`` on a fault;
    ``examples`` maps a folder of ``law/cases`` to a function that names what does not come out as its file says.
    """

    measures: Collection[str]
    read_facts: Callable[[Mapping[str, Any]], object]
    readers: Mapping[str, Callable[[Path], object]]
    examples: Mapping[str, Callable[[Path], Iterable[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Version:
    effective_from: date
    effective_to: date | None


def check(book: Lawbook, knowledge: Knowledge) -> tuple[Problem, ...]:
    """Return every fault of the law folder; none means it may be published."""
    return tuple(_faults(book, knowledge))


def _faults(book: Lawbook, knowledge: Knowledge) -> Iterator[Problem]:
    try:
        documents = book.documents()
    except LawFileError as error:
        yield _problem(book, error)
        documents = {}
    yield from _reading(book, book.glossary)
    for path in sorted(book.root.rglob("*.toml")):
        yield from _file_faults(book, path, documents)
    for kind in _VERSIONED:
        for folder in sorted(path for path in (book.root / kind).glob("*") if path.is_dir()):
            yield from _folder_faults(book, kind, folder, knowledge)
    yield from _calendar_faults(book)
    for kind, differences in knowledge.examples.items():
        for path in sorted((book.root / "cases" / kind).glob("*.toml")):
            yield from _example_faults(book, path, differences)
    try:
        changed = publishing.changed(book.root)
    except LawFileError as error:
        yield _problem(book, error)
        return
    for name, fault in changed:
        yield Problem(
            where=_shown(book, book.root / name),
            what=fault,
            remedy="Hãy khôi phục tệp; muốn sửa luật, thêm một bản có ngày hiệu lực mới.",
        )


def _example_faults(book: Lawbook, path: Path, differences: Callable[[Path], Iterable[str]]) -> Iterator[Problem]:
    try:
        for fault in differences(path):
            yield Problem(_shown(book, path), fault, "Hãy sửa quy tắc, hoặc sửa ví dụ nếu số công bố ghi sai.")
    except (KeyError, TypeError, ValueError) as error:
        yield Problem(_shown(book, path), f"không đọc được ví dụ: {error}.", "Hãy ghi như các ví dụ khác.")
    except UserError as error:
        yield _problem(book, error)


def _file_faults(book: Lawbook, path: Path, documents: Collection[str]) -> Iterator[Problem]:
    where = _shown(book, path)
    try:
        content = files.read(path)
    except LawFileError as error:
        yield _problem(book, error)
        return
    for place in citations.not_nfc(content):
        yield Problem(where, f"{place}: chữ không phải Unicode dựng sẵn (NFC).", "Hãy lưu lại chữ ở dạng NFC.")
    if path.name in _UNCITED:
        return
    for place, fault in citations.citation_faults(content, documents):
        yield Problem(where, f"{place}: {fault}", "Hãy sửa căn cứ, hoặc thêm văn bản vào documents.toml.")
    for place in citations.uncited(content):
        yield Problem(where, f"{place}: giá trị không có căn cứ.", "Hãy thêm citation bên cạnh hoặc ở bảng chứa nó.")


def _folder_faults(book: Lawbook, kind: str, folder: Path, knowledge: Knowledge) -> Iterator[Problem]:
    try:
        paths = files.version_files(folder)
    except LawFileError as error:
        yield _problem(book, error)
        return
    dated: list[tuple[Path, Dated]] = []
    for path in paths:
        try:
            dated.append((path, _version(path)))
        except LawFileError as error:
            yield _problem(book, error)
            continue
        yield from _content_faults(book, kind, path, knowledge)
    for position, fault in versions.faults([version for _, version in dated]):
        yield Problem(
            _shown(book, dated[position][0]), f"Bản này {fault}", "Hãy sửa effective_to để các bản nối tiếp nhau."
        )


def _version(path: Path) -> _Version:
    content = files.read(path)
    begins, ends = content.get("effective_from"), content.get("effective_to")
    for name, value in (("effective_from", begins), ("effective_to", ends)):
        given = value is not None or name == "effective_from"
        if given and (not isinstance(value, date) or isinstance(value, datetime)):
            raise LawFileError(path, f"{name} không phải ngày.", "Hãy ghi ngày, ví dụ 2026-01-01.")
    if begins != date.fromisoformat(path.stem):
        raise LawFileError(
            path, f"effective_from là {begins} nhưng tệp tên {path.name}.", "Hãy đặt tên tệp theo effective_from."
        )
    return _Version(effective_from=date.fromisoformat(path.stem), effective_to=ends)


def _content_faults(book: Lawbook, kind: str, path: Path, knowledge: Knowledge) -> Iterator[Problem]:
    folder = path.parent.name
    if kind == "indicators":
        try:
            found = book.indicator_set_in(path)
        except LawFileError as error:
            yield _problem(book, error)
            return
        yield from _set_faults(book, found, knowledge)
        return
    if kind == "codelists":
        yield from _reading(book, lambda: book.code_list_versions(folder))
    elif kind in knowledge.readers:
        yield from _reading(book, lambda: _read(path, knowledge.readers[kind]))
    name = "form" if kind == "forms" else "code"
    code = files.read(path).get(name)
    if code != folder:
        yield Problem(_shown(book, path), f"{name} là «{code}» nhưng thư mục là «{folder}».", f"Hãy sửa {name}.")


def _read(path: Path, reader: Callable[[Path], object]) -> None:
    try:
        reader(path)
    except KeyError as error:
        raise LawFileError(path, f"thiếu mục {error}.", "Hãy ghi như các bản khác của tệp này.") from error
    except (TypeError, ValueError) as error:
        raise LawFileError(path, f"có giá trị không dùng được ({error}).", "Hãy ghi như các bản khác.") from error


def _set_faults(book: Lawbook, found: IndicatorSet, knowledge: Knowledge) -> Iterator[Problem]:
    where = _shown(book, found.path)
    if found.path.parent.name != found.name.replace("/", "-"):
        yield Problem(
            where, f"Bộ tên «{found.name}» nhưng thư mục là «{found.path.parent.name}».", "Hãy sửa set, variant."
        )
    try:
        levels = {str(item.code) for version in book.code_list_versions("unit_kind") for item in version.items}
    except UserError as error:
        yield _problem(book, error)
        return
    for indicator in found.indicators:
        for measure in indicator.measures:
            if measure not in knowledge.measures:
                yield Problem(
                    where,
                    f"[[indicator]] {indicator.code}: không có số đếm «{measure}».",
                    "Hãy dùng số đếm có trong docs/dev/seams.md, mục 3.",
                )
        for level in indicator.not_applicable.levels if indicator.not_applicable else ():
            if level not in levels:
                yield Problem(
                    where,
                    f"[[indicator]] {indicator.code}: không có loại đơn vị «{level}».",
                    "Hãy dùng mã trong codelists/unit_kind.",
                )
    try:
        knowledge.read_facts(found.facts)
    except UserError as error:
        yield Problem(where, f"[facts]: {error.what}", error.remedy)


def _calendar_faults(book: Lawbook) -> Iterator[Problem]:
    folder = book.root / "calendar"
    try:
        paths = files.version_files(folder / "rules")
        rules = [calendars.read_rules(path) for path in paths]
    except LawFileError as error:
        yield _problem(book, error)
        return
    for position, fault in versions.faults(rules):
        yield Problem(_shown(book, paths[position]), f"Bản này {fault}", "Hãy sửa effective_to.")
    if (folder / "lunar.toml").is_file():
        yield from _reading(book, book.lunar_years)
    for scope in book.calendar_scopes():
        years = book.calendar_years(scope)
        yield from _year_gaps(book, scope, years)
        for year in years:
            try:
                yield from _year_faults(book, scope, year)
            except UserError as error:
                yield _problem(book, error)


def _year_gaps(book: Lawbook, scope: str, years: Sequence[int]) -> Iterator[Problem]:
    if scope != calendars.NATIONAL or not years:
        return
    for year in range(years[0], years[-1]):
        if year not in years:
            yield Problem(
                _shown(book, book.root / "calendar"), f"Thiếu lịch năm {year}.", f"Hãy thêm tệp calendar/{year}.toml."
            )


def _year_faults(book: Lawbook, scope: str, year: int) -> Iterator[Problem]:
    found = book.calendar_year(year, scope=scope)
    if found is None:
        return
    where = _shown(book, found.path)
    week = found.week or book.calendar_rules(on=date(year, 12, 31)).week
    for day in found.days_worked:
        if week[day.weekday()]:
            yield Problem(
                where,
                f"[[day_worked]] {day.isoformat()} vốn là ngày làm việc.",
                "Ngày làm bù phải là ngày nghỉ hằng tuần.",
            )
    for one in (*found.days_off.values(), *found.days_worked.values()):
        if one.kind is DayKind.SWAP_OFF and not week[one.day.weekday()]:
            yield Problem(where, f"[[day_off]] {one.day.isoformat()} vốn là ngày nghỉ hằng tuần.", "Hãy bỏ hoán đổi.")
        if one.paired_with is None or one.paired_with.year == year:
            continue
        other = book.calendar_year(one.paired_with.year, scope=scope)
        days = {**other.days_off, **other.days_worked} if other else {}
        if one.paired_with not in days or days[one.paired_with].paired_with != one.day:
            yield Problem(
                where,
                f"{one.day.isoformat()} hoán đổi với {one.paired_with.isoformat()} nhưng ngày đó không trỏ lại.",
                "Hãy ghi ngày kia trong lịch của năm đó.",
            )


def _reading(book: Lawbook, read: Callable[[], object]) -> Iterator[Problem]:
    try:
        read()
    except UserError as error:
        yield _problem(book, error)


def _problem(book: Lawbook, error: UserError) -> Problem:
    where = error.where
    if isinstance(error, LawFileError):
        where = _shown(book, error.path)
    return Problem(where=where, what=error.what, remedy=error.remedy)


def _shown(book: Lawbook, path: Path) -> str:
    return f"law/{path.relative_to(book.root).as_posix()}" if path.is_relative_to(book.root) else str(path)
