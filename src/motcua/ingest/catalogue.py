"""The national catalogue of procedures: JSON pages, and the list workbooks that the portal gives out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from motcua.ingest import catalogue_facts, catalogue_json, json_pieces, matching, sheets, sheets_cells
from motcua.ingest.catalogue_facts import Described, Doubts
from motcua.ingest.reading import Batch, ImportContext
from motcua.kernel import ids
from motcua.kernel.errors import Problem, UserError

_SHOWN = 12
_NOT_TAKEN = "Dòng này không được nhập; hãy sửa rồi nhập lại."


def read(path: Path, *, context: ImportContext) -> Iterator[Batch]:
    """Read a catalogue.

    Whether a procedure may be fully online is not in these files and stays unknown: that the page has an online
    channel does not say so.

    Raises:
        UserError: the file cannot be opened or holds no catalogue.
    """
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    reader = _CatalogueReader(context)
    is_json = start[:1] in {b"{", b"["}
    yield from reader.of_json(path) if is_json else reader.of_sheets(path)
    yield Batch(stream="procedures", columns={}, rows_read=0, warnings=reader.last_words())


class _CatalogueReader:
    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._doubts = Doubts()
        self._rows: dict[str, int] = {}
        self._repeated: list[str] = []
        self._known: matching.Matcher | None = None

    def of_json(self, path: Path) -> Iterator[Batch]:
        """Read JSON lines or an array; a row's number is its record's."""
        number = 0
        for piece in json_pieces.pieces(path, name=self._context.name):
            numbered: list[tuple[int, Described]] = []
            refused: list[Problem] = []
            records = self._decoded(piece.array)
            for record in records:
                number += 1
                described = catalogue_json.described(record) if isinstance(record, dict) else None
                if described is None:
                    refused.append(self._refusal(number, what="bản ghi không phải thủ tục hành chính."))
                else:
                    numbered.append((number, described))
            yield self._batch(numbered, refused=refused, rows_read=len(records))
            self._context.advance(len(records))

    def _decoded(self, array: bytes) -> list[object]:
        try:
            return msgspec.json.decode(array, type=list[object])
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise UserError(
                "Tệp JSON bị hỏng.", remedy="Hãy xuất hoặc tải lại tệp rồi nhập lại.", where=self._context.name
            ) from error

    def of_sheets(self, path: Path) -> Iterator[Batch]:
        """Read list workbooks: code, name, sector, and what else the table has."""
        for page, odd in sheets.pages(path, context=self._context, kinds={"catalogue-list"}):
            yield Batch(stream="procedures", columns={}, rows_read=0, warnings=odd)
            for chunk in sheets.chunks(page):
                fields = {
                    name: [sheets_cells.text(cell) for cell in chunk.column(name)]
                    if name in chunk.columns
                    else [None] * len(chunk.numbers)
                    for name in ("procedure_code", "name", "sector", "levels", "agency", "applicants", "limit")
                }
                has = chunk.columns.keys()
                numbered = []
                for place, number in enumerate(chunk.numbers):
                    one = {name: values[place] for name, values in fields.items()}
                    numbered.append(
                        (
                            number,
                            Described(
                                code=one["procedure_code"] or "",
                                name=one["name"] or "",
                                sector=one["sector"],
                                levels=one["levels"],
                                applicants=(one["applicants"] or "") if "applicants" in has else None,
                                agency=(one["agency"] or "") if "agency" in has else None,
                                channels=[catalogue_facts.Channel(name="", limit=one["limit"])]
                                if "limit" in has
                                else None,
                            ),
                        )
                    )
                yield self._batch(numbered, refused=chunk.refused, rows_read=chunk.rows_read, warnings=chunk.warnings)
                self._context.advance(chunk.rows_read)

    def _batch(
        self,
        numbered: Sequence[tuple[int, Described]],
        *,
        refused: Sequence[Problem],
        rows_read: int,
        warnings: Sequence[Problem] = (),
    ) -> Batch:
        told = list(refused)
        columns: dict[str, list[object]] = {name: [] for name in catalogue_facts.COLUMNS}
        for number, described in numbered:
            code = self._code(described)
            if code is None or not described.name:
                told.append(self._refusal(number, what=self._fault(described)))
                continue
            if code in self._rows:
                self._repeated.append(code)
            self._rows[code] = number
            row = catalogue_facts.columns(described, doubts=self._doubts) | {"procedure_code": code}
            for name, values in columns.items():
                values.append(row[name])
        return Batch(stream="procedures", columns=columns, rows_read=rows_read, refused=told, warnings=warnings)

    def _code(self, described: Described) -> str | None:
        if described.code:
            return ids.procedure_code(described.code)
        # Pages of 2021 have no codes; a catalogue imported before may know the name.
        if self._known is None:
            self._known = matching.of_context(self._context)
        return self._known.match(described.name, sector=described.sector).code

    def _fault(self, described: Described) -> str:
        if not described.name:
            return f"thủ tục «{described.code[:40]}» không có tên."
        if described.code:
            return f"«{described.code[:40]}» không phải mã thủ tục."
        return f"«{described.name[:80]}» không có mã và không khớp tên nào trong danh mục đã nhập."

    def _refusal(self, number: int, *, what: str) -> Problem:
        return Problem(where=self._context.name, row=number, what=what, remedy=_NOT_TAKEN)

    def last_words(self) -> list[Problem]:
        """Tell what was odd in many procedures."""
        told = (
            (self._repeated, "mã thủ tục có nhiều lần; lần sau cùng được dùng", "Hãy kiểm tra tệp."),
            (
                self._doubts.fee,
                "thủ tục ghi «Miễn phí» hoặc mức phí bằng lời nhưng mô tả lại nói có thu; chưa rõ có phí hay không",
                "Ô được để trống (không biết); số liệu phí của từng hồ sơ vẫn được tính.",
            ),
            (
                self._doubts.limit,
                "thủ tục không có thời hạn đọc được (thiếu đơn vị, hoặc ghi bằng lời)",
                "Ô được để trống; hồ sơ của các thủ tục này cần có ngày hẹn trả.",
            ),
        )
        return [
            Problem(
                where=self._context.name,
                what=f"{len(codes)} {what}: {', '.join(codes[:_SHOWN])}{' …' if len(codes) > _SHOWN else ''}.",
                remedy=remedy,
            )
            for codes, what, remedy in told
            if codes
        ]
