"""The page about the columnar format tells every column as the code declares it."""

from pathlib import Path

from motcua.events.streams import STREAMS

PAGE = (Path(__file__).parents[3] / "docs/dev/columnar-format.md").read_text(encoding="utf-8")


def test_the_page_lists_every_table_with_its_columns_and_types() -> None:
    for stream in STREAMS.values():
        part = PAGE.split(f"### `{stream.name}`", 1)[1].split("\n### ", 1)[0]
        rows = [line.split("|")[1:4] for line in part.splitlines() if line.startswith("| `")]
        told = [(name.strip(" `"), kind.strip(), required.strip()) for name, kind, required in rows]

        assert told == [
            (column.name, str(column.type), "value" if column.is_key else "column" if column.is_needed else "")
            for column in stream.columns
        ]
