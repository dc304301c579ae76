"""Lists of petitions (phản ánh, kiến nghị), as CSV or workbooks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from motcua.ingest import matching_units, sheets, sheets_cells, sheets_mapping
from motcua.ingest.reading import Batch, ImportContext
from motcua.ingest.sheets import Chunk, Page
from motcua.ingest.sheets_cells import Moments
from motcua.ingest.sheets_tally import Tally
from motcua.kernel import text
from motcua.kernel.errors import Problem

_MOMENTS = (
    "received_at", "forwarded_at", "rejected_at", "supplement_requested_at", "resolved_at", "published_at",
)  # fmt: skip
_COUNTS = ("likes", "dislikes")
_FLAGS = ("is_repeated", "is_vertical")
_YES = frozenset({"co", "x", "true", "yes", "1", "dung"})
_NO = frozenset({"khong", "false", "no", "0", "sai"})
_NOT_TAKEN = "Dòng này không được nhập; hãy sửa rồi nhập lại."
_LEFT_UNKNOWN = "Ô được để trống (không biết); hãy sửa rồi nhập lại."


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read a list of petitions; what was written in them and by whom is never kept.

    Raises:
        UserError: the file cannot be opened or holds no such list.
    """
    reader = _PetitionReader(context)
    for page, odd in sheets.pages(path, context=context, kinds={"petitions"}):
        yield Batch(stream="petitions", columns={}, rows_read=0, warnings=odd)
        for chunk in sheets.chunks(page):
            yield reader.batch(chunk, page=page)
            context.advance(chunk.rows_read)
    yield Batch(stream="petitions", columns={}, rows_read=0, warnings=list(reader.tally.problems(where=context.name)))


class _PetitionReader:
    def __init__(self, context: ImportContext) -> None:
        self.tally = Tally()
        self._units = matching_units.of_context(context)
        self._kinds = sheets_mapping.words("petitions", "kinds", folder=context.mapping)
        self._centre = sheets_mapping.words("petitions", "centre", folder=context.mapping)
        self._rows: dict[str, int] = {}

    def batch(self, chunk: Chunk, *, page: Page) -> Batch:
        problems: list[Problem] = []
        columns: dict[str, list[object]] = {}
        for name in _MOMENTS:
            columns[name] = list(self._moments(name, chunk, page=page, problems=problems))
        for name in _COUNTS:
            columns[name] = self._counts(name, chunk, page=page, problems=problems)
        yes_no: Mapping[str, object] = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
        for name in _FLAGS:
            columns[name] = self._words(name, chunk, meanings=yes_no, page=page)
        centre = {word: meaning == "yes" for word, meaning in self._centre.items()}
        columns["forwarded_by_centre"] = self._words("forwarded_by_centre", chunk, meanings=centre, page=page)
        columns["kind"] = self._words("kind", chunk, meanings=self._kinds, page=page)
        texts = {
            name: [sheets_cells.text(cell) for cell in chunk.column(name)]
            for name in ("petition_code", "dossier_code", "unit_code", "unit")
        }
        columns["petition_code"] = list(texts["petition_code"])
        columns["dossier_code"] = list(texts["dossier_code"])
        columns["unit_code"] = [
            found.code if (found := self._units.find(code=code, name=name, dossier_code=dossier)) else None
            for code, name, dossier in zip(texts["unit_code"], texts["unit"], texts["dossier_code"], strict=True)
        ]
        return self._without_unusable(chunk, columns=columns, page=page, problems=problems)

    def _without_unusable(
        self, chunk: Chunk, *, columns: dict[str, list[object]], page: Page, problems: list[Problem]
    ) -> Batch:
        refused = list(chunk.refused)
        keep: list[int] = []
        for place, number in enumerate(chunk.numbers):
            lacking = "đơn vị xử lý" if columns["unit_code"][place] is None else ""
            lacking = lacking or ("ngày tiếp nhận" if columns["received_at"][place] is None else "")
            code = str(columns["petition_code"][place])
            if lacking:
                what = f"phản ánh «{code[:60]}» không rõ {lacking}."
                refused.append(Problem(where=page.where, row=number, what=what, remedy=_NOT_TAKEN))
                continue
            if code in self._rows:
                what = "{n} mã phản ánh có nhiều lần; dòng sau cùng được dùng"
                self.tally.count(number, what=what, remedy="Hãy kiểm tra dòng nào đúng.")
            self._rows[code] = number
            if str(columns["unit_code"][place]).startswith(matching_units.PLACEHOLDER):
                self.tally.count(
                    number,
                    column=page.headings.texts.get("unit"),
                    what="{n} phản ánh có đơn vị không khớp danh sách đơn vị; tạm giữ theo tên",
                    remedy="Hãy nhập danh sách đơn vị trước, rồi nhập lại tệp.",
                )
            keep.append(place)
        return Batch(
            stream="petitions",
            columns={name: [values[place] for place in keep] for name, values in columns.items()},
            rows_read=chunk.rows_read,
            refused=refused,
            problems=problems,
            warnings=chunk.warnings,
        )

    def _moments(self, name: str, chunk: Chunk, *, page: Page, problems: list[Problem]) -> Sequence[datetime | None]:
        cells = chunk.column(name)
        found, odd = Moments(page.grid.day_zero).read(cells)
        for place in odd:
            problems.append(_unknown(page, name, row=chunk.numbers[place], value=cells[place], wanted="ngày giờ"))
        return found

    def _counts(self, name: str, chunk: Chunk, *, page: Page, problems: list[Problem]) -> list[object]:
        found: list[object] = []
        for number, cell in zip(chunk.numbers, chunk.column(name), strict=True):
            count = sheets_cells.whole_number(cell)
            if (count is None and sheets_cells.text(cell) is not None) or (count is not None and count < 0):
                problems.append(_unknown(page, name, row=number, value=cell, wanted="số lượt"))
                count = None
            found.append(count)
        return found

    def _words(self, name: str, chunk: Chunk, *, meanings: Mapping[str, object], page: Page) -> list[object]:
        found: list[object] = []
        for number, cell in zip(chunk.numbers, chunk.column(name), strict=True):
            said = sheets_cells.text(cell)
            meaning = meanings.get(text.fold(said)) if said else None
            if said and meaning is None:
                self.tally.count(
                    number,
                    column=page.headings.texts[name],
                    what=f"{{n}} ô ghi «{said[:40]}», chưa có trong bảng ánh xạ",
                    remedy="Ô được để trống (không biết); hãy khai nghĩa trong petitions.toml của tỉnh.",
                )
            found.append(meaning)
        return found


def _unknown(page: Page, name: str, *, row: int, value: object, wanted: str) -> Problem:
    return Problem(
        where=page.where,
        row=row,
        column=page.headings.texts[name],
        what=f"«{str(value)[:40]}» không phải {wanted} dùng được.",
        remedy=_LEFT_UNKNOWN,
    )
