"""Lists of units: codes and names, in the portal's identifiers or as area codes of the statistics office (GSO)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from motcua.ingest import sheets, sheets_cells, sheets_mapping
from motcua.ingest.reading import Batch, ImportContext
from motcua.ingest.sheets import Chunk, Page
from motcua.ingest.sheets_cells import Moments
from motcua.kernel import ids, text
from motcua.kernel.errors import Problem

_NOT_TAKEN = "Dòng này không được nhập; hãy sửa rồi nhập lại."
_SHOWN = 12


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read a list of units; a unit without a stated parent stands under the code it extends (H05.12 under H05).

    Raises:
        UserError: the file cannot be opened or holds no such list.
    """
    reader = _UnitReader(context)
    for page, odd in sheets.pages(path, context=context, kinds={"units"}):
        yield Batch(stream="units", columns={}, rows_read=0, warnings=odd)
        for chunk in sheets.chunks(page):
            yield reader.batch(chunk, page=page)
            context.advance(chunk.rows_read)
    yield Batch(stream="units", columns={}, rows_read=0, warnings=reader.last_words())


class _UnitReader:
    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._kinds = sheets_mapping.words("units", "kinds", folder=context.mapping)
        starts = sheets_mapping.words("units", "name_starts", folder=context.mapping)
        self._starts = sorted(starts.items(), key=lambda one: (-len(one[0]), one[0]))
        self._codes: dict[str, int] = {}
        self._parents: dict[str, None] = {}
        self._area_codes = 0

    def batch(self, chunk: Chunk, *, page: Page) -> Batch:
        refused = list(chunk.refused)
        problems: list[Problem] = []
        warnings = list(chunk.warnings)
        columns: dict[str, list[object]] = {
            name: [] for name in ("unit_code", "name", "kind", "parent_code", "valid_from", "valid_to")
        }
        days = {name: self._days(name, chunk, page=page, problems=problems) for name in ("valid_from", "valid_to")}
        texts = {
            name: [sheets_cells.text(cell) for cell in chunk.column(name)]
            for name in ("unit_code", "name", "level", "parent_code")
        }
        for place, number in enumerate(chunk.numbers):
            given, name, level, stated = (texts[field][place] for field in texts)
            code = self._code(given or "")
            if code is None or name is None:
                what = f"«{given}» không phải mã đơn vị." if code is None else f"đơn vị {code} không có tên."
                refused.append(Problem(where=page.where, row=number, what=what, remedy=_NOT_TAKEN))
                continue
            kind = self._kinds.get(text.fold(level or "")) or self._kind_by_name(name)
            if kind is None:
                warnings.append(
                    Problem(
                        where=page.where,
                        row=number,
                        what=f"chưa rõ «{name[:60]}» là loại đơn vị gì ({level or 'không ghi cấp'}).",
                        remedy="Loại được để trống; hãy thêm từ này vào units.toml của tỉnh, phần [kinds].",
                    )
                )
            if code in self._codes:
                warnings.append(
                    Problem(
                        where=page.where,
                        row=number,
                        what=f"mã đơn vị {code} đã có ở dòng {self._codes[code]}; dòng sau cùng được dùng.",
                        remedy="Hãy kiểm tra dòng nào đúng.",
                    )
                )
            self._codes[code] = number
            parent = self._code(stated) if stated else self._extended(code)
            if parent is not None and parent != code:
                self._parents[parent] = None
            self._area_codes += code.isdigit()
            row = (code, name, kind, parent if parent != code else None)
            for field, value in zip(columns, (*row, days["valid_from"][place], days["valid_to"][place]), strict=True):
                columns[field].append(value)
        return Batch(
            stream="units", columns=columns, rows_read=chunk.rows_read,
            refused=refused, problems=problems, warnings=warnings,
        )  # fmt: skip

    def _days(self, name: str, chunk: Chunk, *, page: Page, problems: list[Problem]) -> list[date | None]:
        cells = chunk.column(name)
        found, odd = Moments(page.grid.day_zero).read(cells)
        problems += [
            Problem(
                where=page.where,
                row=chunk.numbers[place],
                column=page.headings.texts[name],
                what=f"«{str(cells[place])[:40]}» không phải ngày dùng được.",
                remedy="Ô được để trống; hãy ghi dạng 01/07/2025.",
            )
            for place in odd
        ]
        return [moment.date() if moment else None for moment in found]

    def _code(self, given: str) -> str | None:
        found = ids.unit_code(given)
        return found if found is not None or not (given.isascii() and given.isdigit()) else given

    def _extended(self, code: str) -> str | None:
        return code.rpartition(".")[0] or None if "." in code else None

    def _kind_by_name(self, name: str) -> str | None:
        folded = text.fold(name) + " "
        return next((kind for start, kind in self._starts if folded.startswith(start + " ")), None)

    def last_words(self) -> list[Problem]:
        """Tell what concerns the list as a whole."""
        found = []
        if self._area_codes:
            found.append(
                Problem(
                    where=self._context.name,
                    what=f"{self._area_codes} đơn vị dùng mã địa bàn (thống kê), không phải mã định danh Hxx.",
                    remedy="Hồ sơ mang mã định danh sẽ không khớp với mã này; hãy nhập thêm danh sách có mã định danh.",
                )
            )
        missing = [code for code in self._parents if code not in self._codes]
        if missing:
            shown = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
            found.append(
                Problem(
                    where=self._context.name,
                    what=f"{len(missing)} đơn vị cấp trên không có trong tệp: {shown}.",
                    remedy="Hãy nhập thêm danh sách có các đơn vị này để số liệu được cộng lên cấp trên.",
                )
            )
        return found
