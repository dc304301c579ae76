# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""The event classes say exactly what the page of seams says."""

import dataclasses
import re
from datetime import datetime
from pathlib import Path

import pytest

from motcua.events.columns import ColumnType, Observation
from motcua.events.streams import STREAMS, Stream

SEAMS = (Path(__file__).parents[3] / "docs/dev/seams.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return SEAMS.split(title, 1)[1].split("\n## ", 1)[0]


def test_every_stream_of_the_seams_exists_with_its_columns() -> None:
    text = _section("## 2. Streams and tables")
    told = dict(re.findall(r"^\*\*(\w+)\*\* \(`(\w+)`", text, re.MULTILINE))

    assert set(told) == set(STREAMS)
    assert {name: stream.event.__name__ for name, stream in STREAMS.items()} == told


@pytest.mark.parametrize("name", [name for name in STREAMS if name != "dossiers"])
def test_a_streams_line_names_its_columns_in_order(name: str) -> None:
    line = next(line for line in _section("## 2. Streams and tables").splitlines() if line.startswith(f"**{name}**"))
    full = _section("## 2. Streams and tables")
    start = full.index(line)
    paragraph = full[start:].split("\n**", 1)[0].split("\n\n", 1)[0].split(":", 1)[1]
    bare = re.sub(r"\([^()]*\)", "", paragraph)
    told = [part.strip(" .*\n") for part in bare.split(",")]

    assert told == [column.name for column in STREAMS[name].columns]


def test_the_needed_columns_are_those_with_a_star() -> None:
    table = _section("## 2. Streams and tables")
    starred = {"dossiers": [*re.findall(r"^\| (\w+)\*", table, re.MULTILINE), "received_at"]}

    assert set(starred["dossiers"]) == set(STREAMS["dossiers"].needed)
    assert set(STREAMS["progress"].needed) == {"dossier_code", "state", "at"}
    assert set(STREAMS["national_reports"].needed) == {"unit_code", "period", "received"}


def test_an_event_cannot_be_changed_and_has_no_other_attribute() -> None:
    event = STREAMS["national_reports"].event(  # type: ignore[call-arg]
        source="test", observed_at=datetime(2026, 1, 1), unit_code="H05", period="2026", received=3
    )

    with pytest.raises(dataclasses.FrozenInstanceError):
        event.source = "other"  # type: ignore[misc]
    assert not hasattr(event, "__dict__")


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_every_stream_declares_a_type_a_meaning_and_an_identity(stream: Stream) -> None:
    assert issubclass(stream.event, Observation)
    assert set(stream.identity) <= {column.name for column in stream.columns}
    for column in stream.columns:
        assert isinstance(column.type, ColumnType)
        assert column.meaning
