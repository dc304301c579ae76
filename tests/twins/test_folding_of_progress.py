# ruff: noqa: DTZ001 - moments of the Vietnamese wall clock have no zone
"""What progress says of a dossier, in bulk and in words: both must say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.events.streams import STREAMS
from motcua.ingest import folding, schemas

START = datetime(2026, 3, 2, 8)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of progress."""

    code: str
    state: int
    at: datetime
    officer: str | None = None
    named: bool | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a source said of the dossier itself."""

    code: str
    state: int | None = 4
    received: datetime | None = START
    resolved: datetime | None = None
    requests: int | None = None


def folded(snapshot: Snapshot, steps: Sequence[Step]) -> dict[str, object]:
    """Say in plain words what the snapshot and the steps of one dossier come to."""
    own = sorted((step for step in steps if step.code == snapshot.code), key=lambda step: step.at)
    over = {3, 7, 8, 9, 10}
    state = snapshot.state
    if state not in over and own:
        state = own[-1].state

    def last(of: int) -> datetime | None:
        return max((step.at for step in own if step.state == of), default=None) if state in over else None

    requests, seconds, waiting = 0, 0, None
    for place, step in enumerate(own):
        if step.state != 5 or (place and own[place - 1].state == 5):
            continue
        requests += 1
        answer = next((later for later in own[place:] if later.state != 5), None)
        if answer is None or answer.state in {3, 7, 8}:
            waiting = step.at if waiting is None else max(waiting, step.at)
        else:
            seconds += int((answer.at - step.at).total_seconds())
    asked = not snapshot.requests and requests > 0
    shown = [step.named for step in own]
    return {
        "state": state,
        "resolved_at": snapshot.resolved or last(9),
        "returned_at": last(10),
        "refused_at": last(3),
        "stopped_at": last(8),
        "withdrawn_at": last(7) if snapshot.received else None,
        "supplement_requests": requests if asked else snapshot.requests,
        "supplement_seconds": seconds if asked else None,
        "supplement_waiting_since": waiting if asked else None,
        "officer_code": next((step.officer for step in reversed(own) if step.officer), None),
        "officer_named": False if False in shown else True if shown and None not in shown else None,
    }


def in_bulk(snapshots: Sequence[Snapshot], steps: Sequence[Step]) -> list[dict[str, object]]:
    """The same by the one bulk definition."""
    types = {column.name: schemas.POLARS[column.type] for column in STREAMS["dossiers"].columns}
    dossiers = pl.DataFrame(
        [
            {"dossier_code": one.code, "unit_code": "H05", "state": one.state, "received_at": one.received,
             "resolved_at": one.resolved, "supplement_requests": one.requests}
            for one in snapshots
        ],
        schema=types,
    )  # fmt: skip
    progress = pl.DataFrame(
        [
            {"dossier_code": one.code, "state": one.state, "at": one.at, "officer_code": one.officer,
             "officer_named": one.named}
            for one in steps
        ],
        schema={column.name: schemas.POLARS[column.type] for column in STREAMS["progress"].columns},
    )  # fmt: skip
    return folding.with_progress(dossiers.lazy(), progress=progress.lazy()).collect().to_dicts()


_MOMENTS = st.integers(0, 40).map(lambda hours: START + timedelta(hours=hours))
_STEPS = st.lists(
    st.builds(
        Step, code=st.sampled_from(["A", "B", "C"]), state=st.integers(1, 10), at=_MOMENTS,
        officer=st.sampled_from([None, "cb-1", "cb-2"]), named=st.sampled_from([None, True, False]),
    ),
    max_size=12,
    unique_by=lambda step: (step.code, step.at),
)  # fmt: skip
_SNAPSHOTS = st.tuples(
    *(
        st.builds(
            Snapshot, code=st.just(code), state=st.sampled_from([None, *range(1, 11)]),
            received=st.sampled_from([START, None]), resolved=st.none() | _MOMENTS,
            requests=st.sampled_from([None, 0, 1, 2]),
        )
        for code in ("A", "B")
    )
)  # fmt: skip


@given(_SNAPSHOTS, _STEPS)
@settings(max_examples=120)
def test_the_bulk_fold_says_what_the_plain_fold_says(snapshots: Any, steps: Any) -> None:
    for snapshot, row in zip(snapshots, in_bulk(snapshots, steps), strict=True):
        expected = folded(snapshot, steps)
        assert {name: row[name] for name in expected} == expected


def test_a_reopened_dossier_has_not_ended() -> None:
    steps = [Step("A", 9, START), Step("A", 4, START + timedelta(hours=1))]

    assert in_bulk([Snapshot("A")], steps)[0]["resolved_at"] is None


def test_a_withdrawal_counts_only_for_a_dossier_that_was_received() -> None:
    steps = [Step("A", 7, START), Step("B", 7, START)]

    rows = in_bulk([Snapshot("A"), Snapshot("B", received=None)], steps)

    assert [row["withdrawn_at"] for row in rows] == [START, None]


def test_rows_of_one_supplement_request_are_one_request() -> None:
    hours = [timedelta(hours=n) for n in range(4)]
    steps = [
        Step("A", 5, START),
        Step("A", 5, START + hours[1]),
        Step("A", 4, START + hours[2]),
        Step("A", 5, START + hours[3]),
    ]

    row = in_bulk([Snapshot("A")], steps)[0]

    assert (row["supplement_requests"], row["supplement_seconds"]) == (2, 7200)
    assert row["supplement_waiting_since"] == START + hours[3]
