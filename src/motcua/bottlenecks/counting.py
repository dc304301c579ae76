"""Which counters an outcome adds to, and adding them up before they go into the table."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from motcua.bottlenecks import histogram
from motcua.bottlenecks.histogram import Counts
from motcua.bottlenecks.types import Digitising, Ending, Outcome, Passage, Return, Wait

PLACE, STEP, SLOT, OFFICER = "place", "step", "slot", "officer"
PROCEDURE, UNIT = "procedure", "unit"
WAIT, COMPONENT, RESULT, RETURN = "wait", "component", "result", "return"
OF_OFFICER = ":officer"
"""Kinds counted by person have this at their end: ``component:officer``."""

Key = tuple[str, date, str, str]


@dataclass(slots=True)
class Amount:
    """What one counter gains."""

    number: int = 0
    limited: int = 0
    over: int = 0
    worked: int = 0
    lost: int = 0
    counts: Counts = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Share:
    """What one outcome adds to one counter."""

    kind: str
    key: str
    at: datetime
    worked: int
    is_limited: bool
    lost: int
    is_over: bool


def shares(outcome: Outcome, *, procedure: str, unit: str) -> Iterator[Share]:
    """Go through the counters an outcome adds to; ``unit`` is the competent one."""
    match outcome:
        case Passage():
            yield from _passage(outcome, procedure=procedure)
        case Ending():
            for kind, key in ((PROCEDURE, procedure), (UNIT, unit)):
                if outcome.how == "resolved":
                    yield Share(
                        kind, key, outcome.at, outcome.worked, outcome.is_promised, outcome.lost, outcome.lost > 0
                    )
        case Wait():
            yield Share(WAIT, outcome.ground, outcome.ended_at, outcome.worked, False, 0, False)  # noqa: FBT003
        case Digitising():
            for kind, key in ((outcome.what, unit), (outcome.what + OF_OFFICER, outcome.by)):
                yield Share(kind, key, outcome.at, 0, True, 0, not outcome.is_done)  # noqa: FBT003
        case Return():
            for kind, key in ((RETURN, unit), (RETURN + OF_OFFICER, outcome.by)):
                yield Share(kind, key, outcome.at, 0, True, 0, True)  # noqa: FBT003
        case _:
            return


def _passage(one: Passage, *, procedure: str) -> Iterator[Share]:
    keys = [(PLACE, one.place)]
    if one.limit_at is not None:
        keys += [(SLOT, str(one.slot)), (PLACE + ":" + UNIT, f"{one.place}|{one.unit}")]
        keys += [(OFFICER, f"{one.place}|{one.officer}")] if one.officer else []
    if one.step is not None:
        keys.append((STEP, f"{procedure}|{one.step}"))
    for kind, key in keys:
        yield Share(kind, key, one.left_at, one.worked, one.limit_at is not None, one.lost, one.lost > 0)


class Gains:
    """Everything a batch adds, counter by counter."""

    def __init__(self) -> None:
        self._amounts: dict[Key, Amount] = {}

    def add(self, one: Share, *, scopes: Sequence[str]) -> None:
        """Add a share to the counters of a unit and of all above it."""
        month, place = one.at.date().replace(day=1), histogram.bucket(one.worked)
        for scope in scopes:
            amount = self._amounts.setdefault((scope, month, one.kind, one.key), Amount())
            amount.number += 1
            amount.limited += one.is_limited
            amount.over += one.is_over
            amount.worked += one.worked
            amount.lost += one.lost
            amount.counts[place] += 1

    def keep(self) -> None:
        """Put everything into the table; only the projector writes there, under its lock."""
        if not self._amounts:
            return
        keys = sorted(self._amounts)
        arrays = [list(one) for one in zip(*keys, strict=True)]
        with connection.cursor() as database:
            database.execute(
                "SELECT c.scope, c.month, c.kind, c.key, c.histogram FROM bottlenecks_cell c JOIN"
                " unnest(%s::text[], %s::date[], %s::text[], %s::text[]) AS t(scope, month, kind, key)"
                " USING (scope, month, kind, key)",
                arrays,
            )
            kept: Mapping[Key, bytes] = {row[:4]: row[4] for row in database.fetchall()}
            packed = []
            for key in keys:
                counts = self._amounts[key].counts
                if key in kept:
                    counts = counts + histogram.unpacked(kept[key])
                packed.append(histogram.packed(counts))
            gained = [self._amounts[key] for key in keys]
            database.execute(
                "INSERT INTO bottlenecks_cell AS c (scope, month, kind, key, number, limited, over, worked, lost,"
                " histogram) SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::int[], %s::int[],"
                " %s::int[], %s::bigint[], %s::bigint[], %s::bytea[])"
                " ON CONFLICT (scope, month, kind, key) DO UPDATE SET number = c.number + EXCLUDED.number,"
                " limited = c.limited + EXCLUDED.limited, over = c.over + EXCLUDED.over,"
                " worked = c.worked + EXCLUDED.worked, lost = c.lost + EXCLUDED.lost,"
                " histogram = EXCLUDED.histogram",
                [
                    *arrays,
                    [one.number for one in gained],
                    [one.limited for one in gained],
                    [one.over for one in gained],
                    [one.worked for one in gained],
                    [one.lost for one in gained],
                    packed,
                ],
            )
