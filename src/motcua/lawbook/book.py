"""The lawbook: one folder of law files, asked for what is in force on a day; each file is read only when asked for."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from motcua.kernel.errors import UserError
from motcua.lawbook import files, indicator_files
from motcua.lawbook.errors import LawFileError
from motcua.lawbook.files import NATIONAL
from motcua.lawbook.indicator_sets import IndicatorSet
from motcua.lawbook.versions import as_of

# Only scoring is on the path of every command; the readers of the other files are loaded when they are asked for.
if TYPE_CHECKING:
    from motcua.lawbook.calendars import CalendarRules, CalendarYear, LunarYear
    from motcua.lawbook.codelists import CodeList
    from motcua.lawbook.documents import Document
    from motcua.lawbook.glossary import Term

_SET_NAME = re.compile(r"[a-z0-9_]+(?:/[a-z0-9_]+)?")


def load(root: Path | None = None) -> "Lawbook":
    """Return the lawbook of a folder: the given one, else the one that comes with the program.

    Raises:
        UserError: there is no such folder.
    """
    return Lawbook(files.law_folder(root))


class Lawbook:
    """Sách luật: what ``law/`` says. Reads lazily and keeps what it has read; law files do not change under it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._sets: dict[Path, IndicatorSet] = {}
        self._lists: dict[Path, CodeList] = {}
        self._years: dict[Path, CalendarYear] = {}

    def documents(self) -> "Mapping[str, Document]":
        """Return every cited document by its key."""
        from motcua.lawbook import documents  # noqa: PLC0415

        return documents.read(self.root / "documents.toml")

    def glossary(self) -> "Mapping[str, Term]":
        """Return every term by its identifier."""
        from motcua.lawbook import glossary  # noqa: PLC0415

        return glossary.read(self.root / "glossary.toml")

    def code_list_names(self) -> tuple[str, ...]:
        """Return the codes of all lists."""
        return tuple(sorted({path.parent.name for path in (self.root / "codelists").glob("*/*.toml")}))

    def code_list(self, code: str, *, on: date) -> "CodeList":
        """Return the version of a code list in force on the day.

        Raises:
            UserError: there is no such list, or none in force on that day.
            LawFileError: the file is not sound.
        """
        found = as_of(self.code_list_versions(code), on)
        if found is None:
            raise UserError(
                f"Danh mục «{code}» không có bản nào có hiệu lực ngày {on:%d/%m/%Y}.",
                remedy="Hãy chọn ngày khác.",
                where=code,
            )
        return found

    def code_list_versions(self, code: str) -> "tuple[CodeList, ...]":
        """Return every version of a code list, the oldest first.

        Raises:
            UserError: there is no such list.
        """
        from motcua.lawbook import codelists  # noqa: PLC0415

        names = self.code_list_names()
        if code not in names:
            raise UserError(
                f"Không có danh mục «{code}».", remedy="Hãy chọn một trong: " + ", ".join(names) + ".", where=code
            )
        paths = files.version_files(self.root / "codelists" / code)
        self._lists |= {path: codelists.read(path) for path in paths if path not in self._lists}
        return tuple(self._lists[path] for path in paths)

    def calendar_scopes(self) -> tuple[str, ...]:
        """Return the scopes that have a calendar: ``vn`` and the units with exceptions of their own."""
        folder = self.root / "calendar"
        return (NATIONAL, *sorted({path.parent.name for path in folder.glob("*/*.toml")} - {"rules"}))

    def calendar_years(self, scope: str = NATIONAL) -> tuple[int, ...]:
        """Return the years whose calendar has been announced for the scope."""
        return tuple(sorted(int(path.stem) for path in self._calendar(scope).glob("*.toml") if path.stem.isdecimal()))

    def calendar_year(self, year: int, *, scope: str = NATIONAL) -> "CalendarYear | None":
        """Return the announced calendar of a year; None where none has been announced.

        Raises:
            LawFileError: the file is not sound.
        """
        from motcua.lawbook import calendars  # noqa: PLC0415

        path = self._calendar(scope) / f"{year:04}.toml"
        if path not in self._years:
            if not path.is_file():
                return None
            read = calendars.read_year(path)
            if read.scope != scope:
                raise LawFileError(
                    path, f"code là «{read.scope}» nhưng tệp ở chỗ của «{scope}».", "Hãy sửa code hoặc dời tệp."
                )
            self._years[path] = read
        return self._years[path]

    def calendar_rules(self, *, on: date) -> "CalendarRules":
        """Return the office hours and statutory holidays in force on the day.

        Raises:
            UserError: none is in force on that day.
        """
        from motcua.lawbook import calendars  # noqa: PLC0415

        paths = files.version_files(self.root / "calendar" / "rules")
        found = as_of([calendars.read_rules(path) for path in paths], on)
        if found is None:
            raise UserError(
                f"Không có quy định giờ làm việc, ngày lễ có hiệu lực ngày {on:%d/%m/%Y}.",
                remedy="Hãy chọn ngày sau, hoặc thêm tệp trong law/calendar/rules.",
                where="law/calendar/rules",
            )
        return found

    def lunar_years(self) -> "tuple[LunarYear, ...]":
        """Return the days on which the lunar holidays fall, for the years recorded."""
        from motcua.lawbook import calendars  # noqa: PLC0415

        return calendars.read_lunar(self.root / "calendar" / "lunar.toml")

    def _calendar(self, scope: str) -> Path:
        folder = self.root / "calendar"
        return folder if scope == NATIONAL else folder / scope

    def indicator_set_names(self) -> tuple[str, ...]:
        """Return what ``--rules`` can name: ``qd766/docx``, ``qd766/portal``, …"""
        folders = sorted(path.parent.name for path in (self.root / "indicators").glob("*/*.toml"))
        return tuple(dict.fromkeys(folder.replace("-", "/", 1) for folder in folders))

    def indicator_versions(self, name: str) -> tuple[IndicatorSet, ...]:
        """Return every version of a set, the oldest first.

        Raises:
            UserError: there is no such set.
            LawFileError: a file of it is not sound.
        """
        return tuple(self.indicator_set_in(path) for path in self._set_files(name))

    def indicator_set(self, name: str, *, on: date) -> IndicatorSet:
        """Return the version of the set ``name`` (``qd766/portal``) in force on the day.

        Raises:
            UserError: there is no such set, or none in force on that day.
            LawFileError: the file is not sound.
        """
        paths = self._set_files(name)
        begun = [path for path in paths if date.fromisoformat(path.stem) <= on]
        # Only the latest begun can be in force, so only that file is read.
        found = as_of([self.indicator_set_in(begun[-1])], on) if begun else None
        if found is None:
            starts = ", ".join(f"{date.fromisoformat(path.stem):%d/%m/%Y}" for path in paths)
            raise UserError(
                f"Bộ chỉ số «{name}» không có bản nào có hiệu lực ngày {on:%d/%m/%Y}.",
                remedy=f"Hãy chọn ngày khác (các bản có hiệu lực từ: {starts}) hoặc bộ khác.",
                where=name,
            )
        return found

    def _set_files(self, name: str) -> tuple[Path, ...]:
        paths: tuple[Path, ...] = ()
        if _SET_NAME.fullmatch(name):
            paths = files.version_files(self.root / "indicators" / name.replace("/", "-"))
        if not paths:
            raise UserError(
                f"Không có bộ chỉ số «{name}».",
                remedy="Hãy chọn một trong: " + ", ".join(self.indicator_set_names()) + ".",
                where=name,
            )
        return paths

    def indicator_set_in(self, path: Path) -> IndicatorSet:
        """Return the set that one file holds.

        Raises:
            LawFileError: the file is not sound.
        """
        if path not in self._sets:
            self._sets[path] = indicator_files.read(path)
        return self._sets[path]
