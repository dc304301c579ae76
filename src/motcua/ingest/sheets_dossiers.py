"""Rows of a dossier list, register or annex made into observed dossiers, with everything odd told."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from motcua.ingest import matching, matching_units, payload_values, sheets, sheets_cells, sheets_mapping
from motcua.ingest.matching_review import MatchLog
from motcua.ingest.reading import Batch, ImportContext, Values
from motcua.ingest.sheets import Chunk, Page
from motcua.ingest.sheets_cells import Cell, Moments
from motcua.ingest.sheets_tally import Tally
from motcua.kernel import ids
from motcua.kernel.errors import Problem

_MOMENTS = ("submitted_at", "received_at", "due_at", "resolved_at", "returned_at")
_REFUSED, _WITHDRAWN, _STOPPED, _RESOLVED, _RETURNED = 3, 7, 8, 9, 10
_ENDS = {_REFUSED: "refused_at", _WITHDRAWN: "withdrawn_at", _STOPPED: "stopped_at"}
_OVER = frozenset({_REFUSED, _WITHDRAWN, _STOPPED, _RESOLVED, _RETURNED})
_LEFT_UNKNOWN = (
    "Ô được để trống (không biết); hãy sửa thành dạng 02/03/2026 14:05 (ngày trước, tháng sau) rồi nhập lại."
)
_DUPLICATES_SHOWN = 10_000
_LONGEST_NAME = 70
_EXACT = 10**15
"""Spreadsheets keep whole numbers exactly up to here."""
_NEVER_RECEIVED = frozenset({None, 1, _REFUSED, _WITHDRAWN})


def read(path: Path, *, context: ImportContext, kinds: Collection[str]) -> Iterator[Batch]:
    """Read every sheet of these kinds.

    Raises:
        UserError: the file cannot be opened, or none of its sheets is of these kinds.
    """
    reader = _DossierReader(context)
    for page, odd in sheets.pages(path, context=context, kinds=kinds):
        yield Batch(stream="dossiers", columns={}, rows_read=0, warnings=odd)
        for chunk in sheets.chunks(page):
            yield reader.batch(chunk, page=page)
            context.advance(chunk.rows_read)
    yield Batch(stream="dossiers", columns={}, rows_read=0, warnings=reader.last_words())
    if context.review is not None:
        # Some letters take three bytes, and a name of more than 255 bytes is none.
        reader.matches.write(context.review / f"khop-thu-tuc-{Path(context.name).stem[:_LONGEST_NAME]}.csv")


def _is_whole(number: float) -> bool:
    return not isinstance(number, bool) and number == number // 1 and abs(number) < _EXACT


class _DossierReader:
    """Turns chunks into batches; remembers what is told once for the whole file."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        self._procedures = matching.of_context(context)
        self._units = matching_units.of_context(context)
        self._labels = sheets_mapping.state_labels(context.mapping)
        self._states: dict[Cell, int | None] = {}
        self._unknown_labels: Counter[str] = Counter()
        self._first_label_row: dict[str, int] = {}
        self._texts: dict[Cell, str | None] = {}
        self._moments: dict[tuple[str, datetime], Moments] = {}
        self._codes: list[pl.DataFrame] = []
        self._tally = Tally()
        self.matches = MatchLog(self._procedures)

    def batch(self, chunk: Chunk, *, page: Page) -> Batch:
        """Make a batch of the chunk's rows."""
        if not chunk.numbers:
            return Batch(
                stream="dossiers", columns={}, rows_read=chunk.rows_read, refused=chunk.refused, warnings=chunk.warnings
            )
        refused = list(chunk.refused)
        problems: list[Problem] = []
        codes = self._dossier_codes(chunk, page=page)
        lost = self._lost_codes(chunk, page=page)
        refused += lost.values()
        moments = {name: self._read_moments(name, chunk, page=page, problems=problems) for name in _MOMENTS}
        states = self._read_states(chunk, moments=moments, page=page)
        units = self._read_units(chunk, codes=codes, page=page, refused=refused)
        columns: dict[str, list[object]] = {
            "dossier_code": list(codes),
            "unit_code": list(units),
            "procedure_code": list(self._read_procedures(chunk, units=units)),
            "state": list(states),
            "submitted_at": list(moments["submitted_at"]),
            "received_at": list(moments["received_at"]),
            "due_at": list(moments["due_at"]),
            **self._ends(chunk, moments=moments, states=states, page=page),
        }
        columns |= self._officers(chunk, units=units, moments=moments, states=states, page=page)
        numbers = chunk.numbers
        if lost or None in units:
            keep = [place for place, unit in enumerate(units) if unit is not None and place not in lost]
            columns = {name: [values[place] for place in keep] for name, values in columns.items()}
            numbers = [chunk.numbers[place] for place in keep]
            codes = [codes[place] for place in keep]
        self._codes.append(pl.DataFrame({"code": codes, "row": numbers}, schema={"code": pl.String, "row": pl.Int64}))
        given: dict[str, Values] = dict(columns)
        return Batch(
            stream="dossiers",
            columns=given,
            rows_read=chunk.rows_read,
            refused=refused,
            problems=problems,
            warnings=chunk.warnings,
        )

    def _lost_codes(self, chunk: Chunk, *, page: Page) -> dict[int, Problem]:
        """Return the refusals of codes that the spreadsheet has turned into something else, by place.

        Of a number only fifteen digits are kept, so that different codes become one; of a day nothing tells how the
        code was written.
        """
        return {
            place: Problem(
                where=page.where,
                row=chunk.numbers[place],
                column=page.headings.texts["dossier_code"],
                what=f"phần mềm bảng tính đã đổi mã hồ sơ thành số hoặc ngày («{str(cell)[:40]}») và làm mất mã gốc.",
                remedy="Dòng này không được nhập; hãy xuất lại với cột mã hồ sơ là văn bản (Text).",
            )
            for place, cell in enumerate(chunk.column("dossier_code"))
            if not isinstance(cell, str) and not (isinstance(cell, (int, float)) and _is_whole(cell))
        }

    def _dossier_codes(self, chunk: Chunk, *, page: Page) -> list[str]:
        codes = [sheets_cells.text(cell) or "" for cell in chunk.column("dossier_code")]
        for number, code in zip(chunk.numbers, codes, strict=True):
            if not ids.is_dossier_code(code):
                self._tally.count(
                    number,
                    column=page.headings.texts["dossier_code"],
                    what="{n} mã hồ sơ không theo mẫu mã định danh-ngày-số thứ tự",
                    remedy="Mã được giữ nguyên như trong tệp; hãy kiểm tra nếu không phải mã của phần mềm cũ.",
                )
        return codes

    def _read_moments(self, name: str, chunk: Chunk, *, page: Page, problems: list[Problem]) -> list[datetime | None]:
        if name not in chunk.columns:
            return [None] * len(chunk.numbers)
        reader = self._moments.setdefault((name, page.grid.day_zero), Moments(page.grid.day_zero))
        cells = chunk.columns[name]
        found, odd = reader.read(cells)
        for place in odd:
            problems.append(
                Problem(
                    where=page.where,
                    row=chunk.numbers[place],
                    column=page.headings.texts[name],
                    what=f"«{str(cells[place])[:40]}» không phải ngày giờ dùng được.",
                    remedy=_LEFT_UNKNOWN,
                )
            )
        return found

    def _read_states(self, chunk: Chunk, *, moments: dict[str, list[datetime | None]], page: Page) -> list[int | None]:
        if "state" not in chunk.columns:
            if page.kind != "register":
                return [None] * len(chunk.numbers)
            # The register has no states: a dossier with a day of hand-over has been handed over.
            pairs = zip(moments["returned_at"], moments["resolved_at"], strict=True)
            return [_RETURNED if returned else _RESOLVED if resolved else None for returned, resolved in pairs]
        known = self._states
        found: list[int | None] = []
        for number, cell in zip(chunk.numbers, chunk.columns["state"], strict=True):
            if cell not in known:
                label = sheets_cells.text(cell)
                known[cell] = None if label is None else self._labels.state(label)
            state = known[cell]
            if state is None and (label := sheets_cells.text(cell)) is not None:
                self._unknown_labels[label] += 1
                self._first_label_row.setdefault(label, number)
            found.append(state)
        return found

    def _read_units(
        self, chunk: Chunk, *, codes: Sequence[str], page: Page, refused: list[Problem]
    ) -> list[str | None]:
        units = self._units
        found: list[str | None] = []
        columns = (self._clean(chunk.column(name)) for name in ("unit_code", "unit", "unit_or_person"))
        for number, code, stated, name, either in zip(chunk.numbers, codes, *columns, strict=True):
            unit = units.named(either, dossier_code=code) if either else None
            if unit is None:
                resolved = units.find(code=stated, name=name, dossier_code=code)
                unit = resolved.code if resolved else None
            if unit is None:
                refused.append(
                    Problem(
                        where=page.where,
                        row=number,
                        column=page.headings.texts.get("unit"),
                        what=f"hồ sơ «{code[:60]}» không rõ đơn vị giải quyết.",
                        remedy="Dòng này không được nhập; hãy ghi tên đơn vị, hoặc mã hồ sơ có mã định danh ở đầu.",
                    )
                )
            found.append(unit)
        return found

    def _clean(self, cells: Sequence[Cell]) -> list[str | None]:
        """Return the texts of a column that repeats its values."""
        known = self._texts
        if len(known) > 500_000:  # a broken file must not fill the memory
            known.clear()
        for cell in set(cells) - known.keys():
            known[cell] = sheets_cells.text(cell)
        return [known[cell] for cell in cells]

    def _read_procedures(self, chunk: Chunk, *, units: Sequence[str | None]) -> list[str | None]:
        if "procedure_name" not in chunk.columns and "procedure_code" not in chunk.columns:
            return [None] * len(units)
        level_of = {unit: self._units.level(unit) if unit else None for unit in set(units)}
        names, sectors, stated = (
            self._clean(chunk.column(name)) for name in ("procedure_name", "sector", "procedure_code")
        )
        keys = [
            (code, name, sector, level_of[unit])
            for code, name, sector, unit in zip(stated, names, sectors, units, strict=True)
        ]
        found: dict[tuple[str | None, str | None, str | None, str | None], str | None] = {}
        for key, dossiers in Counter(keys).items():
            code, name, sector, level = key
            found[key] = ids.procedure_code(code) if code else None
            if found[key] is None and name is not None:
                match = self._procedures.match(name, sector=sector, level=level)
                self.matches.count(name, sector=sector, match=match, dossiers=dossiers)
                found[key] = match.code
        return [found[key] for key in keys]

    def _ends(
        self,
        chunk: Chunk,
        *,
        moments: dict[str, list[datetime | None]],
        states: Sequence[int | None],
        page: Page,
    ) -> dict[str, list[object]]:
        """Put the day of the end where the state says it belongs, and count what contradicts itself."""
        ends: dict[str, list[object]] = {
            name: [None] * len(states) for name in ("resolved_at", "returned_at", *_ENDS.values())
        }
        rows = zip(
            chunk.numbers, states, *(moments[name] for name in ("received_at", "due_at", "resolved_at", "returned_at")),
            strict=True,
        )  # fmt: skip
        for place, (number, state, received, due, ended, returned) in enumerate(rows):
            if ended is not None:
                ends[_ENDS.get(state or 0, "resolved_at")][place] = ended
            ends["returned_at"][place] = returned
            last = ended or returned
            if state is not None and (last is None) is (state in _OVER):
                self._count_contradiction(number, is_over=state in _OVER)
            if received is None and state not in _NEVER_RECEIVED:
                self._tally.count(
                    number,
                    column=page.headings.texts.get("received_at"),
                    what="{n} hồ sơ không có ngày tiếp nhận dùng được nên không được tính vào kỳ nào",
                    remedy="Hãy bổ sung ngày tiếp nhận rồi nhập lại.",
                )
            if received is not None:
                if due is not None and due < received and due.date() != received.date():
                    self._tally.count(
                        number,
                        column=page.headings.texts.get("due_at"),
                        what="{n} hồ sơ có ngày hẹn trả trước ngày tiếp nhận",
                        remedy="Giá trị được giữ nguyên; hãy kiểm tra ngày và tháng có bị đảo không.",
                    )
                if last is not None and last < received and last.date() != received.date():
                    self._tally.count(
                        number,
                        what="{n} hồ sơ kết thúc trước ngày tiếp nhận",
                        remedy="Giá trị được giữ nguyên; hãy kiểm tra ngày và tháng có bị đảo không.",
                    )
        return ends

    def _count_contradiction(self, number: int, *, is_over: bool) -> None:
        if is_over:
            self._tally.count(
                number,
                what="{n} hồ sơ có trạng thái đã kết thúc nhưng thiếu ngày kết thúc, nên vẫn tính là đang giải quyết",
                remedy="Hãy xuất lại danh sách có cột ngày kết thúc xử lý.",
            )
        else:
            self._tally.count(
                number,
                what="{n} hồ sơ còn đang giải quyết theo trạng thái nhưng đã có ngày kết thúc; ngày này được dùng",
                remedy="Hãy kiểm tra trạng thái ở phần mềm nguồn.",
            )

    def _officers(
        self,
        chunk: Chunk,
        *,
        units: Sequence[str | None],
        moments: dict[str, list[datetime | None]],
        states: Sequence[int | None],
        page: Page,
    ) -> dict[str, list[object]]:
        """Return codes for officers, never names.

        The lists show the officer who holds the dossier *now*: one that has ended is held by nobody, so an empty cell
        then says nothing about whether an officer was named; in an open dossier it says that none is.
        """
        del page
        if "officer" not in chunk.columns:
            return {}
        named: list[object] = []
        codes: list[object] = []
        rows = zip(
            self._clean(chunk.columns["officer"]), units, states, moments["resolved_at"], moments["returned_at"],
            strict=True,
        )  # fmt: skip
        for name, unit, state, resolved, returned in rows:
            if name is None:
                is_over = state in _OVER or resolved is not None or returned is not None
                named.append(None if is_over else False)
                codes.append(None)
            else:
                named.append(True)
                codes.append(payload_values.officer_code(name, unit or ""))
        return {"officer_code": codes, "officer_named": named}

    def last_words(self) -> list[Problem]:
        """Tell what is told once for the file: labels, names, units, duplicates, contradictions."""
        where = self._context.name
        found = [
            Problem(
                where=where,
                row=self._first_label_row[label],
                column="Trạng thái",
                what=f"trạng thái «{label[:60]}» ({count} hồ sơ) chưa có trong bảng ánh xạ; để trống.",
                remedy="Hãy thêm nhãn này vào states.toml của tỉnh rồi nhập lại.",
            )
            for label, count in self._unknown_labels.most_common()
        ]
        found += self.matches.warnings(where=where)
        found += self._unknown_units()
        found += self._tally.problems(where=where)
        for (name, _), reader in self._moments.items():
            if reader.blanks:
                found.append(
                    Problem(
                        where=where,
                        column=name,
                        what=f"{reader.blanks} ô ghi ngày trống của phần mềm (01/01/0001, 01/01/1900).",
                        remedy="Các ô này được coi là không có ngày.",
                    )
                )
        found += self._duplicates()
        return found

    def _unknown_units(self) -> Iterator[Problem]:
        stands_in = "tạm tính theo mã định danh ở đầu mã hồ sơ, hoặc theo tên nếu mã không có."
        if self._units.is_empty and self._units.unknown:
            yield Problem(
                where=self._context.name,
                what=f"chưa có danh sách đơn vị nên {self._units.unknown.total()} hồ sơ chưa khớp tên; {stands_in}",
                remedy="Hãy nhập danh sách đơn vị vào cùng thư mục dữ liệu, rồi chạy motcua import --rematch.",
            )
            return
        for name, count in self._units.unknown.most_common():
            yield Problem(
                where=self._context.name,
                column="Cơ quan/đơn vị",
                what=f"đơn vị «{name[:80]}» ({count} hồ sơ) không có trong danh sách đơn vị; {stands_in}",
                remedy="Hãy nhập danh sách đơn vị có tên này trước, rồi nhập lại tệp.",
            )

    def _duplicates(self) -> Iterator[Problem]:
        """Tell codes that stand in several rows; the log's last row is the dossier's latest state."""
        if not self._codes:
            return
        repeated = (
            pl.concat(self._codes)
            .group_by("code", maintain_order=True)
            .agg(pl.col("row"))
            .filter(pl.col("row").list.len() > 1)
        )
        for code, rows in repeated.head(_DUPLICATES_SHOWN).iter_rows():
            others = ", ".join(str(row) for row in rows[:-1][:5])
            yield Problem(
                where=self._context.name,
                row=rows[-1],
                column="Mã hồ sơ",
                what=f"mã hồ sơ «{code}» đã có ở dòng {others}; dòng sau cùng được dùng.",
                remedy="Hãy kiểm tra dòng nào đúng.",
            )
        if repeated.height > _DUPLICATES_SHOWN:
            yield Problem(
                where=self._context.name,
                what=f"còn {repeated.height - _DUPLICATES_SHOWN} mã hồ sơ trùng khác; dòng sau cùng được dùng.",
                remedy="Hãy kiểm tra tệp xuất.",
            )
