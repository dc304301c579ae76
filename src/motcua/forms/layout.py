"""A filled form as blocks on a page, the same for every way of printing it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.forms import words
from motcua.forms.content import Content
from motcua.forms.formlaw import FormLaw, Paper

_PLACEHOLDER = re.compile(r"\{([\w.]+)(?::(\w+))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """«Nhãn: giá trị». An empty value is a dotted line to write on."""

    label: str
    value: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Fields beside each other."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A sentence. ``style``: plain, body (first line indented), centred, address (Kính gửi)."""

    text: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A numbered list under a label."""

    label: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: relative width, alignment, and the heading it shares with its neighbours."""

    title: str
    width: float
    align: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of text under headings. ``row_height_mm`` leaves room to sign."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    row_height_mm: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature block; all empty leaves the place free."""

    title: str = ""
    note: str = ""
    name: str = ""
    job: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signature blocks beside each other."""

    columns: tuple[Signature, ...]


Block = Field | Row | Text | Items | Table | Signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A form ready to print, in the parts that NĐ 30/2020/NĐ-CP gives an official document."""

    form: str
    paper: Paper
    is_landscape: bool
    mark: str
    parent_name: str
    office_name: str
    number: str
    place_and_day: str
    title: str
    dossier_code: str
    verify_url: str
    blocks: tuple[Block, ...]
    issued_on: date


def compose(content: Content, law: FormLaw, *, paper: Paper | None = None) -> Page:
    """Fill the form.

    Args:
        content: what to fill in; its class says which form.
        law: the version of that form (``formlaw.form_on``).
        paper: another size than the law's, where an office prints everything on one.
    """
    number = law.number_pattern.format(serial=words.serial(content.serial), office=content.office.abbreviation)
    return Page(
        form=law.form,
        paper=paper or law.paper,
        is_landscape=law.is_landscape,
        mark=law.mark_vi,
        parent_name=content.office.parent_name.upper(),
        office_name=content.office.name.upper(),
        number=number,
        place_and_day=f"{content.office.place}, {words.day(content.issued_on)}",
        title=law.title_vi,
        dossier_code=str(_value(content, "dossier.code")) if law.has_codes else "",
        verify_url=content.verify_url if law.has_codes else "",
        blocks=tuple(
            _block(part, content) for part in law.parts if "when" not in part or _value(content, part["when"])
        ),
        issued_on=content.issued_on,
    )


def _block(part: Mapping[str, Any], content: Content) -> Block:
    match part["kind"]:
        case "field":
            return _field(part, content)
        case "row":
            return Row(tuple(_field(one, content) for one in part["fields"]))
        case "text":
            return Text(text=_fill(part["text_vi"], content), style=part.get("style", "plain"))
        case "list":
            return Items(label=part["label_vi"], items=tuple(str(item) for item in _value(content, part["rows"])))
        case "table":
            return _table(part, content)
        case _:
            return Signatures(tuple(_signature(one, content) for one in part["columns"]))


def _field(part: Mapping[str, Any], content: Content) -> Field:
    value = _shown(_value(content, part["value"]), part.get("as", ""))
    if value and "unit_vi" in part:
        value = f"{value} {part['unit_vi']}"
    return Field(label=part["label_vi"], value=value, is_strong=part.get("strong", False))


def _table(part: Mapping[str, Any], content: Content) -> Table:
    return Table(
        label=part.get("label_vi", ""),
        columns=tuple(
            Column(title=one["title_vi"], width=one["width"], align=one["align"], group=one.get("group_vi", ""))
            for one in part["columns"]
        ),
        rows=tuple(
            tuple(_cell(column, row, number) for column in part["columns"])
            for number, row in enumerate(_value(content, part["rows"]), 1)
        ),
        row_height_mm=part.get("row_height_mm", 0),
    )


def cell_value(column: Mapping[str, Any], row: object, number: int) -> Any:
    """Return what a column of the law file takes from a row: ``#`` its number, nothing for a column signed by hand."""
    match column["value"]:
        case "#":
            return number
        case "":
            return None
        case path:
            return _value(row, path)


def _cell(column: Mapping[str, Any], row: object, number: int) -> str:
    value = cell_value(column, row, number)
    # A paper given in no copy of a kind leaves that cell empty: 0 reads like a statement.
    return "" if value == 0 else _shown(value, column.get("as", ""))


def _signature(part: Mapping[str, Any], content: Content) -> Signature:
    return Signature(
        title=part["title_vi"],
        note=part.get("note_vi", ""),
        name=str(_value(content, part["name"])) if "name" in part else "",
        job=str(_value(content, part["job"])) if "job" in part else "",
    )


def _fill(text: str, content: Content) -> str:
    return _PLACEHOLDER.sub(lambda found: _shown(_value(content, found[1]), found[2] or "") or "........", text)


def _value(holder: object, path: str) -> Any:
    for name in path.split("."):
        holder = getattr(holder, name)
    return holder


def _shown(value: object, style: str) -> str:
    if isinstance(value, datetime) and style == "short":
        return words.short(value)
    if isinstance(value, datetime) and style == "day":
        return f"{value:%d/%m/%Y}"
    return words.plain(value)
