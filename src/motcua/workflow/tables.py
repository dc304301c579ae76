"""Internal workflows from the tables offices keep: one row a step, or one JSON line a workflow."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import msgspec

from motcua.kernel.errors import UserError
from motcua.kernel.text import fold
from motcua.workflow import entries
from motcua.workflow.entries import Import

_ORDER = re.compile(r"(\d+)")

# Column -> the headings that mean it, blind to case, marks and underscores. * marks those that must be there.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "cap*": ("cap", "cap thuc hien", "cap giai quyet"),
    "tt*": ("tt", "stt", "so thu tu"),
    "ten_tthc*": ("ten tthc", "ten thu tuc hanh chinh", "ten thu tuc"),
    "thoi_han*": ("thoi han", "thoi han giai quyet"),
    "thoi_han_kho_khan": ("thoi han kho khan", "thoi han giai quyet vung kho khan"),
    "tham_quyen": ("tham quyen", "co quan co tham quyen", "tham quyen quyet dinh"),
    "giai_doan": ("giai doan",),
    "gd_thoi_gian": ("gd thoi gian", "thoi gian giai doan"),
    "gd_thoi_gian_kho_khan": ("gd thoi gian kho khan", "thoi gian giai doan vung kho khan"),
    "tam_dung_truoc": ("tam dung truoc", "tam dung truoc giai doan"),
    "buoc*": ("buoc",),
    "noi_dung*": ("noi dung", "noi dung cong viec"),
    "bo_phan*": ("bo phan", "bo phan thuc hien", "don vi thuc hien", "co quan thuc hien"),
    "vai_tro": ("vai tro",),
    "thoi_gian*": ("thoi gian", "thoi gian ngay", "thoi gian thuc hien", "thoi gian thuc hien ngay"),
    "thoi_gian_kho_khan": ("thoi gian kho khan", "thoi gian kho khan ngay", "thoi gian vung kho khan"),
    "phoi_hop": ("phoi hop", "co quan phoi hop", "don vi phoi hop"),
    "song_song": ("song song", "nhom song song"),
    "tra_ve_buoc": ("tra ve buoc", "duoc tra ve buoc"),
    "phan_cong": ("phan cong", "cach phan cong"),
}
_OF_STEP = (
    "buoc",
    "noi_dung",
    "bo_phan",
    "vai_tro",
    "thoi_gian",
    "thoi_gian_kho_khan",
    "phoi_hop",
    "song_song",
    "tra_ve_buoc",
    "phan_cong",
)


def read_json_lines(text: str, *, name: str, decision: str = "", effective_from: date | None = None) -> Import:
    """Read workflows given one JSON object a line: ``cap, tt, ten, thoi_han, giai_doan[{ten, thoi_gian, buoc[]}]``.

    An entry with times for difficult areas gives two workflows, one a variant.

    Raises:
        UserError: a line is not JSON or lacks a needed key.
    """
    found = []
    for line, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            continue
        try:
            found.append(msgspec.json.decode(raw, type=dict[str, Any]))
        except msgspec.DecodeError as fault:
            raise UserError(
                f"Dòng {line} không phải JSON.", remedy="Hãy ghi mỗi quy trình trên một dòng JSON.", where=name
            ) from fault
    return entries.build(found, name=name, decision=decision, effective_from=effective_from)


def read_csv(text: str, *, name: str, decision: str = "", effective_from: date | None = None) -> Import:
    """Read workflows given as CSV with one row a step; see ``read_rows``.

    Raises:
        UserError: a column is missing.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    return read_rows(rows, name=name, decision=decision, effective_from=effective_from)


def read_rows(
    rows: Iterable[Mapping[str, str]], *, name: str, decision: str = "", effective_from: date | None = None
) -> Import:
    """Read workflows given as rows, one a step, under Vietnamese headings with or without marks.

    Needed: cấp, TT, tên TTHC, thời hạn, bước, nội dung, bộ phận, thời gian (ngày làm việc). Known besides: giai đoạn
    and its time, tạm dừng trước (what the clock waits for before a stage), vai trò (code of a role), phối hợp (units
    between «;»), song song (the same word on steps that run side by side), trả về bước (number of an earlier step),
    phân công (đơn vị, vai trò, khối lượng, thủ công: who gets the step), and the times for difficult areas. Rows of
    one workflow stand together.

    Raises:
        UserError: a column is missing.
    """
    named = [_by_column(row, name) for row in rows]
    found = [_entry_of_rows(group) for group in _by_workflow(named)]
    return entries.build(found, name=name, decision=decision, effective_from=effective_from)


def _by_column(row: Mapping[str, str], name: str) -> dict[str, str]:
    given = {fold(heading): value for heading, value in row.items() if heading}
    named = {}
    for column, headings in _HEADINGS.items():
        heading = next((one for one in headings if one in given), None)
        if heading is None and column.endswith("*"):
            raise UserError(
                f"Bảng bước thiếu cột «{column.rstrip('*')}».", remedy="Hãy thêm cột rồi nhập lại.", where=name
            )
        named[column.rstrip("*")] = given[heading] or "" if heading else ""
    return named


def _by_workflow(rows: list[dict[str, str]]) -> Iterable[list[dict[str, str]]]:
    found: list[list[dict[str, str]]] = []
    before: tuple[object, ...] = ()
    for row in rows:
        key = (row["cap"], row["tt"], row["ten_tthc"], row["giai_doan"], _step_number(row))
        # «Bước 1» again without a new stage begins another workflow: the decisions number a few cases twice.
        if key[:3] != before[:3] or (key[3] == before[3] and key[4] == 1):
            found.append([])
        found[-1].append(row)
        before = key
    return found


def _step_number(row: Mapping[str, str]) -> int:
    number = _ORDER.search(row["buoc"])
    return int(number[1]) if number else 0


def _entry_of_rows(rows: list[dict[str, str]]) -> dict[str, Any]:
    first = rows[0]
    stages = []
    for _, group in groupby(rows, key=lambda row: row["giai_doan"]):
        steps = list(group)
        stages.append(
            {
                "ten": steps[0]["giai_doan"],
                "thoi_gian": steps[0]["gd_thoi_gian"],
                "tam_dung_truoc": steps[0]["tam_dung_truoc"],
                "thoi_gian_kho_khan": steps[0]["gd_thoi_gian_kho_khan"],
                "buoc": [{column: step[column] for column in _OF_STEP} for step in steps],
            }
        )
    return {
        "cap": first["cap"],
        "tt": first["tt"],
        "ten": first["ten_tthc"],
        "thoi_han": first["thoi_han"],
        "thoi_han_kho_khan": first["thoi_han_kho_khan"],
        "tham_quyen": first["tham_quyen"],
        "giai_doan": stages,
    }
