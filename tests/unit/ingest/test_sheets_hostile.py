"""Broken and hostile spreadsheets: one clear message, bounded memory, never a traceback."""

import random
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from motcua.ingest import catalogue, lists, petitions, register, sheets, sheets_extent, unit_lists
from motcua.kernel.errors import UserError
from sheet_files import IGATE, igate_row, imported, write_csv, write_xlsx

READERS = (lists.read, register.read, petitions.read, unit_lists.read, catalogue.read)
ROWS = [IGATE, *(igate_row(code=f"H01.112-260302-000{n}") for n in range(5))]


def _changed(path: Any, change: Any) -> Any:
    """Write the workbook again with every member changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, change(name, content))
    return path


@pytest.mark.parametrize(
    ("old", "new"),
    [(rb'r="A3"', rb'r="XFD1048576"'), (rb'r="A3"', rb"r='XFD1048576'"), (rb'r="A3"', rb'\n r = "xfd1048576"')],
)
def test_a_cell_at_the_far_end_of_the_sheet_does_not_fill_the_memory(tmp_path: Path, old: Any, new: Any) -> None:
    file = _changed(
        write_xlsx(tmp_path / "a.xlsx", ROWS),
        lambda name, content: content.replace(old, new) if "sheet" in name else content,
    )

    for reader in READERS:
        with pytest.raises(UserError, match="trải quá rộng"):
            imported(reader, file)
    with pytest.raises(UserError):
        sheets.recognise(file, container="xlsx")


def test_a_wide_but_small_sheet_and_empty_far_cells_are_no_reason_to_refuse(tmp_path: Path) -> None:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append([*row, *[""] * 40, "x"])
    book.active["XFD9000"].number_format = "0.00"  # formatted, not filled
    book.save(tmp_path / "a.xlsx")

    assert len(imported(lists.read, tmp_path / "a.xlsx").rows) == 5


def test_the_size_is_told_also_where_a_piece_of_the_sheet_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _changed(
        write_xlsx(tmp_path / "a.xlsx", ROWS),
        lambda name, content: content.replace(rb'r="A3"', rb'r="XFD1048576"') if "sheet" in name else content,
    )
    for size in (300, 301, 317, 330):
        monkeypatch.setattr(sheets_extent, "_PIECE", size)
        with zipfile.ZipFile(file) as archive:
            assert sheets_extent.look(archive).is_too_large, size


def test_other_workbooks_are_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "a.ods"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<x/>")

    with pytest.raises(UserError, match=re.escape(".xlsx và .xls")):
        imported(lists.read, file)


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_to_a_workbook_or_csv_ends_in_anything_but_rows_or_one_message(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    if seed % 2:

        def damage(name: Any, content: Any) -> Any:
            del name
            spot = chance.randrange(len(content))
            if chance.random() < 0.75:
                return content
            return content[:spot] + (
                b"" if chance.random() < 0.5 else bytes([chance.randrange(256)]) + content[spot + 1 :]
            )

        file = _changed(write_xlsx(tmp_path / "a.xlsx", ROWS), damage)
    else:
        file = write_csv(tmp_path / "a.csv", ROWS)
        content = bytearray(file.read_bytes())
        for _ in range(20):
            content[chance.randrange(len(content))] = chance.choice(b'",\n;\t\xff123/ ')
        file.write_bytes(content[: chance.randrange(len(content) // 2, len(content))])

    for reader in READERS:
        try:
            found = imported(reader, file)
        except UserError:
            continue
        assert found.rows_read >= len(found.rows)
