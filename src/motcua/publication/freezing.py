"""From the log to the frozen bytes, the first time and every time after: the same events and law, the same bytes."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from motcua.eventlog import log
from motcua.eventlog.log import Cursor
from motcua.indicators import evaluate
from motcua.indicators.evaluate import Data, Evaluation
from motcua.kernel.time import Period, local
from motcua.lawbook import Lawbook, load
from motcua.live import bulk
from motcua.publication import canonical, frozen, lawcopy, monthlaw, schedule
from motcua.publication.frozen import Circumstances
from motcua.publication.store import Store


@dataclass(frozen=True, slots=True)
class Frozen:
    """Bản đã chốt: the bytes, their digest, and what they were made of."""

    content: bytes
    sha256: str
    circumstances: Circumstances
    rules: str
    law_hash: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Bản tính lại: whether it is the same to the last byte, and how it begins to differ where it is not."""

    sha256: str
    expected: str

    @property
    def is_same(self) -> bool:
        """Whether the recomputation gave the very bytes that were published."""
        return self.sha256 == self.expected


def law_of(period: Period, *, root: Path | None = None) -> tuple[Lawbook, monthlaw.MonthLaw]:
    """Return the lawbook, and the rule in force on the last day of the month."""
    book = load(root)
    return book, monthlaw.in_force(book.root, on=period.last_day)


def due_on(period: Period, *, book: Lawbook) -> datetime:
    """Return the beginning of the day on which the month's figures are taken, as wall-clock time."""
    clock = evaluate.clock_of(book, on=period.last_day)
    if clock is None:
        raise LookupError("the law folder has no clock of the index")
    return datetime.combine(schedule.due_on(period, calendar=clock.calendar), datetime.min.time())


def freeze(
    period: Period, *, at: datetime, draft: int, edition: int, reason: str, store: Store, root: Path | None = None
) -> Frozen:
    """Count the month as everything recorded by now tells it, and keep law and result in the store."""
    book, month_law = law_of(period, root=root)
    rules = book.indicator_set(month_law.rules, on=period.last_day)
    now = Circumstances(
        period=period,
        draft=draft,
        edition=edition,
        reason=reason,
        due_on=due_on(period, book=book).date(),
        frozen_at=local(at),
        cursor=log.end(),
        law=lawcopy.keep(book, rules=rules.path, month_law=month_law.path, store=store),
    )
    content = _counted(now, book=book, month_law=month_law)
    return Frozen(content, store.put(content), now, rules.version, rules.law_hash)


def recompute(sha256: str, *, store: Store, root: Path | None = None) -> Recomputed:
    """Count a frozen month again: its events, refolded up to its position, under its own files of law.

    Raises:
        UserError: the frozen file or a law file it rests on is lost or changed.
    """
    circumstances = frozen.circumstances(frozen.read(store.get(sha256)))
    with tempfile.TemporaryDirectory(prefix="motcua-law-") as folder:
        book = lawcopy.unfold(circumstances.law, store=store, root=load(root).root, into=Path(folder))
        month_law = lawcopy.month_law_of(book, circumstances.law)
        content = _counted(circumstances, book=book, month_law=month_law)
    return Recomputed(canonical.sha256(content), sha256)


def as_known_now(sha256: str, *, at: datetime, store: Store, root: Path | None = None) -> frozen.Document:
    """Return the same month under the same law with everything recorded since: what came after the publication."""
    then = frozen.circumstances(frozen.read(store.get(sha256)))
    with tempfile.TemporaryDirectory(prefix="motcua-law-") as folder:
        book = lawcopy.unfold(then.law, store=store, root=load(root).root, into=Path(folder))
        month_law = lawcopy.month_law_of(book, then.law)
        evaluated = _evaluated(then.period, until=log.end(), on=local(at), book=book, month_law=month_law)
    return frozen.document(evaluated, circumstances=then, month_law=month_law)


def _counted(now: Circumstances, *, book: Lawbook, month_law: monthlaw.MonthLaw) -> bytes:
    evaluated = _evaluated(now.period, until=now.cursor, on=now.frozen_at, book=book, month_law=month_law)
    return canonical.encoded(frozen.document(evaluated, circumstances=now, month_law=month_law))


def _evaluated(
    period: Period, *, until: Cursor, on: datetime, book: Lawbook, month_law: monthlaw.MonthLaw
) -> Evaluation:
    data = Data(
        dataset=bulk.dataset(until=until), sources=("log",), position=until.position, chain=None, observed_at=None
    )
    rules = book.indicator_set(month_law.rules, on=period.last_day)
    return evaluate.evaluate(data, rules=rules, period=period, on=on, clock=evaluate.clock_of(book, on=period.last_day))
