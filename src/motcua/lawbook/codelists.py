"""Danh mục mã: official codes kept verbatim, each with its Vietnamese name and what the project adds to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from motcua.kernel.citation import Citation
from motcua.lawbook import files
from motcua.lawbook.reading import Table

_OWN = ("code", "identifier", "name_vi", "citation")


@dataclass(frozen=True, slots=True)
class CodeItem:
    """One code. ``identifier`` is its name in our code; ``more`` holds what only this list says of its items."""

    code: int | str
    identifier: str
    name_vi: str
    more: Mapping[str, Any]
    citation: Citation


@dataclass(frozen=True, slots=True)
class CodeList:
    """Danh mục: one dated version of a list of codes, in the order of its file."""

    code: str
    name_vi: str
    effective_from: date
    effective_to: date | None
    items: tuple[CodeItem, ...]
    citation: Citation
    note_vi: str
    path: Path
    law_hash: str

    def item(self, code: int | str) -> CodeItem | None:
        """Return the item of that code; None if the list has none."""
        return next((item for item in self.items if item.code == code), None)

    def name_vi_of(self, code: int | str) -> str:
        """Return the Vietnamese name of a code; the code itself where the list does not know it."""
        item = self.item(code)
        return item.name_vi if item else str(code)


def read(path: Path) -> CodeList:
    """Return the version of a list that the file holds.

    Raises:
        LawFileError: a code or identifier stands twice, or a value is missing.
    """
    content = files.read(path)
    top = Table(path, "", content)
    top.only("code", "name_vi", "effective_from", "effective_to", "citation", "item", "note_vi")
    citation = top.citation()
    items = tuple(_item(table, citation) for table in top.tables("item"))
    codes = [str(item.code) for item in items]
    names = [item.identifier for item in items]
    for values, kind in ((codes, "mã"), (names, "định danh")):
        twice = [value for value in values if values.count(value) > 1]
        if twice:
            top.fail(f"{kind} {twice[0]} có hai lần.", "Hãy bỏ hoặc đổi một mục.")
    return CodeList(
        code=top.text("code"),
        name_vi=top.text("name_vi"),
        effective_from=top.day("effective_from"),
        effective_to=top.day_if_given("effective_to"),
        items=items,
        citation=citation,
        note_vi=top.text("note_vi", ""),
        path=path,
        law_hash=files.content_hash(content),
    )


def _item(table: Table, citation: Citation) -> CodeItem:
    code = table.content.get("code")
    if isinstance(code, bool) or not isinstance(code, (int, str)):
        table.fail("thiếu mã.", "Hãy ghi code là số nguyên hoặc chuỗi.")
    return CodeItem(
        code=code,
        identifier=table.text("identifier", str(code)),
        name_vi=table.text("name_vi"),
        more=MappingProxyType({name: value for name, value in table.content.items() if name not in _OWN}),
        citation=table.citation_or("citation", citation),
    )
