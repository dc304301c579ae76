"""The sample as the dossier lists that offices export from iGate, with the nuisances of real ones.

Lists have no procedure code, channel, fee or file flags: what a province can learn from them ends at progress.
Workbooks and CSV files alternate; dates are real cells or day-first texts, telephone numbers may have become numbers,
headings may be decomposed (NFD), and now and then an older row of a dossier stands before the present one.
"""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import xlsxwriter

from motcua.sample import columnar, payloads
from motcua.sample.dossiers import Chunk, Sample

ROWS = 20_000
"""Dossiers a file, about what one export gives."""

HEADINGS = (
    "STT",
    "Số hồ sơ",
    "Tên thủ tục hành chính",
    "Tên lĩnh vực",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Cơ quan/đơn vị",
    "Chủ hồ sơ",
    "Số điện thoại",
    "Cán bộ xử lý hiện tại",
    "Trạng thái hồ sơ",
)
STATES = {
    1: "Mới đăng ký",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
STALE_EVERY = 997
"""Each so-many-th dossier also stands in the list as it was earlier."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    code: str
    procedure: str
    sector: str
    received: datetime | None
    due: datetime | None
    ended: datetime | None
    unit: str
    owner: str
    telephone: str
    officer: str
    state: str


def write(*, sample: Sample, drawn: Iterator[Chunk], folder: Path) -> Iterator[Chunk]:
    """Write ``danh-sach-ho-so-NNNN.xlsx`` and ``.csv`` in turn; give each part on once it is written."""
    words = columnar.texts(sample)
    number = 0
    for chunk in drawn:
        for start in range(0, len(chunk), ROWS):
            part = chunk.part(start, start + ROWS)
            number += 1
            rows = _rows(sample, part, columnar.dossier_codes(part, words).to_pylist())
            path = folder / f"danh-sach-ho-so-{number:04}"
            if number % 2:
                _workbook(path.with_suffix(".xlsx"), rows)
            else:
                _csv(path.with_suffix(".csv"), rows)
            yield part


def _rows(sample: Sample, part: Chunk, codes: list[str]) -> Iterator[Row]:
    origin = datetime.combine(sample.first, datetime.min.time())

    def moment(minutes: int, seconds: int = 0) -> datetime | None:
        return origin + timedelta(minutes=minutes, seconds=seconds) if minutes >= 0 else None

    for n, code in enumerate(codes):
        listed = sample.country.listed[part.procedure[n]]
        unit = sample.country.units[part.unit[n]]
        ends = (part.resolved, part.returned, part.stopped, part.refused, part.withdrawn)
        ended = next((int(one[n]) for one in ends if one[n] >= 0), -1)
        row = Row(
            code=code,
            procedure=listed.name,
            sector=listed.sector,
            received=moment(int(part.received[n]), int(part.seconds[n])),
            due=moment(int(part.due[n])),
            ended=moment(ended),
            unit=unit.name,
            owner=payloads.person(n + 1),
            telephone=f"0900{n % 1_000_000:06}",
            officer=payloads.officer_name(int(part.officer[n]), unit.code) if part.officer_named[n] else "",
            state=STATES[int(part.state[n])],
        )
        if n % STALE_EVERY == 1 and ended >= 0 and row.received is not None:
            yield replace(row, ended=None, state=STATES[4])
        yield row


def _values(row: Row) -> list[str | datetime | None]:
    return [
        row.code, row.procedure, row.sector, row.received, row.due, row.ended,
        row.unit, row.owner, row.telephone, row.officer, row.state,
    ]  # fmt: skip


def _workbook(path: Path, rows: Iterator[Row]) -> None:
    # A fixed creation date: the same sample gives the same bytes.
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "in_memory": False})
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - wall-clock, in the file's properties only
    sheet = book.add_worksheet("Danh sách hồ sơ")
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading)
    for number, row in enumerate(rows, start=1):
        sheet.write_number(number, 0, number)
        for column, value in enumerate(_values(row), start=1):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, day)
            elif column == HEADINGS.index("Số điện thoại"):
                sheet.write_number(number, column, float(row.telephone))
            elif value:
                sheet.write_string(number, column, value)
    book.close()


def _csv(path: Path, rows: Iterator[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(unicodedata.normalize("NFD", heading) for heading in HEADINGS)
        for number, row in enumerate(rows, start=1):
            texts = [f"{one:%d/%m/%Y %H:%M:%S}" if isinstance(one, datetime) else one or "" for one in _values(row)]
            writer.writerow([number, *texts])
