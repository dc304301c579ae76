"""One table of a law file, read with its types checked, so that a slip of the pen is named and not passed on."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from motcua.kernel.citation import Certainty, Citation
from motcua.lawbook.errors import LawFileError


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a law file: ``where`` names it as a person finds it (``[[indicator]] DOSSIER_SYNC``)."""

    path: Path
    where: str
    content: Mapping[str, Any]

    def fail(self, problem: str, remedy: str) -> NoReturn:
        """Refuse the file.

        Raises:
            LawFileError: always.
        """
        raise LawFileError(self.path, f"{self.where}: {problem}" if self.where else problem, remedy)

    def only(self, *names: str) -> None:
        """Refuse a key that has no meaning here: most often one that is misspelt."""
        unknown = sorted(set(self.content) - set(names))
        if unknown:
            self.fail(
                f"không hiểu mục «{unknown[0]}».",
                "Hãy sửa tên mục; các mục dùng được: " + ", ".join(sorted(names)) + ".",
            )

    def has(self, name: str) -> bool:
        """Tell whether the key is given."""
        return name in self.content

    def _value(self, name: str, kinds: type | tuple[type, ...], said: str) -> Any:
        if name not in self.content:
            self.fail(f"thiếu mục «{name}».", f"Hãy thêm «{name}» ({said}).")
        value = self.content[name]
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            self.fail(f"mục «{name}» có giá trị {value!r} không đúng kiểu.", f"Hãy ghi {said}.")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text in NFC; it may be absent only where a default is given."""
        if default is not None and name not in self.content:
            return default
        value: str = self._value(name, str, "một chuỗi chữ")
        if not unicodedata.is_normalized("NFC", value):
            self.fail(f"mục «{name}» không phải Unicode dựng sẵn (NFC).", "Hãy lưu lại chữ ở dạng NFC.")
        if not value.strip() and default is None:
            self.fail(f"mục «{name}» để trống.", "Hãy ghi nội dung.")
        return value

    def one_of(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """Return a text that is one of the choices."""
        value = self.text(name, default)
        if value not in choices:
            self.fail(f"mục «{name}» có giá trị «{value}» lạ.", "Hãy ghi một trong: " + ", ".join(choices) + ".")
        return value

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        """Return a number exactly as written."""
        if default is not None and name not in self.content:
            return default
        number = Decimal(self._value(name, (int, Decimal), "một số"))
        if not number.is_finite():
            self.fail(f"mục «{name}» không phải số hữu hạn.", "Hãy ghi một số.")
        return number

    def whole(self, name: str) -> int:
        """Return a whole number."""
        value: int = self._value(name, int, "một số nguyên")
        return value

    def is_on(self, name: str, default: bool) -> bool:  # noqa: FBT001 - the value itself is a switch
        """Return a switch, true or false."""
        if name not in self.content:
            return default
        value: bool = self._value(name, bool, "true hoặc false")
        return value

    def day(self, name: str) -> date:
        """Return a day."""
        value = self._value(name, date, "một ngày, ví dụ 2026-01-01")
        if isinstance(value, datetime):
            self.fail(f"mục «{name}» có cả giờ.", "Hãy chỉ ghi ngày, ví dụ 2026-01-01.")
        day: date = value
        return day

    def day_if_given(self, name: str) -> date | None:
        """Return a day, or None where the key is absent."""
        return self.day(name) if name in self.content else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; empty where the key is absent."""
        if name not in self.content:
            return ()
        values = self._value(name, list, 'một danh sách chữ, ví dụ ["commune"]')
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.fail(f"mục «{name}» phải gồm toàn chữ.", 'Hãy ghi như ["commune"].')
        return tuple(values)

    def table(self, name: str) -> "Table":
        """Return a table inside this one."""
        value = self._value(name, dict, "một bảng { … }")
        return Table(self.path, f"{self.where} · {name}" if self.where else f"[{name}]", value)

    def tables(self, name: str, *, named_by: str = "code") -> tuple["Table", ...]:
        """Return the tables ``[[name]]``, each named in messages by the text of one of its keys; may be none."""
        values = self.content.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.fail(f"mục «{name}» phải là các bảng [[{name}]].", f"Hãy ghi mỗi mục thành một [[{name}]].")
        return tuple(
            Table(self.path, f"[[{name}]] {value.get(named_by, number)}", value)
            for number, value in enumerate(values, start=1)
        )

    def citation(self, name: str = "citation") -> Citation:
        """Return the citation written as ``{ document, where, certainty }``."""
        if name not in self.content:
            self.fail(f"thiếu căn cứ «{name}».", "Hãy thêm { document, where, certainty }.")
        given = self.table(name)
        given.only("document", "where", "certainty")
        certainty = given.one_of("certainty", tuple(Certainty))
        return Citation(document=given.text("document"), where=given.text("where", ""), certainty=Certainty(certainty))

    def citation_or(self, name: str, otherwise: Citation) -> Citation:
        """Return the citation of that name, or the nearest one above where it is absent."""
        return self.citation(name) if name in self.content else otherwise
